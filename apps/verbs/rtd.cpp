// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "chronotope/apps/comparison/divergence.hpp"
#include "chronotope/apps/comparison/stream_divergence.hpp"
#include "chronotope/apps/comparison/table_file.hpp"
#include "chronotope/apps/comparison/window_divergence.hpp"
#include "chronotope/apps/options/divergence_options.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/options/representation_options.hpp"
#include "chronotope/apps/options/table_options.hpp"
#include "chronotope/apps/output/barcode_json.hpp"
#include "chronotope/apps/output/divergence_text.hpp"
#include "chronotope/apps/output/json.hpp"
#include "chronotope/apps/output/progress.hpp"
#include "chronotope/apps/runs/heap_pages.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

OptionGroup tables() {
  OptionGroup group = table_options();
  group.options.insert(group.options.begin(), {"distances", Flag(), "A and B are distance matrices"});
  return group;
}

OptionGroup streams() {
  return {
      "Streams",
      {{"pairs", Flag(), "every layer of A with every layer of B"},
       {"against", File{File::Use::kRead, "STREAM"},
        "compare A with this stream at every snapshot of A as it arrives; it must have snapshots at the same "
        "times"}}};
}

OptionGroup output_options() {
  return {"Output",
          {{"barcodes", File{File::Use::kWritten}, "write the bars of the first trial of tables as JSON"},
           {"json", Flag(), "print the result as one JSON object (one a line for streams)"},
           {"quiet", Flag(), "no progress"}}};
}

Usage make_usage() {
  Usage usage;
  usage.synopsis = "rtd A B [options]";
  usage.summary =
      "Representation topology divergence (RTD) of two representations of the same objects. A and B are "
      "point clouds (CSV, .npy or FILE.npz:ARRAY, n rows), distance matrices (--distances), or streams of "
      "simulate (then per layer L1-L5). With --against instead of B, a stream is compared as it arrives, at "
      "each of its snapshots. Scores of different batch sizes can not be compared.";
  usage.examples =
      "  chronotope rtd before.csv after.csv\n"
      "  chronotope rtd a.csv b.csv --header yes --columns 2-\n"
      "  chronotope rtd run.npz:before run.npz:after\n"
      "  chronotope rtd a.npy b.npy --batch 200 --trials 20 --json --barcodes bars.json\n"
      "  chronotope rtd a.csv b.csv --variant symmetric --metric cosine\n"
      "  chronotope rtd a.csv b.csv --variant srtd-lite --normalize pairs-quantile\n"
      "  chronotope rtd a.csv b.csv --variant nts-m --permutations 20\n"
      "  chronotope rtd a.csv b.csv --variant mtop-div --batch 100 --reference-batch 1000\n"
      "  chronotope rtd a.csv b.csv --dims 2 --batch 100\n"
      "  chronotope rtd heterogeneous.pb homogeneous.pb --explain 3 --permutations 20\n"
      "  chronotope rtd heterogeneous.pb homogeneous.pb --code train --metric victor-purpura --layers "
      "shared\n"
      "  chronotope rtd run.pb run.pb --pairs\n"
      "  chronotope simulate net.textproto --snapshot-every 1000 --out - | chronotope rtd --against other.pb "
      "-\n";
  usage.examples +=
      "  chronotope rtd recorded.csv simulated.csv --window 100 --population E --explain 3\n"
      "  chronotope rtd recorded.csv run.pb --window 50 --variant mtop-div --neurons 800 --batch 100\n";
  usage.positional = {"A", "B"};
  usage.last_optional = true;
  usage.groups = {
      sampling_options(), comparison_options(), resampling_options(),           tables(),        streams(),
      window_options(),   activity_options(),   representation_layer_options(), output_options()};
  return usage;
}

template <class Objects>
Divergence compare_tables(const Loaded<Objects>& a, const Loaded<Objects>& b,
                          const DivergenceOptions& options, const topology::RtdProgress& progress) {
  Divergence result = divergence(a.content, b.content, options, {}, progress);
  *result.report.mutable_table_a() = a.table;
  *result.report.mutable_table_b() = b.table;
  return result;
}

Divergence compare_tables(const TableFile& a, const TableFile& b, const po::variables_map& values,
                          const DivergenceOptions& options, const topology::RtdProgress& progress) {
  const proto::TableChoice choice = read_table_choice(values);
  if (values["distances"].as<bool>())
    return compare_tables(read_distances(a, choice), read_distances(b, choice), options, progress);
  return compare_tables(read_points(a, choice), read_points(b, choice), options, progress);
}

/// What goes with windows of activity.
int compare_activity(const po::variables_map& values) {
  for (const OptionGroup& group : {tables(), streams(), representation_layer_options()})
    require_unused(values, group, "no --window");
  for (const char* option : {"phase", "barcodes"}) require_use(values, option, false, "no --window");
  const topology::RowCode code = read_code_options(values).code;
  require(code != topology::RowCode::kPotential, "code", "potential", "needs the stimuli of a stream");
  DivergenceOptions options = read_divergence_options(values, code, false);
  read_resampling_options(values, options);
  return compare_windows(values, options);
}

/// {"ab": [[birth, death], ...], "ba": ...}, null for a bar that never dies.
void write_barcodes(const std::string& path, const topology::CrossBarcodes& barcodes) {
  proto::Output out(path);
  // Field by field: the order of a protobuf map differs from run to run.
  out.write(fmt::format("{{\"ab\":{},\"ba\":{}}}\n", to_json(barcodes.ab), to_json(barcodes.ba)));
  out.commit();
}

int compare_tables(const TableFile& a, const TableFile& b, const po::variables_map& values) {
  for (const OptionGroup& group : {streams(), activity_options(), representation_layer_options()})
    require_unused(values, group, "streams of simulate, not tables");
  require_use(values, "barcodes", text_option(values, "barcodes") != "-",
              "a file: the standard output has the report");
  DivergenceOptions options =
      read_divergence_options(values, topology::RowCode::kCount, values["distances"].as<bool>());
  read_resampling_options(values, options);
  require_use(values, "barcodes", !topology::is_similarity(options.rtd.variant),
              "another --variant: this one has no bars");
  Divergence result;
  {
    Progress progress("rtd", values["quiet"].as<bool>());
    result = compare_tables(a, b, values, options, [&](std::size_t done, std::size_t total) {
      progress.update(static_cast<double>(done), static_cast<double>(total));
    });
  }
  const RtdReport& report = result.report;
  fmt::print("{}", values["json"].as<bool>() ? to_json(report) + "\n" : to_text(report));
  if (report.n() > options.rtd.batch && report.trials() < 2)
    fmt::print(stderr, "one trial: no standard error\n");
  if (report.infinite_bars() > 0)
    fmt::print(stderr, "{:.0f} bars never die (infinite distances); they count in no score\n",
               report.infinite_bars());
  if (values.count("barcodes") != 0) write_barcodes(values["barcodes"].as<std::string>(), result.bars);
  return 0;
}

StreamComparison stream_comparison(const po::variables_map& values) {
  require_unused(values, tables(), "tables, not streams");
  require_use(values, "barcodes", false, "tables, not streams");
  StreamComparison comparison;
  comparison.streams = read_stream_options(values);
  comparison.divergence =
      read_divergence_options(values, comparison.streams.representation.activations.code, false);
  read_resampling_options(values, comparison.divergence);
  comparison.pairs = values["pairs"].as<bool>();
  comparison.json = values["json"].as<bool>();
  return comparison;
}

}  // namespace

int rtd(const Arguments& arguments) {
  prefer_large_heap_pages();
  const auto values = parse(make_usage(), arguments);
  if (!values) return 0;
  const auto a = (*values)["A"].as<std::string>();
  const bool live = values->count("against") != 0;
  if (live == (values->count("B") != 0))
    throw InputError(live ? "--against: excludes B" : "missing B; usage: chronotope rtd A B [options]");
  if (live) {
    require_use(*values, "window", false, "B instead of --against");
    require_use(*values, "pairs", false, "B instead of --against");
    return compare_as_they_arrive(a, (*values)["against"].as<std::string>(), stream_comparison(*values));
  }
  const auto b = (*values)["B"].as<std::string>();
  if (a == "-" && b == "-") throw InputError("only one of A and B can be standard input");
  if (given(*values, "window")) return compare_activity(*values);
  TableFile a_file(a);
  TableFile b_file(b);
  if (proto::looks_like_stream(a_file.file()) || proto::looks_like_stream(b_file.file()))
    return compare_streams(a_file.take(), b_file.take(), stream_comparison(*values));
  return compare_tables(a_file, b_file, *values);
}

}  // namespace chronotope::apps
