// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/imports/nir_signal.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <tuple>
#include <utility>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"

namespace chronotope::apps {
namespace {

using proto::NirArray;
using proto::NirNode;
using Terms = std::vector<NirSignal::Term>;

constexpr int kDeepest = 1000;  // linear nodes in a row

bool is_linear(const NirNode& node) { return node.type == "Linear" || node.type == "Affine"; }
/// What spikes.
bool is_source(const NirNode& node) { return node.type == "Input" || is_neuron(node); }

std::tuple<std::uint32_t, std::uint32_t, Duration> key(const NirSignal::Term& term) {
  return {term.node, term.index, term.delay};
}

/// Makes one of those that have the same source and delay.
void merge(Terms& terms) {
  std::stable_sort(terms.begin(), terms.end(), [](const auto& a, const auto& b) { return key(a) < key(b); });
  std::size_t kept = 0;
  for (const NirSignal::Term& term : terms) {
    if (kept > 0 && key(terms[kept - 1]) == key(term))
      terms[kept - 1].weight += term.weight;
    else
      terms[kept++] = term;
  }
  terms.resize(kept);
}

/// The decimal that was meant, in ms.
Duration milliseconds(double seconds, bool is_single) {
  constexpr int kThousand = 3;
  std::array<char, 64> text{};
  const auto end = is_single
                       ? std::to_chars(text.begin(), text.end(), static_cast<float>(seconds),
                                       std::chars_format::scientific)
                       : std::to_chars(text.begin(), text.end(), seconds, std::chars_format::scientific);
  const std::string all(text.data(), end.ptr);
  const std::size_t sign = all.find('e');
  return read_decimal(all.substr(0, sign) + "e" + std::to_string(std::stoi(all.substr(sign + 1)) + kThousand))
      ->value;
}

double value_of(const NirArray& array, std::size_t k) {
  return array.values[array.values.size() == 1 ? 0 : k];
}

}  // namespace

bool is_neuron(const NirNode& node) {
  return node.type == "LIF" || node.type == "CubaLIF" || node.type == "IF";
}

bool NirSignal::has_terms() const {
  return std::any_of(terms.begin(), terms.end(), [](const Terms& some) { return !some.empty(); });
}

NirSignals::NirSignals(const proto::NirGraph& graph)
    : graph_(graph),
      leading_to_(graph.nodes.size()),
      size_(graph.nodes.size()),
      progress_(graph.nodes.size(), Progress::kNew),
      leaving_(graph.nodes.size()) {
  for (const auto& [from, to] : graph.edges) leading_to_[to].push_back(from);
  for (std::size_t node = 0; node < graph.nodes.size(); ++node) find_size(node);
  std::fill(progress_.begin(), progress_.end(), Progress::kNew);
}

/// Of what the arrays say alone.
std::size_t NirSignals::own_size(const NirNode& node) const {
  if (is_linear(node)) return node.arrays.at("weight").extents[0];
  if (node.type == "Input") {
    double product = 1;
    for (const double side : node.arrays.at("shape").values) {
      product *= side;
      if (!(side >= 1 && side == std::floor(side) && product <= std::numeric_limits<std::uint32_t>::max()))
        graph_.refuse(
            node, "shape",
            "must be whole numbers from 1, at most 4294967295 in all; " + to_string(side) + " is one");
    }
    return static_cast<std::size_t>(product);
  }
  std::size_t largest = 0;
  for (const auto& [name, array] : node.arrays)
    if (name != "shape" && name != "start_dim" && name != "end_dim")
      largest = std::max(largest, array.values.size());
  if (largest > std::numeric_limits<std::uint32_t>::max())
    graph_.refuse(node, "", "has more than 2^32 neurons");
  return largest;
}

std::size_t NirSignals::find_size(std::size_t n) {
  if (progress_[n] != Progress::kNew) return size_[n];
  progress_[n] = Progress::kBegun;
  const NirNode& node = graph_.nodes[n];
  size_[n] = own_size(node);
  if (size_[n] <= 1 && !is_linear(node) && node.type != "Input") {
    if (++depth_ > kDeepest) graph_.refuse(node, "", "stands behind more than 1000 nodes without a size");
    for (const std::size_t from : leading_to_[n]) size_[n] = std::max(size_[n], find_size(from));
    --depth_;
  }
  progress_[n] = Progress::kDone;
  return size_[n];
}

NirSignal NirSignals::arriving(std::size_t n) {
  const NirNode& node = graph_.nodes[n];
  NirSignal sum(is_linear(node) ? node.arrays.at("weight").extents[1] : size_[n]);
  for (const std::size_t from : leading_to_[n]) {
    const NirSignal& one = leaving(from);
    if (one.size() != sum.size())
      graph_.refuse(
          node, "",
          fmt::format("takes {} values, {} gives {}", sum.size(), graph_.nodes[from].name, one.size()));
    for (std::size_t k = 0; k < sum.size(); ++k) {
      sum.terms[k].insert(sum.terms[k].end(), one.terms[k].begin(), one.terms[k].end());
      sum.bias[k] += one.bias[k];
    }
  }
  for (Terms& terms : sum.terms) merge(terms);
  return sum;
}

const NirSignal& NirSignals::leaving(std::size_t n) {
  if (leaving_[n]) return *leaving_[n];
  if (progress_[n] == Progress::kBegun)
    graph_.refuse(graph_.nodes[n], "", "edges lead from it to itself without a neuron between");
  progress_[n] = Progress::kBegun;
  if (++depth_ > kDeepest)
    graph_.refuse(graph_.nodes[n], "", "stands behind more than 1000 others without a neuron");
  leaving_[n] = make_leaving(n);
  --depth_;
  progress_[n] = Progress::kDone;
  return *leaving_[n];
}

NirSignal NirSignals::make_leaving(std::size_t n) {
  const NirNode& node = graph_.nodes[n];
  if (is_source(node)) {
    NirSignal spikes(size_[n]);
    for (std::uint32_t k = 0; k < size_[n]; ++k)
      spikes.terms[k].push_back({static_cast<std::uint32_t>(n), k, Duration(), 1});
    return spikes;
  }
  NirSignal signal = arriving(n);
  if (is_linear(node)) return multiplied(node, signal);
  if (node.type == "Scale") scale(node, signal);
  if (node.type == "Delay") delay(node, signal);
  return signal;
}

NirSignal NirSignals::multiplied(const NirNode& node, const NirSignal& in) const {
  const std::vector<double>& weight = node.arrays.at("weight").values;
  NirSignal out(node.arrays.at("weight").extents[0]);
  for (std::size_t j = 0; j < out.size(); ++j) {
    Interrupt::check();
    for (std::size_t k = 0; k < in.size(); ++k) {
      const double w = weight[j * in.size() + k];
      out.bias[j] += w * in.bias[k];
      for (const NirSignal::Term& term : in.terms[k])
        out.terms[j].push_back({term.node, term.index, term.delay, w * term.weight});
    }
    merge(out.terms[j]);
    if (node.has("bias")) out.bias[j] += node.arrays.at("bias").values[j];
  }
  return out;
}

void NirSignals::scale(const NirNode& node, NirSignal& signal) const {
  const NirArray& factor = node.arrays.at("scale");
  if (factor.values.size() != 1 && factor.values.size() != signal.size())
    graph_.refuse(node, "scale",
                  fmt::format("holds {} numbers for {} values", factor.values.size(), signal.size()));
  for (std::size_t k = 0; k < signal.size(); ++k) {
    for (NirSignal::Term& term : signal.terms[k]) term.weight *= value_of(factor, k);
    signal.bias[k] *= value_of(factor, k);
  }
}

/// A constant is the same later.
void NirSignals::delay(const NirNode& node, NirSignal& signal) const {
  constexpr double kLongest = 1e6;
  const NirArray& later = node.arrays.at("delay");
  if (later.values.size() != 1 && later.values.size() != signal.size())
    graph_.refuse(node, "delay",
                  fmt::format("holds {} numbers for {} values", later.values.size(), signal.size()));
  for (std::size_t k = 0; k < signal.size(); ++k) {
    const double seconds = value_of(later, k);
    if (!(seconds >= 0 && seconds <= kLongest))
      graph_.refuse(node, "delay",
                    fmt::format("number {} (from 0): {} is not allowed (must be from 0 to 1e6 s)", k,
                                to_string(seconds)));
    for (NirSignal::Term& term : signal.terms[k])
      term.delay = term.delay + milliseconds(seconds, later.is_single);
  }
}

}  // namespace chronotope::apps
