// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chronotope/core/time.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {

/// A recording as currents instead of spikes: channel c's is u times the largest amplitude in every frame, u in [0, 1]
/// its number, and 0 outside of stimuli. As the table that `current { path }` of a specification reads, with a row
/// where an amplitude is another than before.
class DirectCurrent {
 public:
  /// `largest` in pA.
  DirectCurrent(const std::string& path, double largest);

  /// A stimulus: numbers u by channel and frame. Requires: in order of time, apart or one at the other's end.
  void write(Time onset, Duration frame, const std::vector<std::vector<double>>& numbers);
  /// The last one is over.
  void close();

 private:
  void end_stimulus();
  void set(std::size_t channel, Time time, double amplitude);

  proto::Output table_;
  double largest_;
  std::vector<double> amplitude_;  // by channel [pA]
  Time end_;                       // of the latest stimulus
};

}  // namespace chronotope::apps
