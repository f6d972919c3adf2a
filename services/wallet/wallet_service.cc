// SPDX-License-Identifier: Apache-2.0
#include "services/wallet/wallet_service.h"

#include "ledger/base/status_macros.h"
#include "ledger/core/terms.h"
#include "ledger/core/wallet.h"
#include "ledger/engine/activity.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/spending.h"
#include "services/ledger/names.h"
#include "services/ledger/union_tree.h"
#include "services/ledger/wallet_terms.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/text_field.h"
#include "services/rpc/timestamp.h"
#include "services/wallet/explain_spend.h"
#include "services/wallet/wallet_wire.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <memory>
#include <string>
#include <tuple>
#include <utility>

namespace puhui::services {

WalletService::WalletService(const Parts& parts)
    : parts_(parts), bill_tokens_(parts.bill_key, parts.random), wire_(std::make_unique<Wire>()) {}

WalletService::~WalletService() = default;

namespace {

constexpr absl::Duration kSoon = absl::Hours(24 * 30);

absl::StatusOr<merchant::CodePurpose> ReadPurpose(v1::PaymentCodePurpose purpose) {
  if (purpose == v1::PAYMENT_CODE_PURPOSE_MALL_LINK) return merchant::CodePurpose::kMallLink;
  if (v1::PaymentCodePurpose_IsValid(purpose)) return merchant::CodePurpose::kTill;
  return InvalidField("purpose", "there is no such purpose");
}

const char* KindName(ledger::ActivityKind kind) {
  switch (kind) {
    case ledger::ActivityKind::kGrant:
      return "GRANT";
    case ledger::ActivityKind::kPurchase:
      return "PURCHASE";
    case ledger::ActivityKind::kRefund:
      return "REFUND";
    case ledger::ActivityKind::kReversal:
      return "REVERSAL";
    case ledger::ActivityKind::kExpiry:
      return "EXPIRY";
    case ledger::ActivityKind::kAuthorization:
      return "AUTHORIZATION";
    case ledger::ActivityKind::kCapture:
      return "CAPTURE";
    case ledger::ActivityKind::kVoid:
      return "VOID";
    case ledger::ActivityKind::kAuthorizationExpiry:
      return "AUTHORIZATION_EXPIRY";
    case ledger::ActivityKind::kReturn:
      return "RETURN";
    case ledger::ActivityKind::kClawBack:
      return "CLAW_BACK";
  }
  return "UNKNOWN";
}

absl::StatusOr<v1::Lot> LotOf(const ledger::Lot& lot, const ledger::Terms& terms, Names& names) {
  v1::Lot message;
  PUHUI_ASSIGN_OR_RETURN(*message.mutable_campaign(), names.OfCampaign(lot.campaign));
  PUHUI_ASSIGN_OR_RETURN(*message.mutable_origin(), names.OfUnion(lot.origin));
  message.set_granted_points(lot.granted);
  message.set_remaining_points(lot.remaining);
  message.set_held_points(lot.held);
  *message.mutable_expire_time() = ToTimestamp(lot.expiry);
  if (terms.start != absl::UnixEpoch()) *message.mutable_start_time() = ToTimestamp(terms.start);
  for (const std::uint32_t category : terms.categories) {
    message.add_merchant_categories(FormatCategory(category));
  }
  for (const std::uint32_t region : terms.regions) message.add_regions(FormatRegion(region));
  if (!ledger::IsEarmarked(lot.number)) return message;
  message.set_earmarked(true);
  for (const std::uint32_t category : terms.earmark.categories) {
    message.add_earmark_merchant_categories(FormatCategory(category));
  }
  for (const std::uint32_t region : terms.earmark.regions) {
    message.add_earmark_regions(FormatRegion(region));
  }
  return message;
}

// Soonest expiry first; of one grant first what its earmark binds.
bool SpentBefore(const ledger::Lot& a, const ledger::Lot& b) {
  const auto key = [](const ledger::Lot& lot) {
    return std::tuple(lot.expiry, ledger::GrantOf(lot.number), !ledger::IsEarmarked(lot.number));
  };
  return key(a) < key(b);
}

absl::StatusOr<std::string> CounterpartyName(const ledger::Activity& row, Names& names) {
  switch (row.kind) {
    case ledger::ActivityKind::kGrant:
    case ledger::ActivityKind::kExpiry:
    case ledger::ActivityKind::kReturn:
    case ledger::ActivityKind::kClawBack:
      return names.OfCampaign(CampaignNumber{row.counterparty});
    case ledger::ActivityKind::kPurchase:
    case ledger::ActivityKind::kRefund:
    case ledger::ActivityKind::kReversal:
    case ledger::ActivityKind::kAuthorization:
    case ledger::ActivityKind::kCapture:
    case ledger::ActivityKind::kVoid:
    case ledger::ActivityKind::kAuthorizationExpiry:
      return names.OfMerchant(MerchantNumber{row.counterparty});
  }
  return absl::DataLossError("a movement of an unknown kind");
}

}  // namespace

void WalletService::Serve(Calls& calls) {
  calls.Add(wire_.get());
  ServeGetWallet(calls);
  ServeListActivity(calls);
  ServeExplainSpend(calls);
  ServeCreatePaymentCode(calls);
  ServeGetBill(calls);
  ServePayBill(calls);
}

void WalletService::ServeGetWallet(Calls& calls) {
  calls.Unary(Rpc::kGetWallet, wire_.get(), &Wire::RequestGetWallet,
              [this](const CallContext& call, const v1::GetWalletRequest& asked) {
                return DoGetWallet(call, asked);
              });
}

void WalletService::ServeListActivity(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kListActivity, wire_.get(), &Wire::RequestListActivity,
                      [this](const CallContext& call, const v1::ListActivityRequest& asked) {
                        return DoListActivity(call, asked);
                      });
}

void WalletService::ServeExplainSpend(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kExplainSpend, wire_.get(), &Wire::RequestExplainSpend,
                      [this](const CallContext& call, const v1::ExplainSpendRequest& asked) {
                        return DoExplainSpend(call, asked);
                      });
}

void WalletService::ServeCreatePaymentCode(Calls& calls) {
  calls.Unary(Rpc::kCreatePaymentCode, wire_.get(), &Wire::RequestCreatePaymentCode,
              [this](const CallContext& call, const v1::CreatePaymentCodeRequest& asked) {
                return DoCreatePaymentCode(call, asked);
              });
}

absl::StatusOr<v1::GetWalletResponse> WalletService::DoGetWallet(
    const CallContext& call, const v1::GetWalletRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const MemberId member, ParseWalletName(request.name(), "name"));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_RETURN_IF_ERROR(AllowMemberById(call.principal(), member, *store, *parts_.tree));
  PUHUI_ASSIGN_OR_RETURN(auto wallet, ledger::Find(*store, ledger::kWalletTable, member));
  if (!wallet.has_value()) return absl::DataLossError("a member's wallet is missing");
  const absl::Time now = parts_.ledger.engine->Now();
  v1::GetWalletResponse response;
  v1::Wallet& message = *response.mutable_wallet();
  message.set_name(FormatWalletName(member));
  PUHUI_ASSIGN_OR_RETURN(WalletTerms terms, WalletTerms::Of(*wallet, *store));
  message.set_available_points(wallet->AvailableAt(now, terms));
  message.set_held_points(wallet->HeldPoints());
  message.set_expiring_soon_points(wallet->AvailableAt(now, terms, now + kSoon));
  std::sort(wallet->lots.begin(), wallet->lots.end(), SpentBefore);
  Names names(store.get());
  for (const ledger::Lot& lot : wallet->lots) {
    PUHUI_ASSIGN_OR_RETURN(*message.add_lots(), LotOf(lot, terms.TermsOf(lot.campaign), names));
  }
  return response;
}

absl::StatusOr<v1::ListActivityResponse> WalletService::DoListActivity(
    const CallContext& call, const v1::ListActivityRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const MemberId member, ParseMemberName(request.parent(), "parent"));
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(filter, request.page_token()));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_RETURN_IF_ERROR(AllowMemberById(call.principal(), member, *store, *parts_.tree));
  PUHUI_ASSIGN_OR_RETURN(const Sequence last_shown, NumberIn<Sequence>(cursor));
  // Newest first, so what is written meanwhile is never in a later page.
  PUHUI_ASSIGN_OR_RETURN(const auto events,
                         ledger::NewestActivity(*store, member, last_shown, page_size + 1));
  v1::ListActivityResponse response;
  Names names(store.get());
  for (const ledger::Activity& event : events) {
    if (static_cast<std::size_t>(response.activities_size()) == page_size) {
      const std::uint64_t last = response.activities().rbegin()->sequence();
      response.set_next_page_token(parts_.tokens->Seal(filter, absl::StrCat(last)));
      break;
    }
    v1::Activity& activity = *response.add_activities();
    activity.set_sequence(event.sequence);
    *activity.mutable_time() = ToTimestamp(event.time);
    activity.set_kind(KindName(event.kind));
    activity.set_points(event.points);
    activity.set_points_after(event.points_after);
    activity.set_held_points(event.held);
    PUHUI_ASSIGN_OR_RETURN(*activity.mutable_counterparty(), CounterpartyName(event, names));
  }
  return response;
}

absl::StatusOr<v1::ExplainSpendResponse> WalletService::DoExplainSpend(
    const CallContext& call, const v1::ExplainSpendRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const SpendQuestion question, ReadExplainSpend(request));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_RETURN_IF_ERROR(AllowMemberById(call.principal(), question.member, *store, *parts_.tree));
  return ExplainSpend(question, *store, parts_.ledger.engine->Now());
}

absl::StatusOr<v1::CreatePaymentCodeResponse> WalletService::DoCreatePaymentCode(
    const CallContext& call, const v1::CreatePaymentCodeRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const MemberId member, ParseWalletName(request.name(), "name"));
  PUHUI_ASSIGN_OR_RETURN(const merchant::CodePurpose purpose, ReadPurpose(request.purpose()));
  const ledger::Readable& store = parts_.ledger.engine->Latest();
  PUHUI_RETURN_IF_ERROR(AllowMemberById(call.principal(), member, store, *parts_.tree));
  PUHUI_ASSIGN_OR_RETURN(const auto wallet, ledger::Find(store, ledger::kWalletTable, member));
  if (!wallet.has_value()) return absl::DataLossError("a member's wallet is missing");
  if (const auto refusal = merchant::RefuseSpender(wallet->state, ledger::CardState::kActive)) {
    return ledger::ToStatus(*refusal);
  }
  PUHUI_ASSIGN_OR_RETURN(const auto code,
                         parts_.codes->Make(member, purpose, store, parts_.ledger.engine->Now()));
  v1::CreatePaymentCodeResponse response;
  response.set_payment_code(code.digits);
  *response.mutable_expire_time() = ToTimestamp(code.expiry);
  return response;
}

}  // namespace puhui::services
