// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/spec_codec.hpp"

#include <google/protobuf/message.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/delay_range.hpp"
#include "chronotope/core/near_names.hpp"
#include "chronotope/core/plain_name.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/core/rule_name.hpp"
#include "chronotope/core/value_count.hpp"
#include "chronotope/proto/formats/csv.hpp"
#include "chronotope/proto/formats/input_file.hpp"
#include "chronotope/proto/formats/npz.hpp"
#include "chronotope/proto/formats/number_table.hpp"
#include "chronotope/proto/formats/synapse_table.hpp"
#include "chronotope/proto/neuron_list.hpp"
#include "chronotope/proto/stated_times.hpp"

namespace chronotope::proto {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Lines = google::protobuf::TextFormat::ParseInfoTree;

/// A message of the specification together with its place in the file and its name in errors.
class Cursor {
 public:
  Cursor(const Message& message, const Lines* lines, const Assigned& assigned, Field field)
      : message_(message), lines_(lines), assigned_(assigned), field_(std::move(field)) {}

  const Message& message() const { return message_; }
  const Field& field() const { return field_; }
  template <class M>
  const M& as() const {
    return static_cast<const M&>(message_);
  }

  /// Where field `name` stands; where the message stands when it was not written.
  Field at(const std::string& name, int place = -1) const {
    const auto* descriptor = message_.GetDescriptor()->FindFieldByName(name);
    Field field = field_ / (place < 0 ? name : name + "[" + std::to_string(place) + "]");
    if (const auto origin = assigned_.find({&message_, descriptor}); origin != assigned_.end()) {
      field.location = {origin->second, 0};
      return field;
    }
    const int entry = descriptor->is_repeated() ? std::max(place, 0) : -1;
    const int line = lines_ == nullptr ? -1 : lines_->GetLocation(descriptor, entry).line;
    if (line >= 0) field.location.line = line + 1;
    return field;
  }

  Cursor nested(const std::string& name, int place = -1) const {
    const auto* descriptor = message_.GetDescriptor()->FindFieldByName(name);
    const auto* reflection = message_.GetReflection();
    const Message& inner = place < 0 ? reflection->GetMessage(message_, descriptor)
                                     : reflection->GetRepeatedMessage(message_, descriptor, place);
    const bool unwritten = lines_ == nullptr || assigned_.contains({&message_, descriptor});
    return {inner, unwritten ? nullptr : lines_->GetTreeForNested(descriptor, place), assigned_,
            at(name, place)};
  }

  /// The message has such a field, but it was not given.
  bool lacks(const std::string& name) const {
    return message_.GetDescriptor()->FindFieldByName(name) != nullptr && !has(name);
  }
  bool has(const std::string& name) const {
    return message_.GetReflection()->HasField(message_, message_.GetDescriptor()->FindFieldByName(name));
  }

  /// Refuses field `name` unless `holds`.
  template <class Value>
  void require(bool holds, const std::string& name, const Value& value, const std::string& allowed) const {
    if (holds) return;
    if constexpr (std::is_floating_point_v<Value>)
      at(name).refuse(chronotope::to_string(value), allowed);
    else if constexpr (std::is_integral_v<Value>)
      at(name).refuse(std::to_string(value), allowed);
    else
      at(name).refuse("'" + value + "'", allowed);
  }
  void require_finite(const std::string& name, double value) const {
    require(std::isfinite(value), name, value, "must be a finite number");
  }

  /// The name of the field that is set in a oneof, or an error that lists the choices.
  std::string choice(const std::string& oneof) const {
    const auto* group = message_.GetDescriptor()->FindOneofByName(oneof);
    if (const auto* set = message_.GetReflection()->GetOneofFieldDescriptor(message_, group))
      return set->name();
    (field_ / oneof).refuse("nothing", "must be one of" + choices(oneof));
  }
  /// " a b c", the fields of a oneof.
  std::string choices(const std::string& oneof) const {
    const auto* group = message_.GetDescriptor()->FindOneofByName(oneof);
    std::string names;
    for (int i = 0; i < group->field_count(); ++i) names += " " + group->field(i)->name();
    return names;
  }

 private:
  const Message& message_;
  const Lines* lines_;
  const Assigned& assigned_;
  Field field_;
};

ParameterDistribution::Kind decode_kind(const Cursor& cursor) {
  const auto& d = cursor.as<Distribution>();
  const std::string kind = cursor.choice("kind");
  if (kind == "constant") {
    cursor.require_finite(kind, d.constant());
    return Constant{d.constant()};
  }
  const Cursor inner = cursor.nested(kind);
  if (kind == "uniform") {
    const auto [low, high] = std::pair(d.uniform().low(), d.uniform().high());
    inner.require_finite("low", low);
    inner.require(std::isfinite(high) && high >= low, "high", high, "must be >= low and finite");
    return Uniform{low, high};
  }
  if (kind == "normal") {
    inner.require_finite("mean", d.normal().mean());
    inner.require(d.normal().sd() >= 0 && std::isfinite(d.normal().sd()), "sd", d.normal().sd(),
                  "must be >= 0");
    return Normal{d.normal().mean(), d.normal().sd()};
  }
  if (kind == "values") {
    inner.require(d.values().value_size() > 0, "value", 0, "at least one value");
    for (const double v : d.values().value()) inner.require_finite("value", v);
    return Values{{d.values().value().begin(), d.values().value().end()}};
  }
  const bool gamma = kind == "gamma";
  const double mean = gamma ? d.gamma().mean() : d.lognormal().mean();
  const double cv = gamma ? d.gamma().cv() : d.lognormal().cv();
  inner.require(
      std::isfinite(mean) && (mean > 0 || (!gamma && mean != 0)), "mean", mean,
      gamma ? "must be > 0 and finite" : "must be finite and not 0; negative means give negative values");
  inner.require(cv >= 0 && std::isfinite(cv), "cv", cv, "must be >= 0");
  return gamma ? ParameterDistribution::Kind(Gamma{mean, cv}) : Lognormal{mean, cv};
}

ParameterSpec decode_distribution(const Cursor& cursor) {
  const auto& d = cursor.as<Distribution>();
  const double infinity = std::numeric_limits<double>::infinity();
  const double min = d.has_min() ? d.min() : -infinity;
  const double max = d.has_max() ? d.max() : infinity;
  cursor.require(!std::isnan(min), "min", min, "must be a number");
  cursor.require(max >= min, "max", max, "must be >= min");
  return {ParameterDistribution(decode_kind(cursor), min, max), cursor.field()};
}

std::vector<CorrelationSpec> decode_correlations(const Cursor& cursor, const ModelSpec& model) {
  std::vector<CorrelationSpec> correlations;
  const auto* field = cursor.message().GetDescriptor()->FindFieldByName("correlation");
  std::set<std::string> seen;
  for (int i = 0; i < cursor.message().GetReflection()->FieldSize(cursor.message(), field); ++i) {
    const Cursor at = cursor.nested("correlation", i);
    const auto& correlation = at.as<Correlation>();
    for (const auto& [name, end] :
         {std::pair(correlation.first(), "first"), std::pair(correlation.second(), "second")}) {
      const auto parameter = model.parameters.find(name);
      at.require(parameter != model.parameters.end() &&
                     !std::holds_alternative<Values>(parameter->second.value.kind()),
                 end, name, "must be a parameter that is given here by a distribution");
      at.require(seen.insert(name).second, end, name, "a parameter may stand in one correlation");
    }
    at.require(correlation.rho() >= -1 && correlation.rho() <= 1, "rho", correlation.rho(),
               "must lie in [-1, 1]");
    correlations.push_back({correlation.first(), correlation.second(), correlation.rho()});
  }
  return correlations;
}

/// The parameter a field gives: `w_max` and `w_max_distribution` are the same one.
std::string parameter_name(const std::string& field) {
  const std::string suffix = "_distribution";
  return field.ends_with(suffix) ? field.substr(0, field.size() - suffix.size()) : field;
}

/// Every parameter of a model or rule that was written, by its field's name.
ModelSpec decode_model(const std::string& kind, const Cursor& cursor) {
  ModelSpec model{kind, {}, {}, cursor.field()};
  const Message& message = cursor.message();
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string& name = field->name();
    if (field->is_repeated()) {
      if (field->message_type() == Distribution::descriptor())
        for (int i = 0; i < message.GetReflection()->FieldSize(message, field); ++i)
          model.parameters[name + "[" + std::to_string(i) + "]"] =
              decode_distribution(cursor.nested(name, i));
      continue;
    }
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) continue;  // a name, not a parameter
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
      model.options[name] = message.GetReflection()->GetEnum(message, field)->name();
      continue;
    }
    const std::string parameter = parameter_name(name);
    if (model.parameters.contains(parameter))
      cursor.at(name).refuse(name, "cannot stand beside " + parameter);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      model.parameters[parameter] = decode_distribution(cursor.nested(name));
    } else {
      const double value = message.GetReflection()->GetDouble(message, field);
      cursor.require_finite(name, value);
      model.parameters[parameter] = {ParameterDistribution(Constant{value}), cursor.at(name)};
    }
  }
  if (model.parameters.contains("C_m") && model.parameters.contains("R_m"))
    cursor.at("R_m").refuse("R_m", "cannot stand beside C_m");
  if (message.GetDescriptor()->FindFieldByName("correlation") != nullptr)
    model.correlations = decode_correlations(cursor, model);
  return model;
}

Time decode_time(const Cursor& cursor, const std::string& name, double ms) {
  cursor.require(ms >= 0 && ms <= Time::kMaxMs, name, ms, "must be from 0 to 1e12 ms");
  return stated_time(ms);
}

void require_name(const Cursor& cursor, const std::string& name) {
  cursor.require(!name.empty(), "name", name, "must not be empty");
  cursor.require(is_plain_name(name), "name", name, "must hold no comma, quote or control character");
}

std::filesystem::path decode_path(const Cursor& source, const std::filesystem::path& folder,
                                  const std::string& path);

/// Of three lists or of a file: x, y and maybe z.
std::vector<Position> read_positions(const Cursor& cursor, const std::filesystem::path& folder) {
  const auto& message = cursor.as<Positions>();
  std::vector<Position> places;
  if (message.path().empty()) {
    cursor.require(message.x_size() == message.y_size(), "y", message.y_size(),
                   "needs as many as x, " + std::to_string(message.x_size()));
    cursor.require(message.z_size() == 0 || message.z_size() == message.x_size(), "z", message.z_size(),
                   "needs as many as x, " + std::to_string(message.x_size()));
    for (int i = 0; i < message.x_size(); ++i)
      places.push_back({message.x(i), message.y(i), message.z_size() > 0 ? message.z(i) : 0});
    return places;
  }
  if (message.x_size() + message.y_size() + message.z_size() > 0)
    cursor.at("path").refuse("path", "cannot stand beside x, y or z");
  const std::string path = decode_path(cursor, folder, message.path()).string();
  const NumberTable table = read_number_table(path, {FirstRow::kGuess, ColumnChoice::known({"x", "y", "z"})});
  const std::size_t width = table.matrix.columns;
  const std::vector<std::string> names{"x", "y", "z"};
  if (width < 2 || width > 3 ||
      (!table.names.empty() && !std::equal(table.names.begin(), table.names.end(), names.begin())))
    throw InputError(path + ": must have the columns x, y and maybe z");
  for (std::size_t i = 0; i < table.matrix.rows; ++i)
    places.push_back({table.matrix(i, 0), table.matrix(i, 1), width == 3 ? table.matrix(i, 2) : 0});
  return places;
}

/// Sides in x, y and maybe z.
Torus decode_extent(const Cursor& cursor) {
  const auto& message = cursor.as<Positions>();
  if (message.extent_size() == 0) return {};
  cursor.require(message.extent_size() == 2 || message.extent_size() == 3, "extent", message.extent_size(),
                 "must be two or three numbers");
  for (const double side : message.extent())
    cursor.require(side > 0 && side <= 1e9, "extent", side, "sides must be > 0 and at most 1e9");
  Torus box{message.extent(0), message.extent(1)};
  if (message.extent_size() == 3) box.z = message.extent(2);
  return box;
}

PlacementSpec decode_placement(const Cursor& cursor, const std::filesystem::path& folder,
                               std::uint32_t size) {
  PlacementSpec placement{read_positions(cursor, folder), decode_extent(cursor)};
  if (placement.positions.size() != size)
    cursor.field().refuse(std::to_string(placement.positions.size()) + " positions",
                          "the population has " + std::to_string(size) + " neurons");
  for (const Position& p : placement.positions)
    for (const double coordinate : {p.x, p.y, p.z})
      if (!(std::abs(coordinate) <= 1e9))
        cursor.field().refuse(chronotope::to_string(coordinate), "coordinates must be from -1e9 to 1e9");
  return placement;
}

PopulationSpec decode_population(const Cursor& cursor, const std::filesystem::path& folder) {
  const auto& message = cursor.as<Population>();
  PopulationSpec population{message.name(), message.size(), {}, {}, cursor.field()};
  require_name(cursor, message.name());
  if (!message.has_size()) cursor.at("size").refuse("nothing", "must be given; 0 is allowed");
  if (message.has_grid()) {
    const Grid& grid = message.grid();
    population.lattice =
        LatticeSpec{grid.x(), grid.y(), grid.z(), grid.lattice().empty() ? message.name() : grid.lattice()};
    cursor.require(
        population.lattice->sites() > 0 && population.lattice->sites() < 1ULL << 32, "grid",
        std::to_string(grid.x()) + " x " + std::to_string(grid.y()) + " x " + std::to_string(grid.z()),
        "every side must be > 0, less than 2^32 sites");
  }
  if (message.has_positions()) {
    if (message.has_grid()) cursor.at("positions").refuse("positions", "cannot stand beside a grid");
    population.placement = decode_placement(cursor.nested("positions"), folder, message.size());
  }
  const std::string model = cursor.choice("model");
  population.model = decode_model(model, cursor.nested(model));
  return population;
}

PoissonSpec decode_poisson(const Cursor& cursor, std::uint32_t channels) {
  const auto& message = cursor.as<Poisson>();
  if (!message.has_rate()) cursor.at("rate").refuse("nothing", "must be given [Hz]");
  PoissonSpec poisson{decode_distribution(cursor.nested("rate")),
                      decode_time(cursor, "start", message.start())};
  check_value_count(poisson.rate, channels, "input", "channels");
  if (message.has_stop()) poisson.stop = decode_time(cursor, "stop", message.stop());
  return poisson;
}

RegularSpec decode_regular(const Cursor& cursor, std::uint32_t channels) {
  const auto& message = cursor.as<Regular>();
  if (!message.has_interval()) cursor.at("interval").refuse("nothing", "must be given [ms]");
  RegularSpec regular{decode_distribution(cursor.nested("interval")), {}};
  if (message.has_start()) regular.start = decode_distribution(cursor.nested("start"));
  check_value_count(regular.interval, channels, "input", "channels");
  if (regular.start) check_value_count(*regular.start, channels, "input", "channels");
  if (message.has_stop()) regular.stop = decode_time(cursor, "stop", message.stop());
  return regular;
}

constexpr Range kRate{"must be from 0 to 1e9 Hz", [](double v) { return v >= 0 && v <= 1e9; }};

/// The file an input names.
std::filesystem::path decode_path(const Cursor& source, const std::filesystem::path& folder,
                                  const std::string& path) {
  source.require(!path.empty(), "path", path, "must name a file");
  std::error_code unknown;  // what can not be looked at can not be opened either
  source.require(!std::filesystem::is_directory(folder / path, unknown), "path", path,
                 "is a directory, not a file");
  return folder / path;
}

/// Opens what the field `path` names.
std::unique_ptr<InputFile> open_named(const Cursor& cursor, const std::filesystem::path& path) {
  if (!std::ifstream(path))
    cursor.at("path").refuse("'" + path.string() + "'", std::string("cannot read: ") + std::strerror(errno));
  return std::make_unique<InputFile>(path.string());
}

/// One of several times, each later than the one before.
Time decode_later(const Cursor& cursor, const std::string& name, double ms, const Time* before) {
  const Time time = decode_time(cursor, name, ms);
  cursor.require(before == nullptr || *before < time, name, ms, "must be later than the one before");
  return time;
}

/// The times and values of a list, of which there are as many.
template <class Change, class Numbers>
std::vector<Change> decode_changes(const Cursor& cursor, const std::string& times_name, const Numbers& times,
                                   const std::string& values_name, const Numbers& values, const Range& range,
                                   const std::string& refusal) {
  cursor.require(values.size() == times.size(), values_name, values.size(),
                 "as many as " + times_name + ", " + std::to_string(times.size()));
  std::vector<Change> changes;
  for (int k = 0; k < times.size(); ++k) {
    const Time time =
        decode_later(cursor, times_name, times[k], changes.empty() ? nullptr : &changes.back().time);
    cursor.require(range.holds(values[k]), values_name, values[k], refusal);
    changes.push_back({time, values[k]});
  }
  return changes;
}

/// The times and rates of a list: ascending, >= 0.
std::vector<RateChange> decode_rate_list(const Cursor& cursor) {
  const auto& message = cursor.as<InhomogeneousPoisson>();
  if (message.rate_times_size() == 0)
    cursor.at("rate_times").refuse("nothing", "must be given [ms], with rate_values [Hz], or a path");
  return decode_changes<RateChange>(cursor, "rate_times", message.rate_times(), "rate_values",
                                    message.rate_values(), kRate, kRate.text);
}

/// One row of changes for all channels, or one for each.
std::vector<std::vector<RateChange>> read_rate_file(const Cursor& cursor, const std::filesystem::path& path,
                                                    std::uint32_t channels, std::uint64_t& rounded_times) {
  const auto file = open_named(cursor, path);
  const RateTable table = read_rates(file->stream(), path.string());
  std::vector<std::vector<RateChange>> rates(table.has_channels ? channels : 1);
  for (const RateTable::Row& row : table.rows) {
    if (row.channel >= rates.size())
      cursor.at("path").refuse("channel " + std::to_string(row.channel),
                               "must be below the input's size, " + std::to_string(channels));
    rates[row.channel].push_back(row.change);
    rounded_times += row.is_rounded ? 1 : 0;
  }
  return rates;
}

InhomogeneousPoissonSpec decode_inhomogeneous(const Cursor& cursor, const std::filesystem::path& folder,
                                              std::uint32_t channels, std::uint64_t& rounded_times) {
  const auto& message = cursor.as<InhomogeneousPoisson>();
  InhomogeneousPoissonSpec spec;
  if (message.path().empty()) {
    spec.rates.push_back(decode_rate_list(cursor));
  } else {
    for (const char* listed : {"rate_times", "rate_values"})
      if (message.GetReflection()->FieldSize(message, message.GetDescriptor()->FindFieldByName(listed)) > 0)
        cursor.at(listed, 0).refuse(listed, "cannot stand beside path");
    spec.rates = read_rate_file(cursor, decode_path(cursor, folder, message.path()), channels, rounded_times);
  }
  if (message.has_stop()) spec.stop = decode_time(cursor, "stop", message.stop());
  return spec;
}

/// The times and amplitudes of a list: ascending, within the range of currents.
std::vector<CurrentChange> decode_amplitudes(const Cursor& cursor) {
  const auto& message = cursor.as<StepCurrent>();
  return decode_changes<CurrentChange>(cursor, "times", message.times(), "amplitudes", message.amplitudes(),
                                       kFinite, std::string(kFinite.text) + " pA");
}

/// The neurons that a current names, of so many; nothing: all.
std::optional<std::vector<std::uint32_t>> decode_neurons(const Cursor& cursor, std::uint32_t size) {
  const std::string& text = cursor.as<StepCurrent>().neurons();
  if (text.empty()) return std::nullopt;
  const auto spans = read_neuron_list(text);
  cursor.require(spans.has_value(), "neurons", text, "must be as 3 or 0-9 or 3,10-19, ascending");
  cursor.require(spans->back().last < size, "neurons", text,
                 "must be below the population's size, " + std::to_string(size));
  std::vector<std::uint32_t> neurons;
  for (const auto& [first, last] : *spans)
    for (std::uint32_t n = first; n <= last; ++n) neurons.push_back(n);
  return neurons;
}

/// A current for each channel that has one, channel i into the i-th of the neurons; without channels one for all.
/// Memory: linear in rows and neurons.
std::vector<StepCurrentSpec> read_current_file(const Cursor& cursor, const std::filesystem::path& path,
                                               const StepCurrentSpec& common, std::uint32_t size,
                                               std::uint64_t& rounded_times) {
  const auto file = open_named(cursor, path);
  CurrentTable table = read_currents(file->stream(), path.string());
  const std::size_t neurons = common.neurons ? common.neurons->size() : size;
  std::map<std::uint32_t, std::vector<CurrentChange>> changes;
  for (const CurrentTable::Row& row : table.rows) {
    if (table.has_channels && row.channel >= neurons)
      cursor.at("path").refuse("channel " + std::to_string(row.channel),
                               "must be below the number of its neurons, " + std::to_string(neurons));
    changes[row.channel].push_back(row.change);
    rounded_times += row.is_rounded ? 1 : 0;
  }
  std::vector<StepCurrentSpec> each;
  for (auto& [channel, own] : changes) {
    std::optional<std::vector<std::uint32_t>> into;
    if (table.has_channels)
      into = {common.neurons ? (*common.neurons)[channel] : channel};
    else
      into = common.neurons;
    each.push_back({std::move(into), std::move(own), common.field});
  }
  return each;
}

/// The smallest value of a distribution; minus infinity when there is none.
double least_value(const ParameterDistribution& distribution) {
  const double infinity = std::numeric_limits<double>::infinity();
  double least = -infinity;
  if (const auto constant = distribution.constant()) least = *constant;
  if (const auto* uniform = std::get_if<Uniform>(&distribution.kind())) least = uniform->low;
  if (std::holds_alternative<Gamma>(distribution.kind())) least = 0;
  if (const auto* lognormal = std::get_if<Lognormal>(&distribution.kind()); lognormal && lognormal->mean > 0)
    least = 0;
  return std::max(least, distribution.min());
}

CorrelatedPoissonSpec decode_correlated(const Cursor& cursor) {
  const auto& message = cursor.as<CorrelatedPoisson>();
  if (!message.has_rate()) cursor.at("rate").refuse("nothing", "must be given [Hz]");
  if (!message.has_p_copy()) cursor.at("p_copy").refuse("nothing", "must be given");
  CorrelatedPoissonSpec spec{message.rate(), message.p_copy()};
  cursor.require(kRate.holds(spec.rate), "rate", spec.rate, kRate.text);
  cursor.require(spec.p_copy == 0 || (spec.p_copy >= 1e-6 && spec.p_copy <= 1), "p_copy", spec.p_copy,
                 "must be 0, or from 1e-6 to 1");
  if (message.has_jitter()) {
    spec.jitter = decode_distribution(cursor.nested("jitter"));
    spec.least_jitter = least_value(spec.jitter->value);
    if (std::holds_alternative<Values>(spec.jitter->value.kind()))
      cursor.at("jitter").refuse("values", "must be a distribution, one draw for each spike");
    if (!std::isfinite(spec.least_jitter))
      cursor.at("jitter").refuse("no smallest value", "must have one: give min");
  }
  spec.start = decode_time(cursor, "start", message.start());
  if (message.has_stop()) spec.stop = decode_time(cursor, "stop", message.stop());
  return spec;
}

void check_channel(const Cursor& input, const std::string& source, std::uint32_t channel) {
  const std::uint32_t size = input.as<Input>().size();
  if (channel >= size)
    input.at(source).refuse("channel " + std::to_string(channel),
                            "must be below the input's size, " + std::to_string(size));
}

SpikeListSpec decode_spike_times(const Cursor& cursor) {
  const auto& message = cursor.as<Input>();
  SpikeListSpec list;
  for (int i = 0; i < message.spike_times_size(); ++i) {
    const Cursor train = cursor.nested("spike_times", i);
    const SpikeTimes& times = message.spike_times(i);
    train.require(times.neuron() < message.size(), "neuron", times.neuron(),
                  "must be below the input's size, " + std::to_string(message.size()));
    for (const double t : times.times())
      list.spikes.push_back({decode_time(train, "times", t), times.neuron()});
  }
  return list;
}

SpikeListSpec read_csv_spikes(const Cursor& cursor, const std::filesystem::path& path,
                              std::uint64_t& rounded_times) {
  const auto file = open_named(cursor.nested("csv"), path);
  SpikeListSpec list;
  for (const ChannelEvent& event : read_channel_events(file->stream(), path.string()).events) {
    check_channel(cursor, "csv", event.channel);
    list.spikes.push_back({event.time, event.channel});
    rounded_times += event.is_rounded ? 1 : 0;
  }
  return list;
}

SpikeListSpec read_stream_spikes(const Cursor& cursor, const std::filesystem::path& path,
                                 DecodedSpec& decoded) {
  const SpikeRecording recording =
      read_spike_recording(path.string(), cursor.as<Input>().spike_stream().population());
  SpikeListSpec list;
  for (const PopulationSpike& spike : recording.spikes) {
    check_channel(cursor, "spike_stream", spike.neuron);
    list.spikes.push_back({spike.time, spike.neuron});
  }
  if (!decoded.marks_of.insert(path).second) return list;
  decoded.stimuli.insert(decoded.stimuli.end(), recording.stimuli.begin(), recording.stimuli.end());
  return list;
}

InputSpec decode_input(const Cursor& cursor, const std::filesystem::path& folder, DecodedSpec& decoded) {
  const auto& message = cursor.as<Input>();
  require_name(cursor, message.name());
  if (!message.has_size()) cursor.at("size").refuse("nothing", "must be given; 0 is allowed");
  InputSpec input{message.name(), message.size(), SpikeListSpec{}, cursor.field()};
  if (message.spike_times_size() > 0) {
    if (message.source_case() != Input::SOURCE_NOT_SET)
      cursor.at("spike_times", 0).refuse("spike_times", "cannot stand beside " + cursor.choice("source"));
    input.source = decode_spike_times(cursor);
  } else if (message.source_case() != Input::SOURCE_NOT_SET) {
    const std::string source = cursor.choice("source");
    if (source == "poisson") input.source = decode_poisson(cursor.nested(source), message.size());
    if (source == "inhomogeneous_poisson")
      input.source =
          decode_inhomogeneous(cursor.nested(source), folder, message.size(), decoded.rounded_times);
    if (source == "correlated_poisson") input.source = decode_correlated(cursor.nested(source));
    if (source == "regular") input.source = decode_regular(cursor.nested(source), message.size());
    if (source == "csv")
      input.source = read_csv_spikes(cursor, decode_path(cursor.nested(source), folder, message.csv().path()),
                                     decoded.rounded_times);
    if (source == "spike_stream")
      input.source = read_stream_spikes(
          cursor, decode_path(cursor.nested(source), folder, message.spike_stream().path()), decoded);
  }
  if (auto* list = std::get_if<SpikeListSpec>(&input.source))
    std::sort(list->spikes.begin(), list->spikes.end());
  return input;
}

/// The events of a list or file, in order of time.
std::vector<RewardEvent> decode_reward_events(const Cursor& cursor, const std::filesystem::path& folder,
                                              double amount, std::uint64_t& rounded_times) {
  const auto& message = cursor.as<Reward>();
  std::vector<RewardEvent> events;
  if (message.has_csv()) {
    const auto path = decode_path(cursor.nested("csv"), folder, message.csv().path());
    const auto file = open_named(cursor.nested("csv"), path);
    for (const StatedReward& stated : read_reward_events(file->stream(), path.string())) {
      events.push_back(stated.event);
      rounded_times += stated.is_rounded ? 1 : 0;
    }
  }
  if (message.has_spike_stream()) {
    const auto path = decode_path(cursor.nested("spike_stream"), folder, message.spike_stream().path());
    for (const PopulationSpike& spike : read_spike_recording(path.string()).spikes)
      events.push_back({spike.time, amount});
  }
  for (int i = 0; i < message.times_size(); ++i) {
    const double own = message.amounts_size() > 0 ? message.amounts(i) : amount;
    if (!std::isfinite(own)) cursor.at("amounts", i).refuse(to_string(own), "must be a finite number");
    events.push_back({decode_time(cursor, "times", message.times(i)), own});
  }
  std::sort(events.begin(), events.end());
  return events;
}

RewardSpec decode_reward(const Cursor& cursor, const std::filesystem::path& folder,
                         std::uint64_t& rounded_times) {
  const auto& message = cursor.as<Reward>();
  RewardSpec reward;
  reward.name = message.name();
  reward.field = cursor.field();
  cursor.require(!reward.name.empty(), "name", reward.name, "must not be empty");
  reward.tau_n = message.has_tau_n() ? message.tau_n() : 200;
  cursor.require(reward.tau_n > 0 && std::isfinite(reward.tau_n), "tau_n", reward.tau_n, "must be > 0 ms");
  reward.amount = message.has_amount() ? message.amount() : 1;
  cursor.require_finite("amount", reward.amount);
  const bool listed = message.times_size() > 0;
  if (listed && message.source_case() != Reward::SOURCE_NOT_SET)
    cursor.at("times").refuse("times", "cannot stand beside " + cursor.choice("source"));
  cursor.require(message.amounts_size() == 0 || message.amounts_size() == message.times_size(), "amounts",
                 message.amounts_size(), "as many as times, " + std::to_string(message.times_size()));
  if (message.source_case() != Reward::kPopulation) {
    if (message.has_delay()) cursor.at("delay").refuse("delay", "belongs to a reward from a population");
    reward.events = decode_reward_events(cursor, folder, reward.amount, rounded_times);
    return reward;
  }
  const double delay = message.has_delay() ? message.delay() : 1;
  cursor.require(kDelay.holds(delay), "delay", delay, kDelay.text);
  reward.delay = stated_duration(delay);
  return reward;
}

ScalingSpec decode_scaling(const Cursor& cursor) {
  const auto& message = cursor.as<Scaling>();
  ScalingSpec scaling;
  cursor.require(message.interval() >= 1e-3 && message.interval() <= Time::kMaxMs, "interval",
                 message.interval(), "must be from 1e-3 to 1e12 ms");
  scaling.interval = stated_duration(message.interval());
  if (message.has_target_sum() == message.has_target_rate())
    cursor.at("target_sum")
        .refuse(message.has_target_sum() ? "target_sum and target_rate" : "nothing",
                "must give one of target_sum target_rate");
  if (message.has_target_sum()) scaling.target_sum = decode_distribution(cursor.nested("target_sum"));
  if (message.has_target_rate()) scaling.target_rate = decode_distribution(cursor.nested("target_rate"));
  if (message.has_target_sum() && message.has_tau()) cursor.at("tau").refuse("tau", "belongs to target_rate");
  scaling.tau = message.has_tau() ? message.tau() : 1e5;
  cursor.require(scaling.tau > 0 && std::isfinite(scaling.tau), "tau", scaling.tau, "must be > 0 ms");
  return scaling;
}

SynapseListSpec decode_synapses(const Cursor& cursor, std::uint32_t sources, std::uint32_t targets) {
  const auto& message = cursor.as<Projection>();
  SynapseListSpec list;
  for (int i = 0; i < message.synapses_size(); ++i) {
    const Cursor at = cursor.nested("synapses", i);
    const Synapse& s = message.synapses(i);
    at.require(s.source() < sources, "source", s.source(), "must be below " + std::to_string(sources));
    at.require(s.target() < targets, "target", s.target(), "must be below " + std::to_string(targets));
    at.require(kFinite.holds(s.weight()), "weight", s.weight(), kFinite.text);
    at.require(kDelay.holds(s.delay()), "delay", s.delay(), kDelay.text);
    list.synapses.push_back({s.source(), s.target(), s.weight(), stated_duration(s.delay())});
  }
  return list;
}

/// What may differ from synapse to synapse of those that a message's fields give.
void add_constants(const Message& message, std::vector<std::string>& names) {
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message.GetDescriptor()->field(i);
    if (!field->is_repeated() && field->message_type() == Distribution::descriptor())
      names.push_back(parameter_name(field->name()));
  }
}

/// The columns that a projection's file may have beside source and target.
std::vector<std::string> column_names(const Cursor& cursor) {
  std::vector<std::string> names{"weight", "delay", "dendritic_delay", "dendritic_fraction"};
  const auto& message = cursor.as<Projection>();
  if (message.plasticity_case() != Projection::PLASTICITY_NOT_SET)
    add_constants(cursor.nested(cursor.choice("plasticity")).message(), names);
  if (message.has_short_term()) add_constants(message.short_term(), names);
  if (message.has_modulation()) add_constants(message.modulation(), names);
  return names;
}

void require_in_table(const std::string& file, std::size_t row, const std::string& column, double value,
                      bool holds, const std::string& allowed) {
  if (!holds)
    throw FieldError({file}, "row " + std::to_string(row) + " (from 0): " + column,
                     chronotope::to_string(value), allowed);
}

/// The pairs of the file; its columns stay behind.
SynapsePairsSpec take_pairs(const Cursor& cursor, const std::string& file, std::uint32_t sources,
                            std::uint32_t targets, SynapseTable& table) {
  const bool transposed = cursor.as<SynapseFile>().transposed();
  cursor.require(!transposed || table.matrix, "transposed", std::string("true"),
                 "goes with a sparse matrix; tables name their columns");
  if (transposed) std::swap(table.source, table.target);
  if (table.matrix) {
    if (transposed) std::swap(table.matrix->rows, table.matrix->columns);
    if (table.matrix->rows != sources || table.matrix->columns != targets)
      throw InputError(file + ": the matrix is of " + std::to_string(table.matrix->rows) + " sources and " +
                       std::to_string(table.matrix->columns) + " targets, the projection of " +
                       std::to_string(sources) + " and " + std::to_string(targets) +
                       " (transposed: true reads rows as targets)");
  }
  for (std::size_t row = 0; row < table.source.size(); ++row) {
    require_in_table(file, row, "source", table.source[row], table.source[row] < sources,
                     "must be below the size of the source, " + std::to_string(sources));
    require_in_table(file, row, "target", table.target[row], table.target[row] < targets,
                     "must be below the size of the target, " + std::to_string(targets));
  }
  return {std::move(table.source), std::move(table.target)};
}

/// One value for each synapse.
ParameterSpec values_of(SynapseTable::Column& column, const std::string& file) {
  for (std::size_t row = 0; row < column.value.size(); ++row) {
    const double v = column.value[row];
    if (column.name == "weight") require_in_table(file, row, column.name, v, kFinite.holds(v), kFinite.text);
    if (column.name == "delay") require_in_table(file, row, column.name, v, kDelay.holds(v), kDelay.text);
  }
  return {ParameterDistribution(Values{std::move(column.value)}), Field{"column " + column.name, {file, 0}}};
}

/// What the specification gives stands instead of the file's columns.
void take_columns(const Cursor& cursor, const std::string& file, SynapseTable& table,
                  ProjectionSpec& projection) {
  const std::vector<std::string> allowed = column_names(cursor);
  bool has_weight = cursor.has("weight");
  const bool has_part = cursor.has("dendritic_delay") || cursor.has("dendritic_fraction");
  for (SynapseTable::Column& column : table.columns) {
    if (std::find(allowed.begin(), allowed.end(), column.name) == allowed.end())
      throw InputError(file + ": column " + in_quotes(column.name) +
                       " is none of a synapse: " + suggest(column.name, allowed));
    ParameterSpec values = values_of(column, file);
    const std::string& name = column.name;
    if (name == "weight") {
      if (!has_weight) projection.weight = std::move(values);
      has_weight = true;
    } else if (name == "delay") {
      if (!cursor.has("delay")) projection.delay = std::move(values);
    } else if (name.starts_with("dendritic_")) {
      auto& part = name == "dendritic_delay" ? projection.dendritic_delay : projection.dendritic_fraction;
      if (!has_part) part = std::move(values);
    } else {
      projection.rule.parameters.try_emplace(name, std::move(values));
    }
  }
  if (projection.dendritic_delay && projection.dendritic_fraction)
    throw InputError(file + ": the columns dendritic_delay and dendritic_fraction cannot stand together");
  if (!has_weight)
    cursor.at("weight").refuse("nothing", "must be given [pA or mV]; " + file + " has no column weight");
}

/// The seed of each part: its own, or the network's; delays are drawn with the wiring.
DrawSeeds decode_seeds(const NetworkSpec& message) {
  const std::uint64_t seed = message.seed();
  const Seeds& own = message.seeds();
  DrawSeeds seeds;
  seeds.wiring = own.has_wiring() ? own.wiring() : seed;
  seeds.delays = own.has_delays() ? own.delays() : seeds.wiring;
  seeds.neurons = own.has_neurons() ? own.neurons() : seed;
  seeds.learning = own.has_learning() ? own.learning() : seed;
  seeds.order = own.has_order() ? own.order() : seed;
  return seeds;
}

/// Decodes one network: what populations are called, and everything that refers to them.
class NetworkDecoder {
 public:
  explicit NetworkDecoder(const SpecText& text)
      : text_(text), root_(text.message, &text.lines, text.assigned, Field{"network", {text.name, 0}}) {}

  DecodedSpec decode() {
    NetworkDescription& network = result_.network;
    network.seed = text_.message.seed();
    network.seeds = decode_seeds(text_.message);
    result_.rounded_times = count_rounded_times(text_.message);
    for (int i = 0; i < text_.message.population_size(); ++i) {
      network.populations.push_back(
          decode_population(named("population", i, text_.message.population(i).name()), text_.folder));
      add_name(network.populations.back().name, network.populations.back().field);
    }
    if (network.populations.empty())
      Field{"population", {text_.name, 0}}.refuse("nothing", "at least one is needed");
    for (int i = 0; i < text_.message.input_size(); ++i) {
      network.inputs.push_back(
          decode_input(named("input", i, text_.message.input(i).name()), text_.folder, result_));
      add_name(network.inputs.back().name, network.inputs.back().field);
    }
    check_lattices();
    for (int i = 0; i < text_.message.reward_size(); ++i) decode_reward(i);
    for (int i = 0; i < text_.message.current_size(); ++i) decode_current(i);
    for (int i = 0; i < text_.message.projection_size(); ++i)
      network.projections.push_back(decode_projection(i));
    for (int i = 0; i < text_.message.recorder_size(); ++i) result_.recorders.push_back(decode_recorder(i));
    return std::move(result_);
  }

 private:
  /// The i-th population, input or projection, named in errors by its name.
  Cursor named(const std::string& kind, int i, const std::string& name) const {
    const Cursor plain = root_.nested(kind, i);
    Field field = plain.field();
    field.path = kind + (name.empty() || !is_plain_name(name) ? "[" + std::to_string(i) + "]" : " " + name);
    const auto* descriptor = NetworkSpec::descriptor()->FindFieldByName(kind);
    return {plain.message(), text_.lines.GetTreeForNested(descriptor, i), text_.assigned, field};
  }

  void add_name(const std::string& name, const Field& field) {
    if (!number_of_.emplace(name, static_cast<std::uint32_t>(names_.size())).second)
      (field / "name").refuse("'" + name + "'", "names must be unique");
    names_.push_back(name);
  }

  std::uint32_t find(const Cursor& cursor, const std::string& end, const std::string& name,
                     std::size_t count) const {
    if (const auto found = number_of_.find(name); found != number_of_.end() && found->second < count)
      return found->second;
    std::string allowed = "must be one of";
    for (std::size_t n = 0; n < count; ++n) allowed += " " + names_[n];
    cursor.at(end).refuse("'" + name + "'", allowed);
  }

  void check_lattices() const {
    struct Lattice {
      const PopulationSpec* first;
      std::uint64_t neurons;
    };
    std::map<std::string, Lattice> lattices;
    for (const PopulationSpec& population : result_.network.populations) {
      if (!population.lattice) continue;
      Lattice& lattice =
          lattices.try_emplace(population.lattice->name, Lattice{&population, 0}).first->second;
      lattice.neurons += population.size;
      const auto& shape = *lattice.first->lattice;
      if (population.lattice->x != shape.x || population.lattice->y != shape.y ||
          population.lattice->z != shape.z)
        (population.field / "grid")
            .refuse("another shape", "populations on one lattice must give the same x, y and z");
    }
    for (const auto& [name, lattice] : lattices)
      if (lattice.neurons > lattice.first->lattice->sites())
        (lattice.first->field / "grid")
            .refuse(std::to_string(lattice.first->lattice->sites()) + " sites",
                    "lattice " + name + " holds " + std::to_string(lattice.neurons) + " neurons");
  }

  ProjectionSpec decode_projection(int i) {
    const Projection& message = text_.message.projection(i);
    std::string name = message.source() + "->" + message.target();
    const int same = ++between_[{message.source(), message.target()}];
    if (same > 1) name += "#" + std::to_string(same);
    const Cursor cursor = named("projection", i, name);
    ProjectionSpec projection;
    projection.name = name;
    projection.field = cursor.field();
    projection.source = find(cursor, "source", message.source(), names_.size());
    projection.target = find(cursor, "target", message.target(), result_.network.populations.size());
    decode_wiring(cursor, projection);
    if (message.symmetric()) require_symmetry(cursor, projection);
    projection.symmetric = message.symmetric();
    projection.autapses = message.has_allow_autapses() ? message.allow_autapses() : !message.has_distance();
    projection.multapses = !message.has_allow_multapses() || message.allow_multapses();
    if (const auto* rule = std::get_if<FixedTotalSpec>(&projection.wiring))
      check_fixed_total(cursor, projection, rule->total);
    decode_values(cursor, projection);
    if (message.has_receptor()) projection.receptor = message.receptor();
    projection.rule = {std::string(kStaticRule), {}, {}, cursor.field()};
    if (message.plasticity_case() != Projection::PLASTICITY_NOT_SET) {
      const std::string rule = cursor.choice("plasticity");
      projection.rule = decode_model(rule, cursor.nested(rule));
    }
    if (message.has_short_term()) add_short_term(cursor.nested("short_term"), projection.rule);
    for (const char* field : {"modulation", "scaling"})
      if (cursor.has(field) && message.plasticity_case() == Projection::PLASTICITY_NOT_SET)
        cursor.at(field).refuse(field, "needs a rule:" + cursor.choices("plasticity"));
    if (message.has_modulation()) add_modulation(cursor.nested("modulation"), projection);
    if (message.has_scaling()) projection.scaling = decode_scaling(cursor.nested("scaling"));
    if (message.has_synapse_file()) read_synapses(cursor, projection);
    return projection;
  }

  RecorderSpec decode_recorder(int i) const {
    const Cursor cursor = named("recorder", i, "");
    const auto& message = cursor.as<Recorder>();
    RecorderSpec recorder;
    recorder.field = cursor.field();
    recorder.population =
        find(cursor, "population", message.population(), result_.network.populations.size());
    const std::uint32_t size = result_.network.populations[recorder.population].size;
    for (const std::uint32_t neuron : message.neuron()) {
      cursor.require(neuron < size, "neuron", neuron,
                     "must be below the population's size, " + std::to_string(size));
      recorder.neurons.push_back(neuron);
    }
    for (const int quantity : message.record()) {
      recorder.potentials = recorder.potentials || quantity == Recorder::V_m;
      recorder.currents = recorder.currents || quantity == Recorder::I_syn;
      recorder.rate = recorder.rate || quantity == Recorder::rate;
    }
    if (!recorder.potentials && !recorder.currents && !recorder.rate)
      cursor.at("record").refuse("nothing", "must be some of V_m I_syn rate");
    decode_recorded_times(cursor, recorder);
    return recorder;
  }

  static void decode_recorded_times(const Cursor& cursor, RecorderSpec& recorder) {
    const auto& message = cursor.as<Recorder>();
    if (message.has_every() == (message.times_size() > 0))
      cursor.at("every").refuse(message.has_every() ? "every and times" : "nothing",
                                "must give one of every times");
    if (message.has_every()) {
      cursor.require(message.every() >= 1e-3 && message.every() <= Time::kMaxMs, "every", message.every(),
                     "must be from 1e-3 to 1e12 ms");
      recorder.every = stated_duration(message.every());
    } else if (recorder.rate) {
      cursor.at("every").refuse("nothing",
                                "must be given for a rate: it is the mean since one `every` before");
    }
    for (const double time : message.times()) {
      recorder.times.push_back(
          decode_later(cursor, "times", time, recorder.times.empty() ? nullptr : &recorder.times.back()));
    }
  }

  void decode_reward(int i) {
    const Cursor cursor = named("reward", i, text_.message.reward(i).name());
    RewardSpec reward = proto::decode_reward(cursor, text_.folder, result_.rounded_times);
    cursor.require(rewards_.insert(reward.name).second, "name", reward.name,
                   "names of rewards must be unique");
    if (text_.message.reward(i).source_case() == Reward::kPopulation)
      reward.population = find(cursor, "population", text_.message.reward(i).population(),
                               result_.network.populations.size());
    result_.network.rewards.push_back(std::move(reward));
  }

  void decode_current(int i) {
    const Cursor cursor = named("current", i, text_.message.current(i).name());
    const auto& message = cursor.as<StepCurrent>();
    require_name(cursor, message.name());
    cursor.require(currents_.insert(message.name()).second, "name", message.name(),
                   "names of currents must be unique");
    PopulationSpec& population = result_.network.populations[find(cursor, "population", message.population(),
                                                                  result_.network.populations.size())];
    StepCurrentSpec current{decode_neurons(cursor, population.size), {}, cursor.field()};
    if (message.path().empty()) {
      current.changes = decode_amplitudes(cursor);
      population.currents.push_back(std::move(current));
      return;
    }
    for (const char* listed : {"times", "amplitudes"})
      if (message.GetReflection()->FieldSize(message, message.GetDescriptor()->FindFieldByName(listed)) > 0)
        cursor.at(listed, 0).refuse(listed, "cannot stand beside path");
    std::vector<StepCurrentSpec> read =
        read_current_file(cursor, decode_path(cursor, text_.folder, message.path()), current, population.size,
                          result_.rounded_times);
    std::ranges::move(read, std::back_inserter(population.currents));
  }

  /// The rule takes the constants of the trace and of the reward as its own.
  void add_modulation(const Cursor& cursor, ProjectionSpec& projection) const {
    const std::string& name = cursor.as<Modulation>().reward();
    std::string allowed = "must be the name of a reward:";
    const auto& rewards = result_.network.rewards;
    for (std::uint32_t r = 0; r < rewards.size(); ++r) {
      allowed += " " + rewards[r].name;
      if (rewards[r].name == name) projection.reward = r;
    }
    cursor.require(projection.reward.has_value(), "reward", name, allowed);
    auto& parameters = projection.rule.parameters;
    parameters.merge(decode_model("modulation", cursor).parameters);
    parameters["tau_n"] = {ParameterDistribution(Constant{rewards[*projection.reward].tau_n}),
                           rewards[*projection.reward].field / "tau_n"};
  }

  /// A rule under short-term plasticity is another rule, with the parameters of both.
  static void add_short_term(const Cursor& cursor, ModelSpec& rule) {
    rule.kind = under_short_term(rule.kind);
    rule.parameters.merge(decode_model("short_term", cursor).parameters);
  }

  void decode_wiring(const Cursor& cursor, ProjectionSpec& projection) const {
    const auto& message = cursor.as<Projection>();
    const std::uint32_t sources = result_.network.size_of(projection.source);
    const std::uint32_t targets = result_.network.size_of(projection.target);
    if (message.synapses_size() > 0) {
      if (message.wiring_case() != Projection::WIRING_NOT_SET)
        cursor.at("synapses", 0).refuse("synapses", "cannot stand beside " + cursor.choice("wiring"));
      projection.wiring = decode_synapses(cursor, sources, targets);
      return;
    }
    const std::string wiring = cursor.choice("wiring");
    const Cursor rule = cursor.nested(wiring);
    for (const char* number : {"indegree", "outdegree", "N", "p", "C"})
      if (rule.lacks(number)) rule.at(number).refuse("nothing", "must be given; it may be 0");
    if (wiring == "all_to_all") projection.wiring = AllToAllSpec{};
    if (wiring == "synapse_file") projection.wiring = SynapsePairsSpec{};  // filled at the end
    if (wiring == "fixed_indegree")
      projection.wiring = FixedIndegreeSpec{message.fixed_indegree().indegree()};
    if (wiring == "fixed_outdegree")
      projection.wiring = FixedOutdegreeSpec{message.fixed_outdegree().outdegree()};
    if (wiring == "fixed_total") projection.wiring = FixedTotalSpec{message.fixed_total().n()};
    if (wiring == "one_to_one") {
      cursor.require(sources == targets, "one_to_one", sources,
                     "needs equal sizes; the target has " + std::to_string(targets));
      projection.wiring = OneToOneSpec{};
    }
    if (wiring == "pairwise_bernoulli") projection.wiring = decode_bernoulli(rule);
    if (wiring == "distance") projection.wiring = decode_distance(cursor, rule, projection);
  }

  /// Last: what is given beside the file is known.
  void read_synapses(const Cursor& cursor, ProjectionSpec& projection) const {
    const Cursor rule = cursor.nested("synapse_file");
    const ArrayPath where(decode_path(rule, text_.folder, rule.as<SynapseFile>().path()).string());
    InputFile file(where.file);
    SynapseTable table = read_synapse_table(file, where.array);
    projection.wiring = take_pairs(rule, file.name(), result_.network.size_of(projection.source),
                                   result_.network.size_of(projection.target), table);
    if (std::get<SynapsePairsSpec>(projection.wiring).source.empty()) return;  // of which nothing is drawn
    take_columns(cursor, file.name(), table, projection);
  }

  static void require_symmetry(const Cursor& cursor, const ProjectionSpec& projection) {
    cursor.require(projection.source == projection.target, "symmetric", std::string("true"),
                   "needs source and target to be one population");
    const auto* bernoulli = std::get_if<PairwiseBernoulliSpec>(&projection.wiring);
    cursor.require(bernoulli != nullptr || std::holds_alternative<DistanceSpec>(projection.wiring) ||
                       std::holds_alternative<AllToAllSpec>(projection.wiring),
                   "symmetric", std::string("true"), "goes with all_to_all, pairwise_bernoulli and distance");
    cursor.require(bernoulli == nullptr || !bernoulli->target_fraction, "symmetric", std::string("true"),
                   "cannot stand beside target_fraction: each neuron of a pair is a target");
  }

  void check_fixed_total(const Cursor& cursor, const ProjectionSpec& projection, std::uint64_t total) const {
    if (!projection.multapses)
      cursor.at("allow_multapses")
          .refuse("false", "must be true for fixed_total, which draws pairs with repetition");
    const bool only_itself = projection.source == projection.target && !projection.autapses &&
                             result_.network.size_of(projection.source) == 1;
    cursor.nested("fixed_total")
        .require(total == 0 || !only_itself, "N", total,
                 "must be 0: without autapses a population of 1 neuron has no pair to connect");
  }

  static PairwiseBernoulliSpec decode_bernoulli(const Cursor& rule) {
    const auto& message = rule.as<PairwiseBernoulli>();
    rule.require(message.p() >= 0 && message.p() <= 1, "p", message.p(), "must lie in [0, 1]");
    PairwiseBernoulliSpec bernoulli{message.p(), {}};
    if (!message.has_target_fraction()) return bernoulli;
    bernoulli.target_fraction = message.target_fraction();
    rule.require(*bernoulli.target_fraction >= 0 && *bernoulli.target_fraction <= 1, "target_fraction",
                 *bernoulli.target_fraction, "must lie in [0, 1]");
    return bernoulli;
  }

  DistanceSpec decode_distance(const Cursor& cursor, const Cursor& rule,
                               const ProjectionSpec& projection) const {
    const auto& message = rule.as<Distance>();
    rule.require(message.c() >= 0 && std::isfinite(message.c()), "C", message.c(), "must be >= 0");
    rule.require(message.lambda() > 0 && std::isfinite(message.lambda()), "lambda", message.lambda(),
                 "must be > 0");
    const auto& populations = result_.network.populations;
    for (const std::uint32_t end : {projection.source, projection.target})
      cursor.require(end < populations.size() && populations[end].has_places(), "distance", names_[end],
                     "needs a population with a grid or positions");
    if (message.periodic())
      require_one_torus(rule, populations[projection.source], populations[projection.target]);
    return {{message.c(), message.lambda(), decode_kernel(message.kernel())}, message.periodic()};
  }

  static KernelShape decode_kernel(Distance::Kernel kernel) {
    switch (kernel) {
      case Distance::GAUSSIAN:
        return KernelShape::kGaussian;
      case Distance::EXPONENTIAL:
        return KernelShape::kExponential;
      case Distance::LINEAR:
        return KernelShape::kLinear;
      default:
        return KernelShape::kMaass;
    }
  }

  static void require_one_torus(const Cursor& rule, const PopulationSpec& source,
                                const PopulationSpec& target) {
    for (const PopulationSpec* population : {&source, &target})
      rule.require(!(population->torus() == Torus{}), "periodic", std::string("true"),
                   "population " + population->name + " needs an extent beside its positions");
    rule.require(source.torus() == target.torus(), "periodic", std::string("true"),
                 source.name + " and " + target.name + " must have one extent, or grids of one shape");
  }

  static void decode_values(const Cursor& cursor, ProjectionSpec& projection) {
    const bool listed = std::holds_alternative<SynapseListSpec>(projection.wiring);
    for (const char* name : {"weight", "delay"})
      if (listed && cursor.has(name)) cursor.at(name).refuse(name, "stands in the explicit list of synapses");
    projection.weight = {ParameterDistribution(), cursor.at("weight")};
    projection.delay = {ParameterDistribution(Constant{1}), cursor.at("delay")};
    if (cursor.has("dendritic_delay"))
      projection.dendritic_delay = decode_distribution(cursor.nested("dendritic_delay"));
    if (cursor.has("dendritic_fraction"))
      projection.dendritic_fraction = decode_distribution(cursor.nested("dendritic_fraction"));
    if (cursor.has("dendritic_delay") && cursor.has("dendritic_fraction"))
      cursor.at("dendritic_fraction").refuse("dendritic_fraction", "cannot stand beside dendritic_delay");
    if (listed) return;
    const bool in_file = std::holds_alternative<SynapsePairsSpec>(projection.wiring);
    if (!cursor.has("weight") && !in_file) cursor.at("weight").refuse("nothing", "must be given [pA or mV]");
    if (cursor.has("weight")) projection.weight = decode_distribution(cursor.nested("weight"));
    if (cursor.has("delay")) projection.delay = decode_distribution(cursor.nested("delay"));
  }

  const SpecText& text_;
  Cursor root_;
  DecodedSpec result_;
  std::vector<std::string> names_;  // populations, then inputs
  std::unordered_map<std::string, std::uint32_t> number_of_;
  std::set<std::string> rewards_;  // names so far
  std::set<std::string> currents_;
  std::map<std::pair<std::string, std::string>, int> between_;  // how many projections there were so far
};

/// What stands in fields called `path`, however deep.
void add_named_files(const Message& message, const std::filesystem::path& folder,
                     std::vector<std::filesystem::path>& files) {
  std::vector<const FieldDescriptor*> fields;
  const auto* reflection = message.GetReflection();
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->name() == "path" && !reflection->GetString(message, field).empty())
      files.emplace_back(ArrayPath((folder / reflection->GetString(message, field)).string()).file);
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) add_named_files(reflection->GetMessage(message, field), folder, files);
    for (int i = 0; field->is_repeated() && i < reflection->FieldSize(message, field); ++i)
      add_named_files(reflection->GetRepeatedMessage(message, field, i), folder, files);
  }
}

}  // namespace

DecodedSpec decode(const SpecText& text) {
  DecodedSpec decoded = NetworkDecoder(text).decode();
  add_named_files(text.message, text.folder, decoded.files);
  return decoded;
}

}  // namespace chronotope::proto
