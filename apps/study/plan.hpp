// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/apps/study/cell.hpp"

namespace chronotope::apps {

/// One question of a study: does one network lie farther from some others than these from each other? Either
/// the one is homogeneous and the others have the constants of one part drawn, each for itself; or the one is
/// supervised and the others learnt by STDP: het ones draw by draw, the hom one in two orders.
struct Contrast {
  std::optional<Varied> part;  // none: against supervised
  Condition hom;               // or supervised
  std::vector<Condition> het;  // draws, or orders

  std::string name() const;       ///< "MM-MH", "MM-MH.cv0.2"
  std::string described() const;  ///< "het against hom STDP"
};

/// What is asked for.
struct StudyRequest {
  std::vector<Condition> conditions;
  std::size_t wirings = 8;
  std::uint32_t draws = 2;      // of the constants of a heterogeneous part, at least 2
  std::vector<double> cvs{};    // of a sweep
  std::size_t checkpoints = 0;  // of the curves over training, besides its begin and end
};

/// Conditions and contrasts of a study. A contrast is made of every two conditions asked for that differ in
/// one part, M in one and H in the other, and of every supervised one with those of STDP on the same neurons
/// and delays; redraws, other orders, points of the sweep and checkpoints are added.
struct StudyPlan {
  std::vector<Condition> conditions;  // without repetition
  std::vector<Contrast> contrasts;    // asked for, then those of the sweep
  std::vector<double> checkpoints;    // shares of the training between 0 and 1
  std::size_t wirings = 0;

  /// The condition of this name, if there is one.
  const Condition* find(const std::string& name) const;
};

StudyPlan make_plan(const StudyRequest& request);

}  // namespace chronotope::apps
