// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/joined_columns.hpp"

#include <algorithm>
#include <numeric>
#include <string_view>

#include "chronotope/core/whole_rows.hpp"

namespace chronotope::events {
namespace {

constexpr std::size_t kSize = sizeof(std::uint64_t);  // how many entries a vector has stands before them

std::uint64_t size_of(const std::string& column) {
  std::string_view rest = column;
  std::uint64_t size = 0;
  Unpacker{rest}(size);
  return size;
}

std::string begin_column(std::uint64_t size) {
  std::string column;
  Packer{column}(size);
  return column;
}

/// Entries per target: those of one rank after those of the other.
std::string joined_by_target(const std::vector<std::string>& parts) {
  std::uint64_t size = 0;
  for (const std::string& part : parts) size += size_of(part);
  std::string column = begin_column(size);
  for (const std::string& part : parts) column.append(part, kSize);
  return column;
}

/// Entries per synapse, of one size, or none.
std::string joined_by_synapse(const std::vector<std::string>& parts,
                              const std::vector<std::uint16_t>& ranks) {
  std::uint64_t size = 0;
  std::uint64_t bytes = 0;
  for (const std::string& part : parts) {
    size += size_of(part);
    bytes += part.size() - kSize;
  }
  std::string column = begin_column(size);
  if (size == 0) return column;
  const std::size_t each = bytes / size;
  column.reserve(kSize + bytes);
  std::vector<std::size_t> next(parts.size(), kSize);
  for (const std::uint16_t rank : ranks) {
    column.append(parts[rank], next[rank], each);
    next[rank] += each;
  }
  return column;
}

/// The entries of one rank out of a column per synapse.
std::string part_by_synapse(const std::string& column, const std::vector<std::uint16_t>& ranks,
                            unsigned rank) {
  const std::uint64_t size = size_of(column);
  if (size == 0) return column;
  const std::size_t each = (column.size() - kSize) / size;
  if (size != ranks.size() || column.size() != kSize + size * each)
    throw InputError("state is of another network");
  std::string part = begin_column(static_cast<std::uint64_t>(std::ranges::count(ranks, rank)));
  for (std::uint64_t s = 0; s < size; ++s)
    if (ranks[s] == rank) part.append(column, kSize + s * each, each);
  return part;
}

}  // namespace

std::vector<std::uint16_t> ranks_of_synapses(const SynapseGroup& projection, const Part& part, bool at_root) {
  std::vector<std::uint16_t> ranks;
  in_pieces_of_rows(projection, [&](std::uint32_t first, std::uint32_t last) {
    const WholeRows rows(projection, part, first, last,
                         at_root ? WholeRows::Knows::kRoot : WholeRows::Knows::kAll);
    rows.for_each([&](std::uint32_t, std::size_t rank, Duration) {
      ranks.push_back(static_cast<std::uint16_t>(rank));
    });
  });
  return ranks;
}

void JoinedColumns::begin(const SynapseGroup& projection) {
  if (!part_.is_whole()) ranks_ = ranks_of_synapses(projection, part_, true);
}

void JoinedColumns::write(const std::string& path, const std::string& bytes) {
  if (part_.is_root()) sink_->write(path, bytes);
}

void JoinedColumns::write_part(const std::string& path, const std::string& bytes, Per per) {
  if (part_.is_whole() || per == Per::kRun) return write(path, bytes);
  const std::vector<std::string> parts = part_.exchange()->at_root(bytes);
  if (!part_.is_root()) return;
  if (per == Per::kTarget) return sink_->write(path, joined_by_target(parts));
  if (per == Per::kSynapse) return sink_->write(path, joined_by_synapse(parts, ranks_));
  sink_->write(path, *std::ranges::max_element(parts, {}, &std::string::size));
}

void PartColumns::begin(std::uint32_t targets) {
  if (part_.is_whole()) return;
  const NeuronRange own = part_.of(targets);
  own_ = {own.first, own.size()};
}

void PartColumns::begin(const SynapseGroup& projection) {
  if (part_.is_whole()) return;
  begin(projection.whole().targets);
  ranks_ = ranks_of_synapses(projection, part_, false);
}

std::string PartColumns::read_part(const std::string& path, Per per) {
  std::string column = source_->read(path);
  if (part_.is_whole() || per != Per::kSynapse) return column;
  return part_by_synapse(column, ranks_, part_.exchange()->rank());
}

}  // namespace chronotope::events
