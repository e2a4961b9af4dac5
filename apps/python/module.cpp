// SPDX-License-Identifier: Apache-2.0
// The module `_chronotope`, which the package `chronotope` is made of: arrays and keywords in, the program's own
// functions, arrays and dictionaries out.
#include <google/protobuf/stubs/logging.h>

#include "chronotope/apps/python/bindings.hpp"

PYBIND11_MODULE(_chronotope, module) {
  using namespace chronotope::apps;
  namespace py = pybind11;
  py::options options;
  options.disable_function_signatures();     // the docstrings have better ones
  google::protobuf::SetLogHandler(nullptr);  // what it objects to is told in one line of our own
  module.attr("__version__") = CHRONOTOPE_VERSION;
  bind_errors(module);
  bind_divergence(module);
  bind_barcodes(module);
  bind_simulation(module);
  bind_streams(module);
  bind_verbs(module);
}
