// SPDX-License-Identifier: Apache-2.0
// A month of long ago: closed, archived and put back, all of it as an operator does it.
#include "issuing/app/union_commands.h"
#include "ledger/base/status_macros.h"
#include "ledger/core/period.h"
#include "ledger/engine/engine.h"
#include "puhui/v1/admin_service.grpc.pb.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "puhui/v1/union_service.grpc.pb.h"
#include "services/admin/archive_files.h"
#include "services/admin/open_store.h"
#include "services/admin/verification.h"
#include "services/ledger/books.h"
#include "services/rpc/error.h"
#include "services/rpc/request_id.h"
#include "tests/integration/await_head.h"
#include "tests/integration/heard.h"
#include "tests/integration/left_ledger.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/deployment.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace puhui::closed_archive_wire_test {
namespace {

using ledger::Reason;
using AdminStub = v1::AdminService::Stub;
using AuditStub = v1::AuditService::Stub;

// So many that a tile of 256 records is complete, and some records are in none.
constexpr int kUnions = 262;
constexpr Sequence kArchived = 256;
constexpr std::size_t kListed = 250;
constexpr absl::string_view kOperator = "/operator/people/o-1";
// Of a call of long ago.
constexpr absl::string_view kOldId = "6f1c2a40-7d1e-4c55-9b0a-3e2f5a6b7c8d";

class ClosedArchiveWireTest : public ::testing::Test {
 protected:
  // All of it happened within a month, 100 days ago.
  void SetUp() override {
    const absl::Time then =
        absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now())) - absl::Hours(24 * 100);
    month_ = ledger::PeriodText(ledger::PeriodCalendar().PeriodOf(then));
    ASSERT_NO_FATAL_FAILURE(LeaveLedger(deployment_, then, CreateUnions));
    ASSERT_OK(deployment_.Start());
    ASSERT_NO_FATAL_FAILURE(AwaitForgetting());
  }
  static void CreateUnions(ledger::Engine& engine, services::Books& books) {
    ASSERT_OK_AND_ASSIGN(const services::RequestId id, services::ParseRequestId(kOldId));
    for (int i = 0; i < kUnions; ++i) {
      auto command = std::make_unique<issuing::CreateUnionCommand>(
          &books.issuing,
          issuing::CreateUnionCommand::Wish{.id = *UnionId::Parse(absl::StrCat("fh-", i), "id"),
                                            .display_name = absl::StrCat("凤凰工会 ", i),
                                            .time_zone = "Asia/Shanghai"});
      if (i == 0) {
        command->request = {.caller = std::string(kOperator),
                            .request_id = std::string(id.begin(), id.end())};
      }
      ASSERT_OK(engine.Run(std::move(command), ledger::Priority::kInteractive));
    }
  }
  // The server does that by itself, with one record.
  void AwaitForgetting() {
    const auto audit = v1::AuditService::NewStub(deployment_.Connect("/auditor"));
    v1::GetRecordRequest request;
    request.set_sequence(kUnions + 1);
    absl::StatusOr<v1::GetRecordResponse> record = absl::UnknownError("not asked yet");
    while (!record.ok()) {
      record = Ask(*audit, &AuditStub::GetRecord, request);
      std::this_thread::yield();
    }
    ASSERT_EQ(record->record().kind(), "requests_forgotten");
    ASSERT_OK(AwaitHead(*audit, request.sequence()));
  }

  absl::StatusOr<v1::ClosePeriodResponse> Close() {
    const auto admin = v1::AdminService::NewStub(deployment_.Connect(kOperator));
    v1::ClosePeriodRequest request;
    request.set_period(month_);
    request.set_request_id(NewRequestId(random_));
    return Ask(*admin, &AdminStub::ClosePeriod, request);
  }
  // What the last message of the stream says.
  absl::StatusOr<v1::ArchiveResult> Archive() const {
    const auto admin = v1::AdminService::NewStub(deployment_.Connect(kOperator));
    v1::ArchivePeriodRequest request;
    request.set_period(month_);
    grpc::ClientContext context;
    SetPatience(&context);
    const auto reader = admin->ArchivePeriod(&context, request);
    v1::ArchivePeriodResponse message;
    for (v1::ArchivePeriodResponse next; reader->Read(&next);) message = next;
    PUHUI_RETURN_IF_ERROR(services::FromGrpcStatus(reader->Finish()));
    return message.result();
  }
  // Kills the server when it has gone over so many records: writes them, then reads them back.
  void KillAmidArchiving(std::uint64_t records) {
    const auto admin = v1::AdminService::NewStub(deployment_.Connect(kOperator));
    v1::ArchivePeriodRequest request;
    request.set_period(month_);
    grpc::ClientContext context;
    SetPatience(&context);
    const auto reader = admin->ArchivePeriod(&context, request);
    v1::ArchivePeriodResponse message;
    while (message.records_done() < records) {
      ASSERT_TRUE(reader->Read(&message)) << reader->Finish().error_message();
    }
    ASSERT_FALSE(message.has_result());
    deployment_.KillAndWait();
    context.TryCancel();
    EXPECT_FALSE(reader->Finish().ok());
  }
  absl::StatusOr<v1::ListArchivesResponse> Archives() const {
    const auto admin = v1::AdminService::NewStub(deployment_.Connect(kOperator));
    return Ask(*admin, &AdminStub::ListArchives, v1::ListArchivesRequest());
  }
  absl::StatusOr<v1::CreateUnionResponse> CreateUnion(absl::string_view id,
                                                      absl::string_view request_id) const {
    const auto unions = v1::UnionService::NewStub(deployment_.Connect(kOperator));
    v1::CreateUnionRequest request;
    request.set_request_id(std::string(request_id));
    request.set_union_id(std::string(id));
    request.set_display_name("凤凰工会");
    request.set_kind(v1::UNION_KIND_ENTERPRISE);
    return Ask(*unions, &v1::UnionService::Stub::CreateUnion, request);
  }
  absl::StatusOr<ledger::VerifyReport> Verified() const {
    return services::VerifyDataDirectory(deployment_.data_directory(), nullptr, {});
  }
  std::string ArchiveFolder() const { return services::ArchivePath(deployment_.data_directory()); }
  static void ExpectSame(const Heard& heard, const Heard& before) {
    EXPECT_EQ(heard.records, before.records);
    EXPECT_EQ(heard.one, before.one);
    EXPECT_EQ(heard.path, before.path);
    EXPECT_EQ(heard.balance, before.balance);
    EXPECT_EQ(heard.bundle, before.bundle);
  }

  Deployment deployment_;
  SeededRandom random_{30};
  std::string month_;
};

TEST_F(ClosedArchiveWireTest, AClosedMonthIsArchivedAnsweredFromThereAndPutBack) {
  EXPECT_THAT(Archive(), Refuses(Reason::kNotFound)) << "it is not closed";
  Listener listener(&deployment_, kListed, kUnions);
  ASSERT_OK_AND_ASSIGN(const Heard before, listener.Listen());
  ASSERT_EQ(before.records.size(), kListed);
  ASSERT_OK_AND_ASSIGN(const auto closed, Close());
  ASSERT_EQ(closed.period().last_sequence(), Sequence{kUnions});

  ASSERT_OK_AND_ASSIGN(const v1::ArchiveResult archived, Archive());
  EXPECT_EQ(archived.archive().first(), 1U);
  EXPECT_EQ(archived.archive().last(), kArchived);
  EXPECT_EQ(archived.held_from(), kArchived + 1);
  EXPECT_EQ(archived.requests_from(), Sequence{kUnions + 1});
  ASSERT_OK_AND_ASSIGN(const v1::ListArchivesResponse list, Archives());
  ASSERT_EQ(list.archives_size(), 1);
  EXPECT_EQ(list.archives(0).file(), archived.archive().file());
  EXPECT_EQ(list.archives(0).root(), archived.archive().root());
  EXPECT_EQ(list.held_from(), archived.held_from());
  EXPECT_EQ(list.missing(), "");
  ASSERT_OK_AND_ASSIGN(const Heard from_archive, listener.Listen());
  ExpectSame(from_archive, before);
  ASSERT_OK_AND_ASSIGN(const v1::ArchiveResult again, Archive());
  EXPECT_FALSE(again.has_archive());
  EXPECT_EQ(again.held_from(), archived.held_from());

  const std::string path = absl::StrCat(ArchiveFolder(), "/", archived.archive().file());
  ASSERT_OK_AND_ASSIGN(const v1::ArchiveResult file,
                       services::VerifyArchiveFile(path, [](std::uint64_t) {}));
  EXPECT_EQ(file.archive().SerializeAsString(), archived.archive().SerializeAsString());
  ASSERT_OK(deployment_.Stop());
  ASSERT_OK_AND_ASSIGN(const ledger::VerifyReport sound, Verified());
  EXPECT_TRUE(sound.ok()) << sound.findings.front();

  ASSERT_OK_AND_ASSIGN(
      const ledger::RestoreReport back,
      services::RestoreDataDirectory(deployment_.data_directory(), "", [](std::uint64_t) {}));
  EXPECT_EQ(back.first, 1U);
  EXPECT_EQ(back.last, kArchived);
  EXPECT_EQ(back.root, sound.root);
  std::filesystem::remove_all(ArchiveFolder());
  ASSERT_OK_AND_ASSIGN(const ledger::VerifyReport whole, Verified());
  EXPECT_TRUE(whole.ok()) << whole.findings.front();
  EXPECT_EQ(whole.root, sound.root);
  ASSERT_OK(deployment_.Start());
  ASSERT_OK_AND_ASSIGN(const Heard from_store, listener.Listen());
  ExpectSame(from_store, before);
}

// While it writes the file, and when the file is there but its records are in the store, too.
TEST_F(ClosedArchiveWireTest, AKillAmidArchivingLosesNothingAndTheNextRunEndsIt) {
  constexpr std::uint32_t kSlowly = 60;  // Seconds for either, so that the kill comes in time.
  Listener listener(&deployment_, kListed, kUnions);
  ASSERT_OK_AND_ASSIGN(const Heard before, listener.Listen());
  ASSERT_OK(Close());
  int files = 0;
  for (const std::uint64_t records : {std::uint64_t{1}, kArchived + 1}) {
    deployment_.Configure({.verify_records_per_second = kSlowly});
    ASSERT_OK(deployment_.Stop());
    ASSERT_OK(deployment_.Start());
    ASSERT_NO_FATAL_FAILURE(KillAmidArchiving(records));
    deployment_.Configure({});
    ASSERT_OK(deployment_.Start());
    ASSERT_OK_AND_ASSIGN(const v1::ListArchivesResponse left, Archives());
    EXPECT_EQ(left.archives_size(), files++);
    EXPECT_EQ(left.held_from(), 1U);
    ASSERT_OK_AND_ASSIGN(const Heard after, listener.Listen());
    ExpectSame(after, before);
  }
  ASSERT_OK_AND_ASSIGN(const v1::ArchiveResult archived, Archive());
  EXPECT_FALSE(archived.has_archive()) << "it was written before the kill";
  EXPECT_EQ(archived.held_from(), kArchived + 1);
  ASSERT_OK_AND_ASSIGN(const Heard after, listener.Listen());
  ExpectSame(after, before);
  ASSERT_OK(deployment_.Stop());
  ASSERT_OK_AND_ASSIGN(const ledger::VerifyReport sound, Verified());
  EXPECT_TRUE(sound.ok()) << sound.findings.front();
}

// Its request id is forgotten, so it is a new call, whether its first outcome can be read or not.
TEST_F(ClosedArchiveWireTest, ACallOfAnArchivedMonthIsANewCallWhereverItsRecordIs) {
  ASSERT_OK(Close());
  ASSERT_OK_AND_ASSIGN(const v1::ArchiveResult archived, Archive());
  ASSERT_EQ(archived.held_from(), kArchived + 1);
  EXPECT_THAT(CreateUnion("fh-0", kOldId), Refuses(Reason::kAlreadyExists));
  ASSERT_OK(deployment_.Stop());
  std::filesystem::rename(ArchiveFolder(), deployment_.directory().Join("elsewhere"));
  ASSERT_OK(deployment_.Start());
  EXPECT_THAT(FirstRecords(deployment_, 1), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(CreateUnion("fh-0", kOldId), Refuses(Reason::kAlreadyExists));
  ASSERT_OK_AND_ASSIGN(const auto created, CreateUnion("fh-new", kOldId));
  ASSERT_OK_AND_ASSIGN(const auto repeated, CreateUnion("fh-new", kOldId));
  EXPECT_EQ(repeated.SerializeAsString(), created.SerializeAsString());
  EXPECT_THAT(CreateUnion("fh-newer", kOldId), Refuses(Reason::kRequestIdReused));
}

}  // namespace
}  // namespace puhui::closed_archive_wire_test
