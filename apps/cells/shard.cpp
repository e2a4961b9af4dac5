// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/cells/shard.hpp"

#include <fmt/core.h>

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"

namespace chronotope::apps {
namespace {

std::optional<std::uint64_t> whole(std::string_view text) {
  std::uint64_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && rest == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// A variable of the environment that is a whole number, or `fallback` where it is not set.
std::uint64_t variable(const char* name, std::uint64_t fallback) {
  const char* const text = std::getenv(name);
  if (text == nullptr) return fallback;
  const auto value = whole(text);
  if (!value) throw InputError(fmt::format("{}: {} is no whole number", name, in_quotes(text)));
  return *value;
}

}  // namespace

Option shard_option() {
  return {"shard", Text{"I/N"},
          "run only the I-th of N equal parts, counted from 0; default: all, or in a Slurm job array what "
          "SLURM_ARRAY_TASK_ID says"};
}

Shard read_shard(const std::string& text) {
  const std::size_t slash = text.find('/');
  const auto index = whole(std::string_view(text).substr(0, slash));
  const auto count =
      slash == std::string::npos ? std::nullopt : whole(std::string_view(text).substr(slash + 1));
  if (!index || !count || *index >= *count)
    throw InputError("--shard: " + in_quotes(text) + " is not allowed (must be I/N with 0 <= I < N, as 0/3)");
  return {*index, *count};
}

std::optional<Shard> slurm_shard() {
  if (std::getenv("SLURM_ARRAY_TASK_ID") == nullptr) return std::nullopt;
  const std::uint64_t id = variable("SLURM_ARRAY_TASK_ID", 0);
  const std::uint64_t least = variable("SLURM_ARRAY_TASK_MIN", 0);
  const std::uint64_t step = variable("SLURM_ARRAY_TASK_STEP", 1);
  const std::uint64_t count = variable("SLURM_ARRAY_TASK_COUNT", 0);
  if (count == 0) throw InputError("SLURM_ARRAY_TASK_COUNT: must be set and > 0 beside SLURM_ARRAY_TASK_ID");
  if (step == 0 || id < least || (id - least) % step != 0 || (id - least) / step >= count)
    throw InputError(fmt::format("SLURM_ARRAY_TASK_ID: {} is none of the {} tasks from {} in steps of {}", id,
                                 count, least, step));
  return Shard{(id - least) / step, count};
}

Shard choose_shard(const std::string& option, bool quiet) {
  if (!option.empty()) return read_shard(option);
  const auto shard = slurm_shard();
  if (!shard) return {};
  if (!quiet)
    std::fputs(fmt::format("shard {}/{}, by SLURM_ARRAY_TASK_ID\n", shard->index, shard->count).c_str(),
               stderr);
  return *shard;
}

}  // namespace chronotope::apps
