// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/inspection/stream_difference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "chronotope/apps/inspection/projection_name.hpp"
#include "chronotope/apps/output/readable.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"

namespace chronotope::apps {
namespace {

/// When the earlier of the two spikes is.
Time time_of(const FirstDifference& difference) {
  const Time a = difference.has_a() ? proto::decode(difference.a()) : Time::never();
  const Time b = difference.has_b() ? proto::decode(difference.b()) : Time::never();
  return std::min(a, b);
}

std::string spike_text(bool there, const TimePoint& time, std::uint32_t neuron) {
  return there ? fmt::format("neuron {} at {} ms", neuron, to_text(proto::decode(time))) : "no spike more";
}

std::string first_text(const FirstDifference& first) {
  return fmt::format("A has {}, B {}", spike_text(first.has_a(), first.a(), first.neuron_a()),
                     spike_text(first.has_b(), first.b(), first.neuron_b()));
}

std::string train_text(const TrainDifference& train) {
  const auto [a, b] =
      std::pair(static_cast<std::uint64_t>(train.spikes_a()), static_cast<std::uint64_t>(train.spikes_b()));
  if (!train.has_first())
    return fmt::format("{}: the same {}\n", printable(train.population()), counted(a, "spike"));
  return fmt::format("{}: {} in A, {} in B; first difference: {}\n", printable(train.population()),
                     counted(a, "spike"), grouped(b), first_text(train.first()));
}

std::string stimuli_text(const StimulusDifference& stimuli) {
  const auto [a, b] =
      std::pair(static_cast<std::uint64_t>(stimuli.count_a()), static_cast<std::uint64_t>(stimuli.count_b()));
  if (!stimuli.has_first()) return a == 0 ? "" : fmt::format("stimuli: the same {}\n", grouped(a));
  return fmt::format("stimuli: {} in A, {} in B; the first that is another one: number {}\n", grouped(a),
                     grouped(b), stimuli.first());
}

std::string weights_text(const WeightDifference& w) {
  const std::string begin =
      fmt::format("snapshot at {} ms, {}: ", readable(proto::decode(w.snapshot())), w.projection());
  const auto synapses = static_cast<std::uint64_t>(w.synapses());
  if (w.differing() == 0) return fmt::format("{}the same {}\n", begin, counted(synapses, "weight"));
  return fmt::format(
      "{}{} of {} differ, by at most {:.3g} (rms {:.3g}); mean {:.6g} and {:.6g}, sd {:.3g} and {:.3g}\n",
      begin, grouped(static_cast<std::uint64_t>(w.differing())), counted(synapses, "weight"), w.largest(),
      w.rms(), w.mean_a(), w.mean_b(), w.sd_a(), w.sd_b());
}

}  // namespace

void StreamComparison::Row::drop(std::size_t count) {
  weights.erase(weights.begin(), weights.begin() + static_cast<std::ptrdiff_t>(count));
  first += count;
}

void StreamComparison::Sums::add(double a, double b) {
  ++count;
  differing += a == b ? 0 : 1;
  largest = std::max(largest, std::abs(a - b));
  squares += (a - b) * (a - b);
  for (const auto& [side, weight] : {std::pair(0U, a), std::pair(1U, b)}) {
    const double from_mean = weight - mean[side];
    mean[side] += from_mean / static_cast<double>(count);
    spread[side] += from_mean * (weight - mean[side]);
  }
}

StreamComparison::StreamComparison(proto::FrameReader& a, proto::FrameReader& b)
    : streams_{&a, &b}, trains_(static_cast<std::size_t>(a.header().population_size())) {
  compare_headers();
}

void StreamComparison::compare_headers() {
  const auto [a, b] = std::pair(&streams_[0]->header(), &streams_[1]->header());
  if (a->population_size() != b->population_size())
    throw InputError(fmt::format("{}: {} populations and inputs, in {} {}", streams_[1]->name(),
                                 b->population_size(), streams_[0]->name(), a->population_size()));
  for (int p = 0; p < a->population_size(); ++p)
    if (a->population(p).SerializeAsString() != b->population(p).SerializeAsString())
      throw InputError(fmt::format("{}: population {} is {} of {}, in {} {} of {}", streams_[1]->name(), p,
                                   printable(b->population(p).name()), b->population(p).size(),
                                   streams_[0]->name(), printable(a->population(p).name()),
                                   a->population(p).size()));
  if (a->seed() != b->seed()) found_.add_header("seed");
  if (a->spec().SerializeAsString() != b->spec().SerializeAsString()) found_.add_header("specification");
}

StreamDifference StreamComparison::compare() {
  while (is_open_[0] || is_open_[1])
    for (const std::size_t side : {0U, 1U}) {
      if (!is_open_[side]) continue;
      const auto envelope = streams_[side]->next();
      is_open_[side] = envelope.has_value();
      if (envelope) take(side, *envelope);
      give_up_waiting();
    }
  report(found_);
  return found_;
}

/// What waits for a stream that has ended waits for nothing.
void StreamComparison::give_up_waiting() {
  for (const std::size_t side : {0U, 1U}) {
    if (!has_ended(1 - side)) continue;
    rows_[side].clear();
    marks_[side].clear();
    for (std::size_t p = 0; p < trains_.size(); ++p)
      if (!trains_[p].first && !trains_[p].waiting[side].empty()) find_first(trains_[p], p);
  }
}

void StreamComparison::take(std::size_t side, const Envelope& envelope) {
  switch (envelope.content_case()) {
    case Envelope::kSpikes:
      return take_spikes(side, envelope.spikes());
    case Envelope::kStimulus:
      ++mark_count_[side];
      marks_[side].push_back(envelope.stimulus().SerializeAsString());
      return compare_marks();
    case Envelope::kSnapshot:
      snapshot_[side] = proto::decode(envelope.snapshot().time());
      return;
    case Envelope::kWeights: {
      const Weights& weights = envelope.weights();
      rows_[side].push_back({snapshot_[side],
                             weights.projection(),
                             weights.first(),
                             {weights.weight().begin(), weights.weight().end()}});
      return compare_rows();
    }
    default:
      return;
  }
}

void StreamComparison::take_spikes(std::size_t side, const SpikeBlock& block) {
  Trains& trains = trains_[block.population()];
  trains.count[side] += static_cast<std::uint64_t>(block.neuron_size());
  if (trains.first) return;
  std::vector<proto::PopulationSpike> spikes;
  proto::decode(block, header().population(static_cast<int>(block.population())).size(), spikes);
  trains.waiting[side].insert(trains.waiting[side].end(), spikes.begin(), spikes.end());
  while (!trains.first && !trains.waiting[0].empty() && !trains.waiting[1].empty()) {
    if (trains.waiting[0].front() != trains.waiting[1].front()) {
      find_first(trains, block.population());
    } else {
      for (Spikes& same : trains.waiting) same.pop_front();
    }
  }
}

/// It is between the spikes that wait, which are forgotten.
void StreamComparison::find_first(Trains& trains, std::size_t population) const {
  FirstDifference& first = trains.first.emplace();
  first.set_population(header().population(static_cast<int>(population)).name());
  if (const Spikes& a = trains.waiting[0]; !a.empty()) {
    *first.mutable_a() = proto::encode(a.front().time);
    first.set_neuron_a(a.front().neuron);
  }
  if (const Spikes& b = trains.waiting[1]; !b.empty()) {
    *first.mutable_b() = proto::encode(b.front().time);
    first.set_neuron_b(b.front().neuron);
  }
  trains.waiting = {};
}

void StreamComparison::compare_marks() {
  while (!first_mark_ && !marks_[0].empty() && !marks_[1].empty()) {
    if (marks_[0].front() != marks_[1].front())
      first_mark_ = static_cast<std::uint32_t>(std::min(mark_count_[0], mark_count_[1]) - 1);
    for (auto& marks : marks_) marks.pop_front();
  }
}

/// What only one of them has is passed over.
void StreamComparison::compare_rows() {
  while (!rows_[0].empty() && !rows_[1].empty()) {
    Row& a = rows_[0].front();
    Row& b = rows_[1].front();
    if (a.place() != b.place()) {
      rows_[a.place() < b.place() ? 0 : 1].pop_front();
      continue;
    }
    const std::size_t count = std::min(a.weights.size(), b.weights.size());
    Sums& sums = sums_[{a.snapshot, a.projection}];
    for (std::size_t k = 0; k < count; ++k) sums.add(a.weights[k], b.weights[k]);
    for (auto& rows : rows_) {
      rows.front().drop(count);
      if (rows.front().weights.empty()) rows.pop_front();
    }
  }
}

void StreamComparison::report(StreamDifference& difference) {
  for (std::size_t p = 0; p < trains_.size(); ++p) {
    const Trains& trains = trains_[p];
    TrainDifference& train = *difference.add_train();
    train.set_population(header().population(static_cast<int>(p)).name());
    train.set_spikes_a(static_cast<double>(trains.count[0]));
    train.set_spikes_b(static_cast<double>(trains.count[1]));
    if (!trains.first) continue;
    *train.mutable_first() = *trains.first;
    if (!difference.has_first() || time_of(train.first()) < time_of(difference.first()))
      *difference.mutable_first() = train.first();
  }
  StimulusDifference& stimuli = *difference.mutable_stimuli();
  stimuli.set_count_a(static_cast<double>(mark_count_[0]));
  stimuli.set_count_b(static_cast<double>(mark_count_[1]));
  if (!first_mark_ && mark_count_[0] != mark_count_[1])
    first_mark_ = static_cast<std::uint32_t>(std::min(mark_count_[0], mark_count_[1]));
  if (first_mark_) stimuli.set_first(*first_mark_);
  bool has_other_weights = false;
  for (const auto& [place, sums] : sums_) {
    const auto n = static_cast<double>(sums.count);
    WeightDifference& w = *difference.add_weights();
    *w.mutable_snapshot() = proto::encode(place.first);
    w.set_projection(projection_name(header(), place.second));
    w.set_synapses(n);
    w.set_differing(static_cast<double>(sums.differing));
    w.set_largest(sums.largest);
    w.set_rms(std::sqrt(sums.squares / n));
    w.set_mean_a(sums.mean[0]);
    w.set_mean_b(sums.mean[1]);
    w.set_sd_a(std::sqrt(sums.spread[0] / n));
    w.set_sd_b(std::sqrt(sums.spread[1] / n));
    has_other_weights = has_other_weights || sums.differing > 0;
  }
  difference.set_differ(difference.header_size() > 0 || difference.has_first() || first_mark_ ||
                        has_other_weights);
}

std::string difference_text(const StreamDifference& difference, const std::string& a, const std::string& b) {
  std::string text = fmt::format("A is {}, B is {}\n", printable(a), printable(b));
  for (const std::string& field : difference.header()) text += fmt::format("another {}\n", field);
  for (const TrainDifference& train : difference.train()) text += train_text(train);
  text += stimuli_text(difference.stimuli());
  for (const WeightDifference& weights : difference.weights()) text += weights_text(weights);
  if (difference.has_first())
    text += fmt::format("first of all: in {}: {}\n", printable(difference.first().population()),
                        first_text(difference.first()));
  if (!difference.differ()) text += "no difference\n";
  return text;
}

}  // namespace chronotope::apps
