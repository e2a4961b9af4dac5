// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/python/numpy_table.hpp"

#include <string_view>
#include <utility>

#include "chronotope/apps/comparison/table_file.hpp"
#include "chronotope/core/error.hpp"

namespace chronotope::apps {
namespace py = pybind11;

py::array as_array(py::handle object, const std::string& name, std::string_view kinds,
                   const std::string& allowed) {
  py::array array;
  try {
    array = py::array(py::reinterpret_borrow<py::object>(object));
  } catch (py::error_already_set& error) {  // what else the object's own code throws is its own
    if (!error.matches(PyExc_ValueError) && !error.matches(PyExc_TypeError)) throw;
    throw py::type_error(name + ": is no array");
  }
  if (kinds.find(array.dtype().kind()) == std::string_view::npos)
    throw py::type_error(name + ": dtype " + py::str(array.dtype()).cast<std::string>() +
                         " is not allowed (must be " + allowed + ")");
  return array;
}

NumpyTable::NumpyTable(py::handle object, std::string name) : name_(std::move(name)) {
  const py::array array = as_array(object, name_);
  if (array.ndim() != 2)
    throw InputError(name_ + ": " + std::to_string(array.ndim()) +
                     " dimensions are not allowed (must be 2: a row for each object)");
  array_ = Doubles::ensure(array);
  if (!array_) throw py::error_already_set();
  rows_ = static_cast<std::size_t>(array_.shape(0));
  columns_ = static_cast<std::size_t>(array_.shape(1));
  values_ = {array_.data(), rows_ * columns_};
  if (rows_ == 0) throw InputError(name_ + ": has no rows");
}

template <class Make>
auto NumpyTable::named(const Make& make) const {
  try {
    return make();
  } catch (const InputError& error) {
    throw InputError(name_ + ": " + error.what());
  }
}

topology::PointCloud NumpyTable::points() const {
  return named([&] { return topology::PointCloud::view(rows_, columns_, values_); });
}

void warn_of(const topology::TableRoundings& roundings, const std::string& name) {
  if (!roundings.any()) return;
  const std::string text = name + ": " + to_text(roundings);
  if (PyErr_WarnEx(PyExc_RuntimeWarning, text.c_str(), 1) != 0) throw py::error_already_set();
}

topology::TableDistances NumpyTable::distances() const {
  return named([&] {
    return topology::distances_of_table({rows_, columns_, 0, {values_.begin(), values_.end()}});
  });
}

}  // namespace chronotope::apps
