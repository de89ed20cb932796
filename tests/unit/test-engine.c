/*
 * Recognising a system call, emulating SYSCALL and SYSRET, refusing.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>

#include "fake-vmm.h"

/* Where a machine's processor ends up is compared with one that is free. */
static void assert_same(const FakeCPU *a, const FakeCPU *b)
{
    const uint64_t *x = &a->r.rax, *y = &b->r.rax;

    for (unsigned i = 0; i < sizeof(FrailRegs) / 8; i++) {
        if (x[i] != y[i]) {
            g_test_message("register %u", i);
        }
        g_assert_cmphex(x[i], ==, y[i]);
    }
    g_assert_cmphex(a->cs, ==, b->cs);
}

static void enter_as(FakeCPU *c, const char *code, size_t len, uint64_t va,
                     uint64_t flags, uint64_t cs)
{
    fake_code(c, va, code, len);
    fake_user(c, va, 39);
    c->r.rflags ^= flags;
    c->cs = cs;
}

typedef struct Variant {
    const char *name;
    FakeOptions opts;
} Variant;

static const Variant variants[] = {
    { "sce", { 0 } },
    { "sce-kpti", { .kpti = true } },
    { "sce-la57", { .la57 = true, .kpti = true, .rip_slot = true } },
    { "sce-intel", { .intel = true } },
    { "lstar", { .trap = FRAIL_TRAP_LSTAR } },
    { "lstar-kpti", { .trap = FRAIL_TRAP_LSTAR, .kpti = true } },
};

/* The same calls with and without us: all registers, there and back. */
static void test_round_trip(const void *data)
{
    const Variant *var = data;
    static const struct {
        const char *code;
        unsigned len;
        uint64_t va, flags;
    } list[] = {
        { "\x0f\x05", 2, USER_TEXT, 0 },
        { "\x48\x0f\x05", 3, USER_TEXT, 0x400 },            /* DF */
        { "\x66\xf3\x4a\x0f\x05", 5, USER_TEXT, 0x40000 },  /* AC */
        { "\x0f\x05", 2, USER_TEXT + 0xffe, 0x200001 },     /* ID */
        { "\x0f\x05", 2, USER_TEXT + 0xfff, 0x3000 },       /* IOPL */
        { "\x2e\x2e\x2e\x48\x0f\x05", 6, USER_TEXT + 0xffd, RFLAGS_NT },
        { "\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x0f\x05", 15,
          USER_TEXT + 0xff8, RFLAGS_IF },
        { "\x0f\x05", 2, USER_TEXT + 0x1ffe, 0 },           /* then nothing */
    };

    for (int by_iret = 0; by_iret < 2; by_iret++) {
        g_autoptr(FakeVM) vm = fake_new(var->opts);
        g_autoptr(FakeVM) free_vm = fake_new(var->opts);
        FakeCPU *c = &vm->cpu[0], *f = &free_vm->cpu[0];
        uint64_t exits;

        fake_listen(vm, NULL, by_iret);
        fake_arm(c);
        exits = fake_stats(c).debug_exits;
        fake_boot(f);
        f->bp_mask = 0;
        for (unsigned i = 0; i < G_N_ELEMENTS(list); i++) {
            enter_as(c, list[i].code, list[i].len, list[i].va, list[i].flags,
                     USER_CS);
            enter_as(f, list[i].code, list[i].len, list[i].va, list[i].flags,
                     USER_CS);
            g_assert_cmpint(fake_run(c), ==, FAKE_ENTERED);
            g_assert_cmpint(fake_run(f), ==, FAKE_ENTERED);
            assert_same(c, f);
            g_assert_cmphex(c->r.rcx, ==, list[i].va + list[i].len);
            g_assert_cmpint(by_iret ? fake_leave_iret(c, 7) :
                            fake_leave(c, 7), ==, FAKE_USER);
            g_assert_cmpint(by_iret ? fake_leave_iret(f, 7) :
                            fake_leave(f, 7), ==, FAKE_USER);
            assert_same(c, f);
            g_assert_cmphex(c->cs, ==, USER_CS);
            g_assert_cmphex(c->ss, ==, USER_SS);
        }
        g_assert_cmpuint(vm->log->len, ==,
                         G_N_ELEMENTS(list) * (1 + by_iret));
        g_assert_cmpuint(fake_stats(c).genuine_ud, ==, 0);
        g_assert_cmpuint(fake_stats(c).calls, ==, 1 + G_N_ELEMENTS(list));
        g_assert_cmpuint(fake_stats(c).debug_exits - exits, ==, c->exits);
        /* One exit each way; without returns, lstar has one in all. */
        g_assert_cmpuint(c->exits, ==, G_N_ELEMENTS(list) *
                         (!by_iret && var->opts.trap == FRAIL_TRAP_LSTAR ? 1 :
                          2));
        g_assert_cmpuint(c->n_set + c->n_get + c->n_breaks, ==, 0);
    }
}

static void test_arguments(void)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { .kpti = true });
    FakeCPU *c = &vm->cpu[0];
    const FakeEvent *e;

    fake_listen(vm, NULL, false);
    fake_arm(c);
    fake_call(c, 0xabcdef0000000101);       /* Linux looks at EAX only */
    e = fake_event(vm, 0);
    g_assert_cmpint(e->nr, ==, 0x101);
    g_assert_cmpuint(e->abi, ==, FRAIL_ABI_X86_64);
    g_assert_cmphex(e->args[0], ==, c->r.rdi);
    g_assert_cmphex(e->args[1], ==, c->r.rsi);
    g_assert_cmphex(e->args[2], ==, c->r.rdx);
    g_assert_cmphex(e->args[3], ==, c->r.r10);
    g_assert_cmphex(e->args[4], ==, c->r.r8);
    g_assert_cmphex(e->args[5], ==, c->r.r9);
    g_assert_cmphex(e->rip, ==, USER_TEXT + 2);
    g_assert_cmphex(e->rsp, ==, USER_RSP);
    g_assert_cmphex(e->task, ==, STACK_TOP(0));
    g_assert_false(e->has_result);
    fake_leave(c, 0);
    fake_call(c, 0x40000000 + 520);
    g_assert_cmpint(fake_event(vm, 1)->nr, ==, 520);
    g_assert_cmpuint(fake_event(vm, 1)->abi, ==, FRAIL_ABI_X32);
    fake_leave(c, 0);
    fake_call(c, 0xffffffff);
    g_assert_cmpint(fake_event(vm, 2)->nr, ==, -1);
    g_assert_cmpuint(fake_event(vm, 2)->abi, ==, FRAIL_ABI_X86_64);
    g_assert_cmpuint(fake_event(vm, 2)->seq, ==, fake_event(vm, 0)->seq + 2);
}

/* frail-exact=off: RF stays in R11, and Linux returns by IRET. */
static void test_inexact(void)
{
    for (int returns = 0; returns < 2; returns++) {
        g_autoptr(FakeVM) vm = fake_new((FakeOptions) { .inexact = true });
        FakeCPU *c = &vm->cpu[0];

        fake_listen(vm, "read", returns);
        fake_arm(c);
        /* Nobody asked for this one's return. */
        g_assert_cmpint(fake_call(c, 1), ==, FAKE_ENTERED);
        g_assert_cmphex(c->r.r11 & RFLAGS_RF, ==, RFLAGS_RF);
        g_assert_cmphex(c->r.rflags & RFLAGS_RF, ==, 0);
        g_assert_cmpint(fake_leave(c, 1), ==, FAKE_USER);
        g_assert_cmpuint(c->exits, ==, 1 + returns);
        g_assert_cmpint(fake_call(c, 0), ==, FAKE_ENTERED);
        g_assert_cmphex(c->r.r11 & RFLAGS_RF, ==, returns ? 0 : RFLAGS_RF);
        g_assert_cmpint(fake_leave(c, 1), ==, FAKE_USER);
        g_assert_cmpuint(vm->log->len, ==, 1 + returns);
        /* A frame without RF still comes to SYSRET (rt_sigreturn). */
        g_assert_cmpint(fake_call(c, 1), ==, FAKE_ENTERED);
        c->task->saved.rflags &= ~RFLAGS_RF;
        c->task->saved.r11 &= ~RFLAGS_RF;
        g_assert_cmpint(fake_leave(c, 1), ==, FAKE_USER);
    }
}

static void test_compat(void)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { .kpti = true });
    g_autoptr(FakeVM) free_vm = fake_new((FakeOptions) { .kpti = true });
    g_autoptr(FakeVM) intel = fake_new((FakeOptions) { .intel = true });
    FakeCPU *c = &vm->cpu[0], *f = &free_vm->cpu[0], *i = &intel->cpu[0];
    uint32_t sixth = 0x66667777;

    fake_listen(vm, NULL, true);
    fake_arm(c);
    fake_boot(f);
    f->bp_mask = 0;
    /* SYSCALL in compatibility mode, then SYSRETL. */
    for (int n = 0; n < 2; n++) {
        FakeCPU *x = n ? f : c;

        enter_as(x, "\x65\x0f\x05", 3, USER_TEXT, 0, USER_CS32);
        x->r.rbp = 0x5555aaaabbbbull;
        x->r.rsp = USER_TEXT + 0x100;
        fake_code(x, USER_TEXT + 0x100, (const char *)&sixth, 4);
        g_assert_cmpint(fake_run(x), ==, FAKE_ENTERED32);
        g_assert_cmphex(x->r.rip, ==, CSTAR);
    }
    assert_same(c, f);
    g_assert_cmpuint(fake_event(vm, 0)->abi, ==, FRAIL_ABI_I386);
    g_assert_cmpint(fake_event(vm, 0)->nr, ==, 39);
    g_assert_cmphex(fake_event(vm, 0)->args[0], ==, (uint32_t)c->r.rbx);
    g_assert_cmphex(fake_event(vm, 0)->args[1], ==, 0xaaaabbbb);
    g_assert_cmphex(fake_event(vm, 0)->args[4], ==, (uint32_t)c->r.rdi);
    g_assert_cmphex(fake_event(vm, 0)->args[5], ==, sixth);
    g_assert_cmpint(fake_leave_sysretl(c, 0xfffffffe), ==, FAKE_USER);
    g_assert_cmpint(fake_leave_sysretl(f, 0xfffffffe), ==, FAKE_USER);
    assert_same(c, f);
    g_assert_cmphex(c->cs, ==, USER_CS32);
    g_assert_cmpint(fake_event(vm, 1)->result, ==, -2);
    /* REX is an instruction of its own there: DEC, no SYSCALL. */
    enter_as(c, "\x0f\x0b\x05", 3, USER_TEXT, 0, USER_CS32);
    g_assert_cmpint(fake_run(c), ==, FAKE_UD);

    /* On Intel it is an invalid instruction. */
    fake_listen(intel, NULL, true);
    fake_arm(i);
    enter_as(i, "\x0f\x05", 2, USER_TEXT, 0, USER_CS32);
    g_assert_cmpint(fake_run(i), ==, FAKE_UD);
    g_assert_cmpuint(fake_stats(i).genuine_ud, ==, 1);
    g_assert_cmpuint(intel->log->len, ==, 0);
    /* SYSRETL leads back from SYSENTER; upper halves are dropped. */
    g_assert_cmpint(fake_call(i, 3), ==, FAKE_ENTERED);
    i->task->saved.rip = 0xffff8000f0001234;
    g_assert_cmpint(fake_leave_sysretl(i, 3), ==, FAKE_USER);
    g_assert_cmphex(i->r.rip, ==, 0xf0001234);
    g_assert_cmphex(i->cs, ==, USER_CS32);
}

/* --- #UD ----------------------------------------------------------------- */

static void test_genuine(void)
{
    static const char *const wrong[] = {
        "\x0f\x0b", "\xf0\x0f\x05", "\x66\xf0\x0f\x05", "\x66\x0f\x0b",
    };
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    FakeCPU *c = &vm->cpu[0];
    uint64_t frame[5];

    fake_listen(vm, NULL, false);
    fake_arm(c);
    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
        enter_as(c, wrong[i], strlen(wrong[i]), USER_TEXT, 0, USER_CS);
        g_assert_cmpint(fake_run(c), ==, FAKE_UD);
        /* The frame is the guest's own, and so are the registers. */
        memcpy(frame, fake_kernel_ptr(vm, c->r.rsp), sizeof(frame));
        g_assert_cmphex(frame[0], ==, USER_TEXT);
        g_assert_cmphex(frame[3], ==, USER_RSP);
        g_assert_cmphex(c->r.rax, ==, 39);
        /* Once only, though the second breakpoint was passed as well. */
        g_assert_cmpuint(fake_stats(c).genuine_ud, ==, i + 1);
        g_assert_cmpuint(fake_stats(c).late_ud, ==, 0);
    }
    /* In the kernel: ud2 of BUG() and WARN(), and even SYSCALL. */
    for (unsigned i = 0; i < 2; i++) {
        c->efer &= ~EFER_SCE;
        fake_put64(vm, CSTAR + 0x200, i ? 0x050f : 0x050f050f050f0b0f);
        c->cs = KERNEL_CS;
        c->r.rip = CSTAR + 0x200;
        c->r.rsp = CPU_AREA(0) + 0xf80;
        c->r.rflags = RFLAGS_FIXED;
        g_assert_cmpint(fake_run(c), ==, FAKE_UD);
    }
    g_assert_cmpuint(vm->log->len, ==, 0);
    g_assert_cmpuint(vm->n_written, ==, 1);     /* fake_arm()'s SYSRET */
}

/* RF was set when the handler was entered: the second breakpoint has it. */
static void test_late(void)
{
    static const char *const first[] = {
        "\xf3\x0f\x1e\xfa", "\x0f\x01\xca\xfc", "\xfc\xfc\xfc\xfc",
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(first); i++) {
        g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
        FakeCPU *c = &vm->cpu[0];

        memcpy(fake_kernel_ptr(vm, UD_HANDLER), first[i], 4);
        fake_listen(vm, NULL, false);
        fake_arm(c);
        g_assert_cmphex(c->bp[3], ==, UD_HANDLER + (i == 0 ? 4 : i == 1 ? 3 :
                                                    1));
        if (i) {
            continue;
        }
        c->skip_ud_break = true;
        g_assert_cmpint(fake_call(c, 20), ==, FAKE_ENTERED);
        g_assert_cmpuint(fake_stats(c).late_ud, ==, 1);
        g_assert_cmphex(c->r.rip, ==, LSTAR);
        g_assert_cmphex(c->r.rsp, ==, USER_RSP);
        g_assert_cmpuint(vm->log->len, ==, 1);
        g_assert_cmpint(fake_leave(c, 0), ==, FAKE_USER);
        /* After a genuine one, too: what was seen first is forgotten. */
        enter_as(c, "\x0f\x0b", 2, USER_TEXT, 0, USER_CS);
        g_assert_cmpint(fake_run(c), ==, FAKE_UD);
        c->skip_ud_break = true;
        g_assert_cmpint(fake_call(c, 21), ==, FAKE_ENTERED);
        g_assert_cmpuint(fake_stats(c).late_ud, ==, 2);
        g_assert_cmpint(fake_leave(c, 0), ==, FAKE_USER);
        enter_as(c, "\x0f\x0b", 2, USER_TEXT, 0, USER_CS);
        c->skip_ud_break = true;
        g_assert_cmpint(fake_run(c), ==, FAKE_UD);
        g_assert_cmpuint(fake_stats(c).genuine_ud, ==, 2);
        g_assert_cmpuint(fake_stats(c).late_ud, ==, 2);
        /* A genuine one whose handler never came to its second breakpoint. */
        enter_as(c, "\x0f\x0b", 2, USER_TEXT, 0, USER_CS);
        c->bp_mask = 7;
        g_assert_cmpint(fake_run(c), ==, FAKE_UD);
        c->bp_mask = 15;
        g_assert_cmpint(fake_call(c, 22), ==, FAKE_ENTERED);
        g_assert_cmpint(fake_leave(c, 0), ==, FAKE_USER);
        c->skip_ud_break = true;
        g_assert_cmpint(fake_call(c, 23), ==, FAKE_ENTERED);
    }
}

/* KVM's own single step to the end of an NMI leaks into the frame. */
static void step_nmi(FakeCPU *c)
{
    fake_put64(c->vm, c->r.rsp + 16, c->r.r11);
}

static void test_nmi_step(void)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    FakeCPU *c = &vm->cpu[0];

    fake_listen(vm, NULL, false);
    fake_arm(c);
    c->after_ud = step_nmi;
    for (int nmi = 0; nmi < 2; nmi++) {
        uint64_t flags = 0x246 | RFLAGS_TF;

        c->nmi = nmi;
        enter_as(c, "\x0f\x05", 2, USER_TEXT, 0, USER_CS);
        c->r.r11 = flags | RFLAGS_RF;
        g_assert_cmpint(fake_run(c), ==, FAKE_ENTERED);
        g_assert_cmphex(c->r.r11, ==, nmi ? flags & ~RFLAGS_TF : flags);
        g_assert_cmphex(c->r.rflags & (RFLAGS_TF | RFLAGS_RF), ==, 0);
    }
}

/* The page of the instruction goes away before we look. */
static uint64_t gone_gpa, gone_va;
static unsigned gone_times;

static void steal_page(FakeCPU *c)
{
    uint64_t root = c->vm->root;

    if (gone_times) {
        gone_times--;
        gone_gpa = (uint8_t *)fake_kernel_ptr(c->vm, gone_va) - c->vm->ram;
        fake_unmap(c->vm, root, gone_va);
    }
}

static void test_retry(const void *data)
{
    uint64_t where = USER_TEXT + GPOINTER_TO_UINT(data);
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    FakeCPU *c = &vm->cpu[0];
    FrailRegs before;

    fake_listen(vm, NULL, true);
    fake_arm(c);
    c->after_ud = steal_page;
    gone_va = where == USER_TEXT + 0xfff ? USER_TEXT + 0x1000 : USER_TEXT;
    for (gone_times = 1; gone_times; ) {
        enter_as(c, "\x0f\x05", 2, where, 0, USER_CS);
        before = c->r;
        g_assert_cmpint(fake_run(c), ==, FAKE_USER);
        g_assert_cmphex(c->r.rip, ==, where);
        before.rflags |= RFLAGS_RF;         /* of no effect on SYSCALL */
        g_assert_cmpmem(&c->r, sizeof(before), &before, sizeof(before));
        /* Run again, the fetch faults and Linux brings the page back. */
        g_assert_cmpint(fake_run(c), ==, FAKE_PF);
        fake_map(vm, vm->root, gone_va, gone_gpa & ~0xfffull, 0);
        g_assert_cmpint(fake_run(c), ==, FAKE_ENTERED);
    }
    g_assert_cmpuint(fake_stats(c).retried, ==, 1);
    g_assert_cmpint(fake_leave(c, 9), ==, FAKE_USER);
    g_assert_cmpuint(vm->log->len, ==, 2);
    g_assert_cmpint(fake_event(vm, 1)->result, ==, 9);
    /*
     * What the CPU can fetch and we never can must end: the guest gets its
     * #UD.  Afterwards an instruction that can be read is a call again.
     */
    for (int round = 0; round < 2; round++) {
        unsigned n = 0;
        FakeStop stop = FAKE_USER;
        uint64_t retried = fake_stats(c).retried;

        fake_code(c, where, "\x0f\x05", 2);
        fake_user(c, where, 1);
        while (stop == FAKE_USER && n++ < 100) {
            gone_times = 1;
            stop = fake_run(c);
            fake_map(vm, vm->root, gone_va, gone_gpa & ~0xfffull, 0);
        }
        g_assert_cmpint(stop, ==, FAKE_UD);
        g_assert_cmpuint(fake_stats(c).retried - retried, >=, 16);
        g_assert_cmpuint(fake_stats(c).retried - retried, <=, 17);
        g_assert_cmpuint(fake_stats(c).genuine_ud, ==, round + 1);
    }
    gone_times = 0;
    g_assert_cmpint(fake_call(c, 2), ==, FAKE_ENTERED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(variants); i++) {
        g_autofree char *path = g_strdup_printf("/engine/round-trip/%s",
                                                variants[i].name);

        g_test_add_data_func(path, &variants[i], test_round_trip);
    }
    g_test_add_func("/engine/arguments", test_arguments);
    g_test_add_func("/engine/inexact", test_inexact);
    g_test_add_func("/engine/compat", test_compat);
    g_test_add_func("/engine/genuine-ud", test_genuine);
    g_test_add_func("/engine/late-ud", test_late);
    g_test_add_func("/engine/nmi-step", test_nmi_step);
    g_test_add_data_func("/engine/retry/page", GUINT_TO_POINTER(0x10),
                         test_retry);
    g_test_add_data_func("/engine/retry/page-end", GUINT_TO_POINTER(0xfff),
                         test_retry);
    return g_test_run();
}
