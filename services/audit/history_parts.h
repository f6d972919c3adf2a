// SPDX-License-Identifier: Apache-2.0
// What records say of parts of things, and what follows from them for how the thing stands, beyond
// what their fields say one by one.
#ifndef PUHUI_SERVICES_AUDIT_HISTORY_PARTS_H_
#define PUHUI_SERVICES_AUDIT_HISTORY_PARTS_H_

#include "ledger/base/id.h"
#include "puhui/journal/v1/record.pb.h"
#include "services/audit/history_fields.h"
#include "services/audit/history_kinds.h"
#include "services/ledger/names.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstdint>
#include <functional>
#include <string>

namespace puhui::services {

// The thing, where a record is about many.
struct HistoryThing {
  std::string collection{};    // For example "campaigns".
  std::uint32_t merchant = 0;  // Of a statement,
  std::int32_t day = 0;        // and its day, in days since 1970.
};

// Whether whoever asks may know which member it is.
using MemberIsTold = std::function<absl::StatusOr<bool>(const MemberId&)>;

// In place of a member that whoever asks may not know.
inline constexpr absl::string_view kMemberElsewhere = "members/-";

// What stands before the names of the fields that the record is about: the kind's part, with what
// the record calls it by. Fails: kDataLoss when the record names what does not exist.
absl::StatusOr<std::string> HistoryPrefixOf(const HistoryKind& kind,
                                            const journal::v1::Record& record, Names& names);

// Adds what records say to what is known of one thing. Threads: none. Borrows: everything.
class OwnFields {
 public:
  OwnFields(const HistoryThing* thing, Names* names, const MemberIsTold* tells,
            HistoryFields* fields)
      : thing_(*thing), names_(*names), tells_(*tells), fields_(*fields) {}

  // Fails: kDataLoss when the record names what does not exist.
  absl::Status Add(const journal::v1::Record& record);

 private:
  void SetLimits(const journal::v1::LimitsChanged& changed);
  absl::Status AddDecision(const journal::v1::Record& record);
  void AddClawBack(const journal::v1::Record& record);
  absl::Status AddOrder(const journal::v1::Record& record);
  absl::Status SetHolder(absl::string_view member);
  absl::Status AddStatement(const journal::v1::Record& record);
  absl::Status AddRun(const journal::v1::Record& record);
  absl::Status AddPayments(const journal::v1::PayoutRunCreated& created);
  void AddCorrection(const journal::v1::PaymentCorrectionDecided& decided);
  void CountPayments(bool may_finish);

  absl::StatusOr<std::string> MemberText(absl::string_view member) const;

  const HistoryThing& thing_;
  Names& names_;
  const MemberIsTold& tells_;
  HistoryFields& fields_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_HISTORY_PARTS_H_
