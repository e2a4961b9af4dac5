// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <exception>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/runs/simulation.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/events/stimuli/stimulus.hpp"
#include "chronotope/proto/text_spec.hpp"

// The floor under a simulator's cost: runs a network once, then replays its spikes in time order as bare
// weight additions, acc[target] += w, through the same rows. A row holds all synapses of one source, its
// targets contiguous, and its weights where they differ. Prints CPU times of one thread as one JSON line.

namespace chronotope {
namespace {

/// Populations and inputs have their neurons and channels numbered one after the other.
std::vector<std::uint32_t> first_numbers(const NetworkDescription& network) {
  std::vector<std::uint32_t> first{0};
  const std::size_t groups = network.populations.size() + network.inputs.size();
  for (std::uint32_t k = 0; k < groups; ++k) first.push_back(first.back() + network.size_of(k));
  return first;
}

/// The synapses of one source in one projection. A weight they all share is not read from memory again and
/// again.
struct Run {
  std::uint64_t begin = 0;  // in Rows::target
  std::uint64_t end = 0;
  std::uint64_t own_weights = 0;  // the first in Rows::weight
  double shared_weight = 0;
  bool shared = false;
};

struct Rows {
  std::vector<std::uint64_t> first_run{0};  // one more than there are sources
  std::vector<Run> runs;
  std::vector<std::uint32_t> target;
  std::vector<double> weight;

  std::span<const Run> row(std::uint32_t source) const {
    return {runs.data() + first_run[source], runs.data() + first_run[source + std::size_t{1}]};
  }
};

/// Appends the synapses of source `i` of one projection to the current row.
void append(Rows& rows, const SynapseGroup& projection, std::uint32_t i, std::uint32_t first_target) {
  const Connectivity& connectivity = projection.connectivity();
  Run run;
  run.begin = rows.target.size();
  run.own_weights = rows.weight.size();
  const SegmentId end = connectivity.last_segment(NeuronId{i});
  for (SegmentId g = connectivity.first_segment(NeuronId{i}); g < end; g = SegmentId{index(g) + 1})
    for (const SynapseId s : connectivity.synapses(g)) {
      rows.target.push_back(first_target + index(connectivity.target(s)));
      rows.weight.push_back(projection.weight(s));
    }
  run.end = rows.target.size();
  if (run.begin == run.end) return;
  run.shared_weight = rows.weight[run.own_weights];
  run.shared = std::all_of(rows.weight.begin() + static_cast<std::ptrdiff_t>(run.own_weights),
                           rows.weight.end(), [&](double w) { return w == run.shared_weight; });
  if (run.shared) rows.weight.resize(run.own_weights);
  rows.runs.push_back(run);
}

Rows all_rows(const Network& network, const std::vector<std::uint32_t>& first) {
  Rows rows;
  for (std::uint32_t group = 0; group + 1 < first.size(); ++group)
    for (std::uint32_t i = 0; i < first[group + 1] - first[group]; ++i) {
      for (const auto& projection : network.projections)
        if (projection->source() == group) append(rows, *projection, i, first[projection->target()]);
      rows.first_run.push_back(rows.runs.size());
    }
  return rows;
}

struct SourceSpike {
  Time time;
  std::uint32_t source = 0;
};

/// The spikes of all inputs before `until`, line by line.
std::vector<SourceSpike> input_spikes(const NetworkDescription& network, Time until,
                                      const std::vector<std::uint32_t>& first) {
  std::vector<SourceSpike> spikes;
  for (std::size_t k = 0; k < network.inputs.size(); ++k) {
    auto stimulus = events::make_stimulus(network.inputs[k], network.seed);
    for (std::uint32_t line = 0; line < line_count(stimulus); ++line)
      for (auto spike = next_spike(stimulus, line); spike.time < until; spike = next_spike(stimulus, line))
        spikes.push_back({spike.time, first[network.populations.size() + k] + spike.channel});
  }
  return spikes;
}

std::vector<std::uint32_t> sources_in_time_order(std::vector<SourceSpike> spikes) {
  std::stable_sort(spikes.begin(), spikes.end(),
                   [](const SourceSpike& a, const SourceSpike& b) { return a.time < b.time; });
  std::vector<std::uint32_t> sources;
  for (const SourceSpike& spike : spikes) sources.push_back(spike.source);
  return sources;
}

double cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void add(const Rows& rows, const Run& run, std::vector<double>& acc) {
  if (run.shared) {
    for (std::uint64_t s = run.begin; s < run.end; ++s) acc[rows.target[s]] += run.shared_weight;
  } else {
    const double* weight = rows.weight.data() + run.own_weights;
    for (std::uint64_t s = run.begin; s < run.end; ++s) acc[rows.target[s]] += *weight++;
  }
}

void replay(const Rows& rows, const std::vector<std::uint32_t>& sources, std::vector<double>& acc) {
  for (const std::uint32_t source : sources)
    for (const Run& run : rows.row(source)) add(rows, run, acc);
}

struct Floor {
  double events = 0;   // of one replay
  double seconds = 0;  // of one replay
  double sum = 0;      // of all weights added by one replay: printed, so that no addition can be left out
};

/// Repeats the replay for at least half a second, after one that fills the caches.
Floor measure(const Rows& rows, const std::vector<std::uint32_t>& sources, std::uint32_t neurons) {
  Floor floor;
  for (const std::uint32_t source : sources)
    for (const Run& run : rows.row(source)) floor.events += static_cast<double>(run.end - run.begin);
  std::vector<double> acc(neurons, 0.0);
  replay(rows, sources, acc);
  int repeats = 0;
  const double start = cpu_seconds();
  while (cpu_seconds() - start < 0.5) {
    replay(rows, sources, acc);
    ++repeats;
  }
  floor.seconds = (cpu_seconds() - start) / repeats;
  floor.sum = std::accumulate(acc.begin(), acc.end(), 0.0) / (1 + repeats);
  return floor;
}

double nanoseconds_per(double seconds, double events) { return events > 0 ? 1e9 * seconds / events : 0; }

void run(const std::string& path, Time until) {
  proto::SpecText text;
  proto::read_spec(path, text);
  const proto::DecodedSpec spec = proto::decode(text);
  const auto first = first_numbers(spec.network);

  std::vector<SourceSpike> spikes;
  apps::Simulation simulation(spec, [&](std::uint32_t population, NeuronId neuron, Time time) {
    spikes.push_back({time, first[population] + index(neuron)});
  });
  const apps::Interrupt interrupt;
  simulation.run({until, {}, [] {}, [](Time) {}});
  const double run_seconds = simulation.summary().simulate_cpu_seconds();

  const Rows rows = all_rows(simulation.engine().network(), first);
  const std::uint32_t neurons = first[spec.network.populations.size()];
  const Floor recurrent = measure(rows, sources_in_time_order(spikes), neurons);
  const auto inputs = input_spikes(spec.network, until, first);
  spikes.insert(spikes.end(), inputs.begin(), inputs.end());
  const Floor all =
      inputs.empty() ? recurrent : measure(rows, sources_in_time_order(std::move(spikes)), neurons);

  fmt::print(
      "{{\"program\": \"engine_floor\", \"until_ms\": {}, \"recurrent_events\": {:.0f}, \"all_events\": "
      "{:.0f}, \"run_cpu_seconds\": {:.6g}, \"floor_cpu_seconds\": {:.6g}, "
      "\"floor_with_inputs_cpu_seconds\": {:.6g}, \"run_ns_per_recurrent_event\": {:.4g}, "
      "\"floor_ns_per_recurrent_event\": {:.4g}, \"floor_with_inputs_ns_per_event\": {:.4g}, "
      "\"sum_of_weights\": {:.6g}}}\n",
      until.to_ms(), recurrent.events, all.events, run_seconds, recurrent.seconds, all.seconds,
      nanoseconds_per(run_seconds, recurrent.events), nanoseconds_per(recurrent.seconds, recurrent.events),
      nanoseconds_per(all.seconds, all.events), all.sum);
}

}  // namespace
}  // namespace chronotope

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: engine_floor SPEC UNTIL_MS\n");
    return 2;
  }
  try {
    chronotope::run(argv[1], chronotope::stated_time(std::stod(argv[2])));
  } catch (const std::exception& error) {
    fmt::print(stderr, "engine_floor: {}\n", error.what());
    return 1;
  }
}
