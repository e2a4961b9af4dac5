// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <atomic>
#include <cmath>
#include <exception>
#include <filesystem>
#include <map>
#include <mutex>
#include <thread>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/layer_divergence.hpp"
#include "chronotope/apps/options.hpp"
#include "chronotope/apps/progress.hpp"
#include "chronotope/apps/simulation.hpp"
#include "chronotope/apps/simulation_stream.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

Usage make_usage() {
  Usage usage;
  usage.synopsis = "study SPEC --spikes STREAM --out FOLDER [options]";
  usage.summary =
      "Does heterogeneous STDP represent the stimuli differently? For every seed the network of SPEC is run "
      "twice on the\n"
      "same wiring, initial weights and input: as written, and with every learning constant at its mean. The "
      "stimuli are\n"
      "presented once to learn, then once more with frozen weights; RTD compares the layers L1-L5 of that "
      "second pass.\n"
      "The floor is the RTD between two seeds of one condition. Writes a stream per network, rtd.csv and "
      "table.txt.";
  usage.examples =
      "  chronotope encode apps/examples/digits/recordings --order shuffled --out digits.spikes.pb\n"
      "  chronotope study apps/examples/digits/network.textproto --spikes digits.spikes.pb --out results\n";
  usage.positional = {"SPEC"};
  usage.options.add_options()  //
      ("spikes", po::value<std::string>()->required(),
       "stream of encoded stimuli, for every spike_stream input")                                //
      ("out", po::value<std::string>()->required(), "folder of the results; made when missing")  //
      ("seeds", po::value<std::int64_t>()->default_value(3),
       "networks per condition, at least 2 for the floor")                               //
      ("batch", po::value<std::int64_t>()->default_value(500), "stimuli per RTD trial")  //
      ("threads", po::value<std::int64_t>()->default_value(0),
       "networks run side by side; 0: one per core")  //
      ("quiet", po::bool_switch(), "print nothing but errors");
  return usage;
}

/// One network of the study.
struct Model {
  std::string condition;  // het or hom
  std::uint64_t seed = 0;
  std::string path() const { return condition + "-" + std::to_string(seed) + ".pb"; }
};

/// The stimuli once to learn and once more, weights frozen, as the probe.
Time present_twice(proto::DecodedSpec& spec) {
  const Time end = *end_of_inputs(spec);
  const Duration shift = Duration{Time::kEpochMs * static_cast<double>(end.epoch() + 1)};
  for (InputSpec& input : spec.network.inputs) {
    auto* list = std::get_if<SpikeListSpec>(&input.source);
    if (list == nullptr) continue;
    const std::size_t once = list->spikes.size();
    for (std::size_t i = 0; i < once; ++i)
      list->spikes.push_back({list->spikes[i].time + shift, list->spikes[i].channel});
  }
  const std::size_t once = spec.stimuli.size();
  for (std::size_t i = 0; i < once; ++i) {
    proto::Stimulus probe = spec.stimuli[i];
    spec.stimuli[i].phase = TRAIN;
    probe.phase = PROBE;
    probe.onset = probe.onset + shift;
    spec.stimuli.push_back(probe);
  }
  const Time freeze = Time() + shift;
  for (ProjectionSpec& projection : spec.network.projections)
    if (projection.rule.kind != "static")
      projection.rule.parameters["learn_until"] = {ParameterDistribution(Constant{freeze.to_ms()}),
                                                   projection.field};
  return end + shift;
}

void remove_spread(NetworkDescription& network) {
  for (ProjectionSpec& projection : network.projections)
    for (auto& [name, parameter] : projection.rule.parameters)
      parameter.value = parameter.value.without_spread();
}

class Study {
 public:
  explicit Study(const po::variables_map& values)
      : out_(values["out"].as<std::string>()), quiet_(values["quiet"].as<bool>()) {
    const auto count = [&](const char* name, std::int64_t least) {
      const auto number = values[name].as<std::int64_t>();
      require(number >= least && number <= 10000, name, std::to_string(number),
              "must be from " + std::to_string(least) + " to 10000");
      return static_cast<std::size_t>(number);
    };
    seeds_ = count("seeds", 2);
    threads_ = count("threads", 0);
    if (threads_ == 0) threads_ = std::max(1U, std::thread::hardware_concurrency());
    options_.batch = count("batch", 1);
    proto::read_spec(values["SPEC"].as<std::string>(), text_);
    const auto spikes = std::filesystem::absolute(values["spikes"].as<std::string>()).string();
    for (auto& input : *text_.message.mutable_input())
      if (input.has_spike_stream()) input.mutable_spike_stream()->set_path(spikes);
    for (std::uint64_t s = 0; s < seeds_; ++s)
      for (const char* condition : {"het", "hom"}) models_.push_back({condition, text_.message.seed() + s});
  }

  int run() {
    const proto::DecodedSpec spec = proto::decode(text_);
    if (spec.stimuli.empty())
      throw InputError(text_.name + ": no input has stimuli; one must be a spike_stream");
    std::error_code error;
    std::filesystem::create_directories(out_, error);
    if (error) throw InputError(out_.string() + ": cannot make the folder: " + error.message());
    const Interrupt interrupt;
    simulate_all(spec);
    if (Interrupt::requested()) return Interrupt::kExitCode;
    for (const Model& model : models_)
      representations_.push_back(read_representation((out_ / model.path()).string()));
    write_results();
    return 0;
  }

 private:
  /// Runs the models on several threads; each is independent of the others.
  void simulate_all(const proto::DecodedSpec& spec) {
    Progress progress("study", quiet_);
    std::vector<double> done(models_.size(), 0);
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    std::exception_ptr failure;
    const auto work = [&] {
      for (std::size_t m = next++; m < models_.size(); m = next++) {
        try {
          simulate(spec, models_[m], [&, m](double share) {
            const std::lock_guard lock(mutex);
            done[m] = share;
            double sum = 0;
            for (const double d : done) sum += d;
            progress.update(sum, static_cast<double>(models_.size()),
                            fmt::format("{} networks", models_.size()));
          });
        } catch (...) {
          const std::lock_guard lock(mutex);
          if (!failure) failure = std::current_exception();
          next = models_.size();
        }
      }
    };
    {
      std::vector<std::jthread> workers;
      for (std::size_t t = 0; t < std::min(threads_, models_.size()); ++t) workers.emplace_back(work);
    }
    if (failure) std::rethrow_exception(failure);
  }

  template <class OnProgress>
  void simulate(proto::DecodedSpec spec, const Model& model, OnProgress on_progress) {
    spec.network.seed = model.seed;
    if (model.condition == "hom") remove_spread(spec.network);
    const Time until = present_twice(spec);
    SimulationStream stream((out_ / model.path()).string(), spec, text_.message);
    Simulation simulation(spec, [&](std::uint32_t p, NeuronId n, Time t) { stream.write_spike(p, n, t); });
    stream.write_stimuli(spec.stimuli, until);
    stream.write_synapses(simulation.engine());
    stream.write_snapshot(simulation.engine());
    simulation.run({until, {}, [] {}, [&](Time now) { on_progress(now.to_ms() / until.to_ms()); }});
    if (simulation.interrupted()) return;  // the stream is not closed, so no file appears
    stream.write_snapshot(simulation.engine());
    stream.close(simulation.summary());
  }

  struct Score {
    double sum = 0;
    double squares = 0;
    int count = 0;

    void add(double x) {
      sum += x;
      squares += x * x;
      ++count;
    }
    std::string text() const {
      if (count == 0) return "missing";
      const double mean = sum / count;
      if (count == 1) return fmt::format("{:.3f}", mean);
      return fmt::format("{:.3f} +- {:.3f}", mean,
                         std::sqrt(std::max(0.0, (squares - sum * mean) / (count - 1))));
    }
  };

  /// het against hom of one seed, or two seeds of one condition; nothing for other pairs.
  std::string comparison(const Model& a, const Model& b) const {
    if (a.seed == b.seed) return "het-hom";
    return a.condition == b.condition ? a.condition + " floor" : "";
  }

  void write_results() {
    std::map<std::string, std::array<Score, kLayers>> scores;
    std::string csv = "comparison,a,b,layer,rtd,rtd_ab,rtd_ba,n,missing\n";
    for (std::size_t i = 0; i < models_.size(); ++i)
      for (std::size_t j = i + 1; j < models_.size(); ++j) {
        const std::string kind = comparison(models_[i], models_[j]);
        if (kind.empty()) continue;
        const auto reports = layer_divergence(representations_[i], representations_[j], options_);
        for (std::size_t l = 0; l < kLayers; ++l) {
          const RtdReport& r = reports[l];
          if (r.missing().empty()) scores[kind][l].add(r.rtd());
          csv += fmt::format("{},{},{},{},{},{},{},{},\"{}\"\n", kind, models_[i].path(), models_[j].path(),
                             r.layer(), r.rtd(), r.rtd_ab(), r.rtd_ba(), r.n(), r.missing());
        }
      }
    write("rtd.csv", csv);
    std::string table = fmt::format("{:<6}{:>9}  {:>18}  {:>18}  {:>18}\n", "layer", "neurons",
                                    "het vs hom STDP", "het, other seed", "hom, other seed");
    for (std::size_t l = 0; l < kLayers; ++l)
      table += fmt::format("L{:<5}{:>9}  {:>18}  {:>18}  {:>18}\n", l + 1,
                           representations_[0].layering.sizes[l], scores["het-hom"][l].text(),
                           scores["het floor"][l].text(), scores["hom floor"][l].text());
    table += fmt::format("RTD of spike counts on {} probe stimuli, mean +- sd over pairs; {} seeds.\n",
                         representations_[0].layers[0].stimuli.size(), seeds_);
    write("table.txt", table);
    if (!quiet_) fmt::print("{}", table);
  }

  void write(const std::string& name, const std::string& text) const {
    proto::Output out((out_ / name).string());
    out.write(text);
    out.commit();
  }

  std::filesystem::path out_;
  bool quiet_;
  std::size_t seeds_ = 0;
  std::size_t threads_ = 0;
  RtdOptions options_;
  proto::SpecText text_;
  std::vector<Model> models_;
  std::vector<Representation> representations_;  // of the models
};

}  // namespace

int study(const Arguments& arguments) {
  const auto values = parse(make_usage(), arguments);
  if (!values) return 0;
  return Study(*values).run();
}

}  // namespace chronotope::apps
