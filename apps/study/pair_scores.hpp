// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/apps/comparison/divergence.hpp"
#include "chronotope/apps/study/cell_rows.hpp"
#include "chronotope/apps/study/plan.hpp"
#include "chronotope/apps/study/similarity.hpp"

namespace chronotope::apps {

/// Which two networks are compared, and why.
struct PairOfCells {
  std::string
      kind;  // contrast, supervised, redrawn, order, jitter, permuted, gain, untrained, last, wiring, map
  std::size_t a = 0;  // places among the cells
  std::size_t b = 0;
  bool has_ceiling = false;  // rows of b in random order, too
};

/// A score of a pair: which rows in whose layers.
struct PairLayers {
  const PairOfCells* pair = nullptr;
  LayerSource layers = LayerSource::kOwn;
  Rows rows = Rows::kRaw;
  std::vector<RtdReport> reports;  // L1 .. L5; of a map every layer of a with every one of b, row by row
  std::vector<Similarity> similarities{};  // as the reports; none of maps and of two wirings
  double embedding = 0;                    // distance of the two networks' embeddings
};

/// The pairs of a study. Of one wiring: all networks of a contrast with each other; a control with what it is
/// a control of; a trained network with its untrained twin, at every checkpoint, too, and with its end; two
/// networks of a contrast at a checkpoint. Of two wirings: the first networks of every contrast asked for.
/// Maps: these networks of one wiring with themselves and each other.
std::vector<PairOfCells> pairs_of(const StudyPlan& plan, const std::vector<Cell>& cells, bool with_maps);

struct PairDemand {
  std::vector<LayerSource> layers;  // the first decides; pairs of two wirings and maps are of these alone
  std::vector<Rows> rows;           // maps are of the first alone, matched ones of one wiring and own layers
  std::uint64_t seed = 0;           // of the neurons of matched rows
  DivergenceOptions divergence;
  std::size_t permutations = 0;  // for the ceiling
  std::size_t threads = 1;
};

/// RTD of all pairs, in the order of the pairs, layers and rows. Every pair is computed by one thread, so the
/// bits do not depend on their number. Throws Interrupted on Ctrl-C.
std::vector<PairLayers> score_pairs(const std::vector<PairOfCells>& pairs, const std::vector<CellRows>& cells,
                                    const PairDemand& demand,
                                    const std::function<void(double share)>& progress);

}  // namespace chronotope::apps
