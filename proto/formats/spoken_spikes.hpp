// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "chronotope/core/network_description.hpp"
#include "chronotope/proto/formats/hdf5_file.hpp"

namespace chronotope::proto {

/// The Spiking Heidelberg Digits and Spiking Speech Commands (Cramer, Stradmann, Schemmel & Zenke 2022): an
/// HDF5 file in which every sample has two lists, /spikes/times [s] and /spikes/units, and a number in
/// /labels, which /extra/keys gives names to. Units are the channels of a cochlea, 700 in the published files.
///
/// Memory: the labels; a sample's spikes are read when they are asked for. Errors: InputError that names the
/// file and the path.
class SpokenSpikes {
 public:
  static constexpr std::uint32_t kUnits = 700;

  explicit SpokenSpikes(const std::string& path);
  /// Whether a file holds samples in this form.
  static bool is(const Hdf5File& file);

  std::size_t size() const { return labels_.size(); }
  /// The class of sample k, by its name where the file has one.
  std::string label(std::size_t k) const;
  /// In order of (time, unit), to the nearest tick of the numbers in the file.
  std::vector<ChannelSpike> spikes(std::size_t k) const;

 private:
  Hdf5File file_;
  std::vector<std::uint64_t> labels_;
  std::vector<std::string> names_;  // of classes; may be empty
};

}  // namespace chronotope::proto
