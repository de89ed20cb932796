/*
 * Does this host's KVM honour the trap?  A scratch guest makes one system
 * call, and each thing that the trap relies on is looked at on its way.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/ioctl.h>

#include "kvm/selftest-vm.h"

#define TIMEOUT_MS      5000

#define AT_ENTRY        SELFTEST_AT(frail_selftest_entry)
#define AT_SYSRETQ      SELFTEST_AT(frail_selftest_sysretq)
#define AT_IRETQ        SELFTEST_AT(frail_selftest_iretq)
#define AT_UD           SELFTEST_AT(frail_selftest_ud)
#define AT_USER         SELFTEST_AT(frail_selftest_user)
#define AT_USER_UD      SELFTEST_AT(frail_selftest_user_ud)

#define FRAME_RSP       (SELFTEST_KERNEL_STACK - 40)

typedef struct Frame {
    uint64_t rip, cs, rflags, rsp, ss;
} Frame;

static bool is(const Event *event, EventKind kind, uint64_t value)
{
    return event->kind == kind && event->value == value;
}

/* For what has no sentence of its own: where it was, what came instead. */
static int unexpected(ScratchVM *s, const Event *event, const char *where)
{
    static const char *const kinds[] = {
        [EVENT_BREAK] = "a breakpoint at",
        [EVENT_RDMSR] = "a read of MSR",
        [EVENT_WRMSR] = "a write of MSR",
        [EVENT_PORT] = "a write to port",
        [EVENT_OTHER] = "exit reason",
    };

    if (is(event, EVENT_PORT, SELFTEST_PORT_EXCEPTION)) {
        return scratch_fail(s, EPROTO, "this host's KVM raises exception %u "
                            "%s", (unsigned)(s->run->s.regs.regs.rax & 0xff),
                            where);
    }
    return scratch_fail(s, EPROTO, "this host's KVM gives %s 0x%" PRIx64
                        " %s", kinds[event->kind], event->value, where);
}

static int check_msrs(ScratchVM *s)
{
    Event event;
    int ret = scratch_next(s, &event);

    if (ret < 0) {
        return ret;
    }
    if (!is(&event, EVENT_RDMSR, MSR_EFER)) {
        return event.kind != EVENT_WRMSR ?
            unexpected(s, &event, "where the guest reads EFER") :
            scratch_fail(s, EPROTO, "this host's KVM does not let user space "
                         "answer the guest's RDMSR of EFER");
    }
    s->run->msr.data = EFER_LME | EFER_LMA;
    s->run->msr.error = 0;

    ret = scratch_next(s, &event);
    if (ret < 0) {
        return ret;
    }
    if (!is(&event, EVENT_WRMSR, MSR_EFER) ||
        !(s->run->msr.data & EFER_SCE)) {
        return unexpected(s, &event, "where the guest sets EFER.SCE");
    }
    s->run->msr.error = 0;
    if (s->trap == FRAIL_TRAP_LSTAR) {
        ret = scratch_set_msr(s, MSR_EFER, EFER_SCE | EFER_LME | EFER_LMA);
        if (ret < 0) {
            return ret;
        }
    }

    ret = scratch_next(s, &event);
    if (ret < 0) {
        return ret;
    }
    if (!is(&event, EVENT_WRMSR, MSR_LSTAR) ||
        s->run->msr.data != AT_ENTRY) {
        return event.kind == EVENT_WRMSR ?
            unexpected(s, &event, "where the guest sets LSTAR") :
            scratch_fail(s, EPROTO, "this host's KVM does not bring the "
                         "guest's WRMSR of LSTAR to user space");
    }
    s->run->msr.error = 0;
    return scratch_set_msr(s, MSR_LSTAR, AT_ENTRY);
}

/* The frame of an exception that user mode raised at @rip. */
static int check_frame(ScratchVM *s, uint64_t rip, bool syscall)
{
    const struct kvm_regs *regs = &s->run->s.regs.regs;
    Frame f;

    if (regs->rsp != FRAME_RSP) {
        return scratch_fail(s, EPROTO, "this host's KVM stops in the #UD "
                            "handler with a wrong RSP: 0x%llx", regs->rsp);
    }
    memcpy(&f, s->memory + FRAME_RSP, sizeof(f));
    if (f.rip != rip || f.cs != SELFTEST_USER_CS ||
        (f.rflags & ~(uint64_t)RFLAGS_RF) != USER_RFLAGS ||
        f.rsp != SELFTEST_USER_STACK || f.ss != SELFTEST_USER_SS) {
        return scratch_fail(s, EPROTO, "this host's KVM pushes a wrong frame "
                            "for #UD: RIP 0x%" PRIx64 ", CS 0x%" PRIx64
                            ", RFLAGS 0x%" PRIx64, f.rip, f.cs, f.rflags);
    }
    if (syscall && !(f.rflags & RFLAGS_RF)) {
        return scratch_fail(s, EPROTO, "this host's KVM pushes a frame with "
                            "RF clear for a trapped SYSCALL");
    }
    return 0;
}

/* SYSCALL raises #UD, and we do its work at the handler's first byte. */
static int call_by_sce(ScratchVM *s)
{
    struct kvm_regs *regs = &s->run->s.regs.regs;
    Event event;
    int ret = scratch_next(s, &event);

    if (ret < 0) {
        return ret;
    }
    if (is(&event, EVENT_PORT, SELFTEST_PORT_ENTRY)) {
        return scratch_fail(s, ENOTSUP, "this host's KVM runs SYSCALL "
                            "natively although EFER.SCE is 0 "
                            "(a pagetable-based KVM?)");
    }
    if (is(&event, EVENT_PORT, SELFTEST_PORT_UD)) {
        return scratch_fail(s, ENOTSUP, "this host's KVM does not stop at a "
                            "hardware breakpoint on the guest's #UD handler");
    }
    if (!is(&event, EVENT_BREAK, AT_UD)) {
        return unexpected(s, &event, "at a SYSCALL with EFER.SCE clear");
    }
    ret = check_frame(s, AT_USER, true);
    if (ret < 0) {
        return ret;
    }
    regs->rcx = AT_USER_UD;
    regs->r11 = USER_RFLAGS;
    regs->rsp = SELFTEST_USER_STACK;
    regs->rip = AT_ENTRY;
    regs->rflags = (USER_RFLAGS & ~SFMASK) | 2;
    return 0;
}

static int call_by_lstar(ScratchVM *s)
{
    struct kvm_regs *regs = &s->run->s.regs.regs;
    Event event;
    int ret = scratch_next(s, &event);

    if (ret < 0) {
        return ret;
    }
    if (is(&event, EVENT_PORT, SELFTEST_PORT_ENTRY)) {
        return scratch_fail(s, ENOTSUP, "this host's KVM does not stop at a "
                            "hardware breakpoint on LSTAR");
    }
    if (!is(&event, EVENT_BREAK, AT_ENTRY)) {
        return unexpected(s, &event, "at a SYSCALL");
    }
    if (regs->rcx != AT_USER_UD || regs->r11 != USER_RFLAGS ||
        regs->rsp != SELFTEST_USER_STACK) {
        return scratch_fail(s, EPROTO, "this host's KVM stops at LSTAR with "
                            "wrong registers: RCX 0x%llx, R11 0x%llx, RSP "
                            "0x%llx", regs->rcx, regs->r11, regs->rsp);
    }
    regs->rflags |= RFLAGS_RF;
    return 0;
}

/* The guest's kernel runs from LSTAR to its SYSRETQ. */
static int check_kernel(ScratchVM *s)
{
    const struct kvm_regs *regs = &s->run->s.regs.regs;
    Event event;
    int ret = scratch_next(s, &event);

    if (ret < 0) {
        return ret;
    }
    if (is(&event, EVENT_PORT, SELFTEST_PORT_EXCEPTION) &&
        (regs->rax & 0xff) == 13) {
        return scratch_fail(s, EPROTO, "this host's KVM injects #GP at LSTAR "
                            "after a trapped SYSCALL (its MSR filter lacks a "
                            "fix of Linux 5.18)");
    }
    if (is(&event, EVENT_BREAK, AT_ENTRY)) {
        return scratch_fail(s, ENOTSUP, "this host's KVM does not pass a "
                            "breakpoint on LSTAR with RFLAGS.RF");
    }
    if (!is(&event, EVENT_PORT, SELFTEST_PORT_ENTRY)) {
        return unexpected(s, &event, "at LSTAR");
    }

    ret = scratch_next(s, &event);
    if (ret < 0) {
        return ret;
    }
    /* Missed, it raises #UD with SCE clear and goes to user mode else. */
    if (is(&event, EVENT_BREAK, AT_UD) ||
        is(&event, EVENT_PORT, SELFTEST_PORT_UD)) {
        return scratch_fail(s, ENOTSUP, "this host's KVM does not stop at a "
                            "second hardware breakpoint, on SYSRETQ");
    }
    if (!is(&event, EVENT_BREAK, AT_SYSRETQ)) {
        return unexpected(s, &event, "at SYSRETQ");
    }
    if (regs->rsp != SELFTEST_USER_STACK || regs->rcx != AT_USER_UD ||
        regs->r11 != USER_RFLAGS) {
        return scratch_fail(s, EPROTO, "this host's KVM stops at SYSRETQ with "
                            "wrong registers: RSP 0x%llx, RCX 0x%llx, R11 "
                            "0x%llx", regs->rsp, regs->rcx, regs->r11);
    }
    return 0;
}

/* To user mode, where an invalid opcode waits that is not a SYSCALL. */
static int check_return(ScratchVM *s)
{
    struct kvm_regs *regs = &s->run->s.regs.regs;
    Frame frame = {
        .rip = regs->rcx,
        .cs = SELFTEST_USER_CS,
        .rflags = regs->r11,
        .rsp = regs->rsp,
        .ss = SELFTEST_USER_SS,
    };
    Event event;
    int ret;

    if (s->trap == FRAIL_TRAP_SCE) {
        memcpy(s->memory + FRAME_RSP, &frame, sizeof(frame));
        regs->rip = AT_IRETQ;
        regs->rsp = FRAME_RSP;
    }
    regs->rflags |= RFLAGS_RF;
    s->run->kvm_dirty_regs = KVM_SYNC_X86_REGS;
    ret = scratch_next(s, &event);
    if (ret < 0) {
        return ret;
    }
    if (is(&event, EVENT_BREAK, AT_SYSRETQ)) {
        return scratch_fail(s, ENOTSUP, "this host's KVM does not pass a "
                            "breakpoint on SYSRETQ with RFLAGS.RF");
    }
    if (s->trap == FRAIL_TRAP_SCE) {
        if (!is(&event, EVENT_BREAK, AT_UD)) {
            return unexpected(s, &event, "after the return to user mode");
        }
        ret = check_frame(s, AT_USER_UD, false);
        if (ret < 0) {
            return ret;
        }
        regs->rflags |= RFLAGS_RF;
        s->run->kvm_dirty_regs = KVM_SYNC_X86_REGS;
        ret = scratch_next(s, &event);
        if (ret < 0) {
            return ret;
        }
        if (is(&event, EVENT_BREAK, AT_UD)) {
            return scratch_fail(s, ENOTSUP, "this host's KVM does not pass a "
                                "breakpoint on the #UD handler with "
                                "RFLAGS.RF");
        }
    }
    if (!is(&event, EVENT_PORT, SELFTEST_PORT_UD)) {
        return unexpected(s, &event, "after a UD2 in user mode");
    }
    return check_frame(s, AT_USER_UD, false);
}

int frail_kvm_selftest_on(const FrailKvm *kvm, int kvm_fd, FrailTrap trap,
                          char *why, size_t why_size)
{
    ScratchVM s;
    int ret = scratch_make(&s, kvm, kvm_fd, trap, why, why_size);

    if (ret >= 0) {
        ret = check_msrs(&s);
    }
    if (ret >= 0) {
        ret = trap == FRAIL_TRAP_SCE ? call_by_sce(&s) : call_by_lstar(&s);
    }
    if (ret >= 0) {
        ret = scratch_check_regs(&s);
    }
    if (ret >= 0) {
        ret = check_kernel(&s);
    }
    if (ret >= 0) {
        ret = check_return(&s);
    }
    scratch_free(&s);
    return ret < 0 ? ret : 0;
}

static int host_ioctl(void *opaque, int fd, unsigned long request, void *arg)
{
    (void)opaque;
    return ioctl(fd, request, arg);
}

int frail_kvm_selftest(int kvm_fd, FrailTrap trap, char *why, size_t why_size)
{
    static const FrailKvm host = {
        .ioctl = host_ioctl, .timeout_ms = TIMEOUT_MS,
    };

    if (trap == FRAIL_TRAP_EMULATOR) {
        return 0;
    }
    return frail_kvm_selftest_on(&host, kvm_fd, trap, why, why_size);
}
