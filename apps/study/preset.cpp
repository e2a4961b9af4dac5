// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/preset.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>

#include "chronotope/apps/options/options.hpp"
#include "chronotope/core/error.hpp"

namespace chronotope::apps {
namespace {

namespace fs = std::filesystem;

struct Entry {
  const char* name;
  const char* summary;
  const char* spec;        // in the folder of the examples
  const char* recordings;  // likewise, or in the folder of the data
  const char* takes;       // ends of the names of the recordings that are used; empty: all
  const char* data;        // what the user's folder holds; null when the recordings come along
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
       nullptr,
       {"--channels", "32", "--order", "shuffled", "--seed", "1"},
       "MM,MH,MU,MH.order,MH.permuted"},
      {"digits-full",
       "240 spoken digits and a network of 1,000 neurons",
       "digits/network.textproto",
       "digits/recordings",
       "0123",
       nullptr,
       {"--channels", "64", "--order", "shuffled", "--seed", "1"},
       "MM,MH,MU,MH.order,MH.jitter,MH.permuted,MH.gain"},
      {"vowels",
       "135 utterances of nine speakers and a network of 320 neurons",
       "vowels/network.textproto",
       "JapaneseVowels_TRAIN.ts",
       "",
       "JapaneseVowels_TRAIN.ts of the UEA archive",
       {"--delta", "0.1", "--step", "6.4", "--order", "shuffled", "--seed", "1", "--limit", "135"},
       "MM,MH,MU,MH.order,MH.permuted"},
      {"nmnist",
       "120 event-camera digits and a network of 320 neurons",
       "nmnist/network.textproto",
       "",
       "",
       "N-MNIST's recordings, a folder for each digit",
       {"--order", "shuffled", "--seed", "1", "--limit", "120"},
       "MM,MH,MU,MH.order,MH.permuted"},
  };
  return all;
}

/// Where the examples are: installed beside the program, or where they were when it was built.
fs::path examples() {
  std::error_code unknown;
  const fs::path program = fs::read_symlink("/proc/self/exe", unknown);
  const fs::path installed = program.parent_path().parent_path() / "share" / "chronotope" / "examples";
  return !unknown && fs::is_directory(installed, unknown) ? installed : fs::path(CHRONOTOPE_EXAMPLES);
}

/// The recordings whose take, the last digit of the name, is asked for.
std::vector<std::string> takes_of(const fs::path& folder, std::string_view takes) {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& file : fs::directory_iterator(folder, error)) {
    const std::string stem = file.path().stem().string();
    if (!stem.empty() && takes.find(stem.back()) != std::string_view::npos)
      files.push_back(file.path().string());
  }
  if (error) throw InputError(folder.string() + ": cannot read: " + error.message());
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> recordings_of(const Entry& entry, const std::string& data) {
  if (entry.data == nullptr) return takes_of(examples() / entry.recordings, entry.takes);
  const fs::path path = *entry.recordings == 0 ? fs::path(data) : fs::path(data) / entry.recordings;
  std::error_code unknown;
  if (!fs::exists(path, unknown))
    throw InputError(path.string() + ": cannot read; --data must be the folder of " + entry.data);
  return {path.string()};
}

void require_data(const Entry& entry, const std::string& data) {
  if (entry.data != nullptr && data.empty())
    throw InputError(std::string("--data is missing: the folder of ") + entry.data + ", which the preset " +
                     entry.name + " needs");
  require(entry.data != nullptr || data.empty(), "data", "'" + data + "'",
          std::string("does not go with the preset ") + entry.name + ", whose recordings come along");
}

}  // namespace

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const Entry& entry : entries()) names.emplace_back(entry.name);
  return names;
}

std::optional<Preset> find_preset(const std::string& name, const std::string& data) {
  for (const Entry& entry : entries()) {
    if (name != entry.name) continue;
    require_data(entry, data);
    Preset preset{entry.name, entry.summary, (examples() / entry.spec).string(), recordings_of(entry, data),
                  entry.conditions};
    preset.encode_options.insert(preset.encode_options.end(), entry.encode_options.begin(),
                                 entry.encode_options.end());
    return preset;
  }
  return {};
}

}  // namespace chronotope::apps
