#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks a bundle of records: a second verifier, written from docs/audit-format.md alone.

    verify_bundle.py --key checkpoint.vkey [--chain checkpoint.chain] [--witness VKEY]... [--quorum N] [--after CHECKPOINT]
                     bundle.phb...

Needs Python 3.9 and python3-cryptography. Exit code 0: all fits; 1: the file cannot be read; 2: usage; 8: something does
not fit, and a line says which record; 9: it does not go on from the earlier checkpoint; 10: that cannot be told from it. Of
several bundles each has its line, and the last code that is not 0 is the program's.
"""
import argparse
import base64
import bisect
import hashlib
import re
import struct
import sys
from datetime import datetime, timezone

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

POINTS_MAX = 10**15
FRAME_MAX = 16 << 20
ROWS_MAX = 4096
CHAIN_MAX = 1000
CHAIN_BYTES_MAX = CHAIN_MAX * 2048
CHECKPOINT_MAX = 16384
COSIGNATURE_SIZE = 4 + 8 + 64
EARMARKED = 1 << 31
HEADER, CHECKPOINT, CONSISTENCY, FRONTIER, OPENING, OPENING_LOTS, EARLIER, SEGMENT, CLOSING, CLOSING_LOTS = range(1, 11)
SCOPE, SCOPE_OWNERS, PART_RECORD, END = 11, 12, 13, 15
PART_ORDER = [SCOPE, SCOPE_OWNERS, OPENING, PART_RECORD, CLOSING]
FUNDING, BUDGET, CAMPAIGN, WALLET, HELD, PAYABLE, FEE, PAYOUT, EXPIRED = range(1, 10)
PART_OF_UNION = [(FUNDING, BUDGET, EXPIRED), (CAMPAIGN,), (WALLET, HELD)]  # whoever has one has all of these
PART_OF_MERCHANT = [(PAYABLE, FEE, PAYOUT)]
KINDS = 10
UNION_LEVELS = 8
DEPTH_MAX = 100
REQUESTS_KEPT_DAYS = 35
PLAN_ROW = 24
DAY_MICROS = 86_400_000_000
LIFE_EVENTS = (b"birthday", b"marriage", b"birth", b"illness", b"retirement")


class Misfit(Exception):
    """Something does not fit."""


class RecordMisfit(Misfit):
    """A record that does not fit."""

    def __init__(self, sequence, why):
        super().__init__(f"record {sequence}: {why}")


def want(condition, why):
    if not condition:
        raise Misfit(why)


# --- What a record is.

# Of record.proto, each message's fields that are messages (3=Request; 8|Entry where one of several is there), texts (1$)
# and lists of numbers (1*). A test compares it with the schema.
SCHEMA = """
Record: 3=Request 8|Entry 9|UnionCreated 10|FundingProposed 11|MemberJoined 12|MemberBatch 13|CampaignCreated
14|PlanRows 15|PlanCompleted 16|CampaignSubmitted 17|IssueStarted 18|RowRefused 19|IssueFinished 20|ExpiryAdvanced
21|MerchantRegistered 22|StoreCreated 23|TerminalEnrolled 24|TerminalBlocked 25|Declined 26|Tombstone 27|PlanStarted
28|RequestsForgotten 30|UnionUpdated 31|UnionMoved 32|UnionClosed 33|FundingRejected 40|MemberChanged 41|MemberRevealed
42|ApplicationSubmitted 43|ApplicationDecided 44|KeyRotationStarted 45|KeyRotationAdvanced 46|MembersExported
50|CampaignUpdated 51|ApprovalGiven 52|CampaignRejected 53|CampaignCancelled 54|ApprovalsVoided 55|IssuePaused
56|IssueResumed 57|CampaignClosed 60|RulePackLoaded 70|ClawBackProposed 71|ClawBackDecided 72|ClawBackAdvanced
80|AgreementMade 81|MerchantStateChanged 82|TerminalStateChanged 83|TerminalRenewed 84|EnrolmentCodeMade
85|EnrolmentCodeRefused 86|MerchantApplied 87|MerchantDecided 90|LimitsChanged 91|DeviceEnrolled 92|DeviceRevoked
95|BillCreated 96|BillCancelled 100|BatchClosed 110|DayCut 111|StatementAgreed 112|LinesDisputed 113|ResolutionProposed
114|DisputeDismissed 120|BankAccountProposed 121|BankAccountDecided 122|PayoutRunCreated 123|PayoutRunApproved
124|PayoutRunCancelled 125|PayoutRunExported 126|BankAnswered 127|PaymentCorrectionProposed 128|PaymentCorrectionDecided
140|OfferCreated 141|OfferChanged 142|OfferMoved 143|OfferRestocked 144|NoticePublished 145|NoticeWithdrawn
147|OrderShipped 148|OrderFulfilled 149|VoucherRedeemed 150|VoucherTransferred 151|VoucherCodesAdded 157|MallEnabled
158|MallChanged 159|MallLinked 160|MallUnlinked 161|OffersViewed 165|StoreLocated 170|MandateGranted 171|MandateRevoked
173|PeriodClosed 174|PeriodLines Request: 1$ Entry: 1=Posting 3=LotChange 4|FundingConfirmed 5|CampaignApproved 6|Grant
7|Purchase 8|Refund 9|Reversal 10|Expiry 11|ReservationReturned 12|Authorization 13|Purchase 14|Void
15|AuthorizationExpiry 20|LotReturned 21|ClawedBack 22|Adjustment 25|PayoutPaid 26|PayoutReturned 16=BudgetMoved
17=BudgetMoved 50=BusinessDay BusinessDay: 5$ Adjustment: 5$ FundingConfirmed: 3$ CampaignApproved: 3$ Grant:
7=GrantRules GrantRules: 1$ Purchase: 1=Till 5$ 6$ 9=BasketLine 30=UsedCode 70=OrderPlaced 71=OrderAccepted 157$
BasketLine: 4=LinePart Authorization: 1=Till 4$ 5$ 7=BasketLine 30=UsedCode 70=OrderPlaced Void: 1=Till 70=OrderEnded
Refund: 1=Till 6=LineRefund 7=FeeAdjustment 70=OrderReturned 157$ 158$ OrderPlaced: 6$ 7=OwnMoney 9=OrderVoucher
OwnMoney: 2$ 3$ OrderAccepted: 2$ OrderEnded: 2$ 3$ OrderReturned: 3$ 4$ OrderShipped: 2$ 3$ OrderFulfilled: 2$
VoucherRedeemed: 1=Till VoucherCodesAdded: 4$ Reversal: 1=Till 5=FeeAdjustment UnionCreated: 2$ 5$ 6$ UnionSettings: 1$
2$ 3=ApprovalPolicy 5$ UnionProfile: 1$ 3=UnionSettings UnionUpdated: 3=UnionProfile 4=UnionProfile FundingProposed: 3$
4$ FundingRejected: 3$ 4$ MemberJoined: 4$ MemberChanged: 8|MemberSuspended 9|MemberReinstated 10|MemberLeft
11|MemberCameBack 12|MemberTransferred 13|PersonalDataUpdated 14|CardIssued 15|CardBlocked 16|PersonalDataErased
PersonalDataUpdated: 1$ CardIssued: 2$ MemberRevealed: 2$ 3$ 4$ MembersExported: 2$ 3$ ApplicationSubmitted: 4$
ApplicationDecided: 3$ 4$ MemberBatch: 3=MemberBatchRow MemberBatchRow: 5$ CampaignCreated: 2$ 4$ 5$ 6=Terms 7$
CampaignDetails: 1$ 2$ 3=Terms CampaignUpdated: 2=CampaignDetails 3=CampaignDetails 4$ Terms: 2* 23$ 24* 25* 26* 28*
31=Earmark Earmark: 2* 3* PlanStarted: 3$ PlanRows: 5=PlanRowReason PlanRowReason: 2$ CampaignSubmitted: 3$ 4$
ApprovalGiven: 3$ CampaignRejected: 2$ 3$ CampaignCancelled: 2$ 3$ IssueStarted: 4=RuleFrame 5$ RuleFrame: 1$ 3$ 6* 8*
9* IssuePaused: 2$ IssueResumed: 2$ CampaignClosed: 2$ RulePackLoaded: 1$ 4$ 5=PackRules PackRules: 1$ 2$ 5*
7=PackIssuerCap 9=PackOccasion 12* 15=PackLifeEvent 16* 17* PackOccasion: 1$ PackLifeEvent: 1$ ClawBackProposed: 2* 4$
5$ ClawBackDecided: 3$ 4$ RowRefused: 4=RuleBroken RuleBroken: 5=GrantRules MerchantRegistered: 2$ 3$ 50$ StoreCreated:
2$ 3$ 20$ StoreLocated: 2$ TerminalEnrolled: 3$ 4$ 5$ AgreementMade: 8$ MerchantStateChanged: 3$ 4$ TerminalRenewed: 2$
EnrolmentCodeMade: 2$ 3$ 6$ EnrolmentCodeRefused: 2$ MerchantApplied: 1=MerchantRegistered 2$ MerchantDecided: 3$ 5$
Declined: 1=Till 31=LimitHit LimitsChanged: 4=Limit 5=Limit 6$ DeviceRevoked: 3$ BillCreated: 1=Till 3=BasketLine
BillCancelled: 1=Till Tombstone: 1=Till BatchClosed: 4=BatchTotal 5=BatchTotal DayCut: 2=BusinessDay 9=DayFigures 12$
13$ StatementAgreed: 4$ LinesDisputed: 3=DisputedLine 4$ DisputedLine: 2$ ResolutionProposed: 6$ 7$ DisputeDismissed: 4$
BankAccountProposed: 4$ 5$ BankAccountDecided: 5$ 6$ RunPayment: 6=PayoutSum 8=PayoutSum PayoutRunCreated: 2$
4=RunPayment 5$ PayoutRunApproved: 2$ PayoutRunCancelled: 2$ 3$ PayoutRunExported: 4$ BankAnswered: 3=PaymentAnswer 4$
5* PaymentAnswer: 3$ 4$ PaymentCorrectionProposed: 4$ 5$ 6$ PaymentCorrectionDecided: 5$ 6$ Audience: 1* 2$ 3$ 6*
DayWindow: 3$ OfferComponent: 1$ OfferPicture: 2$ OfferContent: 1$ 2$ 8=OfferComponent 10$ 11$ 13* 14=Audience
15=DayWindow 17=OfferPicture 18* OfferCreated: 3=OfferContent 5$ OfferChanged: 3=OfferContent 5$ OfferMoved:
4=OfferContent 5$ 6$ OfferRestocked: 5$ NoticePublished: 3$ 4$ 5=Audience 6=DayWindow 7$ NoticeWithdrawn: 2$
MallEnabled: 5$ MallChanged: 5$ 6$ MallLinked: 1=Till 3=UsedCode OffersViewed: 1=OfferViews OfferViews: 3*
MandateGranted: 1$ 5$ 7$ MandateRevoked: 1$ 2$ PeriodClosed: 6$ 8=PeriodCount 9=PeriodLine 13$ PeriodLines: 2=PeriodLine
"""


class Fields:
    """Of a message, the fields that have a form of their own."""

    def __init__(self):
        self.messages, self.texts, self.lists, self.one_of = {}, set(), set(), set()

    def add(self, number, form, name):
        if form in "=|":
            self.messages[number] = name
            if form == "|":
                self.one_of.add(number)
        else:
            (self.texts if form == "$" else self.lists).add(number)


def schema_of(text):
    messages = {}
    for word in text.split():
        if word.endswith(":"):
            fields = messages.setdefault(word[:-1], Fields())
        else:
            number, form, name = re.fullmatch(r"(\d+)([=|$*])(\w*)", word).groups()
            fields.add(int(number), form, name)
    return messages


FIELDS = schema_of(SCHEMA)
NO_FIELDS = Fields()


# --- Bytes: protocol buffers, CRC-32C, the tree of RFC 9162.


def fields_in(data, depth=0):
    """Number, wire type and value of each field; a group has no value. Depth is how many messages this one is in."""
    at, groups = 0, []
    while at < len(data):
        tag, at = short_varint(data, at)
        number, wire = tag >> 3 & (1 << 29) - 1, tag & 7
        want(number > 0, "it is no record")
        value, outermost = None, not groups
        if wire == 0:
            value, at = varint(data, at)
        elif wire == 2:
            size, at = short_varint(data, at)
            value, at = data[at:at + size], at + size
        elif wire in (1, 5):
            size = 8 if wire == 1 else 4
            value, at = data[at:at + size], at + size
        elif wire == 3:
            groups.append(number)
            want(depth + len(groups) <= DEPTH_MAX, "it is no record")
        else:
            want(wire == 4 and groups and groups.pop() == number, "it is no record")
            continue
        want(at <= len(data), "it is no record")
        if outermost:
            yield number, wire, value
    want(not groups, "it is no record")


def check_form(data, name, depth=0):
    """That the bytes are a message of that name, with all that is in it."""
    fields = FIELDS.get(name, NO_FIELDS)
    want(depth <= DEPTH_MAX, "it is no record")
    for number, wire, value in fields_in(data, depth):
        if wire != 2:
            continue
        if number in fields.messages:
            check_form(value, fields.messages[number], depth + 1)
        elif number in fields.texts:
            try:
                value.decode("utf-8")
            except UnicodeDecodeError:
                raise Misfit("it is no record") from None
        elif number in fields.lists:
            at = 0
            while at < len(value):
                _, at = varint(value, at)


def record_of(data):
    check_form(data, "Record")
    return Record(data)


class Message:
    """The fields of one message: the last value of a number, all values of a list. As protocol buffers have it, a field of
    another wire type than is asked for is not there, and a number of 32 bits is the lowest 32 of what was written. Of
    the messages that are one of several the last is there."""

    one_of = ()

    def __init__(self, data):
        self.fields = {}  # by number and wire type
        last = 0
        for number, wire, value in fields_in(data):
            if wire == 2 and number in self.one_of:
                if number != last:
                    self.fields.pop((last, 2), None)
                last = number
            self.fields.setdefault((number, wire), []).append(value)

    def has(self, number):
        """Whether a message is there."""
        return (number, 2) in self.fields

    def has_number(self, number):
        return (number, 0) in self.fields

    def uint(self, number):
        return self.fields.get((number, 0), [0])[-1]

    def uint32(self, number):
        return self.uint(number) & 0xFFFFFFFF

    def int(self, number):
        value = self.uint(number)
        return value - (1 << 64) if value >> 63 else value

    def sint(self, number):
        value = self.uint(number)
        return (value >> 1) ^ -(value & 1)

    def sint32(self, number):
        value = self.uint32(number)
        return (value >> 1) ^ -(value & 1)

    def bytes(self, number):
        return self.fields.get((number, 2), [b""])[-1]

    def all(self, number):
        return [Message(value) for value in self.fields.get((number, 2), [])]

    def one(self, number):
        return Message(b"".join(self.fields.get((number, 2), [])))

    def first(self, wanted):
        """Which of several is there, or else the first field whose number is wanted; 0: there is none."""
        known = (number for number, wire in self.fields if wire == 2 and number in self.one_of)
        return next(known, 0) or next((number for number, _ in self.fields if wanted(number)), 0)

    def numbers(self, number):
        """A list of numbers of 32 bits, packed or one by one."""
        found = [value & 0xFFFFFFFF for value in self.fields.get((number, 0), [])]
        for packed in self.fields.get((number, 2), []):
            at = 0
            while at < len(packed):
                value, at = varint(packed, at)
                found.append(value & 0xFFFFFFFF)
        return found


class Entry(Message):
    """Why points moved is one of these."""

    one_of = FIELDS["Entry"].one_of


class Record(Message):
    """What happened is one of these, or something that a later version writes."""

    one_of = FIELDS["Record"].one_of

    def entry(self):
        return Entry(b"".join(self.fields.get((8, 2), [])))


def varint(data, at):
    if at < len(data) and data[at] < 0x80:  # most have one byte
        return data[at], at + 1
    value = 0
    for shift in range(0, 70, 7):
        want(at < len(data), "it is no record")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & ((1 << 64) - 1), at
    raise Misfit("it is no record")


def short_varint(data, at):
    """Of a tag or a size, which have 5 bytes at most."""
    value, end = varint(data, at)
    want(end - at <= 5, "it is no record")
    return value, end


CRC_TABLE = []
for crc in range(256):
    for _ in range(8):
        crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    CRC_TABLE.append(crc)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = CRC_TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def leaf_hash(record):
    return sha256(b"\x00", record)


def node_hash(left, right):
    return sha256(b"\x01", left, right)


EMPTY_ROOT = sha256()


def inclusion_holds(leaf, index, size, path, root):
    """RFC 9162, 2.1.3.2."""
    if index >= size:
        return False
    fn, sn, node = index, size - 1, leaf
    for step in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            node = node_hash(step, node)
            while fn and not fn & 1:
                fn >>= 1
                sn >>= 1
        else:
            node = node_hash(node, step)
        fn >>= 1
        sn >>= 1
    return sn == 0 and node == root


def consistency_holds(first, first_root, second, second_root, path):
    """RFC 9162, 2.1.4.2. The first tree is not empty."""
    if first == second:
        return not path and first_root == second_root
    if not path:
        return False
    path = list(path)
    if first & (first - 1) == 0:
        path.insert(0, first_root)
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn >>= 1
        sn >>= 1
    fr = sr = path[0]
    for step in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(step, fr), node_hash(step, sr)
            while fn and not fn & 1:
                fn >>= 1
                sn >>= 1
        else:
            sr = node_hash(sr, step)
        fn >>= 1
        sn >>= 1
    return sn == 0 and fr == first_root and sr == second_root


class Frontier:
    """The complete subtrees of a tree that grows, the largest first."""

    def __init__(self, size=0, smallest_first=()):
        self.size = size
        heights = [h for h in range(64) if size >> h & 1]
        self.nodes = list(reversed(list(zip(heights, smallest_first))))

    def append(self, leaf):
        node, height = leaf, 0
        while self.nodes and self.nodes[-1][0] == height:
            node = node_hash(self.nodes.pop()[1], node)
            height += 1
        self.nodes.append((height, node))
        self.size += 1

    def root(self):
        if not self.nodes:
            return EMPTY_ROOT
        root = self.nodes[-1][1]
        for _, node in reversed(self.nodes[:-1]):
            root = node_hash(node, root)
        return root


# --- Checkpoints.


class Key:
    def __init__(self, text, kind=1):
        text = text[:-1] if text.endswith("\n") else text
        match = re.fullmatch(r"([!-*,-~]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)", text)
        raw = base64.b64decode(match.group(3), validate=True) if match else b""
        self.hash = sha256(match.group(1).encode(), b"\n", raw)[:4] if match else b""
        if (len(raw) != 33 or raw[0] != kind or self.hash.hex() != match.group(2)
                or base64.b64encode(raw).decode() != match.group(3)):
            raise ValueError("want a key as <name>+<hash, hex>+<key, base 64>")
        self.name, self.raw = match.group(1), raw
        self.public = Ed25519PublicKey.from_public_bytes(raw[1:])


def strict_base64(text):
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raise Misfit("a signature is not base 64") from None
    want(base64.b64encode(raw).decode() == text, "it is not in its canonical form")
    return raw


def parse_checkpoint(note, key):
    want(len(note) <= CHECKPOINT_MAX, "it is too long")
    text, gap, signatures = note.partition(b"\n\n")
    want(gap and signatures.endswith(b"\n"), "want an empty line before the signatures")
    text += b"\n"
    verified = False
    for line in signatures[:-1].split(b"\n"):
        match = re.fullmatch(rb"\xe2\x80\x94 ([!-*,-~]+) ([A-Za-z0-9+/=]+)", line)
        want(match, "want a signature line")
        name, raw = match.group(1), strict_base64(match.group(2).decode())
        want(len(raw) > 4, "a signature is not base 64")
        if raw[:4] != sha256(name, b"\n", key.raw)[:4]:
            continue
        try:
            key.public.verify(raw[4:], text)
        except InvalidSignature:
            raise Misfit("its signature does not verify") from None
        verified = True
    want(verified, "it is not signed by the expected key")
    match = re.fullmatch(rb"([ -~]+)\n(0|[1-9][0-9]{0,19})\n([A-Za-z0-9+/=]{44})\n"
                         rb"time (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)\n", text)
    want(match, "it is not in its canonical form")
    root = strict_base64(match.group(3).decode())
    want(len(root) == 32, "its root is no hash")
    return match.group(1), int(match.group(2)), root


def parse_checkpoint_of(note, keys):
    """The origin, size and root of what one of the keys has signed."""
    error = Misfit("there is no key to check it with")
    for key in keys:
        try:
            return parse_checkpoint(note, key)
        except Misfit as misfit:
            error = misfit
    raise error


def signature_lines(note):
    """The name, and the hash of the key and signature, of each line; of a note that was parsed."""
    for line in note.partition(b"\n\n")[2][:-1].split(b"\n"):
        _, name, encoded = line.split(b" ")
        yield name.decode(), strict_base64(encoded.decode())


class Witnesses:
    def __init__(self, keys, quorum):
        self.keys, self.quorum = keys, quorum
        self.found = []  # (size, name, time or None)
        self.most = 0  # under one checkpoint that covers the records

    def look(self, note, size, last):
        text = note.partition(b"\n\n")[0] + b"\n"
        names, keys = set(), set()
        for key in self.keys:
            time = self.signed_at(note, text, key)
            if time is not None and key.raw not in keys:
                names.add(key.name)
                keys.add(key.raw)
                self.found.append((size, key.name, time))
        if size >= last:
            self.most = max(self.most, len(keys))
        for name, raw in signature_lines(note):
            if name not in names and len(raw) == COSIGNATURE_SIZE:
                names.add(name)
                self.found.append((size, name, None))

    @staticmethod
    def signed_at(note, text, key):
        time = None
        for name, raw in signature_lines(note):
            if name != key.name or raw[:4] != key.hash:
                continue
            want(len(raw) == COSIGNATURE_SIZE, "a cosignature has the wrong length")
            time = int.from_bytes(raw[4:12], "big")
            try:
                key.public.verify(raw[12:], b"cosignature/v1\ntime %d\n" % time + text)
            except InvalidSignature:
                raise Misfit("a cosignature does not verify") from None
            want(time < 1 << 63, "a cosignature does not verify")
        return time

    def check_quorum(self):
        want(self.most >= self.quorum,
             f"too few witnesses have signed: want {self.quorum}, found {self.most}")


def is_succession_time(line):
    match = re.fullmatch(rb"time (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d{6}Z", line)
    try:
        return bool(match and datetime.strptime(match.group(1).decode(), "%Y-%m-%dT%H:%M:%S"))
    except ValueError:
        return False


def link_signed_by(line, text, key):
    before = b"\xe2\x80\x94 " + key.name.encode() + b" "
    try:
        raw = base64.b64decode(line[len(before):], validate=True)
        if line != before + base64.b64encode(raw) or len(raw) != 68 or raw[:4] != key.hash:
            return False
        key.public.verify(raw[4:], text)
        return True
    except (ValueError, InvalidSignature):
        return False


def keys_of_chain(chain, trusted):
    """The trusted keys, and those that a key chain leads to from one of them."""
    if not chain:
        return trusted
    lines, links = chain.split(b"\n"), chain.count(b"\n") // 8
    want(len(lines) == links * 8 + 1 and not lines[-1], f"key {links + 1} of the chain: it is cut short")
    want(links <= CHAIN_MAX, f"key {links} of the chain: there are too many")
    keys = []
    for number in range(2, links + 2):
        link = lines[(number - 2) * 8:(number - 1) * 8]
        at = f"key {number} of the chain:"
        try:
            earlier, later = Key(link[2].decode("ascii")), Key(link[3].decode("ascii"))
        except ValueError:
            raise Misfit(f"{at} it is not in its canonical form") from None
        want([link[0], link[1], link[5]] == [b"puhui key succession", str(number).encode(), b""]
             and is_succession_time(link[4]), f"{at} it is not in its canonical form")
        keys = keys or [earlier]
        want(keys[-1].raw == earlier.raw, f"{at} it does not come after the one before it")
        text = b"".join(line + b"\n" for line in link[:5])
        want(link_signed_by(link[6], text, earlier), f"{at} not signed by the earlier")
        want(link_signed_by(link[7], text, later), f"{at} not signed by the new one")
        keys.append(later)
    want({key.raw for key in keys} & {key.raw for key in trusted},
         "the chain of checkpoint keys does not have the trusted key in it")
    return trusted + keys


# --- What accounts and lots hold.


def checked_points(points):
    want(abs(points) <= POINTS_MAX, "too many points")
    return points


def checked_sum(points):
    want(-(1 << 63) <= points < 1 << 63, "a sum of points overflows")
    return points


def within_bound(kind, balance):
    if kind == FUNDING:
        return balance <= 0
    return balance >= 0 or kind in (PAYABLE, FEE)


def balanced_postings(entry):
    postings = entry.all(1)
    want(2 <= len(postings) <= 64, "an entry of too few or too many postings")
    sums = {}
    for posting in postings:
        want(posting.sint(5) != 0, "a posting of nothing")
        checked_points(posting.sint(5))
        want(0 < posting.uint32(1) <= KINDS, "a posting of an unknown kind")
        sums[posting.uint32(4)] = sums.get(posting.uint32(4), 0) + posting.sint(5)
    want(not any(sums.values()), "an entry that is not balanced")
    return postings


class Books:
    def __init__(self):
        self.accounts = {}  # (kind, owner, origin): points; the owner in 16 bytes
        self.payable = {}  # by merchant
        self.lots = {}  # member: {number: [campaign, origin, granted, remaining, held, expiry]}
        self.postings = 0

    def open_balance(self, row):
        kind, owner, origin, points = struct.unpack(">B16sIq", row)
        want(0 < kind <= KINDS and points != 0, "malformed balance")
        want(within_bound(kind, points), "an opening balance is beyond its bound")
        checked_points(points)
        self.accounts[kind, owner, origin] = points
        if kind == PAYABLE:
            merchant = int.from_bytes(owner[8:], "big")
            self.payable[merchant] = checked_sum(self.payable.get(merchant, 0) + points)

    def open_lot(self, row):
        member, number, campaign, origin, granted, remaining, held, expiry = struct.unpack(">16sIIIqqqq", row)
        want(0 < remaining <= granted and 0 <= held <= remaining, "malformed lot")
        checked_points(granted)
        self.lots.setdefault(member, {})[number] = [campaign, origin, granted, remaining, held, expiry]

    def check_opening(self):
        sums, off = {}, {}
        for (kind, owner, origin), points in self.accounts.items():
            sums[origin] = sums.get(origin, 0) + points
            if kind in (WALLET, HELD):
                off[kind, owner, origin] = points
        want(not any(sums.values()), "the opening balances do not sum to zero")
        for member, lots in self.lots.items():
            for _, origin, _, remaining, held, _ in lots.values():
                for kind, points in ((HELD, held), (WALLET, remaining - held)):
                    off[kind, member, origin] = off.get((kind, member, origin), 0) - points
        want(not any(off.values()), "the opening lots are not what the wallets hold")

    def apply(self, entry, time):
        points, held = self.post(entry)
        member = entry.bytes(2)
        if not member:
            want(not entry.has(3) and not entry.has(6), "lots of nobody")
            return
        want(len(member) == 16, "an entry without its member")
        lots = self.lots.setdefault(member, {})
        if entry.has(6):
            points -= self.grant(entry, lots)
        spends = entry.has(7) or entry.has(12)
        for change in entry.all(3):
            moved, more_held = checked_points(change.sint(2)), checked_points(change.sint(7))
            points -= moved
            held -= more_held
            self.change(change, lots, time if spends else None)
        want(points == 0 and held == 0, "the lots change by other points than the wallet")
        if not lots:
            del self.lots[member]

    def post(self, entry):
        postings = balanced_postings(entry)
        member_points, member_held = 0, 0
        for posting in postings:
            kind, points = posting.uint32(1), posting.sint(5)
            owner = struct.pack(">QQ", 0, posting.uint(2))
            if kind in (WALLET, HELD):
                owner = posting.bytes(3)
                want(len(owner) == 16 and owner == entry.bytes(2), "a posting of another member")
                member_points += points
                if kind == HELD:
                    member_held += points
            account = kind, owner, posting.uint32(4)
            balance = self.accounts.get(account, 0) + points
            want(within_bound(kind, balance), f"an account comes to {balance}")
            checked_points(balance)
            if balance:
                self.accounts[account] = balance
            else:
                self.accounts.pop(account, None)
            if kind == PAYABLE:
                self.payable[posting.uint(2)] = checked_sum(self.payable.get(posting.uint(2), 0) + points)
            self.postings += 1
        return member_points, member_held

    @staticmethod
    def grant(entry, lots):
        grant = entry.one(6)
        to = [posting for posting in entry.all(1) if posting.uint32(1) == WALLET]
        want(to, "a grant that puts nothing into a wallet")
        points, earmarked = checked_points(grant.int(4)), grant.int(6)
        want(grant.uint32(3) < EARMARKED and 0 <= earmarked <= points, "a grant that opens no lot")
        for number, part in ((grant.uint32(3), points - earmarked), (grant.uint32(3) | EARMARKED, earmarked)):
            if part:
                want(number not in lots, "a grant into a lot that is open")
                lots[number] = [grant.uint32(1), to[0].uint32(4), part, part, 0, grant.int(5)]
        return points

    @staticmethod
    def change(change, lots, spending_time):
        number = change.uint32(1)
        if number not in lots:
            want(change.sint(2) > 0, f"takes from lot {number}, which is gone")
            lots[number] = [change.uint32(3), change.uint32(4), checked_points(change.int(5)), 0, 0, 0]
        lot = lots[number]
        want(spending_time is None or change.int(6) == lot[5], f"spends lot {number}, which expires at another time")
        lot[3] += change.sint(2)
        lot[4] += change.sint(7)
        if change.int(6):
            lot[5] = change.int(6)
        want(0 <= lot[4] <= lot[3] <= lot[2], f"leaves {lot[3]} of {lot[2]} points in lot {number}")
        want(spending_time is None or spending_time < lot[5], f"spends lot {number}, which has expired")
        if lot[3] == 0:
            del lots[number]

    def balance_frames(self):
        return frames_of(struct.pack(">B16sIq", *account, self.accounts[account]) for account in sorted(self.accounts))

    def lot_frames(self):
        return frames_of(struct.pack(">16sIIIqqqq", member, number, *self.lots[member][number])
                         for member in sorted(self.lots) for number in sorted(self.lots[member]))


class PartBooks:
    """What the accounts of a part hold; of the others it knows nothing."""

    def __init__(self):
        self.owners, self.accounts = set(), {}

    def open_balance(self, row):
        kind, owner, origin, points = struct.unpack(">B16sIq", row)
        want(0 < kind <= KINDS and points != 0, "malformed balance")
        want((kind, owner) in self.owners, "an opening balance of another scope")
        want(within_bound(kind, points), "an opening balance is beyond its bound")
        self.accounts[kind, owner, origin] = checked_points(points)

    def apply(self, entry):
        concerned = False
        for posting in balanced_postings(entry):
            kind, owner = posting.uint32(1), struct.pack(">QQ", 0, posting.uint(2))
            if kind in (WALLET, HELD):
                owner = posting.bytes(3)
                want(len(owner) == 16 and owner == entry.bytes(2), "a posting of another member")
            if (kind, owner) not in self.owners:
                continue
            concerned = True
            account = kind, owner, posting.uint32(4)
            balance = self.accounts.get(account, 0) + posting.sint(5)
            want(within_bound(kind, balance), f"an account comes to {balance}")
            checked_points(balance)
            self.accounts[account] = balance
            if not balance:
                del self.accounts[account]
        return concerned

    balance_frames = Books.balance_frames


def frames_of(rows):
    rows = list(rows)
    return [b"".join(rows[i:i + ROWS_MAX]) for i in range(0, len(rows), ROWS_MAX)]


# --- What was granted, sold, given back and paid out.


class Facts:
    def __init__(self):
        self.campaigns, self.packs, self.terminals, self.runs = {}, {}, {}, {}
        self.issue_runs = {}  # by campaign: the day that its grants count in, and what was asked, or None
        self.fees, self.agreements = {}, {}  # by merchant; the latter {number: (start, end, fee, discount)}

    def learn(self, record):
        if record.has(13):
            created = record.one(13)
            self.set_terms(created.uint32(1), created.bytes(5), created.one(6))
        elif record.has(50):
            after = record.one(50).one(3)
            self.set_terms(record.one(50).uint32(1), after.bytes(2), after.one(3))
        elif record.has(23):
            self.terminals[record.one(23).uint32(1)] = record.one(23).bytes(4)
        elif record.has(60):
            pack = record.one(60)
            self.packs[pack.bytes(1), pack.uint32(2)] = pack.one(5)
        elif record.has(122):
            run = record.one(122)
            self.runs[run.uint32(1)] = [payment.int(7) for payment in run.all(4)]
        elif record.has(17):
            started = record.one(17)
            day = started.sint32(3) or max(started.int(2), record.int(2)) // DAY_MICROS
            self.issue_runs[started.uint32(1)] = day, started.one(4) if started.has(4) else None
        else:
            self.learn_merchant(record)

    def learn_merchant(self, record):
        if record.has(21):
            self.fees[record.one(21).uint32(1)] = record.one(21).uint32(5)
        elif record.has(87):
            self.fees[record.one(87).uint32(1)] = record.one(87).uint32(4)
        elif record.has(80):
            made = record.one(80)
            self.agreements.setdefault(made.uint32(1), {})[made.uint32(2)] = (
                made.int(3), made.int(4), made.uint32(5), made.uint32(6))

    def set_terms(self, number, occasion, terms):
        self.campaigns[number] = occasion, terms.int(20), terms.int(30)


def posted(entry, kind):
    return sum(posting.sint(5) for posting in entry.all(1) if posting.uint32(1) == kind)


def sold(entry):
    return posted(entry, PAYABLE) + posted(entry, FEE)


def want_points(points):
    want(0 < points <= POINTS_MAX, "no points, or too many")
    return points


class Sale:
    def __init__(self, points, held=False, earlier=False):
        self.points, self.held, self.earlier = points, held, earlier
        self.back = -1 if earlier else 0  # below zero: not known yet


class Sales:
    def __init__(self, facts, whole):
        self.facts, self.whole = facts, whole
        self.sales, self.granted, self.days, self.paid = {}, set(), {}, {}
        self.grants = self.purchases = self.given_back = self.authorizations = self.payouts = 0

    def learn_earlier(self, sequence, record):
        entry = record.entry()
        if record.has(95):
            self.sales[sequence] = Sale(record.one(95).int(2), earlier=True)
        elif entry.has(7):
            self.sales[sequence] = Sale(entry.one(7).int(2), earlier=True)
        elif entry.has(12):
            self.sales[sequence] = Sale(entry.one(12).int(2), held=True, earlier=True)

    def check(self, sequence, entry, time):
        self.check_days(entry, time)
        for number, check in ((6, self.check_grant), (7, self.check_purchase), (12, self.check_authorization),
                              (13, self.check_capture), (14, self.check_void), (15, self.check_lapse),
                              (8, self.check_refund), (9, self.check_reversal), (25, self.check_payout),
                              (26, self.check_payout)):
            if entry.has(number):
                return check(sequence, entry)
        return None

    def check_days(self, entry, time):
        spends = entry.has(7) or entry.has(12)
        for change in entry.all(3):
            campaign = self.facts.campaigns.get(change.uint32(3))
            want(campaign, "a lot of a campaign that is not there")
            want(not spends or time >= campaign[1], "spends a lot before its time")
            if not change.has_number(8) or len(entry.bytes(2)) != 16:
                continue
            key = entry.bytes(2), change.uint32(3), change.sint32(8)
            spent = self.days[key] = checked_points(self.days.get(key, 0) + change.sint(7) - change.sint(2))
            want(not spends or not campaign[2] or spent <= campaign[2], "spends above the cap of a day")

    def check_grant(self, _, entry):
        grant = entry.one(6)
        self.grants += 1
        row = grant.uint32(1), grant.uint(2)
        want(row not in self.granted, f"row {row[1]} of campaign {row[0]} is granted once more")
        self.granted.add(row)
        want(grant.uint32(1) in self.facts.campaigns, "a grant of a campaign that is not there")
        points = want_points(grant.int(4))
        want(posted(entry, CAMPAIGN) == -points and posted(entry, WALLET) == points,
             "a grant that posts other points than it says")

    def check_purchase(self, sequence, entry):
        purchase = entry.one(7)
        self.purchases += 1
        points = want_points(purchase.int(2))
        want(sold(entry) == points and posted(entry, FEE) == purchase.int(3),
             "a purchase that posts other points than it says")
        of = purchase.uint(40) or sequence
        bill = self.sales.get(of)
        want(bill is None or (bill.earlier and bill.back < 0 and bill.points >= points),
             "a bill that is paid once more, or above what it asked for")
        self.sales[of] = Sale(points)

    def check_authorization(self, sequence, entry):
        points = want_points(entry.one(12).int(2))
        self.authorizations += 1
        want(posted(entry, HELD) == points, "an authorisation that holds other points than it says")
        self.sales[sequence] = Sale(points, held=True)

    def held(self, of):
        sale = self.sales.get(of)
        want(sale and sale.held, f"authorisation {of} is not there, or has ended")
        return sale

    def check_capture(self, _, entry):
        capture = entry.one(13)
        self.purchases += 1
        sale = self.held(capture.uint(7))
        want(posted(entry, HELD) == -sale.points and capture.int(2) <= sale.points,
             "a capture of other points than are held")
        points = want_points(capture.int(2))
        want(sold(entry) == points and posted(entry, FEE) == capture.int(3),
             "a capture that posts other points than it says")
        self.sales[capture.uint(7)] = Sale(points)

    def check_void(self, _, entry):
        self.release(entry, entry.one(14).uint(2), entry.one(14).int(3))

    def check_lapse(self, _, entry):
        self.release(entry, entry.one(15).uint(1), entry.one(15).int(2))

    def release(self, entry, of, points):
        want(self.held(of).points == points and posted(entry, HELD) == -points,
             "an authorisation that ends with other points than it holds")
        del self.sales[of]

    def check_refund(self, _, entry):
        refund = entry.one(8)
        sale = self.sales.get(refund.uint(2))
        want(sale and (sale.earlier or not sale.held), f"purchase {refund.uint(2)} is not there")
        points, refunded = want_points(refund.int(3)), want_points(refund.int(4))
        sale.held = False
        if sale.back < 0:
            sale.back = refunded - points
        want(sale.back >= 0 and refunded == sale.back + points, f"a refund that is not of {refunded} in all")
        self.give_back(sale, points, refund.int(5), entry)

    def check_reversal(self, _, entry):
        reversal = entry.one(9)
        sale = self.sales.get(reversal.uint(2))
        want(sale, f"purchase {reversal.uint(2)} is not there")
        points = want_points(reversal.int(3))
        if posted(entry, HELD) != 0:
            self.release(entry, reversal.uint(2), points)
            return
        want(sale.earlier or not sale.held, "a reversal that leaves points held")
        sale.held = False
        if sale.back < 0:
            sale.back = max(0, sale.points - points)
        self.give_back(sale, points, reversal.int(4), entry)

    def give_back(self, sale, points, fee, entry):
        self.given_back += 1
        want(sold(entry) == -points and posted(entry, FEE) == -fee and posted(entry, WALLET) == points,
             "gives back other points than it says")
        sale.back += points
        want(sale.back <= sale.points, f"gives back {sale.back} of {sale.points} points")

    def check_payout(self, _, entry):
        back = entry.has(26)
        payout = entry.one(26 if back else 25)
        self.payouts += 1
        points = want_points(payout.int(5))
        left = -points if back else points
        want(posted(entry, PAYOUT) == left and posted(entry, PAYABLE) == -left,
             "a payout that posts other points than it says")
        key = payout.uint32(3), payout.uint32(4)
        paid = self.paid[key] = checked_points(self.paid.get(key, 0) + left)
        if back:
            want(paid >= 0 or not self.whole, "more came back than was paid")
            return
        payments = self.facts.runs.get(key[0])
        want(payments and 0 < key[1] <= len(payments), "a payout of no payment of a run")
        want(paid <= payments[key[1] - 1], "pays more than the payment comes to")


# --- What people were granted, and whether their rule packs allow it.


def year_of(day):
    """The year of a day since 1970-01-01: 400 years have 146,097 days, and are counted from a first of March."""
    era, of_era = divmod(day + 719_468, 146_097)
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    return era * 400 + year + (1 if of_year >= 306 else 0)


class Received:
    """What one member has received in a year, between a low and a high bound: by occasion, for all holidays together
    (None: their sum), and how many other holidays there are. Of a bundle from record 1 on all is known; of a part nothing
    is the most."""

    YEAR_MAX = 1000 * POINTS_MAX

    def __init__(self, whole, part=False):
        self.whole, self.part, self.by_occasion = whole, part, {}
        self.year = None if whole else [0, self.YEAR_MAX]
        self.hidden = [0, 0] if whole else [0, 256]

    def find(self, occasion):
        """What was received for it, and whether that comes up for the first time and is not known."""
        if occasion in self.by_occasion:
            return self.by_occasion[occasion], False
        fresh = not self.whole and (occasion in LIFE_EVENTS or self.hidden[1] > 0)
        own = self.by_occasion[occasion] = [0, POINTS_MAX if fresh else 0]
        return own, fresh

    def loosen(self, own):
        if self.part:
            own[1], self.year[1], self.hidden[1] = POINTS_MAX, self.YEAR_MAX, 256

    def no_more_hidden(self, own, fresh, occasion):
        if fresh and occasion not in LIFE_EVENTS:
            if own[1] > 0:
                self.hidden[0] = max(0, self.hidden[0] - 1)
            if own[0] > 0:
                self.hidden[1] = max(0, self.hidden[1] - 1)

    def in_year(self):
        holidays = [each for name, each in self.by_occasion.items() if name not in LIFE_EVENTS]
        low, high = (min(sum(each[at] for each in holidays), self.YEAR_MAX) for at in (0, 1))
        if self.year is None:
            return low, high
        return max(low, self.year[0]), min(high, self.year[1]) if self.hidden[1] == 0 else self.year[1]

    def follow(self, occasion, asks, says):
        """What is asked is for the occasion, how many others, and in the year. Whether all of it was known."""
        own, fresh = self.find(occasion)
        known = True
        if asks[0]:
            want(own[0] <= says[0] <= own[1], f"a grant beside {says[0]} points for the occasion")
            known = own[0] == own[1]
            own[:] = says[0], says[0]
        self.no_more_hidden(own, fresh, occasion)
        year_low, year_high = self.in_year()
        if asks[1]:
            others = [each for name, each in self.by_occasion.items() if each is not own and name not in LIFE_EVENTS]
            low, high = (sum(each[at] > 0 for each in others) for at in (0, 1))
            bounds = low + self.hidden[0], high + self.hidden[1]
            want(bounds[0] <= says[1] <= bounds[1], f"a grant beside {says[1]} other occasions")
            known = known and bounds[0] == bounds[1]
            if not self.whole:
                self.hidden = [max(self.hidden[0], says[1] - high), min(self.hidden[1], says[1] - low)]
        if asks[2]:
            bounds = min(year_low, POINTS_MAX), min(year_high, POINTS_MAX)
            want(bounds[0] <= says[2] <= bounds[1], f"a grant beside {says[2]} points in the year")
            known = known and bounds[0] == bounds[1]
            if self.year is not None:
                self.year = [max(year_low, says[2]), says[2] if says[2] < POINTS_MAX else year_high]
        self.loosen(own)
        return known

    def grant(self, occasion, points):
        own, fresh = self.find(occasion)
        if fresh and occasion not in LIFE_EVENTS:
            self.hidden[0] = max(0, self.hidden[0] - 1)
        own[:] = own[0] + points, min(own[1] + points, POINTS_MAX)
        want(own[0] <= POINTS_MAX, "a grant beside what nobody can have received")
        if self.year is not None and occasion not in LIFE_EVENTS:
            self.year = [min(each + points, self.YEAR_MAX) for each in self.year]
        self.loosen(own)

    def take_back(self, occasion, points):
        own, fresh = self.find(occasion)
        if fresh and occasion not in LIFE_EVENTS:
            self.hidden = [max(0, each - 1) for each in self.hidden]
        own[:] = max(0, own[0] - points), own[1] - points
        want(own[1] >= 0, "takes back more than was received")
        if self.year is not None and occasion not in LIFE_EVENTS:
            self.year = [max(0, self.year[0] - points), self.year[1] - points]
            want(self.year[1] >= 0, "takes back more than was received")
        self.loosen(own)

    def take_back_of_any(self, points):
        for own in self.by_occasion.values():
            own[0] = max(0, own[0] - points)
        self.year[0], self.hidden[0] = max(0, self.year[0] - points), max(0, self.hidden[0] - 1)


class Pack:
    """What a rule pack says, asked of grants for one occasion by one kind of issuer (None: not known)."""

    def __init__(self, pack, occasion, issuer_kind):
        self.pack = pack
        self.event = next((event for event in pack.all(15) if event.bytes(1) == occasion), None)
        self.holiday = next((known for known in pack.all(9) if known.bytes(1) == occasion), None)
        self.occasion_cap = self.year_cap = None
        if pack.has_number(8):
            self.occasion_cap = pack.int(8)
        if self.holiday and self.holiday.has_number(3):
            self.occasion_cap = self.holiday.int(3)
        if pack.has_number(6):
            self.year_cap = pack.int(6)
        caps = pack.all(7)
        if issuer_kind is None:
            if self.year_cap is not None:
                self.year_cap = max([self.year_cap] + [cap.int(2) for cap in caps])
            self.asks_year = pack.has_number(6) or bool(caps)
        else:
            self.year_cap = next((cap.int(2) for cap in caps if cap.uint32(1) == issuer_kind), self.year_cap)
            self.asks_year = self.year_cap is not None

    def asks(self):
        if not self.holiday:
            return True, False, False
        return self.occasion_cap is not None, self.pack.has_number(10), self.asks_year

    def check_campaign(self, day, asked):
        pack = self.pack
        want(day >= pack.sint32(3) and (not pack.has_number(4) or day <= pack.sint32(4)),
             "a grant by a rule pack that is not in force on its day")
        kinds = pack.numbers(5)
        want(not kinds or asked.uint32(4) in kinds, "a grant of a kind of issuer that its pack does not name")
        want(all_named(pack.numbers(12), asked.numbers(6)), "a grant that pays categories that its pack does not name")
        days = asked.int(5)
        want((not pack.has_number(13) or days >= pack.uint32(13)) and (not pack.has_number(14) or days <= pack.uint32(14)),
             f"a grant that expires after {days} days")
        if self.holiday:
            want(asked.uint32(7) >= pack.uint32(11), "a grant of which too little is earmarked")
            want(all_named(pack.numbers(16), asked.numbers(8), lies_in) and all_named(pack.numbers(17), asked.numbers(9)),
                 "a grant whose earmark names what its pack does not")

    def check_caps(self, points, for_occasion, others, this_year):
        if not self.holiday:
            want(for_occasion + points <= self.event.int(2), "a grant above the cap of the event")
            return
        want(not self.pack.has_number(10) or others < self.pack.uint32(10), "a grant for one occasion too many")
        want(self.occasion_cap is None or for_occasion + points <= self.occasion_cap,
             "a grant above the cap of the occasion")
        want(self.year_cap is None or this_year + points <= self.year_cap, "a grant above the cap of the year")


def all_named(allowed, named, allows=lambda codes, code: code in codes):
    """Nothing that is named stands for all."""
    return not allowed or (bool(named) and all(allows(allowed, code) for code in named))


def lies_in(regions, region):
    return region != 0 and not {region, region - region % 100, region - region % 10_000}.isdisjoint(regions)


def inputs_of(rules):
    """What somebody had received for the occasion, for how many others, and in the year."""
    says = rules.int(4), rules.uint32(3), rules.int(5)
    want(0 <= says[0] <= POINTS_MAX and 0 <= says[2] <= POINTS_MAX, "a grant beside what nobody can have received")
    return says


def want_rules_of(run, grant):
    rules, asked = grant.one(7), run[1]
    want(grant.has(7) == (asked is not None) and
         (asked is None or (rules.bytes(1), rules.uint32(2)) == (asked.bytes(1), asked.uint32(2))),
         "a grant by other rules than its run was begun under")


def taken_back(entry):
    """The campaign and the points of what a member has not received any more."""
    cause = entry.one(21 if entry.has(21) else 20)
    campaign, points = cause.uint32(1), cause.int(3)
    want(points > 0 and posted(entry, WALLET) == -points, "takes back other points than it says")
    want(all(change.uint32(3) == campaign for change in entry.all(3)), "takes back points of another campaign")
    return campaign, points


class GrantsAndReturns:
    """Goes through what is granted and what is taken back."""

    def check(self, entry):
        if entry.has(6):
            self.check_grant(entry)
        elif entry.has(21) or entry.has(20):
            self.take_back(entry)


class Caps(GrantsAndReturns):
    def __init__(self, facts, whole):
        self.facts, self.whole = facts, whole
        self.received = {}  # by member and year
        self.lost = False  # a run of before the range is missing: nobody can say what was received from there on
        self.followed = 0

    def place(self, entry, campaign):
        """What the member has received in the year of the campaign's run; None: that is not known."""
        want(campaign in self.facts.campaigns and len(entry.bytes(2)) == 16,
             "points of a campaign that is not there, or of nobody")
        run = self.facts.issue_runs.get(campaign)
        if run is None:
            want(not self.whole, "points of a campaign whose issue run never began")
            self.lost = True
        if self.lost:
            return None
        return self.received.setdefault((entry.bytes(2), year_of(run[0])), Received(self.whole))

    def check_grant(self, entry):
        grant = entry.one(6)
        received = self.place(entry, grant.uint32(1))
        run = self.facts.issue_runs.get(grant.uint32(1))
        occasion, rules = self.facts.campaigns[grant.uint32(1)][0], grant.one(7)
        if run is not None:
            want_rules_of(run, grant)
            want(run[1] is None or run[1].bytes(3) == occasion, "a grant of a run for another occasion than its campaign's")
        if grant.has(7):
            self.check_rules(rules, grant.int(4), occasion, run, received)
        if received is not None:
            received.grant(occasion, grant.int(4))

    def check_rules(self, rules, points, occasion, run, received):
        pack = self.facts.packs.get((rules.bytes(1), rules.uint32(2)))
        want(pack, "a grant by a rule pack that is not there")
        says = inputs_of(rules)
        pack = Pack(pack, occasion, None if run is None else run[1].uint32(4))
        asks = pack.asks()
        want(all(asked or not said for asked, said in zip(asks, says)), "a grant that says what its pack does not ask for")
        if received is not None:
            self.followed += received.follow(occasion, asks, says)
        want(pack.event or pack.holiday, "a grant for no occasion of its pack")
        if run is not None:
            pack.check_campaign(*run)
        pack.check_caps(points, *says)

    def take_back(self, entry):
        campaign, points = taken_back(entry)
        received = self.place(entry, campaign)
        if received is not None:
            received.take_back(self.facts.campaigns[campaign][0], points)


class PartCaps(GrantsAndReturns):
    """Whether grants in a part say at least what their member is known to have received."""

    def __init__(self):
        self.facts, self.received, self.asked = Facts(), {}, set()
        self.years = set()

    def place(self, entry, campaign):
        """The run, the occasion, and what the member has received in its year; None: the part does not say."""
        run = self.facts.issue_runs.get(campaign)
        if run is None or (run[1] is None and campaign not in self.facts.campaigns):
            return None
        occasion = self.facts.campaigns[campaign][0] if run[1] is None else run[1].bytes(3)
        year = year_of(run[0])
        self.years.add(year)
        return run, occasion, self.received.setdefault((entry.bytes(2), year), Received(False, part=True))

    def asks(self, question, says):
        """That a pack asks shows where a grant says something."""
        if says > 0:
            self.asked.add(question)
        return question in self.asked

    def check_grant(self, entry):
        grant = entry.one(6)
        place = self.place(entry, grant.uint32(1))
        if place is None:
            return
        run, occasion, received = place
        want_rules_of(run, grant)
        points = want_points(grant.int(4))
        if run[1] is not None:
            rules = grant.one(7)
            says, pack, holiday = inputs_of(rules), (rules.bytes(1), rules.uint32(2)), occasion not in LIFE_EVENTS
            questions = (("occasion", *pack, occasion), ("others", *pack), ("year", *pack, run[1].uint32(4)))
            asks = [holiday and self.asks(question, said) for question, said in zip(questions, says)]
            received.follow(occasion, [asks[0] or not holiday] + asks[1:], says)
        received.grant(occasion, points)

    def take_back(self, entry):
        campaign, points = taken_back(entry)
        place = self.place(entry, campaign)
        if place is not None:
            place[2].take_back(place[1], points)
            return
        for year in self.years:
            if (entry.bytes(2), year) in self.received:
                self.received[entry.bytes(2), year].take_back_of_any(points)


# --- What is charged of sales.


class Fees:
    def __init__(self, facts, whole):
        self.facts, self.whole = facts, whole
        self.checked = self.unchecked = 0

    def charge_at(self, merchant, now):
        """Agreement, rate and discount of it; None: the bundle does not say."""
        agreements = self.facts.agreements.get(merchant, {})
        if agreements and max(agreements) != len(agreements):
            return None
        begun, number = None, 0
        for each in sorted(agreements):
            start = agreements[each][0]
            if start <= now and (begun is None or start > begun[0]):
                begun, number = agreements[each], each
        if begun is not None and (begun[1] == 0 or begun[1] > now):
            return number, begun[2] + begun[3], begun[3]
        return (0, self.facts.fees[merchant], 0) if merchant in self.facts.fees else None

    def check(self, record, entry):
        if not entry.has(7) and not entry.has(13):
            return
        sale = entry.one(7 if entry.has(7) else 13)
        rate = sale.uint32(4)
        want(rate <= 10_000, "a fee above the points")
        want(sale.int(3) == sale.int(2) * rate // 10_000, f"a fee of {sale.int(3)} points, at {rate} basis points")
        merchant = sale.one(1).uint32(1)
        want(all(posting.uint(2) == merchant for posting in entry.all(1) if posting.uint32(1) == FEE),
             "a fee of another merchant")
        # A command is decided at the time of its first record, and each one after it is a microsecond later.
        charge = self.charge_at(merchant, max(0, record.int(2)) - record.uint32(4))
        if charge is None:
            want(not self.whole, "a sale of a merchant whose fee nothing says")
            self.unchecked += 1
            return
        want((sale.uint32(20), rate, sale.uint32(21)) == charge, "charges something else than the agreement says")
        self.checked += 1


# --- Plans that are approved, and issue runs that carry them out.


def bound_now(record):
    """The campaign whose run begins, or whose first row gets its verdict; 0: none."""
    if record.has(17):
        return record.one(17).uint32(1)
    if record.has(18):
        return 0 if record.one(18).uint(2) else record.one(18).uint32(1)
    grant = record.entry().one(6)
    return 0 if grant.uint(2) else grant.uint32(1)


def of_one_plan(one, other):
    """Records of before hashes of plans were said do not."""
    return not one or not other or one == other


class Unions:
    """The tree of unions, which rule pack and kind of issuer each names, and whose campaigns are whose. Of two records
    that say the same the one with the higher sequence counts."""

    def __init__(self):
        self.parents, self.settings = {}, {}  # by number: (sequence, parent); (sequence, pack, kind of issuer)
        self.homes = {}  # by campaign: union and origin

    def learn(self, record):
        at = record.uint(1)
        if record.has(9):
            created = record.one(9)
            self.hang(created.uint32(1), created.uint32(3), at)
            self.set(created.uint32(1), b"", 0, at)
        elif record.has(30):
            updated = record.one(30)
            settings = updated.one(4).one(3)
            self.hang(updated.uint32(1), updated.uint32(2), at)
            self.set(updated.uint32(1), settings.bytes(5), settings.uint32(6), at)
        elif record.has(31):
            self.hang(record.one(31).uint32(1), record.one(31).uint32(3), at)
        elif record.has(13):
            created = record.one(13)
            self.homes[created.uint32(1)] = created.uint32(3), created.uint32(8) or created.uint32(3)

    def hang(self, number, parent, at):
        if at > self.parents.get(number, (0,))[0]:
            self.parents[number] = at, parent

    def set(self, number, pack, kind, at):
        if at > self.settings.get(number, (0,))[0]:
            self.settings[number] = at, pack, kind

    def binding_of(self, number):
        """The id of the pack (empty: none) and the kind of issuer; None of what the records do not tell."""
        pack = kind = None
        for _ in range(UNION_LEVELS):
            if number not in self.settings:
                break
            _, own_pack, own_kind = self.settings[number]
            pack, kind = pack or own_pack or None, kind or own_kind or None
            number = self.parents[number][1]
            if number == 0:
                return pack or b"", kind or 0
        return pack, kind


class Campaign:
    """What is known of a campaign's plan and its approval. Sequences say where; 0: nothing is known."""

    def __init__(self):
        self.of_range = self.row_known = self.counted = False
        self.changed = self.planned = self.submitted = self.approved = self.begun = 0
        self.next_row = self.granted = self.points_granted = 0
        self.approved_hash = b""
        self.plan = None  # rows, points, hash
        self.starts = self.pieces = None  # of the plan, where it was uploaded in the range
        self.submission = None  # hash, pack, version, approvers
        self.approvals, self.submitted_here = 0, False
        self.upload = None


class Upload:
    def __init__(self, version):
        self.version, self.tree, self.points, self.starts, self.pieces = version, Frontier(), 0, [], []

    def add(self, first_row, rows, reasons):
        want(rows and len(rows) % PLAN_ROW == 0 and first_row == self.tree.size, "rows of a plan that do not come next")
        said = [(reason.uint32(1), reason.bytes(2)) for reason in reasons]
        for i in range(len(rows) // PLAN_ROW):
            row = rows[i * PLAN_ROW:(i + 1) * PLAN_ROW]
            points = struct.unpack(">q", row[16:])[0]
            want(0 < points <= POINTS_MAX - self.points, "a plan of no points, or of too many")
            self.points += points
            self.tree.append(leaf_hash(row + said.pop(0)[1] if said and said[0][0] == i else row))
        want(not said, "a reason for no row of a plan")
        self.starts.append(first_row)
        self.pieces.append(rows)


class Plans:
    """Whether each run carries out the plan that was approved, one row after another."""

    def __init__(self, whole):
        self.whole, self.campaigns = whole, {}
        self.run_approved = self.run_unapproved = self.planned = self.unplanned = 0

    def of(self, number):
        return self.campaigns.setdefault(number, Campaign())

    @staticmethod
    def changed_by(record):
        for number in (13, 50, 27, 52, 53, 54):
            if record.has(number):
                return record.one(number).uint32(1)
        return 0

    @staticmethod
    def take_plan(record, campaign):
        completed = record.one(15)
        campaign.planned = record.uint(1)
        campaign.plan = completed.uint(3), completed.int(4), completed.bytes(5)
        campaign.starts = campaign.pieces = None

    @staticmethod
    def take_submission(record, campaign):
        submitted = record.one(16)
        campaign.submitted = record.uint(1)
        campaign.submission = (submitted.bytes(2), submitted.bytes(4), submitted.uint32(5), max(1, submitted.uint32(6)))
        campaign.approvals, campaign.submitted_here = 0, False

    def learn_earlier(self, record):
        at, entry = record.uint(1), record.entry()
        if record.has(15):
            campaign = self.of(record.one(15).uint32(1))
            if at > campaign.planned:
                self.take_plan(record, campaign)
        elif record.has(16):
            campaign = self.of(record.one(16).uint32(1))
            if at > campaign.submitted:
                self.take_submission(record, campaign)
        elif entry.has(5):
            campaign = self.of(entry.one(5).uint32(1))
            if at > campaign.approved:
                campaign.approved, campaign.approved_hash = at, entry.one(5).bytes(2)
        elif record.has(17):
            campaign = self.of(record.one(17).uint32(1))
            campaign.begun = max(campaign.begun, at)
        elif self.changed_by(record):
            campaign = self.of(self.changed_by(record))
            campaign.changed = max(campaign.changed, at)

    def check(self, sequence, record):
        if record.has(8):
            entry = record.entry()
            if entry.has(6):
                self.check_grant(entry)
            elif entry.has(5):
                self.check_approval(sequence, entry)
            return
        number = self.changed_by(record)
        if number:
            campaign = self.of(number)
            campaign.changed, campaign.approved, campaign.of_range = sequence, 0, True
            if record.has(27):
                campaign.upload = Upload(record.one(27).uint32(2))
            if record.has(53):
                campaign.pieces = None
            return
        for body, check in ((14, self.check_upload), (15, self.check_completion), (16, self.check_submission),
                            (51, self.check_approval_given), (17, self.check_start), (19, self.check_finish)):
            if record.has(body):
                check(record)
                return
        if record.has(18):
            self.check_verdict(record.one(18).uint32(1), record.one(18).uint(2))

    def check_upload(self, record):
        added = record.one(14)
        upload = self.of(added.uint32(1)).upload
        if upload is None:
            want(not self.whole, "rows of a plan that nobody uploads")
            return
        want(added.uint32(2) == upload.version, "rows of a plan that do not come next")
        upload.add(added.uint(3), added.bytes(4), added.all(5))

    def check_completion(self, record):
        completed = record.one(15)
        campaign = self.of(completed.uint32(1))
        self.take_plan(record, campaign)
        upload, campaign.upload = campaign.upload, None
        if upload is None:
            want(not self.whole, "a plan that nobody uploaded")
            return
        want((completed.uint32(2), *campaign.plan)
             == (upload.version, upload.tree.size, upload.points, upload.tree.root()),
             "a plan that is not what its rows come to")
        campaign.starts, campaign.pieces = upload.starts, upload.pieces

    def check_submission(self, record):
        campaign = self.of(record.one(16).uint32(1))
        self.take_submission(record, campaign)
        campaign.submitted_here = campaign.of_range = True
        campaign.approved = 0  # of one that is submitted again
        if not campaign.planned:
            want(not self.whole, "a campaign without a plan is submitted")
            return
        want(of_one_plan(campaign.submission[0], campaign.plan[2]), "another plan is submitted than the campaign has")

    def check_approval_given(self, record):
        given = record.one(51)
        campaign = self.of(given.uint32(1))
        if not campaign.submitted:
            want(not self.whole, "an approval of what nobody submitted")
            return
        want(campaign.submitted >= campaign.changed, "an approval of what was changed since it was submitted")
        want(of_one_plan(given.bytes(2), campaign.submission[0]), "an approval of another plan than was submitted")
        campaign.approvals += 1

    def check_approval(self, sequence, entry):
        number, plan_hash = entry.one(5).uint32(1), entry.one(5).bytes(2)
        campaign = self.of(number)
        if not campaign.submitted:
            want(not self.whole, "an approval of what nobody submitted")
        else:
            want(campaign.submitted >= campaign.changed and not campaign.approved,
                 "an approval of what was not submitted since it was changed, or approved")
            want(of_one_plan(plan_hash, campaign.submission[0]), "an approval of another plan than was submitted")
            want(not campaign.submitted_here or campaign.approvals + 1 == campaign.submission[3],
                 "approved by fewer or more than have to")
        if campaign.planned:
            reserved = sum(posting.sint(5) for posting in entry.all(1)
                           if posting.uint32(1) == CAMPAIGN and posting.uint(2) == number)
            want(reserved == campaign.plan[1], "an approval that reserves other points than its plan has")
        campaign.approved, campaign.approved_hash = sequence, plan_hash

    def check_start(self, record):
        started = record.one(17)
        campaign, plan_hash = self.of(started.uint32(1)), started.bytes(6)
        if not campaign.approved:
            want(not self.whole and not campaign.of_range, "an issue run that nobody approved")
            self.run_unapproved += 1
        else:
            want(campaign.approved >= max(campaign.changed, campaign.planned, campaign.submitted, campaign.begun),
                 "an issue run of what was changed or begun since it was approved")
            want(not campaign.planned or of_one_plan(campaign.approved_hash, campaign.plan[2]),
                 "an issue run of another plan than was approved")
            self.run_approved += 1
        want(of_one_plan(plan_hash, campaign.approved_hash), "an issue run of another plan than was approved")
        if campaign.planned and plan_hash:
            want((started.uint(7), started.int(8), plan_hash) == campaign.plan,
                 "an issue run of another plan than its campaign has")
        if campaign.submitted:
            want((started.one(4).bytes(1), started.one(4).uint32(2)) == campaign.submission[1:3],
                 "an issue run under another rule pack than was submitted")
        campaign.begun, campaign.row_known, campaign.counted = record.uint(1), True, True
        campaign.next_row = campaign.granted = campaign.points_granted = 0

    def check_verdict(self, number, row):
        campaign = self.of(number)
        if not campaign.begun:
            want(not self.whole and not campaign.of_range,
                 "a verdict on a row of a campaign whose issue run never began")
            return
        want(campaign.begun >= campaign.changed, "a verdict on a row of an issue run that was called off")
        want(not campaign.row_known or row == campaign.next_row,
             f"a verdict on row {row}, where row {campaign.next_row} of the plan comes next")
        want(not campaign.planned or row < campaign.plan[0], "a verdict on a row that its plan does not have")
        campaign.row_known, campaign.next_row = True, row + 1

    def check_grant(self, entry):
        grant = entry.one(6)
        number, row, points = grant.uint32(1), grant.uint(2), grant.int(4)
        self.check_verdict(number, row)
        campaign = self.of(number)
        campaign.granted += 1
        campaign.points_granted = min(campaign.points_granted + points, POINTS_MAX)
        if not campaign.pieces:
            self.unplanned += 1
            return
        piece = bisect.bisect_right(campaign.starts, row) - 1
        at = (row - campaign.starts[piece]) * PLAN_ROW
        want(campaign.pieces[piece][at:at + PLAN_ROW] == entry.bytes(2) + struct.pack(">q", points),
             f"grants something else than row {row} of the plan")
        self.planned += 1

    def check_finish(self, record):
        finished = record.one(19)
        campaign = self.of(finished.uint32(1))
        campaign.pieces = None
        if campaign.counted:
            said = finished.uint(2), finished.uint(3), finished.int(4)
            want(said == (campaign.granted, campaign.next_row - campaign.granted, campaign.points_granted)
                 and (not campaign.planned or campaign.next_row == campaign.plan[0]),
                 "an issue run that ends with other rows than got a verdict")


class Terms:
    """What the terms of campaigns say that their runs and grants say again."""

    def __init__(self):
        self.said = {}  # by campaign: (sequence, terms)

    def learn(self, record):
        if record.has(13):
            self.take(record.one(13).uint32(1), record.uint(1), record.one(13).one(6))
        elif record.has(50):
            self.take(record.one(50).uint32(1), record.uint(1), record.one(50).one(3).one(3))

    def take(self, number, at, terms):
        if at > self.said.get(number, (0,))[0]:
            self.said[number] = at, terms

    def check_grant(self, grant):
        if grant.uint32(1) not in self.said:
            return
        terms = self.said[grant.uint32(1)][1]
        want(grant.int(5) == terms.int(1), "a grant that expires at another time than its campaign's terms say")
        want_points(grant.int(4))
        share = terms.one(31).uint32(1)
        want(share <= 10_000, "terms that earmark more than all")
        want(grant.int(6) == (grant.int(4) * share + 9_999) // 10_000,
             "a grant of which another part is earmarked than its campaign's terms ask for")


class Runs:
    """Whether each run is under the pack that binds its union, and says and grants what the terms of its campaign are."""

    def __init__(self, facts, whole):
        self.facts, self.whole = facts, whole
        self.unions, self.terms = Unions(), Terms()
        self.bound = self.unbound = 0

    def learn(self, record):
        self.unions.learn(record)
        self.terms.learn(record)

    def check(self, record, time):
        self.learn(record)
        if record.has(17):
            self.check_start(record, time)
            return
        entry = record.entry()
        if entry.has(6):
            self.check_grant(entry)
        campaign = bound_now(record)
        if campaign and campaign in self.facts.issue_runs:
            self.check_bound(campaign)

    def check_start(self, record, time):
        started = record.one(17)
        begins = max(started.int(2), time) // DAY_MICROS
        want(started.sint32(3) == 0 or abs(started.sint32(3) - begins) <= 1,
             "an issue run whose grants count in another day than it begins on")
        if self.check_bound(started.uint32(1)):
            self.bound += 1
        else:
            want(not self.whole, "an issue run of a campaign or union that is not there")
            self.unbound += 1

    def check_bound(self, campaign):
        """Whether the bundle tells which pack binds the campaign's union."""
        day, asked = self.facts.issue_runs[campaign]
        named = (b"", 0) if asked is None else (asked.bytes(1), asked.uint32(2))
        if asked is not None and named in self.facts.packs and campaign in self.terms.said:
            self.check_frame(self.facts.packs[named], day, asked, self.terms.said[campaign][1])
        home = self.unions.homes.get(campaign)
        pack, kind = self.unions.binding_of(home[0]) if home else (None, None)
        versions = sorted(version for name, version in self.facts.packs if name == pack)
        if pack is None or (pack and not versions):
            return False
        bound = b"", 0
        if pack:
            in_force = [version for version in versions if in_force_on(self.facts.packs[pack, version], day)]
            bound = pack, (in_force or versions)[-1]
        want(named == bound and (asked is None) == (not pack),
             f"an issue run under rule pack {name_of(*named)}, where its union is bound by {name_of(*bound)}")
        if asked is not None and kind is not None:
            rules = self.facts.packs[bound]
            want(asked.uint32(4) == (kind if rules.numbers(5) or rules.all(7) else 0),
                 "an issue run of another kind of issuer than its union is")
        return True

    @staticmethod
    def check_frame(pack, day, asked, terms):
        occasion, earmark = asked.bytes(3), terms.one(31)
        holiday = any(known.bytes(1) == occasion for known in pack.all(9))
        known = holiday or any(event.bytes(1) == occasion for event in pack.all(15))
        days = asked.int(5)
        if known and (pack.has_number(13) or pack.has_number(14)):
            if terms.has_number(22):
                want(days == terms.sint32(22) - day, "an issue run that says another expiry than its campaign's terms")
            else:  # which day of the union's zone that moment is of, is not known
                last = (terms.int(1) - 1) // DAY_MICROS
                want(abs(day + days - last) <= 1, "an issue run that says another expiry than its campaign's terms")
        else:
            want(days == 0, "an issue run that says another expiry than its campaign's terms")
        want(sorted(asked.numbers(6)) == (sorted(terms.numbers(2)) if known and pack.numbers(12) else []),
             "an issue run that says other categories than its campaign's terms")
        want(asked.uint32(7) == (earmark.uint32(1) if holiday and pack.has_number(11) else 0)
             and sorted(asked.numbers(8)) == (sorted(earmark.numbers(3)) if holiday and pack.numbers(16) else [])
             and sorted(asked.numbers(9)) == (sorted(earmark.numbers(2)) if holiday and pack.numbers(17) else []),
             "an issue run that says another earmark than its campaign's terms")

    def check_grant(self, entry):
        grant = entry.one(6)
        home = self.unions.homes.get(grant.uint32(1))
        for posting in entry.all(1):
            if posting.uint32(1) == CAMPAIGN:
                want(posting.uint(2) == grant.uint32(1) and (home is None or posting.uint32(4) == home[1]),
                     "a grant of points of another campaign, or of another union's money")
        self.terms.check_grant(grant)


def name_of(pack, version):
    return f"{pack.decode('utf-8', 'replace')} version {version}" if pack else "none"


def in_force_on(pack, day):
    return day >= pack.sint32(3) and (not pack.has_number(4) or day <= pack.sint32(4))


# --- What comes back of sales, and of their fees.


def posts_only_to(entry, *kinds):
    return all(posting.uint32(1) in kinds for posting in entry.all(1))


def shares_of(slices, rate, adjusted):
    """By origin what the merchant gets, and what of it is its fee: rounded down of all points up to a lot."""
    shares, total, fee = {}, 0, 0
    for _, origin, points in slices:
        if points:
            total += points
            so_far = total * rate // 10_000
            share = shares.setdefault(origin, [0, 0])
            share[0], share[1] = share[0] + points, share[1] + so_far - fee
            fee = so_far
    for origin, less in adjusted.items():
        if origin in shares:
            shares[origin][1] = min(max(shares[origin][1] - less, 0), shares[origin][0])
    return shares


def want_posted(entry, merchant, shares):
    posted_shares = {}
    for posting in entry.all(1):
        if posting.uint32(1) in (PAYABLE, FEE):
            want(posting.uint(2) == merchant, "posts to another merchant than it is of")
            share = posted_shares.setdefault(posting.uint32(4), [0, 0])
            share[0] += posting.sint(5)
            share[1] += posting.sint(5) if posting.uint32(1) == FEE else 0
    want(posted_shares == shares, f"posts {posted_shares} by union and of it as fee, where they are {shares}")


class Returns:
    def __init__(self, whole):
        self.whole, self.sales = whole, {}  # merchant, rate, discount, whether in lines, slices
        self.adjusted = {}  # by sale: by origin how much less the fee is
        self.followed = self.unfollowed = 0

    def check(self, sequence, entry):
        posts_held = any(posting.uint32(1) == HELD for posting in entry.all(1))
        if entry.has(12) or entry.has(14) or entry.has(15) or (entry.has(9) and posts_held):
            want(posts_only_to(entry, WALLET, HELD),
                 "an authorisation, or the end of one, that posts to others than its member")
        elif entry.has(7) or entry.has(13):
            want(posts_only_to(entry, WALLET, PAYABLE, FEE, HELD) and not (entry.has(7) and posts_held),
                 "a sale that posts to others than its member and its merchant")
            self.check_sale(sequence, entry)
        elif entry.has(22):
            self.check_adjustment(entry)
        elif entry.has(8):
            self.check_given_back(entry, entry.one(8), entry.one(8).int(5), entry.one(8).all(7))
        elif entry.has(9):
            self.check_given_back(entry, entry.one(9), entry.one(9).int(4), entry.one(9).all(5))

    def check_sale(self, sequence, entry):
        sale = entry.one(7 if entry.has(7) else 13)
        changes = [change for change in entry.all(3) if change.sint(2)]
        want(all(change.sint(2) < 0 for change in changes), "a sale that adds to a lot")
        want(all(change.sint(2) >= -POINTS_MAX for change in changes), "a sale that takes more than there is")
        slices = [(change.uint32(1), change.uint32(4), -change.sint(2)) for change in changes]
        want(sum(points for _, _, points in slices) == want_points(sale.int(2)), "a sale of other points than it takes of its lots")
        merchant, rate = sale.one(1).uint32(1), sale.uint32(4)
        want_posted(entry, merchant, shares_of(slices, rate, {}))
        key = sale.uint(7) if entry.has(13) else sale.uint(40) or sequence
        self.sales[key] = merchant, rate, sale.uint32(21), sale.has(9), slices

    def check_given_back(self, entry, cause, fee, adjustments):
        want(posts_only_to(entry, WALLET, PAYABLE, FEE), "gives back to others than the member and the merchant")
        number, points = cause.uint(2), cause.int(3)
        said = [(adjustment.uint32(1), adjustment.sint(2)) for adjustment in adjustments]
        want(len(dict(said)) == len(said), "says twice what is left of an adjustment")
        if number not in self.sales:
            want(not self.whole, f"purchase {number} is not there")
            self.unfollowed += 1
            return
        merchant, rate, discount, in_lines, before = self.sales[number]
        rates = cause.uint32(50), cause.uint32(51)
        want(rates == (rate, discount) or (discount == 0 and rates == (0, 0)),  # without a discount all of it is fee
             "gives back at another rate than that of the sale")
        after = self.kept_after(entry, before, in_lines, points)
        adjusted = self.adjusted.get(number, {})
        shares = shares_of(after, rate, adjusted)
        for origin, share in shares_of(before, rate, adjusted).items():
            kept = shares.setdefault(origin, [0, 0])
            kept[0], kept[1] = kept[0] - share[0], kept[1] - share[1]
        want_posted(entry, merchant, {origin: share for origin, share in shares.items() if any(share)})
        want(fee == -sum(share[1] for share in shares.values()), "gives back another fee than it says")
        unadjusted = shares_of(after, rate, {})
        left = {origin: unadjusted[origin][1] - share[1] for origin, share in shares_of(after, rate, adjusted).items()}
        left = {origin: less for origin, less in left.items() if less} if adjusted else {}
        want(dict(said) == left, "says other adjustments of the fee than are left")
        self.adjusted[number] = left
        if not left:
            del self.adjusted[number]
        self.sales[number] = merchant, rate, discount, in_lines, after
        self.followed += 1

    @staticmethod
    def kept_after(entry, before, in_lines, points):
        """The slices that are kept. What comes back does so to the lots that were taken last, but of a basket."""
        after, back = list(before), 0
        for change in entry.all(3):
            at = next((i for i, (lot, origin, _) in enumerate(after)
                       if (lot, origin) == (change.uint32(1), change.uint32(4))), None)
            want(change.sint(2) > 0 and at is not None and after[at][2] >= change.sint(2),
                 f"gives back to lot {change.uint32(1)} what the sale does not keep of it")
            after[at] = *after[at][:2], after[at][2] - change.sint(2)
            back += change.sint(2)
        want(back == points, "gives back other points to lots than it says")
        from_the_end = []
        for lot, origin, kept in reversed(before):
            part = min(points, kept)
            points -= part
            from_the_end.insert(0, (lot, origin, kept - part))
        want(in_lines or after == from_the_end, "gives back to other lots first than the last that were taken")
        return after

    def check_adjustment(self, entry):
        adjustment, postings = entry.one(22), entry.all(1)
        points, number = adjustment.sint(4), adjustment.uint(6)
        want(all(posting.uint(2) == adjustment.uint32(1) for posting in postings), "adjusts another merchant's fee")
        want(len(postings) == 2 and posted(entry, PAYABLE) == points != 0 and posts_only_to(entry, PAYABLE, FEE),
             "an adjustment that posts other points than it says")
        if number == 0 or number not in self.sales:
            want(not self.whole or number == 0, f"adjusts the fee of purchase {number}, which is not there")
            self.unfollowed += 1
            return
        merchant, rate, _, _, slices = self.sales[number]
        want(merchant == adjustment.uint32(1), "adjusts the fee of another's sale")
        origin = postings[0].uint32(4)
        kept, fee = shares_of(slices, rate, {}).get(origin, (0, 0))
        adjusted = self.adjusted.setdefault(number, {})
        less = adjusted.get(origin, 0) + points
        want(0 <= fee - less <= kept, f"adjusts a fee by {points} points, where {kept} are kept")
        adjusted[origin] = less
        if not less:
            del adjusted[origin]
        self.followed += 1


# --- Statements.


class Day:
    def __init__(self, day=None, partial=False):
        self.day = day  # (merchant, day, start, end, zone); None: of before there were business days
        self.partial = partial
        self.first_opened = False  # it is the merchant's first in a bundle that begins later
        self.first = self.last = self.payable_before = 0
        self.lines = [0, 0, 0, 0]  # purchases, refunds, reversals, adjustments
        self.figures = [0] * 8
        self.digest = bytes(32)
        self.came_to = {}  # by origin


def day_of(message):
    return message.uint32(1), message.sint32(2), message.int(3), message.int(4), message.bytes(5)


def toward_zero(a, b):
    return abs(a) // b * (1 if a >= 0 else -1)


def discount_in(fee, rate, discount):
    if rate == 0:
        return 0
    whole = toward_zero(fee, rate)
    return whole * discount + toward_zero((fee - whole * rate) * discount, rate)


class Line:
    """Kind, till, merchant, original, and the eight figures that it adds to its day."""

    def __init__(self, entry):
        self.figures = [0] * 8
        spent = -sum(change.sint(2) for change in entry.all(3))
        if entry.has(7) or entry.has(13):
            cause = entry.one(7 if entry.has(7) else 13)
            self.kind, self.original, rates = 1, cause.uint(40 if entry.has(7) else 7), (4, 21)
            self.figures[0] = spent
        elif entry.has(8):
            cause = entry.one(8)
            self.kind, self.original, rates = 3 if cause.uint(52) else 2, cause.uint(2), (50, 51)
            self.figures[self.kind - 1] = -spent
        elif entry.has(9):
            cause = entry.one(9)
            self.kind, self.original, rates = 4, cause.uint(2), (50, 51)
            self.figures[3] = -spent
        else:
            cause = entry.one(22)
            self.kind, self.original, rates = 5, cause.uint(3), None
        self.till = cause.one(1) if rates else Message(b"")
        self.merchant = self.till.uint32(1) if rates else cause.uint32(1)
        for posting in entry.all(1):
            if rates is None:
                self.figures[6] += posting.sint(5) if posting.uint32(1) == PAYABLE else 0
            elif posting.uint32(1) == FEE:
                discount = discount_in(posting.sint(5), cause.uint32(rates[0]), cause.uint32(rates[1]))
                self.figures[4] += posting.sint(5) - discount
                self.figures[5] += discount

    @staticmethod
    def of(entry):
        kinds = {posting.uint32(1) for posting in entry.all(1)}
        if entry.has(9):
            return Line(entry) if kinds & {PAYABLE, FEE} else None
        return Line(entry) if any(entry.has(number) for number in (7, 13, 8, 22)) else None

    def points(self):
        return self.figures[0] - sum(self.figures[1:4]) + self.figures[6]


class Statements:
    def __init__(self, facts, books, whole):
        self.facts, self.books, self.whole = facts, books, whole
        self.running, self.over = {}, {}
        self.lines = self.statements = self.begun_earlier = 0
        self.came_to = None  # what the day came to that the last record cut, where that was added up

    def check(self, sequence, record, time):
        self.came_to = None
        if record.has(110):
            self.cut(record.one(110), time)
        elif record.has(8):
            entry = record.entry()
            line = Line.of(entry)
            if line is None:
                self.note_payout(entry, time)
            else:
                self.add_line(sequence, entry, line, time)

    def add_line(self, sequence, entry, line, time):
        payable = 0
        for posting in entry.all(1):
            if posting.uint32(1) == PAYABLE:
                want(posting.uint(2) == line.merchant, "a line of another merchant")
                payable += posting.sint(5)
        want(payable == line.points() - line.figures[4] - line.figures[5],
             "a line that makes other points payable than it says")
        self.lines += 1
        before = self.books.payable.get(line.merchant, 0) - payable
        if line.merchant not in self.running:
            self.running[line.merchant] = Day(partial=not self.whole)
        day = self.enter(entry, line.merchant, time)
        if day.first == 0:
            day.first, day.payable_before = sequence, before
        day.last = sequence
        day.lines[(0, 1, 1, 2, 3)[line.kind - 1]] += 1
        day.figures = [a + b for a, b in zip(day.figures, line.figures)]
        for posting in entry.all(1):
            if posting.uint32(1) == PAYABLE:
                day.came_to[posting.uint32(4)] = day.came_to.get(posting.uint32(4), 0) + posting.sint(5)
        terminal = b""
        if line.till.uint32(2):
            terminal = self.facts.terminals.get(line.till.uint32(2))
            want(terminal is not None, "a line of a terminal that is not there")
        text = b"%d,%d,%d,%s,%d,%d,%d,%d,%d,%d\n" % (
            sequence, line.kind, time, terminal, line.till.uint32(3), line.till.uint32(4), line.original, line.points(),
            line.figures[4], line.figures[5])
        day.digest = sha256(day.digest, text)

    def enter(self, entry, merchant, time):
        day = self.running[merchant]
        why = f"a line that is not in one business day of merchant {merchant}"
        if entry.has(50):
            opened = day_of(entry.one(50))
            want(opened[0] == merchant and opened[2] <= time < opened[3], why)
            if day.day is not None:
                want(opened[1] > day.day[1] and opened[2] >= day.day[3], why)
                if day.first:
                    self.over[merchant, day.day[1]] = day
            elif day.first and not day.partial:
                day.day = opened
                return day
            first = day.day is None and not self.whole
            day = self.running[merchant] = Day(opened)
            day.first_opened = first
        elif day.day is not None:
            want(day.first and day.day[2] <= time < day.day[3], why)
        return day

    def note_payout(self, entry, time):
        if not any(posting.uint32(1) == PAYOUT for posting in entry.all(1)):
            return
        for posting in entry.all(1):
            day = self.running.get(posting.uint(2))
            if posting.uint32(1) != PAYABLE or day is None or day.first == 0:
                continue
            if day.day is None or time < day.day[3]:
                day.figures[7] -= posting.sint(5)

    def cut(self, cut, time):
        merchant, said = cut.uint32(1), day_of(cut.one(2))
        over = (merchant, said[1]) in self.over
        day = self.over.get((merchant, said[1]))
        running = self.running.get(merchant)
        if day is None and running and running.first:
            # Of a day that began before the range only its lines tell which it is: the cut may be of the one before.
            undated = running.day is None and (not running.partial or cut.uint(4) >= running.first)
            if undated or (running.day is not None and running.day[1] == said[1]):
                day = running
        # So did a day with lines of before there were business days: it was opened after them.
        if day is None or day.partial or (day.first_opened and cut.uint(3) < day.first):
            want(not self.whole, "a cut of a business day without lines")
            self.begun_earlier += 1
        else:
            figures = cut.one(9)
            same = (time >= said[3] and day.day in (None, said)
                    and [cut.uint(3), cut.uint(4)] == [day.first, day.last]
                    and [cut.uint(number) for number in (5, 6, 7, 8)] == day.lines
                    and [figures.int(n) for n in (1, 2, 3, 4)] + [figures.sint(n) for n in (5, 6, 7, 8)] == day.figures
                    and cut.sint(10) == day.payable_before and cut.bytes(11) == day.digest)
            want(same, "a statement that is not what its lines come to")
            self.statements += 1
            self.came_to = day.came_to
        if over:
            del self.over[merchant, said[1]]
        elif day is not None:
            self.running[merchant] = Day(said)


# --- What merchants are paid.


POINTS_MAX = 10**15


def sums_of(stored):
    """Points by origin."""
    return {each.uint32(1): each.sint(2) for each in stored}


def checked_sums(stored, fits):
    pairs = [(each.uint32(1), each.sint(2)) for each in stored]
    want(all(a[0] < b[0] for a, b in zip(pairs, pairs[1:])) and all(fits(points) for _, points in pairs),
         "a payment of other points than its sums")
    return dict(pairs)


def moved_by(entry, merchant):
    """What went from the merchant's payable to its payout, for each origin; None: it is not that."""
    payable, payout = {}, {}
    for posting in entry.all(1):
        kind, origin, points = posting.uint32(1), posting.uint32(4), posting.sint(5)
        moved = {PAYABLE: payable, PAYOUT: payout}.get(kind)
        if moved is None or posting.uint(2) != merchant or origin in moved:
            return None
        moved[origin] = -points if kind == PAYABLE else points
    return payout if payable == payout else None


class Statement:
    def __init__(self):
        self.cut = self.agreed = self.settled = self.due_known = False
        self.attempts, self.digest = 0, b""
        self.came_to = self.sums = None
        self.paid = {}  # by origin, as far as it is known


class Payouts:
    """Whether merchants are paid what their statements came to, once, and by approved runs."""

    def __init__(self, whole):
        self.whole, self.last_run = whole, None
        self.runs, self.states = {}, {}  # number: (maker, payments, whether of before the range), and what became of it
        self.statements = {}
        self.carried, self.waiting = {}, {}  # by merchant: what days fell short by; days that are in no run
        self.agreed = self.agreed_earlier = self.due = self.due_unknown = self.approved = self.unapproved = 0

    def learn_earlier(self, record):
        if record.has(123):
            self.states.setdefault(record.one(123).uint32(1), "approved")
        if record.has(122):
            created = record.one(122)
            payments = [((payment.uint32(1), payment.sint32(2)), sums_of(payment.all(6))) for payment in created.all(4)]
            self.runs.setdefault(created.uint32(1), (created.bytes(5), payments, True))

    def check(self, record, came_to):
        for number, check in ((110, lambda cut: self.cut(cut, came_to)), (111, self.agree), (122, self.create),
                              (123, self.approve), (124, self.cancel)):
            if record.has(number):
                check(record.one(number))
        if record.has(8):
            entry = record.entry()
            if entry.has(25) or entry.has(26):
                self.check_posted(entry)
            else:
                want(all(posting.uint32(1) != PAYOUT for posting in entry.all(1)), "points that leave by no payout")

    def of(self, message):
        return self.statements.setdefault((message.uint32(1), message.sint32(2)), Statement())

    def cut(self, cut, came_to):
        merchant, day = cut.uint32(1), cut.one(2).sint32(2)
        statement = self.statements.setdefault((merchant, day), Statement())
        want(not statement.cut and not statement.agreed and not statement.attempts, "a business day that is cut once more")
        statement.cut, statement.digest, statement.came_to = True, cut.bytes(11), came_to
        self.waiting.setdefault(merchant, set()).add(day)

    def agree(self, agreed):
        statement = self.of(agreed)
        want(not statement.agreed, "a statement that is agreed upon once more")
        want(statement.cut or not self.whole, "an agreement upon a day that was not cut")
        want(not statement.cut or statement.digest == agreed.bytes(3),
             "an agreement upon another statement than was cut")
        statement.agreed = True
        self.agreed += statement.cut
        self.agreed_earlier += not statement.cut

    def create(self, created):
        run = created.uint32(1)
        follows = run != 0 if self.last_run is None and not self.whole else run == (self.last_run or 0) + 1
        want(follows and run not in self.runs, "a payout run that is not the one after the last")
        self.last_run = run
        self.runs[run] = created.bytes(5), [self.take_payment(payment) for payment in created.all(4)], False

    def take_payment(self, payment):
        sums = checked_sums(payment.all(6), lambda points: 0 < points <= POINTS_MAX)
        carried = checked_sums(payment.all(8), lambda points: -POINTS_MAX <= points < 0)
        want(payment.int(7) == sum(sums.values()) <= POINTS_MAX, "a payment of other points than its sums")
        statement, attempt = self.of(payment), payment.uint32(5)
        want(statement.agreed or not (self.whole or statement.cut), "pays a statement that nobody agreed upon")
        want(not statement.settled and not any(statement.paid.values()), "pays a statement that is paid")
        known = self.whole or statement.cut or statement.attempts
        want(attempt == statement.attempts + 1 or (attempt and not known),
             "a payment that is not the next attempt of its statement")
        key = payment.uint32(1), payment.sint32(2)
        if attempt == 1:
            self.take_first(key, sums, carried, statement)
        else:
            want(not carried and statement.sums in (None, sums), "an attempt that pays something else than the one before")
        self.due += statement.due_known
        self.due_unknown += not statement.due_known
        statement.attempts, statement.sums, statement.settled = attempt, sums, not sums
        statement.paid.update(dict.fromkeys(sums, False))
        return key, sums

    def take_first(self, key, sums, carried, statement):
        waiting = self.waiting.setdefault(key[0], set())
        want(not waiting or min(waiting) >= key[1], "pays a day of a merchant before an earlier one")
        waiting.discard(key[1])
        before = self.carried.get(key[0], {} if self.whole else None)
        statement.due_known = statement.came_to is not None and before is not None
        if statement.due_known:
            due = {origin: statement.came_to.get(origin, 0) + before.get(origin, 0)
                   for origin in {*statement.came_to, *before}}
            want({origin: points for origin, points in due.items() if points > 0} == sums
                 and {origin: points for origin, points in due.items() if points < 0} == carried,
                 "a payment of something else than its statement came to")
        self.carried[key[0]] = carried
        statement.came_to = None

    def approve(self, approved):
        number, person = approved.uint32(1), approved.bytes(2)
        run = self.runs.get(number)
        want(run or not self.whole, "an approval of a payout run that is not there")
        want(not run or not person or run[0] != person, "a payout run that is approved by whoever made it")
        want(number not in self.states, "an approval of a payout run that was approved or cancelled")
        self.states[number] = "approved"

    def cancel(self, cancelled):
        number = cancelled.uint32(1)
        want(number in self.runs or not self.whole, "cancels a payout run that is not there")
        want(self.states.get(number) != "cancelled", "cancels a payout run that was cancelled")
        self.states[number] = "cancelled"

    def check_posted(self, entry):
        back = entry.has(26)
        cause = entry.one(26 if back else 25)
        key, number, payment = (cause.uint32(1), cause.sint32(2)), cause.uint32(3), cause.uint32(4)
        run = self.runs.get(number)
        if run is None and back and not self.whole:
            return  # Of what comes back the run may be of before the range; what is paid names it.
        want(run and 0 < payment <= len(run[1]), "a payout of no payment of a run")
        statement, sums = run[1][payment - 1]
        want(statement == key, "a payout of another statement than its payment is of")
        moved = moved_by(entry, key[0])
        want(moved is not None, "a payout that is not of its merchant's payable")
        if not back:
            self.check_approved(number, run)
        paid = self.statements.setdefault(key, Statement()).paid
        for origin, points in moved.items():
            want(origin in sums and points == (-sums[origin] if back else sums[origin]),
                 "a payout of other points than its payment has of that union's money")
            want(paid.get(origin, back) == back,
                 "what was not paid comes back" if back else "a statement that is paid twice")
            paid[origin] = not back

    def check_approved(self, number, run):
        state = self.states.get(number)
        want(state == "approved" or (state is None and run[2]),
             "a payout of a run that was not approved, or was cancelled")
        self.approved += state is not None
        self.unapproved += state is None


# --- Months that are closed.


class Period:
    def __init__(self, first, whole, opening):
        self.first, self.whole, self.last, self.root, self.entries = first, whole, None, None, 0
        self.counts = {}  # by body and cause: records and points
        self.lines = {key: [points, 0, 0] for key, points in opening.items() if points}

    def closing(self):
        return closing_of(self.lines)


def closing_of(lines):
    sums = {key: opening + debits - credits for key, (opening, debits, credits) in lines.items()}
    return {key: points for key, points in sums.items() if points}


class Periods:
    def __init__(self, first, accounts):
        sums = {}
        for sign in (1, -1):
            for (kind, _, origin), points in accounts.items():
                if points * sign > 0:
                    sums[kind, origin, sign] = checked_sum(sums.get((kind, origin, sign), 0) + abs(points))
        sums = {key: sums.get(key + (1,), 0) - sums.get(key + (-1,), 0) for key in {key[:2] for key in sums}}
        self.bundle_first, self.current, self.named, self.closed, self.closed_last = first, 0, 0, 0, 0
        self.count = self.whole = 0
        self.periods = {0: Period(first, first == 1, sums)}
        self.ended = Period(first, False, sums)  # the last that was closed, or what there was before the bundle
        self.ended.last = first - 1
        self.forget()

    def forget(self):
        self.said, self.last_line, self.line_records, self.lines_of = {}, None, 0, 0

    def check(self, sequence, record, before):
        self.check_order(sequence, record.uint32(5), before)
        self.count_record(record)
        if record.has(8):
            self.add_up(record.entry())
        if record.has(174):
            lines = record.one(174)
            want(not self.line_records or self.lines_of == lines.uint32(1), "its lines are of two months")
            self.lines_of = lines.uint32(1)
            self.line_records += 1
            self.take_lines(lines.all(2))
        elif record.has(173):
            self.check_turn(record.one(173), record.int(2))
            self.check_closed(sequence, record.one(173))
        else:
            want(self.line_records == 0, "lines of a month come before it, and it closes none")

    def check_order(self, sequence, month, before):
        if sequence == self.bundle_first:
            self.ended.root = before.root()
        want(month >= self.current, "its month goes back")
        if month == self.current:
            return
        if self.current == 0:  # records without a month are of the first that is named
            self.periods[month], self.named = self.periods.pop(0), month
        else:
            ended = self.periods[self.current]
            ended.last, ended.root = sequence - 1, before.root()
            self.periods[month] = Period(sequence, True, ended.closing())
        self.current = month

    def count_record(self, record):
        body, cause, points = record.first(lambda number: number >= 8), 0, 0
        if record.has(8):
            entry = record.entry()
            moved = [number for number in (16, 17) if entry.has(number)]
            cause = moved[0] if moved else entry.first(lambda number: number not in (1, 2, 3, 50))
            points = sum(max(posting.sint(5), 0) for posting in entry.all(1))
        counted = self.periods[self.current].counts.setdefault((body, cause), [0, 0])
        counted[0] += 1
        counted[1] = checked_sum(counted[1] + points)

    def add_up(self, entry):
        period = self.periods[self.current]
        period.entries += 1
        for posting in entry.all(1):
            line = period.lines.setdefault((posting.uint32(1), posting.uint32(4)), [0, 0, 0])
            points = posting.sint(5)
            line[1 if points > 0 else 2] += abs(points)
            checked_sum(max(line[1:]))
            checked_sum(checked_sum(line[0] + line[1]) - line[2])

    def take_lines(self, lines):
        for line in lines:
            key = line.uint32(1), line.uint32(2)
            want(0 < key[0] <= KINDS, "a line of an unknown kind")
            want(self.last_line is None or key > self.last_line, "its lines are out of order")
            self.last_line = key
            opening, debits, credits, closing = line.sint(3), line.int(4), line.int(5), line.sint(6)
            want(debits >= 0 and credits >= 0, "a line that adds less than nothing")
            want(opening + debits < 1 << 63 and opening + debits - credits == closing, "a line that does not add up")
            self.said[key] = [opening, debits, credits]

    def check_said(self, closed):
        want([self.line_records, len(self.said)] == [closed.uint32(10), closed.uint(11)]
             and (not self.line_records or self.lines_of == closed.uint32(1)), "it has other lines than it says")
        rows = [struct.pack(">BIq", *key, points) for key, points in sorted(closing_of(self.said).items())]
        want(sha256(*rows) == closed.bytes(12), "its digest is not that of its lines")

    def known(self, closed):
        month, first, last = closed.uint32(1), closed.uint(2), closed.uint(3)
        if month in self.periods:
            period = self.periods[month]
            if not period.whole:
                want(first <= period.first, "it closes a month that begins elsewhere")
                period.whole = first == period.first  # the bundle begins where the month does
            return period
        if last == self.ended.last:  # a month without records, or one that ended where the bundle begins
            period = Period(first, first == last + 1, self.ended.closing())
            period.last, period.root = last, self.ended.root
            return period
        want(last < self.bundle_first, "its records are not of the month it closes")
        return None

    def check_figures(self, closed, period, lines_known):
        want(closed.uint(3) == period.last, "it closes a month that ends elsewhere")
        want(closed.bytes(4) == period.root, "its root is not that of the tree up to the end of the month")
        want(not period.whole or [closed.uint(2), closed.uint(7)] == [period.first, period.entries],
             "it closes a month of other records")
        counts = [[c.uint32(1), c.uint32(2), c.uint(3), c.int(4)] for c in closed.all(8)]
        want(not period.whole or counts == [[*key, *counted] for key, counted in sorted(period.counts.items())],
             "it counts its records as others than they are")
        if lines_known:
            want(closing_of(self.said) == period.closing(),
                 "it closes with other balances than the records come to")
            wanted = {key: line for key, line in period.lines.items() if any(line)}
            want(not period.whole or self.said == wanted, "it adds up other debits and credits than its records have")

    def check_turn(self, closed, time):
        """Closings come one after another: the first is at the latest of the month that the bundle begins in."""
        month = closed.uint32(1)
        want(0 < month < self.current, "it closes a month that goes on, or none")
        if self.closed:
            following = self.closed + 89 if self.closed % 100 == 12 else self.closed + 1
            want(month == following, "it closes a month that is not the next one")
            want(closed.uint(2) == self.closed_last + 1, "it does not begin where the month before ended")
        else:
            want(month == self.named or (month < self.named and self.bundle_first > 1),
                 "it closes a month that is not the next one")
        want(closed.int(5) <= time, "it is of before the month ended")
        want(closed.bytes(6), "it names no time zone")

    def check_closed(self, sequence, closed):
        self.take_lines(closed.all(9))
        seen = sequence - self.bundle_first
        lines_known = not (self.bundle_first > 1 and self.line_records == seen and seen < closed.uint32(10))
        if lines_known:
            self.check_said(closed)
        period = self.known(closed)
        if period is not None:
            self.check_figures(closed, period, lines_known)
            self.whole += period.whole and lines_known
            self.ended = period
        self.count += 1
        self.closed, self.closed_last = closed.uint32(1), closed.uint(3)
        self.periods = {number: kept for number, kept in self.periods.items() if number > self.closed}
        self.forget()


# --- The bundle.


class Requests:
    """Which requests were answered and are not forgotten."""

    def __init__(self):
        self.answered = {}  # when, by the key of the request

    def check(self, record, time):
        request = record.one(3)
        if request.bytes(2):
            key = sha256(request.bytes(1), b"\x00", request.bytes(2))[:16]
            want(key not in self.answered, "it answers a request that an earlier record has answered")
            self.answered[key] = time
        if record.has(28):
            self.forget(record.one(28).bytes(3), time)

    def forget(self, keys, time):
        want(len(keys) % 16 == 0, "requests that cannot be forgotten")
        for at in range(0, len(keys), 16):
            answered = self.answered.pop(keys[at:at + 16], None)  # none: of before the range
            want(answered is None or time - answered >= REQUESTS_KEPT_DAYS * DAY_MICROS,
                 "it forgets a request that was answered less than 35 days ago")


class Verifier:
    def __init__(self, keys, witnesses, asked_size):
        self.keys, self.witnesses = keys, witnesses
        self.asked_size, self.root_asked = asked_size, None  # of an earlier tree, where records lead to it
        self.last_kind = 0
        self.part = None  # instead of all that follows the proofs
        self.checkpoints = []
        self.consistencies = 0
        self.frontier = None
        self.records_begun = self.closing_begun = False
        self.periods = None
        self.last_row, self.short_frame = b"", False
        self.closings = 0
        self.epoch = self.command_records = self.next_index = self.records = self.entries = 0
        self.last_time = None
        self.earlier = set()
        self.requests = Requests()
        self.facts, self.books = Facts(), Books()
        self.opening = hashlib.sha256()

    def take(self, kind, payload):
        if kind == SCOPE and self.last_kind == CONSISTENCY:
            self.check_proofs()
            self.part, self.last_kind = Part(self), kind
        if self.part is not None:
            self.part.take(kind, payload)
            return
        want(kind >= self.last_kind or (kind == EARLIER and self.last_kind == SEGMENT), "a frame out of its order")
        want((self.last_kind == 0) == (kind == HEADER), "want one header, and want it first")
        want(kind <= FRONTIER or self.frontier is not None, "a frame before the proofs")
        if kind != self.last_kind:
            self.last_row, self.short_frame = b"", False
        self.last_kind = kind
        takers = {HEADER: self.take_header, CHECKPOINT: self.take_checkpoint, CONSISTENCY: self.take_consistency,
                  FRONTIER: self.take_frontier, EARLIER: self.take_earlier, SEGMENT: self.take_segment}
        if kind in takers:
            takers[kind](payload)
        elif kind in (OPENING, OPENING_LOTS):
            self.take_opening(kind, payload)
        elif kind in (CLOSING, CLOSING_LOTS):
            self.take_closing(kind, payload)
        else:
            raise Misfit("a frame of an unknown kind")

    def take_header(self, payload):
        want(len(payload) == 84, "malformed header")
        self.first, self.last, self.before, self.after, self.partition = struct.unpack("<QQ32s32sI", payload)
        want(1 <= self.first <= self.last, "malformed range of records")
        self.next = self.segment_first = self.first
        self.sales = Sales(self.facts, self.first == 1)
        self.caps, self.fees = Caps(self.facts, self.first == 1), Fees(self.facts, self.first == 1)
        self.plans, self.runs = Plans(self.first == 1), Runs(self.facts, self.first == 1)
        self.returns = Returns(self.first == 1)
        self.statements = Statements(self.facts, self.books, self.first == 1)
        self.payouts = Payouts(self.first == 1)

    def take_checkpoint(self, payload):
        want(len(self.checkpoints) < 16, "too many checkpoints")
        parsed = parse_checkpoint_of(payload, self.keys)
        if self.checkpoints:
            want(self.checkpoints[-1][0] == parsed[0] and self.checkpoints[-1][1] < parsed[1],
                 "a checkpoint that does not go on from the last one")
        self.witnesses.look(payload, parsed[1], self.last)
        self.checkpoints.append(parsed)

    def take_consistency(self, payload):
        want(self.checkpoints and len(payload) >= 16, "a proof without a checkpoint")
        first, second = struct.unpack("<QQ", payload[:16])
        path = hashes_of(payload[16:])
        after, signed = (self.last, self.after), self.checkpoints[-1][1:]
        number = self.consistencies
        self.consistencies += 1
        want(number <= len(self.checkpoints), "too many proofs")
        if number == 0:
            of, to = (self.first - 1, self.before), after
        elif number == 1:
            of, to = after, signed
        else:
            of, to = self.checkpoints[number - 2][1:], signed
        want((first, second) == (of[0], to[0]), "a proof of other trees than are wanted")
        want(of[0] <= to[0], "the checkpoint does not cover the records")
        if of[0] == 0:
            want(not path and of[1] == EMPTY_ROOT, "the empty tree has another root")
        else:
            want(consistency_holds(*of, *to, path), "the proof of consistency does not hold")

    def check_proofs(self):
        want(self.checkpoints and self.consistencies == len(self.checkpoints) + 1,
             "a proof of consistency is missing")
        self.witnesses.check_quorum()

    def take_frontier(self, payload):
        want(self.frontier is None, "the frontier twice")
        self.check_proofs()
        hashes = hashes_of(payload)
        want(len(hashes) == bin(self.first - 1).count("1"), "another number of subtrees than the tree has")
        frontier = Frontier(self.first - 1, hashes)
        want(frontier.root() == self.before, "the subtrees do not give the root before the records")
        self.frontier = frontier

    def take_opening(self, kind, payload):
        width, key_bytes = (29, 21) if kind == OPENING else (60, 20)
        want(self.first > 1, "balances of before the first record")
        self.opening.update(payload)
        for row in self.rows_of(payload, width, key_bytes):
            if kind == OPENING:
                self.books.open_balance(row)
            else:
                self.books.open_lot(row)

    def rows_of(self, payload, width, key_bytes):
        """The rows of a frame, which they fill, in their order."""
        want(not self.short_frame and payload and len(payload) % width == 0 and len(payload) <= width * ROWS_MAX,
             "rows that do not fill their frames")
        self.short_frame = len(payload) < width * ROWS_MAX
        for at in range(0, len(payload), width):
            row = payload[at:at + width]
            want(row[:key_bytes] > self.last_row, "rows out of their order")
            self.last_row = row[:key_bytes]
            yield row

    def begin_records(self):
        if not self.records_begun:
            self.records_begun = True
            self.books.check_opening()
            self.periods = Periods(self.first, self.books.accounts)

    def take_earlier(self, payload):
        self.begin_records()
        sequence, path, record = parse_proven(payload)
        want(0 < sequence < self.first and sequence not in self.earlier,
             "an earlier record that is not of before the range, or twice")
        self.earlier.add(sequence)
        if not self.holds(sequence, path, record):
            raise RecordMisfit(sequence, "the proof of inclusion does not hold")
        try:
            message = record_of(record)
            want(message.uint(1) == sequence, "it is no record of that place")
        except Misfit as misfit:
            raise RecordMisfit(sequence, misfit) from None
        self.facts.learn(message)
        self.sales.learn_earlier(sequence, message)
        self.plans.learn_earlier(message)
        self.runs.learn(message)
        self.payouts.learn_earlier(message)

    def holds(self, sequence, path, record):
        _, size, root = self.checkpoints[-1]
        return inclusion_holds(leaf_hash(record), sequence - 1, size, path, root)

    def take_segment(self, payload):
        self.begin_records()
        try:
            header, records = parse_segment(payload)
            want(header[2] == self.next and self.next + len(records) - 1 <= self.last, "other records come instead")
            want(header[0] == self.partition and header[1] >= self.epoch, "a segment of another journal")
        except Misfit as misfit:
            raise RecordMisfit(self.next, misfit) from None
        if header[4] != self.frontier.root():
            raise RecordMisfit(self.segment_first, "the records from here on are not those of the tree")
        self.epoch, self.segment_first = header[1], self.next
        for record in records:
            try:
                self.take_record(record)
            except Misfit as misfit:
                raise RecordMisfit(self.next, misfit) from None
            self.next += 1

    def take_record(self, data):
        record = record_of(data)
        sequence, time, index = record.uint(1), record.int(2), record.uint32(4)
        want(sequence == self.next, f"it says it is record {sequence}")
        want(self.last_time is None or time > self.last_time, "its time is not after that of the record before")
        if self.records == 0:
            self.next_index = index
        if index:
            want(index == self.next_index and not record.has(3), "its command has other records")
        else:
            want(self.command_records in (0, self.next_index), "its command has other records")
            self.command_records = record.one(3).uint32(4)
        self.next_index = index + 1
        self.requests.check(record, time)
        if record.has(8):
            self.books.apply(record.entry(), time)
            self.entries += 1
        self.facts.learn(record)
        if record.has(8):
            entry = record.entry()
            self.sales.check(sequence, entry, time)
            self.caps.check(entry)
            self.fees.check(record, entry)
        self.plans.check(sequence, record)
        self.runs.check(record, time)
        if record.has(8):
            self.returns.check(sequence, record.entry())
        self.statements.check(sequence, record, time)
        self.payouts.check(record, self.statements.came_to)
        self.periods.check(sequence, record, self.frontier)
        self.frontier.append(leaf_hash(data))
        if sequence == self.asked_size:
            self.root_asked = self.frontier.root()
        self.last_time = time
        self.records += 1

    def begin_closing(self):
        if self.closing_begun:
            return
        self.closing_begun = True
        want(self.frontier is not None, "the bundle has no proofs")
        self.begin_records()
        if self.next != self.last + 1:
            raise RecordMisfit(self.next, "it is missing")
        if self.frontier.root() != self.after:
            raise RecordMisfit(self.segment_first, "the records from here on are not those of the tree")
        self.closing = ([(CLOSING, rows) for rows in self.books.balance_frames()]
                        + [(CLOSING_LOTS, rows) for rows in self.books.lot_frames()])

    def closing_digest(self):
        rows = self.part.closing if self.part is not None else [rows for _, rows in self.closing]
        return sha256(*rows).hex()

    def take_closing(self, kind, payload):
        self.begin_closing()
        want(self.closings < len(self.closing) and self.closing[self.closings] == (kind, payload),
             "it closes with something else than the records come to")
        self.closings += 1

    def root_of(self, size):
        """The root of the first records, as many as that; None: the bundle does not show it."""
        roots = {self.asked_size: self.root_asked, 0: EMPTY_ROOT, self.first - 1: self.before, self.last: self.after}
        roots.update((size, root) for _, size, root in self.checkpoints)
        return roots.get(size)

    def finish(self):
        if self.part is not None:
            self.part.finish()
            return
        self.begin_closing()
        want(self.closings == len(self.closing), "what it closes with is missing")


class Part:
    """The frames of a part, from its scope on."""

    def __init__(self, verifier):
        self.verifier, self.books = verifier, PartBooks()
        self.place, self.last, self.closings, self.closing = -1, 0, 0, None
        self.owners_ended = False
        self.caps, self.terms = PartCaps(), Terms()
        verifier.fees, verifier.returns = Fees(verifier.facts, False), Returns(False)

    def take(self, kind, payload):
        want(kind in PART_ORDER, "a frame that a part does not have")
        place = PART_ORDER.index(kind)
        want(place >= self.place and (kind != SCOPE or self.place < 0), "a frame out of its order")
        if place != self.place:
            self.verifier.last_row, self.verifier.short_frame = b"", False
        self.place = place
        if place > PART_ORDER.index(SCOPE_OWNERS):
            self.end_owners()
        takers = [self.take_scope, self.take_owners, self.take_opening, self.take_record, self.take_closing]
        takers[place](payload)

    def take_scope(self, payload):
        want(len(payload) == 9 and payload[0] in (1, 2), "malformed scope")
        self.number = int.from_bytes(payload[1:], "little")
        want(self.number < 1 << 32, "malformed scope")
        self.scope, self.name = f"{('union', 'merchant')[payload[0] - 1]} {self.number}", ""
        self.kinds_together = PART_OF_UNION if payload[0] == 1 else PART_OF_MERCHANT

    def take_owners(self, payload):
        for row in self.verifier.rows_of(payload, 17, 17):
            want(0 < row[0] <= KINDS, "malformed owner")
            self.books.owners.add((row[0], row[1:]))

    def end_owners(self):
        """The scope's own accounts are there, of no other kinds, and those that come together do."""
        if self.owners_ended:
            return
        self.owners_ended = True
        owners, own = self.books.owners, struct.pack(">QQ", 0, self.number)
        want(all((kind, own) in owners for kind in self.kinds_together[0]), "its scope is not among its owners")
        want(len(owners) == 3 or self.kinds_together is PART_OF_UNION, "owners of another scope")
        for kind, owner in owners:
            together = [kinds for kinds in self.kinds_together if kind in kinds]
            want(together, "owners of another scope")
            want(all((other, owner) in owners for other in together[0]), "an owner of some accounts only")

    def take_opening(self, payload):
        want(self.verifier.first > 1, "balances of before the first record")
        self.verifier.opening.update(payload)
        for row in self.verifier.rows_of(payload, 29, 21):
            self.books.open_balance(row)

    def take_record(self, payload):
        sequence, path, data = parse_proven(payload)
        want(self.verifier.first <= sequence <= self.verifier.last and sequence > self.last,
             "a record out of its order, or twice")
        self.last = sequence
        try:
            self.check_record(sequence, path, data)
        except Misfit as misfit:
            raise RecordMisfit(sequence, misfit) from None

    def check_record(self, sequence, path, data):
        verifier = self.verifier
        want(verifier.holds(sequence, path, data), "the proof of inclusion does not hold")
        record = record_of(data)
        want(record.uint(1) == sequence, "it is no record of that place")
        time = record.int(2)
        want(verifier.last_time is None or time > verifier.last_time,
             "its time is not after that of the record before")
        if record.has(8):
            entry = record.entry()
            want(self.books.apply(entry), "it is a record of another scope")
            if len(entry.bytes(2)) == 16 and (WALLET, entry.bytes(2)) in self.books.owners:
                self.caps.check(entry)
            if self.kinds_together is PART_OF_MERCHANT:  # of a union adjustments are missing
                verifier.fees.check(record, entry)
                verifier.returns.check(sequence, entry)
            # The creation of a campaign is also in the part of whose money it issues, changes of its terms are not.
            if entry.has(6) and (CAMPAIGN, struct.pack(">QQ", 0, entry.one(6).uint32(1))) in self.books.owners:
                self.terms.check_grant(entry.one(6))
            verifier.entries += 1
        self.learn_name(record)
        self.caps.facts.learn(record)
        self.terms.learn(record)
        if self.kinds_together is PART_OF_MERCHANT:
            verifier.facts.learn(record)
        verifier.last_time = time
        verifier.records += 1

    def learn_name(self, record):
        """Numbers are the ledger's alone; the record that gave one has the name that people know."""
        collection = "unions" if self.kinds_together is PART_OF_UNION else "merchants"
        for created in ([record.one(9)] if collection == "unions" else [record.one(21), record.one(86).one(1)]):
            if created.has(2) and created.uint32(1) == self.number:
                self.name = f"{collection}/{created.bytes(2).decode('utf-8', 'replace')}"

    def begin_closing(self):
        if self.closing is None:
            self.closing = self.books.balance_frames()

    def take_closing(self, payload):
        self.begin_closing()
        want(self.closings < len(self.closing) and self.closing[self.closings] == payload,
             "it closes with something else than the records come to")
        self.closings += 1

    def finish(self):
        self.end_owners()
        self.begin_closing()
        want(self.closings == len(self.closing), "what it closes with is missing")


def parse_proven(payload):
    """The sequence, inclusion path and bytes of an earlier record, or of one of a part."""
    want(len(payload) >= 9, "malformed earlier record")
    sequence, count = struct.unpack("<QB", payload[:9])
    want(len(payload) >= 9 + 32 * count, "malformed earlier record")
    return sequence, hashes_of(payload[9:9 + 32 * count]), payload[9 + 32 * count:]


def hashes_of(payload):
    want(len(payload) % 32 == 0 and len(payload) <= 64 * 32, "malformed list of hashes")
    return [payload[at:at + 32] for at in range(0, len(payload), 32)]


def parse_segment(payload):
    want(len(payload) >= 68 and payload[:4] == b"PHJ\x01", "malformed segment")
    partition, epoch, first, count, root, size, crc = struct.unpack("<IQQI32sII", payload[4:68])
    want(size == len(payload) - 68 and crc == crc32c(payload[:64] + payload[68:]), "malformed segment")
    want(first > 0 and count > 0 and first + count < 1 << 64, "malformed segment")
    records, at = [], 68
    for _ in range(count):
        start = at
        length, at = varint(payload, at)
        want(length < 1 << 32 and at - start <= 5 and (payload[at - 1] or at - start == 1), "malformed segment")
        want(at + length <= len(payload), "malformed segment")
        records.append(payload[at:at + length])
        at += length
    want(at == len(payload), "malformed segment")
    return (partition, epoch, first, count, root), records


def verify(file, keys, witnesses, asked_size):
    """Raises Misfit. Reads one frame at a time."""
    whole = hashlib.sha256()
    frame = 0

    def read(size):
        data = file.read(size)
        want(len(data) == size, "the file ends too early")
        return data

    try:
        magic = read(4)
        want(magic == b"PHB\x01", "unknown magic or version")
        whole.update(magic)
        verifier = Verifier(keys, witnesses, asked_size)
        while True:
            frame += 1
            head = read(5)
            kind, size = struct.unpack("<BI", head)
            want(size <= FRAME_MAX, "a frame is too large")
            if kind == END:
                want(size == 32 and read(32) == whole.digest(), "the hash of the file is not the one at its end")
                want(not file.read(1), "bytes follow the end")
                verifier.finish()
                return verifier
            payload = read(size)
            whole.update(head)
            whole.update(payload)
            verifier.take(kind, payload)
    except RecordMisfit:
        raise
    except Misfit as misfit:
        raise Misfit(f"frame {frame}: {misfit}") from None


def time_text(micros):
    try:
        return datetime.fromtimestamp(micros / 1e6, timezone.utc).isoformat(timespec="seconds")
    except (OverflowError, OSError, ValueError):  # of a year that Python has no name for
        return f"{micros} microseconds after 1970"


def read_key(text, kind=1):
    if "+" not in text:
        with open(text, encoding="ascii") as file:
            text = file.read()
    return Key(text, kind)


def count(text):
    number = int(text)
    if number < 0:
        raise ValueError("below zero")
    return number


def main():
    parser = argparse.ArgumentParser(description="Checks a bundle of records.")
    parser.add_argument("--key", action="append", required=True, help="a key that signs checkpoints, or its file")
    parser.add_argument("--chain", help="checkpoint.chain: keys that it leads to from a key, or from which, count too")
    parser.add_argument("--witness", action="append", default=[], help="a witness's key, or its file: it is checked")
    parser.add_argument("--quorum", type=count, default=0, help="so many of them have to have signed")
    parser.add_argument("--after", help="a file with an earlier checkpoint, which the ledger has to go on from")
    parser.add_argument("bundles", nargs="+", metavar="bundle")
    arguments = parser.parse_args()
    try:
        keys = [read_key(text) for text in arguments.key]
        witnesses = [read_key(text, 4) for text in arguments.witness]
    except (OSError, ValueError) as error:
        print(f"verify_bundle: {error}", file=sys.stderr)
        return 2
    earlier = None
    try:
        chain = read_option("--chain", arguments.chain, CHAIN_BYTES_MAX)
        note = read_option("--after", arguments.after, CHECKPOINT_MAX)
        if chain is not None:
            keys = keys_of_chain(chain, keys)
        if note is not None:
            earlier = parse_earlier(note, keys)
    except OSError as error:
        print(f"verify_bundle: {error}", file=sys.stderr)
        return 2
    except Misfit as misfit:
        print(f"DOES NOT FIT: {misfit}")
        return 8
    code = 0
    for path in arguments.bundles:
        code = check_file(path, keys, Witnesses(witnesses, arguments.quorum), earlier) or code
    return code


def read_option(option, path, bytes_max):
    """What the file has that an option names; None: the option was not given."""
    if path is None:
        return None
    with open(path, "rb") as file:
        content = file.read(bytes_max + 1)
    if len(content) > bytes_max:
        raise OSError(f"{option}: larger than {bytes_max} bytes")
    return content


def parse_earlier(note, keys):
    try:
        return parse_checkpoint_of(note, keys)
    except Misfit as misfit:
        raise Misfit(f"earlier checkpoint: {misfit}") from None


def growth_of(verifier, earlier):
    """The exit code and what is said, when the bundle fits and is held against an earlier checkpoint."""
    origin, size, root = earlier
    last_origin, last_size, _ = verifier.checkpoints[-1]
    if last_origin != origin:
        return 9, f"DOES NOT GO ON: another ledger: {last_origin.decode()} instead of {origin.decode()}"
    if last_size < size:
        return 9, ("DOES NOT GO ON: rolled back, or older than what it is compared with: "
                   f"{last_size} records after {size}")
    found = verifier.root_of(size)
    if found is None:
        return 10, (f"CANNOT BE DECIDED: the bundle does not show the tree of {size} records; "
                    f"a whole one that has record {size} does")
    if found != root:
        return 9, f"DOES NOT GO ON: a fork: {last_size} records do not begin with the {size} that were signed"
    return 0, f"goes on from the checkpoint of {size} records"


def check_file(path, keys, witnesses, earlier):
    try:
        with open(path, "rb") as file:
            verifier = verify(file, keys, witnesses, None if earlier is None else earlier[1])
    except OSError as error:
        print(f"verify_bundle: {error}", file=sys.stderr)
        return 1
    except Misfit as misfit:
        print(f"DOES NOT FIT: {misfit}")
        return 8
    code, growth = (0, None) if earlier is None else growth_of(verifier, earlier)
    if code != 0:
        print(growth)
        return code
    until = "" if verifier.last_time is None else f", up to {time_text(verifier.last_time)}"
    print(f"fits: records {verifier.first} to {verifier.last}{until}")
    print(f"opening {verifier.opening.hexdigest()}")
    print(f"closing {verifier.closing_digest()}")
    if verifier.part is not None:
        scope, name = verifier.part.scope, verifier.part.name
        print(f"part: {name} ({scope})" if name else f"part: {scope}")
        print("Each record in it is of the ledger. What its accounts open and close with is the word of whoever made it:")
        print("compare it with your own books, or with a whole bundle. From a part nobody can show that no record is missing.")
        print(f"owners of accounts: {len(verifier.part.books.owners)}")
    for size, name, time in witnesses.found:
        print(f"witness {name} of {size} records: {'not checked' if time is None else time_text(time * 1e6)}")
    for what, count in (("records", verifier.records), ("earlier records", len(verifier.earlier)),
                        ("entries", verifier.entries), ("postings", verifier.books.postings),
                        ("accounts", len((verifier.part or verifier).books.accounts)), ("grants", verifier.sales.grants),
                        ("grants whose inputs were added up", verifier.caps.followed),
                        ("grants of rows of plans", verifier.plans.planned),
                        ("grants of plans not there", verifier.plans.unplanned),
                        ("issue runs approved", verifier.plans.run_approved),
                        ("issue runs whose approval is not there", verifier.plans.run_unapproved),
                        ("issue runs bound by rule packs", verifier.runs.bound),
                        ("issue runs whose binding is not known", verifier.runs.unbound),
                        ("purchases", verifier.sales.purchases), ("fees checked", verifier.fees.checked),
                        ("fees not checked", verifier.fees.unchecked), ("given back", verifier.sales.given_back),
                        ("fees given back checked", verifier.returns.followed),
                        ("fees given back not checked", verifier.returns.unfollowed),
                        ("payouts", verifier.sales.payouts), ("payouts of approved runs", verifier.payouts.approved),
                        ("payouts of runs whose approval is not there", verifier.payouts.unapproved),
                        ("payments of what statements came to", verifier.payouts.due),
                        ("payments not checked", verifier.payouts.due_unknown),
                        ("agreements upon cuts", verifier.payouts.agreed),
                        ("agreements upon cuts not there", verifier.payouts.agreed_earlier),
                        ("statements", verifier.statements.statements),
                        ("closed months", verifier.periods.count if verifier.periods else 0),
                        ("of them added up", verifier.periods.whole if verifier.periods else 0)):
        print(f"{what}: {count}")
    if growth is not None:
        print(growth)
    return 0


if __name__ == "__main__":
    sys.exit(main())
