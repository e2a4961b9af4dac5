// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/recordings/planned_codes.hpp"

#include <cmath>
#include <set>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/network_description.hpp"
#include "chronotope/core/plain_name.hpp"
#include "chronotope/events/codes/burst_code.hpp"
#include "chronotope/events/codes/frame_difference.hpp"
#include "chronotope/events/codes/latency_code.hpp"
#include "chronotope/events/codes/level_code.hpp"
#include "chronotope/events/codes/phase_code.hpp"
#include "chronotope/events/codes/rate_code.hpp"
#include "chronotope/events/codes/receptive_fields.hpp"
#include "chronotope/events/codes/regular_code.hpp"

namespace chronotope::apps {
namespace {

constexpr double kMostMs = 1e9;

/// A code's message, where it stands and how long a frame is.
struct Planned {
  const PlannedPopulation& population;
  Field field;
  Duration frame;

  double number(const std::string& name, double value, double low, double high,
                const std::string& range) const {
    if (!(value >= low && value <= high)) (field / name).refuse(chronotope::to_string(value), range);
    return value;
  }
  double rate(double value) const { return number("high", value, 1e-6, 1e6, "must be from 1e-6 to 1e6 Hz"); }
  double share(const std::string& name, double value) const {
    return number(name, value, 1e-6, 1, "must be from 1e-6 to 1, of the range");
  }
  Duration time(const std::string& name, double ms) const {
    return stated_duration(number(name, ms, 1e-9, kMostMs, "must be from 1e-9 to 1e9 ms"));
  }
};

std::unique_ptr<events::FrameCode> make_phase(const Planned& planned) {
  const PlannedPhase& phase = planned.population.phase();
  const Duration period = phase.has_period() ? planned.time("period", phase.period()) : planned.frame;
  if (period > planned.frame || floor_ratio(planned.frame, period) * period != planned.frame)
    (planned.field / "period")
        .refuse(to_text(period) + " ms",
                "a frame of " + to_text(planned.frame) + " ms must be a whole number of periods");
  return std::make_unique<events::PhaseCode>(period);
}

std::unique_ptr<events::FrameCode> make_burst(const Planned& planned) {
  const PlannedBurst& burst = planned.population.burst();
  const std::uint32_t most = burst.has_most() ? burst.most() : 5;
  planned.number("most", most, 1, 1e6, "must be from 1 to 1000000");
  const Duration shortest = planned.time("shortest", burst.has_shortest() ? burst.shortest() : 2);
  const Duration longest =
      burst.has_longest() ? planned.time("longest", burst.longest()) : scaled(planned.frame, 1.0 / most);
  if (longest <= shortest ||
      planned.frame < static_cast<std::int64_t>(most) * longest - Duration::from_ticks(most))
    (planned.field / "longest")
        .refuse(to_text(longest) + " ms", "must be > shortest, " + to_text(shortest) + " ms, and " +
                                              std::to_string(most) + " of them fit into a frame of " +
                                              to_text(planned.frame) + " ms");
  return std::make_unique<events::BurstCode>(events::BurstCode::Parameters{most, shortest, longest});
}

std::unique_ptr<events::FrameCode> make_fields(const Planned& planned) {
  const PlannedFields& fields = planned.population.receptive_fields();
  const std::uint32_t lines = fields.has_lines() ? fields.lines() : 8;
  planned.number("lines", lines, 3, 1000, "must be from 3 to 1000");
  return std::make_unique<events::ReceptiveFields>(lines);
}

std::unique_ptr<events::FrameCode> make_code(const Planned& planned) {
  const auto or_else = [](bool given, double value, double otherwise) { return given ? value : otherwise; };
  const PlannedPopulation& p = planned.population;
  switch (p.code_case()) {
    case PlannedPopulation::kRate:
      return std::make_unique<events::RateCode>(
          planned.rate(or_else(p.rate().has_high(), p.rate().high(), 100)));
    case PlannedPopulation::kRegular:
      return std::make_unique<events::RegularCode>(
          planned.rate(or_else(p.regular().has_high(), p.regular().high(), 100)));
    case PlannedPopulation::kLatency:
      return std::make_unique<events::LatencyCode>();
    case PlannedPopulation::kPhase:
      return make_phase(planned);
    case PlannedPopulation::kBurst:
      return make_burst(planned);
    case PlannedPopulation::kReceptiveFields:
      return make_fields(planned);
    case PlannedPopulation::kLevelCrossing: {
      const PlannedLevels& levels = p.level_crossing();
      return std::make_unique<events::LevelCode>(
          planned.share("delta", or_else(levels.has_delta(), levels.delta(), 0.1)));
    }
    case PlannedPopulation::kFrameDifference: {
      const PlannedDifference& difference = p.frame_difference();
      return std::make_unique<events::FrameDifference>(
          planned.share("threshold", or_else(difference.has_threshold(), difference.threshold(), 0.1)));
    }
    case PlannedPopulation::CODE_NOT_SET:
      break;
  }
  planned.field.refuse(
      "no code",
      "must be one of rate, regular, latency, phase, burst, receptive_fields, level_crossing, frame_difference");
}

Field of_file(const std::string& file, const std::string& path) { return {path, {file, 0}}; }

/// "population[1].burst"
Field field_of(const PlannedPopulation& population, int place, const std::string& file) {
  const Field field = of_file(file, "population[" + std::to_string(place) + "]");
  const auto* chosen = population.GetReflection()->GetOneofFieldDescriptor(
      population, PlannedPopulation::descriptor()->FindOneofByName("code"));
  return chosen == nullptr ? field : field / chosen->name();
}

}  // namespace

Duration frame_of(const EncoderPlan& plan, const std::string& file) {
  if (!(plan.frame() >= 1e-6 && plan.frame() <= kMostMs))
    of_file(file, "frame").refuse(chronotope::to_string(plan.frame()), "must be from 1e-6 to 1e9 ms");
  return stated_duration(plan.frame());
}

std::vector<PlannedCode> planned_codes(const EncoderPlan& plan, const std::string& file) {
  const Duration frame = frame_of(plan, file);
  if (plan.population().empty()) of_file(file, "population").refuse("none", "at least one is needed");
  std::vector<PlannedCode> codes;
  std::set<std::string> names;
  for (int k = 0; k < plan.population_size(); ++k) {
    const PlannedPopulation& population = plan.population(k);
    const Field field = field_of(population, k, file);
    if (population.name().empty()) (field / "name").refuse("nothing", "must be given");
    if (!is_plain_name(population.name()))
      (field / "name").refuse(in_quotes(population.name()), "must hold no comma, quote or control character");
    if (!names.insert(population.name()).second)
      (field / "name").refuse("a second " + population.name(), "every name is given once");
    codes.push_back({population.name(), make_code({population, field, frame})});
  }
  return codes;
}

}  // namespace chronotope::apps
