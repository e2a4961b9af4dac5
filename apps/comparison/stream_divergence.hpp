// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "chronotope/apps/comparison/divergence.hpp"
#include "chronotope/apps/options/representation_options.hpp"
#include "chronotope/proto/formats/input_file.hpp"

namespace chronotope::apps {

/// What is printed of two streams.
struct StreamComparison {
  StreamOptions streams;
  DivergenceOptions divergence;
  bool pairs = false;  // every layer of A with every layer of B
  bool json = false;
};

/// Reads two streams of `simulate` to their ends and prints the divergence of their layers.
int compare_streams(std::unique_ptr<proto::InputFile> a, std::unique_ptr<proto::InputFile> b,
                    const StreamComparison& comparison);

/// Reads two streams side by side and prints, at every snapshot of `a` as it arrives, the divergence of what
/// both represented since the snapshot before; `b` must have a snapshot at the same times. Memory holds one
/// snapshot of each. Errors: InputError when either is cut, at its end too, when `a` has no snapshot, or `b`
/// none at its time.
int compare_as_they_arrive(const std::string& a, const std::string& b, const StreamComparison& comparison);

}  // namespace chronotope::apps
