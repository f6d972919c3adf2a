// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_ISSUING_APP_RULE_SCRIPT_H_
#define PUHUI_TESTS_UNIT_ISSUING_APP_RULE_SCRIPT_H_

#include "issuing/core/rule_pack.h"
#include "tests/unit/issuing/app/script.h"

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace puhui::issuing {

// What a script says, with rule packs:
//
//   date     2025-12-31T23:00 ok                  # in Asia/Shanghai
//   ship     guizhou ok                           # deploy/rules/guizhou.yaml
//   load     p version=2 year=500 to=2025-06-30 ok   # a pack for spring-festival and qingming
//   load     p earmark=3000 regions=610000+420100 goods=5411 ok   # what its earmarks have to be
//   bind     city p ok                            # none: inherited
//   kind     city well-funded ok                  # or enterprise
//   holiday  gift of=city for=qingming days=30 earmark=3000 ok
//   holiday  gift earmark=3000 regions=610100 goods=none ok   # else goods of 5411, anywhere
//   give     gift li:100 wang:200 ok              # from the plan to the end of the run
//   row      gift 0 POINTS_PER_YEAR,500,400,200   # what became of a row: granted, a reason, or a
//   preview  gift 0 granted                       # rule with allowed, used and asked; or would
//   received li 2025 qingming 100 ok
//   again    same                                 # every verdict so far, once more
//
// Everything else is as in Script.
class RuleScript {
 public:
  RuleScript();
  void Run(absl::string_view lines);
  IssuingLedger& ledger() { return script_.ledger(); }

  Result Load(const RulePack& pack, absl::string_view message = "a message");
  Result Bind(absl::string_view of, absl::string_view pack);
  // A pack for spring-festival and qingming that limits nothing.
  static RulePack Sound(absl::string_view id, std::uint32_t version = 1);

 private:
  using Options = std::map<std::string, std::string>;
  // What it comes to: "ok", or what a look is compared with.
  std::string Act(const std::vector<std::string>& words, const Options& options);
  absl::Status LoadFrom(const std::string& id, const Options& options);
  absl::Status CreateHoliday(const std::string& id, const Options& options);
  absl::Status Give(const std::vector<std::string>& words);
  std::string RowOf(const std::string& campaign, std::uint64_t row, bool preview);
  std::string Again();

  Script script_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_TESTS_UNIT_ISSUING_APP_RULE_SCRIPT_H_
