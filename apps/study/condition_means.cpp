// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/condition_means.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "chronotope/apps/study/binomial_interval.hpp"

namespace chronotope::apps {
namespace {

/// Of the rows of one condition, code, method and split.
AccuracyMean mean_of(const std::vector<const StudyAccuracy*>& rows) {
  AccuracyMean mean;
  double correct = 0;
  for (const StudyAccuracy* row : rows) {
    if (!row->missing().empty()) mean.missing = row->missing();
    correct += row->correct() / static_cast<double>(rows.size());
  }
  if (!mean.missing.empty()) return mean;
  const std::uint32_t scored = rows.front()->scored();
  mean.accuracy = correct / scored;
  mean.interval = binomial_interval(static_cast<std::size_t>(std::llround(correct)), scored);
  return mean;
}

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

std::string title_of(const StudyAccuracy& row) {
  return row.read_out() + (row.split() == "5-fold" ? ", 5-fold" : ", new speaker");
}

/// The rows with one title.
AccuracyTable table_of(const StudyReport& report, const std::string& title) {
  AccuracyTable table;
  table.title = title;
  std::vector<std::string> sources;
  std::map<std::pair<std::string, std::string>, std::vector<const StudyAccuracy*>> rows;
  for (const StudyAccuracy& row : report.accuracy()) {
    if (title_of(row) != title) continue;
    add_once(sources, row.source());
    add_once(table.codes, row.code());
    rows[{row.source(), row.code()}].push_back(&row);
    if (row.has_chance()) table.chance = row.chance();
  }
  for (const std::string& source : sources) {
    table.lines.push_back({source, {}});
    for (const std::string& code : table.codes)
      if (const auto found = rows.find({source, code}); found != rows.end())
        table.lines.back().of_code[code] = mean_of(found->second);
  }
  return table;
}

/// Codes stand in the order of the networks, which may have more of them than the input.
void order_codes(const StudyReport& report, AccuracyTable& table) {
  std::vector<std::string> codes;
  for (const StudyAccuracy& row : report.accuracy())
    if (row.source() != "input") add_once(codes, row.code());
  for (const std::string& code : table.codes) add_once(codes, code);
  table.codes = codes;
}

}  // namespace

std::vector<AccuracyTable> accuracy_tables(const StudyReport& report) {
  std::vector<std::string> titles;
  for (const StudyAccuracy& row : report.accuracy()) add_once(titles, title_of(row));
  std::vector<AccuracyTable> tables;
  for (const std::string& title : titles) {
    tables.push_back(table_of(report, title));
    order_codes(report, tables.back());
  }
  return tables;
}

std::vector<std::string> missing_accuracies(const StudyReport& report) {
  std::map<std::string, std::vector<std::string>> sources;
  for (const StudyAccuracy& row : report.accuracy())
    if (!row.missing().empty())
      add_once(sources[row.split() + ": " + row.missing()],
               row.source() == "input" ? "input" : fmt::format("{}-{}", row.source(), row.seed()));
  std::vector<std::string> texts;
  for (const auto& [reason, of] : sources)
    texts.push_back(fmt::format("{}{}, {}", of.front(),
                                of.size() > 1 ? fmt::format(" and {} more", of.size() - 1) : "", reason));
  return texts;
}

void Spread::add(double value) {
  least = values == 0 ? value : std::min(least, value);
  most = values == 0 ? value : std::max(most, value);
  ++values;
  mean += (value - mean) / static_cast<double>(values);
}

std::vector<ActivityLine> activity_lines(const StudyReport& report) {
  std::vector<ActivityLine> lines;
  for (const StudyCellReport& cell : report.cell()) {
    auto line = std::find_if(lines.begin(), lines.end(),
                             [&](const ActivityLine& l) { return l.condition == cell.condition(); });
    if (line == lines.end())
      line = lines.insert(lines.end(), {cell.condition(), cell.description(), {}, {}, {}, {}, {}});
    line->rate_hz.add(cell.rate_hz());
    line->probe_spikes.add(cell.probe_spikes());
    if (cell.has_memory_capacity()) line->memory.add(cell.memory_capacity());
    if (cell.has_memory_spikes()) line->memory_spikes.add(cell.memory_spikes());
    if (cell.has_spike_efficiency()) line->efficiency.add(cell.spike_efficiency());
  }
  return lines;
}

}  // namespace chronotope::apps
