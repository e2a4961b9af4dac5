// SPDX-License-Identifier: Apache-2.0
// The engine and RTD from another project: spikes of a network, and how far two clouds are apart.
#include <cstdio>
#include <string>
#include <vector>

#include "chronotope/apps/models/registry.hpp"
#include "chronotope/core/network.hpp"
#include "chronotope/events/engine.hpp"
#include "chronotope/proto/spec_codec.hpp"
#include "chronotope/proto/text_spec.hpp"
#include "chronotope/topology/divergence/rtd.hpp"

using namespace chronotope;

int main() {
  proto::SpecText text;
  proto::parse_spec("population { name: 'E' size: 2 exp_psc_lif { I_e: 400 } }", "here", text);
  const proto::DecodedSpec spec = proto::decode(text);
  events::Engine engine(
      build_network(spec.network, apps::neuron_kinds(), apps::rule_kinds()), apps::event_forms(), {},
      [](std::uint32_t, NeuronId n, Time t) { std::printf("%u %s\n", index(n), to_text(t).c_str()); });
  engine.run_until(Time() + Duration::nearest(100));
  const topology::PointCloud a(4, 1, {0, 1, 2, 4});
  const topology::PointCloud b(4, 1, {0, 1, 2, 8});
  std::printf("rtd %.6f\n", topology::rtd(a, b, {}).rtd);
}
