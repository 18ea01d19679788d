# SPDX-License-Identifier: EUPL-1.2
"""The screens. They ask the assistant and show; they decide nothing."""
