// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "chronotope/apps/optimise/objective.hpp"
#include "chronotope/apps/optimise/tuned_network.hpp"
#include "chronotope/apps/sweep/sweep_cells.hpp"
#include "chronotope/models/search/parameter_search.hpp"
#include "chronotope/proto/optimisation.pb.h"

namespace chronotope::apps {

/// What is searched and how long.
struct OptimisationRequest {
  SweepRequest cells;  // the plan is made by the search
  std::vector<TunedRange> over;
  Objective objective;
  models::SearchMethod method = models::SearchMethod::kBayes;
  std::size_t evaluations = 1;
  std::uint64_t seed = 1;  // of the search
  std::filesystem::path folder{};
  std::size_t jobs = 1;
  bool quiet = false;
};

/// A search whose evaluations are cells of a sweep, one for each seed: a cell that is in the folder is not run
/// again, and the search asks for the same ones whenever it is repeated, so one that was stopped goes on to the bit.
class OptimisationRun {
 public:
  /// Checks both ends of every range. Errors: those of sweep_cells() and TunedNetwork.
  explicit OptimisationRun(OptimisationRequest request);

  /// Runs what is missing; optimise.csv and optimise.json in the folder hold what has been found after every
  /// evaluation. The caller keeps an Interrupt alive. Throws Interrupted; Failure when a cell failed or another
  /// process runs it; InputError of the objective.
  OptimisationReport run();

 private:
  std::vector<SweepCell> run_settings(const std::vector<std::vector<double>>& points);
  void tell(const std::vector<double>& point, const std::vector<SweepCell>& cells);
  void write_files() const;

  TunedNetwork network_;
  OptimisationRequest request_;
  models::ParameterSearch search_;
  OptimisationReport report_;
};

/// The trials as a CSV: number, paths, objective, the best so far.
std::string optimisation_table(const OptimisationReport& report, const Objective& objective);

}  // namespace chronotope::apps
