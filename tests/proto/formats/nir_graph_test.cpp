// SPDX-License-Identifier: Apache-2.0
// NIR graphs: files of the NIR project (tests/data/nir) and small ones that the tests make.
#include "chronotope/proto/formats/nir_graph.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include "chronotope/core/error.hpp"

namespace chronotope::proto {
namespace {

const std::string kFiles = CHRONOTOPE_TEST_DATA "/nir/";

class NirGraphs : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }
  const std::string& save(const std::string& bytes) const {
    std::ofstream(path_, std::ios::binary) << bytes;
    return path_;
  }
  static std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static NirGraph read(const std::string& path) { return read_nir_graph(Hdf5File(path)); }
  static const NirNode& node(const NirGraph& graph, const std::string& name) {
    return *std::find_if(graph.nodes.begin(), graph.nodes.end(),
                         [&](const NirNode& one) { return one.name == name; });
  }
  /// "from>to", in order.
  static std::vector<std::string> edges(const NirGraph& graph) {
    std::vector<std::string> all;
    for (const auto& [from, to] : graph.edges)
      all.push_back(graph.nodes[from].name + ">" + graph.nodes[to].name);
    std::sort(all.begin(), all.end());
    return all;
  }
  std::string complaint(const std::string& path) const {
    try {
      read(path);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }

  const std::string path_ = testing::TempDir() + "chronotope_" +
                            testing::UnitTest::GetInstance()->current_test_info()->name() + ".nir";
};

/// An image with the least that a graph has; `add` puts nodes and edges in.
std::string image(const std::function<void(Hdf5Image&)>& add) {
  Hdf5Image image;
  image.add_group("/node");
  image.add_texts("/node/type", {"NIRGraph"}, {});
  image.add_group("/node/nodes");
  add(image);
  return image.bytes();
}
void add_node(Hdf5Image& image, const std::string& path, const std::string& type) {
  image.add_group(path);
  image.add_texts(path + "/type", {type}, {});
}

TEST_F(NirGraphs, OfTrainedRecurrentNetworksAreRead) {
  const NirGraph graph = read(kFiles + "braille_noDelay_bias_zero.nir");
  ASSERT_EQ(graph.nodes.size(), 7U);
  EXPECT_EQ(edges(graph),
            (std::vector<std::string>{"fc1>lif1.lif", "fc2>lif2", "input>fc1", "lif1.lif>fc2",
                                      "lif1.lif>lif1.w_rec", "lif1.w_rec>lif1.lif", "lif2>output"}));
  const NirNode& recurrent = node(graph, "lif1.w_rec");
  EXPECT_EQ(recurrent.type, "Affine");
  EXPECT_EQ(recurrent.arrays.at("weight").extents, (std::vector<std::uint64_t>{38, 38}));
  EXPECT_TRUE(recurrent.arrays.at("weight").is_single);
  EXPECT_NEAR(recurrent.arrays.at("weight").values[1], -0.0238821, 5e-8);
  const NirNode& neurons = node(graph, "lif1.lif");
  EXPECT_EQ(neurons.type, "CubaLIF");
  ASSERT_EQ(neurons.arrays.at("tau_syn").values.size(), 38U);
  EXPECT_NEAR(neurons.arrays.at("tau_syn").values[37], 0.0001 / 0.45, 1e-10);
  EXPECT_FALSE(neurons.has("v_reset"));
  EXPECT_FALSE(neurons.arrays.at("r").is_single);
}

TEST_F(NirGraphs, OfSingleNeuronsAreRead) {
  const NirGraph norse = read(kFiles + "lif_norse.nir");
  EXPECT_EQ(edges(norse), (std::vector<std::string>{"0>1", "1>output", "input>0"}));
  EXPECT_EQ(node(norse, "1").arrays.at("tau").values, (std::vector<double>{0.0025F}));
  const NirGraph rockpool = read(kFiles + "lif_rockpool.nir");
  EXPECT_EQ(node(rockpool, "0_LinearTorch").type, "Linear");
}

TEST_F(NirGraphs, AnEdgeToANodeThatThereIsNotIsRefused) {
  EXPECT_EQ(complaint(kFiles + "braille_noDelay_bias_zero_subgraph.nir"),
            kFiles +
                "braille_noDelay_bias_zero_subgraph.nir:/node/nodes/lif1/edges: edge 0 (from 0): there is "
                "no node 'lif'");
}

TEST_F(NirGraphs, ThatAreNestedBecomeOne) {
  const std::string path = save(image([](Hdf5Image& file) {
    add_node(file, "/node/nodes/in", "Input");
    file.add_indices("/node/nodes/in/shape", std::vector<std::uint64_t>{2}, {1});
    add_node(file, "/node/nodes/out", "Output");
    add_node(file, "/node/nodes/g", "NIRGraph");
    file.add_group("/node/nodes/g/nodes");
    for (const char* name : {"a", "b"})
      add_node(file, std::string("/node/nodes/g/nodes/") + name, "Identity");
    add_node(file, "/node/nodes/g/nodes/x", "Input");
    file.add_indices("/node/nodes/g/nodes/x/shape", std::vector<std::uint64_t>{2}, {1});
    add_node(file, "/node/nodes/g/nodes/y", "Output");
    file.add_texts("/node/nodes/g/edges", {"x", "a", "a", "b", "b", "a", "b", "y"}, {4, 2});
    file.add_texts("/node/edges", {"in", "g", "g", "out"}, {2, 2});
  }));
  const NirGraph graph = read(path);
  EXPECT_EQ(edges(graph),
            (std::vector<std::string>{"g.a>g.b", "g.b>g.a", "g.b>g.y", "g.x>g.a", "g.y>out", "in>g.x"}));
  EXPECT_EQ(node(graph, "g.x").type, "Identity");
  EXPECT_EQ(node(graph, "in").type, "Input");
}

TEST_F(NirGraphs, WhatIsWrittenIsRead) {
  for (const char* name : {"braille_noDelay_noBias_subtract.nir", "lif_norse.nir"}) {
    NirGraph graph = read(kFiles + name);
    graph.dt = 0.0001;
    const NirGraph again = read(save(nir_bytes(graph)));
    EXPECT_EQ(again.dt, graph.dt);
    EXPECT_EQ(edges(again), edges(graph));
    ASSERT_EQ(again.nodes.size(), graph.nodes.size());
    for (const NirNode& one : graph.nodes) {
      const NirNode& other = node(again, one.name);
      EXPECT_EQ(other.type, one.type);
      ASSERT_EQ(other.arrays.size(), one.arrays.size()) << one.name;
      for (const auto& [key, array] : one.arrays) {
        EXPECT_EQ(other.arrays.at(key).extents, array.extents) << one.name << key;
        EXPECT_EQ(other.arrays.at(key).values, array.values) << one.name << key;
      }
    }
  }
}

TEST_F(NirGraphs, ThatAreCutAnywhereAreRefused) {
  for (const char* name : {"braille_noDelay_bias_zero.nir", "lif_norse.nir"}) {
    const std::string bytes = bytes_of(kFiles + name);
    for (std::size_t size = 0; size < bytes.size(); size += bytes.size() / 60 + 1)
      EXPECT_THROW(read(save(bytes.substr(0, size))), InputError) << name << " cut at " << size;
    EXPECT_THROW(read(save(bytes.substr(0, bytes.size() - 1))), InputError) << name;
  }
}

TEST_F(NirGraphs, OfWhichAByteIsAnotherAreRefusedOrRead) {
  const std::string bytes = bytes_of(kFiles + "lif_norse.nir");
  for (std::size_t at = 0; at < bytes.size(); at += 73) {
    std::string other = bytes;
    other[at] = static_cast<char>(other[at] ^ 0xff);
    try {
      read(save(other));
    } catch (const InputError&) {
    }
  }
}

TEST_F(NirGraphs, WhatIsWrongIsToldByItsPath) {
  const auto told = [&](const std::function<void(Hdf5Image&)>& add) {
    const std::string text = complaint(save(image(add)));
    return text.starts_with(path_ + ":") ? text.substr(path_.size() + 1) : text;
  };
  EXPECT_EQ(
      told([](Hdf5Image& file) { add_node(file, "/node/nodes/c", "Conv2d"); }),
      "/node/nodes/c: type 'Conv2d' has no counterpart here (Input Output Identity Flatten Linear Affine Scale "
      "Delay LIF CubaLIF IF NIRGraph can be read)");
  EXPECT_EQ(told([](Hdf5Image& file) { add_node(file, "/node/nodes/l", "LIF"); }),
            "/node/nodes/l/tau: is missing; it must be a data set");
  EXPECT_EQ(told([](Hdf5Image& file) {
              add_node(file, "/node/nodes/l", "Linear");
              file.add_numbers("/node/nodes/l/weight", std::vector<double>{1, 2}, {2});
            }),
            "/node/nodes/l/weight: has 1 dimensions; outputs x inputs can be read");
  EXPECT_EQ(told([](Hdf5Image& file) {
              add_node(file, "/node/nodes/l", "Affine");
              file.add_numbers("/node/nodes/l/weight", std::vector<double>{1, 2}, {2, 1});
              file.add_numbers("/node/nodes/l/bias", std::vector<double>{1}, {1});
            }),
            "/node/nodes/l/bias: holds 1 numbers for 2 outputs");
  EXPECT_EQ(told([](Hdf5Image& file) {
              add_node(file, "/node/nodes/s", "Scale");
              file.add_numbers("/node/nodes/s/scale",
                               std::vector<double>{1, std::numeric_limits<double>::quiet_NaN()}, {2});
            }),
            "/node/nodes/s/scale: number 1 (from 0): nan is not allowed (must be finite)");
  EXPECT_EQ(told([](Hdf5Image& file) {
              add_node(file, "/node/nodes/s", "Scale");
              file.add_numbers("/node/nodes/s/scale", std::vector<double>{1}, {1});
              file.add_numbers("/node/nodes/s/bias", std::vector<double>{1}, {1});
            }),
            "/node/nodes/s/bias: Scale has no such parameter");
  EXPECT_EQ(told([](Hdf5Image& file) {
              add_node(file, "/node/nodes/o", "Output");
              file.add_texts("/node/edges", {"o", "o", "o"}, {3});
            }),
            "/node/edges: must hold rows of two names");
  EXPECT_EQ(complaint(CHRONOTOPE_TEST_DATA "/hdf5/spoken.h5"),
            CHRONOTOPE_TEST_DATA "/hdf5/spoken.h5:/node: is missing; a NIR graph has it");
}

}  // namespace
}  // namespace chronotope::proto
