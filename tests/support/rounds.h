// SPDX-License-Identifier: Apache-2.0
// How often tests try what they draw at random, or try at every place there is.
// Threads: any.
#ifndef PUHUI_TESTS_SUPPORT_ROUNDS_H_
#define PUHUI_TESTS_SUPPORT_ROUNDS_H_

namespace puhui::testing {

// The sanitizers make a round several times as long, and look at memory, of which a tenth of the
// rounds use as much. What is proved by number is proved without them.
#ifdef PUHUI_SANITIZED
inline constexpr int kOneRoundIn = 10;
#else
inline constexpr int kOneRoundIn = 1;
#endif

// Of so many rounds, how many there are in this build.
constexpr int Rounds(int count) { return count / kOneRoundIn; }

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_SUPPORT_ROUNDS_H_
