// SPDX-License-Identifier: Apache-2.0
// Text of a page in Chinese and English: one of them is shown.
#ifndef PUHUI_SERVICES_CLI_AUDIT_REPORT_WORDS_H_
#define PUHUI_SERVICES_CLI_AUDIT_REPORT_WORDS_H_

#include "services/cli/audit_report.h"

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include <string>

namespace puhui::services {

struct Words {
  std::string zh;
  std::string en;
};

// What has that name, in both.
struct NamedWords {
  absl::string_view name;
  absl::string_view zh;
  absl::string_view en;
};
// Those of a name, which is said itself when the table has none for it.
Words WordsIn(absl::Span<const NamedWords> table, const std::string& name);

// Text as a page may hold it, in an element or between double quotes; as of Printable.
std::string Escaped(absl::string_view text);

// Both, escaped, in elements of their own; `tag` is span, or text of a drawing with `attributes`.
std::string Both(const Words& words, absl::string_view tag = "span",
                 absl::string_view attributes = "");

// Every reason, in the order of their numbers, and every kind of record and of exception.
absl::Span<const NamedWords> ReasonWordTable();
absl::Span<const NamedWords> RecordWordTable();

// What the kinds of account, of record and of exception are called; a kind that has no words of its
// own is called by its name.
Words AccountWords(const std::string& account);
Words RecordWords(const std::string& kind);
Words ReasonWords(const std::string& reason);
Words CheckWords(ReportCheck::What what);
Words OutcomeWords(ReportCheck::Outcome outcome);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_AUDIT_REPORT_WORDS_H_
