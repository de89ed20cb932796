/*
 * Filters: what expressions mean, what they cost, what is wrong with them.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "fake-caller.h"
#include "filter/expr.h"

static FrailFilter *make(const char *text)
{
    FilterError err = { 0 };
    FrailFilter *f = filter_new(text, &err);

    if (!f) {
        g_error("%s\n%s", err.line, err.caret);
    }
    g_assert_cmpstr(filter_text(f), ==, text);
    return f;
}

static FrailCall new_call(unsigned abi, const char *name)
{
    FrailCall call = { .abi = abi, .nr = frail_syscall_number(abi, name) };

    g_assert_cmpint(call.nr, >=, 0);
    return call;
}

static FrailMatch enter(const char *text, const FrailCall *call)
{
    FrailFilter *f = make(text);
    FrailMatch match = filter_enter(f, call, NULL);

    /* What cannot match does not. */
    if (match != FRAIL_MATCH_NO) {
        g_assert_true(filter_can_match(f, call->abi, call->nr));
    }
    filter_free(f);
    return match;
}

typedef struct Case {
    const char *text;
    char result;            /* 'y', 'n' */
} Case;

/* Each of them; and with "not" in front: 'n' may be unknown, 'N' is not. */
static void check(const FrailCall *call, const Case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        g_autofree char *not = g_strdup_printf("not (%s)", cases[i].text);
        FrailMatch match = enter(cases[i].text, call);

        if ((match == FRAIL_MATCH_YES) != (cases[i].result == 'y')) {
            g_error("%s: %d", cases[i].text, match);
        }
        match = enter(not, call);
        if ((match == FRAIL_MATCH_YES) != (cases[i].result == 'N')) {
            g_error("%s: %d", not, match);
        }
    }
}

#define CHECK(call, cases) check(&(call), cases, G_N_ELEMENTS(cases))

/* --- Terms --------------------------------------------------------------- */

static void test_calls(void)
{
    static const Case cases[] = {
        { "true", 'y' }, { "false", 'N' },
        { "call = openat", 'y' }, { "call == openat", 'y' },
        { "call != openat", 'N' }, { "call = open", 'N' },
        { "call in (open, openat)", 'y' }, { "call in (open,read)", 'N' },
        { "call not in (open, read)", 'y' }, { "call in %file", 'y' },
        { "call = %network", 'N' }, { "call = /^open/", 'y' },
        { "call in (read, /at$/)", 'y' }, { "call = /^(a|o)pen/", 'y' },
        { "call = 257", 'y' }, { "call = \"openat\"", 'y' },
        { "nr = 257", 'y' }, { "nr < 257", 'N' }, { "nr >= 0x101", 'y' },
        { "abi = x86-64", 'y' }, { "abi in (x32, i386)", 'N' },
        { "abi != i386", 'y' }, { "vcpu = 3", 'y' }, { "vcpu > 2", 'y' },
        { "vcpu in (1, 2)", 'N' },
        { "arg[1] = 0x7ffd1000", 'y' }, { "arg[2] has 0x80000", 'y' },
        { "arg[2] has O_CLOEXEC", 'y' }, { "arg[2] has O_CREAT", 'N' },
        { "arg[0] = -100", 'y' }, { "arg[0] > 0", 'y' },
        { "arg[3] = 0", 'y' }, { "arg[5] > 18446744073709551614", 'y' },
        { "arg[5] = -1", 'y' }, { "arg[5] < 0", 'N' },
        { "arg.flags has O_CLOEXEC", 'y' }, { "flags has O_CREAT", 'N' },
        { "flags has O_CLOEXEC|O_CREAT", 'N' }, { "flags = O_CLOEXEC", 'y' },
        { "flags not has O_CREAT", 'y' },
        { "arg.dfd = AT_FDCWD", 'y' }, { "arg.dfd = -100", 'y' },
        { "arg.dfd = 0xffffff9c", 'N' }, { "fd = -100", 'y' },
        { "fd < 0", 'y' }, { "fd in (3, 4)", 'N' },
        /* What the call does not have is unknown. */
        { "arg.prot = 1", 'n' }, { "flags has MAP_ANONYMOUS", 'n' },
        { "port = 443", 'n' }, { "argv ~ \"*\"", 'n' },
    };
    FrailCall c = new_call(FRAIL_ABI_X86_64, "openat");

    c.vcpu = 3;
    memcpy(c.args, (uint64_t[]) { 0xffffff9c, 0x7ffd1000, 0x80000, 0, 5,
                                  UINT64_MAX }, sizeof(c.args));
    usual_caller();
    CHECK(c, cases);
    g_assert_cmpuint(asked.process, ==, 0);
    /* The upper half of an int does not hide its value. */
    c.args[0] = 0x12345678ffffff9c;
    c.args[2] = 0x1234567800080000;
    g_assert_cmpint(enter("fd = AT_FDCWD", &c) , ==, FRAIL_MATCH_YES);
    g_assert_cmpint(enter("arg.dfd = -100", &c), ==, FRAIL_MATCH_YES);
    g_assert_cmpint(enter("flags = O_CLOEXEC", &c), ==, FRAIL_MATCH_YES);
    /* A number that no table has. */
    c.nr = 5000;
    g_assert_cmpint(enter("call != openat", &c), ==, FRAIL_MATCH_YES);
    g_assert_cmpint(enter("nr > 4999", &c), ==, FRAIL_MATCH_YES);
    g_assert_cmpint(enter("call = openat", &c), ==, FRAIL_MATCH_NO);
    g_assert_cmpint(enter("fd = 3", &c), ==, FRAIL_MATCH_NO);
}

static void test_processes(void)
{
    static const Case cases[] = {
        { "pid = 1200", 'y' }, { "tid = 1234", 'y' }, { "pid = 1234", 'N' },
        { "ppid = 900", 'y' }, { "ns_tid < 8", 'y' },
        { "pid in (1, 1200)", 'y' }, { "uid = 1000", 'y' },
        { "euid = 33", 'y' }, { "suid >= 1002", 'y' }, { "fsuid < 1003", 'N' },
        { "gid = 100", 'y' }, { "egid = 34", 'y' }, { "sgid = 102", 'y' },
        { "fsgid != 103", 'N' },
        { "comm = sshd", 'y' }, { "comm = \"sshd\"", 'y' },
        { "comm = 'sshd'", 'y' }, { "comm = ssh", 'N' },
        { "comm = sshd2", 'N' }, { "comm in (sh, sshd)", 'y' },
        { "comm ~ ssh*", 'y' }, { "comm !~ \"*d\"", 'N' },
        { "exe ~ \"/usr/sbin/*\"", 'y' }, { "exe ~ /usr/*/sshd", 'y' },
        { "exe = /usr/sbin/sshd", 'y' }, { "exe ~ \"/usr/bin/*\"", 'N' },
        { "cgroup ~ \"/system.slice/*\"", 'y' },
        { "cwd = /home/user", 'y' }, { "root = /", 'y' },
        { "cmdline = \"sshd -D -p 22\"", 'y' }, { "cmdline ~ *-D*", 'y' },
        { "container = \"\"", 'y' }, { "container != \"\"", 'N' },
        { "container = ab", 'N' },
        { "cap has CAP_CHOWN", 'y' }, { "cap has CAP_KILL", 'y' },
        { "cap has CAP_SYS_ADMIN", 'N' }, { "cap has CAP_CHOWN|CAP_KILL", 'y' },
        { "cap = 0x21", 'y' },
        { "tree = 900", 'y' }, { "tree = 1200", 'y' }, { "tree = 5", 'N' },
        { "tree in (5, 1)", 'y' }, { "tree not in (5, 6)", 'y' },
        { "ns.cgroup = 4026531840", 'y' }, { "ns.uts = 4026531847", 'y' },
        { "ns.net != 4026531843", 'N' },
        { "fd.path ~ \"/etc/*\"", 'y' }, { "fd.path = /", 'N' },
        /* and, or, not */
        { "comm = sshd and not (uid < 1000) and exe ~ \"/usr/*\"", 'y' },
        { "comm = sshd && !(uid < 1000) && exe ~ \"/usr/*\"", 'y' },
        { "uid = 0 or comm = sh or pid = 1200", 'y' },
        { "uid = 0 || comm = sh || pid = 1201", 'N' },
        { "pid = 1 and uid = 1000 or comm = sshd", 'y' },
        { "pid = 1 and (uid = 1000 or comm = sshd)", 'N' },
        { "not not pid = 1200", 'y' }, { "not pid = 1200", 'N' },
        { "true and (false or pid = 1200)", 'y' },
        { "pid = 1200 and false", 'N' }, { "pid = 1 or true", 'y' },
        { "\tpid\n=\r1200 ", 'y' }, { "pid=1200and uid=1000", '!' },
    };
    FrailCall c = new_call(FRAIL_ABI_X86_64, "read");

    c.args[0] = 3;
    usual_caller();
    check(&c, cases, G_N_ELEMENTS(cases) - 1);
    caller.container = "ab12cd";
    g_assert_cmpint(enter("container = ab12", &c), ==, FRAIL_MATCH_YES);
    g_assert_cmpint(enter("container = ab12cd", &c), ==, FRAIL_MATCH_YES);
    g_assert_cmpint(enter("container = \"\"", &c), ==, FRAIL_MATCH_NO);
    g_assert_cmpint(enter("container != \"\"", &c), ==, FRAIL_MATCH_YES);
    g_assert_cmpint(enter("container = b12", &c), ==, FRAIL_MATCH_NO);
}

/* Neither what is unknown is true, nor its opposite. */
static void test_unknown(void)
{
    static const char *const texts[] = {
        "pid = 1200", "uid = 1000", "comm = sshd", "exe ~ \"*\"", "cwd ~ *",
        "cgroup ~ *", "container = ab", "container = \"\"", "tree = 1",
        "ns.pid > 0 and false or ns.pid = 1", "cap has CAP_KILL",
        "cmdline ~ *", "root ~ *",
    };
    FrailCall c = new_call(FRAIL_ABI_X86_64, "read");

    usual_caller();
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *not = g_strdup_printf("not (%s)", texts[i]);

        /* No caller, and one of whom nothing is known. */
        for (unsigned k = 0; k < 2 && strncmp(texts[i], "ns.pid >", 8); k++) {
            static const char *const known[] = {
                "pid", "uid", "comm", "cap",
            };
            bool first = false;

            for (unsigned n = 0; n < G_N_ELEMENTS(known); n++) {
                first |= g_str_has_prefix(texts[i], known[n]);
            }
            if (k && first) {
                continue;
            }
            nobody = !k;
            caller.exe = caller.cwd = caller.root = caller.cgroup = NULL;
            caller.cmdline = NULL;
            caller.ns = caller.ancestors[0] = caller.ancestors[1] =
                caller.ancestors[2] = 0;
            g_assert_cmpint(enter(texts[i], &c), ==, FRAIL_MATCH_NO);
            g_assert_cmpint(enter(not, &c), ==, FRAIL_MATCH_NO);
        }
    }
    nobody = true;
    g_assert_cmpint(enter("pid = 1 or call = read", &c), ==, FRAIL_MATCH_YES);
    g_assert_cmpint(enter("not (pid = 1 and call = write)", &c), ==,
                    FRAIL_MATCH_YES);
    g_assert_cmpint(enter("not (pid = 1 and call = read)", &c), ==,
                    FRAIL_MATCH_NO);
}

static void test_paths(void)
{
    static const struct {
        const char *passed, *path;
        int dirfd;
    } cases[] = {
        { "/etc/passwd", "/etc/passwd", 7 },
        { "//etc/./x/../passwd/", "/etc/passwd", 7 },
        { "/../..", "/", 7 }, { "/", "/", 7 },
        { "x", "/home/user/x", -100 },
        { "../../etc/passwd", "/etc/passwd", -100 },
        { "../../../..", "/", -100 },
        { "x", "/etc/ssh/sshd_config/x", 3 },
        { "", "/etc/ssh/sshd_config", 3 },
        { "x", NULL, 7 },           /* nobody knows what 7 is */
    };
    FrailCall c = new_call(FRAIL_ABI_X86_64, "openat"), r;
    g_autofree char *longest = g_strnfill(4095, '/');
    g_autofree char *too_long = g_strnfill(4096, '/');
    g_autofree char *many = g_strnfill(4095, 'a');

    usual_caller();
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf("path = \"%s\"",
                                                cases[i].path ?: "x");
        g_autofree char *not = g_strdup_printf("not %s", text);
        bool known = cases[i].path;

        c.args[0] = (uint32_t)cases[i].dirfd;
        c.args[1] = fake_user_flush(cases[i].passed,
                                    strlen(cases[i].passed) + 1);
        g_assert_cmpint(enter(text, &c), ==, known ? FRAIL_MATCH_YES :
                                                     FRAIL_MATCH_NO);
        g_assert_cmpint(enter(not, &c), ==, FRAIL_MATCH_NO);
        g_assert_cmpint(enter("path = /other", &c), ==, FRAIL_MATCH_NO);
        g_assert_cmpint(enter("path != /other", &c), ==,
                        known ? FRAIL_MATCH_YES : FRAIL_MATCH_NO);
    }
    c.args[1] = (uintptr_t)longest;
    g_assert_cmpint(enter("path = /", &c), ==, FRAIL_MATCH_YES);
    c.args[1] = (uintptr_t)too_long;
    g_assert_cmpint(enter("path ~ *", &c), ==, FRAIL_MATCH_NO);
    /* With the directory it is too long. */
    c.args[0] = -100;
    c.args[1] = (uintptr_t)many;
    g_assert_cmpint(enter("path ~ *", &c), ==, FRAIL_MATCH_NO);
    c.args[1] = 0x1000;
    g_assert_cmpint(enter("path ~ *", &c), ==, FRAIL_MATCH_LATER);
    /* One of two, each with its own directory. */
    r = new_call(FRAIL_ABI_X86_64, "renameat2");
    r.args[0] = 7;
    r.args[1] = (uintptr_t)"from";
    r.args[2] = 3;
    r.args[3] = (uintptr_t)"to";
    g_assert_cmpint(enter("path ~ \"/etc/*/to\"", &r), ==, FRAIL_MATCH_YES);
    g_assert_cmpint(enter("path ~ \"*from\"", &r), ==, FRAIL_MATCH_NO);
    g_assert_cmpint(enter("path !~ \"*from\"", &r), ==, FRAIL_MATCH_NO);
    r.args[0] = -100;
    g_assert_cmpint(enter("path = /home/user/from", &r), ==, FRAIL_MATCH_YES);
    g_assert_cmpint(enter("path !~ \"*x\"", &r), ==, FRAIL_MATCH_YES);
}

static void set_address(FrailCall *c, const void *address, size_t len)
{
    c->args[1] = fake_user_flush(address, len);
    c->args[2] = len;
}

static void test_addresses(void)
{
    static const Case v4[] = {
        { "port = 443", 'y' }, { "port in (80, 443)", 'y' },
        { "port < 443", 'N' }, { "addr = 10.1.2.3", 'y' },
        { "addr in 10.0.0.0/8", 'y' }, { "addr in 10.0.0.0/9", 'y' },
        { "addr = 10.128.0.0/9", 'N' }, { "addr in 0.0.0.0/0", 'y' },
        { "addr in (192.168.0.0/16, 10.1.2.0/24)", 'y' },
        { "addr in ::/0", 'N' }, { "family = AF_INET", 'y' },
        { "family = 10", 'N' }, { "unix ~ *", 'n' },
        { "call = connect and port = 443 and addr != 127.0.0.1", 'y' },
    };
    static const Case v6[] = {
        { "port = 53", 'y' }, { "addr = fe80::1", 'y' },
        { "addr in fe80::/10", 'y' }, { "addr in fec0::/10", 'N' },
        { "addr in 0.0.0.0/0", 'N' }, { "family = AF_INET6", 'y' },
    };
    static const Case mapped[] = {
        { "addr in 10.0.0.0/8", 'y' }, { "addr = ::ffff:10.1.2.3", 'y' },
    };
    static const Case un[] = {
        { "unix = /run/x", 'y' }, { "unix ~ \"/run/*\"", 'y' },
        { "port = 1", 'n' }, { "addr in 0.0.0.0/0", 'n' },
        { "family = AF_UNIX", 'y' },
    };
    struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(443) };
    struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6,
                                 .sin6_port = htons(53) };
    struct sockaddr_un sun = { .sun_family = AF_UNIX, .sun_path = "/run/x" };
    struct mmsghdr many[3] = { 0 };
    FrailCall c = new_call(FRAIL_ABI_X86_64, "connect");
    FrailCall m = new_call(FRAIL_ABI_X86_64, "sendmmsg");

    usual_caller();
    inet_pton(AF_INET, "10.1.2.3", &sin.sin_addr);
    inet_pton(AF_INET6, "fe80::1", &sin6.sin6_addr);
    set_address(&c, &sin, sizeof(sin));
    CHECK(c, v4);
    /* Linux's UDP takes an address without a family for one of IPv4. */
    sin.sin_family = AF_UNSPEC;
    set_address(&c, &sin, sizeof(sin));
    g_assert_cmpint(enter("port = 443", &c), ==, FRAIL_MATCH_YES);
    sin.sin_family = AF_INET;
    set_address(&c, &sin6, sizeof(sin6));
    CHECK(c, v6);
    inet_pton(AF_INET6, "::ffff:10.1.2.3", &sin6.sin6_addr);
    set_address(&c, &sin6, sizeof(sin6));
    CHECK(c, mapped);
    set_address(&c, &sun, sizeof(sun));
    CHECK(c, un);
    set_address(&c, "\1\0\0abs", 6);
    g_assert_cmpint(enter("unix = @abs", &c), ==, FRAIL_MATCH_YES);
    /* None, half of one, one that cannot be read. */
    c.args[2] = 0;
    g_assert_cmpint(enter("family = 1 or family != 1", &c), ==,
                    FRAIL_MATCH_NO);
    c.args[2] = 1;
    g_assert_cmpint(enter("family = 1", &c), ==, FRAIL_MATCH_NO);
    c.args[2] = INT32_MIN;
    g_assert_cmpint(enter("family = 1", &c), ==, FRAIL_MATCH_NO);
    c.args[1] = 0x1000;
    c.args[2] = 16;
    g_assert_cmpint(enter("family != 1", &c), ==, FRAIL_MATCH_LATER);
    /* Several messages, of which the last one matters. */
    many[2].msg_hdr.msg_name = &sin;
    many[2].msg_hdr.msg_namelen = sizeof(sin);
    many[0].msg_hdr.msg_name = &sun;
    many[0].msg_hdr.msg_namelen = sizeof(sun);
    m.args[1] = fake_user_flush(many, sizeof(many));
    m.args[2] = 2;
    g_assert_cmpint(enter("port = 443", &m), ==, FRAIL_MATCH_NO);
    m.args[2] = 3;
    g_assert_cmpint(enter("port = 443", &m), ==, FRAIL_MATCH_YES);
    g_assert_cmpint(enter("unix = /run/x", &m), ==, FRAIL_MATCH_YES);
    /* More than there are: nothing is known of the others yet. */
    m.args[2] = UINT32_MAX;
    g_assert_cmpint(enter("port = 443", &m), ==, FRAIL_MATCH_YES);
    g_assert_cmpint(enter("port = 1", &m), ==, FRAIL_MATCH_LATER);
}

static void test_programs(void)
{
    const char *argv[] = { "curl", "-s", "http://x/", NULL };
    FrailCall c = new_call(FRAIL_ABI_X86_64, "execve");
    FrailCall text = new_call(FRAIL_ABI_X86_64, "futex");
    g_autofree char *huge = g_strnfill(100000, 'x');

    usual_caller();
    c.args[0] = (uintptr_t)"/usr/bin/curl";
    c.args[1] = (uintptr_t)argv;
    g_assert_cmpint(enter("argv = \"curl -s http://x/\"", &c), ==,
                    FRAIL_MATCH_YES);
    g_assert_cmpint(enter("argv ~ *curl* and path = /usr/bin/curl", &c), ==,
                    FRAIL_MATCH_YES);
    argv[2] = huge;
    g_assert_cmpint(enter("argv ~ \"curl -s xxx*\"", &c), ==,
                    FRAIL_MATCH_YES);
    argv[2] = (const char *)0x1000;
    g_assert_cmpint(enter("argv ~ *", &c), ==, FRAIL_MATCH_LATER);
    c.args[1] = 0x1000;
    g_assert_cmpint(enter("argv ~ *", &c), ==, FRAIL_MATCH_LATER);
    /* All that the decoder knows. */
    asked.decode = 0;
    g_assert_cmpint(enter("text.op = FUTEX_WAIT", &text), ==,
                    FRAIL_MATCH_YES);
    g_assert_cmpint(enter("text.op ~ *WAKE", &text), ==, FRAIL_MATCH_NO);
    g_assert_cmpint(enter("text.op !~ *WAKE and text.op ~ *WAIT", &text), ==,
                    FRAIL_MATCH_YES);
    g_assert_cmpuint(asked.decode, ==, 3u - 300u);  /* all are freed */
    decoded.flags = FRAIL_ARG_OUT;
    g_assert_cmpint(enter("text.op !~ *WAKE", &text), ==, FRAIL_MATCH_NO);
    decoded.flags = FRAIL_ARG_UNREADABLE;
    g_assert_cmpint(enter("text.op !~ *WAKE", &text), ==, FRAIL_MATCH_LATER);
    decoded.flags = 0;
}

/* A call of 32 bits that stands for another one. */
static void test_multiplexed(void)
{
    FrailCall c = new_call(FRAIL_ABI_I386, "socketcall");
    uint32_t *args = mmap((void *)0x10000000, 4096, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(443) };

    g_assert_true(args != MAP_FAILED);
    usual_caller();
    c.args[0] = 3;                      /* connect */
    c.args[1] = (uintptr_t)args;
    args[0] = 3;
    args[1] = 0x10000100;
    args[2] = sizeof(sin);
    memcpy((void *)0x10000100, &sin, sizeof(sin));
    g_assert_cmpint(enter("port = 443 and fd = 3", &c), ==, FRAIL_MATCH_YES);
    g_assert_cmpint(enter("arg.addrlen = 16", &c), ==, FRAIL_MATCH_YES);
    g_assert_cmpint(enter("fd.path ~ \"/etc/*\"", &c), ==, FRAIL_MATCH_YES);
    c.args[0] = 1;                      /* socket has neither */
    g_assert_cmpint(enter("port = 443 or fd = 3", &c), ==, FRAIL_MATCH_NO);
    g_assert_cmpint(enter("path ~ *", &c), ==, FRAIL_MATCH_NO);
    munmap(args, 4096);
}

/* --- Returns ------------------------------------------------------------- */

static void leave(FrailCall *c, int64_t result)
{
    c->over = true;
    c->has_result = true;
    c->result = result;
    c->duration_ns = 10000000;
}

static void test_returns(void)
{
    static const Case failed[] = {
        { "ret < 0", 'y' }, { "ret = -2", 'y' }, { "errno = ENOENT", 'y' },
        { "errno in (EPERM, 2)", 'y' }, { "errno = 0", 'N' },
        { "status = failed", 'y' }, { "status = successful", 'N' },
        { "status in (refused, unfinished)", 'N' },
        { "duration = 10ms", 'y' }, { "duration > 9999us", 'y' },
        { "duration < 1s", 'y' }, { "duration >= 10000001ns", 'N' },
        { "comm = sshd and status = failed", 'y' },
        { "comm = sh or status = failed", 'y' },
    };
    static const Case good[] = {
        { "ret = 3", 'y' }, { "errno = 0", 'y' }, { "errno = ENOENT", 'N' },
        { "status = successful", 'y' }, { "status != failed", 'y' },
    };
    static const Case refused[] = {
        { "status = failed", 'y' }, { "status = refused", 'y' },
        { "status != refused", 'N' },
    };
    static const Case unseen[] = {
        { "status = unfinished", 'y' }, { "ret = 0", 'n' },
        { "errno = 0", 'n' }, { "duration >= 0ns", 'n' },
        { "status = failed", 'N' },
    };
    FrailCall c = new_call(FRAIL_ABI_X86_64, "openat"), e;

    usual_caller();
    /* At entry nothing is known, but what does not depend on it. */
    for (unsigned i = 0; i < 11; i++) {
        g_autofree char *not = g_strdup_printf("not %s", failed[i].text);

        g_assert_cmpint(enter(failed[i].text, &c), ==, FRAIL_MATCH_LATER);
        g_assert_cmpint(enter(not, &c), ==, FRAIL_MATCH_LATER);
    }
    g_assert_cmpint(enter("comm = sh and ret < 0", &c), ==, FRAIL_MATCH_NO);
    g_assert_cmpint(enter("comm = sshd or ret < 0", &c), ==, FRAIL_MATCH_YES);
    g_assert_cmpint(enter("not (comm = sshd or ret < 0)", &c), ==,
                    FRAIL_MATCH_NO);
    g_assert_cmpint(enter("true or ret < 0", &c), ==, FRAIL_MATCH_YES);
    g_assert_cmpint(enter("call = read and ret < 0", &c), ==, FRAIL_MATCH_NO);
    /* exit_group does not return: what is unknown will be. */
    e = new_call(FRAIL_ABI_X86_64, "exit_group");
    CHECK(e, unseen);

    leave(&c, -ENOENT);
    for (unsigned i = 0; i < G_N_ELEMENTS(failed); i++) {
        FrailFilter *f = make(failed[i].text);

        g_assert_true(filter_needs_return(f));
        g_assert_cmpint(filter_leave(f, &c, NULL), ==,
                        failed[i].result == 'y');
        filter_free(f);
    }
    CHECK(c, failed);
    leave(&c, 3);
    CHECK(c, good);
    leave(&c, -EPERM);
    c.refused = EPERM;
    CHECK(c, refused);
    c.refused = 0;
    c.has_result = false;
    CHECK(c, unseen);
    c.restarts = true;
    g_assert_cmpint(enter("status = restarted and duration > 1ms", &c), ==,
                    FRAIL_MATCH_YES);
}

/* Who has called counts, not who returns. */
static void test_saved(void)
{
    FrailFilter *f = make("(comm = sshd or exe = /bin/x) and ret = 0 or "
                          "pid = 5 and ret = 7");
    FrailCall c = new_call(FRAIL_ABI_X86_64, "execve");
    uint64_t saved = 0;
    unsigned before;

    usual_caller();
    g_assert_cmpint(filter_enter(f, &c, &saved), ==, FRAIL_MATCH_LATER);
    caller.comm = "other";
    caller.pid = 5;
    before = asked.process;
    leave(&c, 0);
    g_assert_true(filter_leave(f, &c, &saved));
    leave(&c, 7);
    g_assert_false(filter_leave(f, &c, &saved));
    g_assert_cmpuint(asked.process, ==, before);
    /* Without what was saved it is the one who returns. */
    g_assert_true(filter_leave(f, &c, NULL));
    leave(&c, 0);
    g_assert_false(filter_leave(f, &c, NULL));
    filter_free(f);
}

/* What was not paged in at entry is by the time the call returns. */
static void test_paged_in(void)
{
    FrailFilter *f = make("comm = sshd and path = /etc/passwd");
    FrailFilter *not = make("not path = /etc/passwd");
    FrailCall open = new_call(FRAIL_ABI_X86_64, "openat");
    FrailCall exec = new_call(FRAIL_ABI_X86_64, "execve");
    uint64_t saved = 0;
    char *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                      0);

    usual_caller();
    open.args[1] = exec.args[0] = (uintptr_t)page;
    g_assert_cmpint(filter_enter(not, &open, NULL), ==, FRAIL_MATCH_LATER);
    g_assert_cmpint(filter_enter(f, &open, &saved), ==, FRAIL_MATCH_LATER);
    /* What was known is not asked again. */
    caller.comm = "other";
    leave(&open, 3);
    g_assert_false(filter_leave(f, &open, &saved));
    g_assert_false(filter_leave(not, &open, NULL));
    g_assert_cmpint(mprotect(page, 4096, PROT_READ | PROT_WRITE), ==, 0);
    strcpy(page, "/etc/passwd");
    g_assert_true(filter_leave(f, &open, &saved));
    g_assert_false(filter_leave(not, &open, NULL));
    strcpy(page, "/etc/shadow");
    g_assert_false(filter_leave(f, &open, &saved));
    g_assert_true(filter_leave(not, &open, NULL));
    /* The memory of another program says nothing of what this one has asked. */
    strcpy(page, "/etc/passwd");
    leave(&exec, 0);
    g_assert_false(filter_leave(f, &exec, &saved));
    g_assert_false(filter_leave(not, &exec, NULL));
    leave(&exec, -ENOENT);
    g_assert_true(filter_leave(f, &exec, &saved));
    munmap(page, 4096);
    filter_free(not);
    filter_free(f);
}

/* --- Cost ---------------------------------------------------------------- */

static void test_cost(void)
{
    FrailFilter *f = make("text.op = x and exe ~ \"/usr/*\" and "
                          "call in (futex, openat)");
    FrailCall read = new_call(FRAIL_ABI_X86_64, "read");
    FrailCall futex = new_call(FRAIL_ABI_X86_64, "futex");

    usual_caller();
    /* The number says no: nothing is asked. */
    g_assert_false(filter_can_match(f, FRAIL_ABI_X86_64, read.nr));
    g_assert_cmpint(filter_enter(f, &read, NULL), ==, FRAIL_MATCH_NO);
    g_assert_cmpuint(asked.process + asked.exe + asked.decode, ==, 0);
    /* openat has no argument "op". */
    g_assert_false(filter_can_match(f, FRAIL_ABI_X86_64, 257));
    g_assert_true(filter_can_match(f, FRAIL_ABI_X86_64, futex.nr));
    /* The caller says no: nothing is decoded. */
    caller.exe = "/bin/x";
    g_assert_cmpint(filter_enter(f, &futex, NULL), ==, FRAIL_MATCH_NO);
    g_assert_cmpuint(asked.process, ==, 1);
    g_assert_cmpuint(asked.exe, ==, 1);
    g_assert_cmpuint(asked.decode, ==, 0);
    /* The text is kept with the process. */
    g_assert_cmpint(filter_enter(f, &futex, NULL), ==, FRAIL_MATCH_NO);
    g_assert_cmpuint(asked.process, ==, 2);
    g_assert_cmpuint(asked.exe, ==, 1);
    memset(&caller.note, 0, sizeof(caller.note));
    caller.exe = "/usr/bin/x";
    g_assert_cmpint(filter_enter(f, &futex, NULL), ==, FRAIL_MATCH_NO);
    g_assert_cmpuint(asked.exe, ==, 2);
    g_assert_cmpuint(asked.decode, ==, 1 - 100u);
    filter_free(f);

    /* What is not known is asked again. */
    usual_caller();
    caller.cgroup = NULL;
    f = make("cgroup ~ \"/x*\" or pid = 9 and tree = 5");
    g_assert_cmpint(filter_enter(f, &read, NULL), ==, FRAIL_MATCH_NO);
    g_assert_cmpint(filter_enter(f, &read, NULL), ==, FRAIL_MATCH_NO);
    g_assert_cmpuint(asked.cgroup, ==, 2);
    g_assert_cmpuint(asked.tree, ==, 0);
    filter_free(f);
}

static void test_can(void)
{
    static const struct {
        const char *text;
        const char *yes, *no;
        bool others;
    } cases[] = {
        { "true", "read", NULL, true }, { "false", NULL, "read", false },
        { "call = read", "read", "write", false },
        { "call != read", "write", "read", true },
        { "not (call = read or call = write)", "open", "write", true },
        { "uid = 0", "read", NULL, true },
        { "uid = 0 and call = read", "read", "open", false },
        { "uid = 0 or call = read", "read", NULL, true },
        { "nr = 1", "write", "read", true },
        { "nr < 2", "write", "open", true },
        { "abi = i386", NULL, "read", true },
        { "path ~ *", "open", "read", false },
        { "path !~ *", "open", "read", false },
        { "argv ~ *", "execve", "open", false },
        { "port = 1", "connect", "read", false },
        { "fd = 3", "read", "fork", false },
        { "flags has O_CREAT", "openat", "mmap", false },
        { "flags has MAP_FIXED", "mmap", "openat", false },
        { "arg.flags = 1", "openat", "read", false },
        { "text.flags ~ *O_CREAT*", "openat", "read", false },
        { "status = failed and call = %file", "open", "read", false },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        FrailFilter *f = make(cases[i].text);

        if (cases[i].yes) {
            g_assert_true(filter_can_match(f, FRAIL_ABI_X86_64,
                frail_syscall_number(FRAIL_ABI_X86_64, cases[i].yes)));
        }
        if (cases[i].no) {
            g_assert_false(filter_can_match(f, FRAIL_ABI_X86_64,
                frail_syscall_number(FRAIL_ABI_X86_64, cases[i].no)));
        }
        g_assert_cmpint(filter_can_match(f, FRAIL_ABI_I386, 5000), ==,
                        cases[i].others);
        filter_free(f);
    }
}

/* --- Errors -------------------------------------------------------------- */

static void test_errors(void)
{
    static const struct {
        const char *text, *line, *caret;
    } wrong[] = {
        { "", "column 1: the expression is empty", "\n^" },
        { "  ", "column 3: the expression is empty", "  \n  ^" },
        { "comm == \"x\" adn uid = 0", "column 13: expected 'and', 'or' or "
          "the end", "comm == \"x\" adn uid = 0\n            ^~~" },
        { "com = x", "column 1: no term is called 'com'; did you mean comm?",
          "com = x\n^~~" },
        { "rumpelstilzchen = 1", "column 1: no term is called "
          "'rumpelstilzchen'; frail-filter(7) lists them", NULL },
        { "pid", "column 4: behind pid comes =, !=, <, <=, >, >= and in",
          "pid\n   ^" },
        { "pid ~ 1", "column 5: pid takes =, !=, <", "pid ~ 1\n    ^" },
        { "comm < x", "column 6: comm takes =, !=, ~, !~ and in", NULL },
        { "status > failed", "column 8: status takes =, != and in", NULL },
        { "pid has 1", "column 5: pid takes", "pid has 1\n    ^~~" },
        { "cap < 1", "column 5: cap takes =, !=, in and has", NULL },
        { "pid =", "column 6: a number is missing", "pid =\n     ^" },
        { "pid = x", "column 7: 'x' is not a number", "pid = x\n      ^" },
        { "pid = 12x", "column 7: '12x' is not a number", NULL },
        { "pid = \"1\"", "column 7: '1' is not a number", NULL },
        { "pid = 99999999999999999999", "column 7: ", NULL },
        { "pid = and", "column 7: a number is missing; this very word",
          NULL },
        { "pid in (1, 2", "column 8: this bracket is not closed",
          "pid in (1, 2\n       ^" },
        { "pid in (1 2)", "column 11: between the values of a list", NULL },
        { "pid in ()", "column 9: a number is missing", NULL },
        { "pid = 1|2", "column 8: only constants are joined", NULL },
        { "flags has O_CREAT|O_CREATE", "column 19: 'O_CREATE' is not a "
          "number or a constant", NULL },
        { "flags has 0", "column 11: '0' is 0, and has no bits", NULL },
        { "arg = 1", "column 5: behind arg comes the number of a register",
          NULL },
        { "arg[6] = 1", "column 5: a call has the registers 0 to 5", NULL },
        { "arg[0 = 1", "column 7: ']' is missing", NULL },
        { "arg. = 1", "column 1: behind 'arg.' comes the name", NULL },
        { "arg.flgas = 1", "column 1: no call has an argument 'flgas'; did "
          "you mean flags?", "arg.flgas = 1\n^~~~~~~~~" },
        { "call = opennat", "column 8: no system call is named 'opennat'; "
          "did you mean openat?", NULL },
        { "call = %fiel", "column 8: no class of system calls", NULL },
        { "call = /x", "column 8: this regular expression is not closed",
          NULL },
        { "call = /(/", "column 8: '/(' is no regular expression", NULL },
        { "abi = amd64", "column 7: 'amd64' is not x86-64, x32 or i386",
          NULL },
        { "status = good", "column 10: 'good' is not successful, failed",
          NULL },
        { "errno = ENOTHING", "column 9: 'ENOTHING' is not an error", NULL },
        { "duration > 10", "column 12: '10' is not a time such as 10ms",
          NULL },
        { "addr = 10.0.0.0/33", "column 8: '10.0.0.0/33' is not an address",
          NULL },
        { "addr = 10.0.0", "column 8: '10.0.0' is not an address", NULL },
        { "family = AF_WHAT", "column 10: 'AF_WHAT' is not a family", NULL },
        { "cap has CAP_WHAT", "column 9: 'CAP_WHAT' is not a capability",
          NULL },
        { "(pid = 1", "column 1: this bracket is not closed",
          "(pid = 1\n^" },
        { "pid = 1)", "column 8: expected 'and', 'or' or the end", NULL },
        { "(pid = 1 uid = 2)", "column 10: expected 'and', 'or' or ')'",
          NULL },
        { "pid = 1 and", "column 12: a comparison is missing", NULL },
        { "and pid = 1", "column 1: a term is missing", NULL },
        { "not", "column 4: a comparison is missing", NULL },
        { "pid not = 1", "column 9: behind a term only 'not in'", NULL },
        { "comm = \"x", "column 8: this quote is not closed", NULL },
        { "comm = \"\\q\"", "column 9: within quotes a backslash", NULL },
        { "comm = \"\\x00\"", "column 8: no text of the guest's", NULL },
        { "pid = 1 ; uid = 1", "column 9: nothing begins with this sign",
          NULL },
        /* Columns are letters, and no control character gets out. */
        { "comm = \"ä\" and öid = 1", "column 16: nothing begins with this "
          "sign", "comm = \"ä\" and öid = 1\n               ^" },
        { "call = \"a\nb\x1b[1m\"", "column 8: no system call is named "
          "'a b [1m'", "call = \"a b [1m\"\n       ^~~~~~~~~" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
        FilterError err = { 0 };

        g_assert_null(filter_new(wrong[i].text, &err));
        g_test_message("%s\n%s", err.line, err.caret);
        if (!g_str_has_prefix(err.line, wrong[i].line)) {
            g_assert_cmpstr(err.line, ==, wrong[i].line);
        }
        g_assert_null(strpbrk(err.line, "\n\x1b"));
        if (wrong[i].caret) {
            g_assert_cmpstr(err.caret, ==, wrong[i].caret);
        }
        g_free(err.line);
        g_free(err.caret);
    }
}

static char *repeat(const char *text, unsigned n, const char *end)
{
    GString *s = g_string_new(NULL);

    while (n--) {
        g_string_append(s, text);
    }
    g_string_append(s, end);
    return g_string_free(s, FALSE);
}

static void test_limits(void)
{
    static const struct {
        const char *part;
        unsigned good, bad;
        const char *end, *why;
    } limits[] = {
        { "pid=1 or ", 31, 32, "pid=1", "more than 32 comparisons" },
        { "not ", 32, 33, "pid=1", "more than 32 deep" },
        { "true and ", 450, 460, "pid=1", "at most 4096 bytes" },
        { "pid in (1,2,3,4,5,6,7,8) or ", 31, 32, "pid=1",
          "more than 32 comparisons" },
        { "1,", 512, 513, "1)", "more than 512 values" },
        { "(", 1, 33, "pid=1)", "more than 32 deep" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(limits); i++) {
        const char *start = *limits[i].part == '1' ? "pid in (" : "";
        g_autofree char *good = repeat(limits[i].part, limits[i].good -
                                       (*start != 0), limits[i].end);
        g_autofree char *bad = repeat(limits[i].part, limits[i].bad,
                                      limits[i].end);
        g_autofree char *text = g_strconcat(start, good, NULL);
        g_autofree char *wrong = g_strconcat(start, bad, NULL);
        FilterError err = { 0 };

        filter_free(make(text));
        g_assert_null(filter_new(wrong, &err));
        g_assert_nonnull(strstr(err.line, limits[i].why));
        /* A line of a terminal, with the mistake in it. */
        g_assert_cmpuint(strcspn(err.caret, "\n"), <=, 76);
        g_free(err.line);
        g_free(err.caret);
    }
}

/* --- Documentation ------------------------------------------------------- */

/* Every term stands in both, as a word of its own. */
static void test_documented(void)
{
    static const char *const pages[] = {
        DOCS "/filters.md", DOCS "/man/frail-filter.7",
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(pages); i++) {
        g_autofree char *text = NULL;
        const char *name;

        g_assert_true(g_file_get_contents(pages[i], &text, NULL, NULL));
        for (unsigned k = 0; (name = term_name(k)); k++) {
            g_autofree char *escaped = g_regex_escape_string(name, -1);
            g_autofree char *word = g_strdup_printf(
                i ? "(?m)^\\.(B|BI|BR) (.*[ \"])?%s([ ,\"\\\\\\[]|$)" :
                "(?m)^\\|[^|]*`%s([`\\[]|NAME)", escaped);

            if (!g_regex_match_simple(word, text, 0, 0)) {
                g_error("%s does not describe %s", pages[i], name);
            }
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/filter/calls", test_calls);
    g_test_add_func("/filter/processes", test_processes);
    g_test_add_func("/filter/unknown", test_unknown);
    g_test_add_func("/filter/paths", test_paths);
    g_test_add_func("/filter/addresses", test_addresses);
    g_test_add_func("/filter/programs", test_programs);
    g_test_add_func("/filter/multiplexed", test_multiplexed);
    g_test_add_func("/filter/returns", test_returns);
    g_test_add_func("/filter/saved", test_saved);
    g_test_add_func("/filter/paged-in", test_paged_in);
    g_test_add_func("/filter/cost", test_cost);
    g_test_add_func("/filter/can", test_can);
    g_test_add_func("/filter/errors", test_errors);
    g_test_add_func("/filter/limits", test_limits);
    g_test_add_func("/filter/documented", test_documented);
    return g_test_run();
}
