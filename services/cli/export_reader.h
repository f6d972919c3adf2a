// SPDX-License-Identifier: Apache-2.0
// What can be exported: a query, its pages, and the rows of a page.
#ifndef PUHUI_SERVICES_CLI_EXPORT_READER_H_
#define PUHUI_SERVICES_CLI_EXPORT_READER_H_

#include "ledger/base/limits.h"
#include "services/cli/export_file.h"
#include "services/cli/export_lines.h"
#include "services/cli/noun.h"

#include "absl/strings/str_cat.h"
#include <CLI/CLI.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace puhui::services {

// One query, page by page. Where it is, is in the place alone, so that another run goes on there.
// Threads: one at a time.
class ExportReader {
 public:
  // What is to be said of all that was read, and what the command ends with then.
  struct Verdict {
    ExitCode code = ExitCode::kOk;
    std::string remark;  // Empty: nothing.
  };
  // How far it is, of how much; 0: nobody knows.
  struct Share {
    std::uint64_t done = 0;
    std::uint64_t total = 0;
  };

  ExportReader() = default;
  virtual ~ExportReader() = default;
  ExportReader(const ExportReader&) = delete;
  ExportReader& operator=(const ExportReader&) = delete;

  // What a place counts, such as "records".
  virtual const char* unit() const = 0;
  virtual std::vector<const char*> headings() const = 0;
  // Those of the query. Called once; the reader outlives the command line.
  virtual void AddFlags(CLI::App& app) = 0;
  // The same for the same query, and for no other.
  virtual std::string question() const = 0;

  // Settles, before the first page, what has to be the same for all of them.
  virtual ExitCode Begin(Invocation& /*invocation*/, ExportFile::Place& /*place*/) {
    return ExitCode::kOk;
  }
  // Reads the page at `place`, adds its rows and moves `place` behind it; or, having said why not,
  // does neither. Requires: the place is not of a whole file.
  virtual ExitCode ReadPage(Invocation& invocation, ExportLines& lines,
                            ExportFile::Place& place) = 0;

  virtual Share ShareAt(const ExportFile::Place& place) const { return {.done = place.count}; }
  // After the last page.
  virtual Verdict Judge() const { return {}; }
};

// What a reader of this request answers to question().
template <class Request>
std::string QuestionOf(const Request& request) {
  return absl::StrCat(Request::descriptor()->full_name(), "\n", request.SerializeAsString());
}

// A query that is gone on from by the token of its last page.
template <class Stub, class Request, class Response>
class PagedExport : public ExportReader {
 public:
  std::string question() const final { return QuestionOf(request_); }
  ExitCode ReadPage(Invocation& invocation, ExportLines& lines, ExportFile::Place& place) final {
    Request request = request_;
    Narrow(place, request);
    request.set_page_size(static_cast<std::int32_t>(kPageSizeMax));
    request.set_page_token(place.token);
    Response page;
    const ExitCode code = invocation.Call(method_, request, &page);
    if (code != ExitCode::kOk) return code;
    Add(page, lines, place);
    place.token = page.next_page_token();
    place.whole = place.token.empty();
    return code;
  }

 protected:
  explicit PagedExport(UnaryMethod<Stub, Request, Response> method) : method_(method) {}

  const Request& request() const { return request_; }
  Request& mutable_request() { return request_; }
  // To what was settled when it began.
  virtual void Narrow(const ExportFile::Place& /*place*/, Request& /*request*/) const {}
  // Adds the rows of the page, whose token `place` still has, and counts them.
  virtual void Add(const Response& page, ExportLines& lines, ExportFile::Place& place) = 0;

 private:
  const UnaryMethod<Stub, Request, Response> method_;
  Request request_;
};

// Records, with a row for each posting; what an account holds; what moved it, between its two
// balances; the sum of every kind of account.
std::unique_ptr<ExportReader> RecordExport();
std::unique_ptr<ExportReader> AccountExport();
std::unique_ptr<ExportReader> StatementExport();
std::unique_ptr<ExportReader> TrialBalanceExport();
// What is walked record by record: a history, with a row for each field, and the way of points.
std::unique_ptr<ExportReader> HistoryExport();
std::unique_ptr<ExportReader> TraceExport();
// Who read what. It ends where that journal ends when the last page is read.
std::unique_ptr<ExportReader> AccessExport();
// What is listed: who looked at personal data of a union, mandates, the months, and the lines that
// a month was closed with.
std::unique_ptr<ExportReader> RevealExport();
std::unique_ptr<ExportReader> MandateExport();
std::unique_ptr<ExportReader> PeriodExport();
std::unique_ptr<ExportReader> PeriodLineExport();

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_EXPORT_READER_H_
