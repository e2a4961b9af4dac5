// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/spread_arrivals.hpp"

#include "chronotope/core/prefetch.hpp"

namespace chronotope::events {

/// Whether the weights of all that was postponed are known.
bool SpreadArrivals::hear_all(const Afferents& afferents) {
  heard_.resize(afferents.deliveries().size());
  bool are_static = true;
  for (const Postponed& p : postponed_) {
    const Delivery& d = afferents.deliveries()[p.number];
    heard_[p.number] = hear(afferents.projection(d), d);
    are_static &= afferents.projection(d).is_static();
  }
  return are_static;
}

SpreadArrivals::Heard SpreadArrivals::hear(SynapseGroup& projection, const Delivery& d) {
  const Connectivity& connectivity = projection.connectivity();
  Heard heard;
  heard.projection = &projection;
  heard.source = NeuronId{d.source};
  heard.emitted = d.emitted;
  heard.has_own_delays = connectivity.has_own_delays();
  if (!heard.has_own_delays) heard.delay = connectivity.delay(SegmentId{d.segment});
  heard.first = heard.has_own_delays ? d.segment : index(connectivity.synapses(SegmentId{d.segment}).front());
  heard.receptor = projection.receptor();
  if (const double* shared = projection.shared_weight()) {
    heard.weight = shared;
  } else if (const double* own = projection.static_weights()) {
    heard.weight = own + heard.first;
    heard.step = 1;
  } else {
    heard.row = rows_.size();
    rows_.emplace_back();
    projection.open(rows_.back(), NeuronId{d.source}, d.emitted, Duration());
  }
  return heard;
}

/// The arrivals of a slice of the window, about the `slices`-th part.
std::span<const SortedArrivals::Arrival> SpreadArrivals::sort_until(const Afferents& afferents, Time from,
                                                                    Time until, bool is_last,
                                                                    std::uint64_t slices) {
  sorted_.begin(from, most_arrivals_ / slices);
  for (std::size_t k = 0; k < postponed_.size(); ++k) {
    if (k + kRowsAhead < postponed_.size()) prefetch_row(afferents, postponed_[k + kRowsAhead]);
    add_until(afferents, postponed_[k], until, is_last);
  }
  return sorted_.sort(afferents.deliveries());
}

void SpreadArrivals::add_until(const Afferents& afferents, Postponed& p, Time until, bool is_last) {
  const Delivery& d = afferents.deliveries()[p.number];
  const Connectivity& connectivity = afferents.projection(d).connectivity();
  std::uint64_t end = d.end;
  if (!is_last && connectivity.has_own_delays())
    end = std::min(end, index(connectivity.skip_shorter(SegmentId{p.next}, NeuronId{d.source},
                                                        until.since(d.emitted).ticks)));
  else if (!is_last && d.time >= until)
    return;
  if (p.next < end) sorted_.add(connectivity, d, p.number, p.next, end);
  p.next = std::max(p.next, end);
}

void SpreadArrivals::prefetch_row(const Afferents& afferents, const Postponed& p) {
  const Delivery& d = afferents.deliveries()[p.number];
  const SynapseGroup& projection = afferents.projection(d);
  projection.connectivity().prefetch(p.next, d.end);
  if (projection.connectivity().has_own_delays() && projection.static_weights() != nullptr)
    prefetch_begin(std::span(projection.static_weights() + p.next, d.end - p.next));
}

/// Accounts for arrivals of one projection after the other.
void SpreadArrivals::transmit(Changing& changing, ArrivalBatch& batch) {
  std::array<SynapseGroup::OwnArrival, kManyArrivals> of_one;
  std::array<std::size_t, kManyArrivals> its_place;
  std::array<double, kManyArrivals> weights;
  while (changing.size > 0) {
    SynapseGroup* const projection = heard_[changing.arrival[0]->delivery].projection;
    std::size_t count = 0;
    Changing others;
    for (std::size_t k = 0; k < changing.size; ++k) {
      const Sorted& a = *changing.arrival[k];
      const Heard& heard = heard_[a.delivery];
      if (heard.projection != projection) {
        others.add(a, changing.place[k]);
        continue;
      }
      const SynapseId s{heard.first + a.place};
      its_place[count] = changing.place[k];
      of_one[count++] = {
          s,
          NeuronId{first_ + sorted_.target(a)},
          heard.source,
          &rows_[heard.row],
          heard.emitted,
          heard.has_own_delays ? projection->connectivity().own_delays()[index(s)] : heard.delay};
    }
    projection->arrive_each(std::span(of_one).first(count), std::span(weights).first(count));
    for (std::size_t k = 0; k < count; ++k) batch.weight[its_place[k]] = weights[k];
    changing = others;
  }
}

}  // namespace chronotope::events
