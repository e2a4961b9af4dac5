# SPDX-License-Identifier: Apache-2.0
"""Pictures by matplotlib, which is imported when the first is drawn. Each function draws into `ax`, or into new axes, and
returns them."""

import numpy as np

from chronotope.responses import number_of_neurons, spikes_of


def _axes(ax):
    if ax is not None:
        return ax
    import matplotlib.pyplot

    return matplotlib.pyplot.subplots()[1]


def raster(run, populations=None, ax=None):
    """The spikes of a Simulation or Stream: time [ms] by neuron, populations one above the other.

    populations: a name or several; default: all, or all inputs of a stream that has no populations.
    """
    if populations is None:
        populations = run.populations or getattr(run, "inputs", {})
    names = [populations] if isinstance(populations, str) else list(populations)
    sizes = [number_of_neurons(run, name) for name in names]
    ax = _axes(ax)
    first = 0
    for name, size in zip(names, sizes):
        spikes = spikes_of(run, name)
        ax.plot(spikes["time_ms"], first + spikes["neuron"], ".", markersize=2, label=name)
        first += size
    ax.set(xlabel="time (ms)", ylabel="neuron")
    if first > 0:
        ax.set_ylim(-0.5, first - 0.5)
        ax.legend(loc="upper right")
    return ax


def weights(synapses, bins=50, ax=None):
    """A histogram of the weights of an array of synapses, or of several by name: {"before": a, "after": b}."""
    ax = _axes(ax)
    named = synapses if isinstance(synapses, dict) else {None: synapses}
    edges = np.histogram_bin_edges(np.concatenate([rows["weight"] for rows in named.values()]), bins)
    for name, rows in named.items():
        ax.hist(rows["weight"], edges, histtype="step", label=name)
    if len(named) > 1:
        ax.legend()
    ax.set(xlabel="weight (pA or mV)", ylabel="synapses")
    return ax


def divergences(values, names=None, ax=None):
    """A map of divergences: a square array, whose rows and columns have these names."""
    ax = _axes(ax)
    values = np.asarray(values, dtype=float)
    image = ax.imshow(values)
    ax.figure.colorbar(image, ax=ax, label="RTD")
    if names is not None:
        ax.set(xticks=range(len(names)), yticks=range(len(names)), xticklabels=names, yticklabels=names)
    return ax


def barcodes(by_degree, ax=None):
    """Bars of barcode() or cross_barcode(), longest first in each array; one that never dies ends at the right edge."""
    ax = _axes(ax)
    finite = [bars[np.isfinite(bars)] for bars in by_degree]
    edge = 1.05 * max((ends.max() for ends in finite if ends.size), default=0.0) or 1.0
    row = 0
    for degree, bars in enumerate(by_degree):
        ends = np.minimum(bars[:, 1], edge)
        order = np.argsort(bars[:, 0] - ends, kind="stable")
        rows = row + np.arange(len(bars))
        ax.hlines(rows, bars[order, 0], ends[order], colors=f"C{degree}", label=f"{degree}: {len(bars)} bars")
        row += len(bars)
    ax.set(xlabel="scale", yticks=[], xlim=(0, edge))
    ax.legend(loc="lower right")
    return ax
