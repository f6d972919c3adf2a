// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_AUDIT_JOURNAL_RECORDER_H_
#define PUHUI_SERVICES_AUDIT_JOURNAL_RECORDER_H_

#include "audit/access/access_journal.h"
#include "services/rpc/access_recorder.h"

namespace puhui::services {

// Notes calls in the access journal. Threads: safe. Borrows: the journal.
class JournalRecorder final : public AccessRecorder {
 public:
  explicit JournalRecorder(audit::AccessJournal* journal) : journal_(*journal) {}
  void Record(const AccessNote& note, Recorded recorded) override;

 private:
  audit::AccessJournal& journal_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_JOURNAL_RECORDER_H_
