// SPDX-License-Identifier: Apache-2.0
#include "services/audit/history_parts.h"

#include "ledger/base/status_macros.h"
#include "ledger/engine/record_day.h"
#include "puhui/v1/claw_back.pb.h"
#include "puhui/v1/limit.pb.h"
#include "puhui/v1/payout_service.pb.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"

#include <algorithm>
#include <map>
#include <vector>

namespace puhui::services {
namespace {

namespace jv1 = journal::v1;

std::string RunName(std::uint32_t run) { return absl::StrCat("payoutRuns/", run); }

std::string PaymentPart(std::uint32_t payment) { return absl::StrCat("payments.", payment, "."); }

// What a part is called by, as in the last piece of its resource name.
absl::StatusOr<std::string> PartText(const jv1::Record& record, Names& names) {
  if (record.has_device_enrolled()) {
    return absl::StrFormat("%08d", record.device_enrolled().number());
  }
  if (record.has_device_revoked()) return absl::StrFormat("%08d", record.device_revoked().number());
  if (record.has_mall_linked() || record.has_mall_unlinked()) {
    const std::uint32_t merchant = record.has_mall_linked() ? record.mall_linked().till().merchant()
                                                            : record.mall_unlinked().merchant();
    PUHUI_ASSIGN_OR_RETURN(const std::string name, names.OfMerchant(MerchantNumber{merchant}));
    return std::string(absl::StripPrefix(name, "merchants/"));
  }
  if (record.has_bank_account_proposed()) {
    return absl::StrCat(record.bank_account_proposed().number());
  }
  if (record.has_bank_account_decided()) {
    return absl::StrCat(record.bank_account_decided().number());
  }
  if (record.has_resolution_proposed()) return absl::StrCat(record.resolution_proposed().line());
  if (record.has_dispute_dismissed()) return absl::StrCat(record.dispute_dismissed().line());
  if (record.entry().has_adjustment()) return absl::StrCat(record.entry().adjustment().line());
  if (record.has_payment_correction_proposed()) {
    return absl::StrCat(record.payment_correction_proposed().payment());
  }
  return absl::StrCat(record.payment_correction_decided().payment());
}

}  // namespace

absl::StatusOr<std::string> HistoryPrefixOf(const HistoryKind& kind, const jv1::Record& record,
                                            Names& names) {
  if (!absl::StrContains(kind.part, '#')) return std::string(kind.part);
  PUHUI_ASSIGN_OR_RETURN(const std::string part, PartText(record, names));
  return absl::StrReplaceAll(kind.part, {{"#", part}});
}

absl::Status OwnFields::Add(const jv1::Record& record) {
  if (record.has_limits_changed()) SetLimits(record.limits_changed());
  // It is paused for that no more.
  if (record.has_issue_resumed() || record.has_campaign_cancelled()) {
    fields_.EraseBelow("stopped_by.");
  }
  if (record.has_offer_created()) fields_["version"] = "1";
  if (record.has_voucher_codes_added()) {
    // Of each the first 16 bytes of a hash.
    constexpr std::size_t kCodeBytes = 16;
    std::size_t codes = 0;
    static_cast<void>(absl::SimpleAtoi(fields_["codes"], &codes));
    codes += record.voucher_codes_added().code_hashes().size() / kCodeBytes;
    fields_["codes"] = absl::StrCat(codes);
  }
  if (thing_.collection == "orders") return AddOrder(record);
  if (thing_.collection == "statements") return AddStatement(record);
  if (thing_.collection == "payoutRuns") return AddRun(record);
  AddClawBack(record);
  return AddDecision(record);
}

// They are replaced as a whole.
void OwnFields::SetLimits(const jv1::LimitsChanged& changed) {
  fields_.EraseBelow("limits.");
  for (const jv1::Limit& limit : changed.after()) {
    const std::string window = absl::StrCat(
        "limits.", EnumValueText(*v1::LimitWindow_descriptor(), static_cast<int>(limit.window())),
        ".");
    if (limit.has_count_max()) fields_[window + "count_max"] = absl::StrCat(limit.count_max());
    if (limit.has_points_max()) fields_[window + "points_max"] = absl::StrCat(limit.points_max());
  }
}

absl::Status OwnFields::AddDecision(const jv1::Record& record) {
  if (record.has_merchant_decided()) {
    fields_["state"] = record.merchant_decided().accepted() ? "ACTIVE" : "REJECTED";
  }
  if (record.has_bank_account_decided()) {
    const jv1::BankAccountDecided& decided = record.bank_account_decided();
    fields_[absl::StrCat("bank_accounts.", decided.number(), ".state")] =
        decided.confirmed() ? "CONFIRMED" : "REJECTED";
  }
  if (!record.has_application_decided()) return absl::OkStatus();
  const jv1::ApplicationDecided& decided = record.application_decided();
  fields_["state"] = decided.accepted() ? "ACCEPTED" : "REJECTED";
  if (decided.member().empty()) return absl::OkStatus();
  PUHUI_ASSIGN_OR_RETURN(fields_["member"], MemberText(decided.member()));
  return absl::OkStatus();
}

void OwnFields::AddClawBack(const jv1::Record& record) {
  if (record.has_claw_back_proposed()) {
    fields_["state"] = record.claw_back_proposed().needs_confirmation() ? "PROPOSED" : "RUNNING";
  }
  if (record.has_claw_back_decided()) {
    fields_["state"] = record.claw_back_decided().confirmed() ? "RUNNING" : "REJECTED";
  }
  if (!record.has_claw_back_advanced()) return;
  const jv1::ClawBackAdvanced& advanced = record.claw_back_advanced();
  if (advanced.finished()) fields_["state"] = "DONE";
  std::map<std::string, std::uint64_t> counts;
  for (const char verdict : advanced.verdicts()) {
    ++counts[absl::StrCat(
        "rows_", absl::AsciiStrToLower(EnumValueText(*v1::ClawBackOutcome_descriptor(), verdict)))];
  }
  for (const auto& [name, count] : counts) {
    std::uint64_t before = 0;
    static_cast<void>(absl::SimpleAtoi(fields_[name], &before));
    fields_[name] = absl::StrCat(before + count);
  }
}

absl::Status OwnFields::AddOrder(const jv1::Record& record) {
  const jv1::Entry& entry = record.entry();
  const bool at_once = entry.purchase().has_order_placed();
  if (at_once || entry.authorization().has_order_placed()) {
    const jv1::OrderPlaced& placed =
        at_once ? entry.purchase().order_placed() : entry.authorization().order_placed();
    // A code from elsewhere is the member's at once: nobody has to hand anything out.
    if (at_once && placed.first_code() != 0) fields_["state"] = "FULFILLED";
    if (!placed.has_voucher()) return absl::OkStatus();
    if (!placed.voucher().digits_hash().empty()) fields_["voucher.state"] = "ACTIVE";
    return SetHolder(entry.member());
  }
  if (record.has_voucher_transferred()) return SetHolder(record.voucher_transferred().to());
  if (fields_.At("voucher.holder").empty()) return absl::OkStatus();
  if (entry.has_capture()) fields_["voucher.state"] = "ACTIVE";
  if (record.has_voucher_redeemed()) fields_["voucher.state"] = "REDEEMED";
  const std::string state = fields_.At("state");
  const bool nothing_to_have =
      state == "LAPSED" || state == "DECLINED" || state == "CANCELLED" || state == "RETURNED";
  if (nothing_to_have && fields_.At("voucher.state") != "REDEEMED") {
    fields_["voucher.state"] = "VOID";
  }
  return absl::OkStatus();
}

absl::Status OwnFields::SetHolder(absl::string_view member) {
  PUHUI_ASSIGN_OR_RETURN(fields_["voucher.holder"], MemberText(member));
  return absl::OkStatus();
}

absl::Status OwnFields::AddStatement(const jv1::Record& record) {
  for (const jv1::DisputedLine& line : record.lines_disputed().lines()) {
    const std::string part = absl::StrCat("disputes.", line.line(), ".");
    fields_[part + "reason"] = line.reason();
    fields_[part + "state"] = "OPEN";
  }
  if (record.has_dispute_dismissed() || record.entry().has_adjustment()) {
    const HistoryFields::Values& values = fields_.values();
    const bool open = std::any_of(values.begin(), values.end(), [](const auto& one) {
      return absl::StartsWith(one.first, "disputes.") && absl::EndsWith(one.first, ".state") &&
             (one.second == "OPEN" || one.second == "PROPOSED");
    });
    if (!open) fields_["state"] = "CUT";
  }
  const auto set_payout = [this](std::uint32_t run, std::uint32_t payment) {
    fields_["payout"] = absl::StrCat(RunName(run), "/payments/", payment);
  };
  if (record.entry().has_payout_paid()) {
    set_payout(record.entry().payout_paid().run(), record.entry().payout_paid().payment());
  }
  const jv1::PayoutRunCreated& created = record.payout_run_created();
  std::uint32_t number = 0;
  for (const jv1::RunPayment& payment : created.payments()) {
    ++number;
    if (payment.merchant() != thing_.merchant || payment.day() != thing_.day) continue;
    set_payout(created.run(), number);
    // There is nothing to wait for.
    if (payment.points() <= 0) fields_["state"] = "PAID";
  }
  return absl::OkStatus();
}

absl::Status OwnFields::AddRun(const jv1::Record& record) {
  if (record.has_payout_run_created()) return AddPayments(record.payout_run_created());
  for (const jv1::PaymentAnswer& answer : record.bank_answered().answers()) {
    const std::string part = PaymentPart(answer.payment());
    fields_[part + "state"] =
        EnumValueText(*v1::PayoutPaymentState_descriptor(), static_cast<int>(answer.state()));
    fields_[part + "bank_status"] = answer.status();
    fields_[part + "bank_reason"] = answer.reason();
  }
  if (record.has_payout_run_cancelled()) {
    for (const auto& [name, value] : fields_.values()) {
      const bool is_state = absl::StartsWith(name, "payments.") && absl::EndsWith(name, ".state");
      if (is_state && value == "OPEN") fields_[name] = "CANCELLED";
    }
  }
  // It is another correction than the one before.
  if (record.has_payment_correction_proposed()) {
    fields_.Erase(PaymentPart(record.payment_correction_proposed().payment()) +
                  "correction.rejection");
  }
  if (record.has_payment_correction_decided()) AddCorrection(record.payment_correction_decided());
  CountPayments(!record.bank_answered().answers().empty());
  return absl::OkStatus();
}

absl::Status OwnFields::AddPayments(const jv1::PayoutRunCreated& created) {
  std::uint32_t number = 0;
  std::int64_t points = 0;
  for (const jv1::RunPayment& payment : created.payments()) {
    const std::string part = PaymentPart(++number);
    PUHUI_ASSIGN_OR_RETURN(const std::string merchant,
                           names_.OfMerchant(MerchantNumber{payment.merchant()}));
    fields_[part + "statement"] = absl::StrCat(
        merchant, "/statements/", absl::FormatCivilTime(ledger::DayFromRecord(payment.day())));
    fields_[part + "state"] = payment.points() > 0 ? "OPEN" : "NOTHING_DUE";
    points += payment.points();
  }
  fields_["points"] = absl::StrCat(points);
  CountPayments(/*may_finish=*/true);
  return absl::OkStatus();
}

void OwnFields::AddCorrection(const jv1::PaymentCorrectionDecided& decided) {
  const std::string part = PaymentPart(decided.payment());
  fields_[part + "correction.state"] = decided.confirmed() ? "CONFIRMED" : "REJECTED";
  if (decided.confirmed()) fields_[part + "state"] = fields_.At(part + "correction.becomes");
}

// How many payments stand where; a run is finished when none is open.
void OwnFields::CountPayments(bool may_finish) {
  std::map<std::string, std::size_t> counts = {{"open_payments", 0},
                                               {"paid_payments", 0},
                                               {"rejected_payments", 0},
                                               {"returned_payments", 0}};
  for (const auto& [name, value] : fields_.values()) {
    const bool is_state = absl::StartsWith(name, "payments.") && absl::EndsWith(name, ".state") &&
                          !absl::EndsWith(name, ".correction.state");
    if (is_state) ++counts[absl::StrCat(absl::AsciiStrToLower(value), "_payments")];
  }
  for (const auto& [name, count] : counts) fields_[name] = absl::StrCat(count);
  if (may_finish && counts["open_payments"] == 0) fields_["state"] = "FINISHED";
}

absl::StatusOr<std::string> OwnFields::MemberText(absl::string_view member) const {
  if (member.size() != MemberId::kBytes)
    return absl::DataLossError("a member without its 16 bytes");
  const MemberId id = MemberId::FromBytes(member);
  if (tells_ != nullptr) {
    PUHUI_ASSIGN_OR_RETURN(const bool told, tells_(id));
    if (!told) return std::string(kMemberElsewhere);
  }
  return FormatMemberName(id);
}

}  // namespace puhui::services
