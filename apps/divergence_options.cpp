// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/divergence_options.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>

#include "chronotope/apps/named_option.hpp"
#include "chronotope/topology/distances/metric.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

using topology::Normalisation;
using topology::RtdOptions;
using topology::RtdVariant;

constexpr std::int64_t kMostResamples = 10'000'000;  // whose scores are kept
constexpr std::size_t kAllObjects = std::numeric_limits<std::size_t>::max();

constexpr std::array kVariants{
    Name<RtdVariant>{"min", RtdVariant::kMin}, Name<RtdVariant>{"max", RtdVariant::kMax},
    Name<RtdVariant>{"symmetric", RtdVariant::kSymmetric}, Name<RtdVariant>{"lite", RtdVariant::kLite},
    Name<RtdVariant>{"mtop-div", RtdVariant::kMTopDiv}};
constexpr std::array kNormalisations{Name<Normalisation>{"quantile", Normalisation::kQuantile},
                                     Name<Normalisation>{"pairs-quantile", Normalisation::kQuantileOfPairs},
                                     Name<Normalisation>{"median", Normalisation::kMedian},
                                     Name<Normalisation>{"mean", Normalisation::kMean},
                                     Name<Normalisation>{"none", Normalisation::kNone}};

double positive_option(const po::variables_map& values, const std::string& option) {
  const double value = values[option].as<double>();
  require(value > 0 && std::isfinite(value), option, to_string(value), "must be > 0 and finite");
  return value;
}

topology::SpikeTrainMetric read_train_metric(const po::variables_map& values) {
  topology::SpikeTrainMetric metric;
  if (!values["metric"].defaulted())
    metric.kind = topology::spike_train_metric_of(values["metric"].as<std::string>());
  if (values.count("tau") != 0) metric.tau = positive_option(values, "tau");
  const bool default_metric = values["metric"].defaulted();
  const auto word = values["metric"].as<std::string>();
  require_use(values, "tau", default_metric || word == "van-rossum", "--code trace or --metric van-rossum");
  metric.q = values["q"].as<double>();
  require(metric.q >= 0 && std::isfinite(metric.q), "q", to_string(metric.q), "must be >= 0 and finite");
  require_use(values, "q", word == "victor-purpura", "--metric victor-purpura");
  metric.pooled = values["pooled"].as<bool>();
  return metric;
}

/// MTop-Div's own defaults; it measures true distances between the points of two clouds.
void set_mtop_div(const po::variables_map& values, bool clouds, RtdOptions& options) {
  if (values["batch"].defaulted()) options.batch = 1000;
  if (values["trials"].defaulted()) options.trials = 20;
  options.reference_batch = count_option(values, "reference-batch", 1);
  require(clouds, "variant", "mtop-div", "it needs point clouds");
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

/// Only bars of degree 1 of the cross-barcode are traced.
void check_explain(const RtdOptions& options) {
  if (options.variant == RtdVariant::kLite || options.variant == RtdVariant::kMTopDiv)
    throw InputError("--explain does not go with --variant lite or mtop-div");
  if (options.degree != 1) throw InputError("--explain goes with --dims 1");
}

bool uses_quantile(const RtdOptions& options) {
  return options.variant != RtdVariant::kMTopDiv &&
         (options.normalisation == Normalisation::kQuantile ||
          options.normalisation == Normalisation::kQuantileOfPairs);
}

}  // namespace

void add_divergence_options(po::options_description& options) {
  options.add_options()  //
      ("batch", po::value<std::int64_t>()->default_value(500),
       "objects per trial; --variant lite takes all unless a batch is given")                          //
      ("trials", po::value<std::int64_t>()->default_value(10), "random batches; one when batch >= n")  //
      ("seed", po::value<std::uint32_t>()->default_value(0), "of the batches, as numpy.random.seed")   //
      ("threads", po::value<std::int64_t>()->default_value(0), "0: one per core; changes no bit")      //
      ("variant", po::value<std::string>()->default_value("min"),
       "min (RTD), max, symmetric (SRTD), lite (RTD-Lite) or mtop-div (MTop-Div of clouds whose rows do not "
       "correspond)")  //
      ("dims", po::value<std::int64_t>()->default_value(1),
       "the degree whose bars are added up, 1 or 2")  //
      ("reference-batch", po::value<std::int64_t>()->default_value(10000),
       "of mtop-div: points per trial of the cloud compared with")  //
      ("metric", po::value<std::string>()->default_value("euclidean"),
       "of points: euclidean, cosine, correlation, hamming; of spike trains: van-rossum (their default), "
       "victor-purpura, isi, spike")  //
      ("q", po::value<double>()->default_value(0.1, "0.1"),
       "of victor-purpura: cost of moving a spike [1/ms]")                         //
      ("pooled", po::bool_switch(), "of spike trains: who fired does not matter")  //
      ("normalize", po::value<std::string>()->default_value("quantile"),
       "each matrix's unit: quantile (of all entries), pairs-quantile, median, mean, none; with --distances "
       "the default is none")                                                                         //
      ("quantile", po::value<double>()->default_value(0.9, "0.9"), "of the quantile normalisations")  //
      ("explain", po::value<std::int64_t>()->default_value(0),
       "of the first trial, trace so many of the longest bars of either direction to the pairs of objects at "
       "birth and death")  //
      ("permutations", po::value<std::int64_t>()->default_value(0),
       "also score so many random orders of B's rows: what unrelated rows would give")  //
      ("level", po::value<double>()->default_value(0.95, "0.95"),
       "of the intervals: bootstrap of the mean over trials, and of the shuffled scores")  //
      ("resamples", po::value<std::int64_t>()->default_value(1000), "of the bootstrap");
}

DivergenceOptions read_divergence_options(const po::variables_map& values, topology::RowCode code,
                                          bool distances) {
  DivergenceOptions options;
  RtdOptions& rtd = options.rtd;
  rtd.batch = count_option(values, "batch", 1);
  rtd.trials = count_option(values, "trials", 1);
  rtd.threads = count_option(values, "threads", 0);
  rtd.seed = values["seed"].as<std::uint32_t>();
  rtd.variant = named(values, "variant", kVariants);
  if (rtd.variant == RtdVariant::kLite && values["batch"].defaulted()) rtd.batch = kAllObjects;
  require_use(values, "reference-batch", rtd.variant == RtdVariant::kMTopDiv, "--variant mtop-div");
  if (rtd.variant == RtdVariant::kMTopDiv)
    set_mtop_div(values, !distances && code != topology::RowCode::kTrain, rtd);
  set_degree(values, rtd);
  if (code == topology::RowCode::kTrain) {
    options.trains = read_train_metric(values);
  } else {
    rtd.metric = topology::metric_of(values["metric"].as<std::string>());
    if (values["pooled"].as<bool>() || !values["q"].defaulted())
      throw InputError("--q and --pooled go with --code train");
  }
  rtd.normalisation = named(values, "normalize", kNormalisations);
  if (distances && values["normalize"].defaulted()) rtd.normalisation = Normalisation::kNone;
  rtd.quantile = values["quantile"].as<double>();
  require(rtd.quantile > 0 && rtd.quantile <= 1, "quantile", to_string(rtd.quantile), "must lie in (0, 1]");
  require_use(values, "quantile", uses_quantile(rtd), "--normalize quantile or pairs-quantile");
  options.explain = count_option(values, "explain", 0);
  if (options.explain > 0) check_explain(rtd);
  options.permutations = count_option(values, "permutations", 0, kMostResamples);
  if (options.permutations > 0 && rtd.variant == RtdVariant::kMTopDiv)
    throw InputError("--permutations does not go with --variant mtop-div, whose rows do not correspond");
  options.resamples = count_option(values, "resamples", 1, kMostResamples);
  options.level = values["level"].as<double>();
  require(options.level > 0 && options.level < 1, "level", to_string(options.level), "must lie in (0, 1)");
  return options;
}

}  // namespace chronotope::apps
