/*
 * Where a CPU says which task it runs.
 *
 * The address of a per-CPU variable is the CPU's base, which is in GS (or,
 * in user mode, in MSR_KERNEL_GS_BASE), plus the variable's offset in its
 * section, plus where that section is linked: 0 up to Linux 6.14, an address
 * in the image since (Linux commit 9d7de2aa8b41, in v6.15).  The last of these
 * is in no BTF.  It is found in two ways that know nothing of each other:
 *
 *  - the entry code loads its stack pointer from a per-CPU slot, and saves the
 *    user's to another; what it adds to GS, less their offsets;
 *  - a per-CPU variable of which the value is known, this_cpu_off, holds the
 *    base itself.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "guest/internal.h"
#include "trap/scan.h"

/* Stacks are 16 KiB, or 32 with KASAN; FRED leaves 16 bytes free. */
static const uint32_t stack_sizes[] = { 16384, 32768 };
static const uint32_t stack_paddings[] = { 0, 16 };

static bool printable_comm(const char *comm)
{
    size_t len = strnlen(comm, GUEST_COMM_LEN);

    if (!len || len == GUEST_COMM_LEN) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if ((uint8_t)comm[i] < ' ' || comm[i] == 0x7f) {
            return false;
        }
    }
    return true;
}

bool guest_is_current(FrailGuestCpu *c, uint64_t task, uint64_t top,
                      uint64_t cr3, bool any_task)
{
    uint64_t stack, mm;
    char comm[GUEST_COMM_LEN];
    const GuestField *f = guest_field(c, F_task_comm);
    bool fits = !top;

    if (!guest_is_kernel(task) || task % 8 ||
        !kread_pointer(c, task, F_task_stack, &stack) ||
        !kread_field(c, task, F_task_mm, &mm) ||
        !kread(c, task + f->offset, comm, sizeof(comm)) ||
        !printable_comm(comm)) {
        return false;
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(stack_sizes); i++) {
        for (unsigned j = 0; j < G_N_ELEMENTS(stack_paddings); j++) {
            fits |= stack + stack_sizes[i] - stack_paddings[j] == top;
        }
    }
    if (!fits) {
        return false;
    }
    /* A kernel thread runs in the space of whoever ran before. */
    return mm ? guest_pgd(c, mm) == cr3 : any_task;
}

static bool read_percpu(FrailGuestCpu *c, uint64_t offset, uint64_t *value)
{
    return kread(c, c->percpu + offset, value, sizeof(*value));
}

GuestEntry guest_read_entry(const uint8_t *code, size_t len, uint64_t lstar)
{
    FrailSites sites;
    GuestEntry e = { 0 };

    if (len && frail_scan_entry(code, len, lstar, &sites)) {
        e.has_stack = sites.has_stack_slot;
        e.stack = sites.stack_slot;
        e.has_scratch = sites.has_scratch_slot;
        e.scratch = sites.scratch_slot;
    }
    return e;
}

static GuestEntry look_at_entry(FrailGuestCpu *c, uint64_t lstar)
{
    uint8_t code[GUEST_ENTRY_LEN];
    size_t len = frail_mem_read(c->mem, c->kernel, lstar, code, sizeof(code));

    return guest_read_entry(code, len, lstar);
}

bool guest_start_by_entry(const GuestTypes *t, const GuestEntry *e,
                          uint64_t *start)
{
    const GuestPercpu *tss = &t->percpu[P_cpu_tss_rw];
    uint64_t by_stack, by_scratch;
    bool stack = false;

    if (!e->has_stack || !e->has_scratch || !tss->known || !t->tss_sp2.size) {
        return false;
    }
    by_scratch = e->scratch - tss->offset - t->tss_sp2.offset;
    if (t->percpu[P_cpu_current_top_of_stack].known) {
        by_stack = e->stack - t->percpu[P_cpu_current_top_of_stack].offset;
        stack = true;
    } else if (t->percpu[P_pcpu_hot].known && t->hot_top.size) {
        by_stack = e->stack - t->percpu[P_pcpu_hot].offset -
                   t->hot_top.offset;
        stack = true;
    } else if (t->tss_sp1.size) {
        /* Up to 5.12 it is sp1 of the TSS */
        by_stack = e->stack - tss->offset - t->tss_sp1.offset;
        stack = true;
    }
    *start = by_scratch;
    return stack && by_stack == by_scratch;
}

/* Does this_cpu_off hold the base if the section starts at @start? */
static bool start_by_self(FrailGuestCpu *c, const GuestTypes *t,
                          uint64_t start)
{
    uint64_t value;

    return t->percpu[P_this_cpu_off].known &&
        read_percpu(c, start + t->percpu[P_this_cpu_off].offset, &value) &&
        value == c->percpu;
}

/* Try each page of the image, and 0. */
static bool search_start(FrailGuestCpu *c, const GuestTypes *t,
                         uint64_t *start)
{
    uint64_t from = c->k->lstar & ~((2ull << 20) - 1);

    *start = 0;
    if (start_by_self(c, t, 0)) {
        return true;
    }
    for (uint64_t at = from - (16ull << 20); at != from + (64ull << 20);
         at += FRAIL_PAGE_SIZE) {
        if (start_by_self(c, t, at)) {
            *start = at;
            return true;
        }
    }
    return false;
}

static bool variable(const GuestTypes *t, uint64_t *offset)
{
    if (t->percpu[P_current_task].known) {
        *offset = t->percpu[P_current_task].offset;
        return true;
    }
    /* Since Linux commit e57ef2ed97c1 (in v6.2), until v6.14 */
    if (t->percpu[P_pcpu_hot].known && t->hot_current.size) {
        *offset = t->percpu[P_pcpu_hot].offset + t->hot_current.offset;
        return true;
    }
    return false;
}

static bool try_half(GuestKernel *k, FrailGuestCpu *c, uint64_t cr3,
                     bool any_task, const char **why)
{
    const GuestTypes *t = &k->types;
    GuestEntry e = look_at_entry(c, k->lstar);
    uint64_t start = 0, offset, top = 0, task;
    bool by_entry = guest_start_by_entry(t, &e, &start);

    if (e.has_stack && !read_percpu(c, e.stack, &top)) {
        *why = "the per-CPU area is not readable";
        return false;
    }
    if (variable(t, &offset)) {
        bool by_self = by_entry ? start_by_self(c, t, start) :
            search_start(c, t, &start);

        if (by_entry && !by_self) {
            *why = "the entry code and the per-CPU area contradict each "
                   "other";
            return false;
        }
        if (!by_self) {
            *why = "the start of the per-CPU variables was not found";
            return false;
        }
        offset += start;
        if (!read_percpu(c, offset, &task) ||
            !guest_is_current(c, task, any_task ? 0 : top, cr3, any_task)) {
            *why = "the CPU's current task is not sound";
            return false;
        }
        k->info.method = "btf";
        k->info.confidence = by_entry ? "high" : "medium";
    } else {
        if (!e.has_stack || !guest_search_current(c, top, cr3, &offset)) {
            *why = "the BTF has no per-CPU variables, and no current task "
                   "was found without them";
            return false;
        }
        k->info.method = "btf-scan";
        k->info.confidence = "medium";
    }
    k->percpu_start = start;
    k->current_offset = offset;
    return true;
}

/*
 * Under KPTI the kernel's own memory is mapped in the lower half only.  As it
 * stands first: without KPTI bit 12 belongs to the address.
 */
static const uint64_t halves[] = { ~0xfffull, ~0x1fffull };

bool guest_find_current(GuestKernel *k, FrailGuestCpu *c, uint64_t cr3,
                        bool la57, bool any_task, const char **why)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(halves); i++) {
        c->kernel = (FrailSpace) { .cr3 = cr3 & halves[i], .la57 = la57 };
        if (try_half(k, c, c->kernel.cr3, any_task, why)) {
            /* A lower half does not say whether there is an upper one. */
            k->kpti = !(cr3 & 0x1000) ? GUEST_KPTI_UNKNOWN :
                i ? GUEST_KPTI_ON : GUEST_KPTI_OFF;
            return true;
        }
        if (!(cr3 & 0x1000)) {
            break;
        }
    }
    return false;
}

/* In which half of @cr3 is the CPU's current task sound? */
static GuestKpti kpti_of(FrailGuestCpu *c, uint64_t cr3, bool la57,
                         bool any_task)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(halves); i++) {
        uint64_t task;

        c->kernel = (FrailSpace) { .cr3 = cr3 & halves[i], .la57 = la57 };
        if (read_percpu(c, c->k->current_offset, &task) &&
            guest_is_current(c, task, 0, c->kernel.cr3, any_task)) {
            return i ? GUEST_KPTI_ON : GUEST_KPTI_OFF;
        }
    }
    return GUEST_KPTI_UNKNOWN;
}

FrailSpace guest_kernel_space(FrailGuestCpu *c, uint64_t cr3, bool la57,
                              bool any_task)
{
    GuestKernel *k = (GuestKernel *)c->k;
    GuestKpti kpti = __atomic_load_n(&k->kpti, __ATOMIC_RELAXED);

    if (kpti == GUEST_KPTI_UNKNOWN && (cr3 & 0x1000)) {
        kpti = kpti_of(c, cr3, la57, any_task);
        if (kpti != GUEST_KPTI_UNKNOWN) {
            __atomic_store_n(&k->kpti, kpti, __ATOMIC_RELAXED);
        }
    }
    return (FrailSpace) {
        .cr3 = cr3 & halves[kpti == GUEST_KPTI_ON], .la57 = la57,
    };
}
