// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "chronotope/models/learning/adam.hpp"
#include "chronotope/models/learning/trained_network.hpp"

namespace chronotope::models {

/// Which numbers move, in which units and how far.
struct OptimiserOptions {
  Adam adam;
  std::vector<double> unit;  // of every synapse's weight [pA], its projection's mean magnitude; 0: it stays
  std::vector<double> low;   // bounds of every weight [pA]
  std::vector<double> high;
  std::vector<double> least_delay{};  // of every synapse [ms]; negative: its delay stays; empty: all do
  bool tau_m = false;
  bool tau_syn = false;
  double least_tau = 0;      // [ms]
  double largest_tau = 100;  // [ms]
  bool V_th = false;
  bool I_e = false;
  double clip = 0;  // the longest gradient, in the units below; 0: none
};

/// Adam in units in which a step of the rate is as large for every kind of number: weights in their unit,
/// time constants as log(tau) (tau_m at constant R, C_m moves along), V_th in Delta = |V_th - E_L| and I_e in
/// Delta/R of the first network, delays in 5 ms, the read-out's weights as they are. After a step come the
/// bounds, which keep signs, too: a weight that crosses 0 stops there.
class Optimiser {
 public:
  Optimiser(const TrainedNetwork& start, OptimiserOptions options);

  /// Moves the network against the gradient. Returns whether the gradient was shortened. Requires: the
  /// network is of the shape of the first one.
  bool step(double rate, const NetworkParameters& gradient, NetworkParameters& values);

  /// Whether every derivative that a step would use is a finite number.
  bool is_finite(const NetworkParameters& gradient, NetworkParameters& values);

  /// What is remembered between steps.
  struct Memory {
    std::uint64_t steps = 0;
    NetworkParameters m;
    NetworkParameters v;
  };
  const Memory& memory() const { return memory_; }
  void restore(Memory memory) { memory_ = std::move(memory); }

 private:
  template <class Visit>
  void for_each_number(const NetworkParameters& gradient, NetworkParameters& values, Visit visit);
  double gradient_length(const NetworkParameters& gradient, NetworkParameters& values);

  OptimiserOptions options_;
  std::vector<double> threshold_unit_;   // Delta [mV]
  std::vector<double> least_threshold_;  // [mV]
  std::vector<double> current_unit_;     // Delta/R [pA]
  Memory memory_;
};

}  // namespace chronotope::models
