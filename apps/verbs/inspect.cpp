// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/output/json.hpp"
#include "chronotope/apps/output/standard_output.hpp"
#include "chronotope/apps/runs/state_contents.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/proto/spike_codec.hpp"

namespace chronotope::apps {
namespace {

Usage make_usage() {
  Usage usage;
  usage.synopsis = "inspect STREAM [options]";
  usage.summary =
      "Says what a stream holds, as it arrives: header, stimuli, spikes per population, snapshots, results. "
      "STREAM is a file or - for standard input. A stream that was cut is shown up to the cut, then refused.";
  usage.examples =
      "  chronotope inspect run.pb\n"
      "  chronotope simulate net.textproto --snapshot-every 1000 --out - | chronotope inspect -\n"
      "  chronotope inspect run.pb --json | head -1\n";
  usage.positional = {"STREAM"};
  usage.groups = {
      {"Output", {{"json", Flag(), "print every frame with its content as one JSON object a line"}}}};
  return usage;
}

struct WeightRange {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  double sum = 0;
  std::uint64_t count = 0;

  void add(double w) {
    low = std::min(low, w);
    high = std::max(high, w);
    sum += w;
    ++count;
  }
};

/// What is told of a stream while it is read; memory does not grow with its length.
class Digest {
 public:
  explicit Digest(const Header& header)
      : header_(header), spikes_(static_cast<std::size_t>(header.population_size())), last_(spikes_.size()) {
    fmt::print("stream format {}, written by {}, seed {}\n", header.version(), printable(header.producer()),
               header.seed());
    for (const auto& p : header.population())
      fmt::print("  {} {}: {} {}\n", p.is_input() ? "input" : "population", printable(p.name()), p.size(),
                 p.is_input() ? "channels" : "neurons");
    if (!header.has_parent()) return;
    fmt::print("goes on from the state at {} ms of the stream with SHA-1 {}{}\n",
               to_text(proto::decode(header.parent().time())), printable(header.parent().digest()),
               header.parent().change_size() > 0 ? "; changed:" : "");
    for (const std::string& change : header.parent().change()) fmt::print("  {}\n", printable(change));
  }

  void take(const Envelope& envelope) {
    switch (envelope.content_case()) {
      case Envelope::kSpikes:
        return take_spikes(envelope.spikes());
      case Envelope::kStimulus:
        return take_stimulus(envelope.stimulus());
      case Envelope::kSynapses:
        return take_synapses(envelope.synapses());
      case Envelope::kSnapshot:
        return begin_snapshot(envelope.snapshot());
      case Envelope::kWeights:
        return take_weights(envelope.weights());
      case Envelope::kStateColumn:
        if (envelope.state_column().first() == 0) state_bytes_ += envelope.state_column().size();
        state_.add(envelope.state_column());
        return;
      case Envelope::kStateEnd:
        end_snapshot();
        fmt::print("  state: {} columns, {} bytes; the run can go on from here\n",
                   envelope.state_end().columns(), std::exchange(state_bytes_, 0));
        fmt::print("{}", state_.take_text());
        return;
      case Envelope::kWeightSample:
        return take_sample(envelope.weight_sample());
      case Envelope::kRtd:
        fmt::print("RTD {}: {}\n", printable(envelope.rtd().layer()),
                   envelope.rtd().missing().empty() ? fmt::format("{:.6g}", envelope.rtd().rtd())
                                                    : printable(envelope.rtd().missing()));
        return;
      case Envelope::kActivations:
        fmt::print("activations {} ({}): {} stimuli x {} columns\n",
                   printable(envelope.activations().layer()), printable(envelope.activations().code()),
                   envelope.activations().stimulus_size(), envelope.activations().columns());
        return;
      case Envelope::kSummary:
        return take_summary(envelope.summary());
      default:
        return;
    }
  }

  void finish(std::uint64_t frames) {
    end_snapshot();
    if (stimuli_ > 0) fmt::print("{} stimuli with {} labels\n", stimuli_, labels_.size());
    for (std::size_t p = 0; p < spikes_.size(); ++p)
      if (spikes_[p] > 0)
        fmt::print("{} spikes of {}, the last at {} ms\n", spikes_[p],
                   printable(header_.population(static_cast<int>(p)).name()), to_text(last_[p]));
    fmt::print("{} frames, complete\n", frames);
  }

 private:
  void take_spikes(const SpikeBlock& block) {
    if (block.population() >= spikes_.size())
      throw InputError("a spike block of population " + std::to_string(block.population()) +
                       ", which the header does not list");
    std::vector<proto::PopulationSpike> spikes;
    proto::decode(block, header_.population(static_cast<int>(block.population())).size(), spikes);
    spikes_[block.population()] += spikes.size();
    Time& last = last_[block.population()];
    if (!spikes.empty()) last = std::max(last, spikes.back().time);
  }

  void take_stimulus(const StimulusMark& mark) {
    ++stimuli_;
    ++labels_[mark.label()];
  }

  void take_synapses(const Synapses& synapses) {
    synapses_[synapses.projection()] += static_cast<std::uint64_t>(synapses.source_size());
    state_.add_synapses(synapses.projection(), static_cast<std::uint64_t>(synapses.source_size()));
  }

  void begin_snapshot(const Snapshot& snapshot) {
    if (snapshots_++ == 0)
      for (const auto& [projection, count] : synapses_)
        fmt::print("projection {}: {} synapses\n", projection, count);
    end_snapshot();
    fmt::print("snapshot at {} ms: {} synapses", to_text(proto::decode(snapshot.time())),
               snapshot.synapses());
    weights_ = WeightRange();
  }

  void take_weights(const Weights& weights) {
    if (!weights_) throw InputError("weights outside a snapshot");
    for (const double w : weights.weight()) weights_->add(w);
  }

  void take_sample(const WeightSample& sample) {
    end_snapshot();
    WeightRange range;
    for (const double w : sample.weight()) range.add(w);
    fmt::print("weights of projection {} at {} ms: {} from synapse {}, {:.6g} to {:.6g}, mean {:.6g}\n",
               sample.projection(), to_text(proto::decode(sample.time())), range.count, sample.first(),
               range.low, range.high, range.sum / static_cast<double>(range.count));
    if (!sample.has_histogram()) return;
    const WeightHistogram& h = sample.histogram();
    fmt::print("  histogram from {:.6g} to {:.6g}: {} below, {}, {} above\n", h.low(), h.high(), h.below(),
               fmt::join(h.count(), " "), h.above());
  }

  void end_snapshot() {
    if (!weights_) return;
    if (weights_->count > 0)
      fmt::print(", weights {:.6g} to {:.6g}, mean {:.6g}", weights_->low, weights_->high,
                 weights_->sum / static_cast<double>(weights_->count));
    fmt::print("\n");
    flush_standard_output();
    weights_.reset();
  }

  void take_summary(const RunSummary& summary) {
    end_snapshot();
    fmt::print("run of {:.6g} ms: {:.0f} spikes, {:.0f} synaptic events in {:.3g} s{}\n", summary.until_ms(),
               summary.spikes(), summary.synaptic_events(), summary.simulate_seconds(),
               summary.interrupted() ? ", interrupted" : "");
  }

  const Header& header_;
  std::vector<std::uint64_t> spikes_;  // per population
  std::vector<Time> last_;             // spike, per population
  std::map<std::uint32_t, std::uint64_t> synapses_;
  std::map<std::string, std::uint64_t> labels_;
  std::uint64_t stimuli_ = 0;
  std::uint64_t snapshots_ = 0;
  std::optional<WeightRange> weights_;  // of the snapshot that is being read
  std::uint64_t state_bytes_ = 0;       // of the columns of a state
  StateContents state_;
};

void print_json(proto::FrameReader& frames) {
  Envelope header;
  *header.mutable_header() = frames.header();
  fmt::print("{}\n", to_json(header));
  while (const auto envelope = frames.next()) {
    fmt::print("{}\n", to_json(*envelope));
    if (envelope->has_snapshot() || envelope->has_summary()) flush_standard_output();
  }
}

}  // namespace

int inspect(const Arguments& arguments) {
  const auto values = parse(make_usage(), arguments);
  if (!values) return 0;
  proto::FrameReader frames((*values)["STREAM"].as<std::string>());
  if ((*values)["json"].as<bool>()) {
    print_json(frames);
    return 0;
  }
  Digest digest(frames.header());
  flush_standard_output();
  while (const auto envelope = frames.next()) digest.take(*envelope);
  digest.finish(frames.frames());
  return 0;
}

}  // namespace chronotope::apps
