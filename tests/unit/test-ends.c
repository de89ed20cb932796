/*
 * The ends of tasks, as the engine tells of them: which calls it watches for
 * that, and what comes first.  What plugin/guest/ makes of it is the test's own
 * here; test-guest-tasks.c has the rest.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <signal.h>

#include "fake-vmm.h"

#include "trap/abi.h"

/* --- What the guest knows ------------------------------------------------ */

static GString *seen;
/* Who is told of, and at what; 0: nobody. */
static GuestEnd end;
static const char *when;

static void tell(const char *now_is, GuestEndFn *fn, void *opaque)
{
    if (end.stack && !strcmp(now_is, when)) {
        GuestEnd now = end;

        now.marks = 1;      /* of the first analyzer */
        end.stack = 0;
        fn(&now, opaque);
    }
}

static uint32_t marks;

const FrailProcess *guest_process(FrailGuestCpu *c G_GNUC_UNUSED)
{
    return NULL;
}

uint32_t guest_note_call(FrailGuestCpu *c G_GNUC_UNUSED, uint64_t stack,
                         uint64_t seq, GuestEndFn *fn, void *opaque)
{
    g_assert_cmphex(stack, !=, 0);
    g_string_append_printf(seen, "note %d\n", (int)seq);
    tell("call", fn, opaque);
    return marks;
}

bool guest_note_exit(FrailGuestCpu *c G_GNUC_UNUSED,
                     uint64_t stack G_GNUC_UNUSED, bool group, int code,
                     GuestEndFn *fn, void *opaque)
{
    bool known = end.stack;

    g_string_append_printf(seen, "exit%s %d\n", group ? "_group" : "", code);
    tell("exit", fn, opaque);
    return known;
}

void guest_note_exec(FrailGuestCpu *c G_GNUC_UNUSED,
                     uint64_t stack G_GNUC_UNUSED, GuestEndFn *fn,
                     void *opaque)
{
    g_string_append(seen, "exec\n");
    tell("exec", fn, opaque);
}

void guest_note_child(FrailGuestCpu *c G_GNUC_UNUSED, int32_t pid,
                      GuestEndFn *fn, void *opaque)
{
    g_string_append_printf(seen, "child %d\n", pid);
    tell("child", fn, opaque);
}

void guest_mark_task(FrailGuestCpu *c G_GNUC_UNUSED,
                     uint64_t stack G_GNUC_UNUSED, uint32_t more)
{
    marks |= more;
}

/* --- What is seen -------------------------------------------------------- */

static int on_call(const FrailCall *call, void *opaque G_GNUC_UNUSED)
{
    g_string_append_printf(seen, "call %s\n", frail_call_name(call));
    return frail_call_arg(call, 0) == 999 ? -EPERM : FRAIL_CONTINUE;
}

static void on_return(const FrailCall *call, void *opaque G_GNUC_UNUSED)
{
    int64_t value;

    if (frail_call_result(call, &value)) {
        g_string_append_printf(seen, "%s = ?\n", frail_call_name(call));
    } else {
        g_string_append_printf(seen, "%s = %d\n", frail_call_name(call),
                               (int)value);
    }
}

static void on_exit_of(const FrailExit *e, void *opaque)
{
    FakeVM *vm = opaque;

    g_assert_null(frail_exit_process(e));
    g_assert_cmpint(frail_exit_time_ns(e), >, 0);
    g_assert_cmphex(frail_exit_cr3(e), ==, vm->cpu[0].cr3);
    g_assert_cmpuint(frail_exit_vcpu(e), ==, 0);
    g_string_append_printf(seen, "end of %d: %d, %d%s\n",
                           (int)((frail_exit_task(e) - STACK_TOP(0)) / 0x4000),
                           frail_exit_how(e), frail_exit_value(e),
                           frail_exit_core_dumped(e) ? ", core" : "");
}

/* What the engine gives on, asked for or not. */
static const FrailSink *real;
static unsigned n_ret;

static void count_ret(void *opaque, void *vcpu, FrailCall *call)
{
    n_ret++;
    real->ret(opaque, vcpu, call);
}

static FakeVM *open_vm(const void *trap, const char *filter)
{
    FakeVM *vm = fake_new((FakeOptions) { .trap = GPOINTER_TO_UINT(trap) });
    FrailAnalyzerOptions o = {
        .sz = sizeof(o), .on_call = on_call, .on_return = on_return,
        .on_exit = on_exit_of, .opaque = vm, .filter = filter,
    };
    const char *err = NULL;

    frail_plugin_bind(vm->frail);
    g_assert_nonnull(frail_analyzer_register(&o, &err));
    frail_plugin_bind(NULL);
    seen = g_string_new(NULL);
    end.stack = 0;
    marks = 0;
    fake_arm(&vm->cpu[0]);
    g_string_truncate(seen, 0);
    return vm;
}

static void close_vm(FakeVM *vm)
{
    g_string_free(seen, TRUE);
    fake_free(vm);
}

#define SEEN(text) \
    do { \
        g_assert_cmpstr(seen->str, ==, text); \
        g_string_truncate(seen, 0); \
    } while (0)

static void call(FakeCPU *c, uint64_t nr, uint64_t arg)
{
    fake_code(c, USER_TEXT, "\x0f\x05", 2);
    fake_user(c, USER_TEXT, nr);
    c->r.rdi = arg;
    fake_run(c);
}

/* To another program, in another address space. */
static void execute(FakeCPU *c)
{
    c->cr3 = fake_kernel_cr3(c->vm, fake_new_root(c->vm));
    c->task->saved.rip = USER_TEXT + 0x200;
    g_assert_cmpint(fake_leave_iret(c, 0), ==, FAKE_USER);
}

static void test_watched(const void *trap)
{
    FakeVM *vm = open_vm(trap, "nanosleep");
    FakeCPU *c = &vm->cpu[0];
    FrailSink sink = *vm->frail->sink;

    real = vm->frail->sink;
    sink.ret = count_ret;
    vm->frail->sink = &sink;
    n_ret = 0;
    /* A call that nobody wants is not even looked at. */
    call(c, 39, 0);
    fake_leave(c, 1);
    SEEN("");
    /* A wait is, and does not tell whoever did not ask for it. */
    call(c, 61, 0);
    fake_leave(c, 77);
    SEEN("note 0\nchild 77\n");
    call(c, 61, 0);
    fake_leave(c, 0);           /* WNOHANG, and nobody */
    call(c, 61, 0);
    fake_leave(c, -ECHILD);
    call(c, 247, 0);
    fake_leave(c, 0);           /* waitid */
    SEEN("note 0\nnote 0\nnote 0\nchild 0\n");
    call(c, 59, 0);
    fake_leave(c, -ENOENT);
    SEEN("note 0\n");
    call(c, 59, 0);
    execute(c);
    SEEN("note 0\nexec\n");
    g_assert_cmphex(marks, ==, 0);
    call(c, 61, 0);             /* and does not return */
    call(c, 39, 0);
    fake_leave(c, 1);
    SEEN("note 0\n");
    g_assert_cmpuint(n_ret, ==, 0);
    call(c, 35, 0);
    fake_leave(c, 0);
    g_assert_cmpuint(n_ret, ==, 1);
    vm->frail->sink = real;
    SEEN("note 1\ncall nanosleep\nnanosleep = 0\n");
    g_assert_cmphex(marks, ==, 1);
    close_vm(vm);
}

/* The call that it was in is over, then it is. */
static void test_killed(const void *trap)
{
    FakeTask other = { .top = STACK_TOP(10) };
    FakeVM *vm = open_vm(trap, NULL);
    FakeCPU *c = &vm->cpu[0];

    fake_switch(c, &other);
    call(c, 34, 0);
    SEEN("note 2\ncall pause\n");
    fake_switch(c, &vm->boot_task[0]);
    call(c, 61, 0);
    end = (GuestEnd) {
        .stack = other.top, .seq = 2, .how = GUEST_END_KILLED, .value = 9,
        .core = true,
    };
    when = "child";
    fake_leave(c, 5);
    SEEN("note 3\ncall wait4\nchild 5\npause = ?\nend of 10: 2, 9, core\n"
         "wait4 = 5\n");
    /* Once only. */
    fake_switch(c, &other);
    call(c, 39, 0);
    SEEN("note 4\ncall getpid\n");
    /* The call that is open there is a later one, of another task. */
    fake_switch(c, &vm->boot_task[0]);
    call(c, 61, 0);
    end.stack = other.top;
    fake_leave(c, 5);
    SEEN("note 5\ncall wait4\nchild 5\nend of 10: 2, 9, core\nwait4 = 5\n");
    /* Its stack is used again. */
    fake_switch(c, &other);
    end.stack = other.top;
    end.seq = 4;
    when = "call";
    call(c, 1, 0);
    SEEN("note 6\ngetpid = ?\nend of 10: 2, 9, core\ncall write\n");
    close_vm(vm);
}

static void test_exits(const void *trap)
{
    FakeVM *vm = open_vm(trap, NULL);
    FakeCPU *c = &vm->cpu[0];

    /* Nobody is known: it ends all the same. */
    call(c, 60, 0x103);
    SEEN("note 2\ncall exit\nexit 3\nend of 0: 1, 3\n");
    end = (GuestEnd) {
        .stack = STACK_TOP(3), .how = GUEST_END_EXITED, .value = 4,
    };
    when = "exit";
    call(c, 231, 4);
    SEEN("note 3\ncall exit_group\nexit_group 4\nend of 3: 1, 4\n");
    /* It may not. */
    call(c, 231, 999);
    SEEN("note 4\ncall exit_group\nexit_group = -1\n");
    close_vm(vm);
}

static void test_abi(const void *trap G_GNUC_UNUSED)
{
    static const struct {
        unsigned abi;
        int64_t nr;
        bool tells_pid;
    } waits[] = {
        { CALL_ABI_X86_64, 61, true }, { CALL_ABI_X86_64, 247, false },
        { CALL_ABI_X32, 61, true }, { CALL_ABI_X32, 529, false },
        { CALL_ABI_I386, 7, true }, { CALL_ABI_I386, 114, true },
        { CALL_ABI_I386, 284, false },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(waits); i++) {
        const char *name = frail_syscall_name((FrailAbi)waits[i].abi,
                                              waits[i].nr);
        bool tells_pid;

        g_assert_true(g_str_has_prefix(name, "wait"));
        g_assert_true(abi_is_wait(waits[i].abi, waits[i].nr, &tells_pid));
        g_assert_true(tells_pid == waits[i].tells_pid);
    }
    for (unsigned abi = 0; abi < CALL_ABI_MAX; abi++) {
        for (int64_t nr = 0; nr < 600; nr++) {
            const char *name = frail_syscall_name((FrailAbi)abi, nr);
            bool unused;

            g_assert_true(abi_is_wait(abi, nr, &unused) ==
                          (name && (!strcmp(name, "wait4") ||
                                    !strcmp(name, "waitid") ||
                                    !strcmp(name, "waitpid"))));
            g_assert_true(abi_is_sigreturn(abi, nr) ==
                          (name && (!strcmp(name, "sigreturn") ||
                                    !strcmp(name, "rt_sigreturn"))));
            g_assert_true(abi_never_returns(abi, nr) ==
                          (name && (!strcmp(name, "exit") ||
                                    !strcmp(name, "exit_group"))));
        }
    }
}

static void add(const char *name, GTestDataFunc fn)
{
    g_autofree char *sce = g_strdup_printf("/ends/sce/%s", name);
    g_autofree char *lstar = g_strdup_printf("/ends/lstar/%s", name);

    g_test_add_data_func(sce, GUINT_TO_POINTER(FRAIL_TRAP_SCE), fn);
    g_test_add_data_func(lstar, GUINT_TO_POINTER(FRAIL_TRAP_LSTAR), fn);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("watched", test_watched);
    add("killed", test_killed);
    add("exits", test_exits);
    g_test_add_data_func("/ends/abi", NULL, test_abi);
    return g_test_run();
}
