// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/pair_scores.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/study/size_matching.hpp"
#include "chronotope/core/parallel.hpp"
#include "chronotope/topology/representation/network_embedding.hpp"

namespace chronotope::apps {
namespace {

/// Finds pairs by the names of conditions.
class PairFinder {
 public:
  PairFinder(const StudyPlan& plan, const std::vector<Cell>& cells) : plan_(plan) {
    for (std::size_t c = 0; c < cells.size(); ++c) place_[{cells[c].condition.name(), cells[c].wiring}] = c;
  }

  std::vector<PairOfCells> operator()(bool with_maps) {
    for (std::uint64_t w = 0; w < plan_.wirings; ++w) {
      for (const Contrast& contrast : plan_.contrasts) add_contrast(contrast, w);
      for (const Condition& condition : plan_.conditions) add_control(condition, w);
    }
    for (const Contrast& contrast : plan_.contrasts)
      if (!contrast.het.front().cv) add_other_wirings(contrast);
    if (with_maps)
      for (const Contrast& contrast : plan_.contrasts)
        if (!contrast.het.front().cv)
          for (std::uint64_t w = 0; w < plan_.wirings; ++w) add_maps(contrast, w);
    return std::move(pairs_);
  }

 private:
  /// Each pair once, whatever brings it; nothing when a network is not part of the study.
  void add(const std::string& kind, const Condition& a, std::uint64_t wiring_a, const Condition& b,
           std::uint64_t wiring_b, bool has_ceiling = false) {
    const auto of_a = place_.find({a.name(), wiring_a});
    const auto of_b = place_.find({b.name(), wiring_b});
    if (of_a == place_.end() || of_b == place_.end() || of_a == of_b) return;
    if (seen_.emplace(of_a->second, of_b->second).second)
      pairs_.push_back({kind, of_a->second, of_b->second, has_ceiling});
  }

  void add_contrast(const Contrast& contrast, std::uint64_t w) {
    for (std::size_t k = 0; k < contrast.het.size(); ++k) {
      add(contrast.part ? "contrast" : "supervised", contrast.hom, w, contrast.het[k], w, k == 0);
      const char* among = contrast.het[k].control == Control::kOrder ? "order" : "redrawn";
      for (std::size_t j = 0; j < k; ++j) add(among, contrast.het[j], w, contrast.het[k], w);
    }
    for (const double share : plan_.checkpoints) {
      Condition hom = contrast.hom;
      Condition het = contrast.het.front();
      hom.trained = het.trained = share;
      add("checkpoint", hom, w, het, w);
    }
  }

  void add_control(const Condition& condition, std::uint64_t w) {
    if (condition.control != Control::kNone) {
      const std::string name = condition.name();
      add(name.substr(name.find('.') + 1), condition.with(Control::kNone), w, condition, w);
    }
    if (condition.control != Control::kNone || !condition.is_trained() || condition.cv) return;
    if (!condition.redrawn_part) add("untrained", condition, w, condition.untrained(), w);
    if (condition.trained == 1) return;
    Condition end = condition;
    end.trained = 1;
    add("last", condition, w, end, w);
  }

  void add_maps(const Contrast& contrast, std::uint64_t w) {
    const std::size_t hom = place_.at({contrast.hom.name(), w});
    const std::size_t het = place_.at({contrast.het.front().name(), w});
    for (const auto& [a, b] : {std::pair(hom, hom), std::pair(het, het), std::pair(hom, het)})
      if (mapped_.emplace(a, b).second) pairs_.push_back({"map", a, b, false});
  }

  void add_other_wirings(const Contrast& contrast) {
    const Condition& hom = contrast.hom;
    const Condition& het = contrast.het.front();
    for (std::uint64_t v = 0; v < plan_.wirings; ++v)
      for (std::uint64_t w = v + 1; w < plan_.wirings; ++w) {
        add("wiring", hom, v, hom, w);
        add("wiring", het, v, het, w);
        add("wiring", hom, v, het, w);
        add("wiring", het, v, hom, w);
      }
  }

  const StudyPlan& plan_;
  std::map<std::pair<std::string, std::uint64_t>, std::size_t> place_;
  std::set<std::pair<std::size_t, std::size_t>> seen_;
  std::set<std::pair<std::size_t, std::size_t>> mapped_;
  std::vector<PairOfCells> pairs_;
};

/// Every layer of a with every layer of b.
std::vector<RtdReport> map_of(const topology::Representation& a, const topology::Representation& b,
                              const DivergenceOptions& options) {
  std::vector<RtdReport> reports;
  for (std::size_t i = 0; i < topology::kLayers; ++i)
    for (std::size_t j = 0; j < topology::kLayers; ++j)
      reports.push_back(layer_divergence(a, i, b, j, options).report);
  return reports;
}

/// Scores pairs under one demand.
class PairScorer {
 public:
  PairScorer(const std::vector<CellRows>& cells, const PairDemand& demand)
      : cells_(cells), demand_(demand), size_(smallest_layers(cells, demand.layers.front())) {}

  void score(PairLayers& wanted) const {
    const CellRows& a = cells_[wanted.pair->a];
    const CellRows& b = cells_[wanted.pair->b];
    const CellRows& layers_of_b = wanted.layers == LayerSource::kShared ? a : b;
    topology::Representation of_a = in_layers(a, wanted.layers, a, wanted.rows);
    topology::Representation of_b = in_layers(b, wanted.layers, layers_of_b, wanted.rows);
    if (wanted.rows == Rows::kMatched)
      for (topology::Representation* side : {&of_a, &of_b}) match(*side);
    wanted.reports = divergences(*wanted.pair, of_a, of_b);
    wanted.embedding = topology::embedding_distance(a.embedding, b.embedding);
    if (wanted.pair->kind == "map" || wanted.pair->kind == "wiring") return;
    for (std::size_t l = 0; l < topology::kLayers; ++l)
      wanted.similarities.push_back(similarity(of_a.layers[l], of_b.layers[l]));
  }

 private:
  void match(topology::Representation& side) const {
    for (std::size_t l = 0; l < topology::kLayers; ++l) {
      topology::Activations& layer = side.layers[l];
      layer = size_matched(layer, std::min(size_[l], layer.neurons.size()), demand_.seed, 0);
    }
  }

  std::vector<RtdReport> divergences(const PairOfCells& pair, const topology::Representation& a,
                                     const topology::Representation& b) const {
    DivergenceOptions options = demand_.divergence;
    options.rtd.threads = 1;
    options.permutations = pair.has_ceiling ? demand_.permutations : 0;
    std::vector<RtdReport> reports;
    if (pair.kind == "map")
      reports = map_of(a, b, options);
    else
      for (RtdReport& report : layer_divergence(a, b, options)) reports.push_back(std::move(report));
    for (RtdReport& report : reports)
      for (ProvenanceReport* side : {report.mutable_a(), report.mutable_b()}) {
        side->clear_stimulus();  // the same for all
        side->clear_window_ms();
      }
    return reports;
  }

  const std::vector<CellRows>& cells_;
  const PairDemand& demand_;
  std::array<std::size_t, topology::kLayers> size_;  // of matched layers
};

/// Whether rows of this form in these layers are wanted of a pair.
bool is_wanted(const PairOfCells& pair, std::size_t layers, Rows rows, const PairDemand& demand) {
  const bool between = pair.kind == "wiring";
  if (layers > 0 && (between || pair.kind == "map" || rows == Rows::kMatched)) return false;
  if (pair.kind == "map") return rows == demand.rows.front();
  return !(between && rows == Rows::kMatched);
}

}  // namespace

std::vector<PairOfCells> pairs_of(const StudyPlan& plan, const std::vector<Cell>& cells, bool with_maps) {
  return PairFinder(plan, cells)(with_maps);
}

std::vector<PairLayers> score_pairs(const std::vector<PairOfCells>& pairs, const std::vector<CellRows>& cells,
                                    const PairDemand& demand,
                                    const std::function<void(double share)>& progress) {
  std::vector<PairLayers> scores;
  for (const PairOfCells& pair : pairs)
    for (std::size_t l = 0; l < demand.layers.size(); ++l)
      for (const Rows rows : demand.rows)
        if (is_wanted(pair, l, rows, demand)) scores.push_back({&pair, demand.layers[l], rows, {}});
  const PairScorer scorer(cells, demand);
  std::mutex mutex;
  std::size_t done = 0;
  in_parallel(scores.size(), demand.threads, [&](std::size_t i) {
    Interrupt::check();
    scorer.score(scores[i]);
    const std::lock_guard lock(mutex);
    progress(static_cast<double>(++done) / static_cast<double>(scores.size()));
  });
  return scores;
}

}  // namespace chronotope::apps
