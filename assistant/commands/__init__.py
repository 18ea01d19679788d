# SPDX-License-Identifier: EUPL-1.2
"""The commands of `greffier`, one module a family. Each is thin: it opens, asks and prints."""
