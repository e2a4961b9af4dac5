// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/proto/formats/input_file.hpp"

namespace chronotope::proto {

/// Synapses as a file lists them, one row each.
struct SynapseTable {
  struct Column {
    std::string name;           // weight, delay, tau_plus, ...
    std::vector<double> value;  // one per synapse, finite
  };
  /// The rows and columns of a sparse matrix, which is read with its rows as sources.
  struct Shape {
    std::uint64_t rows = 0;
    std::uint64_t columns = 0;
  };

  std::vector<std::uint32_t> source;
  std::vector<std::uint32_t> target;  // as many
  std::vector<Column> columns;
  std::optional<Shape> matrix;  // absent: the file is a table
};

/// Reads synapses from
/// - text whose first row, or a comment before it, names the columns (see text_table.hpp);
/// - an .npy of records with fields of these names, or of two to four columns without names: source, target,
///   weight, delay;
/// - an .npz of one-dimensional arrays with these names, as numpy.savez(FILE, source=..., target=...) writes
///   it, or of one array as above, which `array` chooses among several;
/// - an .npz of a sparse matrix, as scipy.sparse.save_npz writes it in the formats coo, csr and csc. Every
///   stored entry is a synapse, with its value as weight.
/// `source` and `target` must be there. Errors: InputError that names the file and the row from 0, for what no
/// index can be, numbers that are not finite, arrays of different lengths, and what the readers of these files
/// refuse. Cost: the file's bytes and 8 bytes for every number together.
SynapseTable read_synapse_table(InputFile& file, const std::string& array);

}  // namespace chronotope::proto
