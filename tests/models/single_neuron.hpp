// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/core/random_stream.hpp"
#include "chronotope/tests/reference/lif_reference.hpp"

namespace chronotope::tests {

/// A neuron model's message as textproto, from its constants.
class ModelText {
 public:
  explicit ModelText(std::string name) : text_(std::move(name) + " { ") {}
  ModelText& set(const std::string& parameter, double value);
  ModelText& choose(const std::string& option, const std::string& value);
  std::string str() const { return text_ + "}"; }

 private:
  std::string text_;
};

/// One arrival of a test: what the engine gets through a channel of its own and a delay of 1 ms.
struct TestArrival {
  double time = 0;  // [ms], >= 1
  double weight = 0;
  int receptor = -1;  // of a model that has several
};

/// The nearest whole tick of 1e-12 ms, as the double that is read as it: engine and reference mean the same.
inline double exact_time(double ms) { return std::round(ms * 1e12) / 1e12; }

std::vector<reference::Arrival> reference_arrivals(const std::vector<TestArrival>& arrivals);

/// What the engine makes of one neuron over [0, until).
std::vector<double> spike_times(const std::string& model, const std::vector<TestArrival>& arrivals,
                                double until);

/// A current that is added to I_e from a time on, until the next one.
struct CurrentStep {
  double time = 0;       // [ms]
  double amplitude = 0;  // [pA]
};

/// One neuron into which these go, as textproto.
std::string neuron_under(const std::string& model, const std::vector<CurrentStep>& steps);
std::vector<double> spike_times(const std::string& model, const std::vector<CurrentStep>& steps,
                                const std::vector<TestArrival>& arrivals, double until);

/// The same of a neuron that is `model` before `change` [ms] and `now` from there on: of a run that is saved there, and
/// taken up by another one.
std::vector<double> spike_times(const std::string& model, double change, const std::string& now,
                                const std::vector<TestArrival>& arrivals, double until);

/// Expects as many spikes as the truth has, each of the first twenty within 1e-11 ms, or within what the
/// rounding of V and of times amounts to where that is more: at a flat crossing, and along a train in which
/// one spike's error moves the next. Returns how many were compared.
std::size_t expect_same_spikes(const std::vector<double>& spikes, const std::vector<reference::Spike>& truth,
                               const std::string& what);

/// Draws of one random case.
class CaseDraw {
 public:
  CaseDraw(std::string_view test, std::uint64_t number) : stream_(99, Purpose(test), number) {}

  double between(double low, double high) { return low + (high - low) * stream_.uniform(); }
  double log_between(double low, double high) { return std::exp(between(std::log(low), std::log(high))); }
  /// A time constant from 0.1 to 200 ms.
  double tau() { return log_between(0.1, 200); }
  /// Mostly independent of `other`; sometimes equal, or equal but for 1e-12.
  double tau_beside(double other);
  bool chance(double p) { return stream_.uniform() < p; }

 private:
  RandomStream stream_;
};

}  // namespace chronotope::tests
