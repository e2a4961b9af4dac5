// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/plasticity_reference.hpp"

#include <algorithm>
#include <cstddef>

namespace chronotope::reference {
namespace {

std::vector<Real> in_digits(const std::vector<Rational>& times) {
  std::vector<Real> digits;
  for (const Rational& t : times) digits.push_back(to_real(t));
  return digits;
}

/// exp(-(later - earlier)/tau) for any spike of one train and any of another: a product of two factors that
/// 50 digits and a wide exponent hold without loss.
class Kernel {
 public:
  Kernel(const std::vector<Rational>& earlier, const std::vector<Rational>& later, double tau)
      : earlier_(in_digits(earlier)), later_(in_digits(later)), tau_(tau) {
    if (tau == 0) return;
    for (const Real& t : earlier_) up_.push_back(exp(t / Real(tau)));
    for (const Real& t : later_) down_.push_back(exp(-t / Real(tau)));
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
  std::vector<Real> earlier_, later_;
  double tau_;
  std::vector<Real> up_, down_;
};

/// For every event of `a`, how many of `b` come before it; of equal times those of `b` do if `b_first`.
std::vector<std::size_t> before(const std::vector<Rational>& a, const std::vector<Rational>& b,
                                bool b_first) {
  std::vector<std::size_t> counts;
  for (const Rational& t : a) {
    const auto first_not = b_first ? std::upper_bound(b.begin(), b.end(), t)  //
                                   : std::lower_bound(b.begin(), b.end(), t);
    counts.push_back(static_cast<std::size_t>(first_not - b.begin()));
  }
  return counts;
}

/// One event of a synapse and the sums over its partners.
struct SynapseEvent {
  bool is_arrival;
  Rational time;
  Real fast;  // o1 of an arrival, r1 of a spike
  Real slow;  // r2, o2
};

/// w' = c (n - b) between the events of a synapse.
class RewardedWeight {
 public:
  RewardedWeight(const Modulation& modulation, const Real& w) : m_(modulation), w_(w) {}

  Real at(const Rational& t) {
    for (; next_ < m_.rewards.size() && stated_time(m_.rewards[next_].time) < t; ++next_) {
      move(to_real(stated_time(m_.rewards[next_].time)));
      n_ += m_.rewards[next_].amount * exp(now_ / Real(m_.tau_n));
    }
    move(to_real(t));
    return w_;
  }
  /// c jumps now.
  void change(const Real& dw) { c_ += dw * exp(now_ / Real(m_.tau_c)); }

 private:
  void move(const Real& t) {
    const Real b = m_.b;
    const Real n = n_ * exp(-now_ / Real(m_.tau_n));
    if (b != 0 && n / b > 1) {
      const Real turn = now_ + m_.tau_n * log(n / b);
      if (turn < t) integrate(turn);
    }
    integrate(t);
  }
  void integrate(const Real& t) {
    const Real dt = t - now_;
    const Real c = c_ * exp(-now_ / Real(m_.tau_c));
    const Real n = n_ * exp(-now_ / Real(m_.tau_n));
    const Real rate = 1 / Real(m_.tau_c) + 1 / Real(m_.tau_n);
    w_ += c * n * (1 - exp(-dt * rate)) / rate -
          c * Real(m_.b) * Real(m_.tau_c) * (1 - exp(-dt / Real(m_.tau_c)));
    w_ = std::clamp(w_, m_.low, m_.high);
    now_ = t;
  }

  const Modulation& m_;
  Real w_;
  Real now_ = 0;
  Real c_ = 0;  // at time 0, as if what came since had grown back
  Real n_ = 0;
  std::size_t next_ = 0;
};

}  // namespace

SynapseTrains at_synapse(const std::vector<double>& emitted, const std::vector<double>& spikes, double delay,
                         double dendritic) {
  SynapseTrains trains;
  const Rational after_soma = stated_time(dendritic);
  const Rational axonal = stated_time(delay) - after_soma;
  for (const double t : emitted) trains.arrivals.push_back(stated_time(t) + axonal);
  for (const double t : spikes) trains.spikes.push_back(stated_time(t) + after_soma);
  return trains;
}

namespace {

std::vector<SynapseEvent> events_of(const SynapseTrains& trains, Partners partners, const Law& law) {
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
    return all || (last && (!reduced || arrivals[arrived_before[j]] == arrivals[i]));
  };
  const auto own_side = [&](const Kernel& kernel, double tau, const std::vector<Rational>& side,
                            std::size_t n) {
    const auto earlier =
        static_cast<std::size_t>(std::lower_bound(side.begin(), side.end(), side[n]) - side.begin());
    return tau == 0 ? Real(0)
                    : kernel.sum(n, earlier, [&](std::size_t k) { return all || k + 1 == earlier; });
  };

  std::vector<SynapseEvent> events;
  std::size_t arrived = 0, fired = 0;
  while (arrived < arrivals.size() || fired < spikes.size()) {
    if (arrived < arrivals.size() && fired_before[arrived] == fired) {
      const std::size_t i = arrived++;
      const Real o1 = minus.sum(i, fired, [&](std::size_t j) { return depresses(j, i); });
      events.push_back({true, arrivals[i], o1, own_side(slow_pre, law.tau_x, arrivals, i)});
    } else {
      const std::size_t j = fired++;
      const Real r1 = plus.sum(j, arrived, [&](std::size_t i) { return potentiates(i, j); });
      events.push_back({false, spikes[j], r1, own_side(slow_post, law.tau_y, spikes, j)});
    }
  }
  return events;
}

Real after(const Law& law, const SynapseEvent& event, const Real& w) {
  return event.is_arrival ? law.arrival(w, event.fast, event.slow) : law.spike(w, event.fast, event.slow);
}

}  // namespace

Real brute_force_weight(const SynapseTrains& trains, Partners partners, const Law& law, const Real& start) {
  Real w = start;
  for (const SynapseEvent& event : events_of(trains, partners, law)) w = after(law, event, w);
  return w;
}

Real brute_force_rewarded_weight(const SynapseTrains& trains, Partners partners, const Law& law,
                                 const Modulation& modulation, const Real& start, const Rational& until) {
  RewardedWeight rewarded(modulation, start);
  for (const SynapseEvent& event : events_of(trains, partners, law)) {
    const Real w = rewarded.at(event.time);
    rewarded.change(after(law, event, w) - w);
  }
  return rewarded.at(until);
}

}  // namespace chronotope::reference
