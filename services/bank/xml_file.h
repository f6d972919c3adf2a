// SPDX-License-Identifier: Apache-2.0
// XML from outside, read with every bound there is. Internal to this room.
#ifndef PUHUI_SERVICES_BANK_XML_FILE_H_
#define PUHUI_SERVICES_BANK_XML_FILE_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include <pugixml.hpp>

#include <string>
#include <vector>

namespace puhui::services {

// Refuses: kInvalidArgument; see ReadPain002.
absl::Status ReadXml(absl::string_view bytes, pugi::xml_document* document);

// The name of an element without its prefix.
absl::string_view LocalName(const pugi::xml_node& node);
// The namespace that the element's own declarations give its name; empty when they give none.
absl::string_view NamespaceOf(const pugi::xml_node& node);
// The children with that local name, in their order.
std::vector<pugi::xml_node> Children(const pugi::xml_node& node, absl::string_view name);
// The first of them; an empty node when there is none.
pugi::xml_node Child(const pugi::xml_node& node, absl::string_view name);
// The text of the first of them, without blanks at its ends; empty when there is none.
std::string TextOf(const pugi::xml_node& node, absl::string_view name);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_BANK_XML_FILE_H_
