// SPDX-License-Identifier: Apache-2.0
// Instead of hdf5_file.cpp where the build met no headers of HDF5.
#include "chronotope/core/error.hpp"
#include "chronotope/proto/formats/hdf5_file.hpp"

namespace chronotope::proto {
namespace {

[[noreturn]] void refuse_all() {
  throw Failure(
      "this build reads and writes no HDF5 files (they need Debian's libhdf5-dev when it is built)");
}

}  // namespace

class Hdf5File::Content {};
Hdf5File::Hdf5File(const std::string&) { refuse_all(); }
Hdf5File::~Hdf5File() = default;
const std::string& Hdf5File::name() const { refuse_all(); }
bool Hdf5File::has(const std::string&) const { refuse_all(); }
bool Hdf5File::is_group(const std::string&) const { refuse_all(); }
std::vector<std::string> Hdf5File::names(const std::string&) const { refuse_all(); }
std::vector<std::uint64_t> Hdf5File::extents(const std::string&) const { refuse_all(); }
std::vector<double> Hdf5File::numbers(const std::string&) const { refuse_all(); }
std::vector<std::uint64_t> Hdf5File::indices(const std::string&) const { refuse_all(); }
bool Hdf5File::is_single(const std::string&) const { refuse_all(); }
std::vector<std::string> Hdf5File::texts(const std::string&) const { refuse_all(); }
std::vector<double> Hdf5File::list(const std::string&, std::uint64_t) const { refuse_all(); }
std::optional<std::string> Hdf5File::text_attribute(const std::string&, const std::string&) const {
  refuse_all();
}
void Hdf5File::refuse(const std::string&, const std::string&) const { refuse_all(); }

class Hdf5Image::Content {};
Hdf5Image::Hdf5Image() { refuse_all(); }
Hdf5Image::~Hdf5Image() = default;
void Hdf5Image::add_group(const std::string&) {}
void Hdf5Image::add_numbers(const std::string&, std::span<const double>, const std::vector<std::uint64_t>&) {}
void Hdf5Image::add_indices(const std::string&, std::span<const std::uint64_t>,
                            const std::vector<std::uint64_t>&) {}
void Hdf5Image::add_texts(const std::string&, const std::vector<std::string>&,
                          const std::vector<std::uint64_t>&) {}
void Hdf5Image::set_text_attribute(const std::string&, const std::string&, const std::string&) {}
void Hdf5Image::set_index_attribute(const std::string&, const std::string&,
                                    const std::vector<std::uint32_t>&) {}
std::string Hdf5Image::bytes() { refuse_all(); }

}  // namespace chronotope::proto
