// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_MERCHANT_POS_SERVICE_H_
#define PUHUI_SERVICES_MERCHANT_POS_SERVICE_H_

#include "ledger/base/random.h"
#include "ledger/crypto/keyed_hash.h"
#include "merchant/app/batch_commands.h"
#include "merchant/app/bill_tokens.h"
#include "merchant/app/payment_codes.h"
#include "merchant/app/till_commands.h"
#include "puhui/v1/pos_service.pb.h"
#include "services/ledger/ledger_call.h"
#include "services/merchant/payer_convert.h"
#include "services/rpc/calls.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstdint>
#include <memory>

namespace puhui::services {

// What a till can do. Threads: safe. Borrows: its parts.
class PosService final {
 public:
  struct Parts {
    LedgerAccess ledger;
    merchant::TillState state;
    const ledger::KeyedHash* card_key;  // Of card numbers, and of what QR codes of bills hold.
    merchant::PaymentCodes* codes;      // That members may show.
    RandomSource* random;               // Of authorisation codes and of bills.
  };
  explicit PosService(const Parts& parts);
  ~PosService();

  void Serve(Calls& calls);

 private:
  struct Wire;  // What gRPC generated; it takes long to compile, so few files see it.
  void ServePurchase(Calls& calls);
  void ServeAuthorize(Calls& calls);
  void ServeCapture(Calls& calls);
  void ServeVoid(Calls& calls);
  void ServeRefund(Calls& calls);
  void ServeReverse(Calls& calls);
  void ServeGetTransaction(Calls& calls);
  void ServeInquireBalance(Calls& calls);
  void ServeGetTotals(Calls& calls);
  void ServeCloseBatch(Calls& calls);
  void ServePurchaseStream(Calls& calls);
  void ServeCreateBill(Calls& calls);
  void RunPurchase(const CallContext& call, const v1::PurchaseRequest& asked,
                   v1::PurchaseResponse* answer, Completion done);

  using MaybeCommand = absl::StatusOr<std::unique_ptr<ledger::Command>>;
  static absl::Status AllowTill(const CallContext& call, const merchant::TillCall& till);
  absl::StatusOr<merchant::SpendCommand::Wish> ReadWish(const ShownPayer& shown,
                                                        std::int64_t points) const;
  // A code that was used waits for nobody any more.
  void RemoveCode(const journal::v1::UsedCode& code) const;
  MaybeCommand ReadPurchase(const CallContext& call, const v1::PurchaseRequest& request) const;
  MaybeCommand ReadAuthorize(const CallContext& call, const v1::AuthorizeRequest& request) const;
  MaybeCommand ReadCapture(const CallContext& call, const v1::CaptureRequest& request) const;
  MaybeCommand ReadVoid(const CallContext& call, const v1::VoidRequest& request) const;
  MaybeCommand ReadRefund(const CallContext& call, const v1::RefundRequest& request) const;
  MaybeCommand ReadCreateBill(const CallContext& call, const v1::CreateBillRequest& request) const;
  MaybeCommand ReadReverse(const CallContext& call, const v1::ReverseRequest& request) const;
  absl::StatusOr<v1::GetTransactionResponse> DoGetTransaction(
      const CallContext& call, const v1::GetTransactionRequest& request) const;
  ledger::Tag CardTag(absl::string_view card_number) const;
  MaybeCommand ReadInquireBalance(const CallContext& call,
                                  const v1::InquireBalanceRequest& request) const;
  absl::Status BuildBalance(const v1::InquireBalanceRequest& request,
                            v1::InquireBalanceResponse* response) const;
  absl::StatusOr<v1::GetTotalsResponse> DoGetTotals(const CallContext& call,
                                                    const v1::GetTotalsRequest& request) const;
  // True, and the response says so, when the batch stays open because totals differ.
  absl::StatusOr<bool> DescribeOpenBatch(const CallContext& call,
                                         const merchant::CloseBatchCommand::Wish& wish,
                                         const v1::CloseBatchRequest& request,
                                         v1::CloseBatchResponse* response) const;
  absl::Status BuildCloseBatch(const journal::v1::Record& record,
                               v1::CloseBatchResponse* response) const;

  const Parts parts_;
  const merchant::BillTokens bill_tokens_;
  const std::unique_ptr<Wire> wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MERCHANT_POS_SERVICE_H_
