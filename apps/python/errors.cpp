// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/python/bindings.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/topology/distances/distance_matrix.hpp"

namespace chronotope::apps {
namespace py = pybind11;

void bind_errors(py::module_& module) {
  // The latest that is registered is asked first.
  py::register_exception<Failure>(module, "Failure", PyExc_RuntimeError);
  const auto input_error = py::register_exception<InputError>(module, "InputError", PyExc_ValueError);
  py::register_exception<topology::DegenerateRepresentation>(module, "DegenerateRepresentation", input_error);
  py::register_exception_translator([](std::exception_ptr thrown) {
    try {
      std::rethrow_exception(thrown);
    } catch (const Interrupted&) {
      PyErr_SetNone(PyExc_KeyboardInterrupt);
    }
  });
  module.attr("Failure").attr("__doc__") = "The input may be fine, but the work could not be done.";
  module.attr("InputError").attr("__doc__") =
      "The input is wrong: names file, field, value and allowed range.";
  module.attr("DegenerateRepresentation").attr("__doc__") =
      "The rows of a representation (nearly) all coincide, so that it has no scale: a missing value, never 0.";
}

}  // namespace chronotope::apps
