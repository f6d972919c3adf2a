// SPDX-License-Identifier: Apache-2.0
#include "services/cli/access_command.h"

#include "puhui/v1/access_service.grpc.pb.h"
#include "puhui/v1/member_service.grpc.pb.h"
#include "services/cli/money.h"
#include "services/cli/verify_online.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/optional.h"

#include <string>
#include <vector>

namespace puhui::services {
namespace {

using AccessStub = v1::AccessService::Stub;

void AddAccesses(Noun& audit) {
  audit.Lists(
      {"accesses", "List who read what, and why"}, &AccessStub::ListAccesses, AddAccessFilterFlags,
      {{"ACCESS", Table::Align::kRight},
       {"TIME"},
       {"PERSON"},
       {"WHAT"},
       {"FILTER"},
       {"ROWS", Table::Align::kRight},
       {"OUTCOME"},
       {"WHY"}},
      [](const Output& output, Table& table, const v1::ListAccessesResponse& response) {
        for (const v1::Access& access : response.accesses()) {
          table.AddRow({FormatCount(access.sequence()), output.Time(access.time()), access.person(),
                        access.rpc(), access.filter(), FormatCount(access.rows()),
                        access.outcome().empty() ? "goes on" : access.outcome(), access.purpose()});
        }
      });
}

void PrintVerdict(Output& output, const v1::AccessVerdict& verdict) {
  output.Fields({{"result", verdict.ok() ? "nothing found" : "FINDINGS"},
                 {"accesses", FormatCount(verdict.records())},
                 {"root", verdict.root()}});
  if (!verdict.ok()) output.Line(verdict.finding());
}

ExitCode VerifyAccessesOnline(Invocation& invocation) {
  return VerifyByService<v1::AccessVerdict>(
      invocation, &AccessStub::VerifyAccesses, v1::VerifyAccessesRequest(), "accesses",
      [](const v1::VerifyAccessesResponse& message) {
        return message.has_verdict() ? &message.verdict() : nullptr;
      },
      PrintVerdict);
}

void AddReveals(Noun& audit) {
  audit.Lists(
      {"reveals", "List who looked at personal data of a union's members"},
      &AccessStub::ListReveals,
      [](CLI::App& app, v1::ListRevealsRequest& request) {
        AddName(app, "union", request.mutable_parent(), "unions")->required();
      },
      {{"RECORD", Table::Align::kRight},
       {"TIME"},
       {"PERSON"},
       {"MEMBER"},
       {"FIELDS"},
       {"AUDITOR"},
       {"WHY"}},
      [](const Output& output, Table& table, const v1::ListRevealsResponse& response) {
        for (const v1::Reveal& reveal : response.reveals()) {
          table.AddRow({FormatCount(reveal.sequence()), output.Time(reveal.time()), reveal.person(),
                        reveal.member().empty() ? "all" : reveal.member(),
                        reveal.member().empty() ? "all" : absl::StrJoin(reveal.fields(), " "),
                        reveal.break_glass() ? "yes" : "no", reveal.reason()});
        }
      });
}

std::vector<Output::Field> FieldsOf(const Output& output, const v1::Mandate& mandate) {
  return {{"auditor", mandate.auditor()},
          {"union", mandate.in_union()},
          {"from", output.Time(mandate.from_time())},
          {"until", output.Time(mandate.until_time())},
          {"purposes", absl::StrJoin(mandate.purposes(), "; ")},
          {"valid until", output.Time(mandate.valid_until_time())},
          {"granted by", mandate.granted_by()}};
}

void AddGrantMandate(Noun& mandates) {
  mandates.Changes(
      {"grant", "Narrow what an auditor reads, from now on"}, &AccessStub::GrantMandate,
      [](CLI::App& app, v1::GrantMandateRequest& request) {
        v1::Mandate& mandate = *request.mutable_mandate();
        AddName(app, "auditor", mandate.mutable_auditor(), "people")->required();
        AddName(app, "--union", mandate.mutable_in_union(), "unions")
            ->description("Records of this union and those below it");
        AddMoment(app, "--from",
                  [&mandate](const google::protobuf::Timestamp& time) {
                    *mandate.mutable_from_time() = time;
                  },
                  {"Records from this time on", "", DayAs::kBegin})
            ->required();
        AddMoment(app, "--until",
                  [&mandate](const google::protobuf::Timestamp& time) {
                    *mandate.mutable_until_time() = time;
                  },
                  {"Records before this time", "", DayAs::kEnd})
            ->required();
        app.add_option_function<std::vector<std::string>>(
            "--purpose",
            [&mandate](const std::vector<std::string>& purposes) {
              for (const std::string& purpose : purposes) mandate.add_purposes(purpose);
            },
            "What for, as the auditor says it; may be repeated");
        AddMoment(app, "--valid-until",
                  [&mandate](const google::protobuf::Timestamp& time) {
                    *mandate.mutable_valid_until_time() = time;
                  },
                  {"Until when it is in force", "", DayAs::kEnd})
            ->required();
      },
      [](Output& output, const v1::GrantMandateResponse& response) {
        output.Fields(FieldsOf(output, response.mandate()));
      });
}

void AddMandates(Noun& audit) {
  Noun mandates(audit, {"mandate", "What auditors may read, whatever their certificates say"});
  AddGrantMandate(mandates);
  mandates.Changes(
      {"revoke", "End an auditor's mandate: it reads nothing until it gets another"},
      &AccessStub::RevokeMandate,
      [](CLI::App& app, v1::RevokeMandateRequest& request) {
        AddName(app, "auditor", request.mutable_auditor(), "people")->required();
      },
      [](Output& output, const v1::RevokeMandateResponse& response) {
        output.Fields(
            {{"auditor", response.auditor()}, {"revoked", output.Time(response.revoke_time())}});
      });
  mandates.Lists(
      {"list", "List what auditors with a mandate may read"}, &AccessStub::ListMandates,
      [](CLI::App& /*app*/, v1::ListMandatesRequest& /*request*/) {},
      {{"AUDITOR"}, {"UNION"}, {"FROM"}, {"UNTIL"}, {"VALID UNTIL"}, {"REVOKED"}, {"PURPOSES"}},
      [](const Output& output, Table& table, const v1::ListMandatesResponse& response) {
        for (const v1::Mandate& mandate : response.mandates()) {
          table.AddRow({mandate.auditor(), mandate.in_union(), output.Time(mandate.from_time()),
                        output.Time(mandate.until_time()), output.Time(mandate.valid_until_time()),
                        mandate.has_revoke_time() ? output.Time(mandate.revoke_time()) : "",
                        absl::StrJoin(mandate.purposes(), "; ")});
        }
      });
}

}  // namespace

void AddAccessFilterFlags(CLI::App& app, v1::ListAccessesRequest& request) {
  AddMoment(
      app, "--from",
      [&request](const google::protobuf::Timestamp& time) { *request.mutable_from_time() = time; },
      {"From this time on", "the first read", DayAs::kBegin});
  AddMoment(
      app, "--until",
      [&request](const google::protobuf::Timestamp& time) { *request.mutable_until_time() = time; },
      {"Before this time", "the end", DayAs::kEnd});
  AddName(app, "--person", request.mutable_person(), "people");
  app.add_option("--rpc", *request.mutable_rpc(),
                 "Of this method alone, such as AuditService/ListRecords");
  AddSwitch(
      app, "--refused", [&request](bool refused) { request.set_refused(refused); },
      "Only what was refused or failed");
}

void AddReveal(Noun& noun) {
  noun.Changes(
      {"reveal", "Show personal data in the clear; that you looked, and why, is a record"},
      &v1::MemberService::Stub::RevealMember,
      [](CLI::App& app, v1::RevealMemberRequest& request) {
        AddName(app, "member", request.mutable_name(), "members")->required();
        AddEnum<v1::PersonalField>(
            app, "--field", [&request](v1::PersonalField field) { request.add_fields(field); },
            "What to show; may be repeated")
            ->required()
            ->trigger_on_parse();
        app.add_option("--reason", *request.mutable_reason(),
                       "Why, for auditors and the union to read; without personal data")
            ->required();
      },
      [](Output& output, const v1::RevealMemberResponse& response) {
        output.Fields({{"name", response.name()},
                       {"record", FormatCount(response.sequence())},
                       {"full name", response.full_name()},
                       {"id number", response.id_number()},
                       {"country", response.document_country()},
                       {"mobile", response.mobile()},
                       {"card", response.card_number()}});
      });
}

void AddAccessVerbs(Noun& audit) {
  AddAccesses(audit);
  AddReveal(audit);
  AddReveals(audit);
  AddMandates(audit);
  CLI::App& verify =
      audit.AddVerb({"verify-access", "Hash the journal of accesses again, by the service itself"});
  audit.OnVerb(verify, VerifyAccessesOnline);
  audit.Reads(
      {"access-checkpoint", "Show the latest signed head of the journal of accesses"},
      &AccessStub::GetAccessCheckpoint, [](CLI::App&, v1::GetAccessCheckpointRequest&) {},
      [](Output& output, const v1::GetAccessCheckpointResponse& response) {
        output.Verbatim(response.note());
      });
}

}  // namespace puhui::services
