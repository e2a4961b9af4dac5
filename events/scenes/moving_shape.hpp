// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace chronotope::events {

enum class Shape : std::uint8_t { kBar, kSquare, kDisc, kCross };
enum class Direction : std::uint8_t { kRight, kLeft, kDown, kUp };

inline constexpr std::array kShapes{Shape::kBar, Shape::kSquare, Shape::kDisc, Shape::kCross};
inline constexpr std::array kDirections{Direction::kRight, Direction::kLeft, Direction::kDown,
                                        Direction::kUp};

const char* to_string(Shape shape);          ///< bar, square, disc, cross
const char* to_string(Direction direction);  ///< right, left, down, up

/// A bright shape that moves over a dark square field of pixels whose opposite edges are one (a torus): a bar across
/// its way, 2 x 10 pixels, a square and a cross (arms of 2) of 6 x 6, a disc of diameter 6.
class MovingShape {
 public:
  /// The centre of the first frame, in pixels, and how far it moves in a frame. Requires: size >= 10.
  MovingShape(std::uint32_t size, Shape shape, Direction direction, double speed, double x, double y)
      : size_(size), shape_(shape), direction_(direction), speed_(speed), x_(x), y_(y) {}

  /// The share of every pixel that the shape covers in frame t, row by row from the top, of 8 x 8 points of it.
  /// Cost: 64 size^2.
  std::vector<double> frame(std::uint32_t t) const;

 private:
  bool covers(double along, double across) const;

  std::uint32_t size_;
  Shape shape_;
  Direction direction_;
  double speed_;
  double x_;
  double y_;
};

}  // namespace chronotope::events
