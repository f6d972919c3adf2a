// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_SERVICES_MERCHANT_POS_FIXTURE_H_
#define PUHUI_TESTS_UNIT_SERVICES_MERCHANT_POS_FIXTURE_H_

#include "audit/index/audit_index.h"
#include "merchant/app/merchant_commands.h"
#include "merchant/app/payment_codes.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "puhui/v1/wallet_service.grpc.pb.h"
#include "services/audit/audit_service.h"
#include "services/ledger/chores.h"
#include "services/merchant/pos_service.h"
#include "services/wallet/wallet_service.h"
#include "tests/unit/services/issuing/campaign_fixture.h"
#include "tests/unit/services/merchant/audit_index_in_memory.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace puhui::services {

inline constexpr char kTill[] = "/terminal/merchants/m-1/terminals/t-1";
inline constexpr char kSecondTill[] = "/terminal/merchants/m-1/terminals/t-2";
inline constexpr char kForeignTill[] = "/terminal/merchants/m-2/terminals/t-1";
inline constexpr std::int64_t kGranted = 500;

inline std::string TerminalOf(const std::string& path) {
  return path.substr(std::string("/terminal/").size());
}

// One person with kGranted points that last 90 days, and tills to spend them at.
class PosTest : public CampaignTest {
 protected:
  using Pos = v1::PosService::Stub;

  explicit PosTest(absl::Duration silence_max = kSilenceMax)
      : pos_service_({.ledger = {.engine = ledger_.engine.get(), .request_key = &lookup_},
                      .state = {.tables = &ledger_.books.merchant, .views = &ledger_.books.views},
                      .card_key = &lookup_,
                      .codes = &codes_,
                      .random = &random_}),
        wallet_service_(
            {.ledger = {.engine = ledger_.engine.get(), .request_key = &lookup_},
             .state = {.tables = &ledger_.books.merchant, .views = &ledger_.books.views},
             .tokens = &tokens_,
             .tree = &tree_,
             .codes = &codes_,
             .bill_key = &lookup_,
             .random = &random_}),
        audit_service_({ledger_.engine.get(), &tokens_, &tree_, &index_, /*prover=*/nullptr,
                        /*key=*/nullptr, /*witnesses=*/nullptr, &subtrees_}) {
    index_.Start();
    grpc::ServerBuilder builder;
    till_calls_ =
        std::make_unique<Calls>(&pipeline_, &builder,
                                Calls::Options{.drained = [this] { ledger_.engine->LendThread(); },
                                               .silence_max = silence_max});
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
  ~PosTest() override {
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
        tables, merchant::RegisterMerchantCommand::Wish{.id = merchant,
                                                        .category = 5411,
                                                        .fee_rate = BasisPoints::FromStored(250),
                                                        .balance_shown = id == "m-1",
                                                        .goods_named = id == "m-1"}));
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

  merchant::PaymentCodes codes_{{.keyed_hash = &lookup_, .random = &random_, .prefix = "77"}};
  PosService pos_service_;
  WalletService wallet_service_;
  audit::AuditIndex index_{&ledger_.store, AuditIndexInMemory(directory_.path())};
  Subtrees subtrees_{{.tree = &tree_, .changed = [this] { return ledger_.books.tree_changed(); }}};
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

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_MERCHANT_POS_FIXTURE_H_
