# SPDX-License-Identifier: EUPL-1.2
"""What keeps the assistant honest: strings and positions, rules, and the register.

This package knows neither documents nor models, so that a data protection
officer can read, test and audit it alone. It imports nothing of the others.
"""
