// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/report/report_page.hpp"

#include "chronotope/apps/report/chart_script.hpp"
#include "chronotope/apps/report/plot.hpp"

namespace chronotope::apps {
namespace {

constexpr const char* kStyle = R"(
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1c2126; --faint: #6b747d; --grid: #e6e9ec; --a: #1f6fb2;
  --b: #c8541b; --muted: #9aa3ab; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181c; --ink: #e4e8eb; --faint: #98a2ab; --grid: #2a3137;
  --a: #6cb2ee; --b: #f0935c; --muted: #6f7a83; } }
body { background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto;
  max-width: 1280px; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .4rem; }
h3 { font-size: 1rem; margin: 1.2rem 0 .2rem; }
p { max-width: 46rem; margin: .4rem 0; } p.small { color: var(--faint); font-size: .85rem; }
.pictures { display: flex; flex-wrap: wrap; gap: 6px; margin: .6rem 0; } svg { max-width: 100%; height: auto; }
.table { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .9rem .2rem 0; text-align: right; } th:first-child, td:first-child { text-align: left; }
thead th { border-bottom: 1px solid var(--grid); font-weight: 600; }
svg text { fill: var(--ink); font: 11px system-ui, sans-serif; } svg .title { font-weight: 600; }
svg .value { font-size: 10px; } svg .tick, svg .label { fill: var(--faint); font-size: 10px; }
svg path, svg polyline { fill: none; } svg .grid { stroke: var(--grid); } svg .axis { stroke: var(--faint); }
svg .line { stroke-width: 1.4; stroke: currentColor; } svg .dots { stroke-linecap: round; stroke: currentColor; }
svg .area { fill: currentColor; fill-opacity: .75; } svg .a { color: var(--a); } svg .b { color: var(--b); }
svg .muted { color: var(--muted); } svg .faint { color: var(--faint); } svg .thin { stroke-width: .8; }
.legend span { margin-right: 1.2rem; white-space: nowrap; } .legend i { display: inline-block; width: .8em; height: .8em;
  border-radius: 2px; margin-right: .4em; background: currentColor; } .legend .a i { color: var(--a); }
.legend .b i { color: var(--b); } .legend .muted i { color: var(--muted); }
.columns th { min-width: 250px; max-width: 320px; } .columns th, .columns td { text-align: left; vertical-align: top; }
.columns svg { width: min(320px, 72vw); } summary { cursor: pointer; margin: .8rem 0; color: var(--faint); }
td, th { white-space: nowrap; } .sentences td:last-child { text-align: left; white-space: normal; min-width: 14rem; }
.sentences th:last-child, .words td { text-align: left; } .words td { white-space: normal; overflow-wrap: anywhere;
  vertical-align: top; } .words td:first-child { min-width: 5.5rem; } .columns th { white-space: normal; }
.table { background: linear-gradient(to right, var(--paper) 30%, transparent) 0 0 / 40px 100% local no-repeat,
  linear-gradient(to left, var(--paper) 30%, transparent) 100% 0 / 40px 100% local no-repeat,
  linear-gradient(to right, var(--muted), transparent) 0 0 / 9px 100% scroll no-repeat,
  linear-gradient(to left, var(--muted), transparent) 100% 0 / 9px 100% scroll no-repeat; }
@media (max-width: 600px) { body { margin: 1rem auto; } .sentences td:last-child { min-width: 40rem; } th, td { padding-right: .6rem; } }
)";

std::string row(const std::vector<std::string>& cells, const char* cell) {
  std::string text = "<tr>";
  for (const std::string& c : cells) text += std::string("<") + cell + ">" + escaped(c) + "</" + cell + ">";
  return text + "</tr>\n";
}

}  // namespace

void ReportPage::heading(const std::string& text) { body_ += "<h2>" + escaped(text) + "</h2>\n"; }

void ReportPage::subheading(const std::string& text) { body_ += "<h3>" + escaped(text) + "</h3>\n"; }

void ReportPage::paragraph(const std::string& text) { body_ += "<p>" + escaped(text) + "</p>\n"; }

void ReportPage::pictures(const std::vector<std::string>& svgs) {
  body_ += "<div class=\"pictures\">\n";
  for (const std::string& svg : svgs) body_ += svg;
  body_ += "</div>\n";
}

void ReportPage::table(const std::vector<std::string>& header,
                       const std::vector<std::vector<std::string>>& rows, LastColumn last) {
  body_ += std::string("<div class=\"table\" tabindex=\"0\"><table") +
           (last == LastColumn::kWords ? " class=\"sentences\"" : "") + "><thead>" + row(header, "th") +
           "</thead><tbody>\n";
  for (const auto& cells : rows) body_ += row(cells, "td");
  body_ += "</tbody></table></div>\n";
}

void ReportPage::words(const std::vector<std::vector<std::string>>& rows) {
  body_ += "<table class=\"words\"><tbody>\n";
  for (const auto& cells : rows) body_ += row(cells, "td");
  body_ += "</tbody></table>\n";
}

void ReportPage::legend(const std::vector<Swatch>& swatches) {
  body_ += "<p class=\"legend\">";
  for (const Swatch& swatch : swatches)
    body_ += "<span class=\"" + swatch.style + "\"><i></i>" + escaped(swatch.text) + "</span> ";
  body_ += "</p>\n";
}

void ReportPage::columns(const std::vector<std::string>& names,
                         const std::vector<std::vector<std::string>>& pictures) {
  body_ += "<div class=\"table\" tabindex=\"0\"><table class=\"columns\"><thead>" + row(names, "th") +
           "</thead><tbody>\n";
  for (const auto& quantity : pictures) {
    body_ += "<tr>";
    for (const std::string& svg : quantity) body_ += "<td>" + svg + "</td>";
    body_ += "</tr>\n";
  }
  body_ += "</tbody></table></div>\n";
}

void ReportPage::folded(const std::string& title, const std::vector<std::string>& header,
                        const std::vector<std::vector<std::string>>& rows) {
  body_ += "<details><summary>" + escaped(title) + "</summary>\n";
  table(header, rows);
  body_ += "</details>\n";
}

std::string ReportPage::html() const {
  const bool charts = body_.find("<div class=\"chart\">") != std::string::npos;
  return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
         escaped(title_) + "</title>\n<style>" + kStyle + (charts ? chart_style() : "") + "</style>" +
         (charts ? "\n<script>" + chart_script() + "</script>" : "") + "</head>\n<body>\n<h1>" +
         escaped(title_) + "</h1>\n" + body_ + "</body></html>\n";
}

}  // namespace chronotope::apps
