// SPDX-License-Identifier: Apache-2.0
#include "services/bank/xml_file.h"

#include "issuing/core/text_encoding.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace puhui::services {
namespace {

absl::Status Refuse(absl::string_view what) { return absl::InvalidArgumentError(what); }

// XML 1.0 has no other control characters, not even escaped; the parser lets them pass.
bool IsBadByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

bool IsBadCharacter(std::uint32_t number) {
  return (number < 0x20 && IsBadByte(static_cast<char>(number))) ||
         (number >= 0xD800 && number < 0xE000) || number == 0xFFFE || number == 0xFFFF;
}
constexpr std::uint32_t kCharacterMax = 0x10FFFF;

// Whether `text` has a reference, as "&#0;", to a character that is none of XML's. The parser would
// write its bytes, and a zero ends what is read of a text.
bool HasBadReference(absl::string_view text) {
  for (std::size_t at = text.find("&#"); at != absl::string_view::npos; at = text.find("&#", at)) {
    at += 2;
    const bool hex = at < text.size() && text[at] == 'x';
    if (hex) ++at;
    std::uint32_t number = 0;
    for (; at < text.size() && absl::ascii_isxdigit(static_cast<unsigned char>(text[at])); ++at) {
      const char digit = absl::ascii_tolower(static_cast<unsigned char>(text[at]));
      if (!hex && digit > '9') break;
      const int value = digit <= '9' ? digit - '0' : digit - 'a' + 10;
      number = number * (hex ? 16 : 10) + static_cast<std::uint32_t>(value);
      if (number > kCharacterMax) return true;
    }
    if (IsBadCharacter(number)) return true;
  }
  return false;
}

// Counts elements and their depth, and stops at what there must not be. The walk does not recurse.
class BoundsCheck final : public pugi::xml_tree_walker {
 public:
  bool for_each(pugi::xml_node& node) override {
    if (node.type() == pugi::node_doctype) return Stop("a document type is not taken");
    if (node.type() == pugi::node_declaration) {
      const absl::string_view encoding = node.attribute("encoding").value();
      if (!encoding.empty() && !absl::EqualsIgnoreCase(encoding, "UTF-8")) {
        return Stop("want UTF-8");
      }
    }
    if (depth() >= static_cast<int>(kBankFileDepthMax)) {
      return Stop(absl::StrCat("elements stand more than ", kBankFileDepthMax, " deep"));
    }
    if (node.type() == pugi::node_element && depth() == 0 && ++roots_ > 1) {
      return Stop("more than one element stands outermost");
    }
    if (node.type() == pugi::node_element && ++elements_ > kBankFileElementsMax) {
      return Stop(absl::StrCat("there are more than ", kBankFileElementsMax, " elements"));
    }
    return true;
  }
  absl::Status status() const { return status_; }

 private:
  bool Stop(absl::string_view what) {
    status_ = Refuse(what);
    return false;
  }

  std::size_t roots_ = 0;
  std::size_t elements_ = 0;
  absl::Status status_;
};

}  // namespace

absl::Status ReadXml(absl::string_view bytes, pugi::xml_document* document) {
  if (bytes.size() > kBankFileBytesMax) {
    return Refuse(absl::StrCat("the file has more than ", kBankFileBytesMax, " bytes"));
  }
  bytes = issuing::WithoutBom(bytes);
  if (issuing::WellFormedUtf8Bytes(bytes) != bytes.size()) return Refuse("want UTF-8");
  if (std::any_of(bytes.begin(), bytes.end(), IsBadByte) || HasBadReference(bytes)) {
    return Refuse("a character is none of XML's");
  }
  // The five entities of XML and numbers of characters; no document type is ever looked into.
  constexpr unsigned kParts = pugi::parse_escapes | pugi::parse_cdata | pugi::parse_eol |
                              pugi::parse_declaration | pugi::parse_doctype;
  const pugi::xml_parse_result parsed =
      document->load_buffer(bytes.data(), bytes.size(), kParts, pugi::encoding_utf8);
  if (!parsed) {
    return Refuse(absl::StrCat("at byte ", parsed.offset, ": ", parsed.description()));
  }
  BoundsCheck bounds;
  document->traverse(bounds);
  return bounds.status();
}

absl::string_view LocalName(const pugi::xml_node& node) {
  const absl::string_view name = node.name();
  const std::size_t colon = name.find(':');
  return colon == absl::string_view::npos ? name : name.substr(colon + 1);
}

absl::string_view NamespaceOf(const pugi::xml_node& node) {
  const absl::string_view name = node.name();
  const std::size_t colon = name.find(':');
  const std::string declared = colon == absl::string_view::npos
                                   ? std::string("xmlns")
                                   : absl::StrCat("xmlns:", name.substr(0, colon));
  return node.attribute(declared.c_str()).value();
}

std::vector<pugi::xml_node> Children(const pugi::xml_node& node, absl::string_view name) {
  std::vector<pugi::xml_node> found;
  for (const pugi::xml_node& child : node.children()) {
    if (child.type() == pugi::node_element && LocalName(child) == name) found.push_back(child);
  }
  return found;
}

pugi::xml_node Child(const pugi::xml_node& node, absl::string_view name) {
  for (const pugi::xml_node& child : node.children()) {
    if (child.type() == pugi::node_element && LocalName(child) == name) return child;
  }
  return {};
}

std::string TextOf(const pugi::xml_node& node, absl::string_view name) {
  std::string text;
  // In pieces where CDATA or a comment stands in it.
  for (const pugi::xml_node& piece : Child(node, name).children()) {
    if (piece.type() == pugi::node_pcdata || piece.type() == pugi::node_cdata) {
      text += piece.value();
    }
  }
  absl::StripAsciiWhitespace(&text);
  return text;
}

}  // namespace puhui::services
