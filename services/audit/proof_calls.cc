// SPDX-License-Identifier: Apache-2.0
// The evidence: signed heads, what witnesses say of them, and proofs that lead to them.
#include "ledger/base/status_macros.h"
#include "ledger/journal/checkpoint.h"
#include "services/audit/audit_service.h"
#include "services/audit/audit_wire.h"
#include "services/rpc/error.h"

#include "absl/strings/str_cat.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

// The latest checkpoint, and a moment that has all its records.
struct Signed {
  std::string note;
  ledger::TreeHead head;
  std::unique_ptr<ledger::Readable> store;
};

// The note is read first, so the moment is never before it.
absl::StatusOr<Signed> ReadSigned(const AuditService::Parts& parts) {
  Signed latest;
  latest.note = parts.engine->checkpoint();
  if (latest.note.empty()) return NotFound("checkpoint yet");
  PUHUI_ASSIGN_OR_RETURN(const ledger::Checkpoint checkpoint,
                         ledger::ParseCheckpoint(latest.note, *parts.key));
  latest.head = {checkpoint.size, checkpoint.root};
  latest.store = parts.engine->Read();
  return latest;
}

absl::Status SizeIsNotSigned(absl::string_view field, const ledger::TreeHead& head) {
  return InvalidField(field, absl::StrCat("want at most ", head.size, ", which is signed"));
}

template <class Response>
void AddPath(const std::vector<ledger::Hash>& path, Response* response) {
  for (const ledger::Hash& hash : path) {
    response->add_path(std::string(ledger::AsBytes(hash)));
  }
}

}  // namespace

void AuditService::ServeProofCalls(Calls& calls) {
  // It may wait for a signature that is being put on the disk.
  calls.UnaryOnWorker(Rpc::kGetCheckpoint, wire_.get(), &Wire::RequestGetCheckpoint,
                      [this](const CallContext& call, const v1::GetCheckpointRequest& /*asked*/) {
                        return DoGetCheckpoint(call);
                      });
  calls.UnaryOnWorker(Rpc::kProveInclusion, wire_.get(), &Wire::RequestProveInclusion,
                      [this](const CallContext& call, const v1::ProveInclusionRequest& asked) {
                        return DoProveInclusion(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kProveConsistency, wire_.get(), &Wire::RequestProveConsistency,
                      [this](const CallContext& call, const v1::ProveConsistencyRequest& asked) {
                        return DoProveConsistency(call, asked);
                      });
  calls.UnaryOnWorker(
      Rpc::kAddCosignature, wire_.get(), &Wire::RequestAddCosignature,
      [this](const CallContext& /*call*/,
             const v1::AddCosignatureRequest& asked) -> absl::StatusOr<v1::AddCosignatureResponse> {
        v1::AddCosignatureResponse response;
        PUHUI_ASSIGN_OR_RETURN(const std::uint64_t size, parts_.witnesses->Add(asked.note()));
        response.set_final_size(size);
        return response;
      });
}

absl::StatusOr<v1::GetCheckpointResponse> AuditService::DoGetCheckpoint(
    const CallContext& call) const {
  PUHUI_RETURN_IF_ERROR(AllowWholeLedger(call.principal()));
  v1::GetCheckpointResponse response;
  response.set_note(parts_.engine->checkpoint());
  if (response.note().empty()) return NotFound("checkpoint yet");
  WitnessShelf::Standing standing = parts_.witnesses->At(response.note(), parts_.engine->Now());
  response.set_final_note(std::move(standing.final_note));
  response.set_final_size(standing.final_size);
  response.set_pending_note(std::move(standing.pending_note));
  response.set_key_chain(parts_.witnesses->chain_file());
  response.set_quorum(static_cast<std::uint32_t>(parts_.witnesses->quorum()));
  return response;
}

absl::StatusOr<v1::ProveInclusionResponse> AuditService::DoProveInclusion(
    const CallContext& call, const v1::ProveInclusionRequest& request) const {
  if (request.sequence() == 0) return InvalidField("sequence", "want a number from 1, got 0");
  PUHUI_RETURN_IF_ERROR(AllowWholeLedger(call.principal()));
  PUHUI_ASSIGN_OR_RETURN(const Signed latest, ReadSigned(parts_));
  const std::uint64_t size = request.tree_size() == 0 ? latest.head.size : request.tree_size();
  if (size > latest.head.size) return SizeIsNotSigned("tree_size", latest.head);
  if (request.sequence() > size) {
    return InvalidField("sequence", absl::StrCat("want a record of the first ", size));
  }
  PUHUI_ASSIGN_OR_RETURN(
      const std::vector<ledger::Hash> path,
      parts_.prover->Inclusion(*latest.store, latest.head, request.sequence(), size));
  v1::ProveInclusionResponse response;
  response.set_leaf_index(request.sequence() - 1);
  response.set_tree_size(size);
  AddPath(path, &response);
  if (size == latest.head.size) response.set_note(latest.note);
  return response;
}

absl::StatusOr<v1::ProveConsistencyResponse> AuditService::DoProveConsistency(
    const CallContext& call, const v1::ProveConsistencyRequest& request) const {
  if (request.first_size() == 0) return InvalidField("first_size", "want a number from 1, got 0");
  PUHUI_RETURN_IF_ERROR(AllowWholeLedger(call.principal()));
  PUHUI_ASSIGN_OR_RETURN(const Signed latest, ReadSigned(parts_));
  const std::uint64_t second =
      request.second_size() == 0 ? latest.head.size : request.second_size();
  if (second > latest.head.size) return SizeIsNotSigned("second_size", latest.head);
  if (request.first_size() > second) {
    return InvalidField("first_size", absl::StrCat("want at most the second size, ", second));
  }
  PUHUI_ASSIGN_OR_RETURN(
      const std::vector<ledger::Hash> path,
      parts_.prover->Consistency(*latest.store, latest.head, request.first_size(), second));
  v1::ProveConsistencyResponse response;
  response.set_first_size(request.first_size());
  response.set_second_size(second);
  AddPath(path, &response);
  if (second == latest.head.size) response.set_note(latest.note);
  return response;
}

}  // namespace puhui::services
