// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/escape_fit.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace chronotope::models {
namespace {

constexpr double kLeastGain = 1e-9;  // of log-likelihood
constexpr std::uint32_t kMostSteps = 60;
constexpr int kMostHalvings = 40;
// Of the information's diagonal, where the information alone gives no way up: it is singular to rounding.
constexpr double kLeastDamping = 1e-6;
constexpr double kMostDamping = 1e6;

/// Where the fit stands.
class Ascent {
 public:
  Ascent(const EscapeNeuron& neuron, std::span<const EscapeArrival> arrivals, std::span<const Time> train,
         Time end, const Checkpoint& checkpoint, bool from_zero)
      : neuron_(neuron), arrivals_(arrivals), train_(train), end_(end), checkpoint_(checkpoint) {
    std::vector<bool> heard(neuron.synapses.size());
    for (const EscapeArrival& arrival : arrivals) heard[arrival.synapse] = true;
    for (std::size_t j = 0; j < heard.size(); ++j)
      fit_.weight.push_back(heard[j] && from_zero ? 0 : neuron.synapses[j].weight);
    at_ = sums(fit_.weight);
  }

  EscapeFit run() {
    while (fit_.steps < kMostSteps && step()) ++fit_.steps;
    fit_.log_likelihood = at_.log_likelihood();
    set_standard_errors();
    return std::move(fit_);
  }

 private:
  EscapeSums sums(const std::vector<double>& weights) const {
    return escape_likelihood(neuron_, weights, arrivals_, train_, end_, true, checkpoint_);
  }

  double information(std::size_t j, std::size_t k) const {
    return at_.information[j * fit_.weight.size() + k];
  }

  /// Synapses that may move: the data say something of them, and no bound is in their way.
  std::vector<std::size_t> free() const {
    std::vector<std::size_t> free;
    for (std::size_t j = 0; j < fit_.weight.size(); ++j) {
      const double w = fit_.weight[j];
      const double ahead = w + std::copysign(1, at_.gradient[j]);
      if (information(j, j) > 0 && neuron_.allowed(j, ahead) != w) free.push_back(j);
    }
    return free;
  }

  Eigen::MatrixXd information(const std::vector<std::size_t>& free) const {
    const auto size = static_cast<Eigen::Index>(free.size());
    Eigen::MatrixXd matrix(size, size);
    for (Eigen::Index j = 0; j < size; ++j)
      for (Eigen::Index k = 0; k < size; ++k)
        matrix(j, k) = information(free[static_cast<std::size_t>(j)], free[static_cast<std::size_t>(k)]);
    return matrix;
  }

  /// One step uphill; false at the top, or when there is no way up.
  bool step() {
    const std::vector<std::size_t> free = this->free();
    if (free.empty()) {
      fit_.converged = true;
      return false;
    }
    Eigen::VectorXd gradient(static_cast<Eigen::Index>(free.size()));
    for (std::size_t j = 0; j < free.size(); ++j)
      gradient[static_cast<Eigen::Index>(j)] = at_.gradient[free[j]];
    const Eigen::MatrixXd information = this->information(free);
    for (double damping = 0; damping <= kMostDamping; damping = std::max(kLeastDamping, 10 * damping)) {
      Eigen::MatrixXd damped = information;
      damped.diagonal() *= 1 + damping;
      const Eigen::VectorXd ahead = damped.ldlt().solve(gradient);
      const double gain = gradient.dot(ahead) / 2;
      if (!ahead.allFinite() || gain < 0) continue;
      fit_.converged = gain < kLeastGain;
      return !fit_.converged && climb(free, ahead);
    }
    return false;
  }

  bool climb(const std::vector<std::size_t>& free, const Eigen::VectorXd& ahead) {
    double share = std::min(1.0, 4 * share_);
    for (int halvings = 0; halvings < kMostHalvings; ++halvings, share /= 2) {
      std::vector<double> weights = fit_.weight;
      for (std::size_t j = 0; j < free.size(); ++j)
        weights[free[j]] =
            neuron_.allowed(free[j], weights[free[j]] + share * ahead[static_cast<Eigen::Index>(j)]);
      EscapeSums there = sums(weights);
      if (!(there.log_likelihood() > at_.log_likelihood())) continue;
      fit_.weight = std::move(weights);
      at_ = std::move(there);
      share_ = share;
      return true;
    }
    return false;
  }

  void set_standard_errors() {
    fit_.standard_error.assign(fit_.weight.size(), std::numeric_limits<double>::quiet_NaN());
    std::vector<std::size_t> free;
    for (std::size_t j = 0; j < fit_.weight.size(); ++j)
      if (information(j, j) > 0) free.push_back(j);
    if (free.empty()) return;
    const auto size = static_cast<Eigen::Index>(free.size());
    const Eigen::MatrixXd covariance = information(free).ldlt().solve(Eigen::MatrixXd::Identity(size, size));
    for (std::size_t j = 0; j < free.size(); ++j) {
      const double variance = covariance(static_cast<Eigen::Index>(j), static_cast<Eigen::Index>(j));
      if (variance > 0) fit_.standard_error[free[j]] = std::sqrt(variance);
    }
  }

  const EscapeNeuron& neuron_;
  std::span<const EscapeArrival> arrivals_;
  std::span<const Time> train_;
  Time end_;
  const Checkpoint& checkpoint_;
  EscapeFit fit_;
  EscapeSums at_;
  double share_ = 1;  // of the last step that went uphill: the next is hardly much longer
};

}  // namespace

EscapeFit fit_weights(const EscapeNeuron& neuron, std::span<const EscapeArrival> arrivals,
                      std::span<const Time> train, Time end, const Checkpoint& checkpoint) {
  EscapeFit fit = Ascent(neuron, arrivals, train, end, checkpoint, true).run();
  if (fit.converged) return fit;
  EscapeFit again = Ascent(neuron, arrivals, train, end, checkpoint, false).run();
  return fit.log_likelihood >= again.log_likelihood ? fit : again;
}

}  // namespace chronotope::models
