// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <string>
#include <string_view>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/network_description.hpp"
#include "chronotope/core/random_stream.hpp"
#include "chronotope/core/time.hpp"

namespace chronotope {

/// What values a parameter may take.
struct Range {
  const char* text;
  bool (*holds)(double);
};
/// Of weights, currents, potentials: bounded, so that no sum of them overflows.
inline constexpr Range kFinite{"must be from -1e9 to 1e9", [](double v) { return std::abs(v) <= 1e9; }};
inline constexpr Range kPositive{"must be > 0 and at most 1e9", [](double v) { return v > 0 && v <= 1e9; }};
/// Of a capacitance [pF], a conductance [nS], a resistance [MOhm]: what divides.
inline constexpr Range kMembrane{"must be from 1e-3 to 1e9", [](double v) { return v >= 1e-3 && v <= 1e9; }};
/// Of a time constant [ms].
inline constexpr Range kTimeConstant{"must be from 1e-3 to 1e9 ms",
                                     [](double v) { return v >= 1e-3 && v <= 1e9; }};
inline constexpr Range kNonNegative{"must be from 0 to 1e9", [](double v) { return v >= 0 && v <= 1e9; }};
inline constexpr Range kTimeOfRun{"must be from 0 to 1e12 ms",
                                  [](double v) { return v >= 0 && v <= Time::kMaxMs; }};

/// One value of `spec`; `entity` is its place among explicit values. Throws FieldError when it is out of
/// range.
inline double draw(const ParameterSpec& spec, const Range& range, RandomStream& stream,
                   std::uint64_t entity) {
  double value = 0;
  try {
    value = spec.value.sample(stream, entity);
  } catch (const InputError& error) {
    throw InputError(to_string(spec.field.location) + ": " + spec.field.path + ": " + error.what());
  }
  if (!range.holds(value)) spec.field.refuse(to_string(value), range.text);
  return value;
}

/// A length of time [ms] that `spec` gave as `value`: the decimal that was stated, or what was drawn, to the
/// nearest tick.
inline Duration to_duration(const ParameterSpec& spec, double value) {
  return spec.value.is_stated() ? decimal(value).value : Duration::nearest(value);
}

/// The parameters of one neuron, drawn by name, each from a stream of its own.
class ParameterSource {
 public:
  ParameterSource(const ModelSpec& model, std::uint64_t seed, const std::string& owner, std::uint64_t entity)
      : model_(model), seed_(seed), owner_(owner), entity_(entity) {}

  bool has(const std::string& name) const { return model_.parameters.contains(name); }

  /// The value of parameter `name`, or `fallback` when it was not given.
  double operator()(const std::string& name, double fallback, const Range& range) const {
    const auto spec = model_.parameters.find(name);
    if (spec == model_.parameters.end()) return fallback;
    varies_ = varies_ || !spec->second.value.constant();
    RandomStream stream(seed_, Purpose(owner_ + "." + name), entity_);
    return draw(spec->second, range, stream, entity_);
  }

  /// The same for a parameter that is a length of time [ms].
  Duration duration(const std::string& name, double fallback) const {
    const auto spec = model_.parameters.find(name);
    if (spec == model_.parameters.end()) return decimal(fallback).value;
    return to_duration(spec->second, (*this)(name, fallback, kTimeOfRun));
  }

  /// True if a value asked for so far has a spread: the next neuron's may differ.
  bool varies() const { return varies_; }

  /// The streams of this neuron for what `name` draws during the run.
  StreamKey stream_key(const std::string& name) const {
    return {seed_, Purpose(owner_ + "." + name), entity_};
  }

  /// True if option `name` was given as `value`.
  bool chosen(const std::string& name, std::string_view value) const {
    const auto option = model_.options.find(name);
    return option != model_.options.end() && option->second == value;
  }

  /// For rules between parameters: refuses parameter `name`.
  void require(bool holds, const std::string& name, double value, const std::string& allowed) const {
    if (holds) return;
    const auto spec = model_.parameters.find(name);
    const Field field = spec == model_.parameters.end() ? model_.field / name : spec->second.field;
    field.refuse(to_string(value), allowed);
  }

 private:
  const ModelSpec& model_;
  std::uint64_t seed_;
  const std::string& owner_;
  std::uint64_t entity_;
  mutable bool varies_ = false;
};

}  // namespace chronotope
