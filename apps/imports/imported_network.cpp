// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/imports/imported_network.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/models/registry.hpp"
#include "chronotope/apps/output/whole_file.hpp"
#include "chronotope/core/network.hpp"
#include "chronotope/core/plain_name.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/formats/npy.hpp"
#include "chronotope/proto/spec_codec.hpp"
#include "chronotope/proto/text_spec.hpp"

namespace chronotope::apps {
namespace {

bool have_one_delay(const std::vector<SynapseRow>& rows) {
  return std::all_of(rows.begin(), rows.end(),
                     [&](const SynapseRow& row) { return row.delay == rows.front().delay; });
}

/// The columns source, target, weight and maybe delay.
proto::Matrix table_of(const std::vector<SynapseRow>& rows, bool with_delays) {
  proto::Matrix table;
  table.rows = rows.size();
  table.columns = with_delays ? 4 : 3;
  table.values.reserve(table.rows * table.columns);
  for (const SynapseRow& row : rows) {
    table.values.insert(table.values.end(),
                        {static_cast<double>(row.source), static_cast<double>(row.target), row.weight});
    if (with_delays) table.values.push_back(row.delay.ms());
  }
  return table;
}

}  // namespace

Projection& ImportedNetwork::add_projection(const std::string& source, const std::string& target,
                                            const std::vector<SynapseRow>& rows) {
  Projection& projection = *spec.add_projection();
  projection.set_source(source);
  projection.set_target(target);
  const bool has_one_delay = have_one_delay(rows);
  if (has_one_delay && !rows.empty()) projection.mutable_delay()->set_constant(rows.front().delay.ms());
  const std::string name = add_table("synapses", proto::to_npy(table_of(rows, !has_one_delay)));
  projection.mutable_synapse_file()->set_path(name);
  return projection;
}

std::string ImportedNetwork::add_table(const std::string& what, std::string bytes) {
  const auto same = std::count_if(tables_.begin(), tables_.end(), [&](const Table& table) {
    return table.name.find("." + what + "-") != std::string::npos;
  });
  const bool is_text = !bytes.starts_with(proto::kNpyMagic);
  tables_.push_back({fmt::format("{}.{}-{}.{}", out_.stem().string(), what, same, is_text ? "csv" : "npy"),
                     std::move(bytes)});
  return tables_.back().name;
}

void ImportedNetwork::check(const std::string& origin) const {
  proto::SpecText text{spec, origin, {}, {}};
  text.message.clear_projection();
  text.message.clear_input();
  for (Population& population : *text.message.mutable_population()) population.clear_positions();
  build_network(proto::decode(text).network, neuron_kinds(), rule_kinds(), Interrupt::check);
}

std::vector<std::filesystem::path> ImportedNetwork::files() const {
  std::vector<std::filesystem::path> all{out_};
  for (const Table& table : tables_) all.push_back(out_.parent_path() / table.name);
  return all;
}

void ImportedNetwork::write(const std::string& origin) const {
  for (const Table& table : tables_) write_whole(out_.parent_path() / table.name, table.bytes);
  std::string text = "# chronotope import " + printable(origin) + "\n";
  for (const std::string& note : notes) text += "# " + printable(note) + "\n";
  write_whole(out_, text + proto::to_textproto(spec));
}

void set_values(Distribution& to, const std::vector<double>& values) {
  if (std::all_of(values.begin(), values.end(), [&](double v) { return v == values.front(); })) {
    if (!values.empty()) to.set_constant(values.front());
    return;
  }
  for (const double v : values) to.mutable_values()->add_value(v);
}

bool is_population_name(const std::string& name) { return !name.empty() && is_plain_name(name); }

}  // namespace chronotope::apps
