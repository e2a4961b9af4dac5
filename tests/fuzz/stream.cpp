// SPDX-License-Identifier: Apache-2.0
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <zlib.h>

#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/proto/spike_codec.hpp"
#include "chronotope/tests/fuzz/memory_file.hpp"
#include "chronotope/tests/fuzz/target.hpp"

using namespace chronotope;

namespace {

/// The same frames with right checksums, so that more than those is tried; what is no frame stays as it is.
std::string with_checksums(const std::string& bytes) {
  namespace io = google::protobuf::io;
  std::string mended;
  io::CodedInputStream in(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                          static_cast<int>(bytes.size()));
  for (;;) {
    const auto begin = static_cast<std::size_t>(in.CurrentPosition());
    std::uint32_t length = 0;
    std::string content;
    Frame frame;
    if (!in.ReadVarint32(&length) || !in.ReadString(&content, static_cast<int>(length)) ||
        !frame.ParseFromString(content))
      return mended + bytes.substr(begin);
    frame.set_crc32(static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(frame.body().data()),
                                                     static_cast<uInt>(frame.body().size()))));
    io::StringOutputStream out(&mended);
    io::CodedOutputStream coded(&out);
    coded.WriteVarint32(static_cast<std::uint32_t>(frame.ByteSizeLong()));
    frame.SerializeToCodedStream(&coded);
  }
}

void read_stream(const std::string& bytes) {
  const fuzz::MemoryFile file(bytes);
  fuzz::expect_read_or_refused([&] {
    proto::FrameReader reader(file.path());
    while (reader.next()) continue;
  });
  fuzz::expect_read_or_refused([&] { proto::read_spike_recording(file.path()); });
}

}  // namespace

/// Streams: frames and the rules that readers hold them to, and the spikes of an input.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes = fuzz::text_of(data, size);
  read_stream(bytes);
  read_stream(with_checksums(bytes));
  return 0;
}
