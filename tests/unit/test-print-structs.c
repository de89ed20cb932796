/*
 * Printers of structures: equal to what strace prints for the same memory.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <inttypes.h>
#include <stdlib.h>

#include "decode/print/members.h"
#include "structs-cases.h"

static PrintGuest guest;
static char **golden, **golden_verbose;

/* The argument @n of strace's line, or what stands behind the result. */
static char *golden_arg(const char *line, int n)
{
    const char *s = strchr(line, '('), *from = s + 1;
    int depth = 0, i = 0;
    bool quoted = false;

    for (; *s; s++) {
        if (quoted) {
            if (*s == '\\' && s[1]) {
                s++;
            } else {
                quoted = *s != '"';
            }
        } else if (*s == '"') {
            quoted = true;
        } else if (g_str_has_prefix(s, "/*")) {
            s = strstr(s, "*/") + 1;
        } else if (strchr("([{", *s)) {
            depth++;
        } else if (strchr(")]}", *s)) {
            depth--;
            if (!depth) {
                break;
            }
        } else if (*s == ',' && depth == 1) {
            if (i == n) {
                break;
            }
            i++;
            from = s + 2;
        }
    }
    if (n == -2) {
        return g_strndup(from, s - from);
    }
    if (n >= 0) {
        if (i < n) {
            return g_strdup("");        /* an ioctl without an argument */
        }
        return g_strndup(from, s - from);
    }
    s = strchr(s + 4, ' ');
    return g_strdup(s ? s + 1 : "");
}

/* The printers of a case's arguments, one after the other. */
static const StructsPrinter *printer_of(const StructsCase *c, unsigned *next)
{
    while (*next < structs_printers_count) {
        const StructsPrinter *sp = &structs_printers[(*next)++];

        if (!strcmp(sp->name, c->name)) {
            return sp;
        }
    }
    return NULL;
}

/* 'b': what is printed at return is added to what was at entry. */
static void run(const StructsCase *c, const StructsPrinter *sp,
                const uint64_t *args, int64_t result)
{
    print_guest_clear(&guest);
    for (unsigned i = 0; i < 2; i++) {
        if (sp->when == (i ? 'i' : 'o')) {
            continue;
        }
        print_guest_printer(&guest, c->abi, i ? &result : NULL);
        memcpy(guest.call.args, args, sizeof(guest.call.args));
        if (sp->print) {
            sp->print(&guest.p, args[sp->arg]);
        } else {
            sp->print_with(&guest.p, args);
        }
    }
}

static void compare(char **lines, bool verbose)
{
    static Area areas[AREAS];
    unsigned bad = 0, compared = 0;

    guest.opts.verbose = verbose;
    for (unsigned i = 0; i < structs_cases_count; i++) {
        const StructsCase *c = &structs_cases[i];
        const StructsPrinter *sp;
        uint64_t args[6];

        areas_parse(areas, c->abi, c->memory);
        args_parse(args, areas, c->args);
        print_guest_memory(&guest, areas);
        for (unsigned next = 0; (sp = printer_of(c, &next)); compared++) {
            g_autofree char *want = golden_arg(lines[i], sp->arg);

            if (sp->arg < 0 && c->result < 0) {
                continue;       /* an error's name: not ours */
            }
            run(c, sp, args, c->result);
            if (strcmp(print_guest_text(&guest), want)) {
                g_test_message("case %u, abi %u, %s\n  ours   %s\n  strace %s",
                               i, c->abi, lines[i],
                               print_guest_text(&guest), want);
                bad++;
            }
        }
    }
    guest.opts.verbose = false;
    g_test_message("%u arguments compared", compared);
    g_assert_cmpuint(bad, ==, 0);
}

static void test_golden(void)
{
    compare(golden, false);
}

static void test_verbose(void)
{
    compare(golden_verbose, true);
}

/* Memory that ends too early, anywhere: no read behind it, no crash. */
static void test_cut_off(void)
{
    static Area areas[AREAS], cut[AREAS];

    for (unsigned i = 0; i < structs_cases_count; i++) {
        const StructsCase *c = &structs_cases[i];

        areas_parse(areas, c->abi, c->memory);
        for (unsigned j = 0; j < AREAS; j++) {
            for (size_t len = 1; len < areas[j].len; len++) {
                const StructsPrinter *sp;
                uint64_t args[6];

                memcpy(cut, areas, sizeof(cut));
                cut[j].len = len;
                cut[j].addr = AREA_PAGE(j) + 4096 - len;
                args_parse(args, cut, c->args);
                print_guest_memory(&guest, cut);
                for (unsigned next = 0; (sp = printer_of(c, &next));) {
                    run(c, sp, args, c->result);
                    g_assert_false(guest.text.cut);
                }
            }
        }
    }
}

/* Nothing is mapped: the bare pointer, and the mark. */
static void test_unmapped(void)
{
    static Area areas[AREAS];

    for (unsigned i = 0; i < structs_cases_count; i++) {
        const StructsCase *c = &structs_cases[i];
        const StructsPrinter *sp;
        uint64_t args[6];

        areas_parse(areas, c->abi, c->memory);
        args_parse(args, areas, c->args);
        memset(areas, 0, sizeof(areas));
        print_guest_memory(&guest, areas);
        for (unsigned next = 0; (sp = printer_of(c, &next));) {
            g_autofree char *want = NULL;
            uint64_t arg = sp->arg < 0 ? 0 : args[sp->arg];

            run(c, sp, args, c->result);
            if (arg < AREA_PAGE(0) || arg >= AREA_PAGE(AREAS)) {
                continue;
            }
            want = g_strdup_printf("0x%" PRIx64, arg);
            if (!strcmp(c->name, "ioctl") && !guest.text.len) {
                continue;       /* this command has no argument */
            }
            /* An array without elements is not read. */
            if (strcmp(print_guest_text(&guest), want) &&
                strcmp(print_guest_text(&guest), "[]")) {
                g_test_message("case %u, %s", i, c->name);
                g_assert_cmpstr(print_guest_text(&guest), ==, want);
            }
        }
    }
}

/* Any bytes at all, and lengths and counts that mean harm. */
static void test_random(void)
{
    static const uint64_t hostile[] = {
        0, 1, 0x7fffffff, 0x80000000, 0xffffffff, INT64_MAX, 1ull << 63,
        UINT64_MAX,
    };
    static Area areas[AREAS];

    for (unsigned i = 0; i < structs_cases_count * 40; i++) {
        const StructsCase *c = &structs_cases[i % structs_cases_count];
        unsigned what = i / structs_cases_count;
        int64_t result = hostile[g_test_rand_int_range(0, 8)];
        const StructsPrinter *sp;
        uint64_t args[6];

        areas_parse(areas, c->abi, c->memory);
        args_parse(args, areas, c->args);
        for (unsigned j = 0; j < AREAS && what < 30; j++) {
            for (size_t k = 0; k < areas[j].len; k++) {
                if (what < 10 || g_test_rand_bit()) {
                    areas[j].bytes[k] = g_test_rand_int();
                }
            }
        }
        if (what >= 20) {
            unsigned n = g_test_rand_int_range(0, 6);

            args[n] = hostile[g_test_rand_int_range(0, 8)];
        }
        print_guest_memory(&guest, areas);
        for (unsigned next = 0; (sp = printer_of(c, &next));) {
            run(c, sp, args, what & 1 ? c->result : result);
        }
    }
}

typedef void ArrayFn(Printer *p, uint64_t addr, uint64_t count, size_t size,
                     ElementFn *element, void *opaque);

static const char *array_text(ArrayFn *print, uint64_t addr, uint64_t count,
                              int64_t result, unsigned limit)
{
    Printer *p;

    print_guest_clear(&guest);
    guest.opts.string_limit = limit;
    p = print_guest_printer(&guest, CALL_ABI_X86_64, &result);
    print(p, addr, count, 4, print_element_int, NULL);
    return print_guest_text(&guest);
}

/* What is shown of an array, and what instead. */
static void test_array(void)
{
    static Area areas[AREAS];
    unsigned limit = guest.opts.string_limit;
    g_autofree char *addr = NULL;
    uint64_t a;

    areas_parse(areas, CALL_ABI_X86_64, "A= 4:7 4:-1");
    print_guest_memory(&guest, areas);
    a = areas[0].addr;
    addr = g_strdup_printf("0x%" PRIx64, a);
    g_assert_cmpstr(array_text(print_array, a, 2, 0, 32), ==, "[7, -1]");
    g_assert_cmpstr(array_text(print_array, a, 0, 0, 32), ==, "[]");
    g_assert_cmpstr(array_text(print_array, 0, 2, 0, 32), ==, "NULL");
    g_assert_cmpstr(array_text(print_array, a, 3, 0, 1), ==, "[7, ...]");
    /* The third is not mapped: not looked at, or told. */
    g_assert_cmpstr(array_text(print_array, a, 3, 0, 2), ==,
                    "[7, -1, ...]");
    g_assert_cmpstr(array_text(print_array, a, 3, 0, 3), ==,
                    "[7, -1, ... /* 0x10011000 */]");
    g_assert_cmpstr(array_text(print_array, a, UINT64_MAX, 0, 3), ==, addr);
    /* A call that has failed has filled nothing; what it was given stays. */
    g_assert_cmpstr(array_text(print_array, a, 2, -EFAULT, 32), ==, addr);
    g_assert_cmpstr(array_text(print_elements, a, 2, -EFAULT, 32), ==,
                    "[7, -1]");
    guest.opts.string_limit = limit;
}

/* Both kinds of members, in one table. */
static void test_members(void)
{
    static const Member list[] = {
        MEMBER("word", WORD, UINT),
        MEMBER_GAP(1),
        MEMBER("half", 16, INT),
        { .name = "placed", .offset = 1, .size = 1, .kind = AS_HEX },
        MEMBER("next", 8, UINT),
        { .name = "zero", .offset = 24, .size = 2, .kind = AS_UINT,
          .flags = MEMBER_IF_SET },
        MEMBER("wide", 64, UINT),
        { .name = "beyond", .offset = 60000, .size = 4, .kind = AS_UINT },
        MEMBER("last", 8, UINT),
        MEMBER_END
    };
    static const struct {
        unsigned abi;
        const char *text;
    } want[] = {
        { CALL_ABI_X86_64, "word=578437695752307201, half=3083, placed=0x2, "
          "next=3, wide=2893323226570760737" },
        { CALL_ABI_X32, "word=67305985, half=2055, placed=0x2, next=3, "
          "wide=2893323226570760737" },
        { CALL_ABI_I386, "word=67305985, half=2055, placed=0x2, next=3, "
          "wide=2603962535218454045" },
    };
    uint8_t data[40];

    for (unsigned i = 0; i < sizeof(data); i++) {
        data[i] = i + 1;
    }
    data[24] = data[25] = 0;
    for (unsigned i = 0; i < G_N_ELEMENTS(want); i++) {
        Printer *p;

        print_guest_clear(&guest);
        p = print_guest_printer(&guest, want[i].abi, NULL);
        text_char(p->out, '{');
        g_assert_false(print_fields(p, data, sizeof(data), list));
        g_assert_cmpstr(print_guest_text(&guest) + 1, ==, want[i].text);
    }
}

static char **read_lines(const char *path)
{
    g_autofree char *text = NULL;
    char **lines;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    lines = g_strsplit(text, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, structs_cases_count + 1);
    return lines;
}

int main(int argc, char **argv)
{
    const char *path = PRINT_STRUCTS_GOLDEN;
    g_autofree char *verbose = g_strconcat(path, "-v", NULL);
    int rc;

    g_test_init(&argc, &argv, NULL);
    golden = read_lines(path);
    golden_verbose = read_lines(verbose);
    print_guest_init(&guest);
    g_test_add_func("/print-structs/array", test_array);
    g_test_add_func("/print-structs/members", test_members);
    g_test_add_func("/print-structs/golden", test_golden);
    g_test_add_func("/print-structs/verbose", test_verbose);
    g_test_add_func("/print-structs/cut-off", test_cut_off);
    g_test_add_func("/print-structs/unmapped", test_unmapped);
    g_test_add_func("/print-structs/random", test_random);
    rc = g_test_run();
    print_guest_free(&guest);
    g_strfreev(golden);
    g_strfreev(golden_verbose);
    return rc;
}
