/*
 * The guest of the self-test: set LSTAR, go to user mode, make one system
 * call, come back by SYSRETQ, end with a genuine invalid opcode.
 *
 * Position-independent.  It starts at CPL 0 in 64-bit mode with an IRET frame
 * on its stack.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "selftest.h"

#define MSR_EFER    0xc0000080
#define MSR_LSTAR   0xc0000082

        .section .rodata.frail_selftest, "a"
        .code64

        .macro LABEL name
        .globl frail_selftest_\name
        .hidden frail_selftest_\name
frail_selftest_\name:
        .endm

        LABEL start
        mov     $MSR_EFER, %ecx
        rdmsr
        or      $1, %eax                /* SCE */
        wrmsr
        mov     $MSR_LSTAR, %ecx
        lea     frail_selftest_entry(%rip), %rax
        xor     %edx, %edx
        wrmsr
        LABEL iretq
        iretq

        .balign 16
        /*
         * KVM leaves RF alone when it skips an instruction that it handles
         * itself, so the first one of each must be of another kind.
         */
        LABEL entry
        nop
        out     %al, $SELFTEST_PORT_ENTRY
        LABEL sysretq
        sysretq

        .balign 16
        LABEL ud
        nop
        out     %al, $SELFTEST_PORT_UD
        hlt

        /* One entry of four bytes for each vector. */
        .balign 16
        LABEL exception
        .set    vector, 0
        .rept   32
        mov     $vector, %al
        jmp     1f
        .set    vector, vector + 1
        .endr
1:      out     %al, $SELFTEST_PORT_EXCEPTION
        hlt

        .balign 16
        LABEL user
        syscall
        LABEL user_ud
        ud2
        LABEL end

        .section .note.GNU-stack, "", @progbits
