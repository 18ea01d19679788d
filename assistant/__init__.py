# SPDX-License-Identifier: EUPL-1.2
"""The pipeline: a question in, a proven answer or an honest refusal out, sealed."""
