// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

namespace chronotope::apps {

/// The mean weight of every projection, by number, at the last snapshot of a stream; 0 for one without
/// synapses. Errors: InputError as FrameReader's, and when there is no snapshot.
std::vector<double> trained_means(const std::filesystem::path& stream);

}  // namespace chronotope::apps
