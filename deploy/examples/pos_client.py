#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A till, to read, run and take from: docs/pos-integration.md says why it does what it does.

Python 3.11 with Debian's python3-grpcio and python3-protobuf; messages and stubs are generated from proto/ by Debian's
protobuf-compiler and protobuf-compiler-grpc. Options of the connection come before the verb:

  pos_client.py --target HOST:PORT --ca ca.pem --cert till.pem --key till.key
                --terminal merchants/…/terminals/… --memory till.json VERB …

  pay POINTS            the card number is read from standard input
  authorize POINTS      the same
  capture REFERENCE POINTS
  void REFERENCE
  refund REFERENCE POINTS
  settle                ends the call that has no outcome, if there is one

Every call is written to the till's memory before it is sent, with its request id and trace number, and stays there until its
outcome is known. A till that was switched off amid a call settles it before it does anything else. Standard output has one
JSON object per line.
Exit codes: 0 ok, 2 usage, 6 declined, 7 no outcome yet: settle, 8 the call before had been carried out, and this one was
not asked for: look first, it may be what you are about to ask for again.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import time
import uuid
from typing import Any

import grpc
from google.protobuf import json_format
from google.protobuf.message import Message

TRACE_MAX = 999_999
TRIES = 6
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0
# Worth another try.
NO_ANSWER = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.RESOURCE_EXHAUSTED)
# These say what became of the call. Whatever else leaves it open, also what refuses a copy at the door: an earlier copy
# may have come in.
OUTCOME_KNOWN = (
    grpc.StatusCode.FAILED_PRECONDITION,
    grpc.StatusCode.NOT_FOUND,
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.ALREADY_EXISTS,
)
EXIT_USAGE, EXIT_DECLINED, EXIT_UNKNOWN, EXIT_CARRIED_OUT = 2, 6, 7, 8


def generate(into: pathlib.Path, arguments: argparse.Namespace) -> None:
    """Makes the Python modules of the API in `into`, unless they are there. Nothing generated is checked in."""
    if not (into / "puhui/v1/pos_service_pb2_grpc.py").exists():
        into.mkdir(parents=True, exist_ok=True)
        found = sorted((arguments.protos / "puhui/v1").glob("*.proto"))
        protos = [str(path.relative_to(arguments.protos)) for path in found]
        command = [arguments.protoc, f"--plugin=protoc-gen-grpc_python={arguments.plugin}", "-I", arguments.protos]
        subprocess.run(command + ["--python_out", into, "--grpc_python_out", into] + protos, check=True)
    sys.path.insert(0, str(into))


class Memory:
    """What a till must not forget when it is switched off: its numbers, and the call that has no outcome yet."""

    def __init__(self, path: pathlib.Path) -> None:
        self.path = path
        self.known: dict[str, Any] = {"batch": 1, "trace": 0, "pending": None}
        if path.exists():
            self.known = json.loads(path.read_text())

    def keep(self) -> None:
        new = self.path.with_suffix(".new")
        with open(new, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            json.dump(self.known, file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        os.fsync(folder)  # Without this a power cut can bring the old file back.
        os.close(folder)

    def next_trace(self) -> None:
        """Numbers wrap, and a batch has each of them once."""
        if self.known["trace"] == TRACE_MAX:
            self.known["batch"] += 1
            self.known["trace"] = 0
        self.known["trace"] += 1


class Till:
    def __init__(self, arguments: argparse.Namespace) -> None:
        from puhui.v1 import errors_pb2, pos_service_pb2, pos_service_pb2_grpc

        self.api = pos_service_pb2
        self.errors = errors_pb2
        self.terminal: str = arguments.terminal
        self.seconds: float = arguments.seconds
        self.memory = Memory(arguments.memory)
        # The override is for a tunnel, or an address that the server's certificate does not name.
        options = [("grpc.ssl_target_name_override", arguments.server_name)] if arguments.server_name else []
        credentials = grpc.ssl_channel_credentials(
            root_certificates=arguments.ca.read_bytes(),
            private_key=arguments.key.read_bytes(),
            certificate_chain=arguments.cert.read_bytes(),
        )
        self.stub = pos_service_pb2_grpc.PosServiceStub(grpc.secure_channel(arguments.target, credentials, options))

    def fill(self, request: Message) -> Message:
        """The id and the numbers of a new call. Made once: whatever is sent again is this very message."""
        self.memory.next_trace()
        request.request_id = str(uuid.uuid4())
        request.till.terminal = self.terminal
        request.till.batch_number = self.memory.known["batch"]
        request.till.trace_number = self.memory.known["trace"]
        request.till.local_time.GetCurrentTime()
        return request

    def carry_out(self, verb: str, request: Message) -> Message:
        """Remembers, asks, and forgets once the outcome is known. A decline is an outcome."""
        self.fill(request)
        self.memory.known["pending"] = {
            "request_id": request.request_id,
            "batch": request.till.batch_number,
            "trace": request.till.trace_number,
        }
        self.memory.keep()
        try:
            response = self.ask(verb, request)
        except grpc.RpcError as error:
            if error.code() in OUTCOME_KNOWN:
                self.forget()
            raise
        self.forget()
        return response

    def forget(self) -> None:
        self.memory.known["pending"] = None
        self.memory.keep()

    def ask(self, verb: str, request: Message) -> Message:
        """The same message until somebody answers, or patience ends."""
        for tries in range(1, TRIES + 1):
            try:
                return getattr(self.stub, verb)(request, timeout=self.seconds)
            except grpc.RpcError as error:
                if error.code() not in NO_ANSWER or tries == TRIES:
                    raise
                longest = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (tries - 1))
                time.sleep(random.uniform(longest / 2, longest))
        raise AssertionError("unreachable")

    def settle(self) -> dict[str, Any]:
        """Ends the call that has no outcome. What the server has carried out or declined stands; what it does not know of is
        kept out for ever, so that a copy that is still under way takes nothing."""
        pending = self.memory.known["pending"]
        if pending is None:
            return {"settled": "nothing was open"}
        look = self.api.GetTransactionRequest(terminal=self.terminal, request_id=pending["request_id"])
        try:
            found = self.ask("GetTransaction", look)
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.NOT_FOUND:
                raise
            reverse = self.fill(self.api.ReverseRequest())
            reverse.original_request_id = pending["request_id"]
            self.memory.keep()
            undone = self.ask("Reverse", reverse)
            self.forget()
            return {"settled": "reversed", "originalFound": undone.original_found}
        self.forget()
        return {"settled": found.WhichOneof("outcome")} | json_format.MessageToDict(found)

    def reason(self, error: grpc.RpcError) -> str:
        """The stable name of why not. The text beside it is for people and may change."""
        for key, value in error.trailing_metadata() or ():
            if key != "grpc-status-details-bin":
                continue
            for detail in self.errors.RpcStatus.FromString(value).details:
                if detail.type_url.endswith("/google.rpc.ErrorInfo"):
                    return self.errors.ErrorInfo.FromString(detail.value).reason
        return error.code().name


def request_of(till: Till, arguments: argparse.Namespace) -> tuple[str, Message]:
    api = till.api
    if arguments.verb in ("pay", "authorize"):
        card = sys.stdin.readline().strip()
        if arguments.verb == "pay":
            return "Purchase", api.PurchaseRequest(card_number=card, points=arguments.points)
        return "Authorize", api.AuthorizeRequest(card_number=card, points=arguments.points)
    if arguments.verb == "capture":
        return "Capture", api.CaptureRequest(authorization_reference=arguments.reference, points=arguments.points)
    if arguments.verb == "void":
        return "Void", api.VoidRequest(authorization_reference=arguments.reference)
    return "Refund", api.RefundRequest(purchase_reference=arguments.reference, points=arguments.points)


def parse() -> argparse.Namespace:
    here = pathlib.Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description="a till")
    for flag in ("--target", "--terminal"):
        parser.add_argument(flag, required=True)
    for flag in ("--ca", "--cert", "--key", "--memory"):
        parser.add_argument(flag, required=True, type=pathlib.Path)
    parser.add_argument("--server-name", default="")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--protos", type=pathlib.Path, default=here / "proto")
    parser.add_argument("--generated", type=pathlib.Path, default=pathlib.Path("generated"))
    parser.add_argument("--protoc", default="protoc")
    parser.add_argument("--plugin", default="/usr/bin/grpc_python_plugin")
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb in ("pay", "authorize"):
        verbs.add_parser(verb).add_argument("points", type=int)
    for verb in ("capture", "refund"):
        one = verbs.add_parser(verb)
        one.add_argument("reference")
        one.add_argument("points", type=int)
    verbs.add_parser("void").add_argument("reference")
    verbs.add_parser("settle")
    return parser.parse_args()


def main() -> int:
    arguments = parse()
    try:
        generate(arguments.generated, arguments)
        till = Till(arguments)
    except (OSError, subprocess.CalledProcessError, ValueError) as error:
        print(f"pos_client.py: {error}", file=sys.stderr)
        return EXIT_USAGE
    try:
        if till.memory.known["pending"] is not None or arguments.verb == "settle":
            settled = till.settle()
            print(json.dumps(settled), flush=True)
            if arguments.verb == "settle":
                return 0
            if settled["settled"] not in ("reversed", "decline"):
                return EXIT_CARRIED_OUT
        verb, request = request_of(till, arguments)
        print(json.dumps(json_format.MessageToDict(till.carry_out(verb, request)), ensure_ascii=False))
        return 0
    except grpc.RpcError as error:
        print(json.dumps({"reason": till.reason(error)}))
        return EXIT_DECLINED if error.code() in OUTCOME_KNOWN else EXIT_UNKNOWN


if __name__ == "__main__":
    sys.exit(main())
