// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/training/training_run.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <filesystem>
#include <limits>
#include <memory>
#include <utility>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/options/network_options.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/output/json.hpp"
#include "chronotope/apps/output/progress.hpp"
#include "chronotope/apps/runs/input_spikes.hpp"
#include "chronotope/apps/runs/resources.hpp"
#include "chronotope/apps/training/matched_trains.hpp"
#include "chronotope/apps/training/trained_probe.hpp"
#include "chronotope/apps/training/trained_wiring.hpp"
#include "chronotope/apps/training/training_file.hpp"
#include "chronotope/apps/training/training_items.hpp"
#include "chronotope/apps/training/training_request.hpp"
#include "chronotope/apps/training/training_setup.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/core/random_stream.hpp"
#include "chronotope/models/learning/training.hpp"
#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/proto/text_spec.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

void copy_spec(const proto::SpecText& from, const NetworkSpec& message, proto::SpecText& to) {
  to.message = message;
  to.name = from.name;
  to.folder = from.folder;
}

/// A training as the command line asks for it.
class TrainingRun {
 public:
  explicit TrainingRun(const po::variables_map& values)
      : values_(values), quiet_(values["quiet"].as<bool>()) {
    require(text_option(values, "checkpoint") != "-", "checkpoint", "'-'",
            "must be a file, which every epoch writes anew");
    read_network(values, values["SPEC"].as<std::string>(), text_);
    request_ = read_training_request(values, text_.message.seed());
    hear_spikes(text_.message, values["spikes"].as<std::string>());
    const proto::DecodedSpec spec = proto::decode(text_);
    require_outputs_apart(spec.files);
    wiring_ = build_wiring(spec);
    item_options_ = read_item_options(values, text_.message.seed());
    item_options_.has_labels = !matches();
    items_ = cut_items(spec, item_options_);
    require_items();
    read_out_ =
        choose_read_out(request_, spec.network, static_cast<std::uint32_t>(items_.labels.size()), wiring_);
    require_uses(values_, read_out_.loss.kind);
    if (matches()) add_targets(request_.match, spec, wiring_, read_out_.outputs, items_.items);
    require_room();
    warn_of_coarse_grid();
  }

  int run() {
    const models::OptimiserOptions optimiser = optimiser_options(request_, wiring_);
    const auto method = training_method(request_, wiring_.network, read_out_, optimiser);
    models::Training training(wiring_.network, items_.part(items_.training), items_.part(items_.validation),
                              *method, optimiser, request_.plan);
    snapshots_.push_back(wiring_.network.parameters.weight);
    if (values_["resume"].as<bool>()) resume(training);
    const std::exception_ptr failure = teach(training);
    if (training.state().epoch > 0) finish(training, *method);
    if (failure) std::rethrow_exception(failure);
    return 0;
  }

 private:
  /// Trains are matched, no labels told.
  bool matches() const { return !request_.match.empty(); }

  void require_outputs_apart(std::vector<std::filesystem::path> read) const {
    read.emplace_back(values_["SPEC"].as<std::string>());
    require_not_read(values_, {"out", "save", "checkpoint"}, read);
  }

  void require_items() const {
    if (items_.training.empty())
      throw InputError(
          "no stimulus is left to teach: all are of phase PROBE, or chosen by --test or --validation");
    for (const auto& [option, chosen] :
         {std::pair("validation", items_.validation.size()), std::pair("test", items_.chosen_to_test)})
      require(!given(values_, option) || chosen > 0, option, in_quotes(text_option(values_, option)),
              "chooses no stimulus");
  }

  void require_room() const {
    std::vector<const models::Item*> all;
    for (const models::Item& item : items_.items) all.push_back(&item);
    require_lengths(read_out_, wiring_, all, request_.plan.batch_size, bytes_per_step(request_, wiring_));
  }

  void warn_of_coarse_grid() const {
    double shortest = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < wiring_.network.source.size(); ++k)
      if (!wiring_.network.from_channel(k))
        shortest = std::min(shortest, wiring_.network.parameters.delay[k]);
    if (!quiet_ && !request_.is_event && request_.dt.ms() > 2 * shortest)
      fmt::print(
          stderr,
          "train: warning: a step of {} ms is more than twice the shortest delay, {} ms, which becomes "
          "one step\n",
          request_.dt.ms(), shortest);
  }

  /// All that the numbers of a training depend on but for how long it goes on.
  std::string arguments() const {
    std::string text = fmt::format("spec {:x} seed {} ", Purpose(text_.message.SerializeAsString()).hash(),
                                   text_.message.seed()) +
                       describe(request_);
    for (const char* option : {"validation", "test", "longest", "tail"})
      if (values_.count(option) != 0)
        text += fmt::format(" {} {}", option, values_[option].as<std::string>());
    return text;
  }

  void resume(models::Training& training) {
    const auto path = values_["checkpoint"].as<std::string>();
    if (!std::filesystem::exists(path)) return;
    const TrainingFile file = read_training(path);
    if (file.arguments() != arguments())
      throw InputError(path + ": is of another training (" + file.arguments() + "; this one: " + arguments() +
                       ")");
    training.restore(decode(file.progress(), wiring_.network.parameters));
    for (const TrainedParameters& snapshot : file.progress().snapshot())
      snapshots_.emplace_back(snapshot.weight().begin(), snapshot.weight().end());
  }

  /// Runs the epochs that are left. Returns what ended them early, if the last good state is worth keeping.
  std::exception_ptr teach(models::Training& training) {
    const Interrupt interrupt;
    Progress progress("train", quiet_);
    const double start = cpu_seconds();
    std::exception_ptr failure;
    try {
      while (!training.done()) {
        const auto epoch = static_cast<double>(training.state().epoch);
        const models::EpochRecord record =
            training.run_epoch([&](std::size_t batch, std::size_t batches, double loss) {
              Interrupt::check();
              const double done = epoch + static_cast<double>(batch) / static_cast<double>(batches);
              progress.update(done, static_cast<double>(request_.plan.epochs),
                              fmt::format("epoch {:.0f} loss {:.4f}", epoch + 1, loss) + last_accuracy_);
            });
        note(training, record);
      }
    } catch (const models::LossIsNoNumber&) {
      failure = std::current_exception();
    }
    seconds_ = cpu_seconds() - start;
    return failure;
  }

  void note(const models::Training& training, const models::EpochRecord& record) {
    const bool validated = !std::isnan(record.validation.accuracy);
    if (!matches())
      last_accuracy_ =
          fmt::format(" accuracy {:.3f}", (validated ? record.validation : record.training).accuracy);
    if (values_.count("snapshot-every") != 0 && record.epoch % whole_option(values_, "snapshot-every") == 0)
      snapshots_.push_back(training.state().values.weight);
    if (!quiet_)
      fmt::print(stderr, "epoch {}: loss {:.4f}{}{}, {:.2f} spikes per neuron and item\n", record.epoch,
                 record.training.loss, accuracy(", accuracy ", record.training),
                 validated ? fmt::format(" (validation {:.4f}{})", record.validation.loss,
                                         accuracy(", ", record.validation))
                           : "",
                 record.mean_count);
    if (values_.count("checkpoint") != 0) write_checkpoint(training);
  }

  /// Nothing where there are no classes.
  std::string accuracy(const char* name, const models::Score& score) const {
    return matches() ? "" : fmt::format("{}{:.4f}", name, score.accuracy);
  }

  NetworkSpec trained_message(const models::NetworkParameters& values) const {
    return trained_spec(text_.message, wiring_, wiring_.network.parameters, values);
  }

  models::SpikeReadOut trained_read_out(const models::NetworkParameters& values) const {
    models::SpikeReadOut read_out = read_out_;
    read_out.weight = values.W_o;
    return read_out;
  }

  GridReadOut read_out_message(const models::NetworkParameters& values) const {
    GridReadOut message;
    encode(trained_read_out(values), message);
    message.set_longest(item_options_.longest ? item_options_.longest->ms() : 0);
    message.set_tail(item_options_.tail.ms());
    return message;
  }

  void write_checkpoint(const models::Training& training) const {
    TrainingFile file;
    file.set_arguments(arguments());
    *file.mutable_network() = trained_message(training.state().best_values);
    for (const std::string& label : items_.labels) file.add_label(label);
    *file.mutable_read_out() = read_out_message(training.state().best_values);
    encode(training.state(), *file.mutable_progress());
    for (std::size_t k = 1; k < snapshots_.size(); ++k)
      file.mutable_progress()->add_snapshot()->mutable_weight()->Assign(snapshots_[k].begin(),
                                                                        snapshots_[k].end());
    write_training(values_["checkpoint"].as<std::string>(), file);
  }

  /// Tests the best epoch and writes what was asked for.
  void finish(const models::Training& training, models::GradientMethod& method) {
    const models::TrainingState& state = training.state();
    const NetworkSpec message = trained_message(state.best_values);
    TrainingReport report = summary(state);
    if (!items_.test.empty()) test(training.network(state.best_values), method, report);
    if (values_.count("save") != 0) {
      const auto path = values_["save"].as<std::string>();
      proto::Output output(path);
      output.write(proto::spec_bytes(message, path));
      output.commit();
    }
    if (values_.count("out") != 0 || !items_.test.empty()) probe(message, state, report);
    if (values_["json"].as<bool>())
      fmt::print("{}\n", to_json(report));
    else if (!quiet_)
      print(report);
  }

  /// By the method that taught, and on the grid if that is another one.
  void test(const models::TrainedNetwork& network, models::GradientMethod& method,
            TrainingReport& report) const {
    const auto items = items_.part(items_.test);
    const std::uint32_t batch = request_.plan.batch_size;
    encode(models::evaluate(method, network, items, batch).score, *report.mutable_test());
    if (matches()) return report.mutable_test()->clear_accuracy();
    double on_grid = report.test().accuracy();
    if (request_.is_event) {
      models::SpikeReadOut read_out = read_out_;
      read_out.on_grid = true;
      const auto grid = reading_method(network, read_out, request_.threads);
      on_grid = models::evaluate(*grid, network, items, batch).score.accuracy;
    }
    report.set_grid_accuracy(on_grid);
  }

  void probe(const NetworkSpec& message, const models::TrainingState& state, TrainingReport& report) const {
    proto::SpecText trained;
    copy_spec(text_, message, trained);
    TrainedStream stream;
    if (values_.count("out") != 0) stream.path = values_["out"].as<std::string>();
    stream.resets = values_["reset"].as<bool>();
    stream.epochs.assign(report.epoch().begin(), report.epoch().end());
    stream.read_out = read_out_message(state.best_values);
    stream.snapshots = snapshots_;
    const double accuracy = probe_trained(trained, wiring_, items_, items_.test,
                                          trained_read_out(state.best_values), stream, request_.threads);
    if (!items_.test.empty() && !matches()) report.set_event_accuracy(accuracy);
  }

  TrainingReport summary(const models::TrainingState& state) const {
    TrainingReport report;
    if (!matches())
      for (const std::string& label : items_.labels) report.add_label(label);
    report.set_training_items(static_cast<std::uint32_t>(items_.training.size()));
    report.set_validation_items(static_cast<std::uint32_t>(items_.validation.size()));
    report.set_test_items(static_cast<std::uint32_t>(items_.test.size()));
    report.set_epochs(state.epoch);
    report.set_best_epoch(state.best_epoch);
    for (const models::EpochRecord& record : state.history) {
      TrainingEpoch& epoch = *report.add_epoch();
      encode(record, epoch);
      if (!matches()) continue;
      epoch.mutable_training()->clear_accuracy();
      if (epoch.has_validation()) epoch.mutable_validation()->clear_accuracy();
    }
    const models::EpochRecord& best = state.history[state.best_epoch - 1];
    report.set_weight_change(best.weight_change);
    report.set_mean_count(best.mean_count);
    encode(state.counters, *report.mutable_counters());
    report.set_cpu_seconds(seconds_);
    return report;
  }

  void print(const TrainingReport& report) const {
    const TrainingEpoch& best = report.epoch(static_cast<int>(report.best_epoch()) - 1);
    fmt::print(stderr, "{}{} items to learn, {} to validate, {} to test; {} epochs in {:.1f} CPU s\n",
               matches() ? "" : fmt::format("{} classes, ", report.label_size()), report.training_items(),
               report.validation_items(), report.test_items(), report.epochs(), report.cpu_seconds());
    const auto figure = [&](const TrainingScore& score) {
      return matches() ? score.loss() : score.accuracy();
    };
    fmt::print(stderr, "epoch {}: {} {:.4f}{}, weights moved by {:.3f} of their norm\n", best.epoch(),
               matches() ? "loss" : "accuracy", figure(best.training()),
               best.has_validation() ? fmt::format(" (validation {:.4f})", figure(best.validation())) : "",
               best.weight_change());
    if (report.has_test() && matches())
      fmt::print(stderr, "test: loss {:.4f} on the grid\n", report.test().loss());
    if (report.has_test() && !matches()) print_test(report);
    const TrainingCounters& c = report.counters();
    fmt::print(stderr,
               "{:.0f} gradients of items, {:.0f} spikes; {:.0f} items with a silent output, {:.0f} slopes "
               "floored, {:.0f} coincidences, {:.0f} weights pushed, {:.0f} batches clipped\n",
               c.items(), c.spikes(), c.silent_outputs(), c.floored(), c.coincidences(), c.pushes(),
               c.clipped_batches());
  }
  void print_test(const TrainingReport& report) const {
    const double accuracy = report.test().accuracy();
    if (request_.is_event) fmt::print(stderr, "test: accuracy {:.4f} from spike to spike\n", accuracy);
    fmt::print(
        stderr, "test: accuracy {:.4f} on the grid, {:.4f} in the event engine, {:+.4f} between them\n",
        report.grid_accuracy(), report.event_accuracy(), report.event_accuracy() - report.grid_accuracy());
  }

  const po::variables_map& values_;
  bool quiet_;
  proto::SpecText text_;
  TrainingRequest request_;
  ItemOptions item_options_;
  TrainedWiring wiring_;
  TrainingItems items_;
  models::SpikeReadOut read_out_;
  std::vector<std::vector<double>> snapshots_;  // weights, the first before training
  std::string last_accuracy_;
  double seconds_ = 0;
};

}  // namespace

int run_training(const po::variables_map& values) { return TrainingRun(values).run(); }

}  // namespace chronotope::apps
