// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/enrolment_applier.h"

#include "absl/strings/str_cat.h"

#include <tuple>

namespace puhui::merchant {

namespace jv1 = journal::v1;

absl::Status EnrolmentApplier::Apply(const jv1::Record& record) {
  if (record.has_enrolment_code_made()) return Make(record);
  if (record.has_enrolment_code_refused()) return CountWrong(record.enrolment_code_refused());
  if (record.has_terminal_enrolled()) return End(record.terminal_enrolled());
  return absl::OkStatus();
}

absl::Status EnrolmentApplier::Make(const jv1::Record& record) {
  const jv1::EnrolmentCodeMade& made = record.enrolment_code_made();
  if (made.code_hash().size() != std::tuple_size_v<ledger::Tag>) {
    return absl::DataLossError("an enrolment code was made without its hash");
  }
  tables_.enrolment_codes.Put(
      {MerchantNumber{made.merchant()}, made.id()},
      EnrolmentCodeRow{.store = made.store(),
                       .code = ledger::TagFromBytes(made.code_hash()),
                       .create_time = absl::FromUnixMicros(record.time_micros()),
                       .expiry = absl::FromUnixMicros(made.expire_micros())});
  return absl::OkStatus();
}

// Whether it was one too many is what the record says: the bound may be another by the time that
// the journal is folded again.
absl::Status EnrolmentApplier::CountWrong(const jv1::EnrolmentCodeRefused& refused) {
  if (refused.fault() != jv1::ENROLMENT_CODE_FAULT_WRONG) return absl::OkStatus();
  const PlaceKey key{MerchantNumber{refused.merchant()}, refused.id()};
  const EnrolmentCodeRow* known = tables_.enrolment_codes.Find(key);
  if (known == nullptr || known->state != EnrolmentCodeState::kOpen ||
      refused.wrong() != known->wrong + 1) {
    return absl::DataLossError("a wrong enrolment code is counted where none is awaited");
  }
  EnrolmentCodeRow& row = tables_.enrolment_codes.Edit(key);
  row.wrong = refused.wrong();
  if (refused.voided()) row.state = EnrolmentCodeState::kVoid;
  return absl::OkStatus();
}

absl::Status EnrolmentApplier::End(const jv1::TerminalEnrolled& enrolled) {
  const PlaceKey key{MerchantNumber{enrolled.merchant()}, enrolled.id()};
  const EnrolmentCodeRow* known = tables_.enrolment_codes.Find(key);
  const bool open = known != nullptr && known->state == EnrolmentCodeState::kOpen;
  if (!open && enrolled.with_code()) {
    return absl::DataLossError(absl::StrCat("terminal ", enrolled.number(),
                                            " was enrolled with a code that was not good"));
  }
  if (open) {
    tables_.enrolment_codes.Edit(key).state =
        enrolled.with_code() ? EnrolmentCodeState::kUsed : EnrolmentCodeState::kVoid;
  }
  return absl::OkStatus();
}

}  // namespace puhui::merchant
