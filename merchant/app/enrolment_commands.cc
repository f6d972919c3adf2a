// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/enrolment_commands.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"

#include <cstdlib>

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using ledger::Reason;
using ledger::Refusal;

Refusal NotActive() {
  return {.reason = Reason::kMerchantNotActive, .message = "the merchant is not active"};
}

}  // namespace

absl::optional<Refusal> CreateEnrolmentCodeCommand::Decide(const ledger::DecideContext& context,
                                                           ledger::Decision& decision) {
  const MerchantNumber* merchant = tables_.merchant_ids.Find(wish_.merchant.text());
  if (merchant == nullptr || tables_.stores.Find({*merchant, wish_.store.text()}) == nullptr) {
    return Refusal{
        .reason = Reason::kNotFound, .field = "store", .message = "there is no such store"};
  }
  if (tables_.terminal_ids.Find({*merchant, wish_.id.text()}) != nullptr) {
    return Refusal{.reason = Reason::kAlreadyExists,
                   .field = "terminal_id",
                   .message = "a terminal of this merchant has this id"};
  }
  const MerchantRow* row = tables_.merchants.Find(*merchant);
  PUHUI_CHECK(row != nullptr);
  if (row->state != MerchantState::kActive) return NotActive();
  jv1::EnrolmentCodeMade& made = *decision.Add().mutable_enrolment_code_made();
  made.set_merchant(static_cast<std::uint32_t>(*merchant));
  made.set_store(wish_.store.text());
  made.set_id(wish_.id.text());
  made.set_code_hash(std::string(ledger::TagBytes(wish_.code)));
  made.set_expire_micros(absl::ToUnixMicros(context.now + wish_.lifetime));
  made.set_person(wish_.person);
  return absl::nullopt;
}

jv1::EnrolmentCodeFault EnrollWithCodeCommand::FaultOf(const EnrolmentCodeRow* row,
                                                       absl::Time now) const {
  if (row == nullptr) return jv1::ENROLMENT_CODE_FAULT_NONE_MADE;
  switch (row->state) {
    case EnrolmentCodeState::kUsed:
      return jv1::ENROLMENT_CODE_FAULT_USED;
    case EnrolmentCodeState::kVoid:
      return jv1::ENROLMENT_CODE_FAULT_VOID;
    case EnrolmentCodeState::kOpen:
      if (!row->GoodAt(now)) return jv1::ENROLMENT_CODE_FAULT_EXPIRED;
      return row->code == code_ && row->store == wish_.store.text()
                 ? jv1::ENROLMENT_CODE_FAULT_UNSPECIFIED
                 : jv1::ENROLMENT_CODE_FAULT_WRONG;
  }
  std::abort();
}

absl::optional<Refusal> EnrollWithCodeCommand::Decide(const ledger::DecideContext& context,
                                                      ledger::Decision& decision) {
  const MerchantNumber* merchant = tables_.merchant_ids.Find(wish_.merchant.text());
  const EnrolmentCodeRow* code =
      merchant == nullptr ? nullptr : tables_.enrolment_codes.Find({*merchant, wish_.id.text()});
  const jv1::EnrolmentCodeFault fault = FaultOf(code, context.now);
  if (fault != jv1::ENROLMENT_CODE_FAULT_UNSPECIFIED) {
    jv1::EnrolmentCodeRefused& refused = *decision.Add().mutable_enrolment_code_refused();
    if (merchant != nullptr) refused.set_merchant(static_cast<std::uint32_t>(*merchant));
    refused.set_id(wish_.id.text());
    refused.set_fault(fault);
    if (code == nullptr) return absl::nullopt;
    const bool wrong = fault == jv1::ENROLMENT_CODE_FAULT_WRONG;
    refused.set_wrong(code->wrong + (wrong ? 1 : 0));
    refused.set_voided(wrong && refused.wrong() >= kWrongEnrolmentCodesMax);
    return absl::nullopt;
  }
  const MerchantRow* row = tables_.merchants.Find(*merchant);
  PUHUI_CHECK(row != nullptr);
  if (row->state != MerchantState::kActive) return NotActive();
  AddTerminal(tables_, *merchant, wish_, decision).set_with_code(true);
  return absl::nullopt;
}

}  // namespace puhui::merchant
