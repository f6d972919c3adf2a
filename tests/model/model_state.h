// SPDX-License-Identifier: Apache-2.0
// All that the model keeps.
#ifndef PUHUI_TESTS_MODEL_MODEL_STATE_H_
#define PUHUI_TESTS_MODEL_MODEL_STATE_H_

#include "ledger/base/id.h"
#include "merchant/core/geo_point.h"
#include "tests/model/model_batches.h"
#include "tests/model/model_codes.h"
#include "tests/model/model_limits.h"
#include "tests/model/model_offers.h"
#include "tests/model/model_rows.h"

#include "absl/time/civil_time.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace puhui::testing {

struct ModelState : ModelRows {
  // What a till asks for.
  struct Wish {
    std::int64_t points = 0;
    bool partial = false;               // Fewer will do.
    std::vector<std::int64_t> lines{};  // Of the merchant's own goods, adding up to the points.
    std::uint32_t offer = 0;            // That takes something off; 0: none.
  };
  // What a till asks for, of whoever comes first.
  struct Bill {
    TillKeys keys{};
    Wish wish{};
    absl::Time expiry{};
    std::uint64_t token = 0;
    bool paid = false, cancelled = false;
  };
  // Who pays, and with which card, unless it is with a code.
  struct Payer {
    MemberId member{};
    absl::optional<std::uint64_t> card{};
  };

  std::map<std::uint32_t, Union> unions;
  std::map<Sequence, Funding> fundings;
  std::map<MemberId, Member> members;
  std::map<std::uint64_t, Card> cards;
  std::map<Sequence, Application> applications;
  std::map<absl::CivilDay, std::uint32_t> reveals;  // To the one auditor, by day.
  std::uint32_t vault_key = 1;
  bool rotating = false;
  MemberId rotation_reached{};
  std::map<std::uint32_t, Campaign> campaigns;
  std::map<std::uint32_t, std::map<std::uint32_t, Pack>> packs;
  int closed_months = 0;                       // From the first month on.
  std::map<std::string, absl::Time> mandates;  // By auditor: until when, unless it was revoked.
  // By member, year and occasion.
  std::map<std::tuple<MemberId, std::int64_t, std::string>, std::int64_t> received;
  std::map<std::uint32_t, Merchant> merchants;
  std::map<std::pair<std::uint32_t, std::string>, merchant::GeoPoint> store_locations;
  std::map<std::uint32_t, Terminal> terminals;
  std::map<Sequence, Purchase> purchases;
  // By how much fees are less than the rounded-down ones, by purchase and origin.
  std::map<Sequence, std::map<std::uint32_t, std::int64_t>> fee_adjustments;
  std::map<Sequence, Hold> holds;
  std::map<Sequence, Bill> bills;
  std::map<std::uint32_t, std::vector<Sequence>> kept_bills;  // By terminal, oldest first.
  std::map<std::uint64_t, ModelCode> codes;
  std::vector<std::uint64_t> used_codes;  // The last ones, in the order in which they were used.
  std::map<std::uint32_t, ModelGuesses> guesses;       // Of codes, by terminal.
  std::map<std::uint32_t, ModelGuesses> card_guesses;  // Likewise.
  std::map<std::uint32_t, ModelGuesses> voucher_guesses;
  std::map<std::uint32_t, ModelDevice> devices;
  std::map<std::uint32_t, ModelOffer> offers;
  std::map<std::uint32_t, bool> notices;                  // Whether they were withdrawn.
  std::map<std::uint32_t, std::set<MemberId>> receivers;  // By campaign: of any points.
  std::map<LimitedWhom, std::vector<ModelLimit>> limits;
  std::map<LimitedWhom, std::vector<ModelPayment>> paid;  // While there were limits.
  std::vector<CountedCall> counted;
  std::set<ModelBatch> closed_batches;
  std::map<TillKeys, std::pair<Call, Sequence>> calls;
  std::map<std::uint64_t, std::pair<Call, Sequence>> requests;  // Of tills.
  std::set<std::uint64_t> buried;
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_MODEL_MODEL_STATE_H_
