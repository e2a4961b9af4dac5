# SPDX-License-Identifier: Apache-2.0
"""Exact event-driven spiking networks, and the topology of what they learn.

Times are in ms, potentials in mV, currents in pA, weights in the unit of the target's model. Functions take the options
of the program's verbs as keywords; `help(chronotope.rtd)` lists them. Errors are InputError (a ValueError) and Failure
(a RuntimeError), in the program's one line.
"""

from chronotope._chronotope import (
    DegenerateRepresentation,
    Divergence,
    Failure,
    InputError,
    Simulation,
    Stream,
    __version__,
    barcode,
    cka,
    cross_barcode,
    read,
    rtd,
    simulate,
)
from chronotope.network import Network

__all__ = [
    "DegenerateRepresentation",
    "Divergence",
    "Failure",
    "InputError",
    "Network",
    "Simulation",
    "Stream",
    "barcode",
    "cka",
    "cross_barcode",
    "read",
    "rtd",
    "simulate",
]
