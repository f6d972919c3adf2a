// SPDX-License-Identifier: Apache-2.0
// What becomes of members: the verbs of `puhui member` that name one, and the lists.
#include "puhui/v1/member_service.grpc.pb.h"
#include "services/cli/access_command.h"
#include "services/cli/member_text.h"
#include "services/cli/money.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

using MemberStub = v1::MemberService::Stub;

template <class Response>
void PrintMemberOf(Output& output, const Response& response) {
  PrintMember(output, response.member());
}

// A verb that takes the member's name and no more.
template <class Request, class Response>
void AddNamed(Noun& noun, const Verb& verb, UnaryMethod<MemberStub, Request, Response> method) {
  noun.Changes(
      verb, method,
      [](CLI::App& app, Request& request) {
        AddName(app, "member", request.mutable_name(), "members")->required();
      },
      PrintMemberOf<Response>);
}

CLI::Option* AddHrSystem(CLI::App& app, std::string* field) {
  return app.add_option("--hr-system", *field, "The HR system that the number is of");
}

void AddAdd(Noun& noun) {
  noun.Changes(
      {"add", "Enrol one person; somebody who had left is the same member again"},
      &MemberStub::CreateMember,
      [](CLI::App& app, v1::CreateMemberRequest& request) {
        AddName(app, "--union", request.mutable_union_(), "unions")->required();
        AddPerson(app, request.mutable_member());
      },
      [](Output& output, const v1::CreateMemberResponse& response) {
        PrintMember(output, response.member());
        if (response.came_back()) output.Line("came back: the same member, the same wallet");
      });
}

void AddMemberUpdate(Noun& noun) {
  noun.Changes(
      {"update", "Change personal data; only what is given changes"}, &MemberStub::UpdateMember,
      [](CLI::App& app, v1::UpdateMemberRequest& request) -> Prepare {
        AddName(app, "member", request.mutable_name(), "members")->required();
        app.add_option("--etag", *request.mutable_etag(),
                       "As it was read: refused when the member has changed since");
        const std::vector<CLI::Option*> options = AddPerson(app, request.mutable_member());
        return [options, &request](const Invocation&) {
          for (const CLI::Option* option : options) {
            std::string path = option->get_name().substr(2);
            std::replace(path.begin(), path.end(), '-', '_');
            // These go with the number that they say more about.
            if (path == "document_country" || path == "hr_system") continue;
            if (option->count() > 0) request.mutable_update_mask()->add_paths(path);
          }
          return absl::OkStatus();
        };
      },
      PrintMemberOf<v1::UpdateMemberResponse>);
}

void AddLookup(Noun& noun) {
  noun.Reads(
      {"lookup", "Find the member that a union's own number or a card leads to"},
      &MemberStub::LookupMember,
      [](CLI::App& app, v1::LookupMemberRequest& request) -> Prepare {
        const auto external = std::make_shared<v1::ExternalKey>();
        const auto card = std::make_shared<std::string>();
        CLI::Option* const by_card = app.add_option("--card", *card, "The card's number");
        CLI::Option* const in_union =
            AddName(app, "--union", external->mutable_union_(), "unions")->excludes(by_card);
        app.add_option("--external-id", *external->mutable_external_id(),
                       "The union's own number for the person")
            ->needs(in_union);
        AddHrSystem(app, external->mutable_hr_system())->needs(in_union);
        return [external, card, &request](const Invocation&) {
          if (!card->empty()) {
            request.set_card_number(*card);
          } else {
            *request.mutable_external() = *external;
          }
          return absl::OkStatus();
        };
      },
      PrintMemberOf<v1::LookupMemberResponse>);
}

void AddMemberList(Noun& noun) {
  noun.Lists(
      {"list", "List the members of a union"}, &MemberStub::ListMembers,
      [](CLI::App& app, v1::ListMembersRequest& request) {
        AddName(app, "union", request.mutable_parent(), "unions")->required();
        AddEnum<v1::MemberState>(
            app, "--state", [&request](v1::MemberState state) { request.set_state(state); },
            "Only members who stand there");
      },
      MemberColumns(),
      [](const Output& /*output*/, Table& table, const v1::ListMembersResponse& response) {
        for (const v1::Member& member : response.members()) AddMemberRow(member, table);
      });
}

void AddMemberMoves(Noun& noun) {
  noun.Changes(
      {"remove", "Say that a member left the union"}, &MemberStub::RemoveMember,
      [](CLI::App& app, v1::RemoveMemberRequest& request) {
        AddName(app, "member", request.mutable_name(), "members")->required();
      },
      [](Output& output, const v1::RemoveMemberResponse& response) {
        PrintMember(output, response.member());
        output.Fields({{"returned", output.Points(response.returned_points())}});
      });
  noun.Changes(
      {"transfer", "Move a member to another union, wallet and all"}, &MemberStub::TransferMember,
      [](CLI::App& app, v1::TransferMemberRequest& request) {
        AddName(app, "member", request.mutable_name(), "members")->required();
        AddName(app, "--union", request.mutable_union_(), "unions")->required();
        app.add_option("--external-id", *request.mutable_external_id(),
                       "That union's own number for the person");
        AddHrSystem(app, request.mutable_hr_system());
      },
      PrintMemberOf<v1::TransferMemberResponse>);
}

void AddPrivacy(Noun& noun) {
  noun.Lists(
      {"search", "Find members of a union and of those below it by what is known of them"},
      &MemberStub::SearchMembers,
      [](CLI::App& app, v1::SearchMembersRequest& request) {
        AddName(app, "--union", request.mutable_parent(), "unions")->required();
        CLI::Option_group& what = *app.add_option_group("what");
        what.require_option(1);
        const auto add = [&what](const char* flag, std::function<void(const std::string&)> set,
                                 const char* help) {
          what.add_option_function<std::string>(flag, std::move(set), help);
        };
        add(
            "--name", [&request](const std::string& text) { request.set_name_prefix(text); },
            "The beginning of the full name");
        add(
            "--external-id", [&request](const std::string& text) { request.set_external_id(text); },
            "A union's own number for the person");
        add(
            "--card", [&request](const std::string& text) { request.set_card_number(text); },
            "The card's number");
        add(
            "--mobile", [&request](const std::string& text) { request.set_mobile_last_four(text); },
            "The last four of the mobile number");
      },
      MemberColumns(),
      [](const Output& /*output*/, Table& table, const v1::SearchMembersResponse& response) {
        for (const v1::Member& member : response.members()) AddMemberRow(member, table);
      });
  AddReveal(noun);
  AddNamed(noun, {"erase", "Destroy all personal data of somebody who left, for good"},
           &MemberStub::ErasePersonalData);
}

}  // namespace

void AddMemberLife(Noun& noun) {
  AddAdd(noun);
  AddLookup(noun);
  AddMemberList(noun);
  AddMemberUpdate(noun);
  AddNamed(noun, {"suspend", "Keep a member from spending and from being granted anything"},
           &MemberStub::SuspendMember);
  AddNamed(noun, {"reinstate", "Let a member in again who was suspended or left"},
           &MemberStub::ReinstateMember);
  AddMemberMoves(noun);
  AddNamed(noun, {"issue-card", "Give a card to a member who has none that works"},
           &MemberStub::IssueCard);
  AddNamed(noun, {"block-card", "Have tills decline the member's card"}, &MemberStub::BlockCard);
  AddPrivacy(noun);
  AddNamed(noun, {"replace-card", "Block the member's card and issue another"},
           &MemberStub::ReplaceCard);
}

}  // namespace puhui::services
