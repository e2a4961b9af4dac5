// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdf5.h>

namespace chronotope::proto {

/// HDF5's functions and types. The library and the thirty that it needs are loaded when the first file of its
/// is met: linked, they would take most of the start of every run.
struct Hdf5Library {
  decltype(&::H5Eset_auto2) set_error_printer;
  decltype(&::H5Fopen) open_file;
  decltype(&::H5Fcreate) create_file;
  decltype(&::H5Fflush) flush_file;
  decltype(&::H5Fget_file_image) file_image;
  decltype(&::H5Fclose) close_file;
  decltype(&::H5Pcreate) create_properties;
  decltype(&::H5Pset_fapl_core) keep_in_memory;
  decltype(&::H5Pclose) close_properties;
  decltype(&::H5Oopen) open_object;
  decltype(&::H5Oclose) close_object;
  decltype(&::H5Iget_type) type_of_object;
  decltype(&::H5Gcreate2) create_group;
  decltype(&::H5Gget_info) group_info;
  decltype(&::H5Lget_name_by_idx) name_of_link;
  decltype(&::H5Lexists) link_exists;
  decltype(&::H5Dcreate2) create_data;
  decltype(&::H5Dget_space) space_of_data;
  decltype(&::H5Dget_type) type_of_data;
  decltype(&::H5Dread) read_data;
  decltype(&::H5Dwrite) write_data;
  decltype(&::H5Dvlen_reclaim) free_lists;
  decltype(&::H5Aexists) attribute_exists;
  decltype(&::H5Aopen) open_attribute;
  decltype(&::H5Acreate2) create_attribute;
  decltype(&::H5Aget_space) space_of_attribute;
  decltype(&::H5Aget_type) type_of_attribute;
  decltype(&::H5Aread) read_attribute;
  decltype(&::H5Awrite) write_attribute;
  decltype(&::H5Aclose) close_attribute;
  decltype(&::H5Screate) create_space;
  decltype(&::H5Screate_simple) create_simple_space;
  decltype(&::H5Sget_simple_extent_ndims) dimensions_of_space;
  decltype(&::H5Sget_simple_extent_dims) extents_of_space;
  decltype(&::H5Sselect_hyperslab) select_block;
  decltype(&::H5Sclose) close_space;
  decltype(&::H5Tget_class) class_of_type;
  decltype(&::H5Tget_size) size_of_type;
  decltype(&::H5Tget_super) base_of_type;
  decltype(&::H5Tis_variable_str) is_variable_text;
  decltype(&::H5Tenum_nameof) name_of_value;
  decltype(&::H5Tcopy) copy_type;
  decltype(&::H5Tset_size) set_size_of_type;
  decltype(&::H5Tset_cset) set_characters_of_type;
  decltype(&::H5Tvlen_create) create_list_type;
  decltype(&::H5Tclose) close_type;
  // Made by the library when it begins.
  hid_t native_double;
  hid_t native_uint64;
  hid_t native_uint32;
  hid_t text;
  hid_t file_access;  // class of properties
};

// H5F_ACC_RDONLY and H5F_ACC_TRUNC, whose macros call the library.
inline constexpr unsigned kHdf5ReadOnly = 0;
inline constexpr unsigned kHdf5Replace = 2;

/// Throws Failure when the system has no HDF5.
const Hdf5Library& hdf5_library();

}  // namespace chronotope::proto
