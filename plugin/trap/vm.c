/*
 * The engine's objects, their counters, and a monitor that traps by itself.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <string.h>

#include <glib.h>

#include "trap/abi.h"
#include "trap/engine.h"
#include "trap/events.h"

FrailVM *frail_vm_new(const FrailHostOps *ops, void *vm,
                      const FrailVMOptions *opts, const char **err)
{
    FrailVM *self;

    if (ops->sz != sizeof(*ops) || opts->sz != sizeof(*opts)) {
        *err = "the monitor was built for another version of libfrail; "
               "build both from one tree";
        return NULL;
    }
    self = g_new0(FrailVM, 1);
    self->ops = *ops;
    self->host = vm;
    self->opts = *opts;
    self->guest = guest_new();
    self->events = events_new();
    return self;
}

void frail_vm_free(FrailVM *vm)
{
    if (!vm) {
        return;
    }
    if (vm->sink) {
        vm->sink->free(vm->sink_opaque);
    }
    frail_open_free(vm->open);
    guest_free(vm->guest);
    events_free(vm->events);
    g_free(vm);
}

void frail_vm_memory_changed(FrailVM *vm)
{
    __atomic_add_fetch(&vm->generation, 1, __ATOMIC_RELEASE);
}

bool frail_vm_wants_returns(const FrailVM *vm)
{
    return vm->sink && vm->sink->wants_returns(vm->sink_opaque);
}

void frail_vm_reset(FrailVM *vm)
{
    FrailOpen *open = __atomic_load_n(&vm->open, __ATOMIC_ACQUIRE);

    if (open) {
        frail_open_clear(open);
    }
    memset(vm->shown, 0, sizeof(vm->shown));
    guest_reset(vm->guest);
}

FrailVCPU *frail_vcpu_new(FrailVM *vm, void *vcpu, unsigned index,
                          uint64_t efer_valid, bool compat_syscall)
{
    FrailVCPU *v = g_new0(FrailVCPU, 1);

    v->vm = vm;
    v->host = vcpu;
    v->index = index;
    v->efer_valid = efer_valid;
    v->compat_syscall = compat_syscall;
    frail_mem_init(&v->mem, &vm->ops, vm->host, &vm->generation);
    v->guest = guest_cpu_new(vm->guest, &v->mem);
    return v;
}

void frail_vcpu_free(FrailVCPU *v)
{
    if (v) {
        guest_cpu_free(v->guest);
        g_free(v);
    }
}

void frail_vm_guest_info(const FrailVM *vm, FrailGuestInfo *info)
{
    guest_info(vm->guest, info);
}

int frail_vm_set_btf(FrailVM *vm, const void *btf, size_t len,
                     const char **why)
{
    return guest_set_btf(vm->guest, btf, len, why) ? 0 : -EINVAL;
}

int frail_vcpu_list_processes(FrailVCPU *v, FrailProcessFn *fn, void *opaque,
                              const char **why)
{
    const FrailHostOps *ops = &v->vm->ops;
    GuestCpuState state = { 0 };
    uint64_t gs = 0;
    FrailSregs s;

    vcpu_refresh(v);
    ops->get_sregs(v->host, &s);
    if (ops->get_msr(v->host, FRAIL_MSR_LSTAR, &state.lstar) ||
        ops->get_msr(v->host, FRAIL_MSR_KERNEL_GS_BASE, &state.percpu) ||
        ops->get_msr(v->host, FRAIL_MSR_GS_BASE, &gs)) {
        *why = "the vCPU's registers cannot be read";
        return -ENODATA;
    }
    state.cr3 = s.cr3;
    state.la57 = s.cr4 & CR4_LA57;
    return guest_list_processes(v->guest, &state, gs, fn, opaque, why);
}

void frail_vcpu_stats(const FrailVCPU *v, FrailStats *stats)
{
    static const char *const names[] = {
        [VCPU_IDLE] = "idle",
        [VCPU_WAITING] = "waiting",
        [VCPU_ARMED] = "armed",
        [VCPU_UNFIT] = "unfit",
    };
    FrailStats now = v->stats;
    size_t sz = MIN(stats->sz, sizeof(now));

    now.state = names[v->state];
    memcpy(stats, &now, sz);
    stats->sz = sz;
}

const char *frail_disarm_reason_name(FrailDisarmReason reason)
{
    switch (reason) {
    case FRAIL_DISARM_NONE:
        return "none";
    case FRAIL_DISARM_LSTAR_WRITTEN:
        return "lstar-written";
    case FRAIL_DISARM_RESET:
        return "reset";
    case FRAIL_DISARM_NO_SYSRET:
        return "no-sysret-found";
    case FRAIL_DISARM_NO_IRET:
        return "no-iret-found";
    case FRAIL_DISARM_UD_GATE:
        return "unsuitable-ud-gate";
    case FRAIL_DISARM_TSS:
        return "tss-unreadable";
    case FRAIL_DISARM_NO_REGISTER:
        return "no-debug-register";
    case FRAIL_DISARM_HOST:
        return "host-refused";
    }
    return "unknown";
}

const char *frail_trap_name(FrailTrap trap)
{
    switch (trap) {
    case FRAIL_TRAP_SCE:
        return "sce";
    case FRAIL_TRAP_LSTAR:
        return "lstar";
    case FRAIL_TRAP_EMULATOR:
        return "emulator";
    }
    return "unknown";
}

/*
 * An emulating monitor has no debug exits; the entry text is read at the
 * first call, to learn where the task shows itself, and again when the
 * kernel has become another one.
 */
static void look_at_entry(FrailVCPU *v, const FrailSregs *s)
{
    const FrailHostOps *ops = &v->vm->ops;
    uint64_t lstar, percpu;

    if (ops->get_msr(v->host, FRAIL_MSR_LSTAR, &lstar) ||
        ops->get_msr(v->host, FRAIL_MSR_KERNEL_GS_BASE, &percpu) ||
        !lstar || (v->state == VCPU_ARMED && lstar == v->lstar &&
                   percpu == v->percpu)) {
        return;
    }
    /* The first call, or the first of a kernel started anew. */
    v->lstar = lstar;
    v->percpu = percpu;
    v->slot_tried = false;
    v->stack_slot = NULL;
    vcpu_scan(v, space_of(s));
    v->state = VCPU_ARMED;
    stat_inc(&v->stats.armings);
    vcpu_report(v, FRAIL_DISARM_NONE);
}

int frail_vcpu_syscall(FrailVCPU *v, FrailInsn insn, FrailRegs *regs)
{
    FrailSregs s;
    AbiReturn to;
    bool want_return;
    int verdict;

    vcpu_refresh(v);
    v->vm->ops.get_sregs(v->host, &s);
    look_at_entry(v, &s);
    to = abi_return(&v->mem, space_of(&s), insn, regs->rip);
    verdict = vcpu_enter(v, insn, regs, to.rip, regs->rsp, &s, &want_return);
    if (verdict) {
        regs->rip = to.refused;
        regs->rax = (uint64_t)(int64_t)verdict;
    }
    return verdict;
}

void frail_vcpu_return(FrailVCPU *v, const FrailRegs *regs)
{
    FrailSregs s;

    vcpu_refresh(v);
    v->vm->ops.get_sregs(v->host, &s);
    vcpu_leave(v, &s, regs);
}
