/*
 * The made-up guest's BTF, written with libbpf from the C structures.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <bpf/btf.h>

#include "fake-guest.h"

typedef struct Writer {
    struct btf *btf;
    const FgOptions *opts;
    const char *structure;
    int u8, u16, u32, u64, pointer, chr;
} Writer;

static int checked(int id)
{
    g_assert_cmpint(id, >=, 0);
    return id;
}

static int integer(const Writer *w, size_t size)
{
    switch (size) {
    case 1:
        return w->u8;
    case 2:
        return w->u16;
    case 4:
        return w->u32;
    default:
        g_assert_cmpuint(size, ==, 8);
        return w->u64;
    }
}

static void begin(Writer *w, const char *name, size_t size)
{
    w->structure = name;
    checked(btf__add_struct(w->btf, name, size));
}

static void field(Writer *w, const char *name, int type, size_t offset,
                  unsigned bits)
{
    g_autofree char *full = g_strdup_printf("%s.%s", w->structure, name);

    if (!w->opts->without || strcmp(w->opts->without, full)) {
        checked(btf__add_field(w->btf, name, type, offset * 8, bits));
    }
}

static int array(Writer *w, int type, unsigned n)
{
    return checked(btf__add_array(w->btf, w->u32, type, n));
}

static int forward(Writer *w, const char *name)
{
    int id = btf__find_by_name_kind(w->btf, name, BTF_KIND_STRUCT);

    return checked(id);
}

#define BEGIN(name, type)       begin(w, name, sizeof(type))
#define PLAIN(type, member)     NAMED(#member, type, member)
#define NAMED(name, type, member) \
    field(w, name, integer(w, sizeof(((type *)NULL)->member)), \
          offsetof(type, member), 0)
#define TYPED(name, id, type, member) \
    field(w, name, id, offsetof(type, member), 0)

static void add_ints(Writer *w)
{
    w->u8 = checked(btf__add_int(w->btf, "unsigned char", 1, 0));
    w->u16 = checked(btf__add_int(w->btf, "short unsigned int", 2, 0));
    w->u32 = checked(btf__add_int(w->btf, "unsigned int", 4, 0));
    w->u64 = checked(btf__add_int(w->btf, "long unsigned int", 8, 0));
    w->chr = checked(btf__add_int(w->btf, "char", 1, BTF_INT_CHAR));
    w->pointer = checked(btf__add_ptr(w->btf, 0));
}

static void add_task(Writer *w)
{
    int comm = array(w, w->chr, 16), list, kuid, pid_t;

    BEGIN("list_head", FgList);
    PLAIN(FgList, next);
    PLAIN(FgList, prev);
    list = forward(w, "list_head");
    pid_t = checked(btf__add_typedef(w->btf, "pid_t", w->u32));
    pid_t = checked(btf__add_const(w->btf, pid_t));
    BEGIN("task_struct", FgTask);
    PLAIN(FgTask, stack);
    PLAIN(FgTask, flags);
    PLAIN(FgTask, prio);
    PLAIN(FgTask, static_prio);
    PLAIN(FgTask, rt_priority);
    PLAIN(FgTask, policy);
    PLAIN(FgTask, exit_state);
    PLAIN(FgTask, exit_code);
    TYPED("tasks", list, FgTask, tasks);
    PLAIN(FgTask, mm);
    TYPED("pid", pid_t, FgTask, pid);
    TYPED("tgid", pid_t, FgTask, tgid);
    PLAIN(FgTask, real_parent);
    TYPED("children", list, FgTask, children);
    TYPED("sibling", list, FgTask, sibling);
    PLAIN(FgTask, group_leader);
    PLAIN(FgTask, thread_pid);
    NAMED(w->opts->old_names ? "real_start_time" : "start_boottime", FgTask,
          start_boottime);
    PLAIN(FgTask, real_cred);
    TYPED("comm", comm, FgTask, comm);
    PLAIN(FgTask, fs);
    PLAIN(FgTask, files);
    PLAIN(FgTask, nsproxy);
    PLAIN(FgTask, cgroups);
    NAMED(w->opts->old_names ? "set_child_tid" : "worker_private", FgTask,
          worker_private);
    PLAIN(FgTask, io_uring);
    PLAIN(FgTask, self_exec_id);
    PLAIN(FgTask, sighand);

    begin(w, "kuid", 4);
    field(w, "val", w->u32, 0, 0);
    kuid = checked(btf__add_typedef(w->btf, "kuid_t", forward(w, "kuid")));
    BEGIN("cred", FgCred);
    TYPED("uid", kuid, FgCred, uid);
    TYPED("gid", kuid, FgCred, gid);
    TYPED("suid", kuid, FgCred, suid);
    TYPED("sgid", kuid, FgCred, sgid);
    TYPED("euid", kuid, FgCred, euid);
    TYPED("egid", kuid, FgCred, egid);
    TYPED("fsuid", kuid, FgCred, fsuid);
    TYPED("fsgid", kuid, FgCred, fsgid);
    PLAIN(FgCred, cap_inheritable);
    PLAIN(FgCred, cap_permitted);
    PLAIN(FgCred, cap_effective);
    PLAIN(FgCred, cap_bset);
    PLAIN(FgCred, cap_ambient);
    PLAIN(FgCred, user_ns);
}

static void add_signals(Writer *w)
{
    int actions;

    BEGIN("sigaction", FgAction);
    NAMED("sa_handler", FgAction, handler);
    NAMED("sa_flags", FgAction, flags);
    begin(w, "k_sigaction", sizeof(FgAction));      /* is all of it */
    field(w, "sa", forward(w, "sigaction"), 0, 0);
    actions = array(w, forward(w, "k_sigaction"), 64);
    BEGIN("sighand_struct", FgSighand);
    TYPED("action", actions, FgSighand, action);
}

static void add_process(Writer *w)
{
    static const char *const spaces[] = {
        "uts_namespace", "ipc_namespace", "mnt_namespace", "net",
        "time_namespace", "cgroup_namespace", "pid_namespace",
        "user_namespace",
    };
    int numbers, desc = array(w, w->chr, 32), ns;

    /* As mm_struct is since 6.x: all in an anonymous structure. */
    checked(btf__add_struct(w->btf, NULL, sizeof(FgMm)));
    w->structure = "mm_struct";
    PLAIN(FgMm, pgd);
    PLAIN(FgMm, arg_start);
    PLAIN(FgMm, arg_end);
    PLAIN(FgMm, env_start);
    PLAIN(FgMm, env_end);
    PLAIN(FgMm, exe_file);
    ns = btf__type_cnt(w->btf) - 1;
    BEGIN("mm_struct", FgMm);
    field(w, "", ns, 0, 0);

    BEGIN("upid", FgUpid);
    PLAIN(FgUpid, nr);
    PLAIN(FgUpid, ns);
    numbers = array(w, forward(w, "upid"), 0);
    BEGIN("pid", FgPid);
    PLAIN(FgPid, level);
    TYPED("numbers", numbers, FgPid, numbers);
    BEGIN("ns_common", FgNs);
    PLAIN(FgNs, ops);
    PLAIN(FgNs, inum);
    ns = forward(w, "ns_common");
    for (unsigned i = 0; i < G_N_ELEMENTS(spaces); i++) {
        begin(w, spaces[i], 8 + sizeof(FgNs));
        field(w, "ns", ns, 8, 0);
    }
    begin(w, "proc_ns_operations", 8);
    field(w, "name", w->pointer, 0, 0);
    BEGIN("nsproxy", FgNsproxy);
    PLAIN(FgNsproxy, uts_ns);
    PLAIN(FgNsproxy, ipc_ns);
    PLAIN(FgNsproxy, mnt_ns);
    PLAIN(FgNsproxy, net_ns);
    PLAIN(FgNsproxy, time_ns);
    PLAIN(FgNsproxy, cgroup_ns);
    BEGIN("kthread", FgKthread);
    PLAIN(FgKthread, data);
    PLAIN(FgKthread, full_name);
    BEGIN("worker", FgWorker);
    PLAIN(FgWorker, current_work);
    PLAIN(FgWorker, pool);
    PLAIN(FgWorker, rescue_wq);
    TYPED("desc", desc, FgWorker, desc);
    BEGIN("workqueue_struct", FgWorkqueue);
    TYPED("name", desc, FgWorkqueue, name);
    BEGIN("css_set", FgCssSet);
    PLAIN(FgCssSet, dfl_cgrp);
    BEGIN("cgroup", FgCgroup);
    PLAIN(FgCgroup, kn);
    BEGIN("kernfs_node", FgKernfs);
    PLAIN(FgKernfs, name);
    NAMED(w->opts->old_names ? "parent" : "__parent", FgKernfs, parent);
}

static void add_files(Writer *w)
{
    int path, qstr, vfsmount, inner, hash;

    BEGIN("path", FgPath);
    PLAIN(FgPath, mnt);
    PLAIN(FgPath, dentry);
    path = forward(w, "path");
    BEGIN("fs_struct", FgFs);
    TYPED("root", path, FgFs, root);
    TYPED("pwd", path, FgFs, pwd);

    begin(w, "hlist_bl_node", 16);
    field(w, "next", w->pointer, 0, 0);
    field(w, "pprev", w->pointer, 8, 0);
    hash = forward(w, "hlist_bl_node");
    begin(w, "qstr", 16);
    field(w, "hash", w->u32, 0, 0);
    field(w, "len", w->u32, 4, 0);
    field(w, "name", w->pointer, 8, 0);
    qstr = forward(w, "qstr");
    /* In an anonymous union, as since 6.16 */
    checked(btf__add_union(w->btf, NULL, 16));
    checked(btf__add_field(w->btf, "__d_name", qstr, 0, 0));
    checked(btf__add_field(w->btf, "d_name", qstr, 0, 0));
    inner = btf__type_cnt(w->btf) - 1;
    BEGIN("dentry", FgDentry);
    TYPED("d_hash", hash, FgDentry, hash_next);
    NAMED("d_parent", FgDentry, parent);
    field(w, "", inner, offsetof(FgDentry, hash), 0);
    NAMED("d_inode", FgDentry, inode);
    NAMED("d_op", FgDentry, op);
    NAMED("d_sb", FgDentry, sb);
    begin(w, "dentry_operations", 24);
    field(w, "d_dname", w->pointer, 16, 0);
    begin(w, "super_block", 32);
    field(w, "s_type", w->pointer, 24, 0);
    begin(w, "file_system_type", 16);
    field(w, "name", w->pointer, 8, 0);
    BEGIN("vfsmount", FgVfsmount);
    NAMED("mnt_root", FgVfsmount, root);
    vfsmount = forward(w, "vfsmount");
    BEGIN("mount", FgMount);
    NAMED("mnt_parent", FgMount, parent);
    NAMED("mnt_mountpoint", FgMount, mountpoint);
    TYPED("mnt", vfsmount, FgMount, mnt);
    BEGIN("inode", FgInode);
    NAMED("i_mode", FgInode, mode);
    NAMED("i_rdev", FgInode, rdev);
    NAMED("i_ino", FgInode, ino);
    NAMED("i_private", FgInode, private);
    checked(btf__add_union(w->btf, NULL, 16));
    checked(btf__add_field(w->btf, "f_path", path, 0, 0));
    inner = btf__type_cnt(w->btf) - 1;
    BEGIN("file", FgFile);
    field(w, "", inner, offsetof(FgFile, path), 0);
    PLAIN(FgFile, private_data);
    BEGIN("fdtable", FgFdtable);
    PLAIN(FgFdtable, max_fds);
    PLAIN(FgFdtable, fd);
    BEGIN("files_struct", FgFiles);
    PLAIN(FgFiles, fdt);
}

static void add_sockets(Writer *w)
{
    int common, v6 = array(w, w->u8, 16), socket, inode, name;

    name = array(w, w->chr, 0);
    begin(w, "sock_common", offsetof(FgSock, protocol));
    NAMED("skc_daddr", FgSock, daddr);
    NAMED("skc_rcv_saddr", FgSock, rcv_saddr);
    NAMED("skc_dport", FgSock, dport);
    NAMED("skc_num", FgSock, num);
    NAMED("skc_family", FgSock, family);
    TYPED("skc_v6_daddr", v6, FgSock, v6_daddr);
    TYPED("skc_v6_rcv_saddr", v6, FgSock, v6_rcv_saddr);
    common = forward(w, "sock_common");
    BEGIN("sock", FgSock);
    field(w, "__sk_common", common, 0, 0);
    NAMED("sk_protocol", FgSock, protocol);
    NAMED("sk_socket", FgSock, socket);
    BEGIN("unix_sock", FgSock);
    PLAIN(FgSock, addr);
    PLAIN(FgSock, peer);
    BEGIN("netlink_sock", FgSock);
    PLAIN(FgSock, portid);
    BEGIN("unix_address", FgUnixAddr);
    PLAIN(FgUnixAddr, len);
    TYPED("name", name, FgUnixAddr, name);
    begin(w, "socket", 16);
    field(w, "sk", w->pointer, 8, 0);
    socket = forward(w, "socket");
    inode = forward(w, "inode");
    BEGIN("socket_alloc", FgSocketAlloc);
    field(w, "socket", socket, 0, 0);
    TYPED("vfs_inode", inode, FgSocketAlloc, inode);

    BEGIN("syscall_metadata", FgMeta);
    PLAIN(FgMeta, name);
    PLAIN(FgMeta, syscall_nr);
    field(w, "nb_args", w->u8, offsetof(FgMeta, nb_args), 7);
    PLAIN(FgMeta, types);
    PLAIN(FgMeta, args);
    PLAIN(FgMeta, enter_event);
    PLAIN(FgMeta, exit_event);
}

static void add_rings(Writer *w)
{
    int files = array(w, w->pointer, 16), queue, inner;

    begin(w, "io_uring", 8);
    field(w, "head", w->u32, 0, 0);
    field(w, "tail", w->u32, 4, 0);
    queue = forward(w, "io_uring");
    BEGIN("io_rings", FgRings);
    TYPED("sq", queue, FgRings, head);
    /* As io_ring_ctx has them: in anonymous structures. */
    checked(btf__add_struct(w->btf, NULL, sizeof(FgRingCtx)));
    w->structure = "io_ring_ctx";
    PLAIN(FgRingCtx, rings);
    PLAIN(FgRingCtx, flags);
    PLAIN(FgRingCtx, sq_array);
    PLAIN(FgRingCtx, sq_sqes);
    PLAIN(FgRingCtx, cached_sq_head);
    PLAIN(FgRingCtx, sq_entries);
    inner = btf__type_cnt(w->btf) - 1;
    BEGIN("io_ring_ctx", FgRingCtx);
    field(w, "", inner, 0, 0);
    BEGIN("io_uring_task", FgUringTask);
    TYPED("registered_rings", files, FgUringTask, registered_rings);
}

static void add_percpu(Writer *w)
{
    bool hot = w->opts->layout == FG_PCPU_HOT;
    int tss, inner, pcpu_hot;

    begin(w, "x86_hw_tss", 104);
    field(w, "sp1", w->u64, 12, 0);
    field(w, "sp2", w->u64, 20, 0);
    tss = forward(w, "x86_hw_tss");
    begin(w, "tss_struct", 4096);
    field(w, "x86_tss", tss, 0, 0);
    tss = forward(w, "tss_struct");
    checked(btf__add_struct(w->btf, NULL, 64));
    checked(btf__add_field(w->btf, "current_task", w->pointer, 0, 0));
    checked(btf__add_field(w->btf, "top_of_stack", w->u64, 16 * 8, 0));
    inner = btf__type_cnt(w->btf) - 1;
    if (hot) {
        begin(w, "pcpu_hot", 64);
        field(w, "", inner, 0, 0);
    }
    if (w->opts->layout != FG_NO_VARS) {
        static const char *const names[] = {
            "this_cpu_off", "cpu_tss_rw", "current_task",
            "cpu_current_top_of_stack", "pcpu_hot",
        };
        int types[] = { w->u64, tss, w->pointer, w->u64, 0 };
        static const unsigned at[] = {
            FG_OFF_SELF, FG_OFF_TSS, FG_OFF_CURRENT, FG_OFF_TOP, FG_OFF_HOT,
        };
        int var[5];

        pcpu_hot = hot ? forward(w, "pcpu_hot") : 0;
        types[4] = pcpu_hot;
        for (unsigned i = 0; i < 5; i++) {
            var[i] = checked(btf__add_var(w->btf, names[i],
                                          BTF_VAR_GLOBAL_ALLOCATED,
                                          types[i]));
        }
        checked(btf__add_datasec(w->btf, ".data..percpu", 0x10000));
        for (unsigned i = 0; i < 5; i++) {
            if (i < 2 || (i < 4) == !hot) {
                checked(btf__add_datasec_var_info(w->btf, var[i], at[i], 8));
            }
        }
    }
}

uint8_t *fg_make_btf(const FgOptions *opts, size_t *len)
{
    Writer writer = { .btf = btf__new_empty(), .opts = opts }, *w = &writer;
    g_autofree char *pad = g_strnfill(66000, 'x');
    const void *raw;
    uint8_t *copy;
    uint32_t size;

    add_ints(w);
    add_task(w);
    add_signals(w);
    add_process(w);
    add_files(w);
    add_sockets(w);
    add_rings(w);
    add_percpu(w);
    /* No kernel's BTF is as small as ours. */
    checked(btf__add_str(w->btf, pad));
    raw = btf__raw_data(w->btf, &size);
    g_assert_nonnull(raw);
    copy = g_memdup2(raw, size);
    *len = size;
    btf__free(w->btf);
    return copy;
}

uint8_t *fg_long_header(const uint8_t *btf, size_t *len, unsigned header)
{
    unsigned more = header - sizeof(struct btf_header);
    uint8_t *longer = g_malloc0(*len + more);

    memcpy(longer, btf, sizeof(struct btf_header));
    memset(longer + sizeof(struct btf_header), 0xee, more);
    memcpy(longer + header, btf + sizeof(struct btf_header),
           *len - sizeof(struct btf_header));
    ((struct btf_header *)longer)->hdr_len = header;
    *len += more;
    return longer;
}
