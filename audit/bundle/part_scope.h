// SPDX-License-Identifier: Apache-2.0
// What a bundle of a part is about: a union with all that is below it, or a merchant.
#ifndef PUHUI_AUDIT_BUNDLE_PART_SCOPE_H_
#define PUHUI_AUDIT_BUNDLE_PART_SCOPE_H_

#include "audit/bundle/bundle_format.h"
#include "ledger/base/id.h"
#include "ledger/core/account.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::audit {

enum class ScopeKind : std::uint8_t { kUnion = 1, kMerchant = 2 };

struct BundleScope {
  ScopeKind kind{};
  std::uint64_t number = 0;

  friend bool operator==(const BundleScope&, const BundleScope&) = default;
};
std::string EncodeScope(const BundleScope& scope);
// Fails: kDataLoss.
absl::StatusOr<BundleScope> DecodeScope(absl::string_view payload);

// Whose accounts of a kind belong to the part, of whatever origin.
struct OwnerRow {
  ledger::AccountKind kind{};
  MemberId owner{};  // As in BundleAccount.

  friend auto operator<=>(const OwnerRow&, const OwnerRow&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const OwnerRow& row) {
    return H::combine(std::move(hash), row.kind, row.owner);
  }
};
inline constexpr std::size_t kOwnerRowBytes = 17;
void AppendOwnerRow(const OwnerRow& row, std::string& out);
// Fails: kDataLoss.
absl::StatusOr<OwnerRow> DecodeOwnerRow(absl::string_view row);

// Whether those can be all owners of a scope, as far as its kind and number say.
// Fails: kDataLoss, when one of its own is missing, one is of another kind of scope, or somebody
// has some of the accounts only that come together.
absl::Status CheckOwners(const BundleScope& scope, const absl::flat_hash_set<OwnerRow>& owners);

// What a reader of the report of a part has to know, in two lines.
inline constexpr absl::string_view kWhatAPartShows =
    "Each record in it is of the ledger. What its accounts open and close with is the word of "
    "whoever made it:\n"
    "compare it with your own books, or with a whole bundle. From a part nobody can show that no "
    "record is missing.\n";

// Who and what is in a scope. Threads: none, once it is made.
struct PartScope {
  BundleScope scope;
  absl::flat_hash_set<std::uint32_t> unions;
  absl::flat_hash_set<std::uint32_t> campaigns;
  absl::flat_hash_set<MemberId> members;

  // Ascending.
  std::vector<OwnerRow> Owners() const;
};

// Where everybody is, as records say it one after another. Grows with unions, campaigns and
// members. Threads: none.
class ScopeFold {
 public:
  void Learn(const journal::v1::Record& record);
  // After the records that were learnt.
  PartScope ScopeOf(const BundleScope& scope) const;

 private:
  bool IsBelow(std::uint32_t number, std::uint32_t above) const;

  absl::flat_hash_map<std::uint32_t, std::uint32_t> parents_;  // Of unions.
  absl::flat_hash_map<std::uint32_t, std::uint32_t> campaigns_;
  absl::flat_hash_map<MemberId, std::uint32_t> members_;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_PART_SCOPE_H_
