// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/statement_commands.h"

#include "ledger/base/check.h"
#include "ledger/engine/record_day.h"
#include "merchant/app/business_days.h"
#include "merchant/app/statement_records.h"

#include "absl/time/time.h"

#include <string>

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using ledger::Reason;
using ledger::Refusal;

Refusal NotOver(absl::Time end) {
  return {.reason = Reason::kBusinessDayNotOver,
          .field = "name",
          .message = "the merchant's business day has not ended",
          .metadata = {{"end_time", absl::FormatTime(end, absl::UTCTimeZone())}}};
}

}  // namespace

const DayLines* CutDayCommand::FindLines(const MerchantRow& merchant, BusinessDay* day) {
  const StatementRow* statement = state_.tables->statements.Find(key_);
  if (statement != nullptr) {
    *day = statement->day;
    return &statement->lines;
  }
  const OpenDayRow* open = state_.tables->open_days.Find(key_.merchant);
  if (open == nullptr || open->lines.first == 0) return nullptr;
  *day = DayOfLines(*open, merchant, state_.merchant_zone);
  return day->day == key_.day ? &open->lines : nullptr;
}

absl::optional<Refusal> CutDayCommand::Decide(const ledger::DecideContext& context,
                                              ledger::Decision& decision) {
  const MerchantRow* merchant = state_.tables->merchants.Find(key_.merchant);
  PUHUI_CHECK(merchant != nullptr);
  const StatementRow* statement = state_.tables->statements.Find(key_);
  if (statement != nullptr && statement->state != StatementState::kOpen) return absl::nullopt;
  BusinessDay day;
  const DayLines* lines = FindLines(*merchant, &day);
  if (lines == nullptr) {
    const absl::Time end = absl::FromCivil(key_.day + 1, ZoneOf(*merchant, state_.merchant_zone));
    if (context.now < end) return NotOver(end);
    return Refusal{
        .reason = Reason::kNotFound, .field = "name", .message = "nothing was sold on that day"};
  }
  if (!day.OverAt(context.now)) return NotOver(day.end);
  jv1::DayCut& cut = *decision.Add().mutable_day_cut();
  cut.set_merchant(static_cast<std::uint32_t>(key_.merchant));
  StoreDay(day, key_.merchant, *cut.mutable_day());
  StoreLines(*lines, cut);
  cut.set_person(person_);
  cut.set_invoice_remark(std::string(state_.invoice_remark));
  return absl::nullopt;
}

absl::optional<Refusal> AgreeStatementCommand::Decide(const ledger::DecideContext& /*context*/,
                                                      ledger::Decision& decision) {
  const StatementRow* statement = tables_.statements.Find(wish_.statement);
  if (statement == nullptr) {
    return Refusal{
        .reason = Reason::kNotFound, .field = "name", .message = "there is no such statement"};
  }
  if (statement->state == StatementState::kDisputed) {
    return Refusal{.reason = Reason::kStatementDisputed,
                   .message = "lines of the statement are disputed"};
  }
  if (statement->state != StatementState::kCut) {
    return Refusal{.reason = Reason::kStatementState,
                   .message = "the statement is not cut yet, or was agreed"};
  }
  if (statement->lines.digest != wish_.digest) {
    return Refusal{.reason = Reason::kStatementDigest,
                   .field = "digest",
                   .message = "the statement is another one than the digest is of"};
  }
  jv1::StatementAgreed& agreed = *decision.Add().mutable_statement_agreed();
  agreed.set_merchant(static_cast<std::uint32_t>(wish_.statement.merchant));
  agreed.set_day(ledger::DayForRecord(wish_.statement.day));
  agreed.set_digest(std::string(ledger::AsBytes(wish_.digest)));
  agreed.set_person(wish_.person);
  return absl::nullopt;
}

}  // namespace puhui::merchant
