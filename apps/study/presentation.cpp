// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/presentation.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "chronotope/apps/runs/simulation.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/exponential.hpp"
#include "chronotope/core/random_stream.hpp"
#include "chronotope/models/readout/memory_capacity.hpp"

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
    const Time probed = now_;
    for (const double u : models::memory_signal(course_.memory.steps, course_.memory.seed)) remember(u);
    return {frozen_from, probed, now_};
  }

 private:
  /// One step of the memory signal.
  void remember(double u) {
    const auto step = static_cast<std::uint32_t>(steps_++);
    spec_.stimuli.push_back({step, now_, Duration::nearest(kMemoryStep), to_string(u), "", MEMORY});
    for (std::size_t k = 0; k < spec_.network.inputs.size(); ++k)
      if (SpikeListSpec* list = list_of(spec_.network.inputs[k]))
        add_poisson(k, spec_.network.inputs[k].size, u, step, list->spikes);
    now_ = now_ + Duration::nearest(kMemoryStep);
  }

  void add_poisson(std::size_t input, std::uint32_t channels, double u, std::uint32_t step,
                   std::vector<ChannelSpike>& spikes) {
    const std::size_t begin = spikes.size();
    const double rate = set_.mean_rate(input) / channels;
    RandomStream draws(course_.memory.seed, Purpose("study.memory"), step, input);
    for (std::uint32_t c = 0; c < channels; ++c) {
      const double own = rate * (c % 2 == 0 ? 1 + u : 1 - u);
      if (!(own > 0)) continue;
      for (double t = next_gap(draws, own); t < kMemoryStep; t += next_gap(draws, own))
        spikes.push_back({now_ + Duration::nearest(t), c});
    }
    std::sort(spikes.begin() + static_cast<std::ptrdiff_t>(begin), spikes.end());
  }

  /// To the next event of a Poisson process [ms].
  static double next_gap(RandomStream& draws, double rate) {
    return -chronotope::log(draws.uniform()) / rate;
  }

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
  std::size_t steps_ = 0;
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

double StimulusSet::mean_rate(std::size_t input) const {
  double spikes = 0;
  double ms = 0;
  for (const Slot& slot : slots_) {
    spikes += static_cast<double>(slot.spikes[input].size());
    ms += slot.stimulus.duration.ms();
  }
  return ms > 0 ? spikes / ms : 0;
}

Presented present(const StimulusSet& set, const Course& course, proto::DecodedSpec& spec) {
  return Presenter(set, course, spec)();
}

}  // namespace chronotope::apps
