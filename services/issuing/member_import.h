// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ISSUING_MEMBER_IMPORT_H_
#define PUHUI_SERVICES_ISSUING_MEMBER_IMPORT_H_

#include "issuing/core/roster.h"
#include "ledger/base/limits.h"
#include "puhui/v1/member_service.pb.h"
#include "services/issuing/issuing_parts.h"
#include "services/issuing/member_batch.h"
#include "services/issuing/upload_shelf.h"
#include "services/ledger/bulk_run.h"
#include "services/rpc/two_way_stream.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace puhui::services {

// Enrols everybody of a roster file, in commands of bounded size, when all of it has come and is
// sound as a whole. What the first message says is judged when it arrives, before a byte of the
// file is kept. Each command has a request id that follows from the file and the day, so that the
// same file again, also after it was cut half-way, answers what was answered and enrols only who is
// missing.
//
// In memory are the file and, while it is judged, what tells duplicates from each other; rows are
// read when their command is made. Threads: none; the stream calls it. Borrows: the parts, the
// call, the shelf.
class MemberImport final
    : public Conversation<v1::ImportMembersRequest, v1::ImportMembersResponse> {
 public:
  static constexpr std::size_t kChunkRows = 1'000;
  static constexpr std::size_t kChunkBytesMax = std::size_t{1} << 20;
  static constexpr std::size_t kResultsPerMessageMax = 1'000;
  // The file, and what its messages add around it.
  static constexpr std::size_t kStreamBytesMax = kImportFileBytesMax + (std::size_t{16} << 20);

  MemberImport(const IssuingParts& parts, const CallContext* call, UploadShelf* shelf)
      : parts_(parts), call_(*call), shelf_(*shelf) {}

  absl::StatusOr<bool> Receive(v1::ImportMembersRequest&& message,
                               v1::ImportMembersResponse* reply) override;
  absl::StatusOr<Pull> Answer(v1::ImportMembersResponse* message) override;

 private:
  // Up to kChunkRows sound rows that one command enrols, and the others among them.
  struct Chunk {
    std::uint64_t number = 0;
    v1::BatchCreateMembersRequest request{};
    std::vector<std::uint32_t> lines{};  // Of the rows of the request.
    std::vector<v1::MemberRowResult> defects{};
    std::uint32_t rows = 0;  // In all.
  };

  absl::Status ReceiveStart(const v1::ImportMembersRequest::Start& start);
  absl::Status ReceiveChunk(absl::string_view chunk);
  // Everything that can be wrong with the file as a whole.
  absl::Status JudgeFile();
  absl::Status OpenReader(const std::vector<issuing::RosterReader::Duplicate>* duplicates);
  // Nothing when there are no rows left.
  absl::StatusOr<absl::optional<Chunk>> ReadChunk();
  absl::StatusOr<std::unique_ptr<ledger::Command>> CommandFor(const Chunk& chunk) const;
  // Verdicts of the next chunk, to pending_; false when there is none.
  absl::StatusOr<bool> JudgeChunk();
  absl::StatusOr<std::vector<v1::MemberRowResult>> Enrol();
  // Rows whose cards were taken get others.
  absl::Status DrawAgain(const Chunk& chunk, std::vector<v1::MemberRowResult>& results) const;
  absl::StatusOr<std::vector<v1::MemberRowResult>> Foresee();
  void Count(const Chunk& chunk, std::vector<v1::MemberRowResult> results);
  void FillVerdicts(v1::ImportMembersResponse::Verdicts* verdicts);
  v1::ImportMembersResponse::Progress Progress() const;

  const IssuingParts parts_;
  const CallContext& call_;
  UploadShelf& shelf_;
  absl::optional<JoinedUnion> union_;
  v1::ImportMembersRequest::Start start_;
  UploadShelf::Upload upload_;
  absl::Time now_;

  issuing::RosterText text_;
  std::vector<issuing::RosterReader::Duplicate> duplicates_;
  std::unique_ptr<issuing::RosterReader> reader_;
  std::unique_ptr<ledger::Readable> store_;  // What a forecast is of.
  BulkRun run_{parts_.ledger.engine};
  std::deque<Chunk> chunks_;  // Under way.
  std::uint64_t chunks_read_ = 0;
  std::deque<v1::MemberRowResult> pending_;  // Not sent yet.
  std::uint32_t rows_ = 0;
  std::uint32_t rows_done_ = 0;
  bool progress_due_ = false;
  bool summarised_ = false;
  v1::ImportMembersResponse::Summary summary_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_MEMBER_IMPORT_H_
