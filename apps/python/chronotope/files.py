# SPDX-License-Identifier: Apache-2.0
"""The verbs whose results are files: they run in this process, take their options as keywords, and Ctrl-C leaves complete
files. `chronotope help VERB` lists the options."""

import json
import os

from chronotope import _chronotope


def encode(inputs, out, **options):
    """Turns recordings (a path, a folder or several) into a stream of spikes at `out`, and reads it.

    Options are those of `chronotope encode`: channels, gap [ms], order, limit, delta, step [ms], ... Returns a Stream.
    """
    _chronotope._encode(inputs, out=out, **options)
    return _chronotope.read(out)


def train(spec, spikes, **options):
    """Teaches the network of the specification at path `spec` the labels of the stream of stimuli at path `spikes`.

    Options are those of `chronotope train`: out, save, checkpoint, epochs, method, learn, ... Returns the Stream of `out`,
    or None without it.
    """
    _chronotope._train(spec, spikes=spikes, **options)
    return _chronotope.read(options["out"]) if options.get("out") is not None else None


def study(spec, out, **options):
    """The whole comparison of heterogeneous with homogeneous STDP, in the folder `out`: spec is a path, or digits.

    Options are those of `chronotope study`: seeds, conditions, cv, threads, ... Returns the report as a dict.
    """
    _chronotope._study(spec, out=out, **options)
    with open(os.path.join(os.fsdecode(out), "study.json")) as report:
        return json.load(report)
