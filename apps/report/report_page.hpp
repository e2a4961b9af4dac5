// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace chronotope::apps {

/// One HTML page that needs nothing beside itself: style inside, pictures as SVG, charts drawn by a script
/// inside. Light or dark as the reader's system is.
class ReportPage {
 public:
  explicit ReportPage(std::string title) : title_(std::move(title)) {}

  void heading(const std::string& text);
  void subheading(const std::string& text);
  void paragraph(const std::string& text);
  /// Pictures (SVG, or charts) side by side, as many as fit.
  void pictures(const std::vector<std::string>& svgs);
  enum class LastColumn : std::uint8_t { kNumbers, kWords };
  /// Words in the first column, numbers in the others; the last may hold sentences.
  void table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows,
             LastColumn last = LastColumn::kNumbers);
  /// A word and what it stands for, line by line.
  void words(const std::vector<std::vector<std::string>>& rows);

  /// What the colours of the pictures that follow stand for.
  struct Swatch {
    std::string style;
    std::string text;
  };
  void legend(const std::vector<Swatch>& swatches);
  /// A column per thing and a row per quantity; pictures as SVG or charts, empty where there is none. Scrolls
  /// sideways where the columns do not fit, with the next one in sight.
  void columns(const std::vector<std::string>& names, const std::vector<std::vector<std::string>>& pictures);
  /// A table that is shown when its title is clicked.
  void folded(const std::string& title, const std::vector<std::string>& header,
              const std::vector<std::vector<std::string>>& rows);

  std::string html() const;

 private:
  std::string title_;
  std::string body_;
};

}  // namespace chronotope::apps
