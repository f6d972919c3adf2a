// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/verify_part.h"

#include "audit/bundle/misfit.h"
#include "ledger/base/status_macros.h"

#include "absl/strings/str_cat.h"

#include <utility>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;

constexpr std::size_t kAccountBytes = 21;  // Of a row of balances.

// In which order the frames of a part come; 0: not at all.
int PlaceInPart(FrameKind kind) {
  if (kind == FrameKind::kScope) return 1;
  if (kind == FrameKind::kScopeOwners) return 2;
  if (kind == FrameKind::kOpeningBalances) return 3;
  if (kind == FrameKind::kPartRecord) return 4;
  return kind == FrameKind::kClosingBalances ? 5 : 0;
}

}  // namespace

absl::Status PartVerifier::CheckOrder(FrameKind kind) {
  const int place = PlaceInPart(kind);
  if (place == 0) return Misfit("a frame that a part does not have");
  if (place < place_ || (place == 1 && place_ == 1)) return Misfit("a frame out of its order");
  if (place != place_) {
    last_row_.clear();
    short_frame_ = false;
  }
  place_ = place;
  return place > PlaceInPart(FrameKind::kScopeOwners) ? EndOwners() : absl::OkStatus();
}

absl::Status PartVerifier::EndOwners() {
  if (std::exchange(owners_ended_, true)) return absl::OkStatus();
  return books_.CheckOwners(*report_.scope);
}

absl::Status PartVerifier::Take(const Frame& frame) {
  PUHUI_RETURN_IF_ERROR(CheckOrder(frame.kind));
  if (frame.kind == FrameKind::kScope) return TakeScope(frame.payload);
  if (frame.kind == FrameKind::kScopeOwners) return TakeOwners(frame.payload);
  if (frame.kind == FrameKind::kOpeningBalances) return TakeOpening(frame.payload);
  if (frame.kind == FrameKind::kPartRecord) return TakeRecord(frame.payload);
  return TakeClosing(frame.payload);
}

absl::Status PartVerifier::TakeScope(absl::string_view payload) {
  PUHUI_ASSIGN_OR_RETURN(report_.scope, DecodeScope(payload));
  return absl::OkStatus();
}

absl::Status PartVerifier::CheckRows(absl::string_view payload, std::size_t width,
                                     std::size_t key_bytes) {
  if (short_frame_ || payload.empty() || payload.size() % width != 0 ||
      payload.size() > width * kRowsPerFrameMax) {
    return Misfit("rows that do not fill their frames");
  }
  short_frame_ = payload.size() < width * kRowsPerFrameMax;
  for (; !payload.empty(); payload.remove_prefix(width)) {
    const absl::string_view key = payload.substr(0, key_bytes);
    if (!last_row_.empty() && key <= last_row_) return Misfit("rows out of their order");
    last_row_ = std::string(key);
  }
  return absl::OkStatus();
}

absl::Status PartVerifier::TakeOwners(absl::string_view payload) {
  PUHUI_RETURN_IF_ERROR(CheckRows(payload, kOwnerRowBytes, kOwnerRowBytes));
  for (; !payload.empty(); payload.remove_prefix(kOwnerRowBytes)) {
    PUHUI_ASSIGN_OR_RETURN(const OwnerRow row, DecodeOwnerRow(payload.substr(0, kOwnerRowBytes)));
    books_.Own(row);
  }
  return absl::OkStatus();
}

absl::Status PartVerifier::TakeOpening(absl::string_view payload) {
  if (report_.header.first == 1) return Misfit("balances of before the first record");
  PUHUI_RETURN_IF_ERROR(CheckRows(payload, kBalanceRowBytes, kAccountBytes));
  opening_.Update(payload);
  for (; !payload.empty(); payload.remove_prefix(kBalanceRowBytes)) {
    PUHUI_ASSIGN_OR_RETURN(const BalanceRow row,
                           DecodeBalanceRow(payload.substr(0, kBalanceRowBytes)));
    PUHUI_RETURN_IF_ERROR(books_.Open(row));
  }
  return absl::OkStatus();
}

absl::Status PartVerifier::TakeRecord(absl::string_view payload) {
  PUHUI_ASSIGN_OR_RETURN(const EarlierRecord proven, DecodeEarlierRecord(payload));
  const BundleHeader& header = report_.header;
  if (proven.sequence < header.first || proven.sequence > header.last || proven.sequence <= last_) {
    return Misfit("a record out of its order, or twice");
  }
  last_ = proven.sequence;
  return AtRecord(proven.sequence, CheckRecord(proven));
}

absl::Status PartVerifier::CheckRecord(const EarlierRecord& proven) {
  if (!proofs_.Holds(proven)) return Misfit("the proof of inclusion does not hold");
  ++report_.proofs;
  record_.Clear();
  if (!record_.ParseFromArray(proven.bytes.data(), static_cast<int>(proven.bytes.size())) ||
      record_.sequence() != proven.sequence) {
    return Misfit("it is no record of that place");
  }
  if (report_.records != 0 && record_.time_micros() <= report_.last_time_micros) {
    return Misfit("its time is not after that of the record before");
  }
  if (record_.has_entry()) {
    PUHUI_ASSIGN_OR_RETURN(const bool concerned, books_.Apply(record_.entry()));
    if (!concerned) return Misfit("it is a record of another scope");
    PUHUI_RETURN_IF_ERROR(CheckReceived());
    PUHUI_RETURN_IF_ERROR(CheckSold());
    PUHUI_RETURN_IF_ERROR(CheckGranted());
    ++report_.entries;
    report_.postings += static_cast<std::uint64_t>(record_.entry().postings_size());
  }
  LearnName();
  caps_.Learn(record_);
  terms_.Learn(record_);
  if (report_.scope->kind == ScopeKind::kMerchant) facts_.Learn(record_);
  if (report_.records == 0) report_.first_time_micros = record_.time_micros();
  report_.last_time_micros = record_.time_micros();
  ++report_.records;
  return absl::OkStatus();
}

// All that moves the points of a member is in the part when the wallet is.
absl::Status PartVerifier::CheckReceived() {
  const jv1::Entry& entry = record_.entry();
  if (entry.member().size() != MemberId::kBytes ||
      !books_.Owns({ledger::AccountKind::kWallet, MemberId::FromBytes(entry.member())})) {
    return absl::OkStatus();
  }
  return caps_.Check(entry);
}

// All that a merchant sold, gave back and was adjusted is in its part. In that of a union
// adjustments are missing.
absl::Status PartVerifier::CheckSold() {
  if (report_.scope->kind != ScopeKind::kMerchant) return absl::OkStatus();
  PUHUI_RETURN_IF_ERROR(fees_.Check(record_));
  return returns_.Check(record_);
}

// Changes of terms are in the part of whose the campaign is. Its creation is also in that of whose
// money it issues.
absl::Status PartVerifier::CheckGranted() {
  const jv1::Grant& grant = record_.entry().grant();
  const bool own = books_.Owns({ledger::AccountKind::kCampaign, MemberId(0, grant.campaign())});
  return record_.entry().has_grant() && own ? terms_.CheckGrant(grant) : absl::OkStatus();
}

// Numbers are the ledger's alone; the record that gave one has the name that people know.
void PartVerifier::LearnName() {
  const auto learn = [this](ScopeKind kind, absl::string_view collection, const auto& created) {
    if (report_.scope->kind != kind || report_.scope->number != created.number()) return;
    report_.scope_name = absl::StrCat(collection, created.id());
  };
  if (record_.has_union_created()) {
    learn(ScopeKind::kUnion, "unions/", record_.union_created());
  } else if (record_.has_merchant_registered()) {
    learn(ScopeKind::kMerchant, "merchants/", record_.merchant_registered());
  } else if (record_.has_merchant_applied()) {
    learn(ScopeKind::kMerchant, "merchants/", record_.merchant_applied().wish());
  }
}

void PartVerifier::BeginClosing() {
  if (std::exchange(closing_begun_, true)) return;
  report_.opening = opening_.Finish();
  closing_ = books_.BalanceFrames();
  ledger::Sha256 closing;
  for (const std::string& rows : closing_) closing.Update(rows);
  report_.closing = closing.Finish();
}

absl::Status PartVerifier::TakeClosing(absl::string_view payload) {
  BeginClosing();
  const std::size_t number = closings_++;
  if (number >= closing_.size() || closing_[number] != payload) {
    return Misfit("it closes with something else than the records come to");
  }
  return absl::OkStatus();
}

absl::Status PartVerifier::Finish() {
  PUHUI_RETURN_IF_ERROR(EndOwners());
  BeginClosing();
  if (closings_ != closing_.size()) return Misfit("what it closes with is missing");
  report_.accounts = books_.accounts();
  report_.owners = books_.owners();
  report_.fees = fees_.figures();
  report_.returns = returns_.figures();
  return absl::OkStatus();
}

}  // namespace puhui::audit
