/*
 * Where a CPU says which task it runs, by a BTF without variables, as pahole
 * made it before 1.22 (Debian 11's 5.10).
 *
 * The pointer is one of those in the CPU's area that are a sound current task
 * now.  There are others: what old calls have left on the interrupt stack,
 * which lies in the area and before the variable, and the scheduler's own.
 * But the kernel reads the current task in thousands of places, each with an
 * instruction of its own, and the others in none: its text tells which it is.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdlib.h>
#include <string.h>

#include "guest/internal.h"

#define AREA        (1u << 20)          /* bytes of it that are looked at */
#define CANDIDATES  256u
/* On either side of LSTAR; 5.10's text takes 12 MiB, 7.3's 19. */
#define TEXT        (32ull << 20)
/* Reads of it in the text: 3739 in 5.10, where no other candidate has one. */
#define USES_MIN    16u

typedef struct Candidate {
    uint64_t offset;        /* the first: they are sorted by it */
    unsigned uses;
} Candidate;

typedef struct Search {
    Candidate found[CANDIDATES];
    unsigned n;
} Search;

static void look_at_area(FrailGuestCpu *c, uint64_t top, uint64_t cr3,
                         Search *s)
{
    for (uint64_t at = 0; at < AREA; at += FRAIL_PAGE_SIZE) {
        uint64_t page[FRAIL_PAGE_SIZE / 8];

        if (!kread(c, c->percpu + at, page, sizeof(page))) {
            continue;
        }
        for (unsigned i = 0; i < G_N_ELEMENTS(page); i++) {
            if (s->n < CANDIDATES && guest_is_kernel(page[i]) &&
                guest_is_current(c, page[i], top, cr3, false)) {
                s->found[s->n++].offset = at + i * 8;
            }
        }
    }
}

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static void count(Search *s, uint64_t offset)
{
    Candidate *one = bsearch(&offset, s->found, s->n, sizeof(*s->found),
                             compare);

    if (one) {
        one->uses++;
    }
}

/*
 * All "mov %gs:X,%reg" of 64 bits at @page, which is at @va.  Bytes that look
 * like one by chance, and those across two pages, do not matter.
 */
static void look_at_text(Search *s, const uint8_t *page, uint64_t va)
{
    const uint8_t *end = page + FRAIL_PAGE_SIZE - 9, *p = page;

    while (p < end && (p = memchr(p, 0x65, end - p))) {
        int32_t disp;

        if ((p[1] & 0xfb) == 0x48 && p[2] == 0x8b) {
            if ((p[3] & 0xc7) == 0x04 && p[4] == 0x25) {
                memcpy(&disp, p + 5, 4);
                count(s, (int64_t)disp);
            } else if ((p[3] & 0xc7) == 0x05) {
                memcpy(&disp, p + 4, 4);
                count(s, va + (p - page) + 8 + disp);
            }
        }
        p++;
    }
}

bool guest_search_current(FrailGuestCpu *c, uint64_t top, uint64_t cr3,
                          uint64_t *offset)
{
    uint64_t middle = c->k->lstar & FRAIL_PAGE_MASK;
    const Candidate *best = NULL;
    unsigned others = 0;
    Search s = { .n = 0 };

    look_at_area(c, top, cr3, &s);
    for (uint64_t va = middle - TEXT; s.n && va != middle + TEXT;
         va += FRAIL_PAGE_SIZE) {
        const uint8_t *page = guest_is_kernel(va) ?
            frail_mem_pointer(c->mem, c->kernel, va) : NULL;

        if (page) {
            look_at_text(&s, page, va);
        }
    }
    for (unsigned i = 0; i < s.n; i++) {
        const Candidate *one = &s.found[i];

        if (!best || one->uses > best->uses) {
            others = best ? best->uses : 0;
            best = one;
        } else {
            others = MAX(others, one->uses);
        }
    }
    /* Two that are used alike: nothing is guessed. */
    if (!best || best->uses < USES_MIN || others > best->uses / 4) {
        return false;
    }
    *offset = best->offset;
    return true;
}
