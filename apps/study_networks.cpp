// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study_networks.hpp"

#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "chronotope/apps/simulation.hpp"
#include "chronotope/apps/simulation_stream.hpp"
#include "chronotope/core/rule_name.hpp"

namespace chronotope::apps {
namespace {

void freeze_from(proto::DecodedSpec& spec, Time freeze) {
  for (ProjectionSpec& projection : spec.network.projections)
    if (is_plastic(projection.rule.kind))
      projection.rule.parameters["learn_until"] = {ParameterDistribution(Constant{freeze.to_ms()}),
                                                   projection.field};
}

void mark_all(proto::DecodedSpec& spec, Phase phase) {
  for (proto::Stimulus& stimulus : spec.stimuli) stimulus.phase = phase;
}

/// The stimuli once to learn and once more, weights frozen, as the probe. Returns the end of the run.
Time learn_then_probe(proto::DecodedSpec& spec) {
  const Time end = *end_of_inputs(spec);
  const Duration shift = Duration::from_parts(end.epoch() + 1, 0);
  for (InputSpec& input : spec.network.inputs) {
    auto* list = std::get_if<SpikeListSpec>(&input.source);
    if (list == nullptr) continue;
    const std::size_t once = list->spikes.size();
    for (std::size_t i = 0; i < once; ++i)
      list->spikes.push_back({list->spikes[i].time + shift, list->spikes[i].channel});
  }
  std::vector<proto::Stimulus> probes = spec.stimuli;
  mark_all(spec, TRAIN);
  for (proto::Stimulus& probe : probes) {
    probe.phase = PROBE;
    probe.onset = probe.onset + shift;
    spec.stimuli.push_back(probe);
  }
  freeze_from(spec, Time() + shift);
  return end + shift;
}

Time probe_only(proto::DecodedSpec& spec) {
  mark_all(spec, PROBE);
  freeze_from(spec, Time());
  return *end_of_inputs(spec);
}

/// Short-term plasticity is part of the network, not of what learns: its parameters stand beside the rule's.
bool is_learning_constant(const std::string& parameter) {
  return ShortTerm::descriptor()->FindFieldByName(parameter) == nullptr;
}

/// Every learning constant at its mean.
void remove_spread(NetworkDescription& network) {
  for (ProjectionSpec& projection : network.projections)
    for (auto& [name, parameter] : projection.rule.parameters)
      if (is_learning_constant(name)) parameter.value = parameter.value.without_spread();
}

void run_network(proto::DecodedSpec spec, const NetworkSpec& message, const StudyModel& model,
                 const std::filesystem::path& folder, const StudyProgress& progress) {
  spec.network.seed = model.seed;
  if (model.condition == Condition::kHomogeneous) remove_spread(spec.network);
  const Time until = model.condition == Condition::kUntrained ? probe_only(spec) : learn_then_probe(spec);
  SimulationStream stream((folder / model.file()).string(), spec, message);
  Simulation simulation(spec, [&](std::uint32_t p, NeuronId n, Time t) { stream.write_spike(p, n, t); });
  stream.write_stimuli(spec.stimuli, until);
  stream.write_synapses(simulation.engine());
  stream.write_snapshot(simulation.engine());
  simulation.run({until, {}, [] {}, [&](Time now) { progress(now.to_ms() / until.to_ms()); }});
  if (simulation.interrupted()) return;  // the stream is not closed, so no file appears
  stream.write_snapshot(simulation.engine());
  stream.close(simulation.summary());
}

}  // namespace

std::string StudyModel::file() const {
  const char* name = condition == Condition::kHeterogeneous ? "het"
                     : condition == Condition::kHomogeneous ? "hom"
                                                            : "untrained";
  return std::string(name) + "-" + std::to_string(seed) + ".pb";
}

void run_study_networks(const proto::DecodedSpec& spec, const NetworkSpec& message,
                        const std::vector<StudyModel>& models, const std::filesystem::path& folder,
                        std::size_t threads, const StudyProgress& progress) {
  std::vector<double> done(models.size(), 0);
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr failure;
  const auto report = [&](std::size_t m, double share) {
    const std::lock_guard lock(mutex);
    done[m] = share;
    double sum = 0;
    for (const double d : done) sum += d;
    progress(sum / static_cast<double>(models.size()));
  };
  const auto work = [&] {
    for (std::size_t m = next++; m < models.size(); m = next++) {
      try {
        run_network(spec, message, models[m], folder, [&](double share) { report(m, share); });
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failure) failure = std::current_exception();
        next = models.size();
      }
    }
  };
  {
    std::vector<std::jthread> workers;
    for (std::size_t t = 0; t < std::min(threads, models.size()); ++t) workers.emplace_back(work);
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace chronotope::apps
