// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/models/changing_neuron.hpp"

#include <algorithm>

namespace chronotope::tests {
namespace {

using reference::CurrentLifParameters;

ModelText with_receptors(const std::string& model, const CurrentLifParameters& n) {
  ModelText text(model);
  set_membrane(text, n);
  return text.set("tau_syn_ex", n.receptors[0].tau).set("tau_syn_in", n.receptors[1].tau);
}

void draw_nothing_more(CaseDraw&, CurrentLifParameters&) {}

}  // namespace

MembraneModel exponential_currents() {
  return {"exp_psc_lif", [](const CurrentLifParameters& n) { return with_receptors("exp_psc_lif", n).str(); },
          draw_nothing_more};
}

MembraneModel alpha_currents() {
  return {"alpha_psc_lif",
          [](const CurrentLifParameters& n) { return with_receptors("alpha_psc_lif", n).str(); },
          [](CaseDraw&, CurrentLifParameters& n) {
            for (auto& receptor : n.receptors) receptor.alpha = true;
          }};
}

MembraneModel adaptation() {
  return {"adaptive_current_lif",
          [](const CurrentLifParameters& n) {
            return with_receptors("adaptive_current_lif", n)
                .set("q_w", n.adaptation[0].jump)
                .set("tau_w", n.adaptation[0].tau)
                .str();
          },
          [](CaseDraw& draw, CurrentLifParameters& n) {
            n.adaptation = {{draw.between(0, 300), draw.log_between(5, 500)}};
          }};
}

MembraneModel jumping_threshold() {
  return {"adaptive_threshold_lif",
          [](const CurrentLifParameters& n) {
            return with_receptors("adaptive_threshold_lif", n)
                .set("alpha_1", n.threshold[0].jump)
                .set("tau_1", n.threshold[0].tau)
                .set("alpha_2", n.threshold[1].jump)
                .set("tau_2", n.threshold[1].tau)
                .choose("after_spike", n.resets ? "RESET" : "CONTINUE")
                .str();
          },
          [](CaseDraw& draw, CurrentLifParameters& n) {
            n.threshold = {{draw.between(0, 10), draw.log_between(1, 100)},
                           {draw.between(0, 3), draw.log_between(20, 500)}};
            n.resets = n.t_ref == 0 || draw.chance(0.6);
          }};
}

MembraneModel several_receptors() {
  return {"multi_receptor_lif",
          [](const CurrentLifParameters& n) {
            ModelText text("multi_receptor_lif");
            set_membrane(text, n);
            for (const auto& receptor : n.receptors) text.set("tau_syn", receptor.tau);
            return text.str();
          },
          draw_nothing_more};
}

MembraneCase draw_case(CaseDraw& draw, const MembraneModel& model) {
  MembraneCase c;
  draw_membrane(draw, c.neuron);
  c.neuron.receptors = {{draw.tau_beside(c.neuron.tau_m)}, {draw.tau()}};
  model.draw_more(draw, c.neuron);
  const double fastest = std::min(c.neuron.tau_m, c.neuron.receptors[0].tau);
  draw_arrivals(draw, c, 14, std::min(150 * c.neuron.tau_m / fastest, 3000.0), ReceptorChoice::kBySign);
  return c;
}

std::string text_of(const reference::QuadraticParameters& n) {
  ModelText text("quadratic_lif");
  text.set("tau_m", n.tau_m).set("C_m", n.C_m).set("E_L", n.E_L).set("V_c", n.V_c).set("a", n.a);
  text.set("V_th", n.V_th).set("V_reset", n.V_reset).set("t_ref", n.t_ref).set("I_e", n.I_e);
  return text.set("V_m", n.V_initial).str();
}

std::string text_of(const reference::LinearLeakParameters& n) {
  ModelText text("linear_leak_lif");
  text.set("C_m", n.C_m).set("E_L", n.E_L).set("V_th", n.V_th).set("V_reset", n.V_reset);
  text.set("leak", n.leak).set("t_ref", n.t_ref).set("I_e", n.I_e).set("V_m", n.V_initial);
  if (n.subtracts) text.choose("reset", "SUBTRACT");
  if (!n.has_floor) text.choose("floor", "NONE");
  return text.str();
}

std::vector<TestArrival> draw_jumps(CaseDraw& draw, double down, double up) {
  std::vector<TestArrival> arrivals;
  double time = 1;
  for (int k = 0; k < 25; ++k) {
    time = exact_time(time + draw.between(0, 6));
    arrivals.push_back({time, draw.between(-down, up)});
  }
  return arrivals;
}

}  // namespace chronotope::tests
