// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "chronotope/apps/report/plot.hpp"
#include "chronotope/core/time.hpp"
#include "chronotope/proto/stream.pb.h"

namespace chronotope::apps {

/// What pictures of a stream need. Memory does not grow with the stream's length but for one histogram per
/// snapshot and projection.
struct StreamDigest {
  struct Spike {
    double ms;
    std::uint32_t neuron;  // numbered through all populations
  };
  struct Mark {
    double from_ms;
    double until_ms;
    std::string label;
  };
  struct Histogram {
    double snapshot_ms = 0;
    std::vector<double> counts;
  };
  struct Projection {
    std::string source;
    std::string target;
    std::string unit;  // of its weights: pA, or mV where they are jumps of the potential
    std::uint64_t synapses = 0;
    Range weights;  // of all snapshots; one histogram covers it
    std::vector<Histogram> histograms;
  };
  struct PopulationActivity {
    std::string name;
    std::uint32_t size = 0;
    std::uint32_t first_neuron = 0;
    std::vector<double> rate_hz;  // per neuron, in equal parts of the run; empty for inputs
  };

  Header header;
  double until_ms = 0;
  Range raster_window;
  std::vector<Spike> raster;       // spikes of every `raster_stride`-th neuron in that window
  std::vector<Mark> raster_marks;  // stimuli in that window
  std::uint32_t raster_stride = 1;
  std::uint32_t neurons = 0;
  std::vector<PopulationActivity> populations;  // as in the header, which lists inputs behind them
  std::map<std::uint32_t, Projection> plastic;  // by number
};

/// Reads a file twice: for the ranges, then for what falls into them. The raster shows up to 2,000 ms from
/// the first probe (or the first stimulus, or 0) on. Errors: InputError as FrameReader's, and for a pipe.
StreamDigest read_digest(const std::string& path);

}  // namespace chronotope::apps
