// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/timestamp.h"

#include "services/rpc/error.h"

#include <cstdint>

namespace puhui::services {

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  const std::int64_t micros = absl::ToUnixMicros(time);
  google::protobuf::Timestamp timestamp;
  // Floors, so that times before 1970 keep nanos in 0…999,999,999.
  const std::int64_t seconds = micros / 1'000'000 - (micros % 1'000'000 < 0 ? 1 : 0);
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(static_cast<std::int32_t>((micros - seconds * 1'000'000) * 1'000));
  return timestamp;
}

absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp) {
  const absl::Time time =
      absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
  return absl::FromUnixMicros(absl::ToUnixMicros(time));
}

absl::StatusOr<absl::Time> ParseMoment(const google::protobuf::Timestamp& timestamp,
                                       absl::string_view field) {
  // What a Timestamp may hold: the years 1 to 9999.
  constexpr std::int64_t kSecondsMin = -62'135'596'800;
  constexpr std::int64_t kSecondsMax = 253'402'300'799;
  if (timestamp.seconds() < kSecondsMin || timestamp.seconds() > kSecondsMax ||
      timestamp.nanos() < 0 || timestamp.nanos() > 999'999'999) {
    return InvalidField(field, "want a moment between the years 1 and 9999");
  }
  return FromTimestamp(timestamp);
}

}  // namespace puhui::services
