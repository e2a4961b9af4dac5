// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/runs/neuron_constants.hpp"

#include <algorithm>
#include <initializer_list>
#include <vector>

namespace chronotope::apps {
namespace {

using Names = std::vector<std::string_view>;

struct Model {
  std::string_view name;
  Names always;
  Names unless_driven{};
};

Model find_model(std::string_view name) {
  const Names membrane{"I_e", "E_L", "tau_m", "C_m", "R_m", "V_th", "V_reset", "t_ref"};
  const auto and_its = [&](std::initializer_list<std::string_view> own) {
    Names all = membrane;
    all.insert(all.end(), own);
    return all;
  };
  const std::vector<Model> models{
      {"exp_psc_lif",
       {"I_e", "E_L", "V_th", "V_reset", "t_ref"},
       {"tau_m", "C_m", "R_m", "tau_syn_ex", "tau_syn_in"}},
      {"delta_lif", {"I_e", "E_L", "C_m", "R_m", "V_th", "V_reset", "t_ref"}, {"tau_m"}},
      {"alpha_psc_lif", membrane},
      {"adaptive_current_lif", and_its({"tau_syn_ex", "tau_syn_in", "tau_w", "q_w"})},
      {"adaptive_threshold_lif",
       and_its({"tau_syn_ex", "tau_syn_in", "alpha_1", "alpha_2", "tau_1", "tau_2"})},
      {"escape_noise_lif", and_its({"tau_syn_ex", "tau_syn_in", "delta_u", "tau_0"})},
      {"multi_receptor_lif", and_its({"tau_syn"})},
      {"linear_leak_lif", {"I_e", "C_m", "leak", "E_L", "V_th", "V_reset", "t_ref"}},
      {"quadratic_lif", and_its({"a", "V_c"})}};
  const auto found = std::ranges::find(models, name, &Model::name);
  return found == models.end() ? Model{name, {}} : *found;
}

bool holds(const Names& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

ConstantChange change_of_constant(std::string_view model, std::string_view constant) {
  const Model of = find_model(model);
  if (holds(of.always, constant)) return ConstantChange::kAlways;
  return holds(of.unless_driven, constant) ? ConstantChange::kUnlessDriven : ConstantChange::kNever;
}

std::string changeable_constants(std::string_view model) {
  Names all = find_model(model).always;
  const Names others = find_model(model).unless_driven;
  all.insert(all.end(), others.begin(), others.end());
  std::string text;
  for (const std::string_view name : all) text += (text.empty() ? "" : ", ") + std::string(name);
  return text.empty() ? "nothing" : text;
}

}  // namespace chronotope::apps
