/*
 * A fuzzer without libFuzzer, as a unit test: the inputs in a directory, and
 * changes to each of them, always the same ones.
 *
 *     test-fuzz-NAME [--tap] [DIRECTORY [CHANGES]]
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

#define INPUT_MAX   65536u

static void run(const uint8_t *data, size_t len)
{
    /* In a block of its own size: a read behind it is seen. */
    g_autofree uint8_t *copy = g_memdup2(data, len);
    static const uint8_t nothing;

    LLVMFuzzerTestOneInput(copy ? copy : &nothing, len);
}

/* Some bytes, at random; a piece that moves, is doubled, or cut away. */
static size_t change(GRand *r, uint8_t *buf, size_t len)
{
    static const uint64_t odd[] = { 0, 1, ~0ull, 0x7fffffff, 0x80000000,
                                    0x8000000000000000, 4095, 4096, 65535 };
    unsigned n = 1 + g_rand_int(r) % 6;

    for (unsigned i = 0; i < n && len > 8; i++) {
        size_t at = g_rand_int(r) % (len - 8), size = 1 << g_rand_int(r) % 4;

        switch (g_rand_int(r) % 4) {
        case 0:
            buf[at] ^= 1 << g_rand_int(r) % 8;
            break;
        case 1:
            memcpy(buf + at, &odd[g_rand_int(r) % G_N_ELEMENTS(odd)], size);
            break;
        case 2:
            buf[at] = g_rand_int(r);
            break;
        default:
            memmove(buf + at, buf + g_rand_int(r) % (len - 8), size);
            break;
        }
    }
    return g_rand_int(r) % 16 ? len : g_rand_int(r) % (len + 1);
}

/* All of one directory; returns how many. */
static unsigned replay(const char *directory, unsigned n)
{
    GDir *dir = g_dir_open(directory, 0, NULL);
    g_autofree uint8_t *buf = g_malloc(INPUT_MAX);
    unsigned inputs = 0;
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(directory, name, NULL);
        g_autofree char *bytes = NULL;
        GRand *r;
        gsize len;

        if (!g_file_get_contents(path, &bytes, &len, NULL)) {
            continue;
        }
        len = MIN(len, INPUT_MAX);
        run((uint8_t *)bytes, len);
        r = g_rand_new_with_seed(g_str_hash(name));
        for (unsigned i = 0; i < n; i++) {
            memcpy(buf, bytes, len);
            run(buf, change(r, buf, len));
        }
        g_rand_free(r);
        inputs++;
    }
    if (dir) {
        g_dir_close(dir);
    }
    return inputs;
}

int main(int argc, char **argv)
{
    int at = argc > 1 && !strcmp(argv[1], "--tap") ? 2 : 1;
    const char *directory = argc > at ? argv[at] : FUZZ_SEEDS;
    unsigned n = argc > at + 1 ? atoi(argv[at + 1]) : FUZZ_CHANGES;
    unsigned inputs;

    run(NULL, 0);
    inputs = replay(directory, n);
    printf("1..1\n%sok 1 /fuzz/%s\n# %u inputs, %u changes of each\n",
           inputs ? "" : "not ", FUZZ_NAME, inputs, n);
    return !inputs;
}
