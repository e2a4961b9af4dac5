// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace chronotope::apps {

/// A path of a specification, as in --set, and the numbers from which one is to be chosen for it.
struct TunedRange {
  std::string path;
  double low = 0;
  double high = 0;
  bool is_logarithmic = false;  ///< even in the logarithm
  bool is_whole = false;        ///< the field takes whole numbers

  /// The number at that share of the range, as text of at most six digits, inside the range.
  std::string value(double share) const;
  /// "population.E.I_e=400", for --set.
  std::string assignment(double share) const { return path + "=" + value(share); }
};

/// Reads "PATH=LOW:HIGH" or "PATH=LOW:HIGH:log", each path once. Throws InputError of --over for anything else:
/// ends that are no finite numbers, LOW >= HIGH, a logarithmic range that does not begin above 0.
std::vector<TunedRange> read_tuned_ranges(const std::vector<std::string>& texts);

}  // namespace chronotope::apps
