// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/program_options.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/apps/options/option.hpp"
#include "chronotope/apps/output/output_failures.hpp"
#include "chronotope/apps/output/simulation_stream.hpp"
#include "chronotope/apps/runs/run_record.hpp"
#include "chronotope/core/network_description.hpp"
#include "chronotope/events/engine.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {

/// Records weights and their histograms at chosen times of a run, into CSV files and the stream. Reading
/// changes no bit of the run. Of an engine that is one of several all ranks record at once, and rank 0 writes. Cost: each
/// time the engine settles its plastic synapses, then one row per recorded synapse; where ranks share the network, all
/// synapses of a projection of which some are recorded.
class WeightRecorder {
 public:
  /// --weights, --weights-every, --weights-at, --weights-of, --histogram and --histograms.
  static OptionGroup options();

  /// What the options ask for, null when no time is chosen. Throws InputError, FieldError. Opens no file.
  static std::unique_ptr<WeightRecorder> make(const boost::program_options::variables_map& values,
                                              const NetworkDescription& network);

  /// The same of a run that goes on, at its folder.
  static std::unique_ptr<WeightRecorder> make(const RunRecord& record, const std::filesystem::path& folder,
                                              const NetworkDescription& network);

  /// Its options as they were given.
  const std::vector<GivenOption>& given_options() const { return given_; }

  /// Checks the synapses that were chosen, and opens the CSV files. The first time to record is not before the
  /// engine's.
  void open(const events::Engine& engine);
  /// Goes on with those that a killed run left.
  void go_on(const events::Engine& engine, const RunRecord& record);
  /// Puts into `record` how far they have come, on the disk.
  void sync(RunRecord& record, OutputFailures& failures);
  /// The next time to record, in order; never when there is none left.
  Time next() const;
  /// Requires: the engine is at next(). A file or stream that can not be written is given up.
  void record(events::Engine& engine, std::unique_ptr<SimulationStream>& stream, OutputFailures& failures);
  /// Gives the files their names.
  void close(OutputFailures& failures);

 private:
  /// A range of synapses [first, last) of a projection.
  struct Selection {
    std::uint32_t projection = 0;
    std::uint64_t first = 0;
    std::optional<std::uint64_t> last{};  // when not given all, which open() finds
  };
  struct Bins {
    double low = 0;
    double high = 1;
    std::uint32_t count = 0;  // 0: no histogram
  };

  WeightRecorder(const boost::program_options::variables_map& values, const NetworkDescription& network);
  static Bins parse_bins(const std::string& text);
  void check_selections(const events::Engine& engine);
  void select(const std::string& text);
  void record(const Selection& selection, events::Engine& engine, std::unique_ptr<SimulationStream>& stream,
              OutputFailures& failures);
  WeightSample sample(const Selection& selection, const events::Engine& engine, OutputFailures& failures);
  void add_histogram(WeightSample& sample) const;
  void write_histogram(const WeightSample& sample);

  const NetworkDescription& network_;
  std::optional<Duration> every_;
  std::vector<Time> times_;
  std::vector<GivenOption> given_;
  std::vector<Selection> selections_;
  Bins bins_;
  std::string rows_path_;
  std::string histograms_path_;
  std::unique_ptr<proto::Output> rows_;
  std::unique_ptr<proto::Output> histograms_;
  std::uint64_t recorded_ = 0;
};

}  // namespace chronotope::apps
