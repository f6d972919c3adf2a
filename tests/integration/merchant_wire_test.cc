// SPDX-License-Identifier: Apache-2.0
// The lives of merchants and terminals, asked of a real puhuid over mutual TLS.
#include "ledger/core/refusal.h"
#include "puhui/v1/merchant_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/scene.h"
#include "tests/support/wire/stage.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace puhui {
namespace {

using ledger::Reason;
using Merchants = v1::MerchantService::Stub;
using Till = v1::PosService::Stub;

class MerchantWireTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    auto scene = Scene::Set(deployment_, {}, &random_);
    ASSERT_OK(scene);
    scene_ = *std::move(scene);
    operator_ = v1::MerchantService::NewStub(deployment_.Connect("/operator/people/wang"));
  }

  // At a terminal, over the connection of somebody who speaks for it.
  absl::StatusOr<v1::PurchaseResponse> Buy(Till& till, const std::string& terminal) {
    v1::PurchaseRequest request = scene_.Purchase(++trace_number_, 10, random_);
    request.mutable_till()->set_terminal(terminal);
    return Ask(till, &Till::Purchase, request);
  }
  std::unique_ptr<Till> TillOf(const TestIdentity& identity) {
    return v1::PosService::NewStub(deployment_.Connect(identity));
  }
  template <class Request, class Response>
  absl::StatusOr<Response> Do(Merchants& as,
                              grpc::Status (Merchants::*method)(grpc::ClientContext*,
                                                                const Request&, Response*),
                              const std::string& name) {
    Request request;
    request.set_request_id(NewRequestId(random_));
    request.set_name(name);
    if constexpr (requires { request.set_reason(""); }) request.set_reason("audit");
    return Ask(as, method, request);
  }
  // With a key of its own.
  absl::StatusOr<TestIdentity> Renew(const TestIdentity& terminal, const std::string& name) {
    const auto stub = v1::MerchantService::NewStub(deployment_.Connect(terminal));
    TestIdentity renewed;
    renewed.key = MakeKey(TestKey::kP256);
    v1::RenewTerminalRequest request;
    request.set_request_id(NewRequestId(random_));
    request.set_name(name);
    request.set_csr_pem(MakeCsr(renewed.key, {}));
    const auto response = Ask(*stub, &Merchants::RenewTerminal, request);
    if (!response.ok()) return response.status();
    renewed.certificate = response->certificate_pem();
    return renewed;
  }

  SeededRandom random_{20'250'213};
  Deployment deployment_;
  Scene scene_;
  std::unique_ptr<Merchants> operator_;
  std::uint32_t trace_number_ = 0;
};

TEST_F(MerchantWireTest, AMerchantsBackEndSpeaksForAllItsTerminalsAndForNoOthers) {
  Stage stage(&deployment_, scene_.ids.union_id, &random_);
  ASSERT_OK(stage.EnrollTerminal(scene_.ids.merchant_id, "t-2"));
  ASSERT_OK(stage.OpenMerchant({.id = "m-2"}));
  ASSERT_OK(stage.EnrollTerminal("m-2", "t-1"));
  const auto back_end = TillOf(deployment_.Identity(absl::StrCat("/merchant/", scene_.merchant)));
  EXPECT_OK(Buy(*back_end, scene_.terminal));
  EXPECT_OK(Buy(*back_end, absl::StrCat(scene_.merchant, "/terminals/t-2")));
  const auto others = Buy(*back_end, "merchants/m-2/terminals/t-1");
  EXPECT_THAT(others, Refuses(Reason::kNotFound));
  const auto nobodys = Buy(*back_end, "merchants/m-9/terminals/t-1");
  EXPECT_EQ(others.status().message(), nobodys.status().message());
  // A terminal speaks for itself alone.
  const auto till = TillOf(scene_.terminal_identity);
  EXPECT_THAT(Buy(*till, absl::StrCat(scene_.merchant, "/terminals/t-2")),
              Refuses(Reason::kNotFound));
}

TEST_F(MerchantWireTest, ARetiredTerminalsCertificateOpensNothingHoweverLongItIsValid) {
  const auto till = TillOf(scene_.terminal_identity);
  ASSERT_OK_AND_ASSIGN(const v1::PurchaseResponse bought, Buy(*till, scene_.terminal));
  ASSERT_OK(Do(*operator_, &Merchants::BlockTerminal, scene_.terminal));
  EXPECT_THAT(Buy(*till, scene_.terminal), Refuses(Reason::kTerminalNotActive));
  EXPECT_THAT(Renew(scene_.terminal_identity, scene_.terminal),
              Refuses(Reason::kTerminalNotActive));
  v1::CloseBatchRequest closing;
  closing.set_request_id(NewRequestId(random_));
  closing.set_terminal(scene_.terminal);
  closing.set_batch_number(2);  // Without a call, so that the totals are right.
  EXPECT_THAT(Ask(*till, &Till::CloseBatch, closing), Refuses(Reason::kTerminalNotActive));
  ASSERT_OK(Do(*operator_, &Merchants::UnblockTerminal, scene_.terminal));
  ASSERT_OK_AND_ASSIGN(const TestIdentity renewed,
                       Renew(scene_.terminal_identity, scene_.terminal));
  const auto again = TillOf(renewed);
  EXPECT_OK(Buy(*again, scene_.terminal));
  EXPECT_OK(Buy(*till, scene_.terminal));  // The earlier one is good until it expires.

  ASSERT_OK_AND_ASSIGN(const v1::RetireTerminalResponse retired,
                       Do(*operator_, &Merchants::RetireTerminal, scene_.terminal));
  EXPECT_EQ(retired.terminal().state(), v1::TERMINAL_STATE_RETIRED);
  v1::GetTransactionRequest question;
  question.set_terminal(scene_.terminal);
  question.set_retrieval_reference(bought.purchase().retrieval_reference());
  v1::GetTotalsRequest totals;
  totals.set_terminal(scene_.terminal);
  totals.set_batch_number(1);
  for (Till* of : {till.get(), again.get()}) {
    EXPECT_THAT(Buy(*of, scene_.terminal), Refuses(Reason::kTerminalNotActive));
    EXPECT_THAT(Ask(*of, &Till::GetTotals, totals), Refuses(Reason::kTerminalNotActive));
    EXPECT_THAT(Ask(*of, &Till::CloseBatch, closing), Refuses(Reason::kTerminalNotActive));
    EXPECT_THAT(Ask(*of, &Till::GetTransaction, question), Refuses(Reason::kTerminalNotActive));
  }
  EXPECT_THAT(Renew(renewed, scene_.terminal), Refuses(Reason::kTerminalNotActive));
  EXPECT_THAT(Do(*operator_, &Merchants::UnblockTerminal, scene_.terminal),
              Refuses(Reason::kTerminalState));
  // Its merchant may still ask what became of its calls.
  const auto back_end = TillOf(deployment_.Identity(absl::StrCat("/merchant/", scene_.merchant)));
  EXPECT_OK(Ask(*back_end, &Till::GetTransaction, question));
  EXPECT_OK(Ask(*back_end, &Till::GetTotals, totals));
  EXPECT_OK(Ask(*back_end, &Till::CloseBatch, closing));
}

// Replay comes before state: the answer may have been lost before the terminal was blocked.
TEST_F(MerchantWireTest, ARepeatedClosingIsAnsweredAlikeWhateverBecameOfTheTerminal) {
  const auto till = TillOf(scene_.terminal_identity);
  const auto back_end = TillOf(deployment_.Identity(absl::StrCat("/merchant/", scene_.merchant)));
  v1::CloseBatchRequest closing;
  closing.set_request_id(NewRequestId(random_));
  closing.set_terminal(scene_.terminal);
  closing.set_batch_number(2);  // Without a call, so that the totals are right.
  ASSERT_OK_AND_ASSIGN(const v1::CloseBatchResponse first, Ask(*till, &Till::CloseBatch, closing));
  EXPECT_TRUE(first.closed());
  for (const bool retired : {false, true}) {
    if (retired) {
      ASSERT_OK(Do(*operator_, &Merchants::RetireTerminal, scene_.terminal));
    } else {
      ASSERT_OK(Do(*operator_, &Merchants::BlockTerminal, scene_.terminal));
    }
    ASSERT_OK_AND_ASSIGN(const v1::CloseBatchResponse again,
                         Ask(*till, &Till::CloseBatch, closing));
    EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
    // Neither the same anew, nor another batch, whether or not the totals are right.
    v1::CloseBatchRequest other = closing;
    other.set_request_id(NewRequestId(random_));
    EXPECT_THAT(Ask(*till, &Till::CloseBatch, other), Refuses(Reason::kTerminalNotActive));
    EXPECT_OK(Ask(*back_end, &Till::CloseBatch, other));
    other.set_request_id(NewRequestId(random_));
    other.set_batch_number(3);
    v1::KindTotal& total = *other.add_totals();
    total.set_kind(v1::BATCH_KIND_PURCHASE);
    total.set_count(1);
    total.set_points(10);
    EXPECT_THAT(Ask(*till, &Till::CloseBatch, other), Refuses(Reason::kTerminalNotActive));
    EXPECT_FALSE(Ask(*back_end, &Till::CloseBatch, other)->closed());
  }
}

TEST_F(MerchantWireTest, AMerchantIsSuspendedResumedAndClosed) {
  const auto till = TillOf(scene_.terminal_identity);
  ASSERT_OK_AND_ASSIGN(const v1::SuspendMerchantResponse suspended,
                       Do(*operator_, &Merchants::SuspendMerchant, scene_.merchant));
  EXPECT_EQ(suspended.merchant().state(), v1::MERCHANT_STATE_SUSPENDED);
  EXPECT_THAT(Buy(*till, scene_.terminal), Refuses(Reason::kMerchantNotActive));
  ASSERT_OK(Do(*operator_, &Merchants::ResumeMerchant, scene_.merchant));
  ASSERT_OK(Buy(*till, scene_.terminal));
  v1::CloseMerchantRequest request;
  request.set_request_id(NewRequestId(random_));
  request.set_name(scene_.merchant);
  EXPECT_THAT(Ask(*operator_, &Merchants::CloseMerchant, request),
              Refuses(Reason::kInvalidField, "reason"));
  request.set_reason("moved away");
  ASSERT_OK_AND_ASSIGN(const v1::CloseMerchantResponse closed,
                       Ask(*operator_, &Merchants::CloseMerchant, request));
  EXPECT_TRUE(closed.merchant().has_close_time());
  ASSERT_OK_AND_ASSIGN(const v1::CloseMerchantResponse repeated,
                       Ask(*operator_, &Merchants::CloseMerchant, request));
  EXPECT_EQ(repeated.SerializeAsString(), closed.SerializeAsString());
}

TEST_F(MerchantWireTest, AnAgreementIsReadByField) {
  v1::SetAgreementRequest good;
  good.set_merchant(scene_.merchant);
  good.set_fee_basis_points(200);
  good.set_discount_basis_points(100);
  good.set_settlement_days(3);
  good.set_goods_named(true);
  const auto set = [&](auto change) {
    v1::SetAgreementRequest request = good;
    request.set_request_id(NewRequestId(random_));
    change(request);
    return Ask(*operator_, &Merchants::SetAgreement, request);
  };
  const auto refused = [&](auto change, const char* field) {
    EXPECT_THAT(set(change), Refuses(Reason::kInvalidField, field));
  };
  refused([](auto& q) { q.set_merchant("m-1"); }, "merchant");
  refused([](auto& q) { q.set_first_day("2027-2-1"); }, "first_day");
  refused([](auto& q) { q.set_first_day("2027-02-30"); }, "first_day");
  refused([](auto& q) { q.set_last_day("tomorrow"); }, "last_day");
  refused(
      [](auto& q) {
        q.set_first_day("2999-02-02");
        q.set_last_day("2999-02-01");
      },
      "last_day");
  refused([](auto& q) { q.set_fee_basis_points(-1); }, "fee_basis_points");
  refused([](auto& q) { q.set_discount_basis_points(10'001); }, "discount_basis_points");
  refused([](auto& q) { q.set_discount_basis_points(9'801); }, "discount_basis_points");
  refused([](auto& q) { q.set_settlement_days(61); }, "settlement_days");
  EXPECT_THAT(set([](auto& q) { q.set_merchant("merchants/m-9"); }), Refuses(Reason::kNotFound));
  EXPECT_THAT(set([](auto& q) { q.set_first_day("2020-01-01"); }),
              Refuses(Reason::kAgreementPastDated, "first_day"));
  ASSERT_OK_AND_ASSIGN(const v1::SetAgreementResponse agreed,
                       set([](auto& q) { q.set_last_day("2999-01-01"); }));
  EXPECT_EQ(agreed.agreement().number(), 1U);
  EXPECT_EQ(agreed.agreement().end_time().seconds(), 32'472'201'600);  // Midnight in Shanghai.
  EXPECT_THAT(set([](auto& q) { q.set_first_day("2999-01-01"); }),
              Refuses(Reason::kAgreementOverlap, "first_day"));
  v1::GetMerchantRequest question;
  question.set_name(scene_.merchant);
  ASSERT_OK_AND_ASSIGN(const v1::GetMerchantResponse shown,
                       Ask(*operator_, &Merchants::GetMerchant, question));
  ASSERT_EQ(shown.merchant().agreements_size(), 1);
  EXPECT_EQ(shown.merchant().agreements(0).settlement_days(), 3U);
  EXPECT_TRUE(shown.merchant().agreements(0).goods_named());
  EXPECT_TRUE(agreed.agreement().goods_named());
  EXPECT_FALSE(shown.merchant().goods_named());
}

TEST_F(MerchantWireTest, AStoreSaysItsZoneOrHasThatOfTheConfiguration) {
  v1::CreateStoreRequest request;
  request.set_parent(scene_.merchant);
  request.set_display_name("Kashgar");
  const auto create = [&](const std::string& id, const std::string& zone) {
    request.set_request_id(NewRequestId(random_));
    request.set_store_id(id);
    request.set_time_zone(zone);
    return Ask(*operator_, &Merchants::CreateStore, request);
  };
  EXPECT_THAT(create("s-7", "Asia/Kashi"), Refuses(Reason::kInvalidField, "time_zone"));
  EXPECT_THAT(create("s-7", "+8"), Refuses(Reason::kInvalidField, "time_zone"));
  ASSERT_OK_AND_ASSIGN(const v1::CreateStoreResponse there, create("s-7", "Asia/Urumqi"));
  EXPECT_EQ(there.store().time_zone(), "Asia/Urumqi");
  ASSERT_OK_AND_ASSIGN(const v1::CreateStoreResponse here, create("s-8", ""));
  EXPECT_EQ(here.store().time_zone(), "Asia/Shanghai");
}

}  // namespace
}  // namespace puhui
