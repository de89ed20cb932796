/*
 * What is found in the guest kernel's entry text, and SYSCALL's encodings.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "trap/scan.h"

#define BASE    0xffffffff81e00080ull

#define SCAN(s, bytes) scan(s, bytes, sizeof(bytes) - 1)

static void scan(FrailSites *sites, const char *bytes, size_t len)
{
    /* On the heap, so that a sanitizer sees a read behind the end. */
    g_autofree uint8_t *copy = g_malloc(len + 1);
    g_autofree uint8_t *exact = len ? g_malloc(len) : NULL;

    memcpy(copy, bytes, len);
    if (len) {
        memcpy(exact, bytes, len);
    }
    g_assert_true(frail_scan_entry(len ? exact : copy, len, BASE, sites));
}

static void test_sites(void)
{
    FrailSites s;

    SCAN(&s, "\x0f\x01\xf8\x48\x0f\x07\xcc\x0f\x07\x90\x48\xcf");
    g_assert_cmpuint(s.n_sysret, ==, 2);
    g_assert_cmphex(s.sysret[0].va, ==, BASE + 3);
    g_assert_true(s.sysret[0].wide);
    g_assert_cmphex(s.sysret[1].va, ==, BASE + 7);
    g_assert_false(s.sysret[1].wide);
    g_assert_cmphex(s.iretq, ==, BASE + 10);
    g_assert_false(s.has_stack_slot);

    /* IRETD and IRETW do not lead to 64-bit user mode. */
    SCAN(&s, "\xcf\x66\xcf\x90");
    g_assert_cmphex(s.iretq, ==, 0);
    g_assert_cmpuint(s.n_sysret, ==, 0);

    /* REX.B is not REX.W. */
    SCAN(&s, "\x41\x0f\x07");
    g_assert_cmpuint(s.n_sysret, ==, 1);
    g_assert_false(s.sysret[0].wide);
    SCAN(&s, "\x4f\x0f\x07");
    g_assert_true(s.sysret[0].wide);

    /* More than there are breakpoints for: counted, not written. */
    SCAN(&s, "\x0f\x07\x0f\x07\x0f\x07\x0f\x07\x48\x0f\x07");
    g_assert_cmpuint(s.n_sysret, ==, 5);
    g_assert_cmphex(s.sysret[2].va, ==, BASE + 4);
}

static void test_false_bytes(void)
{
    FrailSites s;

    /* SYSRET's bytes in the middle of an instruction, */
    SCAN(&s, "\xb8\x48\x0f\x07\x00\xe8\x0f\x07\x00\x00\x90");
    g_assert_cmpuint(s.n_sysret, ==, 0);
    /* and at the end: mov $..,%eax; call; lea; jmp; cmp */
    SCAN(&s, "\xb8\x00\x00\x0f\x07\x90");
    g_assert_cmpuint(s.n_sysret, ==, 0);
    SCAN(&s, "\xe8\x00\x48\x0f\x07\x90");
    g_assert_cmpuint(s.n_sysret, ==, 0);
    SCAN(&s, "\x48\x8d\x05\x00\x00\x0f\x07\x90");
    g_assert_cmpuint(s.n_sysret, ==, 0);
    SCAN(&s, "\x0f\x84\x00\x00\x0f\x07\x48\x3d\x00\x48\x0f\x07");
    g_assert_cmpuint(s.n_sysret, ==, 0);
    /* IRETQ's, too. */
    SCAN(&s, "\xb8\x00\x00\x48\xcf\xb8\x48\xcf\x00\x00");
    g_assert_cmphex(s.iretq, ==, 0);
}

static void test_preferred_iretq(void)
{
    FrailSites s;

    /* The first one, when none has the test of SS. */
    SCAN(&s, "\x90\x48\xcf\x90\x48\xcf");
    g_assert_cmphex(s.iretq, ==, BASE + 1);
    /* testb $4,0x20(%rsp); jnz; iretq */
    SCAN(&s, "\x90\x48\xcf\xf6\x44\x24\x20\x04\x75\x02\x48\xcf\x90\x48\xcf");
    g_assert_cmphex(s.iretq, ==, BASE + 10);
    /* Another stack slot is tested; something stands between. */
    SCAN(&s, "\x90\x48\xcf\xf6\x44\x24\x08\x04\x75\x02\x48\xcf");
    g_assert_cmphex(s.iretq, ==, BASE + 1);
    SCAN(&s, "\x90\x48\xcf\xf6\x44\x24\x20\x04\x75\x02\x90\x90\x48\xcf");
    g_assert_cmphex(s.iretq, ==, BASE + 1);
    /* The first of two with the test. */
    SCAN(&s, "\xf6\x44\x24\x20\x04\x75\x02\x48\xcf"
             "\xf6\x44\x24\x20\x04\x75\x02\x48\xcf");
    g_assert_cmphex(s.iretq, ==, BASE + 7);
}

static void test_stack_slot(void)
{
    FrailSites s;

    SCAN(&s, "\x65\x48\x89\x24\x25\x14\x60\x00\x00"
             "\x65\x48\x8b\x24\x25\x98\x1f\x02\x00"
             "\x65\x48\x8b\x24\x25\x00\x00\x00\x00");
    g_assert_true(s.has_stack_slot);
    g_assert_cmphex(s.stack_slot, ==, 0x21f98);
    /* Negative, as in kernels whose per-CPU offsets are addresses. */
    SCAN(&s, "\x65\x48\x8b\x24\x25\x08\xf0\xff\xff");
    g_assert_cmphex(s.stack_slot, ==, 0xfffffffffffff008);
    /* RIP-relative counts from the next instruction. */
    SCAN(&s, "\x90\x65\x48\x8b\x25\x00\x01\x00\x00");
    g_assert_true(s.has_stack_slot);
    g_assert_cmphex(s.stack_slot, ==, BASE + 9 + 0x100);
    SCAN(&s, "\x65\x48\x8b\x25\xf7\xff\xff\xff");
    g_assert_cmphex(s.stack_slot, ==, BASE + 8 - 9);
    /* Another base, index, segment, register or direction. */
    SCAN(&s, "\x65\x48\x8b\x60\x08" "\x65\x48\x8b\x24\xc5\x00\x10\x00\x00"
             "\x64\x48\x8b\x24\x25\x00\x10\x00\x00"
             "\x65\x48\x8b\x04\x25\x00\x10\x00\x00"
             "\x48\x8b\x24\x25\x00\x10\x00\x00\x48\x89\xe4");
    g_assert_false(s.has_stack_slot);
}

static void test_garbage(void)
{
    g_autofree uint8_t *text = g_malloc(FRAIL_SCAN_SIZE);
    FrailSites s;

    SCAN(&s, "");
    g_assert_cmpuint(s.n_sysret, ==, 0);
    /* Cut off in the middle; what no disassembler knows. */
    SCAN(&s, "\x48\x0f");
    g_assert_cmpuint(s.n_sysret, ==, 0);
    SCAN(&s, "\x06\x07\x0e\x0f\xff\x90\x0f\x07");
    g_assert_cmpuint(s.n_sysret, >=, 1);
    for (unsigned round = 0; round < 15; round++) {
        size_t len = g_test_rand_int_range(0, 4096);
        g_autofree uint8_t *exact = g_malloc(len + !len);

        for (unsigned i = 0; i < len; i++) {
            exact[i] = g_test_rand_int();
        }
        g_assert_true(frail_scan_entry(exact, len, g_test_rand_int() *
                                       0x100000001ull, &s));
        frail_scan_first(exact, len, 0);
        for (unsigned i = 0; i < len; i++) {
            int n = frail_scan_syscall(exact + i, len - i,
                                       g_test_rand_bit());

            g_assert_cmpint(n, <=, 15);
            g_assert_cmpint(n, <=, (int)(len - i));
        }
    }
    memset(text, 0x66, FRAIL_SCAN_SIZE);
    g_assert_true(frail_scan_entry(text, FRAIL_SCAN_SIZE, ~0ull - 3, &s));
}

static void test_first(void)
{
    static const struct {
        const char *bytes;
        unsigned len, first;
    } list[] = {
        { "\xf3\x0f\x1e\xfa\x0f\x01\xca", 7, 4 },   /* endbr64 */
        { "\x0f\x01\xca\xfc", 4, 3 },               /* clac */
        { "\xfc\x6a\xff", 3, 1 },                   /* cld */
        { "\x90\x90", 2, 1 },
        { "\x0f\x1f\x00\xfc", 4, 3 },               /* long nop */
        { "\x6a\xff", 2, 0 },                       /* push moves RSP */
        { "\x48\x83\xec\x08", 4, 0 },
        { "\xe8\x00\x00\x00\x00", 5, 0 },
        { "\xeb\x10", 2, 0 },
        { "\xf3\x0f\x1e", 3, 0 },                   /* cut off */
        { "", 0, 0 },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(list); i++) {
        g_assert_cmpuint(frail_scan_first((const uint8_t *)list[i].bytes,
                                          list[i].len, BASE), ==,
                         list[i].first);
    }
}

static void test_syscall(void)
{
    static const struct {
        const char *bytes;
        int len, wide, compat;
    } list[] = {
        { "\x0f\x05", 2, 2, 2 },
        { "\x0f\x0b", 2, 0, 0 },                    /* ud2 */
        { "\x0f\x34", 2, 0, 0 },                    /* sysenter */
        { "\xcd\x80", 2, 0, 0 },
        { "\x48\x0f\x05", 3, 3, 0 },                /* DEC in 32-bit code */
        { "\x4f\x0f\x05", 3, 3, 0 },
        { "\x40\x0f\x05", 3, 3, 0 },
        { "\x66\x0f\x05", 3, 3, 3 },
        { "\x67\x0f\x05", 3, 3, 3 },
        { "\xf2\x0f\x05", 3, 3, 3 },
        { "\xf3\x0f\x05", 3, 3, 3 },
        { "\x26\x0f\x05", 3, 3, 3 },
        { "\x2e\x0f\x05", 3, 3, 3 },
        { "\x36\x0f\x05", 3, 3, 3 },
        { "\x3e\x0f\x05", 3, 3, 3 },
        { "\x64\x0f\x05", 3, 3, 3 },
        { "\x65\x0f\x05", 3, 3, 3 },
        { "\x66\x66\xf3\x0f\x05", 5, 5, 5 },
        { "\x66\x48\x0f\x05", 4, 4, 0 },
        { "\x48\x66\x0f\x05", 4, 4, 0 },            /* REX is ignored there */
        { "\x48\x48\x0f\x05", 4, 4, 0 },
        { "\xf0\x0f\x05", 3, 0, 0 },                /* LOCK */
        { "\x66\xf0\x0f\x05", 4, 0, 0 },
        { "\xf0\x48\x0f\x05", 4, 0, 0 },
        { "\x90\x0f\x05", 3, 0, 0 },
        { "\x0f", 1, -1, -1 },
        { "\x66", 1, -1, -1 },
        { "\x48", 1, -1, 0 },
        { "", 0, -1, -1 },
        { "\xf0", 1, 0, 0 },
        { "\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x0f\x05", 15,
          15, 15 },
        { "\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x0f\x05",
          16, 0, 0 },
        { "\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66", 15,
          0, 0 },
        { "\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x0f", 14,
          -1, -1 },
        { "\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66", 14,
          0, 0 },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(list); i++) {
        int len = list[i].len;
        g_autofree uint8_t *exact = g_malloc(len + !len);

        memcpy(exact, list[i].bytes, len);
        g_assert_cmpint(frail_scan_syscall(exact, len, true), ==,
                        list[i].wide);
        g_assert_cmpint(frail_scan_syscall(exact, len, false), ==,
                        list[i].compat);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scan/sites", test_sites);
    g_test_add_func("/scan/false-bytes", test_false_bytes);
    g_test_add_func("/scan/preferred-iretq", test_preferred_iretq);
    g_test_add_func("/scan/stack-slot", test_stack_slot);
    g_test_add_func("/scan/garbage", test_garbage);
    g_test_add_func("/scan/first", test_first);
    g_test_add_func("/scan/syscall", test_syscall);
    return g_test_run();
}
