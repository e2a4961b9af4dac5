# SPDX-License-Identifier: Apache-2.0
# Writes the cases of this folder: see README.md. Needs Debian's python3-gudhi, python3-numpy and ripser.
import json
import os
import subprocess
import tempfile

import gudhi
import numpy as np

INF = float("inf")


def euclidean(x):
    """Squares added in the order of the coordinates: the same doubles as any language gives."""
    squares = np.zeros((len(x), len(x)))
    for c in range(x.shape[1]):
        step = x[:, c][:, None] - x[:, c]
        squares += step * step
    return np.sqrt(squares)


def by_ripser(d, degree):
    """The program keeps single precision, so it is fed the ranks of the values and the bars are mapped back."""
    values = np.unique(np.concatenate([[0.0], d[np.isfinite(d)]]))
    bars = {}
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        for i in range(1, len(d)):
            ranks = np.searchsorted(values, d[i, :i])
            file.write(",".join(str(r) for r in ranks) + "\n")  # infinite: beyond the last rank
        file.flush()
        last = str(len(values) - 1)
        command = ["ripser", "--format", "lower-distance", "--dim", str(degree), "--threshold", last, file.name]
        output = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    current = None
    for line in output.splitlines():
        if line.startswith("persistence"):
            current = bars.setdefault("h" + line.split("dim ")[1].rstrip(":"), [])
        elif line.startswith(" ["):
            birth, death = line.strip()[1:].split(",")
            death = death.rstrip(")").strip()
            current.append([float(values[int(birth)]), float(values[int(float(death))]) if death else None])
    return {h: sorted_bars(b) for h, b in bars.items()}


def by_gudhi(d, degree, modulus):
    tree = gudhi.SimplexTree()
    for i in range(len(d)):
        tree.insert([i], 0.0)
        for j in range(i):
            if d[i, j] < INF:
                tree.insert([i, j], d[i, j])
    tree.expansion(degree + 1)
    tree.compute_persistence(homology_coeff_field=modulus, min_persistence=0, persistence_dim_max=True)
    bars = {}
    for k in range(degree + 1):
        pairs = tree.persistence_intervals_in_dimension(k)
        bars["h" + str(k)] = sorted_bars([[float(b), float(e) if e < INF else None] for b, e in pairs])
    return bars


def sorted_bars(bars):
    bars = [b for b in bars if b[0] != b[1]]
    return sorted(bars, key=lambda b: (b[0], INF if b[1] is None else b[1]))


def plain_cases(random):
    centres = 4 * random.normal(size=(4, 2))
    dissimilarities = np.triu(random.uniform(size=(24, 24)), 1)
    dissimilarities[random.uniform(size=(24, 24)) < 0.3] = INF
    dissimilarities = np.triu(dissimilarities, 1) + np.triu(dissimilarities, 1).T
    np.fill_diagonal(dissimilarities, 0)
    tied = np.triu(random.integers(1, 6, size=(20, 20)).astype(float), 1)
    angles = 2 * np.pi * np.arange(30) / 30
    return {
        "uniform_2d_n40": euclidean(random.uniform(size=(40, 2))),
        "gauss_5d_n30": euclidean(random.normal(size=(30, 5))),
        "clusters_n36": euclidean(np.repeat(centres, 9, axis=0) + 0.3 * random.normal(size=(36, 2))),
        "grid_ties_n36": euclidean(random.integers(0, 5, size=(36, 3)).astype(float)),
        "duplicates_n30": euclidean(np.repeat(random.normal(size=(10, 3)), 3, axis=0)),
        "counts_n30": euclidean(random.poisson(0.3, size=(30, 6)).astype(float)),
        "ring_n30": euclidean(np.stack([np.cos(angles), np.sin(angles)], axis=1)),
        "integer_dissimilarities_n20": tied + tied.T,
        "infinite_n24": dissimilarities,
        "projective_plane_n31": projective_plane(),
    }


def projective_plane():
    """Its six vertices, fifteen edges and ten faces, joined at 1 when one is part of the other: has torsion."""
    faces = ["012", "023", "034", "045", "015", "124", "245", "235", "135", "134"]
    cells = sorted({frozenset(f[k] for k in range(3) if s >> k & 1) for f in faces for s in range(1, 8)}, key=sorted)
    d = [[1.0 if a < b or b < a else INF for b in cells] for a in cells]
    return np.where(np.eye(len(cells)) > 0, 0.0, d)


def normalised(d):
    entries = np.sort(d, axis=None)
    h = 0.9 * (len(entries) - 1)
    low, high = entries[int(h)], entries[int(h) + 1]
    return d / (low + (h - int(h)) * (high - low))


def cross_case(n):
    """Two clouds of numpy.random.seed(n), even numbers rounded to a grid; the doubled matrix, both orders."""
    np.random.seed(n)
    P, Q = np.random.rand(n, 3), np.random.rand(n, 2)
    if n == 300:
        P, Q = np.floor(8 * P), np.floor(8 * Q)
    w, v = normalised(euclidean(P)), normalised(euclidean(Q))
    bars = {}
    for name, first in (("ab", w), ("ba", v)):
        doubled = np.block([[np.zeros_like(w), first], [first.T, np.minimum(w, v)]])
        bars[name] = by_ripser(doubled, 1)["h1"]
    return bars


def save(name, content):
    with open(name, "w") as file:
        json.dump(content, file)
        file.write("\n")


os.chdir(os.path.dirname(os.path.abspath(__file__)))
for name, d in plain_cases(np.random.default_rng(1)).items():
    expected = {str(p): by_gudhi(d, 2, p) for p in (2, 3, 11)}
    assert by_ripser(d, 2) == expected["2"], name
    save(name + ".json", {"distances": [["inf" if x == INF else x for x in row] for row in d.tolist()], "bars": expected})
for n in (100, 300, 500):
    save(f"cross_n{n}.json", cross_case(n))
