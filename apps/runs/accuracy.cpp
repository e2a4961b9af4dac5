// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/runs/accuracy.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/models/registry.hpp"
#include "chronotope/apps/runs/clock_run.hpp"
#include "chronotope/apps/runs/clock_simulation.hpp"
#include "chronotope/apps/runs/recorded_trains.hpp"
#include "chronotope/apps/runs/resources.hpp"
#include "chronotope/apps/runs/simulation.hpp"

namespace chronotope::apps {
namespace {

using events::ClockOptions;
using Progress = std::function<void(double share, const std::string& what)>;

/// What a run leaves to be compared.
struct Outcome {
  RecordedTrains spikes;
  Trains trains;
  std::vector<double> weights;  // of the plastic projections
  RunCost cost;
};

template <class AnyEngine>
std::vector<double> plastic_weights(AnyEngine& engine) {
  engine.settle_weights();
  std::vector<double> weights;
  for (const auto& projection : engine.network().projections)
    if (projection->is_plastic())
      for (std::uint64_t s = 0; s < projection->synapse_count(); ++s)
        weights.push_back(projection->weight(SynapseId{s}));
  return weights;
}

RunCost cost_of(double cpu) {
  RunCost cost;
  cost.set_cpu_seconds(cpu);
  cost.set_resident_mb(resident_mb());
  return cost;
}

class Accuracy {
 public:
  Accuracy(const proto::DecodedSpec& spec, const AccuracyPlan& plan, const Progress& on_progress)
      : spec_(spec), plan_(plan), on_progress_(on_progress), until_(Time() + plan.measures.until) {
    require_clock_forms(spec.network);
    is_exact_ = std::all_of(spec.network.populations.begin(), spec.network.populations.end(),
                            [](const PopulationSpec& p) { return has_event_form(p.model.kind); });
    runs_ = static_cast<double>(plan.clocks.size()) + 1 + (with_chaos() ? 1 : 0);
  }

  MeasuredAccuracy measure() {
    const Outcome reference = is_exact_ ? run_exact({}) : run_clock(stand_in(), {});
    report_.set_interrupted(Interrupt::requested());
    if (report_.interrupted()) return {std::move(report_), {}};
    describe_reference(reference);
    std::optional<InputError> breakdown = compare_with(reference);
    fit_order();
    report_.set_interrupted(Interrupt::requested() || breakdown);
    if (!report_.interrupted()) recommend(static_cast<double>(report_.reference_spikes()));
    return {std::move(report_), std::move(breakdown)};
  }

 private:
  /// Runs the clocks and the chaos, up to one that breaks down.
  std::optional<InputError> compare_with(const Outcome& reference) {
    std::string run;
    try {
      for (const ClockOptions& clock : plan_.clocks) {
        run = fmt::format("dt {:g}", clock.dt);
        if (!Interrupt::requested()) add_clock(reference, clock);
      }
      run = "chaos";
      if (with_chaos() && !Interrupt::requested()) add_chaos(reference);
    } catch (const InputError& error) {
      return InputError(run + ": " + error.what() + "; the report holds what was compared before");
    }
    return std::nullopt;
  }

  bool with_chaos() const { return plan_.chaos && is_exact_ && !plan_.open_loop; }

  ClockOptions stand_in() const {
    double dt = plan_.clocks.front().dt;
    for (const ClockOptions& clock : plan_.clocks) dt = std::min(dt, clock.dt);
    return {dt / 10, events::Integrator::kRungeKutta4, events::Interpolation::kCubic,
            events::GridConvention::kNest};
  }

  void tell(Time now, const std::string& what) const {
    on_progress_((done_ + now.to_ms() / end_of_trains().to_ms()) / runs_, what);
  }

  Time end_of_trains() const { return until_ + overhang(plan_.measures); }

  Outcome run_exact(Duration perturbation) {
    RecordedTrains spikes(spec_.network);
    Simulation simulation(spec_, [&](std::uint32_t p, NeuronId n, Time t) { spikes.add(p, n, t); });
    simulation.engine().perturb_next_spike(perturbation);
    const auto run = [&](Time end) {
      simulation.run({end, {}, [] {}, [&](Time now) { tell(now, "exact"); }});
    };
    run(until_);
    const double cpu = simulation.summary().simulate_cpu_seconds();
    return outcome(spikes, simulation.engine(), cpu, run);
  }

  Outcome run_clock(const ClockOptions& clock, std::vector<events::SpikeList> recorded) {
    RecordedTrains spikes(spec_.network);
    ClockSimulation simulation(
        spec_.network, clock, [&](std::uint32_t p, NeuronId n, Time t) { spikes.add(p, n, t); },
        std::move(recorded));
    const auto run = [&](Time end) {
      simulation.run(end, [&](Time now) { tell(now, fmt::format("dt {:g}", clock.dt)); });
    };
    run(until_);
    return outcome(spikes, simulation.engine(), simulation.cpu_seconds(), run);
  }

  /// What an engine that has come to the end leaves. It goes on for the spikes that pair across the end;
  /// weights and cost are those at the end.
  template <class AnyEngine>
  Outcome outcome(RecordedTrains& spikes, AnyEngine& engine, double cpu,
                  const std::function<void(Time end)>& run) {
    std::vector<double> weights = plastic_weights(engine);
    const RunCost cost = cost_of(cpu);
    run(end_of_trains());
    Trains trains = spikes.trains(end_of_trains());
    ++done_;
    return {std::move(spikes), std::move(trains), std::move(weights), cost};
  }

  void describe_reference(const Outcome& reference) {
    double spikes = 0;
    for (const auto& train : reference.trains)
      spikes += static_cast<double>(std::lower_bound(train.begin(), train.end(), until_) - train.begin());
    const TrainMeasures& m = plan_.measures;
    report_.set_until_ms(m.until.ms());
    report_.set_method(describe(plan_.clocks.front()));
    report_.set_open_loop(plan_.open_loop);
    report_.set_reference(is_exact_
                              ? "exact"
                              : fmt::format("approximate: a model has no exact event form; {}, dt {:g} ms",
                                            describe(stand_in()), stand_in().dt));
    report_.set_reference_spikes(spikes);
    const auto neurons = static_cast<double>(std::max<std::size_t>(1, reference.trains.size()));
    report_.set_reference_rate_hz(spikes / neurons / (m.until.ms() / 1000));
    *report_.mutable_reference_cost() = reference.cost;
    report_.set_window_ms(m.window.ms());
    report_.set_bin_ms(m.until.ms() / static_cast<double>(m.bins));
    report_.set_tau_ms(m.tau);
    report_.set_q_per_ms(m.q);
    report_.set_tolerance_ms(plan_.tolerance);
    report_.set_unmatched_share(plan_.unmatched);
  }

  void add_clock(const Outcome& reference, const ClockOptions& clock) {
    const Outcome run =
        run_clock(clock, plan_.open_loop ? reference.spikes.lists() : std::vector<events::SpikeList>());
    if (Interrupt::requested()) return;
    ClockAccuracy& accuracy = *report_.add_clock();
    accuracy.set_dt_ms(clock.dt);
    *accuracy.mutable_cost() = run.cost;
    *accuracy.mutable_trains() = train_errors(reference.trains, run.trains, plan_.measures);
    if (!run.weights.empty()) *accuracy.mutable_weights() = weight_errors(reference.weights, run.weights);
  }

  void add_chaos(const Outcome& reference) {
    const Outcome run = run_exact(stated_duration(plan_.perturbation));
    if (Interrupt::requested()) return;
    report_.mutable_chaos()->set_perturbation_ms(plan_.perturbation);
    *report_.mutable_chaos()->mutable_trains() = train_errors(reference.trains, run.trains, plan_.measures);
  }

  /// From the medians that are above the resolution of spike times.
  void fit_order() {
    constexpr double kResolved = 1e-11;
    std::vector<double> dt, error;
    for (const ClockAccuracy& run : report_.clock()) {
      if (!run.trains().has_error_median_ms() || run.trains().error_median_ms() < kResolved) continue;
      dt.push_back(run.dt_ms());
      error.push_back(run.trains().error_median_ms());
    }
    const auto [least, most] = std::minmax_element(dt.begin(), dt.end());
    if (dt.size() >= 2 && *least < *most) report_.set_order(fitted_order(dt, error));
  }

  /// The largest dt that keeps the tolerance, together with every smaller one; none where no spike tells.
  void recommend(double spikes) {
    if (spikes == 0) return;
    std::vector<const ClockAccuracy*> runs;
    for (const ClockAccuracy& run : report_.clock()) runs.push_back(&run);
    std::sort(runs.begin(), runs.end(), [](const auto* a, const auto* b) { return a->dt_ms() < b->dt_ms(); });
    for (const ClockAccuracy* run : runs) {
      const TrainErrors& t = run->trains();
      const bool keeps =
          t.error_95_ms() <= plan_.tolerance && t.missed() + t.extra() <= plan_.unmatched * spikes;
      if (!keeps) return;
      report_.set_recommended_dt_ms(run->dt_ms());
    }
  }

  const proto::DecodedSpec& spec_;
  const AccuracyPlan& plan_;
  const Progress& on_progress_;
  Time until_;
  bool is_exact_ = true;
  double runs_ = 1;
  double done_ = 0;
  AccuracyReport report_;
};

}  // namespace

MeasuredAccuracy measure_accuracy(const proto::DecodedSpec& spec, const AccuracyPlan& plan,
                                  const Progress& on_progress) {
  return Accuracy(spec, plan, on_progress).measure();
}

}  // namespace chronotope::apps
