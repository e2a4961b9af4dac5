// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace chronotope::apps {

/// A study that comes with the program: a network, recordings, and how they are encoded and compared.
struct Preset {
  std::string name;
  std::string summary;
  std::string spec;                         // file
  std::vector<std::string> encode_options;  // recordings first; without --out
  std::string conditions;
};

/// The names of all presets.
std::vector<std::string> preset_names();

/// The preset of this name, if there is one. Throws InputError when its files are missing.
std::optional<Preset> find_preset(const std::string& name);

}  // namespace chronotope::apps
