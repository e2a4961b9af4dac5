# SPDX-License-Identifier: Apache-2.0
"""The wheel, made of this build by the backend that pip calls, and used from an empty folder."""
import os
import pathlib
import subprocess
import sys
import zipfile

SOURCES = pathlib.Path(__file__).resolve().parents[2]
USE = """
import sys, pathlib, chronotope
assert pathlib.Path(chronotope.__file__).is_relative_to(sys.argv[1])
assert len(chronotope.simulate("population { name: 'E' size: 2 exp_psc_lif { I_e: 400 } }", until=100).spikes) > 0
print(float(chronotope.rtd([[0.0], [1], [2], [4]], [[0.0], [1], [2], [8]])))
loaded = [line.split()[-1] for line in open("/proc/self/maps") if "libprotobuf" in line or "libsleef" in line]
assert loaded and all(path.startswith(sys.argv[1]) for path in loaded), loaded
"""


def test_a_wheel_runs_from_an_empty_folder(tmp_path):
    environment = {"PATH": os.environ["PATH"], "CHRONOTOPE_BUILD": os.environ["CHRONOTOPE_BUILD"]}
    make = "import sys; sys.path.insert(0, sys.argv[1]); import build_backend; print(build_backend.build_wheel(sys.argv[2]))"
    words = [sys.executable, "-c", make, SOURCES / "apps" / "python", tmp_path]
    name = subprocess.run(words, check=True, capture_output=True, text=True, env=environment).stdout.split()[-1]
    with zipfile.ZipFile(tmp_path / name) as wheel:
        wheel.extractall(tmp_path / "site")
        names = set(wheel.namelist())
        record = wheel.read(next(entry for entry in names if entry.endswith("/RECORD"))).decode()
    assert {line.split(",")[0] for line in record.splitlines()} == names
    assert {"chronotope/__init__.pyi", "chronotope/py.typed", "chronotope/plot.py"} <= names
    environment["PYTHONPATH"] = str(tmp_path / "site")
    subprocess.run([sys.executable, "-c", USE, tmp_path / "site"], check=True, env=environment, cwd=tmp_path)
