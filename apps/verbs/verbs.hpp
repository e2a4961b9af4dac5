// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chronotope/apps/options/usage.hpp"

namespace chronotope::apps {

/// A verb gets the words after its name and returns the exit code: 0 success, 130 interrupted. It throws
/// InputError (exit 2) or anything else (exit 1).
using Arguments = std::vector<std::string>;

int gradient(const Arguments& arguments);
int decode(const Arguments& arguments);
int embed(const Arguments& arguments);
int encode(const Arguments& arguments);
int export_stream(const Arguments& arguments);
int import_network(const Arguments& arguments);
int generate(const Arguments& arguments);
int simulate(const Arguments& arguments);
int rtd(const Arguments& arguments);
int barcode(const Arguments& arguments);
int inspect(const Arguments& arguments);
int compare(const Arguments& arguments);
int convert(const Arguments& arguments);
int layers(const Arguments& arguments);
int likelihood(const Arguments& arguments);
int optimise(const Arguments& arguments);
int report(const Arguments& arguments);
int statistics(const Arguments& arguments);
int study(const Arguments& arguments);
int sweep(const Arguments& arguments);
int train(const Arguments& arguments);

/// What these are called with; for the others nobody else asks.
Usage encode_usage();
Usage train_usage();

}  // namespace chronotope::apps
