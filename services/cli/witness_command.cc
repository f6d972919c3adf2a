// SPDX-License-Identifier: Apache-2.0
// `puhui witness`: signs the heads of a ledger as long as it only grows, on somebody else's
// machine.
#include "ledger/base/status_macros.h"
#include "ledger/crypto/durable_file.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/random.h"
#include "ledger/crypto/signing.h"
#include "ledger/journal/checkpoint_file.h"
#include "ledger/journal/cosignature.h"
#include "ledger/journal/key_chain.h"
#include "ledger/journal/published_tiles.h"
#include "ledger/journal/witness.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "services/cli/commands.h"
#include "services/cli/proof_path.h"
#include "services/cli/receipt_key.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

using AuditStub = v1::AuditService::Stub;

struct WitnessWish {
  std::string name;
  std::string key_path;
  std::string log_key;
  std::string state_path;
  std::string metrics_path;
  std::string folder;    // Empty: the service is asked.
  std::string out_path;  // Empty: none.
  std::int64_t every_seconds = 10;
  bool once = false;
  bool show = false;
};

// What a look came to, for whoever watches the witness: a file in the form of Prometheus.
absl::Status WriteWitnessMetrics(const WitnessWish& wish, const ledger::Witness& witness,
                                 bool alarm) {
  if (wish.metrics_path.empty()) return absl::OkStatus();
  return ledger::WriteFileDurably(
      wish.metrics_path,
      absl::StrCat("# TYPE puhui_witness_sequence gauge\npuhui_witness_sequence ",
                   witness.last().has_value() ? witness.last()->size : 0,
                   "\n# TYPE puhui_witness_alarm gauge\npuhui_witness_alarm ", alarm ? 1 : 0,
                   "\n# TYPE puhui_witness_look_seconds gauge\npuhui_witness_look_seconds ",
                   absl::ToUnixSeconds(absl::Now()), "\n"));
}

// What a ledger shows of itself.
struct ShownHead {
  std::string note;
  std::string key_chain;
  bool wants_signature = false;
};

struct Look {
  const WitnessWish& wish;
  ledger::Witness& witness;
  Invocation& invocation;
  ShownHead head{};
};

// Both heads, signed by the same ledger: that is the evidence, and it stays.
ExitCode Shout(const Look& look, const absl::Status& status) {
  const std::string evidence = absl::StrCat(look.wish.state_path, ".evidence");
  look.invocation.Fail(
      absl::DataLossError(absl::StrCat("ALARM: ", std::string(status.message()),
                                       "; nothing is signed, both heads are in ", evidence,
                                       ", tell everybody who trusts this ledger")),
      ExitCode::kFindings);
  const absl::Status kept = ledger::WriteFileDurably(
      evidence, absl::StrCat(look.witness.last_note(), "\n", look.head.note));
  if (!kept.ok()) look.invocation.Fail(kept, ExitCode::kFailed);
  WriteWitnessMetrics(look.wish, look.witness, /*alarm=*/true).IgnoreError();
  return ExitCode::kFindings;
}

// The head that is held out to witnesses, or the latest where there is none.
ExitCode AskForHead(Look& look) {
  v1::GetCheckpointResponse shown;
  const ExitCode code =
      look.invocation.Call(&AuditStub::GetCheckpoint, v1::GetCheckpointRequest(), &shown);
  look.head.wants_signature = !shown.pending_note().empty();
  look.head.note = look.head.wants_signature ? shown.pending_note() : shown.note();
  look.head.key_chain = shown.key_chain();
  // One that has just started signs its first head within a second or two.
  return code == ExitCode::kNotFound ? ExitCode::kUnavailable : code;
}

// Files that cannot be read may be there soon: somebody copies them.
ExitCode ReadHead(Look& look) {
  auto note = ledger::ReadPublishedCheckpoint(look.wish.folder);
  if (note.ok() && !note->has_value()) {
    note = absl::NotFoundError(absl::StrCat(look.wish.folder, " has no checkpoint"));
  }
  if (!note.ok()) return look.invocation.Fail(note.status(), ExitCode::kUnavailable);
  const auto chain = ledger::ReadKeyChainFile(look.wish.folder);
  if (!chain.ok()) return look.invocation.Fail(chain.status(), ExitCode::kUnavailable);
  look.head.note = **note;
  look.head.key_chain = *chain;
  return ExitCode::kOk;
}

// How the tree of `next` goes on from the last that was signed.
ExitCode FindPath(Look& look, const ledger::TreeHead& next, std::vector<ledger::Hash>* path) {
  const std::uint64_t last = look.witness.last()->size;
  if (!look.wish.folder.empty()) {
    auto read =
        ledger::ReadPublishedConsistency(look.wish.folder, look.witness.log_keys(), last, next);
    if (!read.ok()) return look.invocation.Fail(read.status(), ExitCode::kUnavailable);
    *path = *std::move(read);
    return ExitCode::kOk;
  }
  v1::ProveConsistencyRequest request;
  request.set_first_size(last);
  request.set_second_size(next.size);
  v1::ProveConsistencyResponse proof;
  const ExitCode code = look.invocation.Call(&AuditStub::ProveConsistency, request, &proof);
  if (code != ExitCode::kOk) return code;
  auto hashes = PathOf(proof);
  if (!hashes.ok()) return Shout(look, hashes.status());
  *path = *std::move(hashes);
  return ExitCode::kOk;
}

// To the service that waits for it, or into the file that was asked for.
ExitCode HandOver(const Look& look, const std::string& signed_note) {
  if (look.head.wants_signature) {
    v1::AddCosignatureRequest request;
    request.set_note(signed_note);
    v1::AddCosignatureResponse response;
    const ExitCode code = look.invocation.Call(&AuditStub::AddCosignature, request, &response);
    if (code != ExitCode::kOk) return code;
  }
  absl::Status written = look.wish.out_path.empty()
                             ? absl::OkStatus()
                             : ledger::WriteFileDurably(look.wish.out_path, signed_note);
  written.Update(WriteWitnessMetrics(look.wish, look.witness, /*alarm=*/false));
  return written.ok() ? ExitCode::kOk : look.invocation.Fail(written, ExitCode::kFailed);
}

// Whoever fills the folder need not be the ledger, and may have copied half of it or an older one:
// what does not fit is looked at again. Only a head that the ledger has signed can be a fork.
ExitCode NotYet(const Look& look, const absl::Status& status) {
  return look.invocation.Fail(
      absl::UnavailableError(absl::StrCat(look.wish.folder, ": ", status.message())),
      ExitCode::kUnavailable);
}

ExitCode LookOnce(const WitnessWish& wish, ledger::Witness& witness, Invocation& invocation) {
  Look look{.wish = wish, .witness = witness, .invocation = invocation};
  const bool from_folder = !wish.folder.empty();
  ExitCode code = from_folder ? ReadHead(look) : AskForHead(look);
  if (code != ExitCode::kOk) return code;
  // A folder without the file says nothing about keys.
  const absl::Status followed = from_folder && look.head.key_chain.empty()
                                    ? absl::OkStatus()
                                    : witness.Follow(look.head.key_chain);
  if (absl::IsDataLoss(followed)) {
    return from_folder ? NotYet(look, followed) : Shout(look, followed);
  }
  if (!followed.ok()) return invocation.Fail(followed, ExitCode::kFailed);
  const auto next = ledger::ParseCheckpoint(look.head.note, witness.log_keys());
  if (!next.ok()) return from_folder ? NotYet(look, next.status()) : Shout(look, next.status());
  const auto& last = witness.last();
  if (from_folder && last.has_value() && next->size < last->size) {
    return NotYet(look,
                  absl::UnavailableError(absl::StrCat("older than what was signed: ", next->size,
                                                      " records after ", last->size)));
  }
  std::vector<ledger::Hash> path;
  if (last.has_value() && next->size > last->size) {
    code = FindPath(look, {next->size, next->root}, &path);
    if (code != ExitCode::kOk) return code;
  }
  const auto signed_note = witness.Sign(look.head.note, path, absl::Now());
  if (absl::IsDataLoss(signed_note.status())) return Shout(look, signed_note.status());
  if (!signed_note.ok()) return invocation.Fail(signed_note.status(), ExitCode::kFailed);
  return HandOver(look, *signed_note);
}

absl::StatusOr<ledger::SigningKey> ReadWitnessKey(const WitnessWish& wish) {
  ledger::OpenSslRandom random;
  return ledger::SigningKey::ReadOrCreatePemFile(wish.key_path, random);
}

ExitCode RunWitness(const WitnessWish& wish, Invocation& invocation) {
  const auto key = ReadWitnessKey(wish);
  if (!key.ok()) return invocation.Fail(key.status(), ExitCode::kUsage);
  if (!ledger::IsNoteKeyName(wish.name)) {
    return invocation.Fail(
        absl::InvalidArgumentError("--name: want printable ASCII without spaces and '+'"),
        ExitCode::kUsage);
  }
  if (wish.show) {
    invocation.output().Line(
        ledger::NoteKeyText(wish.name, ledger::NoteKeyType::kCosignature, key->verify_key()));
    return ExitCode::kOk;
  }
  if (wish.log_key.empty() || wish.state_path.empty()) {
    return invocation.Fail(absl::InvalidArgumentError("wanted --log-key and --state, or --show"),
                           ExitCode::kUsage);
  }
  const auto log_key = ReadLogKey(wish.log_key);
  if (!log_key.ok()) return invocation.Fail(log_key.status(), ExitCode::kUsage);
  auto witness = ledger::Witness::Open(
      {.name = wish.name, .key = *key, .log_key = *log_key, .state_path = wish.state_path});
  if (!witness.ok()) return invocation.Fail(witness.status(), ExitCode::kFailed);
  while (true) {
    const ExitCode code = LookOnce(wish, *witness, invocation);
    // A service that is away comes back; a ledger that was changed does not.
    if (wish.once || (code != ExitCode::kOk && code != ExitCode::kUnavailable)) return code;
    absl::SleepFor(absl::Seconds(wish.every_seconds));
  }
}

}  // namespace

void AddWitnessCommand(CommandLine& line) {
  CLI::App& app = line.AddCommand(
      "witness", "Sign the heads of a ledger as long as it only grows; refuse, and shout, else");
  const auto wish = std::make_shared<WitnessWish>();
  app.add_option("--name", wish->name, "Of this witness, such as union.example/witness")
      ->required();
  app.add_option("--key-file", wish->key_path, "Its key; made when there is none")->required();
  app.add_option("--log-key", wish->log_key, "The ledger's verifier key, or a file that holds it");
  app.add_option("--state", wish->state_path,
                 "Keeps the last head that was signed; never put back an old one");
  app.add_option("--metrics", wish->metrics_path, "A file for Prometheus, written at each look");
  app.add_option("--from-folder", wish->folder,
                 "A copy of what publish_dir holds, instead of the service");
  app.add_option("--out", wish->out_path, "A file for the head with the witness's signature");
  app.add_option("--every", wish->every_seconds, "Seconds between looks. Default: 10")
      ->check(CLI::Range(1, 86'400));
  app.add_flag("--once", wish->once, "Look once and end");
  app.add_flag("--show", wish->show, "Show the verifier key for the ledger's configuration");
  line.OnCommand(app, [wish](Invocation& invocation) { return RunWitness(*wish, invocation); });
}

}  // namespace puhui::services
