# SPDX-License-Identifier: Apache-2.0
"""The package itself: its documentation, its stub, pictures, and the verbs whose results are files."""
import ast
import json
import os
import pathlib
import re
import signal
import subprocess
import sys

import numpy as np
import pytest

import chronotope

SOURCES = pathlib.Path(__file__).resolve().parents[2]
SPEC = "seed: 3 population { name: 'E' size: 20 exp_psc_lif { I_e { uniform { low: 300 high: 500 } } } }"


def test_the_documentation_s_examples_run(tmp_path, monkeypatch, capsys):
    pytest.importorskip("matplotlib")
    (tmp_path / "apps").symlink_to(SOURCES / "apps")
    monkeypatch.chdir(tmp_path)
    examples = re.findall(r"```python\n(.*?)```", (SOURCES / "docs" / "python.md").read_text(), re.S)
    assert len(examples) == 2 and len(examples[0].splitlines()) <= 15
    names = {}
    exec(examples[0], names)
    assert (tmp_path / "digits.png").stat().st_size > 5000
    assert names["a"].shape == (12, 100) and names["a"].sum() > 1000
    assert re.match(r"<chronotope.Divergence rtd=\d", capsys.readouterr().out)
    assert chronotope.rtd(names["a"], names["b"]).rtd > 0
    exec(examples[1], names)
    assert len(names["fork"].spikes) > 0


def stub():
    return ast.parse((pathlib.Path(chronotope.__file__).parent / "__init__.pyi").read_text())


def keywords_of(function):
    return {argument.arg for argument in function.args.kwonlyargs}


def documented(function):
    return set(re.findall(r"^    (\w+): ", function.__doc__, re.M))


def test_the_stub_knows_all_options():
    functions = {node.name: node for node in stub().body if isinstance(node, ast.FunctionDef)}
    for name in ("rtd", "cross_barcode", "barcode", "simulate"):
        assert keywords_of(functions[name]) == documented(getattr(chronotope, name)), name
    simulation = next(node for node in stub().body if isinstance(node, ast.ClassDef) and node.name == "Simulation")
    methods = {node.name: node for node in simulation.body if isinstance(node, ast.FunctionDef)}
    assert keywords_of(methods["__init__"]) == documented(chronotope.Simulation)
    assert keywords_of(methods["fork"]) == documented(chronotope.Simulation.fork)
    public = {name for name in dir(chronotope.Simulation) if not name.startswith("_")}
    assert public == {name for name in methods if not name.startswith("_")}


def test_everything_is_documented_and_stubbed():
    stubbed = {node.name for node in stub().body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    for name in chronotope.__all__:
        assert getattr(chronotope, name).__doc__, name
        assert name in stubbed | {"Network", "plot"}, name


def test_matplotlib_and_pandas_are_imported_when_they_are_wanted():
    code = "import sys, chronotope; chronotope.plot; assert not {'matplotlib', 'pandas'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_pictures():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    run = chronotope.simulate(SPEC, until=100)
    ax = chronotope.plot.raster(run)
    assert np.array_equal(ax.lines[0].get_xdata(), run.spikes["time_ms"])
    points = np.random.RandomState(0).randn(30, 2)
    bars = chronotope.barcode(points)
    ax = chronotope.plot.barcodes(bars)
    assert [len(lines.get_segments()) for lines in ax.collections] == [len(degree) for degree in bars]
    assert chronotope.plot.divergences([[0, 1], [1, 0]], ["a", "b"]).images
    two = chronotope.simulate(
        chronotope.Network().population("N", 9).projection("N", "N", all_to_all={}, weight={"uniform": {"low": 0, "high": 5}}),
        until=1,
    )
    assert chronotope.plot.weights({"all": two.synapses("N->N"), "again": two.synapses("N->N")}).patches


def test_statistics_and_compare_are_the_program_s(program, tmp_path):
    (tmp_path / "net.textproto").write_text(SPEC)
    program("simulate", "net.textproto", "--until", 500, "--out", "run.pb", "--quiet")
    expected = json.loads(program("statistics", "run.pb", "--json", "--bin", 5))
    report = chronotope.statistics(tmp_path / "run.pb", bin=5)
    assert report.pop("file") == str(tmp_path / "run.pb") and expected.pop("file") == "run.pb"
    assert report == expected
    expected = json.loads(program("compare", "net.textproto", "--dt", "1,0.1", "--until", 200, "--json", "--quiet"))
    report = chronotope.compare(SPEC, dt=[1, 0.1], until=200)
    assert [clock["trains"] for clock in report["clock"]] == [clock["trains"] for clock in expected["clock"]]
    assert report["chaos"]["trains"] == expected["chaos"]["trains"]
    with pytest.raises(TypeError, match="compare"):
        chronotope.compare(SPEC, dtt=1)


def test_encode_is_the_program_s(program, tmp_path):
    (tmp_path / "a.csv").write_text("time_ms,channel\n1,0\n2.5,1\n")
    program("encode", "a.csv", "--out", "program.pb", "--quiet")
    stream = chronotope.encode(tmp_path / "a.csv", tmp_path / "module.pb")
    assert stream.spikes.tolist() == [(1, 0, 0), (2.5, 0, 1)]
    assert stream.stimuli == [
        {"id": 0, "onset_ms": 0, "duration_ms": 3, "label": tmp_path.name, "name": "a.csv", "phase": None}
    ]
    probes = chronotope.encode([tmp_path / "a.csv"], tmp_path / "probes.pb", phase="probe")
    assert probes.stimuli[0]["phase"] == "probe"
    assert np.array_equal(stream.spikes, chronotope.read(tmp_path / "program.pb").spikes)
    with pytest.raises(chronotope.InputError, match="no.csv"):
        chronotope.encode(tmp_path / "no.csv", tmp_path / "b.pb")
    with pytest.raises(TypeError, match="encode.* unexpected keyword argument 'chanels' .did you mean channels"):
        chronotope.encode(tmp_path / "a.csv", tmp_path / "b.pb", chanels=3)
    for words, message in ((dict(spikes=True), "spikes: True"), (dict(limit=True), "limit: True"), (dict(json=1), "json: 1")):
        with pytest.raises(TypeError, match=message):
            chronotope.encode(tmp_path / "a.csv", tmp_path / "b.pb", **words)
    with pytest.raises(TypeError, match="help"):
        chronotope.encode(tmp_path / "a.csv", tmp_path / "b.pb", help=True)


def test_paths_are_those_of_open(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    for name in ("in/entry.pb", b"in/bytes.pb"):
        chronotope.simulate(SPEC, until=20, out=name)
    entry = next(e for e in os.scandir("in") if e.name == "entry.pb")
    chronotope.simulate(SPEC, until=30, out=entry)
    assert chronotope.read(entry).summary["until_ms"] == 30
    assert chronotope.read(b"in/bytes.pb").summary["until_ms"] == 20
    assert os.listdir(".") == ["in"]
    with pytest.raises(TypeError, match="not int"):
        chronotope.simulate(SPEC, until=20, out=3)
    for path in ("in/entry.pb\0x", b"in/entry.pb\0x"):
        with pytest.raises(ValueError, match="null byte"):
            chronotope.read(path)
    with pytest.raises(chronotope.InputError, match="is no UTF-8"):
        chronotope.read(os.fsdecode(b"a\xff.pb"))
    with pytest.raises(chronotope.InputError, match="--out: '' is not allowed .must not be empty"):
        chronotope.simulate(SPEC, until=20, out="")


def test_keywords_take_numpy_s_and_python_s_own_words(tmp_path):
    chronotope.simulate(SPEC, until=200, out=tmp_path / "r.pb")
    late = chronotope.statistics(tmp_path / "r.pb", from_=np.int64(100))
    assert late["from_ms"] == 100 and late == chronotope.statistics(tmp_path / "r.pb", **{"from": 100.0})
    with pytest.raises(TypeError, match="did you mean from_"):
        chronotope.statistics(tmp_path / "r.pb", fro=1)
    report = chronotope.compare(SPEC, dt=np.array([0.5, 1]), until=50)
    assert [clock["dt_ms"] for clock in report["clock"]] == [0.5, 1]
    both = ["population.E.I_e=390", "population.E.tau_m=15"]
    assert np.array_equal(
        chronotope.simulate(SPEC, set=np.array(both), until=50).spikes, chronotope.simulate(SPEC, set=both, until=50).spikes
    )
    for wrong in (None, True):
        with pytest.raises(TypeError, match="until: must be a number"):
            chronotope.Simulation(SPEC).run_until(wrong)


def test_train_of_several_seeds_is_the_program_s_alone(tmp_path):
    with pytest.raises(TypeError, match="chronotope train --seeds"):
        chronotope.train("n.textproto", "s.pb", seeds=2, out=tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_responses_are_counts():
    run = chronotope.simulate(SPEC, until=300)
    stimuli = [{"onset_ms": 10, "duration_ms": 50}, {"onset_ms": 200.5, "duration_ms": 99}]
    expected = [
        [
            sum(s["onset_ms"] <= t < s["onset_ms"] + s["duration_ms"] and n == neuron for t, _, n in run.spikes.tolist())
            for neuron in range(20)
        ]
        for s in stimuli
    ]
    assert np.array_equal(chronotope.responses(run, "E", stimuli), expected) and np.sum(expected) > 0
    with pytest.raises(KeyError, match="no population named 'F'; one of E"):
        chronotope.responses(run, "F", stimuli)


def test_a_spike_at_the_end_of_a_stimulus_is_not_in_it_in_decimals(tmp_path):
    (tmp_path / "a.csv").write_text("time_ms,channel\n" + "".join(f"{k / 10},0\n" for k in range(100)))
    stream = chronotope.encode(tmp_path / "a.csv", tmp_path / "a.pb")
    stimuli = [{"onset_ms": k / 10, "duration_ms": width / 10} for width in (1, 2, 7) for k in range(90)]
    expected = [[width] for width in (1, 2, 7) for _ in range(90)]
    assert np.array_equal(chronotope.responses(stream, stream.sources[-1], stimuli), expected)


def test_a_raster_of_a_stream_of_inputs(tmp_path):
    pytest.importorskip("matplotlib").use("Agg")
    (tmp_path / "a.csv").write_text("time_ms,channel\n1,0\n2.5,1\n")
    stream = chronotope.encode(tmp_path / "a.csv", tmp_path / "a.pb")
    assert len(chronotope.plot.raster(stream).lines) == 1
    assert len(chronotope.plot.raster(stream, stream.sources[-1]).lines) == 1
    with pytest.raises(KeyError, match="no population named 'q'"):
        chronotope.plot.raster(stream, ["q"])


def test_a_handler_of_its_own_hears_ctrl_c(interrupt):
    class Told(Exception):
        pass

    def tell(*_):
        raise Told

    before = signal.signal(signal.SIGINT, tell)
    try:
        with interrupt(0.5), pytest.raises(Told):
            chronotope.compare(SPEC, dt=0.001, until=1e6)
    finally:
        signal.signal(signal.SIGINT, before)


def test_ctrl_c_ends_a_verb_and_python_s_handler_is_back(interrupt, tmp_path):
    with interrupt(0.5), pytest.raises(KeyboardInterrupt):
        chronotope.compare(SPEC, dt=0.001, until=1e6)
    with interrupt(0.2), pytest.raises(KeyboardInterrupt):
        while True:
            pass
