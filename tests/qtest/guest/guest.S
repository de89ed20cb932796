/*
 * A guest for frail-test: a kernel of a few pages that enters and leaves
 * user mode as Linux does, and cases that the test picks one by one.
 *
 * It is a firmware image: nothing else is needed to boot it.  The Makefile
 * makes frail-guest.h of it.
 *
 * Copyright (c) 2026 The Frail developers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "frail-guest-layout.h"

#define MSR_SYSENTER_CS     0x174
#define MSR_SYSENTER_ESP    0x175
#define MSR_SYSENTER_EIP    0x176
#define MSR_EFER            0xc0000080
#define MSR_STAR            0xc0000081
#define MSR_LSTAR           0xc0000082
#define MSR_CSTAR           0xc0000083
#define MSR_SFMASK          0xc0000084
#define MSR_GS_BASE         0xc0000101
#define MSR_KERNEL_GS_BASE  0xc0000102

#define EFER_SCE            (1 << 0)
#define EFER_LME            (1 << 8)

#define CTL(word)           KERNEL_VA + CTL_PHYS + (word)
#define FIXUP_RESUME        1

/* Where a label of user.S is in user memory */
#define U(label)            ((label) - user_start + USER_VA)
#define PREFIX_STRIDE       32

        .text
        .globl  _start
_start:
guest_base:
image_start:
#include "entry.S"
#include "cases.S"

        .balign 8, 0xcc
/* Where to go on after the next exception; 0: leave the case. */
fixup:      .quad   0
/* Called with the frame of a system call, to change it. */
entry_hook: .quad   0
/* Stack pointer that ends user mode with a RET. */
leave_rsp:  .quad   0
/* No records of system calls. */
quiet:      .long   0
no_case:    .long   0

#include "user.S"
#include "boot.S"

        .section .note.GNU-stack, "", @progbits
