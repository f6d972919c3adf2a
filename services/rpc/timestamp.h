// SPDX-License-Identifier: Apache-2.0
// Moments as API messages have them.
#ifndef PUHUI_SERVICES_RPC_TIMESTAMP_H_
#define PUHUI_SERVICES_RPC_TIMESTAMP_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <google/protobuf/timestamp.pb.h>

namespace puhui::services {

google::protobuf::Timestamp ToTimestamp(absl::Time time);
// Times of requests are kept to the microsecond.
absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp);
// The same of one that is part of what is asked for. Refuses: kInvalidField, when it is none.
absl::StatusOr<absl::Time> ParseMoment(const google::protobuf::Timestamp& timestamp,
                                       absl::string_view field);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_TIMESTAMP_H_
