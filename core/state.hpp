// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "chronotope/core/error.hpp"
#include "chronotope/core/packed.hpp"

namespace chronotope {

/// Where the columns of a run's state go to.
class StateSink {
 public:
  virtual ~StateSink() = default;
  virtual void write(const std::string& path, const std::string& bytes) = 0;
};

/// Where they come from, in the order in which they were written.
class StateSource {
 public:
  virtual ~StateSource() = default;
  /// The bytes of the next column. Throws InputError when that is not `path`.
  virtual std::string read(const std::string& path) = 0;
};

/// Progress is what a run needs, beside its specification, to go on: every class that changes visits its own,
///   template <class Self, class Visit>
///   static void progress(Self& self, Visit& visit) { visit("weights", self.w_); ... }
/// one column at a time, and makes what follows from it in restored(). SaveState and LoadState are the
/// visits.
class SaveState {
 public:
  SaveState(StateSink& sink, std::string path) : sink_(&sink), path_(std::move(path)) {}

  template <class T>
  void operator()(std::string_view name, const T& value) {
    std::string bytes;
    Packer{bytes}(value);
    sink_->write(path_ + std::string(name), bytes);
  }
  SaveState inside(std::string_view name) const { return {*sink_, path_ + std::string(name) + "/"}; }

 private:
  StateSink* sink_;
  std::string path_;
};

class LoadState {
 public:
  LoadState(StateSource& source, std::string path) : source_(&source), path_(std::move(path)) {}

  template <class T>
  void operator()(std::string_view name, T& value) {
    const std::string path = path_ + std::string(name);
    const std::string bytes = source_->read(path);
    std::string_view rest = bytes;
    try {
      Unpacker{rest}(value);
    } catch (const InputError& error) {
      throw InputError("state " + path + " " + error.what());
    }
    if (!rest.empty()) throw InputError("state " + path + " is longer than it can be");
  }
  LoadState inside(std::string_view name) const { return {*source_, path_ + std::string(name) + "/"}; }

 private:
  StateSource* source_;
  std::string path_;
};

}  // namespace chronotope
