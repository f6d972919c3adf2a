// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_MODEL_MALL_MODEL_H_
#define PUHUI_TESTS_MODEL_MALL_MODEL_H_

#include "ledger/base/id.h"
#include "tests/model/ledger_model.h"

#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace puhui::testing {

// What the model keeps of outside malls. Threads: none. Borrows: the model of the rest.
class MallModel {
 public:
  struct Payment {
    std::int64_t points = 0;
    std::uint64_t token = 0;
    std::vector<std::int64_t> lines{};
    Sequence purchase = 0;
  };
  struct Refund {
    std::string number{};  // The mall's own.
    std::int64_t points = 0;
    absl::optional<std::size_t> line{};  // If one is named.
  };
  struct GivenBack {
    Sequence purchase = 0;
    std::int64_t points = 0;
    std::vector<std::int64_t> lines{};  // To each of the payment.
  };
  struct Mall {
    std::uint32_t terminal = 0;
    std::int64_t payment_max = 0;
    std::int64_t day_max = 0;
    bool blocked = false;
    std::uint32_t calls = 0;
    std::map<std::int64_t, std::int64_t> paid{};  // By day in China.
    std::map<std::string, Payment> payments{};    // By the mall's own number.
    std::map<std::string, GivenBack> refunds{};   // Likewise.
  };
  using Link = std::pair<MemberId, std::uint32_t>;  // Who, and the merchant.
  using TillCall = LedgerModel::TillCall;

  explicit MallModel(LedgerModel* model) : model_(*model) {}

  Verdict Enable(std::uint32_t merchant, const Mall& mall);
  // Its limits, and whether it is blocked.
  Verdict Change(std::uint32_t merchant, const Mall& to);
  Verdict LinkTo(std::uint32_t merchant, const TillCall& call, std::uint64_t code,
                 std::uint64_t token);
  Verdict Unlink(const Link& link);
  // The same was paid before: nothing happens.
  bool WasPaid(std::uint32_t merchant, const std::string& order, const Payment& asked) const;
  Verdict Pay(std::uint32_t merchant, const TillCall& call, const std::string& order,
              const Payment& asked);
  bool WasRefunded(std::uint32_t merchant, const std::string& order, const Refund& asked) const;
  Verdict GiveBack(std::uint32_t merchant, const TillCall& call, const std::string& order,
                   const Refund& asked);

  std::map<std::uint32_t, Mall> malls;  // By merchant.
  std::map<std::uint64_t, Link> tokens;
  // By union and offer.
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::int64_t> views;

 private:
  Verdict Take(std::uint32_t merchant, const TillCall& call, const std::string& order,
               const Payment& asked);

  LedgerModel& model_;
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_MODEL_MALL_MODEL_H_
