/*
 * What the engine reads of, and writes to, the guest's memory.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include <glib.h>

#include "trap/engine.h"

/*
 * Linux's cpu_entry_area (Documentation/arch/x86/x86_64/mm.rst, 4.15 to 7.x):
 * each CPU's entry stack and TSS are mapped here once and never moved, in
 * both halves of a KPTI address space.  Only here may a host pointer outlive
 * one exit without a walk.
 */
#define ENTRY_AREA_FIRST    0xfffffe0000000000ull
#define ENTRY_AREA_LAST     0xfffffe7fffffffffull

#define TSS_RSP0            4           /* SDM vol. 3, 7.7 */

void vcpu_refresh(FrailVCPU *v)
{
    if (frail_mem_refresh(&v->mem)) {
        v->stack_slot = NULL;
        v->slot_tried = false;
        memset(v->fixed, 0, sizeof(v->fixed));
    }
}

/* @which of two slots: the stack and the TSS lie in different pages. */
static uint8_t *entry_area(FrailVCPU *v, unsigned which, FrailSpace space,
                           uint64_t va, size_t len)
{
    uint64_t page = va & FRAIL_PAGE_MASK;
    uint64_t offset = va - page;

    if (va < ENTRY_AREA_FIRST || va > ENTRY_AREA_LAST ||
        offset + len > FRAIL_PAGE_SIZE) {
        return NULL;
    }
    if (v->fixed[which].page != page || !v->fixed[which].host) {
        v->fixed[which].host = frail_mem_pointer(&v->mem, space, page);
        v->fixed[which].page = page;
    }
    return v->fixed[which].host ? v->fixed[which].host + offset : NULL;
}

bool vcpu_read_frame(FrailVCPU *v, FrailSpace space, uint64_t rsp,
                     IretFrame *frame)
{
    const uint8_t *host = entry_area(v, 0, space, rsp, sizeof(*frame));

    if (host) {
        memcpy(frame, host, sizeof(*frame));
        return true;
    }
    return frail_mem_read(&v->mem, space, rsp, frame, sizeof(*frame)) ==
        sizeof(*frame);
}

/*
 * The frame is read by the CPU's own microcode before any other vCPU could
 * see it, and its page is in use at every entry: dirty logging must still be
 * told, so this goes the way of all writes.
 */
bool vcpu_write_frame(FrailVCPU *v, FrailSpace space, uint64_t rsp,
                      const IretFrame *frame)
{
    return frail_mem_write(&v->mem, space, rsp, frame, sizeof(*frame));
}

bool vcpu_frame_below_rsp0(FrailVCPU *v, const FrailSregs *sregs,
                           uint64_t *rsp)
{
    FrailSpace space = space_of(sregs);
    uint64_t va = sregs->tr_base + TSS_RSP0;
    const uint8_t *host = entry_area(v, 1, space, va, sizeof(uint64_t));
    uint64_t rsp0;

    if (host) {
        memcpy(&rsp0, host, sizeof(rsp0));
    } else if (frail_mem_read(&v->mem, space, va, &rsp0, sizeof(rsp0)) !=
               sizeof(rsp0)) {
        return false;
    }
    /* SDM vol. 3, 6.14.2: the CPU aligns RSP to 16 before it pushes. */
    *rsp = (rsp0 & ~15ull) - sizeof(IretFrame);
    return true;
}

bool vcpu_scan(FrailVCPU *v, FrailSpace space)
{
    g_autofree uint8_t *code = g_malloc(FRAIL_SCAN_SIZE);
    size_t len = frail_mem_read(&v->mem, space, v->lstar, code,
                                FRAIL_SCAN_SIZE);

    return len && frail_scan_entry(code, len, v->lstar, &v->sites);
}

/*
 * task_top_of_stack(): the end of a page-aligned stack, 16 bytes below it
 * in kernels built with FRED (TOP_OF_KERNEL_STACK_PADDING, 6.9).
 */
static bool plausible_stack_top(uint64_t top)
{
    return (top >> 63) && !(top & 15) &&
        ((top + 16) & ~FRAIL_PAGE_MASK) <= 16;
}

uint64_t vcpu_task(FrailVCPU *v, const FrailSregs *sregs)
{
    uint64_t top;

    if (!v->stack_slot && !v->slot_tried && v->sites.has_stack_slot) {
        /*
         * Under KPTI the per-CPU area is mapped in the kernel's half only;
         * the user's lies 4 KiB above it, and the low bits are the PCID.
         * As it stands first: without KPTI bit 12 belongs to the address.
         */
        static const uint64_t halves[] = { ~0xfffull, ~0x1fffull };
        uint64_t va = v->percpu + v->sites.stack_slot;

        v->slot_tried = true;
        for (unsigned i = 0; i < G_N_ELEMENTS(halves) && !(va & 7); i++) {
            FrailSpace space = space_of(sregs);
            const uint64_t *host;

            space.cr3 &= halves[i];
            host = (const void *)frail_mem_pointer(&v->mem, space, va);
            if (host && plausible_stack_top(*host)) {
                v->stack_slot = host;
                break;
            }
        }
    }
    if (!v->stack_slot) {
        return 0;
    }
    top = __atomic_load_n(v->stack_slot, __ATOMIC_RELAXED);
    return plausible_stack_top(top) ? top : 0;
}
