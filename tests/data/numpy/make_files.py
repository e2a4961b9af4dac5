# Writes the arrays beside it: /usr/bin/python3 tests/data/numpy/make_files.py (Debian's python3-numpy 1.24.2).
import io
import pathlib
import sys
import zipfile

import numpy as np

here = pathlib.Path(__file__).parent
points = np.array([[0, 0.5], [1, 0.25], [2, -3]])
events = np.zeros(3, np.dtype([('time_ms', '<f8'), ('on', '?'), ('channel', '>i4'), ('note', 'U3')], align=True))
events['time_ms'] = [5.25, 12.5, 3]
events['on'] = [True, False, True]
events['channel'] = [0, 3, 1]
events['note'] = ['a', 'bcd', '']

np.savez(here / 'two.npz', points=points, events=events)
np.savez_compressed(here / 'one.npz', points=np.asfortranarray(points, '>f4'))
np.save(here / 'records.npy', events)

halves = np.arange(0, 65536, 31, dtype=np.uint16).view(np.float16)
np.savez_compressed(here / 'halves.npz', f2=halves, f8=halves.astype('<f8'))


class Pipe(io.RawIOBase):  # nothing can be written twice: sizes follow the data
    def __init__(self):
        self.bytes = b''

    def writable(self):
        return True

    def write(self, b):
        self.bytes += bytes(b)
        return len(b)


pipe = Pipe()
with zipfile.ZipFile(pipe, 'w', zipfile.ZIP_DEFLATED) as archive:
    array = io.BytesIO()
    np.save(array, points)
    archive.writestr('points.npy', array.getvalue())
    archive.comment = b'PK, with a comment'
(here / 'piped.npz').write_bytes(pipe.bytes)
