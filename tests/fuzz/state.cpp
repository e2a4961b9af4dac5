// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstring>

#include "chronotope/tests/fuzz/target.hpp"
#include "chronotope/tests/suites/run_network.hpp"
#include "chronotope/tests/suites/small_networks.hpp"
#include "chronotope/tests/suites/state_columns.hpp"

using namespace chronotope;

namespace {

/// What the bytes say is done to a state: a column, a place in it, and what is put there.
struct Edit {
  static constexpr std::size_t kBytes = 12;

  explicit Edit(const std::uint8_t* data) : column(data[0]), kind(data[1] % 5) {
    std::memcpy(&place, data + 2, sizeof place);
    std::memcpy(value.data(), data + 4, value.size());
  }

  void apply(std::string& bytes) const {
    const std::size_t at = place % (bytes.size() + 1);
    const std::string_view all(value.data(), value.size());
    switch (kind) {
      case 0:
        return put(bytes, at, all);
      case 1:
        return put(bytes, at, all.substr(0, 4));
      case 2:
        return put(bytes, at, all.substr(0, 1));
      case 3:
        bytes.insert(at, all.substr(0, value[7] & 7));
        return;
      default:
        bytes.erase(at, static_cast<std::uint8_t>(value[0]));
    }
  }

  std::uint8_t column;
  int kind;
  std::uint16_t place = 0;
  std::array<char, 8> value{};

 private:
  static void put(std::string& bytes, std::size_t at, std::string_view part) {
    bytes.replace(at, part.size(), part.substr(0, bytes.size() - at));
  }
};

std::string network_of(const std::uint8_t* choice) {
  const auto one_of = [](const std::vector<std::string>& all, std::uint8_t k) { return all[k % all.size()]; };
  return tests::network(one_of(tests::kModels, choice[0]), one_of(tests::kRules, choice[1]),
                        one_of(tests::kDelays, choice[2] / 16), one_of(tests::kInputs, choice[2] % 16));
}

}  // namespace

/// States of runs: the first four bytes choose a network and when it is saved, the others are edits of that
/// state, from which another run goes on.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kChoice = 4;
  if (size < kChoice + Edit::kBytes) return 0;
  const std::string text = network_of(data);
  tests::Columns state;
  tests::NetworkRun(text).until(5 + data[3] % 64).engine().save(state);
  for (std::size_t at = kChoice; at + Edit::kBytes <= std::min(size, kChoice + 8 * Edit::kBytes);
       at += Edit::kBytes) {
    const Edit edit(data + at);
    edit.apply(state.columns[edit.column % state.columns.size()].second);
  }
  fuzz::expect_read_or_refused([&] {
    tests::NetworkRun run(text);
    run.engine().load(state);
    run.engine().run_until(std::min(run.engine().now() + stated_duration(20), stated_time(1e12)));
    tests::Columns again;
    run.engine().save(again);
  });
  return 0;
}
