// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/roster_load.h"

#include "issuing/core/id_number.h"
#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/crypto/hash.h"
#include "puhui/v1/member_service.grpc.pb.h"
#include "puhui/v1/union_service.grpc.pb.h"
#include "tests/bench/connections.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <vector>

namespace puhui::bench {
namespace {

using std::chrono::steady_clock;
using Members = v1::MemberService::Stub;

constexpr std::size_t kChunkBytes = std::size_t{256} << 10;
constexpr int kPageSize = 50;
constexpr std::size_t kPagesCompared = 100;
constexpr std::size_t kPeoplePerDay = 1'000;
constexpr std::size_t kPeopleMax = 15'000 * kPeoplePerDay;

// Of a thousand people, by the census of 2010; the rest have one of the others.
struct Surname {
  absl::string_view text;
  std::size_t share;
};
constexpr std::array kSurnames = {Surname{"王", 71}, Surname{"李", 72}, Surname{"张", 68},
                                  Surname{"刘", 54}, Surname{"陈", 45}, Surname{"杨", 31},
                                  Surname{"黄", 22}, Surname{"赵", 21}, Surname{"周", 19},
                                  Surname{"吴", 19}, Surname{"徐", 17}, Surname{"孙", 15}};
constexpr std::array<absl::string_view, 16> kOtherSurnames = {"马", "朱", "胡", "郭",  "何", "高",
                                                              "林", "罗", "郑", "梁",  "谢", "宋",
                                                              "唐", "许", "韩", "欧阳"};
constexpr std::array<absl::string_view, 16> kGiven = {
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明"};

std::string NameOf(std::size_t number) {
  std::size_t place = number * 7'919 % 1'000;
  absl::string_view surname = kOtherSurnames[number / 17 % 16];
  for (const Surname& each : kSurnames) {
    if (place < each.share) surname = each.text;
    if (place < each.share) break;
    place -= each.share;
  }
  const std::size_t given = number / 1'000;
  return absl::StrCat(surname, kGiven[number % 16], given % 3 == 0 ? "" : kGiven[given / 3 % 16]);
}

std::string IdNumberOf(std::size_t number) {
  const absl::CivilDay born =
      absl::CivilDay(1960, 1, 1) + static_cast<absl::civil_diff_t>(number / kPeoplePerDay);
  const std::string digits = absl::StrFormat("110101%04d%02d%02d%03d", born.year(), born.month(),
                                             born.day(), number % kPeoplePerDay);
  return digits + issuing::IdNumberCheckCharacter(digits);
}

double MicrosSince(steady_clock::time_point begun) {
  return std::chrono::duration<double, std::micro>(steady_clock::now() - begun).count();
}

double Quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  const auto at = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}

std::string RequestIdOf(std::size_t number) {
  return absl::StrFormat("00000000-0000-4000-8000-%012d", number);
}

template <class Request, class Response>
absl::StatusOr<double> TimeOf(Members& members,
                              grpc::Status (Members::*method)(grpc::ClientContext*, const Request&,
                                                              Response*),
                              const Request& request, Response* response) {
  grpc::ClientContext context;
  const steady_clock::time_point begun = steady_clock::now();
  const grpc::Status status = (members.*method)(&context, request, response);
  if (!status.ok()) return ToStatus(status);
  return MicrosSince(begun);
}

absl::Status Import(Members& members, const std::string& roster, RosterReport* report) {
  v1::ImportMembersRequest message;
  message.mutable_start()->set_union_("unions/bench");
  message.mutable_start()->set_size_bytes(roster.size());
  message.mutable_start()->set_sha256(ledger::ToHex(ledger::Sha256().Digest(roster)));
  message.mutable_start()->set_only_refused(true);
  const steady_clock::time_point begun = steady_clock::now();
  grpc::ClientContext context;
  const auto stream = members.ImportMembers(&context);
  bool writing = stream->Write(message);
  for (std::size_t from = 0; writing && from < roster.size(); from += kChunkBytes) {
    message.set_chunk(roster.substr(from, kChunkBytes));
    writing = stream->Write(message);
  }
  stream->WritesDone();
  for (v1::ImportMembersResponse answer; stream->Read(&answer);) {
    if (answer.has_summary()) report->created = answer.summary().created();
  }
  PUHUI_RETURN_IF_ERROR(ToStatus(stream->Finish()));
  report->import_seconds = MicrosSince(begun) / 1e6;
  return absl::OkStatus();
}

absl::Status LookUp(Members& members, std::size_t lookups, RosterReport* report) {
  std::vector<double> times;
  v1::LookupMemberRequest request;
  v1::LookupMemberResponse response;
  request.mutable_external()->set_union_("unions/bench");
  for (std::size_t i = 0; i < lookups; ++i) {
    // A prime as large as any roster: a walk through all of them without an order.
    request.mutable_external()->set_external_id(
        absl::StrCat("E", i * 15'485'863 % report->created));
    PUHUI_ASSIGN_OR_RETURN(const double time,
                           TimeOf(members, &Members::LookupMember, request, &response));
    times.push_back(time);
  }
  report->lookup_p50_us = Quantile(times, 0.5);
  report->lookup_p99_us = Quantile(times, 0.99);
  return absl::OkStatus();
}

absl::Status List(Members& members, RosterReport* report) {
  std::vector<double> times;
  v1::ListMembersRequest request;
  request.set_parent("unions/bench");
  request.set_page_size(kPageSize);
  std::size_t listed = 0;
  do {
    v1::ListMembersResponse response;
    PUHUI_ASSIGN_OR_RETURN(const double time,
                           TimeOf(members, &Members::ListMembers, request, &response));
    times.push_back(time);
    listed += static_cast<std::size_t>(response.members_size());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  if (listed != report->created) return absl::DataLossError("the list lacks somebody");
  const auto some = static_cast<std::ptrdiff_t>(std::min(kPagesCompared, times.size()));
  report->first_pages_us = Quantile({times.begin(), times.begin() + some}, 0.5);
  report->last_pages_us = Quantile({times.end() - some, times.end()}, 0.5);
  return absl::OkStatus();
}

absl::Status Search(Members& members, std::size_t searches, RosterReport* report) {
  std::vector<double> times;
  v1::SearchMembersRequest request;
  request.set_parent("unions/bench");
  request.set_page_size(kPageSize);
  for (std::size_t i = 0; i < searches; ++i) {
    request.set_name_prefix(absl::StrCat(kSurnames[i % kSurnames.size()].text, kGiven[i % 16]));
    v1::SearchMembersResponse response;
    PUHUI_ASSIGN_OR_RETURN(const double time,
                           TimeOf(members, &Members::SearchMembers, request, &response));
    times.push_back(time);
  }
  report->search_p99_us = Quantile(times, 0.99);
  return absl::OkStatus();
}

}  // namespace

std::string MakeRoster(std::size_t people) {
  PUHUI_CHECK(people <= kPeopleMax);
  std::string roster = "工号,姓名,身份证号,手机号,部门\n";
  for (std::size_t i = 0; i < people; ++i) {
    absl::StrAppend(&roster, "E", i, ",", NameOf(i), ",", IdNumberOf(i), ",",
                    absl::StrFormat("139%08d", i * 7'919 % 100'000'000), ",装配车间\n");
  }
  return roster;
}

std::string RosterReport::ToJson() const {
  return absl::StrFormat(
      R"({"created":%d,"import_seconds":%.2f,"lookup_p50_us":%.0f,"lookup_p99_us":%.0f,)"
      R"("first_pages_us":%.0f,"last_pages_us":%.0f,"search_p99_us":%.0f})",
      created, import_seconds, lookup_p50_us, lookup_p99_us, first_pages_us, last_pages_us,
      search_p99_us);
}

absl::StatusOr<RosterReport> ImportRoster(const RosterChannels& channels,
                                          const std::string& roster) {
  const auto unions = v1::UnionService::NewStub(channels.its_operator);
  v1::CreateUnionRequest create;
  create.set_request_id(RequestIdOf(1));
  create.set_union_id("bench");
  create.set_display_name("测试工会");
  create.set_kind(v1::UNION_KIND_ENTERPRISE);
  v1::CreateUnionResponse created;
  grpc::ClientContext context;
  PUHUI_RETURN_IF_ERROR(ToStatus(unions->CreateUnion(&context, create, &created)));
  const auto members = v1::MemberService::NewStub(channels.hr);
  RosterReport report;
  PUHUI_RETURN_IF_ERROR(Import(*members, roster, &report));
  if (report.created == 0) return absl::InternalError("nobody was enrolled");
  return report;
}

absl::StatusOr<RosterReport> RunRoster(const RosterChannels& channels, const std::string& roster,
                                       std::size_t lookups) {
  PUHUI_ASSIGN_OR_RETURN(RosterReport report, ImportRoster(channels, roster));
  const auto members = v1::MemberService::NewStub(channels.hr);
  PUHUI_RETURN_IF_ERROR(LookUp(*members, lookups, &report));
  PUHUI_RETURN_IF_ERROR(List(*members, &report));
  PUHUI_RETURN_IF_ERROR(Search(*members, lookups / 10 + 1, &report));
  return report;
}

}  // namespace puhui::bench
