// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pybind11/numpy.h>

#include <span>
#include <string>
#include <string_view>

#include "chronotope/topology/distances/distance_table.hpp"
#include "chronotope/topology/representation/point_cloud.hpp"

namespace chronotope::apps {

/// What NumPy makes of it. Throws TypeError unless its dtype is of one of `kinds` (numpy.dtype.kind).
pybind11::array as_array(pybind11::handle object, const std::string& name, std::string_view kinds = "biuf",
                         const std::string& allowed = "real numbers");

/// A two-dimensional array of real numbers that Python hands over. One of C-contiguous float64 is looked at where it
/// is; all else that NumPy makes an array of (other types and strides, lists) is copied. Lives with the GIL held.
class NumpyTable {
 public:
  /// `name` is the argument's, for errors. Throws TypeError for anything but real numbers, InputError for another
  /// number of dimensions or no rows.
  NumpyTable(pybind11::handle object, std::string name);

  /// A view of the array. Needs no GIL. Throws InputError that begins with the argument's name.
  topology::PointCloud points() const;
  /// A copy; what was taken for a rounding is told. Needs no GIL. Throws InputError in the same way.
  topology::TableDistances distances() const;

 private:
  using Doubles = pybind11::array_t<double, pybind11::array::c_style | pybind11::array::forcecast |
                                                pybind11::detail::npy_api::NPY_ARRAY_ALIGNED_>;

  template <class Make>
  auto named(const Make& make) const;

  Doubles array_;
  std::string name_;
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  std::span<const double> values_;
};

/// A RuntimeWarning of what was taken for a rounding in the argument `name`, if anything was. Needs the GIL.
void warn_of(const topology::TableRoundings& roundings, const std::string& name);

}  // namespace chronotope::apps
