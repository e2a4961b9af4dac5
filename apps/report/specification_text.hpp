// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chronotope/proto/network_spec.pb.h"

namespace chronotope::apps {

/// A network's parameters to read: a row for each population, input and projection, of what it is and all that its
/// specification says of it by the names of the fields, "tau_m gamma (mean 20, cv 0.577) min 2". Of lists, as of
/// synapses, only how long they are.
std::vector<std::vector<std::string>> specification_rows(const NetworkSpec& network);

}  // namespace chronotope::apps
