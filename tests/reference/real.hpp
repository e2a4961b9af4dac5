// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/multiprecision/cpp_bin_float.hpp>

namespace chronotope::reference {

/// What the reference computes in: 50 decimal digits. It shares no code with the product.
using Real = boost::multiprecision::cpp_bin_float_50;

}  // namespace chronotope::reference
