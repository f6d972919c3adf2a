// SPDX-License-Identifier: Apache-2.0
#include "services/admin/self_check.h"

#include "ledger/base/give_way.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/crypto/durable_file.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/segment.h"
#include "ledger/journal/tile.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include <algorithm>
#include <utility>

namespace puhui::services {
namespace {

constexpr std::size_t kPositionBytesMax = 20;
constexpr std::uint64_t kStepsBetweenNotes = 256;
// After a step that could not read: the disk may be busy, or gone.
constexpr absl::Duration kScrubTriesAgainAfter = absl::Minutes(1);

// A file that says nothing sensible costs one pass that begins anew.
std::uint64_t ReadPosition(const std::string& path) {
  const auto text = ledger::ReadWholeFile(path, kPositionBytesMax);
  std::uint64_t position = 0;
  if (!text.ok() || !text->has_value() || !absl::SimpleAtoi(**text, &position)) return 0;
  return position;
}

}  // namespace

SelfCheck::SelfCheck(Parts parts)
    : parts_(std::move(parts)),
      position_path_(absl::StrCat(parts_.data_directory, "/scrub")),
      scrub_(ReadPosition(position_path_)) {}

void SelfCheck::Start() {
  if (parts_.scrub_records_per_hour > 0) thread_ = std::thread([this] { RunScrub(); });
}

void SelfCheck::Stop() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    stop_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

// The head is read before a moment is taken, so that it never vouches for more than the moment
// holds.
absl::StatusOr<absl::optional<ledger::Checkpoint>> SelfCheck::SignedHead() const {
  const std::string note = parts_.engine->checkpoint();
  if (note.empty()) return absl::optional<ledger::Checkpoint>();
  PUHUI_ASSIGN_OR_RETURN(ledger::Checkpoint head, ledger::ParseCheckpoint(note, parts_.key));
  return absl::optional<ledger::Checkpoint>(std::move(head));
}

// One that cannot be read now is built anew already, so that there is none to be compared.
VerificationRun::Index SelfCheck::IndexToVerify() const {
  VerificationRun::Index index;
  if (parts_.index == nullptr) return index;
  absl::StatusOr<audit::IndexMoment> moment = parts_.index->Latest();
  if (moment.ok()) index.moment = *std::move(moment);
  index.differs = [this](const audit::IndexMoment& differing) { parts_.index->Reject(differing); };
  return index;
}

absl::StatusOr<std::shared_ptr<const VerificationRun>> SelfCheck::Verify(
    std::uint64_t records_per_second, bool indexes) {
  std::shared_ptr<const VerificationRun> running;  // Goes after the lock: its end asks for it.
  MutexLock lock(&mutex_);
  running = running_.lock();
  if (running != nullptr && !running->result().has_value()) return running;
  ledger::Promises promises;
  PUHUI_ASSIGN_OR_RETURN(promises.checkpoint, SignedHead());
  std::uint64_t speed = parts_.records_per_second;
  if (records_per_second > 0) {
    speed = speed == 0 ? records_per_second : std::min(speed, records_per_second);
  }
  absl::optional<VerificationRun::Index> index;
  if (indexes) index = IndexToVerify();
  auto run = std::make_shared<const VerificationRun>(VerificationRun::Wish{
      .moment = parts_.engine->Read(),
      .index = std::move(index),
      .promises = std::move(promises),
      .scratch_directory = parts_.data_directory,
      .disk_reserve_bytes = parts_.disk_reserve_bytes,
      .records_per_second = speed,
      .ended = [this](const auto& report, const auto& progress) { Ended(report, progress); }});
  running_ = run;
  return run;
}

void SelfCheck::Ended(const absl::StatusOr<ledger::VerifyReport>& report,
                      const VerificationRun::Progress& progress) {
  if (!report.ok()) {
    parts_.alert(absl::StrCat("the verification broke off: ", report.status().ToString()));
    return;
  }
  if (!report->ok()) {
    parts_.alert(absl::StrCat("the verification found ", report->finding_count,
                              " things that do not fit, the first: ", report->findings.front()));
  }
  MutexLock lock(&mutex_);
  figures_.verification = progress;
  figures_.verify_findings = report->finding_count;
  figures_.verified = absl::Now();
}

absl::Status SelfCheck::ScrubOnce() {
  absl::optional<ledger::TreeHead> head;
  PUHUI_ASSIGN_OR_RETURN(const auto checkpoint, SignedHead());
  if (checkpoint.has_value()) head = ledger::TreeHead{checkpoint->size, checkpoint->root};
  const auto moment = parts_.engine->Read();
  const absl::StatusOr<ledger::ScrubStep> looked = scrub_.Next(*moment, head);
  if (absl::IsUnavailable(looked.status())) {
    PUHUI_ASSIGN_OR_RETURN(const bool behind, PassOverArchives(looked.status()));
    if (behind) return absl::OkStatus();
  }
  PUHUI_RETURN_IF_ERROR(looked.status());
  const ledger::ScrubStep& step = *looked;
  if (!step.findings.empty()) {
    parts_.alert(absl::StrCat("the scrub found ", step.findings.size(),
                              " things that do not fit, the first: ", step.findings.front().what));
  }
  MutexLock lock(&mutex_);
  figures_.scrub_sequence = scrub_.position() * ledger::kTileHashes;
  figures_.scrub_findings += step.findings.size();
  if (step.pass_ended) {
    ++figures_.scrub_passes;
    told_passed_over_ = false;
  }
  return absl::OkStatus();
}

// Whoever has lost a file may never put it back, and what is in the store wants looking at.
absl::StatusOr<bool> SelfCheck::PassOverArchives(const absl::Status& unread) {
  if (parts_.store == nullptr) return false;
  PUHUI_ASSIGN_OR_RETURN(const std::string held, parts_.store->FirstJournalKey());
  const Sequence held_from = ledger::SequenceOfKey(held);
  if (!scrub_.PassOver(held_from)) return false;
  if (!std::exchange(told_passed_over_, true)) {
    parts_.alert(absl::StrCat("the scrub cannot read what is before record ", held_from,
                              " and passes it over: ", unread.ToString()));
  }
  return true;
}

void SelfCheck::RunScrub() {
  GiveWay(Precedence::kLast);
  // A step is a tile's records, or fewer.
  const absl::Duration every = absl::Hours(1) * static_cast<double>(ledger::kTileHashes) /
                               static_cast<double>(parts_.scrub_records_per_hour);
  absl::Time next = absl::Now() + every;
  while (true) {
    {
      MutexLock lock(&mutex_);
      while (!stopping_ && absl::Now() < next) {
        stop_.WaitFor(&mutex_, absl::ToChronoMicroseconds(next - absl::Now()));
      }
      if (stopping_) break;
    }
    const absl::Status status = ScrubOnce();
    if (!status.ok()) parts_.alert(absl::StrCat("the scrub cannot read: ", status.ToString()));
    next = absl::Now() + (status.ok() ? every : kScrubTriesAgainAfter);
    if (++steps_unnoted_ >= kStepsBetweenNotes) NotePosition();
  }
  NotePosition();
}

// What is not noted is looked at once more after a restart, and nothing else depends on it.
void SelfCheck::NotePosition() {
  steps_unnoted_ = 0;
  ledger::WriteFileDurably(position_path_, absl::StrCat(scrub_.position())).IgnoreError();
}

SelfCheck::Figures SelfCheck::figures() const {
  Figures figures;
  std::shared_ptr<const VerificationRun> running;  // Goes after the lock: its end asks for it.
  {
    MutexLock lock(&mutex_);
    figures = figures_;
    running = running_.lock();
  }
  if (running != nullptr && !running->result().has_value()) {
    figures.verification = running->progress();
    figures.verifying = true;
  }
  return figures;
}

}  // namespace puhui::services
