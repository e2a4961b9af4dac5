// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/connectivity.hpp"

#include <algorithm>
#include <boost/iterator/counting_iterator.hpp>
#include <boost/iterator/transform_iterator.hpp>
#include <cassert>
#include <utility>

namespace chronotope {
namespace {

/// The source of every entry of `rows`.
std::vector<std::uint32_t> sources_of(const Adjacency& rows) {
  std::vector<std::uint32_t> source(rows.target.size());
  for (std::size_t i = 0; i < rows.sources(); ++i)
    std::fill(source.begin() + static_cast<std::ptrdiff_t>(rows.row_begin[i]),
              source.begin() + static_cast<std::ptrdiff_t>(rows.row_begin[i + 1]),
              static_cast<std::uint32_t>(i));
  return source;
}

}  // namespace

Connectivity::Connectivity(const Adjacency& rows, std::span<const double> delay_ms, std::uint32_t targets) {
  assert(delay_ms.size() == rows.target.size());
  const std::vector<std::uint32_t> source = sources_of(rows);
  const auto edge = [&](std::uint64_t e) { return std::pair(source[e], rows.target[e]); };
  const auto begin = boost::make_transform_iterator(boost::counting_iterator<std::uint64_t>(0), edge);
  const auto vertices = std::max<std::uint32_t>(static_cast<std::uint32_t>(rows.sources()), targets);
  graph_ =
      Graph(boost::edges_are_sorted, begin, begin + static_cast<std::ptrdiff_t>(source.size()), vertices);

  for (std::uint32_t i = 0; i < rows.sources(); ++i) {
    row_segment_.push_back(segment_begin_.size());
    for (std::uint64_t e = rows.row_begin[i]; e < rows.row_begin[i + 1]; ++e) {
      if (e > rows.row_begin[i] && delay_ms[e] == delay_ms[e - 1]) continue;
      segment_begin_.push_back(e);
      segment_delay_.push_back(delay_ms[e]);
      segment_source_.push_back(i);
    }
  }
  row_segment_.push_back(segment_begin_.size());
  segment_begin_.push_back(source.size());
}

}  // namespace chronotope
