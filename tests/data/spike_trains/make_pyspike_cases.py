# SPDX-License-Identifier: Apache-2.0
# Writes pyspike.csv: pairs of spike trains and their distances as PySpike computes them.
import random

import pyspike

random.seed(1)
END = 100.0


def train(n, grid):
    if grid:
        return sorted(random.sample(range(1, 100), n))
    return sorted(random.uniform(0.01, 99.99) for _ in range(n))


def text(values):
    return ",".join(repr(float(v)) for v in values)


with open("pyspike.csv", "w") as out:
    for case in range(60):
        a = train(random.choice([0, 1, 2, 5, 20]), case % 3 == 0)
        b = train(random.choice([0, 1, 2, 5, 20]), case % 3 == 0)
        if case % 10 == 9:
            b = sorted(x + random.gauss(0, 0.1) for x in a)
        s, t = pyspike.SpikeTrain(a, [0, END]), pyspike.SpikeTrain(b, [0, END])
        distances = [pyspike.isi_distance(s, t), pyspike.spike_distance(s, t)]
        out.write(f"{text(a)}\n{text(b)}\n{text(distances)}\n")
