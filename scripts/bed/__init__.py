# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""What mkguest and testbed share: archives, library closures, kernels."""


class Failure(Exception):
    """One clear line for the user; the program ends with it."""
