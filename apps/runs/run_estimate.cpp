// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/runs/run_estimate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/runs/rank_cost.hpp"
#include "chronotope/apps/runs/resources.hpp"
#include "chronotope/apps/runs/simulation.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/core/expected_synapses.hpp"
#include "chronotope/core/machine_memory.hpp"
#include "chronotope/events/projection_index.hpp"

namespace chronotope::apps {
namespace {

struct Estimate {
  double synapses = 0;
  double memory_mb = 0;  // at least, where the network was not built
  bool was_built = false;
  bool has_settled = false;  // it cost alike in two phases, or ended
  double build_seconds = 0;
  double run_seconds = 0;
  double spikes = 0;
  double events = 0;
  double look_ahead_ms = 0;
};

/// What --ranks asks for.
struct RankQuestion {
  unsigned ranks = 1;
  RankLink link;
};

std::optional<RankQuestion> rank_question(const boost::program_options::variables_map& values) {
  if (values.count("ranks") == 0) return {};
  return RankQuestion{static_cast<unsigned>(whole_option(values, "ranks")),
                      {values["latency"].as<double>(), values["bandwidth"].as<double>()}};
}

RankWork rank_work(const Estimate& e, Time until) {
  const double seconds = until.to_ms() / 1000;
  return {e.run_seconds / seconds, e.spikes / seconds, e.look_ahead_ms};
}

struct Mark {
  double seconds = 0;
  double ms = 0;
  double spikes = 0;
  double events = 0;
  std::vector<double> fired;  // by population
};

Mark mark_of(Simulation& simulation, double seconds, const std::vector<double>& fired) {
  const events::EventCounts& counts = simulation.engine().counts();
  return {seconds, simulation.engine().now().to_ms(), static_cast<double>(counts.spikes),
          static_cast<double>(counts.synaptic_events), fired};
}

/// After how many spikes of each population its plastic synapses are settled (events::ProjectionIndex), on so
/// many threads, each of which counts for itself.
std::vector<double> unsettled_limits(const Network& network, unsigned threads) {
  std::vector<double> limits(network.populations.size(), 0);
  for (const auto& projection : network.projections)
    if (projection->is_plastic())
      limits[projection->target()] +=
          threads * static_cast<double>(std::max(projection->synapse_count(), events::kShortHistory));
  return limits;
}

/// What plastic synapses remember of their targets' spikes at most, above what they do at `end`: a run that
/// is not settled for `unsaved_ms`, because no state is saved, comes to more of them than a short one.
double growth_mb(const Network& network, const Mark& begin, const Mark& end, double until_ms,
                 double unsaved_ms, unsigned threads) {
  constexpr double kBytes = 96;  // of a spike: 64, in a vector that has grown
  const std::vector<double> limits = unsettled_limits(network, threads);
  double bytes = 0;
  for (const auto& projection : network.projections) {
    if (!projection->is_plastic()) continue;
    const std::uint32_t target = projection->target();
    const double rate = (end.fired[target] - begin.fired[target]) / std::max(end.ms - begin.ms, 1e-9);
    const double most = std::min(end.fired[target] + rate * (until_ms - end.ms), rate * unsaved_ms);
    bytes +=
        kBytes * std::max(0.0, std::min(limits[target], most) - std::min(limits[target], end.fired[target]));
  }
  return bytes / (1024 * 1024);
}

/// Runs a second of this machine's, in pieces that grow: what a millisecond costs is not known.
void try_a_phase(Simulation& simulation, Time until, Duration& piece) {
  const auto begin = std::chrono::steady_clock::now();
  do {
    const double before = seconds_since(begin);
    simulation.run({std::min(until, simulation.engine().now() + piece), {}, [] {}, [](Time) {}});
    if (seconds_since(begin) - before < 0.02) piece = 2 * piece;
  } while (simulation.engine().now() < until && seconds_since(begin) < 1);
}

/// Whether one is at most half as long again as the other.
bool are_alike(double a, double b) { return a <= 1.5 * b && b <= 1.5 * a; }

/// Membranes and synapses have forgotten how a network began [ms].
constexpr double kBegin = 20;

/// Runs phases of a second until two cost alike per millisecond after the begin, which says little of how a network goes
/// on, and takes the last of them for the rest.
void try_out(const proto::DecodedSpec& spec, Time until, double unsaved_ms, unsigned threads,
             Estimate& estimate) {
  const auto start_of_building = std::chrono::steady_clock::now();
  std::vector<double> fired(spec.network.populations.size(), 0);
  Simulation simulation(
      spec, [&](std::uint32_t population, NeuronId, Time) { ++fired[population]; }, threads);
  estimate.was_built = true;
  estimate.build_seconds = seconds_since(start_of_building);
  estimate.look_ahead_ms = simulation.engine().look_ahead().ms();
  const double patience = std::max(30.0, 2 * estimate.build_seconds);
  const auto start = std::chrono::steady_clock::now();
  Duration piece = std::min(stated_duration(1), scaled(until - Time(), 1e-3));
  Mark begin;
  Mark end = mark_of(simulation, 0, fired);
  double pace = 0;  // [s/ms]
  while (simulation.engine().now() < until && !estimate.has_settled && end.seconds < patience) {
    begin = std::move(end);
    try_a_phase(simulation, until, piece);
    end = mark_of(simulation, seconds_since(start), fired);
    const double before = std::exchange(pace, (end.seconds - begin.seconds) / (end.ms - begin.ms));
    estimate.has_settled = begin.ms >= kBegin && are_alike(before, pace);
  }
  estimate.has_settled = estimate.has_settled || simulation.engine().now() == until;
  const double rest = (until.to_ms() - end.ms) / (end.ms - begin.ms);  // in last phases
  estimate.run_seconds = end.seconds + rest * (end.seconds - begin.seconds);
  estimate.spikes = end.spikes + rest * (end.spikes - begin.spikes);
  estimate.events = end.events + rest * (end.events - begin.events);
  estimate.memory_mb = peak_rss_mb() + growth_mb(simulation.engine().network(), begin, end, until.to_ms(),
                                                 unsaved_ms, threads);
}

std::string to_json_text(const Estimate& e, Time until, double machine_mb,
                         const std::optional<RankQuestion>& question) {
  std::string text = fmt::format("{{\"synapses\":{:.0f},\"peak_rss_mb\":{:.1f},\"machine_mb\":{:.1f}",
                                 e.synapses, e.memory_mb, machine_mb);
  if (e.was_built)
    text += fmt::format(
        ",\"build_seconds\":{:.3g},\"simulate_seconds\":{:.3g},\"spikes\":{:.6g},\"synaptic_events\":{:.6g}",
        e.build_seconds, e.run_seconds, e.spikes, e.events);
  if (e.was_built && question) {
    const RankCost cost = rank_cost(rank_work(e, until), question->link, question->ranks);
    text += fmt::format(
        ",\"ranks\":{},\"look_ahead_ms\":{:.6g},\"memory_per_rank_mb\":{:.1f},\"seconds_per_biological_second\":{:.4g},"
        "\"work\":{:.4g},\"spikes_everywhere\":{:.4g},\"meetings\":{:.4g},\"bytes\":{:.4g},\"turns\":{:.4g}",
        question->ranks, e.look_ahead_ms, e.memory_mb / question->ranks, cost.seconds(), cost.work_seconds,
        cost.spikes_seconds, cost.meetings_seconds, cost.bytes_seconds, cost.turns_seconds);
  }
  return text + "}";
}

void print(const RankQuestion& question, const Estimate& e, Time until) {
  const RankWork work = rank_work(e, until);
  const RankCost cost = rank_cost(work, question.link, question.ranks);
  fmt::print("{} ranks, which meet every {:.4g} ms: {:.3g} s per biological second, {:.3g} s on one\n",
             question.ranks, e.look_ahead_ms, cost.seconds(), work.cpu_seconds);
  fmt::print(
      "  work {:.3g} s, spikes of all {:.3g} s, latencies {:.3g} s, around them {:.3g} s, bytes {:.3g} s; about {:.0f} MB each\n",
      cost.work_seconds, cost.spikes_seconds, cost.meetings_seconds, cost.turns_seconds, cost.bytes_seconds,
      e.memory_mb / question.ranks);
}

void print(const Estimate& e, Time until, double machine_mb) {
  fmt::print("{:.4g} synapses\n", e.synapses);
  if (!e.was_built) {
    fmt::print(
        "memory: at least {:.0f} MB; this machine has {:.0f} MB: it would be refused (--over-memory)\n",
        e.memory_mb, machine_mb);
    return;
  }
  fmt::print("memory: {:.0f} MB of {:.0f} MB\n", e.memory_mb, machine_mb);
  fmt::print("to {:.6g} ms: {:.3g} spikes, {:.3g} synaptic events\n", until.to_ms(), e.spikes, e.events);
  fmt::print("time: {:.3g} s to build, {:.3g} s to run\n", e.build_seconds, e.run_seconds);
}

}  // namespace

int print_estimate(const boost::program_options::variables_map& values, const proto::DecodedSpec& spec,
                   Time until, std::optional<Duration> snapshot_every) {
  Estimate estimate;
  for (const ProjectionSpec& projection : spec.network.projections)
    estimate.synapses += expected_synapses(spec.network, projection);
  const auto threads = static_cast<unsigned>(whole_option(values, "threads"));
  const double least = least_memory(spec.network, threads);
  estimate.memory_mb = least / (1024 * 1024);
  const double unsaved_ms = snapshot_every ? snapshot_every->ms() : until.to_ms();
  if (least <= machine_memory()) try_out(spec, until, unsaved_ms, threads, estimate);
  const double machine_mb = machine_memory() / (1024 * 1024);
  const auto question = rank_question(values);
  if (values["json"].as<bool>())
    fmt::print("{}\n", to_json_text(estimate, until, machine_mb, question));
  else
    print(estimate, until, machine_mb);
  if (estimate.was_built && !estimate.has_settled)
    fmt::print(stderr,
               "chronotope simulate: the network still changed how fast it goes when it was no longer tried "
               "out: time and events can be far off\n");
  if (!question || !estimate.was_built) return 0;
  if (!values["json"].as<bool>()) print(*question, estimate, until);
  if (is_too_short(rank_work(estimate, until), question->link, question->ranks))
    fmt::print(
        stderr,
        "chronotope simulate: {} ranks do not pay: between two meetings all neurons together take less CPU "
        "time than ten meetings last\n",
        question->ranks);
  return 0;
}

}  // namespace chronotope::apps
