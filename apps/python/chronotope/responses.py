# SPDX-License-Identifier: Apache-2.0
"""From spikes to the rows that rtd compares."""

from decimal import Decimal

import numpy as np


def number_of_neurons(run, population):
    """Of a population, or of an input of a Stream. Throws KeyError."""
    sizes = {**run.populations, **getattr(run, "inputs", {})}
    if population not in sizes:
        raise KeyError(f"no population named {population!r}; one of {', '.join(sizes)}")
    return sizes[population]


def spikes_of(run, population):
    """Those spikes of a Simulation or Stream."""
    return run.spikes[run.spikes["population"] == run.sources.index(population)]


def _end(stimulus):
    """The double nearest to the sum of two decimal numbers, as times are."""
    return float(sum(Decimal(repr(float(stimulus[key]))) for key in ("onset_ms", "duration_ms")))


def responses(run, population, stimuli):
    """How often each neuron of a population fired while each stimulus was there: float64 of shape (stimuli, neurons).

    run: a Simulation or Stream, whose inputs count as populations, too; stimuli: what Stream.stimuli gives, or dicts with
    onset_ms [ms] and duration_ms [ms]. A spike at the end of a stimulus is not in it.
    """
    counts = np.zeros((len(stimuli), number_of_neurons(run, population)))
    spikes = spikes_of(run, population)
    for row, stimulus in zip(counts, stimuli):
        first, last = np.searchsorted(spikes["time_ms"], [float(stimulus["onset_ms"]), _end(stimulus)])
        np.add.at(row, spikes["neuron"][first:last], 1)
    return counts
