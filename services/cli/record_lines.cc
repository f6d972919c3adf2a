// SPDX-License-Identifier: Apache-2.0
#include "services/cli/record_lines.h"

#include "services/cli/enum_text.h"
#include "services/cli/output.h"
#include "services/cli/times.h"

#include "absl/strings/str_cat.h"

namespace puhui::services {

RecordLines::RecordLines(Format format, bool resumed) {
  if (format == Format::kNdjson) return;
  csv_ = std::make_unique<issuing::CsvWriter>(&text_);
  if (resumed) {
    text_.clear();
    return;
  }
  for (const char* const heading :
       {"record", "time", "what", "caller", "account", "owner", "origin", "points", "content"}) {
    csv_->Text(heading);
  }
  csv_->EndRow();
}

void RecordLines::Add(const v1::RecordView& record) {
  if (csv_ == nullptr) {
    absl::StrAppend(&text_, JsonText(record, false), "\n");
    return;
  }
  if (record.postings().empty()) return AddRow(record, nullptr, true);
  bool first = true;
  for (const v1::PostingView& posting : record.postings()) {
    AddRow(record, &posting, first);
    first = false;
  }
}

void RecordLines::AddRow(const v1::RecordView& record, const v1::PostingView* posting, bool first) {
  csv_->Text(absl::StrCat(record.sequence()))
      .Text(FormatUtc(record.time()))
      .Text(record.kind())
      .Text(record.caller());
  if (posting == nullptr) {
    csv_->Text("").Text("").Text("").Text("");
  } else {
    csv_->Text(EnumText(posting->kind()))
        .Text(posting->owner())
        .Text(posting->origin())
        .Number(posting->points());
  }
  csv_->Text(first ? record.json() : "");
  csv_->EndRow();
}

}  // namespace puhui::services
