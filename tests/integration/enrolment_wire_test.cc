// SPDX-License-Identifier: Apache-2.0
// How merchants and their terminals come in, asked of a real puhuid over mutual TLS: applications,
// enrolment codes, and the certificates of whoever sets tills up and speaks for them.
#include "ledger/core/refusal.h"
#include "puhui/v1/merchant_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "services/rpc/error.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/scene.h"
#include "tests/support/wire/stage.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace puhui {
namespace {

using ledger::Reason;
using Merchants = v1::MerchantService::Stub;
using Till = v1::PosService::Stub;
using ::testing::ElementsAre;

class EnrolmentWireTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    auto scene = Scene::Set(deployment_, {}, &random_);
    ASSERT_OK(scene);
    scene_ = *std::move(scene);
    merchant_ = MerchantsAs(absl::StrCat("/merchant/", scene_.merchant));
    installer_ = MerchantsAs("/installer/people/sun");
  }

  std::unique_ptr<Merchants> MerchantsAs(const std::string& path) {
    return v1::MerchantService::NewStub(deployment_.Connect(path));
  }
  v1::CreateEnrolmentCodeRequest CodeFor(const std::string& terminal) {
    v1::CreateEnrolmentCodeRequest request;
    request.set_request_id(NewRequestId(random_));
    request.set_store(scene_.store);
    request.set_terminal_id(terminal);
    return request;
  }
  std::string CodeOf(const std::string& terminal) {
    const auto made = Ask(*merchant_, &Merchants::CreateEnrolmentCode, CodeFor(terminal));
    return made.ok() ? made->code() : std::string(made.status().message());
  }
  v1::EnrollTerminalRequest Enrolling(const std::string& terminal, const std::string& code) {
    v1::EnrollTerminalRequest request;
    request.set_request_id(NewRequestId(random_));
    request.set_store(scene_.store);
    request.set_terminal_id(terminal);
    request.set_csr_pem(MakeCsr(key_, {}));
    request.set_enrolment_code(code);
    return request;
  }
  absl::StatusOr<v1::EnrollTerminalResponse> Enrol(const v1::EnrollTerminalRequest& request) {
    return Ask(*installer_, &Merchants::EnrollTerminal, request);
  }
  absl::StatusOr<v1::Terminal> Shown(const std::string& terminal) {
    v1::GetTerminalRequest request;
    request.set_name(absl::StrCat(scene_.merchant, "/terminals/", terminal));
    auto response = Ask(*merchant_, &Merchants::GetTerminal, request);
    if (!response.ok()) return response.status();
    return response->terminal();
  }
  absl::StatusOr<v1::PurchaseResponse> Buy(const TestIdentity& identity,
                                           const std::string& terminal) {
    const auto till = v1::PosService::NewStub(deployment_.Connect(identity));
    v1::PurchaseRequest request = scene_.Purchase(++trace_number_, 10, random_);
    request.mutable_till()->set_terminal(terminal);
    return Ask(*till, &Till::Purchase, request);
  }

  SeededRandom random_{20'261'126};
  Deployment deployment_;
  Scene scene_;
  const std::string key_ = MakeKey(TestKey::kP256);
  std::unique_ptr<Merchants> merchant_;
  std::unique_ptr<Merchants> installer_;
  std::uint32_t trace_number_ = 0;
};

TEST_F(EnrolmentWireTest, AnInstallerWithACodeSetsUpATillThatSells) {
  const v1::CreateEnrolmentCodeRequest asked = CodeFor("t-9");
  ASSERT_OK_AND_ASSIGN(const v1::CreateEnrolmentCodeResponse made,
                       Ask(*merchant_, &Merchants::CreateEnrolmentCode, asked));
  EXPECT_EQ(made.code().size(), 19U) << made.code();
  EXPECT_EQ(made.terminal().state(), v1::TERMINAL_STATE_AWAITED);
  const v1::EnrolmentCode& code = made.terminal().enrolment_code();
  EXPECT_EQ(code.state(), v1::ENROLMENT_CODE_STATE_OPEN);
  EXPECT_EQ(code.expire_time().seconds() - code.create_time().seconds(), 24 * 3600);
  // Shown once: all else is answered again.
  ASSERT_OK_AND_ASSIGN(v1::CreateEnrolmentCodeResponse repeated,
                       Ask(*merchant_, &Merchants::CreateEnrolmentCode, asked));
  EXPECT_EQ(repeated.code(), "");
  repeated.set_code(made.code());
  EXPECT_EQ(repeated.SerializeAsString(), made.SerializeAsString());

  const v1::EnrollTerminalRequest request = Enrolling("t-9", made.code());
  ASSERT_OK_AND_ASSIGN(const v1::EnrollTerminalResponse enrolled, Enrol(request));
  EXPECT_EQ(enrolled.terminal().state(), v1::TERMINAL_STATE_ACTIVE);
  ASSERT_OK_AND_ASSIGN(const v1::EnrollTerminalResponse again, Enrol(request));
  EXPECT_EQ(again.SerializeAsString(), enrolled.SerializeAsString());
  TestIdentity till;
  till.key = key_;
  till.certificate = enrolled.certificate_pem();
  EXPECT_OK(Buy(till, absl::StrCat(scene_.merchant, "/terminals/t-9")));
  ASSERT_OK_AND_ASSIGN(const v1::Terminal shown, Shown("t-9"));
  EXPECT_EQ(shown.state(), v1::TERMINAL_STATE_ACTIVE);
  EXPECT_EQ(shown.enrolment_code().state(), v1::ENROLMENT_CODE_STATE_USED);
}

// Status, text and details: nothing tells one from another.
TEST_F(EnrolmentWireTest, AnInstallerCannotTellWhyACodeIsRefused) {
  const std::string good = CodeOf("t-9");
  const std::string of_another = CodeOf("t-8");
  const std::string used = CodeOf("t-7");
  ASSERT_OK(Enrol(Enrolling("t-7", used)));
  const std::string replaced = CodeOf("t-6");
  CodeOf("t-6");
  std::vector<v1::EnrollTerminalRequest> requests = {
      Enrolling("t-9", of_another), Enrolling("t-7", used), Enrolling("t-6", replaced),
      Enrolling("t-5", good), Enrolling(scene_.ids.terminal_id, good)};
  requests.push_back(Enrolling("t-9", good));
  requests.back().set_store("merchants/m-9/stores/s-1");
  requests.push_back(Enrolling("t-9", good));
  requests.back().set_store(absl::StrCat(scene_.merchant, "/stores/s-9"));
  grpc::Status first;
  for (const v1::EnrollTerminalRequest& request : requests) {
    SCOPED_TRACE(request.terminal_id());
    grpc::ClientContext context;
    SetPatience(&context);
    v1::EnrollTerminalResponse response;
    const grpc::Status status = installer_->EnrollTerminal(&context, request, &response);
    EXPECT_THAT(services::FromGrpcStatus(status),
                Refuses(Reason::kEnrolmentCodeRefused, "enrolment_code"));
    if (first.ok()) first = status;
    EXPECT_EQ(status.error_code(), first.error_code());
    EXPECT_EQ(status.error_message(), first.error_message());
    EXPECT_EQ(status.error_details(), first.error_details());
  }
  // Its merchant sees what happened.
  ASSERT_OK_AND_ASSIGN(const v1::Terminal shown, Shown("t-9"));
  EXPECT_EQ(shown.enrolment_code().wrong_codes(), 2U);
  EXPECT_EQ(shown.enrolment_code().state(), v1::ENROLMENT_CODE_STATE_OPEN);
  EXPECT_THAT(Shown("t-5"), Refuses(Reason::kNotFound));
  ASSERT_OK(Enrol(Enrolling("t-9", good)));
}

TEST_F(EnrolmentWireTest, TenWrongCodesAreEnough) {
  const std::string good = CodeOf("t-9");
  const std::string wrong = CodeOf("t-8");
  v1::EnrollTerminalRequest request = Enrolling("t-9", wrong);
  for (int i = 0; i < 10; ++i) {
    request.set_request_id(NewRequestId(random_));
    EXPECT_THAT(Enrol(request), Refuses(Reason::kEnrolmentCodeRefused));
    EXPECT_THAT(Enrol(request), Refuses(Reason::kEnrolmentCodeRefused));  // Counted once.
  }
  EXPECT_THAT(Enrol(Enrolling("t-9", good)), Refuses(Reason::kEnrolmentCodeRefused));
  ASSERT_OK_AND_ASSIGN(const v1::Terminal shown, Shown("t-9"));
  EXPECT_EQ(shown.enrolment_code().wrong_codes(), 10U);
  EXPECT_EQ(shown.enrolment_code().state(), v1::ENROLMENT_CODE_STATE_VOID);
  ASSERT_OK(Enrol(Enrolling("t-9", CodeOf("t-9"))));
}

TEST_F(EnrolmentWireTest, WhatBecameOfACodeSurvivesAKill) {
  const std::string code = CodeOf("t-9");
  const std::string wrong = CodeOf("t-8");
  EXPECT_THAT(Enrol(Enrolling("t-9", wrong)), Refuses(Reason::kEnrolmentCodeRefused));
  const v1::EnrollTerminalRequest request = Enrolling("t-9", code);
  ASSERT_OK_AND_ASSIGN(const v1::EnrollTerminalResponse enrolled, Enrol(request));
  EXPECT_EQ(deployment_.CountInLog(code), 0U);
  ASSERT_OK(deployment_.Start());  // Kills the one that ran.
  merchant_ = MerchantsAs(absl::StrCat("/merchant/", scene_.merchant));
  installer_ = MerchantsAs("/installer/people/sun");
  ASSERT_OK_AND_ASSIGN(const v1::EnrollTerminalResponse again, Enrol(request));
  EXPECT_EQ(again.SerializeAsString(), enrolled.SerializeAsString());
  EXPECT_THAT(Enrol(Enrolling("t-9", code)), Refuses(Reason::kEnrolmentCodeRefused));
  ASSERT_OK_AND_ASSIGN(const v1::Terminal shown, Shown("t-9"));
  EXPECT_EQ(shown.enrolment_code().state(), v1::ENROLMENT_CODE_STATE_USED);
  EXPECT_EQ(shown.enrolment_code().wrong_codes(), 1U);
}

TEST_F(EnrolmentWireTest, AnEnrolmentIsReadByField) {
  const std::string good = CodeOf("t-9");
  const auto refused = [&](auto change, const char* field) {
    v1::EnrollTerminalRequest request = Enrolling("t-9", good);
    change(request);
    EXPECT_THAT(Enrol(request), Refuses(Reason::kInvalidField, field));
  };
  refused([](auto& q) { q.clear_enrolment_code(); }, "enrolment_code");
  refused([](auto& q) { q.set_enrolment_code("0000-0000-0000-0001"); }, "enrolment_code");
  refused([](auto& q) { q.set_enrolment_code("付款码"); }, "enrolment_code");
  refused([](auto& q) { q.set_csr_pem("no request"); }, "csr_pem");
  refused([&](auto& q) { q.set_csr_pem(MakeForgedCsr(key_)); }, "csr_pem");
  refused([](auto& q) { q.set_store("merchants/m-1"); }, "store");
  refused([](auto& q) { q.set_terminal_id("终端"); }, "terminal_id");
  refused([](auto& q) { q.set_request_id(""); }, "request_id");
  // None of that was a guess.
  ASSERT_OK_AND_ASSIGN(const v1::Terminal shown, Shown("t-9"));
  EXPECT_EQ(shown.enrolment_code().wrong_codes(), 0U);
  v1::CreateEnrolmentCodeRequest code = CodeFor(scene_.ids.terminal_id);
  EXPECT_THAT(Ask(*merchant_, &Merchants::CreateEnrolmentCode, code),
              Refuses(Reason::kAlreadyExists, "terminal_id"));
  code = CodeFor("t 1");
  EXPECT_THAT(Ask(*merchant_, &Merchants::CreateEnrolmentCode, code),
              Refuses(Reason::kInvalidField, "terminal_id"));
}

TEST_F(EnrolmentWireTest, TerminalsAndWhatIsAwaitedAreListedByPage) {
  CodeOf("t-9");
  CodeOf("t-0");
  v1::ListTerminalsRequest request;
  request.set_parent(scene_.merchant);
  request.set_page_size(2);
  std::vector<std::string> names;
  do {
    ASSERT_OK_AND_ASSIGN(const v1::ListTerminalsResponse page,
                         Ask(*merchant_, &Merchants::ListTerminals, request));
    for (const v1::Terminal& terminal : page.terminals()) names.push_back(terminal.name());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(names, ElementsAre(absl::StrCat(scene_.merchant, "/terminals/t-0"), scene_.terminal,
                                 absl::StrCat(scene_.merchant, "/terminals/t-9")));
  request.set_page_token("moved");
  EXPECT_THAT(Ask(*merchant_, &Merchants::ListTerminals, request),
              Refuses(Reason::kInvalidField, "page_token"));
}

TEST_F(EnrolmentWireTest, APosBackEndSpeaksForTheTillsOfItsMerchantAndDoesNothingElse) {
  Stage stage(&deployment_, scene_.ids.union_id, &random_);
  ASSERT_OK(stage.EnrollTerminal(scene_.ids.merchant_id, "t-2"));
  ASSERT_OK(stage.OpenMerchant({.id = "m-2"}));
  ASSERT_OK(stage.EnrollTerminal("m-2", "t-1"));
  const std::string path = absl::StrCat("/pos/", scene_.merchant);
  const TestIdentity back_end = deployment_.Identity(path);
  EXPECT_OK(Buy(back_end, scene_.terminal));
  EXPECT_OK(Buy(back_end, absl::StrCat(scene_.merchant, "/terminals/t-2")));
  const auto others = Buy(back_end, "merchants/m-2/terminals/t-1");
  EXPECT_THAT(others, Refuses(Reason::kNotFound));
  EXPECT_EQ(others.status().message(),
            Buy(back_end, "merchants/m-9/terminals/t-1").status().message());
  v1::GetMerchantRequest question;
  question.set_name(scene_.merchant);
  EXPECT_THAT(Ask(*MerchantsAs(path), &Merchants::GetMerchant, question),
              Refuses(Reason::kPermissionDenied));
  EXPECT_THAT(Ask(*MerchantsAs(path), &Merchants::CreateEnrolmentCode, CodeFor("t-9")),
              Refuses(Reason::kPermissionDenied));
}

class ApplicationWireTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    admin_ = As("/union-admin/unions/fh-1/people/wang");
    operator_ = As("/operator/people/zhao");
  }
  std::unique_ptr<Merchants> As(const std::string& path) {
    return v1::MerchantService::NewStub(deployment_.Connect(path));
  }
  v1::ApplyMerchantRequest Application(const std::string& id) {
    v1::ApplyMerchantRequest request;
    request.set_request_id(NewRequestId(random_));
    request.set_merchant_id(id);
    request.set_display_name("惠民书店");
    request.set_category("5942");
    return request;
  }
  v1::DecideMerchantRequest Decision(const std::string& id, bool accept) {
    v1::DecideMerchantRequest request;
    request.set_request_id(NewRequestId(random_));
    request.set_name(absl::StrCat("merchants/", id));
    request.set_decision(accept ? v1::DecideMerchantRequest::DECISION_ACCEPT
                                : v1::DecideMerchantRequest::DECISION_REJECT);
    request.set_reason("现场看过");
    if (accept) request.set_fee_basis_points(80);
    return request;
  }
  std::vector<std::string> Listed(v1::MerchantState state) {
    v1::ListMerchantsRequest request;
    request.set_state(state);
    request.set_page_size(1);
    std::vector<std::string> names;
    do {
      const auto page = Ask(*operator_, &Merchants::ListMerchants, request);
      EXPECT_OK(page);
      if (!page.ok()) break;
      for (const v1::Merchant& merchant : page->merchants()) names.push_back(merchant.name());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return names;
  }

  SeededRandom random_{20'261'127};
  Deployment deployment_;
  std::unique_ptr<Merchants> admin_;
  std::unique_ptr<Merchants> operator_;
};

TEST_F(ApplicationWireTest, AMerchantIsAppliedForAndDecidedOnBySomebodyElse) {
  const v1::ApplyMerchantRequest application = Application("m-1");
  ASSERT_OK_AND_ASSIGN(const v1::ApplyMerchantResponse applied,
                       Ask(*admin_, &Merchants::ApplyMerchant, application));
  EXPECT_EQ(applied.merchant().state(), v1::MERCHANT_STATE_APPLIED);
  EXPECT_EQ(applied.merchant().display_name(), "惠民书店");
  ASSERT_OK(Ask(*admin_, &Merchants::ApplyMerchant, Application("m-2")));
  EXPECT_THAT(Listed(v1::MERCHANT_STATE_APPLIED), ElementsAre("merchants/m-1", "merchants/m-2"));

  const auto same = As("/operator/people/wang");
  EXPECT_THAT(Ask(*same, &Merchants::DecideMerchant, Decision("m-1", true)),
              Refuses(Reason::kSamePerson, "name"));
  const v1::DecideMerchantRequest decision = Decision("m-1", true);
  ASSERT_OK_AND_ASSIGN(const v1::DecideMerchantResponse accepted,
                       Ask(*operator_, &Merchants::DecideMerchant, decision));
  EXPECT_EQ(accepted.merchant().state(), v1::MERCHANT_STATE_ACTIVE);
  EXPECT_EQ(accepted.merchant().fee_basis_points(), 80);
  EXPECT_EQ(accepted.merchant().decide_reason(), "现场看过");
  ASSERT_OK_AND_ASSIGN(const v1::DecideMerchantResponse rejected,
                       Ask(*operator_, &Merchants::DecideMerchant, Decision("m-2", false)));
  EXPECT_EQ(rejected.merchant().state(), v1::MERCHANT_STATE_REJECTED);
  for (const char* id : {"m-1", "m-2"}) {
    for (const bool accept : {true, false}) {
      EXPECT_THAT(Ask(*operator_, &Merchants::DecideMerchant, Decision(id, accept)),
                  Refuses(Reason::kMerchantState, "name"));
    }
  }
  EXPECT_THAT(Listed(v1::MERCHANT_STATE_APPLIED), ElementsAre());
  EXPECT_THAT(Listed(v1::MERCHANT_STATE_REJECTED), ElementsAre("merchants/m-2"));
  EXPECT_THAT(Listed(v1::MERCHANT_STATE_UNSPECIFIED),
              ElementsAre("merchants/m-1", "merchants/m-2"));
  EXPECT_THAT(Ask(*admin_, &Merchants::ApplyMerchant, Application("m-2")),
              Refuses(Reason::kAlreadyExists, "merchant_id"));
  // Repeated calls are answered as they were, whatever happened since.
  ASSERT_OK_AND_ASSIGN(const v1::ApplyMerchantResponse applied_again,
                       Ask(*admin_, &Merchants::ApplyMerchant, application));
  EXPECT_EQ(applied_again.SerializeAsString(), applied.SerializeAsString());
  ASSERT_OK_AND_ASSIGN(const v1::DecideMerchantResponse accepted_again,
                       Ask(*operator_, &Merchants::DecideMerchant, decision));
  EXPECT_EQ(accepted_again.SerializeAsString(), accepted.SerializeAsString());
}

TEST_F(ApplicationWireTest, ApplicationsAndDecisionsAreReadByField) {
  const auto applied = [&](auto change, const char* field) {
    v1::ApplyMerchantRequest request = Application("m-1");
    change(request);
    EXPECT_THAT(Ask(*admin_, &Merchants::ApplyMerchant, request),
                Refuses(Reason::kInvalidField, field));
  };
  applied([](auto& q) { q.set_merchant_id("惠民"); }, "merchant_id");
  applied([](auto& q) { q.set_display_name(""); }, "display_name");
  applied([](auto& q) { q.set_display_name(std::string(129, 'x')); }, "display_name");
  applied([](auto& q) { q.set_category("food"); }, "category");
  applied([](auto& q) { q.set_request_id("1"); }, "request_id");
  const auto decided = [&](bool accept, auto change, const char* field) {
    v1::DecideMerchantRequest request = Decision("m-1", accept);
    change(request);
    EXPECT_THAT(Ask(*operator_, &Merchants::DecideMerchant, request),
                Refuses(Reason::kInvalidField, field));
  };
  decided(
      true, [](auto& q) { q.set_name("m-1"); }, "name");
  decided(
      true, [](auto& q) { q.clear_decision(); }, "decision");
  decided(
      true, [](auto& q) { q.set_fee_basis_points(10'001); }, "fee_basis_points");
  decided(
      true, [](auto& q) { q.set_reason("two\nlines"); }, "reason");
  decided(
      false, [](auto& q) { q.clear_reason(); }, "reason");
  decided(
      false, [](auto& q) { q.set_fee_basis_points(1); }, "fee_basis_points");
  decided(
      false, [](auto& q) { q.set_balance_shown(true); }, "balance_shown");
  decided(
      false, [](auto& q) { q.set_goods_named(true); }, "goods_named");
  EXPECT_THAT(Ask(*operator_, &Merchants::DecideMerchant, Decision("m-1", true)),
              Refuses(Reason::kNotFound));
  v1::ListMerchantsRequest list;
  list.set_state(static_cast<v1::MerchantState>(99));
  EXPECT_THAT(Ask(*operator_, &Merchants::ListMerchants, list),
              Refuses(Reason::kInvalidField, "state"));
}

}  // namespace
}  // namespace puhui
