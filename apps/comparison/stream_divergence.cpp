// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/comparison/stream_divergence.hpp"

#include <fmt/core.h>

#include <optional>
#include <utility>

#include "chronotope/apps/output/divergence_text.hpp"
#include "chronotope/apps/output/json.hpp"
#include "chronotope/apps/output/standard_output.hpp"
#include "chronotope/core/printable.hpp"

namespace chronotope::apps {
namespace {

topology::GivenLayers listed(const std::string& table, const Header& header) {
  return {topology::read_layering(table, header), table};
}

void print_pairs(const topology::Representation& a, const topology::Representation& b,
                 const StreamComparison& comparison) {
  std::array<std::array<RtdReport, topology::kLayers>, topology::kLayers> pairs;
  for (std::size_t i = 0; i < topology::kLayers; ++i)
    for (std::size_t j = 0; j < topology::kLayers; ++j) {
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
    for (std::size_t l = 1; l <= topology::kLayers; ++l) fmt::print("  {:>10}", fmt::format("L{}", l));
    fmt::print("\n");
  }

  void print(Time time, const std::array<RtdReport, topology::kLayers>& reports) const {
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
void move_to(topology::SnapshotReader& reader, Time time, bool& begun) {
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
  SnapshotLayers(const StreamOptions& options, const topology::SnapshotReader& a,
                 const topology::SnapshotReader& b)
      : options_(options), a_(options.representation), b_(options.representation) {
    if (options.layers != LayerSource::kListed) return;
    a_.layers = listed(options.layer_list, a.header());
    b_.layers = listed(options.layer_list, b.header());
  }

  /// Must be told of A's first snapshot.
  void see_first(const topology::SnapshotReader& a) {
    if (options_.layers == LayerSource::kInitial && !a_.layers)
      a_.layers = topology::GivenLayers{topology::own_layering(a, options_.representation.layering),
                                        "of the first snapshot of " + a.name()};
  }
  topology::Representation of_a(topology::SnapshotReader& reader) const {
    return topology::representation_at(reader, a_);
  }
  topology::Representation of_b(topology::SnapshotReader& reader, const topology::Representation& a) {
    if (options_.layers == LayerSource::kShared)
      b_.layers = topology::GivenLayers{a.layering, "of " + a.name};
    if (options_.layers == LayerSource::kInitial)
      b_.layers = topology::GivenLayers{a.layering, a.layering_source};
    return topology::representation_at(reader, b_);
  }

 private:
  const StreamOptions& options_;
  topology::RepresentationOptions a_;
  topology::RepresentationOptions b_;
};

}  // namespace

int compare_streams(std::unique_ptr<proto::InputFile> a_file, std::unique_ptr<proto::InputFile> b_file,
                    const StreamComparison& comparison) {
  const topology::RepresentationOptions& options = comparison.streams.representation;
  topology::SnapshotReader a_reader(std::move(a_file), options.activations, options.presentations);
  topology::SnapshotReader b_reader(std::move(b_file), options.activations, options.presentations);
  SnapshotLayers layers(comparison.streams, a_reader, b_reader);
  topology::read_first(a_reader);
  layers.see_first(a_reader);
  topology::read_to_end(a_reader);
  const topology::Representation a = layers.of_a(a_reader);
  topology::read_first(b_reader);
  topology::read_to_end(b_reader);
  const topology::Representation b = layers.of_b(b_reader, a);
  topology::check_comparable(a.layers[0], b.layers[0]);
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
  topology::SnapshotReader a(a_path, options.representation.activations,
                             options.representation.presentations);
  topology::SnapshotReader b(b_path, options.representation.activations,
                             options.representation.presentations);
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
      const topology::Representation of_a = layers.of_a(a);
      const auto reports = layer_divergence(of_a, layers.of_b(b, of_a), comparison.divergence);
      if (table) table->print(a.time(), reports);
      for (const RtdReport& report : reports)
        if (comparison.json) fmt::print("{}\n", to_json(report));
    }
    flush_standard_output();
  }
  if (!begun) throw InputError(a.name() + ": the stream has no snapshot with weights");
  topology::read_to_end(b);
  return 0;
}

}  // namespace chronotope::apps
