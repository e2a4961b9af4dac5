// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/version_1.hpp"

#include <google/protobuf/unknown_field_set.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/proto/stream_version_1.pb.h"

namespace chronotope::proto {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

/// What `message` holds in fields that have gone.
template <class Old>
Old gone(const Message& message) {
  std::string bytes;
  message.GetReflection()->GetUnknownFields(message).SerializeToString(&bytes);
  Old old;
  old.ParseFromString(bytes);
  return old;
}

Duration checked(const std::string& field, double ms, bool holds, const std::string& allowed) {
  if (!holds)
    throw InputError(field + ": " + chronotope::to_string(ms) + " is not allowed (" + allowed + ")");
  return Duration::nearest(ms);
}

/// 1024 itself is what the last half tick of an epoch is rounded to.
Duration offset(double ms) {
  return checked("offset_ms", ms, ms >= 0 && ms < kEpochMs, "0 <= offset < 1024");
}

Duration length(const std::string& field, double ms) {
  checked(field, ms, ms >= 0 && ms <= Time::kMaxMs, "must be from 0 to 1e12 ms");
  return stated_duration(ms);
}

void upgrade(TimePoint& time) {
  const Duration since = offset(gone<version_1::TimePoint>(time).offset_ms());
  const std::int64_t epoch = time.epoch() + since.epochs();
  if (epoch > std::numeric_limits<std::int32_t>::max())
    throw InputError("epoch: " + std::to_string(time.epoch()) + " is not allowed (beyond 1e12 ms)");
  time.set_epoch(static_cast<std::int32_t>(epoch));
  time.set_ticks(static_cast<std::int64_t>(since.ticks()));
}

void upgrade(SpikeBlock& block) {
  const auto old = gone<version_1::SpikeBlock>(block);
  for (const double ms : old.offset_ms())
    block.add_ticks(static_cast<std::int64_t>(offset(ms).offset().ticks));
}

void upgrade(StimulusMark& mark) {
  const Duration duration = length("duration_ms", gone<version_1::StimulusMark>(mark).duration_ms());
  mark.mutable_duration()->set_epochs(duration.epochs());
  mark.mutable_duration()->set_ticks(static_cast<std::int64_t>(duration.ticks()));
}

void upgrade(Synapses& synapses) {
  const auto old = gone<version_1::Synapses>(synapses);
  bool has_epochs = false;
  for (const double ms : old.delay_ms()) {
    const Duration delay = length("delay_ms", ms);
    synapses.add_delay_ticks(static_cast<std::int64_t>(delay.ticks()));
    synapses.add_delay_epochs(static_cast<std::uint32_t>(delay.epochs()));
    has_epochs = has_epochs || delay.epochs() != 0;
  }
  if (!has_epochs) synapses.clear_delay_epochs();
}

/// Every point in time in a message, however deep.
void upgrade_times(Message& message) {
  if (message.GetDescriptor() == TimePoint::descriptor()) return upgrade(static_cast<TimePoint&>(message));
  std::vector<const FieldDescriptor*> fields;
  const auto* reflection = message.GetReflection();
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      upgrade_times(*reflection->MutableMessage(&message, field));
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, field); ++i)
      upgrade_times(*reflection->MutableRepeatedMessage(&message, field, i));
  }
}

}  // namespace

void upgrade_from_version_1(Envelope& envelope) {
  if (envelope.has_header()) return;  // a specification holds no TimePoint
  upgrade_times(envelope);
  if (envelope.has_spikes()) upgrade(*envelope.mutable_spikes());
  if (envelope.has_stimulus()) upgrade(*envelope.mutable_stimulus());
  if (envelope.has_synapses()) upgrade(*envelope.mutable_synapses());
  envelope.DiscardUnknownFields();
}

}  // namespace chronotope::proto
