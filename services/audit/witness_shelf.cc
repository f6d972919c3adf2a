// SPDX-License-Identifier: Apache-2.0
#include "services/audit/witness_shelf.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/crypto/durable_file.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/cosignature.h"
#include "services/rpc/error.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include <utility>

namespace puhui::services {
namespace {

// The lines that the ledger signed, without any signature.
absl::string_view TextOfNote(absl::string_view note) { return note.substr(0, note.find("\n\n")); }

}  // namespace

WitnessShelf::WitnessShelf(Options options) : options_(std::move(options)) {
  PUHUI_CHECK(options_.quorum <= options_.witnesses.size());
  ReadFinal();
}

std::uint64_t WitnessShelf::SizeOf(absl::string_view note) const {
  const absl::StatusOr<ledger::Checkpoint> checkpoint =
      ledger::ParseCheckpoint(note, options_.keys);
  return checkpoint.ok() ? checkpoint->size : 0;
}

void WitnessShelf::ReadFinal() {
  const auto text = ledger::ReadWholeFile(options_.path, ledger::kCheckpointBytesMax);
  if (options_.quorum == 0 || !text.ok() || !text->has_value()) return;
  const auto signatures = SignaturesUnder(**text);
  if (!signatures.ok() || signatures->size() < options_.quorum) return;
  MutexLock lock(&mutex_);
  final_size_ = SizeOf(**text);
  if (final_size_ == 0) return;
  final_note_ = **text;
  for (const auto& [witness, line] : *signatures) final_by_.insert(witness);
}

WitnessShelf::Standing WitnessShelf::At(absl::string_view latest, absl::Time now) {
  MutexLock lock(&mutex_);
  const bool held_out = !pending_note_.empty() && now - pending_since_ < kPendingFor;
  if (options_.quorum > 0 && !held_out && SizeOf(latest) > final_size_ &&
      TextOfNote(latest) != TextOfNote(pending_note_)) {
    pending_note_ = std::string(latest);
    pending_by_.clear();
    pending_since_ = now;
  }
  return {.final_note = final_note_, .final_size = final_size_, .pending_note = pending_note_};
}

absl::StatusOr<WitnessShelf::Signatures> WitnessShelf::SignaturesUnder(
    absl::string_view note) const {
  Signatures lines;
  for (std::size_t i = 0; i < options_.witnesses.size(); ++i) {
    PUHUI_ASSIGN_OR_RETURN(auto found, ledger::FindCosignature(note, options_.witnesses[i]));
    if (found.has_value()) lines.emplace_back(i, std::move(found->line));
  }
  return lines;
}

absl::Status WitnessShelf::AddToFinal(const Signatures& signatures) {
  std::string note = final_note_;
  std::set<std::size_t> by = final_by_;
  for (const auto& [witness, line] : signatures) {
    if (by.insert(witness).second) absl::StrAppend(&note, line, "\n");
  }
  if (by.size() == final_by_.size()) return absl::OkStatus();
  PUHUI_RETURN_IF_ERROR(ledger::WriteFileDurably(options_.path, note));
  final_note_ = std::move(note);
  final_by_ = std::move(by);
  return absl::OkStatus();
}

absl::StatusOr<std::uint64_t> WitnessShelf::Add(absl::string_view note) {
  if (!ledger::ParseCheckpoint(note, options_.keys).ok()) {
    return InvalidField("note", "want a checkpoint of this ledger");
  }
  const auto signatures = SignaturesUnder(note);
  if (!signatures.ok() || signatures->empty()) {
    return InvalidField("note", "want good signatures, and one of a witness that is configured");
  }
  MutexLock lock(&mutex_);
  if (TextOfNote(note) == TextOfNote(final_note_)) {
    PUHUI_RETURN_IF_ERROR(AddToFinal(*signatures));
    return final_size_;
  }
  if (TextOfNote(note) != TextOfNote(pending_note_)) return final_size_;
  for (const auto& [witness, line] : *signatures) {
    if (pending_by_.insert(witness).second) absl::StrAppend(&pending_note_, line, "\n");
  }
  if (pending_by_.size() < options_.quorum) return final_size_;
  // What is told to be final has to be final after a restart.
  PUHUI_RETURN_IF_ERROR(ledger::WriteFileDurably(options_.path, pending_note_));
  final_note_ = std::exchange(pending_note_, {});
  final_size_ = SizeOf(final_note_);
  final_by_ = std::exchange(pending_by_, {});
  return final_size_;
}

std::uint64_t WitnessShelf::final_size() const {
  MutexLock lock(&mutex_);
  return final_size_;
}

}  // namespace puhui::services
