# SPDX-License-Identifier: Apache-2.0
# Writes lower_star.json: see README.md. Needs Debian's python3-gudhi and python3-numpy.
import json
import os

import gudhi
import numpy as np

random = np.random.RandomState(11)


def flag(d, births):
    """The flag complex of d up to tetrahedra, object i at births[i]; gudhi raises every simplex to its latest face."""
    tree = gudhi.SimplexTree()
    for i, birth in enumerate(births):
        tree.insert([i], birth)
    for i in range(len(d)):
        for j in range(i):
            if np.isfinite(d[i, j]):
                tree.insert([i, j], max(births[i], births[j], d[i, j] if d[i, j] > 0 else -np.inf))
    tree.make_filtration_non_decreasing()
    tree.expansion(3)
    tree.compute_persistence(persistence_dim_max=True)
    bars = [sorted(tree.persistence_intervals_in_dimension(k).tolist()) for k in range(3)]
    return [[[birth, None if np.isinf(death) else death] for birth, death in degree] for degree in bars]


def table(d):
    return [["inf" if np.isinf(x) else x for x in row] for row in d.tolist()]


cases = []
for name, n in (("cloud", 25), ("graph", 30), ("ties", 24)):
    if name == "cloud":
        x = random.rand(n, 2)
        d = np.sqrt(((x[:, None] - x) ** 2).sum(axis=2))
        births = random.rand(n) - 0.3
    else:
        joined = np.triu(random.rand(n, n) < 0.25, 1)
        d = np.where(joined | joined.T, 0.0 if name == "graph" else 1.0, np.inf)
        np.fill_diagonal(d, 0)
        births = random.randn(n) if name == "graph" else random.randint(0, 4, n).astype(float)
    bars = flag(d, births)
    cases.append({"name": name, "distances": table(d), "births": births.tolist(), **{f"h{k}": bars[k] for k in range(3)}})
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "lower_star.json"), "w") as file:
    file.write("[" + ",\n".join(json.dumps(case) for case in cases) + "]\n")
for case in cases:
    print(case["name"], [len(case[f"h{k}"]) for k in range(3)], [case[f"h{k}"][:3] for k in range(3)])
