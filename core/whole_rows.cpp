// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/whole_rows.hpp"

#include <string_view>

namespace chronotope {
namespace {

template <class T>
T unpacked(const std::string& bytes) {
  std::string_view rest = bytes;
  T value;
  Unpacker{rest}(value);
  return value;
}

}  // namespace

WholeRows::WholeRows(const SynapseGroup& projection, const Part& part, std::uint32_t first,
                     std::uint32_t last, Knows knows)
    : first_(first), last_(last) {
  const Connectivity& connectivity = projection.connectivity();
  std::vector<Segment> own;
  for (std::uint32_t source = first; source < last; ++source) {
    const std::uint64_t end = index(connectivity.last_segment(NeuronId{source}));
    for (std::uint64_t g = index(connectivity.first_segment(NeuronId{source})); g < end; ++g) {
      const SegmentId segment{g};
      own.push_back({source, static_cast<std::uint32_t>(connectivity.synapses(segment).size()),
                     connectivity.delay(segment)});
    }
  }
  std::string bytes;
  Packer{bytes}(own);
  Exchange& exchange = *part.exchange();
  for (const std::string& said : knows == Knows::kAll ? exchange.all(bytes) : exchange.at_root(bytes))
    parts_.push_back(unpacked<std::vector<Segment>>(said));
}

std::vector<whole_rows::Ends> whole_rows::ends_at_root(const SynapseGroup& projection, const Part& part,
                                                       std::uint32_t first, std::uint32_t last) {
  const Connectivity& connectivity = projection.connectivity();
  const std::uint32_t target = part.of(projection.whole().targets).first;
  Ends own;
  for (std::uint64_t s = connectivity.row_begin(first); s < connectivity.row_begin(last); ++s) {
    own.target.push_back(target + index(connectivity.target(SynapseId{s})));
    own.weight.push_back(projection.weight(SynapseId{s}));
  }
  std::string bytes;
  Packer{bytes}(own);
  std::vector<Ends> all;
  for (const std::string& said : part.exchange()->at_root(bytes)) all.push_back(unpacked<Ends>(said));
  return all;
}

}  // namespace chronotope
