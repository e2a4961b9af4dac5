// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/message.h>

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/apps/optimise/tuned_range.hpp"
#include "chronotope/core/distribution.hpp"
#include "chronotope/models/search/distribution_ranks.hpp"
#include "chronotope/models/search/parameter_search.hpp"
#include "chronotope/proto/text_spec.hpp"

namespace chronotope::apps {

/// A specification some numbers of which are chosen, and how far apart two choices are: every distribution that a
/// range reaches is a group whose distance is Wasserstein's, in units of what the ranges do to it alone, from end to
/// end, around the middle of all; by logarithms where a range is logarithmic and the distribution allows it. A
/// number that is in no distribution, or does not move one (its bounds), is a group by itself, from 0 to 1.
///
/// A random search has no distances and needs none.
class TunedNetwork {
 public:
  /// Finds the ranges' fields in the file `spec`, after `changes` of --set. Errors: those of reading the
  /// specification; InputError for a path that takes no number.
  TunedNetwork(const std::string& spec, const std::vector<std::string>& changes,
               const std::vector<TunedRange>& ranges);

  /// The ranges, of which those of whole numbers say so.
  const std::vector<TunedRange>& ranges() const { return ranges_; }
  /// Looks at this network, which must outlive it and is changed by it. Requires: decode() takes the ends of all
  /// ranges.
  models::SearchSpace space();

 private:
  struct Place {
    google::protobuf::Message* message;
    const google::protobuf::FieldDescriptor* field;
  };
  /// A distribution at both ends of a range.
  struct Ends {
    ParameterDistribution low;
    ParameterDistribution high;
    bool have_logarithms;
    bool by_logarithm;  // the range moves it and is logarithmic
  };
  /// A distribution that some ranges move.
  struct Moved {
    const Distribution* distribution;
    models::RankScale scale;
    double unit;
  };

  void find_places(const std::vector<std::string>& changes);
  void put(std::size_t range, double share);
  void put_all(double share);
  void find_groups();
  Ends ends_of(const Distribution& distribution, std::size_t range);
  static models::RankScale scale_of(const std::vector<Ends>& ends);
  std::vector<double> place(std::span<const double> point);

  proto::SpecText text_;
  std::vector<TunedRange> ranges_;
  std::vector<Place> places_;
  std::vector<Moved> moved_;
  std::vector<std::size_t> single_;  // ranges that are groups
};

}  // namespace chronotope::apps
