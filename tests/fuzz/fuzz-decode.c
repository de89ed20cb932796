/*
 * Every decoder of arguments: numbers and arguments are the input, and so is
 * the caller's memory that they point to.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fuzz.h"
#include "decode/pool.h"
#include "trap/call.h"

#define BOUND   1000000

/* Into the caller's two pages, mostly; near their ends as well. */
static uint64_t argument(uint64_t raw)
{
    switch (raw >> 61) {
    case 0:
        return raw & 0xffff;
    case 1:
        return raw;
    case 2:
        return (int64_t)(int16_t)raw;
    case 3:
        return FG_USER + 0x2000 - (raw & 0x3f);
    default:
        return FG_USER + (raw & 0x1ff8);
    }
}

static void look(const FrailDecoded *d)
{
    unsigned n = frail_decoded_arg_count(d);
    size_t sum = 0;

    g_assert_cmpuint(n, <=, 6);
    for (unsigned i = 0; i < n; i++) {
        const char *text = frail_decoded_arg_text(d, i);
        const char *name = frail_decoded_arg_name(d, i);

        sum += text ? strlen(text) : 0;
        sum += name ? strlen(name) : 0;
        frail_decoded_arg_flags(d, i);
    }
    g_assert_cmpuint(sum, <, 1 << 20);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FakeGuest *g = fuzz_guest();
    FuzzInput in = { data, size };
    FrailDecodeOptions opts = { .sz = sizeof(opts), .string_limit = 32 };
    static DecodePool *pool;
    FrailCall call = { 0 };
    FrailDecoded *d;
    uint64_t gpa;
    uint16_t nr;
    uint8_t flags;

    fuzz_take(&in, &flags, 1);
    fuzz_take(&in, &nr, sizeof(nr));
    for (unsigned i = 0; i < G_N_ELEMENTS(call.args); i++) {
        call.args[i] = argument(fuzz_take64(&in));
    }
    call.result = (int64_t)argument(fuzz_take64(&in));
    if (!pool) {
        pool = pool_new();
    }
    call.pool = pool;
    call.mem = &g->mem;
    call.guest = flags & 8 ? NULL : g->cpu;
    call.abi = flags % 3;
    call.nr = nr % 1024 | (call.abi == CALL_ABI_X32 ? 0x40000000 : 0);
    call.space = (FrailSpace) { .cr3 = g->state.cr3, .user = true };
    opts.verbose = flags & 16;
    opts.io_uring = !(flags & 4);
    opts.fd_style = flags >> 5 & 3;
    if (opts.fd_style > FRAIL_FD_DETAILS) {
        opts.fd_style = FRAIL_FD_NUMBER;
        opts.string_limit = 4096;
    }
    fg_ask(g);
    g->n_map = 0;
    /* All of it, so that no input depends on the one before. */
    if (frail_mem_walk(&g->mem, call.space, FG_USER, &gpa)) {
        fuzz_take(&in, g->ram + gpa, 0x2000);
    }
    d = frail_call_decode(&call, &opts);
    g_assert_nonnull(d);
    frail_decoded_name(d);
    look(d);
    call.has_result = true;
    frail_decoded_finish(d, &call);
    look(d);
    g_assert_nonnull(frail_decoded_result(d));
    frail_decoded_free(d);
    g_assert_cmpuint(g->n_map, <, BOUND);
    return 0;
}
