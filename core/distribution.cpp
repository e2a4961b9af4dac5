// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/distribution.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "chronotope/core/error.hpp"
#include "chronotope/core/exponential.hpp"
#include "chronotope/core/gamma_quantile.hpp"

namespace chronotope {
namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

double average(const std::vector<double>& values) {
  if (values.empty()) return 0;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// One draw of the gamma distribution of scale 1: Marsaglia & Tsang (2000), for shapes below 1 with the power
/// of a uniform variable of their section 6.
double standard_gamma(RandomStream& stream, double shape) {
  if (shape < 1) {
    const double above = standard_gamma(stream, shape + 1);
    return above * exp(log(stream.uniform()) / shape);
  }
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = standard_normal(stream);
    const double root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    const double u = stream.uniform();
    const double square = x * x;
    if (u < 1 - 0.0331 * square * square) return d * v;  // saves the logarithms of most
    if (log(u) < square / 2 + d * (1 - v + log(v))) return d * v;
  }
}

/// One draw, bounds aside.
double draw(const ParameterDistribution::Kind& kind, RandomStream& stream, std::uint64_t entity) {
  return std::visit(Overloaded{
                        [](const Constant& d) { return d.value; },
                        [&](const Uniform& d) { return d.low + (d.high - d.low) * stream.uniform(); },
                        [&](const Normal& d) { return d.mean + d.sd * standard_normal(stream); },
                        [&](const Lognormal& d) {
                          const double variance = log1p(d.cv * d.cv);
                          return d.mean * exp(std::sqrt(variance) * standard_normal(stream) - variance / 2);
                        },
                        [&](const Gamma& d) {
                          const double square = d.cv * d.cv;
                          return d.mean * square * standard_gamma(stream, 1 / square);
                        },
                        [&](const Values& d) { return d.value.at(entity); },
                    },
                    kind);
}

}  // namespace

// The polar method (Marsaglia & Bray 1964): besides arithmetic only a logarithm, whose bits are ours.
double standard_normal(RandomStream& stream) {
  while (true) {
    const double x = 2 * stream.uniform() - 1;
    const double y = 2 * stream.uniform() - 1;
    const double square = x * x + y * y;
    if (square < 1 && square > 0) return x * std::sqrt(-2 * log(square) / square);
  }
}

ParameterDistribution::ParameterDistribution(Kind kind, double min, double max)
    : kind_(std::move(kind)), min_(min), max_(max) {}

std::optional<double> ParameterDistribution::constant() const {
  return std::visit(
      Overloaded{
          [](const Constant& d) { return std::optional(d.value); },
          [](const Uniform& d) { return d.low == d.high ? std::optional(d.low) : std::nullopt; },
          [](const Normal& d) { return d.sd == 0 ? std::optional(d.mean) : std::nullopt; },
          [](const Lognormal& d) { return d.cv == 0 ? std::optional(d.mean) : std::nullopt; },
          [](const Gamma& d) { return d.cv == 0 ? std::optional(d.mean) : std::nullopt; },
          [](const Values&) { return std::optional<double>(); },
      },
      kind_);
}

double ParameterDistribution::mean() const {
  return std::visit(Overloaded{
                        [](const Constant& d) { return d.value; },
                        [](const Uniform& d) { return d.low + (d.high - d.low) / 2; },
                        [](const Values& d) { return average(d.value); },
                        [](const auto& d) { return d.mean; },
                    },
                    kind_);
}

ParameterDistribution ParameterDistribution::within(double low, double high) const {
  return {kind_, std::max(min_, low), std::min(max_, high)};
}

double ParameterDistribution::sample(RandomStream& stream, std::uint64_t entity) const {
  const bool redraw = !constant() && !std::holds_alternative<Values>(kind_);
  const int attempts = redraw ? 100'000 : 1;
  double value = 0;
  for (int i = 0; i < attempts; ++i) {
    value = constant() ? *constant() : draw(kind_, stream, entity);
    if (value >= min_ && value <= max_) return value;
  }
  throw InputError("the value " + to_string(value) + " is outside [" + to_string(min_) + ", " +
                   to_string(max_) + "]" + (redraw ? " and so were 100000 draws" : ""));
}

double ParameterDistribution::at_normal_rank(double z) const {
  return std::visit(
      Overloaded{
          [](const Constant& d) { return d.value; },
          // Phi(z) = 1 - exp(-E(z)) with E the exponential variable of the same rank
          [&](const Uniform& d) { return d.low - (d.high - d.low) * expm1(-gamma_at_normal_rank(1, z)); },
          [&](const Normal& d) { return d.mean + d.sd * z; },
          [&](const Lognormal& d) {
            const double variance = log1p(d.cv * d.cv);
            return d.mean * exp(std::sqrt(variance) * z - variance / 2);
          },
          [&](const Gamma& d) {
            const double square = d.cv * d.cv;
            return d.mean * square * gamma_at_normal_rank(1 / square, z);
          },
          [](const Values&) -> double { throw InputError("explicit values cannot be drawn together"); },
      },
      kind_);
}

}  // namespace chronotope
