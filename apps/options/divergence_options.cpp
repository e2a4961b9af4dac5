// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/options/divergence_options.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "chronotope/apps/options/named_option.hpp"
#include "chronotope/topology/distances/metric.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

using topology::Normalisation;
using topology::RowCode;
using topology::RtdOptions;
using topology::RtdVariant;

constexpr std::uint64_t kMostResamples = 10'000'000;  // whose scores are kept
constexpr std::size_t kAllObjects = std::numeric_limits<std::size_t>::max();

constexpr std::array kVariants{Name<RtdVariant>{"min", RtdVariant::kMin},
                               Name<RtdVariant>{"max", RtdVariant::kMax},
                               Name<RtdVariant>{"symmetric", RtdVariant::kSymmetric},
                               Name<RtdVariant>{"lite", RtdVariant::kLite},
                               Name<RtdVariant>{"max-lite", RtdVariant::kMaxLite},
                               Name<RtdVariant>{"srtd-lite", RtdVariant::kSymmetricLite},
                               Name<RtdVariant>{"nts-e", RtdVariant::kNtsDistances},
                               Name<RtdVariant>{"nts-m", RtdVariant::kNtsHeights},
                               Name<RtdVariant>{"mtop-div", RtdVariant::kMTopDiv}};
constexpr std::array kNormalisations{Name<Normalisation>{"quantile", Normalisation::kQuantile},
                                     Name<Normalisation>{"pairs-quantile", Normalisation::kQuantileOfPairs},
                                     Name<Normalisation>{"median", Normalisation::kMedian},
                                     Name<Normalisation>{"mean", Normalisation::kMean},
                                     Name<Normalisation>{"none", Normalisation::kNone}};

/// Points and spike trains have metrics of their own.
void require_metric_of(const po::variables_map& values, bool trains) {
  constexpr std::array<std::string_view, 4> kOfTrains{"van-rossum", "victor-purpura", "isi", "spike"};
  const auto word = values["metric"].as<std::string>();
  const bool of_trains = std::find(kOfTrains.begin(), kOfTrains.end(), word) != kOfTrains.end();
  require(trains || !of_trains, "metric", word, "it compares spike trains: needs --code train");
  require(!trains || of_trains || values["metric"].defaulted(), "metric", word,
          "it compares points; of spike trains: van-rossum, victor-purpura, isi, spike");
}

topology::SpikeTrainMetric read_train_metric(const po::variables_map& values) {
  topology::SpikeTrainMetric metric;
  if (!values["metric"].defaulted())
    metric.kind = topology::spike_train_metric_of(values["metric"].as<std::string>());
  if (values.count("tau") != 0) metric.tau = values["tau"].as<double>();
  const bool default_metric = values["metric"].defaulted();
  const auto word = values["metric"].as<std::string>();
  require_use(values, "tau", default_metric || word == "van-rossum", "--code trace or --metric van-rossum");
  metric.q = values["q"].as<double>();
  metric.pooled = values["pooled"].as<bool>();
  return metric;
}

/// MTop-Div's own defaults; it measures true distances between the points of two clouds.
void set_mtop_div(const po::variables_map& values, bool clouds, RtdOptions& options) {
  if (values["batch"].defaulted()) options.batch = 1000;
  if (values["trials"].defaulted()) options.trials = 20;
  options.reference_batch = whole_option(values, "reference-batch");
  require(clouds, "variant", "mtop-div", "it needs point clouds");
}

void set_degree(const po::variables_map& values, RtdOptions& options) {
  const bool only_one = !topology::has_cross_barcode(options.variant);
  options.degree = whole_option(values, "dims");
  require(options.degree == 1 || !only_one, "dims", std::to_string(options.degree),
          "must be 1 in this variant");
}

/// Only bars of degree 1 of the cross-barcode are traced.
void check_explain(const po::variables_map& values, const RtdOptions& options) {
  if (!topology::has_cross_barcode(options.variant))
    throw InputError("--explain: does not go with --variant " + values["variant"].as<std::string>());
  if (options.degree != 1) throw InputError("--explain: needs --dims 1");
}

bool normalises_nothing(RtdVariant variant) {
  return variant == RtdVariant::kMTopDiv || topology::is_similarity(variant);
}

bool uses_quantile(const RtdOptions& options) {
  return !normalises_nothing(options.variant) && (options.normalisation == Normalisation::kQuantile ||
                                                  options.normalisation == Normalisation::kQuantileOfPairs);
}

}  // namespace

OptionGroup sampling_options() {
  constexpr std::uint64_t kMost = 1'000'000'000;
  constexpr std::uint64_t kLargestSeed = std::numeric_limits<std::uint32_t>::max();
  return {"Sampling",
          {{"batch", WholeNumber{1, kMost, "500"},
            "objects per trial; --variant lite takes all unless a batch is given"},
           {"trials", WholeNumber{1, kMost, "10"}, "random batches; one when batch >= n"},
           {"reference-batch",
            WholeNumber{1, kMost, "10000"},
            "of mtop-div: points per trial of the cloud compared with",
            {{"variant", {"mtop-div"}}}},
           {"seed", WholeNumber{0, kLargestSeed, "0", "SEED"}, "of the batches, as numpy.random.seed"},
           {"threads", WholeNumber{0, kMost, "0"}, "0: one per core; changes no bit"}}};
}

OptionGroup comparison_options() {
  return {
      "Comparison",
      {{"variant", words_of("variant", kVariants, "min"),
        "min (RTD), max, symmetric (SRTD); of each what minimum spanning trees alone show: lite (RTD-Lite), "
        "max-lite, srtd-lite; nts-e, nts-m (1 when objects merge in the same order, by distances or by merge "
        "heights); mtop-div (MTop-Div of clouds whose rows do not correspond)"},
       {"dims", WholeNumber{1, 2, "1"}, "the degree whose bars are added up"},
       {"metric",
        Word{
            "metric",
            {"euclidean", "cosine", "correlation", "hamming", "van-rossum", "victor-purpura", "isi", "spike"},
            "euclidean"},
        "of points the first four; of spike trains the others, van-rossum unless one is given"},
       {"q",
        RealNumber{from(0), any_finite(), "0.1", "X", "per ms"},
        "of victor-purpura: cost of moving a spike",
        {{"metric", {"victor-purpura"}}}},
       {"pooled", Flag(), "of spike trains: who fired does not matter"},
       {"normalize", words_of("normalisation", kNormalisations, "quantile"),
        "each matrix's unit: a quantile of all its entries, of its pairs above 0, their median, their mean "
        "or 1; with --distances the default is none"},
       {"quantile", RealNumber{above(0), up_to(1), "0.9"}, "of the quantile normalisations"}}};
}

OptionGroup resampling_options() {
  return {
      "Intervals and explanations",
      {{"explain", WholeNumber{0, 1'000'000'000, "0"},
        "of the first trial, trace so many of the longest bars of either direction to the pairs of objects "
        "at birth and death and to a cycle that bears the bar"},
       {"permutations", WholeNumber{0, kMostResamples, "0"},
        "also score so many random orders of B's rows: what unrelated rows would give"},
       {"level", RealNumber{above(0), below(1), "0.95"},
        "of the intervals: bootstrap of the mean over trials, and of the shuffled scores"},
       {"resamples", WholeNumber{1, kMostResamples, "1000"}, "of the bootstrap"}}};
}

DivergenceOptions read_divergence_options(const po::variables_map& values, RowCode code, bool distances) {
  DivergenceOptions options;
  RtdOptions& rtd = options.rtd;
  rtd.batch = whole_option(values, "batch");
  rtd.trials = whole_option(values, "trials");
  rtd.threads = whole_option(values, "threads");
  rtd.seed = static_cast<std::uint32_t>(whole_option(values, "seed"));
  rtd.variant = named(values, "variant", kVariants);
  if (rtd.variant == RtdVariant::kLite && values["batch"].defaulted()) rtd.batch = kAllObjects;
  if (rtd.variant == RtdVariant::kMTopDiv) set_mtop_div(values, !distances && code != RowCode::kTrain, rtd);
  if (normalises_nothing(rtd.variant) && given(values, "normalize"))
    throw InputError("--normalize: does not go with --variant " + values["variant"].as<std::string>() +
                     ", which normalises nothing");
  set_degree(values, rtd);
  require_metric_of(values, code == RowCode::kTrain);
  if (code == RowCode::kTrain) {
    options.trains = read_train_metric(values);
  } else {
    rtd.metric = topology::metric_of(values["metric"].as<std::string>());
    require_use(values, "pooled", false, "--code train");
  }
  rtd.normalisation = named(values, "normalize", kNormalisations);
  if (distances && values["normalize"].defaulted()) rtd.normalisation = Normalisation::kNone;
  rtd.quantile = values["quantile"].as<double>();
  require_use(values, "quantile", uses_quantile(rtd), "--normalize quantile or pairs-quantile");
  return options;
}

void read_resampling_options(const po::variables_map& values, DivergenceOptions& options) {
  options.explain = whole_option(values, "explain");
  if (options.explain > 0) check_explain(values, options.rtd);
  options.permutations = whole_option(values, "permutations");
  if (options.permutations > 0 && options.rtd.variant == RtdVariant::kMTopDiv)
    throw InputError("--permutations: does not go with --variant mtop-div, whose rows do not correspond");
  options.resamples = whole_option(values, "resamples");
  options.level = values["level"].as<double>();
}

}  // namespace chronotope::apps
