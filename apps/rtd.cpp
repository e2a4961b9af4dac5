// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/rtd.hpp"

#include <fmt/core.h>

#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "chronotope/apps/barcode_json.hpp"
#include "chronotope/apps/json.hpp"
#include "chronotope/apps/layer_divergence.hpp"
#include "chronotope/apps/options.hpp"
#include "chronotope/apps/progress.hpp"
#include "chronotope/apps/table_file.hpp"
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
      "  chronotope rtd heterogeneous.pb homogeneous.pb\n"
      "  chronotope rtd a.csv b.csv --variant symmetric --metric cosine\n"
      "  chronotope rtd a.csv b.csv --variant mtop-div --batch 100 --reference-batch 1000\n"
      "  chronotope rtd a.csv b.csv --dims 2 --batch 100\n";
  usage.positional = {"A", "B"};
  usage.options.add_options()  //
      ("batch", po::value<std::int64_t>()->default_value(500),
       "objects per trial; --variant lite takes all unless a batch is given")                          //
      ("trials", po::value<std::int64_t>()->default_value(10), "random batches; one when batch >= n")  //
      ("seed", po::value<std::uint32_t>()->default_value(0), "of the batches, as numpy.random.seed")   //
      ("threads", po::value<std::int64_t>()->default_value(0), "0: one per core; changes no bit")      //
      ("variant", po::value<std::string>()->default_value("min"),
       "min (RTD), max, symmetric (SRTD), lite (RTD-Lite) or mtop-div (MTop-Div of clouds whose rows do not "
       "correspond)")  //
      ("dims", po::value<std::int64_t>()->default_value(1),
       "the degree whose bars are added up, 1 or 2; degree 2 lists all triangles: take a --batch of 100 to "
       "200")  //
      ("reference-batch", po::value<std::int64_t>()->default_value(10000),
       "of mtop-div: points per trial of the cloud compared with")  //
      ("metric", po::value<std::string>()->default_value("euclidean"),
       "of point clouds: euclidean, cosine, correlation, hamming")  //
      ("normalize", po::value<std::string>()->default_value("quantile"),
       "each matrix's unit: quantile (of all entries), pairs-quantile, median, mean, none; with --distances "
       "the default "
       "is none")                                                                                  //
      ("quantile", po::value<double>()->default_value(0.9), "of the quantile normalisations")      //
      ("distances", po::bool_switch(), "A and B are distance matrices")                            //
      ("barcodes", po::value<std::string>(), "write the bars of the first trial as JSON")          //
      ("json", po::bool_switch(), "print the result as one JSON object (one a line for streams)")  //
      ("quiet", po::bool_switch(), "no progress");
  return usage;
}

std::size_t count_option(const po::variables_map& values, const std::string& option, std::int64_t least) {
  const auto count = values[option].as<std::int64_t>();
  require(count >= least && count <= 1'000'000'000, option, std::to_string(count),
          "must be from " + std::to_string(least) + " to 1000000000");
  return static_cast<std::size_t>(count);
}

constexpr std::size_t kAllObjects = std::numeric_limits<std::size_t>::max();

template <class Value>
using Name = std::pair<const char*, Value>;

constexpr std::array kVariants{
    Name<RtdVariant>{"min", RtdVariant::kMin}, Name<RtdVariant>{"max", RtdVariant::kMax},
    Name<RtdVariant>{"symmetric", RtdVariant::kSymmetric}, Name<RtdVariant>{"lite", RtdVariant::kLite},
    Name<RtdVariant>{"mtop-div", RtdVariant::kMTopDiv}};
constexpr std::array kNormalisations{Name<Normalisation>{"quantile", Normalisation::kQuantile},
                                     Name<Normalisation>{"pairs-quantile", Normalisation::kQuantileOfPairs},
                                     Name<Normalisation>{"median", Normalisation::kMedian},
                                     Name<Normalisation>{"mean", Normalisation::kMean},
                                     Name<Normalisation>{"none", Normalisation::kNone}};

/// What an option's word stands for.
template <class Value, std::size_t count>
Value named(const po::variables_map& values, const std::string& option,
            const std::array<Name<Value>, count>& names) {
  const auto word = values[option].as<std::string>();
  std::string allowed = "must be one of";
  for (const auto& [name, value] : names) {
    if (word == name) return value;
    allowed += std::string(" ") + name;
  }
  require(false, option, "'" + word + "'", allowed);
  return names[0].second;
}

/// MTop-Div's own defaults; it measures true distances between the points of two clouds.
void set_mtop_div(const po::variables_map& values, RtdOptions& options) {
  if (values["batch"].defaulted()) options.batch = 1000;
  if (values["trials"].defaulted()) options.trials = 20;
  options.reference_batch = count_option(values, "reference-batch", 1);
  require(!values["distances"].as<bool>(), "distances", "together with --variant mtop-div",
          "it needs point clouds");
  require(values["normalize"].defaulted(), "normalize", "together with --variant mtop-div",
          "it normalises nothing");
}

void set_degree(const po::variables_map& values, RtdOptions& options) {
  const bool only_one = options.variant == RtdVariant::kLite || options.variant == RtdVariant::kMTopDiv;
  const auto degree = values["dims"].as<std::int64_t>();
  require(degree >= 1 && degree <= (only_one ? 1 : 2), "dims", std::to_string(degree),
          only_one ? "must be 1 in this variant" : "must be 1 or 2");
  options.degree = static_cast<std::size_t>(degree);
}

RtdOptions make_options(const po::variables_map& values) {
  RtdOptions options;
  options.batch = count_option(values, "batch", 1);
  options.trials = count_option(values, "trials", 1);
  options.threads = count_option(values, "threads", 0);
  options.seed = values["seed"].as<std::uint32_t>();
  options.variant = named(values, "variant", kVariants);
  if (options.variant == RtdVariant::kLite && values["batch"].defaulted()) options.batch = kAllObjects;
  if (options.variant == RtdVariant::kMTopDiv) set_mtop_div(values, options);
  set_degree(values, options);
  options.metric = metric_of(values["metric"].as<std::string>());
  options.normalisation = named(values, "normalize", kNormalisations);
  if (values["distances"].as<bool>() && values["normalize"].defaulted())
    options.normalisation = Normalisation::kNone;
  options.quantile = values["quantile"].as<double>();
  require(options.quantile > 0 && options.quantile <= 1, "quantile", to_string(options.quantile),
          "must lie in (0, 1]");
  return options;
}

RtdResult compare_tables(const po::variables_map& values, const RtdOptions& options,
                         const RtdProgress& progress) {
  const auto a = values["A"].as<std::string>();
  const auto b = values["B"].as<std::string>();
  if (a == "-" && b == "-") throw InputError("only one of A and B can be standard input");
  if (values["distances"].as<bool>()) return rtd(read_distances(a), read_distances(b), options, progress);
  return rtd(read_points(a), read_points(b), options, progress);
}

/// {"ab": [[birth, death], ...], "ba": ...}, null for a bar that never dies.
void write_barcodes(const std::string& path, const CrossBarcodes& barcodes) {
  proto::Output out(path);
  // Field by field: the order of a protobuf map differs from run to run.
  out.write(fmt::format("{{\"ab\":{},\"ba\":{}}}\n", to_json(barcodes.ab), to_json(barcodes.ba)));
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
