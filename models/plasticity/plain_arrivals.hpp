// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "chronotope/core/plasticity_rule.hpp"
#include "chronotope/core/prefetch.hpp"
#include "chronotope/models/plasticity/arrival_rows.hpp"
#include "chronotope/models/plasticity/trace_law.hpp"
#include "chronotope/models/plasticity/trace_synapses.hpp"
#include "chronotope/models/plasticity/trace_trains.hpp"

namespace chronotope::models {

/// Accounts for arrivals where all traces are shared (ArrivalPath::kPlain): first the traces at all synapses
/// are read, which is a few multiplications each, then all weights are changed, in the processor's vectors
/// where the law is cheap. Settling is the same without the change that an arrival makes. Requires: no target has
/// fired at or after its arrival, or the time that is settled to.
template <TraceLaw Law>
class PlainArrivals {
 public:
  using Trains = TraceTrains<Law::kSlowTraces>;

  PlainArrivals(const Law& law, const Trains& trains, TraceSynapses& synapses)
      : law_(law), trains_(trains), synapses_(synapses) {}

  template <class Rows>
  void take(const Rows& rows, std::span<double> transmitted) {
    use_law([&](const auto& law_of) { take_all(law_of, rows, transmitted); });
  }
  /// As if a spike arrived at the row's time, up to its own change of the weights.
  void settle(const OneRow<typename Trains::Row>& row) {
    use_law([&](const auto& law_of) { settle_all(law_of, row); });
  }

 private:
  using Newest = typename Trains::Newest;

  /// The traces of no synapse, or of many, by place.
  struct NoTraces {
    double operator[](std::size_t) const { return 0; }
  };
  using SlowTraces = std::conditional_t<Law::kSlowTraces, std::array<double, kManyArrivals>, NoTraces>;
  /// What the arrivals find: r1 and o2 at the target's last two spikes since the arrival before, r1 = 0 where
  /// there was none; o1 and r2.
  struct Found {
    std::array<double, kManyArrivals> r1_before;
    std::array<double, kManyArrivals> r1;
    std::array<double, kManyArrivals> o1;
    SlowTraces o2_before;
    SlowTraces o2;
    SlowTraces r2;
  };

  /// Calls use(law_of), law_of(s) being the law of synapse s.
  template <class Use>
  void use_law(Use use) const {
    if (law_.is_shared())
      law_.use_shared([&](const auto& law) { use([law](SynapseId) -> const auto& { return law; }); });
    else
      use([this](SynapseId s) { return law_[s]; });
  }
  template <class LawOf, class Rows>
  void take_all(LawOf law_of, const Rows& all, std::span<double> transmitted);
  template <class LawOf>
  void settle_all(LawOf law_of, const OneRow<typename Trains::Row>& row);
  template <class LawOf, class Rows>
  void find(LawOf law_of, const Rows& rows, double* weights, Found& found);
  template <class SynapseLaw>
  double after_all_but_two(SynapseLaw law, double w, std::uint32_t fired, NeuronId target, double r1,
                           const ScaledDecay::Factor& one) const;

  const Law& law_;
  const Trains& trains_;
  TraceSynapses& synapses_;
};

template <TraceLaw Law>
template <class LawOf, class Rows>
void PlainArrivals<Law>::take_all(LawOf law_of, const Rows& all, std::span<double> transmitted) {
  constexpr bool kNeighbours = std::is_same_v<Rows, OneRow<typename Trains::Row>>;
  const std::conditional_t<kNeighbours, const Rows, const Rows&> rows = all;
  const std::size_t count = rows.size();
  std::array<double, kManyArrivals> gathered;
  double* weights = gathered.data();
  if constexpr (kNeighbours) weights = synapses_.w.data() + index(rows.first);
  Found found;
  find(law_of, rows, weights, found);
  const double early = synapses_.transmit_before_update ? 1 : 0;  // vectors take a number better than a bool
  const double sign = synapses_.sign;
#pragma GCC ivdep
  for (std::size_t k = 0; k < count; ++k) {
    const auto& law = law_of(rows.synapse(k));
    const double w1 = potentiated(law, weights[k], found.r1_before[k], found.o2_before[k]);
    const double w2 = potentiated(law, w1, found.r1[k], found.o2[k]);
    const double after = depressed(law, w2, found.o1[k], found.r2[k]);
    weights[k] = after;
    transmitted[k] = sign * (early > 0 ? w2 : after);
  }
  if constexpr (!kNeighbours)
    for (std::size_t k = 0; k < count; ++k) synapses_.w[index(rows.synapse(k))] = weights[k];
}

template <TraceLaw Law>
template <class LawOf>
void PlainArrivals<Law>::settle_all(LawOf law_of, const OneRow<typename Trains::Row>& all) {
  const OneRow<typename Trains::Row> row = all;
  const std::size_t count = row.size();
  double* const weights = synapses_.w.data() + index(row.first);
  Found found;
  find(law_of, row, weights, found);
#pragma GCC ivdep
  for (std::size_t k = 0; k < count; ++k) {
    const auto& law = law_of(row.synapse(k));
    const double w = potentiated(law, weights[k], found.r1_before[k], found.o2_before[k]);
    weights[k] = potentiated(law, w, found.r1[k], found.o2[k]);
  }
}

/// Reads the traces, and takes what spikes of the targets there were before the last two.
template <TraceLaw Law>
template <class LawOf, class Rows>
void PlainArrivals<Law>::find(LawOf law_of, const Rows& rows, double* weights, Found& found) {
  constexpr bool kNeighbours = std::is_same_v<Rows, OneRow<typename Trains::Row>>;
  const std::size_t count = rows.size();
  for (std::size_t k = 0; k < count; ++k)
    prefetch_line(&trains_.newest(rows.target(k)));  // waits for all at once
  for (std::size_t k = 0; k < count; ++k) {
    const SynapseId s = rows.synapse(k);
    const Newest& target = trains_.newest(rows.target(k));
    std::uint32_t& next = synapses_.next[index(s)];
    const std::uint32_t fired = target.count() - next;  // since the arrival before
    next = target.count();
    if constexpr (!kNeighbours) weights[k] = synapses_.w[index(s)];
    if (fired > 2 && rows.follows(k)) [[unlikely]]
      weights[k] = after_all_but_two(law_of(s), weights[k], fired, rows.target(k), rows.r1(k), rows.one(k));
    const std::array<double, 2> r1_if{0, rows.r1(k)};
    found.r1_before[k] = r1_if[fired > 1] * trains_.plus().decayed(rows.one(k), target.before_last().then);
    found.r1[k] = r1_if[fired > 0] * trains_.plus().decayed(rows.one(k), target.last().then);
    found.o1[k] = trains_.minus().decayed(target.o1(), rows.now(k));
    if constexpr (Law::kSlowTraces) {
      found.o2_before[k] = target.before_last().o2;
      found.o2[k] = target.last().o2;
      found.r2[k] = rows.r2(k);
    }
  }
}

/// The weight w after all but the last two of the `fired` spikes of a target since the arrival before, after
/// which r1 was `r1` times what `one` is. Requires: there was one.
template <TraceLaw Law>
template <class SynapseLaw>
double PlainArrivals<Law>::after_all_but_two(SynapseLaw law, double w, std::uint32_t fired, NeuronId target,
                                             double r1, const ScaledDecay::Factor& one) const {
  const Newest& newest = trains_.newest(target);
  const auto& spikes = trains_.spikes(target);
  const auto potentiate = [&](const auto& spike) {
    w = potentiated(law, w, r1 * trains_.plus().decayed(one, spike.then), spike.o2);
  };
  for (; fired > Newest::kSpikes; --fired) potentiate(spikes[spikes.end() - fired]);
  for (; fired > 2; --fired) potentiate(newest.last(fired));
  return w;
}

}  // namespace chronotope::models
