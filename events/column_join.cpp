// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/column_join.hpp"

#include <algorithm>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/core/packed.hpp"
#include "chronotope/events/joined_progress.hpp"

namespace chronotope::events {
namespace {

using Parts = std::span<ColumnBytes* const>;

constexpr std::uint64_t kPiece = std::uint64_t{1} << 20;
constexpr std::uint64_t kSize = sizeof(std::uint64_t);  // how many entries a sequence has stands before them

[[noreturn]] void refuse() { throw InputError("parts of a state do not belong together"); }

void copy(ColumnBytes& part, std::uint64_t count, const WholeColumn& whole) {
  std::string piece;
  for (; count > 0; count -= piece.size()) {
    piece.clear();
    part.take(std::min(count, kPiece), piece);
    whole.add(piece);
  }
}

void copy_all(ColumnBytes& part, const WholeColumn& whole) {
  whole.begin(part.size());
  copy(part, part.size(), whole);
}

/// The sizes of the sequences that the parts are, and their sum.
struct Sizes {
  std::vector<std::uint64_t> of;
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;  // of all entries
};

Sizes take_sizes(Parts parts) {
  Sizes sizes;
  for (ColumnBytes* part : parts) {
    if (part->size() < kSize) refuse();
    std::string bytes;
    part->take(kSize, bytes);
    std::string_view rest = bytes;
    Unpacker{rest}(sizes.of.emplace_back());
    sizes.entries += sizes.of.back();
    sizes.bytes += part->size() - kSize;
  }
  return sizes;
}

void begin_sequence(const Sizes& sizes, const WholeColumn& whole) {
  whole.begin(kSize + sizes.bytes);
  std::string size;
  Packer{size}(sizes.entries);
  whole.add(size);
}

void join_by_target(Parts parts, const WholeColumn& whole) {
  begin_sequence(take_sizes(parts), whole);
  for (ColumnBytes* part : parts) copy(*part, part->size() - kSize, whole);
}

void join_by_synapse(Parts parts, std::span<const std::uint16_t> ranks, const WholeColumn& whole) {
  const Sizes sizes = take_sizes(parts);
  begin_sequence(sizes, whole);
  if (sizes.entries == 0) return;
  const std::uint64_t each = sizes.bytes / sizes.entries;
  if (sizes.entries != ranks.size()) refuse();
  for (std::size_t rank = 0; rank < parts.size(); ++rank)
    if (parts[rank]->size() - kSize != each * sizes.of[rank]) refuse();
  std::string piece;
  for (std::size_t s = 0; s < ranks.size();) {
    const std::size_t begin = s;
    while (s < ranks.size() && ranks[s] == ranks[begin] && s - begin < kPiece) ++s;
    parts[ranks[begin]]->take(each * (s - begin), piece);
    if (piece.size() < kPiece && s < ranks.size()) continue;
    whole.add(piece);
    piece.clear();
  }
}

/// Values that are joined as such.
template <class T, class JoinValues>
void join_values(Parts parts, const WholeColumn& whole, JoinValues join) {
  std::vector<T> values(parts.size());
  for (std::size_t rank = 0; rank < parts.size(); ++rank) {
    std::string bytes;
    parts[rank]->take(parts[rank]->size(), bytes);
    std::string_view rest = bytes;
    Unpacker{rest}(values[rank]);
    if (!rest.empty()) refuse();
  }
  std::string bytes;
  Packer{bytes}(join(values));
  whole.begin(bytes.size());
  whole.add(bytes);
}

}  // namespace

Join join_of(Per per) {
  if (per == Per::kTarget) return Join::kByTarget;
  if (per == Per::kSynapse) return Join::kBySynapse;
  return per == Per::kRun ? Join::kOfRank0 : Join::kByLength;
}

void join_column(Join how, Parts parts, std::span<const std::uint16_t> ranks, const WholeColumn& whole) {
  switch (how) {
    case Join::kOfRank0:
      return copy_all(*parts.front(), whole);
    case Join::kByLength:
      return copy_all(**std::ranges::max_element(parts, {}, &ColumnBytes::size), whole);
    case Join::kByTarget:
      return join_by_target(parts, whole);
    case Join::kBySynapse:
      return join_by_synapse(parts, ranks, whole);
    case Join::kOfLanes:
      return join_values<Lane::Progress>(parts, whole, joined_progress);
    case Join::kOfWaiting:
      return join_values<std::vector<Event>>(parts, whole, joined_events);
  }
}

}  // namespace chronotope::events
