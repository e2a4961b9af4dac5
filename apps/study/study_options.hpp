// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/program_options.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/apps/cells/shard.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/options/representation_options.hpp"
#include "chronotope/apps/study/cell.hpp"
#include "chronotope/apps/study/cell_accuracy.hpp"
#include "chronotope/apps/study/plan.hpp"
#include "chronotope/apps/study/preset.hpp"

namespace chronotope::apps {

/// The words of the verb study, understood.
struct StudyOptions {
  std::string spec;
  std::string spikes;  // stream of stimuli; for a preset one that is encoded first
  std::optional<Preset> preset;
  std::string out;
  StudyRequest request;
  Teaching teaching;
  topology::RepresentationOptions representation;
  std::vector<LayerSource> layers;  // the first decides
  std::string layer_list;           // file of kListed
  ReadOutDemand read_outs;          // without codes: none
  bool maps = false;
  std::size_t batch = 500;
  std::size_t permutations = 0;
  std::size_t threads = 1;
  Shard shard;           // of the wirings
  bool collect = false;  // run nothing, compare what is finished
  bool dry_run = false;
  bool quiet = false;
};

Usage study_usage();

/// Throws FieldError for a word that is not allowed, InputError where the stimuli are missing.
StudyOptions read_study_options(const boost::program_options::variables_map& values);

/// The conditions that are compared when none are named: those of the preset, or het and hom STDP on neurons
/// as the specification has them, with an untrained twin, floors and controls.
std::vector<Condition> default_conditions(const StudyOptions& options, bool heterogeneous_neurons);

}  // namespace chronotope::apps
