// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>
#include <google/protobuf/stubs/logging.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>
#include <new>
#include <string>
#include <system_error>
#include <vector>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/options/usage_forms.hpp"
#include "chronotope/apps/output/standard_output.hpp"
#include "chronotope/apps/program_version.hpp"
#include "chronotope/apps/verbs/verbs.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/machine_memory.hpp"
#include "chronotope/core/near_names.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {
namespace {

struct Verb {
  const char* name;
  const char* summary;
  int (*run)(const Arguments&);
};

constexpr std::array kVerbs{
    Verb{"generate", "make labelled inputs of known structure: moving shapes, processes on a ring", generate},
    Verb{"encode", "turn recordings into a stream of spikes: sound, event cameras, spike tables", encode},
    Verb{"decode", "what the spikes of encode --plan tell", decode},
    Verb{"simulate", "run a network from spike to spike and write spikes, weights and snapshots", simulate},
    Verb{"rtd", "how far apart two representations are: point clouds, distances or streams", rtd},
    Verb{"barcode", "persistent homology of points or distances", barcode},
    Verb{"compare", "what a time step costs: the clock-driven twin beside the exact run", compare},
    Verb{"layers", "the five layers of a stream's network: sizes, edge classes, strengths", layers},
    Verb{"embed", "networks as points: what stays when their neurons are renumbered, and kinds told apart",
         embed},
    Verb{"statistics", "how populations fire: rates, irregularity, correlations, synchrony, PSTH",
         statistics},
    Verb{"study", "the whole comparison: heterogeneous against homogeneous STDP, layer by layer", study},
    Verb{"sweep", "a network over values and seeds: cells that can be stopped, repeated and shared out",
         sweep},
    Verb{"optimise",
         "look for the parameters of a network, those of its distributions too, with the best result",
         optimise},
    Verb{"train", "teach a network by gradients: labelled stimuli, surrogate gradients on a grid", train},
    Verb{"convert", "a network of rectified linear units as one of spiking neurons, its weights from .npy",
         convert},
    Verb{"gradient", "a loss and its exact derivatives through spike times, as JSON", gradient},
    Verb{"likelihood",
         "how likely given spike trains are under a network with escape noise, and weights that fit",
         likelihood},
    Verb{"report", "streams as one page of pictures: spikes, weights, layers, divergences, barcodes", report},
    Verb{"export", "for other programs: spikes for NEST and SONATA, the network as a graph or in NIR",
         export_stream},
    Verb{"import", "a network of another program as a specification: NIR graphs, SONATA networks",
         import_network},
    Verb{"inspect", "say what a stream holds, as text or JSON", inspect},
};

constexpr int kFailure = 1;
constexpr int kBadInput = 2;
constexpr int kBrokenPipe = 128 + SIGPIPE;

int print_overview(std::FILE* out, int code) {
  fmt::print(out, "Usage: chronotope VERB [words and options]\n\nVerbs:\n");
  for (const Verb& verb : kVerbs) fmt::print(out, "  {:<11}{}\n", verb.name, verb.summary);
  fmt::print(
      out,
      "\nchronotope help VERB lists a verb's options, with examples; help VERB --man is its manual page. chronotope\n"
      "completion bash|zsh prints the shell's completion. '-' stands for standard input or output.\n"
      "Example: chronotope simulate net.textproto --out - | chronotope inspect -\n");
  return code;
}

int print_version() {
  fmt::print("chronotope {}\n", program_version());
  return 0;
}

bool asks_version(const std::string& word) { return word == "--version" || word == "-V"; }

/// " (did you mean simulate?)", or nothing.
std::string near_verbs(const std::string& word) {
  std::vector<std::string> names;
  for (const Verb& verb : kVerbs) names.emplace_back(verb.name);
  const auto near = near_names(word, names);
  return near.empty() ? "" : " (" + suggest(word, near) + ")";
}

/// Nothing to say means that another rank says it.
int complain(const std::string& who, const std::string& what, int code) {
  if (what.empty()) return code;
  std::fputs((printable(who + ": " + what) + "\n").c_str(), stderr);  // nobody can be told that this failed
  return code;
}

/// Does `work` for `who` and turns what it throws into one line and an exit code.
template <class Work>
int run(const std::string& who, Work work) {
  try {
    const int code = work();
    flush_standard_output();
    return code;
  } catch (const proto::BrokenPipe&) {
    return kBrokenPipe;
  } catch (const Interrupted& interrupted) {
    return complain(who, "interrupted: " + interrupted.left, Interrupt::kExitCode);
  } catch (const InputError& error) {
    return complain(who, error.what(), kBadInput);
  } catch (const std::bad_alloc&) {
    return complain(who,
                    fmt::format("needs more than the {:.3g} GB of memory there are", machine_memory() / 1e9),
                    kFailure);
  } catch (const std::system_error& error) {
    return error.code() == std::errc::broken_pipe ? kBrokenPipe : complain(who, error.what(), kFailure);
  } catch (const std::exception& error) {
    return complain(who, error.what(), kFailure);
  }
}

/// What a signal that nothing waits for leaves to be said; a handler can not put it together.
std::string interrupt_notice;

/// Says that the program was interrupted, and ends it as the signal does.
void end_interrupted(int signal) {
  [[maybe_unused]] const auto told = ::write(STDERR_FILENO, interrupt_notice.data(), interrupt_notice.size());
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

/// From here on an interrupt outside the life of an Interrupt is told in one line, too.
void announce_interrupts(const std::string& who) {
  interrupt_notice = who + ": interrupted: " + Interrupted().left + "\n";
  for (const int signal : Interrupt::kSignals)
    if (std::signal(signal, end_interrupted) == SIG_IGN) std::signal(signal, SIG_IGN);  // nohup
}

int run_verb(const Verb& verb, const Arguments& arguments) {
  const std::string who = std::string("chronotope ") + verb.name;
  announce_interrupts(who);
  return run(who, [&] {
    const bool version = std::any_of(arguments.begin(), arguments.end(), asks_version);
    return version ? print_version() : verb.run(arguments);
  });
}

/// The verb `name` with its arguments, or what may have been meant.
int run_verb(const std::string& name, const Arguments& arguments) {
  for (const Verb& verb : kVerbs)
    if (name == verb.name) return run_verb(verb, arguments);
  return complain("chronotope",
                  fmt::format("no verb named \"{}\"{}; see chronotope --help", name, near_verbs(name)),
                  kBadInput);
}

std::string verb_names() {
  std::string names;
  for (const Verb& verb : kVerbs) names += (names.empty() ? "" : " ") + std::string(verb.name);
  return names;
}

/// chronotope(1), which names the pages of the verbs.
int print_man_page() {
  fmt::print(
      ".TH CHRONOTOPE 1 \"\" \"chronotope {}\" \"Chronotope\"\n.SH NAME\nchronotope \\- exact event\\-driven "
      "spiking networks and the topology of their representations\n.SH SYNOPSIS\n\\fBchronotope\\fR \\fIVERB\\fR "
      "[words and options]\n.SH VERBS\n",
      CHRONOTOPE_VERSION);
  for (const Verb& verb : kVerbs)
    fmt::print(".TP\n\\fBchronotope\\-{}\\fR(1)\n{}\n", verb.name, roff(verb.summary));
  return 0;
}

int print_completion(const Arguments& words) {
  if (words.size() != 2 || (words[1] != "bash" && words[1] != "zsh"))
    throw InputError("missing the shell; usage: chronotope completion bash|zsh");
  fmt::print("{}", completion_begin(verb_names()));
  for (const Verb& verb : kVerbs) verb.run({"--help=bash"});
  fmt::print("{}", completion_end());
  return 0;
}

int dispatch(const Arguments& words) {
  if (words.empty()) return print_overview(stderr, kBadInput);
  if (words == Arguments{"help", "--man"}) return run("chronotope", print_man_page);
  if (words.size() == 3 && words[0] == "help" && words[2] == "--man")
    return run_verb(words[1], {"--help=man"});
  if (words[0] == "help" && words.size() > 1) return run_verb(words[1], {"--help"});
  if (words[0] == "completion") return run("chronotope", [&] { return print_completion(words); });
  if (words[0] == "--help" || words[0] == "-h" || words[0] == "help")
    return run("chronotope", [] { return print_overview(stdout, 0); });
  if (asks_version(words[0])) return run("chronotope", print_version);
  return run_verb(words[0], {words.begin() + 1, words.end()});
}

}  // namespace
}  // namespace chronotope::apps

int main(int argc, char** argv) {
  // A closed pipe and a file over its limit are met as write errors, so that files in progress are cleaned
  // up.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  std::ios::sync_with_stdio(false);
  google::protobuf::SetLogHandler(nullptr);  // what it objects to is told in one line of our own
  chronotope::apps::hold_standard_streams();
  chronotope::limit_memory_to_machine();
  return chronotope::apps::dispatch({argv + 1, argv + argc});
}
