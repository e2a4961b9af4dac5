// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/output/barcode_files.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>

#include "chronotope/apps/options/named_option.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/proto/formats/npy.hpp"
#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/topology/homology/barcode_curves.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

using topology::Bar;
using topology::Barcode;
using topology::BarRange;
using topology::ImageWeight;
using Barcodes = std::vector<Barcode>;

constexpr std::size_t kDegrees = 3;
constexpr std::array kFiles{"diagram", "betti", "landscape", "image"};
constexpr std::array kWeights{Name<ImageWeight>{"one", ImageWeight::kOne},
                              Name<ImageWeight>{"persistence", ImageWeight::kPersistence}};

/// A table whose columns have names; an image's have none.
struct Table {
  std::vector<std::string> names;
  proto::Matrix matrix;

  void add_row(const std::vector<double>& row) {
    matrix.columns = row.size();
    matrix.values.insert(matrix.values.end(), row.begin(), row.end());
    ++matrix.rows;
  }
};

std::string joined(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) line += (line.empty() ? "" : ",") + cell;
  return line + "\n";
}

std::string to_csv(const Table& table) {
  std::string text = table.names.empty() ? "" : joined(table.names);
  for (std::size_t r = 0; r < table.matrix.rows; ++r) {
    std::vector<std::string> cells;
    for (std::size_t c = 0; c < table.matrix.columns; ++c)
      cells.push_back(chronotope::to_string(table.matrix(r, c)));
    text += joined(cells);
  }
  return text;
}

void write(const std::string& path, const Table& table) {
  proto::Output out(path);
  out.write(path.ends_with(".npy") ? proto::to_npy(table.matrix) : to_csv(table));
  out.commit();
}

Table diagram(const Barcodes& barcodes) {
  Table table{{"degree", "birth", "death"}, {0, 3, {}}};
  for (std::size_t degree = 0; degree < barcodes.size(); ++degree)
    for (const Bar& bar : barcodes[degree].bars())
      table.add_row({static_cast<double>(degree), bar.birth, bar.death});
  return table;
}

/// Of the finite bars of all degrees.
BarRange range_of(const Barcodes& barcodes) {
  std::vector<Bar> bars;
  for (const Barcode& barcode : barcodes)
    bars.insert(bars.end(), barcode.bars().begin(), barcode.bars().end());
  return topology::range_of(Barcode(std::move(bars)));
}

/// Of the curves and of an image's births: what is asked for, the rest from the bars.
BarRange wanted_range(const po::variables_map& values, const Barcodes& barcodes) {
  BarRange range = range_of(barcodes);
  if (given(values, "from")) range.low = values["from"].as<double>();
  if (given(values, "to")) range.high = values["to"].as<double>();
  if (range.low > range.high)
    throw InputError(fmt::format("--from: {} is not allowed (must be at most --to, {})",
                                 chronotope::to_string(range.low), chronotope::to_string(range.high)));
  return range;
}

/// A column for x, then the named curves.
Table curves(const std::vector<double>& grid, std::vector<std::string> names,
             const std::vector<std::vector<double>>& columns) {
  Table table{{"x"}, {0, columns.size() + 1, {}}};
  table.names.insert(table.names.end(), names.begin(), names.end());
  for (std::size_t g = 0; g < grid.size(); ++g) {
    std::vector<double> row{grid[g]};
    for (const auto& column : columns) row.push_back(column[g]);
    table.add_row(row);
  }
  return table;
}

Table betti_curves(const Barcodes& barcodes, const std::vector<double>& grid) {
  std::vector<std::string> names;
  std::vector<std::vector<double>> columns;
  for (std::size_t degree = 0; degree < barcodes.size(); ++degree) {
    names.push_back(fmt::format("h{}", degree));
    columns.push_back(topology::betti_curve(barcodes[degree], grid));
  }
  return curves(grid, std::move(names), columns);
}

Table landscapes(const Barcodes& barcodes, const std::vector<double>& grid, std::size_t count) {
  std::vector<std::string> names;
  std::vector<std::vector<double>> columns;
  for (std::size_t degree = 0; degree < barcodes.size(); ++degree) {
    for (std::size_t k = 1; k <= count; ++k) names.push_back(fmt::format("h{}_{}", degree, k));
    for (auto& landscape : topology::persistence_landscapes(barcodes[degree], grid, count))
      columns.push_back(std::move(landscape));
  }
  return curves(grid, std::move(names), columns);
}

/// Of the highest degree; rows are lengths, columns births, both ascending.
Table image(const po::variables_map& values, const Barcodes& barcodes) {
  const Barcode barcode = barcodes.empty() ? Barcode() : barcodes.back();
  const BarRange range = wanted_range(values, {barcode});
  const double longest = given(values, "longest") ? values["longest"].as<double>() : range.longest;
  const std::size_t pixels = whole_option(values, "pixels");
  const auto bandwidth = values["bandwidth"].as<double>();
  return {{},
          {pixels, pixels,
           topology::persistence_image(barcode, topology::even_grid(range.low, range.high, pixels),
                                       topology::even_grid(0, longest, pixels), bandwidth,
                                       named(values, "weight", kWeights))}};
}

[[noreturn]] void refuse(std::size_t row, const std::string& what) {
  throw InputError(fmt::format("row {} (from 0): {}", row, what));
}

}  // namespace

OptionGroup barcode_file_options() {
  constexpr std::uint64_t kMost = 100'000;
  constexpr std::uint64_t kMostPixels = 4'000;
  const Bound kAnyNegative = above(-std::numeric_limits<double>::infinity());
  const std::vector<Option::Company> curves{{"betti"}, {"landscape"}};
  const std::vector<Option::Company> ranges{{"betti"}, {"landscape"}, {"image"}};
  return {"Barcodes as data (.npy by the extension, else CSV)",
          {{"diagram", File{File::Use::kWritten}, "the bars: degree, birth, death; --bars reads it again"},
           {"betti", File{File::Use::kWritten}, "Betti curves: x, then a column per degree"},
           {"landscape", File{File::Use::kWritten},
            "persistence landscapes, heights times sqrt 2 as GUDHI's: x, then h0_1, h0_2, ..."},
           {"landscapes", WholeNumber{1, 1000, "5"}, "how many of each degree", {{"landscape"}}},
           {"samples", WholeNumber{1, kMost, "100"}, "of the curves", curves},
           {"image", File{File::Use::kWritten},
            "persistence image of degree --dim: a row per length, a column per birth, from low to high"},
           {"pixels", WholeNumber{1, kMostPixels, "20"}, "of each side of the image", {{"image"}}},
           {"bandwidth", RealNumber{above(0), any_finite(), "1"}, "of the image's Gaussians", {{"image"}}},
           {"weight", words_of("weight", kWeights, "one"), "of a bar in the image", {{"image"}}},
           {"from", RealNumber{kAnyNegative, any_finite()},
            "where curves and the image's births begin; default: the first birth", ranges},
           {"to", RealNumber{kAnyNegative, any_finite()}, "where they end; default: the last finite death",
            ranges},
           {"longest",
            RealNumber{above(0), any_finite()},
            "where the image's lengths end; default: the longest finite bar",
            {{"image"}}}}};
}

bool write_barcode_files(const po::variables_map& values, const std::vector<Barcode>& barcodes) {
  if (given(values, "diagram")) write(text_option(values, "diagram"), diagram(barcodes));
  const std::size_t samples = whole_option(values, "samples");
  const auto grid = [&] {
    const BarRange range = wanted_range(values, barcodes);
    return topology::even_grid(range.low, range.high, samples);
  };
  if (given(values, "betti")) write(text_option(values, "betti"), betti_curves(barcodes, grid()));
  if (given(values, "landscape"))
    write(text_option(values, "landscape"), landscapes(barcodes, grid(), whole_option(values, "landscapes")));
  if (given(values, "image")) write(text_option(values, "image"), image(values, barcodes));
  return std::none_of(std::begin(kFiles), std::end(kFiles),
                      [&](const char* file) { return text_option(values, file) == "-"; });
}

std::vector<Barcode> to_barcodes(const proto::NumberTable& rows) {
  const proto::Matrix& table = rows.matrix;
  if (table.columns != 3)
    throw InputError(std::to_string(table.columns) +
                     " columns are not allowed (bars are degree, birth, death)");
  std::vector<std::vector<Bar>> bars(1);
  for (std::size_t row = 0; row < table.rows; ++row) {
    const double degree = table(row, 0);
    const Bar bar{table(row, 1), table(row, 2)};
    if (!(degree >= 0 && degree < kDegrees && degree == std::floor(degree)))
      refuse(row, "the degree " + chronotope::to_string(degree) + " is not allowed (must be 0, 1 or 2)");
    if (!std::isfinite(bar.birth))
      refuse(row, "the birth " + chronotope::to_string(bar.birth) + " is not allowed (must be finite)");
    if (!(bar.death >= bar.birth))
      refuse(row, "the death " + chronotope::to_string(bar.death) +
                      " is not allowed (must be at least the birth, " + chronotope::to_string(bar.birth) +
                      ")");
    const auto of = static_cast<std::size_t>(degree);
    bars.resize(std::max(bars.size(), of + 1));
    bars[of].push_back(bar);
  }
  std::vector<Barcode> barcodes;
  for (auto& of : bars) barcodes.emplace_back(std::move(of));
  return barcodes;
}

}  // namespace chronotope::apps
