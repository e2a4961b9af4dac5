// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/search/gaussian_process.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

#include "chronotope/core/exponential.hpp"

namespace chronotope::models {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Variance of values that are all equal, whose logarithm is asked for.
constexpr double kLeastVariance = 1e-12;
/// On the diagonal beside the noise, so that equal places can be told apart by rounding.
constexpr double kJitter = 1e-10;

std::size_t groups_of(const std::vector<std::size_t>& group_of) {
  return group_of.empty() ? 0 : *std::max_element(group_of.begin(), group_of.end()) + 1;
}

/// Adds the squared distance in every group to `sums`.
void add_squares(std::span<const double> a, std::span<const double> b,
                 const std::vector<std::size_t>& group_of, std::span<double> sums) {
  for (std::size_t c = 0; c < a.size(); ++c) {
    const double difference = a[c] - b[c];
    sums[group_of[c]] += difference * difference;
  }
}

/// Squared distances of some pairs, group by group.
struct PairSquares {
  std::size_t groups = 0;
  std::vector<double> square;  // pairs x groups

  std::size_t size() const { return groups == 0 ? 0 : square.size() / groups; }
};

/// Of all pairs i > j, row by row.
PairSquares squares_of(const FeatureTable& places, const std::vector<std::size_t>& group_of) {
  PairSquares all{groups_of(group_of), {}};
  const std::size_t n = places.size();
  all.square.resize(n * (n - 1) / 2 * all.groups);
  std::size_t pair = 0;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < i; ++j, ++pair)
      add_squares(places.row(i), places.row(j), group_of, {&all.square[pair * all.groups], all.groups});
  return all;
}

/// (1 + a + a^2/3) exp(-a), a = sqrt(5) r, of every pair.
std::vector<double> matern(const PairSquares& pairs, const std::vector<double>& length) {
  std::vector<double> reach(pairs.size());
  for (std::size_t p = 0; p < reach.size(); ++p) {
    double square = 0;
    for (std::size_t g = 0; g < pairs.groups; ++g)
      square += pairs.square[p * pairs.groups + g] / (length[g] * length[g]);
    reach[p] = std::sqrt(5 * square);
  }
  std::vector<double> kernel(reach.size());
  std::transform(reach.begin(), reach.end(), kernel.begin(), [](double a) { return -a; });
  exp_all(kernel);
  for (std::size_t p = 0; p < reach.size(); ++p) kernel[p] *= 1 + reach[p] + reach[p] * reach[p] / 3;
  return kernel;
}

/// Values less their mean, in units of their deviation.
struct Standardised {
  double mean = 0;
  double sd = 1;
  VectorXd y;

  explicit Standardised(std::span<const double> values)
      : y(Eigen::Map<const VectorXd>(values.data(), static_cast<Index>(values.size()))) {
    mean = y.mean();
    y.array() -= mean;
    const double variance = y.squaredNorm() / static_cast<double>(values.size());
    if (variance > 0) sd = std::sqrt(variance);
    y /= sd;
  }
};

/// K/s^2 as a triangle, and what is made of it.
struct Factorised {
  Eigen::LLT<MatrixXd> triangle;
  VectorXd solution;    // (K/s^2)^-1 y
  double variance = 1;  // s^2
  double log_likelihood = -std::numeric_limits<double>::infinity();

  Factorised(const PairSquares& pairs, const ProcessScales& scales, const VectorXd& y) {
    const Index n = y.size();
    const std::vector<double> kernel = matern(pairs, scales.length);
    MatrixXd covariance(n, n);
    std::size_t pair = 0;
    for (Index i = 0; i < n; ++i) {
      for (Index j = 0; j < i; ++j) covariance(i, j) = kernel[pair++];
      covariance(i, i) = 1 + scales.noise + kJitter;
    }
    triangle.compute(covariance);  // reads the lower half
    if (triangle.info() != Eigen::Success) return;
    solution = triangle.solve(y);
    variance = std::max(y.dot(solution) / static_cast<double>(n), kLeastVariance);
    double log_determinant = 0;
    for (Index i = 0; i < n; ++i) log_determinant += 2 * log(triangle.matrixLLT()(i, i));
    log_likelihood = -(static_cast<double>(n) * log(variance) + log_determinant) / 2;
  }
};

/// The logarithms of the scales, lengths first, and their prior.
class ScaleSearch {
 public:
  ScaleSearch(const FeatureTable& places, const std::vector<std::size_t>& group_of,
              std::span<const double> values)
      : pairs_(squares_of(places, group_of)), values_(values) {}

  /// Steps of every logarithm up and down, halved when none helps.
  ProcessScales best() const {
    std::vector<double> x(pairs_.groups, kLength.centre);
    x.push_back(kNoise.centre);
    double most = score(x);
    for (double step = 1; step > 0.1; step /= 2)
      while (improve(x, most, step)) continue;
    return scales(x);
  }

 private:
  struct LogPrior {
    double centre;
    double sd;
    double low;
    double high;

    double at(double x) const { return -(x - centre) * (x - centre) / (2 * sd * sd); }
  };
  static constexpr LogPrior kLength{-0.6931471805599453, 1, -4, 3};
  static constexpr LogPrior kNoise{-9.210340371976182, 2, -18, 0};

  const LogPrior& prior(std::size_t k) const { return k < pairs_.groups ? kLength : kNoise; }

  ProcessScales scales(const std::vector<double>& x) const {
    ProcessScales all;
    for (std::size_t g = 0; g < pairs_.groups; ++g) all.length.push_back(exp(x[g]));
    all.noise = exp(x.back());
    return all;
  }
  double score(const std::vector<double>& x) const {
    double sum = Factorised(pairs_, scales(x), values_.y).log_likelihood;
    for (std::size_t k = 0; k < x.size(); ++k) sum += prior(k).at(x[k]);
    return sum;
  }
  bool improve(std::vector<double>& x, double& most, double step) const {
    bool is_better = false;
    for (std::size_t k = 0; k < x.size(); ++k)
      for (const double by : {step, -step}) {
        std::vector<double> other = x;
        other[k] = std::clamp(x[k] + by, prior(k).low, prior(k).high);
        const double now = score(other);
        if (!(now > most + 1e-6)) continue;
        most = now;
        x = std::move(other);
        is_better = true;
        break;
      }
    return is_better;
  }

  PairSquares pairs_;
  Standardised values_;
};

}  // namespace

struct GaussianProcess::Solved {
  FeatureTable places;
  std::vector<std::size_t> group_of;
  ProcessScales scales;
  Standardised values;
  Factorised factor;
};

GaussianProcess::GaussianProcess(const FeatureTable& places, std::vector<std::size_t> group_of,
                                 std::span<const double> values, ProcessScales scales) {
  assert(places.size() == values.size() && !values.empty());
  assert(scales.length.size() == groups_of(group_of));
  Standardised standardised(values);
  Factorised factor(squares_of(places, group_of), scales, standardised.y);
  solved_ = std::make_unique<Solved>(
      Solved{places, std::move(group_of), std::move(scales), std::move(standardised), std::move(factor)});
}

GaussianProcess::~GaussianProcess() = default;
GaussianProcess::GaussianProcess(GaussianProcess&&) noexcept = default;
GaussianProcess& GaussianProcess::operator=(GaussianProcess&&) noexcept = default;

Prediction GaussianProcess::at(std::span<const double> place) const {
  const Solved& s = *solved_;
  PairSquares pairs{s.scales.length.size(), {}};
  pairs.square.resize(s.places.size() * pairs.groups);
  for (std::size_t i = 0; i < s.places.size(); ++i)
    add_squares(s.places.row(i), place, s.group_of, {&pairs.square[i * pairs.groups], pairs.groups});
  const std::vector<double> kernel = matern(pairs, s.scales.length);
  const Eigen::Map<const VectorXd> k(kernel.data(), static_cast<Index>(kernel.size()));
  const VectorXd half = s.factor.triangle.matrixL().solve(k);
  const double left = std::max(1 - half.squaredNorm(), 0.0);
  return {s.values.mean + s.values.sd * k.dot(s.factor.solution),
          s.values.sd * std::sqrt(s.factor.variance * left)};
}

double GaussianProcess::log_likelihood() const { return solved_->factor.log_likelihood; }
const ProcessScales& GaussianProcess::scales() const { return solved_->scales; }

ProcessScales likely_scales(const FeatureTable& places, const std::vector<std::size_t>& group_of,
                            std::span<const double> values) {
  return ScaleSearch(places, group_of, values).best();
}

}  // namespace chronotope::models
