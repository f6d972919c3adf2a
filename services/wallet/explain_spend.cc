// SPDX-License-Identifier: Apache-2.0
#include "services/wallet/explain_spend.h"

#include "ledger/base/status_macros.h"
#include "ledger/core/refusal.h"
#include "ledger/core/spending_order.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/queries.h"
#include "merchant/app/spending.h"
#include "services/ledger/names.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/wallet/wallet_terms.h"

#include "absl/time/civil_time.h"
#include "absl/types/variant.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

using ledger::Refusal;

// The region of the store; 0 when none is named.
absl::StatusOr<std::uint32_t> RegionOf(const SpendQuestion& question, MerchantNumber merchant,
                                       const ledger::Readable& store) {
  if (!question.store.has_value()) return 0;
  PUHUI_ASSIGN_OR_RETURN(const auto row,
                         ledger::Find(store, merchant::kStoreTable,
                                      merchant::PlaceKey{merchant, question.store->text()}));
  if (!row.has_value()) return NotFound("store");
  return row->region;
}

absl::StatusOr<v1::ExplainedLot> ExplainedLotOf(const ledger::JudgedLot& judged, Names& names) {
  v1::ExplainedLot message;
  PUHUI_ASSIGN_OR_RETURN(*message.mutable_campaign(), names.OfCampaign(judged.lot->campaign));
  PUHUI_ASSIGN_OR_RETURN(*message.mutable_origin(), names.OfUnion(judged.lot->origin));
  message.set_points_max(judged.verdict.points);
  if (judged.verdict.why_not.has_value()) {
    message.set_why_not(std::string(ledger::WhyNotName(*judged.verdict.why_not)));
  }
  *message.mutable_expire_time() = ToTimestamp(judged.lot->expiry);
  message.set_earmarked(ledger::IsEarmarked(judged.lot->number));
  return message;
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
  return question;
}

absl::StatusOr<v1::ExplainSpendResponse> ExplainSpend(const SpendQuestion& question,
                                                      const ledger::Readable& store,
                                                      absl::Time now) {
  PUHUI_ASSIGN_OR_RETURN(const auto seller,
                         merchant::FindMerchant(store, question.merchant.text()));
  if (!seller.has_value()) return NotFound("merchant");
  PUHUI_ASSIGN_OR_RETURN(const std::uint32_t region, RegionOf(question, seller->number, store));
  PUHUI_ASSIGN_OR_RETURN(const auto wallet,
                         ledger::Find(store, ledger::kWalletTable, question.member));
  if (!wallet.has_value()) return absl::DataLossError("a member's wallet is missing");
  PUHUI_ASSIGN_OR_RETURN(WalletTerms terms, WalletTerms::Of(*wallet, store));

  const ledger::Line line = merchant::LineAt(
      {.merchant = seller->number, .category = seller->row.category, .region = region}, now);
  const std::vector<ledger::SpentToday> spent = ledger::SpentOn(*wallet, line.day);
  const ledger::Spend spend{.amount = question.points, .asked = {.line = line, .spent = spent}};
  const auto payment = merchant::ChoosePayment(
      *wallet, spend,
      {.member = question.member, .merchant = seller->number, .fee_rate = seller->row.fee_rate},
      terms);
  absl::optional<Refusal> refusal = merchant::RefuseMerchant(seller->row.state);
  if (!refusal.has_value()) {
    refusal = merchant::RefuseSpender(wallet->state, ledger::CardState::kActive);
  }
  const Refusal* unpaid = absl::get_if<Refusal>(&payment);
  if (!refusal.has_value() && unpaid != nullptr) refusal = *unpaid;

  v1::ExplainSpendResponse response;
  response.set_accepted(!refusal.has_value());
  if (refusal.has_value()) response.set_reason(std::string(ledger::ReasonName(refusal->reason)));
  response.set_day(absl::FormatCivilTime(line.day));
  std::map<LotNumber, std::int64_t> paid;
  if (response.accepted()) {
    for (const ledger::LotSlice& slice : absl::get<merchant::Payment>(payment).slices) {
      paid[slice.lot] = slice.points;
    }
  }
  Names names(&store);
  std::int64_t available = 0;
  for (const ledger::JudgedLot& judged : ledger::JudgeLots(*wallet, spend.asked, terms)) {
    PUHUI_ASSIGN_OR_RETURN(v1::ExplainedLot lot, ExplainedLotOf(judged, names));
    if (const auto at = paid.find(judged.lot->number); at != paid.end()) lot.set_points(at->second);
    available += judged.verdict.points;
    *response.add_lots() = std::move(lot);
  }
  response.set_available_points(available);
  return response;
}

}  // namespace puhui::services
