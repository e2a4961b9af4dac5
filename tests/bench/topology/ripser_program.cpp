// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/bench/topology/ripser_program.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

namespace chronotope::bench {

namespace {

std::vector<double> distinct_values(const topology::DistanceMatrix& d) {
  std::vector<double> values = {0};
  for (std::size_t i = 0; i < d.size(); ++i)
    for (const double value : d.row(i))
      if (std::isfinite(value)) values.push_back(value);
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

/// The lower triangle, one row a line.
void write_ranks(const topology::DistanceMatrix& d, const std::vector<double>& values,
                 const std::string& path) {
  std::ofstream out(path);
  for (std::size_t i = 1; i < d.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const auto at = std::lower_bound(values.begin(), values.end(), d(i, j));
      if (at == values.end())
        out << "inf,";
      else
        out << at - values.begin() << ',';
    }
    out << '\n';
  }
}

topology::Barcode parse(const std::string& output, const std::string& degree,
                        const std::vector<double>& values) {
  std::istringstream lines(output);
  std::vector<topology::Bar> bars;
  bool asked = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("persistence")) asked = line.find("dim " + degree) != std::string::npos;
    double birth = 0;
    double death = 0;
    if (!asked || line.find('[') == std::string::npos) continue;
    const int read = std::sscanf(line.c_str(), " [%lf,%lf)", &birth, &death);
    bars.push_back({values[static_cast<std::size_t>(birth)], read == 2
                                                                 ? values[static_cast<std::size_t>(death)]
                                                                 : std::numeric_limits<double>::infinity()});
  }
  return topology::Barcode(std::move(bars));
}

}  // namespace

RipserResult ripser_in_degree(std::size_t degree, const topology::DistanceMatrix& d) {
  const std::vector<double> values = distinct_values(d);
  const std::string path =
      (std::filesystem::temp_directory_path() / ("chronotope-ranks-" + std::to_string(getpid()))).string();
  write_ranks(d, values, path);
  const ChildResult child =
      run_child({"ripser", "--format", "lower-distance", "--dim", std::to_string(degree), path});
  std::filesystem::remove(path);
  return {parse(child.output, std::to_string(degree), values), child.cpu_seconds, child.peak_mb};
}

topology::DistanceMatrix doubled_matrix(const topology::DistanceMatrix& w,
                                        const topology::DistanceMatrix& w_tilde) {
  const std::size_t n = w.size();
  std::vector<double> values(4 * n * n, 0);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      values[i * 2 * n + n + j] = values[(n + i) * 2 * n + j] = w(i, j);
      values[(n + i) * 2 * n + n + j] = std::min(w(i, j), w_tilde(i, j));
    }
  return {2 * n, 2 * n, std::move(values)};
}

}  // namespace chronotope::bench
