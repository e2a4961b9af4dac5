// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "chronotope/core/decimal.hpp"
#include "chronotope/proto/formats/sonata_spikes.hpp"
#include "chronotope/proto/spike_codec.hpp"
#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

/// Three neurons that kicks fire, a loop between them, and an input with a name that XML must not take for a
/// mark.
constexpr const char* kNetwork = R"(
population { name: "A" size: 2 delta_lif { } }
population { name: "B" size: 1 delta_lif { } }
input { name: "in&out" size: 2 spike_times { neuron: 0 times: [5, 30] } spike_times { neuron: 1 times: 12.5 } }
projection { source: "in&out" target: "A" one_to_one { } weight: 100 delay: 1.5 }
projection { source: "A" target: "B" pair_stdp { w_max: 9 learn_until: 0 } synapses { source: 1 target: 0 weight: 3 delay: 0.1 }
  synapses { source: 0 target: 0 weight: 2.5 delay: 2000.25 } }
)";

class Export : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    save("n.textproto", kNetwork);
    ASSERT_EQ(run("simulate n.textproto --until 40 --snapshot-every 20 --out run.pb --quiet").code, 0);
  }
  std::string exported(const std::string& words) const {
    const Outcome outcome = run("export run.pb " + words + " --out -");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return outcome.out;
  }
};

TEST_F(Export, SpikesAsNestsRecordings) {
  const std::string rows = "1\t6.5\n2\t14.0\n1\t31.5\n";
  const std::string file = exported("--format nest");
  EXPECT_TRUE(file.starts_with("# Chronotope version: ")) << file;
  EXPECT_TRUE(file.ends_with("\n# RecordingBackendASCII version: 2\nsender\ttime_ms\n" + rows)) << file;
  EXPECT_EQ(exported("--format gdf"), rows);
  EXPECT_EQ(exported("--format gdf --first-sender 11"), "11\t6.5\n12\t14.0\n11\t31.5\n");
  ASSERT_EQ(run("export run.pb --out spikes-7-0.dat").code, 0);
  ASSERT_EQ(run("encode spikes-7-0.dat --out again.pb --quiet").code, 0);
  const auto again = proto::read_spike_recording(path("again.pb"));
  ASSERT_EQ(again.spikes.size(), 3U);
  EXPECT_EQ(again.spikes[1].time, stated_time(14));
  EXPECT_EQ(again.spikes[1].neuron, 1U);
}

TEST_F(Export, AnInterruptedOneLeavesNoPartOfAFile) {
  save("large.textproto",
       "input { name: 'in' size: 1000 } population { name: 'A' size: 1000 delta_lif { } } "
       "projection { source: 'in' target: 'A' all_to_all { } weight: 1 delay: 1 }");
  ASSERT_EQ(run("simulate large.textproto --until 1 --out large.pb --quiet").code, 0);
  const std::size_t before = files();
  for (const std::string words :
       {"export large.pb --bare --out l.csv", "export large.pb --bare --out l.graphml"}) {
    const Outcome outcome =
        run(words + " & until ls l.*.part* >/dev/null 2>&1; do sleep 0.01; done; kill -TERM $!; wait $!");
    expect_one_line(outcome, 130, words, "interrupted: no output is complete");
    EXPECT_EQ(files(), before);
  }
}

TEST_F(Export, WritesIntoPipesAndCompressedFiles) {
  ASSERT_EQ(run("export run.pb --out a.csv --bare").code, 0);
  ASSERT_EQ(run("export run.pb --out a.csv.zst --bare").code, 0);
  EXPECT_EQ(shell("zstd -dc a.csv.zst | cmp - a.csv").code, 0);
  EXPECT_EQ(run("export run.pb --out /dev/stdout --format edges --bare | cmp - a.csv").code, 0);
  EXPECT_EQ(
      shell("bash -c \"" + kProgram +
            " export run.pb --format edges --bare --out >(cat > b.csv); wait; sleep 0.2\"; cmp a.csv b.csv")
          .code,
      0);
}

TEST_F(Export, NetworksWithoutSynapses) {
  save("bare.textproto", "population { name: 'A' size: 3 exp_psc_lif { t_ref: 0 } }");
  save("empty.textproto",
       "population { name: 'A' size: 3 exp_psc_lif { t_ref: 0 } }"
       "projection { source: 'A' target: 'A' pairwise_bernoulli { p: 0 } weight: 3 delay: 1 }");
  for (const std::string name : {"bare", "empty"}) {
    ASSERT_EQ(run("simulate " + name + ".textproto --until 5 --out " + name + ".pb --quiet").code, 0);
    for (const std::string format : {"graphml --bare", "edges --bare", "nir --dt 0.1"}) {
      const Outcome outcome = run("export " + name + ".pb --out out --format " + format);
      EXPECT_EQ(outcome.code, 0) << name << " " << format << "\n" << outcome.err;
    }
    EXPECT_EQ(run("embed " + name + ".pb").code, 0) << name;
  }
}

TEST_F(Export, NeitherReadsWhatItWrites) {
  expect_refused("export run.pb --format gdf --out ./run.pb", "--out: './run.pb'");
}

TEST_F(Export, SpikesAsSonatas) {
  ASSERT_EQ(run("export run.pb --out spikes.h5").code, 0);
  const auto populations = proto::read_sonata_spikes(proto::Hdf5File(path("spikes.h5")));
  ASSERT_EQ(populations.size(), 2U);
  EXPECT_EQ(populations[0].name, "A");
  EXPECT_EQ(populations[0].spikes, (std::vector<proto::NodeSpike>{
                                       {stated_time(6.5), 0}, {stated_time(14), 1}, {stated_time(31.5), 0}}));
  EXPECT_TRUE(populations[1].spikes.empty());
}

TEST_F(Export, SynapsesAsAListWithTheWeightsOfASnapshot) {
  EXPECT_EQ(exported("--format edges --bare"),
            "source_population,source,target_population,target,weight,delay_ms,projection\n"
            "in&out,0,A,0,100,1.5,0\nin&out,1,A,1,100,1.5,0\nA,0,B,0,2.5,2000.25,1\nA,1,B,0,3,0.1,1\n");
}

TEST_F(Export, TheNetworkAsGraphMl) {
  const std::string graph = exported("--format graphml --bare");
  EXPECT_TRUE(graph.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns="));
  EXPECT_NE(graph.find("<key id=\"weight\" for=\"edge\" attr.name=\"weight\" attr.type=\"double\"/>"),
            std::string::npos);
  EXPECT_NE(graph.find("<node id=\"in&amp;out:1\"><data key=\"population\">in&amp;out</data><data "
                       "key=\"number\">1</data><data key=\"is_input\">true</data></node>"),
            std::string::npos);
  EXPECT_NE(graph.find("<edge source=\"A:0\" target=\"B:0\"><data key=\"projection\">1</data><data "
                       "key=\"weight\">2.5</data><data key=\"delay_ms\">2000.25</data><data "
                       "key=\"is_plastic\">true</data></edge>"),
            std::string::npos);
  EXPECT_EQ(graph.find("betweenness"), std::string::npos);
}

TEST_F(Export, LayersAndBetweennessAreThoseOfLayers) {
  save("big.textproto",
       "population { name: 'E' size: 30 delta_lif { } } input { name: 'x' size: 4 } projection { source: 'x' "
       "target: 'E' pairwise_bernoulli { p: 0.2 } weight: 1 } projection { source: 'E' target: 'E' weight { "
       "uniform { low: 1 high: 9 } } pairwise_bernoulli { p: 0.2 } }");
  ASSERT_EQ(run("simulate big.textproto --until 1 --out run.pb --quiet").code, 0);
  ASSERT_EQ(run("layers run.pb --csv layers.csv").code, 0);
  std::istringstream table(read_file(path("layers.csv")));
  std::map<std::string, std::string> expected;  // "E,3" -> "2,0.125"
  for (std::string line; std::getline(table, line);) {
    const auto second = line.find(',', line.find(',') + 1);
    expected[line.substr(0, second)] = line.substr(second + 1);
  }
  std::istringstream list(exported("--format edges"));
  std::string line;
  std::getline(list, line);
  EXPECT_EQ(line,
            "source_population,source,target_population,target,weight,delay_ms,projection,source_layer,"
            "source_betweenness,target_layer,target_betweenness");
  std::size_t rows = 0;
  while (std::getline(list, line)) {
    std::vector<std::string> cells;
    std::istringstream row(line + ",");
    for (std::string cell; std::getline(row, cell, ',');) cells.push_back(cell);
    ASSERT_EQ(cells.size(), 11U) << line;
    EXPECT_EQ(cells[7] + "," + cells[8], cells[0] == "x" ? "," : expected.at(cells[0] + "," + cells[1]));
    EXPECT_EQ(cells[9] + "," + cells[10], expected.at(cells[2] + "," + cells[3]));
    ++rows;
  }
  EXPECT_GT(rows, 150U);
  EXPECT_NE(exported("--format graphml").find("<data key=\"layer\">3</data><data key=\"betweenness\">"),
            std::string::npos);
}

TEST_F(Export, WhatCanNotBeWrittenIsRefused) {
  expect_refused("export run.pb --out a.txt", "tells no format");
  expect_refused("export run.pb --out a.gdf --bare", "--bare: needs a graph");
  expect_refused("export run.pb --out a.csv --first-sender 3", "--first-sender: needs");
  expect_refused("export run.pb --out a.graphml", "--bare leaves the layers out");  // fewer than 5 neurons
  expect_refused("export run.pb --out run.pb --format gdf", "run.pb");
  expect_refused("export run.pb --out a.h5.zst", "--out: 'a.h5.zst' is not allowed (HDF5 is read by places");
  expect_refused("export run.pb --format nir --out b.zst", "--out: 'b.zst' is not allowed");
  save("cut.pb", read_file(path("run.pb")).substr(0, 300));
  expect_refused("export cut.pb --out a.gdf", "cut.pb");
  ASSERT_EQ(run("encode " CHRONOTOPE_TEST_DATA "/hdf5/spoken.h5 --out s.pb --quiet").code, 0);
  expect_refused("export s.pb --out a.csv --bare", "the stream has no snapshot with weights");
}

}  // namespace
}  // namespace chronotope
