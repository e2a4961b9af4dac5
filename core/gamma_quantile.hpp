// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace chronotope {

/// The quantile of the gamma distribution with scale 1 at the rank that z has among standard normal
/// variables: the x with P(shape, x) = Phi(z), to a relative 1e-12.
///
/// P by its power series below shape + 1 and by Lentz's continued fraction of Q above; Newton's method on the
/// logarithm of the smaller tail, inside a bracket. Built on the deterministic exp and log.
/// Requires: shape > 0, z finite. Throws Failure when 200 steps do not suffice.
double gamma_at_normal_rank(double shape, double z);

/// ln P(Z > |z|) of a standard normal variable Z, to a relative 1e-14; made and priced in the same way.
double log_normal_tail(double z);

}  // namespace chronotope
