// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

namespace chronotope::proto {

/// One example: numbers sampled together in several dimensions.
struct Series {
  std::vector<std::vector<double>> dimensions;  ///< equally long, at least one number each
  std::string label = {};                       ///< its class; empty in a file without classes
};

/// A data set of time series.
struct SeriesFile {
  std::size_t dimensions = 0;
  std::vector<std::string> classes;  ///< as the header lists them; empty: none
  std::vector<Series> series;        ///< in the file's order
};

/// Reads the text format of the UEA and UCR archives, .ts (Bagnall et al. 2018): lines that start with # are
/// comments, with @ are headers in any case (@dimensions N, @univariate, @equalLength, @seriesLength N,
/// @classLabel true A B C, ...; others are ignored), @data begins the examples, one a line: dimensions joined
/// by ":", numbers of a dimension by ",", the class last. Examples may differ in length. What a header
/// promises is held to, so that a file cut anywhere but between two examples is refused.
/// Errors: InputError with `name:line`; for time stamps, missing values (?), regression targets, unequal
/// lengths within an example, numbers that are not finite, a class that is not listed, no example.
SeriesFile read_ts_series(std::istream& in, const std::string& name);

}  // namespace chronotope::proto
