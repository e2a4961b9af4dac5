// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/scenes/moving_shape.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace chronotope::events {
namespace {

double sum(const std::vector<double>& frame) { return std::accumulate(frame.begin(), frame.end(), 0.0); }

TEST(MovingShape, CoversItsArea) {
  for (const Direction direction : kDirections) {
    EXPECT_NEAR(sum(MovingShape(16, Shape::kBar, direction, 1, 3.3, 15.1).frame(7)), 20, 1.5);
    EXPECT_NEAR(sum(MovingShape(16, Shape::kSquare, direction, 1, 3.3, 15.1).frame(7)), 36, 1.5);
    EXPECT_NEAR(sum(MovingShape(16, Shape::kCross, direction, 1, 3.3, 15.1).frame(7)), 20, 1.5);
    EXPECT_NEAR(sum(MovingShape(16, Shape::kDisc, direction, 1, 3.3, 15.1).frame(7)), 9 * 3.14159, 1.5);
  }
}

TEST(MovingShape, AWholePixelIsCoveredOrNot) {
  const std::vector<double> frame = MovingShape(12, Shape::kBar, Direction::kRight, 1, 4, 6).frame(0);
  for (std::uint32_t row = 0; row < 12; ++row)
    for (std::uint32_t column = 0; column < 12; ++column)
      EXPECT_EQ(frame[row * 12 + column], (column == 3 || column == 4) && row >= 1 && row <= 10)
          << row << " " << column;
}

/// The frame that is so many pixels further to the right and down, around the edges.
std::vector<double> shifted(const std::vector<double>& frame, std::uint32_t size, std::uint32_t right,
                            std::uint32_t down) {
  std::vector<double> moved(frame.size());
  for (std::uint32_t row = 0; row < size; ++row)
    for (std::uint32_t column = 0; column < size; ++column)
      moved[(row + down) % size * size + (column + right) % size] = frame[row * size + column];
  return moved;
}

TEST(MovingShape, GoesWhereItIsTo) {
  constexpr std::uint32_t kSize = 14;
  const auto moves = [](Direction direction, std::uint32_t right, std::uint32_t down) {
    for (const Shape shape : kShapes) {
      const MovingShape moving(kSize, shape, direction, 0.5, 2.25, 9.5);
      EXPECT_EQ(moving.frame(6), shifted(moving.frame(0), kSize, right, down)) << to_string(direction);
    }
  };
  moves(Direction::kRight, 3, 0);
  moves(Direction::kLeft, kSize - 3, 0);
  moves(Direction::kDown, 0, 3);
  moves(Direction::kUp, 0, kSize - 3);
}

TEST(MovingShape, ABarStandsAcrossItsWay) {
  const auto turned = [](const std::vector<double>& frame) {
    std::vector<double> other(frame.size());
    for (std::size_t row = 0; row < 12; ++row)
      for (std::size_t column = 0; column < 12; ++column) other[column * 12 + row] = frame[row * 12 + column];
    return other;
  };
  EXPECT_EQ(MovingShape(12, Shape::kBar, Direction::kDown, 1, 5, 3).frame(2),
            turned(MovingShape(12, Shape::kBar, Direction::kRight, 1, 3, 5).frame(2)));
}

}  // namespace
}  // namespace chronotope::events
