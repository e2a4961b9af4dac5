// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/hdf5_library.hpp"

#include <dlfcn.h>

#include <string>

#include "chronotope/core/error.hpp"

namespace chronotope::proto {
namespace {

constexpr const char* kLibrary = CHRONOTOPE_HDF5_LIBRARY;  // the name of the one whose header this is

void* find(void* library, const char* name) {
  void* const symbol = ::dlsym(library, name);
  if (symbol == nullptr) throw Failure(std::string(kLibrary) + " has no " + name);
  return symbol;
}

template <class Function>
void find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(find(library, name));
}

/// A type or class that the library makes when it is opened.
hid_t value_of(void* library, const char* name) { return *static_cast<const hid_t*>(find(library, name)); }

void find_files(void* library, Hdf5Library& hdf5) {
  find(library, "H5Eset_auto2", hdf5.set_error_printer);
  find(library, "H5Fopen", hdf5.open_file);
  find(library, "H5Fcreate", hdf5.create_file);
  find(library, "H5Fflush", hdf5.flush_file);
  find(library, "H5Fget_file_image", hdf5.file_image);
  find(library, "H5Fclose", hdf5.close_file);
  find(library, "H5Pcreate", hdf5.create_properties);
  find(library, "H5Pset_fapl_core", hdf5.keep_in_memory);
  find(library, "H5Pclose", hdf5.close_properties);
  find(library, "H5Oopen", hdf5.open_object);
  find(library, "H5Oclose", hdf5.close_object);
  find(library, "H5Iget_type", hdf5.type_of_object);
  find(library, "H5Gcreate2", hdf5.create_group);
  find(library, "H5Gget_info", hdf5.group_info);
  find(library, "H5Lget_name_by_idx", hdf5.name_of_link);
  find(library, "H5Lexists", hdf5.link_exists);
}

void find_contents(void* library, Hdf5Library& hdf5) {
  find(library, "H5Dcreate2", hdf5.create_data);
  find(library, "H5Dget_space", hdf5.space_of_data);
  find(library, "H5Dget_type", hdf5.type_of_data);
  find(library, "H5Dread", hdf5.read_data);
  find(library, "H5Dwrite", hdf5.write_data);
  find(library, "H5Dvlen_reclaim", hdf5.free_lists);
  find(library, "H5Aexists", hdf5.attribute_exists);
  find(library, "H5Aopen", hdf5.open_attribute);
  find(library, "H5Acreate2", hdf5.create_attribute);
  find(library, "H5Aget_space", hdf5.space_of_attribute);
  find(library, "H5Aget_type", hdf5.type_of_attribute);
  find(library, "H5Aread", hdf5.read_attribute);
  find(library, "H5Awrite", hdf5.write_attribute);
  find(library, "H5Aclose", hdf5.close_attribute);
}

void find_types(void* library, Hdf5Library& hdf5) {
  find(library, "H5Screate", hdf5.create_space);
  find(library, "H5Screate_simple", hdf5.create_simple_space);
  find(library, "H5Sget_simple_extent_ndims", hdf5.dimensions_of_space);
  find(library, "H5Sget_simple_extent_dims", hdf5.extents_of_space);
  find(library, "H5Sselect_hyperslab", hdf5.select_block);
  find(library, "H5Sclose", hdf5.close_space);
  find(library, "H5Tget_class", hdf5.class_of_type);
  find(library, "H5Tget_size", hdf5.size_of_type);
  find(library, "H5Tget_super", hdf5.base_of_type);
  find(library, "H5Tis_variable_str", hdf5.is_variable_text);
  find(library, "H5Tenum_nameof", hdf5.name_of_value);
  find(library, "H5Tcopy", hdf5.copy_type);
  find(library, "H5Tset_size", hdf5.set_size_of_type);
  find(library, "H5Tset_cset", hdf5.set_characters_of_type);
  find(library, "H5Tvlen_create", hdf5.create_list_type);
  find(library, "H5Tclose", hdf5.close_type);
  hdf5.native_double = value_of(library, "H5T_NATIVE_DOUBLE_g");
  hdf5.native_uint64 = value_of(library, "H5T_NATIVE_UINT64_g");
  hdf5.native_uint32 = value_of(library, "H5T_NATIVE_UINT32_g");
  hdf5.text = value_of(library, "H5T_C_S1_g");
  hdf5.file_access = value_of(library, "H5P_CLS_FILE_ACCESS_ID_g");
}

Hdf5Library load() {
  void* const library = ::dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);  // stays loaded
  if (library == nullptr)
    throw Failure(std::string("HDF5 files need a library: ") + ::dlerror() +
                  " (Debian's package libhdf5-103-1)");
  decltype(&::H5open) open = nullptr;
  find(library, "H5open", open);
  if (open() < 0) throw Failure(std::string(kLibrary) + " can not begin");
  Hdf5Library hdf5{};
  find_files(library, hdf5);
  find_contents(library, hdf5);
  find_types(library, hdf5);
  hdf5.set_error_printer(H5E_DEFAULT, nullptr, nullptr);  // what it would print is told in one line
  return hdf5;
}

}  // namespace

const Hdf5Library& hdf5_library() {
  static const Hdf5Library functions = load();
  return functions;
}

}  // namespace chronotope::proto
