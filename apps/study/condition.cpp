// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/condition.hpp"

#include <fmt/core.h>

#include <array>
#include <utility>

#include "chronotope/apps/options/options.hpp"
#include "chronotope/core/error.hpp"

namespace chronotope::apps {
namespace {

constexpr std::array kControls{std::pair{Control::kOrder, "order"}, std::pair{Control::kJitter, "jitter"},
                               std::pair{Control::kPermuted, "permuted"}, std::pair{Control::kGain, "gain"}};

std::string name_of(Control control) {
  for (const auto& [value, name] : kControls)
    if (value == control) return name;
  return "";
}

std::string described(Control control) {
  switch (control) {
    case Control::kOrder:
      return "another order";
    case Control::kJitter:
      return "input moved by 1e-11 ms";
    case Control::kPermuted:
      return "permuted channels";
    case Control::kGain:
      return "untrained at the trained mean weight";
    case Control::kNone:
      break;
  }
  return "";
}

[[noreturn]] void refuse(const std::string& name) {
  require(
      false, "conditions", "'" + name + "'",
      "must be neurons (M or H), STDP (M, H or U) or gradients (S or E), maybe delays (M or H), and after "
      "STDP maybe .order, .jitter, .permuted or .gain, as in MH or MH.order");
  throw InputError(name);  // not reached: require() throws
}

std::string described(Learning learning) {
  switch (learning) {
    case Learning::kNone:
      return "untrained";
    case Learning::kHomogeneous:
      return "hom STDP";
    case Learning::kSurrogate:
      return "supervised, surrogate gradients";
    case Learning::kEventExact:
      return "supervised, event-exact gradients";
    case Learning::kHeterogeneous:
      break;
  }
  return "het STDP";
}

char letter_of(Learning learning) {
  switch (learning) {
    case Learning::kNone:
      return 'U';
    case Learning::kHomogeneous:
      return 'M';
    case Learning::kSurrogate:
      return 'S';
    case Learning::kEventExact:
      return 'E';
    case Learning::kHeterogeneous:
      break;
  }
  return 'H';
}

/// M: false, H: true.
bool is_heterogeneous(char letter, const std::string& name) {
  if (letter != 'M' && letter != 'H') refuse(name);
  return letter == 'H';
}

Learning learning_of(char letter, const std::string& name) {
  if (letter == 'U') return Learning::kNone;
  if (letter == 'S') return Learning::kSurrogate;
  if (letter == 'E') return Learning::kEventExact;
  return is_heterogeneous(letter, name) ? Learning::kHeterogeneous : Learning::kHomogeneous;
}

Control control_of(const std::string& word, const std::string& name) {
  for (const auto& [control, known] : kControls)
    if (word == known) return control;
  refuse(name);
}

}  // namespace

const char* name_of(Varied part) {
  switch (part) {
    case Varied::kNeurons:
      return "neurons";
    case Varied::kDelays:
      return "delays";
    case Varied::kLearning:
      break;
  }
  return "learning";
}

std::string Condition::code() const {
  std::string code = neurons ? "H" : "M";
  code += letter_of(learning);
  if (delays) code += *delays ? "H" : "M";
  return code;
}

std::string Condition::name() const {
  std::string name = code();
  if (control != Control::kNone) name += "." + name_of(control);
  if (cv) name += fmt::format(".cv{}", *cv);
  if (redrawn_part) name += fmt::format(".{}{}", apps::name_of(*redrawn_part), draw);
  if (trained < 1) name += fmt::format(".at{}", trained);
  return name;
}

std::string Condition::described() const {
  std::string text = apps::described(learning);
  if (cv) text += fmt::format(" of cv {}", *cv);
  if (neurons) text += ", het neurons";
  if (delays) text += *delays ? ", het delays" : ", hom delays";
  if (control != Control::kNone) text += ", " + apps::described(control);
  if (redrawn_part) text += fmt::format(", draw {} of {}", draw, apps::name_of(*redrawn_part));
  if (trained < 1) text += fmt::format(", {:.3g} % of the training", 100 * trained);
  return text;
}

Condition Condition::with(Control other) const {
  Condition changed = *this;
  changed.control = other;
  return changed;
}

Condition Condition::redrawn(Varied part, std::uint32_t number) const {
  Condition changed = *this;
  if (number == 1) return changed;
  changed.redrawn_part = part;
  changed.draw = number;
  return changed;
}

Condition Condition::untrained() const {
  Condition changed;
  changed.neurons = neurons;
  changed.learning = Learning::kNone;
  changed.delays = delays;
  return changed;
}

Condition parse_condition(const std::string& name) {
  const std::size_t dot = name.find('.');
  const std::string code = name.substr(0, dot);
  if (code.size() != 2 && code.size() != 3) refuse(name);
  Condition condition;
  condition.neurons = is_heterogeneous(code[0], name);
  condition.learning = learning_of(code[1], name);
  if (code.size() == 3) condition.delays = is_heterogeneous(code[2], name);
  if (dot != std::string::npos) condition.control = control_of(name.substr(dot + 1), name);
  if (condition.control != Control::kNone && !condition.with(Control::kNone).has_stdp()) refuse(name);
  return condition;
}

}  // namespace chronotope::apps
