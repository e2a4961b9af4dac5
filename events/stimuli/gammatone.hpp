// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <vector>

namespace chronotope::events {

/// Equivalent rectangular bandwidth of the auditory filter at frequency f [Hz]: 24.7 (0.00437 f + 1) Hz
/// (Glasberg & Moore 1990, Hear. Res. 47:103, equation 3).
double equivalent_rectangular_bandwidth(double frequency);

/// `count` frequencies [Hz] from `low` to `high`, both included, at equal steps of the ERB-number scale
/// 21.4 log10(1 + 0.00437 f) (Glasberg & Moore 1990, equation 4). One frequency: `low`.
/// Requires: count > 0, 0 < low <= high.
std::vector<double> erb_spaced(double low, double high, unsigned count);

/// A fourth-order gammatone filter: the response of one place on the basilar membrane.
///   z_1(n) = x(n) + a z_1(n-1),   z_k(n) = z_{k-1}(n) + a z_k(n-1),   y(n) = 2 (1 - |a|)^4 Re z_4(n),
///   a = exp(-2 pi b / f_s) exp(2 pi i f_c / f_s),   b = 1.019 ERB(f_c),
/// so that its impulse response is 2 (1 - |a|)^4 C(n+3, 3) Re a^n (t^3 e^(-2 pi b t) cos(2 pi f_c t),
/// sampled), and a tone at the centre frequency f_c passes with gain 1, but for the small response at -f_c.
/// Source: Hohmann 2002, Acta Acustica 88:433 (complex one-pole cascade); Slaney 1993, Apple TR 35 (b).
/// State below 1e-100 counts as 0: that is inaudible and spares subnormal arithmetic.
/// Cost: about 30 floating-point operations a sample.
class GammatoneFilter {
 public:
  /// Requires: 0 < centre < sample_rate / 2 [Hz].
  GammatoneFilter(double centre, double sample_rate);

  /// The output for the next input sample.
  double operator()(double sample);

 private:
  struct Complex {
    double re = 0;
    double im = 0;
  };

  Complex pole_;
  double gain_;
  std::array<Complex, 4> stages_;
};

}  // namespace chronotope::events
