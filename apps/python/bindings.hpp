// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pybind11/pybind11.h>

#include <string>

namespace chronotope::apps {

// What the module is made of, one source each.

void bind_errors(pybind11::module_& module);
void bind_divergence(pybind11::module_& module);
void bind_barcodes(pybind11::module_& module);
void bind_simulation(pybind11::module_& module);
void bind_streams(pybind11::module_& module);
void bind_verbs(pybind11::module_& module);

/// Older protocols of pickle would make an object without its contents.
template <class Class>
void bind_unpicklable(Class& bound, const std::string& name) {
  bound.def("__reduce__", [name](const pybind11::object&) -> pybind11::object {
    throw pybind11::type_error("cannot pickle '" + name + "' object");
  });
}

/// An object that functions return: it is not made by its class and can not be pickled.
template <class Class>
void bind_as_result(Class& result, const std::string& name) {
  result.def_static("__new__", [name](const pybind11::args&, const pybind11::kwargs&) -> pybind11::object {
    throw pybind11::type_error("cannot create '" + name + "' instances");
  });
  bind_unpicklable(result, name);
}

}  // namespace chronotope::apps
