/*
 * The kinds of arguments that calls.in names; gen-calls.py reads this list.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_KINDS_H
#define FRAIL_KINDS_H

#include "decode/args.h"

/* --- kinds.c: numbers, names, buffers ------------------------------------ */

ArgFn arg_raw;              /* no type is known */
ArgFn arg_unused;
ArgFn arg_int;
ArgFn arg_uint;
ArgFn arg_long;
ArgFn arg_ulong;
ArgFn arg_hex;
ArgFn arg_hex32;
ArgFn arg_addr;
ArgFn arg_off;              /* of 64 bits in every ABI */
ArgFn arg_off_lh;           /* low word, high word */
ArgFn arg_off_high;         /* high word, low word */
ArgFn arg_fd;
ArgFn arg_dirfd;
ArgFn arg_path;
ArgFn arg_str;
ArgFn arg_inbuf;            /* (length) */
ArgFn arg_hostname;
ArgFn arg_outbuf;           /* (length), as many as are returned */
ArgFn arg_outbuf_hex;
ArgFn arg_outbuf_str;
ArgFn arg_outlist;
ArgFn arg_xattr_value_in;   /* (length); a zero at the end is not shown */
ArgFn arg_xattr_value_out;
ArgFn arg_outpath;
ArgFn arg_flags;            /* (table) */
ArgFn arg_flags_long;
ArgFn arg_flags64;
ArgFn arg_enum;
ArgFn arg_in;               /* (structure) */
ArgFn arg_out;
ArgFn arg_out_any;          /* the same, of a call that failed too */
ArgFn arg_inout;
ArgFn arg_both;             /* (structure): at entry, and more at return */
ArgFn arg_in_of;            /* (structure, argument) */
ArgFn arg_out_of;
ArgFn arg_out_n;            /* (structure), as many as are returned */
ArgFn arg_pid;
ArgFn arg_uid;              /* and gid */
ArgFn arg_uid16;
ArgFn arg_uid_out;
ArgFn arg_uid16_out;
ArgFn arg_groups_in;        /* (how many) */
ArgFn arg_groups_out;
ArgFn arg_groups16_in;
ArgFn arg_groups16_out;
ArgFn arg_int_out;          /* [5] */
ArgFn arg_uint_out;
ArgFn arg_ulong_out;
ArgFn arg_addr_out;
ArgFn arg_s64_out;
ArgFn arg_s64_in;
ArgFn arg_s64_inout;
ArgFn arg_long_inout;
ArgFn arg_uint_inout;
ArgFn arg_uint_changed;     /* the same, shown at return: [8 => 4] */

/* --- kinds-file.c -------------------------------------------------------- */

ArgFn arg_open_flags;
ArgFn arg_open_mode;        /* (flags) */
ArgFn arg_mode;
ArgFn arg_mode_type;
ArgFn arg_mknod_dev;        /* (mode) */
ArgFn arg_umask;
ArgFn arg_dev;
ArgFn arg_fan_dirfd;
ArgFn arg_dents;
ArgFn arg_dents64;
ArgFn arg_mount_flags;
ArgFn arg_swap_flags;
ArgFn arg_fanotify_init_flags;
ArgFn arg_mount_type;
ArgFn arg_mount_data;
ArgFn arg_fcntl;            /* (command) */
ArgFn arg_open_how;         /* (size) */
ArgFn arg_statx_flags;

void print_open_flags(Printer *p, uint64_t flags);
void print_mode(Printer *p, unsigned mode);

/* --- kinds-mem.c --------------------------------------------------------- */

ArgFn arg_mmap_flags;
ArgFn arg_pgoff;
ArgFn arg_mremap_addr;      /* (flags) */
ArgFn arg_memfd_name;
ArgFn arg_memfd_flags;
ArgFn arg_futex_op;
ArgFn arg_futex_val;        /* (operation) */
ArgFn arg_futex_timeout;
ArgFn arg_futex_timeout64;
ArgFn arg_futex_addr2;
ArgFn arg_futex_val3;
ArgFn arg_futex_pair;
ArgFn arg_mempolicy;

/* --- kinds-signal.c ------------------------------------------------------ */

ArgFn arg_signal;
ArgFn arg_sighandler;
ArgFn arg_sigreturn;
ArgFn arg_old_sigmask;

void print_signal(Printer *p, int signal);
void print_sighandler(Printer *p, uint64_t handler);

/* --- kinds-process.c ----------------------------------------------------- */

ArgFn arg_clone_args;       /* (size) */
ArgFn arg_clone_flags;
ArgFn arg_clone_ptid;
ArgFn arg_clone_tls;
ArgFn arg_clone_ctid;
ArgFn arg_argv;
ArgFn arg_envp;
ArgFn arg_wait_status;
ArgFn arg_wait_rusage;
ArgFn arg_waitid_id;        /* (which) */
ArgFn arg_arch_prctl;       /* (option) */
ArgFn arg_personality;
ArgFn arg_ioprio;

void print_personality(Printer *p, unsigned value);
void print_ioprio(Printer *p, unsigned value);

/* --- kinds-prctl.c ------------------------------------------------------- */

ArgFn arg_prctl2;           /* (option) */
ArgFn arg_prctl3;
ArgFn arg_prctl4;
ArgFn arg_prctl5;

/* --- kinds-ipc.c --------------------------------------------------------- */

ArgFn arg_ipc_key;
ArgFn arg_ipc_get_flags;
ArgFn arg_shmget_flags;
ArgFn arg_semctl_cmd;
ArgFn arg_shmctl_cmd;
ArgFn arg_msgctl_cmd;
ArgFn arg_semctl;           /* (command) */
ArgFn arg_shmctl;
ArgFn arg_msgctl;
ArgFn arg_msgbuf_in;        /* (length) */
ArgFn arg_msgbuf_out;
ArgFn arg_mq_attr;          /* (flags) */

/* --- kinds-key.c --------------------------------------------------------- */

ArgFn arg_keyring;
ArgFn arg_keyctl2;          /* (operation) */
ArgFn arg_keyctl3;
ArgFn arg_keyctl4;
ArgFn arg_keyctl5;

/* --- kinds-net.c --------------------------------------------------------- */

ArgFn arg_socket_type;
ArgFn arg_socket_protocol;  /* (family) */
ArgFn arg_sock_level;
ArgFn arg_sockopt_name;     /* (level) */
ArgFn arg_sockopt_in;       /* (length) */
ArgFn arg_sockopt_out;      /* (pointer to it) */
ArgFn arg_sockopt_len;
ArgFn arg_sockaddr_in;      /* (length) */
ArgFn arg_sockaddr_out;     /* (pointer to its length) */
ArgFn arg_addrlen;          /* (address) */
ArgFn arg_sock_inbuf;       /* (length) */
ArgFn arg_sock_outbuf;
ArgFn arg_iovec_in;         /* (how many) */
ArgFn arg_iovec_out;
ArgFn arg_iovec_addr;
ArgFn arg_msghdr_in;
ArgFn arg_msghdr_out;
ArgFn arg_mmsghdr_in;       /* (how many) */
ArgFn arg_mmsghdr_out;

/* --- kinds-poll.c -------------------------------------------------------- */

ArgFn arg_pollfds;          /* (how many) */
ArgFn arg_fd_set;           /* (highest descriptor + 1) */
ArgFn arg_epoll_ctl_event;  /* (operation) */

/* --- kinds-ioctl.c ------------------------------------------------------- */

ArgFn arg_ioctl_cmd;
ArgFn arg_ioctl;            /* (command) */

/* --- kinds-system.c ------------------------------------------------------ */

ArgFn arg_btf;              /* what the guest's own table says it is */
ArgFn arg_btf_out;
ArgFn arg_syslog_type;
ArgFn arg_syslog_buf;       /* (type) */
ArgFn arg_syslog_len;
ArgFn arg_kexec_flags;
ArgFn arg_reboot_arg;       /* (command) */
ArgFn arg_quotactl_cmd;
ArgFn arg_quotactl;         /* (command) */
ArgFn arg_restart;
ArgFn arg_ptrace_pid;       /* (request) */
ArgFn arg_ptrace_addr;
ArgFn arg_ptrace_data;
ArgFn arg_kcmp_idx;         /* (type) */
ArgFn arg_kcmp_idx2;
ArgFn arg_seccomp_flags;    /* (operation) */
ArgFn arg_seccomp_arg;
ArgFn arg_bpf_attr;         /* (command) */
ArgFn arg_uring_register;   /* (opcode) */
ArgFn arg_uring_submit;     /* (flags) */
ArgFn arg_uring_enter_arg;  /* (flags) */
ArgFn arg_landlock_attr;    /* (size) */
ArgFn arg_landlock_rule;    /* (type) */
ArgFn arg_fsconfig_key;     /* (command) */
ArgFn arg_fsconfig_value;
ArgFn arg_fsconfig_aux;

#endif /* FRAIL_KINDS_H */
