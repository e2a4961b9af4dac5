// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/verbs/verbs.hpp"

#include <pybind11/stl.h>

#include <string>
#include <vector>

#include "chronotope/apps/options/accuracy_options.hpp"
#include "chronotope/apps/options/network_options.hpp"
#include "chronotope/apps/output/standard_output.hpp"
#include "chronotope/apps/output/statistics_report.hpp"
#include "chronotope/apps/python/bindings.hpp"
#include "chronotope/apps/python/keyword_options.hpp"
#include "chronotope/apps/python/message_dict.hpp"
#include "chronotope/apps/python/python_text.hpp"
#include "chronotope/apps/python/signal_check.hpp"
#include "chronotope/apps/python/specification.hpp"
#include "chronotope/apps/python/verb_signals.hpp"
#include "chronotope/apps/study/study_options.hpp"

namespace chronotope::apps {
namespace py = pybind11;

namespace {

using Verb = int (*)(const Arguments&);

/// Runs a verb in this process, with these words and the keywords as its options, quietly unless quiet=False. Ctrl-C is
/// the verb's, which leaves complete files, and then KeyboardInterrupt.
void call(Verb verb, const Usage& usage, const std::vector<std::string>& words, const py::kwargs& keywords) {
  py::kwargs options(py::dict(py::arg("quiet") = true));
  for (const auto& [key, value] : keywords) options[key] = value;
  Arguments arguments = arguments_of(options, usage);
  arguments.emplace_back("--");
  arguments.insert(arguments.end(), words.begin(), words.end());
  const py::gil_scoped_release release;
  const VerbSignals signals;
  const int code = verb(arguments);
  flush_standard_output();
  if (code == Interrupt::kExitCode) throw Interrupted();
}

std::vector<std::string> paths_of(py::handle inputs) {
  if (py::isinstance<py::str>(inputs) || py::isinstance<py::bytes>(inputs) ||
      py::hasattr(inputs, "__fspath__"))
    return {path_text(inputs)};
  std::vector<std::string> paths;
  for (const py::handle input : inputs) paths.push_back(path_text(input));
  return paths;
}

Usage statistics_usage() {
  Usage usage;
  usage.synopsis = "statistics";
  usage.groups = statistics_options();
  return usage;
}

py::dict statistics_of(py::handle path, const py::kwargs& keywords) {
  const auto values = read_keywords(statistics_usage(), keywords);
  const std::string name = path_text(path);
  StatisticsReport report;
  {
    const py::gil_scoped_release release;
    report = make_statistics_report(values, name);
  }
  return message_dict(report);
}

Usage compare_usage() {
  Usage usage;
  usage.synopsis = "compare";
  usage.groups = accuracy_options();
  usage.groups.insert(usage.groups.begin(), network_options());
  return usage;
}

AccuracyReport measure(const proto::SpecText& text, const AccuracyPlan& plan) {
  const proto::DecodedSpec spec = proto::decode(text);
  SignalCheck check;
  const MeasuredAccuracy measured =
      measure_accuracy(spec, plan, [&](double, const std::string&) { check(); });
  if (measured.breakdown) throw *measured.breakdown;
  return measured.report;
}

py::dict compare_clocks(py::handle spec, const py::kwargs& keywords) {
  const auto values = read_keywords(compare_usage(), keywords);
  const AccuracyPlan plan = read_accuracy_plan(values);
  proto::SpecText text;
  read_specification(spec, text);
  set_network_options(values, text);
  AccuracyReport report;
  {
    const py::gil_scoped_release release;
    report = measure(text, plan);
  }
  return message_dict(report);
}

void bind_files(py::module_& module) {
  module.def(
      "_encode",
      [](py::handle inputs, const py::kwargs& keywords) {
        call(encode, encode_usage(), paths_of(inputs), keywords);
      },
      py::arg("inputs"));
  module.def(
      "_study",
      [](py::handle spec, const py::kwargs& keywords) {
        call(study, study_usage(), paths_of(spec), keywords);
      },
      py::arg("spec"));
  module.def(
      "_train",
      [](py::handle spec, const py::kwargs& keywords) {
        if (keywords.contains("seeds"))  // its processes would be the interpreter's
          throw py::type_error("train() takes one seed; several are trained by `chronotope train --seeds`");
        call(train, train_usage(), paths_of(spec), keywords);
      },
      py::arg("spec"));
}

}  // namespace

void bind_verbs(py::module_& module) {
  module.def(
      "statistics", statistics_of, py::arg("path"),
      ("statistics(path, **options) -> dict\n\nHow the populations of a stream or table fire: what `chronotope "
       "statistics --json` prints.\n\nOptions:\n" +
       keywords_text(statistics_usage()))
          .c_str());
  module.def(
      "compare", compare_clocks, py::arg("spec"),
      ("compare(spec, **options) -> dict\n\nWhat a time step costs on a network: what `chronotope compare --json` "
       "prints.\n\nspec: as of simulate.\n\nOptions:\n" +
       keywords_text(compare_usage()))
          .c_str());
  bind_files(module);
}

}  // namespace chronotope::apps
