/*
 * The guest kernel's types: its BTF, and where in its structures the members
 * are that we read.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_GUEST_TYPES_H
#define FRAIL_GUEST_TYPES_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct btf;

/* --- Members ------------------------------------------------------------- */

/*
 * GUEST_FIELDS(X): X(name, structure, member, needed)
 *
 * A member is looked up by name, in anonymous members too, "a.b" in a member
 * that is a structure.  "a|b": the first that is there, for members that
 * changed their names.  Without those that are needed no process can be
 * named; without one of the others, what it stands for is unknown.
 */
#define GUEST_FIELDS(X) \
    X(task_pid, "task_struct", "pid", true) \
    X(task_tgid, "task_struct", "tgid", true) \
    X(task_comm, "task_struct", "comm", true) \
    X(task_flags, "task_struct", "flags", true) \
    X(task_mm, "task_struct", "mm", true) \
    X(task_stack, "task_struct", "stack", true) \
    X(task_tasks, "task_struct", "tasks", true) \
    X(task_leader, "task_struct", "group_leader", true) \
    X(task_parent, "task_struct", "real_parent", true) \
    X(task_children, "task_struct", "children", false) \
    X(task_sibling, "task_struct", "sibling", false) \
    /* Since Linux commit cf25e24db61c (in v5.5); older: real_start_time */ \
    X(task_start, "task_struct", "start_boottime|real_start_time", true) \
    X(task_exec_id, "task_struct", "self_exec_id", true) \
    X(task_cred, "task_struct", "real_cred", true) \
    X(task_static_prio, "task_struct", "static_prio", false) \
    X(task_prio, "task_struct", "prio", false) \
    X(task_policy, "task_struct", "policy", false) \
    X(task_rt_priority, "task_struct", "rt_priority", false) \
    X(task_exit_state, "task_struct", "exit_state", false) \
    X(task_exit_code, "task_struct", "exit_code", false) \
    X(task_fs, "task_struct", "fs", false) \
    X(task_files, "task_struct", "files", false) \
    X(task_nsproxy, "task_struct", "nsproxy", false) \
    X(task_cgroups, "task_struct", "cgroups", false) \
    X(task_thread_pid, "task_struct", "thread_pid", false) \
    X(task_signal, "task_struct", "signal", false) \
    X(task_sighand, "task_struct", "sighand", false) \
    X(sighand_action, "sighand_struct", "action", false) \
    X(action_handler, "k_sigaction", "sa.sa_handler", false) \
    X(action_flags, "k_sigaction", "sa.sa_flags", false) \
    /* Since Linux commit e32cf5dfbe22 (in v5.17); older: set_child_tid */ \
    X(task_kthread, "task_struct", "worker_private|set_child_tid", false) \
    X(task_io_uring, "task_struct", "io_uring", false) \
    X(kthread_data, "kthread", "data", false) \
    X(kthread_full_name, "kthread", "full_name", false) \
    X(worker_desc, "worker", "desc", false) \
    X(worker_current_work, "worker", "current_work", false) \
    X(worker_pool, "worker", "pool", false) \
    X(worker_rescue_wq, "worker", "rescue_wq", false) \
    X(wq_name, "workqueue_struct", "name", false) \
    X(signal_pids, "signal_struct", "pids", false) \
    X(pid_level, "pid", "level", false) \
    X(pid_numbers, "pid", "numbers", false) \
    X(upid_nr, "upid", "nr", false) \
    X(upid_ns, "upid", "ns", false) \
    X(cred_uid, "cred", "uid", true) \
    X(cred_gid, "cred", "gid", true) \
    X(cred_suid, "cred", "suid", true) \
    X(cred_sgid, "cred", "sgid", true) \
    X(cred_euid, "cred", "euid", true) \
    X(cred_egid, "cred", "egid", true) \
    X(cred_fsuid, "cred", "fsuid", true) \
    X(cred_fsgid, "cred", "fsgid", true) \
    X(cred_inheritable, "cred", "cap_inheritable", false) \
    X(cred_permitted, "cred", "cap_permitted", false) \
    X(cred_effective, "cred", "cap_effective", false) \
    X(cred_bset, "cred", "cap_bset", false) \
    X(cred_ambient, "cred", "cap_ambient", false) \
    X(cred_user_ns, "cred", "user_ns", false) \
    X(mm_pgd, "mm_struct", "pgd", true) \
    X(mm_exe_file, "mm_struct", "exe_file", false) \
    X(mm_arg_start, "mm_struct", "arg_start", false) \
    X(mm_arg_end, "mm_struct", "arg_end", false) \
    X(mm_env_start, "mm_struct", "env_start", false) \
    X(mm_env_end, "mm_struct", "env_end", false) \
    X(fs_root, "fs_struct", "root", false) \
    X(fs_pwd, "fs_struct", "pwd", false) \
    X(path_mnt, "path", "mnt", false) \
    X(path_dentry, "path", "dentry", false) \
    X(files_fdt, "files_struct", "fdt", false) \
    X(fdt_max_fds, "fdtable", "max_fds", false) \
    X(fdt_fd, "fdtable", "fd", false) \
    X(file_path, "file", "f_path", false) \
    X(file_private, "file", "private_data", false) \
    X(dentry_parent, "dentry", "d_parent", false) \
    X(dentry_name, "dentry", "d_name.name", false) \
    X(dentry_name_len, "dentry", "d_name.len", false) \
    X(dentry_inode, "dentry", "d_inode", false) \
    X(dentry_op, "dentry", "d_op", false) \
    X(dentry_sb, "dentry", "d_sb", false) \
    X(dentry_hash, "dentry", "d_hash.pprev", false) \
    X(dop_dname, "dentry_operations", "d_dname", false) \
    X(vfsmount_root, "vfsmount", "mnt_root", false) \
    X(mount_mnt, "mount", "mnt", false) \
    X(mount_parent, "mount", "mnt_parent", false) \
    X(mount_mountpoint, "mount", "mnt_mountpoint", false) \
    X(sb_type, "super_block", "s_type", false) \
    X(fstype_name, "file_system_type", "name", false) \
    X(inode_ino, "inode", "i_ino", false) \
    X(inode_mode, "inode", "i_mode", false) \
    X(inode_rdev, "inode", "i_rdev", false) \
    X(inode_private, "inode", "i_private", false) \
    X(ns_ops, "ns_common", "ops", false) \
    X(css_set_dfl, "css_set", "dfl_cgrp", false) \
    X(css_set_subsys, "css_set", "subsys", false) \
    X(css_cgroup, "cgroup_subsys_state", "cgroup", false) \
    X(cgroup_kn, "cgroup", "kn", false) \
    X(kn_name, "kernfs_node", "name", false) \
    /* Since Linux commit 633488947ef6 (in v6.15); older: parent */ \
    X(kn_parent, "kernfs_node", "__parent|parent", false) \
    X(kn_id, "kernfs_node", "id", false) \
    X(nsproxy_uts, "nsproxy", "uts_ns", false) \
    X(nsproxy_ipc, "nsproxy", "ipc_ns", false) \
    X(nsproxy_mnt, "nsproxy", "mnt_ns", false) \
    X(nsproxy_net, "nsproxy", "net_ns", false) \
    X(nsproxy_time, "nsproxy", "time_ns", false) \
    X(nsproxy_cgroup, "nsproxy", "cgroup_ns", false) \
    X(uts_inum, "uts_namespace", "ns.inum", false) \
    X(ipc_inum, "ipc_namespace", "ns.inum", false) \
    X(mnt_inum, "mnt_namespace", "ns.inum", false) \
    X(net_inum, "net", "ns.inum", false) \
    X(time_inum, "time_namespace", "ns.inum", false) \
    X(cgroup_inum, "cgroup_namespace", "ns.inum", false) \
    X(pid_inum, "pid_namespace", "ns.inum", false) \
    X(user_inum, "user_namespace", "ns.inum", false) \
    X(nsops_name, "proc_ns_operations", "name", false) \
    X(socket_sk, "socket", "sk", false) \
    X(socket_type, "socket", "type", false) \
    X(sk_family, "sock", "__sk_common.skc_family", false) \
    X(sk_state, "sock", "__sk_common.skc_state", false) \
    X(sk_daddr, "sock", "__sk_common.skc_daddr", false) \
    X(sk_rcv_saddr, "sock", "__sk_common.skc_rcv_saddr", false) \
    X(sk_dport, "sock", "__sk_common.skc_dport", false) \
    X(sk_num, "sock", "__sk_common.skc_num", false) \
    X(sk_v6_daddr, "sock", "__sk_common.skc_v6_daddr", false) \
    X(sk_v6_rcv_saddr, "sock", "__sk_common.skc_v6_rcv_saddr", false) \
    X(sk_protocol, "sock", "sk_protocol", false) \
    X(sk_type, "sock", "sk_type", false) \
    X(sk_socket, "sock", "sk_socket", false) \
    X(unix_addr, "unix_sock", "addr", false) \
    X(unix_peer, "unix_sock", "peer", false) \
    X(unix_addr_len, "unix_address", "len", false) \
    X(unix_addr_name, "unix_address", "name", false) \
    X(netlink_portid, "netlink_sock", "portid", false) \
    X(socket_alloc_socket, "socket_alloc", "socket", false) \
    X(socket_alloc_inode, "socket_alloc", "vfs_inode", false) \
    /* Since Linux commit e7a6c00dc77a (in v5.18) */ \
    X(uring_task_rings, "io_uring_task", "registered_rings", false) \
    X(ring_flags, "io_ring_ctx", "flags", false) \
    X(ring_entries, "io_ring_ctx", "sq_entries", false) \
    X(ring_head, "io_ring_ctx", "cached_sq_head", false) \
    X(ring_array, "io_ring_ctx", "sq_array", false) \
    X(ring_sqes, "io_ring_ctx", "sq_sqes", false) \
    X(ring_rings, "io_ring_ctx", "rings", false) \
    X(rings_tail, "io_rings", "sq.tail", false) \
    X(meta_name, "syscall_metadata", "name", false) \
    X(meta_nr, "syscall_metadata", "syscall_nr", false) \
    X(meta_nb_args, "syscall_metadata", "nb_args", false) \
    X(meta_types, "syscall_metadata", "types", false) \
    X(meta_args, "syscall_metadata", "args", false) \
    X(meta_enter, "syscall_metadata", "enter_event", false) \
    X(meta_exit, "syscall_metadata", "exit_event", false)

typedef enum GuestFieldId {
#define X(id, structure, member, needed) F_ ## id,
    GUEST_FIELDS(X)
#undef X
    GUEST_FIELD_COUNT
} GuestFieldId;

typedef struct GuestField {
    uint32_t offset;        /* bytes from the start of the structure */
    uint32_t size;          /* bytes; 0: the kernel does not have it */
    uint8_t bit_shift;      /* of a bit field, within its bytes */
    uint8_t bit_size;       /* 0: not a bit field */
} GuestField;

/* --- Per-CPU variables --------------------------------------------------- */

#define GUEST_PERCPUS(X) \
    X(current_task) \
    /* From 6.2 to 6.14 */ \
    X(pcpu_hot) \
    X(cpu_current_top_of_stack) \
    X(cpu_tss_rw) \
    X(this_cpu_off)

typedef enum GuestPercpuId {
#define X(name) P_ ## name,
    GUEST_PERCPUS(X)
#undef X
    GUEST_PERCPU_COUNT
} GuestPercpuId;

/* Offsets in the section of per-CPU variables. */
typedef struct GuestPercpu {
    bool known;
    uint32_t offset;
} GuestPercpu;

typedef struct GuestTypes {
    struct btf *btf;
    GuestField field[GUEST_FIELD_COUNT];
    GuestPercpu percpu[GUEST_PERCPU_COUNT];
    /* In pcpu_hot; in struct tss_struct */
    GuestField hot_current, hot_top, tss_sp1, tss_sp2;
    uint32_t sizeof_upid;
    uint32_t sizeof_unix_sock;
    uint32_t sizeof_action;     /* struct k_sigaction */
} GuestTypes;

/*
 * Check a guest's BTF, @len bytes at @blob (aligned to 4) with whatever comes
 * after it, and find what is needed in it.  @blob stays the caller's, who can
 * free it afterwards; it is put into the form that libbpf knows.  False with a
 * sentence in *@why (static) when it is not sound or something needed is
 * missing.  Any thread.
 */
bool guest_types_load(GuestTypes *t, uint8_t *blob, size_t len,
                      const char **why);
void guest_types_free(GuestTypes *t);

/*
 * How long is the BTF that begins at @header, of which 64 bytes are there?
 * Including its header; 0: it is none.
 */
size_t guest_btf_length(const uint8_t *header);

/*
 * The member @path ("a.b", with alternatives) of @structure.  False when it
 * is not there.
 */
bool guest_types_member(const struct btf *btf, const char *structure,
                        const char *path, GuestField *field);

#endif /* FRAIL_GUEST_TYPES_H */
