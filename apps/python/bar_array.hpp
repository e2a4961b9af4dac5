// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pybind11/numpy.h>

#include "chronotope/topology/homology/barcode.hpp"

namespace chronotope::apps {

/// A row (birth, death) for each bar, in the order of the barcode; death is inf for one that never dies.
inline pybind11::array_t<double> bar_array(const topology::Barcode& barcode) {
  pybind11::array_t<double> array({static_cast<pybind11::ssize_t>(barcode.size()), pybind11::ssize_t{2}});
  double* at = array.mutable_data();
  for (const topology::Bar& bar : barcode.bars()) {
    *at++ = bar.birth;
    *at++ = bar.death;
  }
  return array;
}

}  // namespace chronotope::apps
