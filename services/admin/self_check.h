// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ADMIN_SELF_CHECK_H_
#define PUHUI_SERVICES_ADMIN_SELF_CHECK_H_

#include "audit/index/audit_index.h"
#include "ledger/base/mutex.h"
#include "ledger/crypto/signing.h"
#include "ledger/engine/engine.h"
#include "ledger/engine/scrub.h"
#include "ledger/engine/verify.h"
#include "ledger/journal/merkle.h"
#include "ledger/storage/store.h"
#include "services/admin/kept_findings.h"
#include "services/admin/verification_run.h"

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace puhui::services {

// The ledger's looks at itself while it serves: whole verifications that are asked for, one at a
// time, and a scrub that never ends. What they find is said, counted, and kept until a later look
// finds nothing; it stops nothing: whoever runs the service decides.
// Threads: safe. Owns: the scrub's thread, and the files `scrub` and `findings` in the data
// directory. Borrows: the engine and the index of auditors.
class SelfCheck {
 public:
  struct Parts {
    const ledger::Engine* engine;
    const ledger::Store* store = nullptr;      // The engine's.
    audit::AuditIndex* index = nullptr;        // Null: there is none.
    ledger::VerifyKey key;                     // Of the engine's checkpoints.
    std::string data_directory;                // Of the scrub's position, and of scratch stores.
    std::uint64_t disk_reserve_bytes = 0;      // What a rebuilt index leaves free there.
    std::uint64_t records_per_second = 0;      // Of verifications, at most. 0: as fast as they go.
    std::uint64_t scrub_records_per_hour = 0;  // 0: no scrub.
    std::function<void(absl::string_view)> alert = [](absl::string_view) {};
    // Of a tile that is wrong over records that are as they were signed: folding them again mends
    // it. Called on the thread that found it.
    std::function<void(const absl::Status&)> on_damaged_tile = [](const absl::Status&) {};
    // Whether no archive is missing. Folding anew needs all, and a start would refuse without.
    std::function<absl::Status()> archives_whole = [] { return absl::OkStatus(); };
  };
  struct Figures {
    bool verifying = false;
    VerificationRun::Progress verification{};    // The one that runs, or the last.
    std::uint64_t verify_findings = 0;           // Of the last that ended.
    absl::Time verified = absl::InfinitePast();  // When that was.
    Sequence scrub_sequence = 0;                 // Up to here in this pass.
    std::uint64_t scrub_passes = 0;              // Since the start.
    std::uint64_t scrub_findings = 0;            // As KeptFindings::scrub.
  };

  explicit SelfCheck(Parts parts);
  ~SelfCheck() { Stop(); }

  // Says what earlier processes found, and goes on with the scrub where the last one left it.
  void Start();
  // Notes where the scrub is. Idempotent.
  void Stop();

  // Verifies the ledger as it is now, no faster than `records_per_second`, which may only be less
  // than the parts'; 0: as these; with `indexes` the index of auditors as well, which is dropped
  // and built anew when it differs. While one is running, that one. Fails: kDataLoss when the
  // engine's checkpoint is not signed by the key.
  absl::StatusOr<std::shared_ptr<const VerificationRun>> Verify(std::uint64_t records_per_second,
                                                                bool indexes = false)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // One step of the scrub, for who has no thread. Records that an archive should have and does not
  // are passed over, which is said once per pass. Fails: as ledger::Scrub::Next.
  absl::Status ScrubOnce();
  Figures figures() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  absl::StatusOr<absl::optional<ledger::Checkpoint>> SignedHead() const;
  VerificationRun::Index IndexToVerify() const;
  void Ended(const absl::StatusOr<ledger::VerifyReport>& report,
             const VerificationRun::Progress& progress, std::uint64_t scrub_found_before)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void TellOfTilesAmong(const ledger::VerifyReport& report) const;
  // If it is a tile that leads from record `sequence` to the head that is wrong. Whether it was.
  bool TellOfTileOver(Sequence sequence, const ledger::Readable& moment,
                      const ledger::TreeHead& head) const;
  void KeepScrubbed(const ledger::ScrubStep& step) ABSL_LOCKS_EXCLUDED(mutex_);
  // Whether `unread`, which a step came to, is behind it now.
  absl::StatusOr<bool> PassOverArchives(const absl::Status& unread);
  void RunScrub();
  void NotePosition();
  void WriteKept() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Parts parts_;
  const std::string position_path_;
  const std::string findings_path_;
  ledger::Scrub scrub_;  // Its thread's.
  std::uint64_t steps_unnoted_ = 0;
  bool told_passed_over_ = false;  // In this pass.
  // What folding anew would not mend was found, and no pass has found nothing since.
  bool more_than_tiles_ = false;

  mutable Mutex mutex_;
  CondVar stop_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::weak_ptr<const VerificationRun> running_ ABSL_GUARDED_BY(mutex_);
  Figures figures_ ABSL_GUARDED_BY(mutex_);  // But for what is kept.
  KeptFindings kept_ ABSL_GUARDED_BY(mutex_);
  std::uint64_t scrub_found_ ABSL_GUARDED_BY(mutex_) = 0;  // Since the start.
  std::thread thread_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ADMIN_SELF_CHECK_H_
