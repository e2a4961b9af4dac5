// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace chronotope::models {

/// What the logits z of the classes are made of on a grid; the loss is the cross-entropy -log softmax(z)_c. Or, of
/// kVanRossum, how far the trains of K output neurons are from those of the item, without classes: a half of the mean
/// of their squared distances (van Rossum 2001) on the grid,
///   (1/2K) sum over them of (D/tau_l) sum_t e_t^2,   e_t = e^(-D/tau_l) e_(t-1) + s_t - s*_t.
struct GridLoss {
  enum class Kind {
    kMax,              // the largest y_t of a leaky read-out, at its first maximum
    kMean,             // the mean of y_t
    kLast,             // y at the last step
    kCount,            // scale x spikes of the output neuron
    kDiscountedCount,  // scale x sum of s_t e^(-t D/tau_l) of it
    kFirstSpike,       // -(its first spike time)/tau_l, interpolated inside the step; silent: the end
    kVanRossum,        // none: every logit is 0
  };
  Kind kind = Kind::kMax;
  double scale = 1;
  double tau_l = 5;  // [ms]

  bool is_leaky() const { return kind <= Kind::kLast; }
};

/// Keeps spike counts n of all neurons in range: c1 mean relu(n - n_hi)^2 + c2 mean relu(n_lo - n)^2, means
/// over the batch and the neurons.
struct CountRegulariser {
  double c1 = 0;
  double n_hi = 0;
  double c2 = 0;
  double n_lo = 0;

  bool acts() const { return c1 > 0 || c2 > 0; }
  double loss(double count) const;
  /// Of loss by count.
  double derivative(double count) const;
};

/// -log softmax(logits)_label; writes its derivative by the logits, softmax - onehot. Any size of logits.
double cross_entropy(std::span<const double> logits, std::uint32_t label, std::span<double> derivative);

/// The place of the largest, of equal ones the first.
std::uint32_t first_largest(std::span<const double> values);

}  // namespace chronotope::models
