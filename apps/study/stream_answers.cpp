// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/stream_answers.hpp"

#include <utility>

namespace chronotope::apps {

topology::Activations stream_answers(const std::string& stream, const topology::ActivationOptions& options,
                                     topology::Presentations presentations) {
  topology::SnapshotReader reader(stream, options, presentations);
  while (reader.next()) continue;
  topology::Layering undivided;
  undivided.layer.assign(reader.neurons(), 1);
  return std::move(reader.take(undivided).front());
}

}  // namespace chronotope::apps
