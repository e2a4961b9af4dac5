#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the HDF5 files of this folder with h5py, in the layouts of published data sets."""
import pathlib

import h5py
import numpy

folder = pathlib.Path(__file__).parent
times = [[0.5, 0.0625, 0.25], [], [1.0, 0.0009765625]]  # [s], whole in float16
units = [[699, 0, 12], [], [3, 3]]
for name, real, whole in (("spoken.h5", numpy.float16, numpy.uint16), ("spoken_wide.h5", numpy.float64, numpy.int64)):
    with h5py.File(folder / name, "w") as file:
        spikes = file.create_group("spikes")
        spikes.create_dataset("times", (3,), h5py.vlen_dtype(real))
        spikes.create_dataset("units", (3,), h5py.vlen_dtype(whole))
        for k in range(3):
            spikes["times"][k] = numpy.array(times[k], real)
            spikes["units"][k] = numpy.array(units[k], whole)
        file["labels"] = numpy.array([1, 0, 1], numpy.uint16)
        if name == "spoken.h5":
            file["extra/speaker"] = numpy.array([4, 5, 6], numpy.uint16)
            file["extra/keys"] = numpy.array([b"zero", b"eins"])
with h5py.File(folder / "sonata_enum.h5", "w") as file:
    file.attrs["magic"] = numpy.uint32(0x0A7A)
    file.attrs["version"] = numpy.array([0, 1], numpy.uint32)
    order = h5py.enum_dtype({"none": 0, "by_id": 1, "by_time": 2}, basetype="u1")
    for name, node in (("E", [3, 0, 3]), ("I", [7])):
        group = file.create_group(f"spikes/{name}")
        group.attrs.create("sorting", 0, dtype=order)
        group["timestamps"] = numpy.array([20.125, 0.1, 1.5][: len(node)])
        group["timestamps"].attrs["units"] = "ms"
        group["node_ids"] = numpy.array(node, "u2")
