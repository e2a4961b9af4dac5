// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace chronotope::apps {

/// One HTML page that needs nothing beside itself: style inside, pictures as SVG, no script. Light or dark as
/// the reader's system is.
class ReportPage {
 public:
  explicit ReportPage(std::string title) : title_(std::move(title)) {}

  void heading(const std::string& text);
  void paragraph(const std::string& text);
  /// Pictures side by side, as many as fit.
  void pictures(const std::vector<std::string>& svgs);
  /// Words in the first column, numbers in the others.
  void table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows);

  std::string html() const;

 private:
  std::string title_;
  std::string body_;
};

}  // namespace chronotope::apps
