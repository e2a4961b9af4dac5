// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/apps/options/options.hpp"
#include "chronotope/topology/distances/metric.hpp"
#include "chronotope/topology/homology/cohomology.hpp"

namespace chronotope::apps {

/// Which filtration a barcode is of, and up to where: --dim, --threshold, --modulus, --metric.
OptionGroup filtration_options();

topology::PersistenceOptions read_persistence_options(const boost::program_options::variables_map& values);
topology::Metric read_metric(const boost::program_options::variables_map& values);

}  // namespace chronotope::apps
