// SPDX-License-Identifier: Apache-2.0
// How a real puhuid starts and stops: told to stop amid work, and on a full disk.
#include "ledger/crypto/hash.h"
#include "puhui/v1/admin_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "puhui/v1/wallet_service.grpc.pb.h"
#include "services/admin/verification.h"
#include "tests/integration/raw_call.h"
#include "tests/integration/roster_file.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/scene.h"
#include "tests/support/wire/stage.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace puhui {
namespace {

using ledger::Reason;
using PosStub = v1::PosService::Stub;

class ServerLifecycleTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    ASSERT_OK_AND_ASSIGN(scene_, Scene::Set(deployment_, {}, &random_));
  }
  std::unique_ptr<PosStub> Till() const {
    return v1::PosService::NewStub(deployment_.Connect(scene_.terminal_identity));
  }
  absl::StatusOr<v1::GetStatusResponse> Status() const {
    const auto admin = v1::AdminService::NewStub(deployment_.Connect("/operator"));
    return Ask(*admin, &v1::AdminService::Stub::GetStatus, v1::GetStatusRequest());
  }
  v1::GetTransactionRequest ByRequestId(const std::string& request_id) const {
    v1::GetTransactionRequest request;
    request.set_terminal(scene_.terminal);
    request.set_request_id(request_id);
    return request;
  }

  Deployment deployment_;
  SeededRandom random_{20'250'108};
  Scene scene_;
};

// Buys until nobody answers, and remembers what was answered.
class Buyer {
 public:
  struct Call {
    v1::PurchaseRequest request;
    bool answered = false;
  };
  Buyer(std::unique_ptr<PosStub> till, const Scene* scene, std::uint32_t first_trace_number)
      : till_(std::move(till)),
        scene_(*scene),
        random_(first_trace_number),
        trace_number_(first_trace_number) {}

  void Play(std::atomic<int>* answered) {
    do {
      calls_.push_back({.request = scene_.Purchase(trace_number_++, 1, random_)});
      calls_.back().answered = Ask(*till_, &PosStub::Purchase, calls_.back().request).ok();
      answered->fetch_add(1);
    } while (calls_.back().answered);
    till_ = nullptr;  // The server waits for connections to close.
  }
  const std::vector<Call>& calls() const { return calls_; }

 private:
  std::unique_ptr<PosStub> till_;
  const Scene& scene_;
  SeededRandom random_;
  std::uint32_t trace_number_;
  std::vector<Call> calls_;
};

TEST_F(ServerLifecycleTest, ToldToStopItAnswersWhatItTookAndTakesNothingMore) {
  std::vector<std::unique_ptr<Buyer>> buyers;
  for (std::uint32_t i = 0; i < 4; ++i) {
    buyers.push_back(std::make_unique<Buyer>(Till(), &scene_, 1 + i * 10'000));
  }
  std::atomic<int> answered = 0;
  {
    std::vector<std::jthread> threads;
    for (const auto& buyer : buyers) {
      threads.emplace_back([&buyer, &answered] { buyer->Play(&answered); });
    }
    while (answered.load() < 100) std::this_thread::yield();
    EXPECT_OK(deployment_.Stop());
  }
  ASSERT_OK(deployment_.Start());
  const auto till = Till();
  std::size_t carried_out = 0;
  for (const auto& buyer : buyers) {
    for (const Buyer::Call& call : buyer->calls()) {
      // Nothing was done without saying so.
      const auto found =
          Ask(*till, &PosStub::GetTransaction, ByRequestId(call.request.request_id()));
      EXPECT_EQ(found.ok(), call.answered) << found.status();
      if (found.ok()) ++carried_out;
    }
  }
  EXPECT_GE(carried_out, 96U);
  const auto wallets = v1::WalletService::NewStub(deployment_.Connect("/auditor"));
  v1::GetWalletRequest ask;
  ask.set_name(absl::StrCat(scene_.members.front(), "/wallet"));
  ASSERT_OK_AND_ASSIGN(const auto wallet, Ask(*wallets, &v1::WalletService::Stub::GetWallet, ask));
  EXPECT_EQ(wallet.wallet().available_points(),
            Scene::kPointsEach - static_cast<std::int64_t>(carried_out));
}

TEST_F(ServerLifecycleTest, ToldToStopItWaitsForACallThatIsStillComingIn) {
  constexpr std::size_t kPeople = 100;
  const std::string file = RosterFile(1'001, kPeople);
  std::jthread stopping;
  {
    const auto channel = deployment_.Connect("/hr/unions/fh-1");
    const auto members = v1::MemberService::NewStub(channel);
    grpc::ClientContext context;
    SetPatience(&context);
    const auto stream = members->ImportMembers(&context);
    v1::ImportMembersRequest message;
    message.mutable_start()->set_union_("unions/fh-1");
    message.mutable_start()->set_size_bytes(file.size());
    message.mutable_start()->set_sha256(ledger::ToHex(ledger::Sha256().Digest(file)));
    message.mutable_start()->set_only_refused(true);
    ASSERT_TRUE(stream->Write(message));
    message.set_chunk(file.substr(0, file.size() / 2));
    ASSERT_TRUE(stream->Write(message));
    // An answer on the same connection: the server has the beginning.
    v1::GetMemberRequest ask;
    ask.set_name(scene_.members.front());
    ASSERT_OK(Ask(*members, &v1::MemberService::Stub::GetMember, ask));
    stopping = std::jthread([this] { EXPECT_OK(deployment_.Stop()); });
    ASSERT_OK(deployment_.AwaitLog("stopping on signal", 1));
    message.set_chunk(file.substr(file.size() / 2));
    ASSERT_TRUE(stream->Write(message));
    stream->WritesDone();
    v1::ImportMembersResponse last;
    for (v1::ImportMembersResponse answer; stream->Read(&answer);) last = answer;
    const grpc::Status status = stream->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(last.summary().created(), kPeople);
  }
  stopping.join();
  ASSERT_OK_AND_ASSIGN(const auto report,
                       services::VerifyDataDirectory(deployment_.data_directory(), nullptr, {}));
  EXPECT_TRUE(report.ok()) << report.findings.front();
}

TEST_F(ServerLifecycleTest, WhatAKilledVerificationLeftGoesWithTheNextStart) {
  ASSERT_OK(deployment_.Stop());
  const std::string left = absl::StrCat(deployment_.data_directory(), "/puhui-verify-killed");
  std::filesystem::create_directories(left + "/below");
  ASSERT_OK(deployment_.Start());
  EXPECT_FALSE(std::filesystem::exists(left));
}

TEST_F(ServerLifecycleTest, OnAFullDiskReadsGoOnAndWritesAreRefusedUntilThereIsRoom) {
  const v1::PurchaseRequest before = scene_.Purchase(1, 10, random_);
  ASSERT_OK(Ask(*Till(), &PosStub::Purchase, before));
  ASSERT_OK(deployment_.Stop());
  // No disk of any machine has so much free, so it is as if this one were full.
  deployment_.Configure({.disk_reserve_mib = 4'000'000'000});
  ASSERT_OK(deployment_.Start());
  ASSERT_OK_AND_ASSIGN(v1::GetStatusResponse status, Status());
  while (status.accepting_writes()) {
    ASSERT_OK_AND_ASSIGN(status, Status());
  }
  EXPECT_FALSE(status.detail().empty());
  const v1::PurchaseRequest during = scene_.Purchase(2, 10, random_);
  {
    const auto till = Till();
    EXPECT_THAT(Ask(*till, &PosStub::Purchase, during), Refuses(Reason::kUnavailable));
    EXPECT_OK(Ask(*till, &PosStub::GetTransaction, ByRequestId(before.request_id())));
    EXPECT_THAT(Ask(*till, &PosStub::GetTransaction, ByRequestId(during.request_id())),
                Refuses(Reason::kNotFound));
  }
  {
    Stage stage(&deployment_, "fh-1", &random_);
    EXPECT_THAT(stage.Fund(1), HasCode(absl::StatusCode::kUnavailable));
    EXPECT_THAT(stage.EnrolMembers(2'000, 1), HasCode(absl::StatusCode::kUnavailable));
  }
  ASSERT_OK(deployment_.Stop());
  deployment_.Configure({});
  ASSERT_OK(deployment_.Start());
  ASSERT_OK_AND_ASSIGN(status, Status());
  EXPECT_TRUE(status.accepting_writes());
  EXPECT_OK(Ask(*Till(), &PosStub::Purchase, during));
}

TEST_F(ServerLifecycleTest, ReflectionAnswersOnlyWhenItIsSwitchedOn) {
  constexpr char kMethod[] = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
  const auto ask = [&] {
    return CallRaw(deployment_.Connect("/operator"), kMethod, {""}).error_code();
  };
  EXPECT_EQ(ask(), grpc::StatusCode::UNIMPLEMENTED);
  deployment_.Configure({.reflection = true});
  ASSERT_OK(deployment_.Start());
  EXPECT_EQ(ask(), grpc::StatusCode::OK);
}

}  // namespace
}  // namespace puhui
