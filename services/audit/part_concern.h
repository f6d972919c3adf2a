// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_AUDIT_PART_CONCERN_H_
#define PUHUI_SERVICES_AUDIT_PART_CONCERN_H_

#include "audit/bundle/bundle_export.h"
#include "audit/bundle/part_export.h"
#include "audit/bundle/part_scope.h"
#include "audit/index/background.h"
#include "ledger/base/id.h"
#include "ledger/storage/store.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <memory>
#include <string>

namespace puhui::services {

// What a record is about, as the index of auditors tells it, but from the journal alone: a part has
// the same bytes whenever it is made. Grows with campaigns, terminals, offers and notices.
// Threads: none. Borrows: the evidence.
class FactsConcern final : public audit::PartConcern, private audit::Background {
 public:
  explicit FactsConcern(const audit::JournalEvidence* evidence) : evidence_(*evidence) {}

  void Learn(const journal::v1::Record& record) override;
  absl::StatusOr<bool> Concerns(const journal::v1::Record& record,
                                const audit::PartScope& scope) override;

 private:
  absl::StatusOr<audit::Owner> OwnerOf(const audit::Owned& owned) override;
  absl::StatusOr<journal::v1::Record> Earlier(Sequence sequence) override;
  absl::StatusOr<std::string> CallerOf(Sequence first) override;

  const audit::JournalEvidence& evidence_;
  absl::flat_hash_map<audit::Owned, audit::Owner> owners_;
};

// Whether `name` can be the scope of a part: unions/… or merchants/…, or nothing for the whole.
// Refuses: kInvalidField.
absl::Status CheckScopeName(const std::string& name);
// Requires: CheckScopeName(name), and a name. Refuses: kNotFound.
absl::StatusOr<audit::BundleScope> FindScope(const std::string& name,
                                             const ledger::Readable& store);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_PART_CONCERN_H_
