// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_RECORDS_H_
#define PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_RECORDS_H_

#include "puhui/v1/audit_service.grpc.pb.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include <grpcpp/server_context.h>
#include <grpcpp/support/sync_stream.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {

// A ledger of few records, told in pages of three. Balances are those of the postings up to a
// record. Threads: none; a test makes one call at a time and looks between calls.
class FakeRecords final : public v1::AuditService::Service {
 public:
  std::vector<v1::RecordView> records;  // In order, from 1, a minute apart, from 2026-02-01 on.
  int answers_left = 1'000;             // After which every call fails.
  std::int64_t lost = 0;                // What wallets hold less in the end than was moved.
  v1::GetAccountRequest account;
  v1::GetAccountStatementRequest statement;
  v1::ExportBundleRequest bundle;
  bool pauses = false;  // Between two pages there is one without records.

  v1::RecordView& Add(const std::string& kind, const std::string& json) {
    v1::RecordView& record = records.emplace_back();
    record.set_sequence(records.size());
    record.mutable_time()->set_seconds(kFirstSecond +
                                       60 * static_cast<std::int64_t>(records.size()));
    record.set_kind(kind);
    record.set_caller("spiffe://puhui.test/pos/merchants/m-7/terminals/t-2");
    record.set_json(json);
    return record;
  }
  static void Post(v1::RecordView& record, v1::AccountKind kind, std::int64_t points) {
    v1::PostingView& posting = *record.add_postings();
    posting.set_kind(kind);
    posting.set_owner("unions/fh-1");
    posting.set_origin("unions/fh-1");
    posting.set_points(points);
  }

  grpc::Status QueryRecords(grpc::ServerContext*, const v1::QueryRecordsRequest* request,
                            v1::QueryRecordsResponse* response) override {
    if (answers_left-- <= 0) return {grpc::StatusCode::RESOURCE_EXHAUSTED, "scripted"};
    std::vector<v1::RecordView> found = Matching(request->filter());
    if (request->newest_first()) std::reverse(found.begin(), found.end());
    std::size_t from = 0;
    absl::string_view token = request->page_token();
    const bool paused = absl::ConsumeSuffix(&token, "+");
    if (!token.empty() && !absl::SimpleAtoi(token, &from)) {
      return {grpc::StatusCode::INVALID_ARGUMENT, "page_token"};
    }
    if (pauses && !paused && !token.empty()) {
      response->set_next_page_token(absl::StrCat(token, "+"));
      response->set_as_of_sequence(records.size());
      return grpc::Status::OK;
    }
    const std::size_t until = std::min(found.size(), from + kOfAPage);
    for (std::size_t i = from; i < until; ++i) *response->add_records() = found[i];
    if (until < found.size()) response->set_next_page_token(absl::StrCat(until));
    response->set_as_of_sequence(records.size());
    return grpc::Status::OK;
  }
  grpc::Status StreamRecords(grpc::ServerContext*, const v1::StreamRecordsRequest* request,
                             grpc::ServerWriter<v1::StreamRecordsResponse>* writer) override {
    for (const v1::RecordView& record : Matching(request->filter())) {
      v1::StreamRecordsResponse part;
      *part.add_records() = record;
      writer->Write(part);
    }
    return grpc::Status::OK;
  }
  grpc::Status GetTrialBalance(grpc::ServerContext*, const v1::GetTrialBalanceRequest* request,
                               v1::GetTrialBalanceResponse* response) override {
    std::map<int, std::int64_t> sums;
    for (const v1::RecordView& record : records) {
      const bool counts =
          !request->has_as_of_time() || record.time().seconds() <= request->as_of_time().seconds();
      if (!counts) break;
      response->set_as_of_sequence(record.sequence());
      for (const v1::PostingView& posting : record.postings()) {
        sums[posting.kind()] += posting.points();
      }
    }
    for (const auto& [kind, points] : sums) {
      v1::TrialBalanceLine& line = *response->add_lines();
      line.set_kind(static_cast<v1::AccountKind>(kind));
      line.set_origin("unions/fh-1");
      line.set_points(points - (kind == v1::ACCOUNT_KIND_WALLET ? lost : 0));
    }
    response->set_balanced(true);
    return grpc::Status::OK;
  }
  grpc::Status GetCheckpoint(grpc::ServerContext*, const v1::GetCheckpointRequest*,
                             v1::GetCheckpointResponse* response) override {
    response->set_note(
        absl::StrCat("puhui.test/ledger\n", records.size(), "\nroot=\n\n— key sig\n"));
    return grpc::Status::OK;
  }
  grpc::Status GetAccount(grpc::ServerContext*, const v1::GetAccountRequest* request,
                          v1::GetAccountResponse*) override {
    account = *request;
    return grpc::Status::OK;
  }
  grpc::Status ExportBundle(grpc::ServerContext*, const v1::ExportBundleRequest* request,
                            grpc::ServerWriter<v1::ExportBundleResponse>* writer) override {
    bundle = *request;
    v1::ExportBundleResponse part;
    part.set_chunk("bytes");
    writer->Write(part);
    return grpc::Status::OK;
  }
  grpc::Status GetAccountStatement(grpc::ServerContext*,
                                   const v1::GetAccountStatementRequest* request,
                                   v1::GetAccountStatementResponse* response) override {
    statement = *request;
    response->set_opening_points(100);
    response->set_closing_points(40);
    v1::AccountStatementLine& line = *response->add_lines();
    line.set_sequence(7);
    line.mutable_time()->set_seconds(kFirstSecond);
    line.set_kind("entry/purchase");
    line.set_points(-60);
    line.set_points_after(40);
    return grpc::Status::OK;
  }

 private:
  static constexpr std::int64_t kFirstSecond = 1'769'904'000;  // 2026-02-01T00:00:00Z
  static constexpr std::size_t kOfAPage = 3;

  std::vector<v1::RecordView> Matching(const v1::RecordFilter& filter) const {
    std::vector<v1::RecordView> found;
    for (const v1::RecordView& record : records) {
      if (record.sequence() < filter.first_sequence()) continue;
      if (filter.last_sequence() != 0 && record.sequence() > filter.last_sequence()) continue;
      found.push_back(record);
    }
    return found;
  }
};

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_RECORDS_H_
