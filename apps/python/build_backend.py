# SPDX-License-Identifier: Apache-2.0
"""Makes the wheel for `pip install .`: CMake builds the module and installs the package, zipfile packs it (PEP 427, 517).
It needs no other package of Python, so that pip needs no network. CHRONOTOPE_BUILD names a build folder whose module for
this Python is taken instead of making one in build/wheel."""

import base64
import hashlib
import os
import pathlib
import re
import subprocess
import sys
import sysconfig
import tempfile
import zipfile

SOURCES = pathlib.Path(__file__).resolve().parents[2]


def version():
    return re.search(r"project\(chronotope VERSION (\S+)", (SOURCES / "CMakeLists.txt").read_text())[1]


def tag():
    python = f"cp{sys.version_info.major}{sys.version_info.minor}"
    platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    return f"{python}-{python}-{platform}"


def built():
    """The build folder of a module for the Python that runs this."""
    if "CHRONOTOPE_BUILD" in os.environ:
        return os.environ["CHRONOTOPE_BUILD"]
    build = SOURCES / "build" / "wheel"
    subprocess.run(
        ["cmake", "-S", SOURCES, "-B", build, "-DCMAKE_BUILD_TYPE=Release", "-DCHRONOTOPE_TESTS=OFF",
         "-DCHRONOTOPE_PYTHON=ON", f"-DPython_EXECUTABLE={sys.executable}"],
        check=True,
    )
    jobs = str(len(os.sched_getaffinity(0)))
    subprocess.run(["cmake", "--build", build, "--parallel", jobs, "--target", "chronotope_python"], check=True)
    return build


def install_package(folder):
    subprocess.run(["cmake", "--install", built(), "--prefix", folder, "--component", "wheel", "--strip"], check=True)


def metadata():
    return (
        f"Metadata-Version: 2.1\nName: chronotope\nVersion: {version()}\n"
        "Summary: Exact event-driven spiking networks and the topology of their representations\n"
        "License: Apache-2.0\nRequires-Python: >=3.9\nRequires-Dist: numpy\n"
        "Provides-Extra: plot\nRequires-Dist: matplotlib; extra == 'plot'\n"
        "Provides-Extra: frames\nRequires-Dist: pandas; extra == 'frames'\n"
    )


def record_of(name, content):
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(content)}\n"


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    info = f"chronotope-{version()}.dist-info"
    name = f"chronotope-{version()}-{tag()}.whl"
    with tempfile.TemporaryDirectory() as folder:
        install_package(folder)
        paths = [path for path in sorted(pathlib.Path(folder).rglob("*")) if path.is_file()]
        linked = {path.resolve() for path in paths if path.is_symlink()}  # by the name that is looked for
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths if path not in linked}
    files[f"{info}/METADATA"] = metadata().encode()
    files[f"{info}/WHEEL"] = f"Wheel-Version: 1.0\nGenerator: chronotope\nRoot-Is-Purelib: false\nTag: {tag()}\n".encode()
    files[f"{info}/LICENSE"] = (SOURCES / "LICENSE").read_bytes()
    record = "".join(record_of(*file) for file in files.items()) + f"{info}/RECORD,,\n"
    with zipfile.ZipFile(pathlib.Path(wheel_directory) / name, "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, content in files.items():
            wheel.writestr(path, content)
        wheel.writestr(f"{info}/RECORD", record)
    return name
