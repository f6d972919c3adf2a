// SPDX-License-Identifier: Apache-2.0
// Moments and civil days, as they are typed and as they are shown.
#ifndef PUHUI_SERVICES_CLI_TIMES_H_
#define PUHUI_SERVICES_CLI_TIMES_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <google/protobuf/timestamp.pb.h>

#include <cstdint>
#include <string>

namespace puhui::services {

// An RFC 3339 moment. Refuses: kInvalidArgument.
absl::StatusOr<absl::Time> ParseMoment(absl::string_view text);

// Which moment a civil day stands for: its first, the first of the next day, or its own last, which
// is a microsecond before that, as the ledger counts.
enum class DayAs { kBegin, kEnd, kLastMoment };

// "2027-03-01" is that civil day in `zone`; anything else is read by ParseMoment.
// Refuses: kInvalidArgument.
absl::StatusOr<absl::Time> ParseDayOrMoment(absl::string_view text, absl::TimeZone zone, DayAs as);
// The same as its end.
absl::StatusOr<absl::Time> ParseEndOfDay(absl::string_view text, absl::TimeZone zone);

// "10s", "500ms", "1h30m", or a number of seconds. Refuses: kInvalidArgument unless above zero.
absl::StatusOr<absl::Duration> ParseTimeout(absl::string_view text);

// "2027-03-01 09:00:00 +08:00"; "-" when the field is not set.
std::string FormatTime(const google::protobuf::Timestamp& timestamp, absl::TimeZone zone);
// "2027-03-01T01:00:00Z", for files, whatever --zone says.
std::string FormatUtc(const google::protobuf::Timestamp& timestamp);
// As FormatTime, but "end of 2027-03-01" when the moment is the end of a civil day in `zone`.
std::string FormatEnd(const google::protobuf::Timestamp& timestamp, absl::TimeZone zone);

// What a till that keeps no counters counts by: the civil day as its batch (20270301) and the tenth
// of a second of the day, from 1, as its trace number. Unique as long as one terminal does one
// thing at a time.
struct TillClock {
  std::uint32_t batch_number;
  std::uint32_t trace_number;
};
TillClock TillClockAt(absl::Time now, absl::TimeZone zone);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_TIMES_H_
