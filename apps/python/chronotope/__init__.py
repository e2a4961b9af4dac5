# SPDX-License-Identifier: Apache-2.0
"""The topology of representations: functions take the options of the program's verbs as keywords, which
`help(chronotope.rtd)` lists. Errors are InputError (a ValueError) and Failure (a RuntimeError), in the program's one line.
"""

from chronotope._chronotope import (
    DegenerateRepresentation,
    Divergence,
    Failure,
    InputError,
    __version__,
    barcode,
    cka,
    cross_barcode,
    rtd,
)

__all__ = [
    "DegenerateRepresentation",
    "Divergence",
    "Failure",
    "InputError",
    "barcode",
    "cka",
    "cross_barcode",
    "rtd",
]
