// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/npy.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <istream>
#include <string_view>
#include <vector>

#include "chronotope/core/error.hpp"

namespace chronotope::proto {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kVersionBytes = 2;
constexpr std::size_t kAlignment = 64;

/// The three entries of the header's dict.
struct Header {
  std::string_view descr;
  bool fortran_order = false;
  std::vector<std::size_t> shape;
};

/// What every function needs to complain: the file's name.
class Reader {
 public:
  explicit Reader(const std::string& name) : name_(name) {}

  Matrix read(std::string_view bytes) const;

 private:
  [[noreturn]] void refuse(const std::string& what) const { throw InputError(name_ + ": " + what); }
  std::string_view take(std::string_view& bytes, std::size_t count) const;
  std::string_view take_header(std::string_view& bytes) const;
  Header parse_header(std::string_view text) const;
  std::string_view value_of(std::string_view text, std::string_view key) const;
  std::vector<std::size_t> parse_shape(std::string_view text) const;
  Matrix allocate(const Header& header, std::size_t number_bytes, std::size_t data_bytes) const;
  template <class Number>
  Matrix convert(const Header& header, std::string_view data) const;
  Matrix convert_type(const Header& header, std::string_view data) const;

  const std::string& name_;
};

std::string_view Reader::take(std::string_view& bytes, std::size_t count) const {
  if (bytes.size() < count) refuse("the .npy header is cut");
  const auto taken = bytes.substr(0, count);
  bytes.remove_prefix(count);
  return taken;
}

std::string_view Reader::take_header(std::string_view& bytes) const {
  if (bytes.substr(0, kMagic.size()) != kMagic)
    refuse("is not an .npy file (its first bytes are not \\x93NUMPY)");
  take(bytes, kMagic.size());
  const int version = static_cast<unsigned char>(take(bytes, kVersionBytes)[0]);
  if (version < 1 || version > 3)
    refuse(".npy version " + std::to_string(version) + " is not known (1, 2 or 3)");
  const auto length_bytes = take(bytes, version == 1 ? 2 : 4);
  std::size_t length = 0;
  for (std::size_t i = length_bytes.size(); i-- > 0;)
    length = length << 8 | static_cast<unsigned char>(length_bytes[i]);
  return take(bytes, length);
}

std::string_view trim_left(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t\n"), text.size()));
}

std::string_view Reader::value_of(std::string_view text, std::string_view key) const {
  const std::string word = std::string("'").append(key).append("'");
  const auto at = text.find(word);
  if (at == std::string_view::npos) refuse("the .npy header has no " + word);
  const auto rest = trim_left(text.substr(at + word.size()));
  if (rest.empty() || rest[0] != ':') refuse("the .npy header has no value for " + word);
  return trim_left(rest.substr(1));
}

std::vector<std::size_t> Reader::parse_shape(std::string_view text) const {
  const auto close = text.find(')');
  if (text.empty() || text[0] != '(' || close == std::string_view::npos)
    refuse("the .npy header's shape is malformed");
  std::vector<std::size_t> shape;
  for (auto rest = trim_left(text.substr(1, close - 1)); !rest.empty();) {
    std::size_t extent = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), extent);
    if (error != std::errc()) refuse("the .npy header's shape is malformed");
    rest = trim_left(rest.substr(static_cast<std::size_t>(end - rest.data())));
    if (!rest.empty() && rest[0] != ',') refuse("the .npy header's shape is malformed");
    if (!rest.empty()) rest = trim_left(rest.substr(1));
    shape.push_back(extent);
  }
  if (shape.empty() || shape.size() > 2)
    refuse("the array has " + std::to_string(shape.size()) + " dimensions (1 or 2 can be read)");
  return shape;
}

Header Reader::parse_header(std::string_view text) const {
  Header header;
  const auto descr = value_of(text, "descr");
  const auto end = descr.find('\'', 1);
  if (descr.empty() || descr[0] != '\'' || end == std::string_view::npos)
    refuse("arrays of records cannot be read; save one array of numbers");
  header.descr = descr.substr(1, end - 1);
  const auto order = value_of(text, "fortran_order");
  header.fortran_order = order.starts_with("True");
  if (!header.fortran_order && !order.starts_with("False"))
    refuse("the .npy header's fortran_order is malformed");
  header.shape = parse_shape(value_of(text, "shape"));
  return header;
}

Matrix Reader::allocate(const Header& header, std::size_t number_bytes, std::size_t data_bytes) const {
  Matrix matrix{header.shape[0], header.shape.size() == 2 ? header.shape[1] : 1, {}};
  const auto shape = std::to_string(matrix.rows) + " x " + std::to_string(matrix.columns);
  if (matrix.columns == 0 && matrix.rows > 0) refuse("the array of " + shape + " numbers has no columns");
  const std::size_t numbers = data_bytes / number_bytes;
  const bool fits = matrix.rows == 0 || matrix.rows <= numbers / matrix.columns;
  if (!fits || matrix.rows * matrix.columns * number_bytes != data_bytes)
    refuse("the header announces " + shape + " numbers of " + std::to_string(number_bytes) + " bytes, but " +
           std::to_string(data_bytes) + " bytes follow");
  matrix.values.resize(matrix.rows * matrix.columns);
  return matrix;
}

template <class Number>
Number load(const char* bytes, bool swap) {
  std::array<char, sizeof(Number)> raw;
  std::memcpy(raw.data(), bytes, sizeof(Number));
  if (swap) std::reverse(raw.begin(), raw.end());
  return std::bit_cast<Number>(raw);
}

template <class Number>
Matrix Reader::convert(const Header& header, std::string_view data) const {
  Matrix matrix = allocate(header, sizeof(Number), data.size());
  const bool swap = (header.descr[0] == '>') == (std::endian::native == std::endian::little);
  for (std::size_t row = 0, i = 0; row < matrix.rows; ++row)
    for (std::size_t column = 0; column < matrix.columns; ++column, ++i) {
      const std::size_t at = header.fortran_order ? column * matrix.rows + row : i;
      matrix.values[i] = static_cast<double>(load<Number>(data.data() + at * sizeof(Number), swap));
    }
  return matrix;
}

Matrix Reader::convert_type(const Header& header, std::string_view data) const {
  const auto descr = header.descr;
  const bool ordered = !descr.empty() && (descr[0] == '<' || descr[0] == '>' || descr[0] == '|');
  const auto type = ordered ? descr.substr(1) : descr.substr(0, 0);
  if (type == "f8") return convert<double>(header, data);
  if (type == "f4") return convert<float>(header, data);
  if (type == "i8") return convert<std::int64_t>(header, data);
  if (type == "i4") return convert<std::int32_t>(header, data);
  if (type == "i2") return convert<std::int16_t>(header, data);
  if (type == "i1") return convert<std::int8_t>(header, data);
  if (type == "u8") return convert<std::uint64_t>(header, data);
  if (type == "u4") return convert<std::uint32_t>(header, data);
  if (type == "u2") return convert<std::uint16_t>(header, data);
  if (type == "u1" || type == "b1") return convert<std::uint8_t>(header, data);
  if (type.starts_with("O")) refuse("arrays of Python objects cannot be read; save numbers");
  refuse("numbers of type '" + std::string(descr) + "' cannot be read (f8 f4 i8 i4 i2 i1 u8 u4 u2 u1 b1)");
}

Matrix Reader::read(std::string_view bytes) const {
  const Header header = parse_header(take_header(bytes));
  return convert_type(header, bytes);
}

std::string rest_of(std::istream& in) {
  constexpr std::size_t kChunk = std::size_t{1} << 20;
  std::string bytes;
  while (in) {
    const std::size_t before = bytes.size();
    bytes.resize(before + kChunk);
    in.read(bytes.data() + before, kChunk);
    bytes.resize(before + static_cast<std::size_t>(in.gcount()));
  }
  return bytes;
}

}  // namespace

Matrix read_npy(std::istream& in, const std::string& name) { return Reader(name).read(rest_of(in)); }

bool looks_like_npy(std::istream& in) {
  return in.peek() == std::char_traits<char>::to_int_type(kMagic.front());
}

std::string to_npy(const Matrix& matrix) {
  std::string dict = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + std::to_string(matrix.rows) +
                     ", " + std::to_string(matrix.columns) + "), }";
  const std::size_t before = kMagic.size() + kVersionBytes + 2;
  dict.append(kAlignment - 1 - (before + dict.size()) % kAlignment, ' ');
  dict += '\n';
  std::string bytes(kMagic);
  bytes += {'\x01', '\x00', static_cast<char>(dict.size() & 0xff), static_cast<char>(dict.size() >> 8)};
  bytes += dict;
  bytes.reserve(bytes.size() + matrix.values.size() * sizeof(double));
  for (const double value : matrix.values) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(bits >> shift & 0xff);
  }
  return bytes;
}

}  // namespace chronotope::proto
