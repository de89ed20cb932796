/*
 * The scratch virtual machine of the self-test: one vCPU in long mode, ten
 * pages of memory, no devices.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kvm/selftest-vm.h"

#define CPUID_ENTRIES   256     /* KVM_MAX_CPUID_ENTRIES */
#define INTEL_TSS       0xfffbd000u     /* outside our memory */

static int check_capabilities(ScratchVM *s)
{
    static const struct {
        unsigned cap;
        int bits;               /* 0: any */
        const char *text;
    } needed[] = {
        { KVM_CAP_IMMEDIATE_EXIT, 0,
          "KVM_CAP_IMMEDIATE_EXIT (Linux 4.13)" },
        { KVM_CAP_SYNC_REGS, KVM_SYNC_X86_REGS | KVM_SYNC_X86_SREGS,
          "KVM_CAP_SYNC_REGS (Linux 4.17)" },
        { KVM_CAP_SET_GUEST_DEBUG, 0, "KVM_CAP_SET_GUEST_DEBUG" },
        { KVM_CAP_X86_USER_SPACE_MSR, 0,
          "KVM_CAP_X86_USER_SPACE_MSR (Linux 5.10)" },
        { KVM_CAP_X86_MSR_FILTER, 0, "KVM_CAP_X86_MSR_FILTER (Linux 5.10)" },
    };

    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        int has = scratch_raw(s, s->kvm_fd, KVM_CHECK_EXTENSION,
                      NUMBER(needed[i].cap));

        if (has <= 0 || (has & needed[i].bits) != needed[i].bits) {
            return scratch_fail(s, ENOTSUP, "this host's KVM lacks %s",
                                needed[i].text);
        }
    }
    return 0;
}

static void put(ScratchVM *s, uint64_t gpa, uint64_t value)
{
    memcpy(s->memory + gpa, &value, sizeof(value));
}

static void put_gate(ScratchVM *s, unsigned vector, uint64_t handler)
{
    put(s, SELFTEST_IDT + vector * 16, (handler & 0xffff) |
        SELFTEST_KERNEL_CS << 16 | 0x8eull << 40);
    put(s, SELFTEST_IDT + vector * 16 + 8, handler >> 32);
}

static void fill_memory(ScratchVM *s)
{
    uint64_t frame = SELFTEST_KERNEL_STACK - 40;

    memcpy(s->memory + SELFTEST_CODE, frail_selftest_start,
           SELFTEST_OFFSET(frail_selftest_end));
    /* One page of 2 MiB, writable, for user and kernel. */
    put(s, SELFTEST_PML4, SELFTEST_PDPT | 7);
    put(s, SELFTEST_PDPT, SELFTEST_PD | 7);
    put(s, SELFTEST_PD, 0x87);

    put(s, SELFTEST_GDT + SELFTEST_KERNEL_CS, 0x00af9b000000ffff);
    put(s, SELFTEST_GDT + SELFTEST_KERNEL_SS, 0x00cf93000000ffff);
    put(s, SELFTEST_GDT + (SELFTEST_USER_SS & ~3), 0x00cff3000000ffff);
    put(s, SELFTEST_GDT + (SELFTEST_USER_CS & ~3), 0x00affb000000ffff);
    put(s, SELFTEST_GDT + SELFTEST_TR,
        0x00008b0000000067 | (uint64_t)SELFTEST_TSS << 16);
    put(s, SELFTEST_TSS + 4, SELFTEST_KERNEL_STACK);    /* RSP0 */

    for (unsigned i = 0; i < 32; i++) {
        put_gate(s, i, SELFTEST_AT(frail_selftest_exception) + i * 4);
    }
    put_gate(s, 6, SELFTEST_AT(frail_selftest_ud));

    put(s, frame, SELFTEST_AT(frail_selftest_user));
    put(s, frame + 8, SELFTEST_USER_CS);
    put(s, frame + 16, USER_RFLAGS);
    put(s, frame + 24, SELFTEST_USER_STACK);
    put(s, frame + 32, SELFTEST_USER_SS);
}

static int set_cpuid(ScratchVM *s)
{
    struct kvm_cpuid2 *cpuid;
    int ret;

    cpuid = calloc(1, sizeof(*cpuid) +
                   CPUID_ENTRIES * sizeof(cpuid->entries[0]));
    if (!cpuid) {
        return scratch_fail(s, ENOMEM, "out of memory");
    }
    cpuid->nent = CPUID_ENTRIES;
    ret = CALL(s, s->kvm_fd, KVM_GET_SUPPORTED_CPUID, cpuid);
    if (ret >= 0) {
        ret = CALL(s, s->vcpu_fd, KVM_SET_CPUID2, cpuid);
    }
    free(cpuid);
    return ret;
}

int scratch_set_msr(ScratchVM *s, uint32_t index, uint64_t value)
{
    union {
        struct kvm_msrs msrs;
        struct {
            uint32_t nmsrs, pad;
            struct kvm_msr_entry entry;
        } one;
    } u = { .one = { .nmsrs = 1, .entry = { .index = index, .data = value } } };
    int ret = CALL(s, s->vcpu_fd, KVM_SET_MSRS, &u.msrs);

    if (ret < 0) {
        return ret;
    }
    return ret == 1 ? 0 :
        scratch_fail(s, EINVAL, "this host's KVM does not take MSR 0x%x",
                     index);
}

static int filter_msrs(ScratchVM *s)
{
    /* A clear bit keeps the access from KVM and brings it here. */
    uint8_t none[8] = { 0 };
    struct kvm_enable_cap cap = {
        .cap = KVM_CAP_X86_USER_SPACE_MSR,
        .args[0] = KVM_MSR_EXIT_REASON_FILTER,
    };
    struct kvm_msr_filter filter = {
        .flags = KVM_MSR_FILTER_DEFAULT_ALLOW,
        .ranges[0] = { .flags = KVM_MSR_FILTER_READ, .base = MSR_EFER,
                       .nmsrs = 1, .bitmap = none },
        .ranges[1] = { .flags = KVM_MSR_FILTER_WRITE, .base = MSR_EFER,
                       .nmsrs = 5, .bitmap = none },
    };
    int ret = CALL(s, s->vm_fd, KVM_ENABLE_CAP, &cap);

    return ret < 0 ? ret : CALL(s, s->vm_fd, KVM_X86_SET_MSR_FILTER, &filter);
}

static int set_registers(ScratchVM *s)
{
    struct kvm_segment code = {
        .limit = ~0u, .selector = SELFTEST_KERNEL_CS, .type = 11,
        .present = 1, .s = 1, .l = 1, .g = 1,
    };
    struct kvm_segment data = {
        .limit = ~0u, .selector = SELFTEST_KERNEL_SS, .type = 3,
        .present = 1, .s = 1, .db = 1, .g = 1,
    };
    struct kvm_regs regs = {
        .rip = SELFTEST_CODE, .rsp = SELFTEST_KERNEL_STACK - 40, .rflags = 2,
    };
    struct kvm_sregs sregs;
    int ret = CALL(s, s->vcpu_fd, KVM_GET_SREGS, &sregs);

    if (ret < 0) {
        return ret;
    }
    sregs.cs = code;
    sregs.ds = sregs.es = sregs.fs = sregs.gs = sregs.ss = data;
    sregs.tr = (struct kvm_segment) {
        .base = SELFTEST_TSS, .limit = 0x67, .selector = SELFTEST_TR,
        .type = 11, .present = 1,
    };
    sregs.gdt.base = SELFTEST_GDT;
    sregs.gdt.limit = SELFTEST_TR + 15;
    sregs.idt.base = SELFTEST_IDT;
    sregs.idt.limit = 32 * 16 - 1;
    sregs.cr0 = 0x80000033;     /* PG, NE, ET, MP, PE */
    sregs.cr3 = SELFTEST_PML4;
    sregs.cr4 = 0x20;           /* PAE */
    sregs.efer = EFER_LME | EFER_LMA;
    ret = CALL(s, s->vcpu_fd, KVM_SET_SREGS, &sregs);
    if (ret < 0) {
        return ret;
    }
    ret = CALL(s, s->vcpu_fd, KVM_SET_REGS, &regs);
    if (ret < 0) {
        return ret;
    }
    ret = scratch_set_msr(s, FRAIL_MSR_STAR,
                          (uint64_t)(SELFTEST_USER_SS - 8) << 48 |
                          (uint64_t)SELFTEST_KERNEL_CS << 32);
    return ret < 0 ? ret : scratch_set_msr(s, FRAIL_MSR_SFMASK, SFMASK);
}

static int set_breakpoints(ScratchVM *s)
{
    struct kvm_guest_debug debug = {
        .control = KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW_BP,
        .arch.debugreg[0] = s->trap == FRAIL_TRAP_SCE ?
            SELFTEST_AT(frail_selftest_ud) : SELFTEST_AT(frail_selftest_entry),
        .arch.debugreg[1] = SELFTEST_AT(frail_selftest_sysretq),
        .arch.debugreg[7] = 0x600 | 2 << 0 | 2 << 2,
    };

    return CALL(s, s->vcpu_fd, KVM_SET_GUEST_DEBUG, &debug);
}

static int make_vm(ScratchVM *s)
{
    struct kvm_userspace_memory_region region = {
        .memory_size = SELFTEST_MEMORY,
    };
    int ret = CALL(s, s->kvm_fd, KVM_CREATE_VM, NUMBER(0));

    if (ret < 0) {
        return ret;
    }
    s->vm_fd = ret;
    s->memory = mmap(NULL, SELFTEST_MEMORY, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (s->memory == MAP_FAILED) {
        s->memory = NULL;
        return scratch_fail(s, ENOMEM, "out of memory");
    }
    fill_memory(s);
    region.userspace_addr = (uintptr_t)s->memory;
    ret = CALL(s, s->vm_fd, KVM_SET_USER_MEMORY_REGION, &region);
    if (ret < 0) {
        return ret;
    }
    /* Early VMX has no real mode; older KVMs then want this page first. */
    ret = CALL(s, s->vm_fd, KVM_SET_TSS_ADDR, NUMBER(INTEL_TSS));
    return ret < 0 ? ret : filter_msrs(s);
}

static int make_vcpu(ScratchVM *s)
{
    int ret = CALL(s, s->vm_fd, KVM_CREATE_VCPU, NUMBER(0));
    void *run;

    if (ret < 0) {
        return ret;
    }
    s->vcpu_fd = ret;
    ret = CALL(s, s->kvm_fd, KVM_GET_VCPU_MMAP_SIZE, NUMBER(0));
    if (ret < 0) {
        return ret;
    }
    s->run_size = (size_t)ret;
    run = mmap(NULL, s->run_size, PROT_READ | PROT_WRITE, MAP_SHARED,
               s->vcpu_fd, 0);
    if (run == MAP_FAILED) {
        return scratch_fail(s, errno, "cannot map a vCPU of this host's KVM: "
                            "%s", strerror(errno));
    }
    s->run = run;
    s->run->kvm_valid_regs = KVM_SYNC_X86_REGS | KVM_SYNC_X86_SREGS;
    ret = set_cpuid(s);
    if (ret < 0) {
        return ret;
    }
    ret = set_registers(s);
    if (ret < 0) {
        return ret;
    }
    ret = scratch_set_signal_mask(s);
    return ret < 0 ? ret : set_breakpoints(s);
}

int scratch_make(ScratchVM *s, const FrailKvm *kvm, int kvm_fd, FrailTrap trap,
                 char *why, size_t why_size)
{
    int ret;

    *s = (ScratchVM) {
        .kvm = kvm, .kvm_fd = kvm_fd, .trap = trap,
        .why = why, .why_size = why_size, .vm_fd = -1, .vcpu_fd = -1,
    };
    ret = check_capabilities(s);
    if (ret < 0) {
        return ret;
    }
    ret = scratch_start_timer(s);
    if (ret < 0) {
        return ret;
    }
    ret = make_vm(s);
    return ret < 0 ? ret : make_vcpu(s);
}

void scratch_free(ScratchVM *s)
{
    if (s->run) {
        munmap(s->run, s->run_size);
    }
    if (s->vcpu_fd >= 0) {
        close(s->vcpu_fd);
    }
    if (s->vm_fd >= 0) {
        close(s->vm_fd);
    }
    if (s->memory) {
        munmap(s->memory, SELFTEST_MEMORY);
    }
    scratch_stop_timer(s);
}
