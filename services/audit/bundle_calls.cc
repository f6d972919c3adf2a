// SPDX-License-Identifier: Apache-2.0
// A range of records as a file that is checked without the server.
#include "audit/bundle/bundle_export.h"
#include "ledger/base/status_macros.h"
#include "ledger/journal/checkpoint.h"
#include "services/audit/audit_service.h"
#include "services/audit/audit_wire.h"
#include "services/audit/store_evidence.h"
#include "services/rpc/error.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

constexpr std::size_t kBundleChunkBytes = std::size_t{1} << 20;

// One caller's file. Threads: one at a time.
class BundleStream {
 public:
  BundleStream(std::unique_ptr<StoreEvidence> evidence, audit::BundleExport::Range range,
               std::string resume_token, std::uint64_t offset)
      : evidence_(std::move(evidence)),
        export_(evidence_.get(), std::move(range)),
        resume_token_(std::move(resume_token)),
        skip_(offset) {}

  absl::StatusOr<Pull> Next(v1::ExportBundleResponse* response) {
    if (sent_ == bytes_.size()) {
      if (export_.ended()) return Pull::kEnd;
      PUHUI_ASSIGN_OR_RETURN(bytes_, export_.Next());
      sent_ = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, bytes_.size()));
      skip_ -= sent_;
    }
    response->set_chunk(bytes_.substr(sent_, kBundleChunkBytes));
    sent_ += response->chunk().size();
    response->set_resume_token(std::exchange(resume_token_, {}));
    response->set_at_sequence(export_.records());
    response->set_last_sequence(export_.last());
    return Pull::kMessage;
  }

 private:
  const std::unique_ptr<StoreEvidence> evidence_;
  audit::BundleExport export_;
  std::string resume_token_;
  std::uint64_t skip_;  // Bytes that the caller has.
  std::string bytes_;
  std::size_t sent_ = 0;  // Of bytes_.
};

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
  PUHUI_ASSIGN_OR_RETURN(std::string text, parts_.tokens->Open(bound, request.resume_token()));
  PUHUI_RETURN_IF_ERROR(AllowWholeLedger(call.principal()));
  if (text.empty()) text = parts_.engine->checkpoint();
  if (text.empty()) return NotFound("checkpoint yet");
  const absl::StatusOr<ledger::Checkpoint> head = ledger::ParseCheckpoint(text, *parts_.key);
  if (!head.ok()) {  // Of a token: the ledger's own can be read.
    return InvalidField("resume_token", "the key of then was replaced; export anew");
  }
  const std::uint64_t size = head->size;
  audit::BundleExport::Range range{
      .first = std::max<Sequence>(request.first_sequence(), 1),
      .last = request.last_sequence() == 0 ? size : request.last_sequence(),
      .notes = {}};
  if (range.last > size) {
    return InvalidField("last_sequence", absl::StrCat("want at most ", size,
                                                      ", which the latest checkpoint covers"));
  }
  if (range.first > range.last) {
    return InvalidField("first_sequence", absl::StrCat("want at most ", range.last));
  }
  std::string token = parts_.tokens->Seal(bound, text);
  range.notes.push_back({.size = size, .text = std::move(text)});
  auto evidence = std::make_unique<StoreEvidence>(parts_.engine->Read(), parts_.prover,
                                                  ledger::TreeHead{size, head->root});
  auto stream = std::make_shared<BundleStream>(std::move(evidence), std::move(range),
                                               std::move(token), request.offset());
  return MessageSource<v1::ExportBundleResponse>(
      [stream](v1::ExportBundleResponse* response) { return stream->Next(response); });
}

}  // namespace puhui::services
