// SPDX-License-Identifier: Apache-2.0
// Bank accounts and reconciliation, asked of a real puhuid over mutual TLS, which is killed and
// verified in between.
#include "ledger/core/refusal.h"
#include "ledger/engine/ledger_rows.h"
#include "merchant/app/reconciliation.h"
#include "puhui/v1/payout_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "puhui/v1/reconciliation_service.grpc.pb.h"
#include "services/admin/verification.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/scene.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace puhui {
namespace {

using ledger::Reason;
using merchant::ReconciledTransaction;
using Payouts = v1::PayoutService::Stub;
using Reconciliation = v1::ReconciliationService::Stub;

constexpr char kAccountNumber[] = "6222020200112233445";

class PayoutWireTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    auto scene = Scene::Set(deployment_, {}, &random_);
    ASSERT_OK(scene);
    scene_ = *std::move(scene);
  }

  std::unique_ptr<Payouts> As(const std::string& path) {
    return v1::PayoutService::NewStub(deployment_.Connect(path));
  }
  std::string MerchantPath() const { return absl::StrCat("/merchant/", scene_.merchant); }

  // A purchase, as the till has it in its own books.
  absl::StatusOr<ReconciledTransaction> Buy(std::int64_t points) {
    const auto till = v1::PosService::NewStub(deployment_.Connect(scene_.terminal_identity));
    const v1::PurchaseRequest request = scene_.Purchase(++trace_number_, points, random_);
    const auto bought = Ask(*till, &v1::PosService::Stub::Purchase, request);
    if (!bought.ok()) return bought.status();
    const v1::Purchase& purchase = bought->purchase();
    ReconciledTransaction own{.kind = merchant::ReconciledKind::kPurchase,
                              .terminal = scene_.ids.terminal_id,
                              .batch_number = request.till().batch_number(),
                              .trace_number = request.till().trace_number(),
                              .points = points,
                              .time = absl::FromUnixSeconds(purchase.purchase_time().seconds())};
    EXPECT_TRUE(absl::SimpleAtoi(purchase.retrieval_reference(), &own.reference));
    return own;
  }
  // The stores and pieces of the hours around the books that differ.
  absl::StatusOr<v1::ComparePiecesResponse> Compare(std::vector<ReconciledTransaction> books) {
    std::sort(books.begin(), books.end(), merchant::ComesBefore);
    const absl::Time start =
        absl::FromUnixSeconds(absl::ToUnixSeconds(books.front().time) / 3'600 * 3'600);
    v1::ComparePiecesRequest request;
    request.set_merchant(scene_.merchant);
    request.mutable_start_time()->set_seconds(absl::ToUnixSeconds(start));
    request.set_piece_seconds(3'600);
    request.set_pieces(2);
    auto& store = *request.add_stores();
    store.set_store(scene_.store);
    for (const auto& piece : merchant::HashPieces(books, {start, absl::Hours(1), 2})) {
      store.add_hashes(piece.hash.has_value() ? std::string(ledger::TagBytes(*piece.hash)) : "");
    }
    const auto stub = v1::ReconciliationService::NewStub(deployment_.Connect(MerchantPath()));
    return Ask(*stub, &Reconciliation::ComparePieces, request);
  }

  SeededRandom random_{20'261'126};
  Deployment deployment_;
  Scene scene_;
  std::uint32_t trace_number_ = 0;
};

TEST_F(PayoutWireTest, AnAccountIsConfirmedByAnotherAndNeverShown) {
  v1::ProposeBankAccountRequest propose;
  propose.set_request_id(NewRequestId(random_));
  propose.set_parent(scene_.merchant);
  propose.set_account_number(kAccountNumber);
  propose.set_holder_name("Zhang San");
  propose.set_bank_code("102521000009");
  const auto proposed = Ask(*As(MerchantPath()), &Payouts::ProposeBankAccount, propose);
  ASSERT_OK(proposed);
  v1::ConfirmBankAccountRequest confirm;
  confirm.set_request_id(NewRequestId(random_));
  confirm.set_name(proposed->bank_account().name());
  confirm.set_account_number(kAccountNumber);
  EXPECT_THAT(Ask(*As(MerchantPath()), &Payouts::ConfirmBankAccount, confirm),
              Refuses(Reason::kSamePerson));
  deployment_.KillAndWait();
  ASSERT_OK(deployment_.Start());
  ASSERT_OK(Ask(*As("/operator/people/wang"), &Payouts::ConfirmBankAccount, confirm));
  v1::ListBankAccountsRequest list;
  list.set_parent(scene_.merchant);
  const auto listed = Ask(*As("/auditor"), &Payouts::ListBankAccounts, list);
  ASSERT_OK(listed);
  ASSERT_EQ(listed->bank_accounts_size(), 1);
  EXPECT_TRUE(listed->bank_accounts(0).in_use());
  EXPECT_EQ(listed->SerializeAsString().find(kAccountNumber), std::string::npos);
  EXPECT_EQ(deployment_.CountInLog(kAccountNumber), 0U);
  EXPECT_EQ(deployment_.CountInLog("Zhang"), 0U);
  ASSERT_OK(deployment_.Stop());
  const auto verified = services::VerifyDataDirectory(deployment_.data_directory(), nullptr, {});
  ASSERT_OK(verified);
  EXPECT_TRUE(verified->ok());
}

TEST_F(PayoutWireTest, NobodyPaysWhereNoUnionIsNamed) {
  v1::ListPayoutRunsRequest list;
  for (const char* path : {"/finance/unions/fh-1", "/approver/unions/fh-1"}) {
    EXPECT_THAT(Ask(*As(path), &Payouts::ListPayoutRuns, list), Refuses(Reason::kNotFound)) << path;
  }
  EXPECT_OK(Ask(*As("/operator"), &Payouts::ListPayoutRuns, list));
}

TEST_F(PayoutWireTest, AMerchantsBooksAreComparedAlsoAfterAKill) {
  std::vector<ReconciledTransaction> books;
  for (const std::int64_t points : {10, 20, 30}) {
    ASSERT_OK_AND_ASSIGN(books.emplace_back(), Buy(points));
  }
  ASSERT_OK_AND_ASSIGN(const auto same, Compare(books));
  EXPECT_EQ(same.differences_size(), 0);
  EXPECT_EQ(same.transactions(), 3);
  deployment_.KillAndWait();
  ASSERT_OK(deployment_.Start());
  books[1].points = 21;
  ASSERT_OK_AND_ASSIGN(const auto differs, Compare(books));
  ASSERT_EQ(differs.differences_size(), 1);
  EXPECT_EQ(differs.differences(0).store(), scene_.store);
  EXPECT_GE(differs.differences(0).transactions(), 1);
}

}  // namespace
}  // namespace puhui
