// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/output/weight_recorder.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/output/result_tables.hpp"
#include "chronotope/apps/runs/saved_run.hpp"
#include "chronotope/core/rule_name.hpp"
#include "chronotope/proto/spike_codec.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts{""};
  for (const char c : text) {
    if (c == separator)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

template <class T>
std::optional<T> parse_number(const std::string& text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Time parse_time_option(const std::string& text) {
  const auto time = read_decimal(text);
  require(time && time->value >= Duration(), "weights-at", text,
          "must be times from 0 to 1e12 ms, with commas between");
  return time->time();
}

}  // namespace

OptionGroup WeightRecorder::options() {
  const std::vector<Option::Company> when{{"weights-every"}, {"weights-at"}};
  return {
      "Weights",
      {{"weights", File{File::Use::kWritten},
        "write the plastic weights at the end, or those recorded, as CSV"},
       {"weights-every", Milliseconds{stated_duration(1e-3)},
        "record weights at 0 and every multiple of this, into --weights, --histograms and --out"},
       {"weights-at", Text{"MS,..."}, "record weights at these times"},
       {"weights-of", Text{"PROJECTION", "", true},
        "of this projection only, as 'E->E', or of some of its synapses, as 'E->E:0-99'; may be given again; "
        "default: all that are plastic",
        when},
       {"histogram", Text{"LOW,HIGH,BINS"}, "record the histogram of the weights, too", when},
       {"histograms", File{File::Use::kWritten},
        "write the histograms as CSV: time_ms,projection,low,high,count; the first row of a time counts what "
        "lies below, the last what lies above",
        when}}};
}

std::unique_ptr<WeightRecorder> WeightRecorder::make(const po::variables_map& values,
                                                     const NetworkDescription& network) {
  const char* const times = values.count("weights-every") != 0 ? "weights-every" : "weights-at";
  if (values.count(times) == 0) return nullptr;
  require_use(values, times, values.count("weights") + values.count("histograms") + values.count("out") != 0,
              "--weights, --histograms or --out");
  return std::unique_ptr<WeightRecorder>(new WeightRecorder(values, network));
}

std::unique_ptr<WeightRecorder> WeightRecorder::make(const RunRecord& record,
                                                     const std::filesystem::path& folder,
                                                     const NetworkDescription& network) {
  if (record.recorder.empty()) return nullptr;
  Usage usage;
  usage.synopsis = "simulate";
  usage.groups = {options().without({"weights", "histograms"})};
  Arguments words;
  for (const GivenOption& option : record.recorder) words.push_back("--" + option.name + "=" + option.value);
  std::unique_ptr<WeightRecorder> recorder(new WeightRecorder(*parse(usage, words), network));
  const auto in_folder = [&](const std::string& path) {
    return path.empty() ? "" : (folder / path).string();
  };
  recorder->rows_path_ = in_folder(record.weights.path);
  recorder->histograms_path_ = in_folder(record.histograms.path);
  return recorder;
}

WeightRecorder::WeightRecorder(const po::variables_map& values, const NetworkDescription& network)
    : network_(network) {
  for (const char* option : {"weights-every", "weights-at", "histogram"})
    if (values.count(option) != 0) given_.push_back({option, values[option].as<std::string>()});
  if (values.count("weights-of") != 0)
    for (const std::string& text : values["weights-of"].as<std::vector<std::string>>())
      given_.push_back({"weights-of", text});
  if (values.count("weights-every") != 0) {
    if (values.count("weights-at") != 0) throw InputError("--weights-every: excludes --weights-at");
    every_ = time_option(values, "weights-every").value;
  } else {
    for (const std::string& time : split(values["weights-at"].as<std::string>(), ','))
      times_.push_back(parse_time_option(time));
    std::sort(times_.begin(), times_.end());
    times_.erase(std::unique(times_.begin(), times_.end()), times_.end());
  }
  if (values.count("weights-of") != 0) {
    for (const std::string& text : values["weights-of"].as<std::vector<std::string>>()) select(text);
  } else {
    for (std::uint32_t k = 0; k < network.projections.size(); ++k)
      if (is_plastic(network.projections[k].rule.kind)) selections_.push_back({k, 0, {}});
    if (selections_.empty()) throw InputError("no projection is plastic; name one with --weights-of");
  }
  if (values.count("histogram") != 0) bins_ = parse_bins(values["histogram"].as<std::string>());
  if (values.count("histograms") != 0) {
    require_use(values, "histograms", bins_.count != 0, "--histogram LOW,HIGH,BINS");
    histograms_path_ = values["histograms"].as<std::string>();
  }
  if (values.count("weights") != 0) rows_path_ = values["weights"].as<std::string>();
}

WeightRecorder::Bins WeightRecorder::parse_bins(const std::string& text) {
  auto parts = split(text, ',');
  const bool complete = parts.size() == 3;
  parts.resize(3);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Bins bins{parse_number<double>(parts[0]).value_or(nan), parse_number<double>(parts[1]).value_or(nan),
                  parse_number<std::uint32_t>(parts[2]).value_or(0)};
  require(complete && bins.low < bins.high && std::isfinite(bins.high - bins.low) && bins.count >= 1 &&
              bins.count <= 100000,
          "histogram", text, "must be LOW,HIGH,BINS with LOW < HIGH and 1 to 100000 bins");
  return bins;
}

void WeightRecorder::select(const std::string& text) {
  const auto colon = text.rfind(':');
  const std::string name = text.substr(0, colon);
  std::string known;
  Selection selection;
  bool found = false;
  for (std::uint32_t k = 0; k < network_.projections.size(); ++k) {
    known += " " + network_.projections[k].name;
    if (network_.projections[k].name != name) continue;
    selection.projection = k;
    found = true;
  }
  require(found, "weights-of", text, "must begin with the name of a projection:" + known);
  if (colon != std::string::npos) {
    const auto ends = split(text.substr(colon + 1), '-');
    const auto first = parse_number<std::uint64_t>(ends[0]);
    const auto last = parse_number<std::uint64_t>(ends.back());
    require(first && last && *first <= *last && ends.size() <= 2, "weights-of", text,
            "must end with a synapse or with FIRST-LAST");
    selection.first = *first;
    selection.last = *last + 1;
  }
  selections_.push_back(selection);
}

void WeightRecorder::check_selections(const events::Engine& engine) {
  for (Selection& selection : selections_) {
    const std::uint64_t count = engine.network().projections[selection.projection]->whole().synapses;
    const std::string& name = network_.projections[selection.projection].name;
    if (!selection.last) selection.last = count;
    require(*selection.last <= count, "weights-of", name + ":" + std::to_string(*selection.last - 1),
            "the projection has " + std::to_string(count) + " synapses");
  }
}

void WeightRecorder::open(const events::Engine& engine) {
  check_selections(engine);
  while (next() < engine.now()) ++recorded_;
  if (!engine.network().part.is_root()) return;
  constexpr auto kOfAll = proto::Output::Checksum::kOfAll;
  if (!rows_path_.empty()) {
    rows_ = std::make_unique<proto::Output>(rows_path_, kOfAll);
    rows_->write(fmt::format("time_ms,{}\n", kSynapseColumns));
  }
  if (!histograms_path_.empty()) {
    histograms_ = std::make_unique<proto::Output>(histograms_path_, kOfAll);
    histograms_->write("time_ms,projection,low,high,count\n");
  }
}

void WeightRecorder::go_on(const events::Engine& engine, const RunRecord& record) {
  check_selections(engine);
  recorded_ = record.recorded;
  const Duration longest = stated_duration(Time::kMaxMs);
  if (every_ && recorded_ > static_cast<std::uint64_t>(floor_ratio(longest, *every_)) + 1)
    throw InputError("state run counts more records of weights than a run has");
  if (next() <= engine.now())
    throw InputError("state run has weights to record at " + to_text(next()) + " ms, which is over");
  if (!engine.network().part.is_root()) return;
  const auto go_on_with = [](const std::string& path, const proto::Output::Place& place) {
    return path.empty() ? nullptr : std::make_unique<proto::Output>(path, find_left(path).at, place);
  };
  rows_ = go_on_with(rows_path_, record.weights.place);
  histograms_ = go_on_with(histograms_path_, record.histograms.place);
}

void WeightRecorder::sync(RunRecord& record, OutputFailures& failures) {
  const auto sync_one = [&](std::unique_ptr<proto::Output>& out, proto::Output::Place& place) {
    failures.guard(out, [&](proto::Output& file) {
      file.sync();
      place = file.place();
    });
  };
  sync_one(rows_, record.weights.place);
  sync_one(histograms_, record.histograms.place);
  record.recorded = recorded_;
}

Time WeightRecorder::next() const {
  if (every_) return Time() + static_cast<std::int64_t>(recorded_) * *every_;
  return recorded_ < times_.size() ? times_[recorded_] : Time::never();
}

void WeightRecorder::record(events::Engine& engine, std::unique_ptr<SimulationStream>& stream,
                            OutputFailures& failures) {
  engine.settle_weights();
  for (const Selection& selection : selections_) record(selection, engine, stream, failures);
  ++recorded_;
}

void WeightRecorder::record(const Selection& selection, events::Engine& engine,
                            std::unique_ptr<SimulationStream>& stream, OutputFailures& failures) {
  const WeightSample whole = sample(selection, engine, failures);
  if (!engine.network().part.is_root()) return;
  failures.guard(histograms_, [&](auto&) { write_histogram(whole); });
  failures.guard(stream, [&](SimulationStream& s) { s.write_sample(whole); });
}

/// Of the synapses as the whole projection numbers them, whose rows are written on the way.
WeightSample WeightRecorder::sample(const Selection& selection, const events::Engine& engine,
                                    OutputFailures& failures) {
  WeightSample sample;
  *sample.mutable_time() = proto::encode(engine.now());
  sample.set_projection(selection.projection);
  sample.set_first(selection.first);
  const SynapseGroup& projection = *engine.network().projections[selection.projection];
  const Part& part = engine.network().part;
  if (part.is_whole() && rows_ == nullptr) {
    for (std::uint64_t s = selection.first; s < *selection.last; ++s)
      sample.add_weight(projection.weight(SynapseId{s}));
  } else {
    const std::string time = to_text(engine.now());
    std::uint64_t s = 0;
    for_each_whole_synapse(projection, part, [&](const WholeSynapse& synapse) {
      if (const std::uint64_t here = s++; here < selection.first || here >= *selection.last) return;
      sample.add_weight(synapse.weight);
      failures.guard(rows_, [&](proto::Output& rows) {
        rows.write(time + "," + synapse_row(network_, selection.projection, synapse));
      });
    });
  }
  if (bins_.count != 0) add_histogram(sample);
  return sample;
}

void WeightRecorder::add_histogram(WeightSample& sample) const {
  WeightHistogram& histogram = *sample.mutable_histogram();
  histogram.set_low(bins_.low);
  histogram.set_high(bins_.high);
  histogram.mutable_count()->Resize(static_cast<int>(bins_.count), 0);
  for (const double w : sample.weight()) {
    const double place = (w - bins_.low) / (bins_.high - bins_.low) * bins_.count;
    if (w < bins_.low)
      histogram.set_below(histogram.below() + 1);
    else if (w > bins_.high)
      histogram.set_above(histogram.above() + 1);
    else  // the highest bin includes its end
      ++*histogram.mutable_count()->Mutable(static_cast<int>(std::min<double>(place, bins_.count - 1)));
  }
}

void WeightRecorder::write_histogram(const WeightSample& sample) {
  const WeightHistogram& h = sample.histogram();
  const std::string start =
      to_text(proto::decode(sample.time())) + "," + network_.projections[sample.projection()].name + ",";
  histograms_->write(fmt::format("{}-inf,{:.17g},{}\n", start, h.low(), h.below()));
  const double width = (h.high() - h.low()) / h.count_size();
  for (int i = 0; i < h.count_size(); ++i)
    histograms_->write(fmt::format("{}{:.17g},{:.17g},{}\n", start, h.low() + i * width,
                                   i + 1 == h.count_size() ? h.high() : h.low() + (i + 1) * width,
                                   h.count(i)));
  histograms_->write(fmt::format("{}{:.17g},inf,{}\n", start, h.high(), h.above()));
}

void WeightRecorder::close(OutputFailures& failures) {
  failures.guard(rows_, [](proto::Output& out) { out.commit(); });
  failures.guard(histograms_, [](proto::Output& out) { out.commit(); });
}

}  // namespace chronotope::apps
