# SPDX-License-Identifier: Apache-2.0
# Writes summaries.json: see README.md. Needs Debian's python3-gudhi, python3-numpy, python3-sklearn, python3-pot.
import json
import os

import gudhi
import numpy as np
from gudhi.representations import BettiCurve, Landscape, PersistenceImage
from gudhi.wasserstein import wasserstein_distance

random = np.random.RandomState(5)


def diagram(bars, grid, infinite):
    """Random bars; on a grid there are ties and repeated bars."""
    birth = random.rand(bars) * 3
    death = birth + random.exponential(0.7, bars) + 1e-3
    if grid:
        birth, death = np.floor(3 * birth), np.floor(3 * birth) + np.ceil(3 * (death - birth))
    points = np.column_stack([birth, death])
    never = np.column_stack([random.rand(infinite), np.full(infinite, np.inf)])
    return np.concatenate([points, never])


def distances(a, b):
    return {"bottleneck": gudhi.bottleneck_distance(a, b),
            "wasserstein": [[order, wasserstein_distance(a, b, order=order, internal_p=np.inf)] for order in (1.0, 1.5, 2.0, 3.0)]}


def summaries(a):
    """Of the finite bars, on a grid of their range."""
    low, high = a[:, 0].min(), a[:, 1].max()
    longest = (a[:, 1] - a[:, 0]).max()
    grid = {"sample_range": [low, high], "resolution": 17, "keep_endpoints": True}
    image = {"bandwidth": 0.3, "resolution": [6, 5], "im_range": [low, high, 0, longest]}
    return {"low": low, "high": high, "longest": longest,
            "betti": BettiCurve(**grid)(a).tolist(),
            "landscape": Landscape(num_landscapes=4, **grid)(a).reshape(4, 17).tolist(),
            "image": PersistenceImage(**image)(a).reshape(5, 6).tolist(),
            "image_by_persistence": PersistenceImage(weight=lambda p: p[1], **image)(a).reshape(5, 6).tolist()}


def rows(a):
    return [[b, None if np.isinf(d) else d] for b, d in a.tolist()]


cases = []
for bars_a, bars_b, grid, infinite in ((1, 1, 0, 0), (3, 5, 0, 1), (12, 9, 0, 0), (40, 40, 0, 2), (30, 25, 1, 0), (60, 20, 1, 1)):
    a, b = diagram(bars_a, grid, infinite), diagram(bars_b, grid, infinite)
    cases.append({"a": rows(a), "b": rows(b), **distances(a, b), **summaries(a[np.isfinite(a[:, 1])])})
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "summaries.json"), "w") as file:
    file.write("[" + ",\n".join(json.dumps(case) for case in cases) + "]\n")
