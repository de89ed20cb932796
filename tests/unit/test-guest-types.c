/*
 * The guest's BTF: what is found in it, and what a forged one may contain.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <bpf/btf.h>

#include "fake-guest.h"
#include "guest/types.h"

#define STRINGS     66000u

/* A BTF that is written word by word. */
typedef struct Forged {
    GByteArray *types;
    GByteArray *strings;
    uint32_t n;                 /* types */
} Forged;

static void forge(Forged *f)
{
    f->types = g_byte_array_new();
    f->strings = g_byte_array_new();
    g_byte_array_append(f->strings, (const uint8_t *)"", 1);
    f->n = 0;
}

static uint32_t name(Forged *f, const char *text)
{
    uint32_t at = f->strings->len;

    g_byte_array_append(f->strings, (const uint8_t *)text, strlen(text) + 1);
    return at;
}

static void word(Forged *f, uint32_t value)
{
    g_byte_array_append(f->types, (const uint8_t *)&value, 4);
}

static uint32_t type(Forged *f, uint32_t name_off, unsigned kind,
                     unsigned vlen, uint32_t size_or_type)
{
    word(f, name_off);
    word(f, kind << 24 | vlen);
    word(f, size_or_type);
    return ++f->n;
}

static void member(Forged *f, uint32_t name_off, uint32_t id, uint32_t bits)
{
    word(f, name_off);
    word(f, id);
    word(f, bits);
}

static uint8_t *finish(Forged *f, size_t *len)
{
    struct btf_header h = { .magic = BTF_MAGIC, .version = 1 };
    uint8_t *blob;

    if (f->strings->len < STRINGS) {
        uint32_t from = f->strings->len;

        g_byte_array_set_size(f->strings, STRINGS);
        memset(f->strings->data + from, 'p', STRINGS - from);
        f->strings->data[STRINGS - 1] = '\0';
    }
    h.hdr_len = sizeof(h);
    h.type_len = h.str_off = f->types->len;
    h.str_len = f->strings->len;
    *len = sizeof(h) + h.type_len + h.str_len;
    blob = g_malloc(*len);
    memcpy(blob, &h, sizeof(h));
    memcpy(blob + sizeof(h), f->types->data, h.type_len);
    memcpy(blob + sizeof(h) + h.type_len, f->strings->data, h.str_len);
    g_byte_array_unref(f->types);
    g_byte_array_unref(f->strings);
    return blob;
}

static bool loads(const uint8_t *blob, size_t len, const char *expected)
{
    const char *why = NULL;
    GuestTypes t;
    bool ok;

    /* At the end of the heap's block: a read behind it is seen. */
    g_autofree uint8_t *copy = g_memdup2(blob, len);

    ok = guest_types_load(&t, copy, len, &why);
    if (ok) {
        g_assert_nonnull(t.btf);
        guest_types_free(&t);
    } else {
        g_assert_nonnull(why);
        g_assert_null(t.btf);
        if (expected && !strstr(why, expected)) {
            g_error("not '%s' but: %s", expected, why);
        }
    }
    return ok;
}

static void expect(Forged *f, const char *why)
{
    size_t len;
    g_autofree uint8_t *blob = finish(f, &len);

    g_assert_false(loads(blob, len, why));
}

static void test_members(void)
{
    FgOptions opts = { .layout = FG_PCPU_HOT };
    size_t len;
    g_autofree uint8_t *btf = fg_make_btf(&opts, &len);
    const char *why = NULL;
    GuestField f;
    GuestTypes t;

    g_assert_true(guest_types_load(&t, btf, len, &why));
    g_assert_cmpuint(t.field[F_task_pid].offset, ==, offsetof(FgTask, pid));
    g_assert_cmpuint(t.field[F_task_pid].size, ==, 4);
    g_assert_cmpuint(t.field[F_task_comm].size, ==, 16);
    g_assert_cmpuint(t.field[F_task_tasks].size, ==, 16);
    g_assert_cmpuint(t.field[F_mm_pgd].offset, ==, offsetof(FgMm, pgd));
    g_assert_cmpuint(t.field[F_file_path].offset, ==, offsetof(FgFile, path));
    g_assert_cmpuint(t.field[F_dentry_name].offset, ==,
                     offsetof(FgDentry, name));
    g_assert_cmpuint(t.field[F_dentry_hash].offset, ==,
                     offsetof(FgDentry, hash_pprev));
    g_assert_cmpuint(t.field[F_unix_addr_name].offset, ==,
                     offsetof(FgUnixAddr, name));
    g_assert_cmpuint(t.field[F_meta_nb_args].bit_size, ==, 7);
    g_assert_cmpuint(t.field[F_meta_nb_args].offset, ==,
                     offsetof(FgMeta, nb_args));
    g_assert_cmpuint(t.field[F_action_flags].offset, ==,
                     offsetof(FgAction, flags));
    g_assert_cmpuint(t.field[F_sighand_action].size, ==,
                     64 * sizeof(FgAction));
    g_assert_cmpuint(t.sizeof_action, ==, sizeof(FgAction));
    g_assert_cmpuint(t.field[F_task_signal].size, ==, 0);
    g_assert_cmpuint(t.sizeof_upid, ==, sizeof(FgUpid));
    g_assert_true(t.percpu[P_pcpu_hot].known);
    g_assert_cmpuint(t.percpu[P_pcpu_hot].offset, ==, FG_OFF_HOT);
    g_assert_false(t.percpu[P_current_task].known);
    g_assert_cmpuint(t.hot_top.offset, ==, 16);
    g_assert_cmpuint(t.tss_sp2.offset, ==, 20);

    g_assert_true(guest_types_member(t.btf, "dentry", "nothing|d_name.len",
                                     &f));
    g_assert_cmpuint(f.offset, ==, offsetof(FgDentry, len));
    g_assert_false(guest_types_member(t.btf, "dentry", "d_nam", &f));
    g_assert_false(guest_types_member(t.btf, "dentry", "d_names", &f));
    g_assert_false(guest_types_member(t.btf, "dentry", "d_parent.x", &f));
    g_assert_false(guest_types_member(t.btf, "no_such", "pid", &f));
    g_assert_false(guest_types_member(t.btf, "pid_t", "pid", &f));
    guest_types_free(&t);
}

/* Each member that is needed, and one that is not. */
static void test_missing(void)
{
    static const char *const needed[] = {
        "task_struct.pid", "task_struct.comm", "task_struct.real_cred",
        "cred.euid", "mm_struct.pgd",
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(needed); i++) {
        FgOptions opts = { .without = needed[i] };
        size_t len;
        g_autofree uint8_t *btf = fg_make_btf(&opts, &len);

        g_assert_false(loads(btf, len, "lacks a member"));
    }
    for (unsigned i = 0; i < 2; i++) {
        FgOptions opts = { .without = i ? "dentry.d_parent" : NULL };
        size_t len;
        g_autofree uint8_t *btf = fg_make_btf(&opts, &len);

        g_assert_true(loads(btf, len, NULL));
    }
}

static void test_long_header(void)
{
    FgOptions opts = { 0 };
    size_t plain, len;
    g_autofree uint8_t *btf = fg_make_btf(&opts, &plain);

    for (unsigned header = 24; header <= 72; header += 4) {
        g_autofree uint8_t *longer = NULL;

        len = plain;
        longer = fg_long_header(btf, &len, header);
        g_assert_cmpuint(guest_btf_length(longer), ==,
                         header <= 64 ? len : 0);
        g_assert_true(loads(longer, len, NULL) == (header <= 64));
        g_assert_false(loads(longer, len - 1, "header"));
    }
}

static void test_header(void)
{
    static const struct {
        unsigned at;
        uint32_t value;
    } bad[] = {
        { 0, 0x0001eb9e }, { 0, 0x0002eb9f }, { 0, 0x0101eb9f },
        { 4, 0 }, { 4, 20 }, { 4, 25 }, { 4, 0xffffffff },
        { 8, 2 }, { 8, 0xfffffffc }, { 12, 0xffffffff }, { 12, 0xfffffffc },
        { 12, 0 }, { 16, 0 }, { 16, 0xffffffff }, { 20, 0 },
        { 20, 0xffffffff }, { 20, 100 }, { 20, 64u << 20 },
    };
    FgOptions opts = { 0 };
    size_t len;
    g_autofree uint8_t *btf = fg_make_btf(&opts, &len);

    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++) {
        uint32_t was;

        memcpy(&was, btf + bad[i].at, 4);
        memcpy(btf + bad[i].at, &bad[i].value, 4);
        g_assert_false(loads(btf, len, "header"));
        memcpy(btf + bad[i].at, &was, 4);
    }
    for (size_t cut = 0; cut < 64; cut++) {
        g_assert_false(loads(btf, cut, "header"));
    }
    g_assert_true(loads(btf, len, NULL));
    /* More behind it is none of its business. */
    btf = g_realloc(btf, len + 100);
    g_assert_true(loads(btf, len + 100, NULL));
}

static void test_strings(void)
{
    FgOptions opts = { 0 };
    size_t len;
    g_autofree uint8_t *btf = fg_make_btf(&opts, &len);
    struct btf_header h;

    memcpy(&h, btf, sizeof(h));
    btf[len - 1] = 'x';
    g_assert_false(loads(btf, len, "begin and end with a zero"));
    btf[len - 1] = '\0';
    btf[h.hdr_len + h.str_off] = 'x';
    g_assert_false(loads(btf, len, "begin and end with a zero"));
}

/* Numbers of types and names that are not there, in every kind of type. */
static void test_references(void)
{
    static const struct {
        unsigned kind, vlen, words;
    } kinds[] = {
        { BTF_KIND_PTR, 0, 0 }, { BTF_KIND_TYPEDEF, 0, 0 },
        { BTF_KIND_VOLATILE, 0, 0 }, { BTF_KIND_CONST, 0, 0 },
        { BTF_KIND_RESTRICT, 0, 0 }, { BTF_KIND_FUNC, 0, 0 },
        { BTF_KIND_TYPE_TAG, 0, 0 }, { BTF_KIND_FUNC_PROTO, 0, 0 },
        { BTF_KIND_VAR, 0, 1 }, { BTF_KIND_DECL_TAG, 0, 1 },
    };
    static const uint32_t bad[] = { 2, 3, 0x7fffffff, 0xffffffff };
    Forged f;

    for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++) {
        for (unsigned b = 0; b < G_N_ELEMENTS(bad); b++) {
            forge(&f);
            type(&f, name(&f, "x"), kinds[i].kind, kinds[i].vlen, bad[b]);
            for (unsigned w = 0; w < kinds[i].words; w++) {
                word(&f, 0);
            }
            expect(&f, "not there");
        }
    }
    for (unsigned b = 0; b < G_N_ELEMENTS(bad); b++) {
        forge(&f);
        type(&f, 0, BTF_KIND_STRUCT, 1, 8);
        member(&f, 0, bad[b], 0);
        expect(&f, "not there");
        forge(&f);
        type(&f, 0, BTF_KIND_ARRAY, 0, 0);
        member(&f, bad[b], 1, 4);
        expect(&f, "not there");
        forge(&f);
        type(&f, 0, BTF_KIND_ARRAY, 0, 0);
        member(&f, 1, bad[b], 4);
        expect(&f, "not there");
        forge(&f);
        type(&f, 0, BTF_KIND_FUNC_PROTO, 1, 0);
        word(&f, 0);
        word(&f, bad[b]);
        expect(&f, "not there");
        forge(&f);
        type(&f, 0, BTF_KIND_DATASEC, 1, 8);
        member(&f, bad[b], 0, 8);
        expect(&f, "not there");
    }
    forge(&f);
    type(&f, STRINGS, BTF_KIND_PTR, 0, 0);
    expect(&f, "not there");
    forge(&f);
    type(&f, 0, BTF_KIND_UNION, 1, 8);
    member(&f, 0xffffffff, 0, 0);
    expect(&f, "not there");
    forge(&f);
    type(&f, 0, BTF_KIND_ENUM, 1, 4);
    word(&f, STRINGS);
    word(&f, 0);
    expect(&f, "not there");
    forge(&f);
    type(&f, 0, BTF_KIND_ENUM64, 1, 8);
    member(&f, STRINGS, 0, 0);
    expect(&f, "not there");
    forge(&f);
    type(&f, 0, BTF_KIND_FUNC_PROTO, 1, 0);
    word(&f, STRINGS);
    word(&f, 0);
    expect(&f, "not there");
}

static void test_cut(void)
{
    static const unsigned kinds[] = {
        BTF_KIND_STRUCT, BTF_KIND_UNION, BTF_KIND_ENUM, BTF_KIND_ENUM64,
        BTF_KIND_FUNC_PROTO, BTF_KIND_DATASEC,
    };
    Forged f;

    for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++) {
        forge(&f);
        type(&f, 0, kinds[i], 0xffff, 8);
        word(&f, 0);
        expect(&f, "cut off");
    }
    forge(&f);
    type(&f, 0, BTF_KIND_ARRAY, 0, 0);
    expect(&f, "cut off");
    forge(&f);
    type(&f, 0, BTF_KIND_INT, 0, 4);
    expect(&f, "cut off");
    for (unsigned kind = 20; kind < 32; kind++) {
        forge(&f);
        type(&f, 0, kind, 0, 0);
        expect(&f, "not known");
    }
    forge(&f);
    type(&f, 0, 0, 0, 0);
    expect(&f, "not known");
    forge(&f);
    type(&f, 0, BTF_KIND_PTR, 0, 0);
    word(&f, 0);
    expect(&f, "cut off");
}

/* Typedefs in a circle; a structure that is its own anonymous member. */
static void test_circles(void)
{
    uint32_t task;
    Forged f;

    forge(&f);
    task = name(&f, "task_struct");
    type(&f, name(&f, "a"), BTF_KIND_TYPEDEF, 0, 2);
    type(&f, name(&f, "b"), BTF_KIND_TYPEDEF, 0, 1);
    type(&f, task, BTF_KIND_STRUCT, 2, 64);
    member(&f, 0, 1, 0);
    member(&f, name(&f, "pid"), 1, 0);
    expect(&f, "lacks a member");

    forge(&f);
    task = name(&f, "task_struct");
    type(&f, task, BTF_KIND_STRUCT, 2, 64);
    member(&f, 0, 1, 0);
    member(&f, 0, 1, 64);
    expect(&f, "lacks a member");

    /* Arrays of each other. */
    forge(&f);
    task = name(&f, "task_struct");
    type(&f, 0, BTF_KIND_ARRAY, 0, 0);
    member(&f, 2, 2, 2);
    type(&f, 0, BTF_KIND_ARRAY, 0, 0);
    member(&f, 1, 1, 2);
    type(&f, task, BTF_KIND_STRUCT, 1, 64);
    member(&f, name(&f, "pid"), 1, 0);
    expect(&f, "lacks a member");
}

/* As many ways through anonymous members as there are grains of sand. */
static void test_fan(void)
{
    uint32_t task;
    gint64 start = g_get_monotonic_time();
    Forged f;

    forge(&f);
    task = name(&f, "task_struct");
    type(&f, task, BTF_KIND_STRUCT, 20000, 64);
    for (unsigned i = 0; i < 20000; i++) {
        member(&f, 0, 1, 0);
    }
    expect(&f, "lacks a member");
    g_assert_cmpint(g_get_monotonic_time() - start, <, 20 * G_USEC_PER_SEC);
}

/* Every type has the same name, which is as long as it may be. */
static void test_long_names(void)
{
    gint64 start = g_get_monotonic_time();
    g_autofree char *text = g_strnfill(4 << 20, 't');
    uint32_t at;
    Forged f;

    forge(&f);
    at = name(&f, text);
    for (unsigned i = 0; i < 200000; i++) {
        type(&f, at, BTF_KIND_STRUCT, 0, 8);
    }
    expect(&f, "lacks a member");
    g_assert_cmpint(g_get_monotonic_time() - start, <, 20 * G_USEC_PER_SEC);
}

static void load_one(Forged *f, GuestTypes *t)
{
    size_t len;
    g_autofree uint8_t *blob = finish(f, &len);
    const char *why = NULL;

    /* Too little for the guest: only what it has can be asked. */
    g_assert_false(guest_types_load(t, blob, len, &why));
    t->btf = btf__new(blob, len);
    g_assert_nonnull(t->btf);
}

/* Sizes and offsets that no structure has. */
static void test_sizes(void)
{
    uint32_t chr, arrays[4], structure;
    static const uint32_t counts[] = { 0xffffffff, 0x80000000, 1 << 20 };
    GuestField g;
    GuestTypes t;
    Forged f;

    forge(&f);
    chr = type(&f, name(&f, "char"), BTF_KIND_INT, 0, 1);
    word(&f, 8);
    for (unsigned i = 0; i < 3; i++) {
        arrays[i] = type(&f, 0, BTF_KIND_ARRAY, 0, 0);
        member(&f, i ? arrays[i - 1] : chr, chr, counts[i]);
    }
    arrays[3] = type(&f, name(&f, "huge"), BTF_KIND_INT, 0, 0xffffffff);
    word(&f, 8);
    structure = type(&f, name(&f, "odd"), BTF_KIND_STRUCT, 6, 4096);
    g_assert_cmpuint(structure, ==, 6);
    member(&f, name(&f, "a"), arrays[0], 0);
    member(&f, name(&f, "b"), arrays[2], 0);
    member(&f, name(&f, "c"), arrays[3], 0);
    member(&f, name(&f, "d"), chr, 0xffffffff);
    member(&f, name(&f, "e"), chr, 4097 * 8);
    member(&f, name(&f, "f"), chr, 4095 * 8);
    load_one(&f, &t);
    /* Too many elements: as if it were flexible, what it begins with. */
    g_assert_true(guest_types_member(t.btf, "odd", "a", &g));
    g_assert_cmpuint(g.size, ==, 1);
    g_assert_false(guest_types_member(t.btf, "odd", "b", &g));
    g_assert_false(guest_types_member(t.btf, "odd", "c", &g));
    g_assert_false(guest_types_member(t.btf, "odd", "d", &g));
    g_assert_false(guest_types_member(t.btf, "odd", "e", &g));
    g_assert_true(guest_types_member(t.btf, "odd", "f", &g));
    g_assert_cmpuint(g.offset, ==, 4095);
    guest_types_free(&t);
}

/* Bit fields of every width; in the kernel there is none above 32. */
static void test_bit_fields(void)
{
    for (unsigned bits = 1; bits < 256; bits++) {
        for (unsigned shift = 0; shift < 8; shift++) {
            uint32_t u64;
            GuestField g;
            GuestTypes t;
            Forged f;
            bool found;

            if (bits > 70 && bits % 37) {
                continue;
            }
            forge(&f);
            u64 = type(&f, name(&f, "u64"), BTF_KIND_INT, 0, 8);
            word(&f, 64);
            type(&f, name(&f, "odd"), BTF_KIND_STRUCT | 0x80, 1, 64);
            member(&f, name(&f, "x"), u64, bits << 24 | (64 + shift));
            load_one(&f, &t);
            found = guest_types_member(t.btf, "odd", "x", &g);
            g_assert_true(found == (bits <= 32));
            if (found) {
                g_assert_cmpuint(g.offset, ==, 8);
                g_assert_cmpuint(g.bit_shift, ==, shift);
                g_assert_cmpuint(g.bit_size, ==, bits);
                g_assert_cmpuint(g.size, ==, (shift + bits + 7) / 8);
            }
            guest_types_free(&t);
        }
    }
}

/* A sound one, with each of its words spoilt: refused or not, but no crash. */
static void test_spoilt(void)
{
    static const uint32_t values[] = { 0, 1, 0xffffffff, 0x7fffffff, 500,
                                       0x84000001, 0x0400ffff };
    FgOptions opts = { .layout = FG_PCPU_HOT };
    size_t len, end;
    g_autofree uint8_t *btf = fg_make_btf(&opts, &len);
    struct btf_header h;
    unsigned refused = 0;

    memcpy(&h, btf, sizeof(h));
    end = h.hdr_len + h.type_len;
    for (size_t at = h.hdr_len; at < end; at += 4) {
        uint32_t was;

        memcpy(&was, btf + at, 4);
        memcpy(btf + at, &values[at / 4 % G_N_ELEMENTS(values)], 4);
        refused += !loads(btf, len, NULL);
        memcpy(btf + at, &was, 4);
    }
    g_assert_cmpuint(refused, >, 100);
    g_assert_true(loads(btf, len, NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/guest/types/members", test_members);
    g_test_add_func("/guest/types/missing", test_missing);
    g_test_add_func("/guest/types/long-header", test_long_header);
    g_test_add_func("/guest/types/header", test_header);
    g_test_add_func("/guest/types/strings", test_strings);
    g_test_add_func("/guest/types/references", test_references);
    g_test_add_func("/guest/types/cut", test_cut);
    g_test_add_func("/guest/types/circles", test_circles);
    g_test_add_func("/guest/types/fan", test_fan);
    g_test_add_func("/guest/types/long-names", test_long_names);
    g_test_add_func("/guest/types/sizes", test_sizes);
    g_test_add_func("/guest/types/bit-fields", test_bit_fields);
    g_test_add_func("/guest/types/spoilt", test_spoilt);
    return g_test_run();
}
