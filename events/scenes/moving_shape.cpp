// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/scenes/moving_shape.hpp"

#include <cmath>

namespace chronotope::events {
namespace {

constexpr int kPoints = 8;  // of a pixel, in each direction

/// The way from 0 to x around a ring, at most half of it in either direction.
double around(double x, double ring) { return x - ring * std::round(x / ring); }

}  // namespace

const char* to_string(Shape shape) {
  constexpr std::array kNames{"bar", "square", "disc", "cross"};
  return kNames.at(static_cast<std::size_t>(shape));
}

const char* to_string(Direction direction) {
  constexpr std::array kNames{"right", "left", "down", "up"};
  return kNames.at(static_cast<std::size_t>(direction));
}

bool MovingShape::covers(double along, double across) const {
  const double a = std::abs(along);
  const double b = std::abs(across);
  switch (shape_) {
    case Shape::kBar:
      return a <= 1 && b <= 5;
    case Shape::kSquare:
      return a <= 3 && b <= 3;
    case Shape::kDisc:
      return a * a + b * b <= 9;
    case Shape::kCross:
      return (a <= 1 && b <= 3) || (a <= 3 && b <= 1);
  }
  return false;
}

std::vector<double> MovingShape::frame(std::uint32_t t) const {
  const bool sideways = direction_ == Direction::kRight || direction_ == Direction::kLeft;
  const double sign = direction_ == Direction::kRight || direction_ == Direction::kDown ? 1 : -1;
  const double way = sign * speed_ * t;
  const double centre_x = sideways ? x_ + way : x_;
  const double centre_y = sideways ? y_ : y_ + way;
  std::vector<double> pixels(std::size_t{size_} * size_);
  for (std::uint32_t row = 0; row < size_; ++row)
    for (std::uint32_t column = 0; column < size_; ++column) {
      int covered = 0;
      for (int p = 0; p < kPoints * kPoints; ++p) {
        const double x = around(column + (p % kPoints + 0.5) / kPoints - centre_x, size_);
        const double y = around(row + (p / kPoints + 0.5) / kPoints - centre_y, size_);
        covered += covers(sideways ? x : y, sideways ? y : x) ? 1 : 0;
      }
      pixels[std::size_t{row} * size_ + column] = covered / double{kPoints * kPoints};
    }
  return pixels;
}

}  // namespace chronotope::events
