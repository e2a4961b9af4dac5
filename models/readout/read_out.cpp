// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/readout/read_out.hpp"

#include <algorithm>

#include "chronotope/models/readout/multinomial_logistic.hpp"
#include "chronotope/models/readout/ridge.hpp"

namespace chronotope::models {

namespace {

std::vector<std::uint32_t> classes_among(const Classes& classes, const Rows& rows) {
  std::vector<std::uint32_t> known;
  for (const std::size_t i : rows) known.push_back(classes[i]);
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  return known;
}

/// The places of the rows' classes among the known ones.
Classes places(const Classes& classes, const Rows& rows, const std::vector<std::uint32_t>& known) {
  Classes numbered;
  for (const std::size_t i : rows)
    numbered.push_back(
        static_cast<std::uint32_t>(std::lower_bound(known.begin(), known.end(), classes[i]) - known.begin()));
  return numbered;
}

std::vector<double> indicators(const Classes& classes, std::size_t count) {
  std::vector<double> y(classes.size() * count, 0);
  for (std::size_t i = 0; i < classes.size(); ++i) y[i * count + classes[i]] = 1;
  return y;
}

LinearMap fit(const FeatureTable& z, const Classes& classes, std::size_t count, ReadOutMethod method) {
  if (method == ReadOutMethod::kRidge) return ridge(z, indicators(classes, count), PenaltyPer::kAll).map;
  return multinomial_logistic(z, classes, 1 / static_cast<double>(z.size()));
}

}  // namespace

ReadOut::ReadOut(const FeatureTable& table, const Classes& classes, const Rows& training,
                 ReadOutMethod method)
    : known_(classes_among(classes, training)), standardisation_(table, training) {
  assert(training.size() >= 2 && classes.size() == table.size());
  map_ =
      fit(standardisation_.apply(table, training), places(classes, training, known_), known_.size(), method);
}

std::uint32_t ReadOut::classify(std::span<const double> row) const {
  const std::vector<double> scores = map_(standardisation_.apply(row));
  return known_[static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin())];
}

Classes ReadOut::classify(const FeatureTable& table, const Rows& rows) const {
  Classes classes;
  for (const std::size_t i : rows) classes.push_back(classify(table.row(i)));
  return classes;
}

}  // namespace chronotope::models
