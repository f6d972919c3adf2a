// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/holiday_load.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "puhui/v1/campaign_service.grpc.pb.h"
#include "puhui/v1/union_service.grpc.pb.h"
#include "tests/bench/connections.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include <algorithm>
#include <chrono>
#include <random>

namespace puhui::bench {
namespace {

using std::chrono::steady_clock;
using Campaigns = v1::CampaignService::Stub;
using Unions = v1::UnionService::Stub;

constexpr char kUnion[] = "unions/bench";
constexpr std::size_t kRowsPerMessage = 5'000;

double SecondsSince(steady_clock::time_point begun) {
  return std::chrono::duration<double>(steady_clock::now() - begun).count();
}

// Ids only have to be new: this is no till.
std::string NewRequestId() {
  static std::mt19937_64* const random = new std::mt19937_64(std::random_device{}());
  const std::uint64_t high = (*random)();
  const std::uint64_t low = (*random)();
  return absl::StrFormat("%08x-%04x-4%03x-8%03x-%012x", high >> 32, high >> 16 & 0xFFFF,
                         high & 0xFFF, low >> 48 & 0xFFF, low & 0xFFFF'FFFF'FFFF);
}

template <class Stub, class Request, class Response>
absl::StatusOr<Response> Ask(Stub& stub,
                             grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                          Response*),
                             const Request& request) {
  grpc::ClientContext context;
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) return ToStatus(status);
  return response;
}

absl::Status Fund(const HolidayChannels& channels, std::int64_t points) {
  const auto maker = v1::UnionService::NewStub(channels.maker);
  const auto checker = v1::UnionService::NewStub(channels.checker);
  v1::FundBudgetRequest fund;
  fund.set_request_id(NewRequestId());
  fund.set_union_(kUnion);
  fund.set_points(points);
  fund.set_bank_reference(absl::StrCat("holiday-", fund.request_id()));
  PUHUI_ASSIGN_OR_RETURN(const auto funded, Ask(*maker, &Unions::FundBudget, fund));
  v1::ConfirmFundingRequest confirm;
  confirm.set_request_id(NewRequestId());
  confirm.set_name(funded.funding().name());
  return Ask(*checker, &Unions::ConfirmFunding, confirm).status();
}

absl::StatusOr<std::string> Create(Campaigns& hr, absl::Duration good_for) {
  v1::CreateCampaignRequest request;
  request.set_request_id(NewRequestId());
  request.set_campaign_id(absl::StrCat("holiday-", request.request_id().substr(0, 8)));
  request.set_union_(kUnion);
  request.set_display_name("春节慰问");
  request.set_occasion("spring-festival");
  request.mutable_terms()->mutable_expire_time()->set_seconds(
      absl::ToUnixSeconds(absl::Now() + good_for));
  PUHUI_ASSIGN_OR_RETURN(const auto created, Ask(hr, &Campaigns::CreateCampaign, request));
  return created.campaign().name();
}

absl::StatusOr<v1::Plan> Upload(Campaigns& hr, const std::string& campaign, std::size_t people,
                                std::int64_t points) {
  grpc::ClientContext context;
  v1::UploadPlanResponse response;
  const auto writer = hr.UploadPlan(&context, &response);
  v1::UploadPlanRequest message;
  message.mutable_start()->set_request_id(NewRequestId());
  message.mutable_start()->set_campaign(campaign);
  message.mutable_start()->set_rows(people);
  bool heard = writer->Write(message);
  for (std::size_t first = 0; heard && first < people; first += kRowsPerMessage) {
    auto& rows = *message.mutable_rows()->mutable_rows();
    rows.Clear();
    const std::size_t end = std::min(first + kRowsPerMessage, people);
    for (std::size_t i = first; i < end; ++i) {
      v1::PlanRow& row = *rows.Add();
      row.set_external_id(absl::StrCat("E", i));
      row.set_points(points);
    }
    heard = writer->Write(message);
  }
  writer->WritesDone();
  PUHUI_RETURN_IF_ERROR(ToStatus(writer->Finish()));
  return response.plan();
}

absl::StatusOr<v1::Plan> Build(Campaigns& hr, const std::string& campaign, std::int64_t points) {
  v1::BuildPlanRequest request;
  request.set_request_id(NewRequestId());
  request.set_name(campaign);
  request.mutable_rule()->add_tiers()->set_points(points);
  grpc::ClientContext context;
  const auto reader = hr.BuildPlan(&context, request);
  v1::BuildPlanResponse last;
  while (reader->Read(&last)) continue;
  PUHUI_RETURN_IF_ERROR(ToStatus(reader->Finish()));
  return last.plan();
}

absl::Status Preview(Campaigns& hr, const std::string& campaign, std::uint64_t rows) {
  v1::PreviewCampaignRequest request;
  request.set_name(campaign);
  grpc::ClientContext context;
  const auto reader = hr.PreviewCampaign(&context, request);
  v1::PreviewCampaignResponse last;
  std::uint64_t verdicts = 0;
  while (reader->Read(&last)) verdicts += static_cast<std::uint64_t>(last.verdicts_size());
  PUHUI_RETURN_IF_ERROR(ToStatus(reader->Finish()));
  if (verdicts == rows && last.summary().rows_granted() == rows) return absl::OkStatus();
  return absl::DataLossError("the preview refuses rows");
}

absl::Status Approve(const HolidayChannels& channels, const std::string& campaign,
                     const v1::Plan& plan) {
  const auto hr = v1::CampaignService::NewStub(channels.hr);
  const auto approver = v1::CampaignService::NewStub(channels.approver);
  v1::SubmitCampaignRequest submit;
  submit.set_request_id(NewRequestId());
  submit.set_name(campaign);
  submit.set_plan_hash(plan.hash());
  PUHUI_ASSIGN_OR_RETURN(const auto submitted, Ask(*hr, &Campaigns::SubmitCampaign, submit));
  v1::ApproveCampaignRequest approve;
  approve.set_request_id(NewRequestId());
  approve.set_name(campaign);
  approve.set_plan_hash(plan.hash());
  approve.set_etag(submitted.campaign().etag());
  return Ask(*approver, &Campaigns::ApproveCampaign, approve).status();
}

absl::Status Start(Campaigns& hr, const std::string& campaign) {
  v1::IssueCampaignRequest issue;
  issue.set_request_id(NewRequestId());
  issue.set_name(campaign);
  return Ask(hr, &Campaigns::IssueCampaign, issue).status();
}

// Until so many rows are done, or the run has ended.
absl::StatusOr<v1::IssueProgress> Await(Campaigns& hr, const std::string& campaign,
                                        std::uint64_t rows_done) {
  v1::WatchIssueRunRequest request;
  request.set_name(campaign);
  grpc::ClientContext context;
  const auto reader = hr.WatchIssueRun(&context, request);
  v1::WatchIssueRunResponse last;
  while (reader->Read(&last)) {
    if (last.progress().rows_done() < rows_done) continue;
    context.TryCancel();
    return last.progress();
  }
  PUHUI_RETURN_IF_ERROR(ToStatus(reader->Finish()));
  return last.progress();
}

absl::Status ReadVerdicts(Campaigns& hr, const std::string& campaign, std::uint64_t rows) {
  v1::ListRowsRequest request;
  request.set_name(campaign);
  request.set_page_size(static_cast<std::int32_t>(kPageSizeMax));
  std::uint64_t granted = 0;
  do {
    PUHUI_ASSIGN_OR_RETURN(const auto page, Ask(hr, &Campaigns::ListRows, request));
    for (const v1::RowVerdict& row : page.rows()) {
      if (row.outcome() == v1::RowVerdict::OUTCOME_GRANTED) ++granted;
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return granted == rows ? absl::OkStatus() : absl::DataLossError("a row was not granted");
}

}  // namespace

std::string HolidayReport::ToJson() const {
  return absl::StrFormat(
      R"({"rows":%d,"seconds":%.2f,"roster":%.2f,"plan":%.2f,"preview":%.2f,"approval":%.3f,)"
      R"("issue":%.2f,"verdicts":%.2f})",
      rows, Total(), roster, plan, preview, approval, issue, verdicts);
}

std::string HolidayStand::ToJson() const {
  return absl::StrFormat(R"({"rows_left":%d,"available":%d,"expired":%d})", rows_left, available,
                         expired);
}

absl::StatusOr<HolidayReport> RunHoliday(const HolidayChannels& channels, std::size_t people,
                                         std::int64_t points) {
  PUHUI_RETURN_IF_ERROR(Fund(channels, static_cast<std::int64_t>(people) * points));
  const auto hr = v1::CampaignService::NewStub(channels.hr);
  HolidayReport report;
  steady_clock::time_point begun = steady_clock::now();
  const auto lap = [&begun] {
    const double seconds = SecondsSince(begun);
    begun = steady_clock::now();
    return seconds;
  };
  PUHUI_ASSIGN_OR_RETURN(const std::string campaign, Create(*hr, absl::Hours(24 * 90)));
  PUHUI_ASSIGN_OR_RETURN(const v1::Plan plan, Upload(*hr, campaign, people, points));
  report.rows = plan.rows();
  report.plan = lap();
  PUHUI_RETURN_IF_ERROR(Preview(*hr, campaign, plan.rows()));
  report.preview = lap();
  PUHUI_RETURN_IF_ERROR(Approve(channels, campaign, plan));
  report.approval = lap();
  PUHUI_RETURN_IF_ERROR(Start(*hr, campaign));
  PUHUI_RETURN_IF_ERROR(Await(*hr, campaign, UINT64_MAX).status());
  report.issue = lap();
  PUHUI_RETURN_IF_ERROR(ReadVerdicts(*hr, campaign, plan.rows()));
  report.verdicts = lap();
  return report;
}

absl::StatusOr<std::string> PrepareHoliday(const HolidayChannels& channels, std::int64_t points,
                                           absl::Duration good_for) {
  const auto hr = v1::CampaignService::NewStub(channels.hr);
  PUHUI_ASSIGN_OR_RETURN(const std::string campaign, Create(*hr, good_for));
  PUHUI_ASSIGN_OR_RETURN(const v1::Plan plan, Build(*hr, campaign, points));
  PUHUI_RETURN_IF_ERROR(Fund(channels, plan.points()));
  PUHUI_RETURN_IF_ERROR(Approve(channels, campaign, plan));
  return campaign;
}

absl::Status BeginIssue(const HolidayChannels& channels, const std::string& campaign,
                        std::uint64_t rows_done) {
  const auto hr = v1::CampaignService::NewStub(channels.hr);
  PUHUI_RETURN_IF_ERROR(Start(*hr, campaign));
  return Await(*hr, campaign, rows_done).status();
}

absl::StatusOr<HolidayStand> StandOf(const HolidayChannels& channels, const std::string& campaign) {
  const auto hr = v1::CampaignService::NewStub(channels.hr);
  v1::GetCampaignRequest request;
  request.set_name(campaign);
  PUHUI_ASSIGN_OR_RETURN(const auto response, Ask(*hr, &Campaigns::GetCampaign, request));
  v1::GetCampaignReportRequest wanted;
  wanted.set_name(campaign);
  PUHUI_ASSIGN_OR_RETURN(const auto answer, Ask(*hr, &Campaigns::GetCampaignReport, wanted));
  const v1::IssueProgress& progress = response.campaign().progress();
  const v1::Figures& figures = answer.report().figures();
  return HolidayStand{.rows_left = progress.rows() - progress.rows_done(),
                      .available = figures.available_points(),
                      .expired = figures.expired_points()};
}

}  // namespace puhui::bench
