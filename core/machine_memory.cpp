// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/machine_memory.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <limits>

#include "chronotope/core/cgroup_memory.hpp"
#include "chronotope/core/expected_synapses.hpp"

namespace chronotope {
namespace {

constexpr double kUnlimited = std::numeric_limits<double>::infinity();

// Measured: what a million of each adds to a process.
constexpr double kNeuronBytes = 40;
constexpr double kChannelBytes = 40;
constexpr double kSynapseBytes = 7;
constexpr double kPartBytes = 16'500;  // of a population, on one thread
constexpr double kSiteBytes = 4;       // of a lattice, while it is shared out

std::string gigabytes(double bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g GB", bytes / 1e9);
  return text;
}

double limit_of(decltype(RLIMIT_AS) resource) {
  rlimit limit{};
  const bool none = ::getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY;
  return none ? kUnlimited : static_cast<double>(limit.rlim_cur);
}

double limit_of_groups() {
  std::ifstream groups("/proc/self/cgroup");
  return cgroup_memory(groups, "/sys/fs/cgroup").value_or(kUnlimited);
}

std::string several(std::size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

/// The part of a network that is more than every other so far.
struct LargestPart {
  const Field* field = nullptr;
  double size = 0;

  void add(double its_size, const Field& its_field) {
    if (its_size <= size) return;
    size = its_size;
    field = &its_field;
  }
  /// "net.textproto:3: projection E->E: ", nothing when it is nowhere.
  std::string text() const {
    if (field == nullptr || field->path.empty()) return "";
    return to_string(field->location) + ": " + field->path + ": ";
  }
};

/// What of a network can be told without looking at its wiring.
void require_parts(double neurons, double channels, double sites, unsigned copies,
                   const LargestPart& largest) {
  char what[128];
  std::snprintf(what, sizeof what, "%.4g neurons, %.4g channels of inputs and %.4g sites of lattices",
                neurons, channels, sites);
  require_memory(copies * (kNeuronBytes * neurons + kChannelBytes * channels + kSiteBytes * sites),
                 largest.text() + what);
}

}  // namespace

double machine_memory() {
  const double machine =
      static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE));
  return std::min({machine, limit_of(RLIMIT_AS), limit_of(RLIMIT_DATA), limit_of_groups()});
}

void require_memory(double bytes, const std::string& what) {
  const double machine = machine_memory();
  if (bytes > machine)
    throw InputError(what + " need about " + gigabytes(bytes) + " of memory; this machine has " +
                     gigabytes(machine));
}

void require_memory(const NetworkDescription& network, unsigned copies, unsigned threads) {
  const double parts = static_cast<double>(threads) * static_cast<double>(network.populations.size());
  require_memory(copies * kPartBytes * parts,
                 several(network.populations.size(), "population") + " on " + several(threads, "thread"));
  double neurons = 0, channels = 0, sites = 0, synapses = 0;
  LargestPart largest, largest_projection;
  for (const PopulationSpec& population : network.populations) {
    neurons += population.size;
    largest.add(population.size, population.field);
    if (!population.lattice) continue;
    sites = std::max(sites, static_cast<double>(population.lattice->sites()));
    largest.add(static_cast<double>(population.lattice->sites()), population.field);
  }
  for (const InputSpec& input : network.inputs) {
    channels += input.size;
    largest.add(input.size, input.field);
  }
  require_parts(neurons, channels, sites, copies, largest);
  for (const ProjectionSpec& projection : network.projections) {
    const double expected = expected_synapses(network, projection);
    synapses += expected;
    largest_projection.add(expected, projection.field);
  }
  char what[160];
  std::snprintf(what, sizeof what, "%.4g neurons, %.4g channels of inputs and %.4g synapses%s", neurons,
                channels, synapses,
                copies > 1 ? (", " + std::to_string(copies) + " times at once,").c_str() : "");
  require_memory(copies * (kNeuronBytes * neurons + kChannelBytes * channels + kSynapseBytes * synapses +
                           kPartBytes * parts),
                 largest_projection.text() + what);
}

double least_memory(const NetworkDescription& network, unsigned threads) {
  double bytes = kPartBytes * threads * static_cast<double>(network.populations.size());
  for (const PopulationSpec& population : network.populations) bytes += kNeuronBytes * population.size;
  for (const InputSpec& input : network.inputs) bytes += kChannelBytes * input.size;
  for (const ProjectionSpec& projection : network.projections)
    bytes += kSynapseBytes * expected_synapses(network, projection);
  return bytes;
}

void limit_memory_to_machine() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_DATA, &limit) != 0) return;
  std::ifstream statm("/proc/self/statm");  // pages: size resident shared text lib data dirty
  double taken = 0;
  for (int field = 0; field < 6; ++field) statm >> taken;
  if (!statm) return;
  const double most = taken * static_cast<double>(::sysconf(_SC_PAGESIZE)) + machine_memory();
  if (most >= static_cast<double>(limit.rlim_cur)) return;
  limit.rlim_cur = static_cast<rlim_t>(most);
  ::setrlimit(RLIMIT_DATA, &limit);
}

}  // namespace chronotope
