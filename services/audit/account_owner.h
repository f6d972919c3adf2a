// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_AUDIT_ACCOUNT_OWNER_H_
#define PUHUI_SERVICES_AUDIT_ACCOUNT_OWNER_H_

#include "audit/core/filter.h"
#include "audit/index/index_rows.h"
#include "ledger/base/id.h"
#include "ledger/core/account.h"
#include "ledger/storage/store.h"
#include "puhui/v1/audit_service.pb.h"
#include "services/auth/policy.h"
#include "services/ledger/names.h"
#include "services/ledger/seen_money.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include <cstdint>
#include <string>

namespace puhui::services {

// Whose account is asked for.
struct AccountOwner {
  ledger::AccountKind kind{};
  std::uint64_t number = 0;  // Of the union, campaign or merchant.
  MemberId member{};         // For wallets and held points.
};

// Reads kind and owner of the request and checks that the caller may see them; of a merchant ask
// CheckIsTold too. To an auditor with a mandate nothing exists that came to be after its time.
// Refuses: kInvalidField; kNotFound when the owner does not exist or is not the caller's to see.
absl::StatusOr<AccountOwner> FindAccountOwner(const Principal& principal,
                                              const v1::GetAccountRequest& request,
                                              const ledger::Readable& store, const UnionTree& tree);

// The resource name of an account's owner. Fails: kDataLoss when there is no such owner.
absl::StatusOr<std::string> OwnerNameOf(const audit::AccountName& account, Names& names);

// Whose money in an account a caller is told of: that of the union which it asks for, or of every
// one. A merchant's account is no union's: of that a narrowed auditor is told as SeenMoney says.
// Each union is looked at once. Threads: none; make one per call. Borrows: everything.
class ToldOrigins {
 public:
  struct Question {
    const Principal* principal;
    const UnionTree* tree;
    ledger::AccountKind kind{};
    absl::string_view origin{};  // The name of the one that is asked for; empty: every one.
  };
  ToldOrigins(const Question& question, Names* names);

  // Fails: kDataLoss when there is no such union.
  absl::StatusOr<bool> Has(UnionNumber origin);
  // What those of `points` come to that are told. Fails: as Has.
  absl::StatusOr<std::int64_t> SumOf(absl::Span<const audit::OriginBalance> points);
  // Whether it is a merchant's account, and the caller a narrowed auditor.
  bool narrowed() const { return narrowed_; }
  // Whether the caller would be told of it, had it asked for every union's. Fails: as Has.
  absl::StatusOr<bool> Sees(UnionNumber origin);
  // Whether the caller may know that `caller`, as records name it, moved the account.
  bool TellsWho(const std::string& caller) { return !narrowed_ || seen_.TellsWho(caller); }

 private:
  const Question question_;
  Names& names_;
  SeenMoney seen_;
  const bool narrowed_;
};

// To a narrowed auditor a merchant has no accounts unless it took points that `told` sees up to
// record `last`. Refuses: kNotFound, as FindAccountOwner of a merchant that is not there.
absl::Status CheckIsTold(const AccountOwner& owner, Sequence last, const ledger::Readable& store,
                         ToldOrigins* told);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_ACCOUNT_OWNER_H_
