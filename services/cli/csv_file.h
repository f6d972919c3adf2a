// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_CSV_FILE_H_
#define PUHUI_SERVICES_CLI_CSV_FILE_H_

#include "issuing/core/csv_writer.h"
#include "ledger/crypto/hash.h"

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include <fstream>
#include <memory>
#include <string>

namespace puhui::services {

// A CSV file that is written a row at a time, as `path`.part until it is closed, with its SHA-256
// beside it then. Without that nothing is left. Threads: one at a time.
class CsvFile {
 public:
  explicit CsvFile(std::string path);
  ~CsvFile();
  CsvFile(const CsvFile&) = delete;
  CsvFile& operator=(const CsvFile&) = delete;
  issuing::CsvWriter& row() { return *writer_; }
  void EndRow();
  // Fails: kUnavailable, naming the path.
  absl::Status Close();

 private:
  void Flush();

  std::string PartPath() const { return path_ + ".part"; }

  const std::string path_;
  std::ofstream out_;
  std::string pending_;
  std::unique_ptr<issuing::CsvWriter> writer_;
  ledger::Sha256 sha256_;
};

// Where the summary of a file goes: m-7.csv → m-7.summary.csv.
std::string SummaryPath(absl::string_view path);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_CSV_FILE_H_
