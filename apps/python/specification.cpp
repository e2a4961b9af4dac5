// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/python/specification.hpp"

#include <string>

#include "chronotope/apps/python/python_text.hpp"

namespace chronotope::apps {
namespace py = pybind11;

namespace {

bool is_path(const std::string& text) { return text.find_first_of("\n{") == std::string::npos; }

bool is_mapping(py::handle object) {
  return py::isinstance(object, py::module_::import("collections.abc").attr("Mapping"));
}

/// What JSON has no form for: numbers and arrays of NumPy, paths, other mappings.
py::object plain(py::handle value) {
  if (py::hasattr(value, "tolist")) return value.attr("tolist")();
  if (py::hasattr(value, "__fspath__")) return py::str(path_text(value));
  if (is_mapping(value)) return py::dict(py::reinterpret_borrow<py::object>(value));
  throw py::type_error("specification: " + utf8(py::repr(value)) + " can not stand in it");
}

std::string json_of(py::handle mapping) {
  return utf8(py::module_::import("json").attr("dumps")(py::dict(py::reinterpret_borrow<py::object>(mapping)),
                                                        py::arg("default") = py::cpp_function(plain)));
}

std::string bytes_of(py::handle message) {
  const py::object bytes = message.attr("SerializeToString")();
  if (!py::isinstance<py::bytes>(bytes))
    throw py::type_error("specification: SerializeToString() gives no bytes");
  return bytes.cast<std::string>();
}

void read_text(const std::string& text, proto::SpecText& spec) {
  if (is_path(text))
    proto::read_spec(text, spec);
  else
    proto::parse_spec(text, "specification", spec);
}

void read_plain(py::handle object, proto::SpecText& spec) {
  if (py::isinstance<py::str>(object))
    read_text(utf8(object), spec);
  else if (py::isinstance<py::bytes>(object))
    proto::parse_spec(object.cast<std::string>(), "specification", spec);
  else if (is_mapping(object))
    proto::parse_spec(json_of(object), "specification.json", spec);
  else if (py::hasattr(object, "SerializeToString"))
    proto::parse_spec(bytes_of(object), "specification.pb", spec);
  else if (py::hasattr(object, "__fspath__"))
    proto::read_spec(path_text(object), spec);
  else
    throw py::type_error("specification: must be a path, text, bytes, a mapping, a message or a Network");
}

}  // namespace

void read_specification(py::handle object, proto::SpecText& spec) {
  if (py::hasattr(object, "to_specification"))
    read_plain(object.attr("to_specification")(), spec);
  else
    read_plain(object, spec);
}

}  // namespace chronotope::apps
