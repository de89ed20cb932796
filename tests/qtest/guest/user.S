/*
 * What runs in user mode, copied to USER_VA.  Included by guest.S.
 *
 * Copyright (c) 2026 The Frail developers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

        .code64
        .balign 16, 0xcc
user_start:
        .macro END_USER
        nop
        int     $0x81
        .endm

user_call:
        syscall
user_after:
        END_USER

user_no_sce:
        syscall
        END_USER

user_ud2:
        ud2
        END_USER

/* The bytes of SYSCALL are in it, but it is none. */
user_ud_mov:
        mov     $0x0000050f, %eax
        .byte   0x0f, 0xff, 0xc0        /* UD0 */
        END_USER

user_lock:
        .byte   0xf0, 0x0f, 0x05
        END_USER

/* How a signal handler's frame brings a task elsewhere. */
user_elsewhere:
        lea     1(%rdi), %rdi
        END_USER

user_first:
        END_USER

/* rbx: how often; r12: number; the others must stay as they are. */
user_loop:
        mov     %r12, %rax
        mov     %rsp, %r13
        syscall
        incq    %r15
        lea     RESULT_ADD(%r12), %rdx
        cmp     %rdx, %rax
        jne     1f
        cmp     %r13, %rsp
        jne     1f
        lea     user_loop(%rip), %rdx
        add     $user_loop_after - user_loop, %rdx
        cmp     %rdx, %rcx
        jne     1f
        test    $RFLAGS_TF, %r11d       /* never set here */
        jnz     1f
        cmp     $0x5a5a, %rbp
        je      2f
1:      incq    %r14
2:      dec     %rbx
        jnz     user_loop
        END_USER
        .set    user_loop_after, user_loop + 8

user_step:
        pushf
        orl     $0x100, (%rsp)
        popf
        nop
        lea     1(%rdi), %rdi
        int     $0x81

user_jump:
        jmp     *%rbx

        .code32
user32_end:
        mov     $0x32323232, %edi
        END_USER

user32_call:
        syscall
        END_USER

user32_int80:
        int     $0x80
        END_USER

user32_sysenter:
        mov     %esp, %ebp
        sysenter
        ud2                             /* that is not where it goes on */
user32_sysenter_after:
        END_USER
        .code64

/* One slot of 32 bytes for each prefixed call. */
        .balign PREFIX_STRIDE, 0xcc
user_prefix:
        .irp    byte, 0x48, 0x40, 0x4f, 0x66, 0x67, 0xf2, 0xf3, 0x2e, 0x36, \
                      0x3e, 0x26, 0x64, 0x65
        .balign PREFIX_STRIDE, 0xcc
        .byte   \byte, 0x0f, 0x05
        END_USER
        .endr
        .macro PREFIXED bytes:vararg
        .balign PREFIX_STRIDE, 0xcc
        .byte   \bytes
        END_USER
        .endm
        PREFIXED 0x66, 0x48, 0x0f, 0x05
        PREFIXED 0xf3, 0x66, 0x2e, 0x64, 0x0f, 0x05
        PREFIXED 0x48, 0x66, 0x0f, 0x05         /* this REX is ignored */
        PREFIXED 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, \
                 0x66, 0x66, 0x66, 0x66, 0x0f, 0x05
        /* 16 bytes: too long, #GP */
        PREFIXED 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, \
                 0x66, 0x66, 0x66, 0x66, 0x66, 0x0f, 0x05
        /* LOCK: #UD, wherever it stands */
        PREFIXED 0xf0, 0x0f, 0x05
        PREFIXED 0x66, 0xf0, 0x48, 0x0f, 0x05
user_end:
