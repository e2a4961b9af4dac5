// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "chronotope/apps/inspection/frame_list.hpp"
#include "chronotope/apps/inspection/part_merge.hpp"
#include "chronotope/apps/inspection/stream_cut.hpp"
#include "chronotope/apps/inspection/stream_difference.hpp"
#include "chronotope/apps/inspection/stream_sequence.hpp"
#include "chronotope/apps/inspection/stream_text.hpp"
#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/output/json.hpp"
#include "chronotope/apps/output/readable.hpp"
#include "chronotope/apps/output/standard_output.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

/// Of --diff, as of diff(1).
constexpr int kDifferent = 1;

Usage make_usage() {
  Usage usage;
  usage.synopsis = "inspect STREAM... [options]";
  usage.summary =
      "Says what a stream holds, as it arrives: header, stimuli, spikes per population, snapshots, results. "
      "STREAM is a file or - for standard input; one whose name ends in .zst is compressed. Several streams count as "
      "one, each going on where the one before ended. With --out what was chosen becomes a stream. A stream that was "
      "cut is shown up to the cut, then refused.";
  usage.examples =
      "  chronotope inspect run.pb\n"
      "  chronotope simulate net.textproto --snapshot-every 1000 --out - | chronotope inspect -\n"
      "  chronotope inspect run.pb --json | head -1\n"
      "  chronotope inspect run.pb --list\n"
      "  chronotope inspect run.pb --from 1000 --until 2000 --only spikes,stimuli --out second.pb.zst\n"
      "  chronotope inspect first.pb second.pb --out both.pb\n"
      "  chronotope inspect --diff a.pb b.pb\n"
      "  chronotope inspect --merge run.0.pb run.1.pb run.2.pb run.3.pb --out run.pb\n";
  usage.positional = {"STREAM"};
  usage.last_repeats = true;
  usage.groups = {
      StreamCut::options(),
      {"Output",
       {{"out", File{File::Use::kWritten},
         "write what is chosen as a stream instead of telling it, - for stdout"},
        {"diff", Flag(),
         "of two streams A and B: the first spike that is not in both, what is another one of the stimuli and synapses, "
         "and how far weights, potentials and recordings of the same time are apart; the exit code is 1 when anything differs"},
        {"merge",
         Flag(),
         "of the parts that the ranks of one run wrote (simulate --split-output), in any order: the stream of the run "
         "into --out; where parts were cut, up to the last snapshot that all have",
         {{"out"}}},
        {"list", Flag(),
         "only how many frames of each kind there are, their bytes and times, without a look into them"},
        {"json", Flag(),
         "print every frame with its content as one JSON object a line; with --diff one object"}}}};
  return usage;
}

void print_json(StreamSequence& frames) {
  Envelope header;
  *header.mutable_header() = frames.header();
  fmt::print("{}\n", to_json(header));
  while (const auto envelope = frames.next()) {
    fmt::print("{}\n", to_json(*envelope));
    if (envelope->has_snapshot() || envelope->has_summary()) flush_standard_output();
  }
}

void tell(StreamSequence& frames) {
  StreamText text(frames.header());
  while (const auto envelope = frames.next()) text.take(*envelope);
  text.finish(frames.frames());
}

void copy(StreamSequence& frames, const std::string& path) {
  const Interrupt interrupt;
  proto::FrameWriter out(path, frames.header());
  while (const auto envelope = frames.next()) {
    Interrupt::check();
    out.write(*envelope);
  }
  out.close();
}

int tell_difference(const std::vector<std::string>& paths, bool as_json) {
  proto::FrameReader a(paths[0]);
  proto::FrameReader b(paths[1]);
  const StreamDifference difference = StreamComparison(a, b).compare();
  fmt::print("{}", as_json ? to_json(difference) + "\n" : difference_text(difference, paths[0], paths[1]));
  return difference.differ() ? kDifferent : 0;
}

int merge(const std::vector<std::string>& paths, const std::string& out) {
  if (const auto cut = merge_parts(paths, out))
    fmt::print(
        stderr,
        "chronotope inspect: {} was cut; {} ends with the snapshot at {} ms, the last that all parts have\n",
        printable(cut->part), printable(out), readable(cut->end));
  return 0;
}

/// Options that say what is done with the streams, one of which is chosen.
void check_company(const po::variables_map& values, std::size_t streams) {
  const bool cuts = !StreamCut(values).is_whole();
  for (const char* alone : {"diff", "list"}) {
    if (!values[alone].as<bool>()) continue;
    if (cuts) throw InputError(std::string("--") + alone + ": excludes --from, --until and --only");
    if (values.count("out") != 0) throw InputError(std::string("--") + alone + ": excludes --out");
  }
  for (const char* other : {"diff", "list", "json"})
    if (values["merge"].as<bool>() && values[other].as<bool>())
      throw InputError(std::string("--merge: excludes --") + other);
  if (values["merge"].as<bool>() && cuts) throw InputError("--merge: excludes --from, --until and --only");
  const bool diff = values["diff"].as<bool>();
  const bool list = values["list"].as<bool>();
  if (diff && list) throw InputError("--diff: excludes --list");
  if (list && values["json"].as<bool>()) throw InputError("--list: excludes --json");
  if (values.count("out") != 0 && values["json"].as<bool>()) throw InputError("--out: excludes --json");
  if (diff && streams != 2) throw InputError("--diff: needs two streams, not " + std::to_string(streams));
  if (list && streams != 1) throw InputError("--list: needs one stream, not " + std::to_string(streams));
}

}  // namespace

int inspect(const Arguments& arguments) {
  const auto values = parse(make_usage(), arguments);
  if (!values) return 0;
  const auto paths = (*values)["STREAM"].as<std::vector<std::string>>();
  check_company(*values, paths.size());
  const bool as_json = (*values)["json"].as<bool>();
  if ((*values)["diff"].as<bool>()) return tell_difference(paths, as_json);
  if ((*values)["list"].as<bool>()) {
    proto::FrameReader frames(paths.front(), proto::FrameReader::Parts::kRead);
    print_frame_list(frames);
    return 0;
  }
  if ((*values)["merge"].as<bool>()) return merge(paths, (*values)["out"].as<std::string>());
  const bool is_told = paths.size() == 1 && values->count("out") == 0;  // a part, too, as what it is
  StreamSequence frames(paths, StreamCut(*values),
                        is_told ? proto::FrameReader::Parts::kRead : proto::FrameReader::Parts::kRefused);
  if (values->count("out") != 0)
    copy(frames, (*values)["out"].as<std::string>());
  else if (as_json)
    print_json(frames);
  else
    tell(frames);
  return 0;
}

}  // namespace chronotope::apps
