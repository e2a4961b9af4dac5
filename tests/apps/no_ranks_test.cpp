// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

class NoRanks : public ProgramTest {};

/// Of processes that were started together only the first one says what is wrong with all.
TEST_F(NoRanks, AreRefusedInOneLine) {
  save("n.textproto", "population { name: 'n' size: 3 delta_lif {} }");
  const std::string start = "env OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_RANK=";
  const std::string run = " " CHRONOTOPE_PROGRAM " simulate n.textproto --until 5";
  const Outcome first = shell(start + "0" + run);
  const Outcome second = shell(start + "1" + run);
  EXPECT_EQ(first.code, 2);
  EXPECT_EQ(second.code, 2);
  EXPECT_NE(first.err.find("started as one of 2 ranks, but this program was built without MPI"),
            std::string::npos)
      << first.err;
  EXPECT_EQ(second.err + second.out, "");
}

}  // namespace
}  // namespace chronotope
