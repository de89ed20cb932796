# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The Frail developers
"""Where the members of a kernel's structures are, by the C compiler: out of
the header that bpftool has made of the kernel's BTF."""
import os
import re
import subprocess

START = """\
#pragma GCC diagnostic ignored "-Wunknown-pragmas"
#include "vmlinux.h"
#define at(s, m) __builtin_offsetof(struct s, m)
int printf(const char *, ...);
void *memset(void *, int, unsigned long);
#define plain(id, s, m) \\
    printf("field %s %lu %lu 0 0\\n", id, (unsigned long)at(s, m), \\
           (unsigned long)sizeof(((struct s *)0)->m))
/* Of no size: what it begins with. */
#define flexible(id, s, m) \\
    printf("field %s %lu %lu 0 0\\n", id, (unsigned long)at(s, m), \\
           (unsigned long)sizeof(((struct s *)0)->m[0]))
/* The bits that are ones when the member is. */
#define bits(id, s, m) do { \\
        union { struct s s_; unsigned char b[sizeof(struct s)]; } u; \\
        long first = -1, n = 0; \\
        memset(&u, 0, sizeof(u)); \\
        u.s_.m = ~u.s_.m; \\
        for (long i = 0; i < (long)sizeof(u.b) * 8; i++) { \\
            if (u.b[i / 8] >> i % 8 & 1) { \\
                first = first < 0 ? i : first; \\
                n++; \\
            } \\
        } \\
        printf("field %s %ld %ld %ld %ld\\n", id, first / 8, \\
               (first % 8 + n + 7) / 8, first % 8, n); \\
    } while (0)
#define whole(s) \\
    printf("size %s %lu\\n", #s, (unsigned long)sizeof(struct s))
int main(void)
{
"""
# What gcc says of a member, and how it is then to be asked for.
ANSWERS = (("has no member named", None), ("undefined type", None),
           ("incomplete type 'struct", None), ("bit-field", "bits"),
           ("incomplete", "flexible"), ("invalid use of flexible", "flexible"))


class Unsound(Exception):
    """The compiler does not take the header."""


def _compile(work, lines):
    """{index of a line: what is wrong with it}; empty: work/probe is built."""
    path = os.path.join(work, "probe.c")
    with open(path, "w", encoding="ascii") as target:
        target.write(START + "".join("#line %d \"asked\"\n%s;\n" % (i + 1, one)
                                     for i, one in enumerate(lines)) + "}\n")
    run = subprocess.run(
        [os.environ.get("CC", "gcc"), "-std=gnu11", "-w", "-O0",
         "-fno-builtin-printf", "-fmax-errors=0", "-fdiagnostics-color=never",
         "-ftrack-macro-expansion=0",   # errors where a macro is used
         "-o", os.path.join(work, "probe"), path],
        stderr=subprocess.PIPE, text=True, check=False,
        env=dict(os.environ, LC_ALL="C"))
    wrong = {}
    for number, text in re.findall(r"^asked:(\d+):\d+: error: (.*)$",
                                   run.stderr, re.M):
        wrong.setdefault(int(number) - 1, text)
    if run.returncode and not wrong:
        raise Unsound("gcc: " + run.stderr.splitlines()[0])
    return wrong


def _ask(work, questions):
    """
    The lines that the questions print, each a list of ways to ask, of which
    the first that compiles counts; None for one without any.
    """
    ways = [list(one) for one in questions]
    while True:
        asked = [i for i, one in enumerate(ways) if one]
        wrong = _compile(work, [ways[i][0] for i in asked])
        if not wrong:
            break
        for index, text in wrong.items():
            one = ways[asked[index]]
            how = next((h for t, h in ANSWERS if t in text), None)
            now = one.pop(0)
            if how and not now.startswith(how):
                one.insert(0, how + now[now.index("("):])
    said = subprocess.run([os.path.join(work, "probe")], text=True,
                          stdout=subprocess.PIPE, check=True).stdout
    said = iter(said.splitlines())
    return [next(said) if one else None for one in ways]


def fields(work, wanted):
    """"field ID OFFSET SIZE SHIFT BITS" for each, "field ID -" for none."""
    questions = [['plain("%s", %s, %s)' % (name, structure, member)
                  for member in path.split("|")]
                 for name, structure, path in wanted]
    answers = _ask(work, questions)
    # An array that is declared with no elements has a size: none.
    none = [i for i, one in enumerate(answers)
            if one and one.endswith(" 0 0 0")]
    for i, one in zip(none, _ask(work, [
            [way.replace("plain", "flexible") for way in questions[i]]
            for i in none])):
        answers[i] = one
    return [answer or "field %s -" % name
            for answer, (name, _, _) in zip(answers, wanted)]


def sizes(work, names):
    """"size NAME BYTES" for each structure, "size NAME -" for none."""
    answers = _ask(work, [["whole(%s)" % name] for name in names])
    return [answer or "size %s -" % name
            for answer, name in zip(answers, names)]
