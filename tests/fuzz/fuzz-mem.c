/*
 * The page walk and the copies, over page tables that are the input.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fuzz.h"

#define PAGES   8

static uint8_t ram[PAGES * 4096] __attribute__((aligned(4096)));
static unsigned maps;

static void *map_page(void *vm G_GNUC_UNUSED, uint64_t gpa,
                      bool write G_GNUC_UNUSED)
{
    g_assert_cmpuint(gpa % 4096, ==, 0);
    maps++;
    return gpa < sizeof(ram) ? ram + gpa : NULL;
}

static void page_written(void *vm G_GNUC_UNUSED, uint64_t gpa, size_t len)
{
    g_assert_cmpuint(gpa + len, <=, sizeof(ram));
    g_assert_cmpuint(gpa % 4096 + len, <=, 4096);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const FrailHostOps ops = {
        .sz = sizeof(ops), .map_page = map_page,
        .page_written = page_written,
    };
    static const uint32_t generation;
    FuzzInput in = { data, size };
    uint64_t va = fuzz_take64(&in), gpa, flags, len;
    FrailSpace space = { .cr3 = fuzz_take64(&in) };
    uint8_t buf[3 * 4096];
    size_t got;
    FrailMem mem;

    flags = fuzz_take64(&in);
    space.la57 = flags & 1;
    space.user = flags & 2;
    len = (flags >> 16) % (sizeof(buf) + 1);
    memset(ram, 0, sizeof(ram));
    while (in.size) {
        uint16_t index;
        uint64_t value;

        fuzz_take(&in, &index, sizeof(index));
        value = fuzz_take64(&in);
        memcpy(ram + index % (sizeof(ram) / 8) * 8, &value, 8);
    }
    frail_mem_init(&mem, &ops, NULL, &generation);
    maps = 0;
    if (frail_mem_walk(&mem, space, va, &gpa)) {
        g_assert_true(frail_canonical(va, space.la57));
        g_assert_cmphex(gpa & 4095, ==, va & 4095);
        g_assert_cmphex(gpa >> 52, ==, 0);
    }
    g_assert_cmpuint(maps, <=, 5);
    got = frail_mem_read(&mem, space, va, buf, len);
    g_assert_cmpuint(got, <=, len);
    /* A second reading finds the same. */
    g_assert_cmpuint(frail_mem_read(&mem, space, va, buf, len), ==, got);
    frail_mem_write(&mem, space, va, buf, len % 64);
    return 0;
}
