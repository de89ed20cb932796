/*
 * Arming, giving the trap back, and the system-call MSRs.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>

#include "fake-vmm.h"

static uint64_t rdmsr_efer(FakeCPU *c)
{
    uint64_t value = ~0ull;

    g_assert_cmpint(frail_vcpu_rdmsr(c->frail, FRAIL_MSR_EFER, &value), ==, 0);
    return value;
}

static bool has_break(FakeCPU *c, uint64_t va)
{
    for (unsigned i = 0; i < 4; i++) {
        if ((c->bp_mask >> i & 1) && c->bp[i] == va) {
            return true;
        }
    }
    return false;
}

static void test_first_call(void)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    FakeCPU *c = &vm->cpu[0];

    fake_listen(vm, NULL, false);
    g_assert_cmpuint(c->bp_mask, ==, 0);
    fake_boot(c);
    g_assert_cmpuint(c->bp_mask, ==, 1);
    g_assert_cmphex(c->bp[0], ==, LSTAR);
    g_assert_false(fake_stats(c).armed);
    g_assert_cmphex(c->efer & EFER_SCE, ==, EFER_SCE);
    g_assert_cmphex(rdmsr_efer(c), ==, c->efer);

    g_assert_cmpint(fake_call(c, 257), ==, FAKE_ENTERED);
    g_assert_true(fake_stats(c).armed);
    g_assert_true(c->armed);
    g_assert_cmpuint(c->n_state, ==, 1);
    g_assert_cmphex(c->efer & EFER_SCE, ==, 0);
    g_assert_cmphex(rdmsr_efer(c), ==, c->efer | EFER_SCE);
    g_assert_cmpuint(c->bp_mask, ==, 15);
    g_assert_true(has_break(c, UD_HANDLER));
    g_assert_true(has_break(c, UD_HANDLER + 4));
    g_assert_true(has_break(c, vm->sysretq));
    g_assert_true(has_break(c, vm->sysretl));
    /* The call that armed is itself the first one. */
    g_assert_cmpuint(vm->log->len, ==, 1);
    g_assert_cmpint(fake_event(vm, 0)->nr, ==, 257);
    g_assert_cmpuint(fake_event(vm, 0)->seq, ==, 1);
    g_assert_cmphex(fake_event(vm, 0)->task, ==, c->task->top);
    g_assert_cmpuint(fake_stats(c).armings, ==, 1);
    /* And it comes home, though SYSRET is disabled by now. */
    g_assert_cmpint(fake_leave(c, 3), ==, FAKE_USER);
    g_assert_cmphex(c->r.rip, ==, USER_TEXT + 2);
    g_assert_cmpuint(fake_stats(c).sysret, ==, 1);
}

static void test_with_returns(void)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    FakeCPU *c = &vm->cpu[0];

    fake_listen(vm, NULL, true);
    fake_arm(c);
    g_assert_true(has_break(c, UD_HANDLER));
    g_assert_true(has_break(c, vm->iretq));
    g_assert_true(has_break(c, vm->sysretq));
    g_assert_true(has_break(c, vm->sysretl));
}

static void test_lstar(void)
{
    for (int returns = 0; returns < 2; returns++) {
        g_autoptr(FakeVM) vm =
            fake_new((FakeOptions) { .trap = FRAIL_TRAP_LSTAR });
        FakeCPU *c = &vm->cpu[0];

        fake_listen(vm, NULL, returns);
        /* An unsuitable #UD gate is nothing to this trap. */
        fake_put_gate(vm, UD_HANDLER, 0x8f, 3, 0x33);
        fake_arm(c);
        g_assert_cmphex(c->efer & EFER_SCE, ==, EFER_SCE);
        g_assert_cmphex(rdmsr_efer(c), ==, c->efer);
        g_assert_true(has_break(c, LSTAR));
        g_assert_true(has_break(c, vm->iretq) == returns);
        g_assert_true(has_break(c, vm->sysretq) == returns);
        g_assert_false(has_break(c, UD_HANDLER));
    }
}

/* --- What it refuses ----------------------------------------------------- */

static void no_sysret(FakeCPU *c)
{
    memset(fake_kernel_ptr(c->vm, c->vm->sysretq), 0x90, 3);
    memset(fake_kernel_ptr(c->vm, c->vm->sysretl), 0x90, 2);
}

static void many_sysrets(FakeCPU *c)
{
    memcpy(fake_kernel_ptr(c->vm, CSTAR + 0x40), "\x0f\x07\xcc\x0f\x07", 5);
}

/*
 * Linux's ignore_sysret(), as Debian's 6.12 has it: a SYSRETL that can only be
 * reached while CSTAR leads to it.
 */
#define STUB    (CSTAR + 0x40)

static void put_stub(FakeVM *vm)
{
    static const char code[] = "\xf3\x0f\x1e\xfa\xb8\xda\xff\xff\xff"
        "\x90\x0f\x00\x2d\x00\x00\x00\x00\x90\x0f\x07\xcc";

    memcpy(fake_kernel_ptr(vm, STUB), code, sizeof(code) - 1);
}

static void test_stub(void)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    FakeCPU *c = &vm->cpu[0];

    put_stub(vm);
    fake_listen(vm, NULL, true);
    fake_arm(c);
    g_assert_true(has_break(c, vm->sysretq));
    g_assert_true(has_break(c, vm->sysretl));
    g_assert_true(has_break(c, vm->iretq));
    /* The kernel gives up 32-bit calls: now there is one SYSRET too many. */
    g_assert_cmpint(frail_vcpu_wrmsr(c->frail, FRAIL_MSR_CSTAR, STUB), ==, 0);
    g_assert_false(fake_stats(c).armed);
    g_assert_cmphex(c->efer & EFER_SCE, ==, EFER_SCE);
    g_assert_cmpint(fake_call(c, 1), ==, FAKE_ENTERED);
    g_assert_false(fake_stats(c).armed);
    g_assert_cmpint(c->why, ==, FRAIL_DISARM_NO_REGISTER);
    /* And back. */
    g_assert_cmpint(frail_vcpu_wrmsr(c->frail, FRAIL_MSR_CSTAR, CSTAR), ==, 0);
    g_assert_cmpint(frail_vcpu_wrmsr(c->frail, FRAIL_MSR_LSTAR, LSTAR), ==, 0);
    g_assert_cmpint(fake_leave(c, 1), ==, FAKE_USER);
    g_assert_cmpint(fake_call(c, 1), ==, FAKE_ENTERED);
    g_assert_true(fake_stats(c).armed);
    g_assert_true(has_break(c, vm->iretq));
}

/* Without returns there is a register for it. */
static void test_stub_kept(void)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    FakeCPU *c = &vm->cpu[0];

    put_stub(vm);
    fake_listen(vm, NULL, false);
    fake_boot(c);
    g_assert_cmpint(frail_vcpu_wrmsr(c->frail, FRAIL_MSR_CSTAR, STUB + 4), ==,
                    0);
    g_assert_cmpint(fake_call(c, 1), ==, FAKE_ENTERED);
    g_assert_true(fake_stats(c).armed);
    g_assert_true(has_break(c, STUB + 18));
    g_assert_true(has_break(c, vm->sysretq));
    g_assert_true(has_break(c, vm->sysretl));
}

static void no_iretq(FakeCPU *c)
{
    fake_entry_empty(c->vm);
    memcpy(fake_kernel_ptr(c->vm, c->vm->sysretq), "\x48\x0f\x07", 3);
}

static void trap_gate(FakeCPU *c)
{
    fake_put_gate(c->vm, UD_HANDLER, 0x8f, 0, KERNEL_CS);
}

static void task_gate(FakeCPU *c)
{
    fake_put_gate(c->vm, UD_HANDLER, 0x85, 0, KERNEL_CS);
}

static void absent_gate(FakeCPU *c)
{
    fake_put_gate(c->vm, UD_HANDLER, 0x0e, 0, KERNEL_CS);
}

static void ist_gate(FakeCPU *c)
{
    fake_put_gate(c->vm, UD_HANDLER, 0x8e, 3, KERNEL_CS);
}

static void other_selector(FakeCPU *c)
{
    fake_put_gate(c->vm, UD_HANDLER, 0x8e, 0, 0x18);
}

static void far_handler(FakeCPU *c)
{
    fake_put_gate(c->vm, 0x1234567890abcdef, 0x8e, 0, KERNEL_CS);
}

static void short_idt(FakeCPU *c)
{
    c->sregs.idt_limit = 7 * 16 - 2;
}

static void lost_idt(FakeCPU *c)
{
    c->sregs.idt_base = 0x123456789000;
}

static void wild_idt(FakeCPU *c)
{
    c->sregs.idt_base = ~0ull - 50;
}

static void lost_tss(FakeCPU *c)
{
    c->sregs.tr_base = 0x8000000000000000;
}

static void mmio_tss(FakeCPU *c)
{
    c->sregs.tr_base = 0x700000;
    fake_map(c->vm, c->vm->root, 0x700000, 0xfee00000, 0);
}

static void breaks_taken(FakeCPU *c)
{
    c->fail_breaks = true;
}

static void efer_fails(FakeCPU *c)
{
    c->fail_set = FRAIL_MSR_EFER;
}

static void star_fails(FakeCPU *c)
{
    c->fail_get = FRAIL_MSR_STAR;
}

static void gs_fails(FakeCPU *c)
{
    c->fail_get = FRAIL_MSR_KERNEL_GS_BASE;
}

static const struct {
    const char *name;
    void (*spoil)(FakeCPU *c);
    FrailDisarmReason why;
} refusals[] = {
    { "no-sysret", no_sysret, FRAIL_DISARM_NO_SYSRET },
    { "many-sysrets", many_sysrets, FRAIL_DISARM_NO_SYSRET },
    { "no-iretq", no_iretq, FRAIL_DISARM_NO_IRET },
    { "trap-gate", trap_gate, FRAIL_DISARM_UD_GATE },
    { "task-gate", task_gate, FRAIL_DISARM_UD_GATE },
    { "absent-gate", absent_gate, FRAIL_DISARM_UD_GATE },
    { "ist-gate", ist_gate, FRAIL_DISARM_UD_GATE },
    { "other-selector", other_selector, FRAIL_DISARM_UD_GATE },
    { "far-handler", far_handler, FRAIL_DISARM_UD_GATE },
    { "short-idt", short_idt, FRAIL_DISARM_UD_GATE },
    { "lost-idt", lost_idt, FRAIL_DISARM_UD_GATE },
    { "wild-idt", wild_idt, FRAIL_DISARM_UD_GATE },
    { "lost-tss", lost_tss, FRAIL_DISARM_TSS },
    { "mmio-tss", mmio_tss, FRAIL_DISARM_TSS },
    { "breaks-taken", breaks_taken, FRAIL_DISARM_HOST },
    { "efer-fails", efer_fails, FRAIL_DISARM_HOST },
    { "star-fails", star_fails, FRAIL_DISARM_HOST },
    { "gs-fails", gs_fails, FRAIL_DISARM_HOST },
};

static void test_refusal(const void *data)
{
    unsigned i = GPOINTER_TO_UINT(data);
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    FakeCPU *c = &vm->cpu[0];

    fake_listen(vm, NULL, false);
    fake_boot(c);
    refusals[i].spoil(c);
    /* The guest gets its call; only we do not. */
    if (refusals[i].spoil == breaks_taken) {
        /* What the hardware has stays as it was, LSTAR's breakpoint too. */
        fake_code(c, USER_TEXT, "\x0f\x05", 2);
        fake_user(c, USER_TEXT, 1);
        c->r.rip = LSTAR;
        c->cs = KERNEL_CS;
        g_assert_cmpint(frail_vcpu_debug(c->frail, LSTAR, 1, &c->r), ==,
                        FRAIL_DEBUG_REGS);
        g_assert_cmphex(c->r.rflags & RFLAGS_RF, ==, RFLAGS_RF);
    } else {
        g_assert_cmpint(fake_call(c, 1), ==, FAKE_ENTERED);
        g_assert_cmpuint(c->bp_mask, ==, 0);
    }
    g_assert_cmpuint(vm->log->len, ==, 0);
    g_assert_cmphex(c->efer & EFER_SCE, ==, EFER_SCE);
    g_assert_cmphex(frail_vcpu_efer_to_hw(c->frail, EFER_SCE), ==, EFER_SCE);
    g_assert_false(fake_stats(c).armed);
    g_assert_false(c->armed);
    g_assert_cmpint(c->why, ==, refusals[i].why);
    g_assert_cmpint(fake_stats(c).reason, ==, refusals[i].why);
    g_assert_cmpuint(fake_stats(c).armings, ==, 0);
    g_assert_cmpuint(c->n_state, ==, 1);
    if (refusals[i].spoil != breaks_taken) {
        /* It is not tried again at each call, */
        g_assert_cmpint(fake_call(c, 1), ==, FAKE_ENTERED);
        g_assert_cmpuint(c->exits, ==, 1);
        /* but when the guest sets LSTAR again. */
        c->fail_get = c->fail_set = 0;
        fake_entry_text(vm);
        fake_put_gate(vm, UD_HANDLER, 0x8e, 0, KERNEL_CS);
        c->sregs.idt_base = ENTRY_AREA;
        c->sregs.idt_limit = 4095;
        c->sregs.tr_base = CPU_AREA(0) + 0x1000;
        fake_boot(c);
        g_assert_cmpint(fake_call(c, 2), ==, FAKE_ENTERED);
        g_assert_true(fake_stats(c).armed);
        g_assert_cmpint(fake_event(vm, 0)->nr, ==, 2);
    }
}

/*
 * SCE cannot be given back: the breakpoints on SYSRET must stay, or the guest
 * dies at the next one.
 */
static void test_disarm_fails(const void *data)
{
    bool get = data;
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    FakeCPU *c = &vm->cpu[0];

    fake_listen(vm, NULL, true);
    fake_arm(c);
    *(get ? &c->fail_get : &c->fail_set) = FRAIL_MSR_EFER;
    g_assert_cmpint(frail_vcpu_wrmsr(c->frail, FRAIL_MSR_LSTAR, LSTAR), ==, 0);
    c->fail_get = c->fail_set = 0;
    g_assert_true(fake_stats(c).armed);
    g_assert_cmpint(c->why, ==, FRAIL_DISARM_HOST);
    g_assert_cmpint(fake_call(c, 2), ==, FAKE_ENTERED);
    g_assert_cmpint(fake_leave_sysret(c, 4), ==, FAKE_USER);
    g_assert_cmpuint(vm->log->len, ==, 2);
    /* The next time it works. */
    g_assert_cmpint(frail_vcpu_wrmsr(c->frail, FRAIL_MSR_LSTAR, LSTAR), ==, 0);
    g_assert_false(fake_stats(c).armed);
    g_assert_cmphex(c->efer & EFER_SCE, ==, EFER_SCE);
}

static void test_breaks_fail_at_wait(void)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    FakeCPU *c = &vm->cpu[0];

    c->fail_breaks = true;
    fake_boot(c);
    g_assert_cmpint(fake_stats(c).reason, ==, FRAIL_DISARM_HOST);
    g_assert_cmpint(fake_call(c, 1), ==, FAKE_ENTERED);
    g_assert_cmpuint(c->exits, ==, 0);
}

/* --- MSRs ---------------------------------------------------------------- */

static void test_efer(void)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    FakeCPU *c = &vm->cpu[0];
    uint64_t base = EFER_LME | EFER_LMA | EFER_NXE, value;
    FrailVCPU *v = c->frail;

    fake_listen(vm, NULL, false);
    fake_arm(c);
    /* Bits that this guest's CPUID does not give. */
    for (unsigned bit = 0; bit < 64; bit++) {
        uint64_t b = 1ull << bit;
        bool legal = (EFER_VALID | EFER_LMA) & b;

        g_assert_cmpint(frail_vcpu_wrmsr(v, FRAIL_MSR_EFER, base | b), ==,
                        legal ? 0 : -EPERM);
        g_assert_cmphex(c->efer, ==, base);
    }
    /* LME may not change under paging; LMA is read-only. */
    g_assert_cmpint(frail_vcpu_wrmsr(v, FRAIL_MSR_EFER, EFER_NXE), ==, -EPERM);
    g_assert_cmpint(frail_vcpu_wrmsr(v, FRAIL_MSR_EFER, EFER_LME), ==, 0);
    g_assert_cmphex(c->efer, ==, EFER_LME | EFER_LMA);
    c->sregs.cr0 = 1;
    g_assert_cmpint(frail_vcpu_wrmsr(v, FRAIL_MSR_EFER, EFER_NXE), ==, 0);
    c->efer = base & ~EFER_LMA;
    g_assert_cmpint(frail_vcpu_wrmsr(v, FRAIL_MSR_EFER, base), ==, 0);
    g_assert_cmphex(c->efer, ==, base & ~EFER_LMA);
    c->efer = base;
    c->sregs.cr0 |= CR0_PG;
    /* SCE to and fro: the guest sees it, the hardware does not. */
    for (int i = 0; i < 3; i++) {
        g_assert_cmpint(frail_vcpu_wrmsr(v, FRAIL_MSR_EFER, base | EFER_SCE),
                        ==, 0);
        g_assert_cmphex(rdmsr_efer(c), ==, base | EFER_SCE);
        g_assert_cmphex(c->efer, ==, base);
        g_assert_cmpint(fake_call(c, 5), ==, FAKE_ENTERED);
        g_assert_cmpint(fake_leave(c, 5), ==, FAKE_USER);
        g_assert_cmpint(frail_vcpu_wrmsr(v, FRAIL_MSR_EFER, base), ==, 0);
        g_assert_cmphex(rdmsr_efer(c), ==, base);
        g_assert_cmphex(c->efer, ==, base);
        /* Now SYSCALL is a genuine #UD. */
        g_assert_cmpint(fake_call(c, 6), ==, FAKE_UD);
        g_assert_cmpuint(fake_stats(c).genuine_ud, ==, i + 1);
    }
    g_assert_cmpuint(vm->log->len, ==, 3);
    /* When the host fails, so does the guest's instruction. */
    c->fail_set = FRAIL_MSR_EFER;
    g_assert_cmpint(frail_vcpu_wrmsr(v, FRAIL_MSR_EFER, base | EFER_SCE), ==,
                    -EPERM);
    g_assert_cmphex(rdmsr_efer(c), ==, base);
    c->fail_get = FRAIL_MSR_EFER;
    g_assert_cmpint(frail_vcpu_rdmsr(v, FRAIL_MSR_EFER, &value), ==, -EPERM);
    g_assert_cmpint(frail_vcpu_wrmsr(v, FRAIL_MSR_EFER, base), ==, -EPERM);
    /* Not ours. */
    g_assert_cmpint(frail_vcpu_rdmsr(v, FRAIL_MSR_STAR, &value), ==, -EPERM);
    g_assert_cmpint(frail_vcpu_wrmsr(v, FRAIL_MSR_KERNEL_GS_BASE, 0), ==,
                    -EPERM);
    g_assert_cmpint(frail_vcpu_wrmsr(v, 0x10, 0), ==, -EPERM);
}

static void test_init(void)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    FakeCPU *c = &vm->cpu[0];

    fake_listen(vm, NULL, false);
    fake_arm(c);
    g_assert_cmphex(frail_vcpu_efer_from_hw(c->frail, c->efer), ==,
                    c->efer | EFER_SCE);
    /* INIT: KVM clears EFER and tells nobody. */
    c->efer = 0;
    c->sregs.cr0 = 0;
    g_assert_cmphex(frail_vcpu_efer_from_hw(c->frail, 0), ==, 0);
    g_assert_cmphex(rdmsr_efer(c), ==, 0);
    c->efer = EFER_LME | EFER_LMA;
    g_assert_cmphex(rdmsr_efer(c), ==, EFER_LME | EFER_LMA);
    c->sregs.cr0 = CR0_PG | 1;
    g_assert_cmphex(frail_vcpu_efer_to_hw(c->frail, c->efer | EFER_SCE), ==,
                    c->efer);
    g_assert_cmphex(frail_vcpu_efer_from_hw(c->frail, c->efer), ==,
                    c->efer | EFER_SCE);
    fake_boot(c);
    g_assert_cmphex(c->efer & EFER_SCE, ==, EFER_SCE);
    g_assert_cmpint(fake_call(c, 8), ==, FAKE_ENTERED);
    g_assert_cmpuint(fake_stats(c).armings, ==, 2);
}

static void test_lstar_written(void)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    FakeCPU *c = &vm->cpu[0];

    fake_listen(vm, NULL, true);
    fake_arm(c);
    /* A task is in the kernel while the CPU's LSTAR is written. */
    g_assert_cmpint(fake_call(c, 0), ==, FAKE_ENTERED);
    g_assert_cmpint(frail_vcpu_wrmsr(c->frail, FRAIL_MSR_LSTAR, LSTAR), ==, 0);
    g_assert_false(c->armed);
    g_assert_cmpint(c->why, ==, FRAIL_DISARM_LSTAR_WRITTEN);
    g_assert_cmpuint(fake_stats(c).disarmings, ==, 1);
    g_assert_cmphex(c->efer & EFER_SCE, ==, EFER_SCE);
    g_assert_cmpuint(c->bp_mask, ==, 1);
    g_assert_cmpint(fake_leave(c, 0), ==, FAKE_USER);
    g_assert_cmpint(fake_call(c, 1), ==, FAKE_ENTERED);
    g_assert_true(c->armed);
    g_assert_cmpuint(fake_stats(c).armings, ==, 2);
    /* What the hardware refuses is #GP and changes nothing. */
    g_assert_cmpint(frail_vcpu_wrmsr(c->frail, FRAIL_MSR_LSTAR, 1ull << 63),
                    ==, -EPERM);
    g_assert_true(fake_stats(c).armed);
    /* No LSTAR: nothing to wait for. */
    g_assert_cmpint(frail_vcpu_wrmsr(c->frail, FRAIL_MSR_LSTAR, 0), ==, 0);
    g_assert_cmpuint(c->bp_mask, ==, 0);
    g_assert_cmphex(c->efer & EFER_SCE, ==, EFER_SCE);
    /* The guest had taken SCE away itself: it stays away. */
    fake_boot(c);
    g_assert_cmpint(fake_call(c, 1), ==, FAKE_ENTERED);
    g_assert_cmpint(frail_vcpu_wrmsr(c->frail, FRAIL_MSR_EFER, EFER_LME), ==,
                    0);
    g_assert_cmpint(frail_vcpu_wrmsr(c->frail, FRAIL_MSR_LSTAR, LSTAR), ==, 0);
    g_assert_cmphex(c->efer & EFER_SCE, ==, 0);
}

/* The new kernel's stacks lie elsewhere in RAM, at the same addresses. */
static void move_entry_area(FakeVM *vm)
{
    for (unsigned i = 0; i < 2; i++) {
        uint64_t va = CPU_AREA(0) + i * 0x1000, gpa = fake_alloc(vm, 1);
        void *old = fake_kernel_ptr(vm, va);

        memcpy(fake_phys(vm, gpa), old, 4096);
        memset(old, 0xdb, 4096);
        fake_map(vm, vm->root, va, gpa, 0);
    }
}

static void test_load(const void *data)
{
    bool by_lstar = data != NULL;
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    FakeCPU *c = &vm->cpu[0];
    FrailMsrs msrs = { 0 };

    fake_listen(vm, NULL, true);
    fake_arm(c);
    g_assert_cmpint(fake_call(c, 24), ==, FAKE_ENTERED);
    g_assert_cmpint(fake_leave(c, 24), ==, FAKE_USER);
    if (!by_lstar) {
        /* Reset: nothing set; the monitor then writes EFER. */
        frail_vcpu_load(c->frail, &msrs);
        g_assert_cmpuint(c->bp_mask, ==, 0);
        g_assert_false(fake_stats(c).armed);
        g_assert_cmpint(fake_stats(c).reason, ==, FRAIL_DISARM_RESET);
        g_assert_cmpuint(fake_stats(c).disarmings, ==, 1);
        g_assert_cmphex(frail_vcpu_efer_to_hw(c->frail, 0), ==, 0);
        /* A snapshot: waits at once. */
        msrs = (FrailMsrs) { EFER_LME | EFER_LMA | EFER_SCE, STAR_LINUX, LSTAR,
                             CSTAR, SFMASK_LINUX };
        frail_vcpu_load(c->frail, &msrs);
        c->efer = frail_vcpu_efer_to_hw(c->frail, msrs.efer);
        g_assert_cmphex(c->efer, ==, msrs.efer);
        g_assert_cmphex(rdmsr_efer(c), ==, msrs.efer);
        g_assert_cmpuint(c->bp_mask, ==, 1);
        g_assert_cmphex(c->bp[0], ==, LSTAR);
    } else {
        g_assert_cmpint(frail_vcpu_wrmsr(c->frail, FRAIL_MSR_LSTAR, LSTAR), ==,
                        0);
    }
    move_entry_area(vm);
    g_array_set_size(vm->log, 0);
    g_assert_cmpint(fake_call(c, 1), ==, FAKE_ENTERED);
    g_assert_cmpuint(fake_stats(c).armings, ==, 2);
    g_assert_cmpint(fake_leave(c, 11), ==, FAKE_USER);
    /* This one is recognised by the frame on the new stack. */
    g_assert_cmpint(fake_call(c, 2), ==, FAKE_ENTERED);
    g_assert_cmpint(fake_leave_iret(c, 22), ==, FAKE_USER);
    g_assert_cmpuint(vm->log->len, ==, 4);
    g_assert_cmpint(fake_event(vm, 3)->result, ==, 22);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/arm/first-call", test_first_call);
    g_test_add_func("/arm/with-returns", test_with_returns);
    g_test_add_func("/arm/lstar", test_lstar);
    g_test_add_func("/arm/stub", test_stub);
    g_test_add_func("/arm/stub-kept", test_stub_kept);
    for (unsigned i = 0; i < G_N_ELEMENTS(refusals); i++) {
        g_autofree char *path = g_strdup_printf("/arm/refuse/%s",
                                                refusals[i].name);

        g_test_add_data_func(path, GUINT_TO_POINTER(i), test_refusal);
    }
    g_test_add_func("/arm/refuse/wait", test_breaks_fail_at_wait);
    g_test_add_data_func("/arm/disarm/set-fails", NULL, test_disarm_fails);
    g_test_add_data_func("/arm/disarm/get-fails", "", test_disarm_fails);
    g_test_add_func("/msr/efer", test_efer);
    g_test_add_func("/msr/init", test_init);
    g_test_add_func("/msr/lstar-written", test_lstar_written);
    g_test_add_data_func("/msr/load", NULL, test_load);
    g_test_add_data_func("/msr/kexec", "", test_load);
    return g_test_run();
}
