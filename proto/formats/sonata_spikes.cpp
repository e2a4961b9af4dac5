// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/sonata_spikes.hpp"

#include <algorithm>
#include <limits>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"

namespace chronotope::proto {
namespace {

const std::string kSpikes = "/spikes";

[[noreturn]] void refuse_spike(const Hdf5File& file, const std::string& data, std::size_t k,
                               const std::string& value, const char* allowed) {
  file.refuse(data,
              "spike " + std::to_string(k) + " (from 0): " + value + " is not allowed (" + allowed + ")");
}

void require_milliseconds(const Hdf5File& file, const std::string& times) {
  const auto units = file.text_attribute(times, "units");
  if (units && *units != "ms" && *units != "milliseconds")
    file.refuse(times, "is in " + in_quotes(*units) + "; ms can be read");
}

SonataPopulation read_population(const Hdf5File& file, const std::string& name, const std::string& times,
                                 const std::string& nodes) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  require_milliseconds(file, times);
  const std::vector<double> ms = file.numbers(times);
  const std::vector<std::uint64_t> ids = file.indices(nodes);
  if (ms.size() != ids.size())
    file.refuse(nodes,
                "holds " + std::to_string(ids.size()) + " nodes for " + std::to_string(ms.size()) + " times");
  SonataPopulation population{name, {}, 0};
  population.spikes.reserve(ms.size());
  for (std::size_t k = 0; k < ms.size(); ++k) {
    if (!(ms[k] >= 0 && ms[k] <= Time::kMaxMs))
      refuse_spike(file, times, k, to_string(ms[k]), "must be from 0 to 1e12 ms");
    if (ids[k] > kMost) refuse_spike(file, nodes, k, std::to_string(ids[k]), "must be from 0 to 4294967295");
    const Decimal at = decimal(ms[k]);
    population.rounded_times += at.is_whole ? 0 : 1;
    population.spikes.push_back({at.time(), static_cast<std::uint32_t>(ids[k])});
  }
  std::sort(population.spikes.begin(), population.spikes.end());
  return population;
}

}  // namespace

bool holds_sonata_spikes(const Hdf5File& file) {
  if (!file.is_group(kSpikes)) return false;
  if (file.has(kSpikes + "/timestamps")) return true;
  for (const std::string& name : file.names(kSpikes))
    if (file.is_group(kSpikes + "/" + name) && file.has(kSpikes + "/" + name + "/timestamps")) return true;
  return false;
}

std::vector<SonataPopulation> read_sonata_spikes(const Hdf5File& file) {
  if (file.has(kSpikes + "/timestamps"))
    return {read_population(file, "", kSpikes + "/timestamps", kSpikes + "/gids")};
  std::vector<SonataPopulation> populations;
  for (const std::string& name : file.names(kSpikes)) {
    const std::string group = kSpikes + "/" + name;
    if (file.is_group(group))
      populations.push_back(read_population(file, name, group + "/timestamps", group + "/node_ids"));
  }
  return populations;
}

std::string sonata_spikes(const std::vector<SonataPopulation>& populations) {
  constexpr std::uint32_t kMagic = 0x0A7A;
  Hdf5Image image;
  image.set_index_attribute("/", "magic", {kMagic});
  image.set_index_attribute("/", "version", {0, 1});
  image.add_group(kSpikes);
  for (const SonataPopulation& population : populations) {
    const std::string group = kSpikes + "/" + population.name;
    std::vector<double> times;
    std::vector<std::uint64_t> nodes;
    for (const NodeSpike& spike : population.spikes) {
      times.push_back((spike.time - Time()).ms());
      nodes.push_back(spike.node);
    }
    image.add_group(group);
    image.set_text_attribute(group, "sorting", "by_time");
    image.add_numbers(group + "/timestamps", times, {times.size()});
    image.set_text_attribute(group + "/timestamps", "units", "ms");
    image.add_indices(group + "/node_ids", nodes, {nodes.size()});
  }
  return image.bytes();
}

}  // namespace chronotope::proto
