// SPDX-License-Identifier: Apache-2.0
#include "services/cli/pos_check_certificate.h"

#include "ledger/crypto/hash.h"
#include "services/rpc/json_text.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include <algorithm>

namespace puhui::services {
namespace {

constexpr absl::string_view kHashMember = "  \"sha256\": \"";
constexpr absl::string_view kEnd = "\"\n}\n";

std::string Quoted(absl::string_view text) {
  std::string quoted = "\"";
  AppendJsonText(text, &quoted);
  return quoted + "\"";
}

std::string Truth(bool value) { return value ? "true" : "false"; }

std::string TimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

std::string HashLine(absl::string_view above) {
  ledger::Sha256 sha256;
  return absl::StrCat(kHashMember, ledger::ToHex(sha256.Digest(above)), kEnd);
}

void AppendResult(const PosCheckResult& result, std::string* text) {
  absl::StrAppend(text, "    {\"case\": ", Quoted(result.name),
                  ", \"about\": ", Quoted(result.about),
                  ", \"passed\": ", Truth(result.findings.passed()), ", \"steps\": [");
  bool first = true;
  for (const Finding& finding : result.findings.all()) {
    absl::StrAppend(text, first ? "\n" : ",\n", "      {\"step\": ", Quoted(finding.step),
                    ", \"expected\": ", Quoted(finding.expected),
                    ", \"seen\": ", Quoted(finding.seen), "}");
    first = false;
  }
  absl::StrAppend(text, "]}");
}

}  // namespace

std::size_t PosCheckReport::failures() const {
  return static_cast<std::size_t>(
      std::count_if(results.begin(), results.end(),
                    [](const PosCheckResult& result) { return !result.findings.passed(); }));
}

std::string CertificateText(const PosCheckReport& report) {
  std::string text = absl::StrCat(
      "{\n  \"kit\": ", Quoted(absl::StrCat("puhui pos-check ", report.version)),
      ",\n  \"server\": ", Quoted(report.server), ",\n  \"terminal\": ", Quoted(report.terminal),
      ",\n  \"start_time\": ", Quoted(TimeText(report.start)),
      ",\n  \"end_time\": ", Quoted(TimeText(report.end)),
      ",\n  \"all_cases\": ", Truth(report.whole), ",\n  \"passed\": ", Truth(report.passed()),
      ",\n  \"failures\": ", report.failures(), ",\n  \"cases\": [\n");
  for (std::size_t i = 0; i < report.results.size(); ++i) {
    if (i > 0) text += ",\n";
    AppendResult(report.results[i], &text);
  }
  text += "\n  ],\n";
  return text + HashLine(text);
}

bool IsWholeCertificate(absl::string_view text) {
  const std::size_t at = text.rfind(kHashMember);
  return at != absl::string_view::npos && text.substr(at) == HashLine(text.substr(0, at));
}

}  // namespace puhui::services
