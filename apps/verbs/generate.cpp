// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "chronotope/apps/exports/series_file.hpp"
#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/options/listed.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/output/progress.hpp"
#include "chronotope/apps/verbs/verbs.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/number_text.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/core/random_stream.hpp"
#include "chronotope/core/shuffle.hpp"
#include "chronotope/events/scenes/moving_shape.hpp"
#include "chronotope/events/scenes/nonlinear_process.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

constexpr const char* kShapesKind = "shapes";
constexpr const char* kProcessKind = "process";

OptionGroup shape_options() {
  return {
      "Shapes",
      {{"shapes", Text{"SHAPE,SHAPE", "bar"}, "some of bar, square, disc, cross"},
       {"speeds", Text{"V,V", "1"}, "pixels that a shape moves from one frame to the next"},
       {"size", WholeNumber{10, 256, "16"},
        "pixels of the field in each direction; its opposite edges are one"},
       {"frames", WholeNumber{1, 10'000, "12"}, "of a sequence"},
       {"background", RealNumber{from(0), up_to(1), "0"},
        "every pixel of a sequence has an own brightness from 0 to X, over which the shape of brightness 1 moves"},
       {"changes", Flag(),
        "how much darker and, behind them, how much brighter each pixel becomes from frame to frame, instead of "
        "how bright it is"},
       {"label", Word{"label", {"direction", "speed", "shape"}, "direction"}, "what the classes are"}}};
}

OptionGroup process_options() {
  return {"Process",
          {{"sites", WholeNumber{2, 10'000, "40"}, "of the ring: numbers of a sample"},
           {"lengths", Text{"L,L", "2,8"},
            "over which sites are alike, the classes; each above 0 and at most a fifth of the sites"},
           {"gain", RealNumber{above(0), any_finite(), "3"}, "the larger, the sharper the edges"},
           {"control", Flag(), "Gaussian numbers of the same covariance instead"}}};
}

Usage make_usage() {
  Usage usage;
  usage.synopsis = "generate shapes|process --out FILE.ts [options]";
  usage.summary =
      "Makes labelled inputs whose structure is known, as time series for encode --plan. shapes: sequences of frames in "
      "which a shape moves right, left, down or up (docs/actions.md). process: numbers on a ring with sharp edges, a "
      "non-linear Gaussian process, or Gaussian ones of the same covariance (docs/locality.md). Classes have equally "
      "many where --number is a multiple of all combinations, which come in an order that is drawn.";
  usage.examples =
      "  chronotope generate shapes --number 400 --background 0.3 --changes --out bars.ts\n"
      "  chronotope generate shapes --shapes bar,disc --speeds 1,2 --label speed --seed 2 --out speeds.ts\n"
      "  chronotope generate process --lengths 2,8 --number 2000 --out edges.ts\n"
      "  chronotope generate process --lengths 2,8 --number 2000 --control --out smooth.ts\n";
  usage.positional = {"KIND"};
  usage.groups = {
      {"Series",
       {required({"out", File{File::Use::kWritten}, "write the .ts file"}),
        {"number", WholeNumber{1, 10'000'000, "400"}, "series that are made"},
        {"seed", WholeNumber{0, std::numeric_limits<std::uint64_t>::max(), "1", "SEED"}, "of the draws"},
        {"quiet", Flag(), "print nothing but errors"}}},
      shape_options(),
      process_options()};
  return usage;
}

/// Numbers of an option that lists some, each once, as they were written.
struct ListedNumbers {
  std::vector<std::string> texts;
  std::vector<double> values;

  ListedNumbers(const po::variables_map& values_of, const std::string& option, double most,
                const std::string& range)
      : texts(listed(option, text_option(values_of, option))) {
    for (const std::string& text : texts) {
      const auto value = finite_number(text);
      require(value && *value > 0 && *value <= most, option, text, range);
      values.push_back(*value);
    }
  }
};

std::vector<events::Shape> shapes_of(const po::variables_map& values) {
  std::vector<events::Shape> shapes;
  for (const std::string& name : listed("shapes", text_option(values, "shapes"))) {
    const auto found = std::ranges::find_if(events::kShapes, [&](auto s) { return name == to_string(s); });
    require(found != events::kShapes.end(), "shapes", in_quotes(name),
            "must be some of bar, square, disc, cross");
    shapes.push_back(*found);
  }
  return shapes;
}

/// The numbers 0 .. size - 1 in an order that is drawn anew for every block of so many series.
std::size_t drawn_place(std::size_t number, std::size_t size, std::uint64_t seed) {
  std::vector<std::size_t> order(size);
  std::iota(order.begin(), order.end(), std::size_t{0});
  shuffle(order, RandomStream(seed, Purpose("generate.order"), number / size));
  return order[number % size];
}

/// By how much every number falls and, behind these, by how much it rises from one step to the next.
std::vector<std::vector<double>> changes_of(const std::vector<std::vector<double>>& steps) {
  std::vector<std::vector<double>> changes;
  for (std::size_t t = 1; t < steps.size(); ++t) {
    std::vector<double>& all = changes.emplace_back();
    for (std::size_t i = 0; i < steps[t].size(); ++i)
      all.push_back(std::max(steps[t - 1][i] - steps[t][i], 0.0));
    for (std::size_t i = 0; i < steps[t].size(); ++i)
      all.push_back(std::max(steps[t][i] - steps[t - 1][i], 0.0));
  }
  return changes;
}

/// Moving shapes: every block of series has each direction, speed and shape once.
class ShapeSequences {
 public:
  explicit ShapeSequences(const po::variables_map& values)
      : shapes_(shapes_of(values)),
        speeds_(values, "speeds", 1000, "must be > 0 and at most 1000 pixels"),
        label_(text_option(values, "label")),
        size_(static_cast<std::uint32_t>(whole_option(values, "size"))),
        frames_(whole_option(values, "frames")),
        background_(values["background"].as<double>()),
        changes_(values["changes"].as<bool>()),
        seed_(values["seed"].as<std::uint64_t>()) {}

  std::size_t dimensions() const { return pixels() * (changes_ ? 2 : 1); }
  std::size_t length() const { return frames_; }
  std::vector<std::string> classes() const {
    if (label_ == "speed") return speeds_.texts;
    std::vector<std::string> names;
    if (label_ == "shape")
      for (const events::Shape shape : shapes_) names.emplace_back(to_string(shape));
    else
      for (const events::Direction direction : events::kDirections) names.emplace_back(to_string(direction));
    return names;
  }
  std::string label(std::size_t number) const {
    const Kind kind = kind_of(number);
    if (label_ == "speed") return speeds_.texts[kind.speed];
    return label_ == "shape" ? to_string(kind.shape) : to_string(kind.direction);
  }
  std::vector<std::vector<double>> steps(std::size_t number) const {
    RandomStream random(seed_, Purpose("generate.shapes"), number);
    const double x = size_ * random.uniform();
    const double y = size_ * random.uniform();
    std::vector<double> ground(pixels());
    for (double& brightness : ground) brightness = background_ * random.uniform();
    const Kind kind = kind_of(number);
    const events::MovingShape moving(size_, kind.shape, kind.direction, speeds_.values[kind.speed], x, y);
    std::vector<std::vector<double>> frames;
    for (std::size_t t = 0; t < frames_ + (changes_ ? 1 : 0); ++t) {
      frames.push_back(moving.frame(static_cast<std::uint32_t>(t)));
      for (std::size_t i = 0; i < ground.size(); ++i) frames.back()[i] += (1 - frames.back()[i]) * ground[i];
    }
    return changes_ ? changes_of(frames) : frames;
  }

 private:
  struct Kind {
    events::Direction direction;
    std::size_t speed;
    events::Shape shape;
  };
  std::size_t pixels() const { return std::size_t{size_} * size_; }
  Kind kind_of(std::size_t number) const {
    constexpr std::size_t kWays = events::kDirections.size();
    const std::size_t speeds = speeds_.values.size();
    const std::size_t place = drawn_place(number, kWays * speeds * shapes_.size(), seed_);
    return {events::kDirections[place % kWays], place / kWays % speeds, shapes_[place / kWays / speeds]};
  }

  std::vector<events::Shape> shapes_;
  ListedNumbers speeds_;
  std::string label_;
  std::uint32_t size_;
  std::size_t frames_;
  double background_;
  bool changes_;
  std::uint64_t seed_;
};

/// Samples on a ring: every block of them has each length once.
class ProcessSamples {
 public:
  explicit ProcessSamples(const po::variables_map& values)
      : sites_(whole_option(values, "sites")),
        lengths_(values, "lengths", static_cast<double>(sites_) / 5,
                 "must be > 0 and at most a fifth of the " + std::to_string(sites_) + " sites"),
        is_control_(values["control"].as<bool>()),
        seed_(values["seed"].as<std::uint64_t>()) {
    for (const double length : lengths_.values)
      processes_.emplace_back(sites_, length, values["gain"].as<double>());
  }

  std::size_t dimensions() const { return sites_; }
  std::size_t length() const { return 1; }
  std::vector<std::string> classes() const { return lengths_.texts; }
  std::string label(std::size_t number) const { return lengths_.texts[length_of(number)]; }
  std::vector<std::vector<double>> steps(std::size_t number) const {
    const events::NonlinearProcess& process = processes_[length_of(number)];
    RandomStream random(seed_, Purpose("generate.process"), number);
    return {is_control_ ? process.draw_control(random) : process.draw(random)};
  }

 private:
  std::size_t length_of(std::size_t number) const { return drawn_place(number, processes_.size(), seed_); }

  std::size_t sites_;
  ListedNumbers lengths_;
  bool is_control_;
  std::uint64_t seed_;
  std::vector<events::NonlinearProcess> processes_;
};

template <class Source>
void write_series(const po::variables_map& values, const Source& source, const std::string& kind) {
  const std::size_t number = whole_option(values, "number");
  const Interrupt interrupt;
  Progress progress("generate", values["quiet"].as<bool>());
  proto::Output out(text_option(values, "out"));
  SeriesWriter writer(out, kind, source.dimensions(), source.length(), source.classes());
  for (std::size_t k = 0; k < number; ++k) {
    Interrupt::check();
    writer.write(source.steps(k), source.label(k));
    progress.update(static_cast<double>(k + 1), static_cast<double>(number));
  }
  out.commit();
}

}  // namespace

int generate(const Arguments& arguments) {
  const auto values = parse(make_usage(), arguments);
  if (!values) return 0;
  const std::string kind = text_option(*values, "KIND");
  if (kind != kShapesKind && kind != kProcessKind)
    throw InputError("KIND: " + in_quotes(kind) + " is not allowed (must be shapes or process)");
  if (kind == kShapesKind) {
    require_unused(*values, process_options(), "generate process");
    write_series(*values, ShapeSequences(*values), "moving_shapes");
  } else {
    require_unused(*values, shape_options(), "generate shapes");
    write_series(*values, ProcessSamples(*values), "nonlinear_process");
  }
  return 0;
}

}  // namespace chronotope::apps
