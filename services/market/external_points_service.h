// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_MARKET_EXTERNAL_POINTS_SERVICE_H_
#define PUHUI_SERVICES_MARKET_EXTERNAL_POINTS_SERVICE_H_

#include "ledger/base/random.h"
#include "ledger/crypto/keyed_hash.h"
#include "ledger/storage/store.h"
#include "merchant/app/mall_call_commands.h"
#include "merchant/app/mall_tokens.h"
#include "merchant/app/payment_codes.h"
#include "merchant/app/till_call.h"
#include "puhui/v1/external_points_service.pb.h"
#include "services/ledger/ledger_call.h"
#include "services/market/mall_inquiries.h"
#include "services/rpc/calls.h"
#include "services/rpc/page_token.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <memory>

namespace puhui::services {

// Points as an account of an outside mall. Threads: safe. Borrows: its parts.
class ExternalPointsService final {
 public:
  struct Parts {
    LedgerAccess ledger;
    merchant::TillState state;           // Of the engine's fold: for commands.
    const ledger::KeyedHash* token_key;  // Of what malls know members by.
    merchant::PaymentCodes* codes;       // That members may show.
    const PageTokens* tokens;
    RandomSource* random;
  };
  explicit ExternalPointsService(const Parts& parts);
  ~ExternalPointsService();

  void Serve(Calls& calls);

 private:
  struct Wire;  // What gRPC generated; it takes long to compile, so few files see it.
  using MaybeCommand = absl::StatusOr<std::unique_ptr<ledger::Command>>;
  void ServeLink(Calls& calls);
  void ServeMoney(Calls& calls);
  void ServeReads(Calls& calls);
  // The mall that asks, now. Refuses: kInvalidField, kNotFound.
  absl::StatusOr<merchant::MallCall> ReadCall(const CallContext& call,
                                              absl::string_view merchant_name) const;
  // Refuses: kInvalidField, without the token.
  absl::StatusOr<ledger::Tag> ReadToken(absl::string_view text) const;
  MaybeCommand ReadLink(const CallContext& call, const v1::LinkMallRequest& request) const;
  MaybeCommand ReadPay(const CallContext& call, const v1::PayRequest& request) const;
  MaybeCommand ReadRefund(const CallContext& call, const v1::RefundPaymentRequest& request) const;
  absl::Status AnswerLink(const ledger::Outcome& outcome, v1::LinkMallResponse* response) const;
  absl::Status AnswerPay(const v1::PayRequest& request, const ledger::Outcome& outcome,
                         v1::PayResponse* response) const;
  absl::Status AnswerRefund(const v1::RefundPaymentRequest& request, const ledger::Outcome& outcome,
                            v1::RefundPaymentResponse* response) const;
  absl::StatusOr<v1::GetBalanceResponse> DoGetBalance(const CallContext& call,
                                                      const v1::GetBalanceRequest& request);
  absl::StatusOr<v1::GetPaymentResponse> DoGetPayment(const CallContext& call,
                                                      const v1::GetPaymentRequest& request) const;
  absl::StatusOr<v1::ListTransactionsResponse> DoListTransactions(
      const CallContext& call, const v1::ListTransactionsRequest& request) const;

  const Parts parts_;
  const merchant::MallTokens mall_tokens_;
  MallInquiries inquiries_;
  const std::unique_ptr<Wire> wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MARKET_EXTERNAL_POINTS_SERVICE_H_
