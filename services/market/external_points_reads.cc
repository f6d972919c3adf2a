// SPDX-License-Identifier: Apache-2.0
// The service's second part: what malls ask.
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "services/ledger/counter.h"
#include "services/market/external_points_wire.h"
#include "services/market/mall_convert.h"
#include "services/market/mall_reads.h"
#include "services/merchant/merchant_fields.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

#include <algorithm>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

using ledger::Reason;
}  // namespace

void ExternalPointsService::ServeReads(Calls& calls) {
  calls.Unary(Rpc::kGetBalance, wire_.get(), &Wire::RequestGetBalance,
              [this](const CallContext& call, const v1::GetBalanceRequest& asked) {
                return DoGetBalance(call, asked);
              });
  calls.Unary(Rpc::kGetPayment, wire_.get(), &Wire::RequestGetPayment,
              [this](const CallContext& call, const v1::GetPaymentRequest& asked) {
                return DoGetPayment(call, asked);
              });
  calls.UnaryOnWorker(Rpc::kListTransactions, wire_.get(), &Wire::RequestListTransactions,
                      [this](const CallContext& call, const v1::ListTransactionsRequest& asked) {
                        return DoListTransactions(call, asked);
                      });
}

absl::StatusOr<v1::GetBalanceResponse> ExternalPointsService::DoGetBalance(
    const CallContext& call, const v1::GetBalanceRequest& request) {
  PUHUI_RETURN_IF_ERROR(ParseMerchantName(request.merchant(), "merchant").status());
  PUHUI_ASSIGN_OR_RETURN(const ledger::Tag token, ReadToken(request.member_token()));
  PUHUI_ASSIGN_OR_RETURN(const merchant::MallCall mall, ReadCall(call, request.merchant()));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const SeenMall seen, FindMall(*store, mall.merchant_id));
  PUHUI_ASSIGN_OR_RETURN(const MemberId member, FindLinked(*store, mall.merchant_id, token));
  if (member.none()) {
    return ledger::ToStatus({.reason = Reason::kMallLinkUnknown, .field = "member_token"});
  }
  PUHUI_ASSIGN_OR_RETURN(const Counter counter, CounterOf(*store, seen.row.terminal));
  if (const auto refusal = merchant::RefuseMall(seen.row.state)) return ledger::ToStatus(*refusal);
  if (!inquiries_.Allow(token, mall.time)) {
    return ledger::ToStatus(
        {.reason = Reason::kMallInquiriesLimit,
         .message = absl::StrCat("a mall asks at most ", kMallInquiriesMax,
                                 " times a minute what one of its members has")});
  }
  PUHUI_ASSIGN_OR_RETURN(const std::int64_t available,
                         AvailableAt(*store, counter, member, absl::nullopt, mall.time));
  v1::GetBalanceResponse response;
  response.set_available_points(std::min(available, merchant::MostTaken(seen.row, mall.time)));
  return response;
}

absl::StatusOr<v1::GetPaymentResponse> ExternalPointsService::DoGetPayment(
    const CallContext& call, const v1::GetPaymentRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseMerchantName(request.merchant(), "merchant").status());
  PUHUI_RETURN_IF_ERROR(CheckMallNumber(request.order_number(), "order_number"));
  PUHUI_RETURN_IF_ERROR(ReadCall(call, request.merchant()).status());
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  v1::GetPaymentResponse response;
  PUHUI_ASSIGN_OR_RETURN(*response.mutable_payment(),
                         FindMallPayment(*store, request.merchant(), request.order_number()));
  return response;
}

absl::StatusOr<v1::ListTransactionsResponse> ExternalPointsService::DoListTransactions(
    const CallContext& call, const v1::ListTransactionsRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseMerchantName(request.merchant(), "merchant").status());
  PUHUI_ASSIGN_OR_RETURN(const absl::CivilDay day, ReadDay(request.day(), "day"));
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(filter, request.page_token()));
  PUHUI_ASSIGN_OR_RETURN(const merchant::MallCall mall, ReadCall(call, request.merchant()));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const SeenMall seen, FindMall(*store, mall.merchant_id));
  const auto& table = merchant::kMallTransactionTable;
  PUHUI_ASSIGN_OR_RETURN(
      const auto rows,
      ledger::List(*store, table,
                   {.prefix = ledger::EncodeKeyPrefix(table.id, seen.merchant, day),
                    .from = cursor,
                    .after_from = !cursor.empty()},
                   page_size + 1));
  v1::ListTransactionsResponse response;
  const std::size_t shown = std::min(rows.size(), page_size);
  for (std::size_t i = 0; i < shown; ++i) {
    *response.add_transactions() = MallTransactionOf(rows[i].key, rows[i].value);
  }
  if (rows.size() > page_size) {
    response.set_next_page_token(
        parts_.tokens->Seal(filter, ledger::EncodeKey(table.id, rows[shown - 1].key)));
  }
  return response;
}

}  // namespace puhui::services
