// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/models/membrane_case.hpp"

#include <algorithm>

namespace chronotope::tests {

void draw_membrane(CaseDraw& draw, reference::CurrentLifParameters& n) {
  n.tau_m = draw.tau();
  n.C_m = 10 * n.tau_m;  // R = 0.1 GOhm
  n.t_ref = draw.chance(0.3) ? 0 : exact_time(draw.between(0.1, 5));
  n.I_e = draw.chance(0.3) ? draw.between(150, 250) : draw.between(-50, 150);
  n.V_initial = draw.chance(0.3) ? n.V_th : draw.between(-80, -55);
}

void draw_arrivals(CaseDraw& draw, MembraneCase& c, int count, double largest, ReceptorChoice choice) {
  double time = 1;
  const bool burst = draw.chance(0.5);
  const auto receptors = static_cast<double>(c.neuron.receptors.size());
  for (int k = 0; k < count; ++k) {
    const double gap = burst && k % 5 != 0 ? draw.between(0, 0.3) : draw.between(0, 10);
    if (draw.chance(0.2))
      time += c.neuron.t_ref;
    else if (!draw.chance(0.2))
      time = exact_time(time + gap);
    const double weight = draw.between(-0.5, 1) * largest;
    const int drawn = static_cast<int>(draw.between(0, receptors));
    const int by_sign = weight > 0 ? 0 : 1;
    c.arrivals.push_back({time, weight, choice == ReceptorChoice::kBySign ? by_sign : drawn});
  }
  std::stable_sort(c.arrivals.begin(), c.arrivals.end(),
                   [](const TestArrival& a, const TestArrival& b) { return a.time < b.time; });
}

void set_membrane(ModelText& text, const reference::CurrentLifParameters& n) {
  text.set("tau_m", n.tau_m).set("C_m", n.C_m).set("E_L", n.E_L).set("V_th", n.V_th);
  text.set("V_reset", n.V_reset).set("t_ref", n.t_ref).set("I_e", n.I_e).set("V_m", n.V_initial);
}

BothArrivals both_arrivals(const MembraneCase& c, const std::string& text) {
  BothArrivals both{c.arrivals, {}};
  const bool by_sign = text.find("tau_syn_ex") != std::string::npos;
  for (TestArrival& arrival : both.engine) {
    both.reference.push_back({arrival.time, arrival.weight, static_cast<std::size_t>(arrival.receptor)});
    if (by_sign) arrival.receptor = -1;
  }
  return both;
}

std::size_t expect_truth(const MembraneCase& c, const std::string& model, double until,
                         const std::string& what) {
  const BothArrivals arrivals = both_arrivals(c, model);
  return expect_same_spikes(spike_times(model, arrivals.engine, until),
                            reference::run_current_lif(c.neuron, arrivals.reference, until), what);
}

}  // namespace chronotope::tests
