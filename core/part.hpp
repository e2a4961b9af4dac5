// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "chronotope/core/exchange.hpp"
#include "chronotope/core/packed.hpp"
#include "chronotope/core/time.hpp"

namespace chronotope {

/// Neurons [first, last) of a population.
struct NeuronRange {
  std::uint32_t first = 0;
  std::uint32_t last = 0;

  std::uint32_t size() const { return last - first; }
  bool holds(std::uint32_t n) const { return n - first < size(); }
};

/// The part of a network that one process builds and moves: of each population a range of its neurons, and the synapses
/// that end there. Without an exchange it is the whole network. What must be the same for all parts is agreed upon:
/// all ranks ask in the same order.
class Part {
 public:
  Part() = default;
  /// That of a rank. The exchange outlives the part.
  explicit Part(Exchange& exchange) : exchange_(&exchange) {}

  bool is_whole() const { return exchange_ == nullptr; }
  /// Whether this process writes what a run tells.
  bool is_root() const { return is_whole() || exchange_->is_root(); }
  Exchange* exchange() const { return exchange_; }

  /// Of a population of so many: every rank's, one after the other, are all of them.
  NeuronRange of(std::uint32_t size) const {
    if (is_whole()) return {0, size};
    const auto share = [&](std::uint64_t rank) {
      return static_cast<std::uint32_t>(size * rank / exchange_->ranks());
    };
    return {share(exchange_->rank()), share(exchange_->rank() + std::uint64_t{1})};
  }

  /// Whether it is true of all parts; the least and the largest of what they have; the sum.
  bool all(bool own) const {
    return agreed(own, [](bool a, bool b) { return a && b; });
  }
  template <class T>
  T least(T own) const {
    return agreed(own, [](T a, T b) { return std::min(a, b); });
  }
  template <class T>
  T largest(T own) const {
    return agreed(own, [](T a, T b) { return std::max(a, b); });
  }
  std::uint64_t sum(std::uint64_t own) const {
    return agreed(own, [](std::uint64_t a, std::uint64_t b) { return a + b; });
  }

 private:
  template <class T, class Join>
  T agreed(T own, Join join) const {
    if (is_whole()) return own;
    std::string bytes;
    Packer{bytes}(own);
    const std::vector<std::string> said = exchange_->all(bytes);
    T joint = unpacked<T>(said.front());
    for (std::size_t rank = 1; rank < said.size(); ++rank) joint = join(joint, unpacked<T>(said[rank]));
    return joint;
  }
  template <class T>
  static T unpacked(const std::string& bytes) {
    std::string_view rest = bytes;
    T value{};
    Unpacker{rest}(value);
    return value;
  }

  Exchange* exchange_ = nullptr;
};

}  // namespace chronotope
