/*
 * Linux's system call ABIs, as far as they are told from registers and the
 * user's stack: numbers, arguments, ways back.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ABI_H
#define FRAIL_ABI_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

#include "trap/call.h"

/*
 * How far Linux goes back for a restart, arch_do_signal_or_restart(),
 * whatever prefixes the instruction had.
 */
#define ABI_RESTART_BACK    2

/* Where a call comes back to. */
typedef struct AbiReturn {
    uint64_t rip;           /* 0: that cannot be known */
    uint64_t refused;       /* where to go on when the kernel has not run */
} AbiReturn;

/*
 * @next: the address behind the instruction.  SYSENTER does not tell it: a
 * call that is not the vDSO's has no place to go on at, and refused is 0.
 */
AbiReturn abi_return(FrailMem *mem, FrailSpace space, FrailInsn insn,
                     uint64_t next);

/* Fill in abi and nr of @call from the registers at its entry. */
void abi_read_number(FrailCall *call, FrailInsn insn, const FrailRegs *r);
/* The same for args; mem, space and user_rsp are set. */
void abi_read_args(FrailCall *call, FrailInsn insn, const FrailRegs *r);

/*
 * Put a call that ends the caller's process, with all its threads, in the place
 * of the one in @r: kill(@tid, SIGKILL), or for 0 exit_group(137), the status
 * that shells give a process killed by SIGKILL.
 */
void abi_write_kill(const FrailCall *call, FrailInsn insn, int32_t tid,
                    FrailRegs *r);

bool abi_is_exit_group(unsigned abi, int64_t nr);
/* Calls that never come back: exit, exit_group. */
bool abi_never_returns(unsigned abi, int64_t nr);

/* Calls whose success is a new program, with page tables of its own. */
bool abi_is_exec(unsigned abi, int64_t nr);

/*
 * Calls that tell of a child that has ended: *@tells_pid, by their result; else
 * they return 0.
 */
bool abi_is_wait(unsigned abi, int64_t nr, bool *tells_pid);

bool abi_is_sigreturn(unsigned abi, int64_t nr);

/* Calls that go on at another place in the same program. */
bool abi_returns_elsewhere(unsigned abi, int64_t nr);

/* The value in RAX is the result. */
void abi_take_result(FrailCall *call, uint64_t rax);

#endif /* FRAIL_ABI_H */
