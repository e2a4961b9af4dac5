// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/presentation.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "chronotope/apps/simulation.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/random_stream.hpp"

namespace chronotope::apps {
namespace {

constexpr double kJitterTicks = 10;  // 1e-11 ms

/// The marks in time order, each once: every input that reads the stream brings them.
std::vector<proto::Stimulus> distinct_marks(const proto::DecodedSpec& spec) {
  std::vector<proto::Stimulus> marks = spec.stimuli;
  std::stable_sort(marks.begin(), marks.end(),
                   [](const auto& a, const auto& b) { return a.onset < b.onset; });
  const auto same = [](const auto& a, const auto& b) { return a.onset == b.onset && a.id == b.id; };
  marks.erase(std::unique(marks.begin(), marks.end(), same), marks.end());
  return marks;
}

void check_apart(const proto::Stimulus& earlier, const proto::Stimulus& later) {
  if (later.onset < earlier.onset + earlier.duration)
    throw InputError("stimuli " + std::to_string(earlier.id) + " and " + std::to_string(later.id) +
                     " overlap: a study presents one after the other");
}

/// The end of the inputs, or where the shortest silence between two stimuli ends after the last.
Time end_of_last(const std::vector<proto::Stimulus>& marks, Time end_of_inputs) {
  if (marks.size() < 2) return end_of_inputs;
  Duration silence = Duration::forever();
  for (std::size_t i = 1; i < marks.size(); ++i)
    silence = std::min(silence, marks[i].onset - (marks[i - 1].onset + marks[i - 1].duration));
  return std::max(end_of_inputs, marks.back().onset + marks.back().duration + silence);
}

/// The list of an input, or null.
template <class Spec>
auto* list_of(Spec& input) {
  return std::get_if<SpikeListSpec>(&input.source);
}

class Presenter {
 public:
  Presenter(const StimulusSet& set, const Course& course, proto::DecodedSpec& spec)
      : set_(set), course_(course), spec_(spec) {
    spec_.stimuli.clear();
    for (InputSpec& input : spec_.network.inputs)
      if (SpikeListSpec* list = list_of(input)) list->spikes.clear();
  }

  Presented operator()() {
    for (const std::size_t s : course_.training) present(s, TRAIN);
    if (!course_.training.empty()) now_ = Time::from_parts(now_.epoch() + 1, 0);
    const Time frozen_from = now_;
    for (const std::size_t s : course_.probe) present(s, PROBE);
    return {frozen_from, now_};
  }

 private:
  void present(std::size_t place, Phase phase) {
    const StimulusSet::Slot& slot = set_.slots()[place];
    proto::Stimulus mark = slot.stimulus;
    mark.onset = now_;
    mark.phase = phase;
    spec_.stimuli.push_back(std::move(mark));
    for (std::size_t k = 0; k < spec_.network.inputs.size(); ++k)
      if (SpikeListSpec* list = list_of(spec_.network.inputs[k])) add(slot, k, phase == TRAIN, list->spikes);
    now_ = now_ + slot.length;
    ++presentation_;
  }

  void add(const StimulusSet::Slot& slot, std::size_t input, bool learns, std::vector<ChannelSpike>& spikes) {
    const std::size_t begin = spikes.size();
    RandomStream signs(course_.jitter_seed, Purpose("study.jitter"), presentation_, input);
    for (ChannelSpike spike : slot.spikes[input]) {
      if (learns && course_.jitter) spike.time = moved(spike.time, slot.length, signs.below(2) == 0);
      if (learns && !course_.channel_of.empty()) spike.channel = course_.channel_of[input][spike.channel];
      spikes.push_back({now_ + (spike.time - Time()), spike.channel});
    }
    std::sort(spikes.begin() + static_cast<std::ptrdiff_t>(begin), spikes.end());
  }

  static Time moved(Time t, Duration length, bool earlier) {
    const Duration step = Duration::from_ticks(kJitterTicks);
    if (earlier) return t < Time() + step ? t : t - step;
    return t + step < Time() + length ? t + step : t;
  }

  const StimulusSet& set_;
  const Course& course_;
  proto::DecodedSpec& spec_;
  Time now_;
  std::uint64_t presentation_ = 0;
};

}  // namespace

StimulusSet::StimulusSet(const proto::DecodedSpec& spec) {
  const std::vector<proto::Stimulus> marks = distinct_marks(spec);
  if (marks.empty()) throw InputError("no input has stimuli; one must be a spike_stream");
  const Time end = end_of_last(marks, *end_of_inputs(spec));
  for (std::size_t i = 0; i < marks.size(); ++i) {
    if (i > 0) check_apart(marks[i - 1], marks[i]);
    const Time next = i + 1 < marks.size() ? marks[i + 1].onset : end;
    slots_.push_back({marks[i], next - marks[i].onset, {}});
    slots_.back().spikes.resize(spec.network.inputs.size());
  }
  for (std::size_t k = 0; k < spec.network.inputs.size(); ++k) {
    const SpikeListSpec* list = list_of(spec.network.inputs[k]);
    if (list == nullptr) continue;
    std::size_t slot = 0;
    for (const ChannelSpike& spike : list->spikes) {
      while (slot + 1 < slots_.size() && slots_[slot + 1].stimulus.onset <= spike.time) ++slot;
      const Time onset = slots_[slot].stimulus.onset;
      if (spike.time >= onset)
        slots_[slot].spikes[k].push_back({Time() + (spike.time - onset), spike.channel});
    }
  }
}

Presented present(const StimulusSet& set, const Course& course, proto::DecodedSpec& spec) {
  return Presenter(set, course, spec)();
}

}  // namespace chronotope::apps
