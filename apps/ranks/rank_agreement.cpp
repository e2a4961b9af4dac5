// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/ranks/rank_agreement.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace chronotope::apps {

void agree_on_start(Exchange& exchange, const std::vector<StartedWith>& own,
                    const NetworkDescription& network) {
  for (const StartedWith& one : own) {
    const std::vector<std::string> all = exchange.all(one.value);
    for (std::size_t rank = 1; rank < all.size(); ++rank)
      if (all[rank] != all[0])
        throw InputError(fmt::format("rank {} was started with another {} than rank 0", rank, one.what));
  }
  std::uint64_t neurons = 0;
  for (const PopulationSpec& population : network.populations) neurons += population.size;
  const unsigned ranks = exchange.ranks();
  if (ranks > neurons)
    throw InputError(
        fmt::format("{} ranks are not allowed (the network has {} neurons to share)", ranks, neurons));
}

}  // namespace chronotope::apps
