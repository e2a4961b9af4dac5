// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/runs/train_errors.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

#include "chronotope/apps/runs/recorded_trains.hpp"
#include "chronotope/core/exponential.hpp"
#include "chronotope/topology/distances/spike_trains/spike_distance.hpp"
#include "chronotope/topology/distances/spike_trains/spike_matching.hpp"
#include "chronotope/topology/distances/spike_trains/van_rossum.hpp"
#include "chronotope/topology/distances/spike_trains/victor_purpura.hpp"
#include "chronotope/topology/divergence/rtd.hpp"

namespace chronotope::apps {
namespace {

/// The value that a share `p` of the sorted ones do not exceed.
double quantile(const std::vector<double>& sorted, double p) {
  const auto place = static_cast<std::size_t>(std::ceil(p * static_cast<double>(sorted.size())));
  return sorted[std::clamp<std::size_t>(place, 1, sorted.size()) - 1];
}

std::size_t count(const Trains& trains) {
  return std::accumulate(trains.begin(), trains.end(), std::size_t{0},
                         [](std::size_t sum, const auto& train) { return sum + train.size(); });
}

std::vector<double> in_ms(const std::vector<Time>& train) {
  std::vector<double> ms;
  ms.reserve(train.size());
  for (const Time t : train) ms.push_back(t.to_ms());
  return ms;
}

std::vector<double> no_later_than(double end, std::vector<double> train) {
  for (double& t : train) t = std::min(t, end);
  return train;
}

/// Coefficient of variation of the intervals of a train with at least two.
std::optional<double> cv_isi(const std::vector<Time>& train) {
  if (train.size() < 3) return {};
  const auto intervals = static_cast<double>(train.size() - 1);
  const double mean = (train.back() - train.front()).ms() / intervals;
  double squares = 0;
  for (std::size_t k = 1; k < train.size(); ++k) {
    const double off = (train[k] - train[k - 1]).ms() - mean;
    squares += off * off;
  }
  return std::sqrt(squares / intervals) / mean;
}

/// Where two trains and the border meet: what is compared of a neuron.
struct Compared {
  std::vector<Time> reference;
  std::vector<Time> run;
  std::vector<Duration> late;  // of the run's matched spikes
  std::size_t missed = 0;
  std::size_t extra = 0;
  Time divergence = Time::never();  // the first spike without partner
};

Compared compared(const std::vector<Time>& reference, const std::vector<Time>& run,
                  const TrainMeasures& measures) {
  const Time until = Time() + measures.until;
  const topology::SpikeMatching matching = topology::match_spikes(reference, run, measures.window);
  Compared result;
  for (const Time t : reference)
    if (t < until) result.reference.push_back(t);
  for (const auto& [i, j] : matching.pairs) {
    if (!(reference[i] < until)) continue;
    result.run.push_back(run[j]);
    result.late.push_back(run[j] - reference[i]);
  }
  for (const std::size_t i : matching.only_a) {
    if (!(reference[i] < until)) continue;
    ++result.missed;
    result.divergence = std::min(result.divergence, reference[i]);
  }
  for (const std::size_t j : matching.only_b) {
    if (!(run[j] < until)) continue;
    ++result.extra;
    result.run.push_back(run[j]);
    result.divergence = std::min(result.divergence, run[j]);
  }
  std::sort(result.run.begin(), result.run.end());
  return result;
}

void summarise_matches(const std::vector<Compared>& neurons, TrainErrors& result) {
  std::vector<double> errors;
  double sum = 0, missed = 0, extra = 0;
  Time divergence = Time::never();
  for (const Compared& neuron : neurons) {
    for (const Duration late : neuron.late) {
      sum += late.ms();
      errors.push_back(std::abs(late.ms()));
    }
    missed += static_cast<double>(neuron.missed);
    extra += static_cast<double>(neuron.extra);
    divergence = std::min(divergence, neuron.divergence);
  }
  result.set_missed(missed);
  result.set_extra(extra);
  if (!divergence.is_never()) result.set_first_divergence_ms(divergence.to_ms());
  if (errors.empty()) return;
  std::sort(errors.begin(), errors.end());
  result.set_error_median_ms(quantile(errors, 0.5));
  result.set_error_95_ms(quantile(errors, 0.95));
  result.set_error_max_ms(errors.back());
  result.set_error_mean_ms(sum / static_cast<double>(errors.size()));
}

void measure_distances(const Trains& reference, const Trains& run, const TrainMeasures& measures,
                       TrainErrors& result) {
  const auto neurons = static_cast<double>(reference.size());
  const topology::Observation seen{0, measures.until.ms()};  // a later spike of the run is seen at the end
  double rossum = 0, purpura = 0, spike = 0;
  for (std::size_t n = 0; n < reference.size(); ++n) {
    const std::vector<double> a = in_ms(reference[n]);
    const std::vector<double> b = in_ms(run[n]);
    rossum += topology::van_rossum_distance(a, b, measures.tau);
    purpura += topology::victor_purpura_distance(a, b, measures.q);
    spike += topology::spike_distance(a, no_later_than(seen.end, b), seen);
  }
  result.set_van_rossum(rossum / neurons);
  result.set_victor_purpura(purpura / neurons);
  result.set_spike_distance(spike / neurons);
}

void measure_statistics(const Trains& reference, const Trains& run, const TrainMeasures& measures,
                        TrainErrors& result) {
  const double per_hz = static_cast<double>(reference.size()) * measures.until.ms() / 1000;
  result.set_rate_error_hz((static_cast<double>(count(run)) - static_cast<double>(count(reference))) /
                           per_hz);
  double sum = 0, neurons = 0;
  for (std::size_t n = 0; n < reference.size(); ++n) {
    const auto of_reference = cv_isi(reference[n]), of_run = cv_isi(run[n]);
    if (!of_reference || !of_run) continue;
    sum += *of_run - *of_reference;
    ++neurons;
  }
  if (neurons > 0) result.set_cv_isi_error(sum / neurons);
}

void measure_topology(const Trains& reference, const Trains& run, const TrainMeasures& measures,
                      TrainErrors& result) {
  try {
    topology::RtdOptions options;
    options.batch = measures.bins;
    options.trials = 1;
    options.threads = 1;
    result.set_rtd(topology::rtd(counts_per_bin(reference, measures.until, measures.bins),
                                 counts_per_bin(run, measures.until, measures.bins), options)
                       .rtd);
  } catch (const topology::DegenerateRepresentation& error) {
    result.set_rtd_missing(error.what());
  }
}

}  // namespace

Duration overhang(const TrainMeasures& measures) { return std::min(measures.window, measures.until); }

TrainErrors train_errors(const Trains& reference, const Trains& run, const TrainMeasures& measures) {
  std::vector<Compared> neurons;
  Trains of_reference, of_run;
  for (std::size_t n = 0; n < reference.size(); ++n) {
    Compared& neuron = neurons.emplace_back(compared(reference[n], run[n], measures));
    of_reference.push_back(std::move(neuron.reference));
    of_run.push_back(std::move(neuron.run));
  }
  TrainErrors result;
  result.set_spikes(static_cast<double>(count(of_run)));
  summarise_matches(neurons, result);
  if (!reference.empty()) {
    measure_distances(of_reference, of_run, measures, result);
    measure_statistics(of_reference, of_run, measures, result);
  }
  measure_topology(of_reference, of_run, measures, result);
  return result;
}

WeightErrors weight_errors(std::vector<double> reference, std::vector<double> run) {
  WeightErrors result;
  const auto synapses = static_cast<double>(reference.size());
  double largest = 0, squares = 0, magnitude = 0, moved = 0;
  for (std::size_t s = 0; s < reference.size(); ++s) {
    const double error = std::abs(run[s] - reference[s]);
    largest = std::max(largest, error);
    squares += error * error;
    magnitude += std::abs(reference[s]);
  }
  std::sort(reference.begin(), reference.end());
  std::sort(run.begin(), run.end());
  for (std::size_t s = 0; s < reference.size(); ++s) moved += std::abs(run[s] - reference[s]);
  result.set_max(largest);
  result.set_rms(std::sqrt(squares / synapses));
  result.set_mean(magnitude / synapses);
  result.set_distribution(moved / synapses);
  return result;
}

double fitted_order(const std::vector<double>& dt, const std::vector<double>& error) {
  const auto n = static_cast<double>(dt.size());
  double x = 0, y = 0, xx = 0, xy = 0;
  for (std::size_t k = 0; k < dt.size(); ++k) {
    const double log_dt = log(dt[k]), log_error = log(error[k]);
    x += log_dt;
    y += log_error;
    xx += log_dt * log_dt;
    xy += log_dt * log_error;
  }
  return (n * xy - x * y) / (n * xx - x * x);
}

}  // namespace chronotope::apps
