// SPDX-License-Identifier: Apache-2.0
// What auditors are told by a real puhuid whose index was deleted, or that was started anew, amid
// their pages: the truth, or to ask again.
#include "puhui/v1/audit_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/deployment.h"
#include "tests/support/wire/scene.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace puhui {
namespace {

using ledger::Reason;
using AuditStub = v1::AuditService::Stub;

class AuditRestartWireTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    ASSERT_OK_AND_ASSIGN(scene_, Scene::Set(deployment_, {}, &random_));
    const auto till = v1::PosService::NewStub(deployment_.Connect(scene_.terminal_identity));
    for (std::uint32_t trace = 1; trace <= kPurchases; ++trace) {
      ASSERT_OK(Ask(*till, &v1::PosService::Stub::Purchase, scene_.Purchase(trace, 1, random_)));
    }
  }
  std::string IndexDirectory() const { return deployment_.data_directory() + "/audit-index"; }
  std::unique_ptr<AuditStub> Auditor() const {
    return v1::AuditService::NewStub(deployment_.Connect("/auditor"));
  }
  void StartAnew() {
    ASSERT_OK(deployment_.Stop());
    ASSERT_OK(deployment_.Start());
  }

  static v1::QueryRecordsRequest Purchases(std::int32_t page_size) {
    v1::QueryRecordsRequest request;
    request.mutable_filter()->add_kinds("entry/purchase");
    request.set_page_size(page_size);
    return request;
  }
  static v1::GetAccountStatementRequest Statement(const Scene& scene, std::int32_t page_size) {
    v1::GetAccountStatementRequest request;
    request.set_kind(v1::ACCOUNT_KIND_WALLET);
    request.set_owner(scene.members[0]);
    request.set_page_size(page_size);
    return request;
  }
  static void Take(const v1::QueryRecordsResponse& page, std::vector<std::uint64_t>* into) {
    for (const v1::RecordView& record : page.records()) into->push_back(record.sequence());
  }
  static void Take(const v1::GetAccountStatementResponse& page, std::vector<std::uint64_t>* into) {
    for (const v1::AccountStatementLine& line : page.lines()) into->push_back(line.sequence());
  }
  // One page; asks again while the index is behind, and fails at anything else.
  template <class Request, class Response>
  absl::StatusOr<Response> PageOf(grpc::Status (AuditStub::*method)(grpc::ClientContext*,
                                                                    const Request&, Response*),
                                  const Request& request) const {
    const auto auditor = Auditor();
    const absl::Time give_up = absl::Now() + absl::Minutes(1);
    while (true) {
      absl::StatusOr<Response> page = Ask(*auditor, method, request);
      const auto refusal = ledger::RefusalOf(page.status());
      const bool behind = refusal.has_value() && refusal->reason == Reason::kAuditIndexBehind;
      if (!behind || absl::Now() > give_up) return page;
    }
  }
  // From the page on that its token names.
  template <class Request, class Response>
  std::vector<std::uint64_t> All(grpc::Status (AuditStub::*method)(grpc::ClientContext*,
                                                                   const Request&, Response*),
                                 Request request) const {
    std::vector<std::uint64_t> sequences;
    do {
      const absl::StatusOr<Response> page = PageOf(method, request);
      EXPECT_OK(page);
      if (!page.ok()) break;
      Take(*page, &sequences);
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return sequences;
  }

  // The first page is read before `between`, the others after it.
  template <class Request, class Response, class Between>
  void ExpectGoesOn(grpc::Status (AuditStub::*method)(grpc::ClientContext*, const Request&,
                                                      Response*),
                    Request request, Between between) {
    const std::vector<std::uint64_t> wanted = All(method, request);
    ASSERT_OK_AND_ASSIGN(const Response first, PageOf(method, request));
    ASSERT_NE(first.next_page_token(), "");
    std::vector<std::uint64_t> told;
    Take(first, &told);
    ASSERT_LT(told.size(), wanted.size());
    ASSERT_NO_FATAL_FAILURE(between());
    request.set_page_token(first.next_page_token());
    for (const std::uint64_t sequence : All(method, request)) told.push_back(sequence);
    EXPECT_EQ(told, wanted);
  }

  static constexpr std::uint32_t kPurchases = 12;
  Deployment deployment_;
  SeededRandom random_{20'261'128};
  Scene scene_;
};

TEST_F(AuditRestartWireTest, ATokenFromBeforeARestartGoesOnWhereItWas) {
  const auto restart = [this] { StartAnew(); };
  ExpectGoesOn(&AuditStub::QueryRecords, Purchases(5), restart);
  ExpectGoesOn(&AuditStub::GetAccountStatement, Statement(scene_, 5), restart);
}

TEST_F(AuditRestartWireTest, ATokenFromBeforeARebuildOfTheIndexGoesOnWhereItWas) {
  std::size_t rebuilds = 0;
  const auto rebuild = [this, &rebuilds] {
    std::error_code error;  // Its successor may be there before all of it is gone.
    std::filesystem::remove_all(IndexDirectory(), error);
    ASSERT_OK(deployment_.AwaitLog("the index of auditors is built anew", ++rebuilds));
  };
  ExpectGoesOn(&AuditStub::QueryRecords, Purchases(5), rebuild);
  ExpectGoesOn(&AuditStub::GetAccountStatement, Statement(scene_, 5), rebuild);
}

}  // namespace
}  // namespace puhui
