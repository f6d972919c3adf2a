// SPDX-License-Identifier: Apache-2.0
// What of merchants' statements a caller may see and do. What a caller may not see does not exist
// for it.
#ifndef PUHUI_SERVICES_SETTLEMENT_SETTLEMENT_SCOPE_H_
#define PUHUI_SERVICES_SETTLEMENT_SETTLEMENT_SCOPE_H_

#include "ledger/storage/store.h"
#include "merchant/app/queries.h"
#include "merchant/app/statement_line.h"
#include "merchant/app/statement_queries.h"
#include "merchant/app/statement_rows.h"
#include "services/auth/identity.h"
#include "services/auth/policy.h"
#include "services/ledger/seen_money.h"
#include "services/settlement/statement_name.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <map>
#include <string>

namespace puhui::services {

struct SeenMerchant {
  MerchantNumber number{};
  std::string name;  // Of the resource.
  merchant::MerchantRow row{};
};
// Refuses: kNotFound.
absl::StatusOr<SeenMerchant> SeeMerchant(const Principal& principal, const MerchantId& id,
                                         const ledger::Readable& store);

struct SeenStatement {
  SeenMerchant seller{};
  merchant::StatementKey key{};
  merchant::StatementRow row{};
};
// Refuses: kNotFound.
absl::StatusOr<SeenStatement> SeeStatement(const Principal& principal, const StatementName& name,
                                           const ledger::Readable& store);

// By whose money it is. Of a statement, and of its lines, a narrowed auditor is told what is of the
// money of unions that it sees, and nothing where there is none; everybody else all of it.
struct StatementParts {
  std::map<UnionNumber, merchant::OriginPart> by_origin{};
  bool whole = true;  // There are no others.
};
// Requires and fails: as merchant::PartsOf.
absl::StatusOr<StatementParts> ToldParts(const merchant::StatementKey& key,
                                         const merchant::StatementRow& row,
                                         const ledger::Readable& store, SeenMoney* money);
// Refuses: kNotFound when there is nothing to tell, in the words of SeeStatement.
absl::Status CheckIsTold(const SeenStatement& statement, const ledger::Readable& store,
                         SeenMoney* money);
// Takes out of a line the shares that are not told. False: there are no others.
absl::StatusOr<bool> KeepTold(merchant::StatementLine* line, SeenMoney* money);

// Finance decides about a statement when its scope takes in every union whose money is in it.
// Refuses: kNotFound.
absl::Status AllowDeciding(const Principal& principal, const SeenStatement& statement,
                           const ledger::Readable& store, const UnionTree& tree);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_SETTLEMENT_SETTLEMENT_SCOPE_H_
