/*
 * Paths, open files, sockets and control groups of the made-up guest, and
 * what a hostile one may have there.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "fake-guest.h"
#include "guest/internal.h"

#define BOUND   100000      /* map_page calls for all questions of a call */

static FgDentry *entry_at(FakeGuest *g, uint64_t va)
{
    return (FgDentry *)(g->ram + (va - g->phys));
}

static FgFs *fs_of(FakeGuest *g)
{
    return (FgFs *)(g->ram + (g->task->fs - g->phys));
}

static void expect_fd(FakeGuest *g, int fd, bool details, const char *text)
{
    g_autofree char *got = fg_fd(g, fd, details);

    g_assert_cmpstr(got, ==, text);
}

static void expect_both(FakeGuest *g, FgFile *file, const char *text)
{
    fg_set_fd(g, 5, file);
    expect_fd(g, 5, false, text);
    expect_fd(g, 5, true, text);
}

static void expect_file(FakeGuest *g, FgMount *mount, FgDentry *dentry,
                        const char *text)
{
    expect_both(g, fg_file(g, mount, dentry), text);
}

/* --- Paths --------------------------------------------------------------- */

static void test_paths(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { .layout = FG_PCPU_HOT });
    g_autofree char *cwd = NULL, *root = NULL;
    FgDentry *d, *mnt, *inside, *sub;
    FgMount *m, *bind, *gone;

    expect_file(g, g->root_mount, g->cat, "</usr/bin/cat>");
    expect_file(g, g->root_mount, g->root_dentry, "</>");
    /* Another file system on /tmp, and one in that. */
    mnt = fg_dentry(g, NULL, "/");
    m = fg_mount(g, mnt, g->root_mount, g->tmp);
    inside = fg_dentry(g, mnt, "a");
    expect_file(g, m, inside, "</tmp/a>");
    expect_file(g, m, mnt, "</tmp>");
    sub = fg_dentry(g, fg_dentry(g, NULL, "/"), "deep");
    m = fg_mount(g, entry_at(g, sub->parent), m, inside);
    expect_file(g, m, sub, "</tmp/a/deep>");
    /* A bind mount of /usr on /tmp: its root is in the midst of a tree. */
    bind = fg_mount(g, g->usr, g->root_mount, g->tmp);
    expect_file(g, bind, g->cat, "</tmp/bin/cat>");
    expect_file(g, bind, g->usr, "</tmp>");
    /* Not attached: shown from its own root. */
    gone = fg_mount(g, mnt, NULL, NULL);
    expect_file(g, gone, inside, "</a>");
    /* Deleted; unlinked, but with names of its own. */
    d = fg_dentry(g, g->tmp, "file (1)");
    expect_file(g, g->root_mount, d, "</tmp/file (1)>");
    d->hash_pprev = 0;
    expect_file(g, g->root_mount, d, "</tmp/file (1)>(deleted)");
    g_assert_cmpstr(frail_process_fd(fg_ask(g), 5), ==,
                    "/tmp/file (1) (deleted)");
    /* A name that only looks like that. */
    d = fg_dentry(g, g->tmp, "x (deleted)");
    expect_file(g, g->root_mount, d, "</tmp/x (deleted)>");
    /* Brackets, and what cannot be printed. */
    d = fg_dentry(g, g->tmp, "<a>\n\x80");
    expect_file(g, g->root_mount, d, "</tmp/\\74a\\76\\n\\200>");
    /* chroot ends no path; the working directory below it. */
    fg_point(g, &fs_of(g)->root.dentry, g->usr);
    cwd = fg_cwd(g);
    root = fg_root(g);
    g_assert_cmpstr(cwd, ==, "/usr/bin");
    g_assert_cmpstr(root, ==, "/usr");
}

static void test_devices(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { 0 });
    FgDentry *d = fg_dentry(g, g->tmp, "disk<");

    expect_fd(g, 0, false, "</dev/null>");
    expect_fd(g, 0, true, "</dev/null<char 1:3>>");
    fg_inode(g, d, 9, S_IFBLK | 0600, 259u << 20 | 0xfffff);
    fg_set_fd(g, 1, fg_file(g, g->root_mount, d));
    expect_fd(g, 1, true, "</tmp/disk\\74<block 259:1048575>>");
}

static void test_closed(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { 0 });

    expect_fd(g, 4, true, NULL);
    expect_fd(g, -1, true, NULL);
    expect_fd(g, -100, true, NULL);
    expect_fd(g, 64, true, NULL);
    expect_fd(g, INT32_MAX, true, NULL);
    expect_fd(g, INT32_MIN, true, NULL);
    expect_fd(g, 3, true, "</usr/bin/cat>");
    /* A table that is shorter than what lies there. */
    ((FgFiles *)(g->ram + (g->task->files - g->phys)))->table.max_fds = 3;
    expect_fd(g, 3, true, NULL);
    expect_fd(g, 0, false, "</dev/null>");
}

static FgDentry *dentry_of(FakeGuest *g, FgFile *f)
{
    return entry_at(g, f->path.dentry);
}

static void test_pseudo(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { .layout = FG_RELATIVE });
    FgPid *pid = fg_alloc(g, sizeof(*pid));
    uint64_t *ops = fg_alloc(g, 8);
    FgInode *inode;
    FgNs *ns = fg_alloc(g, sizeof(*ns));
    FgFile *f;

    expect_both(g, fg_pseudo(g, "pipefs", "", 123), "<pipe:[123]>");
    expect_both(g, fg_pseudo(g, "sockfs", "XYZ", 77), "<socket:[77]>");
    expect_both(g, fg_pseudo(g, "anon_inodefs", "[eventfd]", 1),
                "<anon_inode:[eventfd]>");
    expect_both(g, fg_pseudo(g, "tmpfs", "memfd:x", 1),
                "</memfd:x>(deleted)");
    expect_both(g, fg_pseudo(g, "anon_inodefs", "[x (deleted)", 1),
                "<anon_inode:[x (deleted)>");
    /* A pidfd: up to 6.8 by the file, then by the inode of pidfs. */
    pid->level = 1;
    pid->numbers[0].nr = 17;
    f = fg_pseudo(g, "anon_inodefs", "[pidfd]", 1);
    fg_point(g, &f->private_data, pid);
    fg_set_fd(g, 5, f);
    expect_fd(g, 5, false, "<anon_inode:[pidfd]>");
    expect_fd(g, 5, true, "<pid:17>");
    f = fg_pseudo(g, "pidfs", "", 1);
    inode = fg_inode(g, dentry_of(g, f), 1, S_IFREG, 0);
    fg_point(g, &inode->private, pid);
    fg_set_fd(g, 5, f);
    expect_fd(g, 5, false, "<anon_inode:[pidfd]>");
    expect_fd(g, 5, true, "<pid:17>");
    /* A namespace: its kind is what its operations are called. */
    f = fg_pseudo(g, "nsfs", "", 4026531842);
    inode = (FgInode *)(g->ram + (dentry_of(g, f)->inode - g->phys));
    fg_point(g, &inode->private, ns);
    fg_point(g, &ns->ops, ops);
    ops[0] = fg_string(g, "mnt");
    expect_both(g, f, "<mnt:[4026531842]>");
    ops[0] = fg_string(g, "pid_for_children");
    expect_both(g, f, "<pid_for_children:[4026531842]>");
    ops[0] = fg_string(g, "no kind");
    fg_set_fd(g, 5, f);
    expect_fd(g, 5, false, NULL);
    ops[0] = fg_string(g, "");
    expect_fd(g, 5, false, NULL);
    /* A root of such a file system is none of them. */
    f = fg_pseudo(g, "tmpfs", "memfd:x", 1);
    expect_file(g, fg_mount(g, dentry_of(g, f), g->root_mount, g->tmp),
                dentry_of(g, f), "</tmp>");
    /* But only a root of its own tree is one. */
    fg_point(g, &dentry_of(g, f)->parent, g->usr);
    expect_file(g, fg_mount(g, dentry_of(g, f), g->root_mount, g->tmp),
                dentry_of(g, f), "</memfd:x>(deleted)");
}

/* --- Sockets ------------------------------------------------------------- */

static void test_inet(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { .layout = FG_PCPU_HOT });
    FgSock *sk;

    fg_set_fd(g, 6, fg_socket(g, "TCP", AF_INET, 900, &sk));
    expect_fd(g, 6, false, "<socket:[900]>");
    expect_fd(g, 6, true, "<TCP:[900]>");       /* not bound */
    sk->num = 80;
    sk->rcv_saddr = htonl(0x7f000001);
    expect_fd(g, 6, true, "<TCP:[127.0.0.1:80]>");
    sk->daddr = htonl(0x0a000002);
    sk->dport = htons(5000);
    expect_fd(g, 6, true, "<TCP:[127.0.0.1:80->10.0.0.2:5000]>");
    fg_set_fd(g, 6, fg_socket(g, "UDPv6", AF_INET6, 901, &sk));
    sk->num = 53;
    sk->v6_rcv_saddr[15] = 1;
    expect_fd(g, 6, true, "<UDPv6:[[::1]:53]>");
    sk->v6_daddr[0] = 0xfe;
    sk->v6_daddr[1] = 0x80;
    sk->dport = htons(1);
    expect_fd(g, 6, true, "<UDPv6:[[::1]:53->[fe80::]:1]>");
}

/* One end is known, the other one not: neither is shown. */
static void test_half_known(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) {
        .without = "sock_common.skc_v6_daddr" });
    FgSock *sk;

    fg_set_fd(g, 6, fg_socket(g, "TCPv6", AF_INET6, 902, &sk));
    sk->num = 53;
    expect_fd(g, 6, true, "<TCPv6:[[::]:53]>");
    sk->dport = 1;
    expect_fd(g, 6, true, "<TCPv6:[902]>");
}

static void test_unix(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { .layout = FG_PCPU_HOT });
    FgUnixAddr *a = fg_alloc(g, sizeof(*a));
    FgSock *sk, *peer;

    fg_socket(g, "UNIX-STREAM", AF_UNIX, 41, &peer);
    fg_set_fd(g, 6, fg_socket(g, "UNIX-STREAM", AF_UNIX, 40, &sk));
    expect_fd(g, 6, false, "<socket:[40]>");
    expect_fd(g, 6, true, "<UNIX-STREAM:[40]>");
    fg_point(g, &sk->peer, peer);
    expect_fd(g, 6, true, "<UNIX-STREAM:[40->41]>");
    fg_point(g, &sk->addr, a);
    a->name[0] = AF_UNIX;
    strcpy(a->name + 2, "/run/x");
    a->len = 2 + sizeof("/run/x");
    expect_fd(g, 6, true, "<UNIX-STREAM:[40->41,\"/run/x\"]>");
    memcpy(a->name + 2, "\0ab\0c", 5);
    a->len = 2 + 5;
    expect_fd(g, 6, true, "<UNIX-STREAM:[40->41,@\"ab\\0c\"]>");
    a->len = 2;
    expect_fd(g, 6, true, "<UNIX-STREAM:[40->41]>");
    /* Lengths that no address has. */
    a->len = 1000;
    expect_fd(g, 6, true, "<UNIX-STREAM:[40->41]>");
    a->len = -1;
    expect_fd(g, 6, true, "<UNIX-STREAM:[40->41]>");
    memset(a->name + 2, 'n', 108);
    a->len = 110;
    {
        g_autofree char *all = fg_fd(g, 6, true);

        g_assert_cmpuint(strlen(all), ==,
                         strlen("<UNIX-STREAM:[40->41,\"\"]>") + 108);
    }
}

static void test_netlink(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { 0 });
    FgSock *sk;

    fg_set_fd(g, 6, fg_socket(g, "NETLINK", AF_NETLINK, 50, &sk));
    expect_fd(g, 6, true, "<NETLINK:[50]>");
    sk->portid = 1234;
    expect_fd(g, 6, true, "<NETLINK:[ROUTE:1234]>");
    sk->protocol = 15;
    expect_fd(g, 6, true, "<NETLINK:[KOBJECT_UEVENT:1234]>");
    sk->protocol = 17;
    expect_fd(g, 6, true, "<NETLINK:[17:1234]>");
    sk->protocol = 0xffff;
    expect_fd(g, 6, true, "<NETLINK:[65535:1234]>");
    sk->family = 99;
    expect_fd(g, 6, true, "<NETLINK:[50]>");
}

/* --- Control groups and containers --------------------------------------- */

#define ID  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ID2 "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"

static void test_containers(void)
{
    static const struct {
        const char *cgroup, *id;
    } cases[] = {
        { "/system.slice/docker-" ID ".scope", ID },
        { "/docker/" ID, ID },
        { "/docker/" ID "/init", ID },
        { "/system.slice/docker-" ID ".scope/docker/" ID2, ID2 },
        { "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podaa."
          "slice/cri-containerd-" ID ".scope", ID },
        { "/kubepods/besteffort/pod12/" ID, ID },
        { "/kubepods.slice/x/crio-" ID ".scope", ID },
        { "/machine.slice/libpod-" ID ".scope/container", ID },
        { "/libpod_parent/libpod-" ID, ID },
        { "/", NULL }, { "", NULL }, { "//", NULL },
        { "/system.slice/ssh.service", NULL },
        { "/docker/" ID "0", NULL },
        { "/docker/0123456789abcdef0123456789abcdef0123456789abcdef0123456789"
          "abcxyz", NULL },
        { "/docker/0123456789abcdef", NULL },
        { "/docker-" ID ".slice", NULL },
        { "/docker-" ID ".scop", NULL },
        { "/docker-" ID ".scopes", NULL },
        { "/DOCKER/0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789"
          "ABCDEF", NULL },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        char id[80] = "none";
        bool found = guest_container_id(cases[i].cgroup, id, sizeof(id));

        g_assert_true(found == (cases[i].id != NULL));
        g_assert_cmpstr(id, ==, found ? cases[i].id : "none");
        /* Too small a buffer. */
        g_assert_false(guest_container_id(cases[i].cgroup, id, 64));
    }
}

static void test_cgroups(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { 0 });
    FgKernfs *root = fg_kernfs(g, NULL, ""), *kn;
    const FrailProcess *p = fg_ask(g);

    g_assert_null(frail_process_container(p));
    fg_set_cgroup(g, g->task, root);
    p = fg_ask(g);
    g_assert_cmpstr(frail_process_cgroup(p), ==, "/");
    kn = fg_kernfs(g, fg_kernfs(g, root, "system.slice"),
                   "docker-" ID ".scope");
    fg_set_cgroup(g, g->task, kn);
    p = fg_ask(g);
    g_assert_cmpstr(frail_process_cgroup(p), ==,
                    "/system.slice/docker-" ID ".scope");
    g_assert_cmpstr(frail_process_container(p), ==, ID);
    /* Groups in a circle, and too deep. */
    fg_point(g, &root->parent, kn);
    g->n_map = 0;
    g_assert_null(frail_process_cgroup(fg_ask(g)));
    g_assert_cmpuint(g->n_map, <, BOUND);
    root->parent = 0;
    for (unsigned i = 0; i < 100; i++) {
        kn = fg_kernfs(g, kn, "x");
    }
    fg_set_cgroup(g, g->task, kn);
    g_assert_null(frail_process_cgroup(fg_ask(g)));
    g_assert_null(frail_process_container(fg_ask(g)));
}

/* A path that just fits, and one byte more. */
static void test_longest(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { 0 });
    g_autofree char *name = g_strnfill(255, 'n');
    FgDentry *d = g->tmp;

    for (unsigned i = 0; i < 15; i++) {
        d = fg_dentry(g, d, name);
    }
    for (unsigned more = 0; more < 2; more++) {
        g_autofree char *last = g_strnfill(4096 - 15 * 256 - 5 + more, 'l');
        g_autofree char *text = NULL;

        fg_set_fd(g, 5, fg_file(g, g->root_mount, fg_dentry(g, d, last)));
        text = fg_fd(g, 5, false);
        if (more) {
            g_assert_null(text);
        } else {
            g_assert_cmpuint(strlen(text), ==, 4096 + 2);
        }
    }
}

/* --- Hostile ------------------------------------------------------------- */

static void test_deep_mounts(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { 0 });
    FgMount *m = g->root_mount;
    FgDentry *at = g->tmp, *root = NULL;

    for (unsigned i = 0; i < 1000; i++) {
        root = fg_dentry(g, NULL, "/");
        m = fg_mount(g, root, m, at);
        at = root;
        if (i == 60) {
            expect_file(g, m, root, "</tmp>");
        }
    }
    fg_set_fd(g, 5, fg_file(g, m, root));
    g->n_map = 0;
    expect_fd(g, 5, true, NULL);
    g_assert_cmpuint(g->n_map, <, BOUND);
    /* Mounts in a circle. */
    m = fg_mount(g, g->tmp, NULL, g->tmp);
    fg_point(g, &m->parent, fg_mount(g, g->tmp, m, g->tmp));
    fg_set_fd(g, 5, fg_file(g, m, g->tmp));
    g->n_map = 0;
    expect_fd(g, 5, true, NULL);
    g_assert_cmpuint(g->n_map, <, BOUND);
}

static void test_deep_entries(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { 0 });
    g_autofree char *name = g_strnfill(255, 'n');
    g_autofree char *longer = g_strnfill(256, 'n');
    FgDentry *a, *b, *d = g->tmp;

    for (unsigned i = 0; i < 255; i++) {
        d = fg_dentry(g, d, "x");
    }
    fg_set_fd(g, 5, fg_file(g, g->root_mount, d));
    {
        g_autofree char *text = fg_fd(g, 5, false);

        g_assert_cmpuint(strlen(text), ==, strlen("</tmp>") + 2 * 255);
    }
    fg_set_fd(g, 5, fg_file(g, g->root_mount, fg_dentry(g, d, "x")));
    expect_fd(g, 5, false, NULL);
    /* In a circle. */
    a = fg_dentry(g, NULL, "a");
    b = fg_dentry(g, a, "b");
    fg_point(g, &a->parent, b);
    fg_set_fd(g, 5, fg_file(g, g->root_mount, a));
    g->n_map = 0;
    expect_fd(g, 5, false, NULL);
    g_assert_cmpuint(g->n_map, <, BOUND);
    /* Names: the longest, one more, and all in all too much. */
    a = fg_dentry(g, g->tmp, name);
    fg_set_fd(g, 5, fg_file(g, g->root_mount, a));
    {
        g_autofree char *text = fg_fd(g, 5, false);

        g_assert_cmpuint(strlen(text), ==, strlen("</tmp/>") + 255);
    }
    fg_set_fd(g, 5, fg_file(g, g->root_mount, fg_dentry(g, g->tmp, longer)));
    expect_fd(g, 5, false, NULL);
    for (unsigned i = 0; i < 16; i++) {
        a = fg_dentry(g, a, name);
    }
    fg_set_fd(g, 5, fg_file(g, g->root_mount, a));
    expect_fd(g, 5, false, NULL);
    /* A name that goes on to the end of memory. */
    a = fg_dentry(g, g->tmp, "e");
    memset(g->ram + FG_RAM - 64, 'e', 64);
    a->name = g->phys + FG_RAM - 64;
    fg_set_fd(g, 5, fg_file(g, g->root_mount, a));
    expect_fd(g, 5, false, NULL);
}

/* Texts of all that can be asked, to compare. */
static char *everything(FakeGuest *g)
{
    GString *s = g_string_new("");
    g_autofree char *list = fg_list(g), *cwd = fg_cwd(g);

    g_string_append_printf(s, "%s%s\n", list, cwd);
    for (int fd = 0; fd < 10; fd++) {
        g_autofree char *text = fg_fd(g, fd, true);

        g_string_append_printf(s, "%d%s\n", fd, text);
    }
    return g_string_free(s, FALSE);
}

/* Every pointer of the guest leads to every kind of bad place. */
static void test_bad_pointers(const void *data)
{
    g_autoptr(FakeGuest) g = fg_new(*(const FgOptions *)data);
    uint64_t last = fg_pages(g, 1), bad[16];
    g_autofree char *good = NULL, *after = NULL;
    unsigned n = 0;

    fg_furnish(g);
    /* The last page of the address space is there, and full. */
    fg_map(g, g->root, 0xfffffffffffff000, last, 0);
    memset(g->ram + last, 0xff, FRAIL_PAGE_SIZE);
    bad[n++] = 0;
    bad[n++] = 8;
    bad[n++] = FG_USER;
    bad[n++] = 0x7fffffffffffffff;
    bad[n++] = 0x8000000000000000;
    bad[n++] = g->opts.la57 ? 0xfeffffffffffffff : 0xffff7fffffffffff;
    bad[n++] = g->phys + FG_RAM;
    bad[n++] = g->phys + FG_RAM - 1;
    bad[n++] = g->phys + FRAIL_PAGE_SIZE - 3;
    bad[n++] = g->phys + g->root;
    bad[n++] = 0xfffffffffffff000;
    bad[n++] = 0xfffffffffffffff8;
    bad[n++] = ~0ull;
    bad[n++] = fg_va(g, g->task) + 3;
    good = everything(g);
    g_assert_nonnull(strstr(good, "5<UNIX:[5->41,\"/run/x\"]>"));
    g_assert_nonnull(strstr(good, "9<net:[9]>"));
    for (unsigned i = 0; i < g->pointers->len; i++) {
        uint64_t *at = g->pointers->pdata[i], was = *at;

        for (unsigned b = 0; b < n; b++) {
            *at = bad[b];
            g->n_map = 0;
            fg_ask_all(g);
            g_assert_cmpuint(g->n_map, <, BOUND);
        }
        *at = was;
    }
    after = everything(g);
    g_assert_cmpstr(good, ==, after);
}

/* Every pointer leads to something of another kind. */
static void test_wrong_pointers(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { .layout = FG_PCPU_HOT });
    g_autofree char *good = NULL, *after = NULL;
    unsigned len;

    fg_furnish(g);
    good = everything(g);
    len = g->pointers->len;
    for (unsigned i = 0; i < len; i++) {
        uint64_t *at = g->pointers->pdata[i], was = *at;

        for (unsigned j = i % 7; j < len; j += 7) {
            *at = *(uint64_t *)g->pointers->pdata[j];
            g->n_map = 0;
            fg_ask_all(g);
            g_assert_cmpuint(g->n_map, <, BOUND);
            *at = was;
        }
    }
    after = everything(g);
    g_assert_cmpstr(good, ==, after);
}

/* A discovery over bad pointers, which ends, and says no. */
static void test_bad_at_first(void)
{
    static const uint64_t bad[] = { 0, FG_USER, 0x8000000000000000, ~0ull };
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { 0 });
    uint64_t *needed[] = { &g->task->stack, &g->task->mm, &g->mm->pgd };

    for (unsigned i = 0; i < G_N_ELEMENTS(needed); i++) {
        uint64_t was = *needed[i];

        for (unsigned b = 0; b < G_N_ELEMENTS(bad); b++) {
            *needed[i] = bad[b];
            fg_forget(g);
            g_assert_null(fg_ask(g));
        }
        *needed[i] = was;
    }
    fg_forget(g);
    g_assert_nonnull(fg_ask(g));
}

/* Members that a kernel does not have: not known, the rest is. */
static void test_without(void)
{
    static const char *const members[] = {
        "task_struct.fs", "task_struct.files", "files_struct.fdt",
        "fdtable.fd", "path.mnt", "path.dentry", "dentry.d_parent",
        "vfsmount.mnt_root", "mount.mnt", "mount.mnt_parent",
        "dentry.d_sb", "inode.i_ino", "cgroup.kn", "css_set.dfl_cgrp",
        "task_struct.cgroups", "upid.nr", "pid.numbers", "sock.__sk_common",
        "syscall_metadata.name", "task_struct.nsproxy",
        "mm_struct.arg_start", "mm_struct.exe_file", "unix_sock.addr",
        "task_struct.io_uring", "io_uring_task.registered_rings",
        "io_ring_ctx.flags", "io_ring_ctx.rings", "io_ring_ctx.sq_array",
        "io_ring_ctx.sq_sqes", "io_ring_ctx.sq_entries",
        "io_ring_ctx.cached_sq_head", "io_rings.sq",
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(members); i++) {
        g_autoptr(FakeGuest) g = fg_new((FgOptions) {
            .without = members[i] });
        const FrailProcess *p;

        fg_furnish(g);
        p = fg_ask_all(g);
        g_assert_nonnull(p);
        g_assert_cmpint(frail_process_tid(p), ==, 1234);
    }
}

int main(int argc, char **argv)
{
    static const FgOptions layouts[] = {
        { .layout = FG_CURRENT_TASK }, { .layout = FG_PCPU_HOT, .kpti = true },
        { .layout = FG_RELATIVE, .la57 = true, .level = 1 },
    };

    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/guest/path/paths", test_paths);
    g_test_add_func("/guest/path/devices", test_devices);
    g_test_add_func("/guest/path/closed", test_closed);
    g_test_add_func("/guest/path/pseudo", test_pseudo);
    g_test_add_func("/guest/path/deep-mounts", test_deep_mounts);
    g_test_add_func("/guest/path/longest", test_longest);
    g_test_add_func("/guest/path/deep-entries", test_deep_entries);
    g_test_add_func("/guest/socket/inet", test_inet);
    g_test_add_func("/guest/socket/half-known", test_half_known);
    g_test_add_func("/guest/socket/unix", test_unix);
    g_test_add_func("/guest/socket/netlink", test_netlink);
    g_test_add_func("/guest/cgroup/containers", test_containers);
    g_test_add_func("/guest/cgroup/paths", test_cgroups);
    for (unsigned i = 0; i < G_N_ELEMENTS(layouts); i++) {
        g_autofree char *path =
            g_strdup_printf("/guest/hostile/bad-pointers/%u", i);

        g_test_add_data_func(path, &layouts[i], test_bad_pointers);
    }
    g_test_add_func("/guest/hostile/wrong-pointers", test_wrong_pointers);
    g_test_add_func("/guest/hostile/bad-at-first", test_bad_at_first);
    g_test_add_func("/guest/hostile/without", test_without);
    return g_test_run();
}
