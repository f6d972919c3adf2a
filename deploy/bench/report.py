#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns the samples of deploy/bench.sh into the table of docs/performance.md.

  report.py [--json FILE] SAMPLES ID…        the rows of those measures, as a table and as JSON
  report.py --median ID SERIES SAMPLES       one median

A sample is a line "ID SERIES VALUE". A figure is the median of its series; a ratio is that of two medians.
"""
import json
import statistics
import sys

UP, DOWN = "at least", "at most"

# id, what, series, unit, factor, peer, peer series (summed), judged, direction, floor, goal
MEASURES = [
    ("M1", "durable Purchase, mTLS, 8 connections, 64 in flight", "purchase", "calls/s", 1,
     "empty echo", ["echo"], "ratio", UP, 0.50, 0.85),
    ("M1S", "the same as messages of PurchaseStream", "stream", "messages/s", 1,
     "Purchase", ["unary"], "ratio", UP, 2, 3),
    ("M6X", "the same Purchase while the indexes of auditors and of offers follow", "following", "calls/s", 1,
     "while they stand still", ["still"], "ratio", UP, 0.90, 0.90),
    ("M2", "the same Purchase", "purchase", "calls/s", 1,
     "PostgreSQL 15, 16 clients", ["postgresql"], "ratio", UP, 4, 8),
    ("O1", "durable PlaceOrder of e-coupons, a thousand offers", "order", "calls/s", 1,
     "Purchase", ["purchase"], "ratio", UP, 0.5, 0.5),
    ("O1", "the same of one offer", "hot", "calls/s", 1,
     None, [], "value", UP, 3_000, 3_000),
    ("M3", "bulk issue inside the engine", "grants", "grants/s", 1,
     None, [], "value", UP, 100_000, 250_000),
    ("M3", "bulk issue inside the engine", "grants", "grants/s", 1,
     "the journal alone", ["journal"], "ratio", UP, 0.25, 0.5),
    ("M4", "a holiday for 1 million over gRPC: people, plan, preview, approval, run, verdicts", "seconds", "s", 1,
     "PostgreSQL, INSERT … SELECT of the grants", ["postgresql"], "value", DOWN, 90, 30),
    ("M4", "of it the issue run", "issue", "s", 1,
     "PostgreSQL, INSERT … SELECT of the grants", ["postgresql"], "ratio", DOWN, None, 1),
    ("M4", "its preview", "preview_rows", "rows/s", 1,
     None, [], "value", UP, 50_000, 50_000),
    ("I1", "Purchase p99 amid an issue run of 1 million", "amid_p99_us", "us", 1,
     "without one", ["alone_p99_us"], "ratio", DOWN, 3, 3),
    ("I1", "Purchase p99 amid the expiry of those lots", "sweep_p99_us", "us", 1,
     "without it", ["alone_p99_us"], "ratio", DOWN, 3, 3),
    ("M5", "one Purchase alone, p50", "purchase_p50_us", "us", 1,
     "echo p50 + sync p50", ["echo_p50_us", "sync_p50_us"], "ratio", DOWN, 2.0, 1.3),
    ("M5", "Purchase at half of M1's throughput, p99", "purchase_p99_us", "ms", 0.001,
     None, [], "value", DOWN, 25, 8),
    ("R1", "import of 1 million members over gRPC", "import_seconds", "s", 1,
     None, [], "value", DOWN, 60, 60),
    ("R1", "the server's memory at its highest", "peak_kib", "MiB", 1 / 1024,
     None, [], "value", DOWN, 600, 600),
    ("R1", "LookupMember by external id among them, p99", "lookup_p99_us", "ms", 0.001,
     None, [], "value", DOWN, 3, 3),
    ("R1", "a page of ListMembers, the last beside the first", "last_pages_us", "us", 1,
     "the first pages", ["first_pages_us"], "ratio", DOWN, 1.5, 1.1),
    ("S1", "cut and statement of a merchant with 1 million purchases, amid others", "seconds", "s", 1,
     None, [], "value", DOWN, 10, 10),
    ("S1", "Purchase p99 amid that", "cut_p99_us", "us", 1,
     "without it", ["alone_p99_us"], "ratio", DOWN, 2, 2),
    ("S1", "Purchase p99 while the statement is read again and again", "amid_p99_us", "us", 1,
     "without it", ["alone_p99_us"], "ratio", DOWN, 2, 2),
    ("S1", "memory that all of it took", "grown_kib", "MiB", 1 / 1024,
     None, [], "value", DOWN, 128, 64),
    ("S2", "reconciliation of 1 million purchases, three of which differ, from the merchant's file", "seconds", "s", 1,
     None, [], "value", DOWN, 10, 5),
    ("S2", "what goes over the wire for that", "bytes", "bytes", 1,
     "the file", ["list_bytes"], "value", DOWN, 262_144, 131_072),
    ("F1", "SearchOffers over 100,000 offers, p99, while 500 of them change in a second", "amid_p99_us", "ms", 0.001,
     None, [], "value", DOWN, 20, 20),
    ("F1", "the same while nothing changes", "alone_p99_us", "ms", 0.001,
     None, [], "value", DOWN, 20, 20),
    ("F1", "offers that changed in a second", "updates", "updates/s", 1,
     None, [], "value", UP, 475, 475),
    ("F1", "the index of 100,000 offers built", "build_seconds", "s", 1,
     None, [], "value", DOWN, 60, 60),
    ("M6", "a page of 50 of a member's history among 10 million records, p99", "page_p99_ms_10000000", "ms", 1,
     None, [], "value", DOWN, 5, 1),
    ("M6", "the same beside 1 million", "page_p99_ms_10000000", "ms", 1,
     "among 1 million", ["page_p99_ms_1000000"], "ratio", DOWN, 1.5, 1.1),
    ("M6", "a balance as of a past moment among 10 million records, p99", "balance_p99_ms_10000000", "ms", 1,
     None, [], "value", DOWN, 5, 1),
    ("M6", "the same beside 1 million", "balance_p99_ms_10000000", "ms", 1,
     "among 1 million", ["balance_p99_ms_1000000"], "ratio", DOWN, 1.5, 1.1),
    ("M6", "the trial balance as of a past record, p99", "trial_balance_p99_ms_10000000", "s", 0.001,
     None, [], "value", DOWN, 1, 1),
    ("M6", "a page of 50 of a subtree of 300 unions, few of the records, p99", "subtree_300_p99_ms_10000000", "ms", 1,
     None, [], "value", DOWN, None, None),
    ("M6", "the same of 3,000 unions", "subtree_3000_p99_ms_10000000", "ms", 1,
     None, [], "value", DOWN, None, None),
    ("M6", "the index of auditors built from 10 million records", "index_records_per_second_10000000", "records/s", 1,
     None, [], "value", UP, 200_000, 200_000),
    ("P1", "ProveInclusion of one of 10 million records, p99", "p99_us", "ms", 0.001,
     None, [], "value", DOWN, 2, 2),
    ("P1", "hashes of the longest path", "hashes", "hashes", 1,
     None, [], "value", DOWN, 24, 24),
    ("M9", "full verify of 10 million records: hashes, views, invariants", "records_per_second", "records/s", 1,
     None, [], "value", UP, 300_000, 1_000_000),
    ("B1", "a bundle of 1 million records exported over gRPC", "export_seconds", "s", 1,
     None, [], "value", DOWN, 20, 20),
    ("B1", "the bundle verified without the server", "verify_seconds", "s", 1,
     None, [], "value", DOWN, 20, 20),
    ("B1", "memory of the verifier at its highest", "verifier_kib", "MiB", 1 / 1024,
     None, [], "value", DOWN, 512, 256),
    ("B1", "memory that exporting took of the server", "server_kib", "MiB", 1 / 1024,
     None, [], "value", DOWN, 128, 64),
    ("M8", "restart after kill -9 under load, to the first answer", "seconds", "s", 1,
     None, [], "value", DOWN, 10, 2),
]


def read_samples(path):
    samples = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            measure, series, value = line.split()
            samples.setdefault((measure, series), []).append(float(value))
    return samples


def median(samples, measure, series):
    return statistics.median(samples[measure, series])


def verdict(judged, direction, floor, goal):
    if floor is None and goal is None:
        return ""
    for bound, name in ((goal, "goal"), (floor, "floor")):
        if bound is None:
            continue
        if (judged >= bound) if direction == UP else (judged <= bound):
            return name
    return "below"


def rows_of(samples, wanted):
    rows = []
    for (measure, what, series, unit, factor, peer, peers, by, direction, floor, goal) in MEASURES:
        if measure not in wanted:
            continue
        value = median(samples, measure, series) * factor
        row = {"id": measure, "what": what, "value": round(value, 3), "unit": unit,
               "peer": None, "ratio": None, "floor": floor, "goal": goal}
        if peer is not None:
            against = sum(median(samples, measure, name) for name in peers)
            row["peer"] = f"{peer}: {against:.0f}"
            row["ratio"] = round(value / against, 3)
        row["judged"] = by
        row["bounds"] = direction
        row["meets"] = verdict(row[by], direction, floor, goal)
        rows.append(row)
    return rows


def number(value):
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def print_table(rows):
    head = ("id", "what", "value", "unit", "peer", "ratio", "floor", "goal", "meets")
    table = [head] + [(row["id"], row["what"], number(row["value"]), row["unit"], row["peer"] or "",
                       number(row["ratio"]), number(row["floor"]), number(row["goal"]), row["meets"])
                      for row in rows]
    widths = [max(len(line[i]) for line in table) for i in range(len(head))]
    for i, line in enumerate(table):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |")
        if i == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")


def main(arguments):
    if arguments[0] == "--median":
        print(median(read_samples(arguments[3]), arguments[1], arguments[2]))
        return
    path = None
    if arguments[0] == "--json":
        path = arguments[1]
        arguments = arguments[2:]
    rows = rows_of(read_samples(arguments[0]), arguments[1:])
    print_table(rows)
    if path is not None:
        with open(path, "w", encoding="utf-8") as file:
            json.dump(rows, file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1:])
