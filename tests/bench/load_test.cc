// SPDX-License-Identifier: Apache-2.0
// The load client and the echo are what figures are made of; here they only have to work.
#include "tests/bench/load.h"

#include "ledger/crypto/durable_file.h"
#include "merchant/core/device_code.h"
#include "tests/bench/accounts.h"
#include "tests/bench/code_turns.h"
#include "tests/bench/connections.h"
#include "tests/bench/echo_calls.h"
#include "tests/bench/echo_server.h"
#include "tests/bench/sync_probe.h"
#include "tests/support/pki/test_pki.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <numeric>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace puhui::bench {
namespace {

constexpr std::size_t kConnections = 4;
// Only so that something broken fails instead of hanging.
constexpr absl::Duration kPatience = absl::Minutes(2);

class EchoLoadTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Write("ca.pem", authority_.certificate());
    Write("client-ca.pem", authority_.certificate());
    Write("server", authority_.IssueServer());
    for (std::size_t i = 0; i < kConnections; ++i) {
      Write(MerchantOf(i), authority_.IssueClient(absl::StrCat(
                               "spiffe://bench.test/merchant/merchants/", MerchantOf(i))));
    }
    ASSERT_OK_AND_ASSIGN(echo_, EchoServer::Start({.chain = dir_.Join("server.pem"),
                                                   .key = dir_.Join("server.key"),
                                                   .client_ca = dir_.Join("client-ca.pem")}));
  }
  void Write(const std::string& name, const std::string& text) {
    ASSERT_OK(ledger::WriteFileDurably(dir_.Join(name), text));
  }
  void Write(const std::string& name, const TestIdentity& identity) {
    Write(name + ".pem", identity.certificate);
    Write(name + ".key", identity.key);
  }
  LoadReport Run(const LoadOptions& options) {
    std::vector<std::shared_ptr<grpc::Channel>> channels;
    for (std::size_t i = 0; i < options.connections; ++i) {
      auto channel = Connect(echo_->port(), dir_.path(), MerchantOf(i));
      EXPECT_OK(channel);
      channels.push_back(*std::move(channel));
    }
    EchoCalls calls(std::move(channels));
    return RunLoad(options, &calls);
  }

  const TempDir dir_;
  const TestAuthority authority_{"bench"};
  std::unique_ptr<EchoServer> echo_;
};

LoadOptions Calls(std::uint64_t calls) {
  LoadOptions options{.connections = kConnections, .in_flight = 16, .calls_max = calls};
  options.duration = kPatience;
  return options;
}

TEST_F(EchoLoadTest, EveryCallOfABoundedLoadIsAnsweredAndMeasured) {
  const LoadReport report = Run(Calls(1'000));
  EXPECT_EQ(report.answered, 1'000U);
  EXPECT_EQ(report.failed, 0U) << report.first_failure;
  EXPECT_EQ(report.latencies.size(), 1'000U);
  EXPECT_GT(report.seconds, 0);
  EXPECT_GT(report.calls_per_second(), 0);
}

TEST_F(EchoLoadTest, AnEchoIsAsLargeAsAPurchase) {
  const LoadReport report = Run(Calls(kConnections));
  EXPECT_EQ(report.request_bytes, kPurchaseRequestBytes);
  EXPECT_EQ(report.answer_bytes, kPurchaseAnswerBytes);
}

TEST_F(EchoLoadTest, APacedLoadStartsNoCallBeforeItIsDue) {
  LoadOptions options = Calls(200);
  options.calls_per_second = 2'000;
  const LoadReport report = Run(options);
  EXPECT_EQ(report.answered, 200U);
  // The last call is due when 198 intervals of half a millisecond have passed, on either thread.
  EXPECT_GE(report.seconds, 0.098);
}

TEST_F(EchoLoadTest, AMilestoneIsReachedOnce) {
  LoadOptions options = Calls(300);
  int reached = 0;
  options.milestone = 200;
  options.at_milestone = [&reached] { ++reached; };
  Run(options);
  EXPECT_EQ(reached, 1);
}

TEST_F(EchoLoadTest, FailuresAreCountedAndEndALoadThatWantsIt) {
  LoadOptions options = Calls(1'000);
  options.stop_at_failure = true;
  options.milestone = 100;
  options.at_milestone = [this] { echo_.reset(); };
  const LoadReport report = Run(options);
  EXPECT_GE(report.answered, 100U);
  EXPECT_GE(report.failed, 1U);
  EXPECT_LT(report.answered + report.failed, 1'000U);
  EXPECT_FALSE(report.first_failure.empty());
}

TEST(LoadReportTest, APercentileIsTheValueThatSoManyDidNotExceed) {
  LoadReport report;
  EXPECT_EQ(report.Percentile(0.5), 0U);
  report.latencies.resize(200);
  std::iota(report.latencies.begin(), report.latencies.end(), 1U);
  EXPECT_EQ(report.Percentile(0.5), 100U);
  EXPECT_EQ(report.Percentile(0.99), 198U);
  EXPECT_EQ(report.Percentile(0), 1U);
  EXPECT_EQ(report.Percentile(1), 200U);
}

TEST(AccountsTest, WhatIsWrittenIsRead) {
  const TempDir dir;
  const Accounts written{
      .terminals = {"merchants/m-1/terminals/t-0", "merchants/m-10/terminals/t-0"},
      .cards = {"8800000000000006"},
      .members = {"members/01J000000000HG00000000M71G"},
      .offers = {"offers/1"},
      .code_prefix = "77",
      .devices = {{.number = 7, .secret = std::string("\0\n\xFF", 3), .cohort_key = "key"},
                  {.number = 99'999'999, .secret = " ", .cohort_key = ":"}}};
  ASSERT_OK(WriteAccounts(written, dir.Join("accounts")));
  ASSERT_OK_AND_ASSIGN(const Accounts read, ReadAccounts(dir.Join("accounts")));
  EXPECT_EQ(read.terminals, written.terminals);
  EXPECT_EQ(read.cards, written.cards);
  EXPECT_EQ(read.members, written.members);
  EXPECT_EQ(read.offers, written.offers);
  EXPECT_EQ(read.code_prefix, written.code_prefix);
  EXPECT_EQ(read.devices, written.devices);
  EXPECT_THAT(read.TerminalsOf("m-1"), ::testing::ElementsAre("merchants/m-1/terminals/t-0"));
  EXPECT_THAT(ReadAccounts(dir.Join("absent")), HasCode(absl::StatusCode::kNotFound));
}

// Takes what there is every few milliseconds, for all connections of one load.
class TurnsTaken {
 public:
  explicit TurnsTaken(std::size_t devices) : devices_(devices) {}

  void Load(std::size_t connections, absl::Time start, absl::Duration lasts) {
    std::vector<CodeTurns> shares;
    for (std::size_t i = 0; i < connections; ++i) {
      shares.emplace_back(CodeTurns::Share{i, connections, devices_}, start);
    }
    for (absl::Time now = start; now < start + lasts; now += absl::Milliseconds(7)) {
      for (CodeTurns& share : shares) {
        while (const auto turn = share.Take(now)) Count(*turn, now);
      }
    }
  }
  std::size_t count() const { return taken_.size(); }

 private:
  void Count(const CodeTurns::Turn& turn, absl::Time now) {
    EXPECT_LT(turn.device, devices_);
    EXPECT_TRUE(taken_.insert({turn.device, turn.step}).second) << turn.device << " twice";
    // The server takes a code from the step before its own until the one after has ended.
    EXPECT_LE(turn.step, merchant::StepAt(now));
    EXPECT_GT(merchant::EndOfStep(turn.step), now + merchant::kDeviceStep - absl::Seconds(2));
  }

  const std::size_t devices_;
  std::set<std::pair<std::size_t, std::int64_t>> taken_;
};

TEST(CodeTurnsTest, NoCodeIsUsedTwiceByConnectionsOrByLoadsOneAfterAnother) {
  constexpr std::size_t kDevices = 997;
  TurnsTaken taken(kDevices);
  const absl::Time begin = absl::FromUnixSeconds(1'700'000'012);
  taken.Load(8, begin, absl::Seconds(61));
  // Nearly every device, in each of two steps and a bit.
  EXPECT_NEAR(static_cast<double>(taken.count()), kDevices * 61.0 / 30, 12);
  taken.Load(1, begin + absl::Seconds(61) + absl::Microseconds(1), absl::Seconds(5));
  taken.Load(3, begin + absl::Seconds(66) + absl::Microseconds(2), absl::Seconds(25));
  EXPECT_NEAR(static_cast<double>(taken.count()), kDevices * 91.0 / 30, 24);
}

TEST(CodeTurnsTest, WhoComesLateFindsTheTurnsOfOneSecond) {
  const absl::Time begin = absl::FromUnixSeconds(1'700'000'012);
  CodeTurns turns({.connection = 0, .connections = 1, .devices = 3'000}, begin);
  EXPECT_FALSE(turns.Take(begin).has_value());
  int taken = 0;
  while (turns.Take(begin + absl::Seconds(20)).has_value()) ++taken;
  EXPECT_EQ(taken, 100);
}

TEST(SyncProbeTest, TimesEveryAppendAndLeavesNothing) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto taken, ProbeSync(dir.path(), 512, 20));
  EXPECT_EQ(taken.size(), 20U);
  EXPECT_TRUE(std::is_sorted(taken.begin(), taken.end()));
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
  EXPECT_THAT(ProbeSync(dir.Join("absent"), 512, 1), HasCode(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace puhui::bench
