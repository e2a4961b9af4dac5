// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <string_view>
#include <vector>

#include "chronotope/core/parameter.hpp"
#include "chronotope/core/projection_source.hpp"

namespace chronotope::models {

/// The time constants of the traces, shared or one per synapse [ms].
struct TraceConstants {
  Parameter<SynapseId> plus;       // of r1, the arrivals
  Parameter<SynapseId> minus;      // of o1, the postsynaptic spikes
  Parameter<SynapseId> slow_pre;   // of r2, when the law has slow traces
  Parameter<SynapseId> slow_post;  // of o2
};

/// How a weight changes, as arithmetic on the weight's magnitude and the traces.
///
/// law[s] has the constants of synapse s: a postsynaptic spike changes its weight by potentiation(w, r1, o2),
/// an arrival by depression(w, o1, r2), of either sign; clip(w) brings it into its bounds. r2 and o2 are the
/// slow traces just before the event and 0 unless kSlowTraces. is_shared() says that all synapses have the
/// same: then use_shared(use) calls use(law[s]), or what does the same with fewer decisions. kIsCheap says of
/// law[s] that a potentiation is sooner computed than it is decided whether there was one. Requires of a law:
/// potentiation with r1 = 0 is 0.
template <class L>
concept TraceLaw = requires(const L& law, const ProjectionSource& source, SynapseId s, double w) {
  { L::kName } -> std::convertible_to<std::string_view>;
  { L::kSlowTraces } -> std::convertible_to<bool>;
  L(source);
  { L::constants(source) } -> std::same_as<TraceConstants>;
  { law.draw_magnitudes(source) } -> std::same_as<std::vector<double>>;
  { law.is_shared() } -> std::same_as<bool>;
  law.use_shared([](const auto&) {});
  { law[s].potentiation(w, w, w) } -> std::same_as<double>;
  { law[s].depression(w, w, w) } -> std::same_as<double>;
  { law[s].clip(w) } -> std::same_as<double>;
  { law[s].kIsCheap } -> std::convertible_to<bool>;
};

/// w after a postsynaptic spike, or w when r1 = 0.
template <class SynapseLaw>
double potentiated(const SynapseLaw& law, double w, double r1, double o2) {
  if (!SynapseLaw::kIsCheap && r1 == 0) return w;
  return law.clip(w + law.potentiation(w, r1, o2));
}
/// w after an arrival.
template <class SynapseLaw>
double depressed(const SynapseLaw& law, double w, double o1, double r2) {
  return law.clip(w + law.depression(w, o1, r2));
}

}  // namespace chronotope::models
