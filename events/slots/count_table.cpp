// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/slots/count_table.hpp"

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <limits>

namespace chronotope::events {
namespace {

using Real = boost::multiprecision::cpp_bin_float_50;

/// The last word of each count: P(at most n) 2^64 - 1, rounded down.
std::vector<std::uint64_t> invert(double mean) {
  const Real words = ldexp(Real(1), 64);
  std::vector<std::uint64_t> last;
  Real probability = exp(Real(-mean));
  for (Real at_most = probability; at_most * words < words - 1; at_most += probability) {
    last.push_back(static_cast<std::uint64_t>(Real(at_most * words)) - 1);
    probability *= mean / Real(last.size());
  }
  last.push_back(std::numeric_limits<std::uint64_t>::max());
  return last;
}

}  // namespace

CountTable::CountTable(double mean) : last_(invert(mean)) {
  std::size_t n = 0;
  for (std::size_t cell = 0; cell < guide_.size(); ++cell) {
    while (std::uint64_t{cell} << kShift > last_[n]) ++n;
    guide_[cell] = static_cast<std::uint8_t>(n);
  }
}

}  // namespace chronotope::events
