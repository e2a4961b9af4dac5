// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/training_request.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <limits>
#include <sstream>

#include "chronotope/apps/named_option.hpp"
#include "chronotope/apps/options.hpp"
#include "chronotope/apps/training_file.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

double ranged(const po::variables_map& values, const char* option, double low, double high,
              const char* allowed) {
  const auto value = values[option].as<double>();
  require(value >= low && value <= high, option, to_string(value), allowed);
  return value;
}
double up_to_1e9(const po::variables_map& values, const char* option) {
  return ranged(values, option, 0, 1e9, "must be from 0 to 1e9");
}

Duration duration_option(const po::variables_map& values, const char* option, double least,
                         const char* allowed) {
  return time_option(values, option, stated_duration(least), allowed).value;
}

std::vector<std::string> words(const po::variables_map& values, const char* option) {
  std::vector<std::string> all;
  if (!given(values, option)) return all;
  std::istringstream in(values[option].as<std::string>());
  for (std::string word; std::getline(in, word, ',');) all.push_back(word);
  return all;
}

template <std::size_t count>
void require_none(const po::variables_map& values, const std::array<const char*, count>& options,
                  const char* method) {
  for (const char* option : options)
    if (given(values, option))
      throw InputError(std::string("--") + option + " has no use with --method " + method);
}

bool is_event_method(const po::variables_map& values) {
  const bool is_event =
      named(values, "method", std::array<Name<bool>, 2>{{{"surrogate", false}, {"eventprop", true}}});
  if (is_event)
    require_none(values, std::array{"beta", "c2", "n-lo"}, "eventprop: it has no surrogate");
  else
    require_none(values, std::array{"early-weight", "early-tau", "slope-floor", "least-delay"}, "surrogate");
  return is_event;
}

std::vector<std::string> read_learnt(const po::variables_map& values, bool is_event) {
  static constexpr std::array kKinds{"tau_m", "tau_syn", "V_th", "I_e", "delays"};
  std::vector<std::string> kinds = words(values, "learn");
  for (const std::string& kind : kinds) {
    require(is_event || kind != "delays", "learn", kind,
            "delays in steps of a grid have no derivative; --method eventprop learns them");
    require(std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end(), "learn", kind,
            "must be of tau_m,tau_syn,V_th,I_e,delays");
  }
  return kinds;
}

/// A gradient through exact spike times can be as long as a membrane comes near to tangency.
double read_clip(const po::variables_map& values, bool is_event) {
  return given(values, "clip") ? up_to_1e9(values, "clip") : (is_event ? 1 : 0);
}

bool read_precision(const po::variables_map& values, bool is_event) {
  const bool in_float =
      named(values, "precision", std::array<Name<bool>, 2>{{{"double", false}, {"float", true}}});
  require(!in_float || !is_event, "precision", "float",
          "must be double with --method eventprop: spike times need its digits");
  return in_float;
}

models::TrainingPlan read_plan(const po::variables_map& values, std::uint64_t seed) {
  models::TrainingPlan plan;
  plan.seed = seed;
  plan.epochs = static_cast<std::uint32_t>(count_option(values, "epochs", 1));
  plan.batch_size = static_cast<std::uint32_t>(count_option(values, "batch", 1));
  plan.rate = ranged(values, "rate", 1e-12, 1e6, "must be from 1e-12 to 1e6");
  plan.rate_decay = ranged(values, "rate-decay", 1e-6, 1, "must be from 1e-6 to 1");
  return plan;
}

}  // namespace

bool TrainingRequest::learns(const std::string& kind) const {
  return std::find(learn.begin(), learn.end(), kind) != learn.end();
}

bool TrainingRequest::learns_constants() const {
  return std::any_of(learn.begin(), learn.end(), [](const std::string& kind) { return kind != "delays"; });
}

void add_training_options(po::options_description& options) {
  const auto text = [](const char* value) { return po::value<std::string>()->default_value(value); };
  const auto number = [](double value) { return po::value<double>()->default_value(value); };
  const auto count = [](std::int64_t value) { return po::value<std::int64_t>()->default_value(value); };
  options.add_options()  //
      ("method", text("surrogate"),
       "of gradients: surrogate, on a grid of time, or eventprop, through exact spike times")  //
      ("readout", text("leaky"),
       "leaky: beside the network, its weights learnt, too; or the population whose neurons are the "
       "classes")  //
      ("loss", po::value<std::string>(),
       "max, mean or last of the leaky read-out, default max; of a population count (default), "
       "discounted_count or first_spike. eventprop: max, mean; first_spike")                                //
      ("scale", number(1), "of counts as logits")                                                           //
      ("tau-l", number(5), "of discounted counts and first spikes [ms]")                                    //
      ("early-weight", number(0), "eventprop adds w (exp(f/early-tau) - 1), f the label's first spike")     //
      ("early-tau", number(20), "[ms]")                                                                     //
      ("synapses", text("plastic"), "that learn: plastic, all, or names of projections, A->B,C->D")         //
      ("learn", po::value<std::string>(), "also learn tau_m,tau_syn,V_th,I_e; with eventprop delays, too")  //
      ("least-delay", text("0.1"),
       "that learning leaves between neurons [ms]; one that starts below it may not fall")  //
      ("signs", text("keep"), "keep: weights stop at 0; free, for multi_receptor_lif")      //
      ("dt", text("1"), "step of the grid [ms]; eventprop: of the one to compare with")     //
      ("beta", number(100), "of the surrogate derivative 1/(1 + beta |u|)^2")               //
      ("slope-floor", number(0.01),
       "eventprop: a smaller |dV/dt| at a spike, in (V_th - E_L)/ms, counts as this")  //
      ("c1", number(0), "cost of spike counts over n-hi: c1 mean relu(n - n_hi)^2")    //
      ("n-hi", number(0), "spikes per neuron and item")                                //
      ("c2", number(0), "cost of spike counts under n-lo: c2 mean relu(n_lo - n)^2")   //
      ("n-lo", number(0), "spikes per neuron and item")                                //
      ("epochs", count(30), "how often every item is taught")                          //
      ("batch", count(32), "items per step")                                           //
      ("rate", number(1e-3), "of Adam, in the first epoch")                            //
      ("rate-decay", number(1), "factor of the rate from epoch to epoch")              //
      ("weight-unit", text("mean"),
       "of a projection's weights, which a step moves by about the rate: mean, of their magnitudes; "
       "threshold, the current (V_th - E_L)/R")                                                            //
      ("clip", number(0), "longest gradient, in the units of the steps; 0: any. Default of eventprop: 1")  //
      ("precision", text("double"), "of the passes: double or float")                                      //
      ("threads", count(1), "change no bit of the result");
}

TrainingRequest read_training_request(const po::variables_map& values, std::uint64_t seed) {
  TrainingRequest request;
  request.is_event = is_event_method(values);
  request.readout = values["readout"].as<std::string>();
  if (given(values, "loss")) request.loss = loss_kind(values["loss"].as<std::string>());
  request.scale = ranged(values, "scale", 1e-9, 1e9, "must be from 1e-9 to 1e9");
  request.tau_l = ranged(values, "tau-l", 1e-6, 1e9, "must be from 1e-6 to 1e9 ms");
  request.early_weight = up_to_1e9(values, "early-weight");
  request.early_tau = ranged(values, "early-tau", 1e-3, 1e9, "must be from 1e-3 to 1e9 ms");
  request.synapses = values["synapses"].as<std::string>();
  request.learn = read_learnt(values, request.is_event);
  request.least_delay = duration_option(values, "least-delay", 1e-3, "must be from 1e-3 to 1e12 ms");
  request.free_signs = named(values, "signs", std::array<Name<bool>, 2>{{{"keep", false}, {"free", true}}});
  request.threshold_unit =
      named(values, "weight-unit", std::array<Name<bool>, 2>{{{"mean", false}, {"threshold", true}}});
  request.dt = duration_option(values, "dt", 1e-3, "must be from 1e-3 to 1e12 ms");
  request.beta = ranged(values, "beta", 1e-6, 1e9, "must be from 1e-6 to 1e9");
  request.slope_floor = up_to_1e9(values, "slope-floor");
  request.regulariser = {up_to_1e9(values, "c1"), up_to_1e9(values, "n-hi"), up_to_1e9(values, "c2"),
                         up_to_1e9(values, "n-lo")};
  request.clip = read_clip(values, request.is_event);
  request.in_float = read_precision(values, request.is_event);
  request.plan = read_plan(values, seed);
  request.threads = static_cast<unsigned>(count_option(values, "threads", 1, 256));
  return request;
}

std::string describe(const TrainingRequest& r) {
  std::string learn;
  for (const std::string& kind : r.learn) learn += kind + ",";
  const models::CountRegulariser& c = r.regulariser;
  return fmt::format(
      "method {} readout {} loss {} scale {} tau-l {} early-weight {} early-tau {} synapses {} learn {} "
      "least-delay {} signs {} weight-unit {} dt {} beta {} slope-floor {} c1 {} n-hi {} c2 {} n-lo {} clip "
      "{} "
      "precision {} rate {} rate-decay {} batch {}",
      r.is_event ? "eventprop" : "surrogate", r.readout, r.loss ? loss_name(*r.loss) : "default", r.scale,
      r.tau_l, r.early_weight, r.early_tau, r.synapses, learn, r.least_delay.ms(),
      r.free_signs ? "free" : "keep", r.threshold_unit ? "threshold" : "mean", r.dt.ms(), r.beta,
      r.slope_floor, c.c1, c.n_hi, c.c2, c.n_lo, r.clip, r.in_float ? "float" : "double", r.plan.rate,
      r.plan.rate_decay, r.plan.batch_size);
}

ItemOptions read_item_options(const po::variables_map& values, std::uint64_t seed) {
  ItemOptions options;
  if (given(values, "longest"))
    options.longest = duration_option(values, "longest", 1e-3, "must be from 1e-3 to 1e12 ms");
  options.tail = duration_option(values, "tail", 0, "must be from 0 to 1e12 ms");
  options.seed = seed;
  if (given(values, "validation"))
    options.validation = StimulusChoice::parse("validation", values["validation"].as<std::string>());
  if (given(values, "test")) options.test = StimulusChoice::parse("test", values["test"].as<std::string>());
  return options;
}

}  // namespace chronotope::apps
