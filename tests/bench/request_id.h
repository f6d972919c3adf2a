// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_BENCH_REQUEST_ID_H_
#define PUHUI_TESTS_BENCH_REQUEST_ID_H_

#include <random>
#include <string>

namespace puhui::bench {

// A random UUID.
std::string NewRequestId(std::mt19937_64& random);

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_REQUEST_ID_H_
