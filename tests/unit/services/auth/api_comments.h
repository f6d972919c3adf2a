// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_SERVICES_AUTH_API_COMMENTS_H_
#define PUHUI_TESTS_UNIT_SERVICES_AUTH_API_COMMENTS_H_

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {

// The comment above an RPC.
struct RpcComment {
  std::string method;
  std::string text;  // In one line, without what stands in brackets.
};

inline std::string WithoutAsides(absl::string_view text) {
  std::string result;
  int depth = 0;
  for (const char c : text) {
    if (c == '(') ++depth;
    if (depth == 0) result += c;
    if (c == ')') --depth;
  }
  return result;
}

// Of every RPC of the API, in the order of the files. Tests run in the root of the tree.
inline std::vector<RpcComment> RpcComments() {
  std::vector<RpcComment> comments;
  for (const auto& entry : std::filesystem::directory_iterator("proto/puhui/v1")) {
    std::ifstream file(entry.path());
    std::string comment;
    for (std::string line; std::getline(file, line);) {
      absl::string_view text = absl::StripLeadingAsciiWhitespace(line);
      if (absl::ConsumePrefix(&text, "// ")) {
        absl::StrAppend(&comment, text, " ");
        continue;
      }
      std::string spoken = WithoutAsides(std::exchange(comment, ""));
      if (!absl::ConsumePrefix(&text, "rpc ")) continue;
      comments.push_back({std::string(text.substr(0, text.find('('))), std::move(spoken)});
    }
  }
  return comments;
}

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_AUTH_API_COMMENTS_H_
