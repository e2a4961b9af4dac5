// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/machine_memory.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <variant>

namespace chronotope {
namespace {

// Measured: what a million of each adds to a process.
constexpr double kNeuronBytes = 40;
constexpr double kChannelBytes = 40;
constexpr double kSynapseBytes = 7;

std::string gigabytes(double bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g GB", bytes / 1e9);
  return text;
}

double expected_synapses(const ProjectionSpec& projection, double sources, double targets) {
  return std::visit(
      [&]<class Wiring>(const Wiring& wiring) -> double {
        if constexpr (std::is_same_v<Wiring, AllToAllSpec>) return sources * targets;
        if constexpr (std::is_same_v<Wiring, OneToOneSpec>) return sources;
        if constexpr (std::is_same_v<Wiring, PairwiseBernoulliSpec>)
          return wiring.p * wiring.target_fraction.value_or(1) * sources * targets;
        if constexpr (std::is_same_v<Wiring, FixedIndegreeSpec>) return wiring.indegree * targets;
        if constexpr (std::is_same_v<Wiring, FixedOutdegreeSpec>) return wiring.outdegree * sources;
        if constexpr (std::is_same_v<Wiring, SynapseListSpec>)
          return static_cast<double>(wiring.synapses.size());
        return 0;
      },
      projection.wiring);
}

}  // namespace

double machine_memory() {
  const double machine =
      static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE));
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return machine;
  return std::min(machine, static_cast<double>(limit.rlim_cur));
}

void require_memory(double bytes, const std::string& what) {
  const double machine = machine_memory();
  if (bytes > machine)
    throw InputError(what + " need about " + gigabytes(bytes) + " of memory; this machine has " +
                     gigabytes(machine));
}

void require_memory(const NetworkDescription& network) {
  double neurons = 0, channels = 0, synapses = 0;
  for (const PopulationSpec& population : network.populations) neurons += population.size;
  for (const InputSpec& input : network.inputs) channels += input.size;
  for (const ProjectionSpec& projection : network.projections)
    synapses +=
        expected_synapses(projection, network.size_of(projection.source), network.size_of(projection.target));
  char what[128];
  std::snprintf(what, sizeof what, "%.4g neurons, %.4g channels of inputs and %.4g synapses", neurons,
                channels, synapses);
  require_memory(kNeuronBytes * neurons + kChannelBytes * channels + kSynapseBytes * synapses, what);
}

}  // namespace chronotope
