# SPDX-License-Identifier: Apache-2.0
"""Exact event-driven spiking networks, and the topology of what they learn.

Times are in ms, potentials in mV, currents in pA, weights in the unit of the target's model. Functions take the options
of the program's verbs as keywords; `help(chronotope.rtd)` lists them. Errors are InputError (a ValueError) and Failure
(a RuntimeError), in the program's one line. `chronotope.plot` draws.
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
    compare,
    cross_barcode,
    read,
    rtd,
    simulate,
    statistics,
)
from chronotope.files import encode, study, train
from chronotope.network import Network
from chronotope.nts import nts
from chronotope.responses import responses

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
    "compare",
    "cross_barcode",
    "encode",
    "nts",
    "plot",
    "read",
    "responses",
    "rtd",
    "simulate",
    "statistics",
    "study",
    "train",
]


def __getattr__(name):
    """chronotope.plot, imported when it is first named."""
    if name != "plot":
        raise AttributeError(f"module 'chronotope' has no attribute '{name}'")
    import importlib

    return importlib.import_module("chronotope.plot")
