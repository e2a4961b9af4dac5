# SPDX-License-Identifier: Apache-2.0
"""From spikes to the rows that rtd compares."""

import numpy as np


def responses(run, population, stimuli):
    """How often each neuron of a population fired while each stimulus was there: float64 of shape (stimuli, neurons).

    run: a Simulation or Stream; stimuli: what Stream.stimuli gives, or dicts with onset_ms [ms] and duration_ms [ms].
    """
    spikes = run.spikes
    spikes = spikes[spikes["population"] == run.sources.index(population)]
    counts = np.zeros((len(stimuli), run.populations[population]))
    for row, stimulus in zip(counts, stimuli):
        onset = stimulus["onset_ms"]
        first, last = np.searchsorted(spikes["time_ms"], [onset, onset + stimulus["duration_ms"]])
        np.add.at(row, spikes["neuron"][first:last], 1)
    return counts
