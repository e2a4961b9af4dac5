// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/sweep/sweep_cells.hpp"

#include <mutex>
#include <optional>
#include <set>
#include <string_view>

#include "chronotope/apps/cells/cell_lock.hpp"
#include "chronotope/apps/cells/spec_digest.hpp"
#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/output/leftovers.hpp"
#include "chronotope/apps/runs/input_spikes.hpp"
#include "chronotope/apps/sweep/child_process.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/parallel.hpp"
#include "chronotope/proto/spec_assignment.hpp"
#include "chronotope/proto/spec_codec.hpp"

namespace chronotope::apps {
namespace {

namespace fs = std::filesystem;

/// The stream of stimuli that a training's words name.
std::string stimuli_of(const std::vector<std::string>& words) {
  constexpr std::string_view kOption = "--spikes";
  for (std::size_t k = 0; k < words.size(); ++k) {
    if (words[k] == kOption && k + 1 < words.size()) return words[k + 1];
    if (words[k].starts_with(std::string(kOption) + "=")) return words[k].substr(kOption.size() + 1);
  }
  throw InputError("-- train: needs --spikes STREAM");
}

/// The specification of a setting; every cell of it has a seed of its own instead of the one in there.
void read_setting(const SweepRequest& request, std::size_t setting, proto::SpecText& text) {
  proto::read_spec(request.spec, text);
  for (const std::string& change : request.changes) proto::assign(text, change, "--set " + change);
  for (std::size_t k = 0; k < request.plan.paths.size(); ++k) {
    const std::string change = request.plan.assignment(setting, k);
    proto::assign(text, change, request.varied_by + " " + change);
  }
  if (request.verb == "train") hear_spikes(text.message, stimuli_of(request.words));
}

std::string digest_of(const SweepRequest& request, const proto::SpecText& text,
                      const proto::DecodedSpec& decoded) {
  SpecDigest digest;
  digest.add(request.verb);
  for (const std::string& word : request.words) digest.add("\n" + word);
  digest.add_network(text.message);
  digest.add_inputs(decoded);
  return digest.text();
}

/// The words of a verb's call for a cell, from the begin or from where it was left.
class CellCommand {
 public:
  CellCommand(const SweepRequest& request, const SweepCell& cell, const fs::path& folder)
      : request_(request), cell_(cell), growing_(folder / ("cell-" + cell.digest + ".new.pb")) {}

  /// The stream while it grows; another name than the finished one's, because an interrupted run leaves a
  /// whole stream, too.
  const fs::path& growing() const { return growing_; }
  fs::path checkpoint() const { return fs::path(growing_).replace_extension(".ck"); }

  std::vector<std::string> anew() const {
    std::vector<std::string> words{request_.verb, request_.spec};
    words.insert(words.end(), request_.words.begin(), request_.words.end());
    for (const std::string& change : request_.changes) words.insert(words.end(), {"--set", change});
    for (std::size_t k = 0; k < request_.plan.paths.size(); ++k)
      words.insert(words.end(), {"--set", request_.plan.assignment(cell_.setting, k)});
    words.insert(words.end(), {"--seed", std::to_string(cell_.seed), "--out", growing_.string(), "--quiet"});
    if (request_.verb == "train")
      words.insert(words.end(), {"--checkpoint", checkpoint().string(), "--resume"});
    return words;
  }
  /// Nothing when there is nothing to go on from but what anew() looks for itself.
  std::optional<std::vector<std::string>> go_on() const {
    if (request_.verb != "simulate") return std::nullopt;
    if (!fs::exists(growing_) && leftovers_of(growing_).empty()) return std::nullopt;
    return std::vector<std::string>{"simulate", "--resume", growing_.string(), "--quiet"};
  }
  void remove_traces() const {
    std::error_code unimportant;
    fs::remove(growing_, unimportant);
    fs::remove(checkpoint(), unimportant);
    for (const fs::path& left : leftovers_of(growing_)) fs::remove(left, unimportant);
  }

 private:
  const SweepRequest& request_;
  const SweepCell& cell_;
  fs::path growing_;
};

Ending run_verb(const CellCommand& command, const fs::path& log, int lock) {
  if (const auto words = command.go_on()) {
    Ending ending = run_program(*words, log, lock);
    if (ending.code == 0 || Interrupt::requested()) return ending;
  }  // what can not be gone on with is written over
  return run_program(command.anew(), log, lock);
}

/// Counts, from several threads.
class Outcomes {
 public:
  Outcomes(std::size_t cells, const std::function<void(std::size_t, std::size_t)>& progress)
      : cells_(cells), progress_(progress) {}

  void finished() {
    add([](SweepOutcome& all) { ++all.finished; });
  }
  void busy(const std::string& what) {
    add([&](SweepOutcome& all) { all.busy.push_back(what); });
  }
  void failed(const std::string& what) {
    add([&](SweepOutcome& all) { all.failed.push_back(what); });
  }
  void has_no_locks() {
    const std::lock_guard lock(mutex_);
    all_.locks = false;
  }
  const SweepOutcome& all() const { return all_; }

 private:
  template <class Add>
  void add(Add add_to) {
    const std::lock_guard lock(mutex_);
    add_to(all_);
    progress_(++done_, cells_);
  }

  std::mutex mutex_;
  SweepOutcome all_;
  std::size_t done_ = 0;
  std::size_t cells_;
  const std::function<void(std::size_t, std::size_t)>& progress_;
};

void run_cell(const SweepRequest& request, const SweepCell& cell, const fs::path& folder,
              Outcomes& outcomes) {
  const fs::path file = cell.file(folder);
  if (fs::exists(file)) return outcomes.finished();
  const CellLock lock(fs::path(file).replace_extension(".lock"));
  if (!lock.is_held()) return outcomes.busy(file.filename().string() + ": " + lock.holder());
  if (lock.is_shared()) outcomes.has_no_locks();
  if (fs::exists(file)) return outcomes.finished();  // meanwhile
  const CellCommand command(request, cell, folder);
  const Ending ending = run_verb(command, fs::path(file).replace_extension(".log"), lock.descriptor());
  if (Interrupt::requested()) return;
  if (ending.code != 0) return outcomes.failed(file.filename().string() + ": " + ending.message);
  fs::rename(command.growing(), file);
  command.remove_traces();
  outcomes.finished();
}

}  // namespace

fs::path SweepCell::file(const fs::path& folder) const { return folder / ("cell-" + digest + ".pb"); }

std::vector<SweepCell> sweep_cells(const SweepRequest& request) {
  std::vector<SweepCell> cells;
  for (std::size_t setting = 0; setting < request.plan.settings.size(); ++setting) {
    Interrupt::check();
    proto::SpecText text;
    read_setting(request, setting, text);
    const proto::DecodedSpec decoded = proto::decode(text);
    const std::uint64_t first = text.message.seed();
    for (std::uint64_t k = 0; k < request.seeds; ++k) {
      text.message.set_seed(first + k);
      cells.push_back({setting, first + k, digest_of(request, text, decoded)});
    }
  }
  return cells;
}

SweepOutcome run_cells(const SweepRequest& request, const std::vector<SweepCell>& cells, const Shard& shard,
                       const fs::path& folder, std::size_t jobs,
                       const std::function<void(std::size_t, std::size_t)>& progress) {
  std::vector<const SweepCell*> own;
  std::set<std::string> known;  // equal settings are one cell
  for (std::size_t c = 0; c < cells.size(); ++c)
    if (shard.has(c) && known.insert(cells[c].digest).second) own.push_back(&cells[c]);
  Outcomes outcomes(own.size(), progress);
  in_parallel(own.size(), jobs, [&](std::size_t c) {
    if (!Interrupt::requested()) run_cell(request, *own[c], folder, outcomes);
  });
  return outcomes.all();
}

}  // namespace chronotope::apps
