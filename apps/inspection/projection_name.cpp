// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/inspection/projection_name.hpp"

#include <charconv>

#include "chronotope/core/printable.hpp"

namespace chronotope::apps {
namespace {

std::string ends_of(const Projection& projection) { return projection.source() + "->" + projection.target(); }

}  // namespace

std::string projection_name(const Header& header, std::uint32_t projection) {
  const auto& projections = header.spec().projection();
  if (projection >= static_cast<std::uint32_t>(projections.size()))
    return "projection " + std::to_string(projection);
  const std::string name = ends_of(projections[static_cast<int>(projection)]);
  int same = 0;
  for (std::uint32_t k = 0; k <= projection; ++k)
    if (ends_of(projections[static_cast<int>(k)]) == name) ++same;
  return printable(name) + (same == 1 ? "" : "#" + std::to_string(same));
}

std::optional<std::uint32_t> projection_of_column(std::string_view path) {
  constexpr std::string_view kProjection = "projection ";
  if (!path.starts_with(kProjection)) return std::nullopt;
  std::uint32_t number = 0;
  std::from_chars(path.data() + kProjection.size(), path.data() + path.size(), number);
  return number;
}

}  // namespace chronotope::apps
