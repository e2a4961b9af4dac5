// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/training/training_evaluation.hpp"

#include <fmt/core.h>

#include <string>
#include <vector>

#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/output/csv_cell.hpp"
#include "chronotope/apps/runs/input_spikes.hpp"
#include "chronotope/apps/training/training_file.hpp"
#include "chronotope/apps/training/training_setup.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

constexpr std::uint32_t kBatch = 32;

/// Rows are labels, columns predictions.
void print_confusion(const std::vector<std::string>& labels, const TrainingItems& items,
                     const std::vector<std::uint32_t>& prediction) {
  std::vector<std::vector<std::size_t>> table(labels.size(), std::vector<std::size_t>(labels.size()));
  for (std::size_t k = 0; k < prediction.size(); ++k) ++table[items.items[k].label][prediction[k]];
  fmt::print("{:>12}", "label");
  for (const std::string& label : labels) fmt::print("{:>8}", label);
  fmt::print("\n");
  for (std::size_t k = 0; k < labels.size(); ++k) {
    fmt::print("{:>12}", labels[k]);
    for (const std::size_t count : table[k]) fmt::print("{:>8}", count);
    fmt::print("\n");
  }
}

void write_predictions(const std::string& path, const proto::DecodedSpec& spec,
                       const std::vector<std::string>& labels, const std::vector<std::uint32_t>& prediction) {
  proto::Output output(path);
  output.write("stimulus,name,label,prediction\n");
  for (std::size_t k = 0; k < prediction.size(); ++k)
    output.write(fmt::format("{},{},{},{}\n", spec.stimuli[k].id, csv_cell(spec.stimuli[k].name),
                             csv_cell(spec.stimuli[k].label), csv_cell(labels[prediction[k]])));
  output.commit();
}

ItemOptions item_options(const GridReadOut& message) {
  ItemOptions options;
  if (message.longest() > 0) options.longest = Duration::nearest(message.longest());
  options.tail = Duration::nearest(message.tail());
  return options;
}

}  // namespace

int evaluate_trained(const po::variables_map& values) {
  const auto path = values["evaluate"].as<std::string>();
  const TrainingFile file = read_training(path);
  proto::SpecText text;
  text.message = file.network();
  text.name = path;
  if (file.read_out().loss() == loss_name(models::GridLoss::Kind::kVanRossum))
    throw InputError(path + ": was trained to match trains, which tells no labels");
  hear_spikes(text.message, values["spikes"].as<std::string>());
  const proto::DecodedSpec spec = proto::decode(text);
  TrainedWiring wiring = build_wiring(spec);
  const std::vector<std::string> labels(file.label().begin(), file.label().end());
  const models::SpikeReadOut read_out =
      decode(file.read_out(), static_cast<std::uint32_t>(labels.size()), wiring.network.neurons);
  wiring.network.parameters.W_o = read_out.weight;
  const TrainingItems items = cut_items(spec, item_options(file.read_out()), labels);
  std::vector<const models::Item*> all;
  for (const models::Item& item : items.items) all.push_back(&item);
  const auto threads = static_cast<unsigned>(whole_option(values, "threads"));
  require_lengths(read_out, wiring, all, kBatch, 0);
  const auto method = reading_method(wiring.network, read_out, threads);
  const models::Evaluation found = models::evaluate(*method, wiring.network, all, kBatch);
  if (values.count("predictions") != 0)
    write_predictions(values["predictions"].as<std::string>(), spec, labels, found.prediction);
  if (values["quiet"].as<bool>()) return 0;
  fmt::print(stderr, "{} stimuli: loss {:.4f}, accuracy {:.4f} {}\n", all.size(), found.score.loss,
             found.score.accuracy, read_out.on_grid ? "on the grid" : "from spike to spike");
  print_confusion(labels, items, found.prediction);
  return 0;
}

}  // namespace chronotope::apps
