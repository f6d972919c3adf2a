// SPDX-License-Identifier: Apache-2.0
#include "puhui/v1/notice_service.grpc.pb.h"
#include "services/cli/commands.h"
#include "services/cli/noun.h"
#include "services/cli/offer_flags.h"

#include <vector>

namespace puhui::services {
namespace {

using NoticeStub = v1::NoticeService::Stub;

const std::vector<Table::Column>& NoticeColumns() {
  static const auto* const columns = new std::vector<Table::Column>{
      {"NOTICE"}, {"FROM"}, {"STATE"}, {"PUBLISHED"}, {"LAST DAY"}, {"TITLE"}};
  return *columns;
}

template <class Response>
void AddNotices(Output& output, Table& table, const Response& response) {
  for (const v1::Notice& notice : response.notices()) {
    table.AddRow({notice.name(), notice.union_().empty() ? "operator" : notice.union_(),
                  EnumText(notice.state()), output.Time(notice.publish_time()), notice.last_day(),
                  notice.title()});
  }
}

void AddPublish(Noun& noun) {
  noun.Changes(
      {"publish", "Tell members something"}, &NoticeStub::PublishNotice,
      [](CLI::App& app, v1::PublishNoticeRequest& request) {
        v1::Notice& notice = *request.mutable_notice();
        AddName(app, "--union", notice.mutable_union_(), "unions")
            ->description("Whose members are told, with those of the unions below it");
        app.add_option("--title", *notice.mutable_title(), "What people read first")->required();
        app.add_option("--text", *notice.mutable_text(), "What they are told")->required();
        app.add_option("--first-day", *notice.mutable_first_day(),
                       "The first day, as YYYY-MM-DD in the union's zone. Default: at once");
        app.add_option("--last-day", *notice.mutable_last_day(), "The last day, likewise")
            ->required();
        AddAudienceFlags(app, notice.mutable_audience());
      },
      [](Output& output, const v1::PublishNoticeResponse& response) {
        const v1::Notice& notice = response.notice();
        output.Fields({{"name", notice.name()},
                       {"from", notice.union_().empty() ? "operator" : notice.union_()},
                       {"title", notice.title()},
                       {"first day", notice.first_day()},
                       {"last day", notice.last_day()},
                       {"zone", notice.time_zone()}});
      });
}

}  // namespace

void AddNoticeCommands(CommandLine& line) {
  Noun noun(line, "notice", "What members are told");
  noun.AlsoCalled("notices");
  AddPublish(noun);
  noun.Changes(
      {"withdraw", "Let nobody read a notice any more"}, &NoticeStub::WithdrawNotice,
      [](CLI::App& app, v1::WithdrawNoticeRequest& request) {
        AddName(app, "notice", request.mutable_name(), "notices")->required();
      },
      [](Output& output, const v1::WithdrawNoticeResponse& /*response*/) {
        output.Line("withdrawn");
      });
  noun.Lists(
      {"list", "List the notices that unions published, the newest first"},
      &NoticeStub::ListNotices,
      [](CLI::App& app, v1::ListNoticesRequest& request) {
        AddName(app, "--union", request.mutable_union_(), "unions")
            ->description("Those of one union only");
      },
      NoticeColumns(), AddNotices<v1::ListNoticesResponse>);
  noun.Lists(
      {"mine", "List the notices for the member who asks, the newest first"},
      &NoticeStub::ListMyNotices, [](CLI::App& /*app*/, v1::ListMyNoticesRequest& /*request*/) {},
      NoticeColumns(), AddNotices<v1::ListMyNoticesResponse>);
}

}  // namespace puhui::services
