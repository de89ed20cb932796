/*
 * Calls and their returns: by task, whatever way the guest goes.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>

#include "fake-vmm.h"

#define HANDLER     (USER_TEXT + 0x800)
#define HANDLER_RSP (USER_RSP - 0x800)
#define NEXT        (USER_TEXT + 2)         /* behind the SYSCALL */

typedef struct Pair {
    FakeVM *vm;
    FakeCPU *c;
} Pair;

/* Each test runs with both traps. */
static void open_pair(Pair *p, const void *trap, unsigned cpus)
{
    p->vm = fake_new((FakeOptions) {
        .trap = GPOINTER_TO_UINT(trap),
        .cpus = cpus,
        .kpti = true,
        .rip_slot = cpus > 1,
    });
    fake_listen(p->vm, NULL, true);
    for (unsigned i = 0; i < cpus; i++) {
        fake_arm(&p->vm->cpu[i]);
    }
    p->c = &p->vm->cpu[0];
}

static void assert_events(FakeVM *vm, unsigned calls, unsigned returns)
{
    unsigned n = 0;

    for (unsigned i = 0; i < vm->log->len; i++) {
        n += fake_event(vm, i)->is_return;
    }
    g_assert_cmpuint(n, ==, returns);
    g_assert_cmpuint(vm->log->len - n, ==, calls);
}

/* The last event says of call @nr that it will not return. */
static void assert_given_up(FakeVM *vm, int64_t nr)
{
    const FakeEvent *e = fake_event(vm, vm->log->len - 1);

    g_assert_true(e->is_return);
    g_assert_false(e->has_result);
    g_assert_false(e->restarts);
    g_assert_cmpint(e->nr, ==, nr);
}

static const FakeEvent *last(FakeVM *vm)
{
    return fake_event(vm, vm->log->len - 1);
}

static void put_sigframe(FakeCPU *c, uint64_t rsp, uint64_t rip,
                         uint64_t saved_rsp, uint64_t rax)
{
    fake_put64(c->vm, rsp + 152, rax);
    fake_put64(c->vm, rsp + 168, saved_rsp);
    fake_put64(c->vm, rsp + 176, rip);
}

/* Leave to a handler of a signal, as setup_rt_frame() has it. */
static FakeStop leave_to_handler(FakeCPU *c, uint64_t rsp)
{
    c->task->saved.rip = HANDLER;
    c->task->saved.rsp = rsp;
    return fake_leave_iret(c, 0);
}

static void test_plain(const void *trap)
{
    Pair p;

    open_pair(&p, trap, 1);
    for (int i = 0; i < 6; i++) {
        int64_t result = i == 4 ? -2 : i * 100;

        g_assert_cmpint(fake_call(p.c, i), ==, FAKE_ENTERED);
        g_assert_cmpint(i & 1 ? fake_leave_iret(p.c, result) :
                        fake_leave(p.c, result), ==, FAKE_USER);
        assert_events(p.vm, i + 1, i + 1);
        g_assert_true(last(p.vm)->has_result);
        g_assert_false(last(p.vm)->restarts);
        g_assert_cmpint(last(p.vm)->result, ==, result);
        g_assert_cmpint(last(p.vm)->nr, ==, i);
        g_assert_cmpuint(last(p.vm)->seq, ==,
                         fake_event(p.vm, p.vm->log->len - 2)->seq);
        g_assert_cmpint(last(p.vm)->duration, >=, 0);
    }
    g_assert_cmpuint(fake_stats(p.c).returns, ==, 7);
    g_assert_cmpuint(fake_stats(p.c).returns_unpaired, ==, 0);
    /* A page fault of the kernel's within a call: not back to user mode. */
    g_assert_cmpint(fake_call(p.c, 6), ==, FAKE_ENTERED);
    p.c->task->cs = KERNEL_CS;
    p.c->task->ss = 0x18;
    fake_leave_iret(p.c, 0);
    p.c->task->cs = USER_CS;
    p.c->task->ss = USER_SS;
    assert_events(p.vm, 7, 6);
    g_assert_cmpint(fake_leave(p.c, 66), ==, FAKE_USER);
    assert_events(p.vm, 7, 7);
    g_assert_cmpint(last(p.vm)->result, ==, 66);
    /* An interrupt in user mode goes back by IRETQ, too: no return. */
    p.c->task->saved.rip = USER_TEXT + 0x50;
    g_assert_cmpint(fake_leave_iret(p.c, 5), ==, FAKE_USER);
    assert_events(p.vm, 7, 7);
    g_assert_cmpuint(fake_stats(p.c).returns_unpaired, ==, 0);
    fake_free(p.vm);
}

static void test_migrated(const void *trap)
{
    FakeTask a = { .top = STACK_TOP(10) }, b = { .top = STACK_TOP(11) - 16 };
    FakeCPU *c0, *c1;
    Pair p;

    open_pair(&p, trap, 2);
    c0 = &p.vm->cpu[0];
    c1 = &p.vm->cpu[1];
    fake_switch(c0, &a);
    fake_switch(c1, &b);
    g_assert_cmpint(fake_call(c0, 100), ==, FAKE_ENTERED);
    g_assert_cmpint(fake_call(c1, 200), ==, FAKE_ENTERED);
    g_assert_cmphex(fake_event(p.vm, 0)->task, ==, a.top);
    g_assert_cmphex(fake_event(p.vm, 1)->task, ==, b.top);
    /* They sleep, and wake on each other's CPU. */
    fake_switch(c0, &b);
    fake_switch(c1, &a);
    g_assert_cmpint(fake_leave(c1, 1), ==, FAKE_USER);
    g_assert_cmpint(last(p.vm)->nr, ==, 100);
    g_assert_cmpuint(last(p.vm)->vcpu, ==, 1);
    g_assert_cmpint(fake_leave_iret(c0, 2), ==, FAKE_USER);
    g_assert_cmpint(last(p.vm)->nr, ==, 200);
    g_assert_cmpint(last(p.vm)->result, ==, 2);
    assert_events(p.vm, 2, 2);
    /* A third one has used the CPU in between. */
    g_assert_cmpint(fake_call(c0, 300), ==, FAKE_ENTERED);
    fake_switch(c0, &a);
    g_assert_cmpint(fake_call(c0, 301), ==, FAKE_ENTERED);
    g_assert_cmpint(fake_leave(c0, 4), ==, FAKE_USER);
    g_assert_cmpint(last(p.vm)->nr, ==, 301);
    fake_switch(c0, &b);
    g_assert_cmpint(fake_leave(c0, 3), ==, FAKE_USER);
    g_assert_cmpint(last(p.vm)->nr, ==, 300);
    assert_events(p.vm, 4, 4);
    fake_free(p.vm);
}

static void test_restart(const void *trap)
{
    static const struct {
        const char *code;
        unsigned len;
    } list[] = { { "\x0f\x05", 2 }, { "\x66\x48\x0f\x05", 4 } };
    Pair p;

    open_pair(&p, trap, 1);
    for (unsigned i = 0; i < G_N_ELEMENTS(list); i++) {
        g_array_set_size(p.vm->log, 0);
        fake_code(p.c, USER_TEXT, list[i].code, list[i].len);
        fake_user(p.c, USER_TEXT, 35);
        g_assert_cmpint(fake_run(p.c), ==, FAKE_ENTERED);
        /* Linux always goes back by 2, whatever prefixes there were. */
        p.c->task->saved.rip -= 2;
        g_assert_cmpint(fake_leave_iret(p.c, 35), ==, FAKE_USER);
        assert_events(p.vm, 1, 1);
        g_assert_true(last(p.vm)->restarts);
        g_assert_false(last(p.vm)->has_result);
        g_assert_cmpint(fake_run(p.c), ==, FAKE_ENTERED);
        g_assert_cmpint(fake_leave(p.c, 0), ==, FAKE_USER);
        assert_events(p.vm, 2, 2);
        g_assert_true(last(p.vm)->has_result);
    }
    g_assert_cmpuint(fake_stats(p.c).returns_unpaired, ==, 0);
    fake_free(p.vm);
}

static void test_signal(const void *trap)
{
    Pair p;

    open_pair(&p, trap, 1);
    /* A handler runs first: the result is in the frame. */
    g_assert_cmpint(fake_call(p.c, 0), ==, FAKE_ENTERED);
    put_sigframe(p.c, HANDLER_RSP, NEXT, USER_RSP, -EINTR);
    g_assert_cmpint(leave_to_handler(p.c, HANDLER_RSP), ==, FAKE_USER);
    assert_events(p.vm, 1, 1);
    g_assert_cmpint(last(p.vm)->result, ==, -EINTR);
    g_assert_true(last(p.vm)->has_result);
    /* The same, and the call is to be made again afterwards. */
    g_assert_cmpint(fake_call(p.c, 0), ==, FAKE_ENTERED);
    put_sigframe(p.c, HANDLER_RSP, NEXT - 2, USER_RSP, 0);
    g_assert_cmpint(leave_to_handler(p.c, HANDLER_RSP), ==, FAKE_USER);
    assert_events(p.vm, 2, 2);
    g_assert_true(last(p.vm)->restarts);
    g_assert_false(last(p.vm)->has_result);
    /* Several signals: the last handler's frame leads to the first one's. */
    g_assert_cmpint(fake_call(p.c, 7), ==, FAKE_ENTERED);
    put_sigframe(p.c, HANDLER_RSP, NEXT, USER_RSP, 77);
    put_sigframe(p.c, HANDLER_RSP - 0x200, HANDLER + 4, HANDLER_RSP, 1);
    put_sigframe(p.c, HANDLER_RSP - 0x400, HANDLER + 8, HANDLER_RSP - 0x200,
                 2);
    g_assert_cmpint(leave_to_handler(p.c, HANDLER_RSP - 0x400), ==, FAKE_USER);
    assert_events(p.vm, 3, 3);
    g_assert_cmpint(last(p.vm)->result, ==, 77);
    g_assert_cmpuint(fake_stats(p.c).returns_unpaired, ==, 0);
    /* Frames that lead in a circle, or nowhere. */
    g_assert_cmpint(fake_call(p.c, 8), ==, FAKE_ENTERED);
    put_sigframe(p.c, HANDLER_RSP, 1, HANDLER_RSP, 0);
    g_assert_cmpint(leave_to_handler(p.c, HANDLER_RSP), ==, FAKE_USER);
    g_assert_cmpint(fake_call(p.c, 8), ==, FAKE_ENTERED);
    g_assert_cmpint(leave_to_handler(p.c, 0x8000000000000000), ==, FAKE_USER);
    g_assert_cmpint(fake_call(p.c, 8), ==, FAKE_ENTERED);
    g_assert_cmpint(leave_to_handler(p.c, ~0ull - 160), ==, FAKE_USER);
    assert_events(p.vm, 6, 6);
    assert_given_up(p.vm, 8);
    g_assert_cmpuint(fake_stats(p.c).returns_unpaired, ==, 3);
    /* rt_sigreturn brings back what was interrupted. */
    g_assert_cmpint(fake_call(p.c, 15), ==, FAKE_ENTERED);
    p.c->task->saved.rip = USER_TEXT + 0x123;
    g_assert_cmpint(fake_leave_iret(p.c, 99), ==, FAKE_USER);
    assert_events(p.vm, 7, 7);
    g_assert_cmpint(last(p.vm)->result, ==, 99);
    fake_free(p.vm);
}

/* The handlers of the other ABIs have frames of their own. */
static void test_signal_abi(const void *trap)
{
    static const struct {
        unsigned abi, width, rax, rsp, rip;
    } list[] = {
        { FRAIL_ABI_X32, 8, 136, 152, 160 },
        { FRAIL_ABI_I386, 4, 208, 192, 220 },
        { FRAIL_ABI_I386, 4, 52, 36, 64 },
    };
    Pair p;

    open_pair(&p, trap, 1);
    for (unsigned i = 0; i < G_N_ELEMENTS(list); i++) {
        uint64_t nr = 7;
        char *frame = fake_kernel_ptr(p.vm, HANDLER_RSP);

        memset(frame, 0, 256);
        if (list[i].abi == FRAIL_ABI_X32) {
            nr |= 0x40000000;
        } else if (GPOINTER_TO_UINT(trap) == FRAIL_TRAP_LSTAR) {
            continue;           /* CSTAR is not seen */
        }
        fake_code(p.c, USER_TEXT, "\x0f\x05\xcd\x80", 4);
        fake_user(p.c, USER_TEXT, nr);
        memcpy(frame + list[i].rax, &(int64_t) { -EINTR }, list[i].width);
        memcpy(frame + list[i].rip, &(uint64_t) { NEXT }, list[i].width);
        if (list[i].abi == FRAIL_ABI_I386) {
            memcpy(frame + list[i].rip, &(uint64_t) { NEXT + 2 }, 4);
            p.c->cs = USER_CS32;
            g_assert_cmpint(fake_run(p.c), ==, FAKE_ENTERED32);
        } else {
            g_assert_cmpint(fake_run(p.c), ==, FAKE_ENTERED);
        }
        g_assert_cmpuint(last(p.vm)->abi, ==, list[i].abi);
        g_assert_cmpint(leave_to_handler(p.c, HANDLER_RSP), ==, FAKE_USER);
        g_assert_true(last(p.vm)->is_return);
        g_assert_true(last(p.vm)->has_result);
        g_assert_cmpint(last(p.vm)->result, ==, -EINTR);
    }
    g_assert_cmpuint(fake_stats(p.c).returns_unpaired, ==, 0);
    fake_free(p.vm);
}

/*
 * 32-bit SYSCALL: Linux goes back behind the INT 0x80 that follows it in the
 * vDSO, to the INT 0x80 for a restart, and anywhere when another code used
 * the instruction.
 */
static void test_landing_pad(const void *trap)
{
    const uint64_t pad = NEXT + 2;
    Pair p;

    if (GPOINTER_TO_UINT(trap) == FRAIL_TRAP_LSTAR) {
        return;
    }
    open_pair(&p, trap, 1);
    for (unsigned i = 0; i < 4; i++) {
        bool vdso = i < 3;

        g_array_set_size(p.vm->log, 0);
        fake_code(p.c, USER_TEXT, vdso ? "\x0f\x05\xcd\x80" :
                  "\x0f\x05\x90\x90", 4);
        fake_user(p.c, USER_TEXT, 5);
        p.c->cs = USER_CS32;
        p.vm->verdict = i == 2 ? -EACCES : 0;
        p.vm->verdict_nr = -1;
        if (i == 2) {
            g_assert_cmpint(fake_run(p.c), ==, FAKE_USER);
            g_assert_cmphex(p.c->r.rip, ==, pad);
            g_assert_cmphex(p.c->r.rax, ==, (uint64_t)-EACCES);
            assert_events(p.vm, 1, 1);
            continue;
        }
        g_assert_cmpint(fake_run(p.c), ==, FAKE_ENTERED32);
        p.c->task->saved.rip = i == 0 ? pad : i == 1 ? NEXT : 0x12345678;
        g_assert_cmpint(fake_leave_iret(p.c, 77), ==, FAKE_USER);
        assert_events(p.vm, 1, 1);
        g_assert_true(last(p.vm)->restarts == (i == 1));
        g_assert_true(last(p.vm)->has_result == (i != 1));
        if (i != 1) {
            g_assert_cmpint(last(p.vm)->result, ==, 77);
        }
    }
    g_assert_cmpuint(fake_stats(p.c).returns_unpaired, ==, 0);
    fake_free(p.vm);
}

static void test_execve(const void *trap)
{
    Pair p;

    open_pair(&p, trap, 1);
    g_assert_cmpint(fake_call(p.c, 59), ==, FAKE_ENTERED);
    /* New page tables, new stack, new program. */
    p.c->cr3 = fake_kernel_cr3(p.vm, fake_new_root(p.vm));
    p.c->task->saved.rip = USER_TEXT + 0x200;
    p.c->task->saved.rsp = USER_RSP + 0x1000;
    g_assert_cmpint(fake_leave_iret(p.c, 0), ==, FAKE_USER);
    assert_events(p.vm, 1, 1);
    g_assert_cmpint(last(p.vm)->nr, ==, 59);
    g_assert_cmpint(last(p.vm)->result, ==, 0);
    /* It failed, and comes back as others do. */
    g_assert_cmpint(fake_call(p.c, 322), ==, FAKE_ENTERED);
    g_assert_cmpint(fake_leave(p.c, -ENOENT), ==, FAKE_USER);
    g_assert_cmpint(last(p.vm)->result, ==, -ENOENT);
    assert_events(p.vm, 2, 2);
    /* It failed, and a signal was pending. */
    g_assert_cmpint(fake_call(p.c, 59), ==, FAKE_ENTERED);
    put_sigframe(p.c, HANDLER_RSP, NEXT, USER_RSP, -ENOENT);
    g_assert_cmpint(leave_to_handler(p.c, HANDLER_RSP), ==, FAKE_USER);
    g_assert_cmpint(last(p.vm)->result, ==, -ENOENT);
    /* Killed in it: no other program, so no success either. */
    g_assert_cmpint(fake_call(p.c, 59), ==, FAKE_ENTERED);
    p.c->task->saved.rip = USER_TEXT + 0x300;
    put_sigframe(p.c, USER_RSP, 0, 0, 0);
    g_assert_cmpint(fake_leave_iret(p.c, 0), ==, FAKE_USER);
    assert_given_up(p.vm, 59);
    fake_free(p.vm);
}

static void test_fork_and_exit(const void *trap)
{
    FakeTask child = { .top = STACK_TOP(20) };
    Pair p;

    open_pair(&p, trap, 1);
    g_assert_cmpint(fake_call(p.c, 57), ==, FAKE_ENTERED);
    child.saved = p.c->task->saved;
    child.cs = USER_CS;
    child.ss = USER_SS;
    fake_switch(p.c, &child);
    /* The child comes to user mode without ever having called. */
    g_assert_cmpint(fake_leave(p.c, 0), ==, FAKE_USER);
    assert_events(p.vm, 1, 0);
    g_assert_cmpuint(fake_stats(p.c).returns_unpaired, ==, 0);
    /* It exits: that call never comes back, and is not kept open. */
    g_assert_cmpint(fake_call(p.c, 231), ==, FAKE_ENTERED);
    fake_switch(p.c, &p.vm->boot_task[0]);
    g_assert_cmpint(fake_leave(p.c, 1234), ==, FAKE_USER);
    assert_events(p.vm, 2, 1);
    g_assert_cmpint(last(p.vm)->nr, ==, 57);
    /* Its stack is given to another task that returns to the same place. */
    fake_switch(p.c, &child);
    g_assert_cmpint(fake_leave(p.c, 0), ==, FAKE_USER);
    assert_events(p.vm, 2, 1);
    g_assert_cmpuint(fake_stats(p.c).returns_unpaired, ==, 0);

    /* Killed in the kernel; the stack is used again by a new task. */
    g_assert_cmpint(fake_call(p.c, 0), ==, FAKE_ENTERED);
    child.saved.rip = USER_TEXT + 0x700;
    child.saved.rcx = child.saved.rip;
    child.saved.rsp = HANDLER_RSP;
    put_sigframe(p.c, HANDLER_RSP, 0, 0, 0);
    g_assert_cmpint(fake_leave(p.c, 0), ==, FAKE_USER);
    assert_events(p.vm, 3, 2);
    assert_given_up(p.vm, 0);
    g_assert_cmpuint(fake_stats(p.c).returns_unpaired, ==, 1);
    /* The same code, but another stack: a child of its first call. */
    g_assert_cmpint(fake_call(p.c, 3), ==, FAKE_ENTERED);
    child.saved.rsp -= 64;
    put_sigframe(p.c, child.saved.rsp, 0, 0, 0);
    g_assert_cmpint(fake_leave(p.c, 0), ==, FAKE_USER);
    assert_given_up(p.vm, 3);
    /* Or its first call takes the dead one's place, and tells first. */
    g_assert_cmpint(fake_call(p.c, 1), ==, FAKE_ENTERED);
    g_assert_cmpint(fake_call(p.c, 2), ==, FAKE_ENTERED);
    g_assert_false(last(p.vm)->is_return);
    g_assert_cmpint(fake_event(p.vm, p.vm->log->len - 2)->nr, ==, 1);
    g_assert_true(fake_event(p.vm, p.vm->log->len - 2)->is_return);
    g_assert_false(fake_event(p.vm, p.vm->log->len - 2)->has_result);
    g_assert_cmpint(fake_leave(p.c, 3), ==, FAKE_USER);
    g_assert_cmpint(last(p.vm)->nr, ==, 2);
    g_assert_cmpint(last(p.vm)->result, ==, 3);
    /* So do a call that never returns and one that is refused. */
    g_assert_cmpint(fake_call(p.c, 4), ==, FAKE_ENTERED);
    g_assert_cmpint(fake_call(p.c, 60), ==, FAKE_ENTERED);
    g_assert_cmpint(fake_event(p.vm, p.vm->log->len - 2)->nr, ==, 4);
    g_assert_false(fake_event(p.vm, p.vm->log->len - 2)->has_result);
    g_assert_cmpint(fake_call(p.c, 6), ==, FAKE_ENTERED);
    p.vm->verdict = -EPERM;
    p.vm->verdict_nr = 7;
    g_assert_cmpint(fake_call(p.c, 7), ==, FAKE_USER);
    g_assert_cmpint(fake_event(p.vm, p.vm->log->len - 3)->nr, ==, 6);
    g_assert_false(fake_event(p.vm, p.vm->log->len - 3)->has_result);
    fake_free(p.vm);
}

/* After a reset the calls of before do not return, whatever returns. */
static void test_reset(const void *trap)
{
    Pair p;

    open_pair(&p, trap, 1);
    g_assert_cmpint(fake_call(p.c, 0), ==, FAKE_ENTERED);
    frail_vm_reset(p.vm->frail);
    g_assert_cmpint(fake_leave(p.c, 5), ==, FAKE_USER);
    assert_events(p.vm, 1, 0);
    g_assert_cmpint(fake_call(p.c, 1), ==, FAKE_ENTERED);
    g_assert_cmpint(fake_leave(p.c, 5), ==, FAKE_USER);
    assert_events(p.vm, 2, 1);
    fake_free(p.vm);
}

/*
 * The return of a wanted call was not seen, and one that nobody wants
 * comes back to the same place: its result is not the other's.
 */
static void test_stale(const void *trap)
{
    Pair p;

    p.vm = fake_new((FakeOptions) { .trap = GPOINTER_TO_UINT(trap) });
    p.c = &p.vm->cpu[0];
    fake_listen(p.vm, "read", true);
    fake_arm(p.c);
    g_assert_cmpint(fake_call(p.c, 0), ==, FAKE_ENTERED);
    g_assert_cmpint(fake_call(p.c, 1), ==, FAKE_ENTERED);
    assert_given_up(p.vm, 0);
    g_assert_cmpint(fake_leave(p.c, 4321), ==, FAKE_USER);
    assert_events(p.vm, 1, 1);
    fake_free(p.vm);
}

/* A guest that does not show its task: by address space and stack. */
static void test_no_task(const void *trap)
{
    for (int how = 0; how < 2; how++) {
        Pair p;

        p.vm = fake_new((FakeOptions) {
            .trap = GPOINTER_TO_UINT(trap), .kpti = true, .no_slot = how == 0,
        });
        p.c = &p.vm->cpu[0];
        fake_listen(p.vm, NULL, true);
        if (how == 1) {
            p.vm->boot_task[0].top = 0x00007fff12344000;    /* user's */
            fake_switch(p.c, &p.vm->boot_task[0]);
        }
        fake_arm(p.c);
        g_assert_cmpint(fake_call(p.c, 1), ==, FAKE_ENTERED);
        g_assert_cmphex(last(p.vm)->task, ==, 0);
        g_assert_cmpint(fake_leave(p.c, 11), ==, FAKE_USER);
        g_assert_cmpint(last(p.vm)->result, ==, 11);
        /* Another address space with the same numbers. */
        g_assert_cmpint(fake_call(p.c, 2), ==, FAKE_ENTERED);
        p.c->cr3 = fake_kernel_cr3(p.vm, fake_new_root(p.vm));
        g_assert_cmpint(fake_leave(p.c, 12), ==, FAKE_USER);
        assert_events(p.vm, 2, 1);
        /* The same one with another PCID. */
        p.c->cr3 = fake_kernel_cr3(p.vm, p.vm->root) ^ 6;
        g_assert_cmpint(fake_leave_iret(p.c, 13), ==, FAKE_USER);
        assert_events(p.vm, 2, 2);
        g_assert_cmpint(last(p.vm)->result, ==, 13);
        fake_free(p.vm);
    }
}

/* Without KPTI bit 12 of CR3 is a bit of the address like any other. */
static void test_odd_cr3(const void *trap)
{
    uint64_t odd;
    Pair p;

    p.vm = fake_new((FakeOptions) { .trap = GPOINTER_TO_UINT(trap) });
    p.c = &p.vm->cpu[0];
    fake_listen(p.vm, NULL, true);
    odd = fake_new_root(p.vm) + 0x1000;
    memcpy(fake_phys(p.vm, odd), fake_phys(p.vm, p.vm->root), 4096);
    /* Below it lie other page tables, of which something else is true. */
    memset(fake_phys(p.vm, odd - 0x1000), 0, 4096);
    fake_map(p.vm, odd - 0x1000, PERCPU(0) + 0x1000, fake_alloc(p.vm, 1), 0);
    *(uint64_t *)fake_ptr(p.vm, odd - 0x1000, PERCPU(0) + STACK_SLOT) =
        STACK_TOP(99);
    p.c->cr3 = odd;
    fake_arm(p.c);
    g_assert_cmpint(fake_call(p.c, 1), ==, FAKE_ENTERED);
    g_assert_cmphex(last(p.vm)->task, ==, STACK_TOP(0));
    fake_free(p.vm);
}

/* Without KPTI the new page tables may lie right behind the old ones. */
static void test_exec_behind(const void *trap)
{
    Pair p;

    p.vm = fake_new((FakeOptions) { .trap = GPOINTER_TO_UINT(trap) });
    p.c = &p.vm->cpu[0];
    fake_listen(p.vm, NULL, true);
    p.c->cr3 = fake_new_root(p.vm);
    memcpy(fake_phys(p.vm, p.c->cr3 + 0x1000), fake_phys(p.vm, p.c->cr3),
           4096);
    fake_arm(p.c);
    for (int i = 0; i < 2; i++) {
        g_assert_cmpint(fake_call(p.c, 59), ==, FAKE_ENTERED);
        p.c->cr3 ^= 0x1000;
        p.c->task->saved.rip = USER_TEXT + 0x200;
        g_assert_cmpint(fake_leave_iret(p.c, 0), ==, FAKE_USER);
        g_assert_true(last(p.vm)->has_result);
        g_assert_cmpint(last(p.vm)->nr, ==, 59);
    }
    g_assert_cmpuint(fake_stats(p.c).returns_unpaired, ==, 0);
    fake_free(p.vm);
}

static void add(const char *name, GTestDataFunc fn)
{
    g_autofree char *sce = g_strdup_printf("/pair/sce/%s", name);
    g_autofree char *lstar = g_strdup_printf("/pair/lstar/%s", name);

    g_test_add_data_func(sce, GUINT_TO_POINTER(FRAIL_TRAP_SCE), fn);
    g_test_add_data_func(lstar, GUINT_TO_POINTER(FRAIL_TRAP_LSTAR), fn);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("plain", test_plain);
    add("migrated", test_migrated);
    add("restart", test_restart);
    add("signal", test_signal);
    add("signal-abi", test_signal_abi);
    add("landing-pad", test_landing_pad);
    add("execve", test_execve);
    add("exec-behind", test_exec_behind);
    add("fork-and-exit", test_fork_and_exit);
    add("reset", test_reset);
    add("stale", test_stale);
    add("no-task", test_no_task);
    add("odd-cr3", test_odd_cr3);
    return g_test_run();
}
