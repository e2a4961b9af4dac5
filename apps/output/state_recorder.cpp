// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/output/state_recorder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "chronotope/apps/output/result_tables.hpp"
#include "chronotope/apps/runs/saved_run.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/events/rank_values.hpp"
#include "chronotope/proto/spike_codec.hpp"

namespace chronotope::apps {
namespace {

constexpr const char* kRate = "rate";
constexpr const char* kPotential = "V_m";

/// As NEST names them where the sign of a weight chooses the receptor.
std::string current_name(std::uint32_t receptors, std::uint32_t receptor) {
  if (receptors > 0) return "I_syn_" + std::to_string(receptor);
  return receptor == 0 ? "I_syn_ex" : "I_syn_in";
}

/// What a part has of its neurons becomes that of all, at the root; nothing elsewhere.
std::vector<double> whole(const Part& part, const std::vector<double>& own) {
  if (part.is_whole()) return own;
  std::vector<double> all;
  for (const std::vector<double>& values : events::values_at_root(part, own))
    all.insert(all.end(), values.begin(), values.end());
  return all;
}

std::vector<bool> chosen_neurons(const proto::RecorderSpec& spec, std::uint32_t size) {
  std::vector<bool> is_chosen(spec.neurons.empty() ? 0 : size);
  for (const std::uint32_t neuron : spec.neurons) is_chosen[neuron] = true;
  return is_chosen;
}

}  // namespace

StateRecorder::StateRecorder(const std::vector<proto::RecorderSpec>& recorders,
                             const NetworkDescription& network, std::string path)
    : specs_(recorders), network_(network), path_(std::move(path)) {
  for (const proto::RecorderSpec& spec : specs_)
    progress_.push_back({0, 0, {}, chosen_neurons(spec, network.populations[spec.population].size)});
}

void StateRecorder::open(const events::Engine& engine) {
  for (std::size_t r = 0; r < specs_.size(); ++r) {
    const proto::RecorderSpec& spec = specs_[r];
    if (spec.currents && network_.populations[spec.population].size > 0 &&
        engine.network().part.sum(engine.currents(spec.population, 0).size()) == 0)
      (spec.field / "record")
          .refuse("I_syn", network_.populations[spec.population].model.kind + " has no synaptic current");
    if (spec.rate && !spec.potentials && !spec.currents) progress_[r].recorded = 1;  // there is none at 0
    while (next(r) < engine.now()) ++progress_[r].recorded;
    progress_[r].counted_from = engine.now();
  }
  if (path_.empty() || !engine.network().part.is_root()) return;
  rows_ = std::make_unique<proto::Output>(path_, proto::Output::Checksum::kOfAll);
  rows_->write("time_ms,population,neuron,quantity,value\n");
}

void StateRecorder::go_on(const events::Engine& engine, const RecordedStates& record,
                          const std::string& path) {
  if (record.recorders.size() != specs_.size()) throw InputError("state recordings is of other recorders");
  for (std::size_t r = 0; r < specs_.size(); ++r) {
    const auto& [recorded, spikes, counted_from] = record.recorders[r];
    const Duration longest = stated_duration(Time::kMaxMs);
    if (specs_[r].every && recorded > static_cast<std::uint64_t>(floor_ratio(longest, *specs_[r].every)) + 1)
      throw InputError("state recordings counts more times than a run has");
    progress_[r].recorded = recorded;
    progress_[r].spikes = spikes;
    progress_[r].counted_from = counted_from;
    if (next(r) < engine.now())
      throw InputError("state recordings has values to record at " + to_text(next(r)) + " ms, which is over");
  }
  if (!path.empty() && engine.network().part.is_root())
    rows_ = std::make_unique<proto::Output>(path, find_left(path).at, record.output.place);
}

void StateRecorder::sync(RecordedStates& record, OutputFailures& failures) {
  failures.guard(rows_, [&](proto::Output& out) {
    out.sync();
    record.output.place = out.place();
  });
  record.recorders.clear();
  for (const Progress& progress : progress_)
    record.recorders.push_back({progress.recorded, progress.spikes, progress.counted_from});
}

void StateRecorder::add_spike(std::uint32_t population, NeuronId neuron) {
  for (std::size_t r = 0; r < specs_.size(); ++r) {
    const auto& is_chosen = progress_[r].is_chosen;
    if (specs_[r].rate && specs_[r].population == population &&
        (is_chosen.empty() || is_chosen[index(neuron)]))
      ++progress_[r].spikes;
  }
}

Time StateRecorder::next(std::size_t recorder) const {
  const proto::RecorderSpec& spec = specs_[recorder];
  const std::uint64_t recorded = progress_[recorder].recorded;
  if (spec.every) return Time() + static_cast<std::int64_t>(recorded) * *spec.every;
  return recorded < spec.times.size() ? spec.times[recorded] : Time::never();
}

Time StateRecorder::next() const {
  Time next = Time::never();
  for (std::size_t r = 0; r < specs_.size(); ++r) next = std::min(next, this->next(r));
  return next;
}

void StateRecorder::record(const events::Engine& engine, std::unique_ptr<SimulationStream>& stream,
                           OutputFailures& failures) {
  for (std::size_t r = 0; r < specs_.size(); ++r)
    if (next(r) == engine.now()) record(r, engine, stream, failures);
}

void StateRecorder::record(std::size_t recorder, const events::Engine& engine,
                           std::unique_ptr<SimulationStream>& stream, OutputFailures& failures) {
  const proto::RecorderSpec& spec = specs_[recorder];
  Progress& progress = progress_[recorder];
  const Time now = engine.now();
  const Part& part = engine.network().part;
  const auto write = [&](const std::string& quantity, const std::vector<double>& values) {
    if (part.is_root()) this->write(recorder, now, quantity, values, stream, failures);
  };
  if (spec.potentials) write(kPotential, chosen(spec, engine.whole_potentials(spec.population)));
  if (spec.currents) {
    const std::uint32_t receptors = engine.network().populations[spec.population]->receptors;
    for (std::uint32_t k = 0; k < (receptors == 0 ? 2 : receptors); ++k)
      write(current_name(receptors, k), chosen(spec, whole(part, engine.currents(spec.population, k))));
  }
  const bool is_whole = spec.rate && progress.recorded > 0 && now - progress.counted_from == *spec.every;
  if (is_whole && neurons_of(spec) > 0)
    write(kRate, {static_cast<double>(progress.spikes) * 1000 / spec.every->ms() /
                  static_cast<double>(neurons_of(spec))});
  progress.spikes = 0;
  progress.counted_from = now;
  ++progress.recorded;
}

std::size_t StateRecorder::neurons_of(const proto::RecorderSpec& spec) const {
  return spec.neurons.empty() ? network_.populations[spec.population].size : spec.neurons.size();
}

std::vector<double> StateRecorder::chosen(const proto::RecorderSpec& spec, std::vector<double> all) const {
  if (spec.neurons.empty() || all.empty()) return all;
  std::vector<double> values;
  for (const std::uint32_t neuron : spec.neurons) values.push_back(all[neuron]);
  return values;
}

void StateRecorder::write(std::size_t recorder, Time time, const std::string& quantity,
                          const std::vector<double>& values, std::unique_ptr<SimulationStream>& stream,
                          OutputFailures& failures) {
  failures.guard(rows_, [&](auto&) { write_rows(specs_[recorder], time, quantity, values); });
  Recording recording;
  *recording.mutable_time() = proto::encode(time);
  recording.set_recorder(static_cast<std::uint32_t>(recorder));
  recording.set_quantity(quantity);
  recording.mutable_value()->Add(values.begin(), values.end());
  failures.guard(stream, [&](SimulationStream& out) { out.write_recording(recording); });
}

void StateRecorder::write_rows(const proto::RecorderSpec& spec, Time time, const std::string& quantity,
                               const std::vector<double>& values) {
  const std::string begin = to_text(time) + "," + network_.populations[spec.population].name + ",";
  for (std::size_t k = 0; k < values.size(); ++k) {
    const std::string neuron =
        quantity == kRate ? "" : std::to_string(spec.neurons.empty() ? k : std::size_t{spec.neurons[k]});
    rows_->write(fmt::format("{}{},{},{:.17g}\n", begin, neuron, quantity, values[k]));
  }
}

void StateRecorder::close(OutputFailures& failures) {
  failures.guard(rows_, [](proto::Output& out) { out.commit(); });
}

}  // namespace chronotope::apps
