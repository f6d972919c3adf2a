// SPDX-License-Identifier: Apache-2.0
#include "services/cli/audit_proof_command.h"

#include "ledger/base/status_macros.h"
#include "ledger/crypto/durable_file.h"
#include "ledger/crypto/hash.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/key_chain.h"
#include "ledger/journal/merkle.h"
#include "ledger/journal/receipt.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "services/cli/money.h"
#include "services/cli/proof_path.h"
#include "services/cli/receipt_key.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

using AuditStub = v1::AuditService::Stub;

// What proofs are checked with.
struct ProofTrust {
  std::string key;
  std::string chain_path;
  std::vector<std::string> checkpoint_paths;
};

void AddProofTrust(CLI::App& app, ProofTrust& trust, const char* checkpoint_help) {
  app.add_option("--key", trust.key, "The ledger's verifier key, or a file that holds it")
      ->required();
  app.add_option("--chain", trust.chain_path,
                 "The file checkpoint.chain, when keys were replaced since");
  app.add_option("--checkpoint", trust.checkpoint_paths, checkpoint_help);
}

ExitCode FailProof(const absl::Status& status, Invocation& invocation) {
  return invocation.Fail(status, absl::IsDataLoss(status) ? ExitCode::kFindings : ExitCode::kUsage);
}

absl::StatusOr<std::string> ReadNote(const std::string& path) {
  PUHUI_ASSIGN_OR_RETURN(const auto note, ledger::ReadWholeFile(path, ledger::kCheckpointBytesMax));
  if (!note.has_value()) return absl::NotFoundError(absl::StrCat("there is no file ", path));
  return *note;
}

std::string SignedAt(const ledger::Checkpoint& head) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", head.time, absl::UTCTimeZone());
}

struct InclusionWish {
  ProofTrust trust;
  v1::ProveInclusionRequest request;
  std::string out;
};

// The record, and the way to the head that was signed; what the service says is not believed.
absl::StatusOr<ledger::Receipt> Enclose(const v1::GetRecordResponse& record,
                                        const v1::ProveInclusionResponse& proof,
                                        std::uint64_t sequence) {
  PUHUI_ASSIGN_OR_RETURN(const std::vector<ledger::Hash> path, PathOf(proof));
  // What the path proves is that these bytes are that record; they have to say so themselves.
  PUHUI_RETURN_IF_ERROR(ledger::ParseRecord(sequence, record.record_bytes()).status());
  return ledger::Receipt{record.record_bytes(), sequence - 1, path, proof.note()};
}

void PrintInclusion(const ledger::Receipt& receipt, const ledger::Checkpoint& head,
                    Output& output) {
  output.Fields({{"result", "checked: the ledger holds this record"},
                 {"ledger", head.origin},
                 {"record", absl::StrCat(receipt.index + 1)},
                 {"of records", FormatCount(head.size)},
                 {"leaf hash", ledger::ToHex(ledger::LeafHash(receipt.record))},
                 {"root", ledger::ToBase64(head.root)},
                 {"signed at", SignedAt(head)},
                 {"hashes", absl::StrCat(receipt.path.size())}});
}

ExitCode RunProveInclusion(const InclusionWish& wish, Invocation& invocation) {
  if (wish.trust.checkpoint_paths.size() > 1) {
    return invocation.Fail(absl::InvalidArgumentError("want one --checkpoint at most"),
                           ExitCode::kUsage);
  }
  const auto keys = ReadLogKeys(wish.trust.key, wish.trust.chain_path);
  if (!keys.ok()) return FailProof(keys.status(), invocation);
  v1::ProveInclusionRequest request = wish.request;
  std::string note;
  if (!wish.trust.checkpoint_paths.empty()) {
    const auto kept = ReadNote(wish.trust.checkpoint_paths.back());
    if (!kept.ok()) return FailProof(kept.status(), invocation);
    const auto head = ledger::ParseCheckpoint(*kept, *keys);
    if (!head.ok()) return FailProof(head.status(), invocation);
    request.set_tree_size(head->size);
    note = *kept;
  }
  v1::GetRecordRequest asked;
  asked.set_sequence(request.sequence());
  v1::GetRecordResponse record;
  ExitCode code = invocation.Call(&AuditStub::GetRecord, asked, &record);
  if (code != ExitCode::kOk) return code;
  v1::ProveInclusionResponse proof;
  code = invocation.Call(&AuditStub::ProveInclusion, request, &proof);
  if (code != ExitCode::kOk) return code;
  if (!note.empty()) proof.set_note(note);
  const auto receipt = Enclose(record, proof, request.sequence());
  if (!receipt.ok()) return FailProof(receipt.status(), invocation);
  const auto head = ledger::VerifyReceipt(*receipt, *keys);
  if (!head.ok()) return FailProof(head.status(), invocation);
  if (!wish.out.empty()) {
    const absl::Status kept = ledger::WriteFileDurably(wish.out, ledger::ReceiptText(*receipt));
    if (!kept.ok()) return invocation.Fail(kept, ExitCode::kFailed);
  }
  invocation.output().Show(proof, [&](Output& output, const v1::ProveInclusionResponse& /*shown*/) {
    PrintInclusion(*receipt, *head, output);
  });
  return ExitCode::kOk;
}

// Heads of one ledger, by their sizes.
class KnownHeads {
 public:
  explicit KnownHeads(const ledger::KeyChain& keys) : keys_(keys) {}

  // Fails: kDataLoss, unless the ledger has signed it and it agrees with those that are known.
  absl::Status Add(absl::string_view note) {
    PUHUI_ASSIGN_OR_RETURN(ledger::Checkpoint head, ledger::ParseCheckpoint(note, keys_));
    for (const ledger::Checkpoint& known : heads_) {
      if (known.origin != head.origin) {
        return absl::DataLossError("the checkpoints are of different ledgers");
      }
      if (known.size == head.size && known.root != head.root) {
        return absl::DataLossError(
            absl::StrCat("two signed checkpoints of ", head.size, " records differ"));
      }
    }
    heads_.push_back(std::move(head));
    return absl::OkStatus();
  }
  absl::StatusOr<ledger::Checkpoint> Of(std::uint64_t size) const {
    for (const ledger::Checkpoint& head : heads_) {
      if (head.size == size) return head;
    }
    return absl::NotFoundError(absl::StrCat("there is no signed checkpoint of ", size,
                                            " records: name its file with --checkpoint"));
  }

 private:
  const ledger::KeyChain& keys_;
  std::vector<ledger::Checkpoint> heads_;
};

struct ConsistencyWish {
  ProofTrust trust;
  v1::ProveConsistencyRequest request;
};

absl::Status CheckConsistency(const v1::ProveConsistencyResponse& proof,
                              const ledger::Checkpoint& first, const ledger::Checkpoint& second) {
  PUHUI_ASSIGN_OR_RETURN(const std::vector<ledger::Hash> path, PathOf(proof));
  if (ledger::VerifyConsistency({first.size, first.root}, {second.size, second.root}, path)) {
    return absl::OkStatus();
  }
  return absl::DataLossError(absl::StrCat(
      "the ledger of ", second.size, " records is not proven to begin with that of ", first.size));
}

ExitCode RunProveConsistency(const ConsistencyWish& wish, Invocation& invocation) {
  const auto keys = ReadLogKeys(wish.trust.key, wish.trust.chain_path);
  if (!keys.ok()) return FailProof(keys.status(), invocation);
  KnownHeads heads(*keys);
  for (const std::string& path : wish.trust.checkpoint_paths) {
    const auto note = ReadNote(path);
    const absl::Status known = note.ok() ? heads.Add(*note) : note.status();
    if (!known.ok()) return FailProof(known, invocation);
  }
  v1::ProveConsistencyResponse proof;
  const ExitCode code = invocation.Call(&AuditStub::ProveConsistency, wish.request, &proof);
  if (code != ExitCode::kOk) return code;
  if (!proof.note().empty()) {
    const absl::Status known = heads.Add(proof.note());
    if (!known.ok()) return FailProof(known, invocation);
  }
  const auto first = heads.Of(wish.request.first_size());
  if (!first.ok()) return FailProof(first.status(), invocation);
  const bool latest = wish.request.second_size() == 0;
  const auto second = heads.Of(latest ? proof.second_size() : wish.request.second_size());
  if (!second.ok()) return FailProof(second.status(), invocation);
  const absl::Status checked = CheckConsistency(proof, *first, *second);
  if (!checked.ok()) return FailProof(checked, invocation);
  invocation.output().Show(proof, [&](Output& output, const v1::ProveConsistencyResponse& shown) {
    output.Fields({{"result", "checked: the ledger has only grown"},
                   {"ledger", second->origin},
                   {"earlier", FormatCount(first->size)},
                   {"earlier root", ledger::ToBase64(first->root)},
                   {"later", FormatCount(second->size)},
                   {"later root", ledger::ToBase64(second->root)},
                   {"signed at", SignedAt(*second)},
                   {"hashes", absl::StrCat(shown.path_size())}});
  });
  return ExitCode::kOk;
}

}  // namespace

void AddAuditProofs(Noun& noun) {
  CLI::App& inclusion =
      noun.AddVerb({"prove-inclusion", "Prove that the ledger holds a record, and check it here"});
  const auto wish = std::make_shared<InclusionWish>();
  inclusion
      .add_option_function<std::uint64_t>(
          "sequence", [wish](const std::uint64_t& n) { wish->request.set_sequence(n); },
          "Its place in the journal")
      ->required();
  AddProofTrust(inclusion, wish->trust,
                "The file of the signed head to prove it against. Default: the latest");
  inclusion.add_option("--out", wish->out, "Keep the receipt in this file (verify-receipt)");
  noun.OnVerb(inclusion,
              [wish](Invocation& invocation) { return RunProveInclusion(*wish, invocation); });

  CLI::App& consistency = noun.AddVerb(
      {"prove-consistency", "Prove that the ledger has only grown, and check it here"});
  const auto sizes = std::make_shared<ConsistencyWish>();
  consistency
      .add_option_function<std::uint64_t>(
          "first", [sizes](const std::uint64_t& n) { sizes->request.set_first_size(n); },
          "Records of the earlier head")
      ->required();
  consistency.add_option_function<std::uint64_t>(
      "second", [sizes](const std::uint64_t& n) { sizes->request.set_second_size(n); },
      "Records of the later head. Default: of the latest");
  AddProofTrust(consistency, sizes->trust,
                "The file of a signed head, of either size; may be repeated");
  noun.OnVerb(consistency,
              [sizes](Invocation& invocation) { return RunProveConsistency(*sizes, invocation); });
}

}  // namespace puhui::services
