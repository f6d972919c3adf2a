// SPDX-License-Identifier: Apache-2.0
#include "services/wallet/explain_spend.h"

#include "issuing/app/queries.h"
#include "ledger/base/status_macros.h"
#include "ledger/core/refusal.h"
#include "ledger/core/spending_order.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/limits.h"
#include "merchant/app/queries.h"
#include "merchant/app/spending.h"
#include "services/ledger/basket.h"
#include "services/ledger/names.h"
#include "services/ledger/wallet_terms.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/timestamp.h"
#include "services/wallet/explain_texts.h"

#include "absl/time/civil_time.h"
#include "absl/types/variant.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

using ledger::Refusal;

// The store; without region and zone when none is named.
absl::StatusOr<merchant::StoreRow> StoreOf(const SpendQuestion& question, MerchantNumber merchant,
                                           const ledger::Readable& store) {
  if (!question.store.has_value()) return merchant::StoreRow();
  PUHUI_ASSIGN_OR_RETURN(const auto row,
                         ledger::Find(store, merchant::kStoreTable,
                                      merchant::PlaceKey{merchant, question.store->text()}));
  if (!row.has_value()) return NotFound("store");
  return *row;
}

// The last one of the member.
struct LastCard {
  ledger::Tag hash{};
  ledger::CardState state{};
};
absl::StatusOr<LastCard> LastCardOf(MemberId member, const ledger::Readable& store) {
  PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindMember(store, member));
  if (!found.has_value()) return absl::DataLossError("a member with a wallet is missing");
  return LastCard{
      .hash = found->row.card_hash,
      .state = found->card_blocked ? ledger::CardState::kBlocked : ledger::CardState::kActive};
}

// The one thing that is asked, with all that answers it.
struct Spending {
  const ledger::Wallet& wallet;
  ledger::Line place{};  // And the time.
  std::vector<ledger::SpentToday> spent{};
  std::vector<ledger::BasketLine> lines{};
  merchant::Parties parties{};
  std::vector<merchant::LimitsMet> limits{};
  merchant::Payment payment{};  // Nothing when it would be declined.
};

// By what nothing may be paid of a line; nothing when something may.
absl::optional<ledger::WhyNot> WhyNotFor(const Spending& spending, const ledger::Lot& lot,
                                         const ledger::BasketLine& goods,
                                         ledger::TermsReader& terms) {
  ledger::Line line = spending.place;
  line.category = goods.category;
  line.region = goods.region;
  line.spent_today = ledger::SpentUnder(lot.campaign, spending.spent);
  return ledger::Judge(terms.TermsOf(lot.campaign), lot, line).why_not;
}

void ExplainLines(const Spending& spending, const ledger::Lot& lot, ledger::TermsReader& terms,
                  v1::ExplainedLot* message) {
  bool may_pay = false;
  for (std::size_t i = 0; i < spending.lines.size(); ++i) {
    v1::ExplainedLine& line = *message->add_lines();
    const auto why_not = WhyNotFor(spending, lot, spending.lines[i], terms);
    if (why_not.has_value()) line.set_why_not(std::string(ledger::WhyNotName(*why_not)));
    may_pay = may_pay || !why_not.has_value();
    if (spending.payment.lines.empty()) continue;
    for (const ledger::LinePart& part : spending.payment.lines[i].parts) {
      if (part.lot == lot.number) line.set_points(line.points() + part.points);
    }
  }
  // Why it pays nothing of the first line, when it may pay none.
  if (may_pay || spending.lines.empty()) return;
  const auto why_not = WhyNotFor(spending, lot, spending.lines.front(), terms);
  message->set_why_not(std::string(ledger::WhyNotName(*why_not)));
  *message->mutable_explanation() = ExplainWhyNot(*why_not);
}

absl::StatusOr<v1::ExplainedLot> ExplainLot(const Spending& spending,
                                            const ledger::JudgedLot& judged,
                                            ledger::TermsReader& terms, Names& names) {
  const ledger::Lot& lot = *judged.lot;
  v1::ExplainedLot message;
  PUHUI_ASSIGN_OR_RETURN(*message.mutable_campaign(), names.OfCampaign(lot.campaign));
  PUHUI_ASSIGN_OR_RETURN(*message.mutable_origin(), names.OfUnion(lot.origin));
  message.set_points_max(judged.verdict.points);
  if (judged.verdict.why_not.has_value()) {
    message.set_why_not(std::string(ledger::WhyNotName(*judged.verdict.why_not)));
    *message.mutable_explanation() = ExplainWhyNot(*judged.verdict.why_not);
  }
  ExplainLines(spending, lot, terms, &message);
  for (const ledger::LotSlice& slice : spending.payment.slices) {
    if (slice.lot == lot.number) message.set_points(slice.points);
  }
  *message.mutable_expire_time() = ToTimestamp(lot.expiry);
  message.set_earmarked(ledger::IsEarmarked(lot.number));
  return message;
}

// What is available at the place, or of a basket for that.
std::vector<ledger::JudgedLot> JudgeAll(const Spending& spending, ledger::TermsReader& terms,
                                        std::int64_t* available) {
  const ledger::Asked asked{.line = spending.place, .spent = spending.spent};
  std::vector<ledger::JudgedLot> lots;
  *available = 0;
  if (spending.lines.empty()) {
    lots = ledger::JudgeLots(spending.wallet, asked, terms);
    for (const ledger::JudgedLot& lot : lots) *available += lot.verdict.points;
    return lots;
  }
  const ledger::BasketPayment most =
      ledger::PayBasket(spending.wallet, asked, spending.lines, terms);
  for (const auto& parts : most.parts) {
    for (const ledger::LinePart& part : parts) *available += part.points;
  }
  for (const ledger::Lot* lot : ledger::LotsInSpendingOrder(spending.wallet, terms)) {
    std::int64_t points = 0;
    for (const ledger::LotSlice& slice : most.slices) {
      if (slice.lot == lot->number) points = slice.points;
    }
    lots.push_back({lot, {.points = points}});
  }
  return lots;
}

// What pays, or why nothing does, once it is known who pays whom. Rules, limits among them, come
// before funds.
void Decide(const SpendQuestion& question, ledger::TermsReader& terms, Spending* spending,
            Answer* answer) {
  auto payment =
      merchant::ChoosePayment(spending->wallet,
                              {.amount = question.points,
                               .asked = {.line = spending->place, .spent = spending->spent},
                               .accept_partial = question.accept_partial},
                              spending->lines, spending->parties, terms);
  const Refusal* unpaid = absl::get_if<Refusal>(&payment);
  if (unpaid != nullptr && unpaid->reason != ledger::Reason::kInsufficientPoints) {
    answer->declined = unpaid->reason;
    return;
  }
  const Points points = unpaid != nullptr
                            ? question.points
                            : Points::FromStored(absl::get<merchant::Payment>(payment).Points());
  answer->limit = merchant::FindLimit(spending->limits, points, spending->place.now);
  if (answer->limit.has_value()) {
    answer->declined = merchant::ReasonOf(answer->limit->subject);
  } else if (unpaid != nullptr) {
    answer->declined = unpaid->reason;
  } else {
    spending->payment = absl::get<merchant::Payment>(std::move(payment));
    answer->approved = spending->payment.Points();
  }
}

}  // namespace

absl::StatusOr<SpendQuestion> ReadExplainSpend(const v1::ExplainSpendRequest& request) {
  SpendQuestion question;
  PUHUI_ASSIGN_OR_RETURN(question.member, ParseWalletName(request.name(), "name"));
  PUHUI_ASSIGN_OR_RETURN(question.merchant, ParseMerchantName(request.merchant(), "merchant"));
  if (!request.store().empty()) {
    PUHUI_ASSIGN_OR_RETURN(StoreName store, ParseStoreName(request.store(), "store"));
    if (store.merchant_id != question.merchant) {
      return InvalidField("store", "want a store of the merchant");
    }
    question.store = std::move(store.store_id);
  }
  PUHUI_ASSIGN_OR_RETURN(question.points, Points::FromRequest(request.points(), "points"));
  PUHUI_ASSIGN_OR_RETURN(question.lines, ReadBasket(request.lines(), question.points));
  question.accept_partial = request.accept_partial();
  if (request.has_time()) question.time = FromTimestamp(request.time());
  return question;
}

absl::StatusOr<v1::ExplainSpendResponse> ExplainSpend(const SpendQuestion& question,
                                                      const ledger::Readable& store,
                                                      absl::Time now) {
  if (question.time.value_or(now) < now) return InvalidField("time", "want now or later");
  PUHUI_ASSIGN_OR_RETURN(const auto seller,
                         merchant::FindMerchant(store, question.merchant.text()));
  if (!seller.has_value()) return NotFound("merchant");
  PUHUI_ASSIGN_OR_RETURN(const merchant::StoreRow place, StoreOf(question, seller->number, store));
  PUHUI_ASSIGN_OR_RETURN(const auto wallet,
                         ledger::Find(store, ledger::kWalletTable, question.member));
  if (!wallet.has_value()) return absl::DataLossError("a member's wallet is missing");
  LastCard card{.hash = {}, .state = ledger::CardState::kActive};
  if (!question.presented_by.has_value()) {
    PUHUI_ASSIGN_OR_RETURN(card, LastCardOf(question.member, store));
  }
  PUHUI_ASSIGN_OR_RETURN(WalletTerms terms, WalletTerms::Of(*wallet, store));
  Spending spending{.wallet = *wallet,
                    .place = merchant::LineAt({.merchant = seller->number,
                                               .category = seller->row.category,
                                               .region = place.region,
                                               .time_zone = place.time_zone},
                                              *wallet, question.time.value_or(now))};
  spending.spent = ledger::SpentOn(*wallet, spending.place.day);
  spending.lines = merchant::LinesAt(spending.place, question.lines);
  spending.parties = {.member = question.member,
                      .merchant = seller->number,
                      .fee_rate = seller->row.ChargeAt(spending.place.now).rate};
  merchant::PaidBy by{
      .terminal = question.presented_by, .merchant = seller->number, .member = question.member};
  if (!question.presented_by.has_value()) by.card = card.hash;
  PUHUI_ASSIGN_OR_RETURN(spending.limits, merchant::ReadLimitsOn(by, store));
  Answer answer{.asked = question.points.value()};
  const std::vector<ledger::JudgedLot> lots = JudgeAll(spending, terms, &answer.available);
  absl::optional<Refusal> refusal = merchant::RefuseMerchant(seller->row.state);
  if (!refusal.has_value()) refusal = merchant::RefuseSpender(wallet->state, card.state);
  if (!refusal.has_value()) {
    refusal = merchant::RefuseLines(question.lines, seller->row, place.region, spending.place.now);
  }
  if (refusal.has_value()) {
    answer.declined = refusal->reason;
  } else {
    Decide(question, terms, &spending, &answer);
  }

  v1::ExplainSpendResponse response;
  response.set_accepted(!answer.declined.has_value());
  if (answer.declined.has_value()) {
    response.set_reason(std::string(ledger::ReasonName(*answer.declined)));
  }
  response.set_day(absl::FormatCivilTime(spending.place.day));
  response.set_available_points(answer.available);
  response.set_approved_points(answer.approved);
  *response.mutable_explanation() = ExplainAnswer(answer);
  Names names(&store);
  for (const ledger::JudgedLot& judged : lots) {
    PUHUI_ASSIGN_OR_RETURN(*response.add_lots(), ExplainLot(spending, judged, terms, names));
  }
  return response;
}

}  // namespace puhui::services
