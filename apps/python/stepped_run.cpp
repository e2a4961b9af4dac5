// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/python/stepped_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <exception>
#include <utility>

#include "chronotope/apps/runs/fork.hpp"

namespace chronotope::apps {
namespace {

/// The state of a run, column by column, in memory.
class KeptState final : public StateSink, public StateSource {
 public:
  void write(const std::string& path, const std::string& bytes) override {
    columns_.emplace_back(path, bytes);
  }
  std::string read(const std::string& path) override {
    if (columns_.empty() || columns_.front().first != path) throw InputError("state " + path + " is missing");
    std::string bytes = std::move(columns_.front().second);
    columns_.pop_front();
    return bytes;
  }

 private:
  std::deque<std::pair<std::string, std::string>> columns_;
};

KeptState state_of(Simulation& simulation) {
  KeptState state;
  SaveState save(state, "");
  save("rates", simulation.rates());
  simulation.engine().save(state);
  return state;
}

}  // namespace

SteppedRun::SteppedRun(std::shared_ptr<const proto::SpecText> spec, const Options& options,
                       const Checkpoint& check)
    : text_(std::move(spec)),
      spec_(proto::decode(*text_)),
      options_(options),
      simulation_(
          spec_,
          [this](std::uint32_t population, NeuronId neuron, Time time) {
            spikes_.push_back(spike_row(population, index(neuron), time));
            if (stream_) stream_->write_spike(population, neuron, time);
            if (states_) states_->add_spike(population, neuron);
          },
          options.threads, {}, options.over_memory, check) {
  open_stream();
}

SteppedRun::SteppedRun(SteppedRun& parent, std::shared_ptr<const proto::SpecText> spec,
                       const Options& options, const Checkpoint& check)
    : SteppedRun(std::move(spec), options, check) {
  parent.require_following();
  const Fork fork(parent.text_->message, text_->message, text_->folder);
  fork.require_queued(simulation_.engine());
  KeptState state = state_of(parent.simulation_);
  simulation_.load(state, fork.for_engine(), {});
  if (states_) states_->open(simulation_.engine());
}

SteppedRun::Turn SteppedRun::turn() const {
  Turn turn(mutex_, std::try_to_lock);
  if (!turn.owns_lock()) throw Failure("this simulation is running in another thread");
  return turn;
}

void SteppedRun::require_following() const {
  if (breakdown_) throw *breakdown_;
}

void SteppedRun::open_stream() {
  if (options_.out.empty()) return;
  stream_ = std::make_unique<SimulationStream>(options_.out, spec_, text_->message);
  stream_->write_stimuli(spec_.stimuli, Time::never());
  stream_->write_synapses(simulation_.engine());
  if (spec_.recorders.empty()) return;
  states_ = std::make_unique<StateRecorder>(spec_.recorders, spec_.network, "");
  states_->open(simulation_.engine());
}

void SteppedRun::record_states() {
  if (next_recording() != now()) return;
  OutputFailures failures;
  states_->record(simulation_.engine(), stream_, failures);
  failures.rethrow();
}

void SteppedRun::run_until(Time end, const Checkpoint& check) {
  require_following();
  std::exception_ptr stopped;
  const auto stop = [&] {
    try {
      check();
    } catch (...) {
      stopped = std::current_exception();
    }
    return stopped != nullptr;
  };
  try {
    record_states();
    while (now() < end && !stopped) {
      simulation_.advance(std::min(end, next_recording()), stop);
      record_states();
    }
  } catch (const InputError& error) {
    breakdown_ = error;
    throw;
  }
  if (stopped) std::rethrow_exception(stopped);
}

void SteppedRun::require_to_come(const std::string& name, Time t) const {
  if (t < now())
    throw InputError(fmt::format("{}: {} ms is over (must be from {}, where the run is)", name, to_text(t),
                                 to_text(now())));
}

/// Its targets would not see what is put into it where they draw its spikes themselves.
void SteppedRun::require_injectable(std::uint32_t input) const {
  if (simulation_.engine().has_private_trains(input))
    throw InputError(
        "input " + network().inputs[input].name +
        ": its trains are fast and reach one neuron each, which draws them ahead; an input of its own "
        "takes other spikes");
}

void SteppedRun::inject(std::uint32_t input, std::span<const ChannelSpike> spikes) {
  require_following();
  require_injectable(input);
  const InputSpec& spec = network().inputs[input];
  for (const ChannelSpike& spike : spikes) {
    require_to_come("times", spike.time);
    if (spike.channel >= spec.size)
      throw InputError(fmt::format("channels: {} is none of input {} (must be below its size, {})",
                                   spike.channel, spec.name, spec.size));
  }
  for (const ChannelSpike& spike : spikes)
    simulation_.engine().inject(input, NeuronId{spike.channel}, spike.time);
}

void SteppedRun::reward(std::uint32_t number, double amount, Time t) {
  require_following();
  const RewardSpec& spec = network().rewards[number];
  if (spec.population)
    throw InputError("reward " + spec.name + ": spikes of population " +
                     network().populations[*spec.population].name + " release it, nothing else");
  if (!std::isfinite(amount))
    throw InputError(fmt::format("amount: {} is not allowed (must be finite)", amount));
  require_to_come("time", t);
  simulation_.engine().reward(number, t, amount);
}

std::vector<double> SteppedRun::potentials(std::uint32_t population) const {
  require_following();
  return simulation_.engine().potentials(population);
}

std::vector<SynapseRow> SteppedRun::synapses(const std::optional<std::uint32_t>& projection) {
  require_following();
  simulation_.engine().settle_weights();
  const auto& projections = simulation_.engine().network().projections;
  std::vector<SynapseRow> rows;
  for (std::uint32_t k = 0; k < projections.size(); ++k)
    if (projection ? k == *projection : projections[k]->is_plastic())
      add_synapse_rows(k, *projections[k], rows);
  return rows;
}

void SteppedRun::write_snapshot() {
  require_following();
  if (!stream_) throw InputError("out: a snapshot needs a stream to stand in (Simulation(spec, out=PATH))");
  stream_->write_snapshot(simulation_.engine());
}

void SteppedRun::close() {
  if (!stream_) return;
  if (!breakdown_) stream_->write_snapshot(simulation_.engine());
  stream_->close(simulation_.summary());
  stream_.reset();
  states_.reset();
}

}  // namespace chronotope::apps
