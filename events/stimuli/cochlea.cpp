// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/stimuli/cochlea.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "chronotope/core/error.hpp"
#include "chronotope/core/exponential.hpp"
#include "chronotope/events/stimuli/gammatone.hpp"

namespace chronotope::events {
namespace {

constexpr double kSilence = 1e-6;  // root mean square, full scale = 1

/// The samples without their mean and with root mean square 1; zeros for silence.
std::vector<double> normalised(std::span<const double> samples) {
  const auto count = static_cast<double>(samples.size());
  const double mean = std::accumulate(samples.begin(), samples.end(), 0.0) / count;
  double squares = 0;
  for (const double x : samples) squares += (x - mean) * (x - mean);
  const double rms = std::sqrt(squares / count);
  const double scale = rms < kSilence ? 0 : 1 / rms;
  std::vector<double> scaled;
  scaled.reserve(samples.size());
  for (const double x : samples) scaled.push_back((x - mean) * scale);
  return scaled;
}

}  // namespace

Cochlea::Cochlea(const Parameters& parameters, double sample_rate)
    : parameters_(parameters), sample_rate_(sample_rate) {
  if (!(parameters.f_low > 0 && parameters.f_low <= parameters.f_high && parameters.f_high < sample_rate / 2))
    throw InputError("the channels' frequencies, " + to_string(parameters.f_low) + " to " +
                     to_string(parameters.f_high) + " Hz, must ascend between 0 and half the sample rate, " +
                     to_string(sample_rate / 2) + " Hz");
  frequencies_ = erb_spaced(parameters.f_low, parameters.f_high, parameters.channels);
}

std::vector<double> Cochlea::channel_spikes(double frequency, std::span<const double> samples,
                                            const Checkpoint& checkpoint) const {
  constexpr std::size_t kBetweenCheckpoints = 1 << 14;
  GammatoneFilter membrane(frequency, sample_rate_);
  LeakyIntegrator fibre(parameters_.integrator, 1000 / sample_rate_);
  const double follow = -expm1(-2 * std::numbers::pi * parameters_.cutoff / sample_rate_);
  std::vector<double> spikes;
  double envelope = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (i % kBetweenCheckpoints == 0) checkpoint();
    const double motion = membrane(samples[i]);
    const double current = motion > 0 ? pow(motion, parameters_.compression) : 0;
    envelope += follow * (current - envelope);
    fibre.hold(parameters_.gain * envelope, 1000 * static_cast<double>(i) / sample_rate_, spikes);
  }
  return spikes;
}

std::vector<ChannelSpike> Cochlea::listen(std::span<const double> samples,
                                          const Checkpoint& checkpoint) const {
  const auto sound = normalised(samples);
  std::vector<ChannelSpike> spikes;
  for (std::uint32_t channel = 0; channel < frequencies_.size(); ++channel)
    for (const double ms : channel_spikes(frequencies_[channel], sound, checkpoint))
      spikes.push_back({Time() + Duration::nearest(ms), channel});
  std::sort(spikes.begin(), spikes.end());
  return spikes;
}

}  // namespace chronotope::events
