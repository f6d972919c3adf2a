// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_RPC_REQUEST_ID_H_
#define PUHUI_SERVICES_RPC_REQUEST_ID_H_

#include "ledger/crypto/hash.h"
#include "ledger/crypto/keyed_hash.h"
#include "services/auth/policy.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include <google/protobuf/message_lite.h>

#include <array>
#include <cstdint>
#include <string>

namespace puhui::services {

// A UUID made by the caller and kept across retries.
using RequestId = std::array<std::uint8_t, 16>;

// Reads the 36 characters of a UUID, of any version and in either case, but not the nil UUID, which
// is what a forgotten id looks like. Refuses: kInvalidField.
absl::StatusOr<RequestId> ParseRequestId(absl::string_view text,
                                         absl::string_view field = "request_id");
// Lower case.
std::string FormatRequestId(const RequestId& id);

// What a request is recognised by when its id comes again: a keyed hash over the method and the
// request's bytes. Keyed, because requests hold personal data that a plain hash would let anybody
// confirm.
ledger::Hash BodyDigest(const ledger::KeyedHash& key, Rpc rpc,
                        const google::protobuf::MessageLite& request);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_REQUEST_ID_H_
