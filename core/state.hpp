// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/core/packed.hpp"

namespace chronotope {

/// Whose the entries of a column are: of which a rank has its part (core/part.hpp), or all have all.
enum class Per : std::uint8_t {
  kRun,      // all ranks have the same
  kMemory,   // all ranks have the same but for what some have forgotten already
  kTarget,   // a vector with an entry per neuron of the population, or of a projection's target
  kSynapse,  // a vector with an entry of one size per synapse of the projection, or none
};

/// A column that can not be what was saved: the text names it.
class StateError : public InputError {
 public:
  using InputError::InputError;
};

/// Where the columns of a run's state go to.
class StateSink {
 public:
  virtual ~StateSink() = default;
  virtual void write(const std::string& path, const std::string& bytes) = 0;
  /// The same of what may be a part. Here it is the whole.
  virtual void write_part(const std::string& path, const std::string& bytes, Per) { write(path, bytes); }
};

/// Which entries of a vector a reader takes: all but those of other ranks. An entry is one of those before `first`, of
/// `own`, or none of this rank's.
struct EntryRange {
  std::uint64_t first = 0;
  std::uint64_t own = 0;
};

/// Where they come from, in the order in which they were written.
class StateSource {
 public:
  virtual ~StateSource() = default;
  /// The bytes of the next column. Throws InputError when that is not `path`.
  virtual std::string read(const std::string& path) = 0;
  /// The same of what may be a part of it: a column per synapse holds this part's entries alone.
  virtual std::string read_part(const std::string& path, Per) { return read(path); }
  /// The entries of a column per target that are this part's; nothing when all are.
  virtual std::optional<EntryRange> own_targets() const { return std::nullopt; }
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
  void operator()(std::string_view name, const T& value, Per per = Per::kRun) {
    std::string bytes;
    Packer{bytes}(value);
    sink_->write_part(path_ + std::string(name), bytes, per);
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
  void operator()(std::string_view name, T& value, Per per = Per::kRun) {
    const std::string path = path_ + std::string(name);
    const std::string bytes = source_->read_part(path, per);
    std::string_view rest = bytes;
    try {
      const auto own = per == Per::kTarget ? source_->own_targets() : std::nullopt;
      own ? take_own(*own, rest, value) : Unpacker{rest}(value);
    } catch (const InputError& error) {
      throw StateError("state " + path + " " + error.what());
    }
    if (!rest.empty()) throw StateError("state " + path + " is longer than it can be");
  }
  LoadState inside(std::string_view name) const { return {*source_, path_ + std::string(name) + "/"}; }

 private:
  /// Takes this part's entries of a vector; those of others are read, so that they are found where they are.
  template <class T>
  static void take_own(const EntryRange& own, std::string_view& rest, std::vector<T>& values) {
    std::uint64_t size = 0;
    Unpacker{rest}(size);
    if (size == 0 && values.empty()) return;
    if (values.size() != own.own || size < own.first + own.own) throw InputError("is of another network");
    if (!values.empty()) {
      for (std::uint64_t k = 0; k < own.first; ++k) {
        T of_another = values.front();  // whose own are still to come
        Unpacker{rest}(of_another);
      }
      for (T& value : values) Unpacker{rest}(value);
    }
    rest = {};
  }
  template <class T>
  static void take_own(const EntryRange&, std::string_view& rest, T& value) {
    Unpacker{rest}(value);
  }

  StateSource* source_;
  std::string path_;
};

}  // namespace chronotope
