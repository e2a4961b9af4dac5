// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/core/time.hpp"

namespace chronotope {

// Values as bytes that mean the same on every machine: numbers little endian, member after member without
// padding; times as epoch and ticks; sequences behind their 64-bit size; an optional behind a byte. A class
// with private members says which belong to its progress:
//   template <class Self, class Visit>
//   static void state(Self& self, Visit visit) { visit(self.count_, self.last_); }
// and, where something else follows from them, void restored(). Aggregates need nothing.

static_assert(std::endian::native == std::endian::little, "written as they lie in memory");

namespace packed {

template <class T>
concept Number = std::is_arithmetic_v<T> || std::is_enum_v<T>;

template <class T>
concept HasState = requires(T& value) {
  T::state(value, [](auto&...) {});
};

/// Stands for any member of an aggregate.
struct AnyMember {
  template <class T>
  operator T() const;
};
template <class T, std::size_t... k>
constexpr bool takes(std::index_sequence<k...>) {
  return requires { T{(static_cast<void>(k), AnyMember())...}; };
}
template <class T, std::size_t count = 8>
constexpr std::size_t member_count() {
  if constexpr (count == 0 || takes<T>(std::make_index_sequence<count>()))
    return count;
  else
    return member_count<T, count - 1>();
}

/// Calls visit(all members). Requires: at most 8 of them.
template <class T, class Visit>
void visit_members(T& value, Visit visit) {
  using Plain = std::remove_const_t<T>;
  static_assert(std::is_aggregate_v<Plain>, "say in state() what its progress is");
  static_assert(!takes<Plain>(std::make_index_sequence<9>()), "an aggregate of more members needs a state()");
  constexpr std::size_t kCount = member_count<Plain>();
  static_assert(kCount > 0);
  if constexpr (kCount == 1) {
    auto& [a] = value;
    visit(a);
  } else if constexpr (kCount == 2) {
    auto& [a, b] = value;
    visit(a, b);
  } else if constexpr (kCount == 3) {
    auto& [a, b, c] = value;
    visit(a, b, c);
  } else if constexpr (kCount == 4) {
    auto& [a, b, c, d] = value;
    visit(a, b, c, d);
  } else if constexpr (kCount == 5) {
    auto& [a, b, c, d, e] = value;
    visit(a, b, c, d, e);
  } else if constexpr (kCount == 6) {
    auto& [a, b, c, d, e, f] = value;
    visit(a, b, c, d, e, f);
  } else if constexpr (kCount == 7) {
    auto& [a, b, c, d, e, f, g] = value;
    visit(a, b, c, d, e, f, g);
  } else {
    auto& [a, b, c, d, e, f, g, h] = value;
    visit(a, b, c, d, e, f, g, h);
  }
}

}  // namespace packed

/// Appends values to bytes.
class Packer {
 public:
  explicit Packer(std::string& bytes) : bytes_(&bytes) {}

  template <class... T>
  void operator()(const T&... values) const {
    (pack(values), ...);
  }

 private:
  template <packed::Number T>
  void pack(const T& value) const {
    bytes_->append(reinterpret_cast<const char*>(&value), sizeof(T));
  }
  void pack(const Offset& t) const { pack(t.ticks); }
  void pack(const Duration& d) const { (*this)(d.epochs(), d.ticks()); }
  void pack(const Time& t) const { (*this)(t.epoch(), t.ticks()); }
  template <class T>
  void pack(const std::optional<T>& value) const {
    pack(value.has_value());
    if (value) pack(*value);
  }
  template <class T, std::size_t size>
  void pack(const std::array<T, size>& values) const {
    for (const T& value : values) pack(value);
  }
  template <class T>
  void pack(const std::vector<T>& values) const {
    pack(std::uint64_t{values.size()});
    if constexpr (packed::Number<T>)
      bytes_->append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
    else
      for (const T& value : values) pack(value);
  }
  void pack(const std::string& bytes) const {
    pack(std::uint64_t{bytes.size()});
    bytes_->append(bytes);
  }
  template <class T>
  void pack(const std::deque<T>& values) const {
    pack(std::uint64_t{values.size()});
    for (const T& value : values) pack(value);
  }
  template <class T>
  requires(!packed::Number<T>) void pack(const T& value) const {
    if constexpr (packed::HasState<const T>)
      T::state(value, *this);
    else
      packed::visit_members(value, *this);
  }

  std::string* bytes_;
};

/// Takes values from bytes. Throws InputError when there are too few, or none of the kind: a NaN, a time that no
/// run has.
class Unpacker {
 public:
  explicit Unpacker(std::string_view& rest) : rest_(&rest) {}

  template <class... T>
  void operator()(T&... values) const {
    (unpack(values), ...);
  }

 private:
  void take(void* to, std::size_t count) const {
    if (rest_->size() < count) throw InputError("is cut");
    if (count == 0) return;  // memcpy takes no null, which an empty sequence has
    std::memcpy(to, rest_->data(), count);
    rest_->remove_prefix(count);
  }
  /// Of a sequence whose entries take at least a byte each: no more than there are bytes.
  std::size_t take_size(std::size_t bytes_each) const {
    std::uint64_t size = 0;
    unpack(size);
    if (size > rest_->size() / bytes_each) throw InputError("is cut");
    return size;
  }
  template <packed::Number T>
  void unpack(T& value) const {
    if constexpr (std::is_same_v<T, bool>) {
      std::uint8_t byte = 0;
      take(&byte, 1);
      if (byte > 1) throw InputError("is damaged");
      value = byte == 1;
    } else {
      take(&value, sizeof(T));
      if constexpr (std::is_floating_point_v<T>) check_number(value);
    }
  }
  static void check_number(double value) {
    if (std::isnan(value)) throw InputError("holds what is no number");
  }
  void unpack(Offset& t) const { unpack(t.ticks); }
  template <class T>
  void unpack_parts(T& value) const {
    std::int64_t epochs = 0;
    double ticks = 0;
    (*this)(epochs, ticks);
    if (!(ticks >= 0 && ticks < kTicksPerEpoch && ticks == nearest_whole(ticks)))
      throw InputError("is damaged");
    value = T::from_parts(epochs, ticks);
    // Far from where sums and slots overflow: the interval of a slow train may be long.
    constexpr std::int64_t kMostEpochs = std::int64_t{1} << 42;
    if (std::abs(epochs) > kMostEpochs && !is_endless(value))
      throw InputError("holds a time that no run has");
  }
  static bool is_endless(Time t) { return t == Time::never(); }
  static bool is_endless(Duration d) { return d == Duration::forever(); }
  void unpack(Duration& d) const { unpack_parts(d); }
  void unpack(Time& t) const { unpack_parts(t); }
  template <class T>
  void unpack(std::optional<T>& value) const {
    bool is_there = false;
    unpack(is_there);
    if constexpr (std::default_initializable<T>) {
      value.reset();
      if (is_there) unpack(value.emplace());
    } else {
      if (is_there != value.has_value()) throw InputError("is of another network");
      if (value) unpack(*value);
    }
  }
  template <class T, std::size_t size>
  void unpack(std::array<T, size>& values) const {
    for (T& value : values) unpack(value);
  }
  void unpack(std::string& bytes) const {
    bytes.resize(take_size(1));
    take(bytes.data(), bytes.size());
  }
  /// One that is not empty has an entry per neuron or synapse, and keeps its size.
  template <class T>
  void unpack(std::vector<T>& values) const {
    const std::size_t size = take_size(packed::Number<T> ? sizeof(T) : 1);
    if (!values.empty() && size != values.size())
      throw InputError("has " + std::to_string(size) + " entries, must be " + std::to_string(values.size()));
    if constexpr (packed::Number<T>) {
      values.resize(size);
      take(values.data(), size * sizeof(T));
      if constexpr (std::is_floating_point_v<T>) std::for_each(values.begin(), values.end(), check_number);
    } else {
      if constexpr (std::default_initializable<T>) {
        if (values.empty())
          for (std::size_t k = 0; k < size; ++k) unpack(values.emplace_back());
        else
          for (T& value : values) unpack(value);
      } else {
        if (size != values.size()) throw InputError("is of another network");
        for (T& value : values) unpack(value);
      }
    }
  }
  template <class T>
  void unpack(std::deque<T>& values) const {
    values.clear();
    for (std::size_t size = take_size(1); size > 0; --size) unpack(values.emplace_back());
  }
  template <class T>
  requires(!packed::Number<T>) void unpack(T& value) const {
    if constexpr (packed::HasState<T>) {
      T::state(value, *this);
      if constexpr (requires { value.restored(); }) value.restored();
    } else {
      packed::visit_members(value, *this);
    }
  }

  std::string_view* rest_;
};

}  // namespace chronotope
