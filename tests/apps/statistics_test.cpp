// SPDX-License-Identifier: Apache-2.0
// Statistics of hand-made trains against their closed forms, of random ones against the definition, and the
// verb.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "chronotope/apps/statistics/interval_variation.hpp"
#include "chronotope/apps/statistics/population_statistics.hpp"
#include "chronotope/apps/statistics/spike_counts.hpp"
#include "chronotope/apps/statistics/stimulus_histogram.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/tests/apps/program.hpp"

namespace chronotope::apps {
namespace {

std::vector<Time> train(const std::vector<double>& ms) {
  std::vector<Time> times;
  for (const double t : ms) times.push_back(stated_time(t));
  return times;
}

TimeBins bins(double from, double until, double width) {
  return TimeBins::between(stated_time(from), stated_time(until), stated_duration(width));
}

SpikeCounts counts(const std::vector<double>& ms, const TimeBins& in) { return {train(ms), in}; }

TEST(IntervalVariation, IsTheSpreadOfTheIntervalsOverTheirMean) {
  EXPECT_DOUBLE_EQ(*interval_variation(train({10, 11, 14, 15, 18})), 0.5);  // 1 3 1 3
  EXPECT_DOUBLE_EQ(*interval_variation(train({0, 1, 3, 6})), std::sqrt(2.0 / 3) / 2);
  EXPECT_EQ(*interval_variation(train({5, 7.5, 10, 12.5})), 0);
}

TEST(IntervalVariation, NeedsTwoIntervalsThatAreNotNothing) {
  EXPECT_FALSE(interval_variation(train({})));
  EXPECT_FALSE(interval_variation(train({1, 2})));
  EXPECT_FALSE(interval_variation(train({4, 4, 4})));
}

TEST(SpikeCounts, LieInBinsWhoseEdgesAreExact) {
  const TimeBins tenths = bins(0, 1.05, 0.1);
  EXPECT_EQ(tenths.count, 10);
  EXPECT_EQ(tenths.at(stated_time(0.3)), 3);  // 0.3/0.1 in doubles is below 3
  EXPECT_EQ(tenths.at(stated_time(0.7)), 7);
  EXPECT_EQ(tenths.at(stated_time(0)), 0);
  EXPECT_EQ(tenths.at(stated_time(1.02)), std::nullopt);  // what does not fill a bin
  EXPECT_EQ(bins(5, 6, 0.1).at(stated_time(4.99)), std::nullopt);
}

TEST(FanoFactor, IsTheVarianceOfTheCountsOverTheirMean) {
  EXPECT_DOUBLE_EQ(*fano_factor(counts({11, 12, 21, 23, 25, 27}, bins(0, 30, 10))), 4.0 / 3);  // 0 2 4
  EXPECT_EQ(*fano_factor(counts({1, 11, 21}, bins(0, 30, 10))), 0);
  EXPECT_FALSE(fano_factor(counts({31}, bins(0, 30, 10))));
}

TEST(Correlation, OfEqualOppositeAndUnrelatedCounts) {
  const TimeBins four = bins(0, 4, 1);
  const SpikeCounts even = counts({0.5, 2.5}, four);
  EXPECT_DOUBLE_EQ(*correlation(even, even), 1);
  EXPECT_DOUBLE_EQ(*correlation(even, counts({1.5, 3.5}, four)), -1);
  EXPECT_EQ(*correlation(even, counts({0.1, 1.2}, four)), 0);
  EXPECT_FALSE(correlation(even, counts({}, four)));
  EXPECT_FALSE(correlation(even, counts({0.5, 1.5, 2.5, 3.5}, four)));
  const TimeBins three = bins(0, 3, 1);
  EXPECT_DOUBLE_EQ(*correlation(counts({1, 2, 2.5}, three), counts({0.9, 2.1, 2.2}, three)), 0.5);  // 012 102
}

/// Spikes of a Poisson process with `mean` per ms on [0, until).
std::vector<Time> random_train(RandomStream& stream, double mean, double until) {
  std::vector<Time> times;
  for (double t = -std::log(stream.uniform()) / mean; t < until; t -= std::log(stream.uniform()) / mean)
    times.push_back(Time() + Duration::nearest(t));
  return times;
}

/// Counts of all bins, one spike after the other.
std::vector<double> dense(const std::vector<Time>& times, double width, std::size_t n) {
  std::vector<double> count(n, 0);
  for (const Time t : times)
    if (const auto bin = static_cast<std::size_t>(t.to_ms() / width); bin < n) ++count[bin];
  return count;
}

double dense_mean(const std::vector<double>& x) {
  double sum = 0;
  for (const double v : x) sum += v;
  return sum / static_cast<double>(x.size());
}

double dense_covariance(const std::vector<double>& x, const std::vector<double>& y) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += (x[i] - dense_mean(x)) * (y[i] - dense_mean(y));
  return sum / static_cast<double>(x.size());
}

TEST(SpikeCounts, HaveTheMomentsOfAllBinsOneByOne) {
  RandomStream stream(1, Purpose("test"), 0);
  for (const double width : {0.7, 3.0, 11.0}) {
    const TimeBins in = bins(0, 400, width);
    const auto n = static_cast<std::size_t>(400 / width);
    const std::vector<Time> a = random_train(stream, 0.2, 400), b = random_train(stream, 0.5, 400);
    const std::vector<double> x = dense(a, width, n), y = dense(b, width, n);
    EXPECT_NEAR(*fano_factor(SpikeCounts(a, in)), dense_covariance(x, x) / dense_mean(x), 1e-12);
    EXPECT_NEAR(*correlation(SpikeCounts(a, in), SpikeCounts(b, in)),
                dense_covariance(x, y) / std::sqrt(dense_covariance(x, x) * dense_covariance(y, y)), 1e-12);
  }
}

TEST(StimulusHistogram, IsTheMeanRateAroundTheOnsets) {
  const auto spikes = train({9.5, 10, 11.5, 29, 30.5, 31, 31.25, 32});
  const auto onsets = train({10, 30});
  const auto rates = stimulus_histogram(spikes, onsets, stated_duration(1), stated_duration(1), 3, 5);
  // 9 to 10 and 29 to 30: 2 spikes; 10 to 11 and 30 to 31: 2; 11 to 12 and 31 to 32: 3; of 2 x 5 x 1 ms
  ASSERT_EQ(rates.size(), 3U);
  EXPECT_DOUBLE_EQ(rates[0], 200);
  EXPECT_DOUBLE_EQ(rates[1], 200);
  EXPECT_DOUBLE_EQ(rates[2], 300);
}

StatisticsPlan plan(double from, double until, double bin, double window, std::uint32_t sample) {
  return {stated_time(from), stated_time(until), stated_duration(bin), stated_duration(window), sample};
}

RandomStream sampling() { return {1, Purpose("sample"), 0}; }

TEST(PopulationStatistics, AreThoseOfTheSpikesThatAreLookedAt) {
  const PopulationTrains population{"E",
                                    {train({1, 101, 110, 120}), train({99, 200}), train({150, 160, 180})}};
  const PopulationStatistics s = describe(population, plan(100, 200, 10, 50, 10), sampling());
  EXPECT_EQ(s.neurons(), 3U);
  EXPECT_EQ(s.spikes(), 6);
  EXPECT_EQ(s.silent(), 1U);
  EXPECT_DOUBLE_EQ(s.rate_hz(), 20);
  EXPECT_DOUBLE_EQ(s.rate_sd_hz(), std::sqrt(200));            // 30 0 30
  EXPECT_NEAR(s.cv_isi(), (0.5 / 9.5 + 5.0 / 15) / 2, 1e-15);  // intervals 9 10 and 10 20
  EXPECT_EQ(s.cv_isi_neurons(), 2U);
  EXPECT_DOUBLE_EQ(s.fano(), 1.5);  // windows 3 0 and 0 3
  EXPECT_EQ(s.fano_neurons(), 2U);
  EXPECT_DOUBLE_EQ(s.correlation(), -0.09 / 0.21);  // three of ten bins each, none in common
  EXPECT_EQ(s.correlation_neurons(), 2U);
  EXPECT_NEAR(s.synchrony(), 0.24 / 0.6, 1e-15);  // six of ten bins hold one
}

TEST(PopulationStatistics, WhatIsUndefinedIsLeftOut) {
  const PopulationStatistics s = describe({"E", {train({}), train({})}}, plan(0, 100, 2, 50, 10), sampling());
  EXPECT_EQ(s.rate_hz(), 0);
  EXPECT_EQ(s.silent(), 2U);
  EXPECT_FALSE(s.has_cv_isi() || s.has_fano() || s.has_correlation() || s.has_synchrony());
}

TEST(PopulationStatistics, ASampleIsOfThatManyNeurons) {
  RandomStream stream(3, Purpose("test"), 0);
  PopulationTrains population{"E", {}};
  for (int n = 0; n < 60; ++n) population.trains.push_back(random_train(stream, 0.05, 1000));
  const auto sampled = [&](std::uint64_t seed) {
    return describe(population, plan(0, 1000, 2, 100, 20), RandomStream(seed, Purpose("sample"), 0));
  };
  EXPECT_EQ(sampled(1).correlation_neurons(), 20U);
  EXPECT_EQ(sampled(1).correlation(), sampled(1).correlation());
  EXPECT_NE(sampled(1).correlation(), sampled(2).correlation());
  EXPECT_NEAR(sampled(1).correlation(), 0, 4 / std::sqrt(500.0 * 190));  // independent: sd 1/sqrt(bins pairs)
}

class StatisticsVerb : public ProgramTest {};

TEST_F(StatisticsVerb, ReadsATableOfSpikes) {
  save("s.csv", "time_ms,population,neuron\n10.5,E,0\n11.5,E,0\n14.5,E,0\n12,I,1\n");
  const Outcome json = run("statistics s.csv --until 20 --json");
  ASSERT_EQ(json.code, 0) << json.err;
  for (const char* piece : {R"("until_ms":20)", R"("name":"E","neurons":1,"spikes":3)", R"("cv_isi":0.5)",
                            R"("name":"I","neurons":2,"spikes":1,"rate_hz":25)"})
    EXPECT_NE(json.out.find(piece), std::string::npos) << piece << "\n" << json.out;
  const Outcome csv = run("statistics s.csv --csv -");
  EXPECT_EQ(csv.out.substr(0, csv.out.find('\n')),
            "population,neurons,spikes,silent,rate_hz,rate_sd_hz,cv_isi,cv_isi_neurons,fano,fano_neurons,"
            "correlation,correlation_sd,correlation_neurons,synchrony");
  EXPECT_NE(csv.out.find("\nE,1,3,0,200,0,0.5,1,,0,,,1,"), std::string::npos) << csv.out;  // until 15 ms
}

TEST_F(StatisticsVerb, TellsTheSameOfARunsStreamAndOfItsTable) {
  save("n.textproto", R"(seed: 7
    population { name: "E" size: 20 delta_lif { } }
    input { name: "in" size: 20 poisson { rate: 300 } }
    projection { source: "in" target: "E" one_to_one { } weight: 6 })");
  ASSERT_EQ(run("simulate n.textproto --until 500 --quiet --spikes s.csv --out r.pb").code, 0);
  const auto figures = [&](const std::string& words) {
    const std::string out = run("statistics " + words + " --from 100 --until 500 --json").out;
    return out.substr(out.find("\"population\""));
  };
  EXPECT_EQ(figures("s.csv"), figures("r.pb"));
  EXPECT_EQ(figures("r.pb"), figures("- <r.pb"));
  EXPECT_NE(run("statistics r.pb").out.find("0 to 500 ms"), std::string::npos);
}

TEST_F(StatisticsVerb, CountsSpikesAroundStimuli) {
  save("e.csv", "time_ms,channel,stimulus,label\n2,0,1,a\n5,0,1,a\n2.5,0,2,b\n7,0,2,b\n");
  ASSERT_EQ(run("encode e.csv --out s.pb --duration 10 --gap 10").code, 0);
  EXPECT_EQ(run("statistics s.pb --psth 5 --psth-csv -").out,
            "population,begin_ms,rate_hz\nevents,0,200\nevents,5,200\n");
  EXPECT_EQ(run("statistics s.pb --psth 5 --label a --after 5 --psth-csv -").out,
            "population,begin_ms,rate_hz\nevents,0,200\n");
  EXPECT_NE(run("statistics s.pb --psth 5 --json").out.find("\"rate_hz\":[200,200]"), std::string::npos);
  expect_refused("statistics s.pb --psth 5 --label c", "no stimulus labelled 'c'");
}

TEST_F(StatisticsVerb, ATableShorterThanItsBinsHasRatesAlone) {
  save("short.csv", "time_ms,population,neuron\n0.3,\"A,1\",0\n0.7,\"A,1\",1\n");
  const Outcome outcome = run("statistics short.csv --json");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("\"rate_hz\":1000"), std::string::npos) << outcome.out;
  for (const char* undefined : {"\"synchrony\"", "\"correlation\"", "\"fano\""})
    EXPECT_EQ(outcome.out.find(undefined), std::string::npos) << outcome.out;
  EXPECT_NE(run("statistics short.csv --csv -").out.find("\n\"A,1\",2,2,"), std::string::npos);
}

TEST_F(StatisticsVerb, RefusesWhatItCanNotAnswer) {
  save("s.csv", "time_ms,population,neuron\n1,E,0\n3,E,0\n");
  save("none.csv", "time_ms,population,neuron\n");
  save("bad.csv", "time_ms,population,neuron\n1,E,x\n");
  expect_refused("statistics none.csv", "none.csv: has no spikes");
  expect_refused("statistics bad.csv", "bad.csv:2: column 3: 'x' is not an index");
  expect_refused("statistics gone.pb", "gone.pb");
  expect_refused("statistics s.csv --from 4", "--from: 4 is not allowed (must be before the end, 4.0 ms)");
  expect_refused("statistics s.csv --bin 0", "--bin: 0 is not allowed (must be > 0");
  expect_refused("statistics s.csv --bin 5", "--bin: 5 is not allowed (must not be longer");
  expect_refused("statistics s.csv --bin 1e-12", "--bin: 1e-12 is not allowed (must leave at most 1e9 bins");
  expect_refused("statistics s.csv --sample 1", "--sample: 1 is not allowed (must be from 2");
  expect_refused("statistics s.csv --psth 1", "--psth: s.csv has no stimuli");
  expect_refused("statistics s.csv --label a", "--label: needs --psth");
  expect_refused("statistics s.csv --json --csv -", "only one of");
}

}  // namespace
}  // namespace chronotope::apps
