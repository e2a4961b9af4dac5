// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/comparison/divergence.hpp"

#include <algorithm>
#include <cmath>

#include "chronotope/core/printable.hpp"
#include "chronotope/proto/spike_codec.hpp"
#include "chronotope/topology/divergence/linear_cka.hpp"
#include "chronotope/topology/divergence/merge_order.hpp"
#include "chronotope/topology/divergence/resampling.hpp"
#include "chronotope/topology/divergence/rtd_trial.hpp"
#include "chronotope/topology/divergence/shuffled_scores.hpp"

namespace chronotope::apps {
namespace {

RtdReport to_report(const topology::RtdResult& result, topology::RtdVariant variant) {
  RtdReport report;
  report.set_score(std::string(topology::name_of(variant)));
  report.set_rtd(result.rtd);
  report.set_rtd_ab(result.rtd_ab);
  report.set_rtd_ba(result.rtd_ba);
  report.set_sd(result.sd);
  report.set_se(result.se);
  report.set_n(static_cast<std::uint32_t>(result.n));
  report.set_batch(static_cast<std::uint32_t>(result.batch));
  report.set_trials(static_cast<std::uint32_t>(result.trials));
  report.set_infinite_bars(static_cast<double>(result.infinite_bars));
  if (result.barcodes.empty()) return report;
  report.set_bars_ab(static_cast<std::uint32_t>(result.barcodes.front().ab.size()));
  report.set_bars_ba(static_cast<std::uint32_t>(result.barcodes.front().ba.size()));
  return report;
}

void set_interval(IntervalReport& report, const topology::Interval& interval, double level) {
  report.set_level(level);
  report.set_low(interval.low);
  report.set_high(interval.high);
}

/// Draws that have nothing to do with the batches.
topology::NumpyRandom resampling_stream(const DivergenceOptions& options) {
  return topology::NumpyRandom(options.rtd.seed + 2);
}

void add_mean_interval(RtdReport& report, const topology::RtdResult& result, const DivergenceOptions& options,
                       const topology::RtdProgress& progress) {
  if (result.trials < 2) return;
  std::vector<double> scores;
  for (const topology::RtdTrial& trial : result.trial_scores) scores.push_back(trial.symmetric());
  topology::NumpyRandom random = resampling_stream(options);
  const auto check = [&] {
    if (progress) progress(result.trials, result.trials);
  };
  set_interval(*report.mutable_mean_interval(),
               topology::bootstrap_interval(scores, options.level, options.resamples, random, check),
               options.level);
}

void add_shuffled(RtdReport& report, const std::vector<double>& scores, const DivergenceOptions& options) {
  const auto count = static_cast<double>(scores.size());
  double mean = 0;
  double squares = 0;
  for (const double s : scores) mean += s / count;
  for (const double s : scores) squares += (s - mean) * (s - mean);
  const bool similarity = topology::is_similarity(options.rtd.variant);
  const auto as_near = std::count_if(scores.begin(), scores.end(), [&](double s) {
    return similarity ? s >= report.rtd() : s <= report.rtd();
  });
  ShuffledReport& shuffled = *report.mutable_shuffled();
  shuffled.set_permutations(static_cast<std::uint32_t>(scores.size()));
  shuffled.set_mean(mean);
  shuffled.set_sd(scores.size() < 2 ? 0 : std::sqrt(squares / (count - 1)));
  set_interval(*shuffled.mutable_interval(), topology::central_interval(scores, options.level),
               options.level);
  shuffled.set_p((1 + static_cast<double>(as_near)) / (1 + count));
}

std::string to_string(topology::Attained attained) {
  switch (attained) {
    case topology::Attained::kA:
      return "A";
    case topology::Attained::kB:
      return "B";
    case topology::Attained::kBoth:
      return "both";
  }
  return "";
}

/// From numbers within a trial to rows of the representations.
void set_pair(PairReport& report, const topology::Edge& pair, topology::Attained attained,
              const std::vector<std::size_t>& rows, const ObjectNames& names) {
  report.set_i(static_cast<std::uint32_t>(rows[pair.i]));
  report.set_j(static_cast<std::uint32_t>(rows[pair.j]));
  report.set_attained_in(to_string(attained));
  if (!names) return;
  report.set_i_name(names(rows[pair.i]));
  report.set_j_name(names(rows[pair.j]));
}

void set_path(PathReport& report, const std::vector<std::uint32_t>& trail,
              const std::vector<std::size_t>& rows, const ObjectNames& names) {
  for (const std::uint32_t object : trail) {
    report.add_row(static_cast<std::uint32_t>(rows[object]));
    if (names) report.add_name(names(rows[object]));
  }
}

topology::Attained swapped(topology::Attained attained) {
  if (attained == topology::Attained::kBoth) return attained;
  return attained == topology::Attained::kA ? topology::Attained::kB : topology::Attained::kA;
}

/// The longest bars of one direction; `swap` says that the pair holds B first.
void add_longest(RtdReport& report, const topology::UnitPair& pair, bool swap,
                 const std::vector<std::size_t>& rows, const DivergenceOptions& options,
                 const ObjectNames& names) {
  const std::vector<topology::ExplainedBar> bars =
      topology::explained_bars(pair, options.rtd.variant, options.explain);
  const auto whose = [&](topology::Attained attained) { return swap ? swapped(attained) : attained; };
  for (std::size_t k = 0; k < std::min(options.explain, bars.size()); ++k) {
    BarReport& bar = *report.add_longest();
    bar.set_direction(swap ? "ba" : "ab");
    bar.set_birth(bars[k].bar.birth);
    set_pair(*bar.mutable_born(), bars[k].born, whose(bars[k].born_in), rows, names);
    if (!bars[k].bar.is_finite()) continue;
    bar.set_death(bars[k].bar.death);
    set_pair(*bar.mutable_dies(), bars[k].dies, whose(bars[k].dies_in), rows, names);
    for (const auto& trail : bars[k].cycle) set_path(*bar.add_cycle(), trail, rows, names);
  }
}

template <class Objects>
Divergence compare(const Objects& a, const Objects& b, const DivergenceOptions& options,
                   const ObjectNames& names, const topology::RtdProgress& progress) {
  topology::RtdResult result = topology::rtd(a, b, options.rtd, progress);
  Divergence divergence{to_report(result, options.rtd.variant), {}};
  RtdReport& report = divergence.report;
  add_mean_interval(report, result, options, progress);
  if (options.permutations > 0)
    add_shuffled(report, topology::shuffled_scores(a, b, options.rtd, options.permutations, progress),
                 options);
  if (options.explain > 0 && !result.batches.empty()) {
    const std::vector<std::size_t>& rows = result.batches.front();
    const topology::UnitPair pair = topology::unit_distances(a, b, rows, options.rtd);
    add_longest(report, pair, false, rows, options, names);
    if (options.rtd.variant != topology::RtdVariant::kSymmetric)
      add_longest(report, {pair.b, pair.a}, true, rows, options, names);
  }
  if (!result.barcodes.empty()) divergence.bars = std::move(result.barcodes.front());
  return divergence;
}

topology::DistanceMatrix train_distances(const topology::Activations& layer,
                                         const DivergenceOptions& options) {
  double window = 0;
  for (const topology::Stimulus& stimulus : layer.stimuli) window = std::max(window, stimulus.duration.ms());
  topology::SpikeResponses responses(layer.neurons.size(), window);
  for (const topology::TrainRow& row : layer.trains) responses.add(row);
  return topology::distances(responses, options.trains, options.rtd.threads);
}

void set_provenance(ProvenanceReport& report, const topology::Representation& representation,
                    std::size_t layer) {
  const topology::Activations& matrix = representation.layers[layer];
  report.set_stream(printable(representation.name));
  *report.mutable_snapshot() = proto::encode(representation.time);
  report.set_layer("L" + std::to_string(layer + 1));
  report.set_layering(printable(representation.layering_source));
  report.set_code(topology::to_string(matrix.code));
  report.set_neurons(static_cast<std::uint32_t>(matrix.neurons.size()));
  for (const topology::Stimulus& stimulus : matrix.stimuli) {
    report.add_stimulus(stimulus.id);
    report.add_window_ms(stimulus.duration.ms());
  }
}

/// NaN where it is undefined; absent where rows do not correspond.
void add_cka(RtdReport& report, const topology::PointCloud& a, const topology::PointCloud& b,
             const DivergenceOptions& options) {
  if (options.rtd.variant != topology::RtdVariant::kMTopDiv) report.set_cka(topology::linear_cka(a, b));
}

/// A stimulus as a reader of the report knows it.
std::string described(const topology::Stimulus& stimulus) {
  std::string text = stimulus.name.empty() ? "stimulus " + std::to_string(stimulus.id) : stimulus.name;
  if (!stimulus.label.empty() && stimulus.label != stimulus.name) text += " (" + stimulus.label + ")";
  return text;
}

Divergence compare_rows(const topology::Activations& a, const topology::Activations& b,
                        const DivergenceOptions& options) {
  const ObjectNames names = [&](std::size_t row) { return described(a.stimuli[row]); };
  if (a.code == topology::RowCode::kTrain)
    return divergence(train_distances(a, options), train_distances(b, options), options, names);
  return divergence(a.values, b.values, options, names);
}

}  // namespace

Divergence divergence(const topology::PointCloud& a, const topology::PointCloud& b,
                      const DivergenceOptions& options, const ObjectNames& names,
                      const topology::RtdProgress& progress) {
  Divergence result = compare(a, b, options, names, progress);
  add_cka(result.report, a, b, options);
  return result;
}

Divergence divergence(const topology::DistanceMatrix& a, const topology::DistanceMatrix& b,
                      const DivergenceOptions& options, const ObjectNames& names,
                      const topology::RtdProgress& progress) {
  return compare(a, b, options, names, progress);
}

Divergence activity_divergence(const topology::Activations& a, const topology::Activations& b,
                               const DivergenceOptions& options) {
  if (options.rtd.variant != topology::RtdVariant::kMTopDiv) topology::check_comparable(a, b);
  return compare_rows(a, b, options);
}

Divergence layer_divergence(const topology::Representation& a, std::size_t i,
                            const topology::Representation& b, std::size_t j,
                            const DivergenceOptions& options) {
  const topology::Activations& of_a = a.layers[i];
  const topology::Activations& of_b = b.layers[j];
  topology::check_comparable(of_a, of_b);
  Divergence result;
  RtdReport& report = result.report;
  const auto miss = [&](const std::string& why) {
    report.set_missing(why);
    if (of_a.code != topology::RowCode::kTrain) add_cka(report, of_a.values, of_b.values, options);
  };
  if (of_a.neurons.empty() || of_b.neurons.empty()) {
    miss(std::string(of_a.neurons.empty() ? "A" : "B") + ": the layer has no neurons");
  } else {
    try {
      result = compare_rows(of_a, of_b, options);
    } catch (const topology::DegenerateRepresentation& error) {
      miss(error.what());
    } catch (const topology::UndefinedMergeOrder& error) {
      miss(error.what());
    }
  }
  report.set_layer("L" + std::to_string(i + 1) + (i == j ? "" : ":L" + std::to_string(j + 1)));
  set_provenance(*report.mutable_a(), a, i);
  set_provenance(*report.mutable_b(), b, j);
  return result;
}

std::array<RtdReport, topology::kLayers> layer_divergence(const topology::Representation& a,
                                                          const topology::Representation& b,
                                                          const DivergenceOptions& options) {
  std::array<RtdReport, topology::kLayers> reports;
  for (std::size_t l = 0; l < topology::kLayers; ++l)
    reports[l] = layer_divergence(a, l, b, l, options).report;
  return reports;
}

}  // namespace chronotope::apps
