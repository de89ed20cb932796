/*
 * What lives in the made-up guest: tasks, files, sockets, control groups.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <sys/socket.h>
#include <sys/stat.h>

#include "fake-guest.h"

#define NEW(g, type)    ((type *)fg_alloc(g, sizeof(type)))
#define IMAGE_HEAP      0x800       /* in the first page of the image's data */

/* --- Tasks --------------------------------------------------------------- */

static FgCred *new_cred(FakeGuest *g, uint32_t id)
{
    FgCred *cred = NEW(g, FgCred);
    FgNs *ns = fg_alloc(g, 8 + sizeof(FgNs));
    uint32_t *ids = &cred->uid;

    for (uint32_t i = 0; i < 8; i++) {
        ids[i] = id + i;
    }
    cred->cap_inheritable = 0x1;
    cred->cap_permitted = 0x3;
    cred->cap_effective = 0x1ffffffffff;
    cred->cap_bset = 0x7;
    cred->cap_ambient = 0xf;
    ((FgNs *)((uint8_t *)ns + 8))->inum = 4026531837;
    fg_point(g, &cred->user_ns, ns);
    return cred;
}

static void *new_ns(FakeGuest *g, uint32_t inum)
{
    uint8_t *ns = fg_alloc(g, 8 + sizeof(FgNs));

    ((FgNs *)(ns + 8))->inum = inum;
    return ns;
}

FgMm *fg_mm(FakeGuest *g, uint64_t root)
{
    FgMm *mm = NEW(g, FgMm);

    fg_point(g, &mm->pgd, g->ram + root);
    return mm;
}

static FgTask *new_task(FakeGuest *g, int pid, const char *comm)
{
    FgTask *t = NEW(g, FgTask);
    FgPid *p = NEW(g, FgPid);

    t->pid = t->tgid = pid;
    g_strlcpy(t->comm, comm, sizeof(t->comm));
    t->prio = t->static_prio = 120;
    t->start_boottime = 1000000000ull + pid;
    t->self_exec_id = 1;
    fg_point(g, &t->stack, fg_alloc(g, FG_STACK_SIZE));
    fg_point(g, &t->real_cred, new_cred(g, pid ? 1000 : 0));
    fg_point(g, &t->group_leader, t);
    fg_point(g, &t->thread_pid, p);
    fg_point(g, &t->children.next, &t->children);
    fg_point(g, &t->children.prev, &t->children);
    p->level = 1;
    p->numbers[0].nr = pid;
    p->numbers[1].nr = pid + 40000;
    fg_point(g, &p->numbers[0].ns, new_ns(g, 4026531836));
    fg_point(g, &p->numbers[1].ns, new_ns(g, 4026532000));
    return t;
}

static void *object_at(FakeGuest *g, uint64_t va, size_t offset)
{
    return g->ram + (va - g->phys) - offset;
}

void fg_adopt(FakeGuest *g, FgTask *t, FgTask *parent)
{
    FgList *last, *next;

    if (t->sibling.next) {
        last = object_at(g, t->sibling.prev, 0);
        next = object_at(g, t->sibling.next, 0);
        fg_point(g, &last->next, next);
        fg_point(g, &next->prev, last);
    }
    last = object_at(g, parent->children.prev, 0);
    fg_point(g, &t->real_parent, parent);
    fg_point(g, &t->sibling.next, &parent->children);
    fg_point(g, &t->sibling.prev, last);
    fg_point(g, &last->next, &t->sibling);
    fg_point(g, &parent->children.prev, &t->sibling);
}

/* At the end of the list of tasks. */
FgTask *fg_task(FakeGuest *g, int pid, const char *comm, FgTask *parent)
{
    FgTask *t = new_task(g, pid, comm), *last;

    last = object_at(g, g->init->tasks.prev, offsetof(FgTask, tasks));
    fg_adopt(g, t, parent);
    fg_point(g, &t->tasks.next, &g->init->tasks);
    fg_point(g, &t->tasks.prev, &last->tasks);
    fg_point(g, &last->tasks.next, &t->tasks);
    fg_point(g, &g->init->tasks.prev, &t->tasks);
    return t;
}

void fg_switch(FakeGuest *g, FgTask *task)
{
    bool hot = g->opts.layout == FG_PCPU_HOT;
    unsigned at = hot ? FG_OFF_HOT : FG_OFF_CURRENT;

    *(uint64_t *)fg_percpu(g, at) = fg_va(g, task);
    *(uint64_t *)fg_percpu(g, hot ? at + 16 : FG_OFF_TOP) =
        task->stack + FG_STACK_SIZE;
    g->task = task;
}

/* @args bytes of arguments and @env of environment, of @bytes. */
void fg_args(FakeGuest *g, const char *bytes, size_t args, size_t env)
{
    memcpy(fg_user(g), bytes, args + env);
    g->mm->arg_start = FG_USER;
    g->mm->arg_end = g->mm->env_start = FG_USER + args;
    g->mm->env_end = FG_USER + args + env;
}

/* --- Files --------------------------------------------------------------- */

FgInode *fg_inode(FakeGuest *g, FgDentry *dentry, uint64_t ino, unsigned mode,
                  unsigned rdev)
{
    FgInode *inode = NEW(g, FgInode);

    inode->ino = ino;
    inode->mode = mode;
    inode->rdev = rdev;
    fg_point(g, &dentry->inode, inode);
    return inode;
}

FgDentry *fg_dentry(FakeGuest *g, FgDentry *parent, const char *name)
{
    FgDentry *d = NEW(g, FgDentry);

    fg_point(g, &d->parent, parent ? parent : d);
    d->len = strlen(name);
    if (d->len < sizeof(d->text)) {
        strcpy(d->text, name);
        fg_point(g, &d->name, d->text);
    } else {
        d->name = fg_string(g, name);
    }
    d->hash_pprev = fg_va(g, d);        /* hashed: it is linked */
    fg_inode(g, d, 1 + g->pointers->len, S_IFREG | 0644, 0);
    return d;
}

FgMount *fg_mount(FakeGuest *g, FgDentry *root, FgMount *parent,
                  FgDentry *mountpoint)
{
    FgMount *m = NEW(g, FgMount);

    fg_point(g, &m->parent, parent ? parent : m);
    fg_point(g, &m->mountpoint, mountpoint ? mountpoint : root);
    fg_point(g, &m->mnt.root, root);
    return m;
}

static void set_path(FakeGuest *g, FgPath *path, FgMount *mount,
                     FgDentry *dentry)
{
    fg_point(g, &path->mnt, &mount->mnt);
    fg_point(g, &path->dentry, dentry);
}

FgFile *fg_file(FakeGuest *g, FgMount *mount, FgDentry *dentry)
{
    FgFile *f = NEW(g, FgFile);

    set_path(g, &f->path, mount, dentry);
    return f;
}

void fg_set_fd(FakeGuest *g, int fd, FgFile *file)
{
    FgFiles *files = (FgFiles *)(g->ram + (g->task->files - g->phys));

    fg_point(g, &files->array[fd], file);
}

FgFile *fg_pseudo(FakeGuest *g, const char *fs, const char *name,
                  uint64_t ino)
{
    FgDentry *d = fg_dentry(g, NULL, name);
    uint64_t *op = fg_alloc(g, 24), *sb = fg_alloc(g, 32);
    uint64_t *type = fg_alloc(g, 16);
    /* The root of its mount is another entry. */
    FgMount *m = fg_mount(g, fg_dentry(g, NULL, "/"), NULL, NULL);

    op[2] = FG_IMAGE + 0x1000;          /* d_dname() */
    fg_point(g, &d->op, op);
    fg_point(g, &d->sb, sb);
    fg_point(g, &sb[3], type);
    type[1] = fg_string(g, fs);
    g_ptr_array_add(g->pointers, &type[1]);
    fg_inode(g, d, ino, S_IFIFO, 0);
    return fg_file(g, m, d);
}

FgFile *fg_socket(FakeGuest *g, const char *protocol, unsigned family,
                  uint64_t ino, FgSock **sk)
{
    FgFile *f = fg_pseudo(g, "sockfs", protocol, ino);
    FgDentry *d = (FgDentry *)(g->ram + (f->path.dentry - g->phys));
    FgSocketAlloc *s = NEW(g, FgSocketAlloc);

    *sk = NEW(g, FgSock);
    (*sk)->family = family;
    s->inode.ino = ino;
    s->inode.mode = S_IFSOCK | 0777;
    fg_point(g, &d->inode, &s->inode);
    fg_point(g, &s->sk, *sk);
    fg_point(g, &(*sk)->socket, s);
    fg_point(g, &f->private_data, s);
    return f;
}

/* --- Rings of io_uring ---------------------------------------------------- */

FgFile *fg_ring(FakeGuest *g, unsigned flags, unsigned entries,
                const void *slots, const uint32_t *order, FgRingCtx **ctx,
                FgRings **rings)
{
    FgFile *f = fg_pseudo(g, "anon_inodefs", "[io_uring]", 1);

    *ctx = NEW(g, FgRingCtx);
    *rings = NEW(g, FgRings);
    (*ctx)->flags = flags;
    (*ctx)->sq_entries = entries;
    fg_point(g, &(*ctx)->rings, *rings);
    fg_point(g, &(*ctx)->sq_sqes, slots);
    if (order) {
        fg_point(g, &(*ctx)->sq_array, order);
    }
    fg_point(g, &f->private_data, *ctx);
    return f;
}

void fg_register_ring(FakeGuest *g, unsigned index, FgFile *file)
{
    FgUringTask *u;

    if (!g->task->io_uring) {
        fg_point(g, &g->task->io_uring, NEW(g, FgUringTask));
    }
    u = (FgUringTask *)(g->ram + (g->task->io_uring - g->phys));
    fg_point(g, &u->registered_rings[index], file);
}

/* --- Control groups ------------------------------------------------------ */

FgKernfs *fg_kernfs(FakeGuest *g, FgKernfs *parent, const char *name)
{
    FgKernfs *kn = NEW(g, FgKernfs);

    if (parent) {
        fg_point(g, &kn->parent, parent);
    }
    if (strlen(name) < sizeof(kn->text)) {
        strcpy(kn->text, name);
        fg_point(g, &kn->name, kn->text);
    } else {
        kn->name = fg_string(g, name);
    }
    return kn;
}

void fg_set_cgroup(FakeGuest *g, FgTask *task, FgKernfs *kn)
{
    FgCssSet *set = NEW(g, FgCssSet);
    FgCgroup *cgroup = NEW(g, FgCgroup);

    fg_point(g, &task->cgroups, set);
    fg_point(g, &set->dfl_cgrp, cgroup);
    fg_point(g, &cgroup->kn, kn);
}

/* --- Records of system calls --------------------------------------------- */

static uint8_t *image_data(FakeGuest *g)
{
    uint64_t gpa;
    bool mapped = frail_mem_walk(&g->mem, (FrailSpace) {
        .cr3 = g->root, .la57 = g->opts.la57 }, g->data, &gpa);

    g_assert_true(mapped);
    return g->ram + gpa;
}

/* Names lie in the image; its first word says how much is in use. */
static uint64_t image_bytes(FakeGuest *g, const void *bytes, size_t len)
{
    uint8_t *data = image_data(g);
    uint64_t *used = (uint64_t *)data;
    uint64_t at = IMAGE_HEAP + *used;

    *used += (len + 7) & ~7ull;
    g_assert_cmpuint(IMAGE_HEAP + *used, <=, FRAIL_PAGE_SIZE);
    memcpy(data + at, bytes, len);
    return g->data + at;
}

static uint64_t image_list(FakeGuest *g, unsigned n, const char *const *list)
{
    uint64_t va[6];

    for (unsigned i = 0; i < n; i++) {
        va[i] = image_bytes(g, list[i], strlen(list[i]) + 1);
    }
    return n ? image_bytes(g, va, n * 8) : 0;
}

FgMeta *fg_meta(FakeGuest *g, unsigned at, const char *name, int nr,
                unsigned nargs, const char *const *types,
                const char *const *args)
{
    FgMeta *m = (FgMeta *)(image_data(g) + at);

    m->name = image_bytes(g, name, strlen(name) + 1);
    m->syscall_nr = nr;
    m->nb_args = nargs | 0x80;          /* the neighbour of the bit field */
    m->types = image_list(g, nargs, types);
    m->args = image_list(g, nargs, args);
    m->enter_event = g->data + 8;
    m->exit_event = g->data + 16;
    return m;
}

/* --- The world that each guest begins with ------------------------------- */

static void populate_files(FakeGuest *g)
{
    FgFiles *files = NEW(g, FgFiles);
    FgFs *fs = NEW(g, FgFs);
    FgDentry *bin, *dev, *null;

    g->root_dentry = fg_dentry(g, NULL, "/");
    g->root_mount = fg_mount(g, g->root_dentry, NULL, NULL);
    g->usr = fg_dentry(g, g->root_dentry, "usr");
    bin = fg_dentry(g, g->usr, "bin");
    g->cat = fg_dentry(g, bin, "cat");
    g->tmp = fg_dentry(g, g->root_dentry, "tmp");
    dev = fg_dentry(g, g->root_dentry, "dev");
    null = fg_dentry(g, dev, "null");
    fg_inode(g, null, 4, S_IFCHR | 0666, 1 << 20 | 3);
    fg_point(g, &g->mm->exe_file, fg_file(g, g->root_mount, g->cat));
    fg_point(g, &g->task->fs, fs);
    set_path(g, &fs->root, g->root_mount, g->root_dentry);
    set_path(g, &fs->pwd, g->root_mount, bin);
    fg_point(g, &g->task->files, files);
    files->table.max_fds = G_N_ELEMENTS(files->array);
    fg_point(g, &files->fdt, &files->table);
    fg_point(g, &files->table.fd, files->array);
    fg_set_fd(g, 0, fg_file(g, g->root_mount, null));
    fg_set_fd(g, 3, fg_file(g, g->root_mount, g->cat));
}

static void populate_spaces(FakeGuest *g)
{
    FgNsproxy *n = NEW(g, FgNsproxy);
    uint64_t *spaces = &n->uts_ns;

    for (unsigned i = 0; i < 6; i++) {
        fg_point(g, &spaces[i], new_ns(g, 4026531000 + i));
    }
    fg_point(g, &g->task->nsproxy, n);
}

void fg_populate(FakeGuest *g)
{
    FgTask *init = new_task(g, 0, "swapper/0");
    FgKernfs *kn;

    g->init = init;
    fg_point(g, &init->real_parent, init);
    fg_point(g, &init->tasks.next, &init->tasks);
    fg_point(g, &init->tasks.prev, &init->tasks);
    init->flags = FG_KTHREAD;
    g->systemd = fg_task(g, 1, "systemd", init);
    g->task = fg_task(g, 1234, "cat", g->systemd);
    g->cred = (FgCred *)(g->ram + (g->task->real_cred - g->phys));
    g->mm = fg_mm(g, g->root);
    fg_point(g, &g->task->mm, g->mm);
    populate_files(g);
    populate_spaces(g);
    kn = fg_kernfs(g, fg_kernfs(g, NULL, ""), "system.slice");
    g->kernfs = fg_kernfs(g, kn, "ssh.service");
    fg_set_cgroup(g, g->task, g->kernfs);
    fg_args(g, "cat\0/etc/passwd\0HOME=/\0", 16, 7);
    fg_switch(g, g->task);
}

/* --- One of everything --------------------------------------------------- */

static FgDentry *entry_of(FakeGuest *g, FgFile *f)
{
    return (FgDentry *)(g->ram + (f->path.dentry - g->phys));
}

void fg_furnish(FakeGuest *g)
{
    FgUnixAddr *a = fg_alloc(g, sizeof(*a));
    FgPid *pid = fg_alloc(g, sizeof(*pid));
    FgWorker *w = fg_alloc(g, sizeof(*w));
    FgKthread *kt = fg_alloc(g, sizeof(*kt));
    FgNs *ns = fg_alloc(g, sizeof(*ns));
    uint64_t *ops = fg_alloc(g, 8);
    FgSock *sk, *peer;
    FgRingCtx *ctx;
    FgRings *rings;
    uint32_t *order;
    FgInode *inode;
    FgFile *f;
    FgTask *t;

    fg_set_fd(g, 4, fg_socket(g, "TCP", AF_INET, 4, &sk));
    sk->num = 80;
    fg_socket(g, "UNIX", AF_UNIX, 41, &peer);
    fg_set_fd(g, 5, fg_socket(g, "UNIX", AF_UNIX, 5, &sk));
    fg_point(g, &sk->peer, peer);
    fg_point(g, &sk->addr, a);
    a->len = 9;
    memcpy(a->name, "\1\0/run/x", 9);
    fg_set_fd(g, 6, fg_socket(g, "NETLINK", AF_NETLINK, 6, &sk));
    sk->portid = 6;
    fg_set_fd(g, 7, fg_pseudo(g, "pipefs", "", 7));
    f = fg_pseudo(g, "anon_inodefs", "[pidfd]", 8);
    fg_point(g, &f->private_data, pid);
    fg_set_fd(g, 8, f);
    f = fg_pseudo(g, "nsfs", "", 9);
    ops[0] = fg_string(g, "net");
    g_ptr_array_add(g->pointers, ops);
    fg_point(g, &ns->ops, ops);
    inode = (FgInode *)(g->ram + (entry_of(g, f)->inode - g->phys));
    fg_point(g, &inode->private, ns);
    fg_set_fd(g, 9, f);
    /* Its entries are what the process has in its own memory. */
    order = fg_alloc(g, 4 * sizeof(*order));
    f = fg_ring(g, 0, 4, fg_user(g), order, &ctx, &rings);
    order[1] = 3;
    order[2] = 1;
    rings->tail = 3;
    fg_set_fd(g, 10, f);
    fg_register_ring(g, 2, f);
    t = fg_task(g, 50, "kworker", g->init);
    t->flags = FG_KTHREAD | FG_WORKER;
    fg_point(g, &t->worker_private, kt);
    fg_point(g, &kt->data, w);
    fg_point(g, &w->pool, w);
    strcpy(w->desc, "work");
    t = fg_task(g, 51, "rcu", g->init);
    kt = fg_alloc(g, sizeof(*kt));
    t->flags = FG_KTHREAD;
    fg_point(g, &t->worker_private, kt);
    kt->full_name = fg_string(g, "rcu_long_name");
    g_ptr_array_add(g->pointers, &kt->full_name);
}
