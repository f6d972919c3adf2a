// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ISSUING_MEMBER_IMPORT_H_
#define PUHUI_SERVICES_ISSUING_MEMBER_IMPORT_H_

#include "issuing/core/roster.h"
#include "ledger/base/limits.h"
#include "ledger/crypto/hash.h"
#include "puhui/v1/member_service.pb.h"
#include "services/issuing/bulk_run.h"
#include "services/issuing/issuing_parts.h"
#include "services/issuing/member_batch.h"
#include "services/rpc/client_stream.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace puhui::services {

// Enrols everybody of a roster file, in commands of bounded size, when all of it has come. What the
// first message says is judged when it arrives, before a byte of the file is kept. Each command has
// a request id that follows from the file, so that the same file again, also after it was cut
// half-way, answers what was answered and enrols only who is missing. Threads: none; the stream
// calls it. Borrows: the parts, the call.
class MemberImport final
    : public StreamReceiver<v1::ImportMembersRequest, v1::ImportMembersResponse> {
 public:
  static constexpr std::size_t kChunkRows = 1'000;
  static constexpr std::size_t kChunkBytesMax = std::size_t{1} << 20;
  static constexpr std::size_t kProblemsShownMax = 1'000;
  // The file, and what its messages add around it.
  static constexpr std::size_t kStreamBytesMax = kImportFileBytesMax + (std::size_t{16} << 20);

  MemberImport(const IssuingParts& parts, const CallContext* call) : parts_(parts), call_(*call) {}

  absl::Status Receive(v1::ImportMembersRequest&& message) override;
  absl::StatusOr<v1::ImportMembersResponse> Finish() override;

 private:
  // Rows that one command enrols.
  struct Chunk {
    std::size_t first = 0;  // In the roster.
    v1::BatchCreateMembersRequest request{};
  };

  absl::Status ReceiveStart(const v1::ImportMembersRequest::Start& start);
  absl::Status ReceiveChunk(absl::string_view chunk);
  absl::Status Enrol(const issuing::Roster& roster);
  absl::Status Foresee(const issuing::Roster& roster);
  Chunk ChunkAt(const issuing::Roster& roster, std::size_t first) const;
  absl::StatusOr<std::unique_ptr<ledger::Command>> CommandFor(const Chunk& chunk) const;
  absl::Status TakeOutcome(const issuing::Roster& roster);
  void Count(const issuing::Roster& roster, std::size_t first, v1::MemberRowResult result);
  void ShowProblems(const issuing::Roster& roster);

  const IssuingParts parts_;
  const CallContext& call_;
  absl::optional<JoinedUnion> union_;
  std::uint64_t size_bytes_ = 0;  // As the first message says.
  bool validate_only_ = false;
  bool ignore_unknown_columns_ = false;
  std::string hr_system_;
  std::string file_;
  ledger::Hash sha256_{};
  absl::Time now_;
  BulkRun run_{parts_.ledger.engine};
  std::deque<std::size_t> first_rows_;        // Of the chunks under way.
  std::vector<v1::MemberRowResult> refused_;  // By the ledger, the first of them.
  v1::ImportMembersResponse response_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_MEMBER_IMPORT_H_
