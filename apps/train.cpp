// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/network_options.hpp"
#include "chronotope/apps/options.hpp"
#include "chronotope/apps/training_evaluation.hpp"
#include "chronotope/apps/training_request.hpp"
#include "chronotope/apps/training_run.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

Usage make_usage() {
  Usage usage;
  usage.synopsis = "train SPEC --spikes STREAM [options]";
  usage.summary =
      "Teaches the network that SPEC describes the labels of a stream's stimuli by gradients: the same "
      "graph, "
      "delays,\n"
      "constants and initial weights that simulate and study begin with. Marks of phase PROBE test, the "
      "others "
      "teach.\n"
      "docs/learning.md has the equations.";
  usage.examples =
      "  chronotope train net.textproto --spikes digits.spikes.pb --validation 0.2 --save trained.spec.pb\n"
      "  chronotope train net.textproto --spikes digits.spikes.pb --validation speaker=theo --test take=0-1\n"
      "  chronotope train net.textproto --spikes digits.spikes.pb --method eventprop --learn delays,tau_m\n"
      "  chronotope train net.textproto --spikes digits.spikes.pb --checkpoint t.pb --resume --epochs 60\n"
      "  chronotope train --evaluate t.pb --spikes new.spikes.pb --predictions new.csv\n";
  usage.positional = {"SPEC"};
  usage.last_optional = true;
  usage.inputs = {"spikes", "evaluate"};
  usage.outputs = kTrainingOutputs;
  usage.groups = {network_options()};
  usage.options.add_options()  //
      ("spikes", po::value<std::string>()->required(), "the stream of labelled stimuli");
  add_training_options(usage.options);
  usage.options.add_options()  //
      ("validation", po::value<std::string>(),
       "stimuli that choose the epoch: a share, or speaker=NAME,... or take=FIRST-LAST of their names")  //
      ("test", po::value<std::string>(), "stimuli that test, beside those of phase PROBE: likewise")     //
      ("longest", po::value<std::string>(), "present only so much of each stimulus [ms]")                //
      ("tail", po::value<std::string>()->default_value("0"),
       "silence after each stimulus, in which the read-out goes on [ms]")  //
      ("reset", po::bool_switch(),
       "the event engine, too, begins every stimulus at rest, as each is taught; else one goes on from the "
       "other")  //
      ("out", po::value<std::string>(),
       "write a stream: losses, read-out, snapshots, and the trained network's spikes under the stimuli to "
       "probe, from the event engine")                                                                   //
      ("snapshot-every", po::value<std::int64_t>(), "epochs between snapshots of the weights in --out")  //
      ("save", po::value<std::string>(), "write the trained network as a specification")                 //
      ("checkpoint", po::value<std::string>(),
       "write all that --resume and --evaluate need to this file, after every epoch")                     //
      ("resume", po::bool_switch(), "go on from --checkpoint if it is there")                             //
      ("evaluate", po::value<std::string>(), "instead of SPEC: the checkpoint to read the stimuli with")  //
      ("predictions", po::value<std::string>(), "with --evaluate: write CSV, one line per stimulus")      //
      ("json", po::bool_switch(), "print the summary as one JSON object")                                 //
      ("quiet", po::bool_switch(), "print nothing but errors");
  return usage;
}

}  // namespace

int train(const Arguments& arguments) {
  const auto values = parse(make_usage(), arguments);
  if (!values) return 0;
  if ((values->count("SPEC") != 0) == (values->count("evaluate") != 0))
    throw InputError("train needs SPEC, or --evaluate CHECKPOINT instead");
  return values->count("evaluate") != 0 ? evaluate_trained(*values) : run_training(*values);
}

}  // namespace chronotope::apps
