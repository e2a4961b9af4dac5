// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chronotope/proto/text_spec.hpp"

namespace chronotope::proto {

/// Merges one value into a specification: "population.E.I_e=400",
/// "projection.E->E.weight={gamma {mean: 5 cv: 0.3}}", "input.x.poisson.rate=20", "seed=7".
///
/// The path goes by the names of fields; populations, inputs, rewards and projections go by their names or,
/// as all that is repeated, by their number: population[0]. Several projections between the same ends are
/// E->E#1, E->E#2. A field of the model, wiring, rule or source that
/// a message has chosen may be named without it. The value is textproto with its short forms; text needs no
/// quotes. As in protobuf's merge, a message's other fields stay as they are and a choice replaces another; a
/// list replaces the list. Relative paths start at the specification's folder.
///
/// What decode() objects to in the value is told as of `origin`. Errors: InputError that begins with
/// `origin`, for paths that lead nowhere (with the names that are near) and values that are none.
void assign(SpecText& spec, const std::string& assignment, const std::string& origin);

}  // namespace chronotope::proto
