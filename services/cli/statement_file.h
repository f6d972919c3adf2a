// SPDX-License-Identifier: Apache-2.0
// A statement as files, and the check that nothing of it was changed on the way.
#ifndef PUHUI_SERVICES_CLI_STATEMENT_FILE_H_
#define PUHUI_SERVICES_CLI_STATEMENT_FILE_H_

#include "ledger/crypto/hash.h"
#include "puhui/v1/settlement_service.pb.h"
#include "puhui/v1/statement.pb.h"
#include "services/cli/csv_file.h"

#include "absl/status/status.h"

#include <cstdint>
#include <map>
#include <string>

namespace puhui::services {

// Adds up the lines of a statement, and compares with what the statement says.
// Threads: one at a time.
class StatementCheck {
 public:
  // The messages of the stream, in their order.
  void Take(const v1::GetStatementResponse& part);
  // Fails: kDataLoss, saying what is unlike: the number of lines, their sums, those of a union, the
  // digest. A statement that is partial says nothing of numbers and digest.
  absl::Status Compare() const;

 private:
  struct Sums {
    std::int64_t points = 0;
    std::int64_t fees = 0;
    std::int64_t discounts = 0;
    friend bool operator==(const Sums&, const Sums&) = default;
  };
  static Sums SumsOf(const v1::StatementFigures& figures);
  void Add(const v1::StatementLine& line);
  bool UnionsAreAlike() const;

  v1::GetStatementResponse head_;
  std::uint64_t purchases_ = 0;
  std::uint64_t refunds_ = 0;
  std::uint64_t reversals_ = 0;
  std::uint64_t adjustments_ = 0;
  Sums sums_;
  std::map<std::string, Sums> unions_;  // By whose money it was.
  ledger::Hash digest_{};
  ledger::Sha256 sha256_;
};

// The headings, and one line.
void WriteLineHeadings(CsvFile& file);
void WriteLine(const v1::StatementLine& line, CsvFile& file);
// The summary: a row for each union without a remark, and one for all, of no union, with it.
void WriteOriginHeadings(CsvFile& file);
void WriteOrigin(const std::string& of, const v1::StatementFigures& figures,
                 const std::string& invoice_remark, CsvFile& file);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_STATEMENT_FILE_H_
