// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/code_shelf.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "merchant/app/draw_number.h"
#include "merchant/core/payment_code.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace puhui::merchant {
namespace {

using ledger::Reason;
using ledger::Refusal;
using ledger::Tag;

const char* LabelOf(CodePurpose purpose) {
  return purpose == CodePurpose::kMallLink ? "link_code" : "payment_code";
}

}  // namespace

CodeShelf::CodeShelf(Parts parts) : parts_(std::move(parts)) {
  PUHUI_CHECK(IsCodePrefix(parts_.prefix));
}

Tag CodeShelf::TagOf(absl::string_view digits, CodePurpose purpose) const {
  return ledger::TagFromBytes(parts_.keyed_hash->Tag16(LabelOf(purpose), digits));
}

absl::variant<CodeShelf::Made, Refusal> CodeShelf::Make(MemberId member, CodePurpose purpose,
                                                        absl::Time now) {
  Made made{.digits = PaymentCodeOf(parts_.prefix, DrawNumber(kCodeNumbers, *parts_.random)),
            .expiry = now + kPaymentCodeLifetime};
  MutexLock lock(&mutex_);
  Tag tag = TagOf(made.digits, purpose);
  while (by_tag_.contains(tag)) {
    made.digits = PaymentCodeOf(parts_.prefix, DrawNumber(kCodeNumbers, *parts_.random));
    tag = TagOf(made.digits, purpose);
  }
  const auto own = by_member_.find(member);
  if (own != by_member_.end() && own->second.size() >= kPaymentCodesPerMemberMax) {
    EndLocked(own->second.front(), now);
  }
  if (!MakeRoom(now)) {
    return Refusal{.reason = Reason::kPaymentCodesLimit,
                   .message = absl::StrCat("there are ", kPaymentCodesMax,
                                           " codes that wait to be used; ask again in a moment"),
                   .metadata = {{"codes_max", absl::StrCat(kPaymentCodesMax)}}};
  }
  held_.push_back({.tag = tag, .code = {.member = member, .expiry = made.expiry}});
  by_tag_[tag] = std::prev(held_.end());
  by_member_[member].push_back(tag);
  return made;
}

// Expired codes go once they were kept long enough, or at once when their room is needed.
bool CodeShelf::MakeRoom(absl::Time now) {
  while (!held_.empty()) {
    const absl::Time expiry = held_.front().code.expiry;
    const bool full = held_.size() >= kPaymentCodesMax;
    if (expiry + (full ? absl::ZeroDuration() : kExpiredCodesKept) > now) return !full;
    RemoveLocked(Tag(held_.front().tag));
  }
  return true;
}

ShownCode CodeShelf::Look(absl::string_view digits, CodePurpose purpose) const {
  if (PrefixOfCode(digits) != parts_.prefix) return {.foreign = true};
  ShownCode shown{.tag = TagOf(digits, purpose)};
  MutexLock lock(&mutex_);
  const auto found = by_tag_.find(shown.tag);
  if (found != by_tag_.end()) shown.known = found->second->code;
  return shown;
}

void CodeShelf::Remove(const Tag& tag) {
  MutexLock lock(&mutex_);
  RemoveLocked(tag);
}

// A code that was replaced stays known for a while, as one that has expired: who shows it is no
// guesser. It is the next to go.
void CodeShelf::EndLocked(Tag tag, absl::Time now) {
  const auto place = by_tag_.at(tag);
  LeaveMember(*place);
  place->code.expiry = std::min(place->code.expiry, now);
  held_.splice(held_.begin(), held_, place);
}

void CodeShelf::LeaveMember(const Held& held) {
  const auto own = by_member_.find(held.code.member);
  if (own == by_member_.end()) return;
  own->second.remove(held.tag);
  if (own->second.empty()) by_member_.erase(own);
}

void CodeShelf::RemoveLocked(const Tag& tag) {
  const auto found = by_tag_.find(tag);
  if (found == by_tag_.end()) return;
  LeaveMember(*found->second);
  held_.erase(found->second);
  by_tag_.erase(found);
}

}  // namespace puhui::merchant
