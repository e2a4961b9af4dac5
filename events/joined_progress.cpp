// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/joined_progress.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace chronotope::events {

Lane::Progress joined_progress(const std::vector<Lane::Progress>& parts) {
  Lane::Progress whole = parts.front();
  whole.crossed.clear();
  whole.trains.clear();
  for (const Lane::Progress& part : parts) {
    whole.crossed.insert(whole.crossed.end(), part.crossed.begin(), part.crossed.end());
    if (!part.crossed.empty()) whole.crossed_at = part.crossed_at;
    whole.trains += part.trains;
  }
  return whole;
}

std::vector<Event> joined_events(const std::vector<std::vector<Event>>& parts) {
  using Row = std::tuple<std::uint32_t, std::uint64_t, Time>;
  struct Way {
    Time next = Time::never();
    std::size_t spikes = 0;  // that were emitted at once
  };
  std::map<Row, Way> ways;
  std::vector<Event> whole;
  for (const std::vector<Event>& events : parts) {
    std::map<Row, Way> of_part;
    for (const Event& event : events) {
      if (event.kind != EventKind::kDelivery) {
        whole.push_back(event);
        continue;
      }
      Way& way = of_part[{event.group, event.item, event.emitted}];
      way.next = std::min(way.next, event.time);
      ++way.spikes;
    }
    for (const auto& [row, way] : of_part) {
      Way& joint = ways[row];
      joint.next = std::min(joint.next, way.next);
      joint.spikes = std::max(joint.spikes, way.spikes);
    }
  }
  for (const auto& [row, way] : ways) {
    const auto& [projection, source, emitted] = row;
    whole.insert(whole.end(), way.spikes, {way.next, EventKind::kDelivery, projection, source, emitted});
  }
  sort_waiting(whole);
  return whole;
}

void sort_waiting(std::vector<Event>& events) {
  std::ranges::sort(events,
                    [](const Event& a, const Event& b) { return a != b ? a < b : a.emitted < b.emitted; });
}

}  // namespace chronotope::events
