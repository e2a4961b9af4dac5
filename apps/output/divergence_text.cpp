// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/output/divergence_text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "chronotope/core/printable.hpp"

namespace chronotope::apps {
namespace {

std::string interval(const IntervalReport& interval) {
  return fmt::format("{:.6g} % [{:.6g}, {:.6g}]", 100 * interval.level(), interval.low(), interval.high());
}

std::string object(std::uint32_t row, const std::string& name) {
  return name.empty() ? fmt::format("{}", row) : fmt::format("{} {}", row, printable(name));
}

std::string pair(const PairReport& pair) {
  const std::string where = pair.attained_in() == "both" ? "A and B" : pair.attained_in();
  return fmt::format("at rows {} / {} in {}", object(pair.i(), pair.i_name()),
                     object(pair.j(), pair.j_name()), where);
}

/// "3 - 7 - 12 - 3"; "3 ~ 7": the ends are joined through the filtered complex.
std::string path(const PathReport& path) {
  std::string text;
  for (int k = 0; k < path.row_size(); ++k)
    text += (k == 0 ? "" : " - ") + object(path.row(k), k < path.name_size() ? path.name(k) : "");
  const bool closed = path.row(0) == path.row(path.row_size() - 1);
  return closed ? text : text + " ~";
}

std::string cycle(const BarReport& bar) {
  std::string text;
  for (const PathReport& p : bar.cycle()) text += (text.empty() ? "" : "; ") + path(p);
  return text;
}

std::string bar(const BarReport& bar) {
  const std::string begin =
      fmt::format("{} [{:.6g}, ", bar.direction() == "ab" ? "A to B" : "B to A", bar.birth());
  if (!bar.has_death()) return begin + fmt::format("never): born {}", pair(bar.born()));
  return begin + fmt::format("{:.6g}) length {:.6g}: born {}, dies {}", bar.death(),
                             bar.death() - bar.birth(), pair(bar.born()), pair(bar.dies()));
}

}  // namespace

std::string to_text(const TableReport& table) {
  constexpr int kShown = 8;
  std::string names;
  for (int i = 0; i < std::min(kShown, table.column_size()); ++i)
    names += (i == 0 ? "" : ", ") + printable(table.column(i));
  if (table.column_size() > kShown) names += ", ...";
  return fmt::format("{} row{}, {} column{}{}", table.rows(), table.rows() == 1 ? "" : "s", table.columns(),
                     table.columns() == 1 ? "" : "s", names.empty() ? "" : " (" + names + ")");
}

std::string cka_text(const RtdReport& report) {
  if (!report.has_cka()) return "";
  return std::isnan(report.cka()) ? "undefined" : fmt::format("{:.6g}", report.cka());
}

std::string to_text(const RtdReport& report) {
  const std::string layer = report.layer().empty() ? "" : printable(report.layer()) + "  ";
  const std::string cka = report.has_cka() ? "  CKA " + cka_text(report) : "";
  if (!report.missing().empty())
    return fmt::format("{}missing: {}{}\n", layer, printable(report.missing()), cka);
  const std::string score =
      report.score().empty() ? "RTD" : report.score();  // earlier streams do not name it
  std::string text = fmt::format("{}{} {:.9g}", layer, score, report.rtd());
  if (report.rtd_ab() != report.rtd() || report.rtd_ba() != report.rtd())
    text += fmt::format("  (A to B {:.9g}, B to A {:.9g})", report.rtd_ab(), report.rtd_ba());
  if (report.trials() > 1) text += fmt::format("  sd {:.3g}  se {:.3g}", report.sd(), report.se());
  if (report.has_mean_interval()) text += "  " + interval(report.mean_interval());
  text += cka;
  text += fmt::format("  n {}  batch {}  trials {}\n", report.n(), report.batch(), report.trials());
  if (report.has_table_a())
    text += fmt::format("    A {}  B {}\n", to_text(report.table_a()), to_text(report.table_b()));
  if (report.has_shuffled())
    text +=
        fmt::format("    shuffled rows {:.9g}  sd {:.3g}  {}  p {:.3g}  permutations {}\n",
                    report.shuffled().mean(), report.shuffled().sd(), interval(report.shuffled().interval()),
                    report.shuffled().p(), report.shuffled().permutations());
  for (const BarReport& b : report.longest()) {
    text += "    " + bar(b) + "\n";
    if (b.cycle_size() > 0) text += "      cycle " + cycle(b) + "\n";
  }
  return text;
}

std::string described(const std::string& whose, const topology::Representation& representation) {
  const topology::Activations& any = representation.layers.front();
  std::string sizes;
  for (const std::size_t size : representation.layering.sizes) sizes += fmt::format(" {}", size);
  return fmt::format("{} {} at {} ms: {} stimuli, {}, layers ({}) of{} neurons\n", whose,
                     printable(representation.name), chronotope::to_string(representation.time.to_ms()),
                     any.stimuli.size(), to_string(any.code), printable(representation.layering_source),
                     sizes);
}

std::string to_text(const std::array<std::array<RtdReport, topology::kLayers>, topology::kLayers>& pairs) {
  std::string text = fmt::format("{:<6}", "A\\B");
  for (std::size_t j = 0; j < topology::kLayers; ++j)
    text += fmt::format("{:>11}", fmt::format("L{}", j + 1));
  text += "\n";
  for (std::size_t i = 0; i < topology::kLayers; ++i) {
    text += fmt::format("L{:<5}", i + 1);
    for (const RtdReport& report : pairs[i])
      text += fmt::format("{:>11}", report.missing().empty() ? fmt::format("{:.6g}", report.rtd()) : "-");
    text += "\n";
  }
  return text;
}

}  // namespace chronotope::apps
