// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "chronotope/core/neuron_group.hpp"
#include "chronotope/core/synapse_group.hpp"
#include "chronotope/events/afferents.hpp"
#include "chronotope/events/event.hpp"
#include "chronotope/events/exactness.hpp"
#include "chronotope/events/private_trains.hpp"
#include "chronotope/events/tally.hpp"
#include "chronotope/events/window.hpp"

namespace chronotope::events {

/// The neurons [first, last) of one population, which one thread moves through the look-ahead windows:
/// begin, the window's deliveries in order, finish. As the engine knows them, which does not name their
/// model: it makes a few calls per window, and one per delivery.
class Lane {
 public:
  virtual ~Lane() = default;
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  std::uint32_t first() const { return first_; }
  std::uint32_t last() const { return last_; }

  /// The longest window its coordinates allow, to a multiple of which windows must not reach across.
  virtual Offset step() const = 0;
  /// The same of a group of its model with other parameters.
  virtual Offset step_of(const NeuronGroup& group) const = 0;
  /// When a window must begin at the latest.
  virtual Time next_check() const = 0;
  /// What a window that begins at `begin` may not reach across.
  virtual Time limit(Time begin) const = 0;

  /// Some of the synapses onto these neurons have delays of their own.
  virtual void expect_own_delays() = 0;
  /// Whether the neurons can have such private trains.
  virtual bool can_draw(const SlotTrains& trains) const = 0;
  /// Of the series that such trains are summed by: of all neurons of this part of the population.
  virtual double largest_exponent(const SlotTrains& trains) const = 0;
  /// Gives every neuron its private trains. `inputs` outlive the lane. Requires: can_draw() of each.
  virtual void drive(const PrivateInputs& inputs) = 0;

  /// Before a window begins at `now`: where currents of the population have changed, states become those of the constants
  /// that take_currents() will make of these. V goes on from where it is; who reaches the threshold there by then fires.
  virtual void change_currents(Time now) = 0;

  virtual void begin(const Window& window, Tally& tally) = 0;
  /// The arrivals of `delivery`, the `number`-th of the window, as far as they belong to this lane.
  virtual void deliver(SynapseGroup& projection, const Delivery& delivery, std::uint32_t number) = 0;
  /// Walks those neurons to the window's end that may fire in it.
  virtual void finish(const Afferents& afferents) = 0;

  /// Between windows: takes what a window that began at `now` would take first, so that its state depends on
  /// nothing but the network's.
  virtual void halt(Time now) = 0;
  /// What a lane needs to go on at `now`, besides the neurons' states: of the population's lanes one after
  /// the other, whatever part of it each has.
  struct Progress {
    Time origin;                         // of the states' coordinates
    std::vector<std::uint32_t> crossed;  // neurons that fire first of all
    Time crossed_at;
    std::string trains;  // of all neurons that are driven, packed
  };
  virtual void save(Progress& progress) const = 0;
  /// Takes from the begin of `trains` what is its own.
  virtual void load(const Progress& progress, std::string_view& trains, Time now) = 0;

  /// The private arrivals before `now` that have not been counted yet.
  virtual EventCounts uncounted(Time now) const = 0;

  /// V of all its neurons, now [mV].
  virtual std::vector<double> potentials(Time now) const = 0;

  /// The synaptic currents of a receptor in all its neurons, now [pA]; empty when the model has none.
  virtual std::vector<double> currents(Time now, std::uint32_t receptor) const = 0;

  /// Spikes since mark_settled().
  std::uint64_t unsettled() const { return unsettled_; }
  void mark_settled() { unsettled_ = 0; }

 protected:
  Lane(std::uint32_t first, std::uint32_t last) : first_(first), last_(last) {}
  void count_unsettled(std::uint64_t spikes) { unsettled_ += spikes; }

 private:
  std::uint32_t first_;
  std::uint32_t last_;
  std::uint64_t unsettled_ = 0;
};

/// Makes `count` lanes that share the neurons of `population`, the `number`-th of its network; `window` is
/// the longest window there will be.
using MakeLanes = std::vector<std::unique_ptr<Lane>> (*)(NeuronGroup& population, std::uint32_t number,
                                                         Duration window, unsigned count);

/// How the event-driven engine moves the neurons of a model.
struct EventForm {
  std::string_view model;
  MakeLanes make_lanes;
};

}  // namespace chronotope::events
