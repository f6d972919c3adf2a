#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A client of MemberService for HR systems, to read, run and take from: docs/hr-integration.md says why it does what it does.

Python 3.11 with Debian's python3-grpcio and python3-protobuf; messages and stubs are generated from proto/ by Debian's
protobuf-compiler and protobuf-compiler-grpc. Options of the connection come before the verb:

  hr_client.py --target HOST:PORT --ca ca.pem --cert hr.pem --key hr.key VERB …

  import roster.csv --union unions/fh-1     everybody of a file; again after a stream that broke
  enrol person.json --union unions/fh-1     one person: the JSON of NewMember; - reads standard input
  lookup ids.txt --union unions/fh-1        external ids, one a line; - reads standard input
  transfer members/… --union unions/fh-2
  leave members/…

Personal data, external ids included, comes from files and never from arguments, which every process of a machine can read,
and none of it is printed. Standard output has one JSON object per line.
Exit codes: 0 ok, 2 usage, 3 invalid, 4 not found, 5 not permitted, 6 refused by a rule (rows of a file too), 7 unavailable,
overloaded or out of time: ask again; 1 anything else.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import pathlib
import queue
import random
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import grpc
from google.protobuf import json_format
from google.protobuf.message import Message

PROTOS = ("member.proto", "member_service.proto", "errors.proto")
CHUNK_BYTES = 256 * 1024
# A whole roster takes seconds; this only ends a stream that nothing else ends.
IMPORT_SECONDS = 3600.0
# Eight tries within some twenty seconds: a server that restarts is back by then, one that is down is not hammered.
TRIES = 8
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0
# What leaves open whether the call was carried out. Asking again is safe because the request id is kept.
OUTCOME_UNKNOWN = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
EXIT_USAGE, EXIT_REFUSED, EXIT_AGAIN = 2, 6, 7
EXIT_CODES = {
    grpc.StatusCode.INVALID_ARGUMENT: 3,
    grpc.StatusCode.NOT_FOUND: 4,
    grpc.StatusCode.PERMISSION_DENIED: 5,
    grpc.StatusCode.UNAUTHENTICATED: 5,
    grpc.StatusCode.FAILED_PRECONDITION: EXIT_REFUSED,
    grpc.StatusCode.ALREADY_EXISTS: EXIT_REFUSED,
    grpc.StatusCode.ABORTED: EXIT_REFUSED,
    grpc.StatusCode.UNAVAILABLE: EXIT_AGAIN,
    grpc.StatusCode.DEADLINE_EXCEEDED: EXIT_AGAIN,
    grpc.StatusCode.RESOURCE_EXHAUSTED: EXIT_AGAIN,
}
# What of a member may be printed: nothing that says who it is.
SHOWN = ("name", "union", "state", "etag", "createTime", "cardBlocked")


class UsageError(Exception):
    """The command line, a file or the server is not what this program is for."""


def generate(into: pathlib.Path, arguments: argparse.Namespace) -> None:
    """Makes the Python modules of the API in `into`, unless they are there. From the protos of the server that is called,
    so that the two cannot drift apart; nothing generated is checked in."""
    if not (into / "puhui/v1/member_service_pb2_grpc.py").exists():
        into.mkdir(parents=True, exist_ok=True)
        plugin = f"--plugin=protoc-gen-grpc_python={arguments.plugin}"
        command = [arguments.protoc, plugin, "-I", arguments.protos, "--python_out", into, "--grpc_python_out", into]
        try:
            subprocess.run(command + [f"puhui/v1/{proto}" for proto in PROTOS], check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise UsageError(f"protoc failed: {error}") from error
    sys.path.insert(0, str(into))


class Client:
    """The connection, and how the server's answers are read."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        from puhui.v1 import errors_pb2, member_service_pb2, member_service_pb2_grpc

        self.api = member_service_pb2
        self.errors = errors_pb2
        self.seconds: float = arguments.seconds
        # The override is for a tunnel, or an address that the server's certificate does not name.
        options = [("grpc.ssl_target_name_override", arguments.server_name)] if arguments.server_name else []
        credentials = grpc.ssl_channel_credentials(
            root_certificates=arguments.ca.read_bytes(),
            private_key=arguments.key.read_bytes(),
            certificate_chain=arguments.cert.read_bytes(),
        )
        self.channel = grpc.secure_channel(arguments.target, credentials, options)
        self.stub = member_service_pb2_grpc.MemberServiceStub(self.channel)

    def call(self, method: Callable[..., Any], request: Message) -> Any:
        """One unary call. The same request goes out each time, its request id with it, so whichever copy arrives first is
        carried out and the others get its answer."""
        return persist(lambda: method(request, timeout=self.seconds))

    def reason(self, error: grpc.RpcError) -> dict[str, str]:
        """What the server gave as reason, from the google.rpc.Status in the trailers. The text beside it is for people and
        may change, so nothing here depends on it. Without such a status the call did not get as far as the service."""
        found: dict[str, str] = {}
        for key, value in error.trailing_metadata() or ():
            if key != "grpc-status-details-bin":
                continue
            # errors.proto has the messages of google.rpc under names of its own, so Any.Unpack would not know them.
            for detail in self.errors.RpcStatus.FromString(value).details:
                if detail.type_url.endswith("/google.rpc.ErrorInfo"):
                    found["reason"] = self.errors.ErrorInfo.FromString(detail.value).reason
                elif detail.type_url.endswith("/google.rpc.BadRequest"):
                    broken = self.errors.BadRequest.FromString(detail.value).field_violations
                    found["field"] = broken[0].field if broken else ""
        return found or {"transport": error.details() or "no text"}


def persist(attempt: Callable[[], Any]) -> Any:
    """Runs `attempt` until its outcome is known, or patience ends. Only an unknown outcome is worth another try: whatever else
    the server says, it says again. The pauses double, and are drawn at random so that many clients do not come back at once."""
    for tries in range(1, TRIES + 1):
        try:
            return attempt()
        except grpc.RpcError as error:
            if error.code() not in OUTCOME_UNKNOWN or tries == TRIES:
                raise
            longest = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (tries - 1))
            pause = random.uniform(longest / 2, longest)
            print(f"{error.code().name}, asking again in {pause:.1f} s", file=sys.stderr)
            time.sleep(pause)


def show(**fields: Any) -> None:
    """One JSON object on a line."""
    print(json.dumps(fields, ensure_ascii=False), flush=True)


def public(member: Message) -> dict[str, Any]:
    """A member without personal data. A list of what may be seen, so that a field of a later API stays hidden."""
    fields = json_format.MessageToDict(member)
    return {key: fields[key] for key in SHOWN if key in fields}


def read_text(path: str) -> str:
    """A file, or standard input for -."""
    return (sys.stdin.buffer.read() if path == "-" else pathlib.Path(path).read_bytes()).decode()


class Import:
    """One roster file on its way. The file's SHA-256 is the identity of the import, so there is no request id to keep: the same
    file sent again goes on where it stopped, and changes nothing a second time."""

    def __init__(self, client: Client, arguments: argparse.Namespace) -> None:
        self.client = client
        self.path: pathlib.Path = arguments.file
        with self.path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        self.start = client.api.ImportMembersRequest.Start(
            union=arguments.union,
            hr_system=arguments.hr_system,
            validate_only=arguments.validate_only,
            size_bytes=self.path.stat().st_size,
            sha256=sha256,
            only_refused=True,
        )

    def messages(self, offset: queue.SimpleQueue[int | None]) -> Iterator[Message]:
        """What is sent: the start, and when the server has said from where, the bytes. gRPC runs this on a thread of its own;
        None tells it that nothing will be wanted any more. A file that changed meanwhile does not fit its SHA-256 and is
        refused as a whole."""
        yield self.client.api.ImportMembersRequest(start=self.start)
        wanted = offset.get()
        if wanted is None:
            return
        with self.path.open("rb") as file:
            file.seek(wanted)
            while chunk := file.read(CHUNK_BYTES):
                yield self.client.api.ImportMembersRequest(chunk=chunk)

    def attempt(self) -> tuple[Message, list[Message]]:
        """One stream, to its summary and the rows that were refused. Each stream tells of the whole file, so what an earlier
        one told is dropped with it."""
        refused: list[Message] = []
        summary: Message | None = None
        offset: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        stream = self.client.stub.ImportMembers(self.messages(offset), timeout=IMPORT_SECONDS)
        try:
            for answer in stream:
                part = answer.WhichOneof("part")
                if part == "accepted":
                    offset.put(answer.accepted.offset)
                elif part == "verdicts":
                    refused += [row for row in answer.verdicts.results if row.reason]
                elif part == "progress":
                    print(f"{answer.progress.rows_done} of {answer.progress.rows} rows", file=sys.stderr)
                elif part == "summary":
                    summary = answer.summary
        finally:
            offset.put(None)
        if summary is None:
            raise UsageError("the server ended without a summary: is it of this version?")
        return summary, refused


def write_refused(path: pathlib.Path, rows: list[Message]) -> None:
    """The rows to mend, as a spreadsheet opens them. The server says what a value looks like and never the value."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("line", "field", "reason", "shape"))
        writer.writerows((row.row, row.field, row.reason, row.shape) for row in rows)


def run_import(client: Client, arguments: argparse.Namespace) -> int:
    """Enrols everybody of a file. Rows that were refused are for people to mend: they make a file of their own."""
    summary, refused = persist(Import(client, arguments).attempt)
    if refused:
        write_refused(arguments.refused, refused)
        print(f"refused rows are in {arguments.refused}", file=sys.stderr)
    show(**json_format.MessageToDict(summary, including_default_value_fields=True))
    return EXIT_REFUSED if summary.refused else 0


def run_enrol(client: Client, arguments: argparse.Namespace) -> int:
    """Enrols one person, or takes somebody back who had left."""
    request = client.api.CreateMemberRequest(request_id=arguments.request_id, union=arguments.union)
    try:
        json_format.Parse(read_text(arguments.file), request.member)
    except json_format.ParseError:
        # Its text may quote the value.
        raise UsageError("the person is not the JSON of a NewMember") from None
    request.member.hr_system = arguments.hr_system or request.member.hr_system
    response = client.call(client.stub.CreateMember, request)
    show(**public(response.member), cameBack=response.came_back)
    return 0


def run_lookup(client: Client, arguments: argparse.Namespace) -> int:
    """Which member an external id leads to. Lines are named by their number: the id is personal data."""
    code = 0
    for line, text in enumerate(read_text(arguments.file).splitlines(), start=1):
        key = client.api.ExternalKey(union=arguments.union, hr_system=arguments.hr_system, external_id=text.strip())
        try:
            found = client.call(client.stub.LookupMember, client.api.LookupMemberRequest(external=key))
            show(line=line, **public(found.member))
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.NOT_FOUND:
                raise
            show(line=line, **client.reason(error))
            code = EXIT_CODES[error.code()]
    return code


def run_transfer(client: Client, arguments: argparse.Namespace) -> int:
    """Moves a member to another union, wallet and all."""
    request = client.api.TransferMemberRequest(
        request_id=arguments.request_id, name=arguments.member, union=arguments.union, hr_system=arguments.hr_system
    )
    if arguments.external_id_file:
        request.external_id = read_text(arguments.external_id_file).strip()
    show(**public(client.call(client.stub.TransferMember, request).member))
    return 0


def run_leave(client: Client, arguments: argparse.Namespace) -> int:
    """Lets a member go. What becomes of the points is the union's policy."""
    request = client.api.RemoveMemberRequest(request_id=arguments.request_id, name=arguments.member)
    response = client.call(client.stub.RemoveMember, request)
    show(**public(response.member), returnedPoints=response.returned_points)
    return 0


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", required=True, help="HOST:PORT of puhuid")
    parser.add_argument("--ca", required=True, type=pathlib.Path, help="who signed the server's certificate")
    parser.add_argument("--cert", required=True, type=pathlib.Path, help="this system's certificate, with its SPIFFE URI")
    parser.add_argument("--key", required=True, type=pathlib.Path)
    parser.add_argument("--server-name", help="the name in the server's certificate, when it is not that of the target")
    parser.add_argument("--seconds", type=float, default=10.0, help="deadline of one call (default %(default)s)")
    parser.add_argument("--protos", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2] / "proto")
    parser.add_argument("--generated", type=pathlib.Path, help="keep generated modules here (default: made for each run)")
    parser.add_argument("--protoc", default="protoc")
    parser.add_argument("--plugin", default="/usr/bin/grpc_python_plugin", help="default: %(default)s")
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    def verb(name: str, run: Callable[[Client, argparse.Namespace], int], *, changes: bool) -> argparse.ArgumentParser:
        one = verbs.add_parser(name, help=run.__doc__, description=run.__doc__)
        one.set_defaults(run=run, request_id=None)
        if changes:
            # Made once, here: a new one for each try would be a new call each time.
            one.add_argument("--request-id", default=str(uuid.uuid4()), help="of an earlier run whose outcome is unknown")
        return one

    into = verb("import", run_import, changes=False)
    into.add_argument("file", type=pathlib.Path)
    into.add_argument("--validate-only", action="store_true", help="only say what would happen")
    into.add_argument("--refused", type=pathlib.Path, default=pathlib.Path("refused.csv"), help="default: %(default)s")
    enrol = verb("enrol", run_enrol, changes=True)
    enrol.add_argument("file")
    lookup = verb("lookup", run_lookup, changes=False)
    lookup.add_argument("file")
    transfer = verb("transfer", run_transfer, changes=True)
    transfer.add_argument("member")
    transfer.add_argument("--external-id-file", help="has the new union's own number for the person; - for standard input")
    for one in (into, enrol, lookup, transfer):
        one.add_argument("--union", required=True)
        one.add_argument("--hr-system", default="", help="the HR system that external ids are of")
    verb("leave", run_leave, changes=True).add_argument("member")
    return parser.parse_args()


def main() -> int:
    """Runs one verb, and says in one line what it came to."""
    arguments = parse()
    try:
        with tempfile.TemporaryDirectory() as made_here:
            generate(arguments.generated or pathlib.Path(made_here), arguments)
            client = Client(arguments)
        with client.channel:
            if arguments.request_id:
                # Before anything is sent: whoever stops this program can repeat the call all the same.
                print(f"--request-id {arguments.request_id}", file=sys.stderr)
            try:
                return arguments.run(client, arguments)
            except grpc.RpcError as error:
                show(code=error.code().name, **client.reason(error))
                return EXIT_CODES.get(error.code(), 1)
    except UnicodeDecodeError:
        print("hr_client: want UTF-8", file=sys.stderr)
    except (UsageError, OSError) as error:
        print(f"hr_client: {error}", file=sys.stderr)
    return EXIT_USAGE


if __name__ == "__main__":
    sys.exit(main())
