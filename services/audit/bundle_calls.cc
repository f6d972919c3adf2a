// SPDX-License-Identifier: Apache-2.0
// A range of records as a file that is checked without the server.
#include "audit/bundle/bundle_export.h"
#include "audit/bundle/part_export.h"
#include "ledger/base/status_macros.h"
#include "ledger/journal/checkpoint.h"
#include "services/audit/audit_service.h"
#include "services/audit/audit_wire.h"
#include "services/audit/export_seats.h"
#include "services/audit/part_concern.h"
#include "services/audit/store_evidence.h"
#include "services/rpc/error.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

constexpr std::size_t kBundleChunkBytes = std::size_t{1} << 20;

// The two notes that a token may hold are the longer the more witnesses have signed one of them.
constexpr TokenField kResumeToken{.name = "resume_token",
                                  .cursor_bytes_max = 2 * ledger::kCheckpointBytesMax + 1};

// One caller's file. Threads: one at a time.
class BundleStream {
 public:
  BundleStream(std::unique_ptr<ExportSeats::Seat> seat, std::unique_ptr<StoreEvidence> evidence,
               std::unique_ptr<audit::BundleMaker> maker, std::string resume_token,
               std::uint64_t offset)
      : seat_(std::move(seat)),
        evidence_(std::move(evidence)),
        maker_(std::move(maker)),
        resume_token_(std::move(resume_token)),
        skip_(offset) {}

  absl::StatusOr<Pull> Next(v1::ExportBundleResponse* response) {
    absl::StatusOr<Pull> pull = Make(response);
    // Before the caller hears that it is over, and asks for another.
    if (!pull.ok() || *pull == Pull::kEnd) seat_.reset();
    return pull;
  }

 private:
  absl::StatusOr<Pull> Make(v1::ExportBundleResponse* response) {
    if (sent_ == bytes_.size()) {
      if (maker_->ended()) return Pull::kEnd;
      PUHUI_ASSIGN_OR_RETURN(bytes_, maker_->Next());
      sent_ = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, bytes_.size()));
      skip_ -= sent_;
    }
    response->set_chunk(bytes_.substr(sent_, kBundleChunkBytes));
    sent_ += response->chunk().size();
    response->set_resume_token(std::exchange(resume_token_, {}));
    response->set_at_sequence(maker_->records());
    response->set_last_sequence(maker_->last());
    return Pull::kMessage;
  }

  std::unique_ptr<ExportSeats::Seat> seat_;
  const std::unique_ptr<StoreEvidence> evidence_;
  const std::unique_ptr<audit::BundleMaker> maker_;  // Borrows the evidence.
  std::string resume_token_;
  std::uint64_t skip_;  // Bytes that the caller has.
  std::string bytes_;
  std::size_t sent_ = 0;  // Of bytes_.
};

// The checkpoints of a bundle, and the tree of all its proofs: that of the last.
struct SignedNotes {
  std::vector<audit::BundleNote> notes;
  ledger::TreeHead head;
};

// No note has this byte in it.
constexpr absl::string_view kBetweenNotes("\0", 1);

std::string JoinNotes(const std::vector<audit::BundleNote>& notes) {
  return absl::StrJoin(notes, kBetweenNotes, [](std::string* out, const audit::BundleNote& note) {
    absl::StrAppend(out, note.text);
  });
}

// Fails: kDataLoss, unless `key` has signed all.
absl::StatusOr<SignedNotes> ReadNotes(absl::string_view texts, const ledger::VerifyKey& key) {
  SignedNotes read;
  for (const absl::string_view text : absl::StrSplit(texts, kBetweenNotes)) {
    PUHUI_ASSIGN_OR_RETURN(const ledger::Checkpoint head, ledger::ParseCheckpoint(text, key));
    read.notes.push_back({.size = head.size, .text = std::string(text)});
    read.head = {head.size, head.root};
  }
  return read;
}

// Puts the note that witnesses have made final beside the latest, if it covers the range. One that
// an earlier key signed stays away: who has the present key alone could not check the bundle.
void AddFinalNote(absl::string_view final_note, const ledger::VerifyKey& key, Sequence last,
                  SignedNotes* read) {
  const absl::StatusOr<ledger::Checkpoint> head = ledger::ParseCheckpoint(final_note, key);
  if (!head.ok() || head->size < last || head->size > read->head.size) return;
  audit::BundleNote note{.size = head->size, .text = std::string(final_note)};
  if (head->size < read->head.size) {
    read->notes.insert(read->notes.begin(), std::move(note));
  } else if (head->root == read->head.root) {
    read->notes.back() = std::move(note);  // The same head, with more signatures.
  }
}

// Of the whole ledger, or of a part of it. Refuses: kNotFound.
absl::StatusOr<std::unique_ptr<audit::BundleMaker>> MakerOf(const std::string& scope,
                                                            const ledger::Readable& store,
                                                            const StoreEvidence* evidence,
                                                            audit::BundleRange range) {
  if (scope.empty()) return std::make_unique<audit::BundleExport>(evidence, std::move(range));
  PUHUI_ASSIGN_OR_RETURN(const audit::BundleScope found, FindScope(scope, store));
  return std::make_unique<audit::PartExport>(evidence, std::move(range), found,
                                             std::make_unique<FactsConcern>(evidence));
}

}  // namespace

void AuditService::ServeExportBundle(Calls& calls) {
  calls.ServerStream(Rpc::kExportBundle, wire_.get(), &Wire::RequestExportBundle,
                     [this](const CallContext& call, const v1::ExportBundleRequest& asked) {
                       return OpenBundle(call, asked);
                     });
}

absl::StatusOr<MessageSource<v1::ExportBundleResponse>> AuditService::OpenBundle(
    const CallContext& call, const v1::ExportBundleRequest& request) const {
  v1::ExportBundleRequest asked = request;
  asked.clear_resume_token();
  asked.clear_offset();
  const std::string bound = BoundToCaller(call, asked);
  PUHUI_ASSIGN_OR_RETURN(std::string texts,
                         parts_.tokens->Open(bound, request.resume_token(), kResumeToken));
  PUHUI_RETURN_IF_ERROR(CheckScopeName(request.scope()));
  PUHUI_RETURN_IF_ERROR(AllowWholeLedger(call.principal()));
  const bool anew = texts.empty();
  if (anew) texts = parts_.engine->checkpoint();
  if (texts.empty()) return NotFound("checkpoint yet");
  absl::StatusOr<SignedNotes> read = ReadNotes(texts, *parts_.key);
  if (!read.ok()) {  // Of a token: the ledger's own can be read.
    return InvalidField("resume_token", "the key of then was replaced; export anew");
  }
  const std::uint64_t size = read->head.size;
  audit::BundleRange range{.first = std::max<Sequence>(request.first_sequence(), 1),
                           .last = request.last_sequence() == 0 ? size : request.last_sequence(),
                           .notes = {}};
  if (range.last > size) {
    return InvalidField("last_sequence", absl::StrCat("want at most ", size,
                                                      ", which the latest checkpoint covers"));
  }
  if (range.first > range.last) {
    return InvalidField("first_sequence", absl::StrCat("want at most ", range.last));
  }
  if (anew) {
    const WitnessShelf::Standing standing = parts_.witnesses->At({}, parts_.engine->Now());
    AddFinalNote(standing.final_note, *parts_.key, range.last, &*read);
  }
  PUHUI_ASSIGN_OR_RETURN(auto seat, export_seats_.Take());
  std::string token = parts_.tokens->Seal(bound, JoinNotes(read->notes));
  range.notes = std::move(read->notes);
  auto evidence = std::make_unique<StoreEvidence>(parts_.engine->Read(), parts_.prover, read->head);
  const std::unique_ptr<ledger::Readable> store = parts_.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(auto maker,
                         MakerOf(request.scope(), *store, evidence.get(), std::move(range)));
  auto stream = std::make_shared<BundleStream>(
      std::move(seat), std::move(evidence), std::move(maker), std::move(token), request.offset());
  return MessageSource<v1::ExportBundleResponse>(
      [stream](v1::ExportBundleResponse* response) { return stream->Next(response); });
}

}  // namespace puhui::services
