// SPDX-License-Identifier: Apache-2.0
#include "services/cli/export_lines.h"

#include "ledger/base/check.h"
#include "services/cli/output.h"

#include "absl/strings/str_cat.h"

namespace puhui::services {

ExportLines::ExportLines(Format format, const std::vector<const char*>& headings, bool resumed) {
  if (format == Format::kNdjson) return;
  csv_ = std::make_unique<issuing::CsvWriter>(&text_);
  if (resumed) {
    text_.clear();
    return;
  }
  for (const char* const heading : headings) csv_->Text(heading);
  csv_->EndRow();
}

void ExportLines::AddJson(const google::protobuf::Message& message) {
  PUHUI_CHECK(csv_ == nullptr);
  absl::StrAppend(&text_, JsonText(message, false), "\n");
}

}  // namespace puhui::services
