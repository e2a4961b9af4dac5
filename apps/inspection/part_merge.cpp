// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/inspection/part_merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <queue>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>

#include "chronotope/apps/inspection/part_reader.hpp"
#include "chronotope/apps/inspection/projection_name.hpp"
#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/output/chunked_frames.hpp"
#include "chronotope/apps/output/progress.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/proto/spike_codec.hpp"

namespace chronotope::apps {
namespace {

using Parts = std::vector<std::unique_ptr<PartReader>>;

std::string rank_of(const PartReader& part) {
  return fmt::format("rank {} of {}", part.part().rank(), part.part().ranks());
}

/// What a part's header has in common with those of the others.
std::string common_header(const PartReader& part) {
  Header header = part.header();
  header.mutable_part()->clear_rank();
  header.mutable_part()->clear_neurons();
  return header.SerializeAsString();
}

/// All neurons are some part's, in the order of ranks.
void require_all_neurons(const Parts& parts) {
  const auto& populations = parts.front()->header().population();
  for (int p = 0; p < populations.size() && !populations[p].is_input(); ++p) {
    std::uint32_t next = 0;
    for (const auto& part : parts) {
      const NeuronPart& own = part->part().neurons(p);
      if (own.first() != next) part->refuse("its neurons do not follow theirs");
      next += own.count();
    }
    if (next != populations[p].size()) parts.back()->refuse("nobody has the last neurons");
  }
}

/// Every rank's part of one run, by rank.
Parts open_parts(const std::vector<std::string>& paths) {
  Parts opened;
  for (const std::string& path : paths) {
    if (path == "-") throw InputError("--merge: reads parts twice, which a pipe can not give");
    opened.push_back(std::make_unique<PartReader>(path));
  }
  const PartReader& first = *opened.front();
  Parts parts(first.part().ranks() <= opened.size() ? first.part().ranks() : opened.size());
  std::map<std::uint32_t, std::string> seen;
  for (auto& part : opened) {
    if (common_header(*part) != common_header(first))
      throw InputError(fmt::format("{}: is of {} of another run than {}, of {}", part->name(), rank_of(*part),
                                   first.name(), rank_of(first)));
    const auto [other, is_new] = seen.emplace(part->part().rank(), part->name());
    if (!is_new)
      throw InputError(fmt::format("{}: is of {}, as {} is", part->name(), rank_of(*part), other->second));
  }
  for (std::uint32_t rank = 0; rank < first.part().ranks(); ++rank)
    if (!seen.contains(rank))
      throw InputError(
          fmt::format("{}: is of {}; the part of rank {} is missing", first.name(), rank_of(first), rank));
  for (auto& part : opened) parts[part->part().rank()] = std::move(part);
  require_all_neurons(parts);
  return parts;
}

/// How many complete states a part has, and whether it is complete itself.
struct Extent {
  std::uint64_t states = 0;
  bool is_complete = false;
};

Extent extent_of(const std::string& path) {
  Extent extent;
  try {
    proto::FrameReader frames(path, proto::FrameReader::Parts::kRead);
    for (auto frame = frames.glance(); frame; frame = frames.glance()) {
      Interrupt::check();
      if (frame->content == Envelope::kStateEnd) ++extent.states;
    }
    extent.is_complete = true;
    return extent;
  } catch (const InputError&) {  // cut: what is before that is looked at
  }
  extent.states = 0;
  try {
    proto::FrameReader frames(path, proto::FrameReader::Parts::kRead);
    for (auto frame = frames.next(); frame; frame = frames.next()) {
      Interrupt::check();
      if (frame->has_state_end()) ++extent.states;
    }
  } catch (const InputError&) {
  }
  return extent;
}

/// A part that was cut, and how many states all have.
struct Cut {
  std::string part;
  std::uint64_t states = std::numeric_limits<std::uint64_t>::max();
};

std::optional<Cut> find_cut(const std::vector<std::string>& paths) {
  Cut cut;
  for (const std::string& path : paths) {
    const Extent extent = extent_of(path);
    if (!extent.is_complete && (cut.part.empty() || extent.states < cut.states)) cut.part = path;
    cut.states = std::min(cut.states, extent.states);
  }
  if (cut.part.empty()) return std::nullopt;
  if (cut.states == 0) throw InputError(cut.part + ": was cut, and there is no snapshot that all parts have");
  return cut;
}

/// Values that come one after the other, handed on by the chunk.
class ChunkedValues {
 public:
  using Write = std::function<void(std::uint32_t first, std::span<const double> values)>;
  explicit ChunkedValues(Write write) : write_(std::move(write)) {}

  void add(double value) {
    values_.push_back(value);
    if (values_.size() == proto::kChunk) end();
  }
  void end() {
    if (values_.empty()) return;
    write_(first_, values_);
    first_ += static_cast<std::uint32_t>(values_.size());
    values_.clear();
  }

 private:
  Write write_;
  std::uint32_t first_ = 0;
  std::vector<double> values_;
};

/// The parts of a run becoming one stream.
class PartMerge {
 public:
  PartMerge(Parts parts, const std::string& out)
      : parts_(std::move(parts)),
        root_(*parts_.front()),
        frames_(out, whole_header(root_.header())),
        spikes_(frames_, static_cast<std::size_t>(root_.header().population_size())),
        state_(std::make_unique<StateFrames>(frames_)) {}

  /// Up to the end of so many states, or of all.
  void write(std::uint64_t states) {
    Progress progress("inspect --merge", false);
    for (std::uint64_t done = 0; done < states && root_next(); done += merge_frame() ? 1 : 0) {
      Interrupt::check();
      if (progress.is_due()) progress.update(bytes_read(), bytes_of_all());
    }
    if (states == std::numeric_limits<std::uint64_t>::max())
      for (const auto& part : parts_)
        if (part->frame() != nullptr) part->refuse("it goes on behind their end");
    frames_.close();
  }
  Time last_snapshot() const { return snapshot_; }

 private:
  static Header whole_header(Header header) {
    header.clear_part();
    return header;
  }
  double bytes_read() const {
    double bytes = 0;
    for (const auto& part : parts_) bytes += static_cast<double>(part->bytes());
    return bytes;
  }
  double bytes_of_all() const {
    double bytes = 0;
    for (const auto& part : parts_) {
      std::error_code unknown;
      bytes += static_cast<double>(std::filesystem::file_size(part->name(), unknown));
    }
    return bytes;
  }

  /// Whether rank 0 has another frame, the spikes before which are written.
  bool root_next() {
    write_spikes();
    return root_.frame() != nullptr;
  }

  /// All spikes that are before the next frame of rank 0, in order.
  void write_spikes() {
    struct Next {
      events::Spike spike;
      std::size_t part;
      bool operator>(const Next& other) const { return other.spike < spike; }
    };
    std::priority_queue<Next, std::vector<Next>, std::greater<>> next;
    const auto queue = [&](std::size_t k) {
      if (const events::Spike* spike = parts_[k]->spike()) next.push({*spike, k});
    };
    for (std::size_t k = 0; k < parts_.size(); ++k) queue(k);
    while (!next.empty() &&
           (root_.spike() != nullptr || next.top().spike.time < time_of_own(root_.frame()))) {
      const Next first = next.top();
      next.pop();
      spikes_.write(first.spike.population, first.spike.time, first.spike.neuron);
      parts_[first.part]->drop_spike();
      queue(first.part);
    }
  }
  /// When a frame was written that rank 0 alone has; never() of what is at one place of all parts.
  static Time time_of_own(const Envelope* frame) {
    if (frame != nullptr && frame->has_weight_sample()) return proto::decode(frame->weight_sample().time());
    if (frame != nullptr && frame->has_recording()) return proto::decode(frame->recording().time());
    return Time::never();
  }

  /// True when it ends a state.
  bool merge_frame();
  void merge_equal();
  void merge_synapses();
  void merge_snapshot();
  void merge_neurons(std::uint32_t population);
  void merge_weights(std::uint32_t projection);
  void merge_stimulus_potentials();
  template <class Chunk, class IsOfIt>
  void merge_potentials(const Chunk& like, Chunk* (Envelope::*chunk_of)(), IsOfIt is_of_it);
  void merge_column();
  void end_state();
  void merge_summary();
  std::span<const std::uint16_t> ranks_of(const std::string& column) const;

  Parts parts_;
  PartReader& root_;
  proto::FrameWriter frames_;
  proto::SpikeWriter spikes_;
  std::unique_ptr<StateFrames> state_;                         // the present one
  std::map<std::uint32_t, std::vector<std::uint16_t>> ranks_;  // by projection: whose synapse is next
  Time snapshot_;
};

bool PartMerge::merge_frame() {
  switch (root_.frame()->content_case()) {
    case Envelope::kStimulus:
      merge_equal();
      return false;
    case Envelope::kSynapses:
      merge_synapses();
      return false;
    case Envelope::kSnapshot:
      merge_snapshot();
      return false;
    case Envelope::kPotentials:
      merge_stimulus_potentials();
      return false;
    case Envelope::kStateColumn:
      merge_column();
      return false;
    case Envelope::kStateEnd:
      end_state();
      return true;
    case Envelope::kWeightSample:
    case Envelope::kRecording:
      spikes_.flush();
      frames_.write(root_.take_frame());
      return false;
    case Envelope::kSummary:
      merge_summary();
      return false;
    default:
      root_.refuse("a frame that no part of a run has");
  }
}

/// What all parts hold alike.
void PartMerge::merge_equal() {
  const Envelope frame = root_.take_frame();
  const std::string bytes = frame.SerializeAsString();
  for (std::size_t k = 1; k < parts_.size(); ++k)
    if (parts_[k]->take_frame().SerializeAsString() != bytes) parts_[k]->refuse("another stimulus");
  frames_.write(frame);
}

/// Of a source's synapses those with the shortest delay are first, and of these those of the lowest rank.
void PartMerge::merge_synapses() {
  const std::uint32_t projection = root_.frame()->synapses().projection();
  std::vector<PartSynapses> rows;
  for (const auto& part : parts_) rows.emplace_back(*part, projection);
  Synapses begin = rows.front().chunk();
  begin.clear_source();
  begin.clear_target();
  begin.clear_delay_ticks();
  begin.clear_delay_epochs();
  SynapseFrames frames(frames_, begin, std::ranges::any_of(rows, &PartSynapses::has_epochs));
  using Next = std::tuple<std::uint32_t, Duration, std::size_t>;  // source, delay, rank
  std::priority_queue<Next, std::vector<Next>, std::greater<>> next;
  const auto queue = [&](std::size_t rank) {
    if (!rows[rank].ended()) next.emplace(rows[rank].source(), rows[rank].delay(), rank);
  };
  for (std::size_t rank = 0; rank < rows.size(); ++rank) queue(rank);
  std::vector<std::uint16_t>& ranks = ranks_[projection];
  while (!next.empty()) {
    const auto [source, delay, rank] = next.top();
    next.pop();
    PartSynapses& row = rows[rank];
    for (; !row.ended() && row.source() == source && row.delay() == delay; row.drop()) {
      frames.add(source, row.target(), delay);
      ranks.push_back(static_cast<std::uint16_t>(rank));
    }
    queue(rank);
  }
  frames.end();
}

void PartMerge::merge_snapshot() {
  spikes_.flush();
  Envelope begin;
  for (const auto& part : parts_) {
    const Envelope frame = part->take_frame();
    const Snapshot& own = frame.snapshot();
    Snapshot& whole = *begin.mutable_snapshot();
    if (!frame.has_snapshot()) part->refuse("a snapshot must stand here");
    if (part.get() == &root_) snapshot_ = proto::decode(own.time());
    if (proto::decode(own.time()) != snapshot_)
      part->refuse(fmt::format("its snapshot at {} ms is at {} ms in {}", to_text(proto::decode(own.time())),
                               to_text(snapshot_), root_.name()));
    *whole.mutable_time() = own.time();
    whole.set_synapses(whole.synapses() + own.synapses());
  }
  frames_.write(begin);
  const auto& populations = root_.header().population();
  for (int p = 0; p < populations.size() && !populations[p].is_input(); ++p)
    merge_neurons(static_cast<std::uint32_t>(p));
  for (const auto& [projection, ranks] : ranks_) merge_weights(projection);
  state_ = std::make_unique<StateFrames>(frames_);
}

/// V of neurons, the frames of one part after those of the other: those that stand next and that is_of_it(chunk) knows.
/// `like` is such a chunk without neurons, chunk_of(frame) a frame's.
template <class Chunk, class IsOfIt>
void PartMerge::merge_potentials(const Chunk& like, Chunk* (Envelope::*chunk_of)(), IsOfIt is_of_it) {
  ChunkedValues whole([&](std::uint32_t first, std::span<const double> V) {
    Envelope envelope;
    Chunk& chunk = *(envelope.*chunk_of)();
    chunk = like;
    chunk.set_first(first);
    chunk.mutable_v_m()->Add(V.begin(), V.end());
    frames_.write(envelope);
  });
  for (const auto& part : parts_)
    for (const Envelope* next = part->frame(); next != nullptr && is_of_it(*next); next = part->frame()) {
      Envelope frame = part->take_frame();
      for (const double V : (frame.*chunk_of)()->v_m()) whole.add(V);
    }
  whole.end();
}

void PartMerge::merge_neurons(std::uint32_t population) {
  NeuronStates like;
  like.set_population(population);
  merge_potentials(like, &Envelope::mutable_neurons, [&](const Envelope& next) {
    return next.has_neurons() && next.neurons().population() == population;
  });
}

void PartMerge::merge_weights(std::uint32_t projection) {
  std::vector<PartWeights> weights;
  for (const auto& part : parts_) weights.emplace_back(*part, projection);
  WeightFrames frames(frames_, projection);
  for (const std::uint16_t rank : ranks_[projection]) frames.add(weights[rank].take());
  frames.end();
}

/// Those of one population at the end of one stimulus, of which every part has a frame.
void PartMerge::merge_stimulus_potentials() {
  StimulusPotentials like;
  like.set_stimulus(root_.frame()->potentials().stimulus());
  like.set_population(root_.frame()->potentials().population());
  const auto is_of_it = [&](const Envelope& next) {
    return next.has_potentials() && next.potentials().stimulus() == like.stimulus() &&
           next.potentials().population() == like.population();
  };
  for (const auto& part : parts_)
    if (part->frame() == nullptr || !is_of_it(*part->frame())) part->refuse("potentials must stand here");
  merge_potentials(like, &Envelope::mutable_potentials, is_of_it);
}

void PartMerge::merge_column() {
  PartColumn first(root_);
  std::vector<std::unique_ptr<PartColumn>> others;
  for (std::size_t k = 1; k < parts_.size() && first.join() != OF_RANK_0; ++k) {
    others.push_back(std::make_unique<PartColumn>(*parts_[k]));
    if (others.back()->path() != first.path() || others.back()->join() != first.join())
      parts_[k]->refuse("state " + others.back()->path() + " stands where " + first.path() + " must be");
  }
  std::vector<events::ColumnBytes*> columns{&first};
  for (const auto& other : others) columns.push_back(other.get());
  try {
    events::join_column(static_cast<events::Join>(first.join()), columns, ranks_of(first.path()),
                        {[&](std::uint64_t size) { state_->begin(first.path(), size); },
                         [&](std::string_view bytes) { state_->add(bytes); }});
  } catch (const InputError& error) {
    throw InputError(root_.name() + ": state " + first.path() + ": " + error.what());
  }
  first.drop_rest();
  for (const auto& other : others) other->drop_rest();
}

/// Of the projection whose column it is, "projection 3/weights".
std::span<const std::uint16_t> PartMerge::ranks_of(const std::string& column) const {
  const auto number = projection_of_column(column);
  const auto found = number ? ranks_.find(*number) : ranks_.end();
  return found == ranks_.end() ? std::span<const std::uint16_t>() : found->second;
}

void PartMerge::end_state() {
  const bool at_end = root_.frame()->state_end().at_end();
  for (const auto& part : parts_) {
    const Envelope frame = part->take_frame();
    if (!frame.has_state_end() || frame.state_end().at_end() != at_end)
      part->refuse("the state must end here");
  }
  state_->end(at_end);
}

void PartMerge::merge_summary() {
  spikes_.flush();
  frames_.write(root_.take_frame());
  for (std::size_t k = 1; k < parts_.size(); ++k)
    if (!parts_[k]->take_frame().has_summary()) parts_[k]->refuse("a summary must stand here");
}

}  // namespace

std::optional<CutMerge> merge_parts(const std::vector<std::string>& paths, const std::string& out) {
  Parts parts = open_parts(paths);
  const std::optional<Cut> cut = find_cut(paths);
  const Interrupt interrupt;
  PartMerge merge(std::move(parts), out);
  merge.write(cut ? cut->states : Cut().states);
  if (!cut) return std::nullopt;
  return CutMerge{cut->part, merge.last_snapshot()};
}

}  // namespace chronotope::apps
