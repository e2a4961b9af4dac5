# SPDX-License-Identifier: Apache-2.0
"""Normalised topological similarity."""

from typing import Literal

from chronotope._chronotope import InputError, rtd


def nts(x, y, *, form: Literal["e", "m"] = "e", **options):
    """Whether two clouds merge in the same order: 1 for the same order, 0 for none in common, -1 for the opposite.

    x, y: as of rtd, a row for each object in both; form "e" compares distances, "m" the heights at which objects are
    joined, both over the edges of the two minimum spanning trees; options: those of rtd.
    """
    if form not in ("e", "m"):
        raise InputError(f"form: {form!r} is not allowed (must be 'e' or 'm')")
    return float(rtd(x, y, variant=f"nts-{form}", **options))
