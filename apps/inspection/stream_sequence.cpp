// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/inspection/stream_sequence.hpp"

#include <functional>
#include <utility>

#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"

namespace chronotope::apps {

StreamSequence::StreamSequence(std::vector<std::string> paths, StreamCut cut, proto::FrameReader::Parts parts)
    : paths_(std::move(paths)),
      cut_(std::move(cut)),
      open_(1),
      stream_(std::make_unique<proto::FrameReader>(paths_.front(), parts)),
      header_(stream_->header()),
      specification_(header_.spec().SerializeAsString()),
      check_(header_) {}

bool StreamSequence::open_next() {
  if (open_ == paths_.size()) return false;
  stream_ = std::make_unique<proto::FrameReader>(paths_[open_++]);
  cut_.begin_stream();
  listed_again_ = 0;
  require_same_populations();
  has_its_specification_ = stream_->header().spec().SerializeAsString() == specification_;
  return true;
}

void StreamSequence::require_same_populations() const {
  const Header& other = stream_->header();
  const auto told = [](const Header& header, int p) {
    if (p >= header.population_size()) return std::string("nothing");
    const PopulationInfo& info = header.population(p);
    return printable(info.name()) + " of " + std::to_string(info.size());
  };
  for (int p = 0; p < std::max(header_.population_size(), other.population_size()); ++p)
    if (told(header_, p) != told(other, p))
      throw InputError(stream_->name() + ": population " + std::to_string(p) + " is " + told(other, p) +
                       ", in " + paths_.front() + " " + told(header_, p));
}

std::optional<Envelope> StreamSequence::next() {
  for (;;) {
    std::optional<Envelope> envelope = stream_->next();
    if (!envelope) {
      if (paths_.size() == 1 && cut_.is_whole()) frames_ = stream_->frames();
      if (!open_next()) return std::nullopt;
      continue;
    }
    if (auto kept = take(std::move(*envelope))) return kept;
  }
}

std::optional<Envelope> StreamSequence::take(Envelope envelope) {
  const bool is_state = envelope.has_state_column() || envelope.has_state_end();
  if (is_state && !has_its_specification_) return std::nullopt;
  if (envelope.has_summary() && paths_.size() > 1) return std::nullopt;
  auto kept = cut_.keep(std::move(envelope));
  if (!kept || (kept->has_synapses() && !take_synapses(kept->synapses()))) return std::nullopt;
  check(*kept);
  ++frames_;
  return kept;
}

/// Whether they are to be listed: those of a later stream must be the first one's, which are.
bool StreamSequence::take_synapses(const Synapses& chunk) {
  const std::size_t hash = std::hash<std::string>()(chunk.SerializeAsString());
  if (open_ == 1) {
    listed_.push_back(hash);
    return true;
  }
  if (listed_again_ >= listed_.size() || listed_[listed_again_] != hash)
    throw InputError(stream_->name() + ": its synapses are not those of " + paths_.front() +
                     "; --only spikes,stimuli leaves them out");
  ++listed_again_;
  return false;
}

void StreamSequence::check(const Envelope& envelope) {
  if (paths_.size() == 1) return;  // its reader has
  try {
    check_.take(envelope);
  } catch (const InputError& error) {
    throw InputError(stream_->name() + ": does not follow " + paths_[open_ < 2 ? 0 : open_ - 2] + ": " +
                     error.what());
  }
}

}  // namespace chronotope::apps
