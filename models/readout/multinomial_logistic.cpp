// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/readout/multinomial_logistic.hpp"

#include <algorithm>
#include <cmath>

#include "chronotope/core/error.hpp"
#include "chronotope/core/exponential.hpp"
#include "chronotope/models/readout/eigen_tables.hpp"

namespace chronotope::models {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;

constexpr int kNewtonSteps = 200;
constexpr int kHalvings = 40;
constexpr double kSufficientDecrease = 1e-4;

/// x_i with a last column of 1, in at most as many other columns as there are rows, and the way back.
class Examples {
 public:
  explicit Examples(const FeatureTable& table) {
    const MatrixXd x = as_matrix(table);
    if (x.cols() > x.rows()) {
      const Eigen::HouseholderQR<MatrixXd> qr(x.transpose());
      basis_ = qr.householderQ() * MatrixXd::Identity(x.cols(), x.rows());
      turned_ = with_ones(
          qr.matrixQR().topRows(x.rows()).triangularView<Eigen::Upper>().toDenseMatrix().transpose());
    } else {
      turned_ = with_ones(x);
    }
  }

  const MatrixXd& rows() const { return turned_; }
  /// The coefficients of the given columns.
  MatrixXd turned_back(const MatrixXd& B) const { return basis_.size() == 0 ? B : MatrixXd(basis_ * B); }

 private:
  static MatrixXd with_ones(const MatrixXd& x) {
    MatrixXd wider(x.rows(), x.cols() + 1);
    wider << x, MatrixXd::Ones(x.rows(), 1);
    return wider;
  }

  MatrixXd turned_;
  MatrixXd basis_;
};

/// Entry by entry.
double dot(const MatrixXd& a, const MatrixXd& b) { return a.cwiseProduct(b).sum(); }

/// f as a function of W, the rows of B and then b'.
class Objective {
 public:
  /// All rows but the last: those that are penalised.
  static auto B(const MatrixXd& W) { return W.topRows(W.rows() - 1); }

  Objective(const MatrixXd& x, const Classes& classes, Index count, double lambda)
      : x_(x), classes_(classes), count_(count), lambda_(lambda) {}

  MatrixXd start() const { return MatrixXd::Zero(x_.cols(), count_); }

  /// f at W; keeps the probabilities for gradient() and curvature().
  double move_to(const MatrixXd& W) {
    W_ = W;
    P_ = x_ * W;
    const Eigen::VectorXd largest = P_.rowwise().maxCoeff();
    P_.colwise() -= largest;
    double losses = 0;
    for (Index i = 0; i < P_.rows(); ++i) losses -= P_(i, cls(i));
    exp_all({P_.data(), static_cast<std::size_t>(P_.size())});
    const Eigen::VectorXd sums = P_.rowwise().sum();
    for (Index i = 0; i < P_.rows(); ++i) losses += chronotope::log(sums[i]);
    P_.array().colwise() /= sums.array();
    return losses / n() + lambda_ / 2 * B(W).squaredNorm();
  }
  MatrixXd gradient() const {
    MatrixXd R = P_;
    for (Index i = 0; i < R.rows(); ++i) R(i, cls(i)) -= 1;
    return penalised(x_.transpose() * R / n(), W_);
  }
  /// The Hessian times D.
  MatrixXd curvature(const MatrixXd& D) const {
    MatrixXd Q = P_.cwiseProduct(x_ * D);
    const Eigen::VectorXd means = Q.rowwise().sum();
    Q -= (P_.array().colwise() * means.array()).matrix();
    return penalised(x_.transpose() * Q / n(), D);
  }

 private:
  double n() const { return static_cast<double>(x_.rows()); }
  Index cls(Index i) const { return static_cast<Index>(classes_[static_cast<std::size_t>(i)]); }
  MatrixXd penalised(MatrixXd G, const MatrixXd& W) const {
    G.topRows(G.rows() - 1) += lambda_ * B(W);
    return G;
  }

  const MatrixXd& x_;
  const Classes& classes_;
  Index count_;
  double lambda_;
  MatrixXd W_;
  MatrixXd P_;
};

/// Solves Hessian * step = -gradient until the residual is below min(1/2, sqrt |gradient|) |gradient|.
MatrixXd newton_step(const Objective& f, const MatrixXd& gradient) {
  const double norm = gradient.norm();
  const double enough = std::min(0.5, std::sqrt(norm)) * norm;
  MatrixXd step = MatrixXd::Zero(gradient.rows(), gradient.cols());
  MatrixXd residual = -gradient;
  MatrixXd direction = residual;
  double squared = residual.squaredNorm();
  for (Index k = 0; k < 2 * gradient.size() && std::sqrt(squared) > enough; ++k) {
    const MatrixXd curved = f.curvature(direction);
    const double along = dot(direction, curved);
    if (!(along > 0)) break;  // flat but for rounding
    step += squared / along * direction;
    residual -= squared / along * curved;
    const double next = residual.squaredNorm();
    direction = residual + next / squared * direction;
    squared = next;
  }
  return step;
}

class Descent {
 public:
  Descent(Objective f) : f_(std::move(f)), W_(f_.start()), value_(f_.move_to(W_)), gradient_(f_.gradient()) {}

  const MatrixXd& minimum() {
    for (int k = 0; k < kNewtonSteps; ++k) {
      if (gradient_.norm() <= kLogisticTolerance) return W_;
      if (!advance(newton_step(f_, gradient_))) break;
    }
    throw Failure("the logistic read-out did not converge: its gradient is " + to_string(gradient_.norm()) +
                  ", not " + to_string(kLogisticTolerance));
  }

 private:
  /// The whole step, or the first half, quarter, ... of it that lowers f enough; where f no longer shows it,
  /// that lowers the gradient; false when none does.
  bool advance(const MatrixXd& step) {
    const double slope = dot(gradient_, step);
    const double seen = 1e-14 * std::abs(value_);
    double share = 1;
    for (int k = 0; k < kHalvings; ++k, share /= 2) {
      const MatrixXd W = W_ + share * step;
      const double value = f_.move_to(W);
      const bool lower = value <= value_ + kSufficientDecrease * share * slope;
      if (!lower && value > value_ + seen) continue;
      MatrixXd gradient = f_.gradient();
      if (!lower && gradient.norm() >= gradient_.norm()) continue;
      W_ = W;
      value_ = value;
      gradient_ = std::move(gradient);
      return true;
    }
    return false;
  }

  Objective f_;
  MatrixXd W_;
  double value_;
  MatrixXd gradient_;
};

LinearMap to_map(const MatrixXd& B, const MatrixXd& b) {
  LinearMap map{static_cast<std::size_t>(B.rows()), static_cast<std::size_t>(B.cols()), {}, {}};
  const RowMajor rows = B;
  map.B.assign(rows.data(), rows.data() + rows.size());
  for (Index k = 0; k < b.cols(); ++k) map.b.push_back(b(0, k));
  return map;
}

}  // namespace

LinearMap multinomial_logistic(const FeatureTable& x, const Classes& classes, double lambda) {
  assert(lambda > 0 && x.size() == classes.size() && !classes.empty());
  const auto count = static_cast<Index>(*std::max_element(classes.begin(), classes.end())) + 1;
  const Examples examples(x);
  Descent descent(Objective(examples.rows(), classes, count, lambda));
  const MatrixXd& W = descent.minimum();
  return to_map(examples.turned_back(Objective::B(W)), W.bottomRows(1));
}

}  // namespace chronotope::models
