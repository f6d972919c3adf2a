// SPDX-License-Identifier: Apache-2.0
#include "services/market/mall_reads.h"

#include "ledger/base/status_macros.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/queries.h"
#include "services/market/mall_convert.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

namespace puhui::services {

absl::StatusOr<SeenMall> FindMall(const ledger::Readable& store, absl::string_view merchant_id) {
  PUHUI_ASSIGN_OR_RETURN(const auto found, merchant::FindMerchant(store, merchant_id));
  if (!found.has_value()) return NotFound("mall");
  PUHUI_ASSIGN_OR_RETURN(auto row, ledger::Find(store, merchant::kMallTable, found->number));
  if (!row.has_value()) return NotFound("mall");
  return SeenMall{.merchant = found->number, .row = *row};
}

absl::StatusOr<absl::optional<merchant::MallOrderRow>> FindMallOrder(const ledger::Readable& store,
                                                                     MerchantNumber merchant,
                                                                     merchant::MallOrderKind kind,
                                                                     const std::string& number) {
  return ledger::Find(store, merchant::kMallOrderTable,
                      merchant::MallOrderKey{merchant, kind, number});
}

absl::StatusOr<v1::MallPayment> FindMallPayment(const ledger::Readable& store,
                                                absl::string_view merchant_name,
                                                const std::string& order_number) {
  PUHUI_ASSIGN_OR_RETURN(const MerchantId id, ParseMerchantName(merchant_name, "merchant"));
  PUHUI_ASSIGN_OR_RETURN(const SeenMall mall, FindMall(store, id.text()));
  PUHUI_ASSIGN_OR_RETURN(
      const auto order,
      FindMallOrder(store, mall.merchant, merchant::MallOrderKind::kPayment, order_number));
  if (!order.has_value()) return NotFound("payment");
  PUHUI_ASSIGN_OR_RETURN(const auto purchase, merchant::FindPurchase(store, order->purchase));
  if (!purchase.has_value()) return absl::DataLossError("a mall's purchase is missing");
  return MallPaymentOf(order_number, order->purchase, *purchase);
}

absl::StatusOr<v1::MallRefund> FindMallRefund(const ledger::Readable& store,
                                              absl::string_view merchant_name,
                                              const std::string& refund_number) {
  PUHUI_ASSIGN_OR_RETURN(const MerchantId id, ParseMerchantName(merchant_name, "merchant"));
  PUHUI_ASSIGN_OR_RETURN(const SeenMall mall, FindMall(store, id.text()));
  PUHUI_ASSIGN_OR_RETURN(
      const auto order,
      FindMallOrder(store, mall.merchant, merchant::MallOrderKind::kRefund, refund_number));
  if (!order.has_value()) return NotFound("refund");
  PUHUI_ASSIGN_OR_RETURN(const std::string bytes, ledger::ReadRecord(store, order->sequence));
  PUHUI_ASSIGN_OR_RETURN(const journal::v1::Record record,
                         ledger::ParseRecord(order->sequence, bytes));
  return MallRefundOf(record);
}

absl::StatusOr<MemberId> FindLinked(const ledger::Readable& store, absl::string_view merchant_id,
                                    const ledger::Tag& token) {
  PUHUI_ASSIGN_OR_RETURN(const auto link, ledger::Find(store, merchant::kMallTokenTable, token));
  if (!link.has_value()) return MemberId();
  PUHUI_ASSIGN_OR_RETURN(const auto found, merchant::FindMerchant(store, merchant_id));
  const bool own = found.has_value() && found->number == link->merchant;
  return own ? link->member : MemberId();
}

}  // namespace puhui::services
