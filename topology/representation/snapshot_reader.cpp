// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/representation/snapshot_reader.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "chronotope/core/error.hpp"
#include "chronotope/core/machine_memory.hpp"

namespace chronotope::topology {

namespace {

bool belongs_to_snapshot(const Envelope& envelope) {
  return envelope.has_neurons() || envelope.has_weights();
}

}  // namespace

template <class Work>
auto SnapshotReader::named(Work work) const {
  try {
    return work();
  } catch (const InputError& error) {
    const std::string what = error.what();
    throw what.starts_with(name()) ? InputError(what) : InputError(name() + ": " + what);
  }
}

SnapshotReader::SnapshotReader(const std::string& path, const ActivationOptions& options,
                               Presentations presentations)
    : SnapshotReader(std::make_unique<proto::InputFile>(path), options, presentations) {}

SnapshotReader::SnapshotReader(std::unique_ptr<proto::InputFile> file, const ActivationOptions& options,
                               Presentations presentations)
    : frames_(std::move(file)), options_(options), presentations_(presentations) {
  for (const PopulationInfo& population : header().population()) {
    first_neuron_.push_back(neurons_);
    if (!population.is_input()) neurons_ += population.size();
  }
  constexpr double kBytesPerNeuron = 40;  // of spikes counted and layers
  named([&] {
    require_memory(kBytesPerNeuron * neurons_, std::to_string(neurons_) + " neurons of the header");
  });
  spikes_.assign(neurons_, 0);
}

bool SnapshotReader::next() {
  return named([&] {
    in_snapshot_ = false;
    for (;;) {
      std::optional<Envelope> envelope = std::exchange(ahead_, std::nullopt);
      if (!envelope) envelope = frames_.next();
      if (!envelope) return std::exchange(in_snapshot_, false);
      if (in_snapshot_ &&
          !belongs_to_snapshot(*envelope)) {  // of a writer that promised no number of weights
        ahead_ = std::move(envelope);
        return true;
      }
      const std::uint64_t before = awaited_;
      take_frame(*envelope);
      if (in_snapshot_ && before > 0 && awaited_ == 0) return true;
    }
  });
}

void SnapshotReader::take_frame(const Envelope& envelope) {
  switch (envelope.content_case()) {
    case Envelope::kStimulus:
      if (rows_) throw InputError("a stimulus mark after the first spikes or snapshot");
      marks_.push_back(proto::decode(envelope.stimulus()));
      break;
    case Envelope::kSpikes:
      take_spikes(envelope.spikes());
      break;
    case Envelope::kSynapses:
      take_synapses(envelope.synapses());
      break;
    case Envelope::kSnapshot:
      time_ = proto::decode(envelope.snapshot().time());
      awaited_ = envelope.snapshot().synapses();
      in_snapshot_ = true;
      break;
    case Envelope::kWeights:
      take_weights(envelope.weights());
      break;
    case Envelope::kPotentials:
      take_potentials(envelope.potentials());
      break;
    default:
      break;
  }
}

ActivationRows& SnapshotReader::rows() {
  if (rows_) return *rows_;
  const bool marked =
      std::any_of(marks_.begin(), marks_.end(), [](const auto& m) { return m.phase == PROBE; });
  const auto wanted = [&](Phase phase) {
    if (presentations_ == Presentations::kProbe) return phase == PROBE;
    if (presentations_ == Presentations::kTrain) return phase == TRAIN;
    if (presentations_ == Presentations::kMemory) return phase == MEMORY;
    return presentations_ == Presentations::kAll || !marked || phase == PROBE;
  };
  std::vector<Stimulus> stimuli;
  for (const proto::Stimulus& m : marks_) {
    row_of_mark_.push_back(wanted(m.phase) ? std::optional(stimuli.size()) : std::nullopt);
    if (row_of_mark_.back()) stimuli.push_back({m.id, m.onset, m.duration, m.label, m.name});
  }
  rows_ = std::make_unique<ActivationRows>(std::move(stimuli), neurons_, options_);
  marks_ = {};
  return *rows_;
}

void SnapshotReader::take_spikes(const SpikeBlock& block) {
  const PopulationInfo& info = population(block.population());
  if (info.is_input()) return;
  std::vector<proto::PopulationSpike> spikes;
  proto::decode(block, info.size(), spikes);
  for (const auto& spike : spikes) {
    const std::uint32_t neuron = first_neuron_[block.population()] + spike.neuron;
    ++spikes_[neuron];
    rows().add({spike.time, neuron});
  }
}

void SnapshotReader::take_potentials(const StimulusPotentials& chunk) {
  const auto count = static_cast<std::size_t>(chunk.v_m_size());
  ActivationRows& rows = this->rows();
  if (const auto row = row_of_mark_[chunk.stimulus()])
    rows.add_potentials(*row, first_neuron_[chunk.population()] + chunk.first(), {chunk.v_m().data(), count});
}

void SnapshotReader::take_synapses(const Synapses& chunk) {
  const bool from_input = population(chunk.source_population()).is_input();
  std::vector<Ends>& ends = synapses_[chunk.projection()];
  for (int s = 0; s < chunk.source_size(); ++s)
    ends.push_back({from_input, first_neuron_[chunk.source_population()] + chunk.source(s),
                    first_neuron_[chunk.target_population()] + chunk.target(s)});
}

/// Later snapshots replace earlier ones.
void SnapshotReader::take_weights(const Weights& chunk) {
  const std::size_t count = synapses_[chunk.projection()].size();
  const auto size = static_cast<std::size_t>(chunk.weight_size());
  std::vector<double>& weights = weights_[chunk.projection()];
  weights.resize(count);
  std::copy(chunk.weight().begin(), chunk.weight().end(),
            weights.begin() + static_cast<std::ptrdiff_t>(chunk.first()));
  awaited_ -= std::min<std::uint64_t>(awaited_, size);
}

RecurrentGraph SnapshotReader::graph() const {
  RecurrentGraph graph;
  graph.neurons = neurons_;
  graph.input_weight.assign(neurons_, 0);
  graph.projects_to_readout.assign(neurons_, true);
  for (const auto& [projection, weights] : weights_) {
    const std::vector<Ends>& ends = synapses_.at(projection);
    for (std::size_t s = 0; s < weights.size(); ++s) {
      if (ends[s].from_input)
        graph.input_weight[ends[s].target] += std::abs(weights[s]);
      else
        graph.edges.push_back({ends[s].source, ends[s].target, weights[s]});
    }
  }
  return graph;
}

std::size_t SnapshotReader::ended() {
  return named([&] { return rows().ended_by(time_); });
}

std::array<Activations, kLayers> SnapshotReader::take(const Layering& layering) {
  return named([&] { return rows().take_until(time_, layering.layer); });
}

std::vector<double> SnapshotReader::rates() const {
  std::vector<double> rates(neurons_, 0);
  const double ms = time_.to_ms();
  for (std::size_t v = 0; ms > 0 && v < neurons_; ++v) rates[v] = static_cast<double>(spikes_[v]) / ms;
  return rates;
}

}  // namespace chronotope::topology
