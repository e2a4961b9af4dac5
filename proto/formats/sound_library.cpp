// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/sound_library.hpp"

#include <dlfcn.h>

#include <string>

#include "chronotope/core/error.hpp"

namespace chronotope::proto {
namespace {

constexpr const char* kLibrary = "libsndfile.so.1";

template <class Function>
void find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  if (function == nullptr) throw Failure(std::string(kLibrary) + " has no " + name);
}

SoundLibrary load() {
  void* const library = ::dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);  // stays loaded
  if (library == nullptr)
    throw Failure(std::string("sound can not be read: ") + ::dlerror() + " (Debian's package libsndfile1)");
  SoundLibrary functions{};
  find(library, "sf_open", functions.open);
  find(library, "sf_open_virtual", functions.open_virtual);
  find(library, "sf_readf_double", functions.readf_double);
  find(library, "sf_error", functions.error);
  find(library, "sf_strerror", functions.strerror);
  find(library, "sf_close", functions.close);
  return functions;
}

}  // namespace

const SoundLibrary& sound_library() {
  static const SoundLibrary functions = load();
  return functions;
}

}  // namespace chronotope::proto
