// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_SUPPORT_WIRE_SCENE_H_
#define PUHUI_TESTS_SUPPORT_WIRE_SCENE_H_

#include "puhui/v1/pos_service.pb.h"
#include "tests/support/pki/test_pki.h"
#include "tests/support/seeded_random.h"
#include "tests/support/wire/deployment.h"

#include "absl/status/statusor.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui {

// A union whose members have points, and a merchant with a terminal to spend them at.
struct Scene {
  static constexpr std::int64_t kPointsEach = 1'000;

  // What to set up; no two scenes of a deployment may share any of it.
  struct Wish {
    std::string union_id = "fh-1";
    std::string campaign_id = "spring";
    std::string merchant_id = "m-1";
    std::string terminal_id = "t-1";
    std::size_t first_person = 1;
    std::size_t people = 3;
    std::int32_t fee_basis_points = 100;

    // Another union with another merchant, beside the one that is wished for otherwise.
    static Wish Another() {
      return {.union_id = "gz-2",
              .campaign_id = "autumn",
              .merchant_id = "m-2",
              .terminal_id = "t-2",
              .first_person = 101};
    }
  };
  // Through the public API. Fails with what the server answered.
  static absl::StatusOr<Scene> Set(const Deployment& deployment, const Wish& wish,
                                   SeededRandom* random);

  v1::PurchaseRequest Purchase(std::uint32_t trace_number, std::int64_t points,
                               SeededRandom& random) const;

  Wish ids;
  std::string funding;  // Its resource name, as those below.
  std::vector<std::string> members;
  std::vector<std::string> cards;  // Their numbers.
  std::string campaign;
  std::string merchant;
  std::string store;
  std::string terminal;
  TestIdentity terminal_identity;
};

}  // namespace puhui

#endif  // PUHUI_TESTS_SUPPORT_WIRE_SCENE_H_
