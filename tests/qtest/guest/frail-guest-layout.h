/*
 * The small guest of frail-test: where the test and it meet in memory.
 *
 * The guest stops the machine (a write to the pvpanic port) when it is ready
 * and after each case.  The test then reads the records, writes the next
 * case's number and arguments, and lets it go on.
 *
 * Also included by the assembler.
 *
 * Copyright (c) 2026 The Frail developers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_GUEST_LAYOUT_H
#define FRAIL_GUEST_LAYOUT_H

/* The image: the end of a 64 KiB ROM, and copied to memory */
#define ROM_SIZE            0x10000
#define IMAGE_SIZE          0x1800
#define IMAGE_PHYS          0x100000

/* The kernel's half begins here: guest-physical 0 */
#define KERNEL_VA           0xffffffff80000000

/* Control words, guest-physical; the guest's own names for them below */
#define CTL_PHYS            0x200000
#define CTL_CASE            0x00        /* written by the test; 0: none */
#define CTL_ARG0            0x08
#define CTL_ARG1            0x10
#define CTL_ARG2            0x18
#define CTL_STATUS          0x20
#define CTL_BOOTS           0x28
#define CTL_NMIS            0x30
#define CTL_RECORDS         0x38        /* how many */
#define CTL_CALLS           0x40        /* entries at LSTAR or CSTAR */
#define CTL_LOOPS           0x48        /* calls counted in user mode */
#define CTL_BAD             0x50        /* of these, with wrong registers */
#define CTL_EXCEPTIONS      0x58
#define CTL_REGS            0x100       /* what user mode begins with */

#define STATUS_READY        1
#define STATUS_RUNNING      2
#define STATUS_DONE         3
#define STATUS_DIED         4           /* the machine was reset by a case */
#define STATUS_NO_CASE      5

/* Records: 32 words each, guest-physical */
#define RECORD_PHYS         0x240000
#define RECORD_SIZE         256
#define RECORD_MAX          1024

#define RECORD_ENTRY        1           /* at LSTAR or CSTAR */
#define RECORD_USER         2           /* in user mode, at the case's end */
#define RECORD_EXCEPTION    3
#define RECORD_VALUE        4

/* Words of a record; the registers are those of a stack frame */
#define R_TAG               0
#define R_CR2               1           /* page faults only */
#define R_RAX               2           /* values: here */
#define R_RBX               3
#define R_RCX               4
#define R_RDX               5
#define R_RSI               6
#define R_RDI               7
#define R_RBP               8
/* 9 is not used */
#define R_R8                10
#define R_R9                11
#define R_R10               12
#define R_R11               13
#define R_R12               14
#define R_R13               15
#define R_R14               16
#define R_R15               17
#define R_VECTOR            18          /* entries: see below */
#define R_ERROR             19
#define R_RIP               20
#define R_CS                21
#define R_RFLAGS            22
#define R_RSP               23
#define R_SS                24
#define R_WORDS             25

/* R_VECTOR of an entry */
#define ENTRY_SYSCALL32     32
#define ENTRY_SYSENTER      34
#define ENTRY_SYSCALL64     64
#define ENTRY_OTHER64       65          /* LSTAR has been moved */
#define ENTRY_INT80         128

/* Other memory, guest-physical */
#define TABLES_PHYS         0x210000    /* seven page tables */
#define RSP0_PHYS           0x228000    /* tops of stacks */
#define TASK_PHYS           0x230000
#define MAIN_PHYS           0x234000
#define NMI_PHYS            0x236000
#define DF_PHYS             0x238000
#define IDT_PHYS            0x23a000
#define TSS_PHYS            0x23b000
#define PERCPU_PHYS         0x23c000
#define USER_PHYS           0x300000

/* User memory: linear */
#define USER_VA             0x400000
#define USER_PAGES          16
#define EDGE_VA             0x401000    /* a page, another, then a hole */
#define HOLE_VA             0x403000
#define USER_STACK          0x408000

/* Selectors, as Linux has them */
#define BOOT_CS             0x08
#define KERNEL_CS           0x10
#define KERNEL_SS           0x18
#define USER32_CS           0x23
#define USER_SS             0x2b
#define USER_CS             0x33
#define TSS_SELECTOR        0x40

#define STAR_VALUE          0x0023001000000000
#define SFMASK_VALUE        0x257fd5    /* as Linux, 6.1 */

/* What the guest's kernel adds to the number of a call: its result */
#define RESULT_ADD          0x100000

/* How the kernel goes back to user mode: the last argument of a case */
#define RETURN_LINUX        0           /* IRET when R11 has RF or TF */
#define RETURN_IRET         1
#define RETURN_SYSRETQ      2
#define RETURN_SYSRETL      3

/* The cases.  In brackets their arguments. */
#define CASE_CALL           1           /* [number, RFLAGS, return] */
#define CASE_MSRS           2
#define CASE_EFER           3
#define CASE_NO_SCE         4
#define CASE_UD_USER        5
#define CASE_UD_KERNEL      6
#define CASE_PREFIX         7           /* [which, -, return] */
#define CASE_EDGE           8           /* [which, -, return] */
#define CASE_SIGRETURN      9           /* [-, -, return] */
#define CASE_FIRST_RETURN   10
#define CASE_SYSRETL        11
#define CASE_CALL32         12          /* [number, RFLAGS, -] */
#define CASE_LOOP           13          /* [how often, number, return] */
#define CASE_STEP           14
#define CASE_USER_JUMP      15
#define CASE_LSTAR          16          /* [number, -, return] */
#define CASE_INT80          17          /* [number, RFLAGS, -] */
#define CASE_SYSENTER       18          /* [number, RFLAGS, -] */
#define CASES               19

#define PREFIXES            20
#define EDGES               4

#endif /* FRAIL_GUEST_LAYOUT_H */
