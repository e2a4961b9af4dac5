// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/rtd.hpp"

#include <fmt/core.h>
#include <google/protobuf/struct.pb.h>

#include <cmath>
#include <optional>

#include "chronotope/apps/json.hpp"
#include "chronotope/apps/layer_divergence.hpp"
#include "chronotope/apps/options.hpp"
#include "chronotope/apps/progress.hpp"
#include "chronotope/proto/formats/matrix.hpp"
#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/topology/representation.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

Usage make_usage() {
  Usage usage;
  usage.synopsis = "rtd A B [options]";
  usage.summary =
      "Representation topology divergence (RTD) of two representations of the same objects. A and B are "
      "point clouds\n"
      "(CSV or .npy, n rows), distance matrices (--distances), or streams of simulate (then per layer "
      "L1-L5).\n"
      "Scores of different batch sizes can not be compared.";
  usage.examples =
      "  chronotope rtd before.csv after.csv\n"
      "  chronotope rtd a.npy b.npy --batch 200 --trials 20 --json --barcodes bars.json\n"
      "  chronotope rtd heterogeneous.pb homogeneous.pb\n";
  usage.positional = {"A", "B"};
  usage.options.add_options()                                                                          //
      ("batch", po::value<std::int64_t>()->default_value(500), "objects per trial")                    //
      ("trials", po::value<std::int64_t>()->default_value(10), "random batches; one when batch >= n")  //
      ("seed", po::value<std::uint32_t>()->default_value(0), "of the batches, as numpy.random.seed")   //
      ("threads", po::value<std::int64_t>()->default_value(0), "0: one per core; changes no bit")      //
      ("distances", po::bool_switch(), "A and B are distance matrices, used as they are")              //
      ("barcodes", po::value<std::string>(), "write the bars of the first trial as JSON")              //
      ("json", po::bool_switch(), "print the result as one JSON object (one a line for streams)")      //
      ("quiet", po::bool_switch(), "no progress");
  return usage;
}

std::size_t count_option(const po::variables_map& values, const std::string& option, std::int64_t least) {
  const auto count = values[option].as<std::int64_t>();
  require(count >= least && count <= 1'000'000'000, option, std::to_string(count),
          "must be from " + std::to_string(least) + " to 1000000000");
  return static_cast<std::size_t>(count);
}

RtdOptions make_options(const po::variables_map& values) {
  RtdOptions options;
  options.batch = count_option(values, "batch", 1);
  options.trials = count_option(values, "trials", 1);
  options.threads = count_option(values, "threads", 0);
  options.seed = values["seed"].as<std::uint32_t>();
  return options;
}

/// Runs `make` and puts the file's name before what it objects to.
template <class Make>
auto naming(const std::string& path, Make make) {
  try {
    return make(proto::read_matrix(path));
  } catch (const InputError& error) {
    const std::string what = error.what();
    throw what.starts_with(path) ? InputError(what) : InputError(path + ": " + what);
  }
}

RtdResult compare_tables(const po::variables_map& values, const RtdOptions& options,
                         const RtdProgress& progress) {
  const auto a = values["A"].as<std::string>();
  const auto b = values["B"].as<std::string>();
  if (a == "-" && b == "-") throw InputError("only one of A and B can be standard input");
  if (values["distances"].as<bool>()) {
    RtdOptions as_given = options;
    as_given.normalisation = Normalisation::kNone;
    const auto matrix = [](proto::Matrix m) {
      return DistanceMatrix(m.rows, m.columns, std::move(m.values));
    };
    return rtd(naming(a, matrix), naming(b, matrix), as_given, progress);
  }
  const auto cloud = [](proto::Matrix m) { return PointCloud(m.rows, m.columns, std::move(m.values)); };
  return rtd(naming(a, cloud), naming(b, cloud), options, progress);
}

google::protobuf::Value to_value(const Barcode& barcode) {
  google::protobuf::Value bars;
  bars.mutable_list_value();
  for (const Bar& bar : barcode.bars()) {
    auto& pair = *bars.mutable_list_value()->add_values()->mutable_list_value();
    pair.add_values()->set_number_value(bar.birth);
    if (bar.is_finite())
      pair.add_values()->set_number_value(bar.death);
    else
      pair.add_values()->set_null_value(google::protobuf::NULL_VALUE);
  }
  return bars;
}

/// {"ab": [[birth, death], ...], "ba": ...}, null for a bar that never dies.
void write_barcodes(const std::string& path, const CrossBarcodes& barcodes) {
  proto::Output out(path);
  // Field by field: the order of a protobuf map differs from run to run.
  out.write(fmt::format("{{\"ab\":{},\"ba\":{}}}\n", to_json(to_value(barcodes.ab)),
                        to_json(to_value(barcodes.ba))));
  out.commit();
}

void print_report(const RtdReport& report, const RtdOptions& options) {
  const std::string layer = report.layer().empty() ? "" : report.layer() + "  ";
  if (!report.missing().empty()) {
    fmt::print("{}missing: {}\n", layer, report.missing());
    return;
  }
  fmt::print(
      "{}RTD {:.9g}  (A to B {:.9g}, B to A {:.9g})  sd {:.3g}  se {:.3g}  n {}  batch {}  trials {}\n",
      layer, report.rtd(), report.rtd_ab(), report.rtd_ba(), report.sd(), report.se(), report.n(),
      report.batch(), report.trials());
  if (report.n() > options.batch && report.trials() < 2) fmt::print(stderr, "one trial: no standard error\n");
}

int compare_streams(const po::variables_map& values, const RtdOptions& options) {
  if (values.count("barcodes") != 0)
    throw InputError("--barcodes goes with point clouds and distances, not streams");
  const Representation a = read_representation(values["A"].as<std::string>());
  const Representation b = read_representation(values["B"].as<std::string>());
  for (const RtdReport& report : layer_divergence(a, b, options)) {
    if (values["json"].as<bool>())
      fmt::print("{}\n", to_json(report));
    else
      print_report(report, options);
  }
  return 0;
}

bool is_stream(const std::string& path) { return path != "-" && proto::looks_like_stream(path); }

}  // namespace

int rtd(const Arguments& arguments) {
  const auto values = parse(make_usage(), arguments);
  if (!values) return 0;
  const RtdOptions options = make_options(*values);
  if (is_stream((*values)["A"].as<std::string>()) || is_stream((*values)["B"].as<std::string>()))
    return compare_streams(*values, options);

  RtdResult result;
  {
    Progress progress("rtd", (*values)["quiet"].as<bool>());
    result = compare_tables(*values, options, [&](std::size_t done, std::size_t total) {
      progress.update(static_cast<double>(done), static_cast<double>(total));
    });
  }
  if (values->count("barcodes") != 0)
    write_barcodes((*values)["barcodes"].as<std::string>(),
                   result.barcodes.empty() ? CrossBarcodes() : result.barcodes.front());
  const RtdReport report = to_report("", result);
  if ((*values)["json"].as<bool>())
    fmt::print("{}\n", to_json(report));
  else
    print_report(report, options);
  if (result.infinite_bars > 0)
    fmt::print(stderr, "{} bars never die (infinite distances); they count in no score\n",
               result.infinite_bars);
  return 0;
}

}  // namespace chronotope::apps
