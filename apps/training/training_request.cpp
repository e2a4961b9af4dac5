// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/training/training_request.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <limits>

#include "chronotope/apps/options/listed.hpp"
#include "chronotope/apps/options/named_option.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/training/training_file.hpp"
#include "chronotope/core/printable.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

constexpr std::array<Name<bool>, 2> kMethods{{{"surrogate", false}, {"eventprop", true}}};
constexpr std::array<Name<bool>, 2> kPrecisions{{{"double", false}, {"float", true}}};
constexpr std::array<Name<bool>, 2> kSigns{{{"keep", false}, {"free", true}}};
constexpr std::array<Name<bool>, 2> kWeightUnits{{{"mean", false}, {"threshold", true}}};

Option::Company of_method(const char* name) { return {"method", {name}}; }

double number(const po::variables_map& values, const char* option) { return values[option].as<double>(); }

std::vector<std::string> read_learnt(const po::variables_map& values, bool is_event) {
  static constexpr std::array kKinds{"tau_m", "tau_syn", "V_th", "I_e", "delays"};
  const std::vector<std::string> kinds =
      given(values, "learn") ? listed("learn", text_option(values, "learn")) : std::vector<std::string>();
  for (const std::string& kind : kinds) {
    require(is_event || kind != "delays", "learn", kind,
            "delays in steps of a grid have no derivative; --method eventprop learns them");
    require(std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end(), "learn", in_quotes(kind),
            "must be of tau_m,tau_syn,V_th,I_e,delays");
  }
  return kinds;
}

/// A gradient through exact spike times can be as long as a membrane comes near to tangency.
double read_clip(const po::variables_map& values, bool is_event) {
  return given(values, "clip") ? number(values, "clip") : (is_event ? 1 : 0);
}

models::TrainingPlan read_plan(const po::variables_map& values, std::uint64_t seed) {
  models::TrainingPlan plan;
  plan.seed = seed;
  plan.epochs = static_cast<std::uint32_t>(whole_option(values, "epochs"));
  plan.batch_size = static_cast<std::uint32_t>(whole_option(values, "batch"));
  plan.rate = number(values, "rate");
  plan.rate_decay = number(values, "rate-decay");
  return plan;
}

}  // namespace

bool TrainingRequest::learns(const std::string& kind) const {
  return std::find(learn.begin(), learn.end(), kind) != learn.end();
}

bool TrainingRequest::learns_constants() const {
  return std::any_of(learn.begin(), learn.end(), [](const std::string& kind) { return kind != "delays"; });
}

OptionGroup method_options() {
  return {
      "Method and loss",
      {{"method", words_of("method", kMethods, "surrogate"),
        "of gradients: surrogate, on a grid of time, or eventprop, through exact spike times"},
       {"readout", Text{"POPULATION", "leaky"},
        "leaky: beside the network, its weights learnt, too; or the population whose neurons are the classes"},
       {"loss",
        Word{"loss", {"max", "mean", "last", "count", "discounted_count", "first_spike", "van_rossum"}},
        "max, mean or last of the leaky read-out, default max; of a population count (default), "
        "discounted_count or first_spike. eventprop: max, mean; first_spike. van_rossum with --match alone"},
       {"match",
        File{File::Use::kRead},
        "match the trains of this stream or table time_ms,population,neuron under the same stimuli, instead of "
        "telling labels: by the distance of van Rossum",
        {{"matched"}}},
       {"matched",
        Text{"LIST"},
        "neurons that --match holds the trains of: E, E:3 or E:0-9, with commas",
        {{"match"}}},
       {"scale", RealNumber{from(1e-9), up_to(1e9), "1"}, "of counts as logits"},
       {"tau-l", RealNumber{from(1e-6), up_to(1e9), "5", "MS", "ms"},
        "of discounted counts and first spikes; of the filter of trains that are matched"},
       {"early-weight",
        RealNumber{from(0), up_to(1e9), "0"},
        "adds w (exp(f/early-tau) - 1), f the label's first spike",
        {of_method("eventprop")}},
       {"early-tau", RealNumber{from(1e-3), up_to(1e9), "20", "MS", "ms"}, "of it", {{"early-weight"}}},
       {"dt", Milliseconds{stated_duration(1e-3), "1"},
        "step of the grid; eventprop: of the one to compare with"},
       {"beta",
        RealNumber{from(1e-6), up_to(1e9), "100"},
        "of the surrogate derivative 1/(1 + beta |u|)^2",
        {of_method("surrogate")}},
       {"slope-floor",
        RealNumber{from(0), up_to(1e9), "0.01"},
        "a smaller |dV/dt| at a spike, in (V_th - E_L)/ms, counts as this",
        {of_method("eventprop")}},
       {"precision", words_of("precision", kPrecisions, "double"), "of the passes", {of_method("surrogate")}},
       {"c1", RealNumber{from(0), up_to(1e9), "0"},
        "cost of spike counts over n-hi: c1 mean relu(n - n_hi)^2"},
       {"n-hi", RealNumber{from(0), up_to(1e9), "0"}, "spikes per neuron and item", {{"c1"}}},
       {"c2",
        RealNumber{from(0), up_to(1e9), "0"},
        "cost of spike counts under n-lo: c2 mean relu(n_lo - n)^2",
        {of_method("surrogate")}},
       {"n-lo", RealNumber{from(0), up_to(1e9), "0"}, "spikes per neuron and item", {{"c2"}}}}};
}

OptionGroup learning_options() {
  return {
      "Learning",
      {{"synapses", Text{"LIST", "plastic"}, "that learn: plastic, all, or names of projections, A->B,C->D"},
       {"learn", Text{"LIST"}, "also learn tau_m,tau_syn,V_th,I_e; with eventprop delays, too"},
       {"least-delay", Milliseconds{stated_duration(1e-3), "0.1"},
        "that learning leaves between neurons; one that starts below it may not fall"},
       {"signs", words_of("signs", kSigns, "keep"), "keep: weights stop at 0; free, for multi_receptor_lif"},
       {"epochs", WholeNumber{1, 1'000'000'000, "30"}, "how often every item is taught"},
       {"batch", WholeNumber{1, 1'000'000'000, "32"}, "items per step"},
       {"rate", RealNumber{from(1e-12), up_to(1e6), "0.001"}, "of Adam, in the first epoch"},
       {"rate-decay", RealNumber{from(1e-6), up_to(1), "1"}, "factor of the rate from epoch to epoch"},
       {"weight-unit", words_of("unit", kWeightUnits, "mean"),
        "of a projection's weights, which a step moves by about the rate: mean, of their magnitudes; threshold, "
        "the current (V_th - E_L)/R"},
       {"clip", RealNumber{from(0), up_to(1e9)},
        "longest gradient, in the units of the steps; 0: any. Default: 0, of eventprop 1"}}};
}

OptionGroup item_options() {
  return {"Stimuli",
          {{"validation", Text{"CHOICE"},
            "stimuli that choose the epoch: a share, or speaker=NAME,... or take=FIRST-LAST of their names"},
           {"test", Text{"CHOICE"}, "stimuli that test, beside those of phase PROBE: likewise"},
           {"longest", Milliseconds{stated_duration(1e-3)}, "present only so much of each stimulus"},
           {"tail", Milliseconds{Duration(), "0"},
            "silence after each stimulus, in which the read-out goes on"}}};
}

TrainingRequest read_training_request(const po::variables_map& values, std::uint64_t seed) {
  TrainingRequest request;
  request.is_event = named(values, "method", kMethods);
  request.readout = text_option(values, "readout");
  if (given(values, "loss")) request.loss = loss_kind(text_option(values, "loss"));
  request.match = text_option(values, "match");
  request.matched = text_option(values, "matched");
  request.scale = number(values, "scale");
  request.tau_l = number(values, "tau-l");
  request.early_weight = number(values, "early-weight");
  request.early_tau = number(values, "early-tau");
  request.synapses = text_option(values, "synapses");
  request.learn = read_learnt(values, request.is_event);
  require_use(values, "least-delay", request.learns("delays"), "--learn delays");
  request.least_delay = time_option(values, "least-delay").value;
  request.free_signs = named(values, "signs", kSigns);
  request.threshold_unit = named(values, "weight-unit", kWeightUnits);
  request.dt = time_option(values, "dt").value;
  request.beta = number(values, "beta");
  request.slope_floor = number(values, "slope-floor");
  request.regulariser = {number(values, "c1"), number(values, "n-hi"), number(values, "c2"),
                         number(values, "n-lo")};
  request.clip = read_clip(values, request.is_event);
  request.in_float = named(values, "precision", kPrecisions);
  request.plan = read_plan(values, seed);
  request.threads = static_cast<unsigned>(whole_option(values, "threads"));
  return request;
}

void require_uses(const po::variables_map& values, models::GridLoss::Kind loss) {
  using Kind = models::GridLoss::Kind;
  const auto of = [&](const char* option, std::initializer_list<Kind> kinds) {
    std::string names;
    for (const Kind kind : kinds) names += (names.empty() ? "--loss " : " or ") + loss_name(kind);
    require_use(values, option, std::find(kinds.begin(), kinds.end(), loss) != kinds.end(), names);
  };
  of("scale", {Kind::kCount, Kind::kDiscountedCount});
  of("tau-l", {Kind::kDiscountedCount, Kind::kFirstSpike, Kind::kVanRossum});
  of("early-weight", {Kind::kFirstSpike});
}

std::string describe(const TrainingRequest& r) {
  std::string learn;
  for (const std::string& kind : r.learn) learn += kind + ",";
  const models::CountRegulariser& c = r.regulariser;
  const std::string match = r.match.empty() ? "" : fmt::format(" match {} matched {}", r.match, r.matched);
  return fmt::format(
      "method {} readout {} loss {} scale {} tau-l {} early-weight {} early-tau {} synapses {} learn {} "
      "least-delay {} signs {} weight-unit {} dt {} beta {} slope-floor {} c1 {} n-hi {} c2 {} n-lo {} clip "
      "{} "
      "precision {} rate {} rate-decay {} batch {}{}",
      r.is_event ? "eventprop" : "surrogate", r.readout, r.loss ? loss_name(*r.loss) : "default", r.scale,
      r.tau_l, r.early_weight, r.early_tau, r.synapses, learn, r.least_delay.ms(),
      r.free_signs ? "free" : "keep", r.threshold_unit ? "threshold" : "mean", r.dt.ms(), r.beta,
      r.slope_floor, c.c1, c.n_hi, c.c2, c.n_lo, r.clip, r.in_float ? "float" : "double", r.plan.rate,
      r.plan.rate_decay, r.plan.batch_size, match);
}

ItemOptions read_item_options(const po::variables_map& values, std::uint64_t seed) {
  ItemOptions options;
  if (given(values, "longest")) options.longest = time_option(values, "longest").value;
  options.tail = time_option(values, "tail").value;
  options.seed = seed;
  if (given(values, "validation"))
    options.validation = StimulusChoice::parse("validation", text_option(values, "validation"));
  if (given(values, "test")) options.test = StimulusChoice::parse("test", text_option(values, "test"));
  return options;
}

}  // namespace chronotope::apps
