// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_SUPPORT_WIRE_TWO_SCENES_H_
#define PUHUI_TESTS_SUPPORT_WIRE_TWO_SCENES_H_

#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/deployment.h"
#include "tests/support/wire/scene.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>

namespace puhui {

// One deployment for a suite, with two unions that have nothing to do with each other. Suites run
// one after another, so they share what names the scenes.
class TwoScenesTest : public ::testing::Test {
 protected:
  // For SetUpTestSuite and TearDownTestSuite.
  static void Begin(std::uint64_t seed) {
    deployment_ = new Deployment;
    random_ = new SeededRandom(seed);
    ASSERT_OK(deployment_->Start());
    auto scene = Scene::Set(*deployment_, {}, random_);
    ASSERT_OK(scene);
    own_ = new Scene(*std::move(scene));
    scene = Scene::Set(*deployment_, Scene::Wish::Another(), random_);
    ASSERT_OK(scene);
    other_ = new Scene(*std::move(scene));
  }
  static void End() {
    delete std::exchange(other_, nullptr);
    delete std::exchange(own_, nullptr);
    delete std::exchange(random_, nullptr);
    delete std::exchange(deployment_, nullptr);
  }
  void SetUp() override { ASSERT_NE(other_, nullptr); }

  static inline Deployment* deployment_ = nullptr;
  static inline SeededRandom* random_ = nullptr;
  static inline Scene* own_ = nullptr;
  static inline Scene* other_ = nullptr;
};

}  // namespace puhui

#endif  // PUHUI_TESTS_SUPPORT_WIRE_TWO_SCENES_H_
