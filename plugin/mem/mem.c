/*
 * Guest memory: page walk and copies.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "mem/mem.h"

#define PTE_PRESENT     (1ull << 0)
#define PTE_USER        (1ull << 2)
#define PTE_LARGE       (1ull << 7)
#define PTE_ADDR        0x000ffffffffff000ull
#define NO_PAGE         (~0ull)

static void forget(FrailMem *mem)
{
    for (unsigned i = 0; i < FRAIL_MEM_SLOTS; i++) {
        mem->slot[i].gpa = NO_PAGE;
    }
}

void frail_mem_init(FrailMem *mem, const FrailHostOps *ops, void *vm,
                    const uint32_t *generation)
{
    mem->ops = ops;
    mem->vm = vm;
    mem->generation = generation;
    mem->seen = __atomic_load_n(generation, __ATOMIC_ACQUIRE);
    forget(mem);
}

bool frail_mem_refresh(FrailMem *mem)
{
    uint32_t now = __atomic_load_n(mem->generation, __ATOMIC_ACQUIRE);

    if (now == mem->seen) {
        return false;
    }
    mem->seen = now;
    forget(mem);
    return true;
}

static uint8_t *page_at(FrailMem *mem, uint64_t gpa, bool write)
{
    unsigned i = (gpa / FRAIL_PAGE_SIZE) % FRAIL_MEM_SLOTS;
    uint8_t *host;

    gpa &= FRAIL_PAGE_MASK;
    if (mem->slot[i].gpa == gpa && (!write || mem->slot[i].writable)) {
        return mem->slot[i].host;
    }
    host = mem->ops->map_page(mem->vm, gpa, write);
    if (host) {
        mem->slot[i].gpa = gpa;
        mem->slot[i].host = host;
        mem->slot[i].writable = write;
    }
    return host;
}

uint8_t *frail_mem_page(FrailMem *mem, uint64_t gpa)
{
    return page_at(mem, gpa, false);
}

bool frail_mem_walk(FrailMem *mem, FrailSpace space, uint64_t va,
                    uint64_t *gpa)
{
    uint64_t need = PTE_PRESENT | (space.user ? PTE_USER : 0);
    uint64_t table = space.cr3 & PTE_ADDR;

    if (!frail_canonical(va, space.la57)) {
        return false;
    }
    for (int level = space.la57 ? 4 : 3; level >= 0; level--) {
        unsigned shift = 12 + 9 * level;
        unsigned index = (va >> shift) & 511;
        uint8_t *host = frail_mem_page(mem, table);
        uint64_t entry;

        if (!host) {
            return false;
        }
        /* Other vCPUs may be writing: one load, no tearing. */
        entry = __atomic_load_n((uint64_t *)host + index, __ATOMIC_RELAXED);
        if ((entry & need) != need) {
            return false;
        }
        table = entry & PTE_ADDR;
        if ((level == 1 || level == 2) && (entry & PTE_LARGE)) {
            uint64_t mask = (1ull << shift) - 1;

            *gpa = (table & ~mask) | (va & mask);
            return true;
        }
    }
    *gpa = table | (va & ~FRAIL_PAGE_MASK);
    return true;
}

uint8_t *frail_mem_pointer(FrailMem *mem, FrailSpace space, uint64_t va)
{
    uint64_t gpa;
    uint8_t *host;

    if (!frail_mem_walk(mem, space, va, &gpa)) {
        return NULL;
    }
    host = frail_mem_page(mem, gpa);
    return host ? host + (va & ~FRAIL_PAGE_MASK) : NULL;
}

static size_t to_page_end(uint64_t va, size_t len)
{
    size_t room = FRAIL_PAGE_SIZE - (va & ~FRAIL_PAGE_MASK);

    return len < room ? len : room;
}

size_t frail_mem_read(FrailMem *mem, FrailSpace space, uint64_t va,
                      void *buf, size_t len)
{
    size_t done = 0;

    while (done < len) {
        size_t n = to_page_end(va + done, len - done);
        const uint8_t *host;

        if (va + done < va) {
            break;              /* not round to the user's address 0 */
        }
        host = frail_mem_pointer(mem, space, va + done);
        if (!host) {
            break;
        }
        memcpy((uint8_t *)buf + done, host, n);
        done += n;
    }
    return done;
}

bool frail_mem_write(FrailMem *mem, FrailSpace space, uint64_t va,
                     const void *buf, size_t len)
{
    size_t first = to_page_end(va, len);
    uint64_t gpa[2];
    uint8_t *host[2];

    if (len - first > FRAIL_PAGE_SIZE || (first < len && !(va + first))) {
        return false;
    }
    for (int i = 0; i < (first < len ? 2 : 1); i++) {
        if (!frail_mem_walk(mem, space, va + (i ? first : 0), &gpa[i])) {
            return false;
        }
        host[i] = page_at(mem, gpa[i], true);
        if (!host[i]) {
            return false;
        }
        host[i] += gpa[i] & ~FRAIL_PAGE_MASK;
    }
    memcpy(host[0], buf, first);
    mem->ops->page_written(mem->vm, gpa[0], first);
    if (first < len) {
        memcpy(host[1], (const uint8_t *)buf + first, len - first);
        mem->ops->page_written(mem->vm, gpa[1], len - first);
    }
    return true;
}
