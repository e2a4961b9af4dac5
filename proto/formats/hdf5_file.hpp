// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chronotope::proto {

/// The first bytes of an HDF5 file.
inline constexpr std::string_view kHdf5Magic = "\x89HDF\r\n\x1a\n";

/// An HDF5 file that is read: groups, data sets and attributes by their paths ("/spikes/v1/timestamps").
/// Numbers come as doubles or unsigned integers whatever their width in the file. The library serves
/// one thread at a time: while one has a file open, others that open one wait. A file is closed by the thread
/// that opened it.
///
/// The library is not safe from damaged bytes, so a child process reads the whole file first, and what ends
/// the child, or keeps it for more than 2 s and 1 s per 10 MB of CPU time, is refused.
///
/// Errors: InputError that names the file and the path, for what is missing, of another kind, damaged or cut;
/// Failure when the system or this build has no HDF5. Cost: the file is read twice.
class Hdf5File {
 public:
  explicit Hdf5File(const std::string& path);
  ~Hdf5File();
  Hdf5File(const Hdf5File&) = delete;
  Hdf5File& operator=(const Hdf5File&) = delete;

  const std::string& name() const;
  bool has(const std::string& path) const;
  bool is_group(const std::string& path) const;
  /// What is in a group, by name.
  std::vector<std::string> names(const std::string& group) const;
  /// Empty for a data set that is one value.
  std::vector<std::uint64_t> extents(const std::string& data) const;

  /// All numbers of a data set, the last dimension fastest.
  std::vector<double> numbers(const std::string& data) const;
  /// The same of whole numbers that are not negative.
  std::vector<std::uint64_t> indices(const std::string& data) const;
  /// Whether the numbers of a data set are of single precision.
  bool is_single(const std::string& data) const;
  std::vector<std::string> texts(const std::string& data) const;
  /// Element k of a data set of one dimension whose elements are lists of numbers. Requires: k below its
  /// extent.
  std::vector<double> list(const std::string& data, std::uint64_t k) const;

  /// The text of an attribute, or the name of a value of an enumeration; nothing when there is no attribute of
  /// this name.
  std::optional<std::string> text_attribute(const std::string& object, const std::string& attribute) const;

  [[noreturn]] void refuse(const std::string& path, const std::string& what) const;

 private:
  class Content;
  std::unique_ptr<Content> content_;
};

/// An HDF5 file that is made in memory. Paths must begin with those of groups made before.
class Hdf5Image {
 public:
  Hdf5Image();
  ~Hdf5Image();
  Hdf5Image(const Hdf5Image&) = delete;
  Hdf5Image& operator=(const Hdf5Image&) = delete;

  void add_group(const std::string& path);
  /// Requires: as many numbers as the product of the extents; none of them, and it is one value.
  void add_numbers(const std::string& path, std::span<const double> numbers,
                   const std::vector<std::uint64_t>& extents);
  void add_indices(const std::string& path, std::span<const std::uint64_t> numbers,
                   const std::vector<std::uint64_t>& extents);
  void add_texts(const std::string& path, const std::vector<std::string>& texts,
                 const std::vector<std::uint64_t>& extents);
  void set_text_attribute(const std::string& object, const std::string& attribute, const std::string& text);
  /// One number is a value, several are a list; of 32 bits.
  void set_index_attribute(const std::string& object, const std::string& attribute,
                           const std::vector<std::uint32_t>& numbers);

  /// The bytes of the file. Call last.
  std::string bytes();

 private:
  class Content;
  std::unique_ptr<Content> content_;
};

}  // namespace chronotope::proto
