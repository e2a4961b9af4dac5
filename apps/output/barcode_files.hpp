// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/program_options.hpp>
#include <vector>

#include "chronotope/apps/options/option.hpp"
#include "chronotope/proto/formats/number_table.hpp"
#include "chronotope/topology/homology/barcode.hpp"

namespace chronotope::apps {

/// Barcodes as data: --diagram, --betti, --landscape, --image and what belongs to them.
OptionGroup barcode_file_options();

/// Writes the files that are asked for, .npy by their extension, else CSV; `barcodes` in the order of degrees.
/// Whether the standard output is left to a report. Throws InputError for a range that is none.
bool write_barcode_files(const boost::program_options::variables_map& values,
                         const std::vector<topology::Barcode>& barcodes);

/// Barcodes from rows degree, birth, death (inf: never), of degrees 0 .. the highest there is, at most 2.
/// Throws InputError naming the row that is not such a bar.
std::vector<topology::Barcode> to_barcodes(const proto::NumberTable& rows);

}  // namespace chronotope::apps
