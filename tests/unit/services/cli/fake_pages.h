// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_PAGES_H_
#define PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_PAGES_H_

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include <grpcpp/support/status.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>

namespace puhui::services {

inline constexpr std::int64_t kFebruary = 1'769'904'000;  // 2026-02-01T00:00:00Z
inline constexpr char kBom[] = "\xEF\xBB\xBF";

inline std::string WholeText(const std::string& path) {
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return bytes.str();
}

// Five of everything, in pages of two. Threads: as Script.
class FakePages {
 public:
  static constexpr int kOfAll = 5;
  int answers_left = 1'000;  // After which every call fails.
  bool incomplete = false;   // Not all is told.

  // Calls `add(i)` for each of the page, and sets the token of the next.
  template <class Request, class Response, class Add>
  grpc::Status Answer(const Request& request, Response* response, Add add) {
    if (answers_left-- <= 0) return {grpc::StatusCode::RESOURCE_EXHAUSTED, "scripted"};
    int from = 0;
    if (!request.page_token().empty() && !absl::SimpleAtoi(request.page_token(), &from)) {
      return {grpc::StatusCode::INVALID_ARGUMENT, "page_token"};
    }
    const int until = std::min(from + 2, kOfAll);
    for (int i = from; i < until; ++i) add(i);
    if (until < kOfAll) response->set_next_page_token(absl::StrCat(until));
    return grpc::Status::OK;
  }
};

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_PAGES_H_
