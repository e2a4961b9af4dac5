// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/cell_runs.hpp"

#include <algorithm>
#include <mutex>
#include <system_error>

#include "chronotope/apps/cells/cell_lock.hpp"
#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/output/leftovers.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/parallel.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {
namespace {

namespace fs = std::filesystem;

bool takes_weights(const Cell& cell) { return cell.condition.control == Control::kGain; }

/// The stream whose trained weights `state` takes.
fs::path teacher_of(const CellState& state, std::uint64_t seed) {
  if (!takes_weights(state.cell)) return {};
  const Cell teacher{state.cell.condition.with(Control::kNone), state.cell.wiring};
  return state.file.parent_path() / (teacher.name(seed) + ".pb");
}

/// The digest of a finished stream, empty when there is none.
std::string digest_in(const fs::path& file) {
  std::error_code unknown;
  if (!fs::is_regular_file(file, unknown)) return "";
  try {
    return proto::FrameReader(file.string()).header().study().digest();
  } catch (const InputError&) {
    return "";  // something else of this name: it is written anew
  }
}

void look_at(const CellMaker& maker, CellState& state) {
  const fs::path teacher = teacher_of(state, maker.seed());
  if (!teacher.empty() && digest_in(teacher).empty()) return;
  state.digest = maker.prepare(state.cell, teacher).header.digest();
  state.finished = digest_in(state.file) == state.digest;
}

/// Shares of cells, added up.
class Shares {
 public:
  Shares(std::size_t cells, const RunsProgress& progress) : done_(cells, 0), progress_(progress) {}

  void set(std::size_t cell, double share) {
    const std::lock_guard lock(mutex_);
    sum_ += share - done_[cell];
    done_[cell] = share;
    progress_(sum_ / static_cast<double>(done_.size()), done_.size());
  }

 private:
  std::mutex mutex_;
  std::vector<double> done_;
  double sum_ = 0;
  const RunsProgress& progress_;
};

}  // namespace

std::vector<CellState> look_at_cells(const CellMaker& maker, const std::vector<Cell>& cells,
                                     const fs::path& folder) {
  std::vector<CellState> states;
  for (const Cell& cell : cells)
    states.push_back({cell, folder / (cell.name(maker.seed()) + ".pb"), "", false});
  for (CellState& state : states) look_at(maker, state);
  return states;
}

bool run_cells(const CellMaker& maker, std::vector<CellState>& cells, std::size_t threads, bool quiet,
               const RunsProgress& progress) {
  std::vector<CellState*> first;
  std::vector<CellState*> then;
  for (CellState& state : cells)
    if (takes_weights(state.cell))
      then.push_back(&state);
    else if (!state.finished)
      first.push_back(&state);
  Shares shares(std::max<std::size_t>(1, first.size() + then.size()), progress);
  const auto run = [&](CellState& state, std::size_t place) {
    if (Interrupt::requested()) return;
    const fs::path teacher = teacher_of(state, maker.seed());
    if (!teacher.empty() && digest_in(teacher).empty()) return;  // another process runs that
    const PreparedCell prepared = maker.prepare(state.cell, teacher);
    state.digest = prepared.header.digest();
    const CellLock lock(fs::path(state.file).replace_extension(".lock"));
    state.holder = lock.holder();
    if (lock.is_held()) {
      state.finished = digest_in(state.file) == state.digest;
      remove_leftovers(state.file, quiet);
    }
    if (lock.is_held() && !state.finished)
      state.finished = run_cell(prepared, state.file, [&](double share) { shares.set(place, share); });
    shares.set(place, 1);
  };
  in_parallel(first.size(), threads, [&](std::size_t i) { run(*first[i], i); });
  in_parallel(then.size(), threads, [&](std::size_t i) { run(*then[i], first.size() + i); });
  return std::all_of(cells.begin(), cells.end(), [](const CellState& state) { return state.finished; });
}

}  // namespace chronotope::apps
