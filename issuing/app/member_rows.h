// SPDX-License-Identifier: Apache-2.0
// The rows about people. Readers use these with typed_reads.h.
#ifndef PUHUI_ISSUING_APP_MEMBER_ROWS_H_
#define PUHUI_ISSUING_APP_MEMBER_ROWS_H_

#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"
#include "ledger/engine/ledger_rows.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::issuing {

// Numbers are those of puhui.v1.MemberState.
enum class MemberState : std::uint8_t { kActive = 1, kSuspended = 2, kLeft = 3 };

struct MemberRow {
  UnionNumber union_number{};  // Of somebody who left: the last one.
  MemberState state = MemberState::kActive;
  absl::Time create_time{};
  ledger::Tag card_hash{};  // Of the last card; the cards table says whether it is blocked.
  ledger::Hash commitment{};
  std::uint32_t revision = 0;  // How often the member has changed.
  bool erased = false;         // The vault holds nothing of the person.

  template <class F>
  void Fields(F& f) {
    f(union_number, state, create_time, card_hash, commitment, revision, erased);
  }
};

struct UnionMemberKey {
  UnionNumber union_number{};
  MemberId member{};

  template <class F>
  void Fields(F& f) {
    f(union_number, member);
  }
};

// A member's personal data under the member's own key, which is wrapped by the key numbered
// `key_id`. Without wrapped_key nobody can read the rest: that is how a person is erased.
struct PersonalDataRow {
  std::uint32_t key_id = 0;
  std::string wrapped_key{};
  std::string sealed{};
  std::uint32_t revision = 0;              // Of the member, with which the data came.
  std::vector<ledger::Tag> search_tags{};  // Of the member's search entries.

  template <class F>
  void Fields(F& f) {
    f(key_id, wrapped_key, sealed, revision, search_tags);
  }
};

// That `member` is known by what `tag` is the keyed hash of.
struct SearchKey {
  ledger::Tag tag{};
  MemberId member{};

  template <class F>
  void Fields(F& f) {
    f(tag, member);
  }
};

// An auditor's day of looks at personal data: the person, and the day of the members' union.
struct RevealCountKey {
  std::string person{};
  absl::CivilDay day{};

  template <class F>
  void Fields(F& f) {
    f(person, day);
  }
  friend bool operator==(const RevealCountKey&, const RevealCountKey&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const RevealCountKey& key) {
    return H::combine(std::move(hash), key.person, key.day);
  }
};

// A record that says somebody saw personal data of members of that union.
struct UnionRevealKey {
  UnionNumber union_number{};
  Sequence reveal = 0;

  template <class F>
  void Fields(F& f) {
    f(union_number, reveal);
  }
};

// The last time that the vault's key was replaced.
struct KeyRotationRow {
  std::uint32_t key_id = 0;  // What personal data is sealed under since.
  ledger::Tag check{};       // By which the key is known again.
  absl::Time start_time{};
  absl::optional<absl::Time> finish_time{};
  std::uint64_t members = 0;  // Whose keys were wrapped anew so far.
  MemberId reached{};         // The last member looked at.

  template <class F>
  void Fields(F& f) {
    f(key_id, check, start_time, finish_time, members, reached);
  }
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_MEMBER_ROWS_H_
