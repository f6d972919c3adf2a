// SPDX-License-Identifier: Apache-2.0
// Where the next page of a list begins, sealed so that callers cannot make or move one.
#ifndef PUHUI_SERVICES_RPC_PAGE_TOKEN_H_
#define PUHUI_SERVICES_RPC_PAGE_TOKEN_H_

#include "ledger/crypto/keyed_hash.h"
#include "services/auth/policy.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include <google/protobuf/message.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui::services {

class CallContext;

// What a token is answered with that is none of the list: kInvalidField (page_token).
absl::Status NotOfThisList();

// What a token is bound to: the method and every field of the request but page_size and page_token.
std::string PageFilter(Rpc rpc, const google::protobuf::Message& request);
// The same and the caller: the token is good for the same question of whoever got it.
std::string BoundToCaller(const CallContext& call, const google::protobuf::Message& request);

// The field that a token comes back in, and how much may have been sealed in it.
struct TokenField {
  absl::string_view name = "page_token";
  std::size_t cursor_bytes_max = 752;
};

// Threads: safe. Borrows: the key.
class PageTokens {
 public:
  explicit PageTokens(const ledger::KeyedHash* key) : key_(key) {}

  // A token for `cursor`, whatever bytes the list finds its place by. Nobody else can make one, or
  // read in one what a list has passed over: it may be none of the caller's business.
  std::string Seal(absl::string_view filter, absl::string_view cursor) const;
  // The cursor that was sealed; empty for an empty token, which means the first page.
  // Refuses: kInvalidField (the field's name) when the token was altered, cut, made for another
  // filter, or is longer than it may be.
  absl::StatusOr<std::string> Open(absl::string_view filter, absl::string_view token,
                                   const TokenField& field = {}) const;

 private:
  std::string Tag(absl::string_view filter, absl::string_view cursor) const;
  // The bytes combined with as many that follow from the tag; twice, they are what they were.
  std::string Masked(absl::string_view tag, absl::string_view bytes) const;

  const ledger::KeyedHash* const key_;
};

// The number that a list finds its place by, as Seal was given it in decimal; 0 for an empty
// cursor, the first page. Refuses: kInvalidField (page_token) when it is no such number.
template <class Number>
absl::StatusOr<Number> NumberIn(absl::string_view cursor) {
  Number number = 0;
  if (cursor.empty() || absl::SimpleAtoi(cursor, &number)) return number;
  return NotOfThisList();
}

// The numbers that a list finds its place by, as Seal was given them in decimal, with a ':' between
// each two. Refuses: as NumberIn, also an empty cursor.
template <std::size_t count>
absl::StatusOr<std::array<std::uint64_t, count>> NumbersIn(absl::string_view cursor) {
  const std::vector<absl::string_view> parts = absl::StrSplit(cursor, ':');
  std::array<std::uint64_t, count> numbers{};
  if (parts.size() != count) return NotOfThisList();
  for (std::size_t i = 0; i < count; ++i) {
    if (!absl::SimpleAtoi(parts[i], &numbers[i])) return NotOfThisList();
  }
  return numbers;
}

// 0 means the default. Refuses: kInvalidField (page_size) below 0 and above the most.
absl::StatusOr<std::size_t> PageSize(std::int32_t requested);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_PAGE_TOKEN_H_
