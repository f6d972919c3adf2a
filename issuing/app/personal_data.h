// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_PERSONAL_DATA_H_
#define PUHUI_ISSUING_APP_PERSONAL_DATA_H_

#include "issuing/core/id_document.h"
#include "ledger/base/id.h"

#include "absl/strings/string_view.h"

#include <cstddef>
#include <string>
#include <vector>

namespace puhui::issuing {

// A union's own number for a person, in one of its HR systems.
struct ExternalId {
  UnionNumber of{};
  std::string hr_system{};  // Empty: the union has one only, or this is the first.
  std::string id{};

  template <class F>
  void Fields(F& f) {
    f(of, hr_system, id);
  }
  friend bool operator==(const ExternalId&, const ExternalId&) = default;
};

// What the ledger must not hold. Never logged.
struct PersonalData {
  std::string external_id{};  // Of the member's union, in the HR system without a name; may be
                              // empty.
  std::string full_name{};
  std::string id_number{};  // Of the identity document.
  std::string mobile{};
  std::string department{};
  std::string employment{};
  std::string card_number{};
  DocumentKind document_kind = DocumentKind::kResidentId;
  std::string document_country{};          // Of a passport: three letters.
  std::vector<ExternalId> external_ids{};  // All others that the person has or had.

  template <class F>
  void Fields(F& f) {
    f(external_id, full_name, id_number, mobile, department, employment, card_number, document_kind,
      document_country, external_ids);
  }
};

// Every external id of a member of the union `current`.
std::vector<ExternalId> AllExternalIds(const PersonalData& data, UnionNumber current);

// Gives a member of `current` one more external id. One that is there already is not there twice.
// An external id is never taken away: what was the union's own number before stays findable.
void AddExternalId(UnionNumber current, ExternalId added, PersonalData* data);

// The same person in another union: what was the union's own number is now one of the others.
void MoveExternalIds(UnionNumber from, UnionNumber to, PersonalData* data);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_PERSONAL_DATA_H_
