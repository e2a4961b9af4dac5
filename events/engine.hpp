// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "chronotope/core/network.hpp"
#include "chronotope/events/drawn_lines.hpp"
#include "chronotope/events/engine_columns.hpp"
#include "chronotope/events/event_queue.hpp"
#include "chronotope/events/homeostasis.hpp"
#include "chronotope/events/in_flight.hpp"
#include "chronotope/events/input_lines.hpp"
#include "chronotope/events/lane.hpp"
#include "chronotope/events/own_columns.hpp"
#include "chronotope/events/projection_index.hpp"
#include "chronotope/events/rewards.hpp"
#include "chronotope/events/team.hpp"

namespace chronotope::events {

/// Called for every spike of a neuron, in time order; at one instant by (population, neuron).
using SpikeObserver = std::function<void(std::uint32_t population, NeuronId neuron, Time time)>;

/// The event-driven engine: from look-ahead window to look-ahead window, without a time step. Nothing emitted
/// at or after a window's begin arrives before its end, because no delay is shorter; so all its arrivals are
/// known, and the neurons go through it one by one, on any number of threads. At one instant of a neuron
/// first all arrivals (summed in order of time, projection and source), then the threshold test, then the
/// spike. Homeostasis of weights happens between windows, at its exact time and before everything else there; so do
/// changes of currents, with which a window begins.
///
/// Where the network is a part of one (core/part.hpp), the engine is one of several that move it together: each goes
/// through the windows of a span of look-ahead by itself, then all tell each other their spikes, and every one of them
/// hears, sends and observes the spikes of all. All must be asked for the same, in the same order.
///
/// Invariants:
/// 1. A spike in flight holds one queue entry per projection, which re-enters for the delays beyond the
///    window.
/// 2. No bit of any result depends on where windows begin and end, nor on the number of threads or of parts.
/// Cost: O(log(spikes in flight)) per spike and window it delivers in, O(1) per synaptic event, nothing for
/// silence; with private trains a look at every driven neuron per slot.
class Engine {
 public:
  /// Inputs are numbered after the populations. A neuron that starts at or above threshold fires at once. The
  /// engine's clock begins at `start`, from which the times of inputs, rewards and rules count; what it is asked
  /// for and tells are times since 0. Requires: `forms` has the form of each population's model.
  Engine(Network network, std::span<const EventForm> forms, std::vector<Stimulus> inputs,
         SpikeObserver on_spike, unsigned threads = 1, Time start = {});

  /// Processes every event before `end`, but ends after the window in which stop() becomes true: now() tells
  /// where. Calling it in pieces changes no bit. Errors: InputError that names a neuron and when its state
  /// can not be followed further.
  void run_until(
      Time end, const std::function<bool()>& stop = [] { return false; });

  /// Sends the next spike that goes anywhere `by` later than it was fired: to see how far a network carries
  /// that.
  void perturb_next_spike(Duration by) { perturbation_ = by; }

  Time now() const { return told(now_); }
  /// No window is longer, and parts of a network meet once in so long.
  Duration look_ahead() const { return window_; }
  const Network& network() const { return network_; }
  const Exactness& exactness() const { return exactness_; }
  EventCounts counts() const;
  /// The same of all parts together.
  EventCounts whole_counts() const;
  Exactness whole_exactness() const;

  /// Accounts for every spike so far at every plastic synapse, so that weights can be read. Changes no later
  /// bit.
  void settle_weights();

  /// Releases a reward at t. Requires: t is not before now().
  void reward(std::uint32_t number, Time t, double amount) { rewards_.add(number, {t - start_, amount}); }

  /// Puts in a spike of an input at t, as if the input's specification listed it. Requires: t is not before now(), the
  /// input has that channel, its trains are not private, and the network is no part of one.
  void inject(std::uint32_t input, NeuronId channel, Time t);

  /// Everything that a run needs to go on now, to the bit, on any number of threads. Settles the weights.
  /// Cost: linear in neurons, synapses and spikes in flight; a column at a time in memory.
  void save(StateSink& sink);
  /// The same of this part alone, which join_column() joins to that.
  void save_part(PartSink& sink);
  /// What is not as it was when a state was saved.
  struct Changes {
    /// An input that has other spikes from now on, those of its specification. It has no private trains.
    struct Input {
      std::uint32_t number = 0;
      /// As it was, if its state is not that of its lines now.
      std::optional<Stimulus> before{};
    };
    std::vector<Input> inputs;
    /// By population: as it was, if its parameters are others now, else null.
    std::vector<const NeuronGroup*> neurons;
  };
  /// Goes on from there. Requires: nothing was run yet, and the same specification but for `changes`. Throws
  /// InputError for a state that no run of this network can have had.
  void load(StateSource& source, const Changes& changes);
  void load(StateSource& source) { load(source, {}); }
  /// Whether the neurons of a population draw the spikes of some input themselves.
  bool is_driven(std::uint32_t population) const { return private_[population] != nullptr; }
  /// Whether the lanes of its targets draw the spikes of an input.
  bool has_private_trains(std::uint32_t input) const { return is_private_[input]; }
  /// Whether they would if the input, which they do not draw, were `stimulus`.
  bool would_be_private(std::uint32_t input, const Stimulus& stimulus) const;

  /// V of all neurons of a population, or of this part's, now [mV].
  std::vector<double> potentials(std::uint32_t population) const;
  /// The same of the whole population, at the root; nothing elsewhere.
  std::vector<double> whole_potentials(std::uint32_t population) const;
  /// Their synaptic currents of a receptor, now [pA]; empty when the model has none.
  std::vector<double> currents(std::uint32_t population, std::uint32_t receptor) const;

 private:
  /// What one thread works on: its lane of every population.
  struct Shard {
    std::vector<std::unique_ptr<Lane>> lanes;
    Tally tally;
  };

  /// Inputs that begin anew, by number, and the first spike of each of their lines.
  struct NewInputs {
    std::map<std::uint32_t, InputLines::Input> lines;
    std::vector<Event> first;
  };

  Time told(Time own) const { return own + start_; }
  void save_columns(EngineColumns& columns);
  void gather_lines();
  template <class Self, class Visit>
  static void progress(Self& self, Visit& visit);
  std::vector<Event> waiting() const;
  bool can_wait(const Event& event) const;
  bool is_sound_delivery(const Event& event) const;
  std::optional<SegmentId> segment_at(const Event& event) const;
  void wait_for(const std::vector<Event>& events);
  void check_engine() const;
  void require_one_per_line(const std::vector<Event>& events) const;
  void require_known_channels(const std::vector<Event>& events) const;
  void load_projection(std::uint32_t k, LoadState& load);
  NewInputs begin_as_before(const std::vector<Changes::Input>& changes);
  void begin_anew(NewInputs inputs, std::vector<Event>& events);
  void send_ahead(const Event& emission, std::vector<Event>& deliveries);
  void load_population(std::uint32_t population, LoadState& load, const NeuronGroup* before);
  Time origin_after(const NeuronGroup& before, const Lane::Progress& lanes, std::uint32_t population) const;
  Lane::Progress lane_progress(std::uint32_t population) const;
  Lane::Progress own_progress(const Lane::Progress& whole, std::uint32_t population) const;
  void choose_longest_window();
  void make_lanes(std::span<const EventForm> forms);
  void expect_own_delays();
  void make_private();
  double largest_exponent(const Poisson& poisson, std::uint32_t population) const;
  void choose_lines();
  void schedule_inputs();
  bool is_heard(std::uint32_t input) const;
  bool hears(std::uint32_t input, std::uint32_t line) const;
  void schedule_line(std::uint32_t input, std::uint32_t line);
  void schedule(std::uint32_t input, std::uint32_t line, Time t);

  void run_windows(Time end, const std::function<bool()>& stop);
  void run_spans(Time end, const std::function<bool()>& stop);
  void cross(Time end);
  void meet(Time before, bool stop);
  void agree_on_next();
  void align_lanes();
  const Part& part() const { return network_.part; }
  Time next_of_own() const;
  Time next_time() const;
  Time window_end(Time begin, Time end);
  void advance(const Window& window);
  void collect(Time end);
  void emit_until(Time end, const Event& emission);
  bool is_told(const Event& emission) const;
  NeuronId channel_of(const Event& emission) const;
  void send_on(Time arrival, std::uint32_t k, NeuronId source, SegmentId g, Time emitted);
  /// Of a delivery in the queue.
  NeuronId source_of(const Event& event) const {
    return projection(event.group).connectivity().source(SegmentId{event.item});
  }
  void deliver_until(Time end, std::uint32_t k, NeuronId source, SegmentId g, Time emitted);
  void work(Shard& shard, const Window& window);
  void finish(Shard& shard, std::uint32_t population, const Window& window);
  void prefetch(const Delivery& delivery) const;
  void gather_spikes();
  void publish(Time begin);
  [[noreturn]] void refuse_past(const Spike& spike) const;
  void send(const Spike& spike);
  std::optional<Breakdown> first_breakdown() const;
  void report(const std::optional<Breakdown>& breakdown) const;
  void tell_rewards(Time end);
  void scale_weights();
  void settle_into(Shard& shard, std::uint32_t population, Time t);
  Time currents_due() const;
  void change_currents(Time now);
  void go_to_currents(Time now);

  std::uint32_t end_of(std::uint32_t input) const {
    return static_cast<std::uint32_t>(network_.populations.size()) + input;
  }
  SynapseGroup& projection(std::uint32_t k) const { return *network_.projections[k]; }
  std::optional<SegmentId> first_segment(std::uint32_t k, NeuronId n) const;

  Network network_;
  std::vector<std::uint32_t> whole_sizes_;  // of populations
  InputLines inputs_;
  DrawnLines lines_;
  SpikeObserver on_spike_;
  ProjectionIndex index_;
  Rewards rewards_;
  std::uint64_t unsettled_rewards_ = 0;
  std::optional<Time> settled_;  // to when all synapses are, and nothing has happened since
  Homeostasis homeostasis_;
  std::vector<std::uint32_t> injected_;  // populations with currents that change
  Team team_;
  Duration start_;                                       // of the clock
  std::vector<Shard> shards_;                            // one per thread
  std::vector<bool> is_private_;                         // of inputs
  std::vector<std::unique_ptr<PrivateInputs>> private_;  // of populations; null without
  Duration window_ = Duration::from_ticks(kTicksPerMs);  // the longest
  Offset step_{kTicksPerEpoch};                          // windows end at its multiples
  Time boundary_;                                        // the latest of them that was asked for
  EventQueue queue_;                   // of inputs and, unless they are many, of spikes on their way
  std::optional<InFlight> in_flight_;  // where rows are cut into pieces, but for very short windows
  std::vector<Delivery> deliveries_;   // of the current window
  std::vector<Spike> spikes_;          // of the last window
  Time now_;
  Time begin_;             // of the last window
  Time agreed_next_;       // of all parts, since they met last
  bool is_asked_ = false;  // one of them, to stop
  Duration perturbation_;  // of the next spike that is sent
  EventCounts counts_;
  Exactness exactness_;
};

}  // namespace chronotope::events
