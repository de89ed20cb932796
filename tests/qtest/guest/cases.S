/*
 * The cases.  Included by guest.S.
 *
 * Copyright (c) 2026 The Frail developers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#define PVPANIC_PORT    0x505
#define USER_RFLAGS     0x202

        .code64

        /* Run the instruction at once behind; its exception goes to \to. */
        .macro FIXUP to
        movq    $\to, fixup
        .endm

write_msr:
        mov     %rax, %rdx
        shr     $32, %rdx
        wrmsr
        ret

read_msr:
        rdmsr
        shl     $32, %rdx
        or      %rdx, %rax
        ret

/* LSTAR last: with it the system calls are ready. */
write_call_msrs:
        mov     $MSR_STAR, %ecx
        movabs  $STAR_VALUE, %rax
        call    write_msr
        mov     $MSR_CSTAR, %ecx
        mov     $entry32, %rax
        call    write_msr
        mov     $MSR_SFMASK, %ecx
        mov     $SFMASK_VALUE, %eax
        call    write_msr
        mov     $MSR_LSTAR, %ecx
        mov     $entry64, %rax
        jmp     write_msr

main_loop:
        mov     $STATUS_READY, %eax
        cmpq    $STATUS_RUNNING, CTL(CTL_STATUS)
        jne     1f
        mov     $STATUS_DIED, %eax
1:      mov     $KERNEL_VA + MAIN_PHYS, %rsp
        cld
        movq    $0, CTL(CTL_CASE)
        mov     %rax, CTL(CTL_STATUS)
        mov     $PVPANIC_PORT, %edx
        mov     $1, %al
        out     %al, %dx
2:      pause
        mov     CTL(CTL_CASE), %rax
        test    %rax, %rax
        jz      2b
        movq    $STATUS_RUNNING, CTL(CTL_STATUS)
        movl    $0, quiet
        movq    $0, fixup
        movq    $0, entry_hook
        call    1f
        mov     $STATUS_DONE, %eax
        cmpb    $0, no_case
        je      1b
        mov     $STATUS_NO_CASE, %eax
        jmp     1b

        /* An exception without fixup comes back to here, too. */
1:      mov     %rsp, leave_rsp
        movb    $0, no_case
        cmp     $CASES, %rax
        jae     2f
        jmp     *cases(,%rax,8)
2:      movb    $1, no_case
        ret

/*
 * Run user code until INT 0x81 or an exception without fixup.  rax: where;
 * rdi: RFLAGS; rsi: CS.  The registers come from CTL_REGS.
 */
run_user:
        push    leave_rsp
        push    $1f
        mov     %rsp, leave_rsp
        push    $USER_SS
        push    $USER_STACK
        push    %rdi
        push    %rsi
        push    %rax
        push    $0
        push    $0
        sub     $16 * 8, %rsp
        mov     $KERNEL_VA + CTL_PHYS + CTL_REGS, %rsi
        mov     %rsp, %rdi
        mov     $16, %ecx
        rep     movsq
        jmp     return_frame
1:      pop     leave_rsp
        ret

        .macro RUN_USER where, rflags=$USER_RFLAGS, cs=$USER_CS
        mov     \rflags, %rdi
        mov     \cs, %esi
        mov     $U(\where), %eax
        call    run_user
        .endm

/* eax: number of the next call */
set_number:
        mov     %rax, CTL(CTL_REGS)
        ret

case_call:
        mov     CTL(CTL_ARG0), %rax
        call    set_number
        RUN_USER user_call, CTL(CTL_ARG1)
        ret

case_msrs:
        mov     $MSR_EFER, %ecx
1:      call    read_msr
        call    record_value
        inc     %ecx
        cmp     $MSR_SFMASK, %ecx
        jbe     1b
        ret

        /* The guest's own view after each write, or the exception. */
case_efer:
        mov     $MSR_EFER, %ecx
        call    read_msr
        mov     %rax, %r12
        call    record_value
        mov     $efer_flips, %rbx
1:      mov     %r12, %rax
        xor     (%rbx), %rax
        FIXUP   2f
        call    write_msr
2:      movq    $0, fixup
        mov     leave_rsp, %rsp         /* the call's own word */
        call    read_msr
        call    record_value
        add     $8, %rbx
        cmp     $efer_flips_end, %rbx
        jne     1b
        mov     %r12, %rax
        call    write_msr
        call    read_msr
        call    record_value
        RUN_USER user_call
        ret

        .balign 8, 0xcc
efer_flips:
        .quad   1 << 0                  /* SCE off */
        .quad   0                       /* SCE on */
        .quad   1 << 1                  /* reserved: #GP */
        .quad   1 << 8                  /* LME under paging: #GP */
        .quad   1 << 10                 /* LMA is read-only */
        .quad   1 << 16                 /* reserved: #GP */
        .quad   1 << 63                 /* reserved: #GP */
        .quad   (1 << 0) | (1 << 63)    /* none of it may come about */
        .quad   0
efer_flips_end:

case_no_sce:
        mov     $MSR_EFER, %ecx
        call    read_msr
        and     $~EFER_SCE, %eax
        call    write_msr
        RUN_USER user_no_sce
        RUN_USER user_no_sce
        mov     $MSR_EFER, %ecx
        call    read_msr
        call    record_value
        or      $EFER_SCE, %eax
        call    write_msr
        RUN_USER user_call
        ret

case_ud_user:
        RUN_USER user_call
        RUN_USER user_ud2
        RUN_USER user_ud_mov
        RUN_USER user_lock
        FIXUP   U(user_after)
        RUN_USER user_ud2
        RUN_USER user_call
        ret

case_ud_kernel:
        RUN_USER user_call
        FIXUP   1f
        ud2
1:      FIXUP   2f
        .byte   0x0f, 0xff, 0xc0
2:      RUN_USER user_call
        ret

case_prefix:
        mov     CTL(CTL_ARG0), %rax
        cmp     $PREFIXES, %rax
        jae     1f
        imul    $PREFIX_STRIDE, %eax, %eax
        add     $U(user_prefix), %eax
        mov     $USER_RFLAGS, %edi
        mov     $USER_CS, %esi
        call    run_user
1:      ret

/* Code around the end of a page: where it begins, length, bytes */
        .macro EDGE_CODE at, bytes:vararg
        .balign 16, 0xcc
        .long   \at
        .byte   \bytes
        .endm
        .balign 16, 0xcc
edges:
        EDGE_CODE 0xfff, 0x0f, 0x05, 0x90, 0xcd, 0x81
        EDGE_CODE 0xffe, 0x48, 0x0f, 0x05, 0x90, 0xcd, 0x81
        EDGE_CODE 0x1ffe, 0x0f, 0x05    /* the next page is a hole */
        EDGE_CODE 0x1fff, 0x0f          /* so is the other byte */

case_edge:
        mov     CTL(CTL_ARG0), %rax
        cmp     $EDGES, %rax
        jae     1f
        shl     $4, %eax
        mov     edges(%rax), %r8d
        lea     edges + 4(%rax), %rsi
        lea     KERNEL_VA + USER_PHYS + EDGE_VA - USER_VA(%r8), %rdi
        mov     $12, %ecx
        rep     movsb
        lea     EDGE_VA(%r8), %rax
        mov     $USER_RFLAGS, %edi
        mov     $USER_CS, %esi
        call    run_user
1:      ret

/* Another context goes back than came in, as after rt_sigreturn. */
hook_sigreturn:
        movq    $U(user_elsewhere), 8 + F(R_RCX)(%rsp)
        movq    $0x246, 8 + F(R_R11)(%rsp)
        movq    $USER_STACK - 0x100, 8 + F(R_RSP)(%rsp)
        movq    $0x517, 8 + F(R_RDI)(%rsp)
        movq    $-4, 8 + F(R_RAX)(%rsp)
        ret

case_sigreturn:
        movq    $hook_sigreturn, entry_hook
        RUN_USER user_call
        ret

/* A task that never called, but goes out by SYSRETQ: a fork's child. */
case_first_return:
        RUN_USER user_call
        push    leave_rsp
        push    $1f
        mov     %rsp, leave_rsp
        push    $USER_SS
        push    $USER_STACK
        push    $0
        push    $0
        push    $0
        push    $0
        push    $0
        sub     $16 * 8, %rsp
        mov     $KERNEL_VA + CTL_PHYS + CTL_REGS, %rsi
        mov     %rsp, %rdi
        mov     $16, %ecx
        rep     movsq
        movq    $U(user_first), F(R_RCX)(%rsp)
        movq    $0x246, F(R_R11)(%rsp)
        jmp     return_sysretq
1:      pop     leave_rsp
        RUN_USER user_call
        ret

hook_sysretl:
        movq    $U(user32_end), 8 + F(R_RCX)(%rsp)
        ret

case_sysretl:
        movq    $hook_sysretl, entry_hook
        movq    $RETURN_SYSRETL, CTL(CTL_ARG2)
        RUN_USER user_call
        ret

case_call32:
        mov     CTL(CTL_ARG0), %rax
        call    set_number
        RUN_USER user32_call, CTL(CTL_ARG1), $USER32_CS
        ret

case_loop:
        mov     CTL(CTL_ARG0), %rax
        mov     %rax, CTL(CTL_REGS + F(R_RBX))
        mov     CTL(CTL_ARG1), %rax
        mov     %rax, CTL(CTL_REGS + F(R_R12))
        movq    $0, CTL(CTL_REGS + F(R_R14))
        movq    $0, CTL(CTL_REGS + F(R_R15))
        movq    $0x5a5a, CTL(CTL_REGS + F(R_RBP))
        movl    $1, quiet
        RUN_USER user_loop
        /* The last record is the user's end. */
        mov     CTL(CTL_RECORDS), %rax
        dec     %rax
        shl     $8, %rax
        add     $KERNEL_VA + RECORD_PHYS, %rax
        mov     R_R14 * 8(%rax), %rdx
        mov     %rdx, CTL(CTL_BAD)
        mov     R_R15 * 8(%rax), %rdx
        mov     %rdx, CTL(CTL_LOOPS)
        ret

case_step:
        RUN_USER user_call
        movq    $FIXUP_RESUME, fixup
        RUN_USER user_step
        movq    $0, fixup
        RUN_USER user_call
        ret

/* User mode may not run the kernel's code, breakpoint on it or not. */
case_user_jump:
        RUN_USER user_call
        movq    $entry64, CTL(CTL_REGS + F(R_RBX))
        RUN_USER user_jump
        movq    $vectors + 6 * VECTOR_STRIDE, CTL(CTL_REGS + F(R_RBX))
        RUN_USER user_jump
        movq    $sysretq_insn, CTL(CTL_REGS + F(R_RBX))
        RUN_USER user_jump
        RUN_USER user_call
        ret

/* LSTAR moves, as after kexec, and comes back. */
case_lstar:
        mov     CTL(CTL_ARG0), %rax
        call    set_number
        RUN_USER user_call
        mov     $MSR_LSTAR, %ecx
        mov     $entry64_other, %rax
        call    write_msr
        RUN_USER user_call
        RUN_USER user_call
        mov     $MSR_LSTAR, %ecx
        mov     $entry64, %rax
        call    write_msr
        RUN_USER user_call
        RUN_USER user_call
        ret

case_int80:
        mov     CTL(CTL_ARG0), %rax
        call    set_number
        RUN_USER user32_int80, CTL(CTL_ARG1), $USER32_CS
        ret

case_sysenter:
        mov     $MSR_SYSENTER_CS, %ecx
        mov     $KERNEL_CS, %eax
        call    write_msr
        mov     $MSR_SYSENTER_ESP, %ecx
        mov     $KERNEL_VA + TASK_PHYS, %rax
        call    write_msr
        mov     $MSR_SYSENTER_EIP, %ecx
        mov     $sysenter_entry, %rax
        call    write_msr
        mov     CTL(CTL_ARG0), %rax
        call    set_number
        RUN_USER user32_sysenter, CTL(CTL_ARG1), $USER32_CS
        ret

        .balign 8, 0xcc
cases:
        .quad   2b                      /* none has the number 0 */
        .quad   case_call, case_msrs, case_efer, case_no_sce
        .quad   case_ud_user, case_ud_kernel, case_prefix, case_edge
        .quad   case_sigreturn, case_first_return, case_sysretl
        .quad   case_call32, case_loop, case_step, case_user_jump
        .quad   case_lstar, case_int80, case_sysenter
