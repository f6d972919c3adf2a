// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_ISSUING_APP_SCRIPT_H_
#define PUHUI_TESTS_UNIT_ISSUING_APP_SCRIPT_H_

#include "tests/unit/issuing/app/issuing_ledger.h"

#include "absl/strings/string_view.h"

#include <map>
#include <string>
#include <vector>

namespace puhui::issuing {

// Runs lines of a script on a ledger: one action per line, its outcome last, "ok" or a reason.
//
//   union     city under=province        ok
//   set       city locale=en etag=now    ok      # name, zone, leave; any other etag is a stale one
//   move      city under=other           ok      # without under=: a root
//   close     city                       ok
//   propose   city 500 ref=B-1 by=fay    ok      # the first proposal is p1
//   confirm   city p1 by=fay             SAME_PERSON
//   dismiss   city p1 by=fay             ok      # rejects the funding
//   allocate  province city 500          ok      # origin=… names whose money
//   return    city 500                   ok
//   enrol     city li wang               ok
//   suspend   li                         ok      # reinstate, block
//   leave     li                         ok
//   rejoin    li to=city                 ok
//   transfer  li to=works                ok
//   card      li                         ok      # replace
//   member    li LEFT of=city            ok
//   campaign  gift of=city expires=30d   ok
//   plan      gift li:100 wang:200       ok      # by=uma unless it says otherwise
//   submit    gift                       ok      # by=sam
//   approve   gift                       ok      # by=ann
//   issue     gift                       ok      # all=yes: all or nothing; resume all=no: no more
//   run                                  ok      # whatever is due
//   advance   31d                        ok
//   budget    city 200                   ok      # of its own money, or of origin=…
//   subtree   city 200                   ok      # of all origins, or of origin=…
//   wallet    li 100                     ok
//   state     gift ISSUED                ok
//
// Lines that do not come out as they say fail the test. Returns the ledger for a closer look.
class Script {
 public:
  void Run(absl::string_view lines);
  IssuingLedger& ledger() { return ledger_; }

 private:
  struct Line {
    std::vector<std::string> words;
    std::map<std::string, std::string> options;
    const std::string& word(std::size_t i) const { return words.at(i); }
    std::string option(const std::string& name, const std::string& otherwise = "") const;
  };
  absl::Status Act(const Line& line);
  absl::Status ActOnUnion(const Line& line);
  absl::Status ChangeUnion(const Line& line);
  absl::Status Transfer(const Line& line);
  absl::Status ActOnMember(const Line& line);
  absl::Status ActOnCampaign(const Line& line);
  absl::Status Look(const Line& line);
  absl::Status LookAtMember(const Line& line);
  absl::Status Propose(const Line& line);
  absl::Status Change(const Line& line);
  absl::Status Decide(const Line& line);

  IssuingLedger ledger_;
  std::vector<Sequence> proposals_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_TESTS_UNIT_ISSUING_APP_SCRIPT_H_
