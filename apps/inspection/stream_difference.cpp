// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/inspection/stream_difference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
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

std::string wiring_text(const WiringDifference& wiring) {
  const auto [a, b] = std::pair(static_cast<std::uint64_t>(wiring.synapses_a()),
                                static_cast<std::uint64_t>(wiring.synapses_b()));
  const std::string begin = printable(wiring.projection()) + ": ";
  if (!wiring.has_first()) return fmt::format("{}the same {}\n", begin, counted(a, "synapse"));
  return fmt::format("{}{} in A, {} in B; {} of those in both are others, the first is number {}\n", begin,
                     counted(a, "synapse"), grouped(b),
                     grouped(static_cast<std::uint64_t>(wiring.differing())),
                     grouped(static_cast<std::uint64_t>(wiring.first())));
}

std::string values_text(const std::string& what, const ValueDifference& values) {
  const std::string begin = what + printable(values.name()) + ": ";
  const auto count = static_cast<std::uint64_t>(values.values());
  if (values.differing() == 0) return fmt::format("{}the same {}\n", begin, counted(count, "value"));
  return fmt::format("{}{} of {} differ from {} ms on, by at most {:.3g} (rms {:.3g})\n", begin,
                     grouped(static_cast<std::uint64_t>(values.differing())), counted(count, "value"),
                     readable(proto::decode(values.first())), values.largest(), values.rms());
}

std::string population_name(const Header& header, std::uint32_t number) {
  return header.population(static_cast<int>(number)).name();
}

/// "recorder 0: V_m of E"; without its population where the stream has no specification that says it.
std::string recorder_name(const Header& header, const RowComparison::Series& series) {
  const std::string name = fmt::format("recorder {}: {}", series.number, series.quantity);
  const auto place = static_cast<int>(series.number);
  return place < header.spec().recorder_size() ? name + " of " + header.spec().recorder(place).population()
                                               : name;
}

/// One entry for each series over all times.
template <class Name>
void report_values(const RowComparison& rows, const Name& name,
                   google::protobuf::RepeatedPtrField<ValueDifference>& to) {
  std::map<RowComparison::Series, ValueDifference> all;
  for (const auto& [place, sums] : rows.compared()) {
    const auto& [time, series] = place;
    ValueDifference& values = all[series];
    values.set_values(values.values() + static_cast<double>(sums.count));
    values.set_differing(values.differing() + static_cast<double>(sums.differing));
    values.set_largest(std::max(values.largest(), sums.largest));
    values.set_rms(values.rms() + sums.squares);  // the sum for now
    if (sums.differing > 0 && !values.has_first()) *values.mutable_first() = proto::encode(time);
  }
  for (auto& [series, values] : all) {
    values.set_name(name(series));
    values.set_rms(std::sqrt(values.rms() / values.values()));
    *to.Add() = values;
  }
}

}  // namespace

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
    for (RowComparison* rows : {&weights_, &potentials_, &recordings_}) rows->give_up(side);
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
      return weights_.take(side, snapshot_[side], {weights.projection()}, weights.first(),
                           {weights.weight().begin(), weights.weight().end()});
    }
    case Envelope::kNeurons: {
      const NeuronStates& states = envelope.neurons();
      return potentials_.take(side, snapshot_[side], {states.population()}, states.first(),
                              {states.v_m().begin(), states.v_m().end()});
    }
    case Envelope::kRecording: {
      const Recording& recording = envelope.recording();
      return recordings_.take(side, proto::decode(recording.time()),
                              {recording.recorder(), recording.quantity()}, recording.first(),
                              {recording.value().begin(), recording.value().end()});
    }
    case Envelope::kSynapses:
      return wiring_.take(side, envelope.synapses());
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

void StreamComparison::report(StreamDifference& difference) {
  report_trains(difference);
  report_stimuli(difference);
  report_weights(difference);
  report_wiring(difference);
  report_values(
      potentials_, [&](const auto& series) { return population_name(header(), series.number); },
      *difference.mutable_potentials());
  report_values(
      recordings_, [&](const auto& series) { return recorder_name(header(), series); },
      *difference.mutable_recordings());
  const bool has_other_wiring = std::any_of(difference.wiring().begin(), difference.wiring().end(),
                                            [](const WiringDifference& one) { return one.has_first(); });
  difference.set_differ(difference.header_size() > 0 || difference.has_first() || first_mark_ ||
                        has_other_wiring || weights_.differs() || potentials_.differs() ||
                        recordings_.differs());
}

void StreamComparison::report_trains(StreamDifference& difference) const {
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
}

void StreamComparison::report_stimuli(StreamDifference& difference) {
  StimulusDifference& stimuli = *difference.mutable_stimuli();
  stimuli.set_count_a(static_cast<double>(mark_count_[0]));
  stimuli.set_count_b(static_cast<double>(mark_count_[1]));
  if (!first_mark_ && mark_count_[0] != mark_count_[1])
    first_mark_ = static_cast<std::uint32_t>(std::min(mark_count_[0], mark_count_[1]));
  if (first_mark_) stimuli.set_first(*first_mark_);
}

void StreamComparison::report_weights(StreamDifference& difference) const {
  for (const auto& [place, sums] : weights_.compared()) {
    const auto& [time, projection] = place;
    const auto n = static_cast<double>(sums.count);
    WeightDifference& w = *difference.add_weights();
    *w.mutable_snapshot() = proto::encode(time);
    w.set_projection(projection_name(header(), projection.number));
    w.set_synapses(n);
    w.set_differing(static_cast<double>(sums.differing));
    w.set_largest(sums.largest);
    w.set_rms(std::sqrt(sums.squares / n));
    w.set_mean_a(sums.mean[0]);
    w.set_mean_b(sums.mean[1]);
    w.set_sd_a(std::sqrt(sums.spread[0] / n));
    w.set_sd_b(std::sqrt(sums.spread[1] / n));
  }
}

void StreamComparison::report_wiring(StreamDifference& difference) const {
  for (const auto& [number, result] : wiring_.results()) {
    WiringDifference& wiring = *difference.add_wiring();
    wiring.set_projection(projection_name(header(), number));
    wiring.set_synapses_a(static_cast<double>(result.count[0]));
    wiring.set_synapses_b(static_cast<double>(result.count[1]));
    wiring.set_differing(static_cast<double>(result.differing));
    if (result.first) wiring.set_first(static_cast<double>(*result.first));
  }
}

std::string difference_text(const StreamDifference& difference, const std::string& a, const std::string& b) {
  std::string text = fmt::format("A is {}, B is {}\n", printable(a), printable(b));
  for (const std::string& field : difference.header()) text += fmt::format("another {}\n", field);
  for (const TrainDifference& train : difference.train()) text += train_text(train);
  text += stimuli_text(difference.stimuli());
  for (const WiringDifference& wiring : difference.wiring()) text += wiring_text(wiring);
  for (const WeightDifference& weights : difference.weights()) text += weights_text(weights);
  for (const ValueDifference& values : difference.potentials()) text += values_text("potentials of ", values);
  for (const ValueDifference& values : difference.recordings()) text += values_text("", values);
  if (difference.has_first())
    text += fmt::format("first of all: in {}: {}\n", printable(difference.first().population()),
                        first_text(difference.first()));
  if (!difference.differ()) text += "no difference\n";
  return text;
}

}  // namespace chronotope::apps
