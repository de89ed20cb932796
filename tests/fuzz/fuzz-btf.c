/*
 * BTF: the input is types and strings, with a frame around it that is sound;
 * or, by its first byte, a blob as it is; or an image in which it is found.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <bpf/btf.h>

#include "fuzz.h"
#include "guest/internal.h"

#define STRINGS_MIN     65536u

static void load(const uint8_t *blob, size_t len)
{
    g_autofree uint8_t *copy = g_memdup2(blob, len);
    const char *why = NULL;
    GuestTypes t;
    GuestField f;

    if (!guest_types_load(&t, copy, len, &why)) {
        g_assert_nonnull(why);
        g_assert_null(t.btf);
        return;
    }
    for (unsigned i = 0; i < GUEST_FIELD_COUNT; i++) {
        g_assert_cmpuint(t.field[i].size, <=, 1 << 20);
        g_assert_cmpuint(t.field[i].offset, <=, 1 << 20);
        g_assert_cmpuint(t.field[i].bit_size, <=, 32);
    }
    guest_types_member(t.btf, "task_struct", "a.b|pid", &f);
    guest_types_member(t.btf, "file", "f_path.dentry", &f);
    guest_types_free(&t);
}

/* Types, and behind them the strings, of which the length is given. */
static void load_framed(FuzzInput *in)
{
    struct btf_header h = { .magic = BTF_MAGIC, .version = 1 };
    size_t len, strings;
    uint16_t n;
    g_autofree uint8_t *blob = NULL;

    fuzz_take(in, &n, sizeof(n));
    strings = MIN(n, in->size);
    h.hdr_len = sizeof(h);
    h.type_len = (in->size - strings) & ~3u;
    h.str_off = h.type_len;
    h.str_len = STRINGS_MIN + strings + 2;
    len = sizeof(h) + h.type_len + h.str_len;
    blob = g_malloc0(len);
    memcpy(blob, &h, sizeof(h));
    memcpy(blob + sizeof(h) + h.type_len + 1, in->data, strings);
    memcpy(blob + sizeof(h), in->data + strings, h.type_len);
    memset(blob + sizeof(h) + h.type_len + 1 + strings + 1, 'p',
           STRINGS_MIN - 1);
    load(blob, len);
}

/* Pages of the guest's image are the input. */
static void find(FuzzInput *in)
{
    static FakeGuest *g;
    static uint64_t pages;
    GuestImage image;

    if (!g) {
        g = fg_new((FgOptions) { .no_btf = true });
        pages = fg_pages(g, 2);
        fg_map(g, g->root, FG_IMAGE + 0x300000, pages, 0);
        fg_map(g, g->root, FG_IMAGE + 0x301000, pages + 4096, 0);
    }
    fuzz_take(in, g->ram + pages, 2 * 4096);
    guest_find_image(&g->mem, (FrailSpace) { .cr3 = g->root }, g->lstar,
                     &image);
    g_free(image.btf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput in = { data, size };
    uint8_t way;

    fuzz_take(&in, &way, 1);
    switch (way % 16) {
    case 0:
        load(in.data, in.size);
        break;
    case 1:
        find(&in);
        break;
    default:
        load_framed(&in);
    }
    return 0;
}
