// SPDX-License-Identifier: Apache-2.0
// Which thing a history is asked of, and what of it the caller may be told.
#ifndef PUHUI_SERVICES_AUDIT_HISTORY_FINDER_H_
#define PUHUI_SERVICES_AUDIT_HISTORY_FINDER_H_

#include "audit/core/filter.h"
#include "ledger/base/id.h"
#include "ledger/storage/store.h"
#include "merchant/app/statement_rows.h"
#include "puhui/journal/v1/record.pb.h"
#include "services/audit/account_owner.h"
#include "services/audit/history_kinds.h"
#include "services/audit/history_parts.h"
#include "services/auth/policy.h"
#include "services/ledger/names.h"
#include "services/ledger/seen_money.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace puhui::services {

// The thing whose history is asked for.
struct HistoryOf {
  HistoryThing thing{};
  audit::Filter filter{};  // Of records that may have changed it, other than that of `begins`.
  Sequence begins = 0;     // The record that it began with, when no filter finds it too; else 0.
  // Whether a record changed it, and not another that is named with it; not set: each did.
  std::function<bool(const journal::v1::Record&)> changed{};
  std::string only{};  // It is a part: the fields that begin so.
  // Whether the caller is told of a field; not set: of each.
  std::function<absl::StatusOr<bool>(absl::string_view field)> tells{};
  bool hides_origins = false;  // Not of resolutions that are about others' money.
  bool of_many = false;        // It is not one union's: others' people take part in it.
};

// Finds what is asked for, if it is the caller's to see. Threads: none; make one per call. Borrows:
// everything, and what it found borrows it.
class HistoryFinder {
 public:
  HistoryFinder(const Principal* principal, const ledger::Readable* store, const UnionTree* tree);

  // Refuses: kInvalidField, at "name"; kNotFound, whatever it is that is not there.
  absl::StatusOr<HistoryOf> Find(const std::string& name);
  // Takes out of a record of the thing what is of others' money. Fails: kDataLoss.
  absl::Status Hide(const HistoryOf& of, journal::v1::Record* record);
  absl::StatusOr<bool> TellsMember(const MemberId& member) const;
  // Whether the caller may know that `caller` did something with what is not one union's.
  bool TellsWho(const std::string& caller);

 private:
  struct Shape;
  static const Shape kShapes[];

  using Parts = std::vector<std::string>;
  absl::Status FillUnion(const std::string& name, const Parts& parts, HistoryOf* of);
  absl::Status FillFunding(const std::string& name, const Parts& parts, HistoryOf* of);
  absl::Status FillApplication(const std::string& name, const Parts& parts, HistoryOf* of);
  absl::Status FillMember(const std::string& name, const Parts& parts, HistoryOf* of);
  absl::Status FillDevice(const std::string& name, const Parts& parts, HistoryOf* of);
  absl::Status FillMallLink(const std::string& name, const Parts& parts, HistoryOf* of);
  absl::Status FillCampaign(const std::string& name, const Parts& parts, HistoryOf* of);
  absl::Status FillClawBack(const std::string& name, const Parts& parts, HistoryOf* of);
  absl::Status FillRulePack(const std::string& name, const Parts& parts, HistoryOf* of);
  absl::Status FillRulePackVersion(const std::string& name, const Parts& parts, HistoryOf* of);
  absl::Status FillMandate(const std::string& name, const Parts& parts, HistoryOf* of);
  absl::Status FillPeriod(const std::string& name, const Parts& parts, HistoryOf* of);
  absl::Status FillMerchant(const std::string& name, const Parts& parts, HistoryOf* of);
  absl::Status FillBankAccount(const std::string& name, const Parts& parts, HistoryOf* of);
  absl::Status FillMall(const std::string& name, const Parts& parts, HistoryOf* of);
  absl::Status FillStore(const std::string& name, const Parts& parts, HistoryOf* of);
  absl::Status FillTerminal(const std::string& name, const Parts& parts, HistoryOf* of);
  absl::Status FillOffer(const std::string& name, const Parts& parts, HistoryOf* of);
  absl::Status FillNotice(const std::string& name, const Parts& parts, HistoryOf* of);
  absl::Status FillOrder(const std::string& name, const Parts& parts, HistoryOf* of);
  absl::Status FillVoucher(const std::string& name, const Parts& parts, HistoryOf* of);
  absl::Status FillStatement(const std::string& name, const Parts& parts, HistoryOf* of);
  absl::Status FillDispute(const std::string& name, const Parts& parts, HistoryOf* of);
  absl::Status FillRun(const std::string& name, const Parts& parts, HistoryOf* of);
  absl::Status FillPayment(const std::string& name, const Parts& parts, HistoryOf* of);

  void AddKinds(HistoryOf* of) const;
  absl::StatusOr<AccountOwner> OwnerOf(v1::AccountKind kind, const std::string& name) const;
  absl::StatusOr<MerchantNumber> MerchantOf(const MerchantId& id) const;
  absl::Status TellPartsOf(const merchant::StatementKey& key, const merchant::StatementRow& row,
                           HistoryOf* of);
  absl::StatusOr<bool> TellsLine(const merchant::StatementKey& key, const merchant::DayLines& lines,
                                 Sequence line);

  const Principal& principal_;
  const ledger::Readable& store_;
  const UnionTree& tree_;
  Names names_;
  SeenMoney money_;
  absl::flat_hash_map<Sequence, bool> told_lines_;  // Of the statement that is asked for.
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_HISTORY_FINDER_H_
