// SPDX-License-Identifier: Apache-2.0
// Identifiers. People choose short text ids for unions, campaigns, merchants and terminals; the
// ledger gives each a dense number at creation and uses only that. A member gets a ULID, which says
// nothing about the person.
#ifndef PUHUI_LEDGER_BASE_ID_H_
#define PUHUI_LEDGER_BASE_ID_H_

#include "ledger/base/random.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace puhui {

// The position of a record in the journal. The first record has sequence 1; 0 means none.
using Sequence = std::uint64_t;

// Dense numbers, given out by deciders from 1 up; 0 means none. Distinct types, so they cannot be
// swapped.
enum class UnionNumber : std::uint32_t {};
enum class CampaignNumber : std::uint32_t {};
enum class MerchantNumber : std::uint32_t {};
enum class TerminalNumber : std::uint32_t {};
enum class LotNumber : std::uint32_t {};  // Within one wallet.

// Refuses, naming `field`, unless `text` is 1 to 40 of a-z, 0-9 and '-', and begins and ends with a
// letter or digit.
absl::Status ValidateTextId(absl::string_view text, absl::string_view field);

// A text id that was validated when it entered.
template <class Tag>
class Id {
 public:
  Id() = default;
  static absl::StatusOr<Id> Parse(absl::string_view text, absl::string_view field) {
    if (absl::Status valid = ValidateTextId(text, field); !valid.ok()) return valid;
    return Id(std::string(text));
  }
  const std::string& text() const { return text_; }
  friend auto operator<=>(const Id&, const Id&) = default;

 private:
  explicit Id(std::string text) : text_(std::move(text)) {}
  std::string text_;
};
using UnionId = Id<struct UnionIdTag>;
using CampaignId = Id<struct CampaignIdTag>;
using MerchantId = Id<struct MerchantIdTag>;
using StoreId = Id<struct StoreIdTag>;
using TerminalId = Id<struct TerminalIdTag>;

// A 128-bit ULID (github.com/ulid/spec): 48 bits of milliseconds, 80 random bits. Sorts by time of
// creation, which keeps the wallets of one roster together on disk.
class MemberId {
 public:
  constexpr MemberId() = default;
  constexpr MemberId(std::uint64_t high, std::uint64_t low) : high_(high), low_(low) {}

  static MemberId Make(absl::Time now, RandomSource& random);
  // 26 characters of Crockford's base 32. INVALID_ARGUMENT naming `field` when it is not that.
  static absl::StatusOr<MemberId> Parse(absl::string_view text, absl::string_view field);
  std::string ToString() const;

  static constexpr std::size_t kBytes = 16;
  // Big-endian.
  std::string ToBytes() const;
  // Requires: bytes.size() == kBytes (checked).
  static MemberId FromBytes(absl::string_view bytes);

  constexpr std::uint64_t high() const { return high_; }
  constexpr std::uint64_t low() const { return low_; }
  constexpr bool none() const { return high_ == 0 && low_ == 0; }

  friend constexpr auto operator<=>(const MemberId&, const MemberId&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const MemberId& id) {
    return H::combine(std::move(hash), id.high_, id.low_);
  }

 private:
  std::uint64_t high_ = 0;
  std::uint64_t low_ = 0;
};

}  // namespace puhui

#endif  // PUHUI_LEDGER_BASE_ID_H_
