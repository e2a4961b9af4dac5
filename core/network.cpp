// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/network.hpp"

#include <algorithm>
#include <string>

namespace chronotope {
namespace {

template <class Kind>
const Kind& find(std::span<const Kind> kinds, const ModelSpec& model, const char* what) {
  const auto kind =
      std::find_if(kinds.begin(), kinds.end(), [&](const Kind& k) { return k.name == model.kind; });
  if (kind != kinds.end()) return *kind;
  std::string known = "must be one of";
  for (const Kind& k : kinds) known += " " + std::string(k.name);
  model.field.refuse(what + (" '" + model.kind + "'"), known);
}

void check_receptor(const ProjectionSpec& spec, const NeuronGroup& target) {
  if (!spec.receptor || *spec.receptor < target.receptors) return;
  (spec.field / "receptor")
      .refuse(std::to_string(*spec.receptor), target.name + " (" + std::string(target.model) + ") has " +
                                                  std::to_string(target.receptors) +
                                                  " receptors to choose from");
}

}  // namespace

Network build_network(const NetworkDescription& spec, std::span<const NeuronKind> neurons,
                      std::span<const RuleKind> rules, const Checkpoint& checkpoint, const Part& part) {
  Network network;
  network.part = part;
  network.rewards = spec.rewards;
  for (const PopulationSpec& population : spec.populations)
    network.populations.push_back(
        find(neurons, population.model, "model")
            .populate(population, spec.seeds.neurons, part.of(population.size), checkpoint));
  for (const ProjectionSpec& projection : spec.projections) {
    check_receptor(projection, *network.populations[projection.target]);
    network.projections.push_back(
        find(rules, projection.rule, "rule").connect(projection, spec, checkpoint, part));
  }
  return network;
}

}  // namespace chronotope
