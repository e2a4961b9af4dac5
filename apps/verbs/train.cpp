// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/options/network_options.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/training/training_evaluation.hpp"
#include "chronotope/apps/training/training_of_seeds.hpp"
#include "chronotope/apps/training/training_request.hpp"
#include "chronotope/apps/training/training_run.hpp"

namespace chronotope::apps {
namespace {

OptionGroup output_options() {
  return {
      "Output",
      {{"out", File{File::Use::kWritten, "STREAM"},
        "write a stream: losses, read-out, snapshots, and the trained network's spikes under the stimuli to "
        "probe, from the event engine; with --seeds a folder of them"},
       {"reset", Flag(),
        "the event engine, too, begins every stimulus at rest, as each is taught; else one goes on from the "
        "other"},
       {"snapshot-every",
        WholeNumber{1, 1'000'000'000},
        "epochs between snapshots of the weights in --out",
        {{"out"}}},
       {"save", File{File::Use::kWritten}, "write the trained network as a specification"},
       {"checkpoint", File{File::Use::kWritten},
        "write all that --resume and --evaluate need to this file, after every epoch"},
       {"resume", Flag(), "go on from --checkpoint if it is there", {{"checkpoint"}}},
       {"json", Flag(), "print the summary as one JSON object"}}};
}

OptionGroup read_options() {
  return {"A trained network",
          {{"evaluate", File{File::Use::kRead, "CHECKPOINT"}, "read the stimuli with it, instead of SPEC"},
           {"predictions", File{File::Use::kWritten}, "write CSV, one line per stimulus", {{"evaluate"}}}}};
}

OptionGroup run_options() {
  return {"Run",
          {required({"spikes", File{File::Use::kRead, "STREAM"}, "the stream of labelled stimuli"}),
           {"threads", WholeNumber{1, 256, "1"}, "change no bit of the result"},
           {"quiet", Flag(), "print nothing but errors"}}};
}

}  // namespace

Usage train_usage() {
  Usage usage;
  usage.synopsis = "train SPEC --spikes STREAM [options]";
  usage.summary =
      "Teaches the network that SPEC describes the labels of a stream's stimuli by gradients: the same "
      "graph, delays, constants and initial weights that simulate and study begin with. Marks of phase PROBE "
      "test, the others teach. docs/learning.md has the equations.";
  usage.examples =
      "  chronotope train net.textproto --spikes digits.spikes.pb --validation 0.2 --save trained.spec.pb\n"
      "  chronotope train net.textproto --spikes digits.spikes.pb --validation speaker=theo --test take=0-1\n"
      "  chronotope train net.textproto --spikes digits.spikes.pb --method eventprop --learn delays,tau_m\n"
      "  chronotope train net.textproto --spikes digits.spikes.pb --checkpoint t.pb --resume --epochs 60\n"
      "  chronotope train net.textproto --spikes digits.spikes.pb --seeds 8 --out runs --shard 0/4\n"
      "  chronotope train --evaluate t.pb --spikes new.spikes.pb --predictions new.csv\n";
  usage.positional = {"SPEC"};
  usage.last_optional = true;
  usage.groups = {network_options(), item_options(),  method_options(), learning_options(),
                  output_options(),  seeds_options(), read_options(),   run_options()};
  return usage;
}

int train(const Arguments& arguments) {
  const Usage usage = train_usage();
  const auto values = parse(usage, arguments);
  if (!values) return 0;
  if ((values->count("SPEC") != 0) == (values->count("evaluate") != 0))
    throw InputError("train needs SPEC, or --evaluate CHECKPOINT instead");
  if (values->count("seeds") != 0) return train_seeds(usage, arguments, *values);
  if (values->count("evaluate") == 0) return run_training(*values);
  for (const OptionGroup& group :
       {network_options(), item_options(), method_options(), learning_options(), output_options()})
    require_unused(*values, group, "SPEC, not --evaluate");
  return evaluate_trained(*values);
}

}  // namespace chronotope::apps
