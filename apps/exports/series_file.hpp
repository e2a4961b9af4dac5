// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {

/// Writes time series as the UEA archive's text format, .ts, which `encode` reads (proto/formats/ts_series.hpp):
/// equally long ones of equally many dimensions, each with one of some classes.
class SeriesWriter {
 public:
  /// `problem` is a word that names the data.
  SeriesWriter(proto::Output& out, const std::string& problem, std::size_t dimensions, std::size_t length,
               const std::vector<std::string>& classes);

  /// Numbers have up to six digits. Requires: `steps` holds `length` vectors of `dimensions` numbers.
  void write(const std::vector<std::vector<double>>& steps, const std::string& label);

 private:
  proto::Output& out_;
  std::size_t dimensions_;
};

}  // namespace chronotope::apps
