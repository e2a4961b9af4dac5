// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "chronotope/models/plasticity/scaled_decay.hpp"
#include "chronotope/models/plasticity/trace_sum.hpp"

namespace chronotope::models {

/// What arrivals need of a neuron's newest spikes, side by side in two lines of memory: what most of them
/// need in the first one. They need no older ones while the neuron fires at most kSpikes times between two
/// arrivals.
template <bool kSlowTraces>
class alignas(64) NewestSpikes {
 public:
  static constexpr std::size_t kSpikes = 6;

  /// A slow trace that is not there.
  struct NoTrace {
    NoTrace() = default;
    NoTrace(double) {}
    operator double() const { return 0; }
  };
  struct Spike {
    ScaledDecay::Factor then;                                                     // of its time, tau_plus
    [[no_unique_address]] std::conditional_t<kSlowTraces, double, NoTrace> o2{};  // just before it

    bool is_some() const { return then.value >= 0 && then.value <= 1 && is_trace(o2); }
    template <class Remembered>
    bool is_of(const Remembered& spike) const {
      return then == spike.then && (!kSlowTraces || o2 == spike.o2);
    }

    template <class Self, class Visit>
    static void state(Self& self, Visit visit) {
      visit(self.then);
      if constexpr (kSlowTraces) visit(self.o2);
    }
  };

  /// How many spikes there were.
  std::uint32_t count() const { return count_; }
  /// o1 just after the last one.
  const ScaledDecay::Factor& o1() const { return o1_; }
  /// The last one, and those before it: the k-th last. What there was none of is 0.
  const Spike& last() const { return last_; }
  const Spike& before_last() const { return before_last_; }
  /// Requires: 2 < k <= kSpikes.
  const Spike& last(std::size_t k) const { return older_[k - 3]; }

  void push(const Spike& spike, const ScaledDecay::Factor& o1) {
    std::ranges::copy_backward(std::span(older_).first(older_.size() - 1), older_.end());
    older_.front() = before_last_;
    before_last_ = last_;
    last_ = spike;
    o1_ = o1;
    ++count_;
  }

  /// Whether they can be those of a neuron of which `spikes` are remembered, the newest of its spikes.
  template <class Spikes>
  bool is_of(const Spikes& spikes) const {
    if (count_ != spikes.end()) return false;
    if (!spikes.empty() && !(o1_ == spikes.back().o1_scaled)) return false;
    for (std::uint32_t k = 1; k <= kSpikes; ++k) {
      const Spike& mine = k == 1 ? last_ : k == 2 ? before_last_ : last(k);
      if (k > spikes.end() - spikes.begin() ? !mine.is_some() : !mine.is_of(spikes[spikes.end() - k]))
        return false;
    }
    return true;
  }

  template <class Self, class Visit>
  static void state(Self& self, Visit visit) {
    visit(self.o1_, self.count_, self.last_, self.before_last_, self.older_);
  }

 private:
  ScaledDecay::Factor o1_;
  std::uint32_t count_ = 0;
  Spike last_;
  Spike before_last_;
  std::array<Spike, kSpikes - 2> older_;  // the latest first
};
static_assert(sizeof(NewestSpikes<false>) == 128);

}  // namespace chronotope::models
