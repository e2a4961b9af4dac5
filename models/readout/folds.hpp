// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "chronotope/models/readout/feature_table.hpp"

namespace chronotope::models {

/// One part of the examples to be scored by what is fitted on all others.
struct Fold {
  Rows training;
  Rows test;
};

/// k parts with nearly equal shares of every class. `units` says what must not be torn apart: examples of one
/// unit (the same recording, presented twice) are all in one part. The units of each class, that of their
/// first example, are shuffled by the seed and dealt to the parts in turn. With fewer units than k there are
/// as many parts as units. Requires: k >= 2; units.size() == classes.size().
std::vector<Fold> stratified_folds(const Classes& classes, std::span<const std::uint32_t> units,
                                   std::size_t k, std::uint64_t seed);

/// One part per group (the recordings of one speaker), in the order of the groups' names: what is fitted on
/// the others has never met the group.
std::vector<Fold> leave_one_group_out(std::span<const std::string> groups);

}  // namespace chronotope::models
