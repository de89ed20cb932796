/*
 * A made-up Linux in made-up RAM, for the tests of plugin/guest/: page tables,
 * an image with a banner, BTF and entry code, a per-CPU area, and tasks with
 * all that hangs on them.  The structures are plain C here; their BTF is made
 * from them, so that what the tests write and what is read meet only there.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FAKE_GUEST_H
#define FAKE_GUEST_H

#include <glib.h>
#include <string.h>

#include "frail-plugin.h"

#include "guest/guest.h"
#include "mem/mem.h"

#define FG_RAM          (8u << 20)
#define FG_PHYS         0xffff888000000000ull   /* all RAM is mapped here */
#define FG_PHYS57       0xff11000000000000ull   /* with five levels */
#define FG_IMAGE        0xffffffff81000000ull
#define FG_DATA_PAGES   4
#define FG_START        0xffffffff83cc4000ull   /* of a section since 6.15 */
#define FG_USER         0x7ffffffde000ull       /* 2 pages of the process */
#define FG_BANNER       "Linux version 6.12.0-fake (made up) #1 SMP"
#define FG_STACK_SIZE   16384u

/* Offsets in the section of per-CPU variables. */
#define FG_OFF_SELF     0x10
#define FG_OFF_TSS      0x1000
#define FG_OFF_CURRENT  0x2040
#define FG_OFF_TOP      0x2048
#define FG_OFF_HOT      0x3000
#define FG_AREA_PAGES   4

#define FG_KTHREAD      0x00200000u
#define FG_WORKER       0x00000020u

typedef enum FgLayout {
    FG_CURRENT_TASK,    /* up to 6.1 */
    FG_PCPU_HOT,        /* 6.2 to 6.14 */
    FG_RELATIVE,        /* since 6.15: the section starts in the image */
    FG_NO_VARS,         /* BTF without variables */
} FgLayout;

typedef struct FgOptions {
    FgLayout layout;
    bool la57, kpti;
    unsigned level;         /* of the pages of FG_PHYS: 4 KiB, 2 MiB, 1 GiB */
    bool odd_root;          /* no KPTI, and bit 12 set in CR3 */
    bool rip_relative;      /* the entry code's accesses */
    bool no_slots;          /* it has none that are known */
    unsigned uses;          /* of the current task, in other code */
    bool no_btf;
    bool btf_before;        /* below the entry code, not above */
    bool unaligned;         /* its header lies across two pages */
    unsigned header;        /* its length; 0 is 24 */
    bool old_names;         /* of members: before 5.5, 6.15 */
    const char *without;    /* leave out this "struct.member" */
} FgOptions;

/* --- Structures: what Linux has, in an order of our own ------------------ */

typedef struct FgList {
    uint64_t next, prev;
} FgList;

typedef struct FgTask {
    uint64_t pad, stack;
    uint32_t flags;
    int32_t prio, static_prio;
    uint32_t rt_priority, policy;
    uint32_t exit_state, exit_code;
    FgList tasks;
    uint64_t mm;
    int32_t pid, tgid;
    uint64_t real_parent, group_leader, thread_pid;
    FgList children, sibling;
    uint64_t start_boottime;
    uint64_t real_cred;
    char comm[16];
    uint64_t fs, files, nsproxy, cgroups, worker_private, io_uring;
    uint32_t self_exec_id;
    uint64_t sighand;
} FgTask;

/* struct k_sigaction, with nothing but its struct sigaction */
typedef struct FgAction {
    uint64_t handler, flags, restorer, mask;
} FgAction;

typedef struct FgSighand {
    uint64_t count;
    FgAction action[64];
} FgSighand;

typedef struct FgCred {
    uint64_t usage;
    uint32_t uid, gid, suid, sgid, euid, egid, fsuid, fsgid;
    uint64_t cap_inheritable, cap_permitted, cap_effective, cap_bset;
    uint64_t cap_ambient, user_ns;
} FgCred;

typedef struct FgMm {
    uint64_t pad, pgd, arg_start, arg_end, env_start, env_end, exe_file;
} FgMm;

typedef struct FgUpid {
    int32_t nr;
    uint64_t ns;
} FgUpid;

typedef struct FgPid {
    uint32_t count, level;
    FgUpid numbers[3];
} FgPid;

typedef struct FgNs {
    uint64_t first, ops;
    uint32_t inum;
} FgNs;

typedef struct FgNsproxy {
    uint64_t count, uts_ns, ipc_ns, mnt_ns, net_ns, time_ns, cgroup_ns;
} FgNsproxy;

typedef struct FgKthread {
    uint64_t flags, data, full_name;
} FgKthread;

typedef struct FgWorker {
    uint64_t entry, current_work, pool, rescue_wq;
    char desc[32];
} FgWorker;

typedef struct FgWorkqueue {
    uint64_t list;
    char name[32];
} FgWorkqueue;

typedef struct FgPath {
    uint64_t mnt, dentry;
} FgPath;

typedef struct FgFs {
    uint64_t users;
    FgPath root, pwd;
} FgFs;

typedef struct FgDentry {
    uint32_t flags, seq;
    uint64_t hash_next, hash_pprev;     /* struct hlist_bl_node */
    uint64_t parent;
    uint32_t hash, len;                 /* struct qstr, with the name */
    uint64_t name;
    uint64_t inode, op, sb;
    char text[40];
} FgDentry;

typedef struct FgVfsmount {
    uint64_t root, sb;
} FgVfsmount;

typedef struct FgMount {
    uint64_t hash, parent, mountpoint;
    FgVfsmount mnt;
} FgMount;

typedef struct FgInode {
    uint16_t mode;
    uint32_t rdev;
    uint64_t ino, private;
} FgInode;

typedef struct FgFile {
    uint64_t pad;
    FgPath path;
    uint64_t private_data;
} FgFile;

typedef struct FgFdtable {
    uint32_t max_fds;
    uint64_t fd;
} FgFdtable;

typedef struct FgFiles {
    uint64_t count, fdt;
    FgFdtable table;
    uint64_t array[64];
} FgFiles;

typedef struct FgCssSet {
    uint64_t first, dfl_cgrp;
} FgCssSet;

typedef struct FgCgroup {
    uint64_t first, kn;
} FgCgroup;

typedef struct FgKernfs {
    uint64_t count, parent, name;
    char text[96];
} FgKernfs;

typedef struct FgSock {
    uint32_t daddr, rcv_saddr;
    uint16_t dport, num, family;
    uint8_t v6_daddr[16], v6_rcv_saddr[16];
    uint16_t protocol;
    uint64_t socket;
    /* Of struct unix_sock and struct netlink_sock */
    uint64_t addr, peer;
    uint32_t portid;
} FgSock;

typedef struct FgSocketAlloc {
    uint64_t state, sk;                 /* struct socket */
    FgInode inode;
} FgSocketAlloc;

typedef struct FgUnixAddr {
    int32_t refs, len;
    char name[112];
} FgUnixAddr;

typedef struct FgRings {
    uint64_t pad;
    uint32_t head, tail;                /* struct io_uring sq */
} FgRings;

typedef struct FgRingCtx {
    uint64_t rings;
    uint32_t flags;
    uint64_t sq_array, sq_sqes;
    uint32_t cached_sq_head, sq_entries;
} FgRingCtx;

typedef struct FgUringTask {
    uint64_t pad, registered_rings[16];
} FgUringTask;

typedef struct FgMeta {
    uint64_t name;
    int32_t syscall_nr;
    uint8_t nb_args;                    /* a bit field of 7 bits */
    uint64_t types, args;
    FgList fields;
    uint64_t enter_event, exit_event;
} FgMeta;

/* --- The guest ----------------------------------------------------------- */

typedef struct FakeGuest {
    FgOptions opts;
    uint8_t *ram;
    uint64_t next, top;         /* free pages from below, objects from above */
    uint64_t phys;              /* linear address of guest-physical 0 */
    uint64_t root;              /* page tables of the process */
    uint64_t area;              /* linear address of the per-CPU area */
    uint64_t lstar, data;       /* data: FG_DATA_PAGES pages of the image */
    uint8_t *btf;
    size_t btf_len;
    uint64_t btf_va;
    unsigned n_map;             /* calls of map_page */
    GPtrArray *pointers;        /* every pointer in the guest's structures */
    uint32_t generation;

    FgTask *init, *systemd, *task;      /* task: the current one */
    FgCred *cred;
    FgMm *mm;
    FgMount *root_mount;
    FgDentry *root_dentry, *usr, *cat, *tmp;
    FgKernfs *kernfs;

    FrailMem mem;
    FrailGuest *guest;
    FrailGuestCpu *cpu;
    GuestCpuState state;
} FakeGuest;

FakeGuest *fg_new(FgOptions opts);
/* A guest of its own for the library, and nothing remembered. */
void fg_forget(FakeGuest *g);
void fg_free(FakeGuest *g);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FakeGuest, fg_free)
extern const FrailHostOps fg_ops;

/* --- Memory --- */
uint64_t fg_pages(FakeGuest *g, unsigned n);        /* guest-physical */
void fg_map(FakeGuest *g, uint64_t root, uint64_t va, uint64_t gpa,
            unsigned level);
/* Zeroed memory of the kernel, and its address there; @object may be NULL. */
void *fg_alloc(FakeGuest *g, size_t size);
uint64_t fg_va(const FakeGuest *g, const void *object);
/* *@at = address of @object, and remember that a pointer is there. */
void fg_point(FakeGuest *g, uint64_t *at, const void *object);
uint64_t fg_string(FakeGuest *g, const char *text);
/* The process's own memory: FG_USER. */
uint8_t *fg_user(FakeGuest *g);
void *fg_percpu(FakeGuest *g, uint64_t offset);

/* --- fake-guest-btf.c --- */
/* The BTF of the structures above; to be freed. */
uint8_t *fg_make_btf(const FgOptions *opts, size_t *len);
/* A header of @header bytes, as kernels since 7.2 have it. */
uint8_t *fg_long_header(const uint8_t *btf, size_t *len, unsigned header);

/* --- fake-guest-objects.c --- */
void fg_populate(FakeGuest *g);
/* One of everything more: sockets, pseudo files, kernel threads. */
void fg_furnish(FakeGuest *g);
FgTask *fg_task(FakeGuest *g, int pid, const char *comm, FgTask *parent);
/* Make @parent its parent, in the place of the one it has. */
void fg_adopt(FakeGuest *g, FgTask *t, FgTask *parent);
FgMm *fg_mm(FakeGuest *g, uint64_t root);
/* Make it the current one. */
void fg_switch(FakeGuest *g, FgTask *task);
FgDentry *fg_dentry(FakeGuest *g, FgDentry *parent, const char *name);
FgMount *fg_mount(FakeGuest *g, FgDentry *root, FgMount *parent,
                  FgDentry *mountpoint);
FgInode *fg_inode(FakeGuest *g, FgDentry *dentry, uint64_t ino, unsigned mode,
                  unsigned rdev);
FgFile *fg_file(FakeGuest *g, FgMount *mount, FgDentry *dentry);
void fg_set_fd(FakeGuest *g, int fd, FgFile *file);
/* A file of a file system that names its files itself (pipefs...). */
FgFile *fg_pseudo(FakeGuest *g, const char *fs, const char *name,
                  uint64_t ino);
/* A socket: sockfs, its inode in a struct socket_alloc. */
FgFile *fg_socket(FakeGuest *g, const char *protocol, unsigned family,
                  uint64_t ino, FgSock **sk);
/* A ring of io_uring; @slots and @order (or NULL) are of the guest's RAM. */
FgFile *fg_ring(FakeGuest *g, unsigned flags, unsigned entries,
                const void *slots, const uint32_t *order, FgRingCtx **ctx,
                FgRings **rings);
/* Registered rings of the current task; this one is number @index. */
void fg_register_ring(FakeGuest *g, unsigned index, FgFile *file);
FgKernfs *fg_kernfs(FakeGuest *g, FgKernfs *parent, const char *name);
void fg_set_cgroup(FakeGuest *g, FgTask *task, FgKernfs *kn);
void fg_args(FakeGuest *g, const char *bytes, size_t args, size_t env);
/* A record of a system call in the image's data, @at bytes into it. */
FgMeta *fg_meta(FakeGuest *g, unsigned at, const char *name, int nr,
                unsigned nargs, const char *const *types,
                const char *const *args);

/* --- Asking --- */
/* As the engine does for a call of the present task. */
const FrailProcess *fg_ask(FakeGuest *g);
/* Everything that can be asked, of one call; returns its process. */
const FrailProcess *fg_ask_all(FakeGuest *g);
/* The texts of the current task, to be freed; NULL when not known. */
char *fg_fd(FakeGuest *g, int fd, bool details);
char *fg_cwd(FakeGuest *g);
char *fg_root(FakeGuest *g);
/* All processes, a line each; or why not, after "!". */
char *fg_list(FakeGuest *g);

#endif /* FAKE_GUEST_H */
