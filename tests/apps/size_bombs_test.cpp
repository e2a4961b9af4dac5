// SPDX-License-Identifier: Apache-2.0
// What would take more memory than the machine has is refused before it is taken, with the estimate.
#include <gtest/gtest.h>

#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

class SizeBombs : public ProgramTest {
 protected:
  void expect_too_large(const std::string& words) const {
    expect_one_line(shell("ulimit -v 4000000; " + kProgram + " " + words), 2, words, " GB");
  }
};

TEST_F(SizeBombs, OfASpecification) {
  const std::string neurons = "population { name: 'E' size: 4000000000 exp_psc_lif { } }";
  const std::string ends =
      "population { name: 'E' size: 100000 exp_psc_lif { } } projection { source: 'E' target: 'E' "
      "weight: 1 delay: 1 ";
  save("neurons.textproto", neurons);
  save("all.textproto", ends + "all_to_all { } }");
  save("pairs.textproto", ends + "pairwise_bernoulli { p: 0.5 } }");
  save("in.textproto", ends + "fixed_indegree { indegree: 90000 } }");
  save("out.textproto", ends + "fixed_outdegree { outdegree: 90000 } }");
  save("total.textproto", ends + "fixed_total { N: 9000000000 } }");
  save("channels.textproto",
       "population { name: 'E' size: 1 exp_psc_lif { } } input { name: 'i' size: 4000000000 poisson { rate: "
       "1 } }");
  save("near.textproto",
       "population { name: 'E' size: 1000000 grid { x: 100 y: 100 z: 100 } exp_psc_lif { } } projection { "
       "source: 'E' target: 'E' distance { C: 1 lambda: 20 } weight: 1 delay: 1 }");  // 3e10 synapses
  for (const char* name : {"neurons", "all", "pairs", "in", "out", "total", "channels", "near"}) {
    expect_too_large(std::string("simulate ") + name + ".textproto --until 1");
    expect_too_large(std::string("simulate ") + name + ".textproto --until 1 --clock 1");
    expect_too_large(std::string("compare ") + name + ".textproto --until 1 --dt 1");
  }
}

TEST_F(SizeBombs, NameTheLargestPart) {
  const auto named = [&](const std::string& text, const std::string& part) {
    save("n.textproto", text);
    expect_one_line(shell("ulimit -v 4000000; " + kProgram + " simulate n.textproto --until 1"), 2, part,
                    part);
  };
  const std::string few = "population { name: 'F' size: 10 delta_lif { } }\n";
  named(few + "population { name: 'E' size: 4000000000 exp_psc_lif { } }", "n.textproto:2: population E: ");
  named(few + "input { name: 'x' size: 4000000000 poisson { rate: 1 } }", "n.textproto:2: input x: ");
  named(few +
            "projection { source: 'F' target: 'F' one_to_one { } weight: 1 }\n"
            "projection { source: 'F' target: 'F' fixed_total { N: 9000000000 } weight: 1 }",
        "n.textproto:3: projection F->F#2: ");
}

TEST_F(SizeBombs, OfOptionsAndTables) {
  save("p.csv", "0,0\n1,0\n1,1\n0,1\n");
  save("pairs.csv", "0,100000000,1\n");
  expect_too_large("rtd p.csv p.csv --batch 2 --trials 1000000000");
  expect_too_large("rtd p.csv p.csv --variant mtop-div --trials 1000000000");
  expect_too_large("barcode pairs.csv --pairs");
  std::string bars;
  for (int k = 0; k < 300'000; ++k) bars += "0,0," + std::to_string(k + 1) + "\n";
  save("bars.csv", bars);
  expect_too_large("barcode bars.csv --bars --against bars.csv");
  for (const std::string option : {"--permutations", "--resamples"})
    expect_refused("rtd p.csv p.csv " + option + " 1000000000",
                   option + ": 1000000000 is not allowed (must be from");
  EXPECT_EQ(run("rtd p.csv p.csv --trials 1000000000").code, 0);  // a batch of all rows is one trial
}

TEST_F(SizeBombs, OfAHeader) {
  Header header;
  PopulationInfo& population = *header.add_population();
  population.set_name("E");
  population.set_size(4000000000U);
  proto::FrameWriter(path("h.pb"), header).close();
  for (const char* words : {"layers h.pb", "rtd h.pb h.pb", "rtd h.pb --against h.pb"})
    expect_too_large(words);
}

/// The networks of a study live at once, as many as it has threads.
TEST_F(SizeBombs, OfThreads) {
  save("s.csv", "time_ms,channel\n1,0\n");
  ASSERT_EQ(run("encode s.csv --out s.pb --quiet").code, 0);
  save("n.textproto",
       "population { name: 'E' size: 15000 exp_psc_lif { } } input { name: 'x' size: 1 spike_stream { } } "
       "projection { source: 'E' target: 'E' all_to_all { } weight: 1 }");  // 1.6 GB
  expect_too_large("study n.textproto --spikes s.pb --out o --threads 3 --seeds 2 --conditions MM,MU");
}

TEST_F(SizeBombs, OfThreadsOfARun) {
  std::string many;
  for (int i = 0; i < 1500; ++i)
    many += "population { name: 'p" + std::to_string(i) + "' size: 1 delta_lif { } }\n";
  save("many.textproto", many);
  expect_too_large("simulate many.textproto --until 1 --threads 200");  // 5 GB
  save("one.textproto", "population { name: 'E' size: 1 delta_lif { } }");
  // A stack is 8 MB of address space.
  expect_one_line(shell("ulimit -v 400000; " + kProgram + " simulate one.textproto --until 1 --threads 200"),
                  1, "stacks", "--threads: the system does not start 200 threads");
}

/// Nothing else limits this process: the program limits its data to the machine's memory itself.
TEST_F(SizeBombs, OfDataAlone) {
  const Outcome limits =
      shell("mkfifo f; " + kProgram +
            " inspect f & exec 3> f; grep 'Max data size' /proc/$!/limits; exec 3>&-; wait");
  EXPECT_NE(limits.out.find("Max data size"), std::string::npos) << limits.out << limits.err;
  EXPECT_EQ(limits.out.find("Max data size             unlimited"), std::string::npos) << limits.out;
}

/// What a pipe goes on to send fills the memory that there is, and no more.
TEST_F(SizeBombs, OfAPipeWithoutAnEnd) {
  save("p.csv", "0,0\n1,0\n1,1\n0,1\n");
  save(
      "events.textproto",
      "population { name: 'E' size: 1 exp_psc_lif { } } input { name: 'i' size: 1 csv { path: '/dev/stdin' } "
      "}");
  const std::string numbers = "yes 1,2 | ";
  const std::string one_row = "yes 1,2 | tr -d '\\n' | ";
  const std::string events = "(echo time_ms,channel; yes 1,0) | ";
  const std::string array = "(printf '\\223NUMPY'; yes) | ";
  for (const auto& [source, words] : {std::pair(numbers, "rtd - p.csv"),
                                      {numbers, "rtd p.csv - --distances"},
                                      {numbers, "barcode -"},
                                      {one_row, "barcode -"},
                                      {array, "barcode -"},
                                      {numbers, "simulate -"},
                                      {events, "encode - --out e.pb"},
                                      {events, "simulate events.textproto"}}) {
    const Outcome outcome = shell("ulimit -v 400000; " + source + kProgram + " " + words);
    expect_one_line(outcome, 2, source + words,
                    source == events && words[0] == 's' ? "/dev/stdin" : "standard input");
    EXPECT_NE(outcome.err.find("memory"), std::string::npos) << source << words << outcome.err;
  }
}

TEST_F(SizeBombs, OfADeviceWithoutAnEnd) {
  const std::string zero = "/dev/zero";
  std::filesystem::create_symlink(zero, path("z.bin"));
  save("s.textproto",
       "population { name: 'E' size: 1 exp_psc_lif { } } input { name: 'i' size: 1 csv { path: '/dev/zero' } "
       "}");
  for (const std::string words :
       {"inspect /dev/zero", "layers /dev/zero", "report /dev/zero --out r.html", "rtd /dev/zero /dev/zero",
        "rtd /dev/zero /dev/zero --distances", "rtd /dev/zero --against /dev/urandom", "barcode /dev/zero",
        "barcode /dev/urandom --pairs", "barcode - < /dev/zero", "simulate /dev/zero",
        "simulate - < /dev/zero", "simulate s.textproto", "compare /dev/zero --dt 1 --until 10",
        "study /dev/zero --spikes /dev/zero --out .", "encode /dev/zero --out e.pb",
        "encode z.bin --out e.pb", "encode - --out e.pb < /dev/zero"})
    expect_one_line(shell("ulimit -v 4000000; " + kProgram + " " + words), 2, words, "");
  expect_one_line(shell("cat /dev/zero | " + kProgram + " barcode -"), 2, "cat", "begins with a zero byte");
  expect_one_line(shell("cat /dev/zero | " + kProgram + " simulate -"), 2, "cat", "begins with a zero byte");
}

}  // namespace
}  // namespace chronotope
