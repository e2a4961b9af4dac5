// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <sstream>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/json.hpp"
#include "chronotope/apps/named_option.hpp"
#include "chronotope/apps/network_options.hpp"
#include "chronotope/apps/options.hpp"
#include "chronotope/apps/progress.hpp"
#include "chronotope/apps/resources.hpp"
#include "chronotope/apps/trained_probe.hpp"
#include "chronotope/apps/trained_wiring.hpp"
#include "chronotope/apps/training_file.hpp"
#include "chronotope/apps/training_items.hpp"
#include "chronotope/core/distribution.hpp"
#include "chronotope/core/random_stream.hpp"
#include "chronotope/events/clock/flush_denormals.hpp"
#include "chronotope/events/team.hpp"
#include "chronotope/models/learning/surrogate_gradient.hpp"
#include "chronotope/models/learning/training.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

const std::vector<std::string> kOutputs{"out", "save", "predictions"};

Usage make_usage() {
  Usage usage;
  usage.synopsis = "train SPEC --spikes STREAM [options]";
  usage.summary =
      "Teaches the network that SPEC describes the labels of a stream's stimuli by gradients: the same "
      "graph, delays,\n"
      "constants and initial weights that simulate and study begin with. Marks of phase PROBE test, the "
      "others teach.\n"
      "docs/learning.md has the equations.";
  usage.examples =
      "  chronotope train net.textproto --spikes digits.spikes.pb --validation 0.2 --save trained.spec.pb\n"
      "  chronotope train net.textproto --spikes digits.spikes.pb --validation speaker=theo --test take=0-1\n"
      "  chronotope train net.textproto --spikes digits.spikes.pb --checkpoint t.pb --resume --epochs 60\n"
      "  chronotope train --evaluate t.pb --spikes new.spikes.pb --predictions new.csv\n";
  usage.positional = {"SPEC"};
  usage.last_optional = true;
  usage.inputs = {"spikes", "evaluate"};
  usage.outputs = kOutputs;
  usage.groups = {network_options()};
  const auto text = [](const char* value) { return po::value<std::string>()->default_value(value); };
  const auto number = [](double value) { return po::value<double>()->default_value(value); };
  const auto count = [](std::int64_t value) { return po::value<std::int64_t>()->default_value(value); };
  usage.options.add_options()                                                             //
      ("spikes", po::value<std::string>()->required(), "the stream of labelled stimuli")  //
      ("method", text("surrogate"), "of gradients: surrogate, on a grid of time")         //
      ("readout", text("leaky"),
       "leaky: beside the network, its weights learnt, too; or the population whose neurons are the "
       "classes")  //
      ("loss", po::value<std::string>(),
       "max, mean or last of the leaky read-out, default max; count, discounted_count or first_spike of a "
       "population, default count")                                                                   //
      ("scale", number(1), "of counts as logits")                                                     //
      ("tau-l", number(5), "of discounted counts and first spikes [ms]")                              //
      ("synapses", text("plastic"), "that learn: plastic, all, or names of projections, A->B,C->D")   //
      ("learn", po::value<std::string>(), "constants of neurons that learn: tau_m,tau_syn,V_th,I_e")  //
      ("signs", text("keep"), "keep: weights stop at 0; free, for multi_receptor_lif")                //
      ("validation", po::value<std::string>(),
       "stimuli that choose the epoch: a share, or speaker=NAME,... or take=FIRST-LAST of their names")  //
      ("test", po::value<std::string>(), "stimuli that test, beside those of phase PROBE: likewise")     //
      ("longest", po::value<std::string>(), "present only so much of each stimulus [ms]")                //
      ("tail", text("0"), "silence after each stimulus, in which the read-out goes on [ms]")             //
      ("dt", text("1"), "step of the grid [ms]")                                                         //
      ("beta", number(100), "of the surrogate derivative 1/(1 + beta |u|)^2")                            //
      ("c1", number(0), "cost of spike counts over n-hi: c1 mean relu(n - n_hi)^2")                      //
      ("n-hi", number(0), "spikes per neuron and item")                                                  //
      ("c2", number(0), "cost of spike counts under n-lo: c2 mean relu(n_lo - n)^2")                     //
      ("n-lo", number(0), "spikes per neuron and item")                                                  //
      ("epochs", count(30), "how often every item is taught")                                            //
      ("batch", count(32), "items per step")                                                             //
      ("rate", number(1e-3), "of Adam, in the first epoch")                                              //
      ("rate-decay", number(1), "factor of the rate from epoch to epoch")                                //
      ("weight-unit", text("mean"),
       "of a projection's weights, which a step moves by about the rate: mean, of their magnitudes; "
       "threshold, "
       "the current (V_th - E_L)/R")                                              //
      ("clip", number(0), "longest gradient, in the units of the steps; 0: any")  //
      ("precision", text("double"), "of the passes: double or float")             //
      ("threads", count(1), "change no bit of the result")                        //
      ("out", po::value<std::string>(),
       "write a stream: losses, read-out, snapshots, and the trained network's spikes under the stimuli to "
       "probe, from the event engine")                                                                   //
      ("snapshot-every", po::value<std::int64_t>(), "epochs between snapshots of the weights in --out")  //
      ("save", po::value<std::string>(), "write the trained network as a specification")                 //
      ("checkpoint", po::value<std::string>(),
       "write all that --resume and --evaluate need to this file, after every epoch")                     //
      ("resume", po::bool_switch(), "go on from --checkpoint if it is there")                             //
      ("evaluate", po::value<std::string>(), "instead of SPEC: the checkpoint to read the stimuli with")  //
      ("predictions", po::value<std::string>(), "with --evaluate: write CSV, one line per stimulus")      //
      ("json", po::bool_switch(), "print the summary as one JSON object")                                 //
      ("quiet", po::bool_switch(), "print nothing but errors");
  return usage;
}

double ranged(const po::variables_map& values, const char* option, double low, double high,
              const char* allowed) {
  const auto value = values[option].as<double>();
  require(value >= low && value <= high, option, to_string(value), allowed);
  return value;
}

Duration duration_option(const po::variables_map& values, const char* option, double least,
                         const char* allowed) {
  return time_option(values, option, stated_duration(least), allowed).value;
}

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream in(text);
  for (std::string word; std::getline(in, word, ',');) all.push_back(word);
  return all;
}

/// Workers that take numbers below 2.2e-308 for 0: adjoints decay for a long time.
models::Workers make_workers(unsigned size) {
  const auto team = std::make_shared<events::Team>(size);
  return {size, [team](const models::Workers::Work& work) {
            team->run([&work](unsigned member) {
              const events::FlushDenormals flushed;
              work(member);
            });
          }};
}

std::unique_ptr<models::GradientMethod> make_method(const std::string& precision,
                                                    const models::TrainedNetwork& network,
                                                    const models::SurrogateOptions& options,
                                                    unsigned threads) {
  if (precision == "float")
    return std::make_unique<models::SurrogateGradient<float>>(network, options, make_workers(threads));
  require(precision == "double", "precision", precision, "must be double or float");
  return std::make_unique<models::SurrogateGradient<double>>(network, options, make_workers(threads));
}

void set_spikes(NetworkSpec& message, const std::string& path) {
  const std::string absolute = path == "-" ? path : std::filesystem::absolute(path).string();
  bool listens = false;
  for (Input& input : *message.mutable_input())
    if (input.has_spike_stream()) {
      input.mutable_spike_stream()->set_path(absolute);
      listens = true;
    }
  if (!listens) throw InputError("the network has no input with a spike_stream that could hear --spikes");
}

void copy_spec(const proto::SpecText& from, const NetworkSpec& message, proto::SpecText& to) {
  to.message = message;
  to.name = from.name;
  to.folder = from.folder;
}

/// A training as the command line asks for it.
class TrainingRun {
 public:
  explicit TrainingRun(const po::variables_map& values)
      : values_(values), quiet_(values["quiet"].as<bool>()), threads_(threads()) {
    check_words();
    read_network(values, values["SPEC"].as<std::string>(), text_);
    set_spikes(text_.message, values["spikes"].as<std::string>());
    const proto::DecodedSpec spec = proto::decode(text_);
    std::vector<std::filesystem::path> read = spec.files;
    read.emplace_back(values["SPEC"].as<std::string>());
    require_not_read(values, kOutputs, read);
    if (values.count("checkpoint") != 0)
      require_not_read("checkpoint", values["checkpoint"].as<std::string>(), read);
    wiring_ = build_wiring(spec);
    items_ = cut_items(spec, item_options());
    require_items();
    choose_read_out(spec.network);
    warn_of_coarse_grid();
  }

  int run() {
    const models::OptimiserOptions optimiser = optimiser_options();
    const models::SurrogateOptions options = surrogate_options();
    const auto method =
        make_method(values_["precision"].as<std::string>(), wiring_.network, options, threads_);
    models::Training training(wiring_.network, items_.part(items_.training), items_.part(items_.validation),
                              *method, optimiser, plan());
    snapshots_.push_back(wiring_.network.parameters.weight);
    if (values_["resume"].as<bool>()) resume(training);
    const std::exception_ptr failure = teach(training);
    if (training.state().epoch > 0) finish(training, *method);
    if (failure) std::rethrow_exception(failure);
    return 0;
  }

 private:
  unsigned threads() const {
    const auto count = count_option(values_, "threads", 1);
    require(count <= 256, "threads", std::to_string(count), "must lie in [1, 256]");
    return static_cast<unsigned>(count);
  }

  void check_words() const {
    const auto method = values_["method"].as<std::string>();
    require(method == "surrogate", "method", method, "must be surrogate");
    require_use(values_, "predictions", false, "--evaluate");
    require_use(values_, "snapshot-every", values_.count("out") != 0, "--out");
    if (values_["resume"].as<bool>() && values_.count("checkpoint") == 0)
      throw InputError("--resume needs --checkpoint");
  }

  ItemOptions item_options() const {
    ItemOptions options;
    if (values_.count("longest") != 0)
      options.longest = duration_option(values_, "longest", 1e-3, "must be from 1e-3 to 1e12 ms");
    options.tail = duration_option(values_, "tail", 0, "must be from 0 to 1e12 ms");
    options.seed = text_.message.seed();
    for (const char* part : {"validation", "test"})
      if (values_.count(part) != 0)
        (part[0] == 'v' ? options.validation : options.test) =
            StimulusChoice::parse(part, values_[part].as<std::string>());
    return options;
  }

  void require_items() const {
    if (items_.training.empty())
      throw InputError(
          "no stimulus is left to teach: all are of phase PROBE, or chosen by --test or --validation");
    if (values_.count("validation") != 0 && items_.validation.empty())
      throw InputError("--validation " + values_["validation"].as<std::string>() + " chooses no stimulus");
  }

  void choose_read_out(const NetworkDescription& network) {
    const auto population = values_["readout"].as<std::string>();
    const bool leaky = population == "leaky";
    read_out_.loss.kind =
        loss_kind(values_.count("loss") != 0 ? values_["loss"].as<std::string>() : (leaky ? "max" : "count"));
    require(read_out_.loss.is_leaky() == leaky, "loss", loss_name(read_out_.loss.kind),
            leaky ? "must be max, mean or last for the leaky read-out"
                  : "must be count, discounted_count or first_spike for a population");
    read_out_.loss.scale = ranged(values_, "scale", 1e-9, 1e9, "must be from 1e-9 to 1e9");
    read_out_.loss.tau_l = ranged(values_, "tau-l", 1e-6, 1e9, "must be from 1e-6 to 1e9 ms");
    read_out_.dt = duration_option(values_, "dt", 1e-3, "must be from 1e-3 to 1e12 ms");
    read_out_.classes = static_cast<std::uint32_t>(items_.labels.size());
    read_out_.neurons = wiring_.network.neurons;
    leaky ? draw_read_out() : choose_outputs(network, population);
  }

  /// Normal, with standard deviation 1/sqrt(N).
  void draw_read_out() {
    const std::size_t count = std::size_t{read_out_.classes} * read_out_.neurons;
    for (std::size_t k = 0; k < count; ++k) {
      RandomStream stream(text_.message.seed(), Purpose("read-out.weight"), k);
      wiring_.network.parameters.W_o.push_back(standard_normal(stream) / std::sqrt(read_out_.neurons));
    }
  }

  void choose_outputs(const NetworkDescription& network, const std::string& name) {
    std::size_t p = 0;
    while (p < network.populations.size() && network.populations[p].name != name) ++p;
    require(p < network.populations.size(), "readout", name, "must be leaky or the name of a population");
    require(network.populations[p].size >= read_out_.classes, "readout", name,
            "has " + std::to_string(network.populations[p].size) + " neurons for " +
                std::to_string(read_out_.classes) + " classes; it needs one for each");
    for (std::uint32_t k = 0; k < read_out_.classes; ++k)
      read_out_.outputs.push_back(wiring_.first_neuron[p] + k);
  }

  void warn_of_coarse_grid() const {
    double shortest = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < wiring_.network.source.size(); ++k)
      if (!wiring_.network.from_channel(k))
        shortest = std::min(shortest, wiring_.network.parameters.delay[k]);
    if (!quiet_ && read_out_.dt.ms() > 2 * shortest)
      fmt::print(
          stderr,
          "train: warning: a step of {} ms is more than twice the shortest delay, {} ms, which becomes "
          "one step\n",
          read_out_.dt.ms(), shortest);
  }

  models::OptimiserOptions optimiser_options() const {
    models::OptimiserOptions options;
    const models::NetworkParameters& p = wiring_.network.parameters;
    options.unit.assign(p.weight.size(), 0);
    options.low.assign(p.weight.size(), 0);
    options.high.assign(p.weight.size(), 0);
    bool any = false;
    for (const auto& projection : wiring_.projections)
      if (learns(projection)) {
        set_units(projection, options);
        any = true;
      }
    if (!any)
      throw InputError("--synapses " + values_["synapses"].as<std::string>() +
                       ": the network has no such projection; all trains all of them");
    options.least_tau = 3 * read_out_.dt.ms();
    options.clip = ranged(values_, "clip", 0, 1e9, "must be from 0 to 1e9");
    for (const std::string& kind : learnt()) {
      bool* const flag = kind == "tau_m"     ? &options.tau_m
                         : kind == "tau_syn" ? &options.tau_syn
                         : kind == "V_th"    ? &options.V_th
                         : kind == "I_e"     ? &options.I_e
                                             : nullptr;
      require(kind != "delays", "learn", kind, "delays in steps of a grid have no derivative");
      require(flag != nullptr, "learn", kind, "must be of tau_m,tau_syn,V_th,I_e");
      *flag = true;
    }
    return options;
  }

  std::vector<std::string> learnt() const {
    return values_.count("learn") == 0 ? std::vector<std::string>()
                                       : words(values_["learn"].as<std::string>());
  }

  bool learns(const TrainedWiring::Projection& projection) const {
    const auto chosen = values_["synapses"].as<std::string>();
    if (chosen == "plastic") return projection.plastic;
    const auto names = words(chosen);
    return chosen == "all" || std::find(names.begin(), names.end(), projection.name) != names.end();
  }

  void set_units(const TrainedWiring::Projection& projection, models::OptimiserOptions& options) const {
    const auto signs = values_["signs"].as<std::string>();
    require(signs == "keep" || signs == "free", "signs", signs, "must be keep or free");
    constexpr double kLargest = 1e12;
    const double unit = weight_unit(projection);
    for (std::size_t k = projection.first; k < projection.last; ++k) {
      const double weight = wiring_.network.parameters.weight[k];
      const bool positive = wiring_.by_sign[k] ? wiring_.network.receptor[k] == 0 : weight > 0;
      require(signs == "keep" || !wiring_.by_sign[k], "signs", signs,
              "the target of " + projection.name +
                  " is an exp_psc_lif, whose tau_syn jumps where a weight crosses 0; multi_receptor_lif can");
      options.unit[k] = unit;
      options.low[k] = signs == "free" || !positive ? -kLargest : 0;
      options.high[k] = signs == "free" || positive ? kLargest : 0;
    }
  }

  /// The mean magnitude of its weights, or the mean current that holds its targets at their threshold [pA].
  double weight_unit(const TrainedWiring::Projection& projection) const {
    const auto unit = values_["weight-unit"].as<std::string>();
    require(unit == "mean" || unit == "threshold", "weight-unit", unit, "must be mean or threshold");
    const models::NetworkParameters& p = wiring_.network.parameters;
    double sum = 0;
    for (std::size_t k = projection.first; k < projection.last; ++k) {
      const std::uint32_t i = wiring_.network.target[k];
      sum += unit == "mean" ? std::abs(p.weight[k]) : std::abs(p.V_th[i] - p.E_L[i]) * p.C_m[i] / p.tau_m[i];
    }
    return sum / static_cast<double>(std::max<std::size_t>(1, projection.last - projection.first));
  }

  models::SurrogateOptions surrogate_options() const {
    models::SurrogateOptions options;
    options.dt = read_out_.dt;
    options.beta = ranged(values_, "beta", 1e-6, 1e9, "must be from 1e-6 to 1e9");
    options.loss = read_out_.loss;
    const auto cost = [&](const char* name) {
      return ranged(values_, name, 0, 1e9, "must be from 0 to 1e9");
    };
    options.regulariser = {cost("c1"), cost("n-hi"), cost("c2"), cost("n-lo")};
    options.read_out = read_out_.leaky;
    options.outputs = read_out_.outputs;
    options.constants = !learnt().empty();
    return options;
  }

  models::TrainingPlan plan() const {
    models::TrainingPlan plan;
    plan.seed = text_.message.seed();
    plan.epochs = static_cast<std::uint32_t>(count_option(values_, "epochs", 1));
    plan.batch_size = static_cast<std::uint32_t>(count_option(values_, "batch", 1));
    plan.rate = ranged(values_, "rate", 1e-12, 1e6, "must be from 1e-12 to 1e6");
    plan.rate_decay = ranged(values_, "rate-decay", 1e-6, 1, "must be from 1e-6 to 1");
    return plan;
  }

  /// All that the numbers of a training depend on but for how long it goes on.
  std::string arguments() const {
    std::string text = fmt::format("spec {:x} seed {}", Purpose(text_.message.SerializeAsString()).hash(),
                                   text_.message.seed());
    for (const char* option : {"readout", "loss", "synapses", "learn", "signs", "validation", "test",
                               "longest", "tail", "dt", "precision", "weight-unit"})
      if (values_.count(option) != 0)
        text += fmt::format(" {} {}", option, values_[option].as<std::string>());
    for (const char* option :
         {"scale", "tau-l", "beta", "c1", "n-hi", "c2", "n-lo", "rate", "rate-decay", "clip"})
      text += fmt::format(" {} {}", option, values_[option].as<double>());
    return text + fmt::format(" batch {}", values_["batch"].as<std::int64_t>());
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
              progress.update(done, static_cast<double>(plan().epochs),
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
    last_accuracy_ =
        fmt::format(" accuracy {:.3f}", (validated ? record.validation : record.training).accuracy);
    if (values_.count("snapshot-every") != 0 &&
        record.epoch % count_option(values_, "snapshot-every", 1) == 0)
      snapshots_.push_back(training.state().values.weight);
    if (!quiet_)
      fmt::print(stderr, "epoch {}: loss {:.4f}, accuracy {:.4f}{}, {:.2f} spikes per neuron and item\n",
                 record.epoch, record.training.loss, record.training.accuracy,
                 validated ? fmt::format(" (validation {:.4f}, {:.4f})", record.validation.loss,
                                         record.validation.accuracy)
                           : "",
                 record.mean_count);
    if (values_.count("checkpoint") != 0) write_checkpoint(training);
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
    const ItemOptions options = item_options();
    message.set_longest(options.longest ? options.longest->ms() : 0);
    message.set_tail(options.tail.ms());
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
    if (!items_.test.empty()) {
      const auto test = items_.part(items_.test);
      encode(models::evaluate(method, training.network(state.best_values), test, plan().batch_size).score,
             *report.mutable_test());
    }
    if (values_.count("save") != 0) {
      proto::Output output(values_["save"].as<std::string>());
      output.write(message.SerializeAsString());
      output.commit();
    }
    if (values_.count("out") != 0 || !items_.test.empty()) probe(message, state, report);
    if (values_["json"].as<bool>())
      fmt::print("{}\n", to_json(report));
    else if (!quiet_)
      print(report);
  }

  void probe(const NetworkSpec& message, const models::TrainingState& state, TrainingReport& report) const {
    proto::SpecText trained;
    copy_spec(text_, message, trained);
    TrainedStream stream;
    if (values_.count("out") != 0) stream.path = values_["out"].as<std::string>();
    stream.epochs.assign(report.epoch().begin(), report.epoch().end());
    stream.read_out = read_out_message(state.best_values);
    stream.snapshots = snapshots_;
    const double accuracy = probe_trained(trained, wiring_, items_, items_.test,
                                          trained_read_out(state.best_values), stream, threads_);
    if (!items_.test.empty()) report.set_event_accuracy(accuracy);
  }

  TrainingReport summary(const models::TrainingState& state) const {
    TrainingReport report;
    for (const std::string& label : items_.labels) report.add_label(label);
    report.set_training_items(static_cast<std::uint32_t>(items_.training.size()));
    report.set_validation_items(static_cast<std::uint32_t>(items_.validation.size()));
    report.set_test_items(static_cast<std::uint32_t>(items_.test.size()));
    report.set_epochs(state.epoch);
    report.set_best_epoch(state.best_epoch);
    for (const models::EpochRecord& record : state.history) encode(record, *report.add_epoch());
    const models::EpochRecord& best = state.history[state.best_epoch - 1];
    report.set_weight_change(best.weight_change);
    report.set_mean_count(best.mean_count);
    encode(state.counters, *report.mutable_counters());
    report.set_cpu_seconds(seconds_);
    return report;
  }

  static void print(const TrainingReport& report) {
    const TrainingEpoch& best = report.epoch(static_cast<int>(report.best_epoch()) - 1);
    fmt::print(stderr,
               "{} classes, {} items to learn, {} to validate, {} to test; {} epochs in {:.1f} CPU s\n",
               report.label_size(), report.training_items(), report.validation_items(), report.test_items(),
               report.epochs(), report.cpu_seconds());
    fmt::print(stderr, "epoch {}: accuracy {:.4f}{}, weights moved by {:.3f} of their norm\n", best.epoch(),
               best.training().accuracy(),
               best.has_validation() ? fmt::format(" (validation {:.4f})", best.validation().accuracy()) : "",
               best.weight_change());
    if (report.has_test())
      fmt::print(stderr, "test: accuracy {:.4f} on the grid, {:.4f} in the event engine\n",
                 report.test().accuracy(), report.event_accuracy());
    fmt::print(stderr, "{:.0f} gradients of items, {:.0f} spikes, {:.0f} batches clipped\n",
               report.counters().items(), report.counters().spikes(), report.counters().clipped_batches());
  }

  const po::variables_map& values_;
  bool quiet_;
  unsigned threads_;
  proto::SpecText text_;
  TrainedWiring wiring_;
  TrainingItems items_;
  models::SpikeReadOut read_out_;
  std::vector<std::vector<double>> snapshots_;  // weights, the first before training
  std::string last_accuracy_;
  double seconds_ = 0;
};

/// Rows are labels, columns predictions.
void print_confusion(const std::vector<std::string>& labels, const TrainingItems& items,
                     const std::vector<std::uint32_t>& prediction) {
  std::vector<std::vector<std::size_t>> table(labels.size(), std::vector<std::size_t>(labels.size()));
  for (std::size_t k = 0; k < prediction.size(); ++k) ++table[items.items[k].label][prediction[k]];
  fmt::print("{:>12}", "label");
  for (const std::string& label : labels) fmt::print("{:>8}", label);
  fmt::print("\n");
  for (std::size_t k = 0; k < labels.size(); ++k) {
    fmt::print("{:>12}", labels[k]);
    for (const std::size_t count : table[k]) fmt::print("{:>8}", count);
    fmt::print("\n");
  }
}

void write_predictions(const std::string& path, const proto::DecodedSpec& spec,
                       const std::vector<std::string>& labels, const std::vector<std::uint32_t>& prediction) {
  proto::Output output(path);
  output.write("stimulus,name,label,prediction\n");
  for (std::size_t k = 0; k < prediction.size(); ++k)
    output.write(fmt::format("{},{},{},{}\n", spec.stimuli[k].id, spec.stimuli[k].name, spec.stimuli[k].label,
                             labels[prediction[k]]));
  output.commit();
}

int evaluate_trained(const po::variables_map& values) {
  const auto path = values["evaluate"].as<std::string>();
  const TrainingFile file = read_training(path);
  proto::SpecText text;
  text.message = file.network();
  text.name = path;
  set_spikes(text.message, values["spikes"].as<std::string>());
  const proto::DecodedSpec spec = proto::decode(text);
  TrainedWiring wiring = build_wiring(spec);
  const std::vector<std::string> labels(file.label().begin(), file.label().end());
  const models::SpikeReadOut read_out =
      decode(file.read_out(), static_cast<std::uint32_t>(labels.size()), wiring.network.neurons);
  wiring.network.parameters.W_o = read_out.weight;
  ItemOptions options;
  if (file.read_out().longest() > 0) options.longest = Duration::nearest(file.read_out().longest());
  options.tail = Duration::nearest(file.read_out().tail());
  const TrainingItems items = cut_items(spec, options, labels);
  std::vector<const models::Item*> all;
  for (const models::Item& item : items.items) all.push_back(&item);
  models::SurrogateOptions surrogate;
  surrogate.dt = read_out.dt;
  surrogate.loss = read_out.loss;
  surrogate.read_out = read_out.leaky;
  surrogate.outputs = read_out.outputs;
  const auto method = make_method(values["precision"].as<std::string>(), wiring.network, surrogate,
                                  static_cast<unsigned>(count_option(values, "threads", 1)));
  const models::Evaluation found = models::evaluate(*method, wiring.network, all, 32);
  if (values.count("predictions") != 0)
    write_predictions(values["predictions"].as<std::string>(), spec, labels, found.prediction);
  if (values["quiet"].as<bool>()) return 0;
  fmt::print(stderr, "{} stimuli: loss {:.4f}, accuracy {:.4f} on the grid\n", all.size(), found.score.loss,
             found.score.accuracy);
  print_confusion(labels, items, found.prediction);
  return 0;
}

}  // namespace

int train(const Arguments& arguments) {
  const auto values = parse(make_usage(), arguments);
  if (!values) return 0;
  if ((values->count("SPEC") != 0) == (values->count("evaluate") != 0))
    throw InputError("train needs SPEC, or --evaluate CHECKPOINT instead");
  return values->count("evaluate") != 0 ? evaluate_trained(*values) : TrainingRun(*values).run();
}

}  // namespace chronotope::apps
