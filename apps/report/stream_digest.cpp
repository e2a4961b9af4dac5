// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/report/stream_digest.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "chronotope/core/error.hpp"
#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/proto/spike_codec.hpp"

namespace chronotope::apps {
namespace {

constexpr std::size_t kRateParts = 120;
constexpr std::size_t kWeightParts = 40;
constexpr double kRasterMs = 2000;
constexpr std::uint32_t kRasterRows = 400;
constexpr std::size_t kMostRasterSpikes = 20000;

std::size_t part_of(double x, const Range& range, std::size_t parts) {
  const double part = (x - range.low) / range.width() * static_cast<double>(parts);
  return std::min(parts - 1, static_cast<std::size_t>(std::max(0.0, part)));
}

const PopulationInfo& population(const StreamDigest& digest, std::uint32_t p) {
  return digest.header.population(static_cast<int>(p));
}

/// First pass: how long the run is, when the first stimulus of interest begins, how far weights reach.
class RangeFinder {
 public:
  explicit RangeFinder(StreamDigest& digest) : digest_(digest) {}

  void take(const Envelope& envelope) {
    if (envelope.has_stimulus()) take(proto::decode(envelope.stimulus()));
    if (envelope.has_synapses()) take(envelope.synapses());
    if (envelope.has_snapshot())
      digest_.until_ms = std::max(digest_.until_ms, proto::decode(envelope.snapshot().time()).to_ms());
    if (envelope.has_weights()) take(envelope.weights());
    if (envelope.has_summary()) digest_.until_ms = std::max(digest_.until_ms, envelope.summary().until_ms());
    if (envelope.has_spikes()) take(envelope.spikes());
  }

  void finish() {
    if (!(digest_.until_ms > 0)) digest_.until_ms = 1;
    const double begin = std::min(begin_ms_, std::max(0.0, digest_.until_ms - kRasterMs));
    digest_.raster_window = {begin, std::min(digest_.until_ms, begin + kRasterMs)};
    for (auto& [number, projection] : digest_.plastic)
      projection.weights = range_of({projection.weights.low, projection.weights.high}, false);
  }

 private:
  void take(const proto::Stimulus& stimulus) {
    const bool better = !any_ || (stimulus.phase == PROBE && !probe_);
    if (better) begin_ms_ = stimulus.onset.to_ms();
    any_ = true;
    probe_ = probe_ || stimulus.phase == PROBE;
  }
  void take(const Synapses& chunk) {
    if (!chunk.plastic()) return;
    auto [found, added] = digest_.plastic.try_emplace(chunk.projection());
    StreamDigest::Projection& projection = found->second;
    if (added) projection.weights = {HUGE_VAL, -HUGE_VAL};
    projection.source = population(digest_, chunk.source_population()).name();
    projection.target = population(digest_, chunk.target_population()).name();
    projection.unit = unit_of(chunk.target_population());
    projection.synapses += static_cast<std::uint64_t>(chunk.source_size());
  }
  /// Of the weights onto a population.
  const char* unit_of(std::uint32_t target) const {
    const auto& populations = digest_.header.spec().population();
    if (static_cast<int>(target) >= populations.size()) return "";
    const Population& population = populations[static_cast<int>(target)];
    return population.has_delta_lif() ? "mV" : "pA";
  }
  void take(const Weights& chunk) {
    const auto found = digest_.plastic.find(chunk.projection());
    if (found == digest_.plastic.end()) return;
    Range& range = found->second.weights;
    for (const double w : chunk.weight()) range = {std::min(range.low, w), std::max(range.high, w)};
  }
  void take(const SpikeBlock& block) {
    if (block.ticks_size() == 0) return;
    const double last =
        block.epoch() * kEpochMs + Offset{static_cast<double>(block.ticks(block.ticks_size() - 1))}.ms();
    digest_.until_ms = std::max(digest_.until_ms, last);
  }

  StreamDigest& digest_;
  double begin_ms_ = 0;
  bool any_ = false;
  bool probe_ = false;
};

/// Second pass: what falls into the ranges.
class Collector {
 public:
  explicit Collector(StreamDigest& digest) : digest_(digest) {
    const Range run{0, digest.until_ms};
    part_ms_ = run.width() / static_cast<double>(kRateParts);
  }

  void take(const Envelope& envelope) {
    if (envelope.has_stimulus()) take(proto::decode(envelope.stimulus()));
    if (envelope.has_spikes()) take(envelope.spikes());
    if (envelope.has_snapshot()) snapshot_ms_ = proto::decode(envelope.snapshot().time()).to_ms();
    if (envelope.has_weights()) take(envelope.weights());
  }

 private:
  void take(const proto::Stimulus& stimulus) {
    const double from = stimulus.onset.to_ms();
    const double until = from + stimulus.duration.ms();
    if (until <= digest_.raster_window.low || from >= digest_.raster_window.high) return;
    digest_.raster_marks.push_back({from, until, stimulus.label.empty() ? stimulus.name : stimulus.label});
  }
  void take(const SpikeBlock& block) {
    const PopulationInfo& info = population(digest_, block.population());
    if (info.is_input()) return;
    auto& activity = digest_.populations[block.population()];
    std::vector<proto::PopulationSpike> spikes;
    proto::decode(block, info.size(), spikes);
    const double hz = 1000 / part_ms_ / std::max(1U, info.size());
    for (const auto& spike : spikes) {
      const double ms = spike.time.to_ms();
      activity.rate_hz[part_of(ms, {0, digest_.until_ms}, kRateParts)] += hz;
      const std::uint32_t neuron = activity.first_neuron + spike.neuron;
      const bool shown = neuron % digest_.raster_stride == 0 && ms >= digest_.raster_window.low &&
                         ms < digest_.raster_window.high;
      if (shown && digest_.raster.size() < kMostRasterSpikes) digest_.raster.push_back({ms, neuron});
    }
  }
  void take(const Weights& chunk) {
    const auto found = digest_.plastic.find(chunk.projection());
    if (found == digest_.plastic.end()) return;
    StreamDigest::Projection& projection = found->second;
    if (chunk.first() == 0)
      projection.histograms.push_back({snapshot_ms_, std::vector<double>(kWeightParts, 0)});
    for (const double w : chunk.weight())
      ++projection.histograms.back().counts[part_of(w, projection.weights, kWeightParts)];
  }

  StreamDigest& digest_;
  double part_ms_ = 1;
  double snapshot_ms_ = 0;
};

template <class Pass>
void read_all(const std::string& path, Pass& pass) {
  proto::FrameReader frames(path);
  while (const auto envelope = frames.next()) pass.take(*envelope);
}

}  // namespace

StreamDigest read_digest(const std::string& path) {
  std::error_code unknown;  // what can not be looked at can not be opened either
  if (path == "-" ||
      (std::filesystem::exists(path, unknown) && !std::filesystem::is_regular_file(path, unknown) &&
       !std::filesystem::is_directory(path, unknown)))
    throw InputError((path == "-" ? "standard input" : path) +
                     ": is read several times, which a pipe can not be; save the stream to a file");
  StreamDigest digest;
  digest.header = proto::FrameReader(path).header();
  for (const PopulationInfo& info : digest.header.population()) {
    if (info.is_input()) continue;
    digest.populations.push_back(
        {info.name(), info.size(), digest.neurons, std::vector<double>(kRateParts, 0)});
    digest.neurons += info.size();
  }
  digest.raster_stride = std::max(1U, (digest.neurons + kRasterRows - 1) / kRasterRows);
  RangeFinder ranges(digest);
  read_all(path, ranges);
  ranges.finish();
  Collector collector(digest);
  read_all(path, collector);
  return digest;
}

}  // namespace chronotope::apps
