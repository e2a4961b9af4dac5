// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "chronotope/apps/comparison/table_file.hpp"
#include "chronotope/apps/options/filtration_options.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/options/table_options.hpp"
#include "chronotope/apps/output/barcode_files.hpp"
#include "chronotope/apps/output/barcode_json.hpp"
#include "chronotope/apps/output/divergence_text.hpp"
#include "chronotope/apps/runs/heap_pages.hpp"
#include "chronotope/core/machine_memory.hpp"
#include "chronotope/topology/distances/point_distances.hpp"
#include "chronotope/topology/homology/barcode_distance.hpp"
#include "chronotope/topology/homology/cohomology.hpp"
#include "chronotope/topology/homology/lower_star.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

OptionGroup lower_star() {
  return {
      "Lower-star filtration",
      {{"births", File{File::Use::kRead},
        "a table with a number for each point, when it enters; an edge enters with the later of its ends, or at "
        "its length if that is later and not 0"}}};
}

OptionGroup table_kinds() {
  OptionGroup group = table_options();
  group.options.insert(group.options.begin(),
                       {{"distances", Flag(), "FILE is a distance matrix"},
                        {"pairs", Flag(), "FILE lists the distances there are"},
                        {"bars", Flag(), "FILE lists bars: degree, birth, death (inf: never)"}});
  return group;
}

OptionGroup barcode_comparison() {
  return {"Comparison",
          {{"against", File{File::Use::kRead},
            "a second table, read as FILE is: prints the bottleneck and Wasserstein distances of the two "
            "barcodes, degree by degree"},
           {"order",
            RealNumber{from(1), up_to(1000), "1"},
            "of the Wasserstein distance; between bars the maximum norm",
            {{"against"}}}}};
}

Usage make_usage() {
  Usage usage;
  usage.synopsis = "barcode FILE [options]";
  usage.summary =
      "Persistent homology of the Vietoris-Rips filtration of points (CSV, .npy or FILE.npz:ARRAY, one a "
      "row), of a distance matrix (--distances) or of some distances (--pairs: rows i, j, distance; i and j "
      "from 0). Two barcodes are compared by --against; --diagram and its like write one as data, --bars "
      "reads it.";
  usage.examples =
      "  chronotope barcode points.csv\n"
      "  chronotope barcode matrix.npy --distances --dim 2 --modulus 3 --json\n"
      "  chronotope barcode points.csv --header yes --columns x,y,5-7\n"
      "  chronotope barcode points.csv --against other.csv --order 2\n"
      "  chronotope barcode points.csv --diagram bars.csv --betti betti.csv --landscape landscapes.npy\n"
      "  chronotope barcode bars.csv --bars --image image.npy --bandwidth 0.1 --weight persistence\n"
      "  chronotope barcode edges.csv --pairs --births rates.csv --diagram valleys.csv\n"
      "  chronotope barcode - --threshold 1.5 < points.csv\n";
  usage.positional = {"FILE"};
  usage.groups = {
      filtration_options(),
      lower_star(),
      table_kinds(),
      barcode_comparison(),
      barcode_file_options(),
      {"Output",
       {{"all", Flag(), "print all bars, not the 20 longest of each degree"},
        {"json", Flag(),
         "print one JSON object: h0, h1, ... with [birth, death], null for never, then the rows and "
         "columns read"}}}};
  return usage;
}

/// A whole number below 2^32 from a table of doubles.
std::uint32_t vertex(const proto::Matrix& table, std::size_t row, std::size_t column) {
  const double value = table(row, column);
  if (!(value >= 0 && value < 0x1p32 && value == std::floor(value)))
    throw InputError("row " + std::to_string(row) + " (from 0): " + to_string(value) +
                     " is not the number of a point");
  return static_cast<std::uint32_t>(value);
}

/// Points that no pair names are isolated, and each is a bar.
void require_named(std::size_t vertices, std::size_t named) {
  constexpr double kBytesPerPoint = 100;
  constexpr std::size_t kMostIsolated = 10'000'000;
  const std::string what =
      std::to_string(vertices) + " points, of which the pairs name at most " + std::to_string(named) + ",";
  const double bytes = kBytesPerPoint * static_cast<double>(vertices);
  require_memory(bytes, what);
  if (vertices > named + kMostIsolated)
    throw InputError(
        fmt::format("{} need about {:.3g} GB of memory (this machine has {:.3g} GB); at most 1e7 may "
                    "be named by no pair",
                    what, bytes / 1e9, machine_memory() / 1e9));
}

topology::SparseDistances to_pairs(const proto::NumberTable& pairs_table) {
  const proto::Matrix& table = pairs_table.matrix;
  if (table.columns != 3)
    throw InputError(std::to_string(table.columns) + " columns are not allowed (pairs are i, j, distance)");
  std::vector<topology::SparseDistances::Pair> pairs;
  std::size_t vertices = 0;
  for (std::size_t row = 0; row < table.rows; ++row) {
    pairs.push_back({vertex(table, row, 0), vertex(table, row, 1), table(row, 2)});
    vertices =
        std::max<std::size_t>({vertices, pairs.back().i + std::size_t{1}, pairs.back().j + std::size_t{1}});
  }
  require_named(vertices, 2 * pairs.size());
  return topology::SparseDistances(vertices, std::move(pairs));
}

using Barcodes = std::vector<topology::Barcode>;

/// At most one of the kinds of table; bars need no filtration.
void check_kind(const po::variables_map& values) {
  if (values["distances"].as<bool>() && values["pairs"].as<bool>())
    throw InputError("--distances: excludes --pairs");
  require_use(values, "births", !given(values, "against"),
              "no --against; compare what --diagram wrote by --bars");
  if (!values["bars"].as<bool>()) return;
  for (const char* other : {"distances", "pairs"})
    if (values[other].as<bool>()) throw InputError(std::string("--bars: excludes --") + other);
  require_unused(values, filtration_options(), "a filtration, not --bars");
  require_unused(values, lower_star(), "a filtration, not --bars");
}

topology::DistanceMatrix dense(const topology::SparseDistances& pairs) {
  const std::size_t n = pairs.size();
  const double entries = static_cast<double>(n) * static_cast<double>(n);
  require_memory(sizeof(double) * entries, "the distances of " + std::to_string(n) + " points");
  std::vector<double> values(n * n, std::numeric_limits<double>::infinity());
  for (std::size_t i = 0; i < n; ++i) {
    values[i * n + i] = 0;
    for (const auto& [j, distance] : pairs.neighbours(i)) values[i * n + j] = distance;
  }
  return {n, n, std::move(values)};
}

/// Of all objects to each other, whatever kind of table has them.
Loaded<topology::DistanceMatrix> read_dense(const po::variables_map& values, const TableFile& file) {
  const proto::TableChoice choice = read_table_choice(values);
  if (values["pairs"].as<bool>())
    return from_table(file, choice, [](const proto::NumberTable& table) { return dense(to_pairs(table)); });
  if (values["distances"].as<bool>()) return read_distances(file, choice);
  const auto points = read_points(file, choice);
  return {topology::distances(points.content, read_metric(values)), points.table};
}

Loaded<Barcodes> compute_lower_star(const po::variables_map& values, const TableFile& file,
                                    const topology::PersistenceOptions& options) {
  const auto distances = read_dense(values, file);
  const TableFile births_file(text_option(values, "births"));
  const std::size_t points = distances.content.size();
  const auto barcodes = from_table(births_file, {}, [&](const proto::NumberTable& births) {
    if (births.matrix.columns != 1 || births.matrix.rows != points)
      throw InputError(fmt::format(
          "{} rows of {} columns are not allowed (must be {} rows of one, a birth for each point)",
          births.matrix.rows, births.matrix.columns, points));
    return topology::lower_star_persistence(distances.content, births.matrix.values, options);
  });
  return {barcodes.content, distances.table};
}

Loaded<Barcodes> compute(const po::variables_map& values, const std::string& path,
                         const topology::PersistenceOptions& options) {
  const TableFile file(path);
  if (values["bars"].as<bool>()) return from_table(file, read_table_choice(values), to_barcodes);
  if (given(values, "births")) return compute_lower_star(values, file, options);
  if (values["pairs"].as<bool>()) {
    const auto pairs = from_table(file, read_table_choice(values), to_pairs);
    return {topology::persistence(pairs.content, options), pairs.table};
  }
  const auto distances = read_dense(values, file);
  return {topology::persistence(distances.content, options), distances.table};
}

/// The distances of two barcodes of one degree.
struct BarcodeDistances {
  double bottleneck = 0;
  double wasserstein = 0;
};

/// The table of the distances between bars, and while it grows another one.
void require_memory_to_compare(const topology::Barcode& a, const topology::Barcode& b) {
  constexpr double kBytesPerPair = 2 * sizeof(double);
  require_memory(kBytesPerPair * static_cast<double>(a.size()) * static_cast<double>(b.size()),
                 fmt::format("the distances between {} and {} bars", a.size(), b.size()));
}

std::vector<BarcodeDistances> distances_of(Barcodes a, Barcodes b, double order) {
  const std::size_t degrees = std::max(a.size(), b.size());
  a.resize(degrees);
  b.resize(degrees);
  std::vector<BarcodeDistances> all;
  for (std::size_t degree = 0; degree < degrees; ++degree) {
    require_memory_to_compare(a[degree], b[degree]);
    all.push_back({topology::bottleneck_distance(a[degree], b[degree]),
                   topology::wasserstein_distance(a[degree], b[degree], order)});
  }
  return all;
}

std::string number_or_null(double value) { return std::isfinite(value) ? to_string(value) : "null"; }

/// {"h0":{"bottleneck":..,"wasserstein":..},...}, null for an infinite distance.
void print_distances_json(const std::vector<BarcodeDistances>& distances) {
  std::string text;
  for (std::size_t degree = 0; degree < distances.size(); ++degree)
    text += fmt::format("{}\"h{}\":{{\"bottleneck\":{},\"wasserstein\":{}}}", degree == 0 ? "" : ",", degree,
                        number_or_null(distances[degree].bottleneck),
                        number_or_null(distances[degree].wasserstein));
  fmt::print("{{{}}}\n", text);
}

void print(const std::vector<BarcodeDistances>& distances, double order) {
  for (std::size_t degree = 0; degree < distances.size(); ++degree)
    fmt::print("H{}: bottleneck distance {:.9g}, Wasserstein distance of order {:.6g} {:.9g}\n", degree,
               distances[degree].bottleneck, order, distances[degree].wasserstein);
}

void print_json(const Loaded<Barcodes>& result) {
  std::string text;
  for (std::size_t degree = 0; degree < result.content.size(); ++degree)
    text += fmt::format("\"h{}\":{},", degree, to_json(result.content[degree]));
  fmt::print("{{{}\"rows\":{},\"columns\":{}}}\n", text, result.table.rows(), result.table.columns());
}

/// The longest bars in the order of the barcode, those that never die first of all; of equal ones the first.
std::vector<topology::Bar> longest(const topology::Barcode& barcode, std::size_t most) {
  std::vector<topology::Bar> bars = barcode.bars();
  if (bars.size() <= most) return bars;
  std::vector<std::size_t> places(bars.size());
  std::iota(places.begin(), places.end(), 0);
  const auto length = [&](std::size_t k) { return bars[k].death - bars[k].birth; };
  std::stable_sort(places.begin(), places.end(),
                   [&](std::size_t a, std::size_t b) { return length(a) > length(b); });
  places.resize(most);
  std::sort(places.begin(), places.end());
  std::vector<topology::Bar> kept;
  for (const std::size_t k : places) kept.push_back(bars[k]);
  return kept;
}

void print_text(const Loaded<Barcodes>& result, bool all) {
  constexpr std::size_t kMost = 20;
  fmt::print("{}\n", to_text(result.table));
  for (std::size_t degree = 0; degree < result.content.size(); ++degree) {
    const topology::Barcode& barcode = result.content[degree];
    fmt::print("H{}: {} bars, {} of them infinite, total finite length {:.9g}\n", degree, barcode.size(),
               barcode.infinite_bars(), barcode.total_finite_length());
    const std::size_t most = all ? barcode.size() : kMost;
    for (const topology::Bar& bar : longest(barcode, most))
      fmt::print("  [{:.9g}, {:.9g})\n", bar.birth, bar.death);
    if (barcode.size() > most) fmt::print("  and {} shorter ones (--all)\n", barcode.size() - most);
  }
}

}  // namespace

int barcode(const Arguments& arguments) {
  prefer_large_heap_pages();
  const auto values = parse(make_usage(), arguments);
  if (!values) return 0;
  check_kind(*values);
  const topology::PersistenceOptions options = read_persistence_options(*values);
  const auto result = compute(*values, (*values)["FILE"].as<std::string>(), options);
  const bool json = (*values)["json"].as<bool>();
  std::vector<BarcodeDistances> distances;
  const auto order = (*values)["order"].as<double>();
  if (given(*values, "against"))
    distances = distances_of(result.content,
                             compute(*values, text_option(*values, "against"), options).content, order);
  const bool prints = write_barcode_files(*values, result.content);
  if (!prints) return 0;
  if (given(*values, "against"))
    json ? print_distances_json(distances) : print(distances, order);
  else
    json ? print_json(result) : print_text(result, (*values)["all"].as<bool>());
  return 0;
}

}  // namespace chronotope::apps
