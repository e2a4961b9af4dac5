// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pybind11/numpy.h>

#include <memory>
#include <utility>
#include <vector>

namespace chronotope::apps {

/// A one-dimensional array that takes the rows over, without a copy.
template <class T>
pybind11::array_t<T> row_array(std::vector<T> rows) {
  auto kept = std::make_unique<std::vector<T>>(std::move(rows));
  const std::vector<T>& held = *kept;
  const pybind11::capsule owner(kept.release(), [](void* p) { delete static_cast<std::vector<T>*>(p); });
  return pybind11::array_t<T>(static_cast<pybind11::ssize_t>(held.size()), held.data(), owner);
}

}  // namespace chronotope::apps
