// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/inspection/projection_name.hpp"

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

}  // namespace chronotope::apps
