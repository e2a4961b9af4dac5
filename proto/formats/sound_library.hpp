// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sndfile.h>

namespace chronotope::proto {

/// libsndfile's functions. The library and the seven codecs it needs are loaded when the first sound is read:
/// linked, they would take a quarter of the start of every run that reads none.
struct SoundLibrary {
  decltype(&::sf_open) open;
  decltype(&::sf_open_virtual) open_virtual;
  decltype(&::sf_readf_double) readf_double;
  decltype(&::sf_error) error;
  decltype(&::sf_strerror) strerror;
  decltype(&::sf_close) close;
};

/// Throws Failure when the system has no libsndfile.
const SoundLibrary& sound_library();

}  // namespace chronotope::proto
