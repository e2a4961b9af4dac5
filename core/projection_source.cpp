// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/projection_source.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <optional>
#include <type_traits>

#include "chronotope/core/delay_range.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/large_pages.hpp"
#include "chronotope/core/rule_name.hpp"
#include "chronotope/core/truncated_rank.hpp"
#include "chronotope/core/value_count.hpp"

namespace chronotope {
namespace {

/// The positions of a population's neurons: those given, or sites of its lattice, shared with all populations
/// that name the same lattice.
std::vector<Position> positions(const NetworkDescription& network, std::uint32_t population) {
  const PopulationSpec& own = network.populations[population];
  if (own.placement) return own.placement->positions;
  const LatticeSpec& lattice = *own.lattice;
  std::uint32_t before = 0;  // neurons of populations that were served earlier
  std::uint32_t sharers = 0;
  for (const PopulationSpec& other : network.populations) {
    if (!other.lattice || other.lattice->name != lattice.name) continue;
    if (&other < &own) before += other.size;
    ++sharers;
  }
  const auto sites = static_cast<std::uint32_t>(lattice.sites());
  std::vector<std::uint32_t> site(sites);
  if (sharers == 1 && own.size == sites)
    std::iota(site.begin(), site.end(), 0);
  else
    site = random_subset(sites, sites,
                         RandomStream(network.seeds.wiring, Purpose("lattice." + lattice.name), 0));
  std::vector<Position> places;
  for (std::uint32_t i = 0; i < own.size; ++i)
    places.push_back(lattice_site(site[before + i], lattice.x, lattice.y));
  return places;
}

/// `share` of a delay, to the nearest tick; all of it for 1.
Duration share_of(Duration delay, double share) {
  return share == 1 ? delay : Duration::from_ticks(nearest_product(share, delay.offset().ticks));
}

/// An explicit list of synapses, whichever way it is kept.
struct Listed {
  std::size_t size;
  std::function<std::uint32_t(std::uint64_t)> source;
  std::function<std::uint32_t(std::uint64_t)> target;
};

std::optional<Listed> listed(const ProjectionSpec& spec) {
  if (const auto* list = std::get_if<SynapseListSpec>(&spec.wiring))
    return Listed{list->synapses.size(), [list](std::uint64_t k) { return list->synapses[k].source; },
                  [list](std::uint64_t k) { return list->synapses[k].target; }};
  if (const auto* pairs = std::get_if<SynapsePairsSpec>(&spec.wiring))
    return Listed{pairs->source.size(), [pairs](std::uint64_t k) { return pairs->source[k]; },
                  [pairs](std::uint64_t k) { return pairs->target[k]; }};
  return std::nullopt;
}

/// Sorts places of a list by keys below `keys`, equal ones in the order they have.
template <class KeyOf>
std::vector<std::uint64_t> counting_sort(const std::vector<std::uint64_t>& places, std::uint32_t keys,
                                         const KeyOf& key_of) {
  std::vector<std::uint64_t> next(keys + std::size_t{1}, 0);
  for (const auto place : places) ++next[key_of(place) + std::size_t{1}];
  std::partial_sum(next.begin(), next.end(), next.begin());
  std::vector<std::uint64_t> sorted(places.size());
  for (const auto place : places) sorted[next[key_of(place)]++] = place;
  return sorted;
}

/// The order of an explicit list's synapses onto own targets by (source, target), list order last. O(synapses + neurons).
std::vector<std::uint64_t> row_order(const Listed& list, const WiringContext& context) {
  const NeuronRange own = context.own();
  std::vector<std::uint64_t> order;
  for (std::uint64_t k = 0; k < list.size; ++k)
    if (own.holds(list.target(k))) order.push_back(k);
  return counting_sort(counting_sort(order, context.targets, list.target), context.sources, list.source);
}

Adjacency rows_of(const Listed& list, const std::vector<std::uint64_t>& order, const WiringContext& context) {
  Adjacency rows;
  reserve_in_large_pages(rows.target, order.size());
  std::size_t k = 0;
  for (std::uint32_t source = 0; source < context.sources; ++source) {
    for (; k < order.size() && list.source(order[k]) == source; ++k)
      rows.target.push_back(list.target(order[k]) - context.own().first);
    rows.end_row();
  }
  return rows;
}

Adjacency wire_rows(const NetworkDescription& network, const ProjectionSpec& spec,
                    const WiringContext& context) {
  return std::visit(
      [&](const auto& rule) -> Adjacency {
        using Rule = std::decay_t<decltype(rule)>;
        if constexpr (std::is_same_v<Rule, AllToAllSpec>)
          return all_to_all(context);
        else if constexpr (std::is_same_v<Rule, OneToOneSpec>)
          return one_to_one(context);
        else if constexpr (std::is_same_v<Rule, PairwiseBernoulliSpec>)
          return pairwise_bernoulli(context, rule.p, rule.target_fraction);
        else if constexpr (std::is_same_v<Rule, FixedIndegreeSpec>)
          return fixed_indegree(context, rule.indegree);
        else if constexpr (std::is_same_v<Rule, FixedOutdegreeSpec>)
          return fixed_outdegree(context, rule.outdegree);
        else if constexpr (std::is_same_v<Rule, FixedTotalSpec>)
          return fixed_total(context, rule.total);
        else if constexpr (std::is_same_v<Rule, DistanceSpec>)
          return distance_dependent(context, rule.kernel,
                                    rule.periodic ? network.populations[spec.source].torus() : Torus{},
                                    positions(network, spec.source), positions(network, spec.target));
        else
          return {};  // a list, which needs no rule
      },
      spec.wiring);
}

/// The same; errors name the projection.
Adjacency rows_by_rule(const NetworkDescription& network, const ProjectionSpec& spec,
                       const WiringContext& context) {
  try {
    return wire_rows(network, spec, context);
  } catch (const FieldError&) {
    throw;
  } catch (const InputError& error) {
    throw InputError(to_string(spec.field.location) + ": " + spec.field.path + ": " + error.what());
  }
}

/// Whether the values of synapses are given one by one, by their places among all that the rule yields.
bool has_explicit_values(const ProjectionSpec& spec) {
  const auto is_explicit = [](const ParameterSpec& p) {
    return std::holds_alternative<Values>(p.value.kind());
  };
  const auto given = [&](const std::optional<ParameterSpec>& p) { return p && is_explicit(*p); };
  return is_explicit(spec.weight) || is_explicit(spec.delay) || given(spec.dendritic_delay) ||
         given(spec.dendritic_fraction) ||
         std::ranges::any_of(spec.rule.parameters, [&](const auto& p) { return is_explicit(p.second); });
}

/// The rows of a part, and the places of its synapses among all.
struct OwnRows {
  Adjacency rows;
  std::vector<std::uint64_t> places;
};

OwnRows own_rows(const Adjacency& all, const NeuronRange& own) {
  OwnRows part;
  for (std::size_t source = 0; source < all.sources(); ++source) {
    for (std::uint64_t e = all.row_begin[source]; e < all.row_begin[source + 1]; ++e) {
      if (!own.holds(all.target[e])) continue;
      part.rows.target.push_back(all.target[e] - own.first);
      part.places.push_back(e);
    }
    part.rows.end_row();
  }
  return part;
}

}  // namespace

ProjectionSource wire(const NetworkDescription& network, const ProjectionSpec& spec,
                      const Checkpoint& checkpoint, const Part& part) {
  WiringContext context;
  context.checkpoint = checkpoint;
  context.sources = network.size_of(spec.source);
  context.targets = network.size_of(spec.target);
  context.part = part.of(context.targets);
  context.recurrent = spec.source == spec.target;
  context.autapses = spec.autapses;
  context.multapses = spec.multapses;
  context.seed = network.seeds.wiring;
  context.purpose = Purpose(spec.name + ".wiring");
  context.symmetric = spec.symmetric;
  const auto made = [&](Adjacency rows, std::vector<std::uint64_t> places) -> ProjectionSource {
    return {spec, network.seeds, context.targets, std::move(rows), std::move(places), checkpoint, part};
  };
  if (const auto list = listed(spec)) {
    std::vector<std::uint64_t> order = row_order(*list, context);
    Adjacency rows = rows_of(*list, order, context);
    return made(std::move(rows), std::move(order));
  }
  if (part.is_whole() || !has_explicit_values(spec)) return made(rows_by_rule(network, spec, context), {});
  const NeuronRange own = context.own();
  context.part.reset();
  OwnRows rows = own_rows(rows_by_rule(network, spec, context), own);
  return made(std::move(rows.rows), std::move(rows.places));
}

ProjectionSource::ProjectionSource(const ProjectionSpec& spec, const DrawSeeds& seeds, std::uint32_t targets,
                                   Adjacency rows, std::vector<std::uint64_t> listed, Checkpoint checkpoint,
                                   const Part& part)
    : spec_(spec),
      seeds_(seeds),
      part_(part),
      own_(part.of(targets)),
      rows_(std::move(rows)),
      sources_(static_cast<std::uint32_t>(rows_.sources())),
      synapse_count_(rows_.target.size()),
      listed_(std::move(listed)),
      checkpoint_(std::move(checkpoint)) {
  whole_.targets = targets;
  whole_.synapses = part_.sum(synapse_count_);
  build_graph();
  is_built_ = true;
  agree_on_delays();
  if (!is_plastic(spec_.rule.kind)) dendritic_delays();  // nothing else would find what is wrong with them
}

void ProjectionSource::agree_on_delays() {
  whole_.least_delay = part_.least(connectivity_.least_delay());
  const Duration longest = !connectivity_.has_one_delay() ? Duration::forever()
                           : synapse_count_ == 0          ? Duration()
                                                          : connectivity_.least_delay();
  whole_.has_one_delay = part_.largest(longest) <= whole_.least_delay;
}

/// Draws the delays and builds the graph with every row ordered by (delay, target).
void ProjectionSource::build_graph() {
  if (list() == nullptr && spec_.delay.value.constant()) {
    RandomStream unused(seeds_.wiring, Purpose(spec_.name), 0);
    const double ms = chronotope::draw(spec_.delay, kDelay, unused, 0);
    connectivity_ = Connectivity(std::move(rows_), to_duration(spec_.delay, ms), targets());
  } else if (list() != nullptr || spec_.delay.value.is_stated()) {
    std::vector<Duration> delays = stated_delays();
    order_rows(std::span(delays));
    connectivity_ = Connectivity(std::move(rows_), delays, targets());
  } else {
    draw_delays();
  }
}

/// Each in its own stream, in counts of one unit where they are not too long for that.
void ProjectionSource::draw_delays() {
  check_count(spec_.delay);
  const Purpose purpose(spec_.name + ".delay");
  const auto draw_all = [&](const DelayColumn::Store& store) {
    visit_synapses(Owner::kPair,
                   [&](std::uint64_t place, SynapseId s, std::uint32_t source, std::uint64_t key) {
                     RandomStream stream(seeds_.delays, purpose, source, key);
                     store(index(s), chronotope::draw(spec_.delay, kDelay, stream, place));
                   });
  };
  const auto all_fit = [this](bool own) { return part_.all(own); };
  if (auto delays = DelayColumn::drawn(synapse_count(), draw_all, all_fit)) {
    delays->use([&](auto counts, double) { order_rows(counts); });
    connectivity_ = Connectivity(std::move(rows_), std::move(*delays), targets());
    return;
  }
  std::vector<Duration> delays(synapse_count());
  draw_all([&](std::uint64_t s, double ms) { delays[s] = Duration::nearest(ms); });
  order_rows(std::span(delays));
  connectivity_ = Connectivity(std::move(rows_), delays, targets());
}

/// Delays given one by one, by entry of rows_.
std::vector<Duration> ProjectionSource::stated_delays() const {
  std::vector<Duration> delays;
  if (list() != nullptr)
    for (const auto k : listed_) delays.push_back(list()->synapses[k].delay);
  else
    for (const double ms : draw_each(Owner::kPair, seeds_.delays, spec_.delay, "delay", kDelay))
      delays.push_back(to_duration(spec_.delay, ms));
  return delays;
}

/// Orders every row of rows_, and the delays with it, and remembers where each entry went.
template <class Delay>
void ProjectionSource::order_rows(std::span<Delay> delays) {
  place_in_row_.resize(delays.size());
  std::vector<std::uint32_t> order;  // place in the row -> entry
  std::vector<Delay> delay;
  std::vector<std::uint32_t> target;
  for (std::size_t i = 0; i < rows_.sources(); ++i) {
    checkpoint_();
    const std::uint64_t begin = rows_.row_begin[i];
    const std::uint64_t size = rows_.row_begin[i + 1] - begin;
    const auto row_delays = delays.subspan(begin, size);
    order.resize(size);
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return row_delays[a] != row_delays[b] ? row_delays[a] < row_delays[b] : a < b;
    });
    delay.assign(row_delays.begin(), row_delays.end());
    target.assign(rows_.target.begin() + static_cast<std::ptrdiff_t>(begin),
                  rows_.target.begin() + static_cast<std::ptrdiff_t>(begin + size));
    for (std::uint32_t k = 0; k < size; ++k) {
      row_delays[k] = delay[order[k]];
      rows_.target[begin + k] = target[order[k]];
      place_in_row_[begin + order[k]] = k;
    }
  }
}

/// visit(place among explicit values, SynapseId, source, key of the target and the occurrence) for every
/// synapse, in the order in which they were wired. For draws of a symmetric pair the source is its smaller end.
template <class Visit>
void ProjectionSource::visit_synapses(Owner owner, const Visit& visit) const {
  const bool of_pairs = owner == Owner::kPair && spec_.symmetric;
  for (std::uint32_t i = 0; i < sources(); ++i) {
    checkpoint_();
    std::uint64_t occurrence = 0;
    std::uint32_t before = 0;
    const std::uint64_t begin = row_begin(i);
    for (std::uint64_t e = begin; e < row_begin(i + std::size_t{1}); ++e) {
      const SynapseId s = place(begin, e);
      const std::uint32_t target =
          own_.first + (is_built_ ? index(connectivity_.target(s)) : rows_.target[e]);
      occurrence = e > begin && target == before ? occurrence + 1 : 0;
      before = target;
      const bool turned = of_pairs && target < i;
      visit(listed_.empty() ? e : listed_[e], s, turned ? target : i,
            occurrence << 32 | (turned ? i : target));
    }
  }
}

/// What `draw` gives for each of them, by SynapseId.
template <class Draw>
std::vector<double> ProjectionSource::for_each_synapse(Owner owner, const Draw& draw) const {
  auto drawn = column_in_large_pages<double>(synapse_count());
  visit_synapses(owner, [&](std::uint64_t place, SynapseId s, std::uint32_t source, std::uint64_t key) {
    drawn[index(s)] = draw(place, s, source, key);
  });
  return drawn;
}

void ProjectionSource::check_count(const ParameterSpec& spec) const {
  check_value_count(spec, whole_.synapses, "projection", "synapses");
}

std::vector<double> ProjectionSource::draw_each(Owner owner, std::uint64_t seed, const ParameterSpec& spec,
                                                const std::string& name, const Range& range) const {
  check_count(spec);
  const Purpose purpose(spec_.name + "." + name);
  return for_each_synapse(owner,
                          [&](std::uint64_t place, SynapseId, std::uint32_t source, std::uint64_t key) {
                            RandomStream stream(seed, purpose, source, key);
                            return chronotope::draw(spec, range, stream, place);
                          });
}

/// Two normal ranks that correlate are drawn from one stream, each is made one among the values within its
/// parameter's bounds; the value of one parameter is returned.
std::vector<double> ProjectionSource::draw_jointly(const CorrelationSpec& pair, const std::string& name,
                                                   const Range& range) const {
  const ParameterSpec& own = *given(name);
  const Purpose purpose(spec_.name + "." + pair.first + "." + pair.second);
  const double rest = std::sqrt(1 - pair.rho * pair.rho);
  const TruncatedRank within_bounds = [&] {
    try {
      return TruncatedRank(own.value);
    } catch (const InputError& error) {
      own.field.refuse("a drawn value", error.what());
    }
  }();
  return for_each_synapse(
      Owner::kSynapse, [&](std::uint64_t, SynapseId, std::uint32_t source, std::uint64_t key) {
        RandomStream stream(seeds_.learning, purpose, source, key);
        const double z = standard_normal(stream);
        const double rank = name == pair.first ? z : pair.rho * z + rest * standard_normal(stream);
        const double drawn = own.value.at_normal_rank(within_bounds(rank));
        const double value = std::clamp(drawn, own.value.min(), own.value.max());  // a rounding, no atom
        if (!range.holds(value)) own.field.refuse(to_string(value), range.text);
        return value;
      });
}

const CorrelationSpec* ProjectionSource::correlation_of(const std::string& name) const {
  const auto spread = [&](const std::string& other) {
    return given(other) != nullptr && !given(other)->value.constant();
  };
  for (const CorrelationSpec& pair : spec_.rule.correlations)
    if ((pair.first == name || pair.second == name) && spread(pair.first) && spread(pair.second))
      return &pair;
  return nullptr;
}

std::vector<double> ProjectionSource::draw_weights() const {
  if (list() == nullptr) return draw_each(Owner::kPair, seeds_.wiring, spec_.weight, "weight", kFinite);
  auto weights = column_in_large_pages<double>(synapse_count());
  visit_synapses(Owner::kSynapse, [&](std::uint64_t listed, SynapseId s, std::uint32_t, std::uint64_t) {
    weights[index(s)] = list()->synapses[listed].weight;
  });
  return weights;
}

Parameter<SynapseId> ProjectionSource::draw_static_weights() const {
  if (list() != nullptr || !spec_.weight.value.constant()) return Parameter<SynapseId>(draw_weights());
  RandomStream unused(seeds_.wiring, Purpose(spec_.name), 0);
  return Parameter<SynapseId>(chronotope::draw(spec_.weight, kFinite, unused, 0));
}

std::vector<double> ProjectionSource::draw_magnitudes(const Parameter<SynapseId>& w_min,
                                                      const Parameter<SynapseId>& w_max) const {
  check_count(spec_.weight);
  const bool drawn = list() == nullptr && !std::holds_alternative<Values>(spec_.weight.value.kind());
  const std::vector<double> given = drawn ? std::vector<double>() : draw_weights();
  const Field field = list() == nullptr ? spec_.weight.field : spec_.field / "synapses.weight";
  const Purpose purpose(spec_.name + ".weight");
  const double sign = this->sign();
  return for_each_synapse(
      Owner::kPair, [&](std::uint64_t place, SynapseId s, std::uint32_t source, std::uint64_t key) {
        const double low = sign > 0 ? w_min[s] : -w_max[s];
        const double high = sign > 0 ? w_max[s] : -w_min[s];
        if (drawn) {
          RandomStream stream(seeds_.wiring, purpose, source, key);
          const ParameterSpec bounded{spec_.weight.value.within(low, high), field};
          return sign * chronotope::draw(bounded, kFinite, stream, place);
        }
        const double w = given[index(s)];
        if (!(w >= low && w <= high))
          field.refuse(to_string(w),
                       "a plastic weight must lie in [" + to_string(low) + ", " + to_string(high) + "]");
        return sign * w;
      });
}

Duration ProjectionSource::longest_delay() const {
  Duration longest;
  for (std::uint64_t g = 0; g < connectivity_.segment_count(); ++g)
    longest = std::max(longest, connectivity_.delay(SegmentId{g}));
  return part_.largest(longest);
}

Parameter<SynapseId, Duration> ProjectionSource::dendritic_delays() const {
  using Parts = Parameter<SynapseId, Duration>;
  constexpr Range kShare{"must lie in [0, 1]", [](double v) { return v >= 0 && v <= 1; }};
  const bool share = spec_.dendritic_fraction.has_value();
  if (!share && !spec_.dendritic_delay) return Parts(Duration());
  const ParameterSpec& spec = share ? *spec_.dendritic_fraction : *spec_.dendritic_delay;
  const std::vector<double> drawn =
      draw_each(Owner::kPair, seeds_.delays, spec, share ? "dendritic_fraction" : "dendritic_delay",
                share ? kShare : kTimeOfRun);
  std::vector<Duration> part(drawn.size());
  for (std::uint64_t g = 0; g < connectivity_.segment_count(); ++g)
    for (const SynapseId s : connectivity_.synapses(SegmentId{g})) {
      const Duration delay = connectivity_.delay(SegmentId{g});
      const double own = drawn[index(s)];
      part[index(s)] = share ? share_of(delay, own) : to_duration(spec, own);
      if (part[index(s)] > delay)
        spec.field.refuse(to_string(own), "must not be longer than the delay, " + to_text(delay));
    }
  const Duration least = part_.least(part.empty() ? Duration::forever() : std::ranges::min(part));
  const Duration most = part_.largest(part.empty() ? Duration() : std::ranges::max(part));
  if (least >= most) return Parts(most);
  if (part.empty()) part.push_back(most);  // nobody's, and not shared
  return Parts(std::move(part));
}

double ProjectionSource::mean_magnitude() const {
  if (list() == nullptr) return std::abs(spec_.weight.value.mean());
  double sum = 0;
  for (const auto& synapse : list()->synapses) sum += std::abs(synapse.weight);
  return list()->synapses.empty() ? 0 : sum / static_cast<double>(list()->synapses.size());
}

double ProjectionSource::sign() const {
  if (list() == nullptr) return spec_.weight.value.mean() < 0 ? -1 : 1;
  double sum = 0;
  for (const auto& synapse : list()->synapses) sum += synapse.weight;
  return sum < 0 ? -1 : 1;
}

const ParameterSpec* ProjectionSource::given(const std::string& name) const {
  const auto found = spec_.rule.parameters.find(name);
  return found == spec_.rule.parameters.end() ? nullptr : &found->second;
}

Parameter<SynapseId> ProjectionSource::draw(const std::string& name, double fallback,
                                            const Range& range) const {
  return draw_keyed(seeds_.learning, name, fallback, range);
}

Parameter<SynapseId> ProjectionSource::draw_with_wiring(const std::string& name, double fallback,
                                                        const Range& range) const {
  return draw_keyed(seeds_.wiring, name, fallback, range);
}

Parameter<SynapseId> ProjectionSource::draw_keyed(std::uint64_t seed, const std::string& name,
                                                  double fallback, const Range& range) const {
  const ParameterSpec* spec = given(name);
  if (spec == nullptr || spec->value.constant()) return Parameter<SynapseId>(constant(name, fallback, range));
  if (const CorrelationSpec* pair = correlation_of(name))
    return own_values(draw_jointly(*pair, name, range), *spec);
  return own_values(draw_each(Owner::kSynapse, seed, *spec, name, range), *spec);
}

/// One value per synapse. A part that has none has somebody's value, which is not shared.
Parameter<SynapseId> ProjectionSource::own_values(std::vector<double> values,
                                                  const ParameterSpec& spec) const {
  if (values.empty() && whole_.synapses > 0) values.push_back(spec.value.mean());
  return Parameter<SynapseId>(std::move(values));
}

double ProjectionSource::constant(const std::string& name, double fallback, const Range& range) const {
  const ParameterSpec* spec = given(name);
  if (spec == nullptr) return fallback;
  RandomStream unused(seeds_.wiring, Purpose(name), 0);
  return chronotope::draw(*spec, range, unused, 0);
}

Time ProjectionSource::time(const std::string& name) const {
  const ParameterSpec* spec = given(name);
  return spec == nullptr ? Time::never() : Time() + to_duration(*spec, constant(name, 0, kTimeOfRun));
}

bool ProjectionSource::chosen(const std::string& name, std::string_view value) const {
  const auto option = spec_.rule.options.find(name);
  return option != spec_.rule.options.end() && option->second == value;
}

void ProjectionSource::forbid(const std::string& name, std::string_view value, const std::string& why) const {
  if (chosen(name, value)) (spec_.rule.field / name).refuse(std::string(value), why);
}

/// What is wrong with nobody's parameter is not.
void ProjectionSource::require(bool holds, const std::string& name, double value,
                               const std::string& allowed) const {
  if (holds || synapse_count() == 0) return;
  const ParameterSpec* spec = given(name);
  if (spec == nullptr) (spec_.rule.field / name).refuse(to_string(value) + ", by default,", allowed);
  spec->field.refuse(to_string(value), allowed);
}

}  // namespace chronotope
