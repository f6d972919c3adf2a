// SPDX-License-Identifier: Apache-2.0
// A puhuid whose oldest records lie in an archive: it answers as before, and without the archive it
// sells and says what is missing.
#include "ledger/base/status_macros.h"
#include "ledger/journal/archive_run.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/checkpoint_file.h"
#include "ledger/journal/prover.h"
#include "puhui/v1/admin_service.grpc.pb.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "services/admin/archive_files.h"
#include "services/admin/open_store.h"
#include "services/admin/verification.h"
#include "services/rpc/error.h"
#include "tests/integration/await_head.h"
#include "tests/integration/heard.h"
#include "tests/integration/verifies.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/deployment.h"
#include "tests/support/wire/scene.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

namespace puhui::archive_wire_test {
namespace {

using AuditStub = v1::AuditService::Stub;
using ledger::Reason;

// So many that a tile of 256 records is complete: a start needs none of them.
constexpr std::uint32_t kPurchases = 270;
constexpr Sequence kArchived = 250;

class ArchiveWireTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    ASSERT_OK_AND_ASSIGN(scene_, Scene::Set(deployment_, {}, &random_));
    for (trace_ = 1; trace_ <= kPurchases; ++trace_) ASSERT_OK(Buy());
    ASSERT_GT(last_sale_, Sequence{256});
    ASSERT_OK(AwaitHead(*Audit(), last_sale_));
  }

  absl::Status Buy() {
    const auto till = v1::PosService::NewStub(deployment_.Connect(scene_.terminal_identity));
    PUHUI_ASSIGN_OR_RETURN(const auto bought, Ask(*till, &v1::PosService::Stub::Purchase,
                                                  scene_.Purchase(trace_, 1, random_)));
    if (!absl::SimpleAtoi(bought.purchase().retrieval_reference(), &last_sale_)) {
      return absl::InternalError("a reference is not a record");
    }
    return absl::OkStatus();
  }
  std::unique_ptr<AuditStub> Audit() const {
    return v1::AuditService::NewStub(deployment_.Connect("/auditor/people/a-1"));
  }
  absl::StatusOr<v1::ListRecordsResponse> Records() const {
    return FirstRecords(deployment_, kArchived);
  }
  absl::StatusOr<v1::ListArchivesResponse> Archives() const {
    const auto admin = v1::AdminService::NewStub(deployment_.Connect("/operator"));
    return Ask(*admin, &v1::AdminService::Stub::ListArchives, v1::ListArchivesRequest());
  }

  std::string ArchiveFolder() const { return services::ArchivePath(deployment_.data_directory()); }
  // As the service does it, of a ledger that is stopped. `stop_before_drop`: as a stop leaves it.
  absl::StatusOr<ledger::ArchiveReport> ArchiveStopped(bool stop_before_drop) const {
    const std::string data = deployment_.data_directory();
    PUHUI_ASSIGN_OR_RETURN(
        const services::StoredLedger stored,
        services::OpenStoredLedger({.path = services::StorePath(data)}, ArchiveFolder()));
    PUHUI_ASSIGN_OR_RETURN(
        const ledger::VerifyKey key,
        services::ReadVerifierKey(absl::StrCat(data, "/", services::kVerifierKeyFileName)));
    PUHUI_ASSIGN_OR_RETURN(const auto note, ledger::ReadPublishedCheckpoint(data));
    PUHUI_ASSIGN_OR_RETURN(const ledger::Checkpoint head,
                           ledger::ParseCheckpoint(note.value_or(""), key));
    ledger::Prover prover([](const absl::Status& damage) { ADD_FAILURE() << damage; });
    auto report = ledger::ArchiveThrough(
        {.store = stored.store.get(), .archive = stored.archive.get(), .last = kArchived},
        [&](std::uint64_t size) -> absl::StatusOr<ledger::Hash> {
          if (stop_before_drop) return absl::CancelledError("stopped");
          return prover.Root(*stored.store, {head.size, head.root}, size);
        },
        [](std::uint64_t) { return absl::OkStatus(); });
    PUHUI_RETURN_IF_ERROR(stored.store->Close());
    return report;
  }

  SeededRandom random_{20'270'101};
  Deployment deployment_;
  Scene scene_;
  std::uint32_t trace_ = 0;
  Sequence last_sale_ = 0;
};

TEST_F(ArchiveWireTest, AnswersAreTheSameFromArchives) {
  Listener listener(&deployment_, kArchived, last_sale_);
  ASSERT_OK_AND_ASSIGN(const Heard before, listener.Listen());
  ASSERT_EQ(before.records.size(), kArchived);
  ASSERT_OK(deployment_.Stop());
  EXPECT_THAT(ArchiveStopped(/*stop_before_drop=*/true), HasCode(absl::StatusCode::kCancelled));
  ASSERT_OK_AND_ASSIGN(const ledger::ArchiveReport report,
                       ArchiveStopped(/*stop_before_drop=*/false));
  EXPECT_GT(report.last, kArchived / 2);  // To where a segment ends.
  EXPECT_EQ(report.held_from, report.last + 1);
  // The index of auditors is built from nothing.
  std::filesystem::remove_all(absl::StrCat(deployment_.data_directory(), "/audit-index"));
  ASSERT_OK(deployment_.Start());
  ASSERT_OK(AwaitHead(*Audit(), last_sale_));
  ASSERT_OK_AND_ASSIGN(const Heard after, listener.Listen());
  EXPECT_EQ(after.records, before.records);
  EXPECT_EQ(after.one, before.one);
  EXPECT_EQ(after.path, before.path);
  EXPECT_EQ(after.balance, before.balance);
  EXPECT_EQ(after.bundle, before.bundle);
  EXPECT_TRUE(Verifies(deployment_));
  ASSERT_OK_AND_ASSIGN(const v1::ListArchivesResponse archives, Archives());
  ASSERT_EQ(archives.archives_size(), 1);
  EXPECT_EQ(archives.held_from(), report.held_from);
  EXPECT_EQ(archives.missing(), "");
}

TEST_F(ArchiveWireTest, WithoutItsArchiveItSellsAndSaysWhatIsMissing) {
  ASSERT_OK(deployment_.Stop());
  ASSERT_OK_AND_ASSIGN(const ledger::ArchiveReport report,
                       ArchiveStopped(/*stop_before_drop=*/false));
  const std::string elsewhere = deployment_.directory().Join("elsewhere");
  std::filesystem::rename(ArchiveFolder(), elsewhere);
  ASSERT_OK(deployment_.Start());
  ASSERT_OK(Buy());
  EXPECT_THAT(Records(), HasCode(absl::StatusCode::kUnavailable));
  ASSERT_OK_AND_ASSIGN(const v1::ListArchivesResponse archives, Archives());
  EXPECT_TRUE(
      absl::StrContains(archives.missing(), absl::StrCat("records 1 to ", report.last, " ")))
      << archives.missing();
  ASSERT_OK(deployment_.Stop());

  const std::string data = deployment_.data_directory();
  ASSERT_OK_AND_ASSIGN(const ledger::RestoreReport back,
                       services::RestoreDataDirectory(data, elsewhere, [](std::uint64_t) {}));
  EXPECT_EQ(back.last, report.last);
  EXPECT_GE(back.records, last_sale_);
  ASSERT_OK_AND_ASSIGN(const auto verified, services::VerifyDataDirectory(data, nullptr, {}));
  EXPECT_TRUE(verified.ok());
  EXPECT_EQ(verified.root, back.root);
  ASSERT_OK(deployment_.Start());
  EXPECT_OK(Records());
}

TEST_F(ArchiveWireTest, APeriodThatIsNotClosedIsNotArchived) {
  const auto admin = v1::AdminService::NewStub(deployment_.Connect("/operator"));
  const auto ask = [&](const std::string& period) {
    v1::ArchivePeriodRequest request;
    request.set_period(period);
    grpc::ClientContext context;
    SetPatience(&context);
    const auto reader = admin->ArchivePeriod(&context, request);
    v1::ArchivePeriodResponse message;
    while (reader->Read(&message)) continue;
    return services::FromGrpcStatus(reader->Finish());
  };
  EXPECT_THAT(ask("2026-13"), Refuses(Reason::kInvalidField, "period"));
  EXPECT_THAT(ask("2026-12"), Refuses(Reason::kNotFound));
  ASSERT_OK_AND_ASSIGN(const v1::ListArchivesResponse archives, Archives());
  EXPECT_EQ(archives.archives_size(), 0);
  EXPECT_EQ(archives.held_from(), 1U);
}

}  // namespace
}  // namespace puhui::archive_wire_test
