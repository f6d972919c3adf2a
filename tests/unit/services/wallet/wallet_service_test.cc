// SPDX-License-Identifier: Apache-2.0
// A wallet under terms in full, from the campaign to what its member is told.
#include "services/wallet/wallet_service.h"

#include "merchant/app/merchant_commands.h"
#include "puhui/v1/wallet_service.grpc.pb.h"
#include "tests/unit/services/issuing/campaign_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;

// One person with 500 points, 40 % of them for groceries in Wuhan.
class WalletServiceTest : public CampaignTest {
 protected:
  using Stub = v1::WalletService::Stub;

  WalletServiceTest()
      : service_({.ledger = {.engine = ledger_.engine.get(), .request_key = &lookup_},
                  .state = {.tables = &ledger_.books.merchant, .views = &ledger_.books.views},
                  .tokens = &tokens_,
                  .tree = &tree_,
                  .codes = &codes_,
                  .bill_key = &lookup_,
                  .random = &random_}) {
    grpc::ServerBuilder builder;
    wallet_calls_ = std::make_unique<Calls>(
        &pipeline_, &builder, Calls::Options{.drained = [this] { ledger_.engine->LendThread(); }});
    service_.Serve(*wallet_calls_);
    wallet_server_ = builder.BuildAndStart();
    wallet_calls_->Start();
    wallets_ = v1::WalletService::NewStub(wallet_server_->InProcessChannel({}));
    OpenMerchant();
  }
  ~WalletServiceTest() override {
    wallet_server_->Shutdown();
    wallet_calls_->Stop();
  }

  void Change(std::unique_ptr<ledger::Command> command) {
    EXPECT_OK(ledger_.engine->Run(std::move(command), ledger::Priority::kInteractive));
  }
  void OpenMerchant() {
    merchant::Tables* const tables = &ledger_.books.merchant;
    const MerchantId merchant = *MerchantId::Parse("m-1", "id");
    Change(std::make_unique<merchant::RegisterMerchantCommand>(
        tables,
        merchant::RegisterMerchantCommand::Wish{.id = merchant, .category = 5411, .fee_rate = {}}));
    Change(std::make_unique<merchant::CreateStoreCommand>(
        tables, merchant::CreateStoreCommand::Wish{
                    .merchant = merchant, .id = *StoreId::Parse("s-1", "id"), .region = 420'106}));
  }
  // Issues `terms` to one person, and lets the run come to its end.
  void IssueUnder(const v1::Terms& terms) {
    v1::CreateCampaignRequest wish = CampaignWish();
    *wish.mutable_terms() = terms;
    ASSERT_OK(Create(kHr, wish));
    member_ = Enrol(1, 1).front();
    ASSERT_OK_AND_ASSIGN(const v1::UploadPlanResponse plan, Upload({ByMember(member_)}));
    Fund(1'000'000);
    const std::string hash = plan.plan().hash();
    ASSERT_OK(Submit(kHr, HashWish<v1::SubmitCampaignRequest>(hash)));
    ASSERT_OK(Approve(kApprover, ApprovalWish(hash)));
    ASSERT_OK(Issue(kHr, IssueWish()));
    clock_.Advance(absl::Seconds(1));
    ledger_.engine->WakeTimers();
    ASSERT_OK(Watch(kHr));
  }
  v1::Wallet Wallet() {
    v1::GetWalletRequest request;
    request.set_name(member_ + "/wallet");
    const auto answer = Ask(*wallets_, &Stub::GetWallet, kHr, request);
    EXPECT_OK(answer);
    return answer.ok() ? answer->wallet() : v1::Wallet();
  }
  absl::StatusOr<v1::ExplainSpendResponse> Explain(const std::string& path,
                                                   const std::string& store = "") {
    v1::ExplainSpendRequest request;
    request.set_name(member_ + "/wallet");
    request.set_merchant("merchants/m-1");
    request.set_store(store);
    request.set_points(400);
    return Ask(*wallets_, &Stub::ExplainSpend, path, request);
  }

  merchant::PaymentCodes codes_{{.keyed_hash = &lookup_, .random = &random_, .prefix = "77"}};
  WalletService service_;
  std::unique_ptr<Calls> wallet_calls_;
  std::unique_ptr<grpc::Server> wallet_server_;
  std::unique_ptr<Stub> wallets_;
  std::string member_;
};

v1::Terms Earmarked() {
  v1::Terms terms;
  terms.set_last_day("2025-01-20");
  terms.mutable_earmark()->set_basis_points(4'000);
  terms.mutable_earmark()->add_merchant_categories("5411");
  terms.mutable_earmark()->add_regions("420100");
  return terms;
}

TEST_F(WalletServiceTest, AGrantWithAnEarmarkShowsAsTwoLots) {
  IssueUnder(Earmarked());
  const v1::Wallet wallet = Wallet();
  EXPECT_EQ(wallet.available_points(), 500);
  EXPECT_EQ(wallet.expiring_soon_points(), 500);
  ASSERT_EQ(wallet.lots_size(), 2);
  EXPECT_TRUE(wallet.lots(0).earmarked());
  EXPECT_EQ(wallet.lots(0).remaining_points(), 200);
  EXPECT_THAT(wallet.lots(0).earmark_merchant_categories(), ElementsAre("5411"));
  EXPECT_THAT(wallet.lots(0).earmark_regions(), ElementsAre("420100"));
  EXPECT_FALSE(wallet.lots(1).earmarked());
  EXPECT_EQ(wallet.lots(1).remaining_points(), 300);
  EXPECT_EQ(wallet.lots(1).earmark_regions_size(), 0);
  // The end of the day in Shanghai.
  EXPECT_EQ(wallet.lots(0).expire_time().seconds(), 1'737'388'800);
  EXPECT_FALSE(wallet.lots(0).has_start_time());
}

TEST_F(WalletServiceTest, WhatHasNotStartedIsNotAvailable) {
  v1::Terms terms;
  terms.set_first_day("2025-01-03");
  terms.set_last_day("2025-03-20");
  terms.add_regions("420000");
  IssueUnder(terms);
  EXPECT_EQ(Wallet().available_points(), 0);
  EXPECT_THAT(Wallet().lots(0).regions(), ElementsAre("420000"));
  EXPECT_EQ(Wallet().lots(0).start_time().seconds(), 1'735'833'600);
  clock_.Set(absl::FromUnixSeconds(1'735'833'600));
  EXPECT_EQ(Wallet().available_points(), 500);
  EXPECT_EQ(Wallet().expiring_soon_points(), 0);
  clock_.Advance(absl::Hours(24 * 60));
  EXPECT_EQ(Wallet().expiring_soon_points(), 500);
}

TEST_F(WalletServiceTest, ExplainSpendKnowsTheStoreAndWhoMayAsk) {
  IssueUnder(Earmarked());
  ASSERT_OK_AND_ASSIGN(const auto somewhere, Explain(kHr));
  EXPECT_FALSE(somewhere.accepted());
  EXPECT_EQ(somewhere.reason(), "INSUFFICIENT_POINTS");
  EXPECT_EQ(somewhere.available_points(), 300);
  EXPECT_EQ(somewhere.lots(1).why_not(), "EARMARK_REGION");
  const std::string own = "/member/" + member_;
  for (const std::string& caller : {std::string(kAdminPath), std::string(kAuditor), own}) {
    ASSERT_OK_AND_ASSIGN(const auto there, Explain(caller, "merchants/m-1/stores/s-1"));
    EXPECT_TRUE(there.accepted());
    EXPECT_EQ(there.available_points(), 500);
    EXPECT_EQ(there.lots(0).points(), 200);
    EXPECT_EQ(there.lots(1).points(), 200);
  }
  EXPECT_THAT(Explain(kOutsider), Refuses(Reason::kNotFound));
  EXPECT_THAT(Explain(kFinanceMaker), Refuses(Reason::kPermissionDenied));
  EXPECT_THAT(Explain(kHr, "merchants/m-1/stores/s-2"), Refuses(Reason::kNotFound));
}

}  // namespace
}  // namespace puhui::services
