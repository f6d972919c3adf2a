// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/mandate_applier.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace puhui::issuing {

namespace jv1 = journal::v1;

absl::Status MandateApplier::Grant(const jv1::Record& record) {
  const jv1::MandateGranted& granted = record.mandate_granted();
  const absl::Time time = absl::FromUnixMicros(record.time_micros());
  const MandateRow* const before = tables_.mandates.Find(granted.auditor());
  const UnionNumber in_union{granted.union_number()};
  const bool there = in_union == UnionNumber{} || tables_.unions.Find(in_union) != nullptr;
  if (!there || (before != nullptr && before->InForceAt(time))) {
    return absl::DataLossError(absl::StrCat("mandate ", record.sequence(), " cannot follow"));
  }
  tables_.mandates.Put(
      granted.auditor(),
      MandateRow{.union_number = in_union,
                 .start = absl::FromUnixMicros(granted.start_micros()),
                 .end = absl::FromUnixMicros(granted.end_micros()),
                 .purposes = {granted.purposes().begin(), granted.purposes().end()},
                 .valid_until = absl::FromUnixMicros(granted.valid_until_micros()),
                 .grant_time = time,
                 .grantor = granted.person()});
  return absl::OkStatus();
}

absl::Status MandateApplier::Revoke(const jv1::Record& record) {
  const jv1::MandateRevoked& revoked = record.mandate_revoked();
  const absl::Time time = absl::FromUnixMicros(record.time_micros());
  const MandateRow* const before = tables_.mandates.Find(revoked.auditor());
  if (before == nullptr || !before->InForceAt(time)) {
    return absl::DataLossError(absl::StrCat("revocation ", record.sequence(), " cannot follow"));
  }
  MandateRow& row = tables_.mandates.Edit(revoked.auditor());
  row.revoke_time = time;
  row.revoker = revoked.person();
  return absl::OkStatus();
}

}  // namespace puhui::issuing
