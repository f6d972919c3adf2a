// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/audit/bundle/second_verifier.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include <stdio.h>

#include <array>
#include <cstdlib>

namespace puhui::audit {

bool HasSecondVerifier() {
  return std::system("/usr/bin/python3 -c 'import cryptography' 2>/dev/null") == 0;
}

std::string PlaceIn(absl::string_view text) { return std::string(text.substr(0, text.find(':'))); }

std::string SecondReport(absl::string_view arguments) {
  const std::string line =
      absl::StrCat("/usr/bin/python3 ", PUHUI_TEST_VERIFY_BUNDLE, " ", arguments);
  std::string said;
  FILE* const program = popen(line.c_str(), "r");
  std::array<char, 4096> part{};
  for (std::size_t got = 1; program != nullptr && got != 0;) {
    got = fread(part.data(), 1, part.size(), program);
    said.append(part.data(), got);
  }
  if (program != nullptr) pclose(program);
  return said;
}

std::vector<std::string> SecondVerdicts(absl::string_view arguments) {
  const std::string said = SecondReport(arguments);
  std::vector<std::string> verdicts;
  for (absl::string_view text : absl::StrSplit(said, '\n')) {
    if (absl::ConsumePrefix(&text, "DOES NOT FIT: ")) {
      verdicts.push_back(PlaceIn(text));
    } else if (absl::StartsWith(text, "fits: ")) {
      verdicts.emplace_back("fits");
    }
  }
  return verdicts;
}

}  // namespace puhui::audit
