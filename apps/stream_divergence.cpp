// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/stream_divergence.hpp"

#include <fmt/core.h>

#include <optional>
#include <utility>

#include "chronotope/apps/divergence_text.hpp"
#include "chronotope/apps/json.hpp"
#include "chronotope/apps/standard_output.hpp"
#include "chronotope/core/printable.hpp"

namespace chronotope::apps {
namespace {

GivenLayers listed(const std::string& table, const Header& header) {
  return {read_layering(table, header), table};
}

void print_pairs(const Representation& a, const Representation& b, const StreamComparison& comparison) {
  std::array<std::array<RtdReport, kLayers>, kLayers> pairs;
  for (std::size_t i = 0; i < kLayers; ++i)
    for (std::size_t j = 0; j < kLayers; ++j) {
      pairs[i][j] = layer_divergence(a, i, b, j, comparison.divergence).report;
      if (comparison.json) fmt::print("{}\n", to_json(pairs[i][j]));
    }
  if (!comparison.json) fmt::print("{}", to_text(pairs));
}

/// One row per snapshot: the time, the number of stimuli, the five scores, what is missing and why.
class SnapshotTable {
 public:
  SnapshotTable() {
    fmt::print("{:>14}  {:>7}", "time ms", "stimuli");
    for (std::size_t l = 1; l <= kLayers; ++l) fmt::print("  {:>10}", fmt::format("L{}", l));
    fmt::print("\n");
  }

  void print(Time time, const std::array<RtdReport, kLayers>& reports) const {
    std::string missing;
    std::uint32_t stimuli = 0;
    std::string scores;
    for (const RtdReport& report : reports) {
      stimuli = static_cast<std::uint32_t>(report.a().stimulus_size());
      if (report.missing().empty()) {
        scores += fmt::format("  {:>10.6g}", report.rtd());
      } else {
        scores += fmt::format("  {:>10}", "-");
        missing += fmt::format("  {}: {}", printable(report.layer()), printable(report.missing()));
      }
    }
    fmt::print("{:>14.10g}  {:>7}{}{}\n", time.to_ms(), stimuli, scores, missing);
  }

  void print_empty(Time time) const { fmt::print("{:>14.10g}  {:>7}\n", time.to_ms(), 0); }
};

/// Moves `reader` on to its snapshot at `time`.
void move_to(SnapshotReader& reader, Time time, bool& begun) {
  while (!begun || reader.time() < time) {
    if (!reader.next())
      throw InputError(reader.name() + ": has no snapshot at " + to_text(time) + " ms or later");
    begun = true;
  }
  if (reader.time() != time)
    throw InputError(reader.name() + ": has no snapshot at " + to_text(time) + " ms; the next is at " +
                     to_text(reader.time()) + " ms");
}

/// The layers of A and of B at their snapshots.
class SnapshotLayers {
 public:
  SnapshotLayers(const StreamOptions& options, const SnapshotReader& a, const SnapshotReader& b)
      : options_(options), a_(options.representation), b_(options.representation) {
    if (options.layers != LayerSource::kListed) return;
    a_.layers = listed(options.layer_list, a.header());
    b_.layers = listed(options.layer_list, b.header());
  }

  /// Must be told of A's first snapshot.
  void see_first(const SnapshotReader& a) {
    if (options_.layers == LayerSource::kInitial && !a_.layers)
      a_.layers = GivenLayers{own_layering(a, options_.representation.layering),
                              "of the first snapshot of " + a.name()};
  }
  Representation of_a(SnapshotReader& reader) const { return representation_at(reader, a_); }
  Representation of_b(SnapshotReader& reader, const Representation& a) {
    if (options_.layers == LayerSource::kShared) b_.layers = GivenLayers{a.layering, "of " + a.name};
    if (options_.layers == LayerSource::kInitial) b_.layers = GivenLayers{a.layering, a.layering_source};
    return representation_at(reader, b_);
  }

 private:
  const StreamOptions& options_;
  RepresentationOptions a_;
  RepresentationOptions b_;
};

}  // namespace

int compare_streams(std::unique_ptr<proto::InputFile> a_file, std::unique_ptr<proto::InputFile> b_file,
                    const StreamComparison& comparison) {
  const RepresentationOptions& options = comparison.streams.representation;
  SnapshotReader a_reader(std::move(a_file), options.activations, options.presentations);
  SnapshotReader b_reader(std::move(b_file), options.activations, options.presentations);
  SnapshotLayers layers(comparison.streams, a_reader, b_reader);
  read_first(a_reader);
  layers.see_first(a_reader);
  read_to_end(a_reader);
  const Representation a = layers.of_a(a_reader);
  read_first(b_reader);
  read_to_end(b_reader);
  const Representation b = layers.of_b(b_reader, a);
  check_comparable(a.layers[0], b.layers[0]);
  if (!comparison.json) fmt::print("{}{}", described("A", a), described("B", b));
  if (comparison.pairs) {
    print_pairs(a, b, comparison);
    return 0;
  }
  for (const RtdReport& report : layer_divergence(a, b, comparison.divergence))
    fmt::print("{}", comparison.json ? to_json(report) + "\n" : to_text(report));
  return 0;
}

int compare_as_they_arrive(const std::string& a_path, const std::string& b_path,
                           const StreamComparison& comparison) {
  if (a_path == "-" && b_path == "-") throw InputError("only one of the two streams can be standard input");
  const StreamOptions& options = comparison.streams;
  SnapshotReader a(a_path, options.representation.activations, options.representation.presentations);
  SnapshotReader b(b_path, options.representation.activations, options.representation.presentations);
  SnapshotLayers layers(options, a, b);
  std::optional<SnapshotTable> table;
  if (!comparison.json) table.emplace();
  bool begun = false;
  while (a.next()) {
    move_to(b, a.time(), begun);
    layers.see_first(a);
    if (a.ended() == 0 && b.ended() == 0) {
      if (table) table->print_empty(a.time());
    } else {
      const Representation of_a = layers.of_a(a);
      const auto reports = layer_divergence(of_a, layers.of_b(b, of_a), comparison.divergence);
      if (table) table->print(a.time(), reports);
      for (const RtdReport& report : reports)
        if (comparison.json) fmt::print("{}\n", to_json(report));
    }
    flush_standard_output();
  }
  if (!begun) throw InputError(a.name() + ": the stream has no snapshot with weights");
  read_to_end(b);
  return 0;
}

}  // namespace chronotope::apps
