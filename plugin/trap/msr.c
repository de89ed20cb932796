/*
 * The system-call MSRs: the guest's view beside the hardware's.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>

#include "trap/engine.h"

static bool hides_sce(const FrailVCPU *v)
{
    return v->state == VCPU_ARMED && v->vm->opts.trap == FRAIL_TRAP_SCE;
}

uint64_t frail_vcpu_efer_to_hw(FrailVCPU *v, uint64_t guest)
{
    v->guest_sce = guest & EFER_SCE;
    return hides_sce(v) ? guest & ~EFER_SCE : guest;
}

uint64_t frail_vcpu_efer_from_hw(FrailVCPU *v, uint64_t hw)
{
    if (!hides_sce(v)) {
        return hw;
    }
    if (!hw) {
        /* INIT clears EFER inside KVM, without an exit (x86.c). */
        v->guest_sce = false;
    }
    return (hw & ~EFER_SCE) | (v->guest_sce ? EFER_SCE : 0);
}

int frail_vcpu_rdmsr(FrailVCPU *v, uint32_t msr, uint64_t *value)
{
    stat_inc(&v->stats.msr_exits);
    if (msr != FRAIL_MSR_EFER ||
        v->vm->ops.get_msr(v->host, FRAIL_MSR_EFER, value)) {
        return -EPERM;
    }
    *value = frail_vcpu_efer_from_hw(v, *value);
    return 0;
}

/*
 * Writes by ioctl skip what a guest's WRMSR is checked for: set_efer() in
 * arch/x86/kvm/x86.c (5.10 to 7.x), SDM vol. 3, 2.2.1.  LMA is read-only and
 * ignored.
 */
static int write_efer(FrailVCPU *v, uint64_t value)
{
    const FrailHostOps *ops = &v->vm->ops;
    FrailSregs s;
    uint64_t hw;

    if (value & ~(v->efer_valid | EFER_LMA)) {
        return -EPERM;
    }
    if (ops->get_msr(v->host, FRAIL_MSR_EFER, &hw)) {
        return -EPERM;
    }
    if ((value ^ hw) & EFER_LME) {
        ops->get_sregs(v->host, &s);
        if (s.cr0 & CR0_PG) {
            return -EPERM;
        }
    }
    value = (value & ~EFER_LMA) | (hw & EFER_LMA);
    if (ops->set_msr(v->host, FRAIL_MSR_EFER,
                     hides_sce(v) ? value & ~EFER_SCE : value)) {
        return -EPERM;
    }
    v->guest_sce = value & EFER_SCE;
    return 0;
}

int frail_vcpu_wrmsr(FrailVCPU *v, uint32_t msr, uint64_t value)
{
    stat_inc(&v->stats.msr_exits);
    if (msr == FRAIL_MSR_EFER) {
        return write_efer(v, value);
    }
    if (msr < FRAIL_MSR_STAR || msr > FRAIL_MSR_SFMASK ||
        v->vm->ops.set_msr(v->host, msr, value)) {
        return -EPERM;
    }
    switch (msr) {
    case FRAIL_MSR_STAR:
        v->star = value;
        break;
    case FRAIL_MSR_CSTAR:
        /* Which SYSRETs can be reached depends on it. */
        if (v->state == VCPU_ARMED && value != v->cstar) {
            vcpu_disarm(v, FRAIL_DISARM_LSTAR_WRITTEN);
            if (v->state != VCPU_ARMED) {
                vcpu_wait(v);
            }
        }
        v->cstar = value;
        break;
    case FRAIL_MSR_SFMASK:
        v->sfmask = value;
        break;
    case FRAIL_MSR_LSTAR:
        if (v->state == VCPU_ARMED) {
            vcpu_disarm(v, FRAIL_DISARM_LSTAR_WRITTEN);
        }
        v->lstar = value;
        if (v->state != VCPU_ARMED) {
            vcpu_wait(v);
        }
        break;
    }
    return 0;
}

void frail_vcpu_load(FrailVCPU *v, const FrailMsrs *msrs)
{
    bool was_armed = v->state == VCPU_ARMED;

    v->star = msrs->star;
    v->lstar = msrs->lstar;
    v->cstar = msrs->cstar;
    v->sfmask = msrs->sfmask;
    v->guest_sce = msrs->efer & EFER_SCE;
    v->slot_tried = false;
    v->stack_slot = NULL;
    v->sites = (FrailSites) { 0 };
    v->state = VCPU_IDLE;
    if (was_armed) {
        stat_inc(&v->stats.disarmings);
        vcpu_report(v, FRAIL_DISARM_RESET);
    }
    vcpu_wait(v);
}
