// SPDX-License-Identifier: Apache-2.0
#include "services/cli/pos_check_certificate.h"

#include "ledger/base/status_macros.h"
#include "ledger/crypto/hash.h"
#include "services/auth/identity.h"
#include "services/rpc/json_text.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <google/protobuf/util/json_util.h>

#include <algorithm>

namespace puhui::services {
namespace {

constexpr absl::string_view kHashMember = "  \"sha256\": \"";
constexpr absl::string_view kSignatureMember = "  \"signature\": \"";
constexpr absl::string_view kCasesBegin = "\n  \"cases\": [\n";
constexpr absl::string_view kCasesEnd = "\n  ],\n";
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

// Of the lines between the brackets: two runs that saw the same have the same.
std::string HashOfCases(absl::string_view text) {
  const std::size_t begin = text.find(kCasesBegin);
  const std::size_t end = text.rfind(kCasesEnd);
  if (begin == absl::string_view::npos || end == absl::string_view::npos) return "";
  const std::size_t first = begin + kCasesBegin.size();
  if (end < first) return "";
  ledger::Sha256 sha256;
  return ledger::ToHex(sha256.Digest(text.substr(first, end + 1 - first)));
}

// The line with it: nothing else may stand between what is signed and the hash.
std::string SignatureLine(absl::string_view signature) {
  return absl::StrCat(kSignatureMember, signature, "\",\n");
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

absl::StatusOr<std::string> CertificateText(const PosCheckReport& report,
                                            const PosCheckSigner& signer) {
  PUHUI_ASSIGN_OR_RETURN(const SignerNames names, NamesOfSigner(signer.chain_pem));
  std::string text = absl::StrCat(
      "{\n  \"kit\": ", Quoted(absl::StrCat("puhui pos-check ", report.version)),
      ",\n  \"server\": ", Quoted(report.server),
      ",\n  \"server_name\": ", Quoted(report.server_name),
      ",\n  \"terminal\": ", Quoted(report.terminal),
      ",\n  \"start_time\": ", Quoted(TimeText(report.start)),
      ",\n  \"end_time\": ", Quoted(TimeText(report.end)),
      ",\n  \"signer\": ", Quoted(names.identity),
      ",\n  \"signer_fingerprint\": ", Quoted(names.fingerprint),
      ",\n  \"signer_certificate\": ", Quoted(names.certificates),
      ",\n  \"all_cases\": ", Truth(report.whole), ",\n  \"passed\": ", Truth(report.passed()),
      ",\n  \"failures\": ", report.failures(), ",", kCasesBegin);
  for (std::size_t i = 0; i < report.results.size(); ++i) {
    if (i > 0) text += ",\n";
    AppendResult(report.results[i], &text);
  }
  absl::StrAppend(&text, kCasesEnd);
  absl::StrAppend(&text, "  \"cases_sha256\": ", Quoted(HashOfCases(text)), ",\n");
  PUHUI_ASSIGN_OR_RETURN(const std::string signature, SignAs(signer, text));
  text += SignatureLine(signature);
  return text + HashLine(text);
}

bool IsWholeCertificate(absl::string_view text) {
  const std::size_t at = text.rfind(kHashMember);
  return at != absl::string_view::npos && text.substr(at) == HashLine(text.substr(0, at));
}

std::string CheckedCertificate::text_of(const std::string& member) const {
  const auto found = says.fields().find(member);
  return found == says.fields().end() ? "" : found->second.string_value();
}

bool CheckedCertificate::is_so(const std::string& member) const {
  const auto found = says.fields().find(member);
  return found != says.fields().end() && found->second.bool_value();
}

absl::Time CheckedCertificate::end() const {
  absl::Time time = absl::UnixEpoch();
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, text_of("end_time"), &time, &error)) {
    return absl::UnixEpoch();
  }
  return time;
}

absl::Status CheckedCertificate::CheckSpeaker() const {
  absl::string_view domain = signer.identity;
  absl::ConsumePrefix(&domain, "spiffe://");
  const absl::StatusOr<Principal> who =
      ParseSpiffeUri(signer.identity, domain.substr(0, domain.find('/')));
  const std::string terminal = text_of("terminal");
  if (who.ok()) {
    if (who->role == Role::kTerminal && terminal == who->scope) return absl::OkStatus();
    const bool back_end = who->role == Role::kMerchant || who->role == Role::kPos;
    if (back_end && absl::StartsWith(terminal, absl::StrCat(who->scope, "/terminals/"))) {
      return absl::OkStatus();
    }
  }
  return absl::FailedPreconditionError(
      absl::StrCat("its signer ", signer.identity, " is not ", terminal, ", nor its merchant"));
}

absl::StatusOr<CheckedCertificate> CheckCertificate(absl::string_view text) {
  if (!IsWholeCertificate(text)) {
    return absl::FailedPreconditionError("it was changed, or is no certificate of pos-check");
  }
  const std::size_t at = text.rfind(kSignatureMember);
  if (at == absl::string_view::npos) return absl::FailedPreconditionError("it is not signed");
  const absl::string_view signed_text = text.substr(0, at);
  absl::string_view signature = text.substr(at + kSignatureMember.size());
  signature = signature.substr(0, signature.find('"'));
  const std::string line = SignatureLine(signature);
  if (text.substr(at) != absl::StrCat(line, HashLine(absl::StrCat(signed_text, line)))) {
    return absl::FailedPreconditionError("something was added behind its signature");
  }
  CheckedCertificate checked;
  const google::protobuf::StringPiece json(text.data(), text.size());
  if (!google::protobuf::util::JsonStringToMessage(json, &checked.says).ok()) {
    return absl::FailedPreconditionError("it is not JSON");
  }
  checked.chain_pem = checked.text_of("signer_certificate");
  const absl::StatusOr<SignerNames> signer = NamesOfSigner(checked.chain_pem);
  if (!signer.ok() || !IsSignedBy(checked.chain_pem, signed_text, signature)) {
    return absl::FailedPreconditionError("its signature is not that of the certificate in it");
  }
  checked.signer = *signer;
  if (signer->fingerprint != checked.text_of("signer_fingerprint") ||
      signer->identity != checked.text_of("signer")) {
    return absl::FailedPreconditionError("it names another signer than its certificate does");
  }
  if (HashOfCases(text) != checked.text_of("cases_sha256")) {
    return absl::FailedPreconditionError("the hash of its cases is another");
  }
  return checked;
}

}  // namespace puhui::services
