// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/apps/runs/train_errors.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/events/clock/clock_options.hpp"
#include "chronotope/proto/accuracy.pb.h"
#include "chronotope/proto/spec_codec.hpp"

namespace chronotope::apps {

/// What `compare` runs.
struct AccuracyPlan {
  std::vector<events::ClockOptions> clocks;
  TrainMeasures measures;
  bool open_loop = false;
  bool chaos = true;
  double perturbation = 1e-10;  // [ms]
  double tolerance = 0.1;       // of 95 % of the spike times [ms]
  double unmatched = 0.05;      // share of the reference's spikes that may be missed or extra
};

/// What was measured, and why no more was: a run after the reference that met a state it can not follow. The
/// report then holds the clocks before it, and counts as interrupted.
struct MeasuredAccuracy {
  AccuracyReport report;
  std::optional<InputError> breakdown;
};

/// One run of the reference and one per clock. The reference is the event-driven engine; where a model has no
/// exact event form, the Runge-Kutta rule with cubic interpolation at a tenth of the smallest dt.
/// `on_progress` is told the share of all runs that is done, and what runs. Stops early at an interrupt, with
/// what is complete. Throws InputError when the reference breaks down.
MeasuredAccuracy measure_accuracy(
    const proto::DecodedSpec& spec, const AccuracyPlan& plan,
    const std::function<void(double share, const std::string& what)>& on_progress);

}  // namespace chronotope::apps
