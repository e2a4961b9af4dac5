// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <array>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "chronotope/apps/exports/graph_files.hpp"
#include "chronotope/apps/exports/spike_files.hpp"
#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/options/representation_options.hpp"
#include "chronotope/apps/verbs/verbs.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

OptionGroup file_options() {
  return {
      "File",
      {required({"out", File{File::Use::kWritten}, "write the file, - for stdout"}),
       {"format", Word{"format", {"nest", "gdf", "sonata", "graphml", "edges"}},
        "of the file; default: by its extension .dat, .gdf, .h5, .graphml, .csv"},
       {"first-sender", WholeNumber{0, std::numeric_limits<std::uint32_t>::max(), "1"},
        "of nest and gdf: the number of the first neuron; the others, population by population, follow"}}};
}

OptionGroup graph_options() {
  return {"Graph",
          {{"first", Flag(), "the weights of the first snapshot instead of the last"},
           {"bare", Flag(), "without layers and betweenness"}}};
}

Usage make_usage() {
  Usage usage;
  usage.synopsis = "export STREAM --out FILE [options]";
  usage.summary =
      "Writes what a stream holds as a file of other programs: its spikes as NEST's recordings (.dat, .gdf) or "
      "SONATA's (.h5), the network of a snapshot as a graph (.graphml) or a list of its synapses (.csv), with "
      "weights, delays, the five layers and betweenness.";
  usage.examples =
      "  chronotope export run.pb --out spikes.h5\n"
      "  chronotope export run.pb --out spikes-1.dat --first-sender 1\n"
      "  chronotope export run.pb --out network.graphml\n"
      "  chronotope export run.pb --out - --format edges --bare | head -3\n";
  usage.positional = {"STREAM"};
  usage.groups = {file_options(), graph_options(), layering_options()};
  return usage;
}

std::string format_of(const po::variables_map& values) {
  if (const std::string format = text_option(values, "format"); !format.empty()) return format;
  constexpr std::array<std::pair<const char*, const char*>, 5> kKnown{
      {{".dat", "nest"}, {".gdf", "gdf"}, {".h5", "sonata"}, {".graphml", "graphml"}, {".csv", "edges"}}};
  const std::filesystem::path out = text_option(values, "out");
  for (const auto& [extension, format] : kKnown)
    if (out.extension() == extension) return format;
  throw InputError("--out: '" + out.string() +
                   "' tells no format (.dat, .gdf, .h5, .graphml, .csv); --format names one");
}

void write_graph(const po::variables_map& values, proto::FrameReader& frames, const std::string& format) {
  const StreamNetwork network(frames, values["first"].as<bool>());
  std::optional<topology::Layering> layering;
  if (!values["bare"].as<bool>()) try {
      layering = topology::layer_network(network.graph(frames.header()), read_layering_options(values));
    } catch (const InputError& error) {
      throw InputError(frames.name() + ": " + error.what() + " (--bare leaves the layers out)");
    }
  const Interrupt interrupt;  // before the output is opened: from here on Ctrl-C leaves no part of it
  proto::Output out(text_option(values, "out"));
  if (format == "graphml")
    write_graphml(out, frames.header(), network, layering);
  else
    write_edge_list(out, frames.header(), network, layering);
  out.commit();
}

void write_spikes(const po::variables_map& values, proto::FrameReader& frames, const std::string& format) {
  const StreamSpikes spikes = read_spikes(frames);
  const Interrupt interrupt;  // before the output is opened: from here on Ctrl-C leaves no part of it
  proto::Output out(text_option(values, "out"));
  if (format == "sonata")
    write_sonata(out, frames.header(), spikes);
  else
    write_nest(out, frames.header(), spikes, values["first-sender"].as<std::uint64_t>(), format == "gdf");
  out.commit();
}

}  // namespace

int export_stream(const Arguments& arguments) {
  const auto values = parse(make_usage(), arguments);
  if (!values) return 0;
  const std::string format = format_of(*values);
  const bool is_graph = format == "graphml" || format == "edges";
  for (const char* option : {"first", "bare"})
    require_use(*values, option, is_graph, "a graph (--format graphml or edges)");
  if (!is_graph || (*values)["bare"].as<bool>())
    require_unused(*values, layering_options(), "a graph with layers");
  require_use(*values, "first-sender", format == "nest" || format == "gdf", "--format nest or gdf");
  const auto path = (*values)["STREAM"].as<std::string>();
  require_not_read(*values, written_options(make_usage()), {path});
  proto::FrameReader frames(path);
  is_graph ? write_graph(*values, frames, format) : write_spikes(*values, frames, format);
  return 0;
}

}  // namespace chronotope::apps
