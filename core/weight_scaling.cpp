// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/weight_scaling.hpp"

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/parameter_source.hpp"
#include "chronotope/core/value_count.hpp"

namespace chronotope {
namespace {

Parameter<NeuronId> draw_targets(const ParameterSpec& spec, const Purpose& purpose, std::uint64_t seed,
                                 const NeuronRange& own, std::uint32_t targets) {
  check_value_count(spec, targets, "target", "neurons");
  const bool shared = spec.value.constant().has_value();
  std::vector<double> drawn;
  for (std::uint32_t n = shared ? 0 : own.first; n < (shared ? 1 : own.last); ++n) {
    RandomStream stream(seed, purpose, n);
    drawn.push_back(draw(spec, kPositive, stream, n));
  }
  return shared ? Parameter<NeuronId>(drawn.front()) : Parameter<NeuronId>(std::move(drawn));
}

}  // namespace

WeightScaling::WeightScaling(const ScalingSpec& spec, const std::string& projection, std::uint64_t seed,
                             const NeuronRange& own, std::uint32_t targets)
    : interval_(spec.interval),
      tau_(spec.tau),
      normalises_(spec.target_sum.has_value()),
      target_(draw_targets(normalises_ ? *spec.target_sum : *spec.target_rate,
                           Purpose(projection + ".scaling"), seed, own, targets)),
      spikes_(own.size(), 0) {}

double WeightScaling::factor(NeuronId n, double sum) {
  const double spikes = spikes_[index(n)];
  spikes_[index(n)] = 0;
  if (sum == 0) return 1;
  if (normalises_) return target_[n] / sum;
  const double rate = spikes / (1e-3 * interval_.ms());
  return exp(interval_.ms() / tau_ * (1 - rate / target_[n]));
}

}  // namespace chronotope
