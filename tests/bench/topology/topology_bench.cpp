// SPDX-License-Identifier: Apache-2.0
// The measurements of README.md beside this file, one section of the table per function.
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "chronotope/tests/bench/topology/families.hpp"
#include "chronotope/tests/bench/topology/ripser_program.hpp"
#include "chronotope/topology/cross_barcode.hpp"

namespace chronotope::bench {

namespace {

double cpu_now() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Median CPU time of a call, from at least three calls and half a second.
template <class Call>
double cpu_seconds(Call call) {
  std::vector<double> times;
  for (double total = 0; times.size() < 3 || total < 0.5; total += times.back()) {
    const double begin = cpu_now();
    call();
    times.push_back(cpu_now() - begin);
  }
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
  return times[times.size() / 2];
}

/// What a process of its own that does nothing but this task spends on it.
struct Cost {
  double seconds = 0;
  double peak_mb = 0;
  std::string rest;  // of its output
};

Cost in_own_process(const std::vector<std::string>& task) {
  std::vector<std::string> words = {"/proc/self/exe", "measure"};
  words.insert(words.end(), task.begin(), task.end());
  const ChildResult child = run_child(words);
  const std::size_t line = child.output.find('\n');
  return {std::stod(child.output.substr(0, line)), child.peak_mb, child.output.substr(line + 1)};
}

void print_bars(const Barcode& barcode) {
  for (const Bar& bar : barcode.bars()) fmt::print("{} {}\n", bar.birth, bar.death);
}

Barcode parse_bars(const std::string& text) {
  std::istringstream in(text);
  std::vector<Bar> bars;
  for (std::string birth, death; in >> birth >> death;) bars.push_back({std::stod(birth), std::stod(death)});
  return Barcode(std::move(bars));
}

/// Child side: prints the CPU seconds, then what the parent compares.
void measure_directed(const std::string& family, std::size_t n) {
  const Pair pair = make_pair(family, n);
  Barcode barcode;
  fmt::print("{}\n", cpu_seconds([&] { barcode = cross_barcode(pair.w, pair.w_tilde); }));
  print_bars(barcode);
}

void directed_against_ripser(std::size_t n) {
  fmt::print("\nDirected H1 cross-barcode, n = {}, one thread; Ripser on the doubled matrix\n", n);
  fmt::print("{:<10}{:>10}{:>10}{:>14}{:>15}{:>8}{:>7}{:>7}\n", "family", "ripser s", "ripser MB",
             "chronotope s", "chronotope MB", "ratio", "bars", "equal");
  for (const std::string& family : families()) {
    const Pair pair = make_pair(family, n);
    const RipserResult ripser = ripser_degree_one(doubled_matrix(pair.w, pair.w_tilde));
    const Cost own = in_own_process({"directed", family, std::to_string(n)});
    fmt::print("{:<10}{:>10.3f}{:>10.0f}{:>14.5f}{:>15.1f}{:>8.0f}{:>7}{:>7}\n", family, ripser.cpu_seconds,
               ripser.peak_mb, own.seconds, own.peak_mb, ripser.cpu_seconds / own.seconds,
               ripser.barcode.size(), ripser.barcode == parse_bars(own.rest) ? "yes" : "NO");
    std::fflush(stdout);
  }
}

void directed_large() {
  fmt::print("\nDirected H1 cross-barcode, n = 2000, one thread\n");
  fmt::print("{:<10}{:>14}{:>15}\n", "family", "chronotope s", "chronotope MB");
  for (const std::string& family : families()) {
    const Cost own = in_own_process({"directed", family, "2000"});
    fmt::print("{:<10}{:>14.3f}{:>15.1f}\n", family, own.seconds, own.peak_mb);
    std::fflush(stdout);
  }
}

const std::map<std::string, void (*)()>& sections() {
  static const std::map<std::string, void (*)()> all = {
      {"200", [] { directed_against_ripser(200); }},
      {"500", [] { directed_against_ripser(500); }},
      {"2000", directed_large},
  };
  return all;
}

int run(const std::vector<std::string>& words) {
  if (words.size() == 4 && words[0] == "measure" && words[1] == "directed") {
    measure_directed(words[2], std::stoul(words[3]));
    return 0;
  }
  for (const auto& [name, section] : sections())
    if (words.empty() || std::find(words.begin(), words.end(), name) != words.end()) section();
  return 0;
}

}  // namespace

}  // namespace chronotope::bench

int main(int count, char** words) {
  try {
    return chronotope::bench::run({words + 1, words + count});
  } catch (const std::exception& error) {
    fmt::print(stderr, "topology_bench: {}\n", error.what());
    return 1;
  }
}
