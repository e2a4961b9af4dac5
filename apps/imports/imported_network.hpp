// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "chronotope/core/time.hpp"
#include "chronotope/proto/network_spec.pb.h"

namespace chronotope::apps {

/// One synapse of a table.
struct SynapseRow {
  std::uint32_t source = 0;
  std::uint32_t target = 0;
  double weight = 0;  // [pA or mV]
  Duration delay;
};

/// A network of another program's as a specification, with the tables that it names beside it: those are called
/// after it, "net.synapses-0.npy" of net.textproto.
class ImportedNetwork {
 public:
  explicit ImportedNetwork(const std::filesystem::path& out) : out_(out) {}

  NetworkSpec spec;
  std::vector<std::string> notes;                 // what was chosen or left out, a sentence each
  std::vector<std::filesystem::path> files_read;  // besides the one that was named
  /// Told now and then how much of it is there, of how much, and what is made.
  std::function<void(double done, double total, const std::string& what)> on_progress =
      [](double, double, const std::string&) {};

  /// Synapses from one population or input to another; all of one delay have it in the specification.
  Projection& add_projection(const std::string& source, const std::string& target,
                             const std::vector<SynapseRow>& rows);
  /// A table whose name ends in `what` and a number; returns its name.
  std::string add_table(const std::string& what, std::string bytes);

  /// Draws the populations. Throws FieldError that names `origin`, the population, the parameter, its value and its
  /// range for one that is out of it.
  void check(const std::string& origin) const;
  /// Where the specification and its tables will stand.
  std::vector<std::filesystem::path> files() const;
  /// Writes the tables, then the specification, which names `origin` and the notes in comments.
  void write(const std::string& origin) const;

 private:
  struct Table {
    std::string name;
    std::string bytes;
  };

  std::filesystem::path out_;
  std::vector<Table> tables_;
};

/// One number when all are equal, else a list.
void set_values(Distribution& to, const std::vector<double>& values);

/// Whether a population or input can have this name.
bool is_population_name(const std::string& name);

}  // namespace chronotope::apps
