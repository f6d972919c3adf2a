// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_LEDGER_LEDGER_MEMBER_PLACES_H_
#define PUHUI_SERVICES_LEDGER_LEDGER_MEMBER_PLACES_H_

#include "issuing/app/tables.h"
#include "merchant/app/member_places.h"

#include <vector>

namespace puhui::services {

// Where the issuing side has members. Threads: the writer's alone. Borrows: the tables.
class LedgerMemberPlaces final : public merchant::MemberPlaces {
 public:
  explicit LedgerMemberPlaces(issuing::Tables* tables) : tables_(*tables) {}
  std::vector<UnionNumber> Of(MemberId member) override {
    const issuing::MemberRow* row = tables_.members.Find(member);
    if (row == nullptr) return {};
    const UnionNumber own = row->union_number;
    std::vector<UnionNumber> unions = tables_.Above(own);
    unions.insert(unions.begin(), own);
    return unions;
  }

 private:
  issuing::Tables& tables_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_LEDGER_LEDGER_MEMBER_PLACES_H_
