// SPDX-License-Identifier: Apache-2.0
#include "services/admin/self_check.h"

#include "ledger/base/give_way.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/crypto/durable_file.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/segment.h"
#include "ledger/journal/tile.h"
#include "ledger/journal/wrong_tile.h"

#include "absl/strings/escaping.h"
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

// Of a row of tiles that differs: the first record that its tile is over, if `size` records have
// one there.
absl::optional<Sequence> FirstRecordOf(const ledger::VerifyDifference& row, std::uint64_t size) {
  const std::string key = absl::HexStringToBytes(row.key);
  const unsigned bits = 8 * (row.table + 1U);  // 2^8 == kTileHashes.
  if (bits >= 64 || key.size() != ledger::TileKey({}).size()) return absl::nullopt;
  std::uint64_t index = 0;
  for (const char byte : key.substr(1)) index = index << 8 | static_cast<unsigned char>(byte);
  if (index >= size >> bits) return absl::nullopt;
  return (index << bits) + 1;
}

}  // namespace

SelfCheck::SelfCheck(Parts parts)
    : parts_(std::move(parts)),
      position_path_(absl::StrCat(parts_.data_directory, "/scrub")),
      findings_path_(absl::StrCat(parts_.data_directory, "/findings")),
      scrub_(ReadPosition(position_path_)),
      kept_(ReadKeptFindings(findings_path_)) {}

void SelfCheck::Start() {
  const auto say = [this](absl::string_view who, const KeptFindings::Found& found) {
    if (found.count == 0) return;
    parts_.alert(absl::StrCat("before this start ", who, " found ", found.count,
                              " things that do not fit, the first: ",
                              found.texts.empty() ? std::string() : found.texts.front()));
  };
  {
    MutexLock lock(&mutex_);
    say("a verification", kept_.verify);
    say("the scrub", kept_.scrub());
  }
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
  const std::uint64_t found_before = scrub_found_;
  auto run = std::make_shared<const VerificationRun>(VerificationRun::Wish{
      .moment = parts_.engine->Read(),
      .index = std::move(index),
      .promises = std::move(promises),
      .scratch_directory = parts_.data_directory,
      .disk_reserve_bytes = parts_.disk_reserve_bytes,
      .records_per_second = speed,
      .ended = [this, found_before](const auto& report, const auto& progress) {
        Ended(report, progress, found_before);
      }});
  running_ = run;
  return run;
}

void SelfCheck::Ended(const absl::StatusOr<ledger::VerifyReport>& report,
                      const VerificationRun::Progress& progress, std::uint64_t scrub_found_before) {
  if (!report.ok()) {
    parts_.alert(absl::StrCat("the verification broke off: ", report.status().ToString()));
    return;
  }
  if (!report->ok()) {
    parts_.alert(absl::StrCat("the verification found ", report->finding_count,
                              " things that do not fit, the first: ", report->findings.front()));
    TellOfTilesAmong(*report);
  }
  KeptFindings::Found found;
  for (const std::string& finding : report->findings) found.Add(finding);
  found.count = report->finding_count;
  MutexLock lock(&mutex_);
  figures_.verification = progress;
  // It has read what the scrub reads as well, but maybe before the scrub found something there.
  if (report->ok() && scrub_found_ == scrub_found_before) kept_ = {};
  kept_.verify = std::move(found);
  kept_.verified = absl::Now();
  WriteKept();
}

// Of one: folding anew mends all. Not when anything else is wrong, which may be the records.
void SelfCheck::TellOfTilesAmong(const ledger::VerifyReport& report) const {
  const auto is_tile = [](const ledger::VerifyDifference& row) { return row.family == "tiles"; };
  if (report.finding_count != report.differences.size() ||
      !std::all_of(report.differences.begin(), report.differences.end(), is_tile)) {
    return;
  }
  const auto head = SignedHead();
  if (!head.ok() || !head->has_value()) return;
  const auto moment = parts_.engine->Read();
  for (const ledger::VerifyDifference& row : report.differences) {
    const absl::optional<Sequence> first = FirstRecordOf(row, (*head)->size);
    if (!first.has_value()) continue;
    TellOfTileOver(*first, *moment, {(*head)->size, (*head)->root});
    return;
  }
}

// Whether it is the tile or the records that are not what they were, the signed head decides: where
// records are altered, a start that believes no view would find no way to that head, and refuse.
bool SelfCheck::TellOfTileOver(Sequence sequence, const ledger::Readable& moment,
                               const ledger::TreeHead& head) const {
  if (head.size == 0 || !parts_.archives_whole().ok()) return false;
  const auto wrong = ledger::FindWrongTile(
      moment, head, std::min<Sequence>(std::max<Sequence>(sequence, 1), head.size));
  if (!wrong.ok() || !wrong->has_value()) return false;  // What was found is said all the same.
  parts_.on_damaged_tile(
      absl::DataLossError(absl::StrCat("row ", ledger::ToHex(ledger::TileKey(**wrong)),
                                       " of tiles is not what the records under it say")));
  return true;
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
    if (head.has_value() && !more_than_tiles_) {
      more_than_tiles_ = !TellOfTileOver(step.findings.front().sequence, *moment, *head);
    }
  }
  KeepScrubbed(step);
  return absl::OkStatus();
}

// A process that dies here counts something twice at worst: a finding is kept before the scrub's
// place is noted, and a pass is over for good only after that.
void SelfCheck::KeepScrubbed(const ledger::ScrubStep& step) {
  MutexLock lock(&mutex_);
  figures_.scrub_sequence = scrub_.position() * ledger::kTileHashes;
  scrub_found_ += step.findings.size();
  for (const ledger::ScrubFinding& finding : step.findings) kept_.this_pass.Add(finding.what);
  if (!step.findings.empty()) WriteKept();
  const bool any = kept_.scrub().count > 0;
  if (!step.findings.empty() || (step.pass_ended && any)) NotePosition();
  if (!step.pass_ended) return;
  if (kept_.this_pass.count == 0 && !kept_.passed_over) more_than_tiles_ = false;
  kept_.EndPass();
  if (any) WriteKept();
  ++figures_.scrub_passes;
  told_passed_over_ = false;
}

// With the lock, so that the last that is known is the last that is written; it is rarely written.
// What cannot be is known until the process ends.
void SelfCheck::WriteKept() { WriteKeptFindings(findings_path_, kept_).IgnoreError(); }

// Whoever has lost a file may never put it back, and what is in the store wants looking at.
absl::StatusOr<bool> SelfCheck::PassOverArchives(const absl::Status& unread) {
  if (parts_.store == nullptr) return false;
  PUHUI_ASSIGN_OR_RETURN(const std::string held, parts_.store->FirstJournalKey());
  const Sequence held_from = ledger::SequenceOfKey(held);
  if (!scrub_.PassOver(held_from)) return false;
  {
    MutexLock lock(&mutex_);
    if (!std::exchange(kept_.passed_over, true) && kept_.last_pass.count > 0) WriteKept();
  }
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
    figures.verify_findings = kept_.verify.count;
    figures.verified = kept_.verified;
    figures.scrub_findings = kept_.scrub().count;
    running = running_.lock();
  }
  if (running != nullptr && !running->result().has_value()) {
    figures.verification = running->progress();
    figures.verifying = true;
  }
  return figures;
}

}  // namespace puhui::services
