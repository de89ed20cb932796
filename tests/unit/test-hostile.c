/*
 * What a guest may do to us: debug exceptions of its own, frames and tables
 * that are nowhere, values that make no sense.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>

#include "fake-vmm.h"

#define DR6_BS  (1ull << 14)

static FakeVM *armed(FakeOptions opts, bool returns)
{
    FakeVM *vm = fake_new(opts);

    fake_listen(vm, NULL, returns);
    fake_arm(&vm->cpu[0]);
    return vm;
}

/* In the kernel, at @pc. */
static FrailDebugResult at(FakeCPU *c, uint64_t pc)
{
    c->cs = KERNEL_CS;
    c->r.rip = pc;
    c->r.rflags = RFLAGS_FIXED;
    return frail_vcpu_debug(c->frail, pc, 1, &c->r);
}

static void test_foreign(void)
{
    static const struct {
        uint64_t pc, dr6, flags;
        FrailDebugResult result;
        bool nmi;
    } list[] = {
        { USER_TEXT, DR6_BS, RFLAGS_TF, FRAIL_DEBUG_FOREIGN, false },
        { USER_TEXT, DR6_BS, 0, FRAIL_DEBUG_FOREIGN, false },
        { USER_TEXT, 1, 0, FRAIL_DEBUG_FOREIGN, false },
        { LSTAR + 4, 1, 0, FRAIL_DEBUG_FOREIGN, false },
        { LSTAR + 4, DR6_BS, RFLAGS_TF, FRAIL_DEBUG_FOREIGN, false },
        { LSTAR + 4, DR6_BS | 2, 0, FRAIL_DEBUG_FOREIGN, false },
        { LSTAR + 4, 0, 0, FRAIL_DEBUG_FOREIGN, false },
        { 0, 0, 0, FRAIL_DEBUG_FOREIGN, false },
        /* An instruction that clears TF still traps. */
        { LSTAR + 4, DR6_BS, 0, FRAIL_DEBUG_FOREIGN, false },
        { USER_TEXT, DR6_BS, RFLAGS_TF, FRAIL_DEBUG_FOREIGN, true },
        /* KVM's step over an NMI window: anywhere, on a breakpoint too. */
        { LSTAR + 4, DR6_BS, 0, FRAIL_DEBUG_DONE, true },
        { USER_TEXT, DR6_BS, 0, FRAIL_DEBUG_DONE, true },
        { UD_HANDLER, DR6_BS | 1, 0, FRAIL_DEBUG_DONE, true },
    };
    unsigned swallowed = 0;
    g_autoptr(FakeVM) vm = armed((FakeOptions) { 0 }, true);
    FakeCPU *c = &vm->cpu[0];

    for (unsigned i = 0; i < G_N_ELEMENTS(list); i++) {
        FrailRegs before;

        fake_user(c, list[i].pc, 1);
        c->r.rflags = RFLAGS_FIXED | list[i].flags;
        c->nmi = list[i].nmi;
        swallowed += list[i].result == FRAIL_DEBUG_DONE;
        before = c->r;
        g_assert_cmpint(frail_vcpu_debug(c->frail, list[i].pc, list[i].dr6,
                                         &c->r), ==, list[i].result);
        g_assert_cmpmem(&before, sizeof(before), &c->r, sizeof(before));
    }
    g_assert_cmpuint(fake_stats(c).reinjected_db, ==,
                     G_N_ELEMENTS(list) - swallowed);
    g_assert_cmpuint(fake_stats(c).spurious_step, ==, swallowed);
    g_assert_cmpuint(c->n_sregs, ==, 0);
}

/* User code jumps to where our breakpoints are: the fault is its own. */
static void test_user_jump(const void *data)
{
    FakeOptions opts = { .trap = GPOINTER_TO_UINT(data) };
    g_autoptr(FakeVM) vm = armed(opts, true);
    FakeCPU *c = &vm->cpu[0];
    uint64_t written = vm->n_written;

    for (unsigned i = 0; i < 4; i++) {
        FrailRegs want;

        if (!(c->bp_mask >> i & 1)) {
            continue;
        }
        fake_user(c, c->bp[i], 1);
        want = c->r;
        want.rflags |= RFLAGS_RF;
        g_assert_cmpint(frail_vcpu_debug(c->frail, c->bp[i], 1 << i, &c->r),
                        ==, FRAIL_DEBUG_REGS);
        g_assert_cmpmem(&want, sizeof(want), &c->r, sizeof(want));
    }
    g_assert_cmpuint(vm->log->len, ==, 0);
    g_assert_cmpuint(vm->n_written, ==, written);
    g_assert_cmpuint(fake_stats(c).calls, ==, 1);
    g_assert_true(fake_stats(c).armed);
}

static void test_sysret_frame(void)
{
    static const struct {
        unsigned offset, frame;     /* RSP0 and its frame, in the stack page */
    } rsp0[] = { { 0x1000, 0xfd8 }, { 0xff8, 0xfc8 }, { 0xfff, 0xfc8 },
                 { 0xff1, 0xfc8 } };
    g_autoptr(FakeVM) vm = armed((FakeOptions) { .kpti = true }, false);
    FakeCPU *c = &vm->cpu[0];

    for (unsigned i = 0; i < G_N_ELEMENTS(rsp0); i++) {
        for (int wide = 0; wide < 2; wide++) {
            uint64_t f[5], frame = CPU_AREA(0) + rsp0[i].frame;
            FrailRegs want;

            fake_put64(vm, CPU_AREA(0) + 0x1004, CPU_AREA(0) + rsp0[i].offset);
            fake_user(c, 0, 77);
            c->r.rcx = 0x123456789abc;
            c->r.r11 = ~0ull;
            want = c->r;
            g_assert_cmpint(at(c, wide ? vm->sysretq : vm->sysretl), ==,
                            FRAIL_DEBUG_REGS);
            want.rip = vm->iretq;
            want.rsp = frame;
            want.rflags = RFLAGS_FIXED | RFLAGS_RF;
            g_assert_cmpmem(&want, sizeof(want), &c->r, sizeof(want));
            memcpy(f, fake_kernel_ptr(vm, frame), sizeof(f));
            g_assert_cmphex(f[0], ==, wide ? 0x123456789abc : 0x56789abc);
            g_assert_cmphex(f[1], ==, wide ? 0x33 : 0x23);
            g_assert_cmphex(f[2], ==, 0x3c7fd7);
            g_assert_cmphex(f[3], ==, USER_RSP);
            g_assert_cmphex(f[4], ==, 0x2b);
            c->r.r11 = 0;
            at(c, vm->sysretq);
            memcpy(f, fake_kernel_ptr(vm, frame), sizeof(f));
            g_assert_cmphex(f[2], ==, 2);
        }
    }
    /* Selectors wrap as the hardware's do. */
    g_assert_cmpint(frail_vcpu_wrmsr(c->frail, FRAIL_MSR_STAR, ~0ull), ==, 0);
    at(c, vm->sysretq);
    g_assert_cmphex(*(uint64_t *)fake_kernel_ptr(vm, c->r.rsp + 8), ==, 0xf);
    g_assert_cmphex(*(uint64_t *)fake_kernel_ptr(vm, c->r.rsp + 32), ==, 7);
}

static void rsp0_far(FakeCPU *c)
{
    fake_put64(c->vm, CPU_AREA(0) + 0x1004, 0x8000000000000000);
}

static void rsp0_zero(FakeCPU *c)
{
    fake_put64(c->vm, CPU_AREA(0) + 0x1004, 8);
}

static void rsp0_in_mmio(FakeCPU *c)
{
    fake_map(c->vm, c->vm->root, 0x800000, 0xfee00000, 0);
    fake_put64(c->vm, CPU_AREA(0) + 0x1004, 0x800800);
}

static void tss_far(FakeCPU *c)
{
    c->sregs.tr_base = ~0ull - 5;
}

/* SYSRET cannot be emulated: SCE is given back, and it runs as it stands. */
static void test_no_frame(const void *data)
{
    void (*const spoil[])(FakeCPU *c) = {
        rsp0_far, rsp0_zero, rsp0_in_mmio, tss_far,
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(spoil); i++) {
        g_autoptr(FakeVM) vm = armed((FakeOptions) { 0 }, data != NULL);
        FakeCPU *c = &vm->cpu[0];

        g_assert_cmpint(fake_call(c, 0), ==, FAKE_ENTERED);
        spoil[i](c);
        g_assert_cmpint(fake_leave_sysret(c, 5), ==, FAKE_USER);
        g_assert_cmphex(c->r.rip, ==, USER_TEXT + 2);
        g_assert_cmphex(c->r.rax, ==, 5);
        g_assert_cmphex(c->efer & EFER_SCE, ==, EFER_SCE);
        g_assert_cmpuint(c->bp_mask, ==, 0);
        g_assert_cmpint(c->why, ==, FRAIL_DISARM_TSS);
        g_assert_cmpuint(fake_stats(c).disarmings, ==, 1);
        g_assert_cmpuint(vm->log->len, ==, data ? 2 : 1);
        /* From then on the guest runs freely. */
        g_assert_cmpint(fake_call(c, 0), ==, FAKE_ENTERED);
    }
}

/* A refusal that cannot go back at once must still not happen. */
static void test_refuse_no_frame(void)
{
    g_autoptr(FakeVM) vm = armed((FakeOptions) { 0 }, false);
    FakeCPU *c = &vm->cpu[0];

    vm->verdict = -EACCES;
    c->after_ud = rsp0_in_mmio;
    g_assert_cmpint(fake_call(c, 0), ==, FAKE_ENTERED);
    g_assert_cmphex(c->r.rax, ==, ~0ull);
}

static void test_wild_frame(void)
{
    static const uint64_t rsp[] = {
        0, 8, 0x8000000000000000, 0x7fffffffffff, ~0ull, ~0ull - 39,
        USER_STACK + 0x3ff0, ENTRY_AREA - 8, ENTRY_AREA + 0xff0,
        0xfffffe7ffffffff0, 0xfffffe8000000000,
    };
    g_autoptr(FakeVM) vm = armed((FakeOptions) { 0 }, true);
    FakeCPU *c = &vm->cpu[0];

    for (unsigned i = 0; i < G_N_ELEMENTS(rsp); i++) {
        FrailRegs want;

        c->r.rsp = rsp[i];
        g_assert_cmpint(at(c, UD_HANDLER), ==, FRAIL_DEBUG_REGS);
        want = c->r;
        g_assert_cmphex(want.rip, ==, UD_HANDLER);
        g_assert_cmphex(want.rflags, ==, RFLAGS_FIXED | RFLAGS_RF);
        g_assert_cmpint(at(c, vm->iretq), ==, FRAIL_DEBUG_REGS);
        g_assert_cmphex(c->r.rip, ==, vm->iretq);
        g_assert_cmphex(c->r.rsp, ==, rsp[i]);
    }
    g_assert_cmpuint(fake_stats(c).genuine_ud, ==, G_N_ELEMENTS(rsp));
    g_assert_cmpuint(vm->log->len, ==, 0);
}

/* Entry text up to the last byte there is. */
static void test_lstar_at_end(void)
{
    for (int below = 1; below < 80; below += 7) {
        g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
        FakeCPU *c = &vm->cpu[0];
        uint64_t lstar = -(uint64_t)below, gpa = fake_alloc(vm, 1);
        uint8_t *text = fake_phys(vm, gpa);

        fake_listen(vm, NULL, false);
        memset(text, 0x90, 4096);
        fake_map(vm, vm->root, 0xfffffffffffff000, gpa, 0);
        /* User memory at 0 would go on with all that is looked for. */
        fake_map(vm, vm->root, 0, fake_alloc(vm, 1), 0);
        memcpy(fake_kernel_ptr(vm, 0), "\x48\x0f\x07\x48\xcf", 5);
        fake_boot(c);
        g_assert_cmpint(frail_vcpu_wrmsr(c->frail, FRAIL_MSR_LSTAR, lstar), ==,
                        0);
        g_assert_cmpint(fake_call(c, 1), ==, FAKE_ENTERED);
        g_assert_false(fake_stats(c).armed);
        g_assert_cmpint(c->why, ==, FRAIL_DISARM_NO_SYSRET);
    }
}

/* RAM moves: what was kept of it is looked up again. */
static void test_memory_changed(void)
{
    static const uint64_t pages[] = {
        CPU_AREA(0), CPU_AREA(0) + 0x1000, PERCPU(0) + 0x1000,
    };
    g_autoptr(FakeVM) vm = armed((FakeOptions) { 0 }, true);
    FakeCPU *c = &vm->cpu[0];

    g_assert_cmpint(fake_call(c, 0), ==, FAKE_ENTERED);
    g_assert_cmpint(fake_leave_iret(c, 0), ==, FAKE_USER);
    for (unsigned i = 0; i < G_N_ELEMENTS(pages); i++) {
        void *old = fake_kernel_ptr(vm, pages[i]);

        fake_map(vm, vm->root, pages[i], fake_alloc(vm, 1), 0);
        memcpy(fake_kernel_ptr(vm, pages[i]), old, 4096);
        memset(old, 0xdb, 4096);
    }
    fake_put64(vm, PERCPU(0) + STACK_SLOT, STACK_TOP(33));
    frail_vm_memory_changed(vm->frail);
    g_assert_cmpint(fake_call(c, 1), ==, FAKE_ENTERED);
    g_assert_cmphex(fake_event(vm, 2)->task, ==, STACK_TOP(33));
    g_assert_cmpint(fake_leave(c, 2), ==, FAKE_USER);
    g_assert_cmpint(fake_event(vm, 3)->result, ==, 2);
    g_assert_true(fake_stats(c).armed);
}

/* A frame over a page end, in pages that lie apart. */
static void test_split_frame(void)
{
    g_autoptr(FakeVM) vm = armed((FakeOptions) { 0 }, false);
    FakeCPU *c = &vm->cpu[0];
    const uint64_t f[5] = { USER_TEXT, USER_CS, 0x246, 0x1234, USER_SS };

    fake_alloc(vm, 1);
    fake_map(vm, vm->root, CPU_AREA(0) + 0x2000, fake_alloc(vm, 1), 0);
    for (unsigned i = 0; i < 5; i++) {
        fake_put64(vm, CPU_AREA(0) + 0x1ff0 + 8 * i, f[i]);
    }
    fake_code(c, USER_TEXT, "\x0f\x05", 2);
    c->r.rsp = CPU_AREA(0) + 0x1ff0;
    g_assert_cmpint(at(c, UD_HANDLER), ==, FRAIL_DEBUG_REGS);
    g_assert_cmphex(c->r.rip, ==, LSTAR);
    g_assert_cmphex(c->r.rsp, ==, 0x1234);
    g_assert_cmphex(c->r.r11, ==, 0x246);
}

static uint64_t pick(FakeVM *vm)
{
    const uint64_t list[] = {
        0, 1, ~0ull, 0x7fffffffffff, 0x800000000000, 0xffff800000000000,
        1ull << 63, USER_TEXT, USER_TEXT + 0xfff, USER_STACK + 0x3ff8,
        ENTRY_TEXT, LSTAR, CSTAR, UD_HANDLER, UD_HANDLER + 4, ENTRY_AREA,
        CPU_AREA(0), CPU_AREA(0) + 0xfd8, CPU_AREA(0) + 0x1000, PERCPU(0),
        vm->iretq, vm->sysretq, vm->sysretl, STAR_LINUX, SFMASK_LINUX,
        EFER_LME | EFER_LMA | EFER_SCE, EFER_LME | EFER_LMA, 39, 59, 15,
        0xfee00000, vm->root, RFLAGS_FIXED,
    };
    uint64_t value = list[g_test_rand_int_range(0, G_N_ELEMENTS(list))];

    switch (g_test_rand_int_range(0, 8)) {
    case 0:
        return (uint64_t)g_test_rand_int() << 32 | g_test_rand_int();
    case 1:
        return value + g_test_rand_int_range(-64, 64);
    default:
        return value;
    }
}

static void one_thing(FakeVM *vm, FakeCPU *c)
{
    static const uint32_t msr[] = {
        FRAIL_MSR_EFER, FRAIL_MSR_STAR, FRAIL_MSR_LSTAR, FRAIL_MSR_CSTAR,
        FRAIL_MSR_SFMASK, FRAIL_MSR_KERNEL_GS_BASE,
    };
    uint32_t which = msr[g_test_rand_int_range(0, G_N_ELEMENTS(msr))];
    FrailMsrs msrs = { pick(vm), pick(vm), pick(vm), pick(vm), pick(vm) };
    uint64_t value;

    switch (g_test_rand_int_range(0, 30)) {
    case 0:
        frail_vcpu_wrmsr(c->frail, which, pick(vm));
        break;
    case 1:
        frail_vcpu_rdmsr(c->frail, which, &value);
        break;
    case 2:
        frail_vcpu_load(c->frail, &msrs);
        break;
    case 3:
        frail_vcpu_efer_from_hw(c->frail, pick(vm));
        frail_vcpu_efer_to_hw(c->frail, pick(vm));
        break;
    case 4:
        frail_vm_memory_changed(vm->frail);
        vm->hole = g_test_rand_int_range(0, FAKE_RAM) & ~0xfff;
        break;
    case 5:
        c->fail_get = g_test_rand_bit() ? which : 0;
        c->fail_set = g_test_rand_bit() ? which : 0;
        c->fail_breaks = g_test_rand_int_range(0, 4) == 0;
        break;
    case 6:
        c->fail_get = c->fail_set = 0;
        c->efer = EFER_LME | EFER_LMA;
        fake_boot(c);
        break;
    case 7:
        frail_vcpu_syscall(c->frail, g_test_rand_int_range(0, 4), &c->r);
        break;
    case 8:
        frail_vcpu_return(c->frail, &c->r);
        break;
    default:
        if (g_test_rand_bit()) {
            c->r.rip = c->bp[g_test_rand_int_range(0, 4)];
        }
        value = frail_vcpu_debug(c->frail, c->r.rip, pick(vm), &c->r);
        g_assert_cmpuint(value, <=, FRAIL_DEBUG_REGS);
        break;
    }
}

static void test_random(const void *data)
{
    FakeOptions opts = { .trap = GPOINTER_TO_UINT(data), .kpti = true };
    unsigned rounds = g_test_slow() ? 2000 : 12;

    while (rounds--) {
        g_autoptr(FakeVM) vm = fake_new(opts);
        FakeCPU *c = &vm->cpu[0];

        vm->verdict = g_test_rand_bit() ? -EPERM : 0;
        vm->verdict_nr = 39;
        fake_listen(vm, g_test_rand_bit() ? NULL : "!write", true);
        fake_boot(c);
        for (unsigned i = 0; i < 400; i++) {
            for (unsigned n = 0; n < 3; n++) {
                (&c->r.rax)[g_test_rand_int_range(0, 18)] = pick(vm);
            }
            c->cs = g_test_rand_int_range(0, 4) ? KERNEL_CS : pick(vm);
            /* The tables, the stack, the text: any eight bytes. */
            for (unsigned n = 0; n < 4; n++) {
                uint64_t gpa = g_test_rand_int_range(0x10000, vm->next) & ~7;

                *(uint64_t *)fake_phys(vm, gpa) = pick(vm);
            }
            switch (g_test_rand_int_range(0, 60)) {
            case 0:
                c->cr3 = pick(vm);
                break;
            case 1:
                c->cr3 = fake_kernel_cr3(vm, vm->root);
                break;
            case 2:
                c->sregs.tr_base = pick(vm);
                break;
            case 3:
                c->sregs.cr4 = pick(vm);
                break;
            case 4:
                c->gs_base = pick(vm);
                break;
            }
            one_thing(vm, c);
        }
    }
}

int main(int argc, char **argv)
{
    static const char *const modes[] = { "sce", "lstar", "emulator" };

    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hostile/foreign-db", test_foreign);
    g_test_add_data_func("/hostile/user-jump/sce", GUINT_TO_POINTER(0),
                         test_user_jump);
    g_test_add_data_func("/hostile/user-jump/lstar", GUINT_TO_POINTER(1),
                         test_user_jump);
    g_test_add_func("/hostile/sysret-frame", test_sysret_frame);
    g_test_add_data_func("/hostile/no-frame", NULL, test_no_frame);
    g_test_add_data_func("/hostile/no-frame/returns", "", test_no_frame);
    g_test_add_func("/hostile/refuse-no-frame", test_refuse_no_frame);
    g_test_add_func("/hostile/wild-frame", test_wild_frame);
    g_test_add_func("/hostile/lstar-at-end", test_lstar_at_end);
    g_test_add_func("/hostile/memory-changed", test_memory_changed);
    g_test_add_func("/hostile/split-frame", test_split_frame);
    for (unsigned i = 0; i < G_N_ELEMENTS(modes); i++) {
        g_autofree char *path = g_strdup_printf("/hostile/random/%s",
                                                modes[i]);

        g_test_add_data_func(path, GUINT_TO_POINTER(i), test_random);
    }
    return g_test_run();
}
