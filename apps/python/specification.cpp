// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/python/specification.hpp"

#include <string>

namespace chronotope::apps {
namespace py = pybind11;

namespace {

bool is_path(const std::string& text) { return text.find_first_of("\n{") == std::string::npos; }

/// Numbers and arrays of NumPy become those of JSON.
std::string json_of(py::handle dictionary) {
  const py::cpp_function listed([](py::handle value) { return value.attr("tolist")(); });
  return py::module_::import("json")
      .attr("dumps")(dictionary, py::arg("default") = listed)
      .cast<std::string>();
}

void read_text(const std::string& text, proto::SpecText& spec) {
  if (is_path(text))
    proto::read_spec(text, spec);
  else
    proto::parse_spec(text, "specification", spec);
}

}  // namespace

void read_specification(py::handle object, proto::SpecText& spec) {
  if (py::hasattr(object, "to_specification"))
    read_specification(object.attr("to_specification")(), spec);
  else if (py::isinstance<py::str>(object))
    read_text(object.cast<std::string>(), spec);
  else if (py::isinstance<py::bytes>(object))
    proto::parse_spec(object.cast<std::string>(), "specification", spec);
  else if (py::isinstance<py::dict>(object))
    proto::parse_spec(json_of(object), "specification.json", spec);
  else if (py::hasattr(object, "SerializeToString"))
    proto::parse_spec(object.attr("SerializeToString")().cast<std::string>(), "specification.pb", spec);
  else if (py::hasattr(object, "__fspath__"))
    proto::read_spec(object.attr("__fspath__")().cast<std::string>(), spec);
  else
    throw py::type_error("specification: must be a path, text, bytes, a dict, a message or a Network");
}

}  // namespace chronotope::apps
