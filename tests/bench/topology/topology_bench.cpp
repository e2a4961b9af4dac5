// SPDX-License-Identifier: Apache-2.0
// The measurements of README.md beside this file, one section of the table per function.
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "chronotope/proto/formats/npy.hpp"
#include "chronotope/tests/bench/topology/families.hpp"
#include "chronotope/tests/bench/topology/ripser_program.hpp"
#include "chronotope/topology/divergence/rtd.hpp"
#include "chronotope/topology/homology/cohomology.hpp"
#include "chronotope/topology/homology/cross_barcode.hpp"

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

void print_bars(const topology::Barcode& barcode) {
  for (const topology::Bar& bar : barcode.bars()) fmt::print("{} {}\n", bar.birth, bar.death);
}

topology::Barcode parse_bars(const std::string& text) {
  std::istringstream in(text);
  std::vector<topology::Bar> bars;
  for (std::string birth, death; in >> birth >> death;) bars.push_back({std::stod(birth), std::stod(death)});
  return topology::Barcode(std::move(bars));
}

/// Child side: prints the CPU seconds, then what the parent compares.
void measure_directed(const std::string& family, std::size_t n) {
  const Pair pair = make_pair(family, n);
  topology::Barcode barcode;
  fmt::print("{}\n", cpu_seconds([&] { barcode = topology::cross_barcode(pair.w, pair.w_tilde); }));
  print_bars(barcode);
}

/// Throws, once the table is printed, when a family has other bars than Ripser or is less than kLeast times
/// as fast: something is broken.
void directed_against_ripser(std::size_t n) {
  constexpr double kLeast = 10;
  std::string broken;
  fmt::print("\nDirected H1 cross-barcode, n = {}, one thread; Ripser on the doubled matrix\n", n);
  fmt::print("{:<10}{:>10}{:>10}{:>14}{:>15}{:>8}{:>7}{:>7}\n", "family", "ripser s", "ripser MB",
             "chronotope s", "chronotope MB", "ratio", "bars", "equal");
  for (const std::string& family : families()) {
    const Pair pair = make_pair(family, n);
    const RipserResult ripser = ripser_in_degree(1, doubled_matrix(pair.w, pair.w_tilde));
    const Cost own = in_own_process({"directed", family, std::to_string(n)});
    const double ratio = ripser.cpu_seconds / own.seconds;
    const bool is_equal = ripser.barcode == parse_bars(own.rest);
    fmt::print("{:<10}{:>10.3f}{:>10.0f}{:>14.5f}{:>15.1f}{:>8.0f}{:>7}{:>7}\n", family, ripser.cpu_seconds,
               ripser.peak_mb, own.seconds, own.peak_mb, ratio, ripser.barcode.size(),
               is_equal ? "yes" : "NO");
    std::fflush(stdout);
    if (ratio < kLeast || !is_equal) broken += " " + family;
  }
  if (!broken.empty())
    throw std::runtime_error(
        fmt::format("n = {}: other bars than ripser's, or not {} times as fast:{}", n, kLeast, broken));
}

void write_npy(const topology::DistanceMatrix& d, const std::string& path) {
  proto::Matrix matrix{d.size(), d.size(), {}};
  for (std::size_t i = 0; i < d.size(); ++i)
    matrix.values.insert(matrix.values.end(), d.row(i).begin(), d.row(i).end());
  std::ofstream(path, std::ios::binary) << proto::to_npy(matrix);
}

/// Median CPU time of a run of the program.
double program_seconds(const std::vector<std::string>& words, int runs) {
  std::vector<double> seconds;
  for (int run = 0; run < runs; ++run) seconds.push_back(run_child(words).cpu_seconds);
  std::sort(seconds.begin(), seconds.end());
  return seconds[seconds.size() / 2];
}

/// Median CPU time of the whole program on files, from fifteen runs.
double rtd_program_seconds(const Pair& pair) {
  const auto directory =
      std::filesystem::temp_directory_path() / ("chronotope-rtd-" + std::to_string(getpid()));
  std::filesystem::create_directory(directory);
  const std::string a = directory / "a.npy";
  const std::string b = directory / "b.npy";
  write_npy(pair.w, a);
  write_npy(pair.w_tilde, b);
  const double seconds =
      program_seconds({CHRONOTOPE_PROGRAM, "rtd", a, b, "--distances", "--threads", "1"}, 15);
  std::filesystem::remove_all(directory);
  return seconds;
}

/// `chronotope rtd` computes both orders, so Ripser gets both doubled matrices. Throws, once the table is
/// printed, when a family is less than kLeast times as fast or the start alone takes too long.
void program_against_ripser() {
  constexpr std::size_t n = 500;
  constexpr double kLeast = 40;
  constexpr double kLongestStart = 5e-3;  // [s]
  std::string broken;
  fmt::print("\nThe program rtd on two .npy files of distances, n = {}; Ripser on both doubled matrices\n",
             n);
  fmt::print("{:<10}{:>10}{:>14}{:>8}\n", "family", "ripser s", "chronotope s", "ratio");
  for (const std::string& family : families()) {
    if (family == "silent") continue;  // two minutes of Ripser
    const Pair pair = make_pair(family, n);
    const double own = rtd_program_seconds(pair);
    const double ripser = ripser_in_degree(1, doubled_matrix(pair.w, pair.w_tilde)).cpu_seconds +
                          ripser_in_degree(1, doubled_matrix(pair.w_tilde, pair.w)).cpu_seconds;
    fmt::print("{:<10}{:>10.3f}{:>14.4f}{:>8.0f}\n", family, ripser, own, ripser / own);
    std::fflush(stdout);
    if (ripser / own < kLeast) broken += " " + family;
  }
  const double start = program_seconds({CHRONOTOPE_PROGRAM, "--version"}, 31);
  fmt::print("chronotope --version: {:.2f} ms\n", 1e3 * start);
  if (start > kLongestStart) broken += " --version";
  if (!broken.empty())
    throw std::runtime_error(
        fmt::format("not {} times as fast as ripser, or slow to start:{}", kLeast, broken));
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

const std::vector<std::string>& clouds() {
  static const std::vector<std::string> names = {"2-D", "4-D", "50-D", "sphere", "loop"};
  return names;
}

/// Points uniform in the unit square or its like in 4-D, standard normal in 50-D, on the unit sphere, or on a
/// circle of radius 3 in 400-D with normal noise of sd 0.15 in each coordinate.
topology::PointCloud cloud(const std::string& name, std::size_t n) {
  constexpr std::uint32_t kSeed = 1;
  if (name == "2-D") return uniform_cloud(n, 2, kSeed);
  if (name == "4-D") return uniform_cloud(n, 4, kSeed);
  if (name == "sphere") return sphere_cloud(n, kSeed);
  if (name == "loop") return loop_cloud(n, 400, kSeed);
  return gaussian_cloud(n, 50, kSeed);
}

/// Child side of `rips` and `degree2`.
void measure_rips(std::size_t degree, const std::string& name, std::size_t n) {
  const topology::DistanceMatrix d = topology::euclidean_distances(cloud(name, n));
  topology::Barcode barcode;
  fmt::print("{}\n", cpu_seconds([&] { barcode = topology::persistence(d, {.degree = degree})[degree]; }));
  print_bars(barcode);
}

/// Throws, once the table is printed, when a cloud has other bars than Ripser or takes longer.
void rips_against_ripser(std::size_t degree, std::size_t n, const std::vector<std::string>& names) {
  std::string broken;
  fmt::print("\nVietoris-Rips H{} of {} points, one thread; Ripser on the same distances\n", degree, n);
  fmt::print("{:<10}{:>10}{:>10}{:>14}{:>15}{:>8}{:>7}{:>7}\n", "points", "ripser s", "ripser MB",
             "chronotope s", "chronotope MB", "ratio", "bars", "equal");
  for (const std::string& name : names) {
    const RipserResult ripser = ripser_in_degree(degree, topology::euclidean_distances(cloud(name, n)));
    const Cost own = in_own_process({degree == 1 ? "rips" : "degree2", name, std::to_string(n)});
    const double ratio = ripser.cpu_seconds / own.seconds;
    const bool is_equal = ripser.barcode == parse_bars(own.rest);
    fmt::print("{:<10}{:>10.3f}{:>10.0f}{:>14.5f}{:>15.1f}{:>8.1f}{:>7}{:>7}\n", name, ripser.cpu_seconds,
               ripser.peak_mb, own.seconds, own.peak_mb, ratio, ripser.barcode.size(),
               is_equal ? "yes" : "NO");
    std::fflush(stdout);
    if (ratio < 1 || !is_equal) broken += " " + name;
  }
  if (!broken.empty())
    throw std::runtime_error(fmt::format("H{}: other bars than ripser's, or not as fast:{}", degree, broken));
}

/// Child side of `lite`: one call, long enough.
void measure_lite(std::size_t n) {
  const topology::PointCloud a = gaussian_cloud(n, 50, 1);
  const topology::PointCloud b = gaussian_cloud(n, 50, 2);
  const double begin = cpu_now();
  const topology::RtdResult result =
      topology::rtd(a, b, {.batch = n, .threads = 1, .variant = topology::RtdVariant::kLite});
  fmt::print("{}\n{}\n", cpu_now() - begin, result.rtd);
}

void lite() {
  fmt::print("\nRTD-Lite of 50-D Gaussian clouds, one thread\n{:>8}{:>14}{:>15}{:>14}\n", "n", "chronotope s",
             "chronotope MB", "score");
  for (const std::size_t n : {5000u, 20000u}) {
    const Cost own = in_own_process({"lite", "gaussian", std::to_string(n)});
    fmt::print("{:>8}{:>14.2f}{:>15.1f}{:>14.6}\n", n, own.seconds, own.peak_mb, std::stod(own.rest));
    std::fflush(stdout);
  }
}

void example() {
  const topology::PointCloud a = uniform_cloud(1000, 2, 1);
  const topology::PointCloud b = uniform_cloud(1000, 2, 2);
  const double seconds = cpu_seconds([&] { topology::rtd(a, b, {.threads = 1}); });
  fmt::print("\nRTD of 1000 points in 2-D, 10 trials of 500, both orders, one thread: {:.3f} s CPU\n",
             seconds);
}

double wall_seconds(const std::function<void()>& call) {
  const auto begin = std::chrono::steady_clock::now();
  call();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Five pairs of layers of 40 and 60 neurons, one after the other, as `rtd` of two streams does.
void threads() {
  std::vector<std::pair<topology::PointCloud, topology::PointCloud>> clouds;
  for (std::uint32_t layer = 0; layer < 5; ++layer)
    clouds.emplace_back(gaussian_cloud(1000, 40, layer), gaussian_cloud(1000, 60, 10 + layer));
  std::map<std::size_t, std::vector<double>> scores;
  std::map<std::size_t, double> best;
  for (int repeat = 0; repeat < 3; ++repeat)
    for (const std::size_t count : {1u, 2u}) {
      std::vector<double> layers;
      const double seconds = wall_seconds([&] {
        for (const auto& [a, b] : clouds) layers.push_back(topology::rtd(a, b, {.threads = count}).rtd);
      });
      best[count] = repeat == 0 ? seconds : std::min(best[count], seconds);
      scores[count] = layers;
    }
  fmt::print(
      "\n10 trials x both orders x 5 layers, n = 500: {:.3f} s on one thread, {:.3f} s on two, {:.2f} x, "
      "{}\n",
      best[1], best[2], best[1] / best[2], scores[1] == scores[2] ? "same bits" : "OTHER BITS");
}

const std::map<std::string, void (*)()>& sections() {
  static const std::map<std::string, void (*)()> all = {
      {"200", [] { directed_against_ripser(200); }},
      {"500", [] { directed_against_ripser(500); }},
      {"2000", directed_large},
      {"program", program_against_ripser},
      {"rips",
       [] {
         rips_against_ripser(1, 1000, {"2-D", "50-D"});
       }},
      {"degree2", [] { rips_against_ripser(2, 200, clouds()); }},
      {"lite", lite},
      {"example", example},
      {"threads", threads},
  };
  return all;
}

int run(const std::vector<std::string>& words) {
  if (words.size() == 4 && words[0] == "measure") {
    const std::size_t n = std::stoul(words[3]);
    if (words[1] == "directed") measure_directed(words[2], n);
    if (words[1] == "rips") measure_rips(1, words[2], n);
    if (words[1] == "degree2") measure_rips(2, words[2], n);
    if (words[1] == "lite") measure_lite(n);
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
