#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the synapse files of this folder with SciPy and NumPy."""
import pathlib

import numpy
import scipy.sparse

folder = pathlib.Path(__file__).parent
# Three sources and four targets; two synapses of one pair, a stored zero.
source = numpy.array([2, 0, 0, 2, 1])
target = numpy.array([3, 1, 0, 3, 2])
weight = numpy.array([1.5, -2.0, 0.25, 8.0, 0.0])
delay = numpy.array([0.1, 1.0, 2.5, 0.1, 12.0])
tau_plus = numpy.array([10.0, 11.0, 12.0, 13.0, 14.0])

coo = scipy.sparse.coo_matrix((weight, (source, target)), shape=(3, 4))
scipy.sparse.save_npz(folder / "coo.npz", coo)
rows = numpy.argsort(source, kind="stable")
scipy.sparse.save_npz(folder / "csr.npz", scipy.sparse.csr_matrix((weight[rows], target[rows], [0, 2, 3, 5]), shape=(3, 4)))
columns = numpy.argsort(target, kind="stable")
scipy.sparse.save_npz(folder / "csc.npz", scipy.sparse.csc_matrix((weight[columns], source[columns], [0, 1, 2, 3, 5]), shape=(3, 4)),
                      compressed=False)
scipy.sparse.save_npz(folder / "bsr.npz", scipy.sparse.bsr_matrix(coo.toarray()))
numpy.savez(folder / "lists.npz", source=source.astype("<i4"), target=target, weight=weight.astype("<f4"), delay=delay.astype("<f4"),
            tau_plus=tau_plus)
records = numpy.rec.fromarrays([source, target, weight, delay, tau_plus], names="source,target,weight,delay,tau_plus")
numpy.save(folder / "records.npy", records)
numpy.save(folder / "plain.npy", numpy.column_stack([source, target, weight, delay]))
