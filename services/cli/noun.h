// SPDX-License-Identifier: Apache-2.0
// The three shapes nearly every command has: a call that reads, one that changes, one that lists.
#ifndef PUHUI_SERVICES_CLI_NOUN_H_
#define PUHUI_SERVICES_CLI_NOUN_H_

#include "ledger/base/limits.h"
#include "services/cli/command_line.h"
#include "services/cli/flags.h"
#include "services/cli/invocation.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include <CLI/CLI.hpp>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace puhui::services {

template <class Stub, class Request, class Response>
using UnaryMethod = grpc::Status (Stub::*)(grpc::ClientContext*, const Request&, Response*);

// What is left to do for a request once every flag is known, such as reading a day in --zone.
using Prepare = std::function<absl::Status(const Invocation&)>;

struct Verb {
  const char* name;
  const char* help;
};

// What to do when nobody knows whether a call took effect.
using Advice = std::string (*)(absl::string_view request_id);

inline std::string RepeatAdvice(absl::string_view request_id) {
  return absl::StrCat(
      "to find out and have it done at most once, repeat the command with --request-id ",
      request_id);
}

// A noun of the command line and the verbs under it. `flags(app, request)` binds flags to a
// request, and may return a Prepare; `print(output, response)` is for people.
// Threads: one at a time. Borrows: the command line.
class Noun {
 public:
  Noun(CommandLine& line, const char* name, const char* help, Advice advice = RepeatAdvice)
      : line_(line), app_(line.AddCommand(name, help)), advice_(advice) {
    app_.require_subcommand(1);
  }

  // A noun under another, as in `admin rules load`. Borrows the same command line.
  Noun(Noun& above, const Verb& name)
      : line_(above.line_), app_(above.AddVerb(name)), advice_(above.advice_) {
    app_.require_subcommand(1);
  }

  // Another word for the same.
  void AlsoCalled(const char* name) { app_.alias(name); }

  CLI::App& AddVerb(const Verb& verb) { return *app_.add_subcommand(verb.name, verb.help); }
  void OnVerb(CLI::App& verb, CommandLine::Action action) {
    line_.OnCommand(verb, std::move(action));
  }

  template <class Stub, class Request, class Response, class Flags, class Print>
  void Reads(const Verb& verb, UnaryMethod<Stub, Request, Response> method, Flags flags,
             Print print) {
    CLI::App& app = AddVerb(verb);
    const auto request = std::make_shared<Request>();
    const Prepare prepare = Bind(flags, app, *request);
    OnVerb(app, [=](Invocation& invocation) {
      if (const absl::Status ready = prepare(invocation); !ready.ok()) {
        return invocation.Fail(ready, ExitCode::kUsage);
      }
      Response response;
      const ExitCode code = invocation.Call(method, *request, &response);
      if (code == ExitCode::kOk) invocation.output().Show(response, print);
      return code;
    });
  }

  // What an answer ends with unless a verb knows better.
  struct Done {
    template <class Response>
    ExitCode operator()(const Response& /*response*/) const {
      return ExitCode::kOk;
    }
  };

  // As Reads, with --request-id. `judge(response)` is what the answer ends with.
  template <class Stub, class Request, class Response, class Flags, class Print, class Judge = Done>
  void Changes(const Verb& verb, UnaryMethod<Stub, Request, Response> method, Flags flags,
               Print print, Judge judge = {}) {
    CLI::App& app = AddVerb(verb);
    const auto request = std::make_shared<Request>();
    const Prepare prepare = Bind(flags, app, *request);
    AddRequestId(app, request->mutable_request_id());
    OnVerb(app, [=, advice = advice_](Invocation& invocation) {
      if (const absl::Status ready = prepare(invocation); !ready.ok()) {
        return invocation.Fail(ready, ExitCode::kUsage);
      }
      invocation.SettleRequestId(request->mutable_request_id());
      Response response;
      const ExitCode code =
          invocation.Call(method, *request, &response, advice(request->request_id()));
      if (code != ExitCode::kOk) return code;
      invocation.output().Show(response, print);
      return judge(response);
    });
  }

  // A page, or with --all every page, one JSON document a page. `add(output, table, response)`
  // turns a page into rows.
  template <class Stub, class Request, class Response, class Flags, class Add>
  void Lists(const Verb& verb, UnaryMethod<Stub, Request, Response> method, Flags flags,
             std::vector<Table::Column> columns, Add add) {
    CLI::App& app = AddVerb(verb);
    const auto request = std::make_shared<Request>();
    flags(app, *request);
    const auto all = std::make_shared<bool>(false);
    AddPaging(app, all.get(), request->mutable_page_token(),
              [request](int size) { request->set_page_size(size); });
    OnVerb(app, [=](Invocation& invocation) {
      if (*all && request->page_size() == 0) request->set_page_size(kPageSizeMax);
      Table table(columns);
      Response response;
      do {
        const ExitCode code = invocation.Call(method, *request, &response);
        if (code != ExitCode::kOk) return code;
        if (invocation.output().json()) {
          invocation.output().Json(response, !*all);
        } else {
          add(invocation.output(), table, response);
          invocation.output().Flush(table);
        }
        request->set_page_token(response.next_page_token());
      } while (*all && !response.next_page_token().empty());
      if (!invocation.output().json() && !response.next_page_token().empty()) {
        invocation.output().Line("more: --page-token " + response.next_page_token());
      }
      return ExitCode::kOk;
    });
  }

 private:
  template <class Flags, class Request>
  static Prepare Bind(Flags& flags, CLI::App& app, Request& request) {
    if constexpr (std::is_void_v<std::invoke_result_t<Flags&, CLI::App&, Request&>>) {
      flags(app, request);
      return [](const Invocation&) { return absl::OkStatus(); };
    } else {
      return flags(app, request);
    }
  }

  static void AddPaging(CLI::App& app, bool* all, std::string* page_token,
                        std::function<void(int)> set_page_size) {
    app.add_flag("--all", *all, "Every page");
    app.add_option("--page-token", *page_token, "From the previous answer");
    app.add_option_function<int>(
           "--page-size", [set_page_size](const int& size) { set_page_size(size); },
           "Rows of a page")
        ->check(CLI::Range(1, static_cast<int>(kPageSizeMax)));
  }

  CommandLine& line_;
  CLI::App& app_;
  const Advice advice_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_NOUN_H_
