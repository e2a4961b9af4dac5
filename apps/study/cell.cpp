// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/cell.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "chronotope/apps/cells/spec_digest.hpp"
#include "chronotope/apps/output/simulation_stream.hpp"
#include "chronotope/apps/runs/heterogeneity.hpp"
#include "chronotope/apps/runs/simulation.hpp"
#include "chronotope/apps/study/trained_weights.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/random_stream.hpp"
#include "chronotope/core/wiring.hpp"

namespace chronotope::apps {
namespace {

/// Adds `wiring` to every seed, so that wirings share nothing.
void move_seeds(NetworkSpec& network, std::uint64_t wiring) {
  network.set_seed(network.seed() + wiring);
  if (!network.has_seeds()) return;
  Seeds& seeds = *network.mutable_seeds();
  if (seeds.has_wiring()) seeds.set_wiring(seeds.wiring() + wiring);
  if (seeds.has_neurons()) seeds.set_neurons(seeds.neurons() + wiring);
  if (seeds.has_learning()) seeds.set_learning(seeds.learning() + wiring);
  if (seeds.has_order()) seeds.set_order(seeds.order() + wiring);
  if (seeds.has_delays()) seeds.set_delays(seeds.delays() + wiring);
}

/// A seed that no wiring has by itself.
std::uint64_t redrawn_seed(const NetworkSpec& network, const std::string& what, std::uint32_t number) {
  return RandomStream(network.seed(), Purpose("study.redraw." + what), number)();
}

void redraw(NetworkSpec& network, Varied part, std::uint32_t number) {
  const std::uint64_t seed = redrawn_seed(network, name_of(part), number);
  if (part == Varied::kLearning) network.mutable_seeds()->set_learning(seed);
  if (part == Varied::kNeurons) network.mutable_seeds()->set_neurons(seed);
  if (part == Varied::kDelays) network.mutable_seeds()->set_delays(seed);
}

/// The plasticity of a projection stops at `ms`.
void freeze_from(NetworkSpec& network, double ms) {
  for (Projection& projection : *network.mutable_projection()) {
    if (projection.has_pair_stdp()) projection.mutable_pair_stdp()->set_learn_until(ms);
    if (projection.has_triplet_stdp()) projection.mutable_triplet_stdp()->set_learn_until(ms);
    if (projection.has_vogels_stdp()) projection.mutable_vogels_stdp()->set_learn_until(ms);
  }
}

/// Every plastic projection becomes a static one whose weights are all the mean given for it.
void set_weights(NetworkSpec& network, const std::vector<double>& mean) {
  for (int k = 0; k < network.projection_size(); ++k) {
    Projection& projection = *network.mutable_projection(k);
    if (projection.plasticity_case() == Projection::PLASTICITY_NOT_SET) continue;
    projection.clear_plasticity();
    projection.clear_modulation();
    projection.clear_scaling();
    for (Synapse& synapse : *projection.mutable_synapses())
      synapse.set_weight(mean[static_cast<std::size_t>(k)]);
    if (projection.synapses_size() == 0)
      projection.mutable_weight()->set_constant(mean[static_cast<std::size_t>(k)]);
  }
}

std::string digest_of(const PreparedCell& cell) {
  SpecDigest digest;
  digest.add_network(cell.message);
  digest.add_inputs(cell.spec);
  if (cell.lessons) {
    digest.add(identity(cell.lessons->request));
    digest.add_inputs(cell.lessons->spec);
  }
  digest.add(cell.end);
  if (cell.resets) digest.add("reset");
  return digest.text();
}

std::uint64_t order_seed(const NetworkSpec& network) {
  return network.seeds().has_order() ? network.seeds().order() : network.seed();
}

/// For every input a random order of its channels.
std::vector<std::vector<std::uint32_t>> permuted_channels(const NetworkDescription& network,
                                                          std::uint64_t seed) {
  std::vector<std::vector<std::uint32_t>> channel_of;
  for (std::size_t k = 0; k < network.inputs.size(); ++k) {
    const std::uint32_t channels = network.inputs[k].size;
    channel_of.push_back(random_subset(channels, channels, RandomStream(seed, Purpose("study.channels"), k)));
  }
  return channel_of;
}

/// What `message` describes, said to stand where `text` does.
NetworkDescription decode_network(const NetworkSpec& message, const proto::SpecText& text) {
  proto::SpecText changed;
  changed.message = message;
  changed.name = text.name;
  changed.folder = text.folder;
  return proto::decode(changed).network;
}

bool is_probe(Phase phase) { return phase == PROBE; }

}  // namespace

std::string Cell::name(std::uint64_t seed) const {
  return fmt::format("{}-{}", condition.name(), seed + wiring);
}

CellMaker::CellMaker(const proto::SpecText& text, const Teaching& teaching)
    : text_(text), teaching_(teaching), base_(proto::decode(text)), stimuli_([&] {
        try {
          return StimulusSet(base_);
        } catch (const InputError& error) {
          throw InputError(text.name + ": " + error.what());
        }
      }()) {
  const auto& slots = stimuli_.slots();
  const bool marked =
      std::any_of(slots.begin(), slots.end(), [](const auto& slot) { return is_probe(slot.stimulus.phase); });
  const auto kept =
      static_cast<std::size_t>(std::llround((1 - teaching.held_out) * static_cast<double>(slots.size())));
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const bool learns = marked ? !is_probe(slots[i].stimulus.phase) : i < kept;
    const bool probes = marked ? !learns : teaching.held_out == 0 || !learns;
    if (learns) training_.push_back(i);
    if (probes) probe_.push_back(i);
  }
  if (training_.empty() || probe_.empty())
    throw InputError(text.name + ": no stimulus is left to " +
                     (probe_.empty() ? "probe with" : "learn from"));
}

NetworkSpec CellMaker::network_of(const Cell& cell, const std::filesystem::path& trained) const {
  NetworkSpec network = text_.message;
  move_seeds(network, cell.wiring);
  const Condition& condition = cell.condition;
  if (!condition.neurons) set_cv(network, Varied::kNeurons, 0);
  if (condition.delays && !*condition.delays) set_cv(network, Varied::kDelays, 0);
  if (condition.learning == Learning::kHomogeneous) set_cv(network, Varied::kLearning, 0);
  if (condition.cv) set_cv(network, Varied::kLearning, *condition.cv);
  if (condition.redrawn_part) redraw(network, *condition.redrawn_part, condition.draw);
  if (condition.control == Control::kOrder)
    network.mutable_seeds()->set_order(redrawn_seed(network, "order", 2));
  if (condition.control == Control::kGain) set_weights(network, trained_means(trained));
  return network;
}

Course CellMaker::course_of(const Cell& cell, std::uint64_t seed) const {
  Course course;
  course.probe = probe_;
  course.memory = {teaching_.memory_steps, text_.message.seed()};
  if (!cell.condition.has_stdp()) return course;
  const auto count = static_cast<std::uint32_t>(training_.size());
  for (std::size_t pass = 0; pass < teaching_.passes; ++pass)
    for (const std::uint32_t k :
         random_subset(count, count, RandomStream(seed, Purpose("study.order"), pass)))
      course.training.push_back(training_[k]);
  const auto seen = std::llround(cell.condition.trained * static_cast<double>(course.training.size()));
  course.training.resize(static_cast<std::size_t>(seen));
  if (cell.condition.control == Control::kPermuted)
    course.channel_of = permuted_channels(base_.network, seed);
  course.jitter = cell.condition.control == Control::kJitter;
  course.jitter_seed = seed;
  return course;
}

/// All stimuli to learn from, each once: training in epochs has an order of its own.
Lessons CellMaker::lessons_of(const Cell& cell, const PreparedCell& prepared) const {
  Lessons lessons;
  lessons.spec = base_;
  Course course;
  course.training = training_;
  present(stimuli_, course, lessons.spec);
  std::vector<InputSpec> inputs = std::move(lessons.spec.network.inputs);
  lessons.spec.network = prepared.spec.network;
  lessons.spec.network.inputs = std::move(inputs);
  lessons.request = training_request(teaching_.supervision, cell.condition, prepared.message.seed());
  lessons.name = text_.name;
  lessons.folder = text_.folder;
  return lessons;
}

PreparedCell CellMaker::prepare(const Cell& cell, const std::filesystem::path& trained) const {
  PreparedCell prepared;
  prepared.message = network_of(cell, trained);
  prepared.spec = base_;
  const Presented shown = present(stimuli_, course_of(cell, order_seed(prepared.message)), prepared.spec);
  freeze_from(prepared.message, shown.frozen_from.to_ms());
  std::vector<InputSpec> inputs = std::move(prepared.spec.network.inputs);
  prepared.spec.network = decode_network(prepared.message, text_);
  prepared.spec.network.inputs = std::move(inputs);
  prepared.probed = shown.probed;
  prepared.end = shown.end;
  prepared.resets = teaching_.resets;
  if (cell.condition.is_supervised()) prepared.lessons = lessons_of(cell, prepared);
  prepared.header.set_condition(cell.condition.name());
  prepared.header.set_description(cell.condition.described());
  prepared.header.set_seed(prepared.message.seed());
  prepared.header.set_digest(digest_of(prepared));
  return prepared;
}

namespace {

/// `taught`: what the network was before it was taught, or null.
bool run(const PreparedCell& cell, const TaughtNetwork* taught, const std::filesystem::path& file,
         const CellProgress& progress) {
  SimulationStream stream(file.string(), cell.spec, cell.message, cell.header);
  Simulation simulation(
      cell.spec, [&](std::uint32_t p, NeuronId n, Time t) { stream.write_spike(p, n, t); }, 1,
      cell.resets ? std::optional(resets_of(cell.spec, cell.end)) : std::nullopt);
  stream.write_stimuli(cell.spec.stimuli, cell.end);
  stream.write_synapses(simulation.engine());
  if (taught != nullptr)
    stream.write_snapshot(Time(), taught->start_potentials, taught->start_weights);
  else
    stream.write_snapshot(simulation.engine());
  const auto run_until = [&](Time end) {
    simulation.run({end, {}, [] {}, [&](Time now) { progress(now.to_ms() / cell.end.to_ms()); }});
    if (!simulation.interrupted()) stream.write_snapshot(simulation.engine());
  };
  run_until(cell.probed);
  if (cell.probed < cell.end && !simulation.interrupted()) run_until(cell.end);
  if (simulation.interrupted()) return false;  // the stream is not closed, so no file appears
  stream.close(simulation.summary());
  return true;
}

/// The cell with the network that it becomes.
PreparedCell with(const TaughtNetwork& taught, const PreparedCell& cell) {
  PreparedCell trained = cell;
  trained.message = taught.message;
  proto::SpecText text;
  text.name = cell.lessons->name;
  text.folder = cell.lessons->folder;
  trained.spec.network = decode_network(taught.message, text);
  trained.spec.network.inputs = cell.spec.network.inputs;
  return trained;
}

}  // namespace

bool run_cell(const PreparedCell& cell, const std::filesystem::path& file, const CellProgress& progress) {
  if (!cell.lessons) return run(cell, nullptr, file, progress);
  const TaughtNetwork taught = teach(cell.message, *cell.lessons, progress);
  return run(with(taught, cell), &taught, file, [](double) {});
}

}  // namespace chronotope::apps
