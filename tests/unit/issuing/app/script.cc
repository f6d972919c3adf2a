// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/issuing/app/script.h"

#include "issuing/app/approval_commands.h"
#include "issuing/app/campaign_commands.h"
#include "issuing/app/records.h"
#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/core/refusal.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/union_books.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <gtest/gtest.h>

#include <set>
#include <utility>

namespace puhui::issuing {
namespace {

std::int64_t Number(absl::string_view text) {
  std::int64_t number = 0;
  PUHUI_CHECK(absl::SimpleAtoi(text, &number));
  return number;
}

absl::Duration Span(absl::string_view text) {
  if (absl::EndsWith(text, "d")) return absl::Hours(24) * Number(text.substr(0, text.size() - 1));
  absl::Duration span;
  PUHUI_CHECK(absl::ParseDuration(text, &span));
  return span;
}

absl::Status Expect(absl::string_view what, std::int64_t actual, absl::string_view wanted) {
  if (actual == Number(wanted)) return absl::OkStatus();
  return absl::InternalError(absl::StrCat(what, " is ", actual));
}

std::string OutcomeName(const absl::Status& status) {
  if (status.ok()) return "ok";
  const absl::optional<ledger::Refusal> refusal = ledger::RefusalOf(status);
  return refusal.has_value() ? std::string(ledger::ReasonName(refusal->reason)) : status.ToString();
}

}  // namespace

std::string Script::Line::option(const std::string& name, const std::string& otherwise) const {
  const auto at = options.find(name);
  return at == options.end() ? otherwise : at->second;
}

void Script::Run(absl::string_view lines) {
  for (absl::string_view text : absl::StrSplit(lines, '\n')) {
    text = text.substr(0, text.find('#'));
    std::vector<std::string> words =
        absl::StrSplit(text, absl::ByAnyChar(" \t"), absl::SkipEmpty());
    if (words.empty()) continue;
    const std::string wanted = words.back();
    words.pop_back();
    Line line;
    for (std::string& word : words) {
      const std::size_t equals = word.find('=');
      if (equals == std::string::npos) {
        line.words.push_back(std::move(word));
      } else {
        line.options[word.substr(0, equals)] = word.substr(equals + 1);
      }
    }
    EXPECT_EQ(OutcomeName(Act(line)), wanted) << text;
    EXPECT_EQ(ledger_.SumOfTheBook(), 0) << text;
    SCOPED_TRACE(text);
    puhui::testing::UnionBooks(&ledger_.ledger.store()).ExpectSound();
  }
}

absl::Status Script::Act(const Line& line) {
  const std::string& verb = line.word(0);
  if (verb == "union" || verb == "propose" || verb == "confirm" || verb == "dismiss" ||
      verb == "enrol") {
    return ActOnUnion(line);
  }
  if (verb == "set" || verb == "move" || verb == "close") return ChangeUnion(line);
  if (verb == "allocate" || verb == "return") return Transfer(line);
  static const auto* const of_members = new std::set<std::string>{
      "suspend", "reinstate", "leave", "rejoin", "transfer", "card", "replace", "block"};
  if (of_members->contains(verb)) return ActOnMember(line);
  if (verb == "member") return LookAtMember(line);
  if (verb == "budget" || verb == "subtree" || verb == "wallet" || verb == "state" ||
      verb == "expired") {
    return Look(line);
  }
  if (verb == "run") return ledger_.RunDueChores().status();
  if (verb == "advance")
    return ledger_.ledger.clock().Advance(Span(line.word(1))), absl::OkStatus();
  return ActOnCampaign(line);
}

absl::Status Script::ActOnUnion(const Line& line) {
  const std::string& verb = line.word(0);
  const std::string& of = line.word(1);
  if (verb == "union") return ledger_.CreateUnion(of, line.option("under")).status();
  if (verb == "propose") return Propose(line);
  if (verb == "confirm" || verb == "dismiss") {
    const auto index = static_cast<std::size_t>(Number(line.word(2).substr(1)));
    const Sequence proposal = index <= proposals_.size() ? proposals_[index - 1] : 999;
    const std::string by = line.option("by", "fred");
    if (verb == "dismiss") return ledger_.RejectFunding(of, proposal, by).status();
    return ledger_.Confirm(of, proposal, by).status();
  }
  return ledger_.Enrol(of, std::vector<std::string>(line.words.begin() + 2, line.words.end()))
      .status();
}

absl::Status Script::ChangeUnion(const Line& line) {
  const std::string& of = line.word(1);
  const std::string etag = line.option("etag") == "now" ? ledger_.Etag(of) : line.option("etag");
  if (line.word(0) == "move") return ledger_.MoveUnion(of, line.option("under"), etag).status();
  if (line.word(0) == "close") return ledger_.CloseUnion(of, etag).status();
  UpdateUnionCommand::Wish wish{.id = *UnionId::Parse(of, "union"), .etag = etag};
  if (line.options.contains("name")) wish.display_name = line.option("name");
  if (line.options.contains("zone")) wish.time_zone = line.option("zone");
  if (line.options.contains("locale")) wish.locale = line.option("locale");
  if (line.options.contains("leave")) {
    const bool returned = line.option("leave") == "return";
    wish.leave = absl::make_optional(returned ? LeavePolicy::kReturn : LeavePolicy::kKeep);
  }
  if (line.options.contains("approvers")) {
    wish.approval = absl::make_optional(
        ApprovalPolicy{.approvers = static_cast<std::uint32_t>(Number(line.option("approvers"))),
                       .two_above_points = Number(line.option("two_above", "0"))});
  }
  return ledger_.UpdateUnion(std::move(wish)).status();
}

absl::Status Script::Transfer(const Line& line) {
  const std::string& of = line.word(1);
  if (line.word(0) == "return") {
    return ledger_.Return(of, Number(line.word(2)), line.option("origin")).status();
  }
  return ledger_.Allocate(of, line.word(2), Number(line.word(3)), line.option("origin")).status();
}

absl::Status Script::Propose(const Line& line) {
  PUHUI_ASSIGN_OR_RETURN(const ledger::Outcome outcome,
                         ledger_.Propose(line.word(1), Number(line.word(2)), line.option("ref"),
                                         line.option("by", "fay")));
  proposals_.push_back(outcome.first().sequence());
  return absl::OkStatus();
}

absl::Status Script::ActOnMember(const Line& line) {
  const std::string& verb = line.word(0);
  const std::string& who = line.word(1);
  if (verb == "suspend") return ledger_.Suspend(who).status();
  if (verb == "reinstate") return ledger_.Reinstate(who).status();
  if (verb == "block") return ledger_.BlockCard(who).status();
  if (verb == "card" || verb == "replace") {
    return ledger_.IssueCard(who, verb == "replace").status();
  }
  if (verb == "transfer") return ledger_.Transfer(who, line.option("to")).status();
  if (verb == "rejoin") {
    const std::string to = line.option("to");
    return ledger_.EnrolOne(to, ledger_.SealedReturning(to, who)).status();
  }
  return ledger_.Leave(who).status();
}

absl::Status Script::LookAtMember(const Line& line) {
  const MemberRow& row = ledger_.Row(line.word(1));
  const absl::string_view state = MemberStateName(row.state);
  if (state != line.word(2)) return absl::InternalError(state);
  const bool there = row.union_number == ledger_.NumberOf(line.option("of"));
  return there ? absl::OkStatus() : absl::InternalError("in another union");
}

absl::Status Script::ActOnCampaign(const Line& line) {
  const std::string& verb = line.word(0);
  const std::string& id = line.word(1);
  if (verb == "campaign") {
    return ledger_
        .CreateCampaign(id, line.option("of"), Span(line.option("expires")),
                        line.option("unspent") == "expired", line.option("origin"))
        .status();
  }
  if (verb == "plan") {
    NamedRows rows;
    for (std::size_t i = 2; i < line.words.size(); ++i) {
      const std::pair<std::string, std::string> row = absl::StrSplit(line.word(i), ':');
      rows.emplace_back(row.first, Number(row.second));
    }
    return ledger_.UploadPlan(id, rows, line.option("by", "uma")).status();
  }
  if (verb == "startplan") return ledger_.StartPlan(id, line.option("by", "uma")).status();
  if (verb == "issue") {
    return ledger_.StartIssue(id, Span(line.option("in", "0s")), line.options.contains("all"))
        .status();
  }
  if (verb == "pause") return ledger_.Pause(id).status();
  if (verb == "resume") return ledger_.Resume(id, line.option("all") == "no").status();
  if (verb == "finish") return ledger_.CloseCampaign(id).status();
  if (verb == "cancel") return ledger_.Cancel(id).status();
  if (verb == "reject") return ledger_.Reject(id, line.option("etag")).status();
  if (verb == "change") return Change(line);
  return Decide(line);
}

absl::Status Script::Change(const Line& line) {
  UpdateCampaignCommand::Wish wish{.campaign = *CampaignId::Parse(line.word(1), "campaign"),
                                   .etag = line.option("etag"),
                                   .person = line.option("by", "cora")};
  if (line.options.contains("occasion")) wish.occasion = line.option("occasion");
  if (line.options.contains("expires")) {
    wish.terms = {.expiry = ledger_.ledger.clock().Now() + Span(line.option("expires"))};
  }
  return ledger_.UpdateCampaign(std::move(wish)).status();
}

absl::Status Script::Decide(const Line& line) {
  const std::string& id = line.word(1);
  const bool submit = line.word(0) == "submit";
  const std::string person = line.option("by", submit ? "sam" : "ann");
  if (line.option("plan") != "another") {
    if (submit) return ledger_.Submit(id, person).status();
    return ledger_.Approve(id, person, line.option("etag")).status();
  }
  const ledger::Hash another{1};
  const absl::StatusOr<CampaignId> campaign = CampaignId::Parse(id, "campaign");
  if (submit) {
    SubmitCampaignCommand command(&ledger_.tables, &ledger_.ledger.views(),
                                  {.campaign = *campaign, .plan_hash = another, .person = person});
    return ledger_.ledger.Run(command).status();
  }
  ApproveCampaignCommand command(
      &ledger_.tables, &ledger_.ledger.views(),
      {.campaign = *campaign, .plan_hash = another, .etag = line.option("etag"), .person = person});
  return ledger_.ledger.Run(command).status();
}

absl::Status Script::Look(const Line& line) {
  const std::string& what = line.word(0);
  const std::string& of = line.word(1);
  if (what == "budget") {
    return Expect(what, ledger_.Budget(of, line.option("origin", of)), line.word(2));
  }
  if (what == "subtree") {
    return Expect(what, ledger_.Sum(of, BudgetSum::kSubtree, line.option("origin")), line.word(2));
  }
  if (what == "wallet") return Expect(what, ledger_.Available(of), line.word(2));
  if (what == "expired") {
    const UnionNumber number = ledger_.NumberOf(of);
    return Expect(what, ledger_.ledger.views().Balance(ExpiredAccount(number, number)),
                  line.word(2));
  }
  const absl::string_view state = CampaignStateName(ledger_.Campaign(of).row->state);
  return state == line.word(2) ? absl::OkStatus() : absl::InternalError(state);
}

}  // namespace puhui::issuing
