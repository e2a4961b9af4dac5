// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/training/gradient_loss.hpp"

#include <cmath>
#include <map>
#include <optional>
#include <sstream>

#include "chronotope/core/error.hpp"
#include "chronotope/core/number_text.hpp"
#include "chronotope/core/printable.hpp"

namespace chronotope::apps {
namespace {

[[noreturn]] void refuse(const std::string& value, const std::string& allowed) {
  throw InputError("--loss: " + in_quotes(value) + " is not allowed (" + allowed + ")");
}

std::vector<std::string> split(const std::string& text, char by) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, by);)
    if (!part.empty()) parts.push_back(part);
  return parts;
}

/// The words of one loss.
class LossText {
 public:
  LossText(const std::string& text, const NetworkDescription& network, const TrainedWiring& wiring)
      : network_(network), wiring_(wiring) {
    const std::vector<std::string> words = split(text, ' ');
    if (words.empty()) refuse(text, kKinds);
    kind_ = words[0];
    for (std::size_t k = 1; k < words.size(); ++k) {
      const std::size_t equals = words[k].find('=');
      if (equals == std::string::npos) refuse(words[k], "must be NAME=VALUE after the kind");
      const std::string name = words[k].substr(0, equals);
      if (!values_.emplace(name, words[k].substr(equals + 1)).second) refuse(name, "stands twice");
    }
  }

  models::EventLoss read() {
    const models::EventLoss loss = read_kind();
    if (!values_.empty()) refuse(values_.begin()->first, "is no value of " + kind_);
    return loss;
  }

 private:
  static constexpr double kMost = 1e9;
  static constexpr const char* kKinds =
      "must begin with one of ttfs_cross_entropy spike_times_linear spike_times_squared "
      "membrane_integral_linear membrane_integral_cross_entropy membrane_max_cross_entropy";

  models::EventLoss read_kind() {
    if (kind_ == "spike_times_linear") return models::SpikeTimesLinear{terms()};
    if (kind_ == "spike_times_squared") return models::SpikeTimesSquared{terms()};
    if (kind_ == "membrane_integral_linear") return integrals();
    if (kind_ == "membrane_integral_cross_entropy") {
      const std::vector<std::uint32_t> neurons = outputs();
      return models::MembraneIntegralCrossEntropy{neurons, label(neurons), number("scale", 1, 1e-9)};
    }
    if (kind_ == "membrane_max_cross_entropy") {
      const std::vector<std::uint32_t> neurons = outputs();
      return models::MembraneMaxCrossEntropy{neurons, label(neurons), number("scale", 1, 1e-9)};
    }
    if (kind_ != "ttfs_cross_entropy") refuse(kind_, kKinds);
    const std::vector<std::uint32_t> neurons = outputs();
    return models::TtfsCrossEntropy{neurons, label(neurons), number("tau_l", 5, 1e-6),
                                    number("early_weight", 0, 0), number("early_tau", 20, 1e-3)};
  }

  std::optional<std::string> take(const std::string& name) {
    const auto found = values_.find(name);
    if (found == values_.end()) return {};
    std::string value = found->second;
    values_.erase(found);
    return value;
  }
  std::string need(const std::string& name, const std::string& example) {
    if (auto value = take(name)) return *value;
    refuse(kind_, "needs " + name + "=..., such as " + name + "=" + example);
  }
  double number(const std::string& name, double fallback, double least) {
    const auto text = take(name);
    if (!text) return fallback;
    const auto value = finite_number(*text);
    if (!value || *value < least || *value > kMost)
      refuse(name + "=" + *text, "must be from " + to_string(least) + " to 1e9");
    return *value;
  }
  /// A term's coefficient or target.
  static std::optional<double> factor(const std::string& text) {
    const auto value = finite_number(text);
    return value && std::abs(*value) <= kMost ? value : std::nullopt;
  }

  /// The neurons of "POPULATION" or "POPULATION:NUMBER".
  std::vector<std::uint32_t> neurons_of(const std::string& population, const std::string* number) const {
    for (std::size_t p = 0; p < network_.populations.size(); ++p) {
      if (network_.populations[p].name != population) continue;
      const std::uint32_t first = wiring_.first_neuron[p], size = network_.populations[p].size;
      std::vector<std::uint32_t> neurons;
      if (number == nullptr) {
        for (std::uint32_t n = 0; n < size; ++n) neurons.push_back(first + n);
        return neurons;
      }
      const auto n = finite_number(*number);
      if (!n || *n < 0 || *n >= size || *n != std::floor(*n))
        refuse(population + ":" + *number, "must be a neuron from 0 to " + std::to_string(size - 1));
      return {first + static_cast<std::uint32_t>(*n)};
    }
    std::string names = "must be a population:";
    for (const PopulationSpec& p : network_.populations) names += " " + p.name;
    refuse(population, names);
  }
  std::vector<std::uint32_t> outputs() {
    std::vector<std::uint32_t> all;
    for (const std::string& part : split(need("outputs", "out:0,out:1"), ',')) {
      const std::vector<std::string> words = split(part, ':');
      if (words.empty() || words.size() > 2) refuse(part, "must be POPULATION or POPULATION:NEURON");
      const auto some = neurons_of(words[0], words.size() == 2 ? &words[1] : nullptr);
      all.insert(all.end(), some.begin(), some.end());
    }
    if (all.size() < 2)
      refuse(kind_, "needs at least 2 outputs: one class alone can not be told from others");
    return all;
  }
  std::uint32_t label(const std::vector<std::uint32_t>& neurons) {
    const std::string text = need("label", "0");
    const auto value = finite_number(text);
    if (!value || *value < 0 || *value >= static_cast<double>(neurons.size()) || *value != std::floor(*value))
      refuse("label=" + text,
             "must be from 0 to " + std::to_string(neurons.size() - 1) + ", the place of an output");
    return static_cast<std::uint32_t>(*value);
  }
  std::vector<models::SpikeTerm> terms() {
    std::vector<models::SpikeTerm> result;
    for (const std::string& part : split(need("terms", "E:0:1:14.5"), ',')) {
      const std::vector<std::string> words = split(part, ':');
      const auto k = words.size() == 4 ? finite_number(words[2]) : std::nullopt;
      const auto value = words.size() == 4 ? factor(words[3]) : std::nullopt;
      if (!k || !value || *k < 0 || *k > 1e9 || *k != std::floor(*k))
        refuse(part,
               "must be POPULATION:NEURON:SPIKE:NUMBER, spikes counted from 0, the number from -1e9 to 1e9");
      result.push_back({neurons_of(words[0], &words[1])[0], static_cast<std::uint32_t>(*k), *value});
    }
    if (result.empty()) refuse(kind_, "needs a term");
    return result;
  }
  models::MembraneIntegralLinear integrals() {
    models::MembraneIntegralLinear loss;
    for (const std::string& part : split(need("terms", "E:0:0.5"), ',')) {
      const std::vector<std::string> words = split(part, ':');
      const auto value = words.size() == 3 ? factor(words[2]) : std::nullopt;
      if (!value) refuse(part, "must be POPULATION:NEURON:COEFFICIENT, that from -1e9 to 1e9");
      loss.outputs.push_back(neurons_of(words[0], &words[1])[0]);
      loss.coefficients.push_back(*value);
    }
    if (loss.outputs.empty()) refuse(kind_, "needs a term");
    return loss;
  }

  const NetworkDescription& network_;
  const TrainedWiring& wiring_;
  std::string kind_;
  std::map<std::string, std::string> values_;
};

}  // namespace

models::EventLoss parse_loss(const std::string& text, const NetworkDescription& network,
                             const TrainedWiring& wiring) {
  return LossText(text, network, wiring).read();
}

}  // namespace chronotope::apps
