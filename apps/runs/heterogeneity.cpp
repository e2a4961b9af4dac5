// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/runs/heterogeneity.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include "chronotope/core/error.hpp"

namespace chronotope::apps {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Visit = std::function<void(Distribution&)>;

/// Every distribution among the fields of a model or rule.
void for_each_distribution(Message& model, const Visit& visit) {
  const auto* reflection = model.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(model, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->message_type() != Distribution::descriptor()) continue;
    if (!field->is_repeated()) visit(static_cast<Distribution&>(*reflection->MutableMessage(&model, field)));
    for (int i = 0; field->is_repeated() && i < reflection->FieldSize(model, field); ++i)
      visit(static_cast<Distribution&>(*reflection->MutableRepeatedMessage(&model, field, i)));
  }
}

/// The message that is set in a oneof, or null.
Message* chosen(Message& message, const std::string& oneof) {
  const auto* group = message.GetDescriptor()->FindOneofByName(oneof);
  const auto* field = message.GetReflection()->GetOneofFieldDescriptor(message, group);
  return field == nullptr ? nullptr : message.GetReflection()->MutableMessage(&message, field);
}

void for_each_of_learning(Projection& projection, const Visit& visit) {
  Message* rule = chosen(projection, "plasticity");
  if (rule == nullptr) return;
  for_each_distribution(*rule, visit);
  if (projection.has_modulation()) for_each_distribution(*projection.mutable_modulation(), visit);
  if (projection.has_scaling()) for_each_distribution(*projection.mutable_scaling(), visit);
}

void for_each_delay(Projection& projection, const Visit& visit) {
  if (projection.has_delay()) visit(*projection.mutable_delay());
  if (projection.has_dendritic_delay()) visit(*projection.mutable_dendritic_delay());
  if (projection.has_dendritic_fraction()) visit(*projection.mutable_dendritic_fraction());
}

void for_each_of(NetworkSpec& spec, Varied part, const Visit& visit) {
  if (part == Varied::kNeurons)
    for (Population& population : *spec.mutable_population())
      if (Message* model = chosen(population, "model")) for_each_distribution(*model, visit);
  for (Projection& projection : *spec.mutable_projection()) {
    if (part == Varied::kLearning) for_each_of_learning(projection, visit);
    if (part == Varied::kDelays) for_each_delay(projection, visit);
  }
}

bool is_spread(const Distribution& d) {
  switch (d.kind_case()) {
    case Distribution::kUniform:
      return d.uniform().low() != d.uniform().high();
    case Distribution::kNormal:
      return d.normal().sd() != 0;
    case Distribution::kLognormal:
      return d.lognormal().cv() != 0;
    case Distribution::kGamma:
      return d.gamma().cv() != 0;
    case Distribution::kValues:
      return std::adjacent_find(d.values().value().begin(), d.values().value().end(),
                                std::not_equal_to<>()) != d.values().value().end();
    default:
      return false;
  }
}

/// Standard deviation of listed values.
double sd_of(const Distribution::Values& values, double mean) {
  double squares = 0;
  for (const double v : values.value()) squares += (v - mean) * (v - mean);
  return std::sqrt(squares / std::max(1, values.value_size()));
}

/// The listed values at such distances from their mean that they have this coefficient of variation.
void set_cv(Distribution::Values& values, double mean, double cv) {
  const double sd = sd_of(values, mean);
  for (double& v : *values.mutable_value()) v = mean + (v - mean) * (cv * std::abs(mean) / sd);
}

void set_cv(Distribution& d, double cv) {
  const bool drawn = d.kind_case() != Distribution::kConstant && d.kind_case() != Distribution::KIND_NOT_SET;
  if (!drawn || (d.has_values() && !is_spread(d))) return;
  const double mean = mean_of(d);
  if (cv == 0) return d.set_constant(mean);
  if (mean == 0)
    throw InputError(
        "a constant drawn around a mean of 0 has no coefficient of variation; give its spread in "
        "the specification");
  if (d.has_gamma()) d.mutable_gamma()->set_cv(cv);
  if (d.has_lognormal()) d.mutable_lognormal()->set_cv(cv);
  if (d.has_normal()) d.mutable_normal()->set_sd(cv * std::abs(mean));
  if (d.has_values()) set_cv(*d.mutable_values(), mean, cv);
  if (!d.has_uniform()) return;
  const double half = cv * std::abs(mean) * std::sqrt(3);
  d.mutable_uniform()->set_low(mean - half);
  d.mutable_uniform()->set_high(mean + half);
}

}  // namespace

double mean_of(const Distribution& d) {
  switch (d.kind_case()) {
    case Distribution::kUniform:
      return d.uniform().low() + (d.uniform().high() - d.uniform().low()) / 2;
    case Distribution::kNormal:
      return d.normal().mean();
    case Distribution::kLognormal:
      return d.lognormal().mean();
    case Distribution::kGamma:
      return d.gamma().mean();
    case Distribution::kValues: {
      const auto& values = d.values().value();
      return values.empty() ? 0 : std::accumulate(values.begin(), values.end(), 0.0) / values.size();
    }
    default:
      return d.constant();
  }
}

double cv_of(const Distribution& d) {
  const double mean = mean_of(d);
  if (d.has_gamma()) return d.gamma().cv();
  if (d.has_lognormal()) return d.lognormal().cv();
  if (mean == 0) return 0;
  if (d.has_normal()) return d.normal().sd() / std::abs(mean);
  if (d.has_values()) return sd_of(d.values(), mean) / std::abs(mean);
  return d.has_uniform() ? (d.uniform().high() - d.uniform().low()) / std::sqrt(12) / std::abs(mean) : 0;
}

bool has_spread(const NetworkSpec& spec, Varied part) {
  NetworkSpec visited = spec;
  bool found = false;
  for_each_of(visited, part, [&](const Distribution& d) { found = found || is_spread(d); });
  return found;
}

void set_cv(NetworkSpec& spec, Varied part, double cv) {
  if (!(cv >= 0 && std::isfinite(cv)))
    throw InputError("a coefficient of variation must be >= 0 and finite, not " + to_string(cv));
  for_each_of(spec, part, [&](Distribution& d) { set_cv(d, cv); });
}

}  // namespace chronotope::apps
