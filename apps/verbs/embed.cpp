// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/apps/embedding/stream_embedding.hpp"
#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/output/csv_cell.hpp"
#include "chronotope/apps/output/json_text.hpp"
#include "chronotope/apps/output/progress.hpp"
#include "chronotope/apps/study/read_out_scores.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

Usage make_usage() {
  constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();
  Usage usage;
  usage.synopsis = "embed STREAM... [options]";
  usage.summary =
      "A point for the network of every stream's last snapshot, whatever the numbers of its neurons: 128 numbers from "
      "weights, delays, time constants and degrees (docs/embedding.md), how far the points lie from each other, and, "
      "with --classify, how well a ridge classifier tells the networks' kinds apart.";
  usage.examples =
      "  chronotope embed a.pb b.pb\n"
      "  chronotope embed results/*.pb --classify --distances distances.csv\n"
      "  chronotope embed results/*.pb --first --csv embeddings.csv\n";
  usage.positional = {"STREAM"};
  usage.last_repeats = true;
  usage.groups = {
      {"Embedding",
       {{"seed", WholeNumber{0, kLargest, "1", "SEED"}, "of the random matrices"},
        {"first", Flag(), "of the first snapshot instead of the last"},
        {"classify", Flag(),
         "cross-validate: files are named KIND-GROUP.pb, as study names them; a group is a wiring"}}},
      {"Output",
       {{"csv", File{File::Use::kWritten}, "write stream and the 128 numbers, a row each"},
        {"distances", File{File::Use::kWritten}, "write the matrix of distances, without names"},
        {"json", Flag(), "print one JSON object"},
        {"quiet", Flag(), "show no progress"}}}};
  return usage;
}

/// A stream's network as a point.
struct Point {
  std::string path;
  std::size_t neurons = 0;
  std::size_t synapses = 0;
  std::vector<double> values;
};

std::vector<Point> embed_all(const po::variables_map& values, const std::vector<std::string>& paths) {
  Progress progress("embed", values["quiet"].as<bool>());
  std::vector<Point> points;
  for (const std::string& path : paths) {
    Interrupt::check();
    const topology::EmbeddedNetwork network = embedded_network(path, values["first"].as<bool>());
    points.push_back({path, network.neurons, network.edges.size(),
                      topology::network_embedding(network, values["seed"].as<std::uint64_t>())});
    progress.update(static_cast<double>(points.size()), static_cast<double>(paths.size()));
  }
  return points;
}

/// "MM.order-17.pb": kind MM.order, group 17.
std::pair<std::string, std::string> kind_and_group(const std::string& path) {
  const std::string stem = std::filesystem::path(path).stem().string();
  const std::size_t dash = stem.rfind('-');
  if (dash == std::string::npos || dash == 0 || dash + 1 == stem.size())
    throw InputError("--classify: " + in_quotes(path) + " is not named KIND-GROUP.pb");
  return {stem.substr(0, dash), stem.substr(dash + 1)};
}

ReadOutExamples examples_of(const std::vector<Point>& points) {
  ReadOutExamples examples;
  std::set<std::string> kinds;
  std::vector<double> values;
  for (const Point& point : points) {
    kinds.insert(kind_and_group(point.path).first);
    values.insert(values.end(), point.values.begin(), point.values.end());
  }
  examples.class_names.assign(kinds.begin(), kinds.end());
  for (const Point& point : points) {
    const auto [kind, group] = kind_and_group(point.path);
    examples.classes.push_back(static_cast<std::uint32_t>(std::distance(kinds.begin(), kinds.find(kind))));
    examples.units.push_back(static_cast<std::uint32_t>(examples.units.size()));
    examples.groups.push_back(group);
  }
  if (std::set(examples.groups.begin(), examples.groups.end()).size() < 2)
    throw InputError("--classify: all streams are of group " + in_quotes(examples.groups.front()) +
                     "; two are needed, one to learn from and one to test");
  examples.features = models::FeatureTable(points.size(), points.front().values.size(), std::move(values));
  return examples;
}

/// Of every group's networks by what is fitted on the others'.
struct Classification {
  std::vector<std::string> kinds;
  ReadOutScore score;
};

Classification classify(const std::vector<Point>& points) {
  const ReadOutExamples examples = examples_of(points);
  Classification result{examples.class_names,
                        read_out_score(examples, models::ReadOutMethod::kRidge, Split::kNewGroup, 0)};
  if (!result.score.missing.empty()) throw InputError("--classify: " + result.score.missing);
  return result;
}

void print_text(const std::vector<Point>& points) {
  fmt::print("{:>9}{:>11}{:>16}  stream\n", "neurons", "synapses", "to the first");
  for (const Point& point : points)
    fmt::print("{:>9}{:>11}{:>16.6g}  {}\n", point.neurons, point.synapses,
               topology::embedding_distance(points.front().values, point.values), printable(point.path));
}

void print_text(const Classification& c) {
  std::string kinds;
  for (const std::string& kind : c.kinds) kinds += (kinds.empty() ? "" : ", ") + printable(kind);
  fmt::print(
      "\nkinds {}: ridge tells {} of {} networks of new groups, {:.3f} [{:.3f}, {:.3f}], chance {:.3f}\n",
      kinds, c.score.correct, c.score.scored, c.score.accuracy(), c.score.interval.low, c.score.interval.high,
      c.score.chance);
}

std::string json_of(const Point& point) {
  return fmt::format(
      "\n{{\"stream\": {}, \"neurons\": {}, \"synapses\": {}, \"embedding\": {}}}",
      json_string(printable(point.path)), point.neurons, point.synapses,
      json_list(point.values.size(), [&](std::size_t k) { return json_number(point.values[k]); }));
}

std::string json_of(const Classification& c) {
  return fmt::format(
      ",\n\"classification\": {{\"kinds\": {}, \"scored\": {}, \"correct\": {}, \"accuracy\": {}, \"low\": {}, \"high\": "
      "{}, \"chance\": {}}}",
      json_list(c.kinds.size(), [&](std::size_t k) { return json_string(printable(c.kinds[k])); }),
      c.score.scored, c.score.correct, json_number(c.score.accuracy()), json_number(c.score.interval.low),
      json_number(c.score.interval.high), json_number(c.score.chance));
}

void write_csv(const std::string& path, const std::vector<Point>& points) {
  proto::Output out(path);
  std::string line = "stream";
  for (std::size_t k = 0; k < points.front().values.size(); ++k) line += fmt::format(",x{}", k);
  out.write(line + "\n");
  for (const Point& point : points) {
    line = csv_cell(point.path);
    for (const double x : point.values) line += fmt::format(",{}", x);
    out.write(line + "\n");
  }
  out.commit();
}

void write_distances(const std::string& path, const std::vector<Point>& points) {
  proto::Output out(path);
  for (const Point& a : points) {
    std::string line;
    for (const Point& b : points)
      line += fmt::format("{}{}", line.empty() ? "" : ",", topology::embedding_distance(a.values, b.values));
    out.write(line + "\n");
  }
  out.commit();
}

}  // namespace

int embed(const Arguments& arguments) {
  const auto values = parse(make_usage(), arguments);
  if (!values) return 0;
  const auto paths = (*values)["STREAM"].as<std::vector<std::string>>();
  const std::string csv = text_option(*values, "csv"), distances = text_option(*values, "distances");
  const bool classifies = (*values)["classify"].as<bool>();
  if (classifies)
    for (const std::string& path : paths) kind_and_group(path);  // before anything is read
  const Interrupt interrupt;
  const std::vector<Point> points = embed_all(*values, paths);
  std::vector<Classification> classified;
  if (classifies) classified.push_back(classify(points));
  if ((*values)["json"].as<bool>()) {
    std::string text =
        "{\n\"networks\": " + json_list(points.size(), [&](std::size_t k) { return json_of(points[k]); });
    for (const Classification& c : classified) text += json_of(c);
    fmt::print("{}\n}}\n", text);
  } else if (csv != "-" && distances != "-") {
    print_text(points);
    for (const Classification& c : classified) print_text(c);
  }
  if (!csv.empty()) write_csv(csv, points);  // last: they may fail
  if (!distances.empty()) write_distances(distances, points);
  return 0;
}

}  // namespace chronotope::apps
