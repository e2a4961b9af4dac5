// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "chronotope/apps/report/plot.hpp"
#include "chronotope/proto/network_spec.pb.h"

namespace chronotope::apps {

/// What one pair of spikes changes under pair_stdp, in shares of w_max - w_min, against t_post - t_pre [ms]:
/// A_plus exp(-dt/tau_plus) from 0 on, -A_minus exp(dt/tau_minus) before.
struct StdpWindow {
  std::vector<PlotPoint> mean;  ///< every constant at its mean
  std::vector<PlotPoint> less;  ///< at its mean less a standard deviation, not below 0; empty without spread
  std::vector<PlotPoint> more;  ///< at its mean and a standard deviation
};

/// Of a projection under pair_stdp, from -100 to 100 ms; nothing under another rule or none.
std::optional<StdpWindow> stdp_window(const Projection& projection);

}  // namespace chronotope::apps
