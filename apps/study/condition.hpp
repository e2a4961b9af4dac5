// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "chronotope/apps/runs/heterogeneity.hpp"

namespace chronotope::apps {

/// How a network learns.
enum class Learning : std::uint8_t {
  kNone,           ///< not at all
  kHomogeneous,    ///< by its rules, every constant at its mean
  kHeterogeneous,  ///< by its rules, with the constants drawn per synapse
  kSurrogate,      ///< the labels, by surrogate gradients on a grid, as `train` does
  kEventExact,     ///< the labels, by gradients through exact spike times
};

/// What is changed in a condition to measure how much such a change moves a representation.
enum class Control : std::uint8_t {
  kNone,
  kOrder,     ///< another order of the stimuli that are learnt
  kJitter,    ///< their spikes moved by 1e-11 ms: learning is chaotic
  kPermuted,  ///< their channels permuted: is anything about the stimuli learnt?
  kGain,      ///< not trained, but every plastic weight at the mean of the trained ones
};

/// One way to make and train a network, the same for every seed. Its name is CODE[.control][.cvX][.PARTk]
/// [.atX] with CODE of method.md 1.2: neurons hom or het (M, H), STDP hom or het (M, H), none (U) or instead
/// of it gradients, surrogate or event-exact (S, E), and maybe delays hom or het (M, H; as written when left out). "MH.order" is heterogeneous STDP on homogeneous
/// neurons, trained in another order; "MH.learning2" has its constants drawn anew.
struct Condition {
  bool neurons = false;  ///< heterogeneous
  Learning learning = Learning::kHeterogeneous;
  std::optional<bool> delays{};  ///< heterogeneous; nothing: as written
  Control control = Control::kNone;
  std::optional<double> cv{};            ///< of the learning constants; nothing: as written
  std::optional<Varied> redrawn_part{};  ///< whose constants are drawn anew
  std::uint32_t draw = 1;                ///< which draw of that part, 1 being that of the other conditions
  double trained = 1;                    ///< share of the training that is seen

  std::string code() const;
  std::string name() const;
  /// What a reader calls it: "het STDP, another order".
  std::string described() const;
  bool is_trained() const { return learning != Learning::kNone && control != Control::kGain; }
  bool is_supervised() const { return learning == Learning::kSurrogate || learning == Learning::kEventExact; }
  bool has_stdp() const { return is_trained() && !is_supervised(); }

  Condition with(Control other) const;
  Condition redrawn(Varied part, std::uint32_t number) const;
  Condition untrained() const;
};

/// Reads CODE or CODE.control, control being order, jitter, permuted or gain. Throws FieldError (of
/// --conditions) for anything else.
Condition parse_condition(const std::string& name);

const char* name_of(Varied part);  ///< learning, neurons, delays

}  // namespace chronotope::apps
