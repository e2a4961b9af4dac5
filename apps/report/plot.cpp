// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/report/plot.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "chronotope/core/printable.hpp"

namespace chronotope::apps {
namespace {

constexpr double kRight = 10;
constexpr double kTop = 22;
constexpr double kBottom = 34;

/// The widest of 1, 2 and 5 times a power of ten of which at least three steps fit.
double step_of(const Range& range) {
  const double rough = range.width() / 3;
  // By its digits: the C library's log10 and pow depend on the processor.
  const std::string digits = fmt::format("{:.17e}", rough);
  const std::size_t exponent = digits.find('e');
  const double power = exponent == std::string::npos ? rough : std::stod("1" + digits.substr(exponent));
  for (const double factor : {5.0, 2.0})
    if (factor * power <= rough) return factor * power;
  return power;
}

std::vector<double> ticks(const Range& range) {
  constexpr int kMost = 20;  // where doubles are too far apart to count in steps
  const double step = step_of(range);
  const double first = std::ceil(range.low / step - 1e-9);
  std::vector<double> at;
  for (int k = 0; k < kMost && (first + k) * step <= range.high + 1e-9 * range.width(); ++k)
    at.push_back((first + k) * step + 0.0);  // never -0
  return at;
}

}  // namespace

Range range_of(const std::vector<double>& values, bool from_zero) {
  Range range{from_zero ? 0.0 : HUGE_VAL, from_zero ? 0.0 : -HUGE_VAL};
  for (const double v : values) range = {std::min(range.low, v), std::max(range.high, v)};
  if (values.empty()) return {0, 1};
  if (!(range.width() > 0)) range.high = range.low + (range.low != 0 ? std::abs(range.low) : 1);
  return range;
}

Plot::Plot(std::string title, std::string x_label, std::string y_label, Range x, Range y, double width,
           double height, double left)
    : title_(std::move(title)),
      x_label_(std::move(x_label)),
      y_label_(std::move(y_label)),
      x_(x),
      y_(y),
      width_(width),
      height_(height),
      left_(left) {}

double Plot::at_x(double x) const { return left_ + (x - x_.low) / x_.width() * (width_ - left_ - kRight); }
double Plot::at_y(double y) const {
  return height_ - kBottom - (y - y_.low) / y_.width() * (height_ - kTop - kBottom);
}

void Plot::line(const std::vector<PlotPoint>& points, const std::string& style) {
  marks_ += fmt::format("<polyline class=\"line {}\" points=\"", style);
  for (const PlotPoint& p : points) marks_ += fmt::format("{:.1f},{:.1f} ", at_x(p.x), at_y(p.y));
  marks_ += "\"/>";
}

void Plot::dots(const std::vector<PlotPoint>& points, double radius, const std::string& style) {
  // One path of strokes without length and round ends: a dot each.
  marks_ += fmt::format("<path class=\"dots {}\" stroke-width=\"{:.1f}\" d=\"", style, 2 * radius);
  for (const PlotPoint& p : points) marks_ += fmt::format("M{:.1f} {:.1f}h0", at_x(p.x), at_y(p.y));
  marks_ += "\"/>";
}

void Plot::columns(const std::vector<double>& heights, const std::string& style) {
  const double width = x_.width() / static_cast<double>(heights.size());
  marks_ += fmt::format("<path class=\"area {}\" d=\"M{:.1f} {:.1f}", style, at_x(x_.low), at_y(0));
  for (std::size_t k = 0; k < heights.size(); ++k) {
    const double x = x_.low + width * static_cast<double>(k);
    marks_ += fmt::format("L{:.1f} {:.1f}H{:.1f}", at_x(x), at_y(heights[k]), at_x(x + width));
  }
  marks_ += fmt::format("V{:.1f}Z\"/>", at_y(0));
}

void Plot::outline(const std::vector<double>& heights, const std::string& style) {
  const double width = x_.width() / static_cast<double>(heights.size());
  marks_ += fmt::format("<path class=\"line {}\" d=\"M{:.1f} {:.1f}", style, at_x(x_.low), at_y(0));
  for (std::size_t k = 0; k < heights.size(); ++k)
    marks_ +=
        fmt::format("V{:.1f}H{:.1f}", at_y(heights[k]), at_x(x_.low + width * static_cast<double>(k + 1)));
  marks_ += fmt::format("V{:.1f}\"/>", at_y(0));
}

void Plot::stroke(double from, double to, double y, const std::string& style) {
  marks_ += fmt::format("<path class=\"line {}\" d=\"M{:.1f} {:.1f}H{:.1f}\"/>", style, at_x(from), at_y(y),
                        at_x(to));
}

void Plot::upright(double x, double from, double to, const std::string& style) {
  marks_ += fmt::format("<path class=\"line {}\" d=\"M{:.1f} {:.1f}V{:.1f}\"/>", style, at_x(x), at_y(from),
                        at_y(to));
}

void Plot::name_x(double x, const std::string& text) {
  names_ += fmt::format("<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>",
                        at_x(x), height_ - kBottom + 13, escaped(text));
}

void Plot::name_y(double y, const std::string& text) {
  row_names_ += fmt::format("<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>",
                            left_ - 6, at_y(y) + 3.5, escaped(text));
}

/// Below its place, or, where it would not fit, as far to the right as it does.
std::string Plot::x_tick(double x) const {
  constexpr double kDigit = 6.5;
  const std::string number = fmt::format("{:.4g}", x);
  const double half = kDigit * static_cast<double>(number.size()) / 2;
  return fmt::format("<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>",
                     std::min(at_x(x), width_ - half), height_ - kBottom + 13, number);
}

std::string Plot::svg() const {
  std::string text = fmt::format(
      "<svg viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" height=\"{1:.0f}\" role=\"img\" "
      "aria-label=\"{2}\">"
      "<text class=\"title\" x=\"{3:.0f}\" y=\"14\">{2}</text>",
      width_, height_, escaped(title_), left_);
  for (const double y : row_names_.empty() ? ticks(y_) : std::vector<double>())
    text += fmt::format(
        "<path class=\"grid\" d=\"M{:.1f} {:.1f}H{:.1f}\"/><text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" "
        "text-anchor=\"end\">{:.4g}</text>",
        left_, at_y(y), width_ - kRight, left_ - 4, at_y(y) + 3.5, y);
  if (names_.empty())
    for (const double x : ticks(x_)) text += x_tick(x);
  text += fmt::format("<path class=\"axis\" d=\"M{:.1f} {:.1f}V{:.1f}H{:.1f}\"/>", left_, kTop,
                      height_ - kBottom, width_ - kRight);
  text += marks_ + names_ + row_names_;
  text += fmt::format("<text class=\"label\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>",
                      (left_ + width_ - kRight) / 2, height_ - 5, escaped(x_label_));
  text += fmt::format(
      "<text class=\"label\" transform=\"translate(11 {:.1f}) rotate(-90)\" "
      "text-anchor=\"middle\">{}</text></svg>\n",
      (kTop + height_ - kBottom) / 2, escaped(y_label_));
  return text;
}

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

}  // namespace chronotope::apps
