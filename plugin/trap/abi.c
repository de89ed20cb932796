/*
 * Linux's system call ABIs.  All of this is user ABI: it does not change
 * from kernel to kernel.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <signal.h>
#include <string.h>

#include <glib.h>

#include "trap/abi.h"

/*
 * The kernel's frame on the user's stack, as offsets from the handler's
 * stack pointer; arch/x86/include/uapi/asm/{sigcontext,ucontext}.h and
 * arch/x86/include/asm/sigframe.h (5.10 to 7.x).
 */
typedef struct SigLayout {
    uint8_t abi;
    uint8_t width;
    uint16_t rax, rsp, rip;
} SigLayout;

static const SigLayout sig_layouts[] = {
    { CALL_ABI_X86_64, 8, 152, 168, 176 },  /* rt_sigframe */
    { CALL_ABI_X32, 8, 136, 152, 160 },     /* rt_sigframe_x32 */
    { CALL_ABI_I386, 4, 208, 192, 220 },    /* rt_sigframe_ia32 */
    { CALL_ABI_I386, 4, 52, 36, 64 },       /* sigframe_ia32 */
};

#define SIG_DEPTH   8       /* handlers of several pending signals */

AbiReturn abi_return(FrailMem *mem, FrailSpace space, FrailInsn insn,
                     uint64_t next)
{
    static const uint8_t int80[2] = { 0xcd, 0x80 };
    AbiReturn to = { .rip = next, .refused = next };
    uint8_t code[sizeof(int80)];

    if (insn != FRAIL_INSN_SYSCALL32 && insn != FRAIL_INSN_SYSENTER) {
        return to;
    }
    /*
     * do_fast_syscall_32() goes to the vDSO's landing pad, whoever called.
     * There an INT 0x80 for the restart stands before it, and behind the
     * SYSCALL or SYSENTER.
     */
    if (next && frail_mem_read(mem, space, next, code, sizeof(code)) ==
        sizeof(code) && !memcmp(code, int80, sizeof(code))) {
        to.rip = to.refused = (uint32_t)(next + sizeof(int80));
    } else {
        to.rip = 0;
        to.refused = insn == FRAIL_INSN_SYSENTER ? 0 : next;
    }
    return to;
}

void abi_read_number(FrailCall *call, FrailInsn insn, const FrailRegs *r)
{
    /*
     * Linux looks at EAX only (entry_64.S, 5.13 and later), so the upper half
     * must not hide a call from a filter.
     */
    call->nr = (int32_t)r->rax;
    if (insn != FRAIL_INSN_SYSCALL64) {
        call->abi = CALL_ABI_I386;
    } else if (call->nr >= 0 && (call->nr & CALL_X32_BIT)) {
        call->abi = CALL_ABI_X32;
        call->nr &= ~CALL_X32_BIT;
    } else {
        call->abi = CALL_ABI_X86_64;
    }
}

void abi_read_args(FrailCall *call, FrailInsn insn, const FrailRegs *r)
{
    uint32_t sixth = r->rbp;

    if (insn == FRAIL_INSN_SYSCALL64) {
        const uint64_t args[6] = { r->rdi, r->rsi, r->rdx, r->r10, r->r8,
                                   r->r9 };

        memcpy(call->args, args, sizeof(args));
        return;
    }
    /*
     * entry_64_compat.S: SYSCALL overwrites ECX, whose argument is in EBP;
     * the sixth is on the stack, to which SYSENTER's EBP points as well.
     */
    if (insn == FRAIL_INSN_SYSCALL32) {
        frail_mem_read(call->mem, call->space, (uint32_t)call->user_rsp,
                       &sixth, sizeof(sixth));
    } else if (insn == FRAIL_INSN_SYSENTER) {
        frail_mem_read(call->mem, call->space, (uint32_t)r->rbp, &sixth,
                       sizeof(sixth));
    }
    call->args[0] = (uint32_t)r->rbx;
    call->args[1] = (uint32_t)(insn == FRAIL_INSN_SYSCALL32 ? r->rbp : r->rcx);
    call->args[2] = (uint32_t)r->rdx;
    call->args[3] = (uint32_t)r->rsi;
    call->args[4] = (uint32_t)r->rdi;
    call->args[5] = sixth;
}

void abi_write_kill(const FrailCall *call, FrailInsn insn, int32_t tid,
                    FrailRegs *r)
{
    uint64_t first = tid ? (uint32_t)tid : 128 + SIGKILL;

    if (call->abi == CALL_ABI_I386) {
        r->rax = tid ? 37 : 252;                /* kill, exit_group */
        r->rbx = first;
        *(insn == FRAIL_INSN_SYSCALL32 ? &r->rbp : &r->rcx) = SIGKILL;
        return;
    }
    r->rax = (tid ? 62 : 231) |
        (call->abi == CALL_ABI_X32 ? CALL_X32_BIT : 0);
    r->rdi = first;
    r->rsi = SIGKILL;
}

bool abi_never_returns(unsigned abi, int64_t nr)
{
    if (abi == CALL_ABI_I386) {
        return nr == 1 || nr == 252;            /* exit, exit_group */
    }
    return nr == 60 || nr == 231;
}

bool abi_is_exec(unsigned abi, int64_t nr)
{
    switch (abi) {
    case CALL_ABI_I386:                         /* execve, execveat */
        return nr == 11 || nr == 358;
    case CALL_ABI_X32:
        return nr == 520 || nr == 545;
    default:
        return nr == 59 || nr == 322;
    }
}

bool abi_returns_elsewhere(unsigned abi, int64_t nr)
{
    switch (abi) {
    case CALL_ABI_I386:                         /* (rt_)sigreturn */
        return nr == 119 || nr == 173;
    case CALL_ABI_X32:
        return nr == 513;
    default:                                    /* uretprobe, uprobe */
        return nr == 15 || nr == 335 || nr == 336;
    }
}

static bool read_word(FrailMem *mem, FrailSpace space, uint64_t va,
                      unsigned width, uint64_t *value)
{
    *value = 0;         /* the CPU is little-endian, and so are we */
    return frail_mem_read(mem, space, va, value, width) == width;
}

static bool follow_frames(FrailMem *mem, FrailSpace space, FrailCall *call,
                          uint64_t rsp, const SigLayout *l)
{
    for (unsigned i = 0; i < SIG_DEPTH; i++) {
        uint64_t rax, rip;

        if (!read_word(mem, space, rsp + l->rip, l->width, &rip) ||
            !read_word(mem, space, rsp + l->rax, l->width, &rax)) {
            return false;
        }
        if (rip == call->user_rip) {
            abi_take_result(call, rax);
            return true;
        }
        if (rip == call->user_rip - ABI_RESTART_BACK) {
            call->restarts = true;
            return true;
        }
        if (!read_word(mem, space, rsp + l->rsp, l->width, &rsp)) {
            return false;
        }
    }
    return false;
}

bool abi_read_sigframe(FrailMem *mem, FrailSpace space, FrailCall *call,
                       uint64_t rsp)
{
    if (!call->user_rip) {
        return false;
    }
    /*
     * The frame is of the ABI that the handler was set with, which is nearly
     * always the call's own: first those, then the others.
     */
    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(sig_layouts); i++) {
        bool own = i < G_N_ELEMENTS(sig_layouts);
        const SigLayout *l = &sig_layouts[i % G_N_ELEMENTS(sig_layouts)];

        if ((l->abi == call->abi) == own &&
            follow_frames(mem, space, call, rsp, l)) {
            return true;
        }
    }
    return false;
}

void abi_take_result(FrailCall *call, uint64_t rax)
{
    call->result = call->abi == CALL_ABI_I386 ? (int32_t)rax : (int64_t)rax;
    call->has_result = true;
}
