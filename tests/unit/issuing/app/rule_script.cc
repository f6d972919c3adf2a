// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/issuing/app/rule_script.h"

#include "issuing/app/campaign_commands.h"
#include "issuing/app/plan_queries.h"
#include "issuing/app/queries.h"
#include "issuing/app/redecision.h"
#include "issuing/app/rule_commands.h"
#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/core/refusal.h"
#include "services/rules/rule_pack_file.h"
#include "tests/support/refusal_matchers.h"

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

absl::CivilDay Day(absl::string_view text) {
  absl::CivilDay day;
  PUHUI_CHECK(absl::ParseCivilTime(text, &day));
  return day;
}

absl::TimeZone Shanghai() {
  absl::TimeZone zone;
  PUHUI_CHECK(absl::LoadTimeZone("Asia/Shanghai", &zone));
  return zone;
}

// Such as "610000+420100"; "none" is nothing.
std::vector<std::uint32_t> Codes(absl::string_view text) {
  std::vector<std::uint32_t> codes;
  if (text == "none") return codes;
  for (const absl::string_view code : absl::StrSplit(text, '+')) {
    codes.push_back(static_cast<std::uint32_t>(Number(code)));
  }
  return codes;
}

std::string OutcomeName(const absl::Status& status) {
  if (status.ok()) return "ok";
  const absl::optional<ledger::Refusal> refusal = ledger::RefusalOf(status);
  return refusal.has_value() ? std::string(ledger::ReasonName(refusal->reason)) : status.ToString();
}

}  // namespace

RuleScript::RuleScript() = default;

void RuleScript::Run(absl::string_view lines) {
  static const auto* const own =
      new std::set<std::string>{"date", "ship", "load",     "bind", "kind",    "holiday",
                                "give", "row",  "received", "none", "preview", "again"};
  for (absl::string_view text : absl::StrSplit(lines, '\n')) {
    const absl::string_view line = text.substr(0, text.find('#'));
    std::vector<std::string> words =
        absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty());
    if (words.empty()) continue;
    if (!own->contains(words[0])) {
      script_.Run(line);
      continue;
    }
    const std::string wanted = words.back();
    words.pop_back();
    Options options;
    std::vector<std::string> plain;
    for (std::string& word : words) {
      const std::size_t equals = word.find('=');
      if (equals == std::string::npos) {
        plain.push_back(std::move(word));
      } else {
        options[word.substr(0, equals)] = word.substr(equals + 1);
      }
    }
    EXPECT_EQ(Act(plain, options), wanted) << text;
    EXPECT_EQ(ledger().SumOfTheBook(), 0) << text;
  }
}

std::string RuleScript::Act(const std::vector<std::string>& words, const Options& options) {
  const std::string& verb = words[0];
  if (verb == "again") return Again();
  const std::string& what = words.at(1);
  if (verb == "row" || verb == "preview") {
    return RowOf(what, static_cast<std::uint64_t>(Number(words.at(2))), verb == "preview");
  }
  if (verb == "received") {
    const ReceivedRow* row = ledger().tables.received.Find(
        {ledger().members.at(what), static_cast<std::int32_t>(Number(words.at(2)))});
    std::int64_t points = 0;
    for (const Received& received : row == nullptr ? std::vector<Received>() : row->occasions) {
      if (received.occasion == words.at(3)) points = received.points.value();
    }
    return absl::StrCat(points);
  }
  if (verb == "date") {
    absl::CivilMinute minute;
    PUHUI_CHECK(absl::ParseCivilTime(what, &minute));
    ledger().ledger.clock().Set(absl::FromCivil(minute, Shanghai()));
    return "ok";
  }
  if (verb == "ship") {
    const auto read = services::ReadRulePackFile(absl::StrCat("deploy/rules/", what, ".yaml"));
    PUHUI_CHECK_OK(read.status());
    return OutcomeName(Load(read->pack, read->message.SerializeAsString()).status());
  }
  if (verb == "load") return OutcomeName(LoadFrom(what, options));
  if (verb == "bind") {
    return OutcomeName(Bind(what, words.at(2) == "none" ? "" : words.at(2)).status());
  }
  if (verb == "kind") {
    UpdateUnionCommand::Wish wish{.id = *UnionId::Parse(what, "union")};
    wish.issuer_kind =
        words.at(2) == "well-funded" ? IssuerKind::kWellFundedEnterprise : IssuerKind::kEnterprise;
    return OutcomeName(ledger().UpdateUnion(std::move(wish)).status());
  }
  if (verb == "holiday") return OutcomeName(CreateHoliday(what, options));
  return OutcomeName(Give(words));
}

RulePack RuleScript::Sound(absl::string_view id, std::uint32_t version) {
  return {.id = std::string(id),
          .version = version,
          .display_name = "A pack",
          .basis = "A text",
          .effective_from = absl::CivilDay(2020, 1, 1),
          .occasions = {{.name = "spring-festival"}, {.name = "qingming"}}};
}

Result RuleScript::Load(const RulePack& pack, absl::string_view message) {
  LoadRulePackCommand command(&ledger().tables,
                              {.pack = pack, .message = std::string(message), .person = "oda"});
  return ledger().ledger.Run(command);
}

Result RuleScript::Bind(absl::string_view of, absl::string_view pack) {
  UpdateUnionCommand::Wish wish{.id = *UnionId::Parse(of, "union")};
  wish.rule_pack = std::string(pack);
  return ledger().UpdateUnion(std::move(wish));
}

absl::Status RuleScript::LoadFrom(const std::string& id, const Options& options) {
  RulePack pack = Sound(id);
  std::string message = "as ";
  for (const auto& [name, value] : options) {
    absl::StrAppend(&message, name, value, " ");
    if (name == "version") pack.version = static_cast<std::uint32_t>(Number(value));
    if (name == "year") pack.points_per_year_max = Number(value);
    if (name == "from") pack.effective_from = Day(value);
    if (name == "to") pack.effective_to = Day(value);
    if (name == "earmark") pack.earmark_share_min = static_cast<std::uint32_t>(Number(value));
    if (name == "regions") pack.earmark_regions = Codes(value);
    if (name == "goods") pack.earmark_categories = Codes(value);
  }
  return Load(pack, message).status();
}

absl::Status RuleScript::CreateHoliday(const std::string& id, const Options& options) {
  const auto option = [&options](const std::string& name, const std::string& otherwise) {
    const auto at = options.find(name);
    return at == options.end() ? otherwise : at->second;
  };
  ledger::Terms terms{.categories = {5411}};
  const absl::CivilDay today = absl::ToCivilDay(ledger().ledger.clock().Now(), Shanghai());
  ledger::ResolveDays({.last_day = today + Number(option("days", "30"))}, Shanghai(), &terms);
  const auto share = static_cast<std::uint32_t>(Number(option("earmark", "0")));
  if (share != 0) {
    terms.earmark = {.share = BasisPoints::FromStored(share),
                     .categories = Codes(option("goods", "5411")),
                     .regions = Codes(option("regions", "none"))};
    ledger::SortLists(&terms);
  }
  CreateCampaignCommand command(&ledger().tables,
                                {.id = *CampaignId::Parse(id, "id"),
                                 .union_id = *UnionId::Parse(option("of", "city"), "union"),
                                 .display_name = "Holiday",
                                 .occasion = option("for", "spring-festival"),
                                 .terms = terms,
                                 .person = "cora"});
  return ledger().ledger.Run(command).status();
}

absl::Status RuleScript::Give(const std::vector<std::string>& words) {
  NamedRows rows;
  for (std::size_t i = 2; i < words.size(); ++i) {
    const std::pair<std::string, std::string> row = absl::StrSplit(words[i], ':');
    rows.emplace_back(row.first, Number(row.second));
  }
  PUHUI_RETURN_IF_ERROR(ledger().UploadPlan(words.at(1), rows).status());
  PUHUI_RETURN_IF_ERROR(ledger().Submit(words.at(1)).status());
  PUHUI_RETURN_IF_ERROR(ledger().Approve(words.at(1)).status());
  PUHUI_RETURN_IF_ERROR(ledger().StartIssue(words.at(1)).status());
  return ledger().RunDueChores().status();
}

std::string RuleScript::RowOf(const std::string& campaign, std::uint64_t row, bool preview) {
  const ledger::Readable& store = ledger().ledger.store();
  const auto found = FindCampaign(store, campaign);
  PUHUI_CHECK_OK(found.status());
  const RowsWish wish{.first_row = row, .limit = 1};
  const auto rows = preview ? PreviewRows(store, **found, wish, ledger().ledger.clock().Now())
                            : ListRows(store, **found, wish);
  PUHUI_CHECK_OK(rows.status());
  const RowVerdict& verdict = rows->at(0);
  if (verdict.outcome == RowOutcome::kPending) return "pending";
  if (verdict.outcome == RowOutcome::kGranted) return "granted";
  if (verdict.broken.ok()) return std::string(ledger::ReasonName(*verdict.reason));
  EXPECT_EQ(*verdict.reason, ledger::Reason::kRulePackBroken);
  return absl::StrCat(RuleText(verdict.broken.rule), ",", verdict.broken.allowed, ",",
                      verdict.broken.used, ",", verdict.broken.asked);
}

std::string RuleScript::Again() {
  const std::vector<std::string> journal = ledger().ledger.Journal();
  int judged = 0;
  for (std::size_t i = 0; i < journal.size(); ++i) {
    journal::v1::Record record;
    PUHUI_CHECK(record.ParseFromString(journal[i]));
    if (!JudgedCampaign(record).has_value()) continue;
    ++judged;
    const auto again = ReDecide(ledger().ledger.store(), record);
    PUHUI_CHECK_OK(again.status());
    if (!again->same()) return absl::StrCat("another at record ", i + 1);
  }
  return judged == 0 ? "nothing" : "same";
}

}  // namespace puhui::issuing
