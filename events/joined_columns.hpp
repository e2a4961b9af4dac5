// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/core/part.hpp"
#include "chronotope/core/state.hpp"
#include "chronotope/core/synapse_group.hpp"
#include "chronotope/events/column_join.hpp"
#include "chronotope/events/engine_columns.hpp"

namespace chronotope::events {

/// Which rank's entry is next in a column per synapse of a whole projection: 2 bytes each.
std::vector<std::uint16_t> ranks_of_synapses(const SynapseGroup& projection, const Part& part, bool at_root);

/// Joins the columns of all ranks into those of the whole network, which rank 0 hands on: entries per target one rank
/// after the other, entries per synapse in the order of the whole projection. All ranks write the same columns.
class JoinedColumns final : public EngineColumns {
 public:
  /// `sink` is that of rank 0; nobody else's is written to.
  JoinedColumns(StateSink& sink, const Part& part) : sink_(&sink), part_(part) {}

  void begin(const SynapseGroup& projection) override;
  /// Of what all have, rank 0's.
  void write(const std::string& path, const std::string& bytes) override;
  void write_part(const std::string& path, const std::string& bytes, Per per) override;
  void write_waiting(const std::string& path, const std::vector<Event>& own) override;
  void write_lanes(const std::string& path, const Lane::Progress& own) override;

 private:
  void gather(const std::string& path, const std::string& bytes, Join join);

  StateSink* sink_;
  Part part_;
  std::vector<std::uint16_t> ranks_;
};

/// This rank's part of the columns of a whole network, which every rank reads.
class PartColumns final : public StateSource {
 public:
  PartColumns(StateSource& source, const Part& part) : source_(&source), part_(part) {}

  /// The columns per target that follow have an entry for each of so many neurons.
  void begin(std::uint32_t targets);
  /// The same of a projection, and the columns per synapse are its.
  void begin(const SynapseGroup& projection);

  std::string read(const std::string& path) override { return source_->read(path); }
  std::string read_part(const std::string& path, Per per) override;
  std::optional<EntryRange> own_targets() const override { return own_; }

 private:
  StateSource* source_;
  Part part_;
  std::optional<EntryRange> own_;
  std::vector<std::uint16_t> ranks_;
};

}  // namespace chronotope::events
