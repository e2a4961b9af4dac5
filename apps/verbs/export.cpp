// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <array>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "chronotope/apps/exports/graph_files.hpp"
#include "chronotope/apps/exports/nir_file.hpp"
#include "chronotope/apps/exports/spike_files.hpp"
#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/options/network_options.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/options/representation_options.hpp"
#include "chronotope/apps/verbs/verbs.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/proto/formats/input_file.hpp"
#include "chronotope/proto/formats/nir_graph.hpp"
#include "chronotope/proto/formats/zstd_file.hpp"
#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/proto/spec_codec.hpp"
#include "chronotope/proto/text_spec.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

OptionGroup file_options() {
  return {
      "File",
      {required({"out", File{File::Use::kWritten}, "write the file, - for stdout"}),
       {"format", Word{"format", {"nest", "gdf", "sonata", "graphml", "edges", "nir"}},
        "of the file; default: by its extension .dat, .gdf, .h5, .graphml, .csv, .nir"},
       {"first-sender", WholeNumber{0, std::numeric_limits<std::uint32_t>::max(), "1"},
        "of nest and gdf: the number of the first neuron; the others, population by population, follow"}}};
}

OptionGroup graph_options() {
  return {"Graph",
          {{"first", Flag(), "the weights of the first snapshot instead of the last; of nir, too"},
           {"bare", Flag(), "without layers and betweenness"}}};
}

OptionGroup nir_options() {
  return {
      "NIR",
      {{"dt", Milliseconds{stated_duration(1e-6), "0.1"},
        "time step of the program that is to read the file: a spike is a pulse of that length, and a delay of "
        "one step is none"}}};
}

Usage make_usage() {
  Usage usage;
  usage.synopsis = "export STREAM --out FILE [options]";
  usage.summary =
      "Writes what a stream holds as a file of other programs: its spikes as NEST's recordings (.dat, .gdf) or "
      "SONATA's (.h5), the network of a snapshot as a graph (.graphml) or a list of its synapses (.csv), with "
      "weights, delays, the five layers and betweenness, or in the Neuromorphic Intermediate Representation "
      "(.nir), which a specification can be written in, too.";
  usage.examples =
      "  chronotope export run.pb --out spikes.h5\n"
      "  chronotope export run.pb --out spikes-1.dat --first-sender 1\n"
      "  chronotope export run.pb --out network.graphml\n"
      "  chronotope export run.pb --out - --format edges --bare | head -3\n"
      "  chronotope export net.textproto --out net.nir --dt 0.1\n";
  usage.positional = {"STREAM"};
  usage.groups = {file_options(), graph_options(), layering_options(), nir_options(), network_options()};
  return usage;
}

std::string format_of(const po::variables_map& values) {
  if (const std::string format = text_option(values, "format"); !format.empty()) return format;
  constexpr std::array<std::pair<const char*, const char*>, 6> kKnown{{{".dat", "nest"},
                                                                       {".gdf", "gdf"},
                                                                       {".h5", "sonata"},
                                                                       {".graphml", "graphml"},
                                                                       {".csv", "edges"},
                                                                       {".nir", "nir"}}};
  const std::string path = text_option(values, "out");
  const std::filesystem::path out = proto::name_of_compressed(path).value_or(path);
  for (const auto& [extension, format] : kKnown)
    if (out.extension() == extension) return format;
  throw InputError("--out: '" + path +
                   "' tells no format (.dat, .gdf, .h5, .graphml, .csv, .nir); --format names one");
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

bool is_stream_file(const std::string& path) {
  proto::InputFile file(path);
  return proto::looks_like_stream(file);
}

/// Of a specification, or of a stream with the weights of a snapshot.
void write_nir(const po::variables_map& values) {
  const std::string path = values["STREAM"].as<std::string>();
  const bool is_stream = path != "-" && is_stream_file(path);
  require_use(values, "first", is_stream, "a stream");
  proto::SpecText text;
  if (is_stream)
    read_stream_network(path, values["first"].as<bool>(), text);
  else
    proto::read_spec(path, text);
  set_network_options(values, text);
  const proto::DecodedSpec spec = proto::decode(text);
  require_not_read(values, {"out"}, spec.files);
  const Interrupt interrupt;
  const NirNetwork network = to_nir(spec.network, time_option(values, "dt").value);
  proto::Output out(text_option(values, "out"));
  out.write(proto::nir_bytes(network.graph));
  out.commit();
  for (const std::string& note : network.notes) fmt::print(stderr, "{}\n", note);
}

}  // namespace

int export_stream(const Arguments& arguments) {
  const auto values = parse(make_usage(), arguments);
  if (!values) return 0;
  const std::string format = format_of(*values);
  const auto path = text_option(*values, "out");
  if (format == "sonata" || format == "nir")
    require(!proto::name_of_compressed(path), "out", "'" + path + "'",
            "HDF5 is read by places, not in a .zst");
  const bool is_graph = format == "graphml" || format == "edges";
  const bool is_nir = format == "nir";
  require_use(*values, "bare", is_graph, "a graph (--format graphml or edges)");
  require_use(*values, "first", is_graph || is_nir, "a graph (--format graphml, edges or nir)");
  if (!is_graph || (*values)["bare"].as<bool>())
    require_unused(*values, layering_options(), "a graph with layers");
  require_use(*values, "first-sender", format == "nest" || format == "gdf", "--format nest or gdf");
  require_use(*values, "dt", is_nir, "--format nir");
  if (!is_nir) require_unused(*values, network_options(), "--format nir");
  if (is_nir) {
    write_nir(*values);
    return 0;
  }
  proto::FrameReader frames((*values)["STREAM"].as<std::string>());
  is_graph ? write_graph(*values, frames, format) : write_spikes(*values, frames, format);
  return 0;
}

}  // namespace chronotope::apps
