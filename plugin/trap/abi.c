/*
 * Linux's system call ABIs.  All of this is user ABI: it does not change
 * from kernel to kernel.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <signal.h>
#include <string.h>

#include "trap/abi.h"

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

bool abi_is_exit_group(unsigned abi, int64_t nr)
{
    return nr == (abi == CALL_ABI_I386 ? 252 : 231);
}

bool abi_never_returns(unsigned abi, int64_t nr)
{
    return abi_is_exit_group(abi, nr) ||
        nr == (abi == CALL_ABI_I386 ? 1 : 60);      /* exit */
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

bool abi_is_wait(unsigned abi, int64_t nr, bool *tells_pid)
{
    bool waitid = nr == (abi == CALL_ABI_I386 ? 284 :
                         abi == CALL_ABI_X32 ? 529 : 247);

    *tells_pid = !waitid;
    if (abi == CALL_ABI_I386) {
        return waitid || nr == 7 || nr == 114;  /* waitpid, wait4 */
    }
    return waitid || nr == 61;
}

bool abi_is_sigreturn(unsigned abi, int64_t nr)
{
    switch (abi) {
    case CALL_ABI_I386:                         /* (rt_)sigreturn */
        return nr == 119 || nr == 173;
    case CALL_ABI_X32:
        return nr == 513;
    default:
        return nr == 15;
    }
}

bool abi_returns_elsewhere(unsigned abi, int64_t nr)
{
    /* uretprobe, uprobe */
    return abi_is_sigreturn(abi, nr) ||
        (abi == CALL_ABI_X86_64 && (nr == 335 || nr == 336));
}

void abi_take_result(FrailCall *call, uint64_t rax)
{
    call->result = call->abi == CALL_ABI_I386 ? (int32_t)rax : (int64_t)rax;
    call->has_result = true;
}
