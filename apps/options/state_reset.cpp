// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/options/state_reset.hpp"

#include <algorithm>
#include <string_view>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"

namespace chronotope::apps {
namespace {

constexpr const char* kWeights = "weights";  // at the synapse
constexpr const char* kAtTheSoma = "shown";  // empty where that is the same
constexpr const char* kFrozen = "learn_until";

/// The state of a projection, a column after the other.
struct Columns final : StateSink, StateSource {
  struct Column {
    std::string name;
    std::string bytes;
  };
  std::vector<Column> columns;
  std::size_t next = 0;

  void write(const std::string& path, const std::string& bytes) override { columns.push_back({path, bytes}); }
  std::string read(const std::string&) override { return columns[next++].bytes; }

  std::string* find(std::string_view name) {
    const auto found = std::ranges::find(columns, name, &Column::name);
    return found == columns.end() ? nullptr : &found->bytes;
  }
};

Columns columns_of(SynapseGroup& projection, Time now) {
  Columns columns;
  SaveState save(columns, "");
  projection.save(save, now);
  return columns;
}

void require_own_state(const NetworkDescription& network) {
  if (!network.rewards.empty())
    throw InputError(
        "--reset: the network has rewards, which go on over the marks; leave them or --reset out");
  for (const PopulationSpec& population : network.populations)
    if (!population.currents.empty())
      throw InputError("--reset: " + population.currents.front().field.path +
                       " goes on over the marks; leave it or --reset out");
  for (const ProjectionSpec& projection : network.projections)
    if (projection.scaling)
      throw InputError("--reset: " + projection.name +
                       ": scaling goes on over the marks; leave it or --reset out");
}

}  // namespace

Option reset_option() {
  return {"reset", Flag(),
          "at the onset of every stimulus everything but the weights returns to its start: potentials, "
          "currents, traces; spikes on their way are lost"};
}

Resets resets_of(const proto::DecodedSpec& spec, Time until) {
  require_own_state(spec.network);
  if (spec.stimuli.empty())
    throw InputError("--reset: no input has stimuli; one must be a spike_stream with marks");
  std::vector<proto::Stimulus> marks = spec.stimuli;
  std::ranges::stable_sort(marks, {}, &proto::Stimulus::onset);
  Resets resets{{}, until};
  std::vector<Time>& times = resets.times;
  bool remembers = false;
  for (const proto::Stimulus& mark : marks) {
    const bool goes_on = remembers && mark.phase == MEMORY;
    remembers = mark.phase == MEMORY;
    if (!goes_on && mark.onset > Time() && (times.empty() || times.back() < mark.onset))
      times.push_back(mark.onset);
  }
  return resets;
}

RunParts::RunParts(const NetworkDescription& network, const Resets& resets)
    : network_(network),
      resets_(resets.times),
      until_(resets.until),
      heard_(network.inputs.size()),
      inputs_(network, [this](std::uint32_t input, NeuronId channel, Time t) {
        if (t < begin()) return;
        heard_[input - network_.populations.size()].push_back({Time() + (t - begin()), index(channel)});
      }) {
  for (std::size_t k = 0; k < network_.projections.size(); ++k) {
    const auto& parameters = network_.projections[k].rule.parameters;
    if (const auto frozen = parameters.find(kFrozen); frozen != parameters.end())
      learn_until_.emplace_back(k, frozen->second.value.mean());
  }
}

void RunParts::move_to(Time t) {
  while (begin() < t && part_ < resets_.size()) ++part_;
  if (begin() != t)
    throw InputError("--reset: no stimulus begins at " + to_text(t) + " ms, as one did before");
}

const NetworkDescription& RunParts::describe() {
  inputs_.tell_until(end().is_never() ? until_ : end());
  for (std::size_t k = 0; k < heard_.size(); ++k)
    network_.inputs[k].source = SpikeListSpec{std::exchange(heard_[k], {})};
  freeze();
  return network_;
}

/// Learning ends when it did, on the part's clock.
void RunParts::freeze() {
  for (const auto& [k, ms] : learn_until_) {
    const double left = std::max(Duration(), stated_time(ms) - begin()).ms();
    auto& parameter = network_.projections[k].rule.parameters.at(kFrozen);
    parameter.value = ParameterDistribution(Constant{left});
  }
}

LearntWeights::LearntWeights(const Network& network, Time now) {
  for (const auto& projection : network.projections) {
    std::string learnt;
    if (projection->is_plastic()) {
      Columns columns = columns_of(*projection, now);
      if (const std::string* weights = columns.find(kWeights)) {
        const std::string* shown = columns.find(kAtTheSoma);
        learnt = shown->size() == weights->size() ? *shown : *weights;
      }
    }
    packed_.push_back(std::move(learnt));
  }
}

void LearntWeights::give(Network& network) const {
  for (std::size_t k = 0; k < packed_.size(); ++k) {
    if (packed_[k].empty()) continue;
    Columns columns = columns_of(*network.projections[k], Time());
    std::string& shown = *columns.find(kAtTheSoma);
    std::string& weights = *columns.find(kWeights);
    if (shown.size() == weights.size()) shown = packed_[k];
    weights = packed_[k];
    LoadState load(columns, "");
    network.projections[k]->load(load);
  }
}

}  // namespace chronotope::apps
