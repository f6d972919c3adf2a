// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_SERVICES_RPC_NOTE_BOOK_H_
#define PUHUI_TESTS_UNIT_SERVICES_RPC_NOTE_BOOK_H_

#include "ledger/base/mutex.h"
#include "services/auth/policy.h"
#include "services/rpc/access_recorder.h"
#include "services/rpc/error.h"

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {

// Keeps what it is told: method, person, purpose, rows, outcome.
class NoteBook final : public AccessRecorder {
 public:
  void Record(const AccessNote& note, Recorded recorded) override {
    absl::StatusOr<std::uint64_t> place = absl::UnavailableError("");
    {
      MutexLock lock(&mutex_);
      const auto answer = AnswerFor(note.outcome);
      lines_.push_back(absl::StrCat(RuleOf(note.rpc).name, " ", note.principal.person, " ",
                                    note.purpose, " ", note.rows, " ",
                                    note.unended         ? "unended"
                                    : note.outcome.ok()  ? "OK"
                                    : answer.has_value() ? ledger::ReasonName(answer->reason)
                                                         : "CANCELLED",
                                    note.begun == 0 ? "" : absl::StrCat(" of ", note.begun)));
      place = failure_.ok() ? absl::StatusOr<std::uint64_t>(lines_.size())
                            : absl::StatusOr<std::uint64_t>(failure_);
    }
    recorded(std::move(place));
  }
  std::vector<std::string> Lines() {
    MutexLock lock(&mutex_);
    return lines_;
  }
  void Fail(absl::Status failure) {
    MutexLock lock(&mutex_);
    failure_ = std::move(failure);
  }

 private:
  Mutex mutex_;
  std::vector<std::string> lines_ ABSL_GUARDED_BY(mutex_);
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_RPC_NOTE_BOOK_H_
