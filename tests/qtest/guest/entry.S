/*
 * System call entries, exceptions and the ways back, in the manner of Linux.
 * Included by guest.S.
 *
 * Copyright (c) 2026 The Frail developers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* A frame on a stack: words R_RAX to R_SS of a record. */
#define F(word)         (((word) - R_RAX) * 8)
#define FRAME_WORDS     (R_WORDS - R_RAX)
#define TAIL(word)      (((word) - R_VECTOR) * 8)

#define PERCPU_STACK    0
#define PERCPU_USER_RSP 8

#define RFLAGS_TF       0x100
#define RFLAGS_IF       0x200
#define RFLAGS_RF       0x10000

        .code64

        .macro PUSH_REGS
        push    %r15
        push    %r14
        push    %r13
        push    %r12
        push    %r11
        push    %r10
        push    %r9
        push    %r8
        push    $0
        push    %rbp
        push    %rdi
        push    %rsi
        push    %rdx
        push    %rcx
        push    %rbx
        push    %rax
        .endm

        .macro POP_REGS
        pop     %rax
        pop     %rbx
        pop     %rcx
        pop     %rdx
        pop     %rsi
        pop     %rdi
        pop     %rbp
        lea     8(%rsp), %rsp
        pop     %r8
        pop     %r9
        pop     %r10
        pop     %r11
        pop     %r12
        pop     %r13
        pop     %r14
        pop     %r15
        .endm

        .macro ENTRY which, here
        swapgs
        mov     %rsp, %gs:PERCPU_USER_RSP
        mov     %gs:PERCPU_STACK, %rsp
        push    $0                      /* SS, below */
        push    %gs:PERCPU_USER_RSP
        pushf
        push    $0                      /* CS, below */
        push    $\here
        push    $0
        push    $\which
        PUSH_REGS
        .endm

        .balign 64, 0xcc
entry64:
        ENTRY   ENTRY_SYSCALL64, entry64
        jmp     entry_common

        .balign 64, 0xcc
/* Another place for LSTAR. */
entry64_other:
        ENTRY   ENTRY_OTHER64, entry64_other
        jmp     entry_common

        .balign 64, 0xcc
entry32:
        ENTRY   ENTRY_SYSCALL32, entry32
entry_common:
        mov     %cs, %eax
        mov     %rax, F(R_CS)(%rsp)
        mov     %ss, %eax
        mov     %rax, F(R_SS)(%rsp)
        cld
        incq    CTL(CTL_CALLS)
        cmpl    $0, quiet
        jne     1f
        mov     %rsp, %rdi
        mov     $RECORD_ENTRY, %esi
        call    record
1:      addq    $RESULT_ADD, F(R_RAX)(%rsp)
        mov     entry_hook, %rax
        test    %rax, %rax
        jz      2f
        call    *%rax                   /* rsp + 8: the frame */
2:      cmpq    $ENTRY_SYSCALL32, F(R_VECTOR)(%rsp)
        je      return_sysretl
        mov     CTL(CTL_ARG2), %rax
        cmp     $RETURN_SYSRETL, %eax
        je      return_sysretl
        cmp     $RETURN_SYSRETQ, %eax
        je      return_sysretq
        cmp     $RETURN_IRET, %eax
        je      return_iret
        testl   $RFLAGS_RF | RFLAGS_TF, F(R_R11)(%rsp)
        jnz     return_iret
return_sysretq:
        POP_REGS
        mov     TAIL(R_RSP)(%rsp), %rsp
        swapgs
sysretq_insn:
        sysretq

return_sysretl:
        POP_REGS
        mov     TAIL(R_RSP)(%rsp), %rsp
        swapgs
        sysretl

return_iret:
        mov     F(R_RCX)(%rsp), %rax
        mov     %rax, F(R_RIP)(%rsp)
        mov     F(R_R11)(%rsp), %rax
        mov     %rax, F(R_RFLAGS)(%rsp)
        movq    $USER_CS, F(R_CS)(%rsp)
        movq    $USER_SS, F(R_SS)(%rsp)
return_frame:
        POP_REGS
        add     $16, %rsp               /* vector, error code */
        testb   $3, 8(%rsp)
        jz      1f
        swapgs
1:
iretq_insn:
        testb   $4, 0x20(%rsp)
        jnz     1f
        iretq
1:      ud2                             /* an SS in the LDT: never */

        .balign 16, 0xcc
/* A gate that user mode may use: the CPU has made the frame. */
int80_entry:
        push    $0
        push    $ENTRY_INT80
        PUSH_REGS
        swapgs
        jmp     entry_frame

        .balign 16, 0xcc
/* Nothing is saved: user mode has put its stack into EBP, as Linux's does. */
sysenter_entry:
        swapgs
        push    $USER_SS
        push    %rbp
        pushf
        orl     $RFLAGS_IF, (%rsp)      /* SYSENTER has cleared it */
        push    $USER32_CS
        push    $U(user32_sysenter_after)
        push    $0
        push    $ENTRY_SYSENTER
        PUSH_REGS
entry_frame:
        cld
        incq    CTL(CTL_CALLS)
        mov     %rsp, %rdi
        mov     $RECORD_ENTRY, %esi
        call    record
        addq    $RESULT_ADD, F(R_RAX)(%rsp)
        jmp     return_frame

        .balign 16, 0xcc
nmi_handler:
        incq    CTL(CTL_NMIS)
        iretq

        /* Exceptions; in each the first instruction leaves RSP alone. */
#define VECTOR_STRIDE   16
        .balign 16, 0xcc
vectors:
        .set    i, 0
        .rept   32
        .balign VECTOR_STRIDE, 0xcc
        cld
        .if     !((0x60227d00 >> i) & 1) /* 8, 10-14, 17, 21, 29, 30 */
        push    $0
        .endif
        push    $i
        jmp     exception
        .set    i, i + 1
        .endr

        .balign 16, 0xcc
exception:
        PUSH_REGS
        testb   $3, F(R_CS)(%rsp)
        jz      1f
        swapgs
1:      incq    CTL(CTL_EXCEPTIONS)
        mov     %rsp, %rdi
        mov     $RECORD_EXCEPTION, %esi
        call    record
        mov     fixup, %rax
        cmp     $FIXUP_RESUME, %rax
        je      return_frame
        movq    $0, fixup
        test    %rax, %rax
        jz      leave_user
        mov     %rax, F(R_RIP)(%rsp)
        jmp     return_frame

        .balign 16, 0xcc
/* INT 0x81: user mode is done. */
user_end_handler:
        push    $0
        push    $0x81
        PUSH_REGS
        cld
        swapgs
        mov     %rsp, %rdi
        mov     $RECORD_USER, %esi
        call    record
leave_user:
        mov     leave_rsp, %rsp
        ret

/* rdi: frame; esi: tag */
record:
        mov     CTL(CTL_RECORDS), %rax
        cmp     $RECORD_MAX, %rax
        jae     2f
        incq    CTL(CTL_RECORDS)
        shl     $8, %rax
        add     $KERNEL_VA + RECORD_PHYS, %rax
        mov     %rsi, (%rax)
        movq    $0, 8(%rax)
        cmpq    $14, F(R_VECTOR)(%rdi)
        jne     1f
        mov     %cr2, %rdx
        mov     %rdx, 8(%rax)
1:      mov     %rdi, %rsi
        lea     R_RAX * 8(%rax), %rdi
        mov     $FRAME_WORDS, %ecx
        rep     movsq
2:      ret

/* rax: value to be recorded; changes no other register but rdx. */
record_value:
        mov     CTL(CTL_RECORDS), %rdx
        cmp     $RECORD_MAX, %rdx
        jae     1f
        incq    CTL(CTL_RECORDS)
        shl     $8, %rdx
        add     $KERNEL_VA + RECORD_PHYS, %rdx
        movq    $RECORD_VALUE, (%rdx)
        mov     %rax, R_RAX * 8(%rdx)
1:      ret
