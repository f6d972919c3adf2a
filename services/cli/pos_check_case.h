// SPDX-License-Identifier: Apache-2.0
// What the kit tries, and what came of it.
#ifndef PUHUI_SERVICES_CLI_POS_CHECK_CASE_H_
#define PUHUI_SERVICES_CLI_POS_CHECK_CASE_H_

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {

class FakeTill;

// One thing that had to be seen.
struct Finding {
  std::string step;
  std::string expected;
  std::string seen;

  bool as_expected() const { return seen == expected; }
};

// All that one case saw, in order.
class Findings {
 public:
  void Expect(std::string step, std::string expected, std::string seen) {
    all_.push_back({std::move(step), std::move(expected), std::move(seen)});
  }
  const std::vector<Finding>& all() const { return all_; }
  // A case that saw nothing has not passed.
  bool passed() const {
    return !all_.empty() && std::all_of(all_.begin(), all_.end(), [](const Finding& finding) {
      return finding.as_expected();
    });
  }

 private:
  std::vector<Finding> all_;
};

// A case leaves the test card as it found it: what it opened is reversed after it.
struct PosCheckCase {
  std::string name;   // Unique; chosen with --case.
  std::string about;  // In one line.
  std::function<void(FakeTill&, Findings&)> run;
};

// Every case there is, in the order in which they are tried. Each function adds those of its file.
std::vector<PosCheckCase> AllPosCheckCases();
void AddOrderCases(std::vector<PosCheckCase>* cases);
void AddRepeatCases(std::vector<PosCheckCase>* cases);
void AddReversalCases(std::vector<PosCheckCase>* cases);
void AddLostLineCases(std::vector<PosCheckCase>* cases);
void AddStreamCases(std::vector<PosCheckCase>* cases);
void AddDayCases(std::vector<PosCheckCase>* cases);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_POS_CHECK_CASE_H_
