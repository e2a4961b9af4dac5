// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/procrustes.hpp"

#include <Eigen/Dense>
#include <cassert>
#include <cmath>
#include <limits>

#include "chronotope/topology/distances/binary_scale.hpp"

namespace chronotope::topology {

namespace {

using Eigen::MatrixXd;

/// Centred, in a unit in which no square overflows. Columns that are constant become exactly 0.
MatrixXd centred(const PointCloud& cloud) {
  const BinaryScale scale(cloud.values());
  MatrixXd x(cloud.size(), cloud.dimension());
  for (std::size_t i = 0; i < cloud.size(); ++i)
    for (std::size_t c = 0; c < cloud.dimension(); ++c)
      x(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(c)) =
          scale.down(cloud(i, c)) - scale.down(cloud(0, c));
  x.rowwise() -= x.colwise().mean().eval();
  return x;
}

/// The same objects in as many coordinates as there are objects: X = R'Q' has the shape of R'.
MatrixXd without_spare_columns(const MatrixXd& x) {
  if (x.cols() <= x.rows()) return x;
  const Eigen::HouseholderQR<MatrixXd> qr(x.transpose());
  return qr.matrixQR().topRows(x.rows()).triangularView<Eigen::Upper>().toDenseMatrix().transpose();
}

/// Frobenius norm 1, or NaN for a cloud without extent.
MatrixXd unit_shape(const PointCloud& cloud) {
  MatrixXd x = without_spare_columns(centred(cloud));
  const double largest = x.size() == 0 ? 0 : x.cwiseAbs().maxCoeff();
  if (largest == 0) return MatrixXd::Constant(x.rows(), 1, std::numeric_limits<double>::quiet_NaN());
  x /= largest;
  return x / x.norm();
}

}  // namespace

double procrustes_distance(const PointCloud& a, const PointCloud& b) {
  assert(a.size() == b.size() && a.size() > 0);
  const MatrixXd x = unit_shape(a);
  const MatrixXd y = unit_shape(b);
  if (x.hasNaN() || y.hasNaN()) return std::numeric_limits<double>::quiet_NaN();
  const Eigen::BDCSVD<MatrixXd> svd(x.transpose() * y, Eigen::ComputeThinU | Eigen::ComputeThinV);
  const MatrixXd x_turned = x * svd.matrixU();
  const MatrixXd y_turned = y * svd.matrixV();
  // The wider cloud also has a part outside the other's space.
  const double outside = (x - x_turned * svd.matrixU().transpose()).squaredNorm() +
                         (y - y_turned * svd.matrixV().transpose()).squaredNorm();
  return std::sqrt((x_turned - y_turned).squaredNorm() + outside);
}

}  // namespace chronotope::topology
