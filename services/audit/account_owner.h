// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_AUDIT_ACCOUNT_OWNER_H_
#define PUHUI_SERVICES_AUDIT_ACCOUNT_OWNER_H_

#include "audit/core/filter.h"
#include "ledger/base/id.h"
#include "ledger/core/account.h"
#include "ledger/engine/account_queries.h"
#include "ledger/storage/store.h"
#include "puhui/v1/audit_service.pb.h"
#include "services/auth/policy.h"
#include "services/ledger/names.h"

#include "absl/status/statusor.h"

#include <cstdint>
#include <string>

namespace puhui::services {

// Whose account is asked for.
struct AccountOwner {
  ledger::AccountKind kind{};
  std::uint64_t number = 0;  // Of the union, campaign or merchant.
  MemberId member{};         // For wallets and held points.
};

// Reads kind and owner of the request and checks that the caller may see them.
// Refuses: kInvalidField; kNotFound when the owner does not exist or is not the caller's to see.
absl::StatusOr<AccountOwner> FindAccountOwner(const Principal& principal,
                                              const v1::GetAccountRequest& request,
                                              const ledger::Readable& store, const UnionTree& tree);

// The resource name of an account's owner. Fails: kDataLoss when there is no such owner.
absl::StatusOr<std::string> OwnerNameOf(const audit::AccountName& account, Names& names);

// What the owner's accounts held after record `as_of`.
// Refuses: kInvalidField (as_of_sequence) when a wallet has moved too often until then to be added
// up.
absl::StatusOr<ledger::BalanceByOrigin> BalancesOf(const AccountOwner& owner, Sequence as_of,
                                                   const ledger::Readable& store);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_ACCOUNT_OWNER_H_
