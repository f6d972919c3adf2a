// SPDX-License-Identifier: Apache-2.0
#include "services/audit/receipt_service.h"

#include "ledger/base/status_macros.h"
#include "ledger/engine/ledger_views.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/journal/receipt.h"
#include "merchant/app/queries.h"
#include "puhui/v1/receipt_service.grpc.pb.h"
#include "services/ledger/reference.h"
#include "services/rpc/error.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {

struct ReceiptService::Wire final : v1::ReceiptService::AsyncService {};

ReceiptService::ReceiptService(const Parts& parts)
    : parts_(parts), wire_(std::make_unique<Wire>()) {}

ReceiptService::~ReceiptService() = default;

void ReceiptService::Serve(Calls& calls) {
  calls.Add(wire_.get());
  calls.UnaryOnWorker(Rpc::kGetReceipt, wire_.get(), &Wire::RequestGetReceipt,
                      [this](const CallContext& call, const v1::GetReceiptRequest& asked) {
                        return DoGetReceipt(call, asked);
                      });
}

namespace {

absl::Status NoSuchEntry() { return NotFound("entry"); }

absl::StatusOr<Sequence> ReadWhich(const v1::GetReceiptRequest& request) {
  if ((request.sequence() != 0) != request.retrieval_reference().empty()) {
    return InvalidField("sequence", "want it or retrieval_reference, and one of them only");
  }
  if (request.sequence() != 0) return request.sequence();
  return ParseReference(request.retrieval_reference(), "retrieval_reference");
}

// Whether one of the postings is of an account that the caller may know of: a wallet of its own,
// what is owed to its own merchant, or anything for an auditor of the whole ledger.
absl::StatusOr<bool> IsOwn(const Principal& principal, const std::vector<ledger::Posting>& postings,
                           const ledger::Readable& store) {
  if (principal.role == Role::kMember) {
    return std::any_of(postings.begin(), postings.end(), [&](const ledger::Posting& posting) {
      return posting.member == principal.member_id;
    });
  }
  if (principal.role == Role::kMerchant || principal.role == Role::kTerminal) {
    PUHUI_ASSIGN_OR_RETURN(const auto own,
                           merchant::FindMerchant(store, principal.merchant_id.text()));
    return own.has_value() &&
           std::any_of(postings.begin(), postings.end(), [&](const ledger::Posting& posting) {
             return posting.kind == ledger::AccountKind::kPayable &&
                    posting.owner == static_cast<std::uint64_t>(own->number);
           });
  }
  return AllowWholeLedger(principal).ok();  // The exact bytes tell what scopes are spared.
}

}  // namespace

absl::StatusOr<v1::GetReceiptResponse> ReceiptService::DoGetReceipt(
    const CallContext& call, const v1::GetReceiptRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const Sequence sequence, ReadWhich(request));
  const std::string latest = parts_.engine->checkpoint();
  WitnessShelf::Standing standing = parts_.witnesses->At(latest, parts_.engine->Now());
  ledger::Receipt receipt;
  receipt.note = sequence <= standing.final_size ? std::move(standing.final_note) : latest;
  if (receipt.note.empty()) return NoSuchEntry();
  // What is final may have been signed before the key was replaced.
  PUHUI_ASSIGN_OR_RETURN(const ledger::Checkpoint checkpoint,
                         ledger::ParseCheckpoint(receipt.note, *parts_.keys));
  if (sequence > checkpoint.size) return NoSuchEntry();
  const std::unique_ptr<ledger::Readable> store = parts_.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(receipt.record, ledger::ReadRecord(*store, sequence));
  PUHUI_ASSIGN_OR_RETURN(const journal::v1::Record record,
                         ledger::ParseRecord(sequence, receipt.record));
  if (!record.has_entry()) return NoSuchEntry();
  std::vector<ledger::Posting> postings;
  PUHUI_RETURN_IF_ERROR(ledger::ReadPostings(record.entry(), &postings));
  PUHUI_ASSIGN_OR_RETURN(const bool own, IsOwn(call.principal(), postings, *store));
  if (!own) return NoSuchEntry();
  receipt.index = sequence - 1;
  PUHUI_ASSIGN_OR_RETURN(
      receipt.path, parts_.prover->Inclusion(*store, {checkpoint.size, checkpoint.root}, sequence,
                                             checkpoint.size));
  v1::GetReceiptResponse response;
  response.set_receipt(ledger::ReceiptText(receipt));
  response.set_leaf_index(receipt.index);
  for (const ledger::Hash& hash : receipt.path) {
    response.add_path(std::string(ledger::AsBytes(hash)));
  }
  response.set_record_bytes(std::move(receipt.record));
  response.set_note(std::move(receipt.note));
  return response;
}

}  // namespace puhui::services
