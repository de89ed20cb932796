/*
 * Analyzers: registration, filters, verdicts; several machines; a monitor
 * that emulates.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>

#include "fake-vmm.h"

/* --- Refusing ------------------------------------------------------------ */

static void test_refuse(const void *data)
{
    FrailTrap trap = GPOINTER_TO_UINT(data) & 3;
    bool returns = GPOINTER_TO_UINT(data) & 4;
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) {
        .trap = trap, .kpti = true,
    });
    FakeCPU *c = &vm->cpu[0];
    FrailRegs before;

    fake_listen(vm, NULL, returns);
    fake_arm(c);
    vm->verdict = -EACCES;
    vm->verdict_nr = 257;
    for (int i = 0; i < 3; i++) {
        fake_code(c, USER_TEXT, "\x48\x0f\x05", 3);
        fake_user(c, USER_TEXT, 257);
        /* Bits that SYSRET would not give back either are left out. */
        before = c->r;
        /* Back in user mode, and the guest's kernel has never run. */
        g_assert_cmpint(fake_run(c), ==, FAKE_USER);
        before.rax = -EACCES;
        before.rip = before.rcx = USER_TEXT + 3;
        before.r11 = before.rflags;
        g_assert_cmpmem(&c->r, sizeof(before), &before, sizeof(before));
        g_assert_cmphex(c->cs, ==, USER_CS);
        g_assert_cmphex(c->ss, ==, USER_SS);
        g_assert_cmpuint(vm->log->len, ==, (i + 1) * (1 + returns));
        g_assert_cmpint(fake_event(vm, 0)->refused, ==, 0);
        if (returns) {
            g_assert_true(fake_event(vm, 1)->is_return);
            g_assert_cmpint(fake_event(vm, 1)->refused, ==, EACCES);
            g_assert_cmpint(fake_event(vm, 1)->result, ==, -EACCES);
        }
    }
    g_assert_cmpuint(c->exits, ==, 3);
    g_assert_cmpuint(fake_stats(c).refused, ==, 3);
    g_assert_cmpuint(fake_stats(c).returns, ==, returns);
    /* Others go on as ever. */
    g_assert_cmpint(fake_call(c, 0), ==, FAKE_ENTERED);
    g_assert_cmpint(fake_leave(c, 5), ==, FAKE_USER);
    g_assert_cmphex(c->r.rax, ==, 5);
    g_assert_true(fake_stats(c).armed);
    /* exit can be refused too. */
    vm->verdict_nr = 60;
    g_assert_cmpint(fake_call(c, 60), ==, FAKE_USER);
    /* And a guest whose TSS is gone gets ENOSYS from its own kernel. */
    c->sregs.tr_base = 0x8000000000000000;
    if (trap == FRAIL_TRAP_LSTAR) {
        g_assert_cmpint(fake_call(c, 60), ==, FAKE_ENTERED);
        g_assert_cmphex(c->r.rax, ==, ~0ull);
        g_assert_cmphex(c->r.rip, ==, LSTAR);
    }
}

static void test_refuse_compat(void)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    FakeCPU *c = &vm->cpu[0];

    fake_listen(vm, NULL, false);
    fake_arm(c);
    vm->verdict = -EPERM;
    fake_code(c, USER_TEXT, "\x0f\x05", 2);
    fake_user(c, USER_TEXT, 5);
    c->cs = USER_CS32;
    g_assert_cmpint(fake_run(c), ==, FAKE_USER);
    g_assert_cmphex(c->cs, ==, USER_CS32);
    g_assert_cmphex(c->r.rip, ==, USER_TEXT + 2);
    g_assert_cmphex(c->r.rax, ==, (uint64_t)-EPERM);
}

static void test_clamp(void)
{
    static const struct {
        int verdict, errnum;
    } list[] = {
        { 0, 0 }, { 1, 0 }, { INT32_MAX, 0 }, { -1, 1 }, { -4095, 4095 },
        { -4096, EPERM }, { INT32_MIN, EPERM },
    };
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    FakeCPU *c = &vm->cpu[0];

    fake_listen(vm, NULL, false);
    fake_arm(c);
    for (unsigned i = 0; i < G_N_ELEMENTS(list); i++) {
        vm->verdict = list[i].verdict;
        if (list[i].errnum) {
            g_assert_cmpint(fake_call(c, 2), ==, FAKE_USER);
            g_assert_cmphex(c->r.rax, ==, -(uint64_t)list[i].errnum);
        } else {
            g_assert_cmpint(fake_call(c, 2), ==, FAKE_ENTERED);
            g_assert_cmphex(c->r.rax, ==, 2);
            g_assert_cmpint(fake_leave(c, 2), ==, FAKE_USER);
        }
    }
}

/* --- Several analyzers --------------------------------------------------- */

typedef struct Probe {
    int verdict, seen_refused;
    unsigned calls, returns;
} Probe;

static int probe_call(const FrailCall *call, void *opaque)
{
    Probe *p = opaque;

    p->calls++;
    p->seen_refused = frail_call_refused(call);
    return p->verdict;
}

static void probe_return(const FrailCall *call, void *opaque)
{
    ((Probe *)opaque)->returns += frail_call_number(call) >= 0;
}

static FrailAnalyzer *probe(FakeVM *vm, Probe *p, const char *filter,
                            bool calls, bool returns, const char **err)
{
    FrailAnalyzerOptions o = {
        .sz = sizeof(o),
        .on_call = calls ? probe_call : NULL,
        .on_return = returns ? probe_return : NULL,
        .opaque = p,
        .filter = filter,
    };
    FrailAnalyzer *a;

    *err = NULL;
    frail_plugin_bind(vm->frail);
    a = frail_analyzer_register(&o, err);
    frail_plugin_bind(NULL);
    return a;
}

static void test_several(void)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    FakeCPU *c = &vm->cpu[0];
    Probe a = { .verdict = -1 }, b = { .verdict = -2 }, d = { 0 };
    const char *err;

    g_assert_nonnull(probe(vm, &a, "read", true, false, &err));
    g_assert_nonnull(probe(vm, &b, "read:write", true, true, &err));
    g_assert_nonnull(probe(vm, &d, "!write", false, true, &err));
    fake_arm(c);
    memset(&d, 0, sizeof(d));
    /* The first that refuses decides; all are told. */
    g_assert_cmpint(fake_call(c, 0), ==, FAKE_USER);
    g_assert_cmphex(c->r.rax, ==, ~0ull);
    g_assert_cmpint(a.seen_refused, ==, 0);
    g_assert_cmpint(b.seen_refused, ==, 1);
    g_assert_cmpuint(b.calls, ==, 1);
    g_assert_cmpuint(b.returns, ==, 1);
    g_assert_cmpuint(d.returns, ==, 1);
    g_assert_cmpint(fake_call(c, 1), ==, FAKE_USER);
    g_assert_cmphex(c->r.rax, ==, (uint64_t)-2);
    g_assert_cmpuint(a.calls, ==, 1);
    g_assert_cmpuint(d.returns, ==, 1);
    /* A return alone is a wish as well. */
    g_assert_cmpint(fake_call(c, 2), ==, FAKE_ENTERED);
    g_assert_cmpint(fake_leave(c, 2), ==, FAKE_USER);
    g_assert_cmpuint(d.returns, ==, 2);
    g_assert_cmpuint(b.calls + a.calls, ==, 3);
}

/* Filters and the table that answers for them, at its ends. */
static void test_wants(void)
{
    static const int64_t numbers[] = {
        0, 1, 257, 511, 1023, 1024, 1025, 0x3fffffff, 0x40000000, 0x40000001,
        0x400003ff, 0x40000400, 0x7fffffff, 0x80000000, 0xffffffff,
    };
    static const struct {
        const char *filter;
        const char *wanted;     /* one letter for each number above */
    } list[] = {
        { NULL, "yyyyyyyyyyyyyyy" },
        { "write", "nynnnnnnnynnnnn" },
        { "!write", "ynyyyyyyynyyyyy" },
        { "1023", "nnnnynnnnnnnnnn" },
        { "!0", "nyyyyyyyyyyyyyy" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(list); i++) {
        g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
        FakeCPU *c = &vm->cpu[0];
        uint64_t delivered;

        fake_listen(vm, list[i].filter, false);
        fake_arm(c);
        delivered = fake_stats(c).delivered;
        for (unsigned n = 0; n < G_N_ELEMENTS(numbers); n++) {
            unsigned before = vm->log->len;

            g_assert_cmpint(fake_call(c, numbers[n]), ==, FAKE_ENTERED);
            if (vm->log->len - before != (list[i].wanted[n] == 'y')) {
                g_test_message("filter %s, number %#lx", list[i].filter,
                               (long)numbers[n]);
            }
            g_assert_cmpuint(vm->log->len - before, ==,
                             list[i].wanted[n] == 'y');
            g_assert_cmpint(fake_leave(c, 0), ==, FAKE_USER);
        }
        g_assert_cmpuint(fake_stats(c).delivered - delivered, ==,
                         vm->log->len);
        g_assert_cmpuint(fake_stats(c).calls, ==, 1 + G_N_ELEMENTS(numbers));
    }
}

/* Up to the last member that the first version had. */
#define OLD_SIZE    (offsetof(FrailAnalyzerOptions, filter) + \
                     sizeof(const char *))

static void not_there(const FrailSignal *s G_GNUC_UNUSED,
                      void *opaque G_GNUC_UNUSED)
{
    g_assert_not_reached();
}

static void not_there_either(const FrailExit *e G_GNUC_UNUSED,
                             void *opaque G_GNUC_UNUSED)
{
    g_assert_not_reached();
}

static void test_register(void)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) { 0 });
    FrailAnalyzerOptions o = { .sz = sizeof(o) };
    FrailHostOps ops = fake_ops;
    FrailVMOptions vo = { .sz = sizeof(vo) };
    const char *err = NULL;
    char why[200] = "";
    Probe p = { 0 };

    g_assert_null(frail_analyzer_register(&o, &err));
    g_assert_nonnull(strstr(err, "frail=on"));
    g_assert_null(probe(vm, &p, "opennat", true, true, &err));
    g_assert_nonnull(strstr(err, "openat"));
    g_assert_null(probe(vm, &p, "opennat", true, true, &err));
    g_assert_false(frail_vm_wants_returns(vm->frail));
    frail_plugin_bind(vm->frail);
    o.sz = OLD_SIZE - 1;
    g_assert_null(frail_analyzer_register(&o, &err));
    g_assert_nonnull(strstr(err, "sizeof"));
    o.sz = sizeof(o) + 1;
    g_assert_null(frail_analyzer_register(&o, &err));
    /* An old one, with whatever lies behind its options. */
    o.sz = OLD_SIZE;
    o.on_signal = not_there;
    o.on_exit = not_there_either;
    g_assert_nonnull(frail_analyzer_register(&o, &err));
    frail_plugin_bind(NULL);
    g_assert_false(frail_vm_wants_returns(vm->frail));
    g_assert_false(vm->frail->wants_signals || vm->frail->wants_tasks);
    for (int i = 1; i < 16; i++) {
        g_assert_nonnull(probe(vm, &p, NULL, true, i == 15, &err));
        g_assert_true(frail_vm_wants_returns(vm->frail) == (i == 15));
    }
    g_assert_null(probe(vm, &p, NULL, true, true, &err));
    g_assert_nonnull(strstr(err, "16"));
    /* Versions. */
    g_assert_cmpint(frail_plugin_check_version(FRAIL_PLUGIN_VERSION, why,
                                               sizeof(why)), ==, 0);
    g_assert_cmpint(frail_plugin_check_version(FRAIL_PLUGIN_VERSION + 1, why,
                                               sizeof(why)), ==, -EINVAL);
    g_assert_cmpstr(why, !=, "");
    g_assert_cmpint(frail_plugin_check_version(0, why, sizeof(why)), ==,
                    -EINVAL);
    ops.sz--;
    g_assert_null(frail_vm_new(&ops, NULL, &vo, &err));
    ops.sz++;
    vo.sz++;
    g_assert_null(frail_vm_new(&ops, NULL, &vo, &err));
    frail_vm_free(NULL);
}

static void test_two_machines(void)
{
    g_autoptr(FakeVM) a = fake_new((FakeOptions) { .kpti = true });
    g_autoptr(FakeVM) b = fake_new((FakeOptions) { .trap = FRAIL_TRAP_LSTAR });
    FakeCPU *x = &a->cpu[0], *y = &b->cpu[0];

    fake_listen(a, NULL, true);
    fake_listen(b, "write", true);
    fake_arm(x);
    fake_arm(y);
    /* The same task, by its looks, in both. */
    g_assert_cmpint(fake_call(x, 1), ==, FAKE_ENTERED);
    g_assert_cmpint(fake_call(y, 1), ==, FAKE_ENTERED);
    g_assert_cmpuint(fake_event(a, 0)->seq, ==, 2);
    g_assert_cmpuint(fake_event(b, 0)->seq, ==, 1);
    g_assert_cmpint(fake_leave(y, 2), ==, FAKE_USER);
    g_assert_cmpuint(b->log->len, ==, 2);
    g_assert_cmpuint(a->log->len, ==, 1);
    frail_vm_memory_changed(a->frail);
    g_assert_cmpint(fake_call(y, 0), ==, FAKE_ENTERED);
    g_assert_cmpuint(b->log->len, ==, 2);
    g_assert_cmpint(fake_leave(x, 3), ==, FAKE_USER);
    g_assert_cmpuint(a->log->len, ==, 2);
    g_assert_cmpint(fake_event(a, 1)->result, ==, 3);
}

/* --- The caller's memory ------------------------------------------------- */

#define LAST_PAGE   (USER_STACK + 3 * FRAIL_PAGE_SIZE)
#define STACK_END   (USER_STACK + 4 * FRAIL_PAGE_SIZE)

static unsigned reads;

static int read_strings(const FrailCall *call, void *opaque)
{
    uint64_t end = frail_call_arg(call, 0), open = frail_call_arg(call, 1);
    char buf[64];

    /* All of it; from page to page; and not one byte behind the last. */
    memset(buf, 'x', sizeof(buf));
    g_assert_cmpint(frail_call_read(call, end - 6, buf, 6), ==, 0);
    g_assert_cmpmem(buf, 7, "hello\0x", 7);
    g_assert_cmpint(frail_call_read(call, end - 6, buf, 7), ==, -EFAULT);
    g_assert_cmpint(frail_call_read(call, LAST_PAGE - 2, buf, 4), ==, 0);
    g_assert_cmpmem(buf, 4, "ab\0\0", 4);
    g_assert_cmpint(frail_call_read(call, end, buf, 1), ==, -EFAULT);
    g_assert_cmpint(frail_call_read(call, end, buf, 0), ==, 0);

    /* A string that ends with its page, whatever the buffer would hold. */
    memset(buf, 'x', sizeof(buf));
    g_assert_cmpint(frail_call_read_string(call, end - 6, buf, sizeof(buf)),
                    ==, 5);
    g_assert_cmpstr(buf, ==, "hello");
    g_assert_cmpint(frail_call_read_string(call, end - 6, buf, 6), ==, 5);
    g_assert_cmpint(frail_call_read_string(call, LAST_PAGE - 2, buf, 16), ==,
                    2);
    g_assert_cmpstr(buf, ==, "ab");
    /* Cut, and terminated all the same. */
    memset(buf, 'x', sizeof(buf));
    g_assert_cmpint(frail_call_read_string(call, end - 6, buf, 5), ==,
                    -E2BIG);
    g_assert_cmpmem(buf, 6, "hell\0x", 6);
    g_assert_cmpint(frail_call_read_string(call, end - 6, buf, 1), ==,
                    -E2BIG);
    g_assert_cmpstr(buf, ==, "");
    memset(buf, 'x', sizeof(buf));
    g_assert_cmpint(frail_call_read_string(call, end - 6, buf, 0), ==,
                    -E2BIG);
    g_assert_cmpint(buf[0], ==, 'x');
    /* No end before the page's, and nothing behind that. */
    fake_put64(opaque, end - 8, 0x6161616161616161);
    g_assert_cmpint(frail_call_read_string(call, end - 8, buf, sizeof(buf)),
                    ==, -EFAULT);
    g_assert_cmpint(frail_call_read_string(call, end, buf, sizeof(buf)), ==,
                    -EFAULT);
    g_assert_cmpstr(buf, ==, "");
    /* The kernel's own, which the engine can read. */
    g_assert_cmpint(frail_call_read(call, STACK_TOP(0) - 8, buf, 8), ==,
                    -EFAULT);
    g_assert_cmpint(frail_call_read_string(call, LSTAR, buf, 8), ==, -EFAULT);
    /* Addresses that are none. */
    g_assert_cmpint(frail_call_read(call, open, buf, 8), ==, -EFAULT);
    g_assert_cmpint(frail_call_read_string(call, open, buf, 8), ==, -EFAULT);
    g_assert_cmpint(frail_call_read(call, ~0ull - 3, buf, 8), ==, -EFAULT);
    g_assert_cmpint(frail_call_read_string(call, ~0ull - 3, buf, 8), ==,
                    -EFAULT);
    reads++;
    return FRAIL_CONTINUE;
}

static void read_return(const FrailCall *call, void *opaque G_GNUC_UNUSED)
{
    int64_t result;
    char byte;
    bool over = frail_call_result(call, &result) == 0;

    /* Of a task that was killed nothing is left. */
    g_assert_cmpint(frail_call_read(call, USER_TEXT, &byte, 1), ==,
                    over ? 0 : -EFAULT);
    g_assert_cmpint(frail_call_read_string(call, USER_TEXT, &byte, 1), ==,
                    over ? -E2BIG : -EFAULT);
    reads++;
}

/* @data: the trap, and 4 without KPTI, where the kernel is mapped as well. */
static void test_read(const void *data)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) {
        .trap = GPOINTER_TO_UINT(data) & 3,
        .kpti = !(GPOINTER_TO_UINT(data) & 4),
    });
    FakeCPU *c = &vm->cpu[0];
    FrailAnalyzerOptions o = {
        .sz = sizeof(o), .on_call = read_strings, .on_return = read_return,
        .opaque = vm, .filter = "openat",
    };
    const char *err = NULL;

    frail_plugin_bind(vm->frail);
    g_assert_nonnull(frail_analyzer_register(&o, &err));
    frail_plugin_bind(NULL);
    fake_arm(c);
    reads = 0;
    for (unsigned i = 0; i < 2; i++) {
        fake_code(c, LAST_PAGE - 2, "ab\0\0", 4);
        fake_code(c, STACK_END - 6, "hello\0", 6);
        fake_code(c, USER_TEXT, "\x0f\x05", 2);
        fake_user(c, USER_TEXT, 257);
        c->r.rdi = STACK_END;
        c->r.rsi = 0x800000000000;
        g_assert_cmpint(fake_run(c), ==, FAKE_ENTERED);
        g_assert_cmpint(fake_leave(c, 0), ==, FAKE_USER);
    }
    g_assert_cmpuint(reads, ==, 4);
    g_assert_cmpint(fake_run(c), ==, FAKE_LOST);
    fake_code(c, STACK_END - 6, "hello\0", 6);
    fake_user(c, USER_TEXT, 257);
    c->r.rdi = STACK_END;
    c->r.rsi = 0x800000000000;
    g_assert_cmpint(fake_run(c), ==, FAKE_ENTERED);
    g_assert_cmpint(fake_call(c, 1), ==, FAKE_ENTERED);
    g_assert_cmpuint(reads, ==, 6);
}

/* --- A monitor that emulates, and its own consumer ----------------------- */

static int64_t monitor_nr, monitor_ret;

static void monitor_on_call(void *vcpu, int64_t nr, const uint64_t args[6])
{
    g_assert_nonnull(vcpu);
    g_assert_cmphex(args[0], !=, 0);
    monitor_nr = nr;
}

static void monitor_on_ret(void *vcpu, int64_t nr, int64_t ret)
{
    g_assert_nonnull(vcpu);
    g_assert_cmpint(nr, ==, monitor_nr);
    monitor_ret = ret;
}

static void test_emulator(void)
{
    g_autoptr(FakeVM) vm = fake_new((FakeOptions) {
        .trap = FRAIL_TRAP_EMULATOR,
    });
    FakeCPU *c = &vm->cpu[0];

    frail_vm_set_monitor(vm->frail, monitor_on_call, monitor_on_ret);
    g_assert_true(frail_vm_wants_returns(vm->frail));
    fake_boot(c);
    g_assert_cmpuint(c->n_breaks, ==, 0);
    fake_listen(vm, NULL, true);
    fake_user(c, USER_TEXT + 2, 12);
    g_assert_cmpint(frail_vcpu_syscall(c->frail, FRAIL_INSN_SYSCALL64, &c->r),
                    ==, 0);
    g_assert_cmpint(monitor_nr, ==, 12);
    g_assert_cmphex(fake_event(vm, 0)->task, ==, STACK_TOP(0));
    c->r.rax = -5;
    frail_vcpu_return(c->frail, &c->r);
    g_assert_cmpint(monitor_ret, ==, -5);
    g_assert_cmpint(fake_event(vm, 1)->result, ==, -5);
    /* int 0x80: i386's registers and numbers. */
    fake_user(c, USER_TEXT + 2, 3);
    g_assert_cmpint(frail_vcpu_syscall(c->frail, FRAIL_INSN_INT80, &c->r), ==,
                    0);
    g_assert_cmpuint(fake_event(vm, 2)->abi, ==, FRAIL_ABI_I386);
    g_assert_cmphex(fake_event(vm, 2)->args[1], ==, (uint32_t)c->r.rcx);
    g_assert_cmphex(fake_event(vm, 2)->args[5], ==, (uint32_t)c->r.rbp);
    frail_vcpu_return(c->frail, &c->r);
    g_assert_cmpuint(vm->log->len, ==, 4);
    /* SYSENTER's return address is not the caller's. */
    fake_user(c, USER_TEXT + 2, 3);
    c->r.rbp = USER_RSP;
    fake_put64(vm, USER_RSP, 0x66);
    g_assert_cmpint(frail_vcpu_syscall(c->frail, FRAIL_INSN_SYSENTER, &c->r),
                    ==, 0);
    c->r.rip = USER_TEXT + 0x999;
    frail_vcpu_return(c->frail, &c->r);
    g_assert_cmpuint(vm->log->len, ==, 6);
    g_assert_true(fake_event(vm, 5)->has_result);
    vm->verdict = -ENOSYS;
    fake_user(c, USER_TEXT + 2, 3);
    g_assert_cmpint(frail_vcpu_syscall(c->frail, FRAIL_INSN_SYSCALL64, &c->r),
                    ==, -ENOSYS);
    g_assert_cmphex(c->r.rax, ==, (uint64_t)-ENOSYS);
    g_assert_cmphex(c->r.rip, ==, USER_TEXT + 2);
    /* 32-bit SYSCALL in the vDSO, refused: behind the INT 0x80. */
    fake_code(c, USER_TEXT + 2, "\xcd\x80", 2);
    fake_user(c, USER_TEXT + 2, 3);
    g_assert_cmpint(frail_vcpu_syscall(c->frail, FRAIL_INSN_SYSCALL32, &c->r),
                    ==, -ENOSYS);
    g_assert_cmphex(c->r.rip, ==, USER_TEXT + 4);
    fake_user(c, USER_TEXT + 2, 3);
    g_assert_cmpint(frail_vcpu_syscall(c->frail, FRAIL_INSN_SYSENTER, &c->r),
                    ==, -ENOSYS);
    g_assert_cmphex(c->r.rip, ==, USER_TEXT + 4);
    /* A SYSENTER from elsewhere has no way back. */
    fake_user(c, USER_TEXT + 1, 3);
    g_assert_cmpint(frail_vcpu_syscall(c->frail, FRAIL_INSN_SYSENTER, &c->r),
                    ==, -ENOSYS);
    g_assert_cmphex(c->r.rip, ==, 0);
    g_assert_cmpuint(c->n_breaks, ==, 0);
    g_assert_cmpint(frail_vcpu_debug(c->frail, LSTAR, 1, &c->r), ==,
                    FRAIL_DEBUG_FOREIGN);
}

int main(int argc, char **argv)
{
    static const char *const modes[] = {
        "sce", "lstar", NULL, NULL, "sce-returns", "lstar-returns",
    };

    g_test_init(&argc, &argv, NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(modes); i++) {
        g_autofree char *path = g_strdup_printf("/api/refuse/%s", modes[i]);

        if (modes[i]) {
            g_test_add_data_func(path, GUINT_TO_POINTER(i), test_refuse);
        }
    }
    g_test_add_func("/api/refuse/compat", test_refuse_compat);
    g_test_add_func("/api/clamp", test_clamp);
    g_test_add_func("/api/several", test_several);
    g_test_add_func("/api/wants", test_wants);
    g_test_add_func("/api/register", test_register);
    g_test_add_func("/api/two-machines", test_two_machines);
    g_test_add_data_func("/api/read/sce", GUINT_TO_POINTER(FRAIL_TRAP_SCE),
                         test_read);
    g_test_add_data_func("/api/read/lstar",
                         GUINT_TO_POINTER(FRAIL_TRAP_LSTAR), test_read);
    g_test_add_data_func("/api/read/no-kpti",
                         GUINT_TO_POINTER(FRAIL_TRAP_SCE | 4), test_read);
    g_test_add_func("/api/emulator", test_emulator);
    return g_test_run();
}
