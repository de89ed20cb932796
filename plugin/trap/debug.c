/*
 * The breakpoints: recognise a system call and its return, emulate SYSCALL
 * and SYSRET.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "trap/abi.h"
#include "trap/engine.h"

#define DR6_BS          (1ull << 14)
#define INSN_MAX        15
#define RETRIES_MAX     16

/* Let the instruction under the breakpoint run (SDM vol. 3, 17.3.1.1). */
static FrailDebugResult step_over(FrailRegs *r)
{
    r->rflags |= RFLAGS_RF;
    return FRAIL_DEBUG_REGS;
}

/*
 * Without vNMI, KVM waits for an NMI window with a single step of its own
 * (svm.c, svm_enable_nmi_window()), and with hardware breakpoints in use the
 * step comes out here.  The guest has not asked for it.
 *
 * It can end on a breakpoint, where an NMI's handler returns to.  Either the
 * breakpoint has not been seen yet: it comes next, by itself.  Or an NMI
 * came between it and its instruction: then it has had its turn, and KVM has
 * cleared the RF that was to pass it (disable_nmi_singlestep()).
 */
static FrailDebugResult at_foreign_step(FrailVCPU *v, BreakUse use,
                                        FrailRegs *r)
{
    FrailRegs passed = v->passed;

    stat_inc(&v->stats.spurious_step);
    passed.rflags = r->rflags;
    if (use != BREAK_NONE && !memcmp(&passed, r, sizeof(passed))) {
        return step_over(r);
    }
    return FRAIL_DEBUG_DONE;
}

/*
 * To user mode through the guest's own IRETQ, with the frame at @frame_rsp:
 * only general registers change, so no ioctl is needed.  RF passes a
 * breakpoint that may be on the IRETQ itself.
 */
static FrailDebugResult go_by_iret(FrailVCPU *v, FrailRegs *r,
                                   uint64_t frame_rsp)
{
    r->rip = v->sites.iretq;
    r->rsp = frame_rsp;
    /* With NT set, IRETQ raises #GP (SDM vol. 2). */
    r->rflags = (r->rflags | RFLAGS_RF) & ~RFLAGS_NT;
    return FRAIL_DEBUG_REGS;
}

/* Undo what SYSCALL did and go on at @rip with an error in RAX. */
static FrailDebugResult refuse(FrailVCPU *v, const FrailSregs *s,
                               FrailRegs *r, int verdict, uint64_t rip,
                               bool wide)
{
    IretFrame frame = {
        .rip = rip,
        .cs = star_user_cs(v->star, wide),
        .rflags = (r->r11 & RFLAGS_SYSRET) | RFLAGS_FIXED,
        .rsp = r->rsp,
        .ss = star_user_ss(v->star),
    };
    uint64_t rsp;

    if (!vcpu_frame_below_rsp0(v, s, &rsp) ||
        !vcpu_write_frame(v, space_of(s), rsp, &frame)) {
        /*
         * A call that may not happen and cannot be sent back: an invalid
         * number makes the guest's kernel do nothing but say ENOSYS.
         */
        r->rax = ~0ull;
        return step_over(r);
    }
    r->rax = (uint64_t)(int64_t)verdict;
    return go_by_iret(v, r, rsp);
}

static FrailDebugResult at_lstar(FrailVCPU *v, const FrailSregs *s,
                                 FrailRegs *r)
{
    bool want_return;
    int verdict;

    if (v->state == VCPU_WAITING) {
        if (!vcpu_arm(v, s)) {
            return step_over(r);
        }
    }
    verdict = vcpu_enter(v, FRAIL_INSN_SYSCALL64, r, r->rcx, r->rsp, s,
                         &want_return);
    if (verdict) {
        return refuse(v, s, r, verdict, r->rcx, true);
    }
    return step_over(r);
}

/*
 * Read the instruction at @rip, and over the page's end only if it goes on
 * there: the next page need not be present.  Returns as
 * frail_scan_syscall(), -1 when a page is missing.
 */
static int syscall_at(FrailVCPU *v, FrailSpace space, uint64_t rip,
                      bool long_mode)
{
    uint8_t code[INSN_MAX];
    size_t room = FRAIL_PAGE_SIZE - (rip & ~FRAIL_PAGE_MASK);
    size_t n = room < INSN_MAX ? room : INSN_MAX;
    int len;

    if (frail_mem_read(&v->mem, space, rip, code, n) != n) {
        return -1;
    }
    len = frail_scan_syscall(code, n, long_mode);
    if (len >= 0 || n == INSN_MAX) {
        return len;
    }
    if (frail_mem_read(&v->mem, space, rip + n, code + n, INSN_MAX - n) !=
        INSN_MAX - n) {
        return -1;
    }
    return frail_scan_syscall(code, INSN_MAX, long_mode);
}

static FrailDebugResult genuine_ud(FrailVCPU *v, FrailRegs *r, bool late)
{
    v->late_is_genuine = !late;
    stat_inc(&v->stats.genuine_ud);
    return step_over(r);
}

/* The user's flags in the frame of the #UD. */
static uint64_t user_flags(FrailVCPU *v, const IretFrame *f)
{
    uint64_t flags = f->rflags & ~RFLAGS_RF;    /* RF is KVM's own */

    if ((flags & RFLAGS_TF) && v->vm->ops.nmi_pending &&
        v->vm->ops.nmi_pending(v->host)) {
        flags &= ~RFLAGS_TF;
    }
    return flags;
}

static FrailDebugResult emulate_syscall(FrailVCPU *v, const FrailSregs *s,
                                        FrailRegs *r, const IretFrame *f,
                                        bool wide, unsigned len)
{
    FrailInsn insn = wide ? FRAIL_INSN_SYSCALL64 : FRAIL_INSN_SYSCALL32;
    uint64_t flags = user_flags(v, f);
    bool want_return;
    AbiReturn to;
    int verdict;

    /* SDM vol. 2, SYSCALL */
    r->rcx = f->rip + len;
    if (!wide) {
        r->rcx = (uint32_t)r->rcx;
    }
    r->r11 = flags;
    r->rsp = f->rsp;
    r->rip = wide ? v->lstar : v->cstar;
    r->rflags = (flags & ~v->sfmask) | RFLAGS_FIXED;
    to = abi_return(&v->mem, space_of(s), insn, r->rcx);
    verdict = vcpu_enter(v, insn, r, to.rip, r->rsp, s, &want_return);
    if (verdict) {
        return refuse(v, s, r, verdict, to.refused, wide);
    }
    if (!v->vm->opts.exact && !want_return) {
        /* Linux returns by IRET when it finds RF here: one exit saved. */
        r->r11 |= RFLAGS_RF;
    }
    return FRAIL_DEBUG_REGS;
}

static FrailDebugResult at_ud(FrailVCPU *v, const FrailSregs *s, FrailRegs *r,
                              bool late)
{
    IretFrame f;
    bool wide;
    int len;

    if (late && v->late_is_genuine) {
        v->late_is_genuine = false;
        return step_over(r);
    }
    if (!vcpu_read_frame(v, space_of(s), r->rsp, &f) || RPL(f.cs) != 3 ||
        !v->guest_sce) {
        return genuine_ud(v, r, late);
    }
    /*
     * 64-bit and compatibility code are told apart by the selectors Linux
     * gives them; a segment of the LDT is never 64-bit (modify_ldt(2)).
     */
    wide = (f.cs & 0xffff) == star_user_cs(v->star, true);
    if (!wide && (!v->compat_syscall || !v->cstar)) {
        return genuine_ud(v, r, late);
    }
    len = syscall_at(v, space_of(s), f.rip, wide);
    if (len < 0 && (f.rip != v->retry_rip || v->retries < RETRIES_MAX)) {
        /* The page went away meanwhile: let the instruction fault again. */
        v->retries = f.rip == v->retry_rip ? v->retries + 1 : 0;
        v->retry_rip = f.rip;
        stat_inc(&v->stats.retried);
        return go_by_iret(v, r, r->rsp);
    }
    v->retries = 0;
    if (len <= 0) {
        return genuine_ud(v, r, late);
    }
    if (late) {
        stat_inc(&v->stats.late_ud);
    }
    return emulate_syscall(v, s, r, &f, wide, len);
}

/* @r is the kernel's last state: all but these is the user's already. */
static void leave(FrailVCPU *v, const FrailSregs *s, const FrailRegs *r,
                  const IretFrame *f)
{
    FrailRegs user = *r;

    user.rip = f->rip;
    user.rsp = f->rsp;
    user.rflags = f->rflags;
    vcpu_leave(v, s, &user);
}

static FrailDebugResult at_sysret(FrailVCPU *v, const FrailSregs *s,
                                  FrailRegs *r, bool wide)
{
    IretFrame f = {
        .rip = wide ? r->rcx : (uint32_t)r->rcx,
        .cs = star_user_cs(v->star, wide),
        .rflags = (r->r11 & RFLAGS_SYSRET) | RFLAGS_FIXED,
        .rsp = r->rsp,
        .ss = star_user_ss(v->star),
    };
    uint64_t rsp;

    if (v->vm->opts.trap == FRAIL_TRAP_SCE && !v->guest_sce) {
        return step_over(r);            /* a genuine #UD at CPL 0 */
    }
    stat_inc(&v->stats.sysret);
    leave(v, s, r, &f);
    if (v->vm->opts.trap != FRAIL_TRAP_SCE) {
        return step_over(r);
    }
    if (!vcpu_frame_below_rsp0(v, s, &rsp) ||
        !vcpu_write_frame(v, space_of(s), rsp, &f)) {
        /* With SCE back the SYSRET works as it stands. */
        vcpu_disarm(v, FRAIL_DISARM_TSS);
        return step_over(r);
    }
    return go_by_iret(v, r, rsp);
}

static FrailDebugResult at_iretq(FrailVCPU *v, const FrailSregs *s,
                                 FrailRegs *r)
{
    IretFrame f;

    if (vcpu_read_frame(v, space_of(s), r->rsp, &f) && RPL(f.cs) == 3) {
        leave(v, s, r, &f);
    }
    return step_over(r);
}

static BreakUse use_of(const FrailVCPU *v, uint64_t pc)
{
    for (unsigned i = 0; i < BREAKS; i++) {
        if (v->use[i] != BREAK_NONE && v->bp[i] == pc) {
            return v->use[i];
        }
    }
    return BREAK_NONE;
}

static FrailDebugResult at_break(FrailVCPU *v, BreakUse use,
                                 const FrailSregs *s, FrailRegs *r)
{
    switch (use) {
    case BREAK_LSTAR:
        return at_lstar(v, s, r);
    case BREAK_UD:
        v->late_is_genuine = false;
        return at_ud(v, s, r, false);
    case BREAK_UD_LATE:
        return at_ud(v, s, r, true);
    case BREAK_SYSRETQ:
        return at_sysret(v, s, r, true);
    case BREAK_SYSRETL:
        return at_sysret(v, s, r, false);
    default:
        return at_iretq(v, s, r);
    }
}

FrailDebugResult frail_vcpu_debug(FrailVCPU *v, uint64_t pc, uint64_t dr6,
                                  FrailRegs *regs)
{
    BreakUse use = use_of(v, pc);
    FrailDebugResult result;
    FrailSregs s;

    stat_inc(&v->stats.debug_exits);
    /* Only then: an instruction that clears TF still traps (SDM 17.3.1.4). */
    if ((dr6 & DR6_BS) && !(regs->rflags & RFLAGS_TF) &&
        v->vm->ops.nmi_pending && v->vm->ops.nmi_pending(v->host)) {
        return at_foreign_step(v, use, regs);
    }
    if (use == BREAK_NONE) {
        stat_inc(&v->stats.reinjected_db);
        return FRAIL_DEBUG_FOREIGN;
    }
    vcpu_refresh(v);
    v->vm->ops.get_sregs(v->host, &s);
    if (RPL(s.cs) != 0) {
        /*
         * User code has jumped to a kernel address: the breakpoint comes
         * before the page fault (SDM vol. 3, 6.9), which is the guest's own.
         */
        return step_over(regs);
    }
    result = at_break(v, use, &s, regs);
    /* See at_foreign_step(); only a breakpoint that is stepped over counts. */
    v->passed = *regs;
    return result;
}
