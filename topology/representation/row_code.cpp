// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/representation/row_code.hpp"

namespace chronotope::topology {

std::string to_string(RowCode code) {
  switch (code) {
    case RowCode::kCount:
      return "count";
    case RowCode::kTrace:
      return "trace";
    case RowCode::kLatency:
      return "latency";
    case RowCode::kBins:
      return "bins";
    case RowCode::kPotential:
      return "potential";
    case RowCode::kTrain:
      return "train";
  }
  return "";
}

}  // namespace chronotope::topology
