// SPDX-License-Identifier: Apache-2.0
#include "services/admin/archive_calls.h"

#include "ledger/base/status_macros.h"
#include "ledger/core/period.h"
#include "ledger/crypto/hash.h"
#include "ledger/journal/segment.h"
#include "services/rpc/error.h"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

std::string FileOf(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

// What one stream has told of an archiving.
class ArchivingWatch {
 public:
  explicit ArchivingWatch(std::shared_ptr<const ArchivingRun> run) : run_(std::move(run)) {}

  absl::StatusOr<Pull> Next(v1::ArchivePeriodResponse* message) {
    if (told_) return Pull::kEnd;
    const auto result = run_->result();
    message->set_period(ledger::PeriodText(run_->period()));
    message->set_records_done(run_->records_done());
    if (!result.has_value()) {
      if (message->records_done() == shown_) return Pull::kIdle;
      shown_ = message->records_done();
      return Pull::kMessage;
    }
    PUHUI_RETURN_IF_ERROR(result->status());
    told_ = true;
    Fill(**result, message->mutable_result());
    message->mutable_result()->set_requests_from(run_->requests_from());
    return Pull::kMessage;
  }

 private:
  static void Fill(const ledger::ArchiveReport& report, v1::ArchiveResult* result) {
    result->set_held_from(report.held_from);
    if (report.path.empty()) return;
    v1::Archive& archive = *result->mutable_archive();
    archive.set_file(FileOf(report.path));
    archive.set_first(report.first);
    archive.set_last(report.last);
    archive.set_bytes(report.file_bytes);
    archive.set_sha256(ledger::ToHex(report.digest));
    archive.set_root(ledger::ToHex(report.root));
    result->set_segments(report.figures.segments);
    result->set_journal_bytes(report.figures.bytes);
  }

  const std::shared_ptr<const ArchivingRun> run_;
  std::uint64_t shown_ = 0;
  bool told_ = false;
};

}  // namespace

absl::StatusOr<MessageSource<v1::ArchivePeriodResponse>> ArchiveCalls::Archive(
    const v1::ArchivePeriodRequest& request) const {
  const absl::optional<ledger::Period> period = ledger::ParsePeriod(request.period());
  if (!period.has_value()) return InvalidField("period", "want a month, such as 2027-01");
  PUHUI_ASSIGN_OR_RETURN(auto run, archiving_->Start(*period));
  auto watch = std::make_shared<ArchivingWatch>(std::move(run));
  return MessageSource<v1::ArchivePeriodResponse>(
      [watch](v1::ArchivePeriodResponse* message) { return watch->Next(message); });
}

absl::StatusOr<v1::ListArchivesResponse> ArchiveCalls::List() const {
  const ledger::SegmentArchive& archive = archiving_->archive();
  v1::ListArchivesResponse response;
  for (const auto& file : *archive.files()) {
    v1::Archive& shown = *response.add_archives();
    shown.set_file(FileOf(file->path()));
    shown.set_first(file->first());
    shown.set_last(file->last());
    shown.set_bytes(file->bytes());
    shown.set_root(ledger::ToHex(file->header().root_after));
  }
  response.set_directory(archive.directory());
  PUHUI_ASSIGN_OR_RETURN(const Sequence held_from, archiving_->HeldFrom());
  response.set_held_from(held_from);
  absl::Status whole = archive.CheckWhole();
  if (held_from != 0) whole.Update(archive.CheckReaches(ledger::SegmentKey(held_from)));
  response.set_missing(std::string(whole.message()));
  return response;
}

}  // namespace puhui::services
