#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the sample rosters beside this file; the same bytes on every machine.

Nobody in them exists: region codes begin with 99, which GB/T 2260 never assigned, mobile numbers
with 100, which no carrier has, and every given name says 测, 试, 例 or 样.

  roster_gb18030.csv        5,000 sound rows in GB18030, as HR systems export them
  roster_damaged.csv        600 rows in UTF-8 with BOM, among them every defect that is caught
  roster_damaged.notes.csv  line, field and reason of each defect; "-" where a row is to be accepted
"""
import pathlib

HEADER = ["工号", "姓名", "身份证号", "手机号", "部门", "用工形式", "积分"]
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
SYNTHETIC = "测试例样"
STEMS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
# Some have four bytes in GB18030 and none in GBK: a reader that takes one for the other fails here.
RARE = "䶮㛃㙓𬭎𬤇"
DEPARTMENTS = ["设备科", "研发一部", "研发二部", "销售部", "装配车间", "机加工车间", "质检部", "物流中心",
               "行政部", "海外项目部"]
EMPLOYMENT = ["在职", "在职", "在职", "劳务派遣", "退休返聘"]
POINTS = [50000, 50000, 50000, 60000, 80000]
WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]


class Dice:
    """A 64-bit linear congruential generator (Knuth's constants): no library decides the bytes."""

    def __init__(self, seed):
        self.state = seed

    def below(self, bound):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % bound

    def pick(self, items):
        return items[self.below(len(items))]


def check_character(digits):
    return "10X98765432"[sum(int(d) * w for d, w in zip(digits, WEIGHTS)) % 11]


def id_number(dice):
    digits = "99%02d%02d%04d%02d%02d%03d" % (
        1 + dice.below(30), 1 + dice.below(30), 1960 + dice.below(46), 1 + dice.below(12),
        1 + dice.below(28), dice.below(1000))
    return digits + check_character(digits)


def name(dice):
    given = dice.pick(SYNTHETIC) + dice.pick(STEMS)
    kind = dice.below(100)
    if kind == 0:
        return "阿依%s·%s" % (dice.pick(SYNTHETIC), given)
    if kind == 1:
        return dice.pick(SURNAMES) + dice.pick(SYNTHETIC) + dice.pick(RARE)
    if kind < 10:
        return "欧阳" + given
    return dice.pick(SURNAMES) + given


def people(dice, count):
    seen = set()
    rows = []
    while len(rows) < count:
        number = id_number(dice)
        if number in seen:
            continue
        seen.add(number)
        rows.append(["%06d" % (100001 + len(rows)), name(dice), number,
                     "100%08d" % dice.below(10**8), dice.pick(DEPARTMENTS), dice.pick(EMPLOYMENT),
                     str(dice.pick(POINTS))])
    return rows


def broken_check(number):
    return number[:17] + ("0" if number[17] != "0" else "1")


def born(number, day):
    digits = number[:6] + day + number[14:17]
    return digits + check_character(digits)


def full_width(text):
    return "".join(chr(ord(c) + 0xFEE0) for c in text)


# (column, new value from the old, reason); "-" means that the row is still sound.
DEFECTS = [
    (0, lambda v: "", "REQUIRED"),
    (0, lambda v: "1.00010E+05", "SCIENTIFIC_NOTATION"),
    (0, lambda v: "@" + v, "FORMULA_CELL"),
    (0, lambda v: v * 8, "TOO_LONG"),
    (0, lambda v: "100001", "DUPLICATE_IN_FILE"),
    (0, lambda v: "Ａ" + full_width(v), "-"),
    (1, lambda v: "", "REQUIRED"),
    (1, lambda v: '=HYPERLINK("http://x")', "FORMULA_CELL"),
    (1, lambda v: "＝" + v, "FORMULA_CELL"),
    (1, lambda v: "-" + v, "FORMULA_CELL"),
    (1, lambda v: "长" * 100, "TOO_LONG"),
    (1, lambda v: v + "\x07" + v, "FORBIDDEN_CHARACTER"),
    (1, lambda v: v + "\u202e" + v, "FORBIDDEN_CHARACTER"),
    (1, lambda v: "\u3000" + v + "  ", "-"),
    (2, lambda v: "", "REQUIRED"),
    (2, lambda v: "9.90101E+17", "SCIENTIFIC_NOTATION"),
    (2, lambda v: "=" + v, "FORMULA_CELL"),
    (2, lambda v: v[:17], "WRONG_LENGTH"),
    (2, lambda v: v[:6] + v[8:17], "WRONG_LENGTH"),
    (2, lambda v: v[:5] + "O" + v[6:], "WRONG_CHARACTERS"),
    (2, lambda v: born(v, "20010229"), "BIRTH_DATE"),
    (2, lambda v: born(v, "18991231"), "BIRTH_DATE"),
    (2, lambda v: born(v, "21990101"), "BIRTH_DATE"),
    (2, broken_check, "CHECK_DIGIT"),
    (2, lambda v: full_width(v), "-"),
    (3, lambda v: "", "REQUIRED"),
    (3, lambda v: "1.00E+10", "SCIENTIFIC_NOTATION"),
    (3, lambda v: "+86" + v, "FORMULA_CELL"),
    (3, lambda v: v[:10], "BAD_MOBILE"),
    (3, lambda v: "2" + v[1:], "BAD_MOBILE"),
    (3, lambda v: v[:3] + "-" + v[3:], "BAD_MOBILE"),
    (4, lambda v: "+" + v, "FORMULA_CELL"),
    (4, lambda v: "部" * 50, "TOO_LONG"),
    (5, lambda v: "@" + v, "FORMULA_CELL"),
    (6, lambda v: "-50000", "NEGATIVE"),
    (6, lambda v: "500.50", "NOT_A_WHOLE_NUMBER"),
    (6, lambda v: "50,000", "NOT_A_WHOLE_NUMBER"),
    (6, lambda v: "五万", "NOT_A_WHOLE_NUMBER"),
    (6, lambda v: "5E+04", "SCIENTIFIC_NOTATION"),
    (6, lambda v: "=A1", "FORMULA_CELL"),
    (6, lambda v: "0", "OUT_OF_RANGE"),
    (6, lambda v: "1000000000000001", "OUT_OF_RANGE"),
    (6, lambda v: full_width(v), "-"),
]
FIELDS = ["external_id", "name", "id_number", "mobile", "department", "employment", "points"]


def cell(value):
    quoted = any(c in value for c in ',"\r\n')
    return '"%s"' % value.replace('"', '""') if quoted else value


def lines(rows):
    return "".join(",".join(map(cell, row)) + "\r\n" for row in [HEADER] + rows)


def damaged(dice):
    rows = people(dice, 600)
    notes = ["line,field,reason"]
    at = 9
    for column, spoil, reason in DEFECTS:
        rows[at][column] = spoil(rows[at][column])
        notes.append("%d,%s,%s" % (at + 2, FIELDS[column], reason))
        at += 12
    rows[at][2] = rows[0][2]
    notes.append("%d,id_number,DUPLICATE_IN_FILE" % (at + 2))
    rows[at + 1].append("x")
    notes.append("%d,row,COLUMN_COUNT" % (at + 3))
    rows[at + 2] = rows[at + 2][:5]
    notes.append("%d,row,COLUMN_COUNT" % (at + 4))
    rows[at + 3] = [""] * 7
    rows[at + 4][3], rows[at + 4][6] = "", "-1"
    notes.append("%d,mobile,REQUIRED" % (at + 6))
    notes.append("%d,points,NEGATIVE" % (at + 6))
    return lines(rows), "\n".join(notes) + "\n"


def main():
    folder = pathlib.Path(__file__).resolve().parent
    sound = lines(people(Dice(20250101), 5000))
    (folder / "roster_gb18030.csv").write_bytes(sound.encode("gb18030"))
    text, notes = damaged(Dice(20250102))
    (folder / "roster_damaged.csv").write_bytes(b"\xef\xbb\xbf" + text.encode("utf-8"))
    (folder / "roster_damaged.notes.csv").write_bytes(notes.encode("ascii"))


if __name__ == "__main__":
    main()
