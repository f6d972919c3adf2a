// SPDX-License-Identifier: Apache-2.0
// Records as the lines of a file.
#ifndef PUHUI_SERVICES_CLI_RECORD_LINES_H_
#define PUHUI_SERVICES_CLI_RECORD_LINES_H_

#include "issuing/core/csv_writer.h"
#include "puhui/v1/audit_service.pb.h"

#include <memory>
#include <string>

namespace puhui::services {

// CSV, with a row for each posting and one for a record without any, the content in the first row
// of a record; or NDJSON, with each record on a line of its own.
// Threads: one at a time.
class RecordLines {
 public:
  enum class Format { kCsv, kNdjson };
  // `resumed`: what begins a file is in it already.
  RecordLines(Format format, bool resumed);

  void Add(const v1::RecordView& record);
  // What was added and not taken yet.
  std::string& text() { return text_; }

 private:
  void AddRow(const v1::RecordView& record, const v1::PostingView* posting, bool first);

  std::string text_;
  std::unique_ptr<issuing::CsvWriter> csv_;  // Null for NDJSON.
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_RECORD_LINES_H_
