// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/runs/simulation.hpp"

#include <fmt/format.h>
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/apps/options/network_options.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/output/result_tables.hpp"
#include "chronotope/apps/python/bindings.hpp"
#include "chronotope/apps/python/keyword_options.hpp"
#include "chronotope/apps/python/message_dict.hpp"
#include "chronotope/apps/python/numpy_table.hpp"
#include "chronotope/apps/python/row_array.hpp"
#include "chronotope/apps/python/signal_check.hpp"
#include "chronotope/apps/python/specification.hpp"
#include "chronotope/apps/python/stepped_run.hpp"
#include "chronotope/apps/runs/fork.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/core/near_names.hpp"
#include "chronotope/core/parameter_source.hpp"
#include "chronotope/proto/spec_assignment.hpp"

namespace chronotope::apps {
namespace py = pybind11;

namespace {

OptionGroup engine_options() {
  return {"Run",
          {{"threads", WholeNumber{1, 256, "1"},
            "how many threads share the neurons; changes no bit of the result"},
           {"over-memory", Flag(), "run although the network needs more memory than the machine has"},
           {"out", File{File::Use::kWritten},
            "write the stream of spikes and snapshots, which is there when close() is called"}}};
}

Option end_option(bool is_required) {
  return {"until",
          Milliseconds{stated_duration(1e-12)},
          "end of the run [ms]; default: the end of the inputs, or 1000",
          {},
          is_required};
}

Usage simulation_usage() {
  Usage usage;
  usage.synopsis = "Simulation";
  usage.groups = {network_options(), engine_options()};
  return usage;
}

Usage simulate_usage() {
  Usage usage = simulation_usage();
  usage.synopsis = "simulate";
  usage.groups.push_back({"End", {end_option(false)}});
  return usage;
}

Usage run_usage() {
  Usage usage;
  usage.synopsis = "run_until";
  usage.groups = {{"End", {end_option(true)}}};
  return usage;
}

Usage fork_usage() {
  Usage usage;
  usage.synopsis = "fork";
  usage.groups = {
      {"Fork",
       {{"set", Text{"PATH=VALUE", "", true}, "put this value into the specification; may be a list"},
        {"freeze", Flag(), "no plasticity rule learns any more"}}},
      engine_options()};
  return usage;
}

SteppedRun::Options read_engine_options(const boost::program_options::variables_map& values) {
  return {static_cast<unsigned>(whole_option(values, "threads")), values["over-memory"].as<bool>(),
          text_option(values, "out")};
}

/// Asks Python for its signals on behalf of the calling thread.
Checkpoint signal_checkpoint() {
  return [check = SignalCheck()]() mutable { check(); };
}

std::unique_ptr<SteppedRun> make_run(py::handle spec, const boost::program_options::variables_map& values) {
  auto text = std::make_shared<proto::SpecText>();
  read_specification(spec, *text);
  set_network_options(values, *text);
  const SteppedRun::Options options = read_engine_options(values);
  const py::gil_scoped_release release;
  return std::make_unique<SteppedRun>(std::move(text), options, signal_checkpoint());
}

/// Of populations, inputs, projections or rewards, as they are numbered.
template <class Spec>
std::vector<std::string> names_of(const std::vector<Spec>& specs) {
  std::vector<std::string> names;
  for (const Spec& spec : specs) names.push_back(spec.name);
  return names;
}

/// The place of `name` among `names`.
std::uint32_t number_of(const char* what, const std::string& name, const std::vector<std::string>& names) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    throw py::key_error(std::string("no ") + what + " named '" + name + "'; " + suggest(name, names));
  return static_cast<std::uint32_t>(found - names.begin());
}

Time stated(const char* name, double ms) {
  if (!kTimeOfRun.holds(ms))
    throw InputError(fmt::format("{}: {} is not allowed ({})", name, ms, kTimeOfRun.text));
  return stated_time(ms);
}

using Doubles = py::array_t<double, py::array::c_style | py::array::forcecast>;

/// Whole numbers, which a double holds as far as there are channels. An empty list has no dtype of its own.
Doubles whole_numbers(const char* name, py::handle object) {
  const py::array array = as_array(object, name, "biuf", "whole numbers");
  if (array.size() > 0) as_array(array, name, "iu", "whole numbers");
  return Doubles(array);
}

/// Of times [ms] and channels, each one number or as many as the other.
std::vector<ChannelSpike> channel_spikes(const Doubles& times, const Doubles& channels) {
  if (times.ndim() > 1 || channels.ndim() > 1)
    throw InputError("times, channels: more than one dimension is not allowed");
  if (times.ndim() == 1 && channels.ndim() == 1 && times.size() != channels.size())
    throw InputError(
        fmt::format("channels: {} for {} times (must be one, or as many)", channels.size(), times.size()));
  const bool is_one = times.ndim() == 0 && channels.ndim() == 0;
  const py::ssize_t count = is_one ? 1 : times.ndim() == 1 ? times.size() : channels.size();
  std::vector<ChannelSpike> spikes;
  for (py::ssize_t k = 0; k < count; ++k) {
    const double channel = channels.data()[channels.ndim() == 1 ? k : 0];
    if (channel < 0 || channel > std::numeric_limits<std::uint32_t>::max())
      throw InputError(fmt::format("channels: {} is not allowed (must be from 0 to {})", channel,
                                   std::numeric_limits<std::uint32_t>::max()));
    spikes.push_back(
        {stated("times", times.data()[times.ndim() == 1 ? k : 0]), static_cast<std::uint32_t>(channel)});
  }
  return spikes;
}

void inject(SteppedRun& run, const std::string& input, py::handle times, py::handle channels) {
  const std::uint32_t number = number_of("input", input, names_of(run.network().inputs));
  const std::vector<ChannelSpike> spikes =
      channel_spikes(Doubles(as_array(times, "times")), whole_numbers("channels", channels));
  const SteppedRun::Turn turn = run.turn();
  run.inject(number, spikes);
}

void reward(SteppedRun& run, const std::string& name, double amount, const std::optional<double>& time) {
  const std::uint32_t number = number_of("reward", name, names_of(run.network().rewards));
  const SteppedRun::Turn turn = run.turn();
  run.reward(number, amount, time ? stated("time", *time) : run.now());
}

void run_until(SteppedRun& run, Time end) {
  const SteppedRun::Turn turn = run.turn();
  const py::gil_scoped_release release;
  run.run_until(end, signal_checkpoint());
}

void close(SteppedRun& run) {
  const SteppedRun::Turn turn = run.turn();
  const py::gil_scoped_release release;
  run.close();
}

std::unique_ptr<SteppedRun> simulate_spec(py::handle spec, const py::kwargs& keywords) {
  const auto values = read_keywords(simulate_usage(), keywords);
  auto run = make_run(spec, values);
  run_until(*run, values.count("until") != 0 ? time_option(values, "until").time() : run->natural_end());
  close(*run);
  return run;
}

std::unique_ptr<SteppedRun> fork_off(SteppedRun& parent, const py::kwargs& keywords) {
  const auto values = read_keywords(fork_usage(), keywords);
  const SteppedRun::Turn turn = parent.turn();
  auto text = std::make_shared<proto::SpecText>();
  text->message = parent.spec().message;
  text->name = parent.spec().name;
  text->folder = parent.spec().folder;
  if (values.count("set") != 0)
    for (const std::string& assignment : values["set"].as<std::vector<std::string>>())
      proto::assign(*text, assignment, "--set " + assignment);
  if (values["freeze"].as<bool>()) freeze(text->message, parent.now());
  const SteppedRun::Options options = read_engine_options(values);
  const py::gil_scoped_release release;
  return std::make_unique<SteppedRun>(parent, std::move(text), options, signal_checkpoint());
}

/// Of populations, then inputs, as the numbers in arrays are.
std::vector<std::string> source_names(const NetworkDescription& network) {
  std::vector<std::string> names;
  const auto count = static_cast<std::uint32_t>(network.populations.size() + network.inputs.size());
  for (std::uint32_t p = 0; p < count; ++p) names.push_back(source_name(network, p));
  return names;
}

py::array_t<double> potentials(const SteppedRun& run, const std::string& population) {
  const SteppedRun::Turn turn = run.turn();
  return row_array(run.potentials(number_of("population", population, names_of(run.network().populations))));
}

py::tuple spikes_of(const SteppedRun& run, const std::string& population) {
  const std::uint32_t number = number_of("population", population, names_of(run.network().populations));
  std::vector<double> times;
  std::vector<std::uint32_t> neurons;
  const SteppedRun::Turn turn = run.turn();
  for (const SpikeRow& spike : run.spikes())
    if (spike.population == number) {
      times.push_back(spike.time_ms);
      neurons.push_back(spike.neuron);
    }
  return py::make_tuple(row_array(std::move(times)), row_array(std::move(neurons)));
}

py::array_t<SynapseRow> synapses(SteppedRun& run, const std::optional<std::string>& projection) {
  std::optional<std::uint32_t> number;
  if (projection) number = number_of("projection", *projection, names_of(run.network().projections));
  const SteppedRun::Turn turn = run.turn();
  std::vector<SynapseRow> rows;
  {
    const py::gil_scoped_release release;
    rows = run.synapses(number);
  }
  return row_array(std::move(rows));
}

py::array_t<SpikeRow> spikes(const SteppedRun& run) {
  const SteppedRun::Turn turn = run.turn();
  return row_array(run.spikes());
}

/// A pandas frame in which the numbers of populations and projections are names.
py::object frame_of(const py::array& rows,
                    const std::vector<std::pair<const char*, std::vector<std::string>>>& names) {
  const py::module_ pandas = py::module_::import("pandas");
  py::object frame = pandas.attr("DataFrame")(rows);
  for (const auto& [column, words] : names)
    frame[column] = pandas.attr("Categorical").attr("from_codes")(frame[column], py::cast(words));
  return frame;
}

py::dict population_sizes(const SteppedRun& run) {
  py::dict sizes;
  for (const PopulationSpec& population : run.network().populations)
    sizes[py::str(population.name)] = population.size;
  return sizes;
}

Time now(const SteppedRun& run) {
  const SteppedRun::Turn turn = run.turn();
  return run.now();
}

void forget_spikes(SteppedRun& run) {
  const SteppedRun::Turn turn = run.turn();
  run.forget_spikes();
}

void write_snapshot(SteppedRun& run) {
  const SteppedRun::Turn turn = run.turn();
  const py::gil_scoped_release release;
  run.write_snapshot();
}

py::dict summary(const SteppedRun& run) {
  const SteppedRun::Turn turn = run.turn();
  return message_dict(run.summary());
}

std::string text_of(const SteppedRun& run) {
  return fmt::format("<chronotope.Simulation at {} ms, {} populations, {} projections>", to_text(now(run)),
                     run.network().populations.size(), run.network().projections.size());
}

void bind_looks(py::class_<SteppedRun>& run) {
  run.def_property_readonly(
         "now", [](const SteppedRun& self) { return nearest_ms(now(self)); }, "Where the run is [ms].")
      .def_property_readonly(
          "spikes", spikes,
          "Spikes so far in order of time: structured array with fields time_ms [ms], population (a place in sources) "
          "and neuron.")
      .def(
          "spikes_of", spikes_of, py::arg("population"),
          "spikes_of(population) -> (times, neurons)\n\nTimes [ms] and numbers of the neurons of one population's "
          "spikes so far.")
      .def("forget_spikes", forget_spikes,
           "forget_spikes()\n\nEmpties spikes, whose memory grows with the run.")
      .def("potentials", potentials, py::arg("population"),
           "potentials(population) -> float64 array\n\nV of a population's neurons, now [mV].")
      .def(
          "synapses", synapses, py::arg("projection") = py::none(),
          "synapses(projection=None) -> structured array\n\nSynapses with their weights now, of one projection or of "
          "all that are plastic: fields weight [pA or mV], delay_ms [ms], projection, source_population, source, "
          "target_population, target, is_plastic.")
      .def(
          "spike_frame",
          [](const SteppedRun& self) {
            return frame_of(spikes(self), {{"population", source_names(self.network())}});
          },
          "spike_frame() -> pandas.DataFrame\n\nspikes, with the names of populations.")
      .def(
          "synapse_frame",
          [](SteppedRun& self, const std::optional<std::string>& projection) {
            const std::vector<std::string> sources = source_names(self.network());
            return frame_of(synapses(self, projection),
                            {{"source_population", sources},
                             {"target_population", sources},
                             {"projection", names_of(self.network().projections)}});
          },
          py::arg("projection") = py::none(),
          "synapse_frame(projection=None) -> pandas.DataFrame\n\nsynapses(projection), with names.")
      .def_property_readonly(
          "sources", [](const SteppedRun& self) { return py::tuple(py::cast(source_names(self.network()))); },
          "Names of populations, then of inputs, as arrays number them.")
      .def_property_readonly("populations", population_sizes,
                             "Names of populations and how many neurons they have.")
      .def_property_readonly(
          "projections",
          [](const SteppedRun& self) { return py::tuple(py::cast(names_of(self.network().projections))); },
          "Names of projections, as arrays number them.")
      .def("summary", summary, "summary() -> dict\n\nWhat `chronotope simulate --json` prints.")
      .def("__repr__", text_of);
}

void bind_steps(py::class_<SteppedRun>& run) {
  run.def(
         "run_until",
         [](SteppedRun& self, py::handle until) {
           if (until.is_none() || py::isinstance<py::bool_>(until))
             throw py::type_error("until: must be a number [ms]");
           py::kwargs keywords(py::dict(py::arg("until") = until));
           run_until(self, time_option(read_keywords(run_usage(), keywords), "until").time());
         },
         py::arg("until"),
         "run_until(until)\n\nProcesses every event before `until` [ms]. The GIL is released; after Ctrl-C the run can go "
         "on from where it stopped.")
      .def(
          "inject", inject, py::arg("input"), py::arg("times"), py::arg("channels") = 0,
          "inject(input, times, channels=0)\n\nPuts spikes into an input, beside its own: times [ms] from now on, in any "
          "order, and the channels of the input, each a number or as many as the other. An input of a size and nothing "
          "else has only these.")
      .def(
          "reward", reward, py::arg("name"), py::arg("amount") = 1.0, py::arg("time") = py::none(),
          "reward(name, amount=1.0, time=None)\n\nReleases a reward of the specification, at a time [ms] from now on; "
          "default: now.")
      .def(
          "fork", fork_off,
          ("fork(**options) -> Simulation\n\nAnother run that goes on from here, to the bit, in which --set may change "
           "what is to come. It has no spikes yet.\n\n" +
           keywords_text(fork_usage()))
              .c_str())
      .def("snapshot", write_snapshot,
           "snapshot()\n\nWrites potentials and weights into the stream of `out`.")
      .def("close", close,
           "close()\n\nEnds the stream of `out` with a snapshot and a summary; the run may go on without it.")
      .def("__enter__", [](py::object self) { return self; })
      .def("__exit__", [](SteppedRun& self, py::handle, py::handle, py::handle) { close(self); });
}

}  // namespace

void bind_simulation(py::module_& module) {
  PYBIND11_NUMPY_DTYPE(SpikeRow, time_ms, population, neuron);
  PYBIND11_NUMPY_DTYPE(SynapseRow, weight, delay_ms, projection, source_population, source, target_population,
                       target, is_plastic);
  const std::string specification =
      "spec: a path, text (textproto or JSON), a dict, the bytes of a message, a message, or a Network.\n\n";
  py::class_<SteppedRun> run(
      module, "Simulation",
      ("Simulation(spec, **options)\n\nA network at 0 ms that runs as far as it is told and can be "
       "looked at in between.\n\n" +
       specification + "Options:\n" + keywords_text(simulation_usage()))
          .c_str());
  run.def(py::init([](py::handle spec, const py::kwargs& keywords) {
            return make_run(spec, read_keywords(simulation_usage(), keywords));
          }),
          py::arg("spec"));
  bind_unpicklable(run, "Simulation");
  bind_steps(run);
  bind_looks(run);
  module.def(
      "simulate", simulate_spec, py::arg("spec"),
      ("simulate(spec, **options) -> Simulation\n\nRuns a network from spike to spike, without a time step; the "
       "result has the spikes, weights and potentials. The GIL is released; Ctrl-C ends the run.\n\n" +
       specification + "Options:\n" + keywords_text(simulate_usage()))
          .c_str());
}

}  // namespace chronotope::apps
