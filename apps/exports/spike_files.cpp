// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/exports/spike_files.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/proto/formats/nest_ascii.hpp"
#include "chronotope/proto/formats/sonata_spikes.hpp"

namespace chronotope::apps {

StreamSpikes read_spikes(proto::FrameReader& frames) {
  StreamSpikes spikes(static_cast<std::size_t>(frames.header().population_size()));
  while (const auto envelope = frames.next()) {
    if (!envelope->has_spikes()) continue;
    const std::uint32_t population = envelope->spikes().population();
    proto::decode(envelope->spikes(), frames.header().population(static_cast<int>(population)).size(),
                  spikes[population]);
  }
  for (auto& population : spikes) std::sort(population.begin(), population.end());
  return spikes;
}

void write_nest(proto::Output& out, const Header& header, const StreamSpikes& spikes,
                std::uint64_t first_sender, bool gdf) {
  std::vector<std::pair<Time, std::uint64_t>> all;
  std::uint64_t first = first_sender;
  for (std::size_t p = 0; p < spikes.size(); ++p) {
    for (const auto& spike : spikes[p]) all.emplace_back(spike.time, first + spike.neuron);
    first += header.population(static_cast<int>(p)).size();
  }
  std::sort(all.begin(), all.end());
  if (!gdf) out.write(proto::nest_header(fmt::format("Chronotope version: {}", CHRONOTOPE_VERSION)));
  for (const auto& [time, sender] : all) {
    Interrupt::check();
    out.write(fmt::format("{}\t{}\n", sender, to_text(time)));
  }
}

void write_sonata(proto::Output& out, const Header& header, const StreamSpikes& spikes) {
  std::vector<proto::SonataPopulation> populations;
  for (std::size_t p = 0; p < spikes.size(); ++p) {
    const PopulationInfo& info = header.population(static_cast<int>(p));
    if (spikes[p].empty() && info.is_input()) continue;  // whose spikes were not recorded
    if (info.name().empty() || info.name().find('/') != std::string::npos)
      throw InputError("population '" + info.name() + "' can not be a group of an HDF5 file; rename it");
    proto::SonataPopulation& population =
        populations.emplace_back(proto::SonataPopulation{info.name(), {}, 0});
    for (const auto& spike : spikes[p]) population.spikes.push_back({spike.time, spike.neuron});
  }
  out.write(proto::sonata_spikes(populations));
}

}  // namespace chronotope::apps
