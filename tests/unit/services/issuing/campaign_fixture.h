// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_SERVICES_ISSUING_CAMPAIGN_FIXTURE_H_
#define PUHUI_TESTS_UNIT_SERVICES_ISSUING_CAMPAIGN_FIXTURE_H_

#include "tests/unit/services/issuing/issuing_fixture.h"

#include <string>
#include <vector>

namespace puhui::services {

// Campaigns of fh-1, step by step.
class CampaignTest : public IssuingTest {
 protected:
  using IssuingTest::IssuingTest;
  using Stub = v1::CampaignService::Stub;

  v1::CreateCampaignRequest CampaignWish(const std::string& id = "spring") {
    v1::CreateCampaignRequest request;
    request.set_request_id(NextRequestId());
    request.set_campaign_id(id);
    request.set_union_("unions/fh-1");
    request.set_display_name("春节慰问");
    request.set_occasion("spring-festival");
    request.mutable_terms()->mutable_expire_time()->set_seconds(
        absl::ToUnixSeconds(clock_.Now() + absl::Hours(24 * 90)));
    return request;
  }
  absl::StatusOr<v1::CreateCampaignResponse> Create(const std::string& path,
                                                    const v1::CreateCampaignRequest& request) {
    return Ask(*campaigns_, &Stub::CreateCampaign, path, request);
  }
  absl::StatusOr<v1::Campaign> Get(const std::string& path,
                                   const std::string& name = "campaigns/spring") {
    v1::GetCampaignRequest request;
    request.set_name(name);
    auto response = Ask(*campaigns_, &Stub::GetCampaign, path, request);
    if (!response.ok()) return response.status();
    return response->campaign();
  }

  static v1::PlanRow ByMember(const std::string& member, std::int64_t points = 500) {
    v1::PlanRow row;
    row.set_member(member);
    row.set_points(points);
    return row;
  }
  static v1::PlanRow ByNumber(const std::string& external_id, std::int64_t points = 500) {
    v1::PlanRow row;
    row.set_external_id(external_id);
    row.set_points(points);
    return row;
  }
  // Of an upload of so many rows.
  static v1::UploadPlanRequest Start(const std::string& request_id, std::uint64_t rows,
                                     const std::string& campaign = "campaigns/spring") {
    v1::UploadPlanRequest message;
    message.mutable_start()->set_request_id(request_id);
    message.mutable_start()->set_campaign(campaign);
    message.mutable_start()->set_rows(rows);
    return message;
  }
  static v1::UploadPlanRequest Rows(const std::vector<v1::PlanRow>& rows) {
    v1::UploadPlanRequest message;
    message.mutable_rows();
    for (const v1::PlanRow& row : rows) *message.mutable_rows()->add_rows() = row;
    return message;
  }
  absl::StatusOr<v1::UploadPlanResponse> Send(const std::string& path,
                                              const std::vector<v1::UploadPlanRequest>& messages) {
    const auto context = As(path);
    v1::UploadPlanResponse response;
    const auto writer = campaigns_->UploadPlan(context.get(), &response);
    for (const v1::UploadPlanRequest& message : messages) {
      if (!writer->Write(message)) break;
    }
    writer->WritesDone();
    const grpc::Status status = writer->Finish();
    if (!status.ok()) return FromGrpcStatus(status);
    return response;
  }
  absl::StatusOr<v1::UploadPlanResponse> Upload(const std::vector<v1::PlanRow>& rows,
                                                const std::string& request_id) {
    return Send(kHr, {Start(request_id, rows.size()), Rows(rows)});
  }
  absl::StatusOr<v1::UploadPlanResponse> Upload(const std::vector<v1::PlanRow>& rows) {
    return Upload(rows, NextRequestId());
  }

  template <class Response, class Reader>
  static absl::StatusOr<std::vector<Response>> ReadAll(Reader& reader) {
    std::vector<Response> messages;
    Response message;
    while (reader.Read(&message)) messages.push_back(message);
    const grpc::Status status = reader.Finish();
    if (!status.ok()) return FromGrpcStatus(status);
    return messages;
  }
  absl::StatusOr<std::vector<v1::PreviewCampaignResponse>> Preview(
      const std::string& path, const std::string& name = "campaigns/spring") {
    const auto context = As(path);
    v1::PreviewCampaignRequest request;
    request.set_name(name);
    return ReadAll<v1::PreviewCampaignResponse>(
        *campaigns_->PreviewCampaign(context.get(), request));
  }
  absl::StatusOr<std::vector<v1::WatchIssueRunResponse>> Watch(
      const std::string& path, const std::string& name = "campaigns/spring") {
    const auto context = As(path);
    v1::WatchIssueRunRequest request;
    request.set_name(name);
    return ReadAll<v1::WatchIssueRunResponse>(*campaigns_->WatchIssueRun(context.get(), request));
  }

  template <class Request>
  Request HashWish(const std::string& hash) {
    Request request;
    request.set_request_id(NextRequestId());
    request.set_name("campaigns/spring");
    request.set_plan_hash(hash);
    return request;
  }
  // Of the campaign as it is now, if it can be seen.
  v1::ApproveCampaignRequest ApprovalWish(const std::string& hash) {
    auto request = HashWish<v1::ApproveCampaignRequest>(hash);
    const absl::StatusOr<v1::Campaign> now = Get(kHr);
    request.set_etag(now.ok() ? now->etag() : "none");
    return request;
  }
  absl::StatusOr<v1::SubmitCampaignResponse> Submit(const std::string& path,
                                                    const v1::SubmitCampaignRequest& request) {
    return Ask(*campaigns_, &Stub::SubmitCampaign, path, request);
  }
  absl::StatusOr<v1::ApproveCampaignResponse> Approve(const std::string& path,
                                                      const v1::ApproveCampaignRequest& request) {
    return Ask(*campaigns_, &Stub::ApproveCampaign, path, request);
  }
  v1::IssueCampaignRequest IssueWish() {
    v1::IssueCampaignRequest request;
    request.set_request_id(NextRequestId());
    request.set_name("campaigns/spring");
    return request;
  }
  absl::StatusOr<v1::IssueCampaignResponse> Issue(const std::string& path,
                                                  const v1::IssueCampaignRequest& request) {
    return Ask(*campaigns_, &Stub::IssueCampaign, path, request);
  }
  // A change of campaigns/spring: UpdateCampaign aside, all of them name it alike.
  template <class Request, class Response>
  absl::StatusOr<Response> Change(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                               Response*),
                                  const std::string& path, Request request = Request()) {
    if (request.request_id().empty()) request.set_request_id(NextRequestId());
    if (request.name().empty()) request.set_name("campaigns/spring");
    return Ask(*campaigns_, method, path, request);
  }
  absl::StatusOr<v1::ListRowsResponse> ListRows(const std::string& path,
                                                const v1::ListRowsRequest& request) {
    return Ask(*campaigns_, &Stub::ListRows, path, request);
  }

  // A campaign of persons 1 to `people`, approved, with the money there; the plan's hash.
  std::string MakeApproved(int people) { return MakeApproved(people, CampaignWish()); }
  std::string MakeApproved(int people, const v1::CreateCampaignRequest& wish) {
    EXPECT_OK(Create(kHr, wish));
    std::vector<v1::PlanRow> rows;
    for (const std::string& name : Enrol(1, people)) rows.push_back(ByMember(name));
    const auto plan = Upload(rows);
    EXPECT_OK(plan);
    if (!plan.ok()) return "";
    Fund(1'000'000);
    const std::string hash = plan->plan().hash();
    EXPECT_OK(Submit(kHr, HashWish<v1::SubmitCampaignRequest>(hash)));
    EXPECT_OK(Approve(kApprover, ApprovalWish(hash)));
    return hash;
  }
};

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_ISSUING_CAMPAIGN_FIXTURE_H_
