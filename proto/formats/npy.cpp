// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/npy.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"

namespace chronotope::proto {
namespace {

constexpr std::size_t kVersionBytes = 2;
constexpr std::size_t kAlignment = 64;

/// A type of numbers and how one is read from its bytes.
struct NumberType {
  std::string_view name;
  std::size_t bytes;
  double (*load)(const char* bytes, bool swap);
};

/// One number of each element of an array of records, or all of it.
struct Field {
  std::string_view name;   // empty: an array of numbers, or padding
  std::string_view descr;  // "<f8"
  std::size_t offset = 0;  // in the element
};

/// The three entries of the header's dict.
struct Header {
  std::vector<Field> fields;
  bool records = false;
  std::size_t element_bytes = 0;
  bool fortran_order = false;
  std::vector<std::size_t> shape;

  std::size_t rows() const { return shape[0]; }
  std::size_t columns() const { return shape.size() == 2 ? shape[1] : 1; }
};

/// Where the numbers of one column stand.
struct Column {
  std::size_t first = 0;  // byte of row 0
  std::size_t step = 0;   // bytes from row to row
  const NumberType* type = nullptr;
  bool swap = false;
};

/// What every function needs to complain: the file's name.
class Reader {
 public:
  explicit Reader(const std::string& name) : name_(name) {}

  NumberTable read(std::string_view bytes, const ColumnChoice& choice) const;
  std::string read_word(std::string_view bytes) const;

 private:
  [[noreturn]] void refuse(const std::string& what) const { throw InputError(name_ + ": " + what); }
  std::string_view take(std::string_view& bytes, std::size_t count) const;
  std::string_view take_header(std::string_view& bytes) const;
  Header parse_header(std::string_view text) const;
  std::string_view value_of(std::string_view text, std::string_view key) const;
  std::vector<std::size_t> parse_shape(std::string_view text) const;
  std::string_view take_word(std::string_view& text) const;
  void skip(std::string_view& text, char expected) const;
  void parse_fields(std::string_view text, Header& header) const;
  std::size_t size_of(std::string_view descr) const;
  void check_length(const Header& header, std::size_t data_bytes) const;
  Column column(const Field& field) const;
  std::vector<std::size_t> choose(const ColumnChoice& choice, std::span<const std::string> names,
                                  std::size_t width) const;
  std::vector<Column> columns_of_numbers(const Header& header, const ColumnChoice& choice) const;
  std::vector<Column> columns_of_records(const Header& header, const ColumnChoice& choice,
                                         std::vector<std::string>& names) const;

  const std::string& name_;
};

std::string_view Reader::take(std::string_view& bytes, std::size_t count) const {
  if (bytes.size() < count) refuse("the .npy header is cut");
  const auto taken = bytes.substr(0, count);
  bytes.remove_prefix(count);
  return taken;
}

std::string_view Reader::take_header(std::string_view& bytes) const {
  if (bytes.substr(0, kNpyMagic.size()) != kNpyMagic)
    refuse("is not an .npy file (its first bytes are not \\x93NUMPY)");
  take(bytes, kNpyMagic.size());
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

/// What follows the first `'key':`; a field of records may be called like a key, too.
std::string_view Reader::value_of(std::string_view text, std::string_view key) const {
  const std::string word = std::string("'").append(key).append("'");
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto rest = trim_left(text.substr(at + word.size()));
    if (rest.starts_with(':')) return trim_left(rest.substr(1));
  }
  refuse("the .npy header has no value for " + word);
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

void Reader::skip(std::string_view& text, char expected) const {
  text = trim_left(text);
  if (!text.starts_with(expected)) refuse("the .npy header's descr is malformed");
  text = trim_left(text.substr(1));
}

/// A word in single quotes.
std::string_view Reader::take_word(std::string_view& text) const {
  const auto end = text.find('\'', 1);
  if (!text.starts_with('\'') || end == std::string_view::npos)
    refuse("the .npy header's descr is malformed, or of records within records");
  const auto word = text.substr(1, end - 1);
  text = trim_left(text.substr(end + 1));
  return word;
}

/// '<f8', or [('x', '<f8'), ('y', '<i4')] for records.
void Reader::parse_fields(std::string_view text, Header& header) const {
  header.records = text.starts_with('[');
  if (!header.records) {
    header.fields.push_back({"", take_word(text), 0});
    header.element_bytes = size_of(header.fields[0].descr);
    return;
  }
  for (skip(text, '['); !text.starts_with(']');) {
    skip(text, '(');
    const auto name = take_word(text);
    skip(text, ',');
    const auto descr = take_word(text);
    if (text.starts_with(',')) refuse("field " + in_quotes(name) + " is an array of its own; save numbers");
    skip(text, ')');
    if (text.starts_with(',')) skip(text, ',');
    if (!name.empty()) header.fields.push_back({name, descr, header.element_bytes});
    header.element_bytes += size_of(descr);
  }
  if (header.fields.empty()) refuse("the records have no fields");
}

Header Reader::parse_header(std::string_view text) const {
  Header header;
  parse_fields(value_of(text, "descr"), header);
  const auto order = value_of(text, "fortran_order");
  header.fortran_order = order.starts_with("True");
  if (!header.fortran_order && !order.starts_with("False"))
    refuse("the .npy header's fortran_order is malformed");
  header.shape = parse_shape(value_of(text, "shape"));
  if (header.records && header.shape.size() != 1) refuse("records are read from arrays of one dimension");
  return header;
}

/// Bytes of one value of any type: U counts characters of 4 bytes.
std::size_t Reader::size_of(std::string_view descr) const {
  constexpr std::size_t kLargest = 1 << 20;
  std::size_t count = 0;
  const auto digits = descr.substr(std::min<std::size_t>(2, descr.size()));
  const bool dates = descr.size() > 1 && (descr[1] == 'M' || descr[1] == 'm');  // '<M8[ns]'
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (descr.find('O') != std::string_view::npos)
    refuse("arrays of Python objects cannot be read; save numbers");
  if (error != std::errc() || (end != digits.data() + digits.size() && !dates) || count == 0 ||
      count > kLargest)
    refuse("the .npy header's type " + in_quotes(descr) + " is malformed");
  return descr[1] == 'U' ? 4 * count : count;
}

void Reader::check_length(const Header& header, std::size_t data_bytes) const {
  const auto shape = std::to_string(header.rows()) + " x " + std::to_string(header.columns());
  if (header.columns() == 0 && header.rows() > 0) refuse("the array of " + shape + " numbers has no columns");
  const std::size_t elements = data_bytes / header.element_bytes;
  const bool fits = header.rows() == 0 || header.rows() <= elements / header.columns();
  if (!fits || header.rows() * header.columns() * header.element_bytes != data_bytes)
    refuse("the header announces " + shape + " numbers of " + std::to_string(header.element_bytes) +
           " bytes, but " + std::to_string(data_bytes) + " bytes follow");
}

template <class Number>
Number load(const char* bytes, bool swap) {
  std::array<char, sizeof(Number)> raw;
  std::memcpy(raw.data(), bytes, sizeof(Number));
  if (swap) std::reverse(raw.begin(), raw.end());
  return std::bit_cast<Number>(raw);
}

template <class Number>
double load_double(const char* bytes, bool swap) {
  return static_cast<double>(load<Number>(bytes, swap));
}

/// IEEE 754 binary16: 1 bit of sign, 5 of exponent, 10 of fraction.
double load_half(const char* bytes, bool swap) {
  const auto bits = load<std::uint16_t>(bytes, swap);
  const int exponent = bits >> 10 & 0x1f;
  const int fraction = bits & 0x3ff;
  const double sign = (bits & 0x8000) != 0 ? -1 : 1;
  if (exponent == 0x1f)
    return fraction == 0 ? sign * std::numeric_limits<double>::infinity()
                         : std::numeric_limits<double>::quiet_NaN();
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  return sign * std::ldexp(0x400 + fraction, exponent - 25);
}

constexpr std::array<NumberType, 12> kNumberTypes{{
    {"f8", 8, load_double<double>},
    {"f4", 4, load_double<float>},
    {"f2", 2, load_half},
    {"i8", 8, load_double<std::int64_t>},
    {"i4", 4, load_double<std::int32_t>},
    {"i2", 2, load_double<std::int16_t>},
    {"i1", 1, load_double<std::int8_t>},
    {"u8", 8, load_double<std::uint64_t>},
    {"u4", 4, load_double<std::uint32_t>},
    {"u2", 2, load_double<std::uint16_t>},
    {"u1", 1, load_double<std::uint8_t>},
    {"b1", 1, load_double<std::uint8_t>},
}};

/// The type and byte order of a field; the caller sets where its numbers stand.
Column Reader::column(const Field& field) const {
  const char order = field.descr[0];
  const auto type = std::find_if(kNumberTypes.begin(), kNumberTypes.end(), [&](const NumberType& known) {
    return field.descr.substr(1) == known.name;
  });
  if (type == kNumberTypes.end() || (order != '<' && order != '>' && order != '|'))
    refuse((field.name.empty() ? "" : "field " + in_quotes(field.name) + ": ") + "numbers of type " +
           in_quotes(field.descr) + " cannot be read (f8 f4 f2 i8 i4 i2 i1 u8 u4 u2 u1 b1)");
  return {0, 0, type, (order == '>') == (std::endian::native == std::endian::little)};
}

std::vector<std::size_t> Reader::choose(const ColumnChoice& choice, std::span<const std::string> names,
                                        std::size_t width) const {
  try {
    return choice.of(names, width);
  } catch (const InputError& error) {
    refuse(error.what());
  }
}

std::vector<Column> Reader::columns_of_numbers(const Header& header, const ColumnChoice& choice) const {
  std::vector<Column> columns;
  for (const std::size_t chosen : choose(choice, {}, header.columns())) {
    Column& column = columns.emplace_back(this->column(header.fields[0]));
    column.first = chosen * column.type->bytes * (header.fortran_order ? header.rows() : 1);
    column.step = column.type->bytes * (header.fortran_order ? 1 : header.columns());
  }
  return columns;
}

std::vector<Column> Reader::columns_of_records(const Header& header, const ColumnChoice& choice,
                                               std::vector<std::string>& names) const {
  std::vector<std::string> all;
  for (const Field& field : header.fields) all.emplace_back(field.name);
  std::vector<Column> columns;
  for (const std::size_t chosen : choose(choice, all, all.size())) {
    const Field& field = header.fields[chosen];
    Column& column = columns.emplace_back(this->column(field));
    column.first = field.offset;
    column.step = header.element_bytes;
    names.push_back(all[chosen]);
  }
  return columns;
}

NumberTable Reader::read(std::string_view bytes, const ColumnChoice& choice) const {
  const Header header = parse_header(take_header(bytes));
  if (!header.records) column(header.fields[0]);  // its type is at fault before its length
  check_length(header, bytes.size());
  NumberTable table;
  table.matrix = {header.rows(), header.columns(), {}};
  if (header.rows() == 0 && !header.records) return table;  // whatever number of columns it announces
  const std::vector<Column> columns =
      header.records ? columns_of_records(header, choice, table.names) : columns_of_numbers(header, choice);
  table.matrix.columns = columns.size();
  for (const Column& c : columns) table.is_single.push_back(c.type->name == "f4" || c.type->name == "f2");
  table.matrix.values.reserve(header.rows() * columns.size());
  for (std::size_t row = 0; row < header.rows(); ++row)
    for (const Column& c : columns)
      table.matrix.values.push_back(c.type->load(bytes.data() + c.first + row * c.step, c.swap));
  return table;
}

std::string Reader::read_word(std::string_view bytes) const {
  const auto header = take_header(bytes);
  auto descr = value_of(header, "descr");
  const auto type = take_word(descr);
  if (!type.starts_with("|S") || !value_of(header, "shape").starts_with("()") ||
      size_of(type) != bytes.size())
    refuse("is not one text of bytes");
  return std::string(bytes);
}

}  // namespace

std::string read_npy_word(std::string_view bytes, const std::string& name) {
  return Reader(name).read_word(bytes);
}

NumberTable read_npy(std::string_view bytes, const std::string& name, const ColumnChoice& columns) {
  return Reader(name).read(bytes, columns);
}

std::string to_npy(const Matrix& matrix) {
  std::string dict = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + std::to_string(matrix.rows) +
                     ", " + std::to_string(matrix.columns) + "), }";
  const std::size_t before = kNpyMagic.size() + kVersionBytes + 2;
  dict.append(kAlignment - 1 - (before + dict.size()) % kAlignment, ' ');
  dict += '\n';
  std::string bytes(kNpyMagic);
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
