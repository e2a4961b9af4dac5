// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pybind11/pybind11.h>

namespace chronotope::apps {

// What the module is made of, one source each.

void bind_errors(pybind11::module_& module);
void bind_divergence(pybind11::module_& module);
void bind_barcodes(pybind11::module_& module);
void bind_simulation(pybind11::module_& module);
void bind_streams(pybind11::module_& module);
void bind_verbs(pybind11::module_& module);

}  // namespace chronotope::apps
