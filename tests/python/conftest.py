# SPDX-License-Identifier: Apache-2.0
import os
import subprocess

import numpy
import pytest


@pytest.fixture
def program(tmp_path):
    """Runs the program in an empty folder and returns its standard output."""

    def run(*words):
        words = [os.environ["CHRONOTOPE_PROGRAM"], *map(str, words)]
        return subprocess.run(words, cwd=tmp_path, check=True, capture_output=True, text=True).stdout

    return run


@pytest.fixture
def clouds():
    """Two clouds of the same 60 objects in 8 and 5 dimensions."""
    random = numpy.random.RandomState(3)
    x = random.randn(60, 8)
    return x, x[:, :5] + 0.5 * random.randn(60, 5)


@pytest.fixture
def interrupt():
    """Sends this process a SIGINT, as Ctrl-C does, after so many seconds, and waits that it came."""
    import contextlib
    import signal
    import threading

    @contextlib.contextmanager
    def after(seconds):
        timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    return after
