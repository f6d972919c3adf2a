// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_INTEGRATION_ROSTER_FILE_H_
#define PUHUI_TESTS_INTEGRATION_ROSTER_FILE_H_

#include "tests/support/wire/stage.h"

#include "absl/strings/str_cat.h"

#include <cstddef>
#include <string>

namespace puhui {

// A roster of made-up people, as an HR system exports it.
inline std::string RosterFile(std::size_t first_person, std::size_t people) {
  std::string file = "工号,姓名,身份证号,手机号,部门\n";
  for (std::size_t i = 0; i < people; ++i) {
    const v1::NewMember person = Person(first_person + i);
    absl::StrAppend(&file, person.external_id(), ",", person.full_name(), ",", person.id_number(),
                    ",", person.mobile(), ",", person.department(), "\n");
  }
  return file;
}

}  // namespace puhui

#endif  // PUHUI_TESTS_INTEGRATION_ROSTER_FILE_H_
