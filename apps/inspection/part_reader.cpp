// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/inspection/part_reader.hpp"

#include <algorithm>
#include <utility>

#include "chronotope/core/error.hpp"
#include "chronotope/proto/spike_codec.hpp"

namespace chronotope::apps {

PartReader::PartReader(const std::string& path) : frames_(path, proto::FrameReader::Parts::kRead) {
  if (!header().has_part()) throw InputError(name() + ": is no part of a run (simulate --split-output)");
}

void PartReader::refuse(const std::string& what) const {
  throw InputError(name() + ": is not as the other parts are: " + what);
}

const Envelope* PartReader::frame() {
  if (!next_ && !ended_) next_ = frames_.next();
  ended_ = ended_ || !next_;
  return next_ ? &*next_ : nullptr;
}

const events::Spike* PartReader::spike() {
  if (taken_ == spikes_.size()) read_spikes();
  return taken_ < spikes_.size() ? &spikes_[taken_] : nullptr;
}

/// Blocks that follow each other in the order of populations, in one epoch: what comes behind them is later.
void PartReader::read_spikes() {
  spikes_.clear();
  taken_ = 0;
  std::optional<std::uint32_t> population;
  std::int32_t epoch = 0;
  std::vector<proto::PopulationSpike> block;
  for (const Envelope* next = frame(); next != nullptr && next->has_spikes(); next = frame()) {
    const SpikeBlock& spikes = next->spikes();
    if (population && (spikes.population() <= *population || spikes.epoch() != epoch)) break;
    population = spikes.population();
    epoch = spikes.epoch();
    block.clear();
    proto::decode(spikes, header().population(static_cast<int>(*population)).size(), block);
    for (const proto::PopulationSpike& spike : block)
      spikes_.push_back({spike.time, *population, spike.neuron});
    next_.reset();
  }
  std::sort(spikes_.begin(), spikes_.end());
  if (spikes_.empty()) return;
  if (last_ && spikes_.front().time < last_->time) refuse("its spikes are not in the order of time");
  last_ = spikes_.back();
}

Envelope PartReader::take_frame() {
  const Envelope* const next = frame();
  if (next == nullptr) refuse("it ends before they do");
  if (next->has_spikes()) refuse("spikes stand where another frame must be");
  return *std::exchange(next_, std::nullopt);
}

PartSynapses::PartSynapses(PartReader& part, std::uint32_t projection)
    : part_(&part), projection_(projection) {
  if (!read()) part.refuse("synapses of projection " + std::to_string(projection) + " must stand here");
}

bool PartSynapses::read() {
  const Envelope* const next = part_->frame();
  if (next == nullptr || !next->has_synapses() || next->synapses().projection() != projection_) return false;
  chunk_ = std::move(*part_->take_frame().mutable_synapses());
  at_ = 0;
  return true;
}

Duration PartSynapses::delay() const {
  const auto ticks = static_cast<double>(chunk_.delay_ticks(at_));
  return Duration::from_parts(has_epochs() ? chunk_.delay_epochs(at_) : 0, ticks);
}

void PartSynapses::drop() {
  if (++at_ == chunk_.source_size()) read();
}

double PartWeights::take() {
  if (at_ == chunk_.weight_size()) {
    chunk_ = std::move(*part_->take_frame().mutable_weights());
    at_ = 0;
    if (chunk_.projection() != projection_ || chunk_.weight_size() == 0)
      part_->refuse("weights of projection " + std::to_string(projection_) + " must stand here");
  }
  return chunk_.weight(at_++);
}

PartColumn::PartColumn(PartReader& part) : part_(&part) {
  const Envelope* const next = part.frame();
  if (next == nullptr || !next->has_state_column() || next->state_column().first() != 0)
    part.refuse("a column of a state must stand here");
  path_ = next->state_column().path();
  join_ = next->state_column().join();
  size_ = next->state_column().size();
  read();
}

void PartColumn::read() {
  const Envelope envelope = part_->take_frame();
  const StateColumn& chunk = envelope.state_column();
  if (!envelope.has_state_column() || chunk.path() != path_ || chunk.size() != size_ ||
      chunk.first() != read_ || chunk.bytes().size() > size_ - read_ || (chunk.bytes().empty() && size_ > 0))
    part_->refuse("chunks of state " + path_ + " are out of order");
  bytes_ = chunk.bytes();
  at_ = 0;
  read_ += bytes_.size();
}

void PartColumn::take(std::uint64_t count, std::string& to) {
  while (count > 0) {
    if (at_ == bytes_.size()) {
      if (read_ == size_) part_->refuse("state " + path_ + " is cut");
      read();
    }
    const std::uint64_t here = std::min<std::uint64_t>(count, bytes_.size() - at_);
    to.append(bytes_, at_, here);
    at_ += here;
    count -= here;
  }
}

void PartColumn::drop_rest() {
  while (read_ < size_) read();
}

}  // namespace chronotope::apps
