// SPDX-License-Identifier: Apache-2.0
// Points that a till reserves, from the call to every place where they show, over the whole ledger
// with its timers: what is due is done by the chores of both sides.
#include "merchant/app/merchant_commands.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "puhui/v1/wallet_service.grpc.pb.h"
#include "services/audit/audit_service.h"
#include "services/ledger/chores.h"
#include "services/merchant/pos_service.h"
#include "services/wallet/wallet_service.h"
#include "tests/unit/services/issuing/campaign_fixture.h"

#include <gmock/gmock.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace puhui::services {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kTill[] = "/terminal/merchants/m-1/terminals/t-1";
constexpr char kSecondTill[] = "/terminal/merchants/m-1/terminals/t-2";
constexpr char kForeignTill[] = "/terminal/merchants/m-2/terminals/t-1";
constexpr std::int64_t kGranted = 500;

std::string TerminalOf(const std::string& path) {
  return path.substr(std::string("/terminal/").size());
}

// One person with kGranted points that last 90 days, and tills to spend them at.
class PosAuthorizationTest : public CampaignTest {
 protected:
  using Pos = v1::PosService::Stub;

  PosAuthorizationTest()
      : pos_service_({.ledger = {.engine = ledger_.engine.get(), .request_key = &lookup_},
                      .state = {.tables = &ledger_.books.merchant, .views = &ledger_.books.views},
                      .card_key = &lookup_,
                      .random = &random_}),
        wallet_service_({.engine = ledger_.engine.get(), .tokens = &tokens_, .tree = &tree_}),
        audit_service_({.engine = ledger_.engine.get(), .tokens = &tokens_, .tree = &tree_}) {
    grpc::ServerBuilder builder;
    till_calls_ = std::make_unique<Calls>(
        &pipeline_, &builder, Calls::Options{.drained = [this] { ledger_.engine->LendThread(); }});
    pos_service_.Serve(*till_calls_);
    wallet_service_.Serve(*till_calls_);
    audit_service_.Serve(*till_calls_);
    tills_ = builder.BuildAndStart();
    till_calls_->Start();
    const auto channel = tills_->InProcessChannel({});
    pos_ = v1::PosService::NewStub(channel);
    wallets_ = v1::WalletService::NewStub(channel);
    audit_ = v1::AuditService::NewStub(channel);
    OpenMerchant("m-1", {"t-1", "t-2"});
    OpenMerchant("m-2", {"t-1"});
    MakeApproved(1);
    EXPECT_OK(Issue(kHr, IssueWish()));
    Advance(absl::Seconds(1));
    EXPECT_OK(Watch(kHr));
    v1::GetMemberRequest ask;
    ask.mutable_external()->set_union_("unions/fh-1");
    ask.mutable_external()->set_external_id("E1");
    const auto member = Ask(*members_, &v1::MemberService::Stub::GetMember, kHr, ask);
    EXPECT_OK(member);
    member_ = member->member().name();
    card_ = member->member().card_number();
  }
  ~PosAuthorizationTest() override {
    tills_->Shutdown();
    till_calls_->Stop();
  }

  void OpenMerchant(const std::string& id, const std::vector<std::string>& terminals) {
    merchant::Tables* const tables = &ledger_.books.merchant;
    const MerchantId merchant = *MerchantId::Parse(id, "id");
    const StoreId store = *StoreId::Parse("s-1", "id");
    const auto run = [this](std::unique_ptr<ledger::Command> command) {
      EXPECT_OK(ledger_.engine->Run(std::move(command), ledger::Priority::kInteractive));
    };
    run(std::make_unique<merchant::RegisterMerchantCommand>(
        tables, merchant::RegisterMerchantCommand::Wish{
                    .id = merchant, .category = 5411, .fee_rate = BasisPoints::FromStored(250)}));
    run(std::make_unique<merchant::CreateStoreCommand>(
        tables, merchant::CreateStoreCommand::Wish{.merchant = merchant, .id = store}));
    for (const std::string& terminal : terminals) {
      run(std::make_unique<merchant::EnrollTerminalCommand>(
          tables,
          merchant::EnrollTerminalCommand::Wish{
              .merchant = merchant, .store = store, .id = *TerminalId::Parse(terminal, "id")}));
    }
  }
  void Advance(absl::Duration by) {
    clock_.Advance(by);
    ledger_.engine->WakeTimers();
  }

  template <class Request>
  Request Call(const std::string& path) {
    Request request;
    request.set_request_id(NextRequestId());
    request.mutable_till()->set_terminal(TerminalOf(path));
    request.mutable_till()->set_batch_number(1);
    request.mutable_till()->set_trace_number(++trace_number_);
    return request;
  }
  v1::AuthorizeRequest AuthorizeWish(std::int64_t points) {
    auto request = Call<v1::AuthorizeRequest>(kTill);
    request.set_card_number(card_);
    request.set_points(points);
    return request;
  }
  // One that must succeed.
  v1::Authorization Hold(const v1::AuthorizeRequest& request) {
    const auto response = Ask(*pos_, &Pos::Authorize, kTill, request);
    EXPECT_OK(response);
    return response.ok() ? response->authorization() : v1::Authorization();
  }
  v1::CaptureRequest CaptureWish(const std::string& reference, std::int64_t points,
                                 const std::string& path = kTill) {
    auto request = Call<v1::CaptureRequest>(path);
    request.set_authorization_reference(reference);
    request.set_points(points);
    return request;
  }
  v1::VoidRequest VoidWish(const std::string& reference) {
    auto request = Call<v1::VoidRequest>(kTill);
    request.set_authorization_reference(reference);
    return request;
  }
  absl::StatusOr<v1::GetTransactionResponse> TransactionOf(const std::string& request_id,
                                                           const std::string& path = kTill) {
    v1::GetTransactionRequest ask;
    ask.set_terminal(TerminalOf(path));
    ask.set_request_id(request_id);
    return Ask(*pos_, &Pos::GetTransaction, path, ask);
  }
  v1::Wallet Wallet() {
    v1::GetWalletRequest request;
    request.set_name(member_ + "/wallet");
    return Ask(*wallets_, &v1::WalletService::Stub::GetWallet, kHr, request)->wallet();
  }
  std::int64_t Account(v1::AccountKind kind, const std::string& owner, Sequence as_of = 0) {
    v1::GetAccountRequest request;
    request.set_kind(kind);
    request.set_owner(owner);
    request.set_as_of_sequence(as_of);
    const auto response = Ask(*audit_, &v1::AuditService::Stub::GetAccount, kAuditor, request);
    EXPECT_OK(response);
    return response.ok() ? response->points() : -1;
  }
  // The timers have a thread of their own.
  void AwaitHeld(std::int64_t points) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (Wallet().held_points() != points) {
      ASSERT_LT(std::chrono::steady_clock::now(), give_up);
      std::this_thread::yield();
    }
  }

  PosService pos_service_;
  WalletService wallet_service_;
  AuditService audit_service_;
  std::unique_ptr<Calls> till_calls_;
  std::unique_ptr<grpc::Server> tills_;
  std::unique_ptr<Pos> pos_;
  std::unique_ptr<v1::WalletService::Stub> wallets_;
  std::unique_ptr<v1::AuditService::Stub> audit_;
  std::string member_;
  std::string card_;
  std::uint32_t trace_number_ = 0;
};

TEST_F(PosAuthorizationTest, WhatIsHeldShowsEverywhereAndIsStillTheMembers) {
  const v1::AuthorizeRequest wish = AuthorizeWish(200);
  ASSERT_OK_AND_ASSIGN(const auto response, Ask(*pos_, &Pos::Authorize, kTill, wish));
  const v1::Authorization& held = response.authorization();
  EXPECT_EQ(held.state(), v1::AUTHORIZATION_STATE_HELD);
  EXPECT_EQ(held.points(), 200);
  EXPECT_EQ(held.retrieval_reference().size(), 12U);
  EXPECT_EQ(held.authorization_code().size(), 6U);
  EXPECT_EQ(held.masked_card(), "************" + card_.substr(12));
  EXPECT_EQ(held.terminal(), "merchants/m-1/terminals/t-1");
  EXPECT_EQ(held.trace_number(), wish.till().trace_number());
  EXPECT_GE(held.expire_time().seconds() - held.authorize_time().seconds(), 7 * 24 * 3'600);
  ASSERT_EQ(response.receipt_lines_size(), 5);
  EXPECT_EQ(response.receipt_lines(0), "预授权 AUTHORIZATION  200");

  const v1::Wallet wallet = Wallet();
  EXPECT_EQ(wallet.available_points(), kGranted - 200);
  EXPECT_EQ(wallet.held_points(), 200);
  EXPECT_EQ(wallet.lots(0).remaining_points(), kGranted);
  EXPECT_EQ(wallet.lots(0).held_points(), 200);
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_HELD, member_), 200);
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_WALLET, member_), kGranted - 200);
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_HELD, member_, LastRecord() - 1), 0);
  ASSERT_OK_AND_ASSIGN(const auto transaction, TransactionOf(wish.request_id()));
  EXPECT_EQ(transaction.authorization().SerializeAsString(), held.SerializeAsString());

  ASSERT_OK_AND_ASSIGN(const auto balance, Ask(*audit_, &v1::AuditService::Stub::GetTrialBalance,
                                               kAuditor, v1::GetTrialBalanceRequest()));
  EXPECT_TRUE(balance.balanced());
  std::int64_t held_in_all = 0;
  for (const v1::TrialBalanceLine& line : balance.lines()) {
    if (line.kind() == v1::ACCOUNT_KIND_HELD) held_in_all += line.points();
  }
  EXPECT_EQ(held_in_all, 200);
}

TEST_F(PosAuthorizationTest, OneReferenceLeadsFromTheHoldToTheRefund) {
  const std::string reference = Hold(AuthorizeWish(200)).retrieval_reference();
  // At another till of the merchant.
  const v1::CaptureRequest wish = CaptureWish(reference, 120, kSecondTill);
  ASSERT_OK_AND_ASSIGN(const auto captured, Ask(*pos_, &Pos::Capture, kSecondTill, wish));
  EXPECT_EQ(captured.purchase().retrieval_reference(), reference);
  EXPECT_EQ(captured.purchase().state(), v1::PURCHASE_STATE_CAPTURED);
  EXPECT_EQ(captured.purchase().points(), 120);
  EXPECT_EQ(captured.purchase().fee_points(), 3);
  EXPECT_EQ(captured.purchase().terminal(), "merchants/m-1/terminals/t-2");
  EXPECT_EQ(captured.released_points(), 80);
  EXPECT_EQ(captured.receipt_lines(0), "预授权完成 CAPTURE  120");
  EXPECT_EQ(Wallet().available_points(), kGranted - 120);
  EXPECT_EQ(Wallet().held_points(), 0);
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_PAYABLE, "merchants/m-1"), 117);

  auto refund = Call<v1::RefundRequest>(kTill);
  refund.set_purchase_reference(reference);
  refund.set_points(20);
  ASSERT_OK_AND_ASSIGN(const auto refunded, Ask(*pos_, &Pos::Refund, kTill, refund));
  EXPECT_EQ(refunded.refund().purchase_reference(), reference);
  ASSERT_OK_AND_ASSIGN(const auto transaction, TransactionOf(wish.request_id(), kSecondTill));
  EXPECT_EQ(transaction.purchase().retrieval_reference(), reference);
  EXPECT_EQ(transaction.purchase().refunded_points(), 20);
  // The same answer for the same request, whatever happened since.
  ASSERT_OK_AND_ASSIGN(const auto again, Ask(*pos_, &Pos::Capture, kSecondTill, wish));
  EXPECT_EQ(again.SerializeAsString(), captured.SerializeAsString());

  v1::ListActivityRequest list;
  list.set_parent(member_);
  ASSERT_OK_AND_ASSIGN(const auto page,
                       Ask(*wallets_, &v1::WalletService::Stub::ListActivity, kHr, list));
  std::vector<std::string> lines;
  for (const v1::Activity& activity : page.activities()) {
    lines.push_back(absl::StrCat(activity.kind(), " ", activity.points(), " ",
                                 activity.held_points(), " ", activity.points_after()));
  }
  EXPECT_THAT(lines, ElementsAre("REFUND 20 0 400", "CAPTURE -120 -200 380",
                                 "AUTHORIZATION 0 200 500", "GRANT 500 0 500"));
  EXPECT_EQ(page.activities(1).counterparty(), "merchants/m-1");
}

TEST_F(PosAuthorizationTest, AVoidedOneIsGoneAndSaysSo) {
  const v1::AuthorizeRequest wish = AuthorizeWish(200);
  const std::string reference = Hold(wish).retrieval_reference();
  const v1::VoidRequest give_up = VoidWish(reference);
  ASSERT_OK_AND_ASSIGN(const auto voided, Ask(*pos_, &Pos::Void, kTill, give_up));
  EXPECT_EQ(voided.authorization().retrieval_reference(), reference);
  EXPECT_EQ(voided.authorization().state(), v1::AUTHORIZATION_STATE_VOIDED);
  EXPECT_EQ(voided.receipt_lines(0), "预授权撤销 VOID  200");
  EXPECT_THAT(voided.receipt_lines(4),
              HasSubstr(absl::StrFormat("%06d", give_up.till().trace_number())));
  ASSERT_OK_AND_ASSIGN(const auto again, Ask(*pos_, &Pos::Void, kTill, give_up));
  EXPECT_EQ(again.SerializeAsString(), voided.SerializeAsString());
  EXPECT_EQ(Wallet().available_points(), kGranted);
  for (const std::string& request_id : {wish.request_id(), give_up.request_id()}) {
    ASSERT_OK_AND_ASSIGN(const auto transaction, TransactionOf(request_id));
    EXPECT_EQ(transaction.authorization().state(), v1::AUTHORIZATION_STATE_VOIDED);
  }
  EXPECT_THAT(Ask(*pos_, &Pos::Capture, kTill, CaptureWish(reference, 1)),
              Refuses(Reason::kAuthorizationVoided));
}

TEST_F(PosAuthorizationTest, NobodyElsesAuthorizationIsFoundOrCaptured) {
  const std::string reference = Hold(AuthorizeWish(200)).retrieval_reference();
  EXPECT_THAT(Ask(*pos_, &Pos::Capture, kForeignTill, CaptureWish(reference, 1, kForeignTill)),
              Refuses(Reason::kNotFound));
  EXPECT_THAT(Ask(*pos_, &Pos::Capture, kSecondTill, CaptureWish(reference, 1)),
              Refuses(Reason::kNotFound));  // In the name of another till.
  v1::GetTransactionRequest ask;
  ask.set_terminal(TerminalOf(kForeignTill));
  ask.set_retrieval_reference(reference);
  EXPECT_THAT(Ask(*pos_, &Pos::GetTransaction, kForeignTill, ask), Refuses(Reason::kNotFound));
  EXPECT_EQ(Wallet().held_points(), 200);
}

TEST_F(PosAuthorizationTest, EveryFieldIsReadAndTheOneAtFaultIsNamed) {
  struct Row {
    const char* field;
    std::function<void(v1::AuthorizeRequest&)> spoil;
  };
  const std::vector<Row> rows = {
      {"request_id", [](auto& wish) { wish.set_request_id("1"); }},
      {"till.terminal", [](auto& wish) { wish.mutable_till()->set_terminal("t-1"); }},
      {"till.batch_number", [](auto& wish) { wish.mutable_till()->set_batch_number(0); }},
      {"till.trace_number", [](auto& wish) { wish.mutable_till()->set_trace_number(1'000'000); }},
      {"card_number", [](auto& wish) { wish.set_card_number("6212345678901233"); }},
      {"points", [](auto& wish) { wish.set_points(0); }},
      {"points", [](auto& wish) { wish.set_points(Points::kMax + 1); }},
      {"lifetime", [](auto& wish) { wish.mutable_lifetime()->set_seconds(59); }},
      {"lifetime", [](auto& wish) { wish.mutable_lifetime()->set_seconds(604'801); }},
  };
  const Sequence last = LastRecord();
  for (const Row& row : rows) {
    v1::AuthorizeRequest wish = AuthorizeWish(10);
    row.spoil(wish);
    EXPECT_THAT(Ask(*pos_, &Pos::Authorize, kTill, wish),
                Refuses(Reason::kInvalidField, row.field));
  }
  for (const char* reference : {"", "12", "000000000000", "00000000000x"}) {
    EXPECT_THAT(Ask(*pos_, &Pos::Capture, kTill, CaptureWish(reference, 1)),
                Refuses(Reason::kInvalidField, "authorization_reference"));
    EXPECT_THAT(Ask(*pos_, &Pos::Void, kTill, VoidWish(reference)),
                Refuses(Reason::kInvalidField, "authorization_reference"));
  }
  EXPECT_THAT(Ask(*pos_, &Pos::Capture, kTill, CaptureWish("000000000001", 0)),
              Refuses(Reason::kInvalidField, "points"));
  EXPECT_EQ(LastRecord(), last);
}

TEST_F(PosAuthorizationTest, ReversalsAnswerWithWhatTheyUndid) {
  const v1::AuthorizeRequest authorize = AuthorizeWish(100);
  Hold(authorize);
  auto reverse = Call<v1::ReverseRequest>(kTill);
  reverse.set_original_request_id(authorize.request_id());
  ASSERT_OK_AND_ASSIGN(const auto voided, Ask(*pos_, &Pos::Reverse, kTill, reverse));
  EXPECT_TRUE(voided.original_found());
  EXPECT_EQ(voided.authorization().state(), v1::AUTHORIZATION_STATE_VOIDED);
  EXPECT_FALSE(voided.has_purchase());

  const std::string reference = Hold(AuthorizeWish(100)).retrieval_reference();
  const v1::CaptureRequest capture = CaptureWish(reference, 60);
  ASSERT_OK(Ask(*pos_, &Pos::Capture, kTill, capture));
  reverse = Call<v1::ReverseRequest>(kTill);
  reverse.mutable_original_keys()->set_batch_number(1);
  reverse.mutable_original_keys()->set_trace_number(capture.till().trace_number());
  ASSERT_OK_AND_ASSIGN(const auto reversed, Ask(*pos_, &Pos::Reverse, kTill, reverse));
  EXPECT_EQ(reversed.purchase().retrieval_reference(), reference);
  EXPECT_EQ(reversed.purchase().state(), v1::PURCHASE_STATE_REVERSED);
  EXPECT_FALSE(reversed.has_authorization());
  ASSERT_OK_AND_ASSIGN(const auto transaction, TransactionOf(reverse.request_id()));
  EXPECT_EQ(transaction.purchase().state(), v1::PURCHASE_STATE_REVERSED);
  EXPECT_EQ(Wallet().available_points(), kGranted);
}

// Both sides' chores: the run that granted the points was the issuing side's.
TEST_F(PosAuthorizationTest, TheTimerEndsWhatNobodyCaptured) {
  v1::AuthorizeRequest wish = AuthorizeWish(200);
  wish.mutable_lifetime()->set_seconds(60);
  const v1::Authorization held = Hold(wish);
  EXPECT_LE(held.expire_time().seconds() - held.authorize_time().seconds(), 61);
  v1::AuthorizeRequest longer = AuthorizeWish(50);
  longer.mutable_lifetime()->set_seconds(120);
  Hold(longer);
  Advance(absl::Seconds(62));
  ASSERT_NO_FATAL_FAILURE(AwaitHeld(50));
  EXPECT_EQ(Wallet().available_points(), kGranted - 50);
  ASSERT_OK_AND_ASSIGN(const auto transaction, TransactionOf(wish.request_id()));
  EXPECT_EQ(transaction.authorization().state(), v1::AUTHORIZATION_STATE_EXPIRED);
  EXPECT_THAT(Ask(*pos_, &Pos::Capture, kTill, CaptureWish(held.retrieval_reference(), 200)),
              Refuses(Reason::kAuthorizationExpired));
}

// The lot expires, is swept but for what is held, gets its points back, and is swept again.
TEST_F(PosAuthorizationTest, NothingStaysInALotThatExpiredWhileItWasHeld) {
  Advance(absl::Hours(24 * 89));
  v1::AuthorizeRequest wish = AuthorizeWish(200);
  Hold(wish);
  const std::int64_t before = Account(v1::ACCOUNT_KIND_BUDGET, "unions/fh-1");
  Advance(absl::Hours(24 * 2));
  const auto await_budget = [&](std::int64_t points) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (Account(v1::ACCOUNT_KIND_BUDGET, "unions/fh-1") != points) {
      ASSERT_LT(std::chrono::steady_clock::now(), give_up);
      std::this_thread::yield();
    }
  };
  ASSERT_NO_FATAL_FAILURE(await_budget(before + 300));
  EXPECT_EQ(Wallet().held_points(), 200);
  Advance(absl::Hours(24 * 6));
  ASSERT_NO_FATAL_FAILURE(AwaitHeld(0));
  EXPECT_EQ(Wallet().available_points(), 200);
  Advance(absl::Hours(24 * 31));
  ASSERT_NO_FATAL_FAILURE(await_budget(before + kGranted));
  EXPECT_EQ(Wallet().lots_size(), 0);
}

}  // namespace
}  // namespace puhui::services
