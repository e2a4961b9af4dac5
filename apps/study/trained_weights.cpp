// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/trained_weights.hpp"

#include <cstdint>

#include "chronotope/core/error.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {

std::vector<double> trained_means(const std::filesystem::path& stream) {
  proto::FrameReader reader(stream.string());
  const auto projections = static_cast<std::size_t>(reader.header().spec().projection_size());
  std::vector<double> sum(projections, 0);
  std::vector<std::uint64_t> count(projections, 0);
  bool found = false;
  while (const auto frame = reader.next()) {
    if (frame->has_snapshot()) {
      sum.assign(projections, 0);
      count.assign(projections, 0);
      found = true;
    }
    if (!frame->has_weights()) continue;
    for (const double w : frame->weights().weight()) sum[frame->weights().projection()] += w;
    count[frame->weights().projection()] += static_cast<std::uint64_t>(frame->weights().weight_size());
  }
  if (!found) throw InputError(stream.string() + ": the stream has no snapshot with weights");
  for (std::size_t k = 0; k < projections; ++k)
    if (count[k] > 0) sum[k] /= static_cast<double>(count[k]);
  return sum;
}

}  // namespace chronotope::apps
