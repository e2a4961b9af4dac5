// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "chronotope/core/random_stream.hpp"
#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/proto/spike_codec.hpp"
#include "chronotope/proto/training.pb.h"
#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

/// Forty stimuli of two classes, which differ in the channels that fire, and a network that can learn them.
class TrainTest : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    std::string table = "time_ms,channel,stimulus,label\n";
    RandomStream stream(1, Purpose("train test"), 0);
    for (int k = 0; k < 40; ++k)
      for (int spike = 0; spike < 12; ++spike)
        table += std::to_string(1 + stream.below(38)) + "," + std::to_string(4 * (k % 2) + stream.below(4)) +
                 "," + std::to_string(k) + "," + (k % 2 == 0 ? "low" : "high") + "\n";
    save("t.csv", table);
    ASSERT_EQ(run("encode t.csv --out s.pb --duration 40 --order shuffled --quiet").code, 0);
    save("n.textproto", R"(seed: 3
      population { name: "E" size: 20 exp_psc_lif { t_ref { constant: 1 } } }
      population { name: "I" size: 5 exp_psc_lif { tau_m { gamma { mean: 15 cv: 0.3 } } } }
      input { name: "in" size: 8 spike_stream { } }
      projection { source: "in" target: "E" pairwise_bernoulli { p: 0.7 } weight { lognormal { mean: 700 cv: 0.3 } }
        delay { uniform { low: 1 high: 4 } } pair_stdp { w_max: 3000 } }
      projection { source: "E" target: "I" pairwise_bernoulli { p: 0.5 } weight { constant: 300 } }
      projection { source: "I" target: "E" pairwise_bernoulli { p: 0.5 } weight { constant: -300 } delay { constant: 2 } })");
  }
  static constexpr const char* kRun =
      "train n.textproto --spikes s.pb --rate 0.05 --validation 0.2 --batch 8 --quiet";
  std::string words(const std::string& more) const { return std::string(kRun) + " " + more; }
  std::string event_words(const std::string& more) const { return words("--method eventprop " + more); }
  TrainingFile checkpoint(const std::string& name) const {
    TrainingFile file;
    EXPECT_TRUE(file.ParseFromString(read_file(path(name)))) << name;
    return file;
  }
};

TEST_F(TrainTest, LearnsTwoClassesAndReadsThemAgain) {
  const Outcome outcome = run(words("--epochs 15 --checkpoint c.pb"));
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const TrainingFile file = checkpoint("c.pb");
  EXPECT_EQ(file.progress().history_size(), 15);
  EXPECT_EQ(file.progress().best().accuracy(), 1);
  EXPECT_LT(file.progress().history(14).training().loss(),
            0.5 * file.progress().history(0).training().loss());
  const Outcome read = run("train --evaluate c.pb --spikes s.pb --predictions p.csv");
  ASSERT_EQ(read.code, 0) << read.err;
  std::istringstream lines(read_file(path("p.csv")));
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, "stimulus,name,label,prediction");
  int right = 0;
  while (std::getline(lines, line)) right += line.ends_with("low,low") || line.ends_with("high,high") ? 1 : 0;
  EXPECT_GE(right, 39);
  EXPECT_NE(read.out.find("label"), std::string::npos) << read.out;
}

TEST_F(TrainTest, ACompressedTrainingIsReadAgain) {
  ASSERT_EQ(run(words("--epochs 3 --checkpoint c.pb")).code, 0);
  ASSERT_EQ(run(words("--epochs 2 --checkpoint c.pb.zst")).code, 0);
  ASSERT_EQ(run(words("--epochs 3 --checkpoint c.pb.zst --resume")).code, 0);
  EXPECT_EQ(shell("zstd -dc c.pb.zst | cmp - c.pb").code, 0);
  EXPECT_EQ(run("train --evaluate c.pb.zst --spikes s.pb --quiet").code, 0);
}

TEST_F(TrainTest, SavesTheFormatThatTheNameTells) {
  ASSERT_EQ(run(words("--epochs 2 --save n.pb")).code, 0);
  ASSERT_EQ(run("simulate n.pb --until 200 --spikes pb.csv --quiet").code, 0);
  for (const std::string name : {"n.json", "saved.textproto", "n.json.zst"}) {
    ASSERT_EQ(run(words("--epochs 2 --save " + name)).code, 0);
    const Outcome outcome = run("simulate " + name + " --until 200 --spikes again.csv --quiet");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_TRUE(read_file(path("again.csv")) == read_file(path("pb.csv"))) << name;
  }
  EXPECT_NE(read_file(path("saved.textproto")).find("\npopulation {\n"), std::string::npos);
}

TEST_F(TrainTest, NamesWithCommasStandInQuotes) {
  save("comma.csv", "time_ms,channel,stimulus,label\n1,0,0,\"a,b\"\n2,1,1,\"say \"\"c\"\"\"\n");
  ASSERT_EQ(run("encode comma.csv --out comma.pb --duration 40 --quiet").code, 0);
  ASSERT_EQ(run("train n.textproto --spikes comma.pb --epochs 1 --checkpoint k.pb --quiet").code, 0);
  ASSERT_EQ(run("train --evaluate k.pb --spikes comma.pb --predictions k.csv --quiet").code, 0);
  const std::string table = read_file(path("k.csv"));
  EXPECT_NE(table.find(",\"a,b\","), std::string::npos) << table;
  EXPECT_NE(table.find(",\"say \"\"c\"\"\","), std::string::npos) << table;
}

TEST_F(TrainTest, GoesOnWhereItStoppedWithTheSameBits) {
  ASSERT_EQ(run(words("--epochs 6 --checkpoint through.pb --out through.stream.pb --snapshot-every 2")).code,
            0);
  ASSERT_EQ(run(words("--epochs 3 --checkpoint parts.pb --snapshot-every 2 --out early.pb")).code, 0);
  ASSERT_EQ(run(words("--epochs 6 --checkpoint parts.pb --resume --snapshot-every 2 --out parts.stream.pb "
                      "--threads 3"))
                .code,
            0);
  EXPECT_EQ(read_file(path("parts.pb")), read_file(path("through.pb")));
  EXPECT_NE(read_file(path("early.pb")), read_file(path("through.stream.pb")));
  expect_refused(words("--epochs 6 --checkpoint parts.pb --resume --beta 10"), "is of another training");
}

/// Weights of a stream's snapshots, and how many records of epochs it has.
struct Held {
  std::vector<std::vector<double>> weights;
  int epochs = 0;
  int read_outs = 0;
  std::size_t spikes = 0;
};
Held held_by(const std::string& path) {
  Held held;
  proto::FrameReader frames(path);
  while (const auto envelope = frames.next()) {
    if (envelope->has_snapshot()) held.weights.emplace_back();
    if (envelope->has_weights())
      held.weights.back().insert(held.weights.back().end(), envelope->weights().weight().begin(),
                                 envelope->weights().weight().end());
    held.epochs += envelope->has_training_epoch() ? 1 : 0;
    held.read_outs += envelope->has_read_out() ? 1 : 0;
    held.spikes += static_cast<std::size_t>(envelope->spikes().neuron_size());
  }
  return held;
}

TEST_F(TrainTest, StreamAndSpecificationAreOfOneNetworkThatStartsAsSimulates) {
  ASSERT_EQ(run(words("--epochs 4 --snapshot-every 2 --out o.pb --save net.pb --learn tau_m")).code, 0);
  const Held trained = held_by(path("o.pb"));
  ASSERT_EQ(trained.weights.size(), 4);  // the start, two epochs, the probe's end
  EXPECT_EQ(trained.epochs, 4);
  EXPECT_EQ(trained.read_outs, 1);
  EXPECT_GT(trained.spikes, 100);
  ASSERT_EQ(run("simulate n.textproto --until 1e-3 --out start.pb --quiet").code, 2);  // no stream named
  ASSERT_EQ(shell("sed 's/spike_stream { }/spike_stream { path: \"s.pb\" }/' n.textproto > m.textproto").code,
            0);
  ASSERT_EQ(run("simulate m.textproto --until 1e-3 --out start.pb --quiet").code, 0);
  EXPECT_EQ(trained.weights.front(), held_by(path("start.pb")).weights.back());
  EXPECT_NE(trained.weights.front(), trained.weights.back());
  ASSERT_EQ(run("simulate net.pb --out again.pb --quiet").code, 0);
  const Held again = held_by(path("again.pb"));
  EXPECT_EQ(again.weights.back(), trained.weights.back());
  EXPECT_EQ(again.spikes, trained.spikes);
}

TEST_F(TrainTest, ReadersOfStreamsTakeTheStream) {
  ASSERT_EQ(run(words("--epochs 2 --out o.pb")).code, 0);
  const Outcome layers = run("layers o.pb");
  EXPECT_EQ(layers.code, 0) << layers.err;
  EXPECT_EQ(run("inspect o.pb").code, 0);
}

TEST_F(TrainTest, PopulationsReadClassesToo) {
  const Outcome outcome =
      run(words("--epochs 3 --readout I --loss discounted_count --synapses all --c1 0.01 --n-hi 5"));
  EXPECT_EQ(outcome.code, 0) << outcome.err;
}

/// Several seeds, each a training of its own.
class TrainSeedsTest : public TrainTest {
 protected:
  std::string seeds(const std::string& folder, const std::string& more = "") const {
    return words("--epochs 2 --seeds 3 --out " + folder + " " + more);
  }
  std::vector<std::string> cells(const std::string& folder) const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path(folder)))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }
  std::string table(const std::string& folder) const { return read_file(path(folder + "/train.csv")); }
};

TEST_F(TrainSeedsTest, EveryCellIsTheTrainingOfItsSeed) {
  ASSERT_EQ(run(seeds("all")).code, 0);
  ASSERT_EQ(cells("all").size(), 4u);  // and the table
  for (const char* seed : {"3", "4", "5"}) {
    ASSERT_EQ(run(words("--epochs 2 --seed " + std::string(seed) + " --out one.pb")).code, 0);
    const std::string csv = table("all");
    const std::size_t row = csv.find("," + std::string(seed) + ",E,20,");
    ASSERT_NE(row, std::string::npos) << csv;
    const std::string cell = csv.substr(csv.rfind('\n', row) + 1, row - csv.rfind('\n', row) - 1);
    EXPECT_EQ(held_by(path("all/" + cell)).weights, held_by(path("one.pb")).weights) << seed;
  }
}

TEST_F(TrainSeedsTest, ShardsTogetherAreOneRunAndARepetitionTrainsNothing) {
  ASSERT_EQ(run(seeds("all")).code, 0);
  ASSERT_EQ(run(seeds("parts", "--shard 1/2")).code, 0);
  EXPECT_EQ(cells("parts").size(), 1u);
  EXPECT_NE(run(seeds("parts", "--collect")).err.find("2 of 3 cells are missing"), std::string::npos);
  ASSERT_EQ(run(seeds("parts", "--shard 0/2 --jobs 1")).code, 0);
  EXPECT_EQ(table("parts"), table("all"));
  EXPECT_EQ(cells("parts"), cells("all"));
  ASSERT_EQ(shell("sh -c 'echo $$' > pid; touch all/train.csv.part$(cat pid)").code, 0);  // of a killed run
  const auto before = std::filesystem::last_write_time(path("all/" + cells("all").front()));
  ASSERT_EQ(run(seeds("all")).code, 0);
  EXPECT_EQ(std::filesystem::last_write_time(path("all/" + cells("all").front())), before);
  EXPECT_EQ(cells("all"), cells("parts"));
}

TEST_F(TrainSeedsTest, TheSpecificationMayStandBehindTwoDashes) {
  const std::string options = "--spikes s.pb --batch 8 --epochs 1 --seeds 2 --quiet --out ";
  ASSERT_EQ(run("train n.textproto " + options + "before").code, 0);
  const Outcome outcome = run("train " + options + "behind -- n.textproto");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(cells("behind"), cells("before"));
}

TEST_F(TrainSeedsTest, ASweepHasTheSameCells) {
  ASSERT_EQ(run(seeds("all")).code, 0);
  ASSERT_EQ(
      run("sweep n.textproto --seeds 3 --out swept --quiet -- train --spikes s.pb --rate 0.05 --validation 0.2 "
          "--batch 8 --epochs 2")
          .code,
      0);
  EXPECT_EQ(read_file(path("swept/sweep.csv")), table("all"));
}

TEST_F(TrainSeedsTest, OtherStimuliAreOtherCells) {
  ASSERT_EQ(run(seeds("all")).code, 0);
  ASSERT_EQ(run("encode t.csv --out s.pb --duration 40 --order shuffled --seed 2 --quiet").code, 0);
  ASSERT_EQ(run(seeds("all")).code, 0);
  EXPECT_EQ(cells("all").size(), 7u);
}

TEST_F(TrainSeedsTest, RefusesWhatNamesOneFileForAll) {
  for (const char* option : {"--save n.pb", "--checkpoint c.pb", "--json", "--checkpoint c.pb --resume"})
    expect_refused(seeds("all", option), "needs one seed, not --seeds");
  expect_refused(words("--epochs 2 --shard 0/2 --out all"), "--shard: needs --seeds");
  expect_refused(words("--epochs 2 --seeds 2"), "--seeds: needs --out");
  EXPECT_FALSE(std::filesystem::exists(path("all")));
}

/// Through exact spike times: the same network and its stimuli.
class TrainByEventsTest : public TrainTest {};

TEST_F(TrainByEventsTest, LearnsTwoClassesAndReadsThemAgain) {
  const Outcome outcome = run(event_words("--epochs 12 --checkpoint c.pb --test 0.2 --json"));
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const TrainingFile file = checkpoint("c.pb");
  EXPECT_TRUE(file.read_out().from_spike_to_spike());
  EXPECT_EQ(file.progress().best().accuracy(), 1);
  EXPECT_LT(file.progress().history(11).training().loss(),
            0.5 * file.progress().history(0).training().loss());
  for (const char* place : {"\"test\"", "\"grid_accuracy\"", "\"event_accuracy\"", "\"floored\""})
    EXPECT_NE(outcome.out.find(place), std::string::npos) << place << outcome.out;
  const Outcome read = run("train --evaluate c.pb --spikes s.pb --predictions p.csv");
  ASSERT_EQ(read.code, 0) << read.err;
  EXPECT_NE(read.err.find("from spike to spike"), std::string::npos) << read.err;
}

TEST_F(TrainByEventsTest, GoesOnWhereItStoppedWithTheSameBits) {
  const std::string learnt = "--learn delays,tau_m,tau_syn,V_th,I_e ";
  ASSERT_EQ(run(event_words(learnt + "--epochs 4 --checkpoint through.pb")).code, 0);
  ASSERT_EQ(run(event_words(learnt + "--epochs 2 --checkpoint parts.pb")).code, 0);
  ASSERT_EQ(run(event_words(learnt + "--epochs 4 --checkpoint parts.pb --resume --threads 3")).code, 0);
  EXPECT_EQ(read_file(path("parts.pb")), read_file(path("through.pb")));
  expect_refused(words("--epochs 4 --checkpoint parts.pb --resume"), "is of another training");
}

TEST_F(TrainByEventsTest, KeepsSignsAndMovesNothingButWhatWasChosen) {
  const std::string learning =
      "train n.textproto --spikes s.pb --batch 8 --quiet --method eventprop --learn delays ";
  ASSERT_EQ(run(learning + "--epochs 3 --checkpoint c.pb --rate 0.2").code, 0);
  ASSERT_EQ(run(learning + "--epochs 1 --checkpoint d.pb --rate 1e-12").code, 0);
  const TrainedParameters after = checkpoint("c.pb").progress().values();
  const TrainedParameters before = checkpoint("d.pb").progress().values();
  int moved = 0;
  for (int k = 0; k < after.weight_size(); ++k) {
    const bool chosen = before.weight(k) != 300 && before.weight(k) != -300;  // those are not plastic
    EXPECT_GE(after.weight(k) * before.weight(k), 0) << k;
    moved += after.delay(k) != before.delay(k) && chosen ? 1 : 0;
    if (!chosen) {
      EXPECT_EQ(after.weight(k), before.weight(k)) << k;
      EXPECT_EQ(after.delay(k), before.delay(k)) << k;
    }
    EXPECT_GE(after.delay(k), 1e-3);
  }
  EXPECT_GT(moved, 50);
  ASSERT_EQ(after.tau_m_size(), 25);
  EXPECT_EQ(after.tau_m(22), before.tau_m(22));
  ASSERT_EQ(run(learning + "--epochs 3 --rate 0.2 --save n.pb").code, 0);
  EXPECT_EQ(run("simulate n.pb --until 50 --quiet").code, 0);
}

TEST_F(TrainByEventsTest, FirstSpikesOfAPopulationTellTheClassInTheEngineToo) {
  const Outcome outcome =
      run(event_words("--epochs 3 --readout I --synapses all --tail 20 --test 0.5 --early-weight 0.01 --out "
                      "o.pb --save n.pb"));
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(run("layers o.pb").code, 0);
  EXPECT_EQ(run("simulate n.pb --until 50 --quiet").code, 0);
}

TEST_F(TrainByEventsTest, StopsAtALossThatIsNoNumberAndNamesTheBatch) {
  const Outcome outcome = run(event_words(
      "--readout I --synapses all --early-weight 1e9 --early-tau 1e-3 --epochs 3 --checkpoint c.pb"));
  EXPECT_EQ(outcome.code, 1);
  EXPECT_NE(outcome.err.find("the loss of batch 1 of 4 in epoch 1"), std::string::npos) << outcome.err;
}

TEST_F(TrainByEventsTest, RefusesWhatHasNoExactGradient) {
  expect_refused(event_words("--readout I --loss count"), "a count of spikes has an exact gradient of 0");
  expect_refused(event_words("--loss last"), "must be max or mean");
  expect_refused(event_words("--precision float"), "--precision: needs --method surrogate");
  expect_refused(event_words("--beta 10"), "--beta: needs --method surrogate");
  expect_refused(words("--slope-floor 0.1"), "--slope-floor: needs --method eventprop");
  expect_refused(event_words("--learn E_L"), "must be of tau_m,tau_syn,V_th,I_e,delays");
  expect_refused(event_words("--signs free"), "multi_receptor_lif can");
  expect_refused(words("--method backprop"), "no method named \"backprop\"; one of surrogate, eventprop");
}

TEST_F(TrainTest, RefusesWhatNothingWouldUse) {
  expect_refused(words("--scale 2"), "--scale: needs --loss count or discounted_count");
  expect_refused(words("--readout I --tau-l 2"), "--tau-l: needs --loss discounted_count or first_spike");
  expect_refused(event_words("--early-weight 2"), "--early-weight: needs --loss first_spike");
  expect_refused(event_words("--readout I --early-tau 2"), "--early-tau: needs --early-weight");
  expect_refused(words("--n-hi 2"), "--n-hi: needs --c1");
  expect_refused(words("--n-lo 2"), "--n-lo: needs --c2");
  expect_refused(event_words("--least-delay 2"), "--least-delay: needs --learn delays");
  expect_refused(words("--resume"), "--resume: needs --checkpoint");
  expect_refused(words("--predictions p.csv"), "--predictions: needs --evaluate");
  expect_refused(words("--checkpoint -"), "--checkpoint: '-' is not allowed (must be a file");
  expect_refused(words("--save - --out -"), "can have the standard output");
  ASSERT_EQ(run(words("--epochs 1 --checkpoint c.pb")).code, 0);
  for (const std::string option : {"--epochs 2", "--seed 3", "--tail 1", "--dt 2", "--out o.pb", "--json"})
    expect_refused("train --evaluate c.pb --spikes s.pb " + option, "needs SPEC, not --evaluate");
}

TEST_F(TrainTest, RefusesListsAndChoicesThatAreNone) {
  for (const std::string list : {"delays,delays", "tau_m,tau_m"})
    expect_refused(event_words("--learn " + list), "--learn: '" + list + "' is not allowed (names '");
  for (const std::string list : {",", "tau_m,", ",tau_m", "tau_m,,V_th"})
    expect_refused(words("--learn " + list), "must be words with a comma between them");
  expect_refused(words("--synapses 'E->I,E->I'"), "names 'E->I' twice");
  expect_refused(words("--synapses 'E->I,E->J'"),
                 "--synapses: 'E->J' is not allowed (the network has no such");
  for (const std::string option : {"test", "validation"}) {
    const std::string words = "train n.textproto --spikes s.pb --" + option;
    expect_refused(words + " label=nobody",
                   "--" + option + ": 'label=nobody' is not allowed (chooses no stimulus)");
    for (const std::string choice : {"0", "1", "-0.5", "nan", "inf", "hello", "=", "size=3"})
      expect_refused(words + "=" + choice, "must be a share between 0 and 1");
    for (const std::string take : {"1e300-1e300", "nan-nan", "9-1", "0-1e9"})
      expect_refused(words + " take=" + take, "is not named LABEL_SPEAKER_TAKE");
  }
}

/// Numbers that would be too much time or memory are told before any is spent.
TEST_F(TrainTest, RefusesLengthsThatNothingHasRoomFor) {
  for (const std::string tail : {"8968", "1e6", "1e9", "1e12"})
    expect_refused(event_words("--tail " + tail), "ms with its --tail is too long for --method eventprop");
  expect_refused(words("--tail 1e12"), "is more than 4e9 steps of --dt");
  expect_refused(words("--tail 5e6 --dt 1e-3"), "is more than 4e9 steps of --dt");
  expect_one_line(shell("ulimit -v 4000000; " + kProgram + " " + words("--tail 1e8")), 2, "",
                  "in a --batch of 8 on a grid of 1 ms need about ");
  EXPECT_EQ(run(event_words("--tail 8900 --epochs 1")).code, 0);
  for (const std::string option : {"tail", "longest", "dt", "least-delay", "rate", "clip", "c1", "epochs"})
    for (const std::string value : {"nan", "-1", "1e13", "x"})
      expect_refused(
          "train n.textproto --spikes s.pb --method eventprop --learn delays --" + option + "=" + value,
          "--" + option + ": ");
}

/// A signal during the passes of one batch, on one thread or several.
TEST_F(TrainTest, IsInterruptedInsideABatch) {
  for (const std::string method : {"--method surrogate --tail 400000", "--method eventprop --tail 8000"})
    for (const std::string threads : {"1", "3"}) {
      const Outcome outcome =
          shell("timeout -k 5 -s TERM 0.5 " + kProgram +
                " train n.textproto --spikes s.pb --epochs 1000000 --validation 0.5 --batch 40 "
                "--quiet --checkpoint c.pb " +
                method + " --threads " + threads + "; test $? -eq 124");
      EXPECT_EQ(outcome.code, 0) << method << threads << outcome.err;
      EXPECT_NE(outcome.err.find("interrupted"), std::string::npos) << method << outcome.err;
    }
}

TEST_F(TrainTest, RefusesWhatHasNoGradient) {
  expect_refused(words("--signs free"), "multi_receptor_lif can");
  expect_refused(words("--learn delays"), "delays in steps of a grid have no derivative");
  expect_refused(words("--readout nobody"), "must be leaky or the name of a population");
  expect_refused(words("--synapses 'I->I'"), "has no such projection");
  expect_refused(words("--loss count"), "must be max, mean or last");
  expect_refused("train n.textproto --spikes s.pb --validation hello", "must be a share between 0 and 1");
  expect_refused("train --spikes s.pb", "needs SPEC");
  ASSERT_EQ(shell("sed 's/size: 5 exp_psc_lif/size: 1 exp_psc_lif/' n.textproto > one.textproto").code, 0);
  expect_refused("train one.textproto --spikes s.pb --readout I", "has 1 neurons for 2 classes");
  ASSERT_EQ(shell("sed 's/size: 5 exp_psc_lif/size: 5 alpha_psc_lif/' n.textproto > alpha.textproto").code,
            0);
  expect_refused("train alpha.textproto --spikes s.pb", "has no gradient form: exp_psc_lif, its currents");
  ASSERT_EQ(shell("sed 's/size: 5 exp_psc_lif/size: 5 escape_noise_lif/' n.textproto > noise.textproto").code,
            0);
  expect_refused("train noise.textproto --spikes s.pb", "exp_psc_lif, the same without noise, has");
  ASSERT_EQ(shell("grep -v high t.csv > low.csv; sed 's/,low$//; s/,label$//' low.csv > bare.csv").code, 0);
  ASSERT_EQ(run("encode low.csv --out low.pb --quiet").code, 0);
  ASSERT_EQ(run("encode bare.csv --out bare.pb --quiet").code, 0);
  expect_refused("train n.textproto --spikes low.pb", "learning needs two classes or more");
  expect_refused("train n.textproto --spikes bare.pb", "has no label");
}

/// A network of other weights comes to fire as the first one does, and the trained one's trains are what the loss says.
TEST_F(TrainTest, MatchesTrainsWithoutLabels) {
  ASSERT_EQ(shell("sed 's/spike_stream { }/spike_stream { path: \"s.pb\" }/' n.textproto > m.textproto").code,
            0);
  ASSERT_EQ(run("simulate m.textproto --reset --out target.pb --spikes target.csv --quiet").code, 0);
  const std::string match =
      "train n.textproto --spikes s.pb --matched E:0-4 --set 'projection.in->E.weight=650' "
      "--rate 0.02 --batch 8 --epochs 15 --tau-l 10 --quiet ";
  const Outcome outcome =
      run(match + "--match target.pb --validation 0.2 --checkpoint c.pb --save net.pb --json");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const TrainingFile file = checkpoint("c.pb");
  const auto& history = file.progress().history();
  EXPECT_LT(history[14].training().loss(), 0.7 * history[0].training().loss());
  EXPECT_LT(file.progress().best().loss(), history[0].validation().loss());
  ASSERT_EQ(run(match + "--match target.csv --validation 0.2 --checkpoint d.pb").code, 0);
  EXPECT_EQ(checkpoint("d.pb").progress().history(14).training().loss(), history[14].training().loss());
  EXPECT_EQ(outcome.out.find("accuracy"), std::string::npos) << outcome.out;
  EXPECT_EQ(run("simulate net.pb --out again.pb --quiet").code, 0);
  expect_refused("train --evaluate c.pb --spikes s.pb", "tells no labels");
  expect_refused(match, "needs --match");
  expect_refused("train n.textproto --spikes s.pb --match target.pb", "needs --matched");
  expect_refused("train n.textproto --spikes s.pb --loss van_rossum", "needs trains to --match");
  expect_refused(match + "--match target.pb --loss max", "must be van_rossum with --match");
  expect_refused(match + "--match target.pb --method eventprop", "must be surrogate with --match");
  expect_refused(match + "--match target.pb --readout E", "has no use with --match");
  for (const char* neurons : {"Z", "E:20", "E:3-2", "E:x", "E:1-", "E:0,E:0-1"})
    expect_refused("train n.textproto --spikes s.pb --match target.pb --matched " + std::string(neurons),
                   "--matched");
  save("none.csv", "time_ms,population,neuron\n1,I,0\n");
  expect_refused(match + "--match none.csv", "has no spikes of population E");
  save("silent.csv", "time_ms,population,neuron\n1,E,9\n");
  expect_refused(match + "--match silent.csv", "none of the neurons to match fires");
  // A stimulus ends where it no longer is: a spike there is of none behind the last.
  const proto::Stimulus last = proto::read_spike_recording(path("s.pb")).stimuli.back();
  save("end.csv", "time_ms,population,neuron\n" + to_text(last.onset + last.duration) + ",E,0\n");
  expect_refused(match + "--match end.csv", "none of the neurons to match fires");
}

}  // namespace
}  // namespace chronotope
