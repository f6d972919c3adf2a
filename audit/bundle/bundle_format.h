// SPDX-License-Identifier: Apache-2.0
// The frames of a bundle: what happened in a range of records, with all that is needed to check it
// without whoever runs the ledger. docs/audit-format.md is normative; tests hold both to the same
// bytes.
#ifndef PUHUI_AUDIT_BUNDLE_BUNDLE_FORMAT_H_
#define PUHUI_AUDIT_BUNDLE_BUNDLE_FORMAT_H_

#include "ledger/base/id.h"
#include "ledger/core/account.h"
#include "ledger/crypto/hash.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui::audit {

inline constexpr absl::string_view kBundleMagic("PHB\x01", 4);
inline constexpr std::size_t kFrameHeaderBytes = 5;
// More than a segment with the largest record has.
inline constexpr std::size_t kFrameBytesMax = std::size_t{16} << 20;
inline constexpr std::size_t kRowsPerFrameMax = 4'096;

// Those of a whole bundle in the order in which they come; numbers are never used again.
enum class FrameKind : std::uint8_t {
  kHeader = 1,
  kCheckpoint = 2,   // A signed note, byte for byte.
  kConsistency = 3,  // A path of RFC 9162.
  kFrontier = 4,     // The complete subtrees before the first record.
  kOpeningBalances = 5,
  kOpeningLots = 6,
  kEarlierRecord = 7,  // With its inclusion path; before the segment that goes on from it.
  kSegment = 8,        // As in the journal.
  kClosingBalances = 9,
  kClosingLots = 10,
  // Of a part, in place of the frontier, segments and lots; the balances are its accounts' alone.
  kScope = 11,
  kScopeOwners = 12,
  kPartRecord = 13,  // In the form of an earlier record.
  kEnd = 15,         // SHA-256 of all bytes before this frame.
};

struct BundleHeader {
  Sequence first = 0;
  Sequence last = 0;
  ledger::Hash root_before{};
  ledger::Hash root_after{};
  std::uint32_t partition = 0;

  friend bool operator==(const BundleHeader&, const BundleHeader&) = default;
};
std::string EncodeHeader(const BundleHeader& header);
// Fails, as all decoders here: kDataLoss, with the reason, unless an encoder writes those bytes.
absl::StatusOr<BundleHeader> DecodeHeader(absl::string_view payload);

// That the tree of `second` begins with the tree of `first`.
struct ConsistencyFrame {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  std::vector<ledger::Hash> path;
};
std::string EncodeConsistency(const ConsistencyFrame& frame);
absl::StatusOr<ConsistencyFrame> DecodeConsistency(absl::string_view payload);

std::string EncodeHashes(const std::vector<ledger::Hash>& hashes);
absl::StatusOr<std::vector<ledger::Hash>> DecodeHashes(absl::string_view payload);

// A record of before the range.
struct EarlierRecord {
  Sequence sequence = 0;
  std::vector<ledger::Hash> path;  // In the tree of the checkpoint.
  absl::string_view bytes;
};
// Requires: at most 64 hashes (checked).
std::string EncodeEarlierRecord(const EarlierRecord& record);
absl::StatusOr<EarlierRecord> DecodeEarlierRecord(absl::string_view payload);

// An account: its kind, whose it is, whose money. Sorts as its bytes do.
struct BundleAccount {
  ledger::AccountKind kind{};
  MemberId owner{};  // Of other accounts than a member's: (0, the number).
  std::uint32_t origin = 0;

  friend auto operator<=>(const BundleAccount&, const BundleAccount&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const BundleAccount& account) {
    return H::combine(std::move(hash), account.kind, account.owner, account.origin);
  }
};
struct BalanceRow {
  BundleAccount account;
  std::int64_t points = 0;  // Never zero.
};
inline constexpr std::size_t kBalanceRowBytes = 29;
void AppendBalanceRow(const BalanceRow& row, std::string& out);
absl::StatusOr<BalanceRow> DecodeBalanceRow(absl::string_view row);

// A lot with something in it.
struct LotRow {
  MemberId member{};
  std::uint32_t lot = 0;
  std::uint32_t campaign = 0;
  std::uint32_t origin = 0;
  std::int64_t granted = 0;
  std::int64_t remaining = 0;
  std::int64_t held = 0;
  std::int64_t expiry_micros = 0;
};
inline constexpr std::size_t kLotRowBytes = 60;
void AppendLotRow(const LotRow& row, std::string& out);
absl::StatusOr<LotRow> DecodeLotRow(absl::string_view row);

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_BUNDLE_FORMAT_H_
