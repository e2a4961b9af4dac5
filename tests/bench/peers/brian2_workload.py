#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs one speed workload in Brian2 (Debian's python3-brian, C++ standalone) and prints one JSON line.

The networks are those of apps/examples/bench, in the form that is fastest in Brian2: one constant per kind of synapse,
one delay per group of synapses or, for the workloads whose names have a U, one uniformly drawn for each, the exact propagator where the
constants are shared. Compiler flags are Brian2's own as shipped:
-O3 -march=native -ffast-math (with -fno-finite-math-only), which chronotope does not allow itself.

Measured inside the generated program, around Network::run alone: CPU time of the process (CLOCK_PROCESS_CPUTIME_ID) and wall
time. build_seconds is the wall time from the program's start to that point: drawing and ordering the synapses. Generating and
compiling is reported apart and happens once: programs are kept under build/bench/peers, named by workload, options and a
digest of this script. Nothing is written to disk at the end of a run.

Synaptic events are the spikes of neurons times their out-degrees; arrivals from Poisson sources are not counted (B, C and D
have them), as in every other program of this comparison."""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import time
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
REPORT = "measured.json"


def current_based_lif(method):
    """Workloads A and L: tau_m dv/dt = ge + gi - (v + 49 mV), jumps in mV; start anywhere below threshold."""
    namespace = {"taum": 20 * ms, "taue": 5 * ms, "taui": 10 * ms, "rest": -49 * mV}
    equations = """dv/dt = (ge + gi - (v - rest))/taum : volt (unless refractory)
                   dge/dt = -ge/taue : volt
                   dgi/dt = -gi/taui : volt"""
    return equations, namespace, method or "exact"


def two_kinds(n, equations, namespace, method):
    """n neurons, four fifths of them excitatory, V uniform in (-60, -50) mV."""
    cells = NeuronGroup(n, equations, threshold="v > -50*mV", reset="v = -60*mV", refractory=5 * ms, method=method,
                        namespace=namespace)
    cells.v = "-60*mV + rand()*10*mV"
    return cells, cells[: n * 4 // 5], cells[n * 4 // 5 :]


def with_delays(synapses, delay, **how):
    """Connects; `delay` is that of all synapses, or an expression that is evaluated for each."""
    synapses.connect(**how)
    if isinstance(delay, str):
        synapses.delay = delay
    return synapses


def join(cells, sources, effect, delay, **how):
    shared = {} if isinstance(delay, str) else {"delay": delay}
    return with_delays(Synapses(sources, cells, on_pre=effect, **shared), delay, **how)


def has_own_delays(options):
    return options.workload.endswith("U")


def long_delay(options, shared):
    """Of A, AH and L."""
    return "(1 + 4*rand())*ms" if has_own_delays(options) else shared * ms


def short_delay(options):
    """Of B and C."""
    return "(1 + rand())*ms" if has_own_delays(options) else 1.5 * ms


def cuba(options):
    cells, excitatory, inhibitory = two_kinds(4000, *current_based_lif(options.method))
    delay = long_delay(options, 0.1)
    return cells, [join(cells, excitatory, "ge += 1.62*mV", delay, p=0.02),
                   join(cells, inhibitory, "gi -= 9*mV", delay, p=0.02)], []


def cuba_heterogeneous(options):
    equations = """dv/dt = (-60*mV - v)/taum + (110*pA + ge + gi)/(200*pF) : volt (unless refractory)
                   dge/dt = -ge/taue : amp
                   dgi/dt = -gi/taui : amp
                   taum : second (constant)
                   taue : second (constant)
                   taui : second (constant)"""
    cells, excitatory, inhibitory = two_kinds(4000, equations, {}, options.method or "euler")
    draw = numpy.random.default_rng(1)
    for name, mean in (("taum", 20), ("taue", 5), ("taui", 10)):
        setattr(cells, name, numpy.maximum(draw.gamma(4, mean / 4, 4000), 1) * ms)
    delay = long_delay(options, 0.1)
    return cells, [join(cells, excitatory, "ge += 16.2*pA", delay, p=0.02),
                   join(cells, inhibitory, "gi -= 90*pA", delay, p=0.02)], []


def brette4(options):
    """The delay of 0.125 ms becomes 0.1 ms on a grid of 0.1 ms. Arrivals in the refractory period are discarded."""
    cells, excitatory, inhibitory = two_kinds(4000, "dv/dt = -(v + 49*mV)/(20*ms) : volt (unless refractory)", {},
                                              options.method or "exact")
    return cells, [join(cells, excitatory, "v += 0.25*mV*int(not_refractory)", 0.125 * ms, p=0.02),
                   join(cells, inhibitory, "v -= 2.25*mV*int(not_refractory)", 0.125 * ms, p=0.02)], []


def driven_network(n, method):
    """The neurons of B and C. Arrivals in the refractory period add up (chronotope and NEST discard them)."""
    cells = NeuronGroup(n, "dv/dt = -v/(20*ms) : volt (unless refractory)", threshold="v > 20*mV", reset="v = 0*mV",
                        refractory=2 * ms, method=method or "exact")
    cells.v = "rand()*20*mV"
    return cells, cells[: n * 4 // 5], cells[n * 4 // 5 :]


def brunel(options):
    """In-degree 1,000 + 250, drawn with repetition; the drive is one binomial count per neuron and step, whose delay makes no difference."""
    cells, excitatory, inhibitory = driven_network(12500, options.method)
    delay = short_delay(options)
    return cells, [join(cells, excitatory, "v += 0.1*mV", delay, i="int(rand()*10000) for _ in range(1000)"),
                   join(cells, inhibitory, "v -= 0.5*mV", delay, i="int(rand()*2500) for _ in range(250)"),
                   ], [PoissonInput(cells, "v", 1000, 20 * Hz, weight=0.1 * mV)]


def learning_synapses(cells, delay, depression, potentiation, own=""):
    """Pair STDP; an arrival transmits the weight after its own depression, as in chronotope's specification."""
    time_constants = ("taup", "taum") if own else ("20*ms", "20*ms")
    synapses = Synapses(cells, cells,
                        f"""w : volt
                            dx/dt = -x/({time_constants[0]}) : 1 (event-driven)
                            dy/dt = -y/({time_constants[1]}) : 1 (event-driven)
                            {own}""",
                        on_pre=f"""x += 1
                                   w = clip(w - {depression}, 0*mV, 1*mV)
                                   v_post += w""",
                        on_post=f"""y += 1
                                    w = clip(w + {potentiation}, 0*mV, 1*mV)""",
                        **({} if isinstance(delay, str) else {"delay": delay}))
    with_delays(synapses, delay, i="int(rand()*2000) for _ in range(200)")
    synapses.w = 0.5 * mV
    return synapses


def plastic(options):
    """CS is C with synapses that do not learn, CM is multiplicative, CH has four constants per synapse."""
    cells, excitatory, inhibitory = driven_network(2500, options.method)
    kind, delay = options.workload.removesuffix("U"), short_delay(options)
    if kind == "CS":
        learning = join(excitatory, excitatory, "v += 0.5*mV", delay, i="int(rand()*2000) for _ in range(200)")
    elif kind == "CM":
        learning = learning_synapses(excitatory, delay, "0.00525*w*y", "0.005*(1*mV - w)*x")
    elif kind == "CH":
        learning = learning_synapses(excitatory, delay, "Am*mV*y", "Ap*mV*x",
                                     """taup : second (constant)
                                        taum : second (constant)
                                        Ap : 1 (constant)
                                        Am : 1 (constant)""")
        # Sums of four exponential variables: gamma distributed, cv 0.5; exp of a normal one: log-normal, cv 0.5.
        for name in ("taup", "taum"):
            setattr(learning, name, "0*ms")
            for _ in range(4):
                setattr(learning, name, f"{name} - 5*log(rand())*ms")
            setattr(learning, name, f"clip({name}/ms, 1, inf)*ms")
        for name, mean in (("Ap", 0.005), ("Am", 0.00525)):
            setattr(learning, name, f"{mean}*exp(sqrt(log(1.25))*randn() - 0.5*log(1.25))")
    else:
        learning = learning_synapses(excitatory, delay, "0.00525*mV*y", "0.005*mV*x")
    return cells, [learning,
                   join(inhibitory, excitatory, "v += 0.5*mV", delay, i="int(rand()*2000) for _ in range(200)"),
                   join(cells, inhibitory, "v -= 4*mV", delay, i="int(rand()*500) for _ in range(50)"),
                   ], [PoissonInput(cells, "v", 1000, 3 * Hz, weight=0.5 * mV)]


def sparse(options):
    """Both synaptic time constants are 5 ms and all weights positive: one current. The drive is a list of spikes drawn beforehand,
    cheaper in Brian2 than drawing at every step; the few spikes that share a step with another of their train are dropped."""
    n, end_ms = 1000, options.until
    cells = NeuronGroup(n, """dv/dt = (g - v)/(20*ms) : volt (unless refractory)
                              dg/dt = -g/(5*ms) : volt""",
                        threshold="v > 15*mV", reset="v = 0*mV", refractory=2 * ms, method=options.method or "exact")
    draw = numpy.random.default_rng(20260101)
    chosen = [draw.choice(n - 1, 100, replace=False) for _ in range(n)]
    recurrent = Synapses(cells, cells, on_pre="g += 1.90488*mV", delay=1.5 * ms)
    recurrent.connect(i=numpy.repeat(numpy.arange(n), 100),
                      j=numpy.concatenate([c + (c >= cell) for cell, c in enumerate(chosen)]))
    draw = numpy.random.default_rng(20260102)
    channels, steps = [], []
    for cell in range(n):
        times = draw.uniform(1, end_ms, draw.poisson(3 * end_ms / 1000))
        unique = numpy.unique(numpy.round(times / options.dt).astype(numpy.int64))
        channels.append(numpy.full(len(unique), cell))
        steps.append(unique)
    source = SpikeGeneratorGroup(n, numpy.concatenate(channels), numpy.concatenate(steps) * options.dt * ms)
    drive = Synapses(source, cells, on_pre="g += 63.496*mV", delay=1.5 * ms)
    drive.connect(j="i")
    return cells, [recurrent], [source, drive]


def large(options):
    """1,000 targets of both kinds together, drawn with repetition."""
    cells, excitatory, inhibitory = two_kinds(options.neurons or 100000, *current_based_lif(options.method))
    delay = long_delay(options, 1)
    targets = "int(rand()*N_post) for _ in range(1000)"
    return cells, [join(cells, excitatory, "ge += 0.4*mV", delay, j=targets),
                   join(cells, inhibitory, "gi -= 3*mV", delay, j=targets)], []


WITH_ONE_DELAY = {"A": cuba, "AH": cuba_heterogeneous, "B4": brette4, "B": brunel, "C": plastic, "CS": plastic, "CM": plastic, "CH": plastic,
                  "D": sparse, "L": large}
WORKLOADS = {**WITH_ONE_DELAY, **{name + "U": WITH_ONE_DELAY[name] for name in ("A", "AH", "B", "C", "CM", "CH", "L")}}


def clocks(name):
    return f"timespec cpu_{name}, wall_{name}; clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu_{name}); " \
           f"clock_gettime(CLOCK_MONOTONIC, &wall_{name});"


def insert_measurement(device, spikes, projections):
    """Clock readings around Network::run, then the counts; the program ends there."""
    device.insert_code("before_start", clocks("start"))
    device.insert_code("before_network_run", clocks("before"))
    count = device.get_array_name(spikes.variables["count"], access_data=False)
    sums = "\n".join(
        "{ const auto& out = %s; for (size_t i = 0; i < out.size(); ++i) "
        "events += double(out[i])*%s[i]; }"
        % (device.get_array_name(s.variables["N_outgoing"], access_data=False), count) for s in projections)
    device.insert_code("after_network_run", clocks("after") + """
    {
        const auto seconds = [](const timespec& a, const timespec& b) {
            return double(b.tv_sec - a.tv_sec) + 1e-9*double(b.tv_nsec - a.tv_nsec); };
        double spikes = 0, events = 0;
        for (int i = 0; i < %d; ++i) spikes += double(%s[i]);
        %s
        double peak_kb = 0;
        std::ifstream status("/proc/self/status");
        for (std::string line; std::getline(status, line);)
            if (line.rfind("VmHWM:", 0) == 0) peak_kb = std::stod(line.substr(6));
        std::ofstream report(std::string("%s"));
        report.precision(12);
        report << "{\\"simulate_cpu_seconds\\": " << seconds(cpu_before, cpu_after)
               << ", \\"simulate_wall_seconds\\": " << seconds(wall_before, wall_after)
               << ", \\"build_seconds\\": " << seconds(wall_start, wall_before)
               << ", \\"spikes\\": " << spikes << ", \\"synaptic_events\\": " << events
               << ", \\"peak_rss_mb\\": " << peak_kb/1024 << "}" << std::endl;
        report.close();
        std::_Exit(0);
    }""" % (spikes.source.N, count, sums, REPORT))


def generate(options, directory):
    """Writes and compiles the C++ program of a workload."""
    set_device("cpp_standalone", build_on_run=False)
    prefs.devices.cpp_standalone.openmp_threads = options.threads if options.threads > 1 else 0
    prefs.devices.cpp_standalone.extra_make_args_unix = ["-j2"]
    prefs.codegen.cpp.headers += ["<cstdlib>"]
    defaultclock.dt = options.dt * ms
    seed(1)
    cells, projections, others = WORKLOADS[options.workload](options)
    spikes = SpikeMonitor(cells, record=False)
    network = Network(cells, spikes, *projections, *others)
    insert_measurement(device, spikes, projections)
    network.run(options.until * ms, namespace={})
    device.build(directory=str(directory), compile=True, run=False, clean=False)


def program_directory(options):
    digest = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]
    parts = [options.workload, options.method or "default", f"{options.until:g}ms", f"dt{options.dt:g}",
             f"{options.threads}threads", *([f"{options.neurons}neurons"] if options.neurons else []), digest]
    return options.programs / "-".join(parts)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("workload", choices=WORKLOADS)
    parser.add_argument("--until", type=float, default=1000, help="biological time [ms] (1000)")
    parser.add_argument("--dt", type=float, default=0.1, help="time step [ms] (0.1)")
    parser.add_argument("--threads", type=int, default=1, help="OpenMP threads (1: without OpenMP)")
    parser.add_argument("--method", choices=["exact", "euler"], help="integrator (AH: euler, others: exact)")
    parser.add_argument("--neurons", type=int, help="another size of L")
    parser.add_argument("--programs", type=Path, default=ROOT / "build/bench/peers", help="where programs are kept")
    return parser.parse_args()


def main():
    global numpy
    options = parse()
    directory = program_directory(options)
    compile_seconds = 0.0
    if not (directory / "main").exists():
        start = time.monotonic()
        shutil.rmtree(directory, ignore_errors=True)
        warnings.simplefilter("ignore")  # of packages Brian2 imports
        import numpy
        exec("from brian2 import *", globals())  # seconds, and not needed to run a kept program
        generate(options, directory)
        compile_seconds = time.monotonic() - start
    subprocess.run(["./main"], cwd=directory, check=True, stdout=sys.stderr)
    measured = json.loads((directory / REPORT).read_text())
    print(json.dumps({
        "program": "brian2", "workload": options.workload, "dt_ms": options.dt, "threads": options.threads,
        "method": options.method or ("euler" if options.workload in ("AH", "AHU") else "exact"),
        "biological_seconds": options.until / 1000, **measured,
        "ns_per_synaptic_event": 1e9 * measured["simulate_cpu_seconds"] / max(measured["synaptic_events"], 1),
        "compile_seconds": compile_seconds}))


if __name__ == "__main__":
    main()
