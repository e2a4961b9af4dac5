// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/apps/study/condition.hpp"
#include "chronotope/apps/study/presentation.hpp"
#include "chronotope/apps/study/supervision.hpp"
#include "chronotope/proto/spec_codec.hpp"
#include "chronotope/proto/stream.pb.h"
#include "chronotope/proto/text_spec.hpp"

namespace chronotope::apps {

/// One network of a study: a condition on one wiring. Wiring s adds s to every seed of the specification.
struct Cell {
  Condition condition;
  std::uint64_t wiring = 0;

  std::string name(std::uint64_t seed) const;  ///< MH.order-3, of the specification's seed
};

/// What all networks of a study are shown.
struct Teaching {
  std::size_t passes = 1;        ///< of the stimuli to learn from
  double held_out = 0;           ///< share of the stimuli, the last ones, that are only probed with
  std::size_t memory_steps = 0;  ///< of the random signal after the probe
  bool resets = false;           ///< everything but the weights, at the onset of every stimulus
  SupervisionOptions supervision{};
};

/// A cell that is ready to run.
struct PreparedCell {
  NetworkSpec message;             ///< of a supervised one, as it begins
  std::optional<Lessons> lessons;  ///< of a supervised one
  proto::DecodedSpec spec;
  Time probed;  ///< the end of the probe
  Time end;
  bool resets = false;
  StudyCell header;
};

/// Makes the cells of one study from its specification.
///
/// Every pass of the training presents all stimuli that are marked for it (all when none is marked as a
/// probe, but for those held out) in an order drawn by the seed `order`; the probe presents those marked as
/// probes (or all, or those held out) in the order of the stream, the same for every cell. All networks of
/// one wiring share everything that their conditions do not change; a redraw takes its seed from the wiring's
/// and its number.
class CellMaker {
 public:
  /// `text` outlives this. Throws InputError as proto::decode does, and when there are no stimuli to learn
  /// from or to probe with.
  CellMaker(const proto::SpecText& text, const Teaching& teaching);

  /// `trained` is the finished stream of the cell whose trained mean weights a condition with
  /// Control::kGain takes; unused by others.
  PreparedCell prepare(const Cell& cell, const std::filesystem::path& trained) const;

  const proto::DecodedSpec& base() const { return base_; }
  std::size_t probes() const { return probe_.size(); }
  std::size_t lessons() const { return teaching_.passes * training_.size(); }
  std::uint64_t seed() const { return text_.message.seed(); }

 private:
  NetworkSpec network_of(const Cell& cell, const std::filesystem::path& trained) const;
  Course course_of(const Cell& cell, std::uint64_t order_seed) const;
  Lessons lessons_of(const Cell& cell, const PreparedCell& prepared) const;

  const proto::SpecText& text_;
  Teaching teaching_;
  proto::DecodedSpec base_;
  StimulusSet stimuli_;
  std::vector<std::size_t> training_;
  std::vector<std::size_t> probe_;
};

/// Told what share of a run is done.
using CellProgress = std::function<void(double share)>;

/// Runs a cell and writes its stream: the synapses, a snapshot before anything is learnt, spikes (of a
/// supervised one, which is taught first, those from the probe on), a snapshot after the probe and, when there is a memory signal, one after that. False, and no file, after an
/// interrupt.
bool run_cell(const PreparedCell& cell, const std::filesystem::path& file, const CellProgress& progress);

}  // namespace chronotope::apps
