// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/imports/nest_model.hpp"

#include <google/protobuf/message.h>

#include "chronotope/apps/imports/imported_network.hpp"

namespace chronotope::apps {
namespace {

using Defaults = std::map<std::string, double>;

/// What iaf_psc_exp, iaf_psc_alpha and iaf_psc_delta have in common.
Defaults membrane() {
  return {{"tau_m", 10},    {"C_m", 250}, {"E_L", -70}, {"V_th", -55},
          {"V_reset", -70}, {"t_ref", 2}, {"I_e", 0},   {"V_m", -70}};
}
Defaults with_currents(Defaults defaults) {
  defaults.insert({{"tau_syn_ex", 2}, {"tau_syn_in", 2}});
  return defaults;
}

std::vector<NestModel> make_models() {
  const Defaults currents = with_currents(membrane());
  Defaults delta = membrane();
  delta["refractory_input"] = 0;
  return {
      {"iaf_psc_exp", "exp_psc_lif", currents},
      {"iaf_psc_exp_ps", "exp_psc_lif", currents},
      {"iaf_psc_alpha", "alpha_psc_lif", currents},
      {"iaf_psc_alpha_ps", "alpha_psc_lif", currents},
      {"iaf_psc_delta", "delta_lif", delta},
      {"iaf_psc_delta_ps", "delta_lif", delta},
      {"iaf_cond_exp",
       "cond_exp_lif",
       {{"C_m", 250},
        {"g_L", 16.6667},
        {"E_L", -70},
        {"E_ex", 0},
        {"E_in", -85},
        {"V_th", -55},
        {"V_reset", -60},
        {"t_ref", 2},
        {"tau_syn_ex", 0.2},
        {"tau_syn_in", 2},
        {"I_e", 0},
        {"V_m", -70}}},
      {"aeif_psc_exp",
       "adex",
       {{"C_m", 281},
        {"g_L", 30},
        {"E_L", -70.6},
        {"V_th", -50.4},
        {"Delta_T", 2},
        {"V_peak", 0},
        {"V_reset", -60},
        {"t_ref", 0},
        {"a", 4},
        {"b", 80.5},
        {"tau_w", 144},
        {"tau_syn_ex", 0.2},
        {"tau_syn_in", 2},
        {"I_e", 0},
        {"V_m", -70.6}}},
      {"izhikevich",
       "izhikevich",
       {{"a", 0.02}, {"b", 0.2}, {"c", -65}, {"d", 8}, {"V_th", 30}, {"I_e", 0}, {"V_m", -65}}},
  };
}

const std::vector<NestModel>& models() {
  static const std::vector<NestModel> all = make_models();
  return all;
}

}  // namespace

const NestModel* nest_model(const std::string& name) {
  for (const NestModel& model : models())
    if (model.name == name) return &model;
  return nullptr;
}

std::vector<std::string> nest_model_names() {
  std::vector<std::string> names;
  for (const NestModel& model : models()) names.push_back(model.name);
  return names;
}

void set_model(const NestModel& model, const std::map<std::string, std::vector<double>>& parameters,
               Population& population) {
  auto& neuron = *population.GetReflection()->MutableMessage(
      &population, population.GetDescriptor()->FindFieldByName(model.field));
  for (const auto& [name, values] : parameters) {
    const auto* const field = neuron.GetDescriptor()->FindFieldByName(name);
    if (name == "refractory_input")
      neuron.GetReflection()->SetEnumValue(&neuron, field, values.front() != 0 ? KEEP : DISCARD);
    else
      set_values(static_cast<Distribution&>(*neuron.GetReflection()->MutableMessage(&neuron, field)), values);
  }
}

}  // namespace chronotope::apps
