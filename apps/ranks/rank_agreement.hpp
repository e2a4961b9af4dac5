// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chronotope/core/exchange.hpp"
#include "chronotope/core/network_description.hpp"

namespace chronotope::apps {

/// What a rank was started with: a name and what must be the same on all.
struct StartedWith {
  std::string what;  // "version"
  std::string value;
};

/// Throws InputError when a rank was started with something else than rank 0, or when there are more ranks than
/// neurons. All ranks call it at once.
void agree_on_start(Exchange& exchange, const std::vector<StartedWith>& own,
                    const NetworkDescription& network);

}  // namespace chronotope::apps
