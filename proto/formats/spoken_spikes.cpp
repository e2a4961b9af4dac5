// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/spoken_spikes.hpp"

#include <algorithm>
#include <cmath>

#include "chronotope/core/error.hpp"

namespace chronotope::proto {
namespace {

constexpr const char* kTimes = "/spikes/times";
constexpr const char* kUnitsPath = "/spikes/units";
constexpr const char* kLabels = "/labels";
constexpr const char* kKeys = "/extra/keys";

}  // namespace

bool SpokenSpikes::is(const Hdf5File& file) { return file.has(kTimes) && file.has(kUnitsPath); }

SpokenSpikes::SpokenSpikes(const std::string& path) : file_(path), labels_(file_.indices(kLabels)) {
  for (const char* lists : {kTimes, kUnitsPath}) {
    const auto extents = file_.extents(lists);
    if (extents.size() != 1 || extents[0] != labels_.size())
      file_.refuse(lists, "must hold a list for each of the " + std::to_string(labels_.size()) + " labels");
  }
  if (file_.has(kKeys)) names_ = file_.texts(kKeys);
}

std::string SpokenSpikes::label(std::size_t k) const {
  if (names_.empty()) return std::to_string(labels_[k]);
  if (labels_[k] >= names_.size())
    file_.refuse(kLabels, "sample " + std::to_string(k) + " has the label " + std::to_string(labels_[k]) +
                              ", and there are " + std::to_string(names_.size()) + " names");
  return names_[labels_[k]];
}

std::vector<ChannelSpike> SpokenSpikes::spikes(std::size_t k) const {
  constexpr double kMsPerSecond = 1000;
  const std::vector<double> seconds = file_.list(kTimes, k), units = file_.list(kUnitsPath, k);
  const auto refuse = [&](const char* path, double value, const char* allowed) {
    file_.refuse(
        path, "sample " + std::to_string(k) + ": " + to_string(value) + " is not allowed (" + allowed + ")");
  };
  if (seconds.size() != units.size())
    file_.refuse(kUnitsPath, "sample " + std::to_string(k) + " has " + std::to_string(units.size()) +
                                 " units and " + std::to_string(seconds.size()) + " times");
  std::vector<ChannelSpike> spikes;
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    if (!(seconds[i] >= 0 && seconds[i] <= Time::kMaxMs / kMsPerSecond))
      refuse(kTimes, seconds[i], "must be from 0 to 1e9 s");
    if (!(units[i] >= 0 && units[i] < 0x1p31 && units[i] == std::floor(units[i])))
      refuse(kUnitsPath, units[i], "must be a whole number from 0 to 2147483647");
    spikes.push_back(
        {Time() + Duration::nearest(kMsPerSecond * seconds[i]), static_cast<std::uint32_t>(units[i])});
  }
  std::sort(spikes.begin(), spikes.end());
  return spikes;
}

}  // namespace chronotope::proto
