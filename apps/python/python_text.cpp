// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/python/python_text.hpp"

#include "chronotope/core/error.hpp"

namespace chronotope::apps {
namespace py = pybind11;

std::string utf8(py::handle text) {
  py::ssize_t size = 0;
  const char* const bytes = PyUnicode_AsUTF8AndSize(text.ptr(), &size);
  if (bytes == nullptr) {
    PyErr_Clear();
    throw InputError(py::str(py::module_::import("builtins").attr("ascii")(text)).cast<std::string>() +
                     ": is no UTF-8");
  }
  const std::string found(bytes, static_cast<std::size_t>(size));
  if (found.find('\0') != std::string::npos) throw py::value_error("embedded null byte");
  return found;
}

std::string path_text(py::handle path) { return utf8(py::module_::import("os").attr("fsdecode")(path)); }

}  // namespace chronotope::apps
