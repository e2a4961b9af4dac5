// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "chronotope/core/time.hpp"
#include "chronotope/events/codes/frame_code.hpp"
#include "chronotope/proto/encoder_plan.pb.h"

namespace chronotope::apps {

/// A population of a plan and how its channels tell their numbers.
struct PlannedCode {
  std::string population;
  std::unique_ptr<events::FrameCode> code;
};

/// The time of one number. Throws InputError that names `file`, field and range.
Duration frame_of(const EncoderPlan& plan, const std::string& file);

/// One for each population. Throws InputError that names `file`, field, value and range.
std::vector<PlannedCode> planned_codes(const EncoderPlan& plan, const std::string& file);

}  // namespace chronotope::apps
