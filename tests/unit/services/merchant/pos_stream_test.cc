// SPDX-License-Identifier: Apache-2.0
// Purchases over one stream.
#include "ledger/base/limits.h"
#include "tests/unit/services/merchant/pos_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace puhui::services {
namespace {

using ledger::Reason;

class PosStreamTest : public PosTest {
 protected:
  explicit PosStreamTest(absl::Duration silence_max = kSilenceMax) : PosTest(silence_max) {}
  using Stream = grpc::ClientReaderWriter<v1::PurchaseStreamRequest, v1::PurchaseStreamResponse>;

  v1::PurchaseStreamRequest Wish(std::int64_t points) {
    v1::PurchaseStreamRequest request;
    *request.mutable_purchase() = Call<v1::PurchaseRequest>(kTill);
    request.mutable_purchase()->set_card_number(card_);
    request.mutable_purchase()->set_points(points);
    return request;
  }
  // What each message came to, by its request id: "OK", or the reason.
  static std::map<std::string, std::string> ReadAll(Stream& stream) {
    std::map<std::string, std::string> outcomes;
    v1::PurchaseStreamResponse response;
    while (stream.Read(&response)) {
      outcomes[response.request_id()] =
          response.has_accepted() ? "OK" : ReasonOf(response.refused());
    }
    return outcomes;
  }
  static std::string ReasonOf(const v1::RpcStatus& refused) {
    const absl::Status status =
        FromGrpcStatus(grpc::Status(static_cast<grpc::StatusCode>(refused.code()),
                                    refused.message(), refused.SerializeAsString()));
    const auto refusal = ledger::RefusalOf(status);
    return refusal.has_value() ? std::string(ledger::ReasonName(refusal->reason)) : "none";
  }
};

TEST_F(PosStreamTest, EveryMessageHasItsOwnOutcomeUnderItsRequestId) {
  const auto context = As(kTill);
  const auto stream = pos_->PurchaseStream(context.get());
  std::map<std::string, std::string> expected;
  const auto send = [&](const v1::PurchaseStreamRequest& request, const std::string& outcome) {
    ASSERT_TRUE(stream->Write(request));
    expected[request.purchase().request_id()] = outcome;
  };
  send(Wish(100), "OK");
  send(Wish(kGranted), "INSUFFICIENT_POINTS");
  v1::PurchaseStreamRequest bad = Wish(-1);
  send(bad, "INVALID_FIELD");
  v1::PurchaseStreamRequest foreign = Wish(1);
  foreign.mutable_purchase()->mutable_till()->set_terminal(TerminalOf(kForeignTill));
  send(foreign, "NOT_FOUND");
  v1::PurchaseStreamRequest timeless = Wish(1);
  timeless.mutable_timeout()->set_seconds(-1);
  send(timeless, "INVALID_FIELD");
  v1::PurchaseStreamRequest large = Wish(1);
  large.mutable_purchase()->set_card_number(std::string(kTillMessageBytesMax, '1'));
  send(large, "MESSAGE_TOO_LARGE");
  send(Wish(50), "OK");
  stream->WritesDone();
  EXPECT_EQ(ReadAll(*stream), expected);
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(Wallet().available_points(), kGranted - 150);
}

TEST_F(PosStreamTest, WhatWasSentBeforeIsAnsweredAlikeOnAnyWay) {
  const v1::PurchaseStreamRequest wish = Wish(100);
  const auto once = [&]() -> v1::PurchaseStreamResponse {
    const auto context = As(kTill);
    const auto stream = pos_->PurchaseStream(context.get());
    stream->Write(wish);
    stream->WritesDone();
    v1::PurchaseStreamResponse response;
    EXPECT_TRUE(stream->Read(&response));
    EXPECT_TRUE(stream->Finish().ok());
    return response;
  };
  const v1::PurchaseStreamResponse first = once();
  EXPECT_EQ(once().SerializeAsString(), first.SerializeAsString());
  ASSERT_OK_AND_ASSIGN(const auto unary, Ask(*pos_, &Pos::Purchase, kTill, wish.purchase()));
  EXPECT_EQ(unary.SerializeAsString(), first.accepted().SerializeAsString());
  EXPECT_EQ(Wallet().available_points(), kGranted - 100);
}

TEST_F(PosStreamTest, MoreThanMayBeInFlightWaitAndAreAnsweredAll) {
  const auto context = As(kTill);
  const auto stream = pos_->PurchaseStream(context.get());
  constexpr int kMessages = 1'000;
  // Nothing is read meanwhile, so that the answers hold the messages up.
  std::thread writer([&] {
    for (int i = 0; i < kMessages; ++i) {
      if (!stream->Write(Wish(i < kGranted ? 1 : 2))) break;
    }
    stream->WritesDone();
  });
  std::map<std::string, int> counts;
  for (const auto& [id, outcome] : ReadAll(*stream)) ++counts[outcome];
  writer.join();
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(counts["OK"], kGranted);
  EXPECT_EQ(counts["INSUFFICIENT_POINTS"], kMessages - kGranted);
  EXPECT_EQ(Wallet().available_points(), 0);
}

TEST_F(PosStreamTest, AClientThatLeavesTakesNothingWithIt) {
  const v1::PurchaseStreamRequest wish = Wish(100);
  {
    const auto context = As(kTill);
    const auto stream = pos_->PurchaseStream(context.get());
    EXPECT_TRUE(stream->Write(wish));
    context->TryCancel();
    EXPECT_FALSE(stream->Finish().ok());
  }
  // Whether it had arrived or not, it happens once.
  ASSERT_OK(Ask(*pos_, &Pos::Purchase, kTill, wish.purchase()));
  EXPECT_EQ(Wallet().available_points(), kGranted - 100);
}

class SilentStreamTest : public PosStreamTest {
 protected:
  SilentStreamTest() : PosStreamTest(absl::Milliseconds(20)) {}
};

// Who says nothing holds nothing of the server for ever.
TEST_F(SilentStreamTest, ASilentStreamEnds) {
  const auto context = As(kTill);
  const auto stream = pos_->PurchaseStream(context.get());
  v1::PurchaseStreamResponse response;
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
}

TEST_F(PosStreamTest, WhoMayNotBuyMayNotOpenOne) {
  const auto context = As(kHr);
  const auto stream = pos_->PurchaseStream(context.get());
  v1::PurchaseStreamResponse response;
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::PERMISSION_DENIED);
}

}  // namespace
}  // namespace puhui::services
