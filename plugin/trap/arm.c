/*
 * Arming and disarming.
 *
 * Nothing needs trapping before the first system call.  A breakpoint on
 * LSTAR waits for it; the engine then reads what it needs from the guest,
 * takes EFER.SCE away (in sce mode) and sets the breakpoints that stay.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <string.h>

#include <glib.h>

#include "trap/engine.h"
#include "trap/events.h"

#define VECTOR_UD           6
#define GATE_SIZE           16
#define GATE_INTERRUPT64    0x0e
#define GATE_PRESENT        0x80

static int set_breaks(FrailVCPU *v)
{
    unsigned mask = 0;

    for (unsigned i = 0; i < BREAKS; i++) {
        mask |= v->use[i] != BREAK_NONE ? 1u << i : 0;
    }
    return v->vm->ops.set_breakpoints(v->host, v->bp, mask);
}

static void no_breaks(FrailVCPU *v)
{
    memset(v->use, 0, sizeof(v->use));
    memset(v->bp, 0, sizeof(v->bp));
}

static bool add_break(FrailVCPU *v, BreakUse use, uint64_t va)
{
    for (unsigned i = 0; i < BREAKS; i++) {
        if (v->use[i] == BREAK_NONE) {
            v->use[i] = use;
            v->bp[i] = va;
            return true;
        }
    }
    return false;
}

void vcpu_report(FrailVCPU *v, FrailDisarmReason why)
{
    bool armed = v->state == VCPU_ARMED;
    FrailEvent *e;

    __atomic_store_n(&v->stats.armed, armed, __ATOMIC_RELAXED);
    if (!armed) {
        v->stats.reason = why;
    }
    if (v->vm->ops.state_changed) {
        v->vm->ops.state_changed(v->host, armed, why);
    }
    e = event_begin(v->vm, armed ? FRAIL_EVENT_ARMED : FRAIL_EVENT_DISARMED,
                    v->index);
    if (e) {
        e->reason = why;
        event_end(v->vm, e);
    }
}

void vcpu_wait(FrailVCPU *v)
{
    no_breaks(v);
    v->state = VCPU_IDLE;
    if (v->lstar && v->vm->opts.trap != FRAIL_TRAP_EMULATOR) {
        v->state = VCPU_WAITING;
        add_break(v, BREAK_LSTAR, v->lstar);
    }
    if (v->vm->opts.trap != FRAIL_TRAP_EMULATOR && set_breaks(v) < 0) {
        v->state = VCPU_UNFIT;
        vcpu_report(v, FRAIL_DISARM_HOST);
    }
}

static bool give_sce_back(FrailVCPU *v)
{
    const FrailHostOps *ops = &v->vm->ops;
    uint64_t hw;

    if (v->vm->opts.trap != FRAIL_TRAP_SCE) {
        return true;
    }
    if (ops->get_msr(v->host, FRAIL_MSR_EFER, &hw)) {
        return false;
    }
    hw = (hw & ~EFER_SCE) | (v->guest_sce ? EFER_SCE : 0);
    return !ops->set_msr(v->host, FRAIL_MSR_EFER, hw);
}

void vcpu_disarm(FrailVCPU *v, FrailDisarmReason why)
{
    bool was_armed = v->state == VCPU_ARMED;

    if (was_armed && !give_sce_back(v)) {
        /* Without the breakpoints the next SYSRET would end the guest. */
        v->stats.reason = FRAIL_DISARM_HOST;
        vcpu_report(v, FRAIL_DISARM_HOST);
        return;
    }
    no_breaks(v);
    v->state = VCPU_UNFIT;
    if (was_armed) {
        stat_inc(&v->stats.disarmings);
    }
    if (v->vm->opts.trap != FRAIL_TRAP_EMULATOR) {
        set_breaks(v);
    }
    vcpu_report(v, why);
}

static bool read_ud_gate(FrailVCPU *v, const FrailSregs *s)
{
    uint8_t gate[GATE_SIZE];
    uint16_t selector, low, middle;
    uint32_t high;

    if (s->idt_limit < (VECTOR_UD + 1) * GATE_SIZE - 1 ||
        frail_mem_read(&v->mem, space_of(s),
                       s->idt_base + VECTOR_UD * GATE_SIZE, gate,
                       sizeof(gate)) != sizeof(gate)) {
        return false;
    }
    memcpy(&low, gate, 2);
    memcpy(&selector, gate + 2, 2);
    memcpy(&middle, gate + 6, 2);
    memcpy(&high, gate + 8, 4);
    /*
     * Emulating SYSCALL from the handler's first instruction changes general
     * registers only when the gate leaves everything else as SYSCALL would:
     * interrupts off, the kernel's CS, and the frame on the stack of RSP0.
     */
    if ((gate[5] & GATE_PRESENT) == 0 || (gate[5] & 0x1f) != GATE_INTERRUPT64 ||
        (gate[4] & 7) != 0 ||
        (selector & ~3) != ((v->star >> 32) & 0xfffc)) {
        return false;
    }
    v->ud_handler = low | (uint64_t)middle << 16 | (uint64_t)high << 32;
    return frail_canonical(v->ud_handler, s->cr4 & CR4_LA57);
}

/* A second chance to see a #UD whose first breakpoint was suppressed by RF. */
static void add_late_ud(FrailVCPU *v, FrailSpace space)
{
    uint8_t code[16];
    size_t n = frail_mem_read(&v->mem, space, v->ud_handler, code,
                              sizeof(code));
    size_t first = frail_scan_first(code, n, v->ud_handler);

    if (first) {
        add_break(v, BREAK_UD_LATE, v->ud_handler + first);
    }
}

static FrailDisarmReason prepare(FrailVCPU *v, const FrailSregs *s)
{
    bool sce = v->vm->opts.trap == FRAIL_TRAP_SCE;
    bool returns = frail_vm_wants_returns(v->vm);
    uint64_t rsp;

    if (!vcpu_scan(v, space_of(s))) {
        return FRAIL_DISARM_NO_SYSRET;
    }
    frail_scan_drop_stubs(&v->sites, v->cstar);
    /* Every SYSRET must be seen as long as SCE is 0: it would be fatal. */
    if (sce && (!v->sites.n_sysret || v->sites.n_sysret > BREAKS - 1)) {
        return FRAIL_DISARM_NO_SYSRET;
    }
    if (!v->sites.iretq) {
        return FRAIL_DISARM_NO_IRET;
    }
    if (!vcpu_frame_below_rsp0(v, s, &rsp)) {
        return FRAIL_DISARM_TSS;
    }
    no_breaks(v);
    if (sce) {
        if (!read_ud_gate(v, s)) {
            return FRAIL_DISARM_UD_GATE;
        }
        add_break(v, BREAK_UD, v->ud_handler);
    } else {
        add_break(v, BREAK_LSTAR, v->lstar);
    }
    if (sce || returns) {
        unsigned n = MIN(v->sites.n_sysret, FRAIL_SCAN_SITES);

        for (unsigned i = 0; i < n; i++) {
            add_break(v, v->sites.sysret[i].wide ? BREAK_SYSRETQ :
                      BREAK_SYSRETL, v->sites.sysret[i].va);
        }
    }
    if (returns && !add_break(v, BREAK_IRETQ, v->sites.iretq)) {
        /* Returns that leave by it would be lost without a word. */
        return FRAIL_DISARM_NO_REGISTER;
    }
    if (sce) {
        add_late_ud(v, space_of(s));    /* if a register is left */
    }
    return FRAIL_DISARM_NONE;
}

bool vcpu_arm(FrailVCPU *v, const FrailSregs *sregs)
{
    const FrailHostOps *ops = &v->vm->ops;
    FrailDisarmReason why;
    uint64_t hw;

    /* A kernel started anew has its CPU's areas elsewhere in memory. */
    memset(v->fixed, 0, sizeof(v->fixed));
    v->slot_tried = false;
    v->stack_slot = NULL;
    v->late_is_genuine = false;
    if (ops->get_msr(v->host, FRAIL_MSR_STAR, &v->star) ||
        ops->get_msr(v->host, FRAIL_MSR_CSTAR, &v->cstar) ||
        ops->get_msr(v->host, FRAIL_MSR_SFMASK, &v->sfmask) ||
        ops->get_msr(v->host, FRAIL_MSR_KERNEL_GS_BASE, &v->percpu) ||
        ops->get_msr(v->host, FRAIL_MSR_EFER, &hw)) {
        why = FRAIL_DISARM_HOST;
    } else {
        why = prepare(v, sregs);
    }
    if (why == FRAIL_DISARM_NONE) {
        if (v->vm->opts.trap == FRAIL_TRAP_SCE) {
            v->guest_sce = hw & EFER_SCE;
        }
        if (set_breaks(v) < 0 ||
            (v->vm->opts.trap == FRAIL_TRAP_SCE &&
             ops->set_msr(v->host, FRAIL_MSR_EFER, hw & ~EFER_SCE))) {
            why = FRAIL_DISARM_HOST;
        }
    }
    if (why != FRAIL_DISARM_NONE) {
        vcpu_disarm(v, why);
        return false;
    }
    v->state = VCPU_ARMED;
    stat_inc(&v->stats.armings);
    vcpu_report(v, FRAIL_DISARM_NONE);
    return true;
}
