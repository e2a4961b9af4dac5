// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/program_options.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/apps/options/option.hpp"
#include "chronotope/apps/training/training_items.hpp"
#include "chronotope/models/learning/grid_loss.hpp"
#include "chronotope/models/learning/training.hpp"

namespace chronotope::apps {

/// How a network is to be taught, apart from files. Names are those of the options of `train`, and so are the
/// defaults.
struct TrainingRequest {
  bool is_event = false;          // --method eventprop, else surrogate
  std::string readout = "leaky";  // or a population
  std::optional<models::GridLoss::Kind> loss{};
  std::string match{};    // file of trains to match, instead of labels to tell
  std::string matched{};  // their neurons
  double scale = 1;
  double tau_l = 5;                  // [ms]
  double early_weight = 0;           // of eventprop
  double early_tau = 20;             // [ms]
  std::string synapses = "plastic";  // plastic, all, or names of projections
  std::vector<std::string> learn{};  // tau_m, tau_syn, V_th, I_e, delays
  Duration least_delay{};            // of eventprop
  bool free_signs = false;           // else weights stop at 0
  bool threshold_unit = false;       // of weights, else the mean of their magnitudes
  Duration dt{};                     // of the grid
  double beta = 100;                 // of the surrogate
  double slope_floor = 0.01;         // of eventprop
  models::CountRegulariser regulariser{};
  double clip = 0;
  bool in_float = false;
  models::TrainingPlan plan{};
  unsigned threads = 1;

  bool learns(const std::string& kind) const;
  bool learns_constants() const;
};

/// Options of `train` that a TrainingRequest takes, beside --threads.
OptionGroup method_options();
OptionGroup learning_options();
/// Those that ItemOptions take.
OptionGroup item_options();

/// Throws InputError for parameters that can not be learnt, and what has no use beside it. `seed` keys every
/// draw.
TrainingRequest read_training_request(const boost::program_options::variables_map& values,
                                      std::uint64_t seed);

/// Throws InputError for options that only other losses use.
void require_uses(const boost::program_options::variables_map& values, models::GridLoss::Kind loss);

/// All that the numbers of a training depend on but for the specification and how long it goes on, as text.
std::string describe(const TrainingRequest& request);

/// Which stimuli teach, choose and test, and how much of each is presented.
ItemOptions read_item_options(const boost::program_options::variables_map& values, std::uint64_t seed);

}  // namespace chronotope::apps
