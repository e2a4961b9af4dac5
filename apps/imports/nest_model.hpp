// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "chronotope/proto/network_spec.pb.h"

namespace chronotope::apps {

/// A neuron of NEST's that has a counterpart here, whose parameters have the same names and units.
struct NestModel {
  std::string name;                        // "iaf_psc_exp"
  std::string field;                       // of Population: "exp_psc_lif"
  std::map<std::string, double> defaults;  // NEST 3's, for every parameter
};

/// Null when there is none of this name.
const NestModel* nest_model(const std::string& name);
/// The names of all.
std::vector<std::string> nest_model_names();

/// Makes `population` one of this model, each parameter with one value for every neuron or one for all.
/// Requires: parameters that the model has.
void set_model(const NestModel& model, const std::map<std::string, std::vector<double>>& parameters,
               Population& population);

}  // namespace chronotope::apps
