// SPDX-License-Identifier: Apache-2.0
// Streams with changed bytes and fields are read or refused with the documented error, by everything that
// reads streams. CHRONOTOPE_MUTATIONS sets how many (CONTRIBUTING.md).
#include <google/protobuf/message.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <functional>
#include <random>

#include "chronotope/apps/report/stream_digest.hpp"
#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/proto/spike_codec.hpp"
#include "chronotope/tests/apps/program.hpp"
#include "chronotope/topology/representation/network_metrics.hpp"
#include "chronotope/topology/representation/representation.hpp"

namespace chronotope {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t n) { return static_cast<std::size_t>(random() % n); }

template <class T>
T one_of(Random& random, const std::vector<T>& values) {
  return values[below(random, values.size())];
}

std::uint64_t whole(Random& random) {
  return one_of<std::uint64_t>(
      random, {0, 1, 2, 5, 255, 1024, 976562501, 0x7fffffff, 0x80000000, 0xffffffff, 1'024'000'000'000'000,
               std::uint64_t{1} << 63, ~std::uint64_t{0}, random()});
}

double number(Random& random) {
  return one_of<double>(random,
                        {0, -0.0, -1, 1e-310, 1e9, 1e13, -1e308, 1.8e307, HUGE_VAL, -HUGE_VAL, std::nan("")});
}

/// Gives a number or a text another value, in a repeated field one of its entries.
void change_value(Message& message, const FieldDescriptor* field, Random& random) {
  const auto* r = message.GetReflection();
  const int size = field->is_repeated() ? r->FieldSize(message, field) : 1;
  if (size == 0) return;
  const int at = static_cast<int>(below(random, static_cast<std::size_t>(size)));
  const auto set = [&](auto single, auto repeated, auto value) {
    if (field->is_repeated())
      (r->*repeated)(&message, field, at, value);
    else
      (r->*single)(&message, field, value);
  };
  using R = google::protobuf::Reflection;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return set(&R::SetInt32, &R::SetRepeatedInt32, static_cast<std::int32_t>(whole(random)));
    case FieldDescriptor::CPPTYPE_INT64:
      return set(&R::SetInt64, &R::SetRepeatedInt64, static_cast<std::int64_t>(whole(random)));
    case FieldDescriptor::CPPTYPE_UINT32:
      return set(&R::SetUInt32, &R::SetRepeatedUInt32, static_cast<std::uint32_t>(whole(random)));
    case FieldDescriptor::CPPTYPE_UINT64:
      return set(&R::SetUInt64, &R::SetRepeatedUInt64, whole(random));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return set(&R::SetDouble, &R::SetRepeatedDouble, number(random));
    case FieldDescriptor::CPPTYPE_BOOL:
      return set(&R::SetBool, &R::SetRepeatedBool, random() % 2 == 0);
    default:
      return;
  }
}

/// One change somewhere in a message.
void mutate(Message& message, Random& random) {
  const auto* r = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  r->ListFields(message, &fields);
  if (fields.empty()) return;
  const FieldDescriptor* field = one_of(random, fields);
  if (field->is_repeated() && random() % 4 == 0) return r->RemoveLast(&message, field);
  if (random() % 16 == 0) return r->ClearField(&message, field);
  if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return change_value(message, field, random);
  if (!field->is_repeated()) return mutate(*r->MutableMessage(&message, field), random);
  const auto at = static_cast<int>(below(random, static_cast<std::size_t>(r->FieldSize(message, field))));
  mutate(*r->MutableRepeatedMessage(&message, field, at), random);
}

std::vector<Envelope> frames_of(const std::string& path) {
  proto::FrameReader reader(path);
  std::vector<Envelope> frames(1);
  *frames[0].mutable_header() = reader.header();
  while (auto frame = reader.next()) frames.push_back(std::move(*frame));
  return frames;
}

void append(const Envelope& envelope, std::string& bytes) {
  Frame frame;
  envelope.SerializeToString(frame.mutable_body());
  frame.set_crc32(static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(frame.body().data()), static_cast<uInt>(frame.body().size()))));
  const std::string text = frame.SerializeAsString();
  std::size_t length = text.size();
  for (; length >= 0x80; length >>= 7) bytes.push_back(static_cast<char>(length | 0x80));
  bytes.push_back(static_cast<char>(length));
  bytes += text;
}

/// A stream with right checksums in which one to three things are wrong.
std::string mutated(std::vector<Envelope> frames, Random& random) {
  for (std::size_t k = 0; k <= random() % 3; ++k) {
    const std::size_t i = below(random, frames.size());
    const std::size_t j = below(random, frames.size());
    switch (random() % 8) {
      case 0:
        std::swap(frames[i], frames[j]);
        break;
      case 1:
        frames.insert(frames.begin() + static_cast<std::ptrdiff_t>(j), frames[i]);
        break;
      case 2:
        if (frames.size() > 1) frames.erase(frames.begin() + static_cast<std::ptrdiff_t>(i));
        break;
      default:
        mutate(frames[i], random);
    }
  }
  std::string bytes;
  for (const Envelope& frame : frames) append(frame, bytes);
  Envelope end;
  end.mutable_end()->set_frames(frames.size());
  append(end, bytes);
  if (random() % 16 == 0) bytes.resize(below(random, bytes.size()));
  if (random() % 16 == 0 && !bytes.empty())
    bytes[below(random, bytes.size())] ^= static_cast<char>(1U << random() % 8);
  return bytes;
}

/// Reads as the verbs do; true unless it was refused.
bool is_read(const std::function<void()>& read) {
  try {
    read();
    return true;
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()), "");
    return false;
  }
}

class MutatedStreams : public ProgramTest {};

TEST_F(MutatedStreams, AreReadOrRefused) {
  save("t.csv", "time_ms,channel,stimulus\n1,0,1\n2,1,1\n1,1,2\n4,0,2\n3,2,3\n");
  ASSERT_EQ(run("encode t.csv --phase probe --gap 20 --out s.pb --quiet").code, 0);
  save("n.textproto",
       R"(population { name: "E" size: 8 exp_psc_lif { } } population { name: "F" size: 4 exp_psc_lif { } }
    input { name: "in" size: 3 spike_stream { path: "s.pb" } }
    projection { source: "in" target: "E" fixed_outdegree { outdegree: 3 } weight: 4000 }
    projection { source: "E" target: "E" pairwise_bernoulli { p: 0.4 } weight: 1500 pair_stdp { w_max: 3000 } }
    projection { source: "E" target: "F" pairwise_bernoulli { p: 0.5 } weight: 500 })");
  ASSERT_EQ(
      run("simulate n.textproto --out r.pb --snapshot-every 30 --potentials --weights-every 40 --quiet").code,
      0);
  std::vector<std::vector<Envelope>> golden{frames_of(path("r.pb")), frames_of(path("s.pb"))};
  for (const char* name : {"v1/run.pb", "v2/run.pb"})
    golden.push_back(frames_of(std::string(CHRONOTOPE_TEST_DATA "/streams/") + name));
  const char* asked = std::getenv("CHRONOTOPE_MUTATIONS");
  const int count = asked == nullptr ? 1500 : std::atoi(asked);
  const std::string stream = path("m.pb");
  int whole_streams = 0;
  Random random(20);
  for (int i = 0; i < count; ++i) {
    save("m.pb", mutated(golden[static_cast<std::size_t>(i) % golden.size()], random));
    const bool good = is_read([&] {
      proto::FrameReader reader(stream);
      while (reader.next()) continue;
    });
    whole_streams += good ? 1 : 0;
    const bool reread = is_read([&] { apps::read_digest(stream); });
    EXPECT_TRUE(good || !reread) << "mutation " << i;
    is_read([&] { proto::read_spike_recording(stream); });
    is_read([&] {
      topology::SnapshotReader layers(stream, {});
      while (layers.next())
        topology::layer_metrics(layers.graph(), topology::own_layering(layers, {}), layers.rates());
    });
    for (const topology::RowCode code : {topology::RowCode::kCount, topology::RowCode::kPotential,
                                         topology::RowCode::kTrain, topology::RowCode::kBins})
      is_read([&] {
        topology::RepresentationOptions options;
        options.activations.code = code;
        topology::read_representation(stream, options);
      });
  }
  EXPECT_GT(whole_streams, count / 20);  // or the readers' later stages were not met
  EXPECT_LT(whole_streams, count - count / 5);
}

}  // namespace
}  // namespace chronotope
