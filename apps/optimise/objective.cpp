// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/optimise/objective.hpp"

#include <cmath>
#include <utility>

#include "chronotope/apps/study/read_out_examples.hpp"
#include "chronotope/apps/study/read_out_scores.hpp"
#include "chronotope/apps/study/stream_answers.hpp"
#include "chronotope/apps/sweep/cell_figures.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/number_text.hpp"
#include "chronotope/core/printable.hpp"

namespace chronotope::apps {
namespace {

constexpr const char* kReadOut = "read-out";

bool is_of_training(const std::string& name) {
  return name == "loss" || name == "training_accuracy" || name == "validation_accuracy";
}

bool is_figure(const std::string& name) {
  return name == "rate_hz" || name == "cv_isi" || name == "fano" || name == "correlation" ||
         name == "synchrony";
}

std::optional<double> defined(bool is, double value) { return is ? std::optional(value) : std::nullopt; }

std::optional<double> figure_of(const PopulationStatistics& p, const std::string& figure) {
  if (figure == "rate_hz") return p.rate_hz();
  if (figure == "cv_isi") return defined(p.has_cv_isi(), p.cv_isi());
  if (figure == "fano") return defined(p.has_fano(), p.fano());
  if (figure == "correlation") return defined(p.has_correlation(), p.correlation());
  return defined(p.has_synchrony(), p.synchrony());
}

}  // namespace

Objective::Objective(std::string name, std::string goal, const std::string& verb, ReadOutChoice read_out,
                     Time from)
    : name_(std::move(name)), goal_(std::move(goal)), read_out_(read_out), from_(from) {
  const std::size_t dot = name_.rfind('.');
  if (dot != std::string::npos) {
    population_ = name_.substr(0, dot);
    figure_ = name_.substr(dot + 1);
  }
  if (name_ != kReadOut && !is_of_training(name_) && (population_.empty() || !is_figure(figure_)))
    throw InputError("--objective: " + in_quotes(name_) +
                     " is not allowed (must be read-out, loss, training_accuracy, validation_accuracy or "
                     "POPULATION.FIGURE, the figure one of rate_hz, cv_isi, fano, correlation, synchrony)");
  if (is_of_training(name_) && verb != "train")
    throw InputError("--objective: " + name_ + " needs -- train, not " + verb);
  if (goal_.empty()) goal_ = name_ == "loss" ? "min" : "max";
  if (goal_ == "max" || goal_ == "min") return;
  target_ = finite_number(goal_);
  if (!target_)
    throw InputError("--goal: " + in_quotes(goal_) + " is not allowed (must be max, min or a number)");
}

std::optional<double> Objective::of(const std::string& stream) const {
  if (name_ == kReadOut) return read_out(stream);
  if (is_of_training(name_)) return of_training(stream);
  return of_population(stream);
}

double Objective::merit(double value) const {
  if (target_) return -std::abs(value - *target_);
  return goal_ == "min" ? -value : value;
}

double Objective::read_out(const std::string& stream) const {
  const ReadOutExamples examples =
      examples_of(stream_answers(stream, {read_out_.code}, topology::Presentations::kProbeOrAll));
  if (examples.classes.size() < 2 || examples.class_names.size() < 2)
    throw InputError(stream + ": --objective read-out needs stimuli of at least two labels");
  constexpr std::uint64_t kParts = 1;
  const ReadOutScore score = read_out_score(examples, read_out_.method, Split::kFiveFold, kParts);
  return score.missing.empty() ? score.accuracy() : 0;
}

double Objective::of_training(const std::string& stream) const {
  const TrainingEpoch last = last_epoch(stream);
  if (name_ == "loss") return last.training().loss();
  if (!last.training().has_accuracy())
    throw InputError("--objective: a training that matches trains has no " + name_);
  if (name_ == "training_accuracy") return last.training().accuracy();
  if (!last.has_validation())
    throw InputError("--objective: validation_accuracy needs --validation behind -- train");
  return last.validation().accuracy();
}

std::optional<double> Objective::of_population(const std::string& stream) const {
  for (const PopulationStatistics& population : population_figures(stream, from_))
    if (population.name() == population_) return figure_of(population, figure_);
  throw InputError("--objective: " + stream + " has no population " + in_quotes(population_));
}

}  // namespace chronotope::apps
