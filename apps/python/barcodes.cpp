// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "chronotope/apps/options/filtration_options.hpp"
#include "chronotope/apps/python/bar_array.hpp"
#include "chronotope/apps/python/bindings.hpp"
#include "chronotope/apps/python/keyword_options.hpp"
#include "chronotope/apps/python/numpy_table.hpp"
#include "chronotope/topology/distances/point_distances.hpp"

namespace chronotope::apps {
namespace py = pybind11;

namespace {

Usage barcode_usage() {
  Usage usage;
  usage.synopsis = "barcode";
  usage.groups = {{"Arrays", {{"distances", Flag(), "x is a distance matrix"}}}, filtration_options()};
  return usage;
}

py::list barcode_of_array(py::handle x, const py::kwargs& keywords) {
  const auto values = read_keywords(barcode_usage(), keywords);
  const topology::PersistenceOptions options = read_persistence_options(values);
  const topology::Metric metric = read_metric(values);
  const bool distances = values["distances"].as<bool>();
  const NumpyTable table(x, "x");
  std::vector<topology::Barcode> barcodes;
  topology::TableRoundings roundings;
  {
    const py::gil_scoped_release release;
    if (distances) {
      const topology::TableDistances read = table.distances();
      roundings = read.roundings;
      barcodes = topology::persistence(read.distances, options);
    } else {
      barcodes = topology::persistence(topology::distances(table.points(), metric), options);
    }
  }
  warn_of(roundings, "x");
  py::list by_degree;
  for (const topology::Barcode& barcode : barcodes) by_degree.append(bar_array(barcode));
  return by_degree;
}

}  // namespace

void bind_barcodes(py::module_& module) {
  const std::string text =
      "barcode(x, **options) -> list of arrays\n\nPersistent homology of the Vietoris-Rips filtration, by degree: float64 "
      "arrays of shape (bars, 2) of birth and death, inf for a bar that never dies.\n\nx: a real array of shape (points, "
      "coordinates), or a distance matrix of shape (points, points). C-contiguous float64 points are not copied; the GIL "
      "is released.\n\nOptions, those of `chronotope barcode`:\n" +
      keywords_text(barcode_usage());
  module.def("barcode", barcode_of_array, py::arg("x"), text.c_str());
}

}  // namespace chronotope::apps
