/*
 * Signals: frames on the user's stack, of all ABIs, well made and not.
 *
 * What the guest's kernel does with a signal is asked of plugin/guest/; here
 * the test answers, in its place.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <signal.h>

#include "fake-vmm.h"

#include "trap/sigframe.h"

#define HANDLER     (USER_TEXT + 0x800)
#define NEXT        (USER_TEXT + 2)         /* behind the SYSCALL */
#define FRAME(n)    (USER_RSP - 0x400 * ((n) + 1))

/* --- What the guest knows ------------------------------------------------ */

static bool known = true;
static GuestAction action = { .handler = HANDLER, .flags = SA_SIGINFO };

const FrailProcess *guest_process(FrailGuestCpu *c G_GNUC_UNUSED)
{
    static int somebody;

    return known ? (const FrailProcess *)&somebody : NULL;
}

bool guest_signal_action(FrailGuestCpu *c G_GNUC_UNUSED,
                         const FrailProcess *p G_GNUC_UNUSED,
                         int sig G_GNUC_UNUSED, GuestAction *a)
{
    *a = action;
    return true;
}

static uint32_t marks = 1;

bool guest_task_marks(FrailGuestCpu *c G_GNUC_UNUSED,
                      uint64_t stack G_GNUC_UNUSED, uint32_t *those)
{
    *those = marks;
    return known;
}

uint32_t guest_note_call(FrailGuestCpu *c G_GNUC_UNUSED,
                         uint64_t stack G_GNUC_UNUSED, uint64_t seq G_GNUC_UNUSED,
                         GuestEndFn *fn G_GNUC_UNUSED, void *opaque G_GNUC_UNUSED)
{
    return 0;
}

void guest_mark_task(FrailGuestCpu *c G_GNUC_UNUSED,
                     uint64_t stack G_GNUC_UNUSED,
                     uint32_t more G_GNUC_UNUSED)
{
}

static GString *seen;

/* The handler of SIGCHLD is about to run. */
void guest_note_child(FrailGuestCpu *c G_GNUC_UNUSED, int32_t pid,
                      GuestEndFn *fn G_GNUC_UNUSED, void *opaque G_GNUC_UNUSED)
{
    g_string_append_printf(seen, "child %d\n", pid);
}

/* --- What is seen -------------------------------------------------------- */

typedef struct Case {
    FakeVM *vm;
    FakeCPU *c;
} Case;

static void on_signal(const FrailSignal *s, void *opaque)
{
    static const FrailDecodeOptions opts = { .sz = sizeof(opts) };
    Case *t = opaque;
    char text[200], small[8];
    uint32_t number = 0;
    int rc = frail_signal_info(s, &number, sizeof(number));

    g_assert_cmpint(frail_signal_text(s, &opts, text, sizeof(text)), ==,
                    strlen(text));
    g_assert_cmpint(frail_signal_text(s, &opts, small, sizeof(small)), ==,
                    -E2BIG);
    g_assert_cmpint(strncmp(small, text, sizeof(small) - 1), ==, 0);
    g_assert_cmpint(frail_signal_text(s, &opts, small, 0), ==, -E2BIG);
    g_assert_cmphex(frail_signal_task(s), ==, t->c->task->top);
    g_assert_cmphex(frail_signal_cr3(s), ==, t->c->cr3);
    g_assert_cmpuint(frail_signal_vcpu(s), ==, t->c->index);
    g_assert_cmpint(frail_signal_time_ns(s), >, 0);
    g_assert_true((frail_signal_process(s) != NULL) == known);
    if (strstr(text, "...")) {
        g_assert_cmpint(rc, ==, -ENODATA);
    } else {
        g_assert_cmpint(rc, ==, 0);
        g_assert_cmpint(number, ==, frail_signal_number(s));
        g_assert_cmpint(frail_signal_info(s, text, 129), ==, -ENODATA);
        frail_signal_text(s, &opts, text, sizeof(text));
    }
    g_string_append_printf(seen, "%s %s abi=%d at=%d\n",
                           frail_signal_name(frail_signal_number(s)), text,
                           frail_signal_abi(s),
                           (int)(USER_RSP - frail_signal_user_rsp(s)));
}

static void on_return(const FrailCall *call, void *opaque G_GNUC_UNUSED)
{
    g_string_append_printf(seen, "%s over\n", frail_call_name(call));
}

static void open_case_with(Case *t, const void *trap, const char *where)
{
    FrailAnalyzerOptions o = {
        .sz = sizeof(o), .on_signal = on_signal, .on_return = on_return,
        .opaque = t, .filter = "!getpid", .where = where,
    };
    const char *err = NULL;

    known = true;
    marks = 1;
    action = (GuestAction) { .handler = HANDLER, .flags = SA_SIGINFO };
    t->vm = fake_new((FakeOptions) {
        .trap = GPOINTER_TO_UINT(trap), .kpti = true,
    });
    t->c = &t->vm->cpu[0];
    seen = g_string_new(NULL);
    g_assert_false(frail_vm_wants_returns(t->vm->frail));
    frail_plugin_bind(t->vm->frail);
    g_assert_nonnull(frail_analyzer_register(&o, &err));
    frail_plugin_bind(NULL);
    g_assert_true(frail_vm_wants_returns(t->vm->frail));
    fake_arm(t->c);
}

static void open_case(Case *t, const void *trap)
{
    open_case_with(t, trap, NULL);
}

static void close_case(Case *t)
{
    g_string_free(seen, TRUE);
    fake_free(t->vm);
}

#define SEEN(text) \
    do { \
        g_assert_cmpstr(seen->str, ==, text); \
        g_string_truncate(seen, 0); \
    } while (0)

/* --- The guest's kernel -------------------------------------------------- */

typedef struct Abi {
    unsigned width, rax, rdi, rsi, rdx, rcx, rsp, rip, info, uc;
} Abi;

static const Abi x86_64 = { 8, 152, 112, 120, 144, 160, 168, 176, 312, 8 };
static const Abi x32 = { 8, 136, 96, 104, 128, 144, 152, 160, 296, 8 };
static const Abi rt32 = { 4, 208, 180, 184, 200, 204, 192, 220, 16, 144 };
static const Abi old32 = { 4, 52, 24, 28, 44, 48, 36, 64, 0, 0 };

static void put(Case *t, uint64_t va, uint64_t value, unsigned width)
{
    for (unsigned i = 0; i < width; i++) {
        *(uint8_t *)fake_kernel_ptr(t->vm, va + i) = value >> i * 8;
    }
}

/*
 * As setup_rt_frame() and its like: @r is interrupted, and becomes the start
 * of a handler of @sig with its frame at @at.
 */
static void deliver(Case *t, const Abi *abi, FrailRegs *r, uint64_t at,
                    int sig)
{
    for (unsigned i = 0; i < 440; i++) {
        put(t, at + i, 0, 1);
    }
    put(t, at + abi->rax, r->rax, abi->width);
    put(t, at + abi->rdi, r->rdi, abi->width);
    put(t, at + abi->rsi, r->rsi, abi->width);
    put(t, at + abi->rdx, r->rdx, abi->width);
    put(t, at + abi->rcx, r->rcx, abi->width);
    put(t, at + abi->rsp, r->rsp, abi->width);
    put(t, at + abi->rip, r->rip, abi->width);
    if (abi->info) {
        put(t, at + abi->info, sig, 4);
        put(t, at + abi->info + 8, SI_KERNEL, 4);
    }
    r->rsp = at;
    r->rip = HANDLER;
    if (abi->width == 8) {
        r->rax = 0;
        r->rdi = sig;
        r->rsi = at + abi->info;
        r->rdx = at + abi->uc;
    } else {
        put(t, at + 4, sig, 4);
        r->rax = sig;
        r->rdx = abi->info ? (uint32_t)(at + abi->info) : 0;
        r->rcx = abi->info ? (uint32_t)(at + abi->uc) : 0;
    }
}

/* The task is in its kernel, on its way back to user mode. */
static FrailRegs *interrupted(Case *t)
{
    FrailRegs *r = &t->c->task->saved;

    fake_user(t->c, USER_TEXT + 0x100, 0x1234);
    *r = t->c->r;
    t->c->task->cs = USER_CS;
    t->c->task->ss = USER_SS;
    return r;
}

static void go(Case *t)
{
    g_assert_cmpint(fake_leave_iret(t->c, t->c->task->saved.rax), ==,
                    FAKE_USER);
}

/* A call that is none of the log's. */
static void some_call(Case *t)
{
    g_assert_cmpint(fake_call(t->c, 39), ==, FAKE_ENTERED);
    g_assert_cmpint(fake_leave(t->c, 0), ==, FAKE_USER);
}

/* --- The tests ----------------------------------------------------------- */

static void test_in_call(const void *trap)
{
    FrailRegs *r;
    Case t;

    open_case(&t, trap);
    g_assert_cmpint(fake_call(t.c, 34), ==, FAKE_ENTERED);
    r = &t.c->task->saved;
    r->rax = -EINTR;
    deliver(&t, &x86_64, r, FRAME(0), SIGALRM);
    go(&t);
    SEEN("pause over\n"
         "SIGALRM {si_signo=SIGALRM, si_code=SI_KERNEL} abi=0 at=1024\n");
    close_case(&t);
}

static void test_at_interrupt(const void *trap)
{
    FrailRegs *r;
    Case t;

    open_case(&t, trap);
    r = interrupted(&t);
    go(&t);                 /* an interrupt, and no signal */
    SEEN("");
    deliver(&t, &x86_64, r, FRAME(0), SIGPROF);
    go(&t);
    SEEN("SIGPROF {si_signo=SIGPROF, si_code=SI_KERNEL} abi=0 at=1024\n");
    /* What it tells of comes first. */
    deliver(&t, &x86_64, r, FRAME(2), SIGCHLD);
    go(&t);
    SEEN("child 0\n"
         "SIGCHLD {si_signo=SIGCHLD, si_code=SI_KERNEL, si_pid=0, si_uid=0, "
         "si_status=0, si_utime=0, si_stime=0} abi=0 at=3072\n");
    some_call(&t);
    r = interrupted(&t);
    deliver(&t, &x86_64, r, FRAME(0), SIGPROF);
    go(&t);
    SEEN("SIGPROF {si_signo=SIGPROF, si_code=SI_KERNEL} abi=0 at=1024\n");
    /* Another interrupt at the handler's first instruction. */
    go(&t);
    SEEN("");
    /* And there another signal. */
    deliver(&t, &x86_64, r, FRAME(1), SIGUSR1);
    go(&t);
    SEEN("SIGUSR1 {si_signo=SIGUSR1, si_code=SI_KERNEL} abi=0 at=2048\n");
    /* The same once more, after a call. */
    some_call(&t);
    r = interrupted(&t);
    deliver(&t, &x86_64, r, FRAME(0), SIGPROF);
    go(&t);
    some_call(&t);
    r = interrupted(&t);
    deliver(&t, &x86_64, r, FRAME(0), SIGPROF);
    go(&t);
    SEEN("SIGPROF {si_signo=SIGPROF, si_code=SI_KERNEL} abi=0 at=1024\n"
         "SIGPROF {si_signo=SIGPROF, si_code=SI_KERNEL} abi=0 at=1024\n");
    close_case(&t);
}

/* Several at once are told in the order in which they were delivered. */
static void test_stacked(const void *trap)
{
    FrailRegs *r, second;
    Case t;

    open_case(&t, trap);
    g_assert_cmpint(fake_call(t.c, 1), ==, FAKE_ENTERED);
    r = &t.c->task->saved;
    deliver(&t, &x86_64, r, FRAME(0), SIGHUP);
    deliver(&t, &x86_64, r, FRAME(1), SIGINT);
    second = *r;
    deliver(&t, &x86_64, r, FRAME(2), 34);
    go(&t);
    SEEN("write over\n"
         "SIGHUP {si_signo=SIGHUP, si_code=SI_KERNEL} abi=0 at=1024\n"
         "SIGINT {si_signo=SIGINT, si_code=SI_KERNEL} abi=0 at=2048\n"
         "SIGRT_2 {si_signo=SIGRT_2, si_code=SI_KERNEL} abi=0 at=3072\n");
    /* The last handler returns to the start of the one before: no signal. */
    fake_user(t.c, USER_TEXT, 15);
    t.c->r.rsp = FRAME(2) + 8;
    g_assert_cmpint(fake_run(t.c), ==, FAKE_ENTERED);
    *r = second;
    go(&t);
    SEEN("rt_sigreturn over\n");
    /* But one that comes just then is. */
    deliver(&t, &x86_64, r, FRAME(2), SIGTERM);
    go(&t);
    SEEN("SIGTERM {si_signo=SIGTERM, si_code=SI_KERNEL} abi=0 at=3072\n");
    close_case(&t);
}

static void test_abis(const void *trap)
{
    static const struct {
        const Abi *abi;
        bool asked;             /* SA_SIGINFO */
        const char *seen;
    } list[] = {
        { &x86_64, false, "SIGUSR2 {si_signo=SIGUSR2, ...} abi=0 at=1024\n" },
        { &x32, true, "SIGUSR2 {si_signo=SIGUSR2, si_code=SI_KERNEL} abi=1 "
          "at=1024\n" },
        { &x32, false, "SIGUSR2 {si_signo=SIGUSR2, ...} abi=1 at=1024\n" },
        { &rt32, true, "SIGUSR2 {si_signo=SIGUSR2, si_code=SI_KERNEL} abi=2 "
          "at=1024\n" },
        { &old32, false, "SIGUSR2 {si_signo=SIGUSR2, ...} abi=2 at=1024\n" },
    };
    Case t;

    open_case(&t, trap);
    for (unsigned i = 0; i < G_N_ELEMENTS(list); i++) {
        FrailRegs *r = interrupted(&t);

        action.flags = list[i].asked ? SA_SIGINFO : 0;
        deliver(&t, list[i].abi, r, FRAME(0), SIGUSR2);
        go(&t);
        SEEN(list[i].seen);
        some_call(&t);
    }
    close_case(&t);
}

/* Nothing is believed that the kernel, if it can be asked, does not say. */
static void test_no_signal(const void *trap)
{
    FrailRegs *r, entry;
    Case t;

    open_case(&t, trap);
    r = interrupted(&t);
    deliver(&t, &x86_64, r, FRAME(0), SIGUSR1);
    entry = *r;
    action.handler = HANDLER + 1;
    go(&t);
    SEEN("");
    some_call(&t);
    /* SA_RESETHAND has taken it away. */
    action.handler = 0;
    action.flags |= SA_RESETHAND;
    interrupted(&t);
    *r = entry;
    go(&t);
    SEEN("SIGUSR1 {si_signo=SIGUSR1, si_code=SI_KERNEL} abi=0 at=1024\n");
    some_call(&t);
    /* Nobody can be asked: a siginfo may be there or not. */
    known = false;
    interrupted(&t);
    *r = entry;
    go(&t);
    SEEN("SIGUSR1 {si_signo=SIGUSR1, ...} abi=0 at=1024\n");
    some_call(&t);
    r = interrupted(&t);
    deliver(&t, &old32, r, FRAME(0), SIGUSR1);
    go(&t);
    SEEN("");
    some_call(&t);
    known = true;
    action = (GuestAction) { .handler = HANDLER, .flags = SA_SIGINFO };
    /* A siginfo of another signal: what somebody has left there. */
    r = interrupted(&t);
    deliver(&t, &x86_64, r, FRAME(0), SIGUSR1);
    put(&t, FRAME(0) + 312, SIGUSR2, 4);
    go(&t);
    SEEN("SIGUSR1 {si_signo=SIGUSR1, ...} abi=0 at=1024\n");
    /* Registers that are off by a little. */
    for (unsigned i = 0; i < 6; i++) {
        some_call(&t);
        interrupted(&t);
        *r = entry;
        r->rdi += i == 0 ? 64 : 0;
        r->rdi = i == 1 ? 0 : r->rdi;
        r->rsi += i == 2;
        r->rdx += i == 3;
        r->rax += i == 4 ? 128 : 0;
        r->rsp += i == 5 ? 8 : 0;
        go(&t);
        SEEN("");
    }
    close_case(&t);
}

/* Only of tasks that the analyzer has been given a call of. */
static void test_concerned(const void *trap)
{
    static const struct {
        const char *where;
        bool known;
        uint32_t marks;
        bool seen;
    } list[] = {
        { NULL, true, 1, true }, { NULL, true, 3, true },
        { NULL, true, 0, false }, { NULL, true, 2, false },
        { NULL, false, 0, true }, { "pid == 5", false, 0, false },
        { "pid == 5", true, 1, true }, { "pid == 5", true, 0, false },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(list); i++) {
        FrailRegs *r;
        Case t;

        open_case_with(&t, trap, list[i].where);
        known = list[i].known;
        marks = list[i].marks;
        r = interrupted(&t);
        deliver(&t, &x86_64, r, FRAME(0), SIGUSR1);
        go(&t);
        g_assert_true((seen->len != 0) == list[i].seen);
        close_case(&t);
    }
}

/* Frames without end, and where there is no memory. */
static void test_hostile(const void *trap)
{
    static const uint64_t bad[] = {
        USER_STACK + 4 * 4096 - 64, 0, 0x8000000000000000, ~0ull - 200,
        LSTAR, STACK_TOP(0) - 512,
    };
    FrailRegs *r;
    Case t;

    open_case(&t, trap);
    /* A frame that leads to itself. */
    r = interrupted(&t);
    deliver(&t, &x86_64, r, FRAME(0), SIGUSR1);
    put(&t, FRAME(0) + 112, SIGUSR1, 8);
    put(&t, FRAME(0) + 120, r->rsi, 8);
    put(&t, FRAME(0) + 144, r->rdx, 8);
    put(&t, FRAME(0) + 152, 0, 8);
    put(&t, FRAME(0) + 168, FRAME(0), 8);
    put(&t, FRAME(0) + 176, HANDLER, 8);
    go(&t);
    for (unsigned i = 0; i < SIGFRAMES_MAX; i++) {
        g_assert_true(g_str_has_prefix(seen->str, "SIGUSR1 "));
        g_string_erase(seen, 0, strchr(seen->str, '\n') + 1 -
                       seen->str);
    }
    SEEN("");
    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++) {
        some_call(&t);
        r = interrupted(&t);
        r->rsp = bad[i];
        r->rax = 0;
        r->rdi = SIGUSR1;
        r->rsi = bad[i] + 312;
        r->rdx = bad[i] + 8;
        go(&t);
        SEEN("");
        /* rt_sigreturn from there. */
        fake_user(t.c, USER_TEXT, 15);
        t.c->r.rsp = bad[i];
        g_assert_cmpint(fake_run(t.c), ==, FAKE_ENTERED);
        t.c->task->saved.rip = USER_TEXT + 0x300;
        go(&t);
        SEEN("rt_sigreturn over\n");
    }
    close_case(&t);
}

static void add(const char *name, GTestDataFunc fn)
{
    g_autofree char *sce = g_strdup_printf("/signal/sce/%s", name);
    g_autofree char *lstar = g_strdup_printf("/signal/lstar/%s", name);

    g_test_add_data_func(sce, GUINT_TO_POINTER(FRAIL_TRAP_SCE), fn);
    g_test_add_data_func(lstar, GUINT_TO_POINTER(FRAIL_TRAP_LSTAR), fn);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("in-call", test_in_call);
    add("at-interrupt", test_at_interrupt);
    add("stacked", test_stacked);
    add("abis", test_abis);
    add("no-signal", test_no_signal);
    add("concerned", test_concerned);
    add("hostile", test_hostile);
    return g_test_run();
}
