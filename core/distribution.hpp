// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <variant>
#include <vector>

#include "chronotope/core/random_stream.hpp"

namespace chronotope {

struct Constant {
  double value = 0;
};
struct Uniform {
  double low = 0;
  double high = 0;
};
struct Normal {
  double mean = 0;
  double sd = 0;
};
/// sigma^2 = ln(1 + cv^2), mu = ln(mean) - sigma^2/2.
struct Lognormal {
  double mean = 0;
  double cv = 0;
};
/// Shape 1/cv^2, scale mean cv^2.
struct Gamma {
  double mean = 0;
  double cv = 0;
};
/// One value per entity.
struct Values {
  std::vector<double> value;
};

/// One draw of the normal distribution with mean 0 and variance 1.
double standard_normal(RandomStream& stream);

/// A parameter's value, or the rule to draw one per neuron or synapse. Values outside [min, max] are drawn
/// again, not clipped, so no value has an atom at a bound. A distribution without spread (sd, cv or high -
/// low = 0) is its constant: the same code runs and gives the same bits.
///
/// Draws are built on the deterministic exp and log and depend only on the stream they are drawn from.
class ParameterDistribution {
 public:
  using Kind = std::variant<Constant, Uniform, Normal, Lognormal, Gamma, Values>;

  ParameterDistribution(Kind kind = Constant{}, double min = -std::numeric_limits<double>::infinity(),
                        double max = std::numeric_limits<double>::infinity());

  /// The one value of a distribution without spread.
  std::optional<double> constant() const;
  /// Its values were written down, not drawn.
  bool is_stated() const { return constant() || std::holds_alternative<Values>(kind_); }
  /// Mean before truncation.
  double mean() const;
  /// The same with its spread removed: every value is mean(). Explicit values become their mean.
  ParameterDistribution without_spread() const { return ParameterDistribution(Constant{mean()}, min_, max_); }
  /// The same with its bounds narrowed to [low, high].
  ParameterDistribution within(double low, double high) const;

  /// The value of entity `entity`, drawn from `stream`. Throws InputError when 100,000 draws miss [min, max].
  double sample(RandomStream& stream, std::uint64_t entity) const;
  /// The value whose rank among all values is that of `z` among standard normal ones, bounds aside. Explicit
  /// values have no such value. Cost: for a gamma distribution some 50 exponentials.
  double at_normal_rank(double z) const;

  bool admits(double value) const { return value >= min_ && value <= max_; }
  const Kind& kind() const { return kind_; }
  double min() const { return min_; }
  double max() const { return max_; }

 private:
  Kind kind_;
  double min_;
  double max_;
};

}  // namespace chronotope
