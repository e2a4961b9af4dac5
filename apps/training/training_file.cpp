// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/training/training_file.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "chronotope/core/error.hpp"
#include "chronotope/proto/formats/input_file.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {
namespace {

constexpr const char* kMagic = "chronotope training";
constexpr std::uint32_t kVersion = 1;

using Column = google::protobuf::RepeatedField<double>;

/// Every column of the values beside the message's, in one order.
template <class Message, class Values, class Visit>
void both(Message& message, Values& values, Visit visit) {
  visit(*message.mutable_weight(), values.weight);
  visit(*message.mutable_delay(), values.delay);
  visit(*message.mutable_tau_m(), values.tau_m);
  visit(*message.mutable_c_m(), values.C_m);
  visit(*message.mutable_e_l(), values.E_L);
  visit(*message.mutable_v_th(), values.V_th);
  visit(*message.mutable_v_reset(), values.V_reset);
  visit(*message.mutable_t_ref(), values.t_ref);
  visit(*message.mutable_i_e(), values.I_e);
  visit(*message.mutable_v_m(), values.V_m);
  visit(*message.mutable_tau_syn(), values.tau_syn);
  visit(*message.mutable_w_o(), values.W_o);
}

void encode_columns(const models::NetworkParameters& values, TrainedParameters& message) {
  both(message, values, [](Column& to, const std::vector<double>& from) {
    to.Clear();
    to.Add(from.begin(), from.end());
  });
}

models::NetworkParameters decode_columns(TrainedParameters message, const models::NetworkParameters& like) {
  models::NetworkParameters values = like;
  both(message, values, [](const Column& from, std::vector<double>& to) {
    if (static_cast<std::size_t>(from.size()) != to.size())
      throw InputError("the training to continue is of another network: a column of " +
                       std::to_string(from.size()) + " numbers where there are " + std::to_string(to.size()));
    to.assign(from.begin(), from.end());
  });
  return values;
}

models::Score decode_score(const TrainingScore& message) { return {message.loss(), message.accuracy()}; }

models::EpochRecord decode_epoch(const TrainingEpoch& message) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  return {message.epoch(), decode_score(message.training()),
          message.has_validation() ? decode_score(message.validation()) : models::Score{kNone, kNone},
          message.mean_count(), message.weight_change()};
}

std::uint64_t count(double number) { return static_cast<std::uint64_t>(number); }

using Kind = models::GridLoss::Kind;
constexpr std::array<std::pair<Kind, const char*>, 7> kLosses{{{Kind::kMax, "max"},
                                                               {Kind::kMean, "mean"},
                                                               {Kind::kLast, "last"},
                                                               {Kind::kCount, "count"},
                                                               {Kind::kDiscountedCount, "discounted_count"},
                                                               {Kind::kFirstSpike, "first_spike"},
                                                               {Kind::kVanRossum, "van_rossum"}}};

}  // namespace

void write_training(const std::string& path, const TrainingFile& file) {
  TrainingFile whole = file;
  whole.set_magic(kMagic);
  whole.set_version(kVersion);
  whole.set_producer(std::string("chronotope ") + CHRONOTOPE_VERSION + " train");
  proto::Output output(path);
  output.write(whole.SerializeAsString());
  output.commit();
}

TrainingFile read_training(const std::string& path) {
  proto::InputFile in(path);
  const std::string bytes = in.take_rest();
  TrainingFile file;
  if (!file.ParseFromString(bytes) || file.magic() != kMagic)
    throw InputError(path + ": is no training, or was cut; `train --checkpoint` writes one");
  if (file.version() != kVersion)
    throw InputError(path + ": version " + std::to_string(file.version()) +
                     " of the format of trainings is not known; this program reads version 1");
  return file;
}

void encode(const models::TrainingState& state, TrainingProgress& message) {
  message.set_epoch(state.epoch);
  message.set_steps(state.memory.steps);
  message.set_best_epoch(state.best_epoch);
  encode(state.best, *message.mutable_best());
  encode_columns(state.values, *message.mutable_values());
  encode_columns(state.memory.m, *message.mutable_m());
  encode_columns(state.memory.v, *message.mutable_v());
  encode_columns(state.best_values, *message.mutable_best_values());
  message.clear_history();
  for (const models::EpochRecord& record : state.history) encode(record, *message.add_history());
  encode(state.counters, *message.mutable_counters());
}

models::TrainingState decode(const TrainingProgress& message, const models::NetworkParameters& like) {
  models::TrainingState state;
  state.epoch = message.epoch();
  state.values = decode_columns(message.values(), like);
  state.memory = {message.steps(), decode_columns(message.m(), like), decode_columns(message.v(), like)};
  state.best_epoch = message.best_epoch();
  state.best = decode_score(message.best());
  state.best_values = decode_columns(message.best_values(), like);
  for (const TrainingEpoch& epoch : message.history()) state.history.push_back(decode_epoch(epoch));
  const TrainingCounters& c = message.counters();
  state.counters = {count(c.items()),        count(c.spikes()), count(c.silent_outputs()), count(c.floored()),
                    count(c.coincidences()), count(c.pushes()), count(c.clipped_batches())};
  return state;
}

void encode(const models::SpikeReadOut& read_out, GridReadOut& message) {
  message.set_dt(read_out.dt.ms());
  message.set_loss(loss_name(read_out.loss.kind));
  message.set_scale(read_out.loss.scale);
  message.set_tau_l(read_out.loss.tau_l);
  message.set_tau_m(read_out.leaky.tau_m);
  message.set_tau_syn(read_out.leaky.tau_syn);
  message.set_from_spike_to_spike(!read_out.on_grid);
  message.mutable_weight()->Assign(read_out.weight.begin(), read_out.weight.end());
  message.mutable_output()->Assign(read_out.outputs.begin(), read_out.outputs.end());
}

models::SpikeReadOut decode(const GridReadOut& message, std::uint32_t classes, std::uint32_t neurons) {
  models::SpikeReadOut read_out;
  read_out.dt = Duration::nearest(message.dt());
  read_out.loss = {loss_kind(message.loss()), message.scale(), message.tau_l()};
  read_out.leaky = {message.tau_m(), message.tau_syn()};
  read_out.on_grid = !message.from_spike_to_spike();
  read_out.classes = classes;
  read_out.neurons = neurons;
  read_out.weight.assign(message.weight().begin(), message.weight().end());
  read_out.outputs.assign(message.output().begin(), message.output().end());
  return read_out;
}

std::string loss_name(Kind kind) {
  for (const auto& [known, name] : kLosses)
    if (known == kind) return name;
  return {};
}

Kind loss_kind(const std::string& name) {
  for (const auto& [kind, known] : kLosses)
    if (known == name) return kind;
  throw FieldError(
      {"command line", 0}, "--loss", name,
      "must be max, mean or last of a leaky read-out, or count, discounted_count or first_spike");
}

void encode(const models::EpochRecord& record, TrainingEpoch& message) {
  message.set_epoch(record.epoch);
  encode(record.training, *message.mutable_training());
  if (!std::isnan(record.validation.loss)) encode(record.validation, *message.mutable_validation());
  message.set_mean_count(record.mean_count);
  message.set_weight_change(record.weight_change);
}

void encode(const models::LearningCounters& counters, TrainingCounters& message) {
  message.set_items(static_cast<double>(counters.items));
  message.set_spikes(static_cast<double>(counters.spikes));
  message.set_silent_outputs(static_cast<double>(counters.silent_outputs));
  message.set_floored(static_cast<double>(counters.floored));
  message.set_coincidences(static_cast<double>(counters.coincidences));
  message.set_pushes(static_cast<double>(counters.pushes));
  message.set_clipped_batches(static_cast<double>(counters.clipped_batches));
}

void encode(const models::Score& score, TrainingScore& message) {
  message.set_loss(score.loss);
  message.set_accuracy(score.accuracy);
}

}  // namespace chronotope::apps
