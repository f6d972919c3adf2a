// SPDX-License-Identifier: Apache-2.0
// What belongs to merchants, and what is told of it to whom: the second half of HistoryFinder.
#include "ledger/base/status_macros.h"
#include "ledger/engine/record_day.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/bank_account_rows.h"
#include "merchant/app/mall_rows.h"
#include "merchant/app/offer_queries.h"
#include "merchant/app/order_queries.h"
#include "merchant/app/payout_rows.h"
#include "merchant/app/queries.h"
#include "merchant/app/statement_queries.h"
#include "puhui/v1/limit.pb.h"
#include "services/audit/history_finder.h"
#include "services/ledger/reference.h"
#include "services/ledger/union_tree.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"

#include <algorithm>
#include <utility>

namespace puhui::services {
namespace {

namespace jv1 = journal::v1;

absl::Status NotThere() { return NotFound("resource"); }

// One thing has one name, so a number with leading zeros is none. Refuses: kInvalidField.
template <class Number>
absl::StatusOr<Number> ReadPartNumber(absl::string_view text, absl::string_view format) {
  Number number = 0;
  if (absl::SimpleAtoi(text, &number) && number != 0 && absl::StrCat(number) == text) return number;
  return InvalidField("name", absl::StrCat("want ", format));
}

template <class Of>
bool IsOfDay(const Of& of, const HistoryThing& thing) {
  return of.merchant() == thing.merchant && of.day() == thing.day;
}

// Whether the record is about the statement of a merchant's day. What a record is not about says
// nothing, and no merchant has the number 0.
bool IsOfStatement(const jv1::Record& record, const HistoryThing& thing) {
  const jv1::DayCut& cut = record.day_cut();
  if (cut.merchant() == thing.merchant && cut.day().day() == thing.day) return true;
  const auto& payments = record.payout_run_created().payments();
  return IsOfDay(record.statement_agreed(), thing) || IsOfDay(record.lines_disputed(), thing) ||
         IsOfDay(record.resolution_proposed(), thing) ||
         IsOfDay(record.dispute_dismissed(), thing) ||
         IsOfDay(record.entry().adjustment(), thing) ||
         IsOfDay(record.entry().payout_paid(), thing) ||
         IsOfDay(record.entry().payout_returned(), thing) ||
         std::any_of(payments.begin(), payments.end(),
                     [&thing](const auto& payment) { return IsOfDay(payment, thing); });
}

bool IsOfRun(const jv1::Record& record, std::uint32_t run) {
  return record.payout_run_created().run() == run || record.payout_run_approved().run() == run ||
         record.payout_run_cancelled().run() == run || record.payout_run_exported().run() == run ||
         record.bank_answered().run() == run || record.payment_correction_proposed().run() == run ||
         record.payment_correction_decided().run() == run;
}

// An entry that goes on from an order's may be one of points alone.
bool IsOfOrder(const jv1::Record& record) {
  if (!record.has_entry()) return true;
  const jv1::Entry& entry = record.entry();
  return entry.authorization().has_order_placed() || entry.purchase().has_order_placed() ||
         entry.capture().has_order_accepted() || entry.voided().has_order_ended() ||
         entry.refund().has_order_returned() || entry.has_authorization_expiry();
}

}  // namespace

// Merchants are public, other than their accounts.
absl::StatusOr<MerchantNumber> HistoryFinder::MerchantOf(const MerchantId& id) const {
  PUHUI_RETURN_IF_ERROR(AllowMerchant(principal_, id));
  PUHUI_ASSIGN_OR_RETURN(const auto found, merchant::FindMerchant(store_, id.text()));
  if (!found.has_value()) return NotThere();
  return found->number;
}

absl::Status HistoryFinder::FillMerchant(const std::string& name, const Parts& /*parts*/,
                                         HistoryOf* of) {
  PUHUI_ASSIGN_OR_RETURN(const MerchantId id, ParseMerchantName(name, "name"));
  PUHUI_ASSIGN_OR_RETURN(of->filter.merchants.emplace_back(), MerchantOf(id));
  of->of_many = true;
  // Limits of its terminals are records of the merchant too.
  of->changed = [](const jv1::Record& record) {
    return !record.has_limits_changed() ||
           record.limits_changed().subject() == std::uint32_t{v1::LIMIT_SUBJECT_MERCHANT};
  };
  return absl::OkStatus();
}

absl::Status HistoryFinder::FillBankAccount(const std::string& /*name*/, const Parts& parts,
                                            HistoryOf* of) {
  constexpr absl::string_view kFormat = "merchants/{merchant}/bankAccounts/{account}";
  PUHUI_ASSIGN_OR_RETURN(const auto number, ReadPartNumber<std::uint32_t>(parts[3], kFormat));
  PUHUI_RETURN_IF_ERROR(FillMerchant(absl::StrCat("merchants/", parts[1]), parts, of));
  if (money_.narrowed()) return NotThere();
  PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(store_, merchant::kBankAccountTable,
                                                      {of->filter.merchants.front(), number}));
  if (!row.has_value()) return NotThere();
  of->only = absl::StrCat("bank_accounts.", number, ".");
  return absl::OkStatus();
}

absl::Status HistoryFinder::FillMall(const std::string& /*name*/, const Parts& parts,
                                     HistoryOf* of) {
  PUHUI_RETURN_IF_ERROR(FillMerchant(absl::StrCat("merchants/", parts[1]), parts, of));
  PUHUI_ASSIGN_OR_RETURN(const auto row,
                         ledger::Find(store_, merchant::kMallTable, of->filter.merchants.front()));
  if (!row.has_value()) return NotThere();
  of->only = "mall.";
  return absl::OkStatus();
}

absl::Status HistoryFinder::FillStore(const std::string& name, const Parts& /*parts*/,
                                      HistoryOf* of) {
  PUHUI_ASSIGN_OR_RETURN(const StoreName store, ParseStoreName(name, "name"));
  PUHUI_ASSIGN_OR_RETURN(const MerchantNumber merchant, MerchantOf(store.merchant_id));
  of->filter.stores.push_back({.merchant = merchant, .store = store.store_id.text()});
  of->of_many = true;
  return absl::OkStatus();
}

absl::Status HistoryFinder::FillTerminal(const std::string& name, const Parts& /*parts*/,
                                         HistoryOf* of) {
  PUHUI_ASSIGN_OR_RETURN(const TerminalName terminal, ParseTerminalName(name, "name"));
  PUHUI_RETURN_IF_ERROR(AllowTerminal(principal_, terminal.merchant_id, terminal.terminal_id));
  PUHUI_ASSIGN_OR_RETURN(
      const auto number,
      merchant::FindTerminal(store_, terminal.merchant_id.text(), terminal.terminal_id.text()));
  if (!number.has_value()) return NotThere();
  of->filter.terminals = {*number};
  of->of_many = true;
  return absl::OkStatus();
}

absl::Status HistoryFinder::FillOffer(const std::string& name, const Parts& /*parts*/,
                                      HistoryOf* of) {
  PUHUI_ASSIGN_OR_RETURN(const std::uint32_t number, ParseOfferName(name, "name"));
  PUHUI_ASSIGN_OR_RETURN(const auto offer,
                         merchant::FindOffer(store_, merchant::OfferNumber{number}));
  if (!offer.has_value()) return NotThere();
  of->filter.merchants = {offer->merchant};
  of->of_many = true;
  // Those of the merchant's other offers are found too.
  of->changed = [number](const jv1::Record& record) {
    return record.offer_created().offer() == number || record.offer_changed().offer() == number ||
           record.offer_moved().offer() == number || record.offer_restocked().offer() == number ||
           record.voucher_codes_added().offer() == number;
  };
  PUHUI_ASSIGN_OR_RETURN(const std::string merchant, names_.OfMerchant(offer->merchant));
  PUHUI_ASSIGN_OR_RETURN(const MerchantId id, ParseMerchantName(merchant, "name"));
  return AllowMerchant(principal_, id);
}

// Of a union whose members are told, or of the operator, to everybody.
absl::Status HistoryFinder::FillNotice(const std::string& name, const Parts& /*parts*/,
                                       HistoryOf* of) {
  PUHUI_ASSIGN_OR_RETURN(const std::uint32_t number, ParseNoticeName(name, "name"));
  PUHUI_ASSIGN_OR_RETURN(const auto notice,
                         merchant::FindNotice(store_, merchant::NoticeNumber{number}));
  if (!notice.has_value()) return NotThere();
  if (notice->union_number == UnionNumber{}) {
    PUHUI_RETURN_IF_ERROR(AllowWholeLedger(principal_));
  } else {
    PUHUI_ASSIGN_OR_RETURN(const std::string author, names_.OfUnion(notice->union_number));
    PUHUI_ASSIGN_OR_RETURN(const UnionId id, ParseUnionName(author, "name"));
    PUHUI_RETURN_IF_ERROR(AllowUnion(principal_, id, tree_));
    of->filter.unions = {notice->union_number};
  }
  of->changed = [number](const jv1::Record& record) {
    return record.notice_published().notice() == number ||
           record.notice_withdrawn().notice() == number;
  };
  return absl::OkStatus();
}

// An order is its member's, whoever has the voucher now.
absl::Status HistoryFinder::FillOrder(const std::string& /*name*/, const Parts& parts,
                                      HistoryOf* of) {
  PUHUI_ASSIGN_OR_RETURN(of->begins, ParseReference(parts[1], "name"));
  PUHUI_ASSIGN_OR_RETURN(const auto order, merchant::FindOrder(store_, of->begins));
  if (!order.has_value()) return NotThere();
  PUHUI_RETURN_IF_ERROR(AllowMemberById(principal_, order->member, store_, tree_));
  of->filter.about = {of->begins};
  of->changed = IsOfOrder;
  of->of_many = true;
  return absl::OkStatus();
}

absl::Status HistoryFinder::FillVoucher(const std::string& name, const Parts& parts,
                                        HistoryOf* of) {
  PUHUI_RETURN_IF_ERROR(FillOrder(name, parts, of));
  PUHUI_ASSIGN_OR_RETURN(const auto order, merchant::FindOrder(store_, of->begins));
  if (!order->voucher.has_value()) return NotThere();
  of->only = "voucher.";
  return absl::OkStatus();
}

absl::Status HistoryFinder::FillStatement(const std::string& /*name*/, const Parts& parts,
                                          HistoryOf* of) {
  constexpr absl::string_view kFormat = "merchants/{merchant}/statements/{day}";
  const auto id = ParseMerchantName(absl::StrCat("merchants/", parts[1]), "name");
  absl::CivilDay day;
  if (!id.ok() || !absl::ParseCivilTime(parts[3], &day) || absl::FormatCivilTime(day) != parts[3]) {
    return InvalidField("name", absl::StrCat("want ", kFormat));
  }
  PUHUI_ASSIGN_OR_RETURN(const MerchantNumber number, MerchantOf(*id));
  const merchant::StatementKey key{number, day};
  PUHUI_ASSIGN_OR_RETURN(const auto row, merchant::FindStatement(store_, key));
  if (!row.has_value()) return NotThere();
  of->thing.merchant = static_cast<std::uint32_t>(number);
  of->thing.day = ledger::DayForRecord(day);
  of->filter.merchants = {number};
  of->filter.first = std::max<Sequence>(row->lines.first, 1);
  of->changed = [thing = of->thing](const jv1::Record& record) {
    return IsOfStatement(record, thing);
  };
  of->of_many = true;
  return money_.narrowed() ? TellPartsOf(key, *row, of) : absl::OkStatus();
}

absl::Status HistoryFinder::FillDispute(const std::string& name, const Parts& parts,
                                        HistoryOf* of) {
  constexpr absl::string_view kFormat = "merchants/{merchant}/statements/{day}/disputes/{sequence}";
  PUHUI_ASSIGN_OR_RETURN(const auto line, ReadPartNumber<Sequence>(parts[5], kFormat));
  PUHUI_RETURN_IF_ERROR(FillStatement(name, parts, of));
  const merchant::DisputeKey key{of->filter.merchants.front(), ledger::DayFromRecord(of->thing.day),
                                 line};
  PUHUI_ASSIGN_OR_RETURN(const auto row, merchant::FindDispute(store_, key));
  if (!row.has_value()) return NotThere();
  of->only = absl::StrCat("disputes.", line, ".");
  if (of->tells == nullptr) return absl::OkStatus();
  PUHUI_ASSIGN_OR_RETURN(const bool told, of->tells(of->only));
  return told ? absl::OkStatus() : NotThere();
}

// Of a statement a narrowed auditor is told how it stands, and of the lines with money of unions
// that it sees how they are disputed; what the day came to only when all of that is of such unions.
// In which run it was paid it is not told.
absl::Status HistoryFinder::TellPartsOf(const merchant::StatementKey& key,
                                        const merchant::StatementRow& row, HistoryOf* of) {
  PUHUI_ASSIGN_OR_RETURN(const auto parts, merchant::PartsOf(store_, key, row));
  std::size_t seen = 0;
  for (const auto& [origin, part] : parts) {
    PUHUI_ASSIGN_OR_RETURN(const bool has, money_.Has(origin));
    if (has) ++seen;
  }
  if (seen == 0) return NotThere();
  of->hides_origins = true;
  const bool whole = seen == parts.size();
  of->tells = [this, key, lines = row.lines,
               whole](absl::string_view field) -> absl::StatusOr<bool> {
    if (field == "payout") return false;
    if (whole || field == "state" || field == "start" || field == "end" || field == "time_zone" ||
        field == "invoice_remark") {
      return true;
    }
    Sequence line = 0;
    if (!absl::ConsumePrefix(&field, "disputes.") ||
        !absl::SimpleAtoi(field.substr(0, field.find('.')), &line)) {
      return false;
    }
    return TellsLine(key, lines, line);
  };
  return absl::OkStatus();
}

// Each line is looked at once.
absl::StatusOr<bool> HistoryFinder::TellsLine(const merchant::StatementKey& key,
                                              const merchant::DayLines& lines, Sequence line) {
  const auto known = told_lines_.find(line);
  if (known != told_lines_.end()) return known->second;
  PUHUI_ASSIGN_OR_RETURN(const auto found,
                         merchant::ListLines(store_, key.merchant, lines, line - 1, 1));
  bool& told = told_lines_[line];
  if (found.empty() || found.front().sequence != line) return false;
  for (const merchant::LineShare& share : found.front().shares) {
    PUHUI_ASSIGN_OR_RETURN(const bool has, money_.Has(share.origin));
    told = told || has;
  }
  return told;
}

absl::Status HistoryFinder::Hide(const HistoryOf& of, jv1::Record* record) {
  if (!of.hides_origins || record->resolution_proposed().origin() == 0) return absl::OkStatus();
  jv1::ResolutionProposed& proposed = *record->mutable_resolution_proposed();
  PUHUI_ASSIGN_OR_RETURN(const bool told, money_.Has(UnionNumber{proposed.origin()}));
  if (told) return absl::OkStatus();
  proposed.clear_points();
  proposed.clear_origin();
  proposed.clear_reason();
  return absl::OkStatus();
}

// A run pays merchants of all unions: it is for those who see all of the ledger.
absl::Status HistoryFinder::FillRun(const std::string& /*name*/, const Parts& parts,
                                    HistoryOf* of) {
  PUHUI_ASSIGN_OR_RETURN(const auto run,
                         ReadPartNumber<std::uint32_t>(parts[1], "payoutRuns/{run}"));
  PUHUI_RETURN_IF_ERROR(AllowWholeLedger(principal_));
  PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(store_, merchant::kPayoutRunTable, run));
  if (!row.has_value()) return NotThere();
  of->filter.start = row->create_time;
  of->changed = [run](const jv1::Record& record) { return IsOfRun(record, run); };
  return absl::OkStatus();
}

absl::Status HistoryFinder::FillPayment(const std::string& name, const Parts& parts,
                                        HistoryOf* of) {
  constexpr absl::string_view kFormat = "payoutRuns/{run}/payments/{payment}";
  PUHUI_ASSIGN_OR_RETURN(const auto run, ReadPartNumber<std::uint32_t>(parts[1], kFormat));
  PUHUI_ASSIGN_OR_RETURN(const auto payment, ReadPartNumber<std::uint32_t>(parts[3], kFormat));
  PUHUI_RETURN_IF_ERROR(FillRun(name, parts, of));
  PUHUI_ASSIGN_OR_RETURN(const auto row,
                         ledger::Find(store_, merchant::kPaymentTable, {run, payment}));
  if (!row.has_value()) return NotThere();
  of->only = absl::StrCat("payments.", payment, ".");
  return absl::OkStatus();
}

}  // namespace puhui::services
