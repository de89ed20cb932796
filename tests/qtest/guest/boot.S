/*
 * From reset to the kernel's half in 64-bit mode.  Included by guest.S.
 *
 * Copyright (c) 2026 The Frail developers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#define PTE_KERNEL      0x003           /* present, writable */
#define PTE_USER        0x007
#define PTE_LARGE       0x080
#define PTE_UNCACHED    0x018

#define PML4            TABLES_PHYS
#define PDPT_LOW        (TABLES_PHYS + 0x1000)
#define PDPT_HIGH       (TABLES_PHYS + 0x2000)
#define PD_LOW          (TABLES_PHYS + 0x3000)
#define PD_APIC         (TABLES_PHYS + 0x4000)
#define PD_HIGH         (TABLES_PHYS + 0x5000)
#define PT_USER         (TABLES_PHYS + 0x6000)

#define APIC_PHYS       0xfee00000
#define APIC_SVR        0xf0
#define APIC_LINT1      0x360

        .balign 16, 0xcc
gdt:
        .quad   0
        .quad   0x00cf9b000000ffff      /* 0x08: 32-bit code, to boot */
        .quad   0x00af9b000000ffff      /* 0x10: kernel code */
        .quad   0x00cf93000000ffff      /* 0x18: kernel data */
        .quad   0x00cffb000000ffff      /* 0x23: 32-bit user code */
        .quad   0x00cff3000000ffff      /* 0x2b: user data */
        .quad   0x00affb000000ffff      /* 0x33: user code */
        .quad   0
tss_descriptor:                         /* 0x40 */
        .quad   ((TSS_PHYS & 0xffffff) << 16) | (0x80 << 56) | 0x890000000067
        .quad   KERNEL_VA >> 32
gdt_end:

gdtr_low:
        .word   gdt_end - gdt - 1
        .long   IMAGE_PHYS + gdt - image_start
gdtr_high:
        .word   gdt_end - gdt - 1
        .quad   gdt
idtr:
        .word   256 * 16 - 1
        .quad   KERNEL_VA + IDT_PHYS

        .code64
boot64:
        /* Still in the low half. */
        mov     $kernel_start, %rax
        jmp     *%rax

/* edi: IDT entry; rax: handler; ecx: type and IST, as in the gate */
set_gate:
        mov     %ax, (%rdi)
        movw    $KERNEL_CS, 2(%rdi)
        mov     %cx, 4(%rdi)
        shr     $16, %rax
        mov     %ax, 6(%rdi)
        shr     $16, %rax
        mov     %eax, 8(%rdi)
        ret

kernel_start:
        lgdt    gdtr_high
        lidt    idtr
        mov     $KERNEL_VA + MAIN_PHYS, %rsp
        xor     %eax, %eax
        mov     %eax, %ds
        mov     %eax, %es
        mov     %eax, %fs
        mov     %eax, %gs

        /* Vectors 0 to 31, two of them on stacks of their own. */
        mov     $KERNEL_VA + IDT_PHYS, %rdi
        mov     $vectors, %rdx
1:      mov     %rdx, %rax
        mov     $0x8e00, %ecx
        call    set_gate
        add     $16, %rdi
        add     $VECTOR_STRIDE, %rdx
        cmp     $vectors + 32 * VECTOR_STRIDE, %rdx
        jne     1b
        mov     $KERNEL_VA + IDT_PHYS + 2 * 16, %rdi
        mov     $nmi_handler, %rax
        mov     $0x8e01, %ecx
        call    set_gate
        movb    $2, KERNEL_VA + IDT_PHYS + 8 * 16 + 4
        mov     $KERNEL_VA + IDT_PHYS + 0x81 * 16, %rdi
        mov     $user_end_handler, %rax
        mov     $0xee00, %ecx
        call    set_gate

        mov     $KERNEL_VA + IDT_PHYS + 0x80 * 16, %rdi
        mov     $int80_entry, %rax
        mov     $0xee00, %ecx
        call    set_gate

        movq    $KERNEL_VA + RSP0_PHYS, KERNEL_VA + TSS_PHYS + 4
        movq    $KERNEL_VA + NMI_PHYS, KERNEL_VA + TSS_PHYS + 0x24
        movq    $KERNEL_VA + DF_PHYS, KERNEL_VA + TSS_PHYS + 0x2c
        movw    $0x68, KERNEL_VA + TSS_PHYS + 0x66
        mov     $TSS_SELECTOR, %eax
        ltr     %ax

        movq    $KERNEL_VA + TASK_PHYS, KERNEL_VA + PERCPU_PHYS
        mov     $MSR_GS_BASE, %ecx
        mov     $KERNEL_VA + PERCPU_PHYS, %rax
        call    write_msr
        mov     $MSR_KERNEL_GS_BASE, %ecx
        xor     %eax, %eax
        call    write_msr

        /* No interrupts; NMIs come in through LINT1. */
        mov     $0xff, %al
        out     %al, $0x21
        out     %al, $0xa1
        mov     $APIC_PHYS, %eax
        movl    $0x1ff, APIC_SVR(%rax)
        movl    $0x400, APIC_LINT1(%rax)

        mov     $user_start, %rsi
        mov     $KERNEL_VA + USER_PHYS, %rdi
        mov     $user_end - user_start, %ecx
        rep     movsb

        call    write_call_msrs
        mov     $MSR_EFER, %ecx
        rdmsr
        or      $EFER_SCE, %eax
        wrmsr
        jmp     main_loop

        .code32
boot32:
        mov     $KERNEL_SS, %eax
        mov     %eax, %ds
        mov     %eax, %es
        mov     %eax, %ss
        /* - IMAGE_SIZE: the ROM ends at 4 GiB. */
        mov     $-IMAGE_SIZE, %esi
        mov     $IMAGE_PHYS, %edi
        mov     $IMAGE_SIZE / 4, %ecx
        rep     movsl
        /* The ROM will not be mapped. */
        ljmp    $BOOT_CS, $IMAGE_PHYS + boot_tables - image_start

boot_tables:
        lgdt    IMAGE_PHYS + gdtr_low - image_start
        xor     %eax, %eax
        mov     $TABLES_PHYS, %edi
        mov     $7 * 4096 / 4, %ecx
        rep     stosl
        mov     $IDT_PHYS, %edi
        mov     $3 * 4096 / 4, %ecx
        rep     stosl

        movl    $PDPT_LOW + PTE_USER, PML4
        movl    $PDPT_HIGH + PTE_KERNEL, PML4 + 511 * 8
        movl    $PD_LOW + PTE_USER, PDPT_LOW
        movl    $PD_APIC + PTE_KERNEL, PDPT_LOW + 3 * 8
        movl    $PD_HIGH + PTE_KERNEL, PDPT_HIGH + 510 * 8
        movl    $PTE_KERNEL + PTE_LARGE, PD_LOW
        movl    $PTE_KERNEL + PTE_LARGE, PD_HIGH
        movl    $0x200000 + PTE_KERNEL + PTE_LARGE, PD_HIGH + 8
        movl    $PT_USER + PTE_USER, PD_LOW + (USER_VA >> 21) * 8
        movl    $APIC_PHYS + PTE_KERNEL + PTE_LARGE + PTE_UNCACHED, \
                PD_APIC + ((APIC_PHYS >> 21) & 511) * 8
        mov     $USER_PHYS + PTE_USER, %eax
        mov     $PT_USER, %edi
1:      mov     %eax, (%edi)
        add     $0x1000, %eax
        add     $8, %edi
        cmp     $PT_USER + USER_PAGES * 8, %edi
        jne     1b
        movl    $0, PT_USER + ((HOLE_VA - USER_VA) >> 12) * 8

        incl    CTL_PHYS + CTL_BOOTS
        mov     $0x20, %eax             /* PAE */
        mov     %eax, %cr4
        mov     $PML4, %eax
        mov     %eax, %cr3
        mov     $MSR_EFER, %ecx
        xor     %edx, %edx
        mov     $EFER_LME, %eax
        wrmsr
        mov     $0x80010033, %eax       /* PG, WP, NE, ET, MP, PE */
        mov     %eax, %cr0
        ljmp    $KERNEL_CS, $IMAGE_PHYS + boot64 - image_start

        /* The reset vector's segment is the last 64 KiB below 4 GiB. */
        .code16
#define ROM16(label)    ((label) - image_start + ROM_SIZE - IMAGE_SIZE)
boot16:
        cli
        cld
        lgdtl   %cs:ROM16(gdtr_rom)
        mov     %cr0, %eax
        or      $1, %al
        mov     %eax, %cr0
        ljmpl   $BOOT_CS, $boot32 - image_start - IMAGE_SIZE
gdtr_rom:
        .word   gdt_end - gdt - 1
        .long   gdt - image_start - IMAGE_SIZE

        .org    image_start - guest_base + IMAGE_SIZE - 16
        jmp     boot16
        .org    image_start - guest_base + IMAGE_SIZE
