// SPDX-License-Identifier: Apache-2.0
// What an export writes, as the lines of a file.
#ifndef PUHUI_SERVICES_CLI_EXPORT_LINES_H_
#define PUHUI_SERVICES_CLI_EXPORT_LINES_H_

#include "issuing/core/csv_writer.h"

#include <google/protobuf/message.h>

#include <memory>
#include <string>
#include <vector>

namespace puhui::services {

// CSV with headings, or NDJSON: a message on a line of its own, with the proto's field names.
// Threads: one at a time.
class ExportLines {
 public:
  enum class Format { kCsv, kNdjson };
  // `resumed`: what begins a file is in it already.
  ExportLines(Format format, const std::vector<const char*>& headings, bool resumed);

  // Where the cells go; null for NDJSON.
  issuing::CsvWriter* csv() { return csv_.get(); }
  // Requires: it is NDJSON (checked).
  void AddJson(const google::protobuf::Message& message);
  // What was added and not taken yet.
  std::string& text() { return text_; }

 private:
  std::string text_;
  std::unique_ptr<issuing::CsvWriter> csv_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_EXPORT_LINES_H_
