/*
 * Real kernels: what their BTF and their entry code say, by libfrail and by
 * others.  tests/unit/kernels/README.md tells what the files are.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <bpf/btf.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "decode/print/btf.h"
#include "guest/internal.h"
#include "trap/scan.h"

#define MAKE_AGAIN "run tests/unit/kernels/make"

/* As many as there are versions with a layout of their own. */
#define KERNELS_MIN     4

typedef struct Kernel {
    char **lines;               /* of NAME.expected */
    uint8_t *btf, *entry;
    size_t btf_len, entry_len;
    uint64_t lstar;
    GuestTypes types;
} Kernel;

/* The words behind @key in the @nth line that begins with it, or NULL. */
static const char *line(const Kernel *k, const char *key, unsigned nth)
{
    size_t len = strlen(key);

    for (char **l = k->lines; *l; l++) {
        if (g_str_has_prefix(*l, key) && (*l)[len] == ' ' && !nth--) {
            return *l + len + 1;
        }
    }
    return NULL;
}

static uint64_t value(const Kernel *k, const char *key)
{
    const char *text = line(k, key, 0);

    if (!text) {
        g_error("there is no line '%s': %s", key, MAKE_AGAIN);
    }
    return g_ascii_strtoull(text, NULL, 0);
}

static void read_file(const char *name, const char *suffix, void *data,
                      size_t *len)
{
    g_autofree char *path = g_strconcat(KERNELS "/", name, suffix, NULL);
    g_autoptr(GError) err = NULL;

    if (!g_file_get_contents(path, data, len, &err)) {
        g_error("%s", err->message);
    }
}

static void kernel_open(Kernel *k, const char *name)
{
    g_autofree char *expected = NULL;
    const char *why = NULL;

    read_file(name, ".expected", &expected, NULL);
    read_file(name, ".btf", &k->btf, &k->btf_len);
    read_file(name, ".entry", &k->entry, &k->entry_len);
    k->lines = g_strsplit(expected, "\n", -1);
    k->lstar = value(k, "lstar");
    if (!guest_types_load(&k->types, k->btf, k->btf_len, &why)) {
        g_error("%s", why);
    }
}

static void kernel_close(Kernel *k)
{
    guest_types_free(&k->types);
    g_strfreev(k->lines);
    g_free(k->btf);
    g_free(k->entry);
}

static const char *const field_names[GUEST_FIELD_COUNT] = {
#define X(id, structure, member, needed) [F_ ## id] = #id,
    GUEST_FIELDS(X)
#undef X
};

static const char *const percpu_names[GUEST_PERCPU_COUNT] = {
#define X(name) [P_ ## name] = #name,
    GUEST_PERCPUS(X)
#undef X
};

/* "OFFSET SIZE SHIFT BITS", "-" when the kernel has no such member. */
static void expect_field(const Kernel *k, GuestFieldId id)
{
    g_autofree char *key = g_strdup_printf("field %s", field_names[id]);
    const GuestField *f = &k->types.field[id];
    const char *expected = line(k, key, 0);
    g_autofree char *got = f->size ?
        g_strdup_printf("%u %u %u %u", f->offset, f->size, f->bit_shift,
                        f->bit_size) : g_strdup("-");

    if (!expected) {
        g_error("there is no line '%s': %s", key, MAKE_AGAIN);
    }
    if (strcmp(got, expected)) {
        g_test_message("%s: %s, and by the compiler %s", field_names[id], got,
                       expected);
        g_test_fail();
    }
}

static void test_members(gconstpointer name)
{
    Kernel k;

    kernel_open(&k, name);
    for (unsigned i = 0; i < GUEST_FIELD_COUNT; i++) {
        expect_field(&k, i);
    }
    for (unsigned i = 0; i < GUEST_PERCPU_COUNT; i++) {
        g_autofree char *key = g_strdup_printf("percpu %s", percpu_names[i]);
        const char *expected = line(&k, key, 0);

        g_assert_nonnull(expected);
        g_assert_cmpint(k.types.percpu[i].known, ==, *expected != '-');
        if (k.types.percpu[i].known) {
            g_assert_cmpuint(k.types.percpu[i].offset, ==, value(&k, key));
        }
    }
    kernel_close(&k);
}

/* The structures that calls are decoded with. */
static void test_structures(gconstpointer name)
{
    const char *text;
    unsigned n = 0;
    Kernel k;

    kernel_open(&k, name);
    for (; (text = line(&k, "size", n)); n++) {
        char structure[64], size[16];
        uint32_t id;

        g_assert_cmpint(sscanf(text, "%63s %15s", structure, size), ==, 2);
        g_autofree char *c_type = g_strdup_printf("struct %s *", structure);
        id = btf_struct_of_pointer(k.types.btf, c_type);
        g_assert_cmpint(id != 0, ==, *size != '-');
        if (id) {
            g_assert_cmpint(btf__resolve_size(k.types.btf, id), ==,
                            g_ascii_strtoull(size, NULL, 10));
        }
    }
    g_assert_cmpuint(n, >, 0);
    kernel_close(&k);
}

/* Where the per-CPU variables start, by the entry code and by the linker. */
static void test_percpu(gconstpointer name)
{
    uint64_t start;
    GuestEntry e;
    Kernel k;

    kernel_open(&k, name);
    g_assert_cmpuint(k.entry_len, >=, GUEST_ENTRY_LEN);
    e = guest_read_entry(k.entry, GUEST_ENTRY_LEN, k.lstar);
    g_assert_true(e.has_stack);
    g_assert_true(e.has_scratch);
    g_assert_cmphex(e.stack, ==, value(&k, "stack"));
    g_assert_cmphex(e.scratch, ==, value(&k, "scratch"));
    if (k.types.percpu[P_cpu_tss_rw].known) {
        g_assert_true(guest_start_by_entry(&k.types, &e, &start));
        g_assert_cmphex(start, ==, value(&k, "start"));
        /* One that is off makes the two contradict each other. */
        e.scratch += 8;
        g_assert_false(guest_start_by_entry(&k.types, &e, &start));
    } else {
        /* Nothing is known but that both lie in the TSS, which is aligned. */
        uint64_t tss = e.stack - k.types.tss_sp1.offset;

        g_assert_false(guest_start_by_entry(&k.types, &e, &start));
        g_assert_cmphex(tss, ==, e.scratch - k.types.tss_sp2.offset);
        g_assert_cmphex(tss & ~FRAIL_PAGE_MASK, ==, 0);
    }
    kernel_close(&k);
}

/* The ways back to user mode, which the trap puts its breakpoints on. */
static void test_sites(gconstpointer name)
{
    FrailSites sites;
    const char *text;
    unsigned n = 0;
    Kernel k;

    kernel_open(&k, name);
    g_assert_cmpuint(k.entry_len, ==, FRAIL_SCAN_SIZE);
    g_assert_true(frail_scan_entry(k.entry, k.entry_len, k.lstar, &sites));
    for (; (text = line(&k, "sysret", n)); n++) {
        unsigned long long va;
        int wide;

        g_assert_cmpuint(n, <, FRAIL_SCAN_SITES);
        g_assert_cmpint(sscanf(text, "%llx %d", &va, &wide), ==, 2);
        g_assert_cmphex(sites.sysret[n].va, ==, va);
        g_assert_cmpint(sites.sysret[n].wide, ==, wide);
    }
    g_assert_cmpuint(n, >=, 2);
    g_assert_cmpuint(sites.n_sysret, ==, n);
    g_assert_cmphex(sites.iretq, ==, value(&k, "iretq"));
    /* With CSTAR at the entry of 32-bit calls two are left of three. */
    frail_scan_drop_stubs(&sites, k.lstar);
    g_assert_cmpuint(sites.n_sysret, ==, 2);
    kernel_close(&k);
}

static void add(const char *part, const char *name, GTestDataFunc test)
{
    g_autofree char *path = g_strconcat("/kernels/", name, "/", part, NULL);

    g_test_add_data_func_full(path, g_strdup(name), test, g_free);
}

int main(int argc, char **argv)
{
    g_autoptr(GError) err = NULL;
    g_autoptr(GDir) dir = g_dir_open(KERNELS, 0, &err);
    const char *file;
    unsigned n = 0;

    g_test_init(&argc, &argv, NULL);
    if (!dir) {
        g_error("%s", err->message);
    }
    while ((file = g_dir_read_name(dir))) {
        if (g_str_has_suffix(file, ".expected")) {
            g_autofree char *name = g_strndup(file, strlen(file) -
                                              strlen(".expected"));

            add("members", name, test_members);
            add("structures", name, test_structures);
            add("percpu", name, test_percpu);
            add("sites", name, test_sites);
            n++;
        }
    }
    if (n < KERNELS_MIN) {
        g_error("%u kernels in %s: %s", n, KERNELS, MAKE_AGAIN);
    }
    return g_test_run();
}
