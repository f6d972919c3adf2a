// SPDX-License-Identifier: Apache-2.0
// Payment codes over mutual TLS: from a member's app to a till, through a restart, and for nobody
// else.
#include "merchant/app/device_keys.h"
#include "merchant/core/device_code.h"
#include "merchant/core/payment_code.h"
#include "puhui/v1/admin_service.grpc.pb.h"
#include "puhui/v1/device_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "puhui/v1/wallet_service.grpc.pb.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/deployment.h"
#include "tests/support/wire/forwarder.h"
#include "tests/support/wire/scene.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace puhui {
namespace {

using ledger::Reason;
using PosStub = v1::PosService::Stub;
using WalletStub = v1::WalletService::Stub;

class PaymentCodeWireTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    auto scene = Scene::Set(deployment_, {}, &random_);
    ASSERT_OK(scene);
    scene_ = *std::move(scene);
    Connect();
  }
  void Connect() {
    till_ = v1::PosService::NewStub(deployment_.Connect(scene_.terminal_identity));
    app_ = v1::WalletService::NewStub(
        deployment_.Connect(absl::StrCat("/member/", scene_.members.front())));
  }
  absl::StatusOr<v1::CreatePaymentCodeResponse> CreateCode(WalletStub& stub,
                                                           const std::string& member) {
    v1::CreatePaymentCodeRequest request;
    request.set_name(member + "/wallet");
    return Ask(stub, &WalletStub::CreatePaymentCode, request);
  }
  std::string Code() {
    const auto made = CreateCode(*app_, scene_.members.front());
    EXPECT_OK(made);
    return made.ok() ? made->payment_code() : "";
  }
  v1::PurchaseRequest WithCode(const std::string& code, std::int64_t points = 10) {
    v1::PurchaseRequest request = scene_.Purchase(++trace_number_, points, random_);
    request.clear_card_number();
    request.set_payment_code(code);
    return request;
  }
  absl::StatusOr<v1::PurchaseResponse> Pay(const v1::PurchaseRequest& request) {
    return Ask(*till_, &PosStub::Purchase, request);
  }

  Deployment deployment_;
  SeededRandom random_{20'250'321};
  Scene scene_;
  std::unique_ptr<PosStub> till_;
  std::unique_ptr<WalletStub> app_;
  std::uint32_t trace_number_ = 0;
};

TEST_F(PaymentCodeWireTest, ACodePaysOnceAndARepeatGetsTheSameAnswer) {
  const std::string code = Code();
  EXPECT_EQ(code.size(), 18U);
  EXPECT_EQ(code.substr(0, 2), "77");
  const v1::PurchaseRequest request = WithCode(code);
  ASSERT_OK_AND_ASSIGN(const v1::PurchaseResponse paid, Pay(request));
  EXPECT_EQ(paid.purchase().points(), 10);
  EXPECT_EQ(paid.purchase().masked_card().substr(12), scene_.cards.front().substr(12));
  EXPECT_THAT(Pay(WithCode(code)), Refuses(Reason::kPaymentCodeUsed));
  ASSERT_OK_AND_ASSIGN(const v1::PurchaseResponse again, Pay(request));
  EXPECT_EQ(again.SerializeAsString(), paid.SerializeAsString());
  // Nothing that the server says or keeps in its log has the digits.
  EXPECT_EQ(deployment_.CountInLog(code), 0U);
}

// The code is used by then, and yet the call that used it is answered, over this line or another.
TEST_F(PaymentCodeWireTest, ACallWhoseAnswerWasLostIsAnsweredThoughItsCodeIsUsed) {
  const v1::PurchaseRequest request = WithCode(Code());
  v1::GetTransactionRequest status;
  status.set_terminal(scene_.terminal);
  status.set_request_id(request.request_id());
  Forwarder line(deployment_.port(),
                 [&](std::uint64_t) { return Ask(*till_, &PosStub::GetTransaction, status).ok(); });
  const auto far_till =
      v1::PosService::NewStub(deployment_.ConnectTo(line.port(), scene_.terminal_identity));
  EXPECT_THAT(Ask(*far_till, &PosStub::Purchase, request).status(),
              HasCode(absl::StatusCode::kUnavailable));
  ASSERT_TRUE(line.lost()) << "the answer was not lost";
  EXPECT_THAT(Pay(WithCode(request.payment_code())), Refuses(Reason::kPaymentCodeUsed));
  ASSERT_OK_AND_ASSIGN(const v1::PurchaseResponse first, Pay(request));
  EXPECT_EQ(first.purchase().points(), 10);
  EXPECT_EQ(first.purchase().state(), v1::PURCHASE_STATE_CAPTURED);
  ASSERT_OK_AND_ASSIGN(const v1::PurchaseResponse again,
                       Ask(*far_till, &PosStub::Purchase, request));
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  v1::GetWalletRequest ask;
  ask.set_name(scene_.members.front() + "/wallet");
  ASSERT_OK_AND_ASSIGN(const v1::GetWalletResponse wallet, Ask(*app_, &WalletStub::GetWallet, ask));
  EXPECT_EQ(wallet.wallet().available_points(), Scene::kPointsEach - 10);
}

TEST_F(PaymentCodeWireTest, ARestartEndsUnusedCodesAndRemembersUsedOnesAndBlocks) {
  const std::string used = Code();
  const std::string unused = Code();
  const v1::PurchaseRequest request = WithCode(used);
  ASSERT_OK_AND_ASSIGN(const v1::PurchaseResponse paid, Pay(request));
  deployment_.KillAndWait();
  ASSERT_OK(deployment_.Start());
  Connect();
  EXPECT_THAT(Pay(WithCode(used)), Refuses(Reason::kPaymentCodeUsed));
  EXPECT_THAT(Pay(WithCode(unused)), Refuses(Reason::kPaymentCodeUnknown));
  ASSERT_OK_AND_ASSIGN(const v1::PurchaseResponse again, Pay(request));
  EXPECT_EQ(again.SerializeAsString(), paid.SerializeAsString());
  for (int i = 0; i < 9; ++i) {
    EXPECT_THAT(Pay(WithCode(unused)), Refuses(Reason::kPaymentCodeUnknown));
  }
  EXPECT_THAT(Pay(WithCode(Code())), Refuses(Reason::kPaymentCodesBlocked));
  deployment_.KillAndWait();
  ASSERT_OK(deployment_.Start());
  Connect();
  EXPECT_THAT(Pay(WithCode(Code())), Refuses(Reason::kPaymentCodesBlocked));
  // A card is read as before.
  EXPECT_OK(Pay(scene_.Purchase(++trace_number_, 1, random_)));
}

TEST_F(PaymentCodeWireTest, AnAuthorizationTakesACodeToo) {
  v1::AuthorizeRequest request;
  request.set_request_id(NewRequestId(random_));
  *request.mutable_till() = WithCode("").till();
  request.set_payment_code(Code());
  request.set_points(25);
  ASSERT_OK_AND_ASSIGN(const v1::AuthorizeResponse held, Ask(*till_, &PosStub::Authorize, request));
  EXPECT_EQ(held.authorization().points(), 25);
  EXPECT_THAT(Pay(WithCode(request.payment_code())), Refuses(Reason::kPaymentCodeUsed));
}

TEST_F(PaymentCodeWireTest, WhatIsNoCodeIsNamedByItsField) {
  EXPECT_THAT(Pay(WithCode("13" + Code().substr(2))), Refuses(Reason::kPaymentCodeForeign));
  for (const char* digits :
       {"7", "77012345678901234", "7701234567890123456", "77012345678901234x"}) {
    EXPECT_THAT(Pay(WithCode(digits)), Refuses(Reason::kInvalidField, "payment_code")) << digits;
  }
  EXPECT_THAT(Pay(WithCode("")), Refuses(Reason::kInvalidField, "card_number"));
  v1::PurchaseRequest both = WithCode(Code());
  both.set_card_number(scene_.cards.front());
  EXPECT_THAT(Pay(both), Refuses(Reason::kInvalidField, "payment_code"));
}

TEST_F(PaymentCodeWireTest, AMemberMakesCodesOfTheirOwnOnly) {
  EXPECT_THAT(CreateCode(*app_, scene_.members.back()), Refuses(Reason::kNotFound));
  const auto hr = v1::WalletService::NewStub(deployment_.Connect("/hr/unions/fh-1"));
  EXPECT_THAT(CreateCode(*hr, scene_.members.front()), Refuses(Reason::kPermissionDenied));
}

class DeviceWireTest : public PaymentCodeWireTest {
 protected:
  void SetUp() override {
    PaymentCodeWireTest::SetUp();
    devices_ = v1::DeviceService::NewStub(
        deployment_.Connect(absl::StrCat("/member/", scene_.members.front())));
  }
  v1::EnrolDeviceRequest EnrolWish() {
    v1::EnrolDeviceRequest request;
    request.set_request_id(NewRequestId(random_));
    request.set_parent(scene_.members.front());
    return request;
  }
  absl::StatusOr<v1::RevokeDeviceResponse> Revoke(const std::string& name) {
    v1::RevokeDeviceRequest request;
    request.set_request_id(NewRequestId(random_));
    request.set_name(name);
    return Ask(*devices_, &v1::DeviceService::Stub::RevokeDevice, request);
  }
  // What the member's app computes, from what it was given.
  static std::string CodeOf(const v1::EnrolDeviceResponse& device) {
    const std::string& name = device.device().name();
    std::uint32_t number = 0;
    EXPECT_TRUE(absl::SimpleAtoi(name.substr(name.rfind('/') + 1), &number)) << name;
    return merchant::PaymentCodeOf(
        device.payment_code_prefix(),
        merchant::NumberOf(merchant::ComputeDeviceCode(number, device.secret(), device.cohort_key(),
                                                       merchant::StepAt(absl::Now()))));
  }

  std::unique_ptr<v1::DeviceService::Stub> devices_;
};

TEST_F(DeviceWireTest, ADevicePaysWithoutANetworkUntilItIsRevoked) {
  const v1::EnrolDeviceRequest wish = EnrolWish();
  ASSERT_OK_AND_ASSIGN(const v1::EnrolDeviceResponse device,
                       Ask(*devices_, &v1::DeviceService::Stub::EnrolDevice, wish));
  EXPECT_EQ(device.secret().size(), 32U);
  // A lost answer is no lost device.
  ASSERT_OK_AND_ASSIGN(const v1::EnrolDeviceResponse again,
                       Ask(*devices_, &v1::DeviceService::Stub::EnrolDevice, wish));
  EXPECT_EQ(again.SerializeAsString(), device.SerializeAsString());
  const std::string code = CodeOf(device);
  ASSERT_OK_AND_ASSIGN(const v1::PurchaseResponse paid, Pay(WithCode(code)));
  EXPECT_EQ(paid.purchase().points(), 10);
  EXPECT_THAT(Pay(WithCode(code)), Refuses(Reason::kPaymentCodeUsed));
  v1::ListDevicesRequest ask;
  ask.set_parent(scene_.members.front());
  ASSERT_OK_AND_ASSIGN(const v1::ListDevicesResponse list,
                       Ask(*devices_, &v1::DeviceService::Stub::ListDevices, ask));
  ASSERT_EQ(list.devices_size(), 1);
  EXPECT_EQ(list.devices(0).name(), device.device().name());
  ASSERT_OK_AND_ASSIGN(const v1::EnrolDeviceResponse lost,
                       Ask(*devices_, &v1::DeviceService::Stub::EnrolDevice, EnrolWish()));
  ASSERT_OK(Revoke(lost.device().name()));
  EXPECT_THAT(Pay(WithCode(CodeOf(lost))), Refuses(Reason::kDeviceRevoked));
  EXPECT_THAT(Revoke(scene_.members.front() + "/devices/1"),
              Refuses(Reason::kInvalidField, "name"));
  EXPECT_THAT(Revoke(absl::StrCat(scene_.members.back(), "/devices/00000001")),
              Refuses(Reason::kNotFound));
}

TEST_F(PaymentCodeWireTest, LimitsThatAnOperatorSetsAreHeardAtTheTill) {
  const auto admin = v1::AdminService::NewStub(deployment_.Connect("/operator"));
  v1::SetLimitsRequest set;
  set.set_request_id(NewRequestId(random_));
  set.mutable_limits()->set_subject(v1::LIMIT_SUBJECT_TERMINAL);
  set.mutable_limits()->set_name(scene_.terminal);
  v1::Limit& limit = *set.mutable_limits()->add_limits();
  limit.set_window(v1::LIMIT_WINDOW_DAY);
  limit.set_points_max(15);
  ASSERT_OK_AND_ASSIGN(const v1::SetLimitsResponse done,
                       Ask(*admin, &v1::AdminService::Stub::SetLimits, set));
  EXPECT_NE(done.limits().change_sequence(), 0U);
  EXPECT_OK(Pay(WithCode(Code())));
  const v1::PurchaseRequest over = WithCode(Code());
  const auto refused = Pay(over);
  EXPECT_THAT(refused, Refuses(Reason::kTerminalLimit));
  EXPECT_THAT(ledger::RefusalOf(refused.status())->metadata,
              ::testing::UnorderedElementsAre(::testing::Pair("window", "DAY"),
                                              ::testing::Pair("measure", "POINTS")));
  v1::GetLimitsRequest get;
  get.set_subject(v1::LIMIT_SUBJECT_TERMINAL);
  get.set_name(scene_.terminal);
  ASSERT_OK_AND_ASSIGN(const v1::GetLimitsResponse got,
                       Ask(*admin, &v1::AdminService::Stub::GetLimits, get));
  EXPECT_EQ(got.limits().SerializeAsString(), done.limits().SerializeAsString());
  // Everything that is wrong with a wish is named.
  const auto wrong = [&](const std::function<void(v1::Limits&)>& spoil) {
    v1::SetLimitsRequest request = set;
    request.set_request_id(NewRequestId(random_));
    spoil(*request.mutable_limits());
    return Ask(*admin, &v1::AdminService::Stub::SetLimits, request).status();
  };
  EXPECT_THAT(wrong([](v1::Limits& l) { l.clear_subject(); }),
              Refuses(Reason::kInvalidField, "limits.subject"));
  EXPECT_THAT(wrong([](v1::Limits& l) { l.set_name("merchants/m-1"); }),
              Refuses(Reason::kInvalidField, "limits.name"));
  EXPECT_THAT(wrong([](v1::Limits& l) { l.set_subject(v1::LIMIT_SUBJECT_CARD); }),
              Refuses(Reason::kInvalidField, "limits.name"));
  EXPECT_THAT(wrong([](v1::Limits& l) { l.set_name("merchants/m-1/terminals/t-99"); }),
              Refuses(Reason::kNotFound));
  EXPECT_THAT(wrong([](v1::Limits& l) { l.mutable_limits(0)->clear_window(); }),
              Refuses(Reason::kInvalidField, "limits.limits[0].window"));
  EXPECT_THAT(wrong([](v1::Limits& l) { l.mutable_limits(0)->set_points_max(-1); }),
              Refuses(Reason::kInvalidField, "limits.limits[0].points_max"));
  EXPECT_THAT(wrong([](v1::Limits& l) { l.mutable_limits(0)->clear_points_max(); }),
              Refuses(Reason::kInvalidField, "limits.limits[0].count_max"));
  EXPECT_THAT(wrong([](v1::Limits& l) { *l.add_limits() = l.limits(0); }),
              Refuses(Reason::kInvalidField, "limits.limits[1].window"));
}

}  // namespace
}  // namespace puhui
