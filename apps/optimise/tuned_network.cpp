// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/optimise/tuned_network.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "chronotope/core/error.hpp"
#include "chronotope/proto/spec_assignment.hpp"

namespace chronotope::apps {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using models::distribution_ranks;
using models::RankScale;

/// A distribution of a specification that was checked.
ParameterDistribution::Kind kind_of(const Distribution& d) {
  switch (d.kind_case()) {
    case Distribution::kUniform:
      return Uniform{d.uniform().low(), d.uniform().high()};
    case Distribution::kNormal:
      return Normal{d.normal().mean(), d.normal().sd()};
    case Distribution::kLognormal:
      return Lognormal{d.lognormal().mean(), d.lognormal().cv()};
    case Distribution::kGamma:
      return Gamma{d.gamma().mean(), d.gamma().cv()};
    case Distribution::kValues:
      return Values{{d.values().value().begin(), d.values().value().end()}};
    default:
      return Constant{d.constant()};
  }
}

ParameterDistribution decoded(const Distribution& d) { return ParameterDistribution(kind_of(d)); }

bool has_logarithms(const Distribution& d) {
  return (d.has_constant() && d.constant() > 0) || (d.has_gamma() && d.gamma().mean() > 0) ||
         (d.has_lognormal() && d.lognormal().mean() > 0);
}

/// All distributions inside a message, in the order of its fields.
void collect(const Message& message, std::vector<const Distribution*>& found) {
  if (const auto* distribution = dynamic_cast<const Distribution*>(&message)) {
    found.push_back(distribution);
    return;
  }
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      collect(reflection->GetMessage(message, field), found);
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, field); ++i)
      collect(reflection->GetRepeatedMessage(message, field, i), found);
  }
}

bool is_whole(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32 ||
         field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64;
}

bool takes_a_number(const FieldDescriptor& field) {
  if (field.is_repeated()) return false;
  return is_whole(field) || field.cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE ||
         (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
          field.message_type() == Distribution::descriptor());
}

double way_between(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t k = 0; k < a.size(); ++k) sum += (a[k] - b[k]) * (a[k] - b[k]);
  return std::sqrt(sum);
}

std::string origin(const std::string& change) { return "--over " + change; }

}  // namespace

TunedNetwork::TunedNetwork(const std::string& spec, const std::vector<std::string>& changes,
                           const std::vector<TunedRange>& ranges)
    : ranges_(ranges) {
  proto::read_spec(spec, text_);
  find_places(changes);
}

/// Where the ranges' numbers stand. What is put behind one of them may be a new message, so this comes before any
/// field is remembered.
void TunedNetwork::find_places(const std::vector<std::string>& changes) {
  for (const std::string& change : changes) proto::assign(text_, change, "--set " + change);
  for (const TunedRange& range : ranges_)
    proto::assign(text_, range.assignment(0), origin(range.assignment(0)));
  for (TunedRange& range : ranges_) {
    const std::string name = origin(range.assignment(0)) + " ";
    proto::assign(text_, range.assignment(0), name);
    const auto found = std::find_if(text_.assigned.begin(), text_.assigned.end(),
                                    [&](const auto& entry) { return entry.second == name; });
    if (found == text_.assigned.end() || !takes_a_number(*found->first.second))
      throw InputError("--over " + range.path + ": takes no number");
    // The specification's own messages, which are this network's to change.
    places_.push_back({const_cast<Message*>(found->first.first), found->first.second});
    range.is_whole = is_whole(*found->first.second);
    if (range.is_whole && std::ceil(range.low) > std::floor(range.high))
      throw InputError("--over " + range.path + ": takes whole numbers, and there is none from " +
                       chronotope::to_string(range.low) + " to " + chronotope::to_string(range.high));
  }
}

void TunedNetwork::put(std::size_t range, double share) {
  const std::string text = ranges_[range].value(share);
  const auto [message, field] = places_[range];
  const auto* reflection = message->GetReflection();
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE)
    reflection->SetDouble(message, field, value);
  else if (field->cpp_type() == FieldDescriptor::CPPTYPE_UINT32)
    reflection->SetUInt32(message, field, static_cast<std::uint32_t>(value));
  else if (field->cpp_type() == FieldDescriptor::CPPTYPE_UINT64)
    reflection->SetUInt64(message, field, static_cast<std::uint64_t>(value));
  else
    static_cast<Distribution*>(reflection->MutableMessage(message, field))->set_constant(value);
}

void TunedNetwork::put_all(double share) {
  for (std::size_t r = 0; r < places_.size(); ++r) put(r, share);
}

void TunedNetwork::find_groups() {
  put_all(0.5);
  std::vector<const Distribution*> all;
  collect(text_.message, all);
  moved_.clear();
  single_.clear();
  std::vector<bool> moves(ranges_.size());
  for (const Distribution* distribution : all) {
    std::vector<Ends> ends;
    for (std::size_t r = 0; r < ranges_.size(); ++r) ends.push_back(ends_of(*distribution, r));
    const RankScale scale = scale_of(ends);
    double unit = 0;
    for (std::size_t r = 0; r < ranges_.size(); ++r) {
      const double moved =
          way_between(distribution_ranks(ends[r].low, scale), distribution_ranks(ends[r].high, scale));
      if (!std::isfinite(moved) || moved == 0) continue;
      unit += moved;
      moves[r] = true;
    }
    if (unit > 0) moved_.push_back({distribution, scale, unit});
  }
  for (std::size_t r = 0; r < ranges_.size(); ++r)
    if (!moves[r]) single_.push_back(r);
}

/// What a distribution is at the ends of a range, all others in their middle.
TunedNetwork::Ends TunedNetwork::ends_of(const Distribution& distribution, std::size_t range) {
  put(range, 0);
  Ends ends{decoded(distribution), {}, has_logarithms(distribution), false};
  put(range, 1);
  ends.high = decoded(distribution);
  ends.have_logarithms = ends.have_logarithms && has_logarithms(distribution);
  put(range, 0.5);
  ends.by_logarithm = ranges_[range].is_logarithmic && distribution_ranks(ends.low, RankScale::kPlain) !=
                                                           distribution_ranks(ends.high, RankScale::kPlain);
  return ends;
}

/// By logarithms when a logarithmic range moves it and all of its ends have some.
RankScale TunedNetwork::scale_of(const std::vector<Ends>& ends) {
  const bool has = std::all_of(ends.begin(), ends.end(), [](const Ends& e) { return e.have_logarithms; });
  const bool wants = std::any_of(ends.begin(), ends.end(), [](const Ends& e) { return e.by_logarithm; });
  return has && wants ? RankScale::kLogarithm : RankScale::kPlain;
}

std::vector<double> TunedNetwork::place(std::span<const double> point) {
  for (std::size_t r = 0; r < point.size(); ++r) put(r, point[r]);
  std::vector<double> all;
  for (const Moved& moved : moved_)
    for (const double x : distribution_ranks(decoded(*moved.distribution), moved.scale))
      all.push_back(x / moved.unit);
  for (const std::size_t range : single_) all.push_back(point[range]);
  return all;
}

models::SearchSpace TunedNetwork::space() {
  find_groups();
  models::SearchSpace space;
  space.dimension = ranges_.size();
  for (std::size_t m = 0; m < moved_.size(); ++m)
    space.group_of.insert(space.group_of.end(), models::kRanks, m);
  for (std::size_t k = 0; k < single_.size(); ++k) space.group_of.push_back(moved_.size() + k);
  space.place = [this](std::span<const double> point) { return place(point); };
  return space;
}

}  // namespace chronotope::apps
