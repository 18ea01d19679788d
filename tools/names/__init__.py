# SPDX-License-Identifier: EUPL-1.2
"""What trains the learned layer of names: invented texts, their variations, the way back of errors.

passages ─texts─▶ marked texts ─variations─▶ copies with other names ─backward─▶ weights
"""
