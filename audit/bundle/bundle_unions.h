// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_BUNDLE_BUNDLE_UNIONS_H_
#define PUHUI_AUDIT_BUNDLE_BUNDLE_UNIONS_H_

#include "ledger/base/id.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_set.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::audit {

// The tree of unions as far as records tell of it, which rule pack and which kind of issuer each
// names, and whose campaigns are whose. Of two records that say the same of a union the one with
// the higher sequence counts, in whichever order they come. Some 60 bytes for each union, and 24
// for each campaign. Threads: none.
class BundleUnions {
 public:
  struct Home {
    std::uint32_t union_number = 0;
    std::uint32_t origin = 0;  // Whose money the campaign issues.
  };
  // What a union has itself, or inherits. Not there: the records do not tell.
  struct Binding {
    absl::optional<std::string> pack;  // Empty: no rule pack binds it.
    absl::optional<std::uint32_t> issuer_kind;
  };

  void Learn(const journal::v1::Record& record);

  // Null, when the campaign's creation was not learnt.
  const Home* FindHome(std::uint32_t campaign) const;
  Binding BindingOf(std::uint32_t number) const;
  // The union and those above it, as far as they are known, and not more than a tree has levels.
  std::vector<std::uint32_t> PathOf(std::uint32_t number) const;

 private:
  struct Union {
    Sequence parent_at = 0;  // The record that says where it hangs; likewise below.
    Sequence settings_at = 0;
    const std::string* pack = nullptr;  // Null: not set.
    std::uint32_t parent = 0;           // 0: none.
    std::uint32_t issuer_kind = 0;      // 0: not set.
  };
  Union& Hang(std::uint32_t number, std::uint32_t parent, Sequence at);
  void Set(const journal::v1::UnionSettings& settings, Sequence at, Union* of);

  absl::flat_hash_map<std::uint32_t, Union> unions_;
  absl::flat_hash_map<std::uint32_t, Home> homes_;
  absl::node_hash_set<std::string> packs_;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_BUNDLE_UNIONS_H_
