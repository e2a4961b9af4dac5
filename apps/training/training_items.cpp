// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/training/training_items.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>

#include "chronotope/apps/runs/input_spikes.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/core/random_stream.hpp"

namespace chronotope::apps {
namespace {

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts(1);
  for (const char c : text)
    if (c == at)
      parts.emplace_back();
    else
      parts.back() += c;
  return parts;
}

std::optional<double> number(const std::string& text) {
  double value = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  return read.ec == std::errc() && read.ptr == end ? std::optional(value) : std::nullopt;
}

/// "0-4" stands for 0, 1, 2, 3, 4; what is no such range for itself.
void add_values(const std::string& text, std::vector<std::string>& values) {
  constexpr double kMost = 1e6;
  const auto ends = split(text, '-');
  const auto low = number(ends.front()), high = number(ends.back());
  const auto is_place = [](double k) { return k >= 0 && k <= kMost && k == std::floor(k); };
  if (ends.size() != 2 || !low || !high || !is_place(*low) || !is_place(*high)) return values.push_back(text);
  for (auto k = static_cast<int>(*low); k <= static_cast<int>(*high); ++k)
    values.push_back(std::to_string(k));
}

/// The parts of a recording's name without folder and extension.
std::vector<std::string> fields_of(const std::string& name) {
  const std::size_t slash = name.rfind('/');
  const std::string file = slash == std::string::npos ? name : name.substr(slash + 1);
  return split(file.substr(0, file.rfind('.')), '_');
}

std::vector<std::string> labels_of(const std::vector<proto::Stimulus>& stimuli,
                                   const std::vector<std::string>& known) {
  std::set<std::string> labels;
  for (const proto::Stimulus& stimulus : stimuli) {
    if (stimulus.label.empty())
      throw InputError("stimulus " + std::to_string(stimulus.id) +
                       " has no label; learning by gradients needs the class of every stimulus");
    labels.insert(stimulus.label);
  }
  if (known.empty()) return {labels.begin(), labels.end()};
  for (const std::string& label : labels)
    if (std::find(known.begin(), known.end(), label) == known.end())
      throw InputError("label " + in_quotes(label) + " is none of those the network was trained for");
  return known;
}

/// Hands every spike to the items under way at its time.
void add_spikes(const proto::DecodedSpec& spec, const ItemOptions& options,
                std::vector<models::Item>& items) {
  const auto& stimuli = spec.stimuli;
  std::vector<std::uint32_t> first_channel;
  std::uint32_t channels = 0;
  for (const InputSpec& input : spec.network.inputs) {
    first_channel.push_back(channels);
    channels += input.size;
  }
  std::vector<std::size_t> by_onset(stimuli.size());
  for (std::size_t k = 0; k < stimuli.size(); ++k) by_onset[k] = k;
  std::stable_sort(by_onset.begin(), by_onset.end(),
                   [&](std::size_t a, std::size_t b) { return stimuli[a].onset < stimuli[b].onset; });
  const auto length = [&](std::size_t k) {
    return options.longest ? std::min(stimuli[k].duration, *options.longest) : stimuli[k].duration;
  };
  Time end;
  for (std::size_t k = 0; k < stimuli.size(); ++k) {
    items[k].duration = length(k) + options.tail;
    end = std::max(end, stimuli[k].onset + length(k));
  }
  std::size_t next = 0;
  std::vector<std::size_t> open;
  const auto populations = static_cast<std::uint32_t>(spec.network.populations.size());
  InputSpikes spikes(spec.network, [&](std::uint32_t input, NeuronId channel, Time time) {
    while (next < by_onset.size() && stimuli[by_onset[next]].onset <= time) open.push_back(by_onset[next++]);
    std::erase_if(open, [&](std::size_t k) { return stimuli[k].onset + length(k) <= time; });
    for (const std::size_t k : open)
      items[k].spikes.push_back(
          {Time() + (time - stimuli[k].onset), first_channel[input - populations] + index(channel)});
  });
  spikes.tell_until(end);
  for (models::Item& item : items) std::sort(item.spikes.begin(), item.spikes.end());
}

/// Moves what is chosen from one part to another.
void move_chosen(const StimulusChoice& choice, const std::vector<proto::Stimulus>& stimuli,
                 std::uint64_t seed, std::vector<std::size_t>& from, std::vector<std::size_t>& to) {
  std::set<std::size_t> chosen;
  if (choice.share) {
    std::vector<std::size_t> order = from;
    RandomStream stream(seed, Purpose("training.validation"), 0);
    const auto count = static_cast<std::size_t>(std::round(*choice.share * static_cast<double>(from.size())));
    for (std::size_t k = 0; k < count; ++k) {
      std::swap(order[k], order[k + stream.below(order.size() - k)]);
      chosen.insert(order[k]);
    }
  } else {
    for (const std::size_t k : from)
      if (choice.holds(stimuli[k])) chosen.insert(k);
  }
  for (const std::size_t k : from)
    if (chosen.contains(k)) to.push_back(k);
  std::erase_if(from, [&](std::size_t k) { return chosen.contains(k); });
}

}  // namespace

StimulusChoice StimulusChoice::parse(const std::string& option, const std::string& text) {
  static const std::map<std::string, std::size_t> kFields{{"label", 0}, {"speaker", 1}, {"take", 2}};
  if (const auto share = number(text); share && *share > 0 && *share < 1) return {share};
  const std::size_t equals = text.find('=');
  const auto field = kFields.find(text.substr(0, equals));
  if (equals == std::string::npos || field == kFields.end())
    throw InputError(
        "--" + option + ": " + in_quotes(text) +
        " is not allowed (must be a share between 0 and 1, speaker=NAME,... or take=FIRST-LAST)");
  StimulusChoice choice{{}, field->second};
  for (const std::string& part : split(text.substr(equals + 1), ',')) add_values(part, choice.values);
  return choice;
}

bool StimulusChoice::holds(const proto::Stimulus& stimulus) const {
  const auto fields = fields_of(stimulus.name);
  if (field >= fields.size())
    throw InputError("stimulus " + in_quotes(stimulus.name) +
                     " is not named LABEL_SPEAKER_TAKE, so it can not be chosen by one of these");
  return std::find(values.begin(), values.end(), fields[field]) != values.end();
}

std::vector<const models::Item*> TrainingItems::part(const std::vector<std::size_t>& places) const {
  std::vector<const models::Item*> chosen;
  for (const std::size_t k : places) chosen.push_back(&items[k]);
  return chosen;
}

TrainingItems cut_items(const proto::DecodedSpec& spec, const ItemOptions& options,
                        const std::vector<std::string>& known) {
  if (spec.stimuli.empty()) throw InputError("no input has stimuli; one must be a spike_stream");
  TrainingItems cut;
  cut.labels = options.has_labels ? labels_of(spec.stimuli, known) : std::vector<std::string>{""};
  if (options.has_labels && cut.labels.size() < 2)
    throw InputError("all stimuli have the label " + in_quotes(cut.labels.front()) +
                     "; learning needs two classes or more");
  cut.items.resize(spec.stimuli.size());
  for (std::size_t k = 0; k < spec.stimuli.size(); ++k) {
    const auto label = std::find(cut.labels.begin(), cut.labels.end(), spec.stimuli[k].label);
    if (options.has_labels) cut.items[k].label = static_cast<std::uint32_t>(label - cut.labels.begin());
    (spec.stimuli[k].phase == PROBE ? cut.test : cut.training).push_back(k);
  }
  add_spikes(spec, options, cut.items);
  const std::size_t probes = cut.test.size();
  if (options.test) move_chosen(*options.test, spec.stimuli, options.seed, cut.training, cut.test);
  cut.chosen_to_test = cut.test.size() - probes;
  if (options.validation)
    move_chosen(*options.validation, spec.stimuli, options.seed, cut.training, cut.validation);
  return cut;
}

}  // namespace chronotope::apps
