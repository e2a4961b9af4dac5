// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/recordings/recording.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <string_view>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/core/utf8.hpp"
#include "chronotope/proto/formats/array_file.hpp"
#include "chronotope/proto/formats/csv.hpp"
#include "chronotope/proto/formats/input_file.hpp"
#include "chronotope/proto/formats/nest_ascii.hpp"
#include "chronotope/proto/formats/npy.hpp"
#include "chronotope/proto/formats/npz.hpp"
#include "chronotope/proto/formats/sonata_spikes.hpp"
#include "chronotope/proto/formats/spoken_spikes.hpp"
#include "chronotope/proto/formats/ts_series.hpp"
#include "chronotope/proto/formats/zstd_file.hpp"

namespace chronotope::apps {
namespace fs = std::filesystem;

namespace {

std::string lower_case(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// In small letters, of a .zst that of what it holds.
std::string extension_of(const std::string& path) {
  return lower_case(fs::path(proto::name_of_compressed(path).value_or(path)).extension().string());
}

std::optional<RecordingKind> kind_by_extension(const std::string& path) {
  constexpr std::array<std::pair<std::string_view, RecordingKind>, 15> known{{
      {".wav", RecordingKind::kSound},
      {".flac", RecordingKind::kSound},
      {".aiff", RecordingKind::kSound},
      {".bin", RecordingKind::kAddressEvents},
      {".bs2", RecordingKind::kAddressEvents},
      {".aedat", RecordingKind::kAddressEvents},
      {".dat", RecordingKind::kAddressEvents},  // or NEST's: see kind_of
      {".gdf", RecordingKind::kEvents},
      {".h5", RecordingKind::kEvents},  // or spoken spikes: see kind_of
      {".hdf5", RecordingKind::kEvents},
      {".ts", RecordingKind::kSeries},
      {".csv", RecordingKind::kEvents},
      {".tsv", RecordingKind::kEvents},
      {".npy", RecordingKind::kEvents},
      {".npz", RecordingKind::kEvents},
  }};
  const std::string extension = extension_of(path);
  for (const auto& [name, kind] : known)
    if (extension == name) return kind;
  return std::nullopt;
}

RecordingKind kind_by_first_bytes(const std::string& path) {
  proto::InputFile file(path);
  std::array<char, 8> first{};
  file.stream().read(first.data(), first.size());
  const std::string_view bytes(first.data(), static_cast<std::size_t>(file.stream().gcount()));
  for (const std::string_view sound : {"RIFF", "fLaC", "FORM", "OggS"})
    if (bytes.starts_with(sound)) return RecordingKind::kSound;
  for (const std::string_view table :
       {proto::kNpyMagic, proto::kNpzMagic, std::string_view("time_ms"), std::string_view("channel")})
    if (bytes.starts_with(table)) return RecordingKind::kEvents;
  throw InputError(
      path +
      ": is of no kind that can be encoded (WAV, FLAC, .bin, .bs2, .aedat, .dat, .gdf, .h5, .ts, CSV "
      "with time_ms,channel, .npy, .npz)");
}

/// Bytes that can be read only once.
bool is_piped(const std::string& path) {
  std::error_code unknown;  // what can not be looked at can not be opened either
  return path == "-" || fs::is_fifo(path, unknown);
}

/// Whether a .dat or .gdf is a text of NEST's: it begins with a comment, a name, or a number.
bool is_nest(const std::string& path) {
  const std::string extension = extension_of(path);
  if (extension == ".gdf") return true;
  if (extension != ".dat") return false;
  proto::InputFile file(path);
  const auto first = file.peek(1);
  return first.empty() || first == "#" || first == "s" || (first >= "0" && first <= "9");
}

bool is_hdf5(const std::string& path) { return proto::InputFile(path).begins_with(proto::kHdf5Magic); }

RecordingKind kind_of_hdf5(const std::string& path) {
  const proto::Hdf5File file(path);
  if (proto::SpokenSpikes::is(file)) return RecordingKind::kSpokenSpikes;
  if (proto::holds_sonata_spikes(file)) return RecordingKind::kEvents;
  throw InputError(path +
                   ": holds neither SONATA's spikes (/spikes/POPULATION/timestamps) nor those of SHD and SSC "
                   "(/spikes/times, /spikes/units)");
}

RecordingKind kind_of(const std::string& path) {
  if (is_piped(path)) return RecordingKind::kEvents;
  const std::string file = proto::ArrayPath(path).file;
  if (is_nest(file)) return RecordingKind::kEvents;
  if (is_hdf5(file)) return kind_of_hdf5(file);
  const auto kind = kind_by_extension(file);
  return kind ? *kind : kind_by_first_bytes(file);
}

void append_folder(const std::string& folder, std::vector<std::string>& paths) {
  const std::size_t before = paths.size();
  std::error_code error;
  std::string place = folder;  // where an error is met
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    place = entry->path().string();
    std::error_code unknown;
    if (entry->is_regular_file(unknown) && !proto::name_of_compressed(place) && kind_by_extension(place))
      paths.push_back(place);
  }
  if (error) throw InputError(place + ": cannot read: " + error.message());
  if (paths.size() == before)
    throw InputError(
        folder +
        ": holds no recordings (.wav .flac .aiff .bin .bs2 .aedat .dat .gdf .h5 .ts .csv .tsv .npy "
        ".npz)");
}

std::vector<std::string> find_paths(const std::vector<std::string>& inputs) {
  std::vector<std::string> paths;
  for (const std::string& input : inputs) {
    std::error_code unknown;
    if (fs::is_directory(input, unknown)) {
      append_folder(input, paths);
    } else {
      if (!is_piped(input)) proto::InputFile exists(proto::ArrayPath(input).file);
      paths.push_back(input);
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

/// "7" for 7_theo_0.wav, the naming of the Free Spoken Digit Dataset (DIGIT_SPEAKER_TAKE).
std::optional<std::string> digit_label(const std::string& stem) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto last = stem.rfind('_');
  if (stem.size() < 5 || !is_digit(stem[0]) || stem[1] != '_' || last == 1 || last + 1 == stem.size())
    return std::nullopt;
  if (!std::all_of(stem.begin() + static_cast<std::ptrdiff_t>(last) + 1, stem.end(), is_digit))
    return std::nullopt;
  return stem.substr(0, 1);
}

std::string label_of(const fs::path& path) {
  const auto digit = digit_label(path.stem().string());
  return digit ? *digit : path.parent_path().filename().string();
}

std::uint32_t index_from(double value, const std::string& name, std::size_t row, const char* column) {
  const bool whole =
      value >= 0 && value <= std::numeric_limits<std::uint32_t>::max() && value == std::floor(value);
  if (!whole)
    throw FieldError({name}, fmt::format("row {} (from 0): {}", row, column), to_string(value),
                     "must be a whole number from 0 to 4294967295");
  return static_cast<std::uint32_t>(value);
}

/// The array's columns are time_ms, channel and, if there are three, stimulus: a record's fields were chosen
/// in this order.
void check_columns(const proto::NumberTable& table, const std::string& name) {
  const std::vector<std::string> all{"time_ms", "channel", "stimulus"};
  const std::size_t count = table.matrix.columns;
  const bool named = table.names.empty() || std::equal(table.names.begin(), table.names.end(), all.begin());
  if (count < 2 || count > 3 || !named)
    throw InputError(fmt::format("{}: the array has {} {} (time_ms, channel and maybe stimulus are read)",
                                 name, count, table.names.empty() ? "columns" : "fields of an event"));
}

proto::EventTable events_from(const proto::NumberTable& table, const std::string& name) {
  check_columns(table, name);
  const bool is_single = !table.is_single.empty() && table.is_single[0];
  proto::EventTable result;
  for (std::size_t row = 0; row < table.matrix.rows; ++row) {
    const double ms = table.matrix(row, 0);
    if (!(ms >= 0 && ms <= Time::kMaxMs))
      throw FieldError({name}, fmt::format("row {} (from 0): time_ms", row), to_string(ms),
                       "must be from 0 to 1e12 ms");
    auto& event = result.events.emplace_back();
    const Decimal at = is_single ? decimal(static_cast<float>(ms)) : decimal(ms);
    event.time = at.time();
    event.is_rounded = !at.is_whole;
    event.channel = index_from(table.matrix(row, 1), name, row, "channel");
    if (table.matrix.columns == 3) event.stimulus = index_from(table.matrix(row, 2), name, row, "stimulus");
  }
  return result;
}

proto::EventTable read_events(const std::string& path) {
  const proto::ArrayPath where(path);
  proto::InputFile file(where.file);
  const auto array =
      proto::read_array(file, where.array, proto::ColumnChoice::known({"time_ms", "channel", "stimulus"}));
  return array ? events_from(*array, file.name()) : proto::read_channel_events(file.stream(), file.name());
}

/// The label of the table's rows of one stimulus, or of all its rows.
void set_label(const proto::EventTable& table, const proto::ChannelEvent& event, bool first,
               Recording& recording) {
  if (!event.label) return;
  const std::string& label = table.labels[*event.label];
  if (!first && label != recording.label)
    throw InputError(
        fmt::format("{}: {} has two labels, {} and {}", recording.path,
                    event.stimulus ? fmt::format("stimulus {}", *event.stimulus) : "the recording",
                    in_quotes(recording.label), in_quotes(label)));
  recording.label = label;
}

/// One recording per stimulus of the table, or one for all of it.
void append_table(const Recording& file, std::vector<Recording>& recordings) {
  std::map<std::optional<std::uint32_t>, Recording> by_stimulus;
  const proto::EventTable table = read_events(file.path);
  if (table.events.empty()) by_stimulus.emplace(std::nullopt, file);
  for (const auto& event : table.events) {
    const auto [at, first] = by_stimulus.try_emplace(event.stimulus, file);
    set_label(table, event, first, at->second);
    at->second.spikes.push_back({event.time, event.channel});
    at->second.rounded_times += event.is_rounded ? 1 : 0;
  }
  for (auto& [stimulus, recording] : by_stimulus) {
    std::sort(recording.spikes.begin(), recording.spikes.end());
    if (stimulus) recording.name += fmt::format("#{}", *stimulus);
    recordings.push_back(std::move(recording));
  }
}

/// "spikes-1203" for spikes-1203-0.dat, what NEST's thread or process 0 wrote of recorder 1203: all files of
/// that begin are one recording. The whole path when it is named otherwise.
std::string recorder_of(const std::string& path) {
  const fs::path whole(path);
  const std::string stem = whole.stem().string();
  const auto digits_before = [&](std::size_t end) {
    std::size_t begin = end;
    while (begin > 0 && stem[begin - 1] >= '0' && stem[begin - 1] <= '9') --begin;
    return begin;
  };
  const std::size_t process = digits_before(stem.size());
  if (process == stem.size() || process < 2 || stem[process - 1] != '-') return path;
  const std::size_t id = digits_before(process - 1);
  if (id == process - 1 || id < 2 || stem[id - 1] != '-') return path;
  return (whole.parent_path() / stem.substr(0, process - 1)).string();
}

void append_nest(const Recording& file, const SpikeFileChoice& nest, std::vector<Recording>& recordings) {
  proto::InputFile input(file.path);
  const auto content = proto::read_nest_ascii(input.stream(), input.name(), nest.resolution);
  const std::string recorder = recorder_of(file.path);
  const bool is_new = recorder == file.path || recordings.empty() ||
                      recorder_of(recordings.back().path) != recorder || recordings.back().path == file.path;
  if (is_new)
    recordings.push_back(file);
  else
    recordings.back().more_paths.push_back(file.path);
  Recording& recording = recordings.back();
  recording.name = fs::path(recorder).filename().string();
  for (const proto::SenderSpike& spike : content.spikes) {
    if (spike.sender < nest.first_sender)
      throw FieldError(
          {file.path}, "sender", std::to_string(spike.sender),
          fmt::format("must be at least that of channel 0, --first-sender {}", nest.first_sender));
    recording.spikes.push_back({spike.time, spike.sender - nest.first_sender});
  }
  std::sort(recording.spikes.begin(), recording.spikes.end());
  recording.rounded_times += content.rounded_times;
  recording.cut_times += content.cut_times;
}

/// The spikes of one population.
void append_sonata(const Recording& file, const std::string& population, std::vector<Recording>& recordings) {
  std::vector<proto::SonataPopulation> all = proto::read_sonata_spikes(proto::Hdf5File(file.path));
  std::string names;
  for (const auto& one : all) names += (names.empty() ? "" : ", ") + printable(one.name);
  if (population.empty() && all.size() > 1)
    throw InputError(file.path + ": holds several populations; --population chooses one (" + names + ")");
  const auto chosen = std::find_if(
      all.begin(), all.end(), [&](const auto& one) { return population.empty() || one.name == population; });
  if (chosen == all.end())
    throw InputError(file.path + ": has no population " + in_quotes(population) + " (" + names + ")");
  Recording& recording = recordings.emplace_back(file);
  for (const proto::NodeSpike& spike : chosen->spikes) recording.spikes.push_back({spike.time, spike.node});
  recording.rounded_times = chosen->rounded_times;
}

/// One recording per sample, whose spikes are read when it is presented.
void append_spoken(const Recording& file, std::vector<Recording>& recordings) {
  const proto::SpokenSpikes samples(file.path);
  for (std::size_t k = 0; k < samples.size(); ++k) {
    Recording& recording = recordings.emplace_back(file);
    recording.name += fmt::format("#{}", k);
    recording.label = samples.label(k);
    recording.sample = k;
    if (!is_utf8(recording.label))
      throw InputError(fmt::format("{}: the label of sample {} is not UTF-8", file.path, k));
  }
}

/// One recording per example of a .ts file.
void append_series(const Recording& file, std::vector<Recording>& recordings) {
  proto::InputFile input(file.path);
  proto::SeriesFile content = proto::read_ts_series(input.stream(), input.name());
  for (std::size_t i = 0; i < content.series.size(); ++i) {
    Recording& recording = recordings.emplace_back(file);
    recording.name += fmt::format("#{}", i);
    if (!content.classes.empty()) recording.label = content.series[i].label;
    recording.series = std::move(content.series[i].dimensions);
  }
}

/// Streams hold text in UTF-8 alone, and the name and label of a recording go into one.
void require_utf8(const Recording& recording) {
  if (!is_utf8(recording.name))
    throw InputError(recording.path + ": the file's name is not UTF-8; rename it");
  if (!is_utf8(recording.label))
    throw InputError(recording.path + ": the name of its folder, the label, is not UTF-8; rename it");
}

void require_one_kind(const std::vector<Recording>& recordings) {
  for (const Recording& recording : recordings)
    if (recording.kind != recordings[0].kind)
      throw InputError(recording.path + ": is of another kind than " + recordings[0].path +
                       "; their channels would mean different things: encode them separately");
}

void number(std::vector<Recording>& recordings) {
  std::map<std::pair<std::string, std::string>, std::uint32_t> ids;
  for (Recording& recording : recordings)
    recording.id = ids.try_emplace({recording.path, recording.name}, static_cast<std::uint32_t>(ids.size()))
                       .first->second;
}

}  // namespace

std::vector<Recording> find_recordings(const std::vector<std::string>& inputs,
                                       const SpikeFileChoice& choice) {
  std::vector<Recording> recordings;
  for (const std::string& path : find_paths(inputs)) {
    const Recording file{0, kind_of(path), path, fs::path(path).filename().string(), label_of(path)};
    require_utf8(file);
    if (!is_piped(path) && is_nest(path))
      append_nest(file, choice, recordings);
    else if (file.kind == RecordingKind::kSpokenSpikes)
      append_spoken(file, recordings);
    else if (!is_piped(path) && is_hdf5(proto::ArrayPath(path).file))
      append_sonata(file, choice.population, recordings);
    else if (file.kind == RecordingKind::kEvents)
      append_table(file, recordings);
    else if (file.kind == RecordingKind::kSeries)
      append_series(file, recordings);
    else
      recordings.push_back(file);
  }
  require_one_kind(recordings);
  number(recordings);
  return recordings;
}

}  // namespace chronotope::apps
