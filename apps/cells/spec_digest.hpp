// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "chronotope/core/time.hpp"
#include "chronotope/proto/spec_codec.hpp"

namespace chronotope::apps {

/// A name for what a run depends on: equal for equal runs, another for another version of the program. FNV-1a,
/// 64 bits, as in Purpose; one value after the other.
class SpecDigest {
 public:
  SpecDigest() { add(CHRONOTOPE_VERSION); }

  void add(std::string_view bytes) {
    for (const char c : bytes) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  }
  void add(std::uint64_t number) {
    hash_ = (hash_ ^ number) * 1099511628211ULL;
    hash_ ^= hash_ >> 29;  // high bits of the number reach the low ones of the digest
  }
  void add(Time t);
  /// What is heard counts, not where it came from.
  void add_network(const NetworkSpec& message);
  /// The spikes that are listed, the changes of currents and the stimuli.
  void add_inputs(const proto::DecodedSpec& spec);

  /// 16 hexadecimal digits.
  std::string text() const;

 private:
  std::uint64_t hash_ = 1469598103934665603ULL;
};

}  // namespace chronotope::apps
