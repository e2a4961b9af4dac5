// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace chronotope::apps {

/// An interval of an axis.
struct Range {
  double low = 0;
  double high = 1;

  double width() const { return high - low; }
};

/// The interval from 0 or the smallest to the largest of some values, never empty.
Range range_of(const std::vector<double>& values, bool from_zero);

struct PlotPoint {
  double x = 0;
  double y = 0;
};

/// A small plot as inline SVG. Marks carry CSS classes ("a", "b", "muted"), so that the page decides about
/// colours in light and dark. Numbers are printed with a fixed number of digits: the same data give the same
/// bytes.
class Plot {
 public:
  /// `left`: room beside the axis, for words that are longer than numbers.
  Plot(std::string title, std::string x_label, std::string y_label, Range x, Range y, double width = 320,
       double height = 180, double left = 48);

  void line(const std::vector<PlotPoint>& points, const std::string& style);
  /// Small dots; thousands of them cost few bytes each.
  void dots(const std::vector<PlotPoint>& points, double radius, const std::string& style);
  /// Columns from 0, equally wide, over the range of x.
  void columns(const std::vector<double>& heights, const std::string& style);
  /// Their outline alone, to lie over others.
  void outline(const std::vector<double>& heights, const std::string& style);
  /// A horizontal stroke at y.
  void stroke(double from, double to, double y, const std::string& style);
  /// A vertical stroke at x.
  void upright(double x, double from, double to, const std::string& style);
  /// Words below the axis at x, instead of numbers.
  void name_x(double x, const std::string& text);
  /// Words beside the axis at y, instead of numbers.
  void name_y(double y, const std::string& text);

  std::string svg() const;

 private:
  double at_x(double x) const;
  double at_y(double y) const;
  std::string x_tick(double x) const;

  std::string title_;
  std::string x_label_;
  std::string y_label_;
  Range x_;
  Range y_;
  double width_;
  double height_;
  double left_;
  std::string marks_;
  std::string names_;
  std::string row_names_;
};

/// Text with the characters that HTML gives a meaning written as entities.
std::string escaped(const std::string& text);

}  // namespace chronotope::apps
