// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/training/trained_probe.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/output/simulation_stream.hpp"
#include "chronotope/apps/runs/simulation.hpp"
#include "chronotope/models/learning/grid_loss.hpp"

namespace chronotope::apps {
namespace {

/// Places of the stimuli to probe.
std::set<std::size_t> probed(const std::vector<proto::Stimulus>& stimuli,
                             const std::vector<std::size_t>& part, bool streams) {
  if (!streams) return {part.begin(), part.end()};
  const bool any =
      std::any_of(stimuli.begin(), stimuli.end(), [](const auto& s) { return s.phase == PROBE; });
  std::set<std::size_t> places;
  for (std::size_t k = 0; k < stimuli.size(); ++k)
    if (!any || stimuli[k].phase == PROBE) places.insert(k);
  return places;
}

/// Leaves these stimuli and, of listed spikes, those inside one.
void keep(const std::set<std::size_t>& places, proto::DecodedSpec& spec) {
  std::vector<proto::Stimulus> kept;
  for (const std::size_t k : places) {
    kept.push_back(spec.stimuli[k]);
    kept.back().phase = PROBE;
  }
  const bool all = kept.size() == spec.stimuli.size();
  spec.stimuli = std::move(kept);
  if (all) return;
  std::map<Time, Time> spans;  // from onset to end; stimuli follow one another
  for (const proto::Stimulus& s : spec.stimuli)
    spans[s.onset] = std::max(spans[s.onset], s.onset + s.duration);
  const auto outside = [&](const ChannelSpike& spike) {
    const auto next = spans.upper_bound(spike.time);
    return next == spans.begin() || std::prev(next)->second <= spike.time;
  };
  for (InputSpec& input : spec.network.inputs)
    if (auto* list = std::get_if<SpikeListSpec>(&input.source)) std::erase_if(list->spikes, outside);
}

void write_training_part(SimulationStream& out, const TrainedStream& stream, const TrainedWiring& wiring) {
  for (const std::vector<double>& weights : stream.snapshots)
    out.write_snapshot(Time(), by_population(wiring, wiring.network.parameters.V_m),
                       by_projection(wiring, weights));
  for (const TrainingEpoch& epoch : stream.epochs) {
    Envelope envelope;
    *envelope.mutable_training_epoch() = epoch;
    out.write(envelope);
  }
  Envelope envelope;
  *envelope.mutable_read_out() = stream.read_out;
  out.write(envelope);
}

/// The spikes of one stimulus's item, since its onset.
std::vector<ChannelSpike> spikes_of(const std::vector<ChannelSpike>& all, Time onset, Duration duration) {
  const auto first = std::lower_bound(all.begin(), all.end(), ChannelSpike{onset, 0});
  std::vector<ChannelSpike> part;
  for (auto spike = first; spike != all.end() && spike->time < onset + duration; ++spike)
    part.push_back({Time() + (spike->time - onset), spike->channel});
  return part;
}

}  // namespace

double probe_trained(const proto::SpecText& trained, const TrainedWiring& wiring, const TrainingItems& items,
                     const std::vector<std::size_t>& part, const models::SpikeReadOut& read_out,
                     const TrainedStream& stream, unsigned threads) {
  proto::DecodedSpec spec = proto::decode(trained);
  const std::vector<proto::Stimulus> stimuli = spec.stimuli;
  const std::set<std::size_t> places = probed(stimuli, part, !stream.path.empty());
  keep(places, spec);
  Time until;
  for (const std::size_t k : places)
    until = std::max(until, stimuli[k].onset + std::max(items.items[k].duration, stimuli[k].duration));
  std::vector<ChannelSpike> spikes;
  std::unique_ptr<SimulationStream> out;
  Simulation simulation(
      spec,
      [&](std::uint32_t population, NeuronId neuron, Time time) {
        spikes.push_back({time, wiring.first_neuron[population] + index(neuron)});
        if (out) out->write_spike(population, neuron, time);
      },
      threads, stream.resets ? std::optional(resets_of(spec, until)) : std::nullopt);
  if (!stream.path.empty()) {
    out = std::make_unique<SimulationStream>(stream.path, spec, trained.message);
    out->write_stimuli(spec.stimuli, until);
    out->write_synapses(simulation.engine());
    write_training_part(*out, stream, wiring);
  }
  simulation.run({until, {}, [] {}, [](Time) { Interrupt::check(); }});
  if (out) {
    out->write_snapshot(simulation.engine());
    out->close(simulation.summary());
  }
  std::sort(spikes.begin(), spikes.end());
  std::size_t right = 0, read = 0;
  for (const std::size_t k : part) {
    if (!places.contains(k)) continue;
    const Duration duration = items.items[k].duration;
    const auto logits = read_out.logits(spikes_of(spikes, stimuli[k].onset, duration), duration);
    right += models::first_largest(logits) == items.items[k].label ? 1 : 0;
    ++read;
  }
  return read == 0 ? 0 : static_cast<double>(right) / static_cast<double>(read);
}

}  // namespace chronotope::apps
