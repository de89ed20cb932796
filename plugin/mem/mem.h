/*
 * Guest memory: from a virtual address to the bytes behind it.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_MEM_H
#define FRAIL_MEM_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

#include "frail-host.h"

#define FRAIL_PAGE_SIZE     4096u
#define FRAIL_PAGE_MASK     (~(uint64_t)(FRAIL_PAGE_SIZE - 1))
#define FRAIL_MEM_SLOTS     64

/*
 * One vCPU's way to guest memory.  What is cached is where a page of guest
 * RAM lies in the host, never what the guest's page tables say: those belong
 * to the guest, which may change them at any time.
 */
typedef struct FrailMem {
    const FrailHostOps *ops;
    void *vm;
    const uint32_t *generation;     /* of the memory map; atomic */
    uint32_t seen;
    struct {
        uint64_t gpa;
        uint8_t *host;
        bool writable;
    } slot[FRAIL_MEM_SLOTS];
} FrailMem;

/*
 * Which address space: CR3, whether CR4.LA57 is set, and whether only pages
 * that user mode may read are there.
 */
typedef struct FrailSpace {
    uint64_t cr3;
    bool la57;
    bool user;
} FrailSpace;

void frail_mem_init(FrailMem *mem, const FrailHostOps *ops, void *vm,
                    const uint32_t *generation);

/*
 * To be called on each entry into the engine.  True when the memory map has
 * changed since, and every host pointer kept elsewhere must be forgotten.
 */
bool frail_mem_refresh(FrailMem *mem);

/* Host pointer to the page at guest-physical @gpa, or NULL. */
uint8_t *frail_mem_page(FrailMem *mem, uint64_t gpa);

/*
 * Walk the page tables (SDM vol. 3, 4.5; 4 and 5 levels, 2 MiB and 1 GiB
 * pages).  Of the permissions only the one for user mode is looked at, and
 * only if @space says so.  False when @va is not mapped.
 */
bool frail_mem_walk(FrailMem *mem, FrailSpace space, uint64_t va,
                    uint64_t *gpa);

/* Host pointer to the byte at @va, valid to the end of its page, or NULL. */
uint8_t *frail_mem_pointer(FrailMem *mem, FrailSpace space, uint64_t va);

/* How many of @len bytes at @va could be read: @len when all. */
size_t frail_mem_read(FrailMem *mem, FrailSpace space, uint64_t va,
                      void *buf, size_t len);

/* All of @len bytes or, false, not one of them. */
bool frail_mem_write(FrailMem *mem, FrailSpace space, uint64_t va,
                     const void *buf, size_t len);

/* Is @va canonical with 48 or 57 bits? */
static inline bool frail_canonical(uint64_t va, bool la57)
{
    unsigned shift = la57 ? 64 - 57 : 64 - 48;

    return (uint64_t)((int64_t)(va << shift) >> shift) == va;
}

#endif /* FRAIL_MEM_H */
