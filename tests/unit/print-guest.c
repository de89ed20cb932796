/*
 * A made-up caller for the tests of printers.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "print-guest.h"

static void put(Area *a, const void *bytes, size_t n)
{
    g_assert_cmpuint(a->len + n, <=, sizeof(a->bytes));
    memcpy(a->bytes + a->len, bytes, n);
    a->len += n;
}

/* The item's size does not depend on the values of addresses. */
static void put_item(Area areas[AREAS], Area *a, unsigned word,
                     const char *item)
{
    uint64_t value;

    if (g_str_has_prefix(item, "s:")) {
        put(a, item + 2, strlen(item + 2) + 1);
    } else if (g_str_has_prefix(item, "c:")) {
        put(a, item + 2, strlen(item + 2));
    } else if (g_str_has_prefix(item, "z:") || g_str_has_prefix(item, "r:")) {
        for (unsigned i = 0, n = strtoul(item + 2, NULL, 0); i < n; i++) {
            uint8_t c = item[0] == 'z' ? 0 : 0x11 + i;

            put(a, &c, 1);
        }
    } else if (item[0] == '&') {
        g_assert_cmpint(item[1] - 'A', <, AREAS);
        value = areas[item[1] - 'A'].addr;
        put(a, &value, word);
    } else {
        g_assert_true(strchr("w1248", item[0]) && item[1] == ':');
        value = strtoull(item + 2, NULL, 0);
        put(a, &value, item[0] == 'w' ? word : (unsigned)(item[0] - '0'));
    }
}

void areas_parse(Area areas[AREAS], unsigned abi, const char *text)
{
    unsigned word = abi == CALL_ABI_X86_64 ? 8 : 4;

    memset(areas, 0, sizeof(*areas) * AREAS);
    /* Once for the lengths, which give the addresses, once for the bytes. */
    for (unsigned pass = 0; pass < 2; pass++) {
        g_auto(GStrv) parts = g_strsplit(text, ";", -1);

        for (char **part = parts; *part; part++) {
            g_auto(GStrv) items = g_strsplit(g_strstrip(*part), " ", -1);
            Area *a;

            if (!items[0]) {
                continue;
            }
            g_assert_cmpint(items[0][0] - 'A', <, AREAS);
            g_assert_cmpint(items[0][1], ==, '=');
            a = &areas[items[0][0] - 'A'];
            a->len = 0;
            for (char **item = items + 1; *item; item++) {
                if (**item) {
                    put_item(areas, a, word, *item);
                }
            }
        }
        for (unsigned i = 0; i < AREAS; i++) {
            areas[i].addr = AREA_PAGE(i) + 4096 - areas[i].len;
        }
    }
}

void args_parse(uint64_t args[6], const Area areas[AREAS], const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, ",", -1);

    memset(args, 0, 6 * sizeof(args[0]));
    for (unsigned i = 0; parts[i]; i++) {
        const char *s = parts[i];

        g_assert_cmpuint(i, <, 6);
        if (s[0] >= 'A' && s[0] < 'A' + AREAS) {
            args[i] = areas[s[0] - 'A'].addr;
            s++;
        }
        args[i] += strtoull(s[0] == '+' ? s + 1 : s, NULL, 0);
    }
}

void print_guest_init(PrintGuest *g)
{
    memset(g, 0, sizeof(*g));
    g->vm = fake_new((FakeOptions) { .trap = FRAIL_TRAP_SCE });
    for (unsigned i = 0; i < AREAS; i++) {
        g->page[i] = fake_alloc(g->vm, 1);
        fake_map(g->vm, g->vm->root, AREA_PAGE(i), g->page[i], 0);
    }
    frail_mem_init(&g->mem, &fake_ops, g->vm, &g->generation);
    g->opts = (FrailDecodeOptions) {
        .sz = sizeof(g->opts),
        .string_limit = 32,
        .fd_style = FRAIL_FD_DETAILS,
    };
}

void print_guest_free(PrintGuest *g)
{
    fake_free(g->vm);
}

void print_guest_clear(PrintGuest *g)
{
    text_init(&g->text, g->buf, sizeof(g->buf));
}

void print_guest_memory(PrintGuest *g, const Area areas[AREAS])
{
    for (unsigned i = 0; i < AREAS; i++) {
        uint8_t *page = fake_phys(g->vm, g->page[i]);

        memset(page, 0xa5, 4096);
        if (areas[i].len) {
            memcpy(page + 4096 - areas[i].len, areas[i].bytes, areas[i].len);
            fake_map(g->vm, g->vm->root, AREA_PAGE(i), g->page[i], 0);
        } else {
            fake_unmap(g->vm, g->vm->root, AREA_PAGE(i));
        }
    }
}

Printer *print_guest_printer(PrintGuest *g, unsigned abi,
                             const int64_t *result)
{
    g->call = (FrailCall) {
        .mem = &g->mem,
        .space = { .cr3 = g->vm->root, .user = true },
        .abi = abi,
        .has_result = result,
        .result = result ? *result : 0,
        .restarts = result && *result <= -512 && *result >= -516,
    };
    g->p = (Printer) {
        .out = &g->text,
        .call = &g->call,
        .opts = &g->opts,
        .at_return = result,
        .result = result ? *result : 0,
        .failed = result && *result < 0 && *result >= -4095,
    };
    return &g->p;
}

const char *print_guest_text(PrintGuest *g)
{
    return text_terminate(&g->text);
}
