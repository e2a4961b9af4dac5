// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>

#include "chronotope/tests/models/single_neuron.hpp"
#include "chronotope/tests/topology/homology/stored_json.hpp"

namespace chronotope::tests {
namespace {

/// Under a constant current linear_leak_lif is a rectified linear unit: spike times of forty digits.
TEST(StoredLinearLeak, FiresWhenFortyDigitsSay) {
  const auto json = topology::read_json(std::filesystem::path(CHRONOTOPE_TEST_DATA) / "gradient_golden" /
                                        "linear_leak.json");
  for (const auto& value : json.fields().at("cases").list_value().values()) {
    const auto& c = value.struct_value().fields();
    ModelText text("linear_leak_lif");
    for (const char* name : {"C_m", "leak", "I_e", "E_L", "V_m", "V_th", "V_reset", "t_ref"})
      text.set(name, c.at(name).number_value());
    const std::vector<double> spikes = spike_times(text.str(), {}, c.at("T").number_value());
    const auto& stored = c.at("spikes").list_value().values();
    ASSERT_EQ(spikes.size(), static_cast<std::size_t>(stored.size()));
    for (std::size_t k = 0; k < spikes.size(); ++k)
      EXPECT_NEAR(spikes[k], stored[static_cast<int>(k)].number_value(), 1e-9);
  }
}

}  // namespace
}  // namespace chronotope::tests
