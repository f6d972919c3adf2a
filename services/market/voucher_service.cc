// SPDX-License-Identifier: Apache-2.0
#include "services/market/voucher_service.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "merchant/app/order_queries.h"
#include "merchant/app/voucher_commands.h"
#include "merchant/core/voucher.h"
#include "puhui/v1/voucher_service.grpc.pb.h"
#include "services/ledger/declined.h"
#include "services/ledger/names.h"
#include "services/ledger/reference.h"
#include "services/ledger/union_tree.h"
#include "services/market/order_convert.h"
#include "services/market/voucher_codes_upload.h"
#include "services/merchant/pos_convert.h"
#include "services/rpc/error.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/str_cat.h"

#include <string>
#include <utility>

namespace puhui::services {

struct VoucherService::Wire final : v1::VoucherService::AsyncService {};

VoucherService::VoucherService(const Parts& parts)
    : parts_(parts), wire_(std::make_unique<Wire>()) {}

VoucherService::~VoucherService() = default;

void VoucherService::Serve(Calls& calls) {
  calls.Add(wire_.get());
  ServeRedeem(calls);
  ServeTransfer(calls);
  ServeReads(calls);
  ServeUpload(calls);
}

void VoucherService::ServeRedeem(Calls& calls) {
  calls.UnaryLater(
      Rpc::kRedeemVoucher, wire_.get(), &Wire::RequestRedeemVoucher,
      [this](const CallContext& call, const v1::RedeemVoucherRequest& asked,
             v1::RedeemVoucherResponse* answer, Completion done) {
        RunForCall(parts_.ledger, call, asked, ReadRedeem(call, asked), answer, std::move(done),
                   [this](const ledger::Outcome& outcome, v1::RedeemVoucherResponse* out) {
                     return BuildRedeem(outcome.first(), out);
                   });
      });
}

void VoucherService::ServeTransfer(Calls& calls) {
  calls.UnaryLater(
      Rpc::kTransferVoucher, wire_.get(), &Wire::RequestTransferVoucher,
      [this](const CallContext& call, const v1::TransferVoucherRequest& asked,
             v1::TransferVoucherResponse* answer, Completion done) {
        RunForCall(parts_.ledger, call, asked, ReadTransfer(call, asked), answer, std::move(done),
                   [](const ledger::Outcome& /*outcome*/, v1::TransferVoucherResponse* /*out*/) {
                     return absl::OkStatus();
                   });
      });
}

void VoucherService::ServeReads(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kGetVoucher, wire_.get(), &Wire::RequestGetVoucher,
                      [this](const CallContext& call, const v1::GetVoucherRequest& asked) {
                        return DoGetVoucher(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kListVouchers, wire_.get(), &Wire::RequestListVouchers,
                      [this](const CallContext& call, const v1::ListVouchersRequest& asked) {
                        return DoListVouchers(call, asked);
                      });
}

void VoucherService::ServeUpload(Calls& calls) {
  using Receiver = StreamReceiver<v1::UploadVoucherCodesRequest, v1::UploadVoucherCodesResponse>;
  calls.ClientStream(
      Rpc::kUploadVoucherCodes, wire_.get(), &Wire::RequestUploadVoucherCodes,
      VoucherCodesUpload::kStreamBytesMax,
      [this](const CallContext& call) -> absl::StatusOr<std::unique_ptr<Receiver>> {
        return std::make_unique<VoucherCodesUpload>(
            VoucherCodesUpload::Parts{
                .ledger = parts_.ledger, .tables = parts_.state.tables, .vault = parts_.vault},
            &call);
      });
}

VoucherService::MaybeCommand VoucherService::ReadRedeem(
    const CallContext& call, const v1::RedeemVoucherRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(merchant::TillCall till, ReadTill(request.till()));
  // Mistyped, and no guess.
  if (!merchant::IsVoucherDigits(request.digits())) {
    return InvalidField("digits", "want 16 digits, of which the last one checks");
  }
  PUHUI_ASSIGN_OR_RETURN(const TerminalName name,
                         ParseTerminalName(request.till().terminal(), "till.terminal"));
  PUHUI_RETURN_IF_ERROR(AllowTerminal(call.principal(), name.merchant_id, name.terminal_id));
  return std::make_unique<merchant::RedeemVoucherCommand>(
      parts_.state, std::move(till), parts_.vault->DigitsTag(request.digits()));
}

VoucherService::MaybeCommand VoucherService::ReadTransfer(
    const CallContext& call, const v1::TransferVoucherRequest& request) const {
  merchant::TransferVoucherCommand::Wish wish{.holder = call.principal().member_id};
  PUHUI_ASSIGN_OR_RETURN(wish.order, ParseVoucherName(request.name(), "name"));
  PUHUI_ASSIGN_OR_RETURN(wish.recipient, ParseMemberName(request.recipient(), "recipient"));
  if (wish.recipient == wish.holder) return InvalidField("recipient", "want somebody else");
  wish.voucher = parts_.vault->DrawVoucher();
  return std::make_unique<merchant::TransferVoucherCommand>(parts_.state, std::move(wish));
}

absl::Status VoucherService::BuildRedeem(const journal::v1::Record& record,
                                         v1::RedeemVoucherResponse* response) const {
  if (record.has_declined()) return DeclinedStatus(record.declined());
  const journal::v1::VoucherRedeemed& redeemed = record.voucher_redeemed();
  PUHUI_ASSIGN_OR_RETURN(const auto row,
                         merchant::FindOrder(parts_.ledger.engine->Latest(), redeemed.order()));
  if (!row.has_value()) return absl::DataLossError("an order is missing");
  response->set_order(FormatOrderName(redeemed.order()));
  response->set_offer(FormatOfferName(static_cast<std::uint32_t>(row->offer)));
  response->set_offer_version(row->version);
  response->set_quantity(redeemed.quantity());
  *response->mutable_redeem_time() = ToTimestamp(absl::FromUnixMicros(record.time_micros()));
  return absl::OkStatus();
}

namespace {

bool Holds(MemberId member, const merchant::OrderRow& order) {
  return order.voucher.has_value() && order.voucher->made() && order.voucher->holder == member;
}

}  // namespace

absl::StatusOr<v1::GetVoucherResponse> VoucherService::DoGetVoucher(
    const CallContext& call, const v1::GetVoucherRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const Sequence number, ParseVoucherName(request.name(), "name"));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(auto row, merchant::FindOrder(*store, number));
  if (!row.has_value() || !Holds(call.principal().member_id, *row)) return NotFound("voucher");
  const merchant::FoundOrder order{.number = number, .row = *std::move(row)};
  Names names(store.get());
  v1::GetVoucherResponse response;
  PUHUI_ASSIGN_OR_RETURN(*response.mutable_voucher(),
                         VoucherOf(order, parts_.ledger.engine->Now(), names));
  if (response.voucher().state() == v1::VOUCHER_STATE_ACTIVE) {
    PUHUI_ASSIGN_OR_RETURN(*response.mutable_voucher()->mutable_digits(),
                           parts_.vault->ReadDigits(*store, order.row.voucher->digits));
  }
  return response;
}

absl::StatusOr<v1::ListVouchersResponse> VoucherService::DoListVouchers(
    const CallContext& call, const v1::ListVouchersRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const MemberId member, ParseMemberName(request.parent(), "parent"));
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(filter, request.page_token()));
  PUHUI_ASSIGN_OR_RETURN(const Sequence before, NumberIn<Sequence>(cursor));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_RETURN_IF_ERROR(AllowMemberById(call.principal(), member, *store, *parts_.tree));
  const absl::Time now = parts_.ledger.engine->Now();
  v1::ListVouchersResponse response;
  Names names(store.get());
  std::size_t looked_at = 0;
  Sequence last = 0;
  const auto visit = [&](const merchant::FoundOrder& order) -> absl::StatusOr<bool> {
    const bool full = static_cast<std::size_t>(response.vouchers_size()) == page_size;
    if (full || looked_at++ == kRowsPerPageMax) {
      response.set_next_page_token(parts_.tokens->Seal(filter, absl::StrCat(last)));
      return false;
    }
    last = order.number;
    if (!Holds(member, order.row)) return true;
    PUHUI_ASSIGN_OR_RETURN(*response.add_vouchers(), VoucherOf(order, now, names));
    return true;
  };
  PUHUI_RETURN_IF_ERROR(merchant::VisitOrdersOf(member, *store, before, visit));
  return response;
}

}  // namespace puhui::services
