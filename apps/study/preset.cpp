// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/preset.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>

#include "chronotope/core/error.hpp"

namespace chronotope::apps {
namespace {

namespace fs = std::filesystem;

struct Entry {
  const char* name;
  const char* summary;
  const char* spec;        // in the folder of the examples
  const char* recordings;  // likewise
  const char* takes;       // ends of the names of the recordings that are used
  std::vector<std::string> encode_options;
  const char* conditions;
};

const std::vector<Entry>& entries() {
  static const std::vector<Entry> all{
      {"digits",
       "120 spoken digits and a network of 320 neurons",
       "digits/small.textproto",
       "digits/recordings",
       "01",
       {"--channels", "32", "--order", "shuffled", "--seed", "1"},
       "MM,MH,MU,MH.order,MH.permuted"},
      {"digits-full",
       "240 spoken digits and a network of 1,000 neurons",
       "digits/network.textproto",
       "digits/recordings",
       "0123",
       {"--channels", "64", "--order", "shuffled", "--seed", "1"},
       "MM,MH,MU,MH.order,MH.jitter,MH.permuted,MH.gain"},
  };
  return all;
}

/// Where the examples are: where they were when the program was built.
fs::path examples() { return CHRONOTOPE_EXAMPLES; }

/// The recordings whose take, the last digit of the name, is asked for.
std::vector<std::string> recordings_of(const Entry& entry) {
  const fs::path folder = examples() / entry.recordings;
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& file : fs::directory_iterator(folder, error)) {
    const std::string stem = file.path().stem().string();
    if (!stem.empty() && std::string_view(entry.takes).find(stem.back()) != std::string_view::npos)
      files.push_back(file.path().string());
  }
  if (error) throw InputError(folder.string() + ": cannot read: " + error.message());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const Entry& entry : entries()) names.emplace_back(entry.name);
  return names;
}

std::optional<Preset> find_preset(const std::string& name) {
  for (const Entry& entry : entries()) {
    if (name != entry.name) continue;
    Preset preset{entry.name, entry.summary, (examples() / entry.spec).string(), recordings_of(entry),
                  entry.conditions};
    preset.encode_options.insert(preset.encode_options.end(), entry.encode_options.begin(),
                                 entry.encode_options.end());
    return preset;
  }
  return {};
}

}  // namespace chronotope::apps
