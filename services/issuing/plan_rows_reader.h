// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ISSUING_PLAN_ROWS_READER_H_
#define PUHUI_SERVICES_ISSUING_PLAN_ROWS_READER_H_

#include "issuing/app/rows.h"
#include "issuing/app/vault.h"
#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"
#include "ledger/storage/store.h"
#include "puhui/v1/campaign_service.pb.h"

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui::services {

// The rows of an upload, from messages as they arrive to rows as they are stored. Ten million rows
// are kept in some forty bytes each, not as messages.
// Threads: none.
class PlanRowsReader {
 public:
  // Keeps the rows as they are.
  void Add(const v1::UploadPlanRequest::Rows& rows);

  std::size_t size() const { return rows_.size(); }
  // What the upload is recognised by.
  ledger::Hash Sha256Of() const;

  // Reads every row; afterwards those members are known that are named as such.
  // Refuses: kInvalidField at "rows[N]." and points, reason, member, external_id, card_number or
  // id_number.
  absl::Status Parse();
  // Finds the members that are named otherwise. A row that names nobody has the member that is
  // none: whether it is refused is said with who is elsewhere, by PlanCheck, and in the same words.
  // Requires: Parse was OK. Fails: as Readable.
  absl::Status Resolve(const ledger::Readable& store, const issuing::Vault& vault, UnionNumber of);
  // The field that says who the member of a row is, as a refusal names it: "rows[N].external_id",
  // or "rows[N].member" whatever else it was.
  std::string MemberField(std::uint64_t row) const;
  // Rows as AppendPlanRow packs them, `count` or fewer at the end. Requires: Resolve was OK.
  std::string Packed(std::size_t first, std::size_t count) const;
  // Why, of those of the same rows that say so.
  std::vector<issuing::PlanReason> Reasons(std::size_t first, std::size_t count) const;

 private:
  enum class KeyKind : std::uint8_t { kNone, kMember, kExternalId, kCard, kIdNumber };
  struct Row {
    std::int64_t points = 0;
    std::uint32_t key_bytes = 0;
    KeyKind kind = KeyKind::kNone;
  };
  struct ToFind {
    std::size_t row = 0;
    std::string key{};
  };
  struct Reason {
    std::size_t row = 0;
    std::string text{};
  };

  absl::Status ParseRow(std::size_t at, absl::string_view key);
  absl::StatusOr<absl::optional<MemberId>> Find(const ledger::Readable& store,
                                                const issuing::Vault& vault,
                                                const ToFind& wanted) const;

  std::vector<Row> rows_;
  std::string keys_;  // Of all rows, one after another.
  std::vector<MemberId> members_;
  std::vector<ToFind> by_external_id_;
  std::vector<ToFind> by_other_;  // Cards and identity cards.
  std::vector<Reason> reasons_;   // In the order of the rows.
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_PLAN_ROWS_READER_H_
