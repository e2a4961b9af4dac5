// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace chronotope::apps {

/// A study that comes with the program: a network, how recordings are encoded, and what is compared; the
/// recordings come along or lie in a folder that the user names.
struct Preset {
  std::string name;
  std::string summary;
  std::string spec;                         // file
  std::vector<std::string> encode_options;  // recordings first; without --out
  std::string conditions;
};

/// The names of all presets.
std::vector<std::string> preset_names();

/// The preset of this name, if there is one. `data` is the folder of the recordings, empty for none. Throws
/// InputError when files are missing, or the folder is though the preset needs one, or is given and it does
/// not.
std::optional<Preset> find_preset(const std::string& name, const std::string& data);

}  // namespace chronotope::apps
