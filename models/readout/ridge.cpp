// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/readout/ridge.hpp"

#include <cmath>
#include <limits>

#include "chronotope/models/readout/eigen_tables.hpp"

namespace chronotope::models {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// X = U S V', centred, of which one of U and V is kept.
class CentredExamples {
 public:
  explicit CentredExamples(const FeatureTable& table)
      : mean_(as_matrix(table).colwise().mean()), x_(as_matrix(table).rowwise() - mean_.transpose()) {
    const bool wide = x_.cols() > x_.rows();
    if (x_.cols() == 0) return;
    const MatrixXd gram = wide ? MatrixXd(x_ * x_.transpose()) : MatrixXd(x_.transpose() * x_);
    const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(gram);
    squares_ = solver.eigenvalues().cwiseMax(0);
    scores_ = wide ? MatrixXd(solver.eigenvectors() * squares_.cwiseSqrt().asDiagonal())
                   : MatrixXd(x_ * solver.eigenvectors());
    if (!wide)
      directions_ = solver.eigenvectors();
    else
      left_ = solver.eigenvectors();
  }

  Index size() const { return x_.rows(); }
  const VectorXd& mean() const { return mean_; }

  /// B for centred targets; penalty = lambda n.
  MatrixXd coefficients(const MatrixXd& y, double penalty) const {
    if (x_.cols() == 0) return MatrixXd(0, y.cols());
    const VectorXd shrink = (squares_.array() + penalty).inverse();
    if (left_.size() == 0) return directions_ * (shrink.asDiagonal() * (scores_.transpose() * y));
    return x_.transpose() * (left_ * (shrink.asDiagonal() * (left_.transpose() * y)));
  }
  /// X B.
  MatrixXd fitted(const MatrixXd& y, double penalty) const {
    if (x_.cols() == 0) return MatrixXd::Zero(y.rows(), y.cols());
    const VectorXd shrink = (squares_.array() + penalty).inverse();
    return scores_ * (shrink.asDiagonal() * (scores_.transpose() * y));
  }
  /// The diagonal of X (X'X + penalty)^-1 X' + 11'/n.
  VectorXd leverages(double penalty) const {
    const VectorXd own = VectorXd::Constant(size(), 1 / static_cast<double>(size()));
    if (x_.cols() == 0) return own;
    const VectorXd shrink = (squares_.array() + penalty).inverse();
    return own + scores_.cwiseAbs2() * shrink;
  }

 private:
  VectorXd mean_;
  MatrixXd x_;
  VectorXd squares_;     // S^2
  MatrixXd scores_;      // U S
  MatrixXd directions_;  // V, of a tall table
  MatrixXd left_;        // U, of a wide one
};

class Regression {
 public:
  Regression(const FeatureTable& x, std::span<const double> y)
      : x_(x), mean_(targets(x, y).colwise().mean()), y_(targets(x, y).rowwise() - mean_.transpose()) {}

  /// Per target.
  VectorXd leave_one_out(double lambda) const {
    const VectorXd keep = 1 - x_.leverages(penalty(lambda)).array();
    const MatrixXd errors = keep.cwiseInverse().asDiagonal() * (y_ - x_.fitted(y_, penalty(lambda)));
    return errors.colwise().squaredNorm();
  }
  /// Each target with its penalty; those that share one are solved together.
  LinearMap solve(const std::vector<double>& lambda) const {
    MatrixXd B(x_.mean().size(), y_.cols());
    for (Index k = 0; k < y_.cols();) {
      Index end = k + 1;
      while (end < y_.cols() && lambda[to_size(end)] == lambda[to_size(k)]) ++end;
      B.middleCols(k, end - k) = x_.coefficients(y_.middleCols(k, end - k), penalty(lambda[to_size(k)]));
      k = end;
    }
    return to_map(B);
  }
  std::size_t targets() const { return to_size(y_.cols()); }

 private:
  static std::size_t to_size(Index i) { return static_cast<std::size_t>(i); }
  static Eigen::Map<const RowMajor> targets(const FeatureTable& x, std::span<const double> y) {
    assert(x.size() >= 2 && y.size() % x.size() == 0);
    return as_matrix(y, x.size(), y.size() / x.size());
  }
  double penalty(double lambda) const { return lambda * static_cast<double>(x_.size()); }

  LinearMap to_map(const MatrixXd& B) const {
    LinearMap map{to_size(B.rows()), to_size(B.cols()), {}, {}};
    const RowMajor rows = B;
    map.B.assign(rows.data(), rows.data() + rows.size());
    const VectorXd b = mean_ - B.transpose() * x_.mean();
    map.b.assign(b.data(), b.data() + b.size());
    return map;
  }

  CentredExamples x_;
  VectorXd mean_;
  MatrixXd y_;
};

/// The penalty with the least error, per target; `shared` sums the errors of all.
std::vector<double> best_penalties(const Regression& regression, PenaltyPer choice) {
  std::vector<double> best(regression.targets(), kRidgePenalties.front());
  VectorXd least =
      VectorXd::Constant(static_cast<Index>(best.size()), std::numeric_limits<double>::infinity());
  for (const double lambda : kRidgePenalties) {
    VectorXd errors = regression.leave_one_out(lambda);
    if (choice == PenaltyPer::kAll) errors.setConstant(errors.sum());
    for (std::size_t k = 0; k < best.size(); ++k) {
      const auto i = static_cast<Index>(k);
      if (!(errors[i] < least[i])) continue;
      least[i] = errors[i];
      best[k] = lambda;
    }
  }
  return best;
}

}  // namespace

LinearMap ridge(const FeatureTable& x, std::span<const double> y, double lambda) {
  assert(lambda > 0);
  const Regression regression(x, y);
  return regression.solve(std::vector<double>(regression.targets(), lambda));
}

RidgeFit ridge(const FeatureTable& x, std::span<const double> y, PenaltyPer choice) {
  const Regression regression(x, y);
  RidgeFit fit;
  fit.lambda = best_penalties(regression, choice);
  fit.map = regression.solve(fit.lambda);
  return fit;
}

std::vector<double> ridge_leave_one_out(const FeatureTable& x, std::span<const double> y, double lambda) {
  const VectorXd errors = Regression(x, y).leave_one_out(lambda);
  return {errors.data(), errors.data() + errors.size()};
}

}  // namespace chronotope::models
