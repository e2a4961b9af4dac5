// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <memory>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/options/accuracy_options.hpp"
#include "chronotope/apps/options/help_text.hpp"
#include "chronotope/apps/options/network_options.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/output/json.hpp"
#include "chronotope/apps/output/progress.hpp"
#include "chronotope/apps/runs/accuracy.hpp"
#include "chronotope/apps/verbs/verbs.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {
namespace {

OptionGroup output_options() {
  return {"Output",
          {{"out", File{File::Use::kWritten}, "write the report as JSON"},
           {"json", Flag(), "print the report as one JSON object"},
           {"quiet", Flag(), "print nothing but errors"}}};
}

Usage make_usage() {
  Usage usage;
  usage.synopsis = "compare SPEC --dt LIST --until MS [options]";
  usage.summary =
      "What a time step costs on this network: runs it from spike to spike, then on a clock with every dt of "
      "LIST, and tells how far apart the runs are, what they cost, and the largest dt that keeps a "
      "tolerance. docs/accuracy.md defines every figure.";
  usage.examples =
      "  chronotope compare net.textproto --dt 1,0.5,0.2,0.1 --until 1000\n"
      "  chronotope compare net.textproto --dt 0.1,0.01 --until 1000 --open-loop --tolerance 0.05\n"
      "  chronotope compare net.textproto --dt 1,0.5,0.25 --until 1000 --interpolate cubic --json --out "
      "report.json\n";
  usage.positional = {"SPEC"};
  usage.groups = accuracy_options();
  usage.groups.insert(usage.groups.begin(), network_options());
  usage.groups.push_back(output_options());
  return usage;
}

std::string number(bool has, double value) { return has ? fmt::format("{:.3g}", value) : "-"; }

/// A row of the table of spike times.
void print_times(const std::string& name, const TrainErrors& t, const RunCost* cost) {
  fmt::print("{:<10}{:>10.0f}{:>9.0f}{:>9.0f}{:>10}{:>10}{:>10}{:>10}{:>10}\n", name, t.spikes(), t.missed(),
             t.extra(), number(t.has_error_median_ms(), t.error_median_ms()),
             number(t.has_error_95_ms(), t.error_95_ms()), number(t.has_error_max_ms(), t.error_max_ms()),
             number(t.has_first_divergence_ms(), t.first_divergence_ms()),
             number(cost != nullptr, cost ? cost->cpu_seconds() : 0));
}

/// A row of the table of distances.
void print_distances(const std::string& name, const TrainErrors& t, const WeightErrors* weights) {
  fmt::print("{:<10}{:>10}{:>10}{:>10}{:>10}{:>10}\n", name, number(t.has_van_rossum(), t.van_rossum()),
             number(t.has_victor_purpura(), t.victor_purpura()),
             number(t.has_spike_distance(), t.spike_distance()), number(t.has_rtd(), t.rtd()),
             number(weights != nullptr, weights ? weights->rms() : 0));
}

void print_tables(const AccuracyReport& report) {
  fmt::print("{:<10}{:>10}{:>9}{:>9}{:>10}{:>10}{:>10}{:>10}{:>10}\n", "dt", "spikes", "missed", "extra",
             "median", "95 %", "max", "diverges", "CPU s");
  for (const ClockAccuracy& run : report.clock())
    print_times(fmt::format("{:g}", run.dt_ms()), run.trains(), &run.cost());
  if (report.has_chaos()) print_times("chaos", report.chaos().trains(), nullptr);
  fmt::print("\n{:<10}{:>10}{:>10}{:>10}{:>10}{:>10}\n", "dt", "rossum", "victor-p", "SPIKE", "RTD", "w rms");
  for (const ClockAccuracy& run : report.clock())
    print_distances(fmt::format("{:g}", run.dt_ms()), run.trains(),
                    run.has_weights() ? &run.weights() : nullptr);
  if (report.has_chaos()) print_distances("chaos", report.chaos().trains(), nullptr);
}

void print_report(const AccuracyReport& report) {
  fmt::print("reference: {}, {:.0f} spikes, {:.3g} Hz, {:.3g} CPU s\n", report.reference(),
             report.reference_spikes(), report.reference_rate_hz(), report.reference_cost().cpu_seconds());
  fmt::print("{}\n\n",
             wrapped("clock: " + report.method() + (report.open_loop() ? "; open loop" : ""), 0, 7));
  print_tables(report);
  fmt::print("\n(errors and times in ms)\n");
  if (report.has_chaos())
    fmt::print("chaos: the exact run with its first spike sent {:g} ms later\n",
               report.chaos().perturbation_ms());
  if (report.has_order()) fmt::print("order of convergence of the median error: {:.2f}\n", report.order());
  if (report.interrupted())
    fmt::print("interrupted: {} of the time steps were compared, none is recommended\n", report.clock_size());
  else if (report.has_recommended_dt_ms())
    fmt::print("recommended dt: {:g} ms (95 % of the spike times within {:g} ms, {:g} % unmatched allowed)\n",
               report.recommended_dt_ms(), report.tolerance_ms(), 100 * report.unmatched_share());
  else if (report.reference_spikes() == 0)
    fmt::print("recommended dt: none, the reference has no spikes before --until\n");
  else
    fmt::print(
        "recommended dt: none of these keeps {:g} ms for 95 % of the spike times with {:g} % unmatched\n",
        report.tolerance_ms(), 100 * report.unmatched_share());
}

}  // namespace

int compare(const Arguments& arguments) {
  const auto values = parse(make_usage(), arguments);
  if (!values) return 0;
  const AccuracyPlan plan = read_accuracy_plan(*values);
  const auto path = (*values)["SPEC"].as<std::string>();
  proto::SpecText text;
  read_network(*values, (*values)["SPEC"].as<std::string>(), text);
  const proto::DecodedSpec spec = proto::decode(text);
  require_not_read(*values, written_options(make_usage()), spec.files);
  const bool quiet = (*values)["quiet"].as<bool>();
  const Interrupt interrupt;
  std::unique_ptr<proto::Output> out;
  if (values->count("out") != 0) out = std::make_unique<proto::Output>((*values)["out"].as<std::string>());

  MeasuredAccuracy measured;
  {
    Progress progress("compare", quiet);
    measured = measure_accuracy(
        spec, plan, [&](double share, const std::string& what) { progress.update(share, 1, what); });
  }
  AccuracyReport& report = measured.report;
  if (report.interrupted() && report.reference().empty()) {
    fmt::print(stderr, "interrupted in the reference run: nothing was compared\n");
    return Interrupt::kExitCode;
  }
  report.set_spec(path);
  if ((*values)["json"].as<bool>())
    fmt::print("{}\n", to_json(report));
  else if (!quiet && !(out && (*values)["out"].as<std::string>() == "-"))
    print_report(report);
  if (out) {  // last: it may fail
    out->write(to_json(report, true));
    out->commit();
  }
  if (measured.breakdown) throw *measured.breakdown;
  return Interrupt::requested() ? Interrupt::kExitCode : 0;
}

}  // namespace chronotope::apps
