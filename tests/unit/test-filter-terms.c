/*
 * Filters: what the terms of expressions mean.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "filter-cases.h"

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

/* --- Memory that is not there yet --------------------------------------- */

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
    g_test_add_func("/filter/paged-in", test_paged_in);
    return g_test_run();
}
