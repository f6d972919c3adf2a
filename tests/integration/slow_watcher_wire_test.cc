// SPDX-License-Identifier: Apache-2.0
// A watcher that does not read, over a connection whose windows are small: its stream waits in the
// server, nobody else does, and in the end it has been told everything. And exports that are not
// read, of which few are made at a time.
#include "ledger/base/limits.h"
#include "ledger/core/reason.h"
#include "puhui/v1/access_service.grpc.pb.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "services/audit/export_seats.h"
#include "services/rpc/error.h"
#include "tests/integration/await_head.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/deployment.h"
#include "tests/support/wire/scene.h"
#include "tests/support/wire/stage.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace puhui {
namespace {

class SlowWatcherTest : public ::testing::Test {
 protected:
  using AuditStub = v1::AuditService::Stub;
  using Watcher = grpc::ClientReader<v1::WatchRecordsResponse>;

  // Each is a record, and a message of some hundred bytes.
  static constexpr std::size_t kJoining = 2'600;
  static_assert(kJoining > 2 * kAccessRowsStep);
  static constexpr int kWindowBytes = 16 << 10;

  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    ASSERT_OK_AND_ASSIGN(scene_, Scene::Set(deployment_, {}, &random_));
  }

  // A client that takes in a window of what it has not read, and tells the server so.
  std::shared_ptr<grpc::Channel> ConnectWithSmallWindows(const std::string& path) const {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, kWindowBytes);
    arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);  // Else windows grow by themselves.
    arguments.SetSslTargetNameOverride("localhost");
    const TestIdentity identity = deployment_.Identity(path);
    return grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", deployment_.port()),
                                     grpc::SslCredentials({deployment_.authority().certificate(),
                                                           identity.key, identity.certificate}),
                                     arguments);
  }
  static std::unique_ptr<Watcher> Watch(AuditStub& audit, grpc::ClientContext* context) {
    SetPatience(context);
    v1::WatchRecordsRequest request;
    request.mutable_filter()->add_kinds("member_joined");
    request.set_from_sequence(1);
    return audit.WatchRecords(context, request);
  }
  // The next `count` records, and how many bytes they are. Fewer when it ends before.
  static std::vector<std::uint64_t> Read(Watcher& watcher, std::size_t count,
                                         std::size_t* bytes = nullptr) {
    std::vector<std::uint64_t> sequences;
    v1::WatchRecordsResponse message;
    while (sequences.size() < count && watcher.Read(&message)) {
      if (message.has_record()) sequences.push_back(message.record().sequence());
      if (bytes != nullptr) *bytes += message.ByteSizeLong();
    }
    return sequences;
  }
  // How many messages the server has handed over for this person, by what is on record of that:
  // the first, and then each thousandth, before it leaves.
  std::uint64_t HandedOver(const std::string& person) const {
    const auto supervisor = v1::AccessService::NewStub(deployment_.Connect("/supervisor"));
    v1::ListAccessesRequest request;
    request.set_person(person);
    request.set_rpc("AuditService/WatchRecords");
    const auto listed = Ask(*supervisor, &v1::AccessService::Stub::ListAccesses, request);
    EXPECT_OK(listed);
    std::uint64_t rows = 0;
    if (!listed.ok()) return rows;
    for (const v1::Access& access : listed->accesses()) rows = std::max(rows, access.rows());
    return rows;
  }
  static absl::StatusOr<std::size_t> ExportedBytes(AuditStub& audit) {
    grpc::ClientContext context;
    SetPatience(&context);
    const auto reader = audit.ExportBundle(&context, {});
    std::size_t bytes = 0;
    for (v1::ExportBundleResponse part; reader->Read(&part);) bytes += part.chunk().size();
    const grpc::Status status = reader->Finish();
    if (!status.ok()) return services::FromGrpcStatus(status);
    return bytes;
  }
  void Buy(std::uint32_t first, std::uint32_t last) {
    const auto till = v1::PosService::NewStub(deployment_.Connect(scene_.terminal_identity));
    for (std::uint32_t trace_number = first; trace_number <= last; ++trace_number) {
      ASSERT_OK(
          Ask(*till, &v1::PosService::Stub::Purchase, scene_.Purchase(trace_number, 1, random_)));
    }
  }

  SeededRandom random_{20'261'130};
  Deployment deployment_;
  Scene scene_;
};

TEST_F(SlowWatcherTest, WaitsAloneAndIsToldEverythingOnceInOrder) {
  const auto slow = v1::AuditService::NewStub(ConnectWithSmallWindows("/auditor/people/slow"));
  grpc::ClientContext slow_context;
  const auto reader = Watch(*slow, &slow_context);
  std::vector<std::uint64_t> told = Read(*reader, 1);
  ASSERT_EQ(told.size(), 1U);

  Stage stage(&deployment_, "fh-1", &random_);
  ASSERT_OK(stage.EnrolMembers(2'000, kJoining));
  // Somebody who reads has all of it, so the server had the time.
  const std::size_t all = scene_.members.size() + kJoining;
  const auto quick = v1::AuditService::NewStub(deployment_.Connect("/auditor/people/quick"));
  grpc::ClientContext quick_context;
  const auto other_reader = Watch(*quick, &quick_context);
  std::size_t bytes = 0;
  const std::vector<std::uint64_t> wanted = Read(*other_reader, all, &bytes);
  ASSERT_EQ(wanted.size(), all);
  EXPECT_GT(bytes / all * kAccessRowsStep, std::size_t{4 * kWindowBytes})
      << "a thousand of them do not fit into what may be on the way";
  EXPECT_GT(HandedOver("people/quick"), 2 * kAccessRowsStep);

  // The other's stream waits where its window was full, whatever goes on beside it.
  EXPECT_EQ(HandedOver("people/slow"), 1U) << "and not yet the next thousand";
  ASSERT_NO_FATAL_FAILURE(Buy(1, 20));
  EXPECT_EQ(HandedOver("people/slow"), 1U);

  for (const std::uint64_t sequence : Read(*reader, all - 1)) told.push_back(sequence);
  EXPECT_EQ(told, wanted) << "each once, in order";
  EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
  EXPECT_GT(HandedOver("people/slow"), 2 * kAccessRowsStep);
  // And it goes on.
  ASSERT_OK(stage.EnrolMembers(9'000, 1));
  const std::vector<std::uint64_t> one_more = Read(*reader, 1);
  ASSERT_EQ(one_more.size(), 1U);
  EXPECT_GT(one_more.front(), wanted.back());
  slow_context.TryCancel();
  reader->Finish();
  quick_context.TryCancel();
  other_reader->Finish();
}

TEST_F(SlowWatcherTest, AnExportBesideTwoThatGoOnIsRefusedUntilOneOfThemEnds) {
  Stage stage(&deployment_, "fh-1", &random_);
  ASSERT_OK(stage.EnrolMembers(2'000, 600));
  const auto auditor = v1::AuditService::NewStub(deployment_.Connect("/auditor/people/quick"));
  grpc::ClientContext watch_context;
  const auto watcher = Watch(*auditor, &watch_context);
  const std::vector<std::uint64_t> joined = Read(*watcher, scene_.members.size() + 600);
  watch_context.TryCancel();
  watcher->Finish();
  ASSERT_FALSE(joined.empty());
  ASSERT_OK(AwaitHead(*auditor, joined.back()));
  ASSERT_OK_AND_ASSIGN(const std::size_t bytes, ExportedBytes(*auditor));
  ASSERT_GT(bytes, std::size_t{4 * kWindowBytes}) << "it does not fit into what is on the way";

  const auto slow = v1::AuditService::NewStub(ConnectWithSmallWindows("/auditor/people/slow"));
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<grpc::ClientReader<v1::ExportBundleResponse>>> readers;
  while (readers.size() < services::ExportSeats::kAtOnceMax) {
    SetPatience(contexts.emplace_back(std::make_unique<grpc::ClientContext>()).get());
    readers.push_back(slow->ExportBundle(contexts.back().get(), {}));
    readers.back()->WaitForInitialMetadata();  // Which comes with the first bytes.
  }
  EXPECT_THAT(ExportedBytes(*auditor), Refuses(ledger::Reason::kOverloaded));
  EXPECT_THAT(ExportedBytes(*auditor), Refuses(ledger::Reason::kOverloaded));

  // One that is read to its end leaves its place at once.
  std::size_t read = 0;
  for (v1::ExportBundleResponse part; readers[0]->Read(&part);) read += part.chunk().size();
  EXPECT_TRUE(readers[0]->Finish().ok());
  EXPECT_GE(read, bytes);
  EXPECT_OK(ExportedBytes(*auditor));
  contexts[1]->TryCancel();
  readers[1]->Finish();
}

}  // namespace
}  // namespace puhui
