// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "chronotope/apps/imports/imported_network.hpp"
#include "chronotope/apps/imports/nir_network.hpp"
#include "chronotope/apps/imports/sonata_import.hpp"
#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/output/progress.hpp"
#include "chronotope/apps/verbs/verbs.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/proto/formats/hdf5_file.hpp"
#include "chronotope/proto/formats/input_file.hpp"
#include "chronotope/proto/formats/nir_graph.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

OptionGroup output_options() {
  return {
      "Output",
      {required({"out", File{File::Use::kWritten},
                 "write the specification, a .textproto; tables of synapses and spikes stand beside it and "
                 "are called after it"}),
       {"quiet", Flag(), "print nothing but errors"}}};
}

OptionGroup nir_options() {
  return {
      "NIR",
      {{"dt", Milliseconds{stated_duration(1e-6)},
        "time step of the program that wrote the graph: how long the pulse lasts that a spike stands for; "
        "default: the graph's, where its metadata or its constants tell it"},
       {"delay", Milliseconds{stated_duration(1e-12)},
        "of connections without a Delay; default: one such step"}}};
}

Usage make_usage() {
  Usage usage;
  usage.synopsis = "import FILE --out SPEC [options]";
  usage.summary =
      "Turns a network of another program into a specification: a graph in the Neuromorphic Intermediate "
      "Representation (.nir) or a network of point neurons in SONATA (its circuit, simulation or common "
      "configuration, .json). What has no counterpart is refused by name (docs/formats.md).";
  usage.examples =
      "  chronotope import braille.nir --out braille.textproto\n"
      "  chronotope import lif.nir --dt 0.1 --out lif.textproto\n"
      "  chronotope import 300_pointneurons/config.json --out point.textproto\n"
      "  chronotope simulate point.textproto --until 1500 --spikes spikes.csv\n";
  usage.positional = {"FILE"};
  usage.groups = {output_options(), nir_options()};
  return usage;
}

NirReading read_nir_options(const po::variables_map& values) {
  NirReading reading;
  if (given(values, "dt")) reading.dt = time_option(values, "dt").value;
  if (given(values, "delay")) reading.delay = time_option(values, "delay").value;
  return reading;
}

void import_hdf5(const po::variables_map& values, const std::string& path, ImportedNetwork& network) {
  const proto::Hdf5File file(path);
  if (!proto::holds_nir_graph(file))
    throw InputError(file.name() +
                     ": holds no NIR graph (a SONATA network is imported from its configuration, a .json)");
  import_nir(proto::read_nir_graph(file), read_nir_options(values), network);
}

}  // namespace

int import_network(const Arguments& arguments) {
  const auto values = parse(make_usage(), arguments);
  if (!values) return 0;
  const std::string path = (*values)["FILE"].as<std::string>(), out = text_option(*values, "out");
  require(std::filesystem::path(out).extension() == ".textproto", "out", "'" + out + "'",
          "must end in .textproto: tables stand beside it");
  const Interrupt interrupt;
  ImportedNetwork network{std::filesystem::path(out)};
  std::optional<Progress> progress(std::in_place, "import", (*values)["quiet"].as<bool>());
  network.on_progress = [&](double done, double total, const std::string& what) {
    progress->update(done, total, what);
  };
  if (path != "-" && proto::InputFile(path).begins_with(proto::kHdf5Magic)) {
    import_hdf5(*values, path, network);
  } else {
    for (const char* option : {"dt", "delay"}) require_use(*values, option, false, "a NIR graph");
    import_sonata(path, network);
  }
  network.check(path);
  std::vector<std::filesystem::path> read = network.files_read;
  read.emplace_back(path);
  for (const auto& file : network.files()) require_not_read("out", file, read);
  network.write(path);
  progress.reset();
  if ((*values)["quiet"].as<bool>()) return 0;
  for (const std::string& note : network.notes) fmt::print(stderr, "{}\n", note);
  return 0;
}

}  // namespace chronotope::apps
