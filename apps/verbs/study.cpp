// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/options/network_options.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/output/progress.hpp"
#include "chronotope/apps/output/result_folder.hpp"
#include "chronotope/apps/runs/heterogeneity.hpp"
#include "chronotope/apps/study/cell_accuracy.hpp"
#include "chronotope/apps/study/cell_estimate.hpp"
#include "chronotope/apps/study/cell_memory.hpp"
#include "chronotope/apps/study/cell_rows.hpp"
#include "chronotope/apps/study/cell_runs.hpp"
#include "chronotope/apps/study/findings.hpp"
#include "chronotope/apps/study/paired_read_outs.hpp"
#include "chronotope/apps/study/study_files.hpp"
#include "chronotope/apps/study/study_options.hpp"
#include "chronotope/apps/study/study_text.hpp"
#include "chronotope/core/machine_memory.hpp"
#include "chronotope/core/parallel.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;
namespace fs = std::filesystem;

namespace {

constexpr const char* kTable = "table.txt";

/// The stimuli of a preset, encoded into the folder of the results. Networks that heard the same are kept,
/// whatever the file was before.
void encode_preset(const Preset& preset, const std::string& stream) {
  Arguments words = preset.encode_options;
  words.insert(words.end(), {"--out", stream, "--quiet"});
  encode(words);
  Interrupt::check();
}

/// The specification with the command line's changes; every spike_stream input hears `spikes`.
void read_network(const po::variables_map& values, const StudyOptions& options, proto::SpecText& text) {
  apps::read_network(values, options.spec, text);
  const auto spikes = fs::absolute(options.spikes).string();
  for (auto& input : *text.message.mutable_input())
    if (input.has_spike_stream()) input.mutable_spike_stream()->set_path(spikes);
}

/// A condition that asks for a spread that is not there is another one under a wrong name.
void check_spreads(const StudyPlan& plan, const NetworkSpec& network) {
  const auto check = [&](Varied part, const std::string& condition) {
    require(has_spread(network, part), "conditions", condition,
            std::string("the constants of ") + name_of(part) + " have no spread in the specification");
  };
  for (const Condition& condition : plan.conditions) {
    if (condition.neurons) check(Varied::kNeurons, condition.name());
    if (condition.learning == Learning::kHeterogeneous) check(Varied::kLearning, condition.name());
    if (condition.delays.value_or(false)) check(Varied::kDelays, condition.name());
  }
}

std::vector<Cell> cells_of(const StudyPlan& plan) {
  std::vector<Cell> cells;
  for (const Condition& condition : plan.conditions)
    for (std::uint64_t w = 0; w < plan.wirings; ++w) cells.push_back({condition, w});
  return cells;
}

std::string duration_text(double seconds) {
  if (seconds < 100) return fmt::format("{:.0f} s", seconds);
  return seconds < 6000 ? fmt::format("{:.0f} min", seconds / 60) : fmt::format("{:.1f} h", seconds / 3600);
}

void print_dry_run(const CellMaker& maker, const std::vector<CellState>& cells, const StudyOptions& options) {
  std::size_t missing = 0;
  const CellState* sample = nullptr;
  for (const CellState& cell : cells) {
    fmt::print("{:<10}{:<36}{}\n", cell.finished ? "finished" : "to run", cell.file.filename().string(),
               cell.cell.condition.described());
    missing += cell.finished ? 0 : 1;
    if (!cell.finished && (sample == nullptr || cell.cell.condition.learning == Learning::kHeterogeneous))
      sample = &cell;
  }
  fmt::print("{} networks, {} to run; {} presentations to learn from, {} stimuli to probe with\n",
             cells.size(), missing, maker.lessons(), maker.probes());
  if (sample == nullptr) return;
  const CellEstimate one =
      estimate(maker.prepare({sample->cell.condition.with(Control::kNone), sample->cell.wiring}, {}));
  const auto threads = static_cast<double>(std::min(options.threads, missing));
  fmt::print("about {} on {} threads, {:.0f} MB, by the first second of {}\n",
             duration_text(one.seconds * static_cast<double>(missing) / threads), threads,
             one.shared_megabytes + one.megabytes * threads, sample->file.filename().string());
}

std::vector<CellRows> read_rows(const std::vector<CellState>& cells, const StudyOptions& options) {
  std::vector<CellRows> rows(cells.size());
  Progress progress("layers", options.quiet);
  std::mutex mutex;
  std::size_t done = 0;
  in_parallel(cells.size(), options.threads, [&](std::size_t c) {
    Interrupt::check();
    rows[c] = read_cell_rows(cells[c].file, options.representation, options.layer_list);
    const std::lock_guard lock(mutex);
    progress.update(static_cast<double>(++done), static_cast<double>(cells.size()));
  });
  return rows;
}

std::vector<PairLayers> score(const std::vector<PairOfCells>& pairs, const std::vector<CellRows>& rows,
                              const StudyOptions& options, std::uint64_t seed) {
  PairDemand demand;
  demand.layers = options.layers;
  demand.rows = {Rows::kRaw};
  if (has_unit_rows(options.representation.activations.code)) demand.rows.push_back(Rows::kUnit);
  if (options.layers.front() != LayerSource::kShared) demand.rows.push_back(Rows::kMatched);
  demand.seed = seed;
  demand.divergence.rtd.batch = options.batch;
  demand.permutations = options.permutations;
  demand.threads = options.threads;
  Progress progress("rtd", options.quiet);
  return score_pairs(pairs, rows, demand, [&](double share) { progress.update(share, 1); });
}

void add_cells(const std::vector<CellState>& cells, const std::vector<CellRows>& rows, std::uint64_t seed,
               StudyReport& report) {
  for (std::size_t c = 0; c < cells.size(); ++c) {
    StudyCellReport& out = *report.add_cell();
    out.set_file(cells[c].file.filename().string());
    out.set_condition(cells[c].cell.condition.name());
    out.set_description(cells[c].cell.condition.described());
    out.set_seed(seed + cells[c].cell.wiring);
    out.set_digest(cells[c].digest);
    fill(rows[c], out);
  }
}

/// What is measured of every network by itself: read-outs and memory.
void add_measures(const std::vector<CellState>& cells, const std::vector<CellRows>& rows,
                  const StudyOptions& options, StudyReport& report) {
  if (!options.read_outs.codes.empty())
    for (StudyAccuracy& row : input_accuracy(options.spikes, rows.front().all.stimuli, options.read_outs)) {
      row.set_source("input");
      *report.add_accuracy() = std::move(row);
    }
  std::vector<std::vector<ScoredReadOut>> tables(cells.size());
  Progress progress("read-outs", options.quiet);
  std::mutex mutex;
  std::size_t done = 0;
  in_parallel(cells.size(), options.threads, [&](std::size_t c) {
    Interrupt::check();
    tables[c] = network_accuracy(cells[c].file, options.read_outs);
    fill_memory(cells[c].file, *report.mutable_cell(static_cast<int>(c)));
    const std::lock_guard lock(mutex);
    progress.update(static_cast<double>(++done), static_cast<double>(cells.size()));
  });
  for (std::size_t c = 0; c < cells.size(); ++c)
    for (ScoredReadOut& scored : tables[c]) {
      scored.row.set_source(report.cell(static_cast<int>(c)).condition());
      scored.row.set_seed(report.cell(static_cast<int>(c)).seed());
      *report.add_accuracy() = scored.row;
    }
  for (StudyPairedTest& test : paired_read_outs(cells, tables)) *report.add_paired_test() = std::move(test);
}

StudyReport report_of(const StudyOptions& options, const StudyPlan& plan, const CellMaker& maker,
                      const std::string& command) {
  StudyReport report;
  report.set_producer(std::string("chronotope ") + CHRONOTOPE_VERSION);
  report.set_command(command);
  report.set_spec(options.spec);
  report.set_spikes(options.spikes);
  report.set_wirings(static_cast<std::uint32_t>(plan.wirings));
  report.set_draws(options.request.draws);
  report.set_lessons(static_cast<std::uint32_t>(maker.lessons()));
  report.set_probes(static_cast<std::uint32_t>(maker.probes()));
  report.set_code(to_string(options.representation.activations.code));
  return report;
}

std::string command_of(const Arguments& arguments) {
  std::string command = "chronotope study";
  for (const std::string& word : arguments) command += " " + word;
  return command;
}

class Study {
 public:
  Study(const po::variables_map& values, const Arguments& arguments)
      : options_(read_study_options(values)), command_(command_of(arguments)) {
    if (options_.preset) {
      make_folder(options_.out);
      encode_preset(*options_.preset, options_.spikes);
    }
    read_network(values, options_, text_);
    require_five_neurons();
    StudyRequest request = options_.request;
    request.conditions = default_conditions(options_, has_spread(text_.message, Varied::kNeurons));
    leave_out_untaught(request);
    plan_ = make_plan(request);
    check_spreads(plan_, text_.message);
  }

  int run() {
    const CellMaker maker(text_, options_.teaching);
    cells_ = cells_of(plan_);
    if (options_.dry_run) {
      print_dry_run(maker, look_at_cells(maker, cells_, options_.out), options_);
      return 0;
    }
    make_folder(options_.out);
    require_outputs_not_read(maker);
    require_memory(proto::decode(text_).network,
                   static_cast<unsigned>(std::min<std::size_t>(options_.threads, cells_.size())));
    const Interrupt interrupt;
    std::vector<CellState> states = look_at_cells(maker, cells_of_shard(), options_.out);
    if (!options_.collect && !run_missing(maker, states)) throw Interrupted{left_over()};
    states = look_at_cells(maker, cells_, options_.out);
    const auto finished =
        std::ranges::count_if(states, [](const CellState& state) { return state.finished; });
    if (static_cast<std::size_t>(finished) == states.size()) return report(maker, states);
    if (options_.collect)
      throw InputError(fmt::format("{}: {} of {} networks are missing", options_.out,
                                   states.size() - finished, states.size()));
    if (!options_.quiet)
      fmt::print("{} of {} networks are finished; --collect compares them when all are\n", finished,
                 states.size());
    return 0;
  }

 private:
  void require_five_neurons() const {
    std::uint64_t neurons = 0;
    for (const Population& population : text_.message.population()) neurons += population.size();
    const bool all_listed = std::all_of(options_.layers.begin(), options_.layers.end(),
                                        [](LayerSource source) { return source == LayerSource::kListed; });
    if (neurons < 5 && !all_listed)
      throw InputError(options_.spec + ": population: " + std::to_string(neurons) +
                       " neurons are not allowed (five layers need at least 5)");
  }

  /// Conditions that the network can not be in are missing with their reasons; the study goes on without.
  void leave_out_untaught(StudyRequest& request) {
    const auto any = std::any_of(request.conditions.begin(), request.conditions.end(),
                                 [](const Condition& c) { return c.is_supervised(); });
    if (!any) return;
    const proto::DecodedSpec spec = proto::decode(text_);
    std::erase_if(request.conditions, [&](const Condition& condition) {
      if (!condition.is_supervised()) return false;
      const std::string reason = why_not_taught(spec, condition);
      if (!reason.empty()) absent_.emplace_back(condition.name(), reason);
      return !reason.empty();
    });
  }

  /// All networks of a wiring are in one shard, because some take the weights of others.
  std::vector<Cell> cells_of_shard() const {
    std::vector<Cell> cells;
    for (const Cell& cell : cells_)
      if (options_.shard.has(cell.wiring)) cells.push_back(cell);
    return cells;
  }
  std::string left_over() const {
    return fmt::format("not all of the {} networks were run; the streams of those that were are in {}",
                       cells_.size(), options_.out);
  }

  /// False when it was interrupted. What other processes run is left to them.
  bool run_missing(const CellMaker& maker, std::vector<CellState>& states) const {
    Progress progress("study", options_.quiet);
    try {
      run_cells(maker, states, options_.threads, options_.quiet, [&](double share, std::size_t cells) {
        progress.update(share, 1, fmt::format("{} networks", cells));
      });
    } catch (const Interrupted&) {  // while a network was built
      return false;
    }
    if (!options_.quiet)
      for (const CellState& state : states)
        if (!state.holder.empty())
          fmt::print("{}: {} runs it\n", state.file.filename().string(), printable(state.holder));
    return !Interrupt::requested();
  }

  int report(const CellMaker& maker, const std::vector<CellState>& states) const {
    const std::vector<CellRows> rows = read_rows(states, options_);
    const std::vector<PairOfCells> pairs = pairs_of(plan_, cells_, options_.maps);
    const std::vector<PairLayers> scores = score(pairs, rows, options_, maker.seed());
    StudyReport report = report_of(options_, plan_, maker, command_);
    const Findings findings{plan_, cells_, scores, maker.seed()};
    if (!scores.empty()) report.set_layers(scores.front().reports[0].a().layering());
    for (const auto& [condition, reason] : absent_) {
      StudyAbsence& absence = *report.add_absence();
      absence.set_condition(condition);
      absence.set_reason(reason);
    }
    add_cells(states, rows, maker.seed(), report);
    add_measures(states, rows, read_out_options(maker), report);
    findings.add_decisions(report);
    findings.add_floors(report);
    findings.add_wiring_tests(report);
    findings.add_scores(report);
    write_study_files(report, options_.out);
    const std::string text = study_text(report);
    proto::Output out((fs::path(options_.out) / kTable).string());
    out.write(text);
    out.commit();
    if (!options_.quiet) fmt::print("{}", text);
    return 0;
  }

  /// The five parts are drawn by the specification's seed, for every network the same.
  StudyOptions read_out_options(const CellMaker& maker) const {
    StudyOptions options = options_;
    options.read_outs.seed = maker.seed();
    return options;
  }

  void require_outputs_not_read(const CellMaker& maker) const {
    std::vector<fs::path> read = maker.base().files;
    read.emplace_back(options_.spec);
    for (const Cell& cell : cells_)
      require_not_read("out", fs::path(options_.out) / (cell.name(maker.seed()) + ".pb"), read);
    for (const std::string& name : study_file_names())
      require_not_read("out", fs::path(options_.out) / name, read);
    require_not_read("out", fs::path(options_.out) / kTable, read);
  }

  StudyOptions options_;
  std::string command_;
  proto::SpecText text_;
  StudyPlan plan_;
  std::vector<Cell> cells_;
  std::vector<std::pair<std::string, std::string>> absent_;  // conditions, and why
};

}  // namespace

int study(const Arguments& arguments) {
  const auto values = parse(study_usage(), arguments);
  if (!values) return 0;
  return Study(*values, arguments).run();
}

}  // namespace chronotope::apps
