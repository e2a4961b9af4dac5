// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/output/run_part.hpp"

#include <filesystem>

#include "chronotope/proto/formats/zstd_file.hpp"

namespace chronotope::apps {

std::string part_path(const std::string& stream, unsigned rank) {
  const std::string plain = proto::name_of_compressed(stream).value_or(stream);
  const std::filesystem::path path(plain);
  return (path.parent_path() / path.stem()).string() + "." + std::to_string(rank) +
         path.extension().string() + stream.substr(plain.size());
}

StreamPart part_of_run(const NetworkDescription& network, const Part& part, const std::string& run) {
  StreamPart own;
  own.set_rank(part.is_whole() ? 0 : part.exchange()->rank());
  own.set_ranks(part.is_whole() ? 1 : part.exchange()->ranks());
  own.set_run(run);
  for (const PopulationSpec& population : network.populations) {
    const NeuronRange range = part.of(population.size);
    NeuronPart& neurons = *own.add_neurons();
    neurons.set_first(range.first);
    neurons.set_count(range.size());
  }
  return own;
}

}  // namespace chronotope::apps
