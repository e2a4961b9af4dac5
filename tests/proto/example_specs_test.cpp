// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>

#include "chronotope/proto/spec_codec.hpp"
#include "chronotope/proto/text_spec.hpp"

namespace chronotope::proto {
namespace {

TEST(ExampleSpecs, TheSpeedWorkloadsAreAccepted) {
  int specifications = 0;
  for (const auto& file : std::filesystem::directory_iterator(CHRONOTOPE_EXAMPLES "/bench")) {
    SCOPED_TRACE(file.path());
    SpecText text;
    read_spec(file.path().string(), text);
    EXPECT_NO_THROW(decode(text));
    ++specifications;
  }
  EXPECT_EQ(specifications, 19);
}

}  // namespace
}  // namespace chronotope::proto
