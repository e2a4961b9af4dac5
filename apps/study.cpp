// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "chronotope/apps/divergence.hpp"
#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/leftovers.hpp"
#include "chronotope/apps/options.hpp"
#include "chronotope/apps/progress.hpp"
#include "chronotope/apps/study_networks.hpp"
#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/topology/divergence/distinctness.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

constexpr double kLevel = 0.95;
constexpr double kDistinct = 0.05;  // p below which two conditions count as distinct
constexpr std::size_t kResamples = 1000;

Usage make_usage() {
  Usage usage;
  usage.synopsis = "study SPEC --spikes STREAM --out FOLDER [options]";
  usage.summary =
      "Does heterogeneous STDP represent the stimuli differently? For every seed the network of SPEC is run "
      "on the "
      "same\n"
      "wiring, initial weights and input: as written (het), with every learning constant at its mean (hom), "
      "and "
      "without\n"
      "learning (untrained). The stimuli are presented once to learn, then once more with frozen weights; "
      "RTD "
      "compares\n"
      "the layers L1-L5 of that second pass. Beside it: the floor (two seeds of one condition), the "
      "untrained "
      "control, the\n"
      "ceiling (rows in random order), and whether the conditions differ more than their seeds. Writes a "
      "stream per "
      "network,\n"
      "rtd.csv, tests.csv and table.txt (docs/rtd.md lists the columns).";
  usage.examples =
      "  chronotope encode apps/examples/digits/recordings --order shuffled --out digits.spikes.pb\n"
      "  chronotope study apps/examples/digits/network.textproto --spikes digits.spikes.pb --out results\n";
  usage.positional = {"SPEC"};
  usage.options.add_options()  //
      ("spikes", po::value<std::string>()->required(),
       "stream of encoded stimuli, for every spike_stream input")                                //
      ("out", po::value<std::string>()->required(), "folder of the results; made when missing")  //
      ("seeds", po::value<std::int64_t>()->default_value(3),
       "networks per condition, at least 2 for the floor, 4 for a p below 0.05")         //
      ("batch", po::value<std::int64_t>()->default_value(500), "stimuli per RTD trial")  //
      ("permutations", po::value<std::int64_t>()->default_value(20),
       "random orders of the rows per pair of networks, for the ceiling; 0: none")  //
      ("threads", po::value<std::int64_t>()->default_value(0),
       "networks run side by side; 0: one per core")  //
      ("quiet", po::bool_switch(), "print nothing but errors");
  return usage;
}

/// Mean and sample standard deviation of what was added.
struct Score {
  double sum = 0;
  double squares = 0;
  int count = 0;

  void add(double x) {
    sum += x;
    squares += x * x;
    ++count;
  }
  double mean() const { return sum / count; }
  std::string text() const {
    if (count == 0) return "missing";
    if (count == 1) return fmt::format("{:.3f}", mean());
    return fmt::format("{:.3f} +- {:.3f}", mean(),
                       std::sqrt(std::max(0.0, (squares - sum * mean()) / (count - 1))));
  }
};

using LayerScores = std::array<Score, topology::kLayers>;

/// What the comparison of two networks is called, empty for one that tells nothing.
std::string kind_of(const StudyModel& a, const StudyModel& b) {
  const auto name = [](Condition c) { return c == Condition::kHeterogeneous ? "het" : "hom"; };
  if (a.condition == Condition::kUntrained) return "";
  if (b.condition == Condition::kUntrained)
    return a.seed == b.seed ? std::string(name(a.condition)) + "-untrained" : "";
  if (a.condition == b.condition) return std::string(name(a.condition)) + " floor";
  return a.seed == b.seed ? "het-hom" : "het-hom other seed";
}

class Study {
 public:
  explicit Study(const po::variables_map& values)
      : spec_path_(values["SPEC"].as<std::string>()),
        out_(values["out"].as<std::string>()),
        quiet_(values["quiet"].as<bool>()) {
    const auto count = [&](const char* name, std::int64_t least) {
      const auto number = values[name].as<std::int64_t>();
      require(number >= least && number <= 10000, name, std::to_string(number),
              "must be from " + std::to_string(least) + " to 10000");
      return static_cast<std::size_t>(number);
    };
    seeds_ = count("seeds", 2);
    threads_ = count("threads", 0);
    if (threads_ == 0) threads_ = std::max(1U, std::thread::hardware_concurrency());
    options_.rtd.batch = count("batch", 1);
    permutations_ = count("permutations", 0);
    proto::read_spec(spec_path_, text_);
    const auto spikes = std::filesystem::absolute(values["spikes"].as<std::string>()).string();
    for (auto& input : *text_.message.mutable_input())
      if (input.has_spike_stream()) input.mutable_spike_stream()->set_path(spikes);
    for (const Condition condition :
         {Condition::kHeterogeneous, Condition::kHomogeneous, Condition::kUntrained})
      for (std::uint64_t s = 0; s < seeds_; ++s) models_.push_back({condition, text_.message.seed() + s});
  }

  int run() {
    const proto::DecodedSpec spec = proto::decode(text_);
    if (spec.stimuli.empty())
      throw InputError(text_.name + ": no input has stimuli; one must be a spike_stream");
    std::error_code error;
    std::filesystem::create_directories(out_, error);
    if (error) throw InputError(out_.string() + ": cannot make the folder: " + error.message());
    require_outputs_not_read(spec);
    for (const StudyModel& model : models_) remove_leftovers(out_ / model.file(), quiet_);
    {
      const Interrupt interrupt;
      Progress progress("study", quiet_);
      run_study_networks(spec, text_.message, models_, out_, threads_, [&](double share) {
        progress.update(share, 1, fmt::format("{} networks", models_.size()));
      });
      if (Interrupt::requested()) return Interrupt::kExitCode;
    }
    for (const StudyModel& model : models_)
      representations_.push_back(topology::read_representation((out_ / model.file()).string()));
    compare_all();
    write_results();
    return 0;
  }

 private:
  void require_outputs_not_read(const proto::DecodedSpec& spec) const {
    std::vector<std::filesystem::path> read = spec.files;
    read.emplace_back(spec_path_);
    for (const StudyModel& model : models_) require_not_read("out", out_ / model.file(), read);
    for (const char* table : {"rtd.csv", "tests.csv", "table.txt"})
      require_not_read("out", out_ / table, read);
  }

  void compare_all() {
    for (auto& layer : trained_) layer.assign(4 * seeds_ * seeds_, 0);
    for (std::size_t i = 0; i < models_.size(); ++i)
      for (std::size_t j = i + 1; j < models_.size(); ++j)
        if (const std::string kind = kind_of(models_[i], models_[j]); !kind.empty()) compare(kind, i, j);
  }

  void compare(const std::string& kind, std::size_t i, std::size_t j) {
    DivergenceOptions options = options_;
    if (kind == "het-hom") options.permutations = permutations_;
    const auto reports = layer_divergence(representations_[i], representations_[j], options);
    for (std::size_t l = 0; l < topology::kLayers; ++l) {
      const RtdReport& r = reports[l];
      csv_ += row(kind, i, j, r);
      if (r.missing().empty()) {
        scores_[kind][l].add(r.rtd());
        if (r.has_shuffled()) scores_["ceiling"][l].add(r.shuffled().mean());
      }
      const std::size_t trained = 2 * seeds_;
      if (j < trained)
        trained_[l][i * trained + j] = trained_[l][j * trained + i] =
            r.missing().empty() ? r.rtd() : std::nan("");
    }
  }

  /// A line of rtd.csv; numbers that there are not are empty.
  std::string row(const std::string& kind, std::size_t i, std::size_t j, const RtdReport& r) const {
    const auto number = [&](double value, bool known) {
      return !known ? "," : std::isnan(value) ? ",undefined" : fmt::format(",{}", value);
    };
    const bool known = r.missing().empty();
    return fmt::format("{},{},{},{}", kind, models_[i].file(), models_[j].file(), r.layer()) +
           number(r.rtd(), known) + number(r.rtd_ab(), known) + number(r.rtd_ba(), known) +
           number(r.n(), known) + number(r.cka(), r.has_cka()) +
           number(r.shuffled().mean(), r.has_shuffled()) + number(r.shuffled().sd(), r.has_shuffled()) +
           fmt::format(",\"{}\"\n", r.missing());
  }

  /// Where het-hom lies between the floor (0) and the ceiling (1).
  std::string normalised(std::size_t l) {
    Score floor;
    for (const char* kind : {"het floor", "hom floor"})
      if (scores_[kind][l].count > 0) floor.add(scores_[kind][l].mean());
    const Score& score = scores_["het-hom"][l];
    const Score& ceiling = scores_["ceiling"][l];
    if (floor.count == 0 || score.count == 0 || ceiling.count == 0 || !(ceiling.mean() > floor.mean()))
      return "missing";
    return fmt::format("{:.3f}", (score.mean() - floor.mean()) / (ceiling.mean() - floor.mean()));
  }

  std::string main_table() {
    std::string table = fmt::format("{:<6}{:>9}  {:>18}  {:>18}  {:>18}\n", "layer", "neurons",
                                    "het vs hom STDP", "het, other seed", "hom, other seed");
    for (std::size_t l = 0; l < topology::kLayers; ++l)
      table += fmt::format("L{:<5}{:>9}  {:>18}  {:>18}  {:>18}\n", l + 1,
                           representations_[0].layering.sizes[l], scores_["het-hom"][l].text(),
                           scores_["het floor"][l].text(), scores_["hom floor"][l].text());
    return table;
  }

  std::string control_table() {
    std::string table = fmt::format("\n{:<6}{:>18}  {:>18}  {:>18}  {:>10}  {:>8}  {:>22}  {:>6}\n", "layer",
                                    "het vs untrained", "hom vs untrained", "shuffled rows", "normalised",
                                    "T", "95 % of T", "p");
    for (std::size_t l = 0; l < topology::kLayers; ++l)
      table += fmt::format("L{:<5}{:>18}  {:>18}  {:>18}  {:>10}  {}\n", l + 1,
                           scores_["het-untrained"][l].text(), scores_["hom-untrained"][l].text(),
                           scores_["ceiling"][l].text(), normalised(l), test(l));
    return table;
  }

  static bool is_known(const std::vector<double>& table) {
    return std::none_of(table.begin(), table.end(), [](double x) { return std::isnan(x); });
  }

  std::string test(std::size_t l) {
    if (!is_known(trained_[l])) {
      tests_ += fmt::format("L{},,,,,\n", l + 1);
      return fmt::format("{:>8}  {:>22}  {:>6}", "missing", "", "");
    }
    const topology::Distinctness d = topology::distinctness(trained_[l], seeds_, kLevel, kResamples, 0);
    smallest_p_ = d.smallest_p;
    tests_ += fmt::format("L{},{},{},{},{},{}\n", l + 1, d.statistic, d.interval.low, d.interval.high, d.p,
                          d.smallest_p);
    return fmt::format("{:>8.3f}  {:>22}  {:>6.3f}", d.statistic,
                       fmt::format("[{:.3f}, {:.3f}]", d.interval.low, d.interval.high), d.p);
  }

  void write_results() {
    write("rtd.csv",
          "comparison,a,b,layer,rtd,rtd_ab,rtd_ba,n,cka,shuffled_mean,shuffled_sd,missing\n" + csv_);
    std::string table = main_table();
    table += fmt::format("RTD of spike counts on {} probe stimuli, mean +- sd over pairs; {} seeds.\n",
                         representations_[0].layers[0].stimuli.size(), seeds_);
    table += control_table();
    table += fmt::format(
        "het vs hom takes the {} pairs of one seed; T, p and the means of a report take all {} pairs of one "
        "of "
        "each.\n",
        seeds_, seeds_ * seeds_);
    table += fmt::format(
        "normalised: 0 is the floor of other seeds, 1 shuffled rows. T: between minus within conditions, "
        "over all "
        "seeds;\np can not be below {:.3g} with {} seeds.\n",
        smallest_p_, seeds_);
    if (!(smallest_p_ < kDistinct))
      table += fmt::format(
          "So no layer can count as distinct here, whatever its T: p < {} needs more seeds (4 can give "
          "0.029, 5 "
          "0.0079).\n",
          kDistinct);
    write("tests.csv", "layer,T,T_low,T_high,p,smallest_p\n" + tests_);
    write("table.txt", table);
    if (!quiet_) fmt::print("{}", table);
  }

  void write(const std::string& name, const std::string& text) const {
    proto::Output out((out_ / name).string());
    out.write(text);
    out.commit();
  }

  std::string spec_path_;
  std::filesystem::path out_;
  bool quiet_;
  std::size_t seeds_ = 0;
  std::size_t threads_ = 0;
  std::size_t permutations_ = 0;
  DivergenceOptions options_;
  proto::SpecText text_;
  std::vector<StudyModel> models_;                         // all het, all hom, all untrained
  std::vector<topology::Representation> representations_;  // of the models
  std::string csv_;
  std::string tests_;
  std::map<std::string, LayerScores> scores_;
  std::array<std::vector<double>, topology::kLayers> trained_;  // RTD of all trained models with each other
  double smallest_p_ = 1;
};

}  // namespace

int study(const Arguments& arguments) {
  const auto values = parse(make_usage(), arguments);
  if (!values) return 0;
  return Study(*values).run();
}

}  // namespace chronotope::apps
