// SPDX-License-Identifier: Apache-2.0
#include "services/bank/pain_002.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "services/bank/xml_file.h"
#include "services/bank/yuan.h"

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include <cstddef>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

using merchant::BankAnswer;
using merchant::GroupAnswer;
using merchant::PaymentAnswer;
using merchant::Verdict;

constexpr char kPain002Namespace[] = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10";
constexpr char kAnsweredMessage[] = "pain.001.001.09";
constexpr char kPartly[] = "PART";  // Of a group: each payment says for itself.

absl::Status Refuse(absl::string_view where, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(where, ": ", what));
}

absl::StatusOr<std::string> IdOf(const pugi::xml_node& node, absl::string_view name,
                                 absl::string_view where) {
  std::string id = TextOf(node, name);
  if (id.empty() || id.size() > merchant::kBankIdCharactersMax) {
    return Refuse(where, absl::StrCat("want ", name, " of 1 to 35 characters"));
  }
  return id;
}

// As published, each of these stands in `node` once at most. Which of two would count?
absl::Status CheckOnce(const pugi::xml_node& node, absl::string_view where,
                       std::initializer_list<absl::string_view> names) {
  for (const absl::string_view name : names) {
    if (Children(node, name).size() > 1)
      return Refuse(where, absl::StrCat("says ", name, " twice"));
  }
  return absl::OkStatus();
}

// The code of the first reason; a text is left alone.
std::string ReasonOf(const pugi::xml_node& node) {
  const pugi::xml_node reason = Child(Child(node, "StsRsnInf"), "Rsn");
  const std::string code = TextOf(reason, "Cd");
  const std::string own = code.empty() ? TextOf(reason, "Prtry") : code;
  return merchant::IsReasonCode(own) ? own : std::string();
}

// What `name` says of a whole group; nothing when it leaves that to the payments.
absl::StatusOr<absl::optional<GroupAnswer>> GroupOf(const pugi::xml_node& node,
                                                    absl::string_view name) {
  const std::string status = TextOf(node, name);
  if (status.empty() || status == kPartly) return absl::optional<GroupAnswer>();
  const absl::optional<Verdict> verdict = merchant::VerdictOf(status);
  if (!verdict.has_value()) return Refuse(name, "a status that we do not know");
  return absl::make_optional(
      GroupAnswer{.verdict = *verdict, .status = status, .reason = ReasonOf(node)});
}

absl::Status ReadTotals(const pugi::xml_node& node, absl::string_view where, BankAnswer* answer) {
  PUHUI_RETURN_IF_ERROR(CheckOnce(node, where, {"OrgnlNbOfTxs", "OrgnlCtrlSum"}));
  const std::string count = TextOf(node, "OrgnlNbOfTxs");
  const std::string sum = TextOf(node, "OrgnlCtrlSum");
  if (!count.empty()) {
    std::uint32_t number = 0;
    if (!absl::SimpleAtoi(count, &number) || answer->count.value_or(number) != number) {
      return Refuse(where, "want OrgnlNbOfTxs, the same everywhere");
    }
    answer->count = number;
  }
  if (!sum.empty()) {
    const absl::optional<std::int64_t> fen = ParseYuan(sum);
    if (!fen.has_value() || answer->total_fen.value_or(*fen) != *fen) {
      return Refuse(where, "want OrgnlCtrlSum, the same everywhere");
    }
    answer->total_fen = fen;
  }
  return absl::OkStatus();
}

// Reads the payments of a message. Threads: one at a time.
class Payments {
 public:
  Payments(const absl::optional<GroupAnswer>& group, BankAnswer* answer)
      : group_(group), answer_(*answer) {}

  absl::Status Take(const pugi::xml_node& node) {
    PaymentAnswer payment{.where = absl::StrCat("TxInfAndSts ", ++taken_)};
    if (taken_ > kBankAnswersMax) {
      return Refuse(payment.where, absl::StrCat("more than ", kBankAnswersMax, " payments"));
    }
    PUHUI_RETURN_IF_ERROR(
        CheckOnce(node, payment.where, {"OrgnlEndToEndId", "TxSts", "OrgnlTxRef"}));
    PUHUI_ASSIGN_OR_RETURN(payment.end_to_end_id, IdOf(node, "OrgnlEndToEndId", payment.where));
    if (!named_.insert(payment.end_to_end_id).second) {
      return Refuse(payment.where, "names a payment for the second time");
    }
    PUHUI_RETURN_IF_ERROR(ReadStatus(node, &payment));
    PUHUI_RETURN_IF_ERROR(ReadAmount(node, &payment));
    answer_.payments.push_back(std::move(payment));
    return absl::OkStatus();
  }

 private:
  absl::Status ReadStatus(const pugi::xml_node& node, PaymentAnswer* payment) const {
    payment->status = TextOf(node, "TxSts");
    payment->reason = ReasonOf(node);
    if (payment->status.empty()) {
      if (!group_.has_value()) return Refuse(payment->where, "want TxSts");
      payment->status = group_->status;
      payment->verdict = group_->verdict;
      return absl::OkStatus();
    }
    const absl::optional<Verdict> verdict = merchant::VerdictOf(payment->status);
    if (!verdict.has_value()) return Refuse(payment->where, "a status that we do not know");
    payment->verdict = *verdict;
    // What is final of the group leaves a payment nothing else to be.
    const bool is_final = group_.has_value() && group_->verdict != Verdict::kPending;
    if (is_final && group_->verdict != *verdict) {
      return Refuse(payment->where, "contradicts the status of its group");
    }
    return absl::OkStatus();
  }

  static absl::Status ReadAmount(const pugi::xml_node& node, PaymentAnswer* payment) {
    const pugi::xml_node reference = Child(node, "OrgnlTxRef");
    const pugi::xml_node amounts = Child(reference, "Amt");
    PUHUI_RETURN_IF_ERROR(CheckOnce(reference, payment->where, {"Amt"}));
    PUHUI_RETURN_IF_ERROR(CheckOnce(amounts, payment->where, {"InstdAmt"}));
    const pugi::xml_node amount = Child(amounts, "InstdAmt");
    if (!amount) return absl::OkStatus();
    payment->amount_fen = ParseYuan(TextOf(amounts, "InstdAmt"));
    if (!payment->amount_fen.has_value() ||
        absl::string_view(amount.attribute("Ccy").value()) != kYuanCurrency) {
      return Refuse(payment->where, "want InstdAmt in CNY");
    }
    return absl::OkStatus();
  }

  const absl::optional<GroupAnswer>& group_;
  BankAnswer& answer_;
  absl::flat_hash_set<std::string> named_;
  std::size_t taken_ = 0;
};

// What is said of payments that no TxInfAndSts names. Our files have one PmtInf, which has the name
// of the message; a bank may speak of it in several parts.
absl::StatusOr<absl::optional<GroupAnswer>> OthersOf(const pugi::xml_node& report,
                                                     const absl::optional<GroupAnswer>& group,
                                                     BankAnswer* answer) {
  absl::optional<GroupAnswer> others = group;
  for (const pugi::xml_node& part : Children(report, "OrgnlPmtInfAndSts")) {
    PUHUI_RETURN_IF_ERROR(CheckOnce(part, "OrgnlPmtInfAndSts", {"OrgnlPmtInfId", "PmtInfSts"}));
    PUHUI_ASSIGN_OR_RETURN(const std::string id, IdOf(part, "OrgnlPmtInfId", "OrgnlPmtInfAndSts"));
    if (id != answer->message_id) return Refuse("OrgnlPmtInfAndSts", "want OrgnlPmtInfId as sent");
    PUHUI_RETURN_IF_ERROR(ReadTotals(part, "OrgnlPmtInfAndSts", answer));
    PUHUI_ASSIGN_OR_RETURN(const absl::optional<GroupAnswer> own, GroupOf(part, "PmtInfSts"));
    if (!own.has_value()) continue;
    if (others.has_value() && others->verdict != own->verdict) {
      return Refuse("OrgnlPmtInfAndSts", "two statuses for the whole file");
    }
    others = own;
  }
  return others;
}

}  // namespace

absl::StatusOr<BankAnswer> ReadPain002(absl::string_view bytes) {
  pugi::xml_document document;
  PUHUI_RETURN_IF_ERROR(ReadXml(bytes, &document));
  const pugi::xml_node root = Child(document, "Document");
  if (!root || NamespaceOf(root) != kPain002Namespace) {
    return Refuse("Document", absl::StrCat("want a message ", kPain002Namespace));
  }
  PUHUI_RETURN_IF_ERROR(CheckOnce(root, "Document", {"CstmrPmtStsRpt"}));
  const pugi::xml_node report = Child(root, "CstmrPmtStsRpt");
  const std::vector<pugi::xml_node> groups = Children(report, "OrgnlGrpInfAndSts");
  if (groups.size() != 1) return Refuse("CstmrPmtStsRpt", "want one OrgnlGrpInfAndSts");
  PUHUI_RETURN_IF_ERROR(
      CheckOnce(groups.front(), "OrgnlGrpInfAndSts", {"OrgnlMsgId", "OrgnlMsgNmId", "GrpSts"}));
  BankAnswer answer;
  PUHUI_ASSIGN_OR_RETURN(answer.message_id,
                         IdOf(groups.front(), "OrgnlMsgId", "OrgnlGrpInfAndSts"));
  if (TextOf(groups.front(), "OrgnlMsgNmId") != kAnsweredMessage) {
    return Refuse("OrgnlGrpInfAndSts", absl::StrCat("want OrgnlMsgNmId ", kAnsweredMessage));
  }
  PUHUI_RETURN_IF_ERROR(ReadTotals(groups.front(), "OrgnlGrpInfAndSts", &answer));
  PUHUI_ASSIGN_OR_RETURN(const auto group, GroupOf(groups.front(), "GrpSts"));
  PUHUI_ASSIGN_OR_RETURN(answer.others, OthersOf(report, group, &answer));
  Payments payments(answer.others, &answer);
  for (const pugi::xml_node& part : Children(report, "OrgnlPmtInfAndSts")) {
    for (const pugi::xml_node& payment : Children(part, "TxInfAndSts")) {
      PUHUI_RETURN_IF_ERROR(payments.Take(payment));
    }
  }
  if (answer.payments.empty() && !answer.others.has_value()) {
    return Refuse("CstmrPmtStsRpt", "says nothing of any payment");
  }
  return answer;
}

}  // namespace puhui::services
