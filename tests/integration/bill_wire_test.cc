// SPDX-License-Identifier: Apache-2.0
// Bills over mutual TLS: from a till to members' apps and back, through a restart and a race.
#include "puhui/v1/pos_service.grpc.pb.h"
#include "puhui/v1/wallet_service.grpc.pb.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/deployment.h"
#include "tests/support/wire/scene.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace puhui {
namespace {

using ledger::Reason;
using PosStub = v1::PosService::Stub;
using WalletStub = v1::WalletService::Stub;

class BillWireTest : public ::testing::Test {
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
    apps_.clear();
    for (const std::string& member : scene_.members) {
      apps_.push_back(
          v1::WalletService::NewStub(deployment_.Connect(absl::StrCat("/member/", member))));
    }
  }
  v1::CreateBillRequest BillWish(std::int64_t points) {
    v1::CreateBillRequest request;
    *request.mutable_till() = scene_.Purchase(++trace_number_, points, random_).till();
    request.set_request_id(NewRequestId(random_));
    request.set_points(points);
    return request;
  }
  v1::CreateBillResponse Present(std::int64_t points) {
    const auto presented = Ask(*till_, &PosStub::CreateBill, BillWish(points));
    EXPECT_OK(presented);
    return presented.ok() ? *presented : v1::CreateBillResponse();
  }
  v1::PayBillRequest PayWish(std::size_t member, const std::string& qr_text) {
    v1::PayBillRequest request;
    request.set_request_id(NewRequestId(random_));
    request.set_name(scene_.members.at(member) + "/wallet");
    request.set_qr_text(qr_text);
    return request;
  }
  absl::StatusOr<v1::PayBillResponse> Pay(std::size_t member, const v1::PayBillRequest& request) {
    return Ask(*apps_.at(member), &WalletStub::PayBill, request);
  }
  absl::StatusOr<v1::GetTransactionResponse> Transaction(const v1::Bill& bill) {
    v1::GetTransactionRequest ask;
    ask.set_terminal(bill.terminal());
    ask.set_retrieval_reference(bill.retrieval_reference());
    return Ask(*till_, &PosStub::GetTransaction, ask);
  }
  std::int64_t Available(std::size_t member) {
    v1::GetWalletRequest request;
    request.set_name(scene_.members.at(member) + "/wallet");
    const auto answer = Ask(*apps_.at(member), &WalletStub::GetWallet, request);
    EXPECT_OK(answer);
    return answer.ok() ? answer->wallet().available_points() : -1;
  }

  Deployment deployment_;
  SeededRandom random_{20'250'405};
  Scene scene_;
  std::unique_ptr<PosStub> till_;
  std::vector<std::unique_ptr<WalletStub>> apps_;
  std::uint32_t trace_number_ = 0;
};

TEST_F(BillWireTest, ABillIsReadPaidAndHeardOfThroughARestart) {
  const v1::CreateBillRequest wish = BillWish(100);
  ASSERT_OK_AND_ASSIGN(const auto presented, Ask(*till_, &PosStub::CreateBill, wish));
  v1::GetBillRequest read;
  read.set_name(scene_.members.front() + "/wallet");
  read.set_qr_text(presented.qr_text());
  ASSERT_OK_AND_ASSIGN(const auto seen, Ask(*apps_.front(), &WalletStub::GetBill, read));
  EXPECT_EQ(seen.merchant(), scene_.merchant);
  EXPECT_FALSE(seen.merchant_display_name().empty());
  EXPECT_TRUE(seen.payable());
  deployment_.KillAndWait();
  ASSERT_OK(deployment_.Start());
  Connect();
  // A lost answer is no lost bill: the same code is shown again.
  ASSERT_OK_AND_ASSIGN(const auto again, Ask(*till_, &PosStub::CreateBill, wish));
  EXPECT_EQ(again.SerializeAsString(), presented.SerializeAsString());
  const v1::PayBillRequest pay = PayWish(0, presented.qr_text());
  ASSERT_OK_AND_ASSIGN(const auto paid, Pay(0, pay));
  EXPECT_EQ(paid.payment().retrieval_reference(), presented.bill().retrieval_reference());
  deployment_.KillAndWait();
  ASSERT_OK(deployment_.Start());
  Connect();
  ASSERT_OK_AND_ASSIGN(const auto paid_again, Pay(0, pay));
  EXPECT_EQ(paid_again.SerializeAsString(), paid.SerializeAsString());
  EXPECT_THAT(Pay(1, PayWish(1, presented.qr_text())), Refuses(Reason::kBillPaid));
  ASSERT_OK_AND_ASSIGN(const auto heard, Transaction(presented.bill()));
  EXPECT_EQ(heard.bill().state(), v1::BILL_STATE_PAID);
  EXPECT_EQ(heard.purchase().points(), 100);
  EXPECT_EQ(Available(0), Scene::kPointsEach - 100);
  // Nothing that the server says or keeps in its log has the token.
  EXPECT_EQ(deployment_.CountInLog(presented.qr_text().substr(24)), 0U);
}

// Two members, and two phones of each, pay the same bills at once: each is paid once.
TEST_F(BillWireTest, OfAllWhoPayAtOnceOneHasPaid) {
  constexpr std::int64_t kPoints = 20;
  constexpr std::size_t kBills = 25;
  std::vector<v1::CreateBillResponse> bills;
  for (std::size_t i = 0; i < kBills; ++i) bills.push_back(Present(kPoints));
  struct Phone {
    std::size_t member;
    std::vector<v1::PayBillRequest> wishes;
    std::size_t paid = 0;
    std::size_t others = 0;
  };
  std::vector<Phone> phones = {{0, {}}, {0, {}}, {1, {}}, {1, {}}};
  for (Phone& phone : phones) {
    for (const v1::CreateBillResponse& bill : bills) {
      phone.wishes.push_back(PayWish(phone.member, bill.qr_text()));
    }
  }
  std::vector<std::thread> threads;
  for (Phone& phone : phones) {
    threads.emplace_back([this, &phone] {
      for (const v1::PayBillRequest& wish : phone.wishes) {
        const auto paid = Pay(phone.member, wish);
        if (paid.ok()) {
          ++phone.paid;
        } else {
          EXPECT_THAT(paid, Refuses(Reason::kBillPaid));
          ++phone.others;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::size_t paid = 0;
  for (const Phone& phone : phones) {
    EXPECT_EQ(phone.paid + phone.others, kBills);
    paid += phone.paid;
  }
  EXPECT_EQ(paid, kBills);
  EXPECT_EQ(Available(0) + Available(1),
            2 * Scene::kPointsEach - kPoints * static_cast<std::int64_t>(kBills));
}

TEST_F(BillWireTest, WhoseCallEachIs) {
  const v1::CreateBillResponse presented = Present(10);
  // A member presents nothing, a till pays nothing, and nobody pays for another.
  const auto app_as_till =
      v1::PosService::NewStub(deployment_.Connect("/member/" + scene_.members.front()));
  EXPECT_THAT(Ask(*app_as_till, &PosStub::CreateBill, BillWish(1)),
              Refuses(Reason::kPermissionDenied));
  const auto till_as_app =
      v1::WalletService::NewStub(deployment_.Connect(scene_.terminal_identity));
  EXPECT_THAT(Ask(*till_as_app, &WalletStub::PayBill, PayWish(0, presented.qr_text())),
              Refuses(Reason::kPermissionDenied));
  const auto hr = v1::WalletService::NewStub(deployment_.Connect("/hr/unions/fh-1"));
  EXPECT_THAT(Ask(*hr, &WalletStub::PayBill, PayWish(0, presented.qr_text())),
              Refuses(Reason::kPermissionDenied));
  EXPECT_THAT(Pay(1, PayWish(0, presented.qr_text())), Refuses(Reason::kNotFound));
  EXPECT_OK(Pay(1, PayWish(1, presented.qr_text())));
}

TEST_F(BillWireTest, ACancelledBillIsHeardOfByBothSides) {
  const v1::CreateBillResponse presented = Present(10);
  v1::ReverseRequest reverse;
  reverse.set_request_id(NewRequestId(random_));
  *reverse.mutable_till() = BillWish(1).till();
  reverse.mutable_original_keys()->set_batch_number(presented.bill().batch_number());
  reverse.mutable_original_keys()->set_trace_number(presented.bill().trace_number());
  ASSERT_OK_AND_ASSIGN(const auto reversed, Ask(*till_, &PosStub::Reverse, reverse));
  EXPECT_EQ(reversed.bill().state(), v1::BILL_STATE_CANCELLED);
  EXPECT_THAT(Pay(0, PayWish(0, presented.qr_text())), Refuses(Reason::kBillCancelled));
  ASSERT_OK_AND_ASSIGN(const auto heard, Transaction(presented.bill()));
  EXPECT_EQ(heard.bill().state(), v1::BILL_STATE_CANCELLED);
  EXPECT_EQ(heard.outcome_case(), v1::GetTransactionResponse::OUTCOME_NOT_SET);
}

}  // namespace
}  // namespace puhui
