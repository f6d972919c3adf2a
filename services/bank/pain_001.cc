// SPDX-License-Identifier: Apache-2.0
#include "services/bank/pain_001.h"

#include "ledger/base/check.h"
#include "services/bank/yuan.h"

#include "absl/strings/str_cat.h"
#include <pugixml.hpp>

#include <cstddef>

namespace puhui::services {
namespace {

constexpr char kPain001Namespace[] = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";
constexpr char kClearingSystem[] = "CNAPS";  // ExternalClearingSystemIdentification1Code.

class StringWriter final : public pugi::xml_writer {
 public:
  explicit StringWriter(std::string* out) : out_(*out) {}
  void write(const void* data, std::size_t size) override {
    out_.append(static_cast<const char*>(data), size);
  }

 private:
  std::string& out_;
};

void AddText(pugi::xml_node parent, const char* name, const std::string& text) {
  parent.append_child(name).text().set(text.c_str());
}

void AddAccount(pugi::xml_node parent, const char* name, const std::string& number) {
  AddText(parent.append_child(name).append_child("Id").append_child("Othr"), "Id", number);
}

void AddAgent(pugi::xml_node parent, const char* name, const std::string& bank_code) {
  pugi::xml_node member =
      parent.append_child(name).append_child("FinInstnId").append_child("ClrSysMmbId");
  AddText(member.append_child("ClrSysId"), "Cd", kClearingSystem);
  AddText(member, "MmbId", bank_code);
}

void AddName(pugi::xml_node parent, const char* name, const std::string& text) {
  AddText(parent.append_child(name), "Nm", text);
}

struct Totals {
  std::string count{};
  std::string sum{};
};
Totals TotalsOf(const PaymentFile& file) {
  std::int64_t fen = 0;
  for (const CreditTransfer& transfer : file.transfers) {
    PUHUI_CHECK(transfer.amount_fen > 0);
    fen += transfer.amount_fen;
  }
  return {absl::StrCat(file.transfers.size()), FormatYuan(fen)};
}

void AddTransfer(pugi::xml_node parent, const CreditTransfer& transfer) {
  pugi::xml_node info = parent.append_child("CdtTrfTxInf");
  pugi::xml_node id = info.append_child("PmtId");
  AddText(id, "InstrId", transfer.end_to_end_id);
  AddText(id, "EndToEndId", transfer.end_to_end_id);
  pugi::xml_node amount = info.append_child("Amt").append_child("InstdAmt");
  amount.append_attribute("Ccy") = kYuanCurrency;
  amount.text().set(FormatYuan(transfer.amount_fen).c_str());
  AddAgent(info, "CdtrAgt", transfer.creditor.bank_code);
  AddName(info, "Cdtr", transfer.creditor.name);
  AddAccount(info, "CdtrAcct", transfer.creditor.account_number);
  if (!transfer.remark.empty()) AddText(info.append_child("RmtInf"), "Ustrd", transfer.remark);
}

}  // namespace

std::string WritePain001(const PaymentFile& file) {
  PUHUI_CHECK(!file.transfers.empty());
  const Totals totals = TotalsOf(file);
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node root = document.append_child("Document");
  root.append_attribute("xmlns") = kPain001Namespace;
  pugi::xml_node message = root.append_child("CstmrCdtTrfInitn");

  pugi::xml_node header = message.append_child("GrpHdr");
  AddText(header, "MsgId", file.message_id);
  AddText(header, "CreDtTm",
          absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", file.create_time, absl::UTCTimeZone()));
  AddText(header, "NbOfTxs", totals.count);
  AddText(header, "CtrlSum", totals.sum);
  AddName(header, "InitgPty", file.payer.name);

  pugi::xml_node payment = message.append_child("PmtInf");
  AddText(payment, "PmtInfId", file.message_id);
  AddText(payment, "PmtMtd", "TRF");
  AddText(payment, "NbOfTxs", totals.count);
  AddText(payment, "CtrlSum", totals.sum);
  AddText(payment.append_child("ReqdExctnDt"), "Dt", absl::FormatCivilTime(file.execution_day));
  AddName(payment, "Dbtr", file.payer.name);
  AddAccount(payment, "DbtrAcct", file.payer.account_number);
  AddAgent(payment, "DbtrAgt", file.payer.bank_code);
  for (const CreditTransfer& transfer : file.transfers) AddTransfer(payment, transfer);

  std::string bytes;
  StringWriter writer(&bytes);
  document.save(writer, "", pugi::format_raw, pugi::encoding_utf8);
  return bytes;
}

}  // namespace puhui::services
