# SPDX-License-Identifier: Apache-2.0
"""Runs: the program's spikes and weights to the bit, in one go, in steps, in threads and in forks."""
import copy
import csv
import io
import json
import os
import pickle
import subprocess
import threading
import types

import numpy as np
import pytest

import chronotope

SPEC = """
seed: 5
population { name: "E" size: 60 exp_psc_lif { I_e { uniform { low: 300 high: 420 } } } }
population { name: "I" size: 15 exp_psc_lif { I_e: 380 } }
input { name: "noise" size: 20 poisson { rate: 40 } }
projection { source: "noise" target: "E" pairwise_bernoulli { p: 0.3 } weight: 40 delay: 1.5 }
projection { source: "E" target: "E" pairwise_bernoulli { p: 0.2 } weight { uniform { low: 5 high: 15 } } delay: 2
             pair_stdp { tau_plus: 20 tau_minus: 20 A_plus: 0.5 A_minus: 0.6 w_max: 30 } }
projection { source: "I" target: "E" all_to_all { } weight: -20 delay: 1 }
"""


@pytest.fixture
def printed(program, tmp_path):
    """Spikes, weights and summary that the program writes."""
    (tmp_path / "net.textproto").write_text(SPEC)

    def run(*words):
        summary = program("simulate", "net.textproto", "--spikes", "s.csv", "--weights", "w.csv", "--json", *words)
        rows = lambda name: list(csv.reader(io.StringIO((tmp_path / name).read_text())))[1:]
        return rows("s.csv"), rows("w.csv"), json.loads(summary)

    return run


def rows_of(run, spikes):
    return [(time, run.sources[population], neuron) for time, population, neuron in spikes.tolist()]


def same_spikes(run, table):
    return rows_of(run, run.spikes) == [(float(time), population, int(neuron)) for time, population, neuron in table]


def test_spikes_and_weights_are_the_program_s_to_the_bit(printed):
    spikes, weights, summary = printed("--until", 2500)
    run = chronotope.simulate(SPEC, until=2500)
    assert len(spikes) > 5000 and same_spikes(run, spikes)
    rows = run.synapses()
    assert [row[4] for row in weights] == [f"{w:.17g}" for w in rows["weight"]]
    assert [int(row[1]) for row in weights] == rows["source"].tolist()
    assert [int(row[3]) for row in weights] == rows["target"].tolist()
    assert {row[5] for row in weights} == {run.projections[k] for k in rows["projection"]} == {"E->E"}
    assert [float(row[6]) for row in weights] == rows["delay_ms"].tolist()
    told = run.summary()
    for name in ("until_ms", "spikes", "synaptic_events", "population"):
        assert told[name] == summary[name]


def test_options_are_the_program_s(printed):
    words = ["--until=200", "--seed=9", "--set=population.E.I_e=410", "--set=population.I.I_e=0", "--threads=2"]
    spikes, _, _ = printed(*words)
    changes = ["population.E.I_e=410", "population.I.I_e=0"]
    assert same_spikes(chronotope.simulate(SPEC, until=200, seed=9, set=changes, threads=2), spikes)
    with pytest.raises(TypeError, match=r"simulate\(\) got an unexpected keyword argument 'untill' \(did you mean until\?\)"):
        chronotope.simulate(SPEC, untill=3)
    with pytest.raises(ValueError, match="^--until: '?-1'? is not allowed"):
        chronotope.simulate(SPEC, until=-1)


def test_a_specification_comes_in_many_forms(tmp_path):
    expected = chronotope.simulate(SPEC, until=100).spikes
    path = tmp_path / "net.textproto"
    path.write_text(SPEC)
    network = (
        chronotope.Network(seed=5)
        .population("E", 60, I_e={"uniform": {"low": 300, "high": 420}})
        .population("I", np.int64(15), I_e=np.float64(380))
        .input("noise", 20, poisson={"rate": 40})
        .projection("noise", "E", pairwise_bernoulli={"p": 0.3}, weight=40, delay=1.5)
        .projection(
            "E", "E", pairwise_bernoulli={"p": 0.2}, weight={"uniform": {"low": 5, "high": 15}}, delay=2,
            pair_stdp={"tau_plus": 20, "tau_minus": 20, "A_plus": 0.5, "A_minus": 0.6, "w_max": 30},
        )
        .projection("I", "E", all_to_all={}, weight=-20, delay=1)
    )
    specification = network.to_specification()
    for spec in (path, str(path), network, json.dumps(specification, default=float)):
        assert np.array_equal(chronotope.simulate(spec, until=100).spikes, expected)
    with pytest.raises(TypeError, match="specification: must be a path"):
        chronotope.simulate(3)


def test_messages_are_specifications():
    text = "population { name: 'E' size: 2 exp_psc_lif { I_e { constant: 400 } } }"
    words = ["protoc", "--encode=chronotope.NetworkSpec", "-I", os.environ["CHRONOTOPE_INCLUDE"]]
    words.append("chronotope/proto/network_spec.proto")
    encoded = subprocess.run(words, input=text.encode(), check=True, capture_output=True).stdout

    class Message:
        def SerializeToString(self):
            return encoded

    expected = chronotope.simulate(text, until=100).spikes
    assert len(expected) > 0
    for spec in (encoded, Message()):
        assert np.array_equal(chronotope.simulate(spec, until=100).spikes, expected)


def test_arrays_are_values():
    run = chronotope.simulate(chronotope.Network().population("N", 5, I_e=np.linspace(0, 800, 5)), until=50)
    currents = chronotope.simulate(
        chronotope.Network().population("N", 5, I_e=[0, 200, 400, 600, 800]), until=50
    )
    assert len(run.spikes) > 0 and np.array_equal(run.spikes, currents.spikes)


def test_errors_name_line_and_field():
    with pytest.raises(chronotope.InputError, match=r"^specification:1:?.*size"):
        chronotope.simulate('population { name: "E" size: -3 exp_psc_lif { } }')
    with pytest.raises(chronotope.InputError, match="no_such.textproto"):
        chronotope.simulate("no_such.textproto")
    with pytest.raises(chronotope.InputError, match="tau_mm"):
        chronotope.simulate(chronotope.Network().population("E", 3, tau_mm=3))


def test_steps_change_no_bit():
    expected = chronotope.simulate(SPEC, until=300)
    run = chronotope.Simulation(SPEC)
    assert run.now == 0 and len(run.spikes) == 0
    for until in (0.3, 10, 10, 123.456, 299.9999, 300):
        run.run_until(until)
        run.potentials("E"), run.synapses()
        assert run.now == until
    assert np.array_equal(run.spikes, expected.spikes)
    assert np.array_equal(run.synapses(), expected.synapses())
    assert np.array_equal(run.potentials("I"), expected.potentials("I"))


def test_potentials_are_the_closed_form():
    lif = dict(C_m=250, tau_m=10, E_L=-70, V_reset=-70, V_th=-55, t_ref=2, I_e=300)
    run = chronotope.Simulation(chronotope.Network().population("N", 2, **lif))
    run.run_until(7)
    expected = -70 + 300 * 10 / 250 * -np.expm1(-0.7)
    assert run.potentials("N") == pytest.approx([expected] * 2, rel=1e-13)


def test_looking_at_parts():
    run = chronotope.simulate(SPEC, until=100)
    times, neurons = run.spikes_of("I")
    inhibitory = run.spikes[run.spikes["population"] == 1]
    assert np.array_equal(times, inhibitory["time_ms"]) and np.array_equal(neurons, inhibitory["neuron"])
    assert run.populations == {"E": 60, "I": 15} and run.sources == ("E", "I", "noise")
    assert run.projections == ("noise->E", "E->E", "I->E")
    fixed = run.synapses("I->E")
    assert len(fixed) == 900 and set(fixed["weight"]) == {-20} and not fixed["is_plastic"].any()
    with pytest.raises(KeyError, match="no population named 'X'"):
        run.potentials("X")
    run.forget_spikes()
    assert len(run.spikes) == 0


def test_two_at_once_from_threads():
    expected = [chronotope.simulate(SPEC, until=400, seed=seed).spikes for seed in (1, 2)]
    got = [None, None]

    def work(k):
        got[k] = chronotope.simulate(SPEC, until=400, seed=k + 1).spikes

    threads = [threading.Thread(target=work, args=(k,)) for k in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(a, b) for a, b in zip(got, expected))


def test_one_thread_at_a_time():
    run = chronotope.Simulation(SPEC)
    thread = threading.Thread(target=run.run_until, args=(20_000,))
    thread.start()
    refused = 0
    while thread.is_alive() and refused == 0:
        try:
            run.spikes
        except chronotope.Failure as error:
            assert str(error) == "this simulation is running in another thread"
            refused += 1
    thread.join()
    assert refused == 1 and run.now == 20_000


def test_after_ctrl_c_a_run_goes_on(interrupt):
    run = chronotope.Simulation(SPEC)
    with interrupt(0.3), pytest.raises(KeyboardInterrupt):
        run.run_until(1e9)
    reached = run.now
    assert 0 < reached < 1e9
    run.run_until(reached + 100)
    assert np.array_equal(run.spikes, chronotope.simulate(SPEC, until=reached + 100).spikes)


def test_a_fork_goes_on_to_the_bit():
    whole = chronotope.simulate(SPEC, until=300)
    run = chronotope.Simulation(SPEC)
    run.run_until(120)
    fork = run.fork(threads=2)
    frozen = run.fork(freeze=True)
    louder = run.fork(set="population.I.I_e=500")
    for each in (run, fork, frozen, louder):
        each.run_until(300)
    late = whole.spikes[whole.spikes["time_ms"] >= 120]
    assert np.array_equal(run.spikes, whole.spikes) and np.array_equal(fork.spikes, late)
    assert np.array_equal(fork.synapses(), whole.synapses())
    assert not np.array_equal(frozen.synapses(), whole.synapses())
    assert len(louder.spikes_of("I")[0]) > np.sum(late["population"] == 1)
    with pytest.raises(chronotope.InputError, match="size"):
        run.fork(set="population.E.size=61")


PORT = """
projection { source: "port" target: "E" all_to_all { } weight: 30 delay: 1.5 pair_stdp { w_max: 60 } }
"""


def with_port(listed=""):
    return SPEC + f'input {{ name: "port" size: 4 {listed} }}' + PORT


def test_spikes_are_put_in():
    listed = chronotope.simulate(
        with_port("spike_times { neuron: 0 times: [10.1, 60] } spike_times { neuron: 3 times: [10.1, 60, 60.5] }"), until=100
    )
    run = chronotope.Simulation(with_port())
    run.inject("port", 10.1, [0, 3])
    run.run_until(60)
    run.inject("port", [60.5, 60], 3)
    run.inject("port", times=np.float32(60))
    run.run_until(70)
    fork = run.fork()
    run.run_until(100)
    assert np.array_equal(run.spikes, listed.spikes) and np.array_equal(run.synapses(), listed.synapses())
    fork.run_until(100)
    assert np.array_equal(fork.synapses(), run.synapses())
    assert not np.array_equal(run.spikes, chronotope.simulate(with_port(), until=100).spikes)


def test_strides_of_what_is_put_in_are_followed():
    table = np.array([[10.0, 3, 0], [20, 1, 9], [30, 0, 9], [40, 2, 9]])
    spikes = []
    for times, channels in (
        ([40.0, 20], [2, 1]),
        (table[::-2, 0], table[::-2, 1].astype(int)),
        (table[1::2, 0], np.array([1, 9, 2, 9])[::2]),
        (np.asfortranarray(table)[[1, 3], 0], np.array([[1, 2], [7, 7]]).T[:, 0]),
    ):
        run = chronotope.Simulation(with_port())
        run.inject("port", times, channels)
        run.run_until(100)
        spikes.append(run.spikes)
    assert all(np.array_equal(each, spikes[0]) for each in spikes)
    run = chronotope.Simulation(with_port())
    run.inject("port", np.broadcast_to(25.0, 3), np.arange(6)[:6:2][:2].repeat([1, 2]))
    with pytest.raises(chronotope.InputError, match="from 0 to 4294967295"):
        run.inject("port", 30, 2**40)
    with pytest.raises(chronotope.InputError, match="9.22.*e.?18 is not allowed"):
        run.inject("port", 30, np.uint64(2**63 + 1))
    with pytest.raises(TypeError, match="channels: dtype <U1 is not allowed .must be whole numbers"):
        run.inject("port", 30, "1")


def test_recorders_write_into_the_stream(program, tmp_path):
    spec = SPEC + 'recorder { population: "E" neuron: [1, 3] record: [V_m, I_syn, rate] every: 12.5 }'
    (tmp_path / "n.textproto").write_text(spec)
    program("simulate", "n.textproto", "--until", "100", "--out", "program.pb", "--quiet")
    with chronotope.Simulation(spec, out=tmp_path / "module.pb") as run:
        run.run_until(12.5)
        run.run_until(31)
        run.run_until(100)
    told = [[line for line in program("inspect", name).splitlines() if "recorder" in line] for name in ("program.pb", "module.pb")]
    assert told[0] == told[1] and told[0]
    run = chronotope.Simulation(spec)
    run.run_until(31)
    with run.fork(out=tmp_path / "fork.pb") as fork:
        fork.run_until(100)
    assert " at 6 times" in program("inspect", "fork.pb")


def test_pickles_and_unfinished_objects_are_refused(tmp_path):
    run = chronotope.simulate(SPEC, until=10, out=tmp_path / "r.pb")
    for made in (run, chronotope.read(tmp_path / "r.pb"), chronotope.rtd(np.eye(5), np.eye(5)[:, ::2])):
        for protocol in range(6):
            with pytest.raises(TypeError, match="cannot pickle"):
                pickle.dumps(made, protocol)
        with pytest.raises(TypeError, match="cannot pickle"):
            copy.copy(made)
    for kind in (chronotope.Stream, chronotope.Divergence):
        for make in (kind, lambda kind=kind: kind.__new__(kind)):
            with pytest.raises(TypeError, match="cannot create"):
                make()


def test_specifications_of_other_kinds(tmp_path):
    fields = {"population": [{"name": "E", "size": 3, "exp_psc_lif": {"I_e": 500}}], "seed": 4}
    expected = chronotope.simulate(fields, until=50).spikes
    (tmp_path / "spikes.csv").write_text("time_ms,channel\n")
    assert np.array_equal(chronotope.simulate(types.MappingProxyType(fields), until=50).spikes, expected)
    network = chronotope.Network(seed=4).input("x", 2, csv={"path": tmp_path / "spikes.csv"})
    network.population("E", 3, I_e=500, positions={"x": [0, 1, 2], "y": [0, 0, 0], "z": [0, 0, 1]})
    assert np.array_equal(chronotope.simulate(network, until=50).spikes, expected)

    class Endless:
        def to_specification(self):
            return self

    for wrong, message in ((Endless(), "must be a path"), ({"seed": {1, 2}}, r"\{1, 2\} can not stand in it"), (3, "must be")):
        with pytest.raises(TypeError, match=message):
            chronotope.simulate(wrong)


def test_what_can_not_be_put_in_leaves_the_run_as_it_was():
    run = chronotope.Simulation(with_port())
    run.run_until(50)
    for times, channels, error, message in (
        ([60, 49.9], 0, chronotope.InputError, "49.9 ms is over"),
        ([60, 70], [0, 4], chronotope.InputError, "4 is none of input port .must be below its size, 4"),
        ([60, 70], [0, -1], chronotope.InputError, "-1 is not allowed"),
        ([60, 70], [0, 1, 2], chronotope.InputError, "3 for 2 times"),
        ([[60, 70]], 0, chronotope.InputError, "dimension"),
        ([60, np.nan], 0, chronotope.InputError, "nan is not allowed"),
        ([60, np.inf], 0, chronotope.InputError, "inf is not allowed"),
        (60, 1.5, TypeError, "whole numbers"),
        (60, True, TypeError, "whole numbers"),
        ("soon", 0, TypeError, "times: dtype <U4 is not allowed .must be real numbers"),
        (["60"], 0, TypeError, "times: dtype <U2"),
        (60 + 1j, 0, TypeError, "times: dtype complex128"),
        (60, None, TypeError, "channels: dtype object"),
    ):
        with pytest.raises(error, match=message):
            run.inject("port", times, channels)
    with pytest.raises(KeyError, match="no input named 'prot'; did you mean port"):
        run.inject("prot", 60)
    run.inject("port", [], [])
    run.inject("port", np.array(100), np.array(1))
    run.inject("port", [])
    run.run_until(100)
    assert np.array_equal(run.spikes, chronotope.simulate(with_port(), until=100).spikes)


def test_trains_that_targets_draw_take_no_spikes():
    run = chronotope.Simulation(
        'population { name: "E" size: 500 exp_psc_lif { } } input { name: "x" size: 500 poisson { rate: 5000 } }'
        'projection { source: "x" target: "E" one_to_one { } weight: 5 delay: 1 }'
    )
    with pytest.raises(chronotope.InputError, match="input x: its trains are fast"):
        run.inject("x", 1)


def test_rewards_are_released():
    def network(listed=""):
        return f'reward {{ name: "r" {listed} }}' + SPEC.replace("w_max: 30", "w_max: 30 } modulation { reward: 'r'")

    listed = chronotope.simulate(network("times: [20, 50] amounts: [1, -0.5]"), until=100)
    run = chronotope.Simulation(network())
    run.run_until(20)
    run.reward("r")
    run.reward("r", amount=-0.5, time=50)
    run.run_until(100)
    assert np.array_equal(run.synapses(), listed.synapses())
    assert not np.array_equal(run.synapses(), chronotope.simulate(network(), until=100).synapses())
    for arguments, message in ((("r", 1, 99), "99.0 ms is over"), (("r", np.nan), "finite"), (("r", 1, -1), "from 0 to")):
        with pytest.raises(chronotope.InputError, match=message):
            run.reward(*arguments)
    with pytest.raises(KeyError, match="no reward named 'q'"):
        run.reward("q")
    of_spikes = chronotope.Simulation(network('population: "E"'))
    with pytest.raises(chronotope.InputError, match="spikes of population E release it"):
        of_spikes.reward("r")


def test_streams_hold_the_run(program, tmp_path):
    path = tmp_path / "run.pb"
    with chronotope.Simulation(SPEC, out=path) as run:
        run.run_until(50)
        run.snapshot()
        run.run_until(100)
        assert not path.exists()
    stream = chronotope.read(path)
    assert np.array_equal(stream.spikes, run.spikes) and stream.sources == run.sources
    assert [snapshot["time_ms"] for snapshot in stream.snapshots] == [50, 100]
    assert np.array_equal(stream.snapshots[1]["potentials"]["E"], run.potentials("E"))
    assert np.array_equal(stream.snapshots[1]["synapses"][1], run.synapses("E->E"))
    assert stream.populations == {"E": 60, "I": 15} and stream.inputs == {"noise": 20}
    assert stream.summary["spikes"] == len(run.spikes)
    assert np.array_equal(chronotope.simulate(stream.specification, until=100).spikes, run.spikes)
    assert all(json.loads(frame) for frame in program("inspect", path, "--json").splitlines())
    with pytest.raises(chronotope.InputError, match="a snapshot needs a stream"):
        chronotope.Simulation(SPEC).snapshot()


def test_the_program_s_streams_are_read(program, tmp_path):
    (tmp_path / "net.textproto").write_text(SPEC)
    program("simulate", "net.textproto", "--until", 300, "--out", "run.pb", "--snapshot-every", 100, "--quiet")
    stream = chronotope.read(str(tmp_path / "run.pb"))
    assert np.array_equal(stream.spikes, chronotope.simulate(SPEC, until=300).spikes)
    assert [snapshot["time_ms"] for snapshot in stream.snapshots] == [100, 200, 300]
    (tmp_path / "cut.pb").write_bytes((tmp_path / "run.pb").read_bytes()[:-20])
    with pytest.raises(chronotope.InputError, match="cut.pb"):
        chronotope.read(tmp_path / "cut.pb")


def test_frames_have_names():
    pandas = pytest.importorskip("pandas")
    run = chronotope.simulate(SPEC, until=100)
    spikes = run.spike_frame()
    assert isinstance(spikes, pandas.DataFrame) and list(spikes) == ["time_ms", "population", "neuron"]
    assert set(spikes["population"]) == {"E", "I"} and len(spikes) == len(run.spikes)
    assert set(run.synapse_frame()["projection"]) == {"E->E"}
