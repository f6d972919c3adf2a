// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/request_id.h"

#include "ledger/base/check.h"
#include "services/rpc/deterministic_bytes.h"
#include "services/rpc/error.h"

#include "absl/strings/str_cat.h"

#include <cstddef>

namespace puhui::services {
namespace {

constexpr std::size_t kTextLength = 36;

constexpr bool HyphenAt(std::size_t at) { return at == 8 || at == 13 || at == 18 || at == 23; }

// The value of a hexadecimal digit, or -1.
constexpr int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

absl::StatusOr<RequestId> ParseRequestId(absl::string_view text, absl::string_view field) {
  const auto refuse = [field] { return InvalidField(field, "want a UUID of 36 characters"); };
  if (text.size() != kTextLength) return refuse();
  RequestId id{};
  std::size_t nibbles = 0;
  bool nil = true;
  for (std::size_t at = 0; at < kTextLength; ++at) {
    if (HyphenAt(at)) {
      if (text[at] != '-') return refuse();
      continue;
    }
    const int value = HexValue(text[at]);
    if (value < 0) return refuse();
    nil = nil && value == 0;
    std::uint8_t& byte = id.at(nibbles++ / 2);
    byte = static_cast<std::uint8_t>(byte << 4 | value);
  }
  if (nil) return InvalidField(field, "want a UUID of the caller's own, not the nil UUID");
  return id;
}

std::string FormatRequestId(const RequestId& id) {
  std::string text = ledger::ToHex(id);
  for (const std::size_t at : {8U, 13U, 18U, 23U}) text.insert(at, 1, '-');
  return text;
}

ledger::Hash BodyDigest(const ledger::KeyedHash& key, Rpc rpc,
                        const google::protobuf::MessageLite& request) {
  return key.Digest(absl::StrCat("body/", RuleOf(rpc).name), DeterministicBytes(request));
}

}  // namespace puhui::services
