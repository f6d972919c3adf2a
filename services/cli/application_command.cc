// SPDX-License-Identifier: Apache-2.0
// People who ask to join: `puhui member apply`, `applications`, `accept` and `reject`.
#include "puhui/v1/member_service.grpc.pb.h"
#include "services/cli/member_text.h"

#include <string>
#include <vector>

namespace puhui::services {
namespace {

using MemberStub = v1::MemberService::Stub;
using DecideApplication = v1::DecideApplicationRequest;

// What is known of the applicant beside the application, for the one who decides.
std::string KnownText(const v1::Application& application) {
  if (!application.has_known()) return "";
  const v1::KnownPerson& known = application.known();
  std::string text = EnumText(known.state());
  if (known.union_().empty()) return text + " elsewhere";
  return text + " of " + known.union_() + ", " + known.member();
}

template <class Response>
void PrintApplicationOf(Output& output, const Response& response) {
  const v1::Application& application = response.application();
  output.Fields({{"name", application.name()},
                 {"state", EnumText(application.state())},
                 {"submitted", output.Time(application.create_time())},
                 {"reason", application.reason()},
                 {"member", application.member()}});
}

void AddDecision(Noun& noun, const Verb& verb, DecideApplication::Decision decision) {
  noun.Changes(
      verb, &MemberStub::DecideApplication,
      [decision](CLI::App& app, DecideApplication& request) {
        request.set_decision(decision);
        app.add_option("application", *request.mutable_name(), "Format: unions/…/applications/…")
            ->required();
        app.add_option("--reason", *request.mutable_reason(),
                       "Why, for auditors to read; without personal data")
            ->required();
        if (decision != DecideApplication::DECISION_ACCEPT) return;
        app.add_option("--external-id", *request.mutable_external_id(),
                       "The union's own number, when the application came without one");
        app.add_option("--hr-system", *request.mutable_hr_system(),
                       "The HR system that the number is of");
      },
      PrintApplicationOf<v1::DecideApplicationResponse>);
}

}  // namespace

void AddApplications(Noun& noun) {
  noun.Changes(
      {"apply", "Ask for somebody to be taken in"}, &MemberStub::SubmitApplication,
      [](CLI::App& app, v1::SubmitApplicationRequest& request) {
        AddName(app, "--union", request.mutable_parent(), "unions")->required();
        AddPerson(app, request.mutable_applicant());
      },
      PrintApplicationOf<v1::SubmitApplicationResponse>);
  noun.Lists(
      {"applications", "List who asked to be taken in"}, &MemberStub::ListApplications,
      [](CLI::App& app, v1::ListApplicationsRequest& request) {
        AddName(app, "union", request.mutable_parent(), "unions")->required();
        AddEnum<v1::ApplicationState>(
            app, "--state", [&request](v1::ApplicationState state) { request.set_state(state); },
            "Only those that stand there");
      },
      {{"APPLICATION", Table::Align::kLeft},
       {"STATE", Table::Align::kLeft},
       {"FULL NAME", Table::Align::kLeft},
       {"ID NUMBER", Table::Align::kLeft},
       {"IS A MEMBER", Table::Align::kLeft},
       {"REASON", Table::Align::kLeft}},
      [](const Output& /*output*/, Table& table, const v1::ListApplicationsResponse& response) {
        for (const v1::Application& application : response.applications()) {
          table.AddRow({application.name(), EnumText(application.state()),
                        application.applicant().full_name(),
                        application.applicant().masked_id_number(), KnownText(application),
                        application.reason()});
        }
      });
  AddDecision(noun, {"accept", "Take an applicant in"}, DecideApplication::DECISION_ACCEPT);
  AddDecision(noun, {"reject", "Do not take an applicant in; the person is forgotten"},
              DecideApplication::DECISION_REJECT);
}

}  // namespace puhui::services
