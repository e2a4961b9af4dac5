// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <boost/heap/binomial_heap.hpp>
#include <boost/heap/d_ary_heap.hpp>
#include <boost/heap/fibonacci_heap.hpp>
#include <boost/heap/pairing_heap.hpp>
#include <boost/heap/skew_heap.hpp>
#include <cmath>
#include <functional>

#include "chronotope/core/random_stream.hpp"
#include "chronotope/events/event_queue.hpp"

// The hold model of a discrete-event simulation: n events wait; the earliest is taken and put back an
// exponential interval later, so that n stay. Reported: time per pop and push.

namespace chronotope::events {
namespace {

using Earliest = boost::heap::compare<std::greater<>>;

template <class Heap>
class BoostQueue {
 public:
  void push(const Event& event) { heap_.push(event); }
  Event pop() {
    const Event event = heap_.top();
    heap_.pop();
    return event;
  }

 private:
  Heap heap_;
};

template <unsigned arity>
using Ary = BoostQueue<boost::heap::d_ary_heap<Event, boost::heap::arity<arity>, Earliest>>;
using Binomial = BoostQueue<boost::heap::binomial_heap<Event, Earliest>>;
using Fibonacci = BoostQueue<boost::heap::fibonacci_heap<Event, Earliest>>;
using Pairing = BoostQueue<boost::heap::pairing_heap<Event, Earliest>>;
using Skew = BoostQueue<boost::heap::skew_heap<Event, Earliest>>;

template <class Queue>
void hold(benchmark::State& state) {
  constexpr double kMeanInterval = 300;  // [ms]: inputs of 3 Hz
  RandomStream random(1, Purpose("queue_bench"), 0);
  const auto interval = [&] { return Duration::nearest(-kMeanInterval * std::log(random.uniform())); };
  Queue queue;
  const auto waiting = static_cast<std::uint64_t>(state.range(0));
  for (std::uint64_t line = 0; line < waiting; ++line)
    queue.push({Time() + interval(), EventKind::kEmission, 0, line, Time()});
  for (auto _ : state) {
    Event event = queue.pop();
    event.time = event.time + interval();
    queue.push(event);
  }
}

#define CHRONOTOPE_HOLD(Queue) BENCHMARK(hold<Queue>)->Arg(10)->Arg(100)->Arg(1000)->Arg(10000)->Arg(100000)
CHRONOTOPE_HOLD(Ary<2>);
CHRONOTOPE_HOLD(Ary<4>);
CHRONOTOPE_HOLD(Ary<8>);
CHRONOTOPE_HOLD(Binomial);
CHRONOTOPE_HOLD(Fibonacci);
CHRONOTOPE_HOLD(Pairing);
CHRONOTOPE_HOLD(Skew);
CHRONOTOPE_HOLD(EventQueue);
#undef CHRONOTOPE_HOLD

}  // namespace
}  // namespace chronotope::events

BENCHMARK_MAIN();
