// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/options/representation_options.hpp"
#include "chronotope/apps/output/json.hpp"
#include "chronotope/apps/output/readable.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/topology/representation/network_metrics.hpp"
#include "chronotope/topology/representation/representation.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

Usage make_usage() {
  Usage usage;
  usage.synopsis = "layers STREAM [options]";
  usage.summary =
      "Reads the recurrent network of a stream's last snapshot as five layers (encoder L1, bottleneck L3, "
      "decoder L5) and prints their sizes, betweenness and strengths, and the classes of the synapses "
      "between them.";
  usage.examples =
      "  chronotope layers run.pb\n"
      "  chronotope layers run.pb --layering quantile --json\n"
      "  chronotope layers run.pb --over-time strengths.csv\n"
      "  chronotope layers run.pb --first --csv layers.csv    # then: chronotope rtd a.pb b.pb --layers "
      "layers.csv\n";
  usage.positional = {"STREAM"};
  usage.groups = {
      own_layer_options(),
      {"Output",
       {{"first", Flag(), "of the first snapshot instead of the last"},
        {"csv", File{File::Use::kWritten}, "write population,neuron,layer,betweenness of every neuron"},
        {"over-time", File{File::Use::kWritten},
         "write sums, differences and fluctuations of strengths of these layers at every snapshot"},
        {"json", Flag(), "print one JSON object"}}}};
  return usage;
}

void set(SpreadReport& report, const topology::Spread& spread, double unit = 1) {
  report.set_mean(spread.mean * unit);
  report.set_fluctuation(spread.fluctuation * unit);
}

void set(EdgeClassReport& report, const topology::EdgeClass& edges) {
  report.set_edges(static_cast<double>(edges.edges));
  report.set_mass(edges.mass);
}

void set(LayerReport& report, std::size_t layer, const topology::LayerMetrics& metrics) {
  constexpr double kHzPerSpikePerMs = 1000;
  report.set_layer("L" + std::to_string(layer + 1));
  report.set_neurons(static_cast<double>(metrics.neurons));
  set(*report.mutable_betweenness(), metrics.betweenness);
  set(*report.mutable_in(), metrics.in);
  set(*report.mutable_out(), metrics.out);
  set(*report.mutable_in_absolute(), metrics.in_absolute);
  set(*report.mutable_out_absolute(), metrics.out_absolute);
  set(*report.mutable_data(), metrics.data, kHzPerSpikePerMs);
  set(*report.mutable_data_absolute(), metrics.data_absolute, kHzPerSpikePerMs);
  set(*report.mutable_rate_hz(), metrics.rate, kHzPerSpikePerMs);
}

LayersReport make_report(const topology::SnapshotReader& reader, const topology::Layering& layering,
                         const std::string& source) {
  const topology::RecurrentGraph graph = reader.graph();
  LayersReport report;
  report.set_stream(printable(reader.name()));
  report.set_snapshot_ms(reader.time().to_ms());
  report.set_layering(printable(source));
  report.set_input_layer_trimmed(layering.input_layer_trimmed);
  report.set_output_layer_by_distance(layering.output_layer_by_distance);
  report.set_ordered_by_strength(layering.ordered_by_strength);
  report.set_isolated(static_cast<double>(layering.isolated));
  const auto metrics = topology::layer_metrics(graph, layering, reader.rates());
  for (std::size_t l = 0; l < topology::kLayers; ++l) set(*report.add_layer(), l, metrics[l]);
  const topology::EdgeClasses classes = topology::classify_edges(graph.edges, layering.layer);
  set(*report.mutable_feed_forward(), classes.feed_forward);
  set(*report.mutable_skip(), classes.skip);
  set(*report.mutable_lateral(), classes.lateral);
  set(*report.mutable_feedback(), classes.feedback);
  for (const auto& from : classes.between)
    for (const topology::EdgeClass& edges : from) set(*report.add_between(), edges);
  return report;
}

/// Three digits that count, at most four decimals, without an exponent where a reader needs none.
std::string readable_number(double value) {
  const double size = std::abs(value);
  if (value == 0 || !(size >= 1e-4 && size < 1e6)) return fmt::format("{:.3g}", value);
  const int decimals = std::clamp(2 - static_cast<int>(std::floor(std::log10(size))), 0, 4);
  return fmt::format("{:.{}f}", value, decimals);
}

std::string text(const SpreadReport& spread) {
  return fmt::format("{:>7} +- {:<7}", readable_number(spread.mean()), readable_number(spread.fluctuation()));
}

void print_layers(const LayersReport& report) {
  fmt::print("{:>10} {:^18}{:^18}{:^18}{:^18}{:^18}\n", "neurons", "betweenness", "in", "out",
             "used (weight*Hz)", "rate Hz");
  for (const LayerReport& layer : report.layer())
    fmt::print("{:<2} {:>7.0f} {}{}{}{}{}\n", layer.layer(), layer.neurons(), text(layer.betweenness()),
               text(layer.in()), text(layer.out()), text(layer.data()), text(layer.rate_hz()));
}

void print_edges(const LayersReport& report) {
  const auto line = [](const char* name, const EdgeClassReport& edges) {
    fmt::print("{:<14}{:>10} synapses, summed |weight| {}\n", name,
               grouped(static_cast<std::uint64_t>(edges.edges())), readable_number(edges.mass()));
  };
  line("feed-forward", report.feed_forward());
  line("skip", report.skip());
  line("lateral", report.lateral());
  line("feedback", report.feedback());
  fmt::print("\n{:<10}", "from\\to");
  for (std::size_t l = 1; l <= topology::kLayers; ++l) fmt::print("{:>18}", fmt::format("L{}", l));
  for (int k = 0; k < report.between_size(); ++k) {
    if (k % static_cast<int>(topology::kLayers) == 0)
      fmt::print("\nL{:<9}", k / static_cast<int>(topology::kLayers) + 1);
    fmt::print("{:>18}",
               fmt::format("{} ({})", grouped(static_cast<std::uint64_t>(report.between(k).edges())),
                           readable_number(report.between(k).mass())));
  }
  fmt::print("\n");
}

void print_report(const LayersReport& report) {
  fmt::print("{} at {} ms, layers: {}\n", report.stream(), to_string(report.snapshot_ms()),
             report.layering());
  if (report.input_layer_trimmed())
    fmt::print("more than half of the neurons outside L3 have input: L1 holds the most strongly driven\n");
  if (report.output_layer_by_distance())
    fmt::print("the read-out singles out no neurons: L5 holds those farthest from L1\n");
  if (report.ordered_by_strength())
    fmt::print("no neuron has input: ordered by in-strength minus out-strength\n");
  if (report.isolated() > 0)
    fmt::print("{:.0f} neurons of L2 are reached from L1 by no path and reach L5 by none\n",
               report.isolated());
  fmt::print("\n");
  print_layers(report);
  fmt::print("\n");
  print_edges(report);
}

void write_csv(const std::string& path, const Header& header, const topology::Layering& layering) {
  proto::Output out(path);
  out.write("population,neuron,layer,betweenness\n");
  std::size_t v = 0;
  for (const PopulationInfo& population : header.population()) {
    if (population.is_input()) continue;
    for (std::uint32_t i = 0; i < population.size(); ++i, ++v)
      out.write(fmt::format("{},{},{},{}\n", printable(population.name()), i, layering.layer[v],
                            layering.centrality.empty() ? "" : to_string(layering.centrality[v])));
  }
  out.commit();
}

/// Rates of every neuron since the snapshot before.
class RecentRates {
 public:
  std::vector<double> at(const topology::SnapshotReader& reader) {
    const double now = reader.time().to_ms();
    std::vector<double> recent = reader.rates();
    std::vector<double> spikes;
    for (std::size_t v = 0; v < recent.size(); ++v) {
      spikes.push_back(recent[v] * now);
      const double before = spikes_.empty() ? 0 : spikes_[v];
      recent[v] = now > then_ ? (spikes[v] - before) / (now - then_) : 0;
    }
    spikes_ = std::move(spikes);
    then_ = now;
    return recent;
  }

 private:
  double then_ = 0;  // [ms]
  std::vector<double> spikes_;
};

/// Strengths of the same layers at every snapshot; activity is that since the snapshot before [Hz].
void write_over_time(const std::string& path, const std::string& stream, const topology::Layering& layering) {
  constexpr double kHzPerSpikePerMs = 1000;
  proto::Output out(path);
  out.write("time_ms,layer,neurons,weighting,strength,mean,fluctuation\n");
  const Interrupt interrupt;
  topology::SnapshotReader reader(stream, {});
  RecentRates rates;
  while (reader.next()) {
    Interrupt::check();
    const auto layers = topology::layer_strengths(reader.graph(), layering, rates.at(reader));
    for (std::size_t l = 0; l < topology::kLayers; ++l)
      for (std::size_t k = 0; k < topology::kWeightings.size(); ++k)
        for (std::size_t s = 0; s < topology::kStrengths.size(); ++s) {
          const topology::Spread& spread = layers[l].spread[k][s];
          const double unit = k < 2 ? 1 : kHzPerSpikePerMs;
          out.write(fmt::format("{},L{},{},{},{},{},{}\n", to_text(reader.time()), l + 1, layers[l].neurons,
                                topology::kWeightings[k], topology::kStrengths[s], spread.mean * unit,
                                spread.fluctuation * unit));
        }
  }
  out.commit();
}

}  // namespace

int layers(const Arguments& arguments) {
  const auto values = parse(make_usage(), arguments);
  if (!values) return 0;
  const topology::LayeringOptions options = read_layering_options(*values);
  const std::string csv = text_option(*values, "csv"), over_time = text_option(*values, "over-time");
  require(over_time.empty() || (*values)["STREAM"].as<std::string>() != "-", "over-time",
          "with the standard input", "needs a file, which is read twice");
  const bool json = (*values)["json"].as<bool>();
  const std::string list = text_option(*values, "layers");
  if (!list.empty()) require_unused(*values, layering_options(), "layers that are found, not --layers FILE");
  topology::SnapshotReader reader((*values)["STREAM"].as<std::string>(), {});
  topology::read_first(reader);
  if (!(*values)["first"].as<bool>()) topology::read_to_end(reader);
  const topology::Layering layering =
      list.empty() ? topology::own_layering(reader, options) : topology::read_layering(list, reader.header());
  const LayersReport report = make_report(reader, layering, list.empty() ? "own" : list);
  topology::read_to_end(reader);  // of a stream that is cut later, its first snapshot is not told of either
  if (json)
    fmt::print("{}\n", to_json(report));
  else if (csv != "-" && over_time != "-")
    print_report(report);
  if (!csv.empty()) write_csv(csv, reader.header(), layering);  // last: they may fail
  if (!over_time.empty()) write_over_time(over_time, (*values)["STREAM"].as<std::string>(), layering);
  return 0;
}

}  // namespace chronotope::apps
