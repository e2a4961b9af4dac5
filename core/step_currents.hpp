// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/core/network_description.hpp"
#include "chronotope/core/part.hpp"
#include "chronotope/core/time.hpp"

namespace chronotope {

/// Which neurons of a population of `size` the currents that change at all go into.
enum class CurrentReach : std::uint8_t { kNobody, kSome, kEverybody };
CurrentReach reach_of(std::span<const StepCurrentSpec> currents, std::uint32_t size);

/// The step currents into a population's neurons, or into those of a part: what they add up to at one time, which goes
/// on from change to change. It is a function of the specification and the time alone.
///
/// Cost: of a change O(neurons' pools it reaches). Memory: 32 bytes per change, 4 per neuron.
class StepCurrents {
 public:
  /// Neurons into which the same currents go, so that these add up to the same.
  struct Pool {
    std::vector<std::uint32_t> neurons{};   // ascending, numbered from the first of the part
    std::vector<std::uint32_t> currents{};  // that go into them, ascending
    double level = 0;                       // their sum now [pA], in this order
    double taken = 0;                       // what it was at the last take()
    double least = 0;                       // of all times
    double largest = 0;
    bool has_changed = false;
  };

  StepCurrents() = default;
  /// Into neurons `own` of a population of `size`.
  StepCurrents(std::span<const StepCurrentSpec> currents, std::uint32_t size, const NeuronRange& own);

  bool empty() const { return pools_.empty(); }
  /// When they change next, and when after t, if that is not before due().
  Time due() const { return next_ < changes_.size() ? changes_[next_].time : Time::never(); }
  Time due_after(Time t) const;

  /// What is due up to t, and at it, changes.
  void advance(Time t);
  /// They are what they were just before t; all count as changed.
  void go_to(Time t);

  std::span<const Pool> pools() const { return pools_; }
  /// Places of the pools whose levels are others than at the last take().
  std::span<const std::uint32_t> changed() const { return changed_; }
  void take();
  /// Of all neurons of the part [pA].
  std::vector<double> levels(std::uint32_t size) const;

 private:
  struct Change {
    Time time;
    std::uint32_t current;
    double amplitude;
  };

  void find_pools(std::span<const StepCurrentSpec> currents, std::uint32_t size, const NeuronRange& own);
  void sort_changes(std::span<const StepCurrentSpec> currents);
  void find_extremes();
  void change(const Change& change);
  void sum_up();

  std::vector<Pool> pools_;
  std::vector<std::vector<std::uint32_t>> pools_of_;  // by current
  std::vector<double> amplitude_;                     // now, by current
  std::vector<Change> changes_;                       // of currents that have pools, in order of time
  std::size_t next_ = 0;                              // of the changes
  std::vector<std::uint32_t> changed_;
};

}  // namespace chronotope
