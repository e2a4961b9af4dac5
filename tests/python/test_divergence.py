# SPDX-License-Identifier: Apache-2.0
"""RTD, barcodes and CKA of arrays: the program's bits, and what a NumPy user expects of odd arrays."""
import json
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import chronotope


def report_of(program, tmp_path, x, y, *options):
    np.save(tmp_path / "x.npy", x)
    np.save(tmp_path / "y.npy", y)
    report = json.loads(program("rtd", "x.npy", "y.npy", "--json", "--quiet", *options))
    del report["table_a"], report["table_b"]
    return report


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"batch": 20, "trials": 4, "seed": 7, "threads": 2},
        {"variant": "symmetric", "metric": "cosine"},
        {"variant": "lite"},
        {"batch": 30, "permutations": 3, "explain": 2, "level": 0.9},
        {"normalize": "pairs-quantile", "quantile": 0.8, "dims": 2, "batch": 12, "trials": 2},
    ],
)
def test_rtd_is_the_program_s_to_the_bit(program, tmp_path, clouds, options):
    words = [f"--{name}={value}" for name, value in options.items()]
    assert chronotope.rtd(*clouds, **options).to_dict() == report_of(program, tmp_path, *clouds, *words)


def test_mtop_div_takes_clouds_of_other_sizes(program, tmp_path):
    random = np.random.RandomState(0)
    x, y = random.randn(40, 3), random.randn(25, 3)
    options = {"variant": "mtop-div", "batch": 10, "reference_batch": 20, "trials": 2}
    words = ["--variant=mtop-div", "--batch=10", "--reference-batch=20", "--trials=2"]
    assert chronotope.rtd(x, y, **options).to_dict() == report_of(program, tmp_path, x, y, *words)


def distances(x):
    return np.sqrt(((x[:, None] - x[None]) ** 2).sum(axis=2))


def test_distances_are_the_program_s_to_the_bit(program, tmp_path, clouds):
    x, y = map(distances, clouds)
    assert chronotope.rtd(x, y, distances=True).to_dict() == report_of(program, tmp_path, x, y, "--distances")
    assert chronotope.rtd(x, y, distances=True).cka is None


def test_a_result_tells_its_parts(clouds):
    result = chronotope.rtd(*clouds, batch=20, trials=5)
    report = result.to_dict()
    for name in ("rtd", "rtd_ab", "rtd_ba", "sd", "se", "n", "batch", "trials", "cka"):
        assert getattr(result, name) == report[name]
    assert float(result) == result.rtd
    assert result.interval == (report["mean_interval"]["low"], report["mean_interval"]["high"])
    assert [bars.shape for bars in result.barcodes] == [(report["bars_ab"], 2), (report["bars_ba"], 2)]
    assert "rtd=" in repr(result)


def test_cross_barcodes_are_what_rtd_adds_up(program, tmp_path, clouds):
    np.save(tmp_path / "x.npy", clouds[0])
    np.save(tmp_path / "y.npy", clouds[1])
    program("rtd", "x.npy", "y.npy", "--batch", 60, "--barcodes", "bars.json", "--quiet")
    expected = json.loads((tmp_path / "bars.json").read_text())
    ab, ba = chronotope.cross_barcode(*clouds)
    assert ab.tolist() == expected["ab"] and ba.tolist() == expected["ba"]
    lengths = [bars[:, 1] - bars[:, 0] for bars in (ab, ba)]
    assert chronotope.rtd(*clouds).rtd == pytest.approx(sum(map(sum, lengths)) / 2, rel=1e-14)


@pytest.mark.parametrize("options", [{}, {"dim": 2, "metric": "correlation"}, {"modulus": 3}, {"threshold": 2.5, "dim": 0}])
def test_barcodes_are_the_program_s_to_the_bit(program, tmp_path, clouds, options):
    np.save(tmp_path / "x.npy", clouds[0])
    words = [f"--{name}={value}" for name, value in options.items()]
    expected = json.loads(program("barcode", "x.npy", "--json", *words))
    barcodes = chronotope.barcode(clouds[0], **options)
    assert len(barcodes) == options.get("dim", 1) + 1
    for degree, bars in enumerate(barcodes):
        assert bars.dtype == np.float64 and bars.shape[1] == 2
        bars = [[birth, None if death == np.inf else death] for birth, death in bars.tolist()]
        assert bars == expected[f"h{degree}"]


def test_a_square_s_hole():
    square = [[0, 0], [0, 1], [1, 0], [1, 1]]
    h0, h1 = chronotope.barcode(square)
    assert h0.tolist() == [[0, 1]] * 3 + [[0, np.inf]]
    assert h1.tolist() == [[1, np.sqrt(2)]]


def test_cka_is_its_definition(clouds):
    x, y = (cloud - cloud.mean(axis=0) for cloud in clouds)
    expected = np.linalg.norm(y.T @ x) ** 2 / (np.linalg.norm(x.T @ x) * np.linalg.norm(y.T @ y))
    assert chronotope.cka(*clouds) == pytest.approx(expected, rel=1e-12)
    assert chronotope.cka(*clouds) == chronotope.rtd(*clouds).cka
    assert np.isnan(chronotope.cka(clouds[0], np.ones((60, 2))))


@pytest.mark.parametrize(("centres", "distances", "heights"), [(2, 0.286550, 0.336100), (12, -0.392541, -0.171392)])
def test_nts_of_groups_that_move_apart(centres, distances, heights):
    base = np.random.RandomState(42).randn(300, 2)
    angle = 2 * np.pi * (np.arange(300) // 5 % centres) / centres
    moved = base + 10 * np.column_stack([np.cos(angle), np.sin(angle)])
    assert chronotope.nts(base, moved) == pytest.approx(distances, abs=1e-6)
    assert chronotope.nts(base, moved, form="m") == pytest.approx(heights, abs=1e-6)
    assert chronotope.nts(base, base) == 1
    with pytest.raises(ValueError, match="form"):
        chronotope.nts(base, moved, form="x")


# Arrays.


@pytest.mark.parametrize("dtype", ["f4", "f2", "i8", "u1", ">f8", "?", "g"])
def test_real_numbers_of_every_type_are_taken(clouds, dtype):
    x = np.maximum(4 * clouds[0], 0).astype(dtype)
    assert float(chronotope.rtd(x, clouds[1])) == float(chronotope.rtd(x.astype("f8"), clouds[1]))


def test_strides_order_and_writability_do_not_matter(clouds):
    expected = float(chronotope.rtd(*clouds))
    wide = np.zeros((120, 16))
    wide[::2, ::2] = clouds[0]
    read_only = clouds[0].copy()
    read_only.flags.writeable = False
    unaligned = np.frombuffer(b"x" + clouds[0].tobytes(), dtype="u1")[1:].view("f8").reshape(60, 8)
    for x in (wide[::2, ::2], np.asfortranarray(clouds[0]), read_only, unaligned, clouds[0][::-1][::-1], clouds[0].tolist()):
        assert float(chronotope.rtd(x, clouds[1])) == expected
    assert float(chronotope.rtd(clouds[0][::-1], clouds[1][::-1])) == pytest.approx(expected, rel=1e-12)


GROWTH = """
import resource, sys, chronotope, numpy
chronotope.barcode(numpy.ones((8, 10), sys.argv[1]))
x = numpy.ones((8, 2_000_000), sys.argv[1])
x[0] = 2
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
chronotope.barcode(x)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_contiguous_doubles_are_not_copied():
    """Other types become 128 MB of doubles first; either way the distances take as much to work in. The peak of memory [kB]
    tells."""
    growth = lambda dtype: int(subprocess.run([sys.executable, "-c", GROWTH, dtype], check=True, capture_output=True).stdout)
    doubles = growth("f8")
    assert doubles < 140_000 and growth("f4") > doubles + 110_000


def test_arrays_stay_as_they_are(clouds):
    copies = [cloud.copy() for cloud in clouds]
    chronotope.rtd(*clouds)
    chronotope.barcode(clouds[0])
    for cloud, copy in zip(clouds, copies):
        assert np.array_equal(cloud, copy)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_named(clouds, bad):
    y = clouds[1].copy()
    y[3, 2] = bad
    with pytest.raises(chronotope.InputError, match=rf"^y: coordinate at row 3, column 2 \(from 0\): {bad} is not allowed"):
        chronotope.rtd(clouds[0], y)


@pytest.mark.parametrize("bad, error, text", [
    (np.zeros(5), ValueError, "^x: 1 dimensions are not allowed"),
    (np.zeros((2, 2, 2)), ValueError, "^x: 3 dimensions are not allowed"),
    (3.5, ValueError, "^x: 0 dimensions are not allowed"),
    (np.zeros((0, 3)), ValueError, "^x: has no rows"),
    (np.zeros((4, 2), complex), TypeError, "^x: dtype complex128 is not allowed"),
    (np.array([["1", "2"]]), TypeError, "^x: dtype <U1 is not allowed"),
    (np.array([[None, 2]]), TypeError, "^x: dtype object is not allowed"),
    (None, TypeError, "^x: dtype object is not allowed"),
    (np.zeros((4, 2), "M8[s]"), TypeError, "^x: dtype datetime64"),
])
def test_what_is_no_table_of_numbers_is_refused(bad, error, text):
    for function in (chronotope.rtd, chronotope.cka, chronotope.cross_barcode):
        with pytest.raises(error, match=text):
            function(bad, np.zeros((4, 2)))
    with pytest.raises(error, match=text):
        chronotope.barcode(bad)


def test_errors_are_the_program_s_line(clouds):
    with pytest.raises(ValueError, match=r"^--batch: 0 is not allowed \(must be from 1 to 1000000000\)$"):
        chronotope.rtd(*clouds, batch=0)
    with pytest.raises(ValueError, match=r"^--batch: '?2.5'? is not allowed"):
        chronotope.rtd(*clouds, batch=2.5)
    with pytest.raises(ValueError, match="--metric: no metric named"):
        chronotope.rtd(*clouds, metric="manhatten")
    with pytest.raises(ValueError, match="x has 60 rows and y has 59 rows"):
        chronotope.rtd(clouds[0], clouds[1][:-1])
    with pytest.raises(chronotope.DegenerateRepresentation, match="^y: 60 of 60 rows are identical"):
        chronotope.rtd(clouds[0], np.ones((60, 3)))
    with pytest.raises(ValueError, match=r"^x: .*is not allowed"):
        chronotope.barcode(-np.ones((3, 3)), distances=True)
    assert issubclass(chronotope.DegenerateRepresentation, chronotope.InputError)
    assert issubclass(chronotope.InputError, ValueError) and issubclass(chronotope.Failure, RuntimeError)


def test_unknown_keywords_are_type_errors(clouds):
    with pytest.raises(TypeError, match=r"^rtd\(\) got an unexpected keyword argument 'bacth' \(did you mean batch\?\)$"):
        chronotope.rtd(*clouds, bacth=3)
    with pytest.raises(TypeError, match="cross_barcode.*'batch'"):
        chronotope.cross_barcode(*clouds, batch=3)
    with pytest.raises(TypeError, match="rtd.*'help'"):
        chronotope.rtd(*clouds, help=True)


def test_roundings_of_distances_are_warned_of(clouds):
    d = distances(clouds[0])
    d[0, 1] *= 1 + 1e-12
    with pytest.warns(RuntimeWarning, match="^x: symmetric but for roundings: 1 pairs"):
        chronotope.rtd(d, distances(clouds[1]), distances=True)


# Threads and signals.

LONG = {"batch": 400, "trials": 1000, "threads": 1}


@pytest.fixture
def large():
    random = np.random.RandomState(5)
    return random.randn(2000, 20), random.randn(2000, 20)


def test_other_threads_run_meanwhile(large):
    ticks = []
    done = threading.Event()

    def tick():
        while not done.is_set():
            ticks.append(None)
            time.sleep(0.001)

    ticker = threading.Thread(target=tick)
    ticker.start()
    before = len(ticks)
    chronotope.rtd(*large, batch=400, trials=3, threads=1)
    during = len(ticks) - before
    done.set()
    ticker.join()
    assert during > 5  # with the GIL held there would be none


def test_ctrl_c_ends_the_work(large, interrupt):
    with interrupt(0.5), pytest.raises(KeyboardInterrupt):
        chronotope.rtd(*large, **LONG)
    assert chronotope.rtd(large[0], large[1], batch=20, trials=1).trials == 1


def test_errors_name_the_arguments(clouds):
    x, y = clouds
    with pytest.raises(chronotope.InputError, match="^x has 10 rows and y has 60 rows"):
        chronotope.rtd(x[:10], y)
    with pytest.raises(chronotope.DegenerateRepresentation, match="^y: "):
        chronotope.rtd(x, np.ones((60, 2)))
    with pytest.raises(chronotope.InputError, match="variant: nts-e makes no bars"):
        chronotope.cross_barcode(x, y, variant="nts-e")
    with pytest.raises(chronotope.InputError, match="no metric named .van-rossum.; one of euclidean, cosine, correlation, hamming$"):
        chronotope.rtd(x, y, metric="van-rossum")
    for flag in (1, 0, "yes"):
        with pytest.raises(TypeError, match="distances: .* is not allowed .must be True or False"):
            chronotope.rtd(x, y, distances=flag)
    assert chronotope.rtd(x, y, distances=np.False_, batch=20.0).rtd == chronotope.rtd(x, y, batch=20).rtd

    class Broken:
        def __array__(self, *_, **__):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        chronotope.rtd(Broken(), y)
    with pytest.raises(TypeError, match="x: is no array"):
        chronotope.rtd([[1, 2], [3]], y)


def test_the_same_order_is_1_to_the_bit(clouds):
    for n in range(4, 40):
        for form in "em":
            assert chronotope.nts(clouds[0][:n], clouds[0][:n], form=form) == 1


def test_ctrl_c_ends_the_bootstrap(clouds, interrupt):
    start = time.monotonic()
    with interrupt(0.5), pytest.raises(KeyboardInterrupt):
        chronotope.rtd(*clouds, batch=10, trials=50, resamples=10**7)
    assert time.monotonic() - start < 5


def test_a_barcode_warns_of_roundings(clouds):
    d = distances(clouds[0])
    d[0, 1] *= 1 + 1e-15
    with pytest.warns(RuntimeWarning, match="^x: "):
        chronotope.barcode(d, distances=True)
