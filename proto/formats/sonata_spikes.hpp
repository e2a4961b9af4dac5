// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chronotope/core/time.hpp"
#include "chronotope/proto/formats/hdf5_file.hpp"

namespace chronotope::proto {

// Spikes as the SONATA format has them (Dai et al. 2020, and its developer guide): an HDF5 file with, for
// every population, /spikes/NAME/timestamps [ms] and /spikes/NAME/node_ids, one of each a spike, in any order.
// Older files have one population without a name: /spikes/timestamps and /spikes/gids.

struct NodeSpike {
  Time time;
  std::uint32_t node = 0;

  friend auto operator<=>(const NodeSpike&, const NodeSpike&) = default;
};

struct SonataPopulation {
  std::string name;                 // empty in older files
  std::vector<NodeSpike> spikes;    // in order of (time, node)
  std::uint64_t rounded_times = 0;  // stated with more than 12 decimals of a millisecond
};

/// Whether a file holds spikes in this form.
bool holds_sonata_spikes(const Hdf5File& file);

/// The populations by name. Errors: InputError that names the file, the path and the spike, for times that are
/// none or in another unit than ms, nodes from 2^32 on, and as many nodes as not times.
std::vector<SonataPopulation> read_sonata_spikes(const Hdf5File& file);

/// The bytes of such a file, of the present form (magic 0x0A7A, version 0.1), sorted by time. Requires: names
/// that are not empty and hold no '/'.
std::string sonata_spikes(const std::vector<SonataPopulation>& populations);

}  // namespace chronotope::proto
