// SPDX-License-Identifier: Apache-2.0
// The published structure of pain.001.001.09, as far as our files go into it: every child that an
// element may have, in its order, with how often, and the bounds of texts. Written down from the
// message definition of ISO 20022 (Payments Initiation, message definition report part 2, 2019;
// https://www.iso20022.org/iso-20022-message-definitions, CustomerCreditTransferInitiationV09).
// Children that our files never have end the line: they have no type here.
#ifndef PUHUI_TESTS_UNIT_SERVICES_BANK_PAIN_001_STRUCTURE_H_
#define PUHUI_TESTS_UNIT_SERVICES_BANK_PAIN_001_STRUCTURE_H_

#include <map>
#include <string>
#include <vector>

namespace puhui::services {

struct PublishedChild {
  std::string name;
  int least = 0;
  int most = 1;  // 0: any number.
  std::string type = {};
};

inline const std::map<std::string, std::vector<PublishedChild>>& PublishedTypes() {
  static const auto* const types = new std::map<std::string, std::vector<PublishedChild>>{
      {"Document", {{"CstmrCdtTrfInitn", 1, 1, "CustomerCreditTransferInitiationV09"}}},
      {"CustomerCreditTransferInitiationV09",
       {{"GrpHdr", 1, 1, "GroupHeader85"},
        {"PmtInf", 1, 0, "PaymentInstruction30"},
        {"SplmtryData", 0, 0}}},
      {"GroupHeader85",
       {{"MsgId", 1, 1, "Max35Text"},
        {"CreDtTm", 1, 1, "ISODateTime"},
        {"Authstn", 0, 2},
        {"NbOfTxs", 1, 1, "Max15NumericText"},
        {"CtrlSum", 0, 1, "DecimalNumber"},
        {"InitgPty", 1, 1, "PartyIdentification135"},
        {"FwdgAgt"},
        {"InitnSrc"}}},
      {"PartyIdentification135",
       {{"Nm", 0, 1, "Max140Text"}, {"PstlAdr"}, {"Id"}, {"CtryOfRes"}, {"CtctDtls"}}},
      {"PaymentInstruction30",
       {{"PmtInfId", 1, 1, "Max35Text"},
        {"PmtMtd", 1, 1, "PaymentMethod3Code"},
        {"BtchBookg"},
        {"NbOfTxs", 0, 1, "Max15NumericText"},
        {"CtrlSum", 0, 1, "DecimalNumber"},
        {"PmtTpInf"},
        {"ReqdExctnDt", 1, 1, "DateAndDateTime2Choice"},
        {"PoolgAdjstmntDt"},
        {"Dbtr", 1, 1, "PartyIdentification135"},
        {"DbtrAcct", 1, 1, "CashAccount38"},
        {"DbtrAgt", 1, 1, "BranchAndFinancialInstitutionIdentification6"},
        {"DbtrAgtAcct"},
        {"InstrForDbtrAgt"},
        {"UltmtDbtr"},
        {"ChrgBr"},
        {"ChrgsAcct"},
        {"ChrgsAcctAgt"},
        {"CdtTrfTxInf", 1, 0, "CreditTransferTransaction34"}}},
      {"DateAndDateTime2Choice", {{"Dt", 0, 1, "ISODate"}, {"DtTm"}}},
      {"CashAccount38",
       {{"Id", 1, 1, "AccountIdentification4Choice"}, {"Tp"}, {"Ccy"}, {"Nm"}, {"Prxy"}}},
      {"AccountIdentification4Choice", {{"IBAN"}, {"Othr", 0, 1, "GenericAccountIdentification1"}}},
      {"GenericAccountIdentification1", {{"Id", 1, 1, "Max34Text"}, {"SchmeNm"}, {"Issr"}}},
      {"BranchAndFinancialInstitutionIdentification6",
       {{"FinInstnId", 1, 1, "FinancialInstitutionIdentification18"}, {"BrnchId"}}},
      {"FinancialInstitutionIdentification18",
       {{"BICFI"},
        {"ClrSysMmbId", 0, 1, "ClearingSystemMemberIdentification2"},
        {"LEI"},
        {"Nm"},
        {"PstlAdr"},
        {"Othr"}}},
      {"ClearingSystemMemberIdentification2",
       {{"ClrSysId", 0, 1, "ClearingSystemIdentification2Choice"}, {"MmbId", 1, 1, "Max35Text"}}},
      {"ClearingSystemIdentification2Choice", {{"Cd", 0, 1, "Max5Text"}, {"Prtry"}}},
      {"CreditTransferTransaction34",
       {{"PmtId", 1, 1, "PaymentIdentification6"},
        {"PmtTpInf"},
        {"Amt", 1, 1, "AmountType4Choice"},
        {"XchgRateInf"},
        {"ChrgBr"},
        {"ChqInstr"},
        {"UltmtDbtr"},
        {"IntrmyAgt1"},
        {"IntrmyAgt1Acct"},
        {"IntrmyAgt2"},
        {"IntrmyAgt2Acct"},
        {"IntrmyAgt3"},
        {"IntrmyAgt3Acct"},
        {"CdtrAgt", 0, 1, "BranchAndFinancialInstitutionIdentification6"},
        {"CdtrAgtAcct"},
        {"Cdtr", 0, 1, "PartyIdentification135"},
        {"CdtrAcct", 0, 1, "CashAccount38"},
        {"UltmtCdtr"},
        {"InstrForCdtrAgt", 0, 0},
        {"InstrForDbtrAgt"},
        {"Purp"},
        {"RgltryRptg", 0, 10},
        {"Tax"},
        {"RltdRmtInf", 0, 10},
        {"RmtInf", 0, 1, "RemittanceInformation16"},
        {"SplmtryData", 0, 0}}},
      {"PaymentIdentification6",
       {{"InstrId", 0, 1, "Max35Text"}, {"EndToEndId", 1, 1, "Max35Text"}, {"UETR"}}},
      {"AmountType4Choice", {{"InstdAmt", 0, 1, "ActiveOrHistoricCurrencyAndAmount"}, {"EqvtAmt"}}},
      {"RemittanceInformation16", {{"Ustrd", 0, 0, "Max140Text"}, {"Strd", 0, 0}}},
  };
  return *types;
}

// Texts by their type: what they have to match. Lengths are of characters.
inline const std::map<std::string, std::string>& PublishedTexts() {
  static const auto* const texts = new std::map<std::string, std::string>{
      {"Max5Text", ".{1,5}"},
      {"Max34Text", ".{1,34}"},
      {"Max35Text", ".{1,35}"},
      {"Max140Text", ".{1,140}"},
      {"Max15NumericText", "[0-9]{1,15}"},
      {"ISODateTime", "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"},
      {"ISODate", "[0-9]{4}-[0-9]{2}-[0-9]{2}"},
      {"PaymentMethod3Code", "CHK|TRF|TRA"},
      // At most 18 digits in all, 17 after the point.
      {"DecimalNumber", "[0-9]{1,16}\\.[0-9]{2}"},
      // At most 18 digits in all, 5 after the point.
      {"ActiveOrHistoricCurrencyAndAmount", "[0-9]{1,16}\\.[0-9]{2}"},
  };
  return *texts;
}

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_BANK_PAIN_001_STRUCTURE_H_
