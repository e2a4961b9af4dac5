// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <iostream>
#include <string>

#include "chronotope/apps/verbs.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {
namespace {

struct Verb {
  const char* name;
  const char* summary;
  int (*run)(const Arguments&);
};

constexpr std::array kVerbs{
    Verb{"encode", "turn recordings into a stream of spikes: sound, event cameras, spike tables", encode},
    Verb{"simulate", "run a network from spike to spike and write spikes, weights and snapshots", simulate},
    Verb{"rtd", "how far apart two representations are: point clouds, distances or streams", rtd},
    Verb{"study", "the whole comparison: heterogeneous against homogeneous STDP, layer by layer", study},
    Verb{"inspect", "say what a stream holds, as text or JSON", inspect},
};

constexpr int kFailure = 1;
constexpr int kBadInput = 2;
constexpr int kBrokenPipe = 128 + SIGPIPE;

int print_overview(std::FILE* out, int code) {
  fmt::print(out, "Usage: chronotope VERB [words and options]\n\nVerbs:\n");
  for (const Verb& verb : kVerbs) fmt::print(out, "  {:<10}{}\n", verb.name, verb.summary);
  fmt::print(out,
             "\nEvery verb has --help with examples. '-' stands for standard input or output.\n"
             "Example: chronotope simulate net.textproto --out - | chronotope inspect -\n");
  return code;
}

int complain(const std::string& verb, const char* what, int code) {
  fmt::print(stderr, "chronotope {}: {}\n", verb, what);
  return code;
}

int run(const Verb& verb, const Arguments& arguments) {
  try {
    const int code = verb.run(arguments);
    if (std::fflush(stdout) != 0)
      throw Failure(std::string("standard output: cannot write: ") + std::strerror(errno));
    return code;
  } catch (const proto::BrokenPipe&) {
    return kBrokenPipe;
  } catch (const InputError& error) {
    return complain(verb.name, error.what(), kBadInput);
  } catch (const std::bad_alloc&) {
    return complain(verb.name, "out of memory", kFailure);
  } catch (const std::exception& error) {
    return errno == EPIPE ? kBrokenPipe : complain(verb.name, error.what(), kFailure);
  }
}

int dispatch(const Arguments& words) {
  if (words.empty()) return print_overview(stderr, kBadInput);
  if (words[0] == "--help" || words[0] == "-h" || words[0] == "help") return print_overview(stdout, 0);
  if (words[0] == "--version") {
    fmt::print("chronotope {}\n", CHRONOTOPE_VERSION);
    return 0;
  }
  for (const Verb& verb : kVerbs)
    if (words[0] == verb.name) return run(verb, {words.begin() + 1, words.end()});
  fmt::print(stderr, "chronotope: unknown verb '{}'; see chronotope --help\n", words[0]);
  return kBadInput;
}

}  // namespace
}  // namespace chronotope::apps

int main(int argc, char** argv) {
  std::signal(SIGPIPE,
              SIG_IGN);  // a closed pipe is met as a write error, so that files in progress are cleaned up
  std::ios::sync_with_stdio(false);
  return chronotope::apps::dispatch({argv + 1, argv + argc});
}
