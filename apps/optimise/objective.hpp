// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "chronotope/core/time.hpp"
#include "chronotope/models/readout/read_out.hpp"
#include "chronotope/topology/representation/row_code.hpp"

namespace chronotope::apps {

/// How stimuli are read out.
struct ReadOutChoice {
  models::ReadOutMethod method = models::ReadOutMethod::kRidge;
  topology::RowCode code = topology::RowCode::kCount;
};

/// A number of a finished cell that is to be as large, as small or as near to some value as it can be:
///     read-out               five-fold accuracy of a linear read-out of all neurons, on the probes of the stream or,
///                            without any, on all stimuli; 0 where all answers are equal
///     loss, training_accuracy, validation_accuracy   of the last epoch of a training
///     POPULATION.FIGURE      rate_hz, cv_isi, fano, correlation or synchrony of docs/statistics.md
class Objective {
 public:
  /// `goal` is max, min or a number; `verb` runs the cells. Throws InputError of --objective and --goal for what is
  /// none, and for a figure of training that `verb` does not have.
  Objective(std::string name, std::string goal, const std::string& verb, ReadOutChoice read_out, Time from);

  const std::string& name() const { return name_; }
  const std::string& goal() const { return goal_; }

  /// What the stream says; nothing where the figure is undefined (docs/statistics.md). Errors: InputError of a
  /// stream that can not be read or has no such population, stimuli, or validation.
  std::optional<double> of(const std::string& stream) const;
  /// The larger the better.
  double merit(double value) const;

 private:
  double read_out(const std::string& stream) const;
  double of_training(const std::string& stream) const;
  std::optional<double> of_population(const std::string& stream) const;

  std::string name_;
  std::string goal_;
  ReadOutChoice read_out_;
  Time from_;
  std::string population_;  // of POPULATION.FIGURE
  std::string figure_;
  std::optional<double> target_;
};

}  // namespace chronotope::apps
