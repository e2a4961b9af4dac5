// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chronotope/core/part.hpp"
#include "chronotope/events/column_join.hpp"
#include "chronotope/events/engine_columns.hpp"

namespace chronotope::events {

/// Where columns go to that are joined later.
class PartSink {
 public:
  virtual ~PartSink() = default;
  virtual void write(const std::string& path, const std::string& bytes, Join join) = 0;
};

/// The columns of one part as it has them: nobody waits for another rank, and nothing is gathered. What all have is
/// that of rank 0.
class OwnColumns final : public EngineColumns {
 public:
  OwnColumns(PartSink& sink, const Part& part) : sink_(&sink), is_root_(part.is_root()) {}

  void begin(const SynapseGroup&) override {}
  void write(const std::string& path, const std::string& bytes) override {
    if (is_root_) sink_->write(path, bytes, Join::kOfRank0);
  }
  void write_part(const std::string& path, const std::string& bytes, Per per) override {
    if (per == Per::kRun) return write(path, bytes);
    sink_->write(path, bytes, join_of(per));
  }
  void write_waiting(const std::string& path, const std::vector<Event>& own) override {
    write_value(path, own, Join::kOfWaiting);
  }
  void write_lanes(const std::string& path, const Lane::Progress& own) override {
    write_value(path, own, Join::kOfLanes);
  }

 private:
  template <class T>
  void write_value(const std::string& path, const T& value, Join join) {
    std::string bytes;
    Packer{bytes}(value);
    sink_->write(path, bytes, join);
  }

  PartSink* sink_;
  bool is_root_;
};

}  // namespace chronotope::events
