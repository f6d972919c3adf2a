// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/check.h"

#include "ledger/base/check_report.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace puhui {
namespace {

std::atomic<CheckReport> report_by{nullptr};

}  // namespace

void CheckFailed(const char* file, int line, absl::string_view message) {
  // Taken rather than read: the report may fail a check too.
  if (const CheckReport report = report_by.exchange(nullptr); report != nullptr) {
    report(file, line, message);
    std::abort();
  }
  std::fprintf(stderr, "%s:%d: check failed: %.*s\n", file, line, static_cast<int>(message.size()),
               message.data());
  std::fflush(stderr);
  std::abort();
}

void ReportFailedChecksBy(CheckReport report) { report_by = report; }

}  // namespace puhui
