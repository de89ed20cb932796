/*
 * Structures printed by BTF: made by hand, this machine's kernel's, and
 * hostile ones.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/timex.h>

#include "print-guest.h"

#include "decode/print/btf.h"

static PrintGuest guest;

static const char *bytes(const struct btf *btf, uint32_t id, const void *data,
                         size_t len)
{
    print_guest_clear(&guest);
    print_guest_printer(&guest, CALL_ABI_X86_64, NULL);
    print_btf_bytes(&guest.p, btf, id, data, len);
    return print_guest_text(&guest);
}

typedef struct Types {
    struct btf *btf;
    int int_, uint, long_, char_, bool_, ptr, e, e64, text, words, inner,
        anonymous, outer, uni, td;
} Types;

/* What the kernel's compiler makes of usual members. */
static Types usual_types(void)
{
    Types t = { .btf = btf__new_empty() };

    g_assert_nonnull(t.btf);
    t.int_ = btf__add_int(t.btf, "int", 4, BTF_INT_SIGNED);
    t.uint = btf__add_int(t.btf, "unsigned int", 4, 0);
    t.long_ = btf__add_int(t.btf, "long", 8, BTF_INT_SIGNED);
    t.char_ = btf__add_int(t.btf, "char", 1, BTF_INT_SIGNED);
    t.bool_ = btf__add_int(t.btf, "_Bool", 1, BTF_INT_BOOL);
    t.ptr = btf__add_ptr(t.btf, 0);
    t.e = btf__add_enum(t.btf, "e", 4);
    btf__add_enum_value(t.btf, "E_ONE", 1);
    btf__add_enum_value(t.btf, "E_MINUS", -1);
    t.e64 = btf__add_enum64(t.btf, "e64", 8, false);
    btf__add_enum64_value(t.btf, "E_BIG", 1ull << 40);
    t.text = btf__add_array(t.btf, t.uint, t.char_, 8);
    t.words = btf__add_array(t.btf, t.uint, t.int_, 3);
    t.td = btf__add_typedef(t.btf, "my_int", btf__add_const(t.btf, t.int_));
    t.inner = btf__add_struct(t.btf, "inner", 8);
    btf__add_field(t.btf, "x", t.td, 0, 0);
    btf__add_field(t.btf, "y", t.uint, 32, 0);
    t.uni = btf__add_union(t.btf, "uni", 8);
    btf__add_field(t.btf, "whole", t.long_, 0, 0);
    btf__add_field(t.btf, "half", t.uint, 0, 0);
    t.anonymous = btf__add_union(t.btf, NULL, 4);
    btf__add_field(t.btf, "a", t.int_, 0, 0);
    btf__add_field(t.btf, "b", t.uint, 0, 0);
    t.outer = btf__add_struct(t.btf, "outer", 72);
    btf__add_field(t.btf, "p", t.ptr, 0, 0);
    btf__add_field(t.btf, "in", t.inner, 64, 0);
    btf__add_field(t.btf, NULL, t.anonymous, 128, 0);
    btf__add_field(t.btf, "f1", t.uint, 160, 3);
    btf__add_field(t.btf, "f2", t.int_, 163, 5);
    btf__add_field(t.btf, "e", t.e, 192, 0);
    btf__add_field(t.btf, "flag", t.bool_, 224, 0);
    btf__add_field(t.btf, "text", t.text, 256, 0);
    btf__add_field(t.btf, "w", t.words, 320, 0);
    btf__add_field(t.btf, "big", t.e64, 448, 0);
    btf__add_field(t.btf, "u", t.uni, 512, 0);
    return t;
}

static void test_kinds(void)
{
    Types t = usual_types();
    struct {
        uint64_t p;
        int32_t x;
        uint32_t y, b;
        uint8_t f, pad[3];
        int32_t e;
        uint8_t flag, pad2[3];
        char text[8];
        int32_t w[3], pad3;
        uint64_t big, u;
    } s = {
        0, -5, 7, 0xffffffff, 0xf5, { 0 }, -1, 1, { 0 }, "a\"b", { 1, -2, 3 },
        0, 1ull << 40, 0x100000002,
    };

    g_assert_cmpuint(sizeof(s), ==, 72);
    g_assert_cmpstr(bytes(t.btf, t.outer, &s, sizeof(s)), ==,
                    "{p=NULL, in={x=-5, y=7}, a=-1, b=4294967295, f1=5, f2=-2, "
                    "e=E_MINUS, flag=1, text=\"a\\\"b\", w=[1, -2, 3], "
                    "big=E_BIG, u={whole=4294967298, half=2}}");
    s.p = 0x7f00;
    s.e = 77;
    s.big = 5;
    memcpy(s.text, "12345678", 8);
    g_assert_cmpstr(bytes(t.btf, t.outer, &s, sizeof(s)), ==,
                    "{p=0x7f00, in={x=-5, y=7}, a=-1, b=4294967295, f1=5, "
                    "f2=-2, e=77, flag=1, text=\"1234567\"..., w=[1, -2, 3], "
                    "big=5, u={whole=4294967298, half=2}}");
    /* What is not there is not read. */
    for (size_t len = 0; len < sizeof(s); len++) {
        g_autofree uint8_t *cut = g_malloc(len + 1);
        g_autofree uint8_t *exact = g_memdup2(&s, len ? len : 1);

        bytes(t.btf, t.outer, exact, len);
        g_assert_nonnull(strstr(guest.buf, "???"));
    }
    btf__free(t.btf);
}

static void test_guest_memory(void)
{
    static Area areas[AREAS];
    Types t = usual_types();
    int64_t failed = -14;

    areas_parse(areas, CALL_ABI_X86_64, "A= 4:1 4:2; B= 4:1");
    print_guest_memory(&guest, areas);
    print_guest_clear(&guest);
    print_guest_printer(&guest, CALL_ABI_X86_64, NULL);
    print_btf(&guest.p, t.btf, t.inner, areas[0].addr);
    g_assert_cmpstr(print_guest_text(&guest), ==, "{x=1, y=2}");
    g_assert_false(guest.p.unreadable);
    print_guest_clear(&guest);
    print_btf(&guest.p, t.btf, t.inner, areas[1].addr);
    g_assert_cmpstr(print_guest_text(&guest), ==, "0x10012ffc");
    g_assert_true(guest.p.unreadable);
    print_guest_clear(&guest);
    print_btf(&guest.p, t.btf, t.inner, 0);
    g_assert_cmpstr(print_guest_text(&guest), ==, "NULL");
    print_guest_clear(&guest);
    print_guest_printer(&guest, CALL_ABI_X86_64, &failed);
    print_btf(&guest.p, t.btf, t.inner, areas[0].addr);
    g_assert_cmpstr(print_guest_text(&guest), ==, "0x10010ff8");
    btf__free(t.btf);
}

static void test_names(void)
{
    Types t = usual_types();

    g_assert_cmpuint(btf_struct_of_pointer(t.btf, "struct inner *"), ==,
                     t.inner);
    g_assert_cmpuint(btf_struct_of_pointer(t.btf,
                                           "const struct inner __user *"),
                     ==, t.inner);
    g_assert_cmpuint(btf_struct_of_pointer(t.btf, "union uni *"), ==, t.uni);
    g_assert_cmpuint(btf_struct_of_pointer(t.btf, "struct uni *"), ==, 0);
    g_assert_cmpuint(btf_struct_of_pointer(t.btf, "struct inner"), ==, 0);
    g_assert_cmpuint(btf_struct_of_pointer(t.btf, "struct inner **"), ==, 0);
    g_assert_cmpuint(btf_struct_of_pointer(t.btf, "struct nothing *"), ==, 0);
    g_assert_cmpuint(btf_struct_of_pointer(t.btf, "struct *"), ==, 0);
    g_assert_cmpuint(btf_struct_of_pointer(t.btf, "struct"), ==, 0);
    g_assert_cmpuint(btf_struct_of_pointer(t.btf, ""), ==, 0);
    g_assert_cmpuint(btf_struct_of_pointer(t.btf, "char *"), ==, 0);
    btf__free(t.btf);
}

/* --- Hostile types ------------------------------------------------------ */

static void test_circles(void)
{
    static const uint8_t data[256];
    struct btf *btf = btf__new_empty();
    int i = btf__add_int(btf, "int", 4, 0);
    int td, s, a, wide;

    /* typedef of itself; structure in itself; arrays of each other. */
    td = btf__add_typedef(btf, "t", btf__type_cnt(btf));
    g_assert_cmpstr(bytes(btf, td, data, 4), ==, "???");
    s = btf__add_struct(btf, "s", 4);
    btf__add_field(btf, "self", s, 0, 0);
    bytes(btf, s, data, 4);
    g_assert_cmpuint(guest.text.len, <, 200);
    s = btf__add_struct(btf, "s", 4);
    btf__add_field(btf, NULL, s, 0, 0);
    bytes(btf, s, data, 4);
    a = btf__add_array(btf, i, btf__type_cnt(btf) + 1, 0x80000000u);
    btf__add_array(btf, i, a, 0x80000000u);
    bytes(btf, a, data, sizeof(data));
    /* Many in many in many: the budget, not the product, bounds it. */
    s = i;
    for (unsigned n = 0; n < 7; n++) {
        int next = btf__add_struct(btf, "n", 0);

        for (unsigned k = 0; k < 30; k++) {
            btf__add_field(btf, n % 2 ? "m" : NULL, s, 0, 0);
        }
        s = next;
    }
    bytes(btf, s, data, sizeof(data));
    g_assert_cmpuint(guest.text.len, <, 65536 - 1);
    /* Ids and names that do not exist, sizes that are not. */
    g_assert_cmpstr(bytes(btf, 0, data, 4), ==, "???");
    g_assert_cmpstr(bytes(btf, 0x7fffffff, data, 4), ==, "???");
    wide = btf__add_struct(btf, "wide", 0xffffffffu);
    btf__add_field(btf, "far", i, 0xffffffe0u, 0);
    g_assert_cmpstr(bytes(btf, wide, data, sizeof(data)), ==, "{far=???}");
    print_guest_clear(&guest);
    print_btf(&guest.p, btf, wide, 0x1000);
    g_assert_cmpstr(print_guest_text(&guest), ==, "0x1000");
    btf__free(btf);
}

/* Anonymous structures within each other, wide: a tree that must not grow. */
static void test_random_types(void)
{
    for (unsigned round = 0; round < 300; round++) {
        struct btf *btf = btf__new_empty();
        uint8_t data[64];

        for (size_t k = 0; k < sizeof(data); k++) {
            data[k] = g_test_rand_int();
        }
        btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
        for (unsigned n = 0; n < 40; n++) {
            int32_t to = g_test_rand_int_range(0, 50);
            int id = -1;

            switch (g_test_rand_int_range(0, 9)) {
            case 0:
                btf__add_typedef(btf, "t", to);
                break;
            case 1:
                btf__add_const(btf, to);
                break;
            case 2:
                btf__add_array(btf, 1, to, g_test_rand_int());
                break;
            case 3:
                btf__add_ptr(btf, to);
                break;
            case 4:
                btf__add_enum(btf, "e", 1 << g_test_rand_int_range(0, 4));
                btf__add_enum_value(btf, "V", 1);
                break;
            case 5:
                id = btf__add_union(btf, "u", g_test_rand_int_range(0, 80));
                break;
            default:
                id = btf__add_struct(btf, "s", g_test_rand_int_range(0, 80));
                break;
            }
            for (unsigned k = 0; id > 0 && k < 8; k++) {
                btf__add_field(btf, g_test_rand_bit() ? "m" : NULL,
                               g_test_rand_int_range(0, 50),
                               g_test_rand_int_range(0, 600),
                               g_test_rand_bit() ? 0 :
                               g_test_rand_int_range(0, 255));
            }
        }
        for (uint32_t id = 0; id < btf__type_cnt(btf) + 2; id++) {
            g_autofree uint8_t *copy = g_memdup2(data, 16);

            bytes(btf, id, copy, 16);
            bytes(btf, id, data, sizeof(data));
        }
        btf__free(btf);
    }
}

/* --- This machine's kernel ---------------------------------------------- */

static void test_kernel(void)
{
    struct btf *btf = btf__load_vmlinux_btf();
    struct timex tx = { .modes = ADJ_OFFSET, .offset = -7, .tick = 10000 };
    struct rlimit lim = { 5, RLIM_INFINITY };
    uint8_t zero[4096] = { 0 };
    uint32_t id;

    if (!btf) {
        g_test_skip("no BTF of this kernel");
        return;
    }
    id = btf_struct_of_pointer(btf, "struct rlimit *");
    g_assert_cmpstr(bytes(btf, id, &lim, sizeof(lim)), ==,
                    "{rlim_cur=5, rlim_max=18446744073709551615}");
    id = btf_struct_of_pointer(btf, "struct __kernel_timex *");
    bytes(btf, id, &tx, sizeof(tx));
    g_assert_true(g_str_has_prefix(guest.buf, "{modes=1, offset=-7, freq=0"));
    g_assert_nonnull(strstr(guest.buf, "tick=10000"));
    /* Every type there is. */
    for (id = 0; id < btf__type_cnt(btf); id++) {
        bytes(btf, id, zero, sizeof(zero));
    }
    btf__free(btf);
}

static void format(void *ctx G_GNUC_UNUSED, const char *fmt, va_list args)
{
    int n = vsnprintf(guest.buf + guest.text.len,
                      sizeof(guest.buf) - guest.text.len, fmt, args);

    guest.text.len += n;
}

/* Why not libbpf's: the times of both, for one structure. */
static void test_cost(void)
{
    struct btf *btf = btf__load_vmlinux_btf();
    struct btf_dump *dump;
    struct timex tx = { .modes = 1 };
    uint32_t id;
    gint64 start, ours, theirs;
    LIBBPF_OPTS(btf_dump_type_data_opts, opts, .compact = true,
                .emit_zeroes = true);

    if (!btf || !g_test_perf()) {
        g_test_skip("for -m perf");
        btf__free(btf);
        return;
    }
    id = btf_struct_of_pointer(btf, "struct __kernel_timex *");
    start = g_get_monotonic_time();
    for (unsigned i = 0; i < 100000; i++) {
        bytes(btf, id, &tx, sizeof(tx));
    }
    ours = g_get_monotonic_time() - start;
    dump = btf_dump__new(btf, format, NULL, NULL);
    start = g_get_monotonic_time();
    for (unsigned i = 0; i < 100000; i++) {
        print_guest_clear(&guest);
        btf_dump__dump_type_data(dump, id, &tx, sizeof(tx), &opts);
    }
    theirs = g_get_monotonic_time() - start;
    g_test_message("struct __kernel_timex: %.2f us, libbpf %.2f us",
                   ours / 1e5, theirs / 1e5);
    btf_dump__free(dump);
    btf__free(btf);
}

int main(int argc, char **argv)
{
    int rc;

    g_test_init(&argc, &argv, NULL);
    libbpf_set_print(NULL);
    print_guest_init(&guest);
    g_test_add_func("/print-btf/kinds", test_kinds);
    g_test_add_func("/print-btf/guest-memory", test_guest_memory);
    g_test_add_func("/print-btf/names", test_names);
    g_test_add_func("/print-btf/circles", test_circles);
    g_test_add_func("/print-btf/random-types", test_random_types);
    g_test_add_func("/print-btf/kernel", test_kernel);
    g_test_add_func("/print-btf/cost", test_cost);
    rc = g_test_run();
    print_guest_free(&guest);
    return rc;
}
