// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/surrogate_reference.hpp"

#include <algorithm>
#include <cmath>

namespace chronotope::reference {
namespace {

using Number = SurrogateCase::Number;
using Row = std::vector<Number>;
using Table = std::vector<Row>;  // [step][neuron]

Table table(std::size_t steps, std::size_t columns) { return Table(steps + 2, Row(columns, 0)); }

Number psi1(Number x) { return x == 0 ? 1 : std::expm1(x) / x; }
Number psi2(Number x) {
  if (std::abs(x) > 0.5L) return (std::expm1(x) - x) / (x * x);
  Number sum = 0, term = 0.5L;
  for (int k = 3; k < 30; ++k) {
    sum += term;
    term *= x / k;
  }
  return sum;
}

/// One item, forward and backward.
struct ItemRun {
  const SurrogateCase& net;
  const SurrogateCase::Item& item;
  bool smooth;
  std::size_t N, S, O;
  Table x, U, V, s, I[2], J, y, h;
  std::vector<std::vector<char>> m;
  Row logits, counts, g_z;
  std::vector<std::size_t> max_at, first;
  Row delta;

  Number alpha(std::size_t i) const { return std::exp(-net.dt / net.neurons[i].tau_m); }
  Number rho(std::size_t i, int r) const { return std::exp(-net.dt / net.neurons[i].tau_syn[r]); }
  Number rate_gap(std::size_t i, int r) const {
    return net.dt * (1 / net.neurons[i].tau_m - 1 / net.neurons[i].tau_syn[r]);
  }
  Number phi(std::size_t i, int r) const { return alpha(i) * net.dt * psi1(rate_gap(i, r)); }
  std::size_t delay(const SurrogateCase::Synapse& k) const {
    const auto steps = static_cast<std::size_t>(std::floor(k.delay / net.dt + 0.5L));
    return k.from_channel ? steps : std::max<std::size_t>(1, steps);
  }
  /// z_(t-d) of a synapse.
  Number sent(const SurrogateCase::Synapse& k, std::size_t t) const {
    const std::size_t d = delay(k);
    if (t <= d) return 0;
    return k.from_channel ? x[t - d][k.source] : s[t - d][k.source];
  }
  Number u(std::size_t t, std::size_t i) const { return (U[t][i] - net.neurons[i].V_th) / delta[i]; }
  Number slope(std::size_t t, std::size_t i) const {
    const Number d = 1 + net.beta * std::abs(u(t, i));
    return 1 / (d * d) / delta[i];
  }

  ItemRun(const SurrogateCase& network, const SurrogateCase::Item& stimulus, const Row& deltas, bool soft,
          const std::vector<std::vector<char>>* masks)
      : net(network),
        item(stimulus),
        smooth(soft),
        N(network.neurons.size()),
        S(network.steps),
        O(network.W_o.empty() ? network.outputs.size() : network.W_o.size()),
        delta(deltas) {
    std::size_t channels = 0;
    for (const auto& k : net.synapses)
      if (k.from_channel) channels = std::max(channels, k.source + 1);
    for (const auto& [channel, time] : item.spikes) channels = std::max(channels, channel + 1);
    x = table(S, channels);
    for (const auto& [channel, time] : item.spikes) {
      const auto step = static_cast<std::size_t>(std::ceil(time / net.dt - 1e-9L));
      if (step >= 1 && step <= S) x[step][channel] += 1;
    }
    for (Table* t : {&U, &V, &s, &I[0], &I[1], &h}) *t = table(S, N);
    for (Table* t : {&J, &y}) *t = table(S, O);
    m.assign(S + 2, std::vector<char>(N, 1));
    forward(masks);
    read();
  }

  void forward(const std::vector<std::vector<char>>* masks) {
    for (std::size_t i = 0; i < N; ++i) V[0][i] = net.neurons[i].V_m;
    for (std::size_t t = 1; t <= S; ++t) {
      for (std::size_t i = 0; i < N; ++i) advance(t, i, masks);
      for (const auto& k : net.synapses) I[k.receptor][t][k.target] += k.weight * sent(k, t);
      for (std::size_t o = 0; o < net.W_o.size(); ++o) {
        const Number a = std::exp(-net.dt / net.tau_o);
        J[t][o] = std::exp(-net.dt / net.tau_syn_o) * J[t - 1][o];
        for (std::size_t i = 0; i < N; ++i) J[t][o] += net.W_o[o][i] * s[t][i];
        y[t][o] = a * y[t - 1][o] + (1 - a) * J[t][o];
      }
    }
  }

  void advance(std::size_t t, std::size_t i, const std::vector<std::vector<char>>* masks) {
    const auto& n = net.neurons[i];
    const auto hold = static_cast<std::size_t>(std::floor(n.t_ref / net.dt + 0.5L));
    if (masks != nullptr)
      m[t][i] = (*masks)[t][i];
    else
      for (std::size_t back = 1; back <= hold && back < t; ++back)
        if (s[t - back][i] == 1) m[t][i] = 0;
    Number free = n.E_L + alpha(i) * (V[t - 1][i] - n.E_L) + (1 - alpha(i)) * n.tau_m / n.C_m * n.I_e;
    for (int r = 0; r < 2; ++r) free += phi(i, r) / n.C_m * I[r][t - 1][i];
    U[t][i] = m[t][i] ? free : n.V_reset;
    if (smooth)
      s[t][i] = m[t][i] * u(t, i) / (1 + net.beta * std::abs(u(t, i)));
    else
      s[t][i] = m[t][i] && u(t, i) >= 0 ? 1 : 0;
    V[t][i] = (1 - s[t][i]) * U[t][i] + s[t][i] * n.V_reset;
    for (int r = 0; r < 2; ++r) I[r][t][i] = rho(i, r) * I[r][t - 1][i];
  }

  void read() {
    counts.assign(N, 0);
    for (std::size_t t = 1; t <= S; ++t)
      for (std::size_t i = 0; i < N; ++i) counts[i] += s[t][i];
    logits.assign(O, 0);
    max_at.assign(O, 1);
    first.assign(O, 0);
    for (std::size_t o = 0; o < O; ++o) logits[o] = logit(o);
    Number sum = 0;
    for (const Number z : logits) sum += std::exp(z);
    g_z.assign(O, 0);
    for (std::size_t o = 0; o < O; ++o)
      g_z[o] = (std::exp(logits[o]) / sum - (o == item.label ? 1 : 0)) / net.batch.size();
  }

  Number logit(std::size_t o) {
    if (net.loss == "max") {
      for (std::size_t t = 2; t <= S; ++t)
        if (y[t][o] > y[max_at[o]][o]) max_at[o] = t;
      return y[max_at[o]][o];
    }
    if (net.loss == "last") return y[S][o];
    Number sum = 0;
    if (net.loss == "mean") {
      for (std::size_t t = 1; t <= S; ++t) sum += y[t][o] / S;
      return sum;
    }
    const std::size_t i = net.outputs[o];
    if (net.loss == "first_spike") {
      for (std::size_t t = 1; t <= S && first[o] == 0; ++t)
        if (s[t][i] == 1) first[o] = t;
      return -(first[o] == 0 ? S * net.dt : (first[o] - 1 + theta(o)) * net.dt) / net.tau_l;
    }
    for (std::size_t t = 1; t <= S; ++t) sum += s[t][i] * discount(t);
    return net.scale * sum;
  }
  Number discount(std::size_t t) const {
    return net.loss == "discounted_count" ? std::exp(-static_cast<Number>(t) * net.dt / net.tau_l) : 1;
  }
  Number theta(std::size_t o) const {
    const std::size_t i = net.outputs[o], n = first[o];
    return (net.neurons[i].V_th - V[n - 1][i]) / (U[n][i] - V[n - 1][i]);
  }

  /// Both trains of an output filtered by their definition, and the squares of what is between them.
  Number squared_distance(std::size_t o) const {
    Number sum = 0;
    for (std::size_t t = 1; t <= S; ++t) sum += difference(o, t) * difference(o, t) * net.dt / net.tau_l;
    return sum;
  }
  Number difference(std::size_t o, std::size_t t) const {
    Number sum = 0;
    for (std::size_t r = 1; r <= t; ++r)
      sum += std::exp(-static_cast<Number>(t - r) * net.dt / net.tau_l) * s[r][net.outputs[o]];
    for (const auto& [neuron, time] : item.target) {
      const auto step = std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(time / net.dt - 1e-9L)));
      if (neuron == net.outputs[o] && step <= t)
        sum -= std::exp(-static_cast<Number>(t - step) * net.dt / net.tau_l);
    }
    return sum;
  }

  Number loss() const {
    Number sum = 0;
    for (const Number z : logits) sum += std::exp(z - logits[item.label]);
    Number total = std::log(sum) / net.batch.size();
    if (net.loss == "van_rossum") {
      total = 0;
      for (std::size_t o = 0; o < O; ++o) total += squared_distance(o) / (2 * O * net.batch.size());
    }
    for (const Number n : counts) {
      const Number above = std::max<Number>(0, n - net.n_hi), below = std::max<Number>(0, net.n_lo - n);
      total += (net.c1 * above * above + net.c2 * below * below) / (net.batch.size() * N);
    }
    return total;
  }

  void backward(SurrogateGradients& to) const {
    Table us = table(S, N), v = table(S, N), g[2] = {table(S, N), table(S, N)};
    Table e = table(S, O), o = table(S, O);
    for (std::size_t t = S; t >= 1; --t) {
      for (std::size_t k = 0; k < net.W_o.size(); ++k) {
        const Number a = std::exp(-net.dt / net.tau_o);
        const Number seed = net.loss == "mean"   ? g_z[k] / S
                            : net.loss == "last" ? (t == S ? g_z[k] : 0)
                                                 : (t == max_at[k] ? g_z[k] : 0);
        e[t][k] = a * e[t + 1][k] + seed;
        o[t][k] = (1 - a) * e[t][k] + std::exp(-net.dt / net.tau_syn_o) * o[t + 1][k];
        for (std::size_t i = 0; i < N; ++i) to.W_o[k][i] += o[t][k] * s[t][i];
      }
      for (std::size_t i = 0; i < N; ++i) {
        v[t][i] = alpha(i) * us[t + 1][i];
        for (int r = 0; r < 2; ++r)
          g[r][t][i] = phi(i, r) / net.neurons[i].C_m * us[t + 1][i] + rho(i, r) * g[r][t + 1][i];
      }
      for (std::size_t i = 0; i < N; ++i) back(t, i, us, v, g, o[t], to);
      for (std::size_t k = 0; k < net.synapses.size(); ++k) {
        const auto& synapse = net.synapses[k];
        to.weight[k] += g[synapse.receptor][t][synapse.target] * sent(synapse, t);
      }
    }
  }

  void back(std::size_t t, std::size_t i, Table& us, Table& v, const Table (&g)[2], const Row& o,
            SurrogateGradients& to) const {
    const auto& n = net.neurons[i];
    Number h = 0, by_U = 0;
    for (std::size_t k = 0; k < net.W_o.size(); ++k) h += net.W_o[k][i] * o[k];
    for (const auto& k : net.synapses)
      if (!k.from_channel && k.source == i && t + delay(k) <= S)
        h += k.weight * g[k.receptor][t + delay(k)][k.target];
    h += (2 * net.c1 * std::max<Number>(0, counts[i] - net.n_hi) -
          2 * net.c2 * std::max<Number>(0, net.n_lo - counts[i])) /
         (net.batch.size() * N);
    for (std::size_t k = 0; k < net.outputs.size(); ++k) {
      if (net.outputs[k] != i) continue;
      if (net.loss == "count" || net.loss == "discounted_count") h += net.scale * discount(t) * g_z[k];
      if (net.loss == "van_rossum")
        for (std::size_t r = t; r <= S; ++r)
          h += std::exp(-static_cast<Number>(r - t) * net.dt / net.tau_l) * difference(k, r) * net.dt /
               net.tau_l / (O * net.batch.size());
      if (net.loss != "first_spike" || first[k] == 0) continue;
      const Number rise = U[first[k]][i] - V[first[k] - 1][i];
      const Number G = -g_z[k] / net.tau_l * net.dt / rise;
      if (t == first[k]) by_U -= G * theta(k);
      if (t == first[k]) to.V_th[i] += G;
      if (t + 1 == first[k]) v[t][i] -= G * (1 - theta(k));
    }
    if (smooth) h -= (U[t][i] - n.V_reset) * v[t][i];
    us[t][i] = m[t][i] * ((1 - s[t][i]) * v[t][i] + slope(t, i) * h + by_U);

    const Number a = alpha(i), R = n.tau_m / n.C_m, D = net.dt, w = us[t][i];
    to.V_th[i] -= m[t][i] * slope(t, i) * h;
    to.I_e[i] += w * (1 - a) * R;
    to.E_L[i] += w * (1 - a);
    to.V_reset[i] += (s[t][i] + (1 - m[t][i])) * v[t][i];
    to.tau_m[i] +=
        w * ((V[t - 1][i] - n.E_L - R * n.I_e) * a * D / (n.tau_m * n.tau_m) + (1 - a) * n.I_e / n.C_m);
    to.C_m[i] -= w * (1 - a) * R * n.I_e / n.C_m;
    for (int r = 0; r < 2; ++r) {
      const Number current = I[r][t - 1][i], tau = n.tau_syn[r], gap = rate_gap(i, r);
      to.tau_m[i] += w * a * D * D * psi2(gap) / (n.tau_m * n.tau_m) * current / n.C_m;
      to.C_m[i] -= w * phi(i, r) / n.C_m * current / n.C_m;
      to.tau_syn[r][i] += (w * rho(i, r) * D * D * psi2(-gap) / (tau * tau) / n.C_m +
                           g[r][t][i] * rho(i, r) * D / (tau * tau)) *
                          current;
    }
  }
};

}  // namespace

SurrogateOutcome surrogate_reference(const SurrogateCase& network, bool smooth,
                                     const SurrogateOutcome::Masks* masks) {
  SurrogateOutcome outcome;
  const std::size_t N = network.neurons.size();
  SurrogateGradients& g = outcome.gradient;
  g.weight.assign(network.synapses.size(), 0);
  for (Row* column : {&g.tau_m, &g.C_m, &g.E_L, &g.V_th, &g.V_reset, &g.I_e, &g.tau_syn[0], &g.tau_syn[1]})
    column->assign(N, 0);
  g.W_o.assign(network.W_o.size(), Row(N, 0));
  Row delta = network.delta;
  if (delta.empty())
    for (const auto& n : network.neurons) delta.push_back(std::abs(n.V_th - n.E_L));
  SurrogateOutcome::Masks own;
  if (smooth && masks == nullptr) {
    own = surrogate_reference(network).masks;
    masks = &own;
  }
  for (std::size_t b = 0; b < network.batch.size(); ++b) {
    const ItemRun run(network, network.batch[b], delta, smooth, masks == nullptr ? nullptr : &(*masks)[b]);
    outcome.loss += run.loss();
    outcome.logits.push_back(run.logits);
    auto& spikes = outcome.spikes.emplace_back();
    for (std::size_t t = 1; t <= run.S; ++t)
      for (std::size_t i = 0; i < N; ++i)
        if (run.s[t][i] == 1) spikes.emplace_back(t, i);
    outcome.masks.push_back(run.m);
    run.backward(g);
  }
  return outcome;
}

}  // namespace chronotope::reference
