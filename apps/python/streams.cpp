// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>
#include <google/protobuf/text_format.h>
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/apps/python/bindings.hpp"
#include "chronotope/apps/python/message_dict.hpp"
#include "chronotope/apps/python/python_text.hpp"
#include "chronotope/apps/python/row_array.hpp"
#include "chronotope/apps/python/signal_check.hpp"
#include "chronotope/apps/python/stream_contents.hpp"

namespace chronotope::apps {
namespace py = pybind11;

namespace {

std::vector<std::string> source_names(const StreamContents& stream) {
  std::vector<std::string> names;
  for (const PopulationInfo& population : stream.header.population()) names.push_back(population.name());
  return names;
}

py::dict population_sizes(const StreamContents& stream, bool inputs) {
  py::dict sizes;
  for (const PopulationInfo& population : stream.header.population())
    if (population.is_input() == inputs) sizes[py::str(population.name())] = population.size();
  return sizes;
}

/// "train", "probe", "memory"; None for a stimulus that was not marked.
py::object phase(const proto::Stimulus& stimulus) {
  if (stimulus.phase == PHASE_UNSPECIFIED) return py::none();
  return py::str(Phase_Name(stimulus.phase)).attr("lower")();
}

py::list stimuli(const StreamContents& stream) {
  py::list rows;
  for (const proto::Stimulus& stimulus : stream.stimuli)
    rows.append(py::dict(py::arg("id") = stimulus.id, py::arg("onset_ms") = nearest_ms(stimulus.onset),
                         py::arg("duration_ms") = nearest_ms(Time() + stimulus.duration),
                         py::arg("label") = stimulus.label, py::arg("name") = stimulus.name,
                         py::arg("phase") = phase(stimulus)));
  return rows;
}

py::list snapshots(const StreamContents& stream) {
  py::list rows;
  for (const StreamContents::Snapshot& snapshot : stream.snapshots) {
    py::dict potentials;
    for (const auto& [population, V] : snapshot.potentials)
      potentials[py::str(stream.header.population(static_cast<int>(population)).name())] = row_array(V);
    py::list projections;
    for (const auto& [projection, weights] : snapshot.weights)
      projections.append(row_array(stream.synapses_at(snapshot, projection)));
    rows.append(py::dict(py::arg("time_ms") = nearest_ms(snapshot.time), py::arg("potentials") = potentials,
                         py::arg("synapses") = projections));
  }
  return rows;
}

py::str specification(const StreamContents& stream) {
  std::string text;
  google::protobuf::TextFormat::PrintToString(stream.header.spec(), &text);
  return text;
}

std::string text_of(const StreamContents& stream) {
  return fmt::format("<chronotope.Stream: {} spikes, {} stimuli, {} snapshots>", stream.spikes.size(),
                     stream.stimuli.size(), stream.snapshots.size());
}

StreamContents read(py::handle path) {
  const std::string name = path_text(path);
  const py::gil_scoped_release release;
  return read_stream(name, [check = SignalCheck()]() mutable { check(); });
}

}  // namespace

void bind_streams(py::module_& module) {
  py::class_<StreamContents> stream(module, "Stream", "What a stream of encode or simulate holds.");
  bind_as_result(stream, "Stream");
  stream
      .def_property_readonly(
          "spikes", [](const StreamContents& self) { return row_array(self.spikes); },
          "Structured array with fields time_ms [ms], population (a place in sources) and neuron, in order of time.")
      .def_property_readonly(
          "sources", [](const StreamContents& self) { return py::tuple(py::cast(source_names(self))); },
          "Names of populations, then of inputs, as arrays number them.")
      .def_property_readonly(
          "populations", [](const StreamContents& self) { return population_sizes(self, false); },
          "Names of populations and how many neurons they have.")
      .def_property_readonly(
          "inputs", [](const StreamContents& self) { return population_sizes(self, true); },
          "Names of inputs and how many channels they have.")
      .def_property_readonly(
          "stimuli", stimuli,
          "A dict for each presentation: id, onset_ms [ms], duration_ms [ms], label, name, phase.")
      .def_property_readonly(
          "snapshots", snapshots,
          "A dict for each snapshot: time_ms [ms], potentials (by name of population [mV]) and synapses (by projection, "
          "arrays as of Simulation.synapses).")
      .def_property_readonly("specification", specification, "The network's specification as textproto.")
      .def_property_readonly(
          "summary",
          [](const StreamContents& self) -> py::object {
            return self.summary ? py::object(message_dict(*self.summary)) : py::none();
          },
          "What `chronotope simulate --json` printed, or None.")
      .def("__repr__", text_of);
  module.def(
      "read", read, py::arg("path"),
      "read(path) -> Stream\n\nReads a stream of encode or simulate whole. The GIL is released; Ctrl-C ends it.");
}

}  // namespace chronotope::apps
