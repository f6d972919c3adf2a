// SPDX-License-Identifier: Apache-2.0
#include "services/admin/kept_findings.h"

#include "ledger/crypto/durable_file.h"

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include <utility>

namespace puhui::services {
namespace {

// Three lists of texts at their longest, and the numbers.
constexpr std::size_t kKeptBytesMax =
    3 * KeptFindings::kTextsMax * (KeptFindings::kTextBytesMax + 16) + 256;

constexpr absl::string_view kVerify = "verify";
constexpr absl::string_view kLastPass = "last_pass";
constexpr absl::string_view kThisPass = "this_pass";
constexpr absl::string_view kVerified = "verified";
constexpr absl::string_view kPassedOver = "passed_over";

KeptFindings::Found* FoundNamed(absl::string_view name, KeptFindings* kept) {
  if (name == kVerify) return &kept->verify;
  if (name == kLastPass) return &kept->last_pass;
  if (name == kThisPass) return &kept->this_pass;
  return nullptr;
}

void AppendFound(absl::string_view name, const KeptFindings::Found& found, std::string* lines) {
  if (found.count == 0) return;
  absl::StrAppend(lines, name, " ", found.count, "\n");
  for (const std::string& text : found.texts) absl::StrAppend(lines, name, ": ", text, "\n");
}

void TakeLine(absl::string_view line, KeptFindings* kept) {
  const std::pair<absl::string_view, absl::string_view> split =
      absl::StrSplit(line, absl::MaxSplits(' ', 1));
  if (absl::EndsWith(split.first, ":")) {
    KeptFindings::Found* found = FoundNamed(split.first.substr(0, split.first.size() - 1), kept);
    if (found != nullptr && found->texts.size() < KeptFindings::kTextsMax) {
      found->texts.emplace_back(split.second.substr(0, KeptFindings::kTextBytesMax));
    }
    return;
  }
  std::uint64_t number = 0;
  if (!absl::SimpleAtoi(split.second, &number)) return;
  if (KeptFindings::Found* found = FoundNamed(split.first, kept)) {
    found->count = number;
  } else if (split.first == kVerified) {
    kept->verified = absl::FromUnixSeconds(static_cast<std::int64_t>(number));
  } else if (split.first == kPassedOver) {
    kept->passed_over = number != 0;
  }
}

}  // namespace

void KeptFindings::Found::Add(absl::string_view text) {
  ++count;
  if (texts.size() == kTextsMax) return;
  texts.push_back(absl::CHexEscape(text).substr(0, kTextBytesMax));
}

void KeptFindings::EndPass() {
  if (!passed_over || this_pass.count > last_pass.count) last_pass = std::move(this_pass);
  this_pass = {};
  passed_over = false;
}

const KeptFindings::Found& KeptFindings::scrub() const {
  return this_pass.count > last_pass.count ? this_pass : last_pass;
}

KeptFindings ReadKeptFindings(const std::string& path) {
  KeptFindings kept;
  const auto text = ledger::ReadWholeFile(path, kKeptBytesMax);
  if (!text.ok() || !text->has_value()) return kept;
  for (const absl::string_view line : absl::StrSplit(**text, '\n')) TakeLine(line, &kept);
  return kept;
}

absl::Status WriteKeptFindings(const std::string& path, const KeptFindings& kept) {
  std::string lines;
  if (kept.verified != absl::InfinitePast()) {
    absl::StrAppend(&lines, kVerified, " ", absl::ToUnixSeconds(kept.verified), "\n");
  }
  if (kept.passed_over) absl::StrAppend(&lines, kPassedOver, " 1\n");
  AppendFound(kVerify, kept.verify, &lines);
  AppendFound(kLastPass, kept.last_pass, &lines);
  AppendFound(kThisPass, kept.this_pass, &lines);
  return ledger::WriteFileDurably(path, lines);
}

}  // namespace puhui::services
