/*
 * What the fuzzers share: input, and a guest that is changed by it.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

#define CHANGES_MAX 256

static struct {
    uint64_t *at, was;
} undo[CHANGES_MAX];
static unsigned changes;

void fuzz_take(FuzzInput *in, void *buf, size_t len)
{
    size_t n = MIN(len, in->size);

    memset(buf, 0, len);
    memcpy(buf, in->data, n);
    in->data += n;
    in->size -= n;
}

uint64_t fuzz_take64(FuzzInput *in)
{
    uint64_t value;

    fuzz_take(in, &value, sizeof(value));
    return value;
}

/* --- A real guest's RAM -------------------------------------------------- */

static GHashTable *touched;
static size_t ram_size;

static void *map_real(void *opaque, uint64_t gpa, bool write G_GNUC_UNUSED)
{
    FakeGuest *g = opaque;

    g->n_map++;
    if (gpa >= ram_size) {
        return NULL;
    }
    if (touched) {
        g_hash_table_add(touched, g->ram + gpa);
    }
    return g->ram + gpa;
}

static const FrailHostOps real_ops = {
    .sz = sizeof(real_ops), .map_page = map_real,
};

static uint64_t reg(const char *name)
{
    const char *regs = getenv("FRAIL_FUZZ_REGS");
    const char *at = regs ? strstr(regs, name) : NULL;

    /* "gs=" is also the end of "kgs=". */
    while (at && at != regs && at[-1] != ' ') {
        at = strstr(at + 1, name);
    }
    return at ? strtoull(at + strlen(name), NULL, 0) : 0;
}

static FakeGuest *real_guest(const char *path)
{
    FakeGuest *g = g_new0(FakeGuest, 1);
    int fd = open(path, O_RDONLY);
    GHashTableIter i;
    struct stat st;
    gpointer page;

    if (fd < 0 || fstat(fd, &st)) {
        g_error("FRAIL_FUZZ_RAM=%s: cannot be read", path);
    }
    ram_size = st.st_size & ~4095ll;
    g->ram = mmap(NULL, ram_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    g_assert_true(g->ram != MAP_FAILED);
    g->pointers = g_ptr_array_new();
    g->state = (GuestCpuState) {
        .cr3 = reg("cr3="), .lstar = reg("lstar="), .percpu = reg("kgs="),
        .la57 = reg("cr4=") & 0x1000,
    };
    frail_mem_init(&g->mem, &real_ops, g, &g->generation);
    g->guest = guest_new();
    g->cpu = guest_cpu_new(g->guest, &g->mem);
    if (!fg_ask(g)) {
        g->state.percpu = reg("gs=");
    }
    /* What can be changed: whatever looks like a pointer and is read. */
    touched = g_hash_table_new(NULL, NULL);
    g->generation++;
    g_assert_nonnull(fg_ask_all(g));
    g_hash_table_iter_init(&i, touched);
    while (g_hash_table_iter_next(&i, &page, NULL)) {
        for (unsigned w = 0; w < 512; w++) {
            if (((uint64_t *)page)[w] >> 47 == 0x1ffff) {
                g_ptr_array_add(g->pointers, (uint64_t *)page + w);
            }
        }
    }
    g_hash_table_unref(touched);
    touched = NULL;
    return g;
}

/* --- Changes ------------------------------------------------------------- */

FakeGuest *fuzz_guest(void)
{
    static FakeGuest *g;
    const char *ram = getenv("FRAIL_FUZZ_RAM");

    if (!g) {
        g = ram ? real_guest(ram) :
            fg_new((FgOptions) { .layout = FG_PCPU_HOT });
        if (!ram) {
            fg_furnish(g);
        }
        g_assert_nonnull(fg_ask_all(g));
    }
    return g;
}

static uint64_t *place(FakeGuest *g, const FuzzChange *c)
{
    uint64_t gpa;

    switch (g->init ? c->where % FUZZ_PLACES : FUZZ_POINTER) {
    case FUZZ_OBJECTS:
        return (uint64_t *)(g->ram + g->top) +
            c->index % ((FG_RAM - g->top) / 8);
    case FUZZ_DATA:
        return frail_mem_walk(&g->mem, (FrailSpace) { .cr3 = g->root },
                              g->data, &gpa) ?
            (uint64_t *)(g->ram + gpa) + c->index % (FG_DATA_PAGES * 512) :
            NULL;
    case FUZZ_USER:
        return frail_mem_walk(&g->mem, (FrailSpace) { .cr3 = g->root },
                              FG_USER, &gpa) ?
            (uint64_t *)(g->ram + gpa) + c->index % 1024 : NULL;
    default:
        return g->pointers->pdata[c->index % g->pointers->len];
    }
}

static uint64_t value_of(FakeGuest *g, const FuzzChange *c, uint64_t was)
{
    uint64_t other =
        *(uint64_t *)g->pointers->pdata[c->value % g->pointers->len];

    switch (c->how % 6) {
    case 1:
        return was + (int16_t)c->value;
    case 2:
        return other;               /* what another pointer points to */
    case 3:
        return other + (int16_t)(c->value >> 32);
    case 4:
        return -(c->value & 0xffff);        /* the end of memory */
    case 5:
        return was ^ c->value;
    default:
        return c->value;
    }
}

void fuzz_change(FakeGuest *g, FuzzInput *in, unsigned max)
{
    /* The host's pointers of before are gone; so is what was kept. */
    g->generation++;
    max = MIN(max, CHANGES_MAX);
    for (changes = 0; in->size && changes < max; changes++) {
        FuzzChange c;
        uint64_t *at;

        fuzz_take(in, &c.where, 1);
        fuzz_take(in, &c.how, 1);
        fuzz_take(in, &c.index, 2);
        c.value = fuzz_take64(in);
        at = place(g, &c);
        if (!at) {
            break;
        }
        undo[changes].at = at;
        undo[changes].was = *at;
        *at = value_of(g, &c, *at);
    }
}

void fuzz_undo(FakeGuest *g)
{
    while (changes) {
        changes--;
        *undo[changes].at = undo[changes].was;
    }
    g->generation++;
}
