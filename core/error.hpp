// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>

namespace chronotope {

/// Every error a user can meet derives from this; bugs are asserts.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The input is wrong and the user can mend it (exit code 2).
class InputError : public Error {
 public:
  using Error::Error;
};

/// The input may be fine but the work could not be done: disk full, pipe broken (exit code 1).
class Failure : public Error {
 public:
  using Error::Error;
};

/// Where in a file something stands; lines count from 1, 0 = unknown.
struct Location {
  std::string file;
  int line = 0;
};

/// A field with a value outside its range: "net.textproto:12: projection[0].delay: -1 is not allowed (must be
/// > 0 ms)".
class FieldError : public InputError {
 public:
  FieldError(const Location& location, const std::string& field, const std::string& value,
             const std::string& allowed);
};

/// "net.textproto:12", or only the file when the line is unknown.
std::string to_string(const Location& location);

/// The shortest decimal text that reads back as the same double.
std::string to_string(double value);

}  // namespace chronotope
