// SPDX-License-Identifier: Apache-2.0
// Whether a file is of the published structure: element order, how often, the bounds of texts.
#ifndef PUHUI_TESTS_UNIT_SERVICES_BANK_PAIN_001_DEFECTS_H_
#define PUHUI_TESTS_UNIT_SERVICES_BANK_PAIN_001_DEFECTS_H_

#include "tests/unit/services/bank/pain_001_structure.h"

#include "absl/strings/str_cat.h"
#include <pugixml.hpp>

#include <regex>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {

inline void CheckText(const pugi::xml_node& node, const std::string& type,
                      std::vector<std::string>* defects) {
  // A byte that goes on with a character is not one more.
  std::string characters;
  for (const char c : std::string(node.text().get())) {
    if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) characters += c;
  }
  if (!std::regex_match(characters, std::regex(PublishedTexts().at(type)))) {
    defects->push_back(absl::StrCat(node.path(), ": not a ", type));
  }
}

// What of `node`, which is of `type`, is not as published; empty when all is.
inline std::vector<std::string> DefectsOf(const pugi::xml_node& node, const std::string& type) {
  std::vector<std::string> defects;
  const auto published = PublishedTypes().find(type);
  if (published == PublishedTypes().end()) {
    CheckText(node, type, &defects);
    return defects;
  }
  pugi::xml_node child = node.first_child();
  for (const PublishedChild& wanted : published->second) {
    int count = 0;
    for (; child && wanted.name == child.name(); child = child.next_sibling(), ++count) {
      if (wanted.type.empty()) {
        defects.push_back(absl::StrCat(child.path(), ": we never write it"));
        continue;
      }
      for (std::string& defect : DefectsOf(child, wanted.type)) {
        defects.push_back(std::move(defect));
      }
    }
    if (count < wanted.least || (wanted.most != 0 && count > wanted.most)) {
      defects.push_back(absl::StrCat(node.path(), "/", wanted.name, ": ", count, " of them"));
    }
  }
  if (child) defects.push_back(absl::StrCat(child.path(), ": unknown or out of its place"));
  return defects;
}

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_BANK_PAIN_001_DEFECTS_H_
