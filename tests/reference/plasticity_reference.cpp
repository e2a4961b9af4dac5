// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/plasticity_reference.hpp"

#include <algorithm>
#include <cstddef>

namespace chronotope::reference {
namespace {

/// exp(-(later - earlier)/tau) for any spike of one train and any of another: a product of two factors that
/// 50 digits and a wide exponent hold without loss.
class Kernel {
 public:
  Kernel(const std::vector<Real>& earlier, const std::vector<Real>& later, double tau)
      : earlier_(earlier), later_(later), tau_(tau) {
    if (tau == 0) return;
    for (const Real& t : earlier) up_.push_back(exp(t / Real(tau)));
    for (const Real& t : later) down_.push_back(exp(-t / Real(tau)));
  }

  /// The sum over the `count` first earlier spikes that count.
  Real sum(std::size_t later, std::size_t count, const std::function<bool(std::size_t)>& counts) const {
    Real sum = 0;
    for (std::size_t i = count; i > 0; --i) {
      if (later_[later] - earlier_[i - 1] > 100 * Real(tau_)) break;
      if (counts(i - 1)) sum += up_[i - 1] * down_[later];
    }
    return sum;
  }

 private:
  const std::vector<Real>& earlier_;
  const std::vector<Real>& later_;
  double tau_;
  std::vector<Real> up_, down_;
};

/// For every event of `a`, how many of `b` come before it; of equal times those of `b` do if `b_first`.
std::vector<std::size_t> before(const std::vector<Real>& a, const std::vector<Real>& b, bool b_first) {
  std::vector<std::size_t> counts;
  for (const Real& t : a) {
    const auto first_not = b_first ? std::upper_bound(b.begin(), b.end(), t)  //
                                   : std::lower_bound(b.begin(), b.end(), t);
    counts.push_back(static_cast<std::size_t>(first_not - b.begin()));
  }
  return counts;
}

}  // namespace

SynapseTrains at_synapse(const std::vector<double>& emitted, const std::vector<double>& spikes, double delay,
                         double dendritic) {
  SynapseTrains trains;
  for (const double t : emitted) trains.arrivals.push_back(Real(t) + Real(delay) - Real(dendritic));
  for (const double t : spikes) trains.spikes.push_back(Real(t) + Real(dendritic));
  return trains;
}

Real brute_force_weight(const SynapseTrains& trains, Partners partners, const Law& law, const Real& start) {
  const auto& [arrivals, spikes] = trains;
  const std::vector<std::size_t> fired_before = before(arrivals, spikes, false);
  const std::vector<std::size_t> arrived_before = before(spikes, arrivals, true);
  const Kernel plus(arrivals, spikes, law.tau_plus), minus(spikes, arrivals, law.tau_minus);
  const Kernel slow_pre(arrivals, arrivals, law.tau_x), slow_post(spikes, spikes, law.tau_y);
  const bool all = partners == Partners::kAllToAll;
  const bool centred = partners == Partners::kPresynapticCentred;
  const bool reduced = partners == Partners::kReducedSymmetric;

  const auto potentiates = [&](std::size_t i, std::size_t j) {
    const bool last = i + 1 == arrived_before[j];
    const bool next = fired_before[i] == j;  // spike j is the first after arrival i
    return all || (centred ? next : last && (!reduced || next));
  };
  const auto depresses = [&](std::size_t j, std::size_t i) {
    const bool last = j + 1 == fired_before[i];
    return all || (last && (!reduced || arrived_before[j] == i));
  };
  const auto own_side = [&](const Kernel& kernel, double tau, std::size_t n) {
    return tau == 0 ? Real(0) : kernel.sum(n, n, [&](std::size_t k) { return all || k + 1 == n; });
  };

  Real w = start;
  std::size_t arrived = 0, fired = 0;
  while (arrived < arrivals.size() || fired < spikes.size()) {
    if (arrived < arrivals.size() && fired_before[arrived] == fired) {
      const std::size_t i = arrived++;
      const Real o1 = minus.sum(i, fired, [&](std::size_t j) { return depresses(j, i); });
      w = law.arrival(w, o1, own_side(slow_pre, law.tau_x, i));
    } else {
      const std::size_t j = fired++;
      const Real r1 = plus.sum(j, arrived, [&](std::size_t i) { return potentiates(i, j); });
      w = law.spike(w, r1, own_side(slow_post, law.tau_y, j));
    }
  }
  return w;
}

}  // namespace chronotope::reference
