// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/comparison/divergence.hpp"

#include <limits>
#include <string>
#include <utility>

#include "chronotope/apps/comparison/table_file.hpp"
#include "chronotope/apps/options/divergence_options.hpp"
#include "chronotope/apps/python/bar_array.hpp"
#include "chronotope/apps/python/bindings.hpp"
#include "chronotope/apps/python/keyword_options.hpp"
#include "chronotope/apps/python/message_dict.hpp"
#include "chronotope/apps/python/numpy_table.hpp"
#include "chronotope/apps/python/signal_check.hpp"
#include "chronotope/topology/divergence/linear_cka.hpp"

namespace chronotope::apps {
namespace py = pybind11;

namespace {

OptionGroup array_kind() { return {"Arrays", {{"distances", Flag(), "x and y are distance matrices"}}}; }

/// Of two arrays; metrics of spike trains are those of streams.
OptionGroup array_comparison() {
  OptionGroup group = comparison_options().without({"q", "pooled"});
  for (Option& option : group.options)
    if (option.name == "metric")
      option = {"metric", Word{"metric", {"euclidean", "cosine", "correlation", "hamming"}, "euclidean"},
                "of rows"};
  return group;
}

Usage rtd_usage() {
  Usage usage;
  usage.synopsis = "rtd";
  usage.groups = {array_kind(), sampling_options(), array_comparison(), resampling_options()};
  return usage;
}

/// Of all objects, once.
Usage cross_barcode_usage() {
  Usage usage;
  usage.synopsis = "cross_barcode";
  usage.groups = {array_kind(), array_comparison(), sampling_options().without({"batch", "trials", "seed"})};
  return usage;
}

/// Does `work` of two arrays without the GIL.
template <class Work>
auto of_points(const NumpyTable& x, const NumpyTable& y, const Work& work) {
  const py::gil_scoped_release release;
  return work(x.points(), y.points());
}
template <class Work>
auto of_distances(const NumpyTable& x, const NumpyTable& y, const Work& work) {
  topology::TableDistances a;
  topology::TableDistances b;
  {
    const py::gil_scoped_release release;
    a = x.distances();
    b = y.distances();
  }
  warn_of(a.roundings, "x");
  warn_of(b.roundings, "y");
  const py::gil_scoped_release release;
  return work(a.distances, b.distances);
}

/// The two, which the library calls A and B, by the names of the arguments.
std::string by_argument(std::string text) {
  if (text.starts_with("A: ") || text.starts_with("A has ")) text[0] = 'x';
  if (text.starts_with("B: ")) text[0] = 'y';
  if (const auto at = text.find(" B has "); at != std::string::npos) text[at + 1] = 'y';
  return text;
}

template <class Work>
auto of_arrays(py::handle x, py::handle y, bool distances, const Work& work) {
  const NumpyTable a(x, "x");
  const NumpyTable b(y, "y");
  try {
    return distances ? of_distances(a, b, work) : of_points(a, b, work);
  } catch (const topology::DegenerateRepresentation& error) {
    const py::object kind = py::module_::import("chronotope._chronotope").attr("DegenerateRepresentation");
    PyErr_SetString(kind.ptr(), by_argument(error.what()).c_str());
    throw py::error_already_set();
  } catch (const InputError& error) {
    throw InputError(by_argument(error.what()));
  }
}

py::tuple bar_arrays(const topology::CrossBarcodes& bars) {
  return py::make_tuple(bar_array(bars.ab), bar_array(bars.ba));
}

Divergence rtd_of_arrays(py::handle x, py::handle y, const py::kwargs& keywords) {
  const auto values = read_keywords(rtd_usage(), keywords);
  const bool distances = values["distances"].as<bool>();
  DivergenceOptions options = read_divergence_options(values, topology::RowCode::kCount, distances);
  read_resampling_options(values, options);
  SignalCheck check;
  return of_arrays(x, y, distances, [&](const auto& a, const auto& b) {
    return divergence(a, b, options, {}, [&](std::size_t, std::size_t) { check(); });
  });
}

py::tuple cross_barcode_of_arrays(py::handle x, py::handle y, const py::kwargs& keywords) {
  read_keywords(cross_barcode_usage(), keywords);  // refuses those that are of rtd alone
  const auto values = read_keywords(rtd_usage(), keywords);
  const bool distances = values["distances"].as<bool>();
  topology::RtdOptions options = read_divergence_options(values, topology::RowCode::kCount, distances).rtd;
  options.batch = std::numeric_limits<std::size_t>::max();
  options.trials = 1;
  const topology::RtdResult result =
      of_arrays(x, y, distances, [&](const auto& a, const auto& b) { return topology::rtd(a, b, options); });
  if (result.barcodes.empty())
    throw InputError("variant: " + values["variant"].as<std::string>() + " makes no bars");
  return bar_arrays(result.barcodes.front());
}

double cka_of_arrays(py::handle x, py::handle y) {
  const NumpyTable a(x, "x");
  const NumpyTable b(y, "y");
  return of_points(a, b, [](const topology::PointCloud& a, const topology::PointCloud& b) {
    if (a.size() != b.size())
      throw InputError("x has " + std::to_string(a.size()) + " rows and y has " + std::to_string(b.size()) +
                       " rows: both must represent the same objects");
    return topology::linear_cka(a, b);
  });
}

py::object interval(const Divergence& result) {
  const RtdReport& report = result.report;
  if (!report.has_mean_interval()) return py::none();
  return py::make_tuple(report.mean_interval().low(), report.mean_interval().high());
}

std::string text_of(const Divergence& result) {
  const RtdReport& report = result.report;
  return fmt::format("<chronotope.Divergence rtd={:.6g} se={:.2g} n={} batch={} trials={}>", report.rtd(),
                     report.se(), report.n(), report.batch(), report.trials());
}

void bind_result(py::module_& module) {
  py::class_<Divergence> result(module, "Divergence",
                                "How far two representations of the same objects are apart.");
  const auto of_report = [&](const char* name, auto get, const char* doc) {
    result.def_property_readonly(
        name, [get](const Divergence& self) { return (self.report.*get)(); }, doc);
  };
  of_report("rtd", &RtdReport::rtd, "Mean over trials of (ab + ba) / 2.");
  of_report("rtd_ab", &RtdReport::rtd_ab, "Mean total length of the bars of x into y.");
  of_report("rtd_ba", &RtdReport::rtd_ba, "Mean total length of the bars of y into x.");
  of_report("sd", &RtdReport::sd, "Standard deviation of the trials' scores; 0 for one trial.");
  of_report("se", &RtdReport::se, "Standard error of rtd; 0 for one trial.");
  of_report("n", &RtdReport::n, "Objects there are.");
  of_report("batch", &RtdReport::batch, "Objects that each trial saw.");
  of_report("trials", &RtdReport::trials, "Trials that were run.");
  of_report("infinite_bars", &RtdReport::infinite_bars,
            "Bars of all trials that never die; they count in no score.");
  bind_as_result(result, "Divergence");
  result
      .def_property_readonly(
          "cka",
          [](const Divergence& self) -> py::object {
            return self.report.has_cka() ? py::float_(self.report.cka()) : py::object(py::none());
          },
          "Linear CKA of all rows; nan where it is undefined, None of distances.")
      .def_property_readonly("interval", interval,
                             "(low, high) of the mean over trials by bootstrap; None of one trial.")
      .def_property_readonly(
          "barcodes", [](const Divergence& self) { return bar_arrays(self.bars); },
          "Bars of the first trial, (ab, ba): float64 arrays of shape (bars, 2) of birth and death.")
      .def(
          "to_dict", [](const Divergence& self) { return message_dict(self.report); },
          "What `chronotope rtd --json` prints of it.")
      .def("__float__", [](const Divergence& self) { return self.report.rtd(); })
      .def("__repr__", text_of);
}

}  // namespace

void bind_divergence(py::module_& module) {
  bind_result(module);
  const std::string rtd_text =
      "rtd(x, y, **options) -> Divergence\n\nRepresentation topology divergence (RTD) of two representations of the same "
      "objects: row i of x and of y is object i.\n\nx, y: real arrays of shape (objects, coordinates), whose numbers of "
      "columns may differ, or distance matrices of shape (objects, objects). C-contiguous float64 is not copied (distance "
      "matrices are). The GIL is released; Ctrl-C ends the work after the trial at hand.\n\nOptions, those of `chronotope "
      "rtd`:\n" +
      keywords_text(rtd_usage());
  module.def("rtd", rtd_of_arrays, py::arg("x"), py::arg("y"), rtd_text.c_str());
  const std::string bars_text =
      "cross_barcode(x, y, **options) -> (ab, ba)\n\nThe R-Cross-Barcodes of all objects of two arrays, whose lengths rtd "
      "adds up: float64 arrays of shape (bars, 2) of birth and death, in units of the normalised distances. Arrays and "
      "options are those of rtd:\n" +
      keywords_text(cross_barcode_usage());
  module.def("cross_barcode", cross_barcode_of_arrays, py::arg("x"), py::arg("y"), bars_text.c_str());
  module.def(
      "cka", cka_of_arrays, py::arg("x"), py::arg("y"),
      "cka(x, y) -> float\n\nLinear centred kernel alignment of two representations of the same objects (Kornblith "
      "et al. 2019), in [0, 1]; nan when the rows of one are all equal.\n\nx, y: real arrays of shape (objects, "
      "coordinates). C-contiguous float64 is not copied; the GIL is released.");
}

}  // namespace chronotope::apps
