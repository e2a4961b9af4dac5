// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/joined_columns.hpp"

#include <algorithm>
#include <deque>
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

/// A column in memory.
class ColumnText final : public ColumnBytes {
 public:
  explicit ColumnText(const std::string& bytes) : bytes_(&bytes) {}

  std::uint64_t size() const override { return bytes_->size(); }
  void take(std::uint64_t count, std::string& to) override {
    if (count > bytes_->size() - taken_) throw InputError("parts of a state do not belong together");
    to.append(*bytes_, taken_, count);
    taken_ += count;
  }

 private:
  const std::string* bytes_;
  std::uint64_t taken_ = 0;
};

std::string joined(Join how, const std::vector<std::string>& parts, const std::vector<std::uint16_t>& ranks) {
  std::deque<ColumnText> texts(parts.begin(), parts.end());
  std::vector<ColumnBytes*> columns;
  for (ColumnText& text : texts) columns.push_back(&text);
  std::string whole;
  join_column(how, columns, ranks,
              {[&](std::uint64_t size) { whole.reserve(size); },
               [&](std::string_view bytes) { whole.append(bytes); }});
  return whole;
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
  gather(path, bytes, join_of(per));
}

void JoinedColumns::write_waiting(const std::string& path, const std::vector<Event>& own) {
  std::string bytes;
  Packer{bytes}(own);
  gather(path, bytes, Join::kOfWaiting);
}

void JoinedColumns::write_lanes(const std::string& path, const Lane::Progress& own) {
  std::string bytes;
  Packer{bytes}(own);
  gather(path, bytes, Join::kOfLanes);
}

void JoinedColumns::gather(const std::string& path, const std::string& bytes, Join join) {
  if (part_.is_whole()) return write(path, bytes);
  const std::vector<std::string> parts = part_.exchange()->at_root(bytes);
  if (part_.is_root()) sink_->write(path, joined(join, parts, ranks_));
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
