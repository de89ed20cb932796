/*
 * Words of several fields, signals, errors: what a table alone cannot print.
 *
 * As decode/names/xlat.h: text as strace 6.1 writes it; nothing allocates or
 * fails; any thread.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_XLAT_PRINT_H
#define FRAIL_XLAT_PRINT_H

#include "decode/names/xlat.h"

/* --- Files (xlat-files.c) ------------------------------------------------ */

/* O_RDWR|O_CREAT; also of fcntl(F_SETFL) and fanotify_init(2). */
void write_open_flags(FrailText *t, uint32_t flags);
/* S_IFREG|0644; st_mode, mknod(2).  A plain mode is text_mode(). */
void write_mode(FrailText *t, uint32_t mode);
/* makedev(0x1, 0x3), of the kernel's 32 or 64 bits. */
void write_dev(FrailText *t, uint64_t dev);
/* AT_STATX_SYNC_AS_STAT|AT_EMPTY_PATH */
void write_statx_flags(FrailText *t, uint32_t flags);
/* MS_MGC_VAL|MS_RDONLY */
void write_mount_flags(FrailText *t, uint64_t flags);
/* FAN_CLASS_NOTIF|FAN_CLOEXEC */
void write_fanotify_init_flags(FrailText *t, uint32_t flags);
/* SWAP_FLAG_PREFER|5 */
void write_swap_flags(FrailText *t, uint32_t flags);
/* QCMD(Q_GETQUOTA, USRQUOTA) */
void write_quota_cmd(FrailText *t, uint32_t cmd);
/* The command within it, for xlat_quota_cmds. */
static inline uint32_t quota_cmd(uint32_t cmd)
{
    return cmd >> 8;
}

/* --- Memory and IPC (xlat-memory.c) -------------------------------------- */

/* MAP_PRIVATE|MAP_HUGETLB|21<<MAP_HUGE_SHIFT */
void write_mmap_flags(FrailText *t, uint64_t flags);
void write_memfd_flags(FrailText *t, uint32_t flags);
/* MPOL_BIND|MPOL_F_STATIC_NODES */
void write_mempolicy_mode(FrailText *t, uint32_t mode);
/* IPC_PRIVATE, 0x1234 */
void write_ipc_key(FrailText *t, uint32_t key);
/* IPC_CREAT|0600; of semget(2) and msgget(2), of shmget(2). */
void write_ipc_flags(FrailText *t, uint32_t flags);
void write_shmget_flags(FrailText *t, uint32_t flags);
/* IPC_64|IPC_STAT; @x: xlat_shmctl_cmds, xlat_semctl_cmds, xlat_msgctl_cmds */
void write_ipc_cmd(FrailText *t, const Xlat *x, uint32_t cmd);

/* --- Processes (xlat-process.c) ------------------------------------------ */

/* CLONE_VM|SIGCHLD; of clone(2).  clone3(2) has no signal among its flags. */
void write_clone_flags(FrailText *t, uint64_t flags);
/* FUTEX_WAIT_PRIVATE, FUTEX_WAIT_BITSET|FUTEX_CLOCK_REALTIME */
void write_futex_op(FrailText *t, uint32_t op);
/* FUTEX_OP_SET<<28|0x1<<12|FUTEX_OP_CMP_GT<<24|0xa; FUTEX_WAKE_OP's val3 */
void write_futex_wake_op(FrailText *t, uint32_t val3);
/* PER_LINUX|ADDR_NO_RANDOMIZE; 0xffffffff asks, and prints as a number. */
void write_personality(FrailText *t, uint32_t personality);
/* CLOCK_MONOTONIC */
void write_clockid(FrailText *t, int32_t clock);
/* IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, 4) */
void write_ioprio(FrailText *t, uint32_t ioprio);
/* KEXEC_ARCH_X86_64|KEXEC_ON_CRASH */
void write_kexec_flags(FrailText *t, uint32_t flags);
/* KEY_SPEC_THREAD_KEYRING, 123 */
void write_key_serial(FrailText *t, int32_t serial);
/* CAP_SYS_ADMIN, by number. */
void write_cap(FrailText *t, uint32_t cap);
/* 1<<CAP_CHOWN|1<<CAP_KILL: a set of capabilities. */
void write_capset(FrailText *t, uint64_t set);

/* --- Signals and errors (xlat-signal.c, xlat-errno.c) -------------------- */

/* SIGINT, SIGRT_1; another number as such. */
void write_signal(FrailText *t, int32_t signal);
/*
 * [INT TERM], ~[RTMIN RT_1], []: @size bytes, at most 16, of a set as the
 * kernel has it: little-endian, signal 1 first.
 */
void write_sigset(FrailText *t, const void *set, size_t size);
/* SI_USER, SEGV_MAPERR: si_code, which means something with its signal. */
void write_si_code(FrailText *t, int32_t signal, int32_t code);
/*
 * ENOENT (No such file or directory); @err is positive.  0x... and no more
 * when there is no such error.
 */
void print_errno(FrailText *t, int32_t err);
/* "No such file or directory", or NULL. */
const char *frail_errno_text(int32_t err);

/* --- Sockets (xlat-socket.c) --------------------------------------------- */

/* SOCK_STREAM|SOCK_CLOEXEC */
void write_socket_type(FrailText *t, uint32_t type);
/* IPPROTO_TCP, NETLINK_ROUTE, htons(ETH_P_ALL) */
void write_socket_protocol(FrailText *t, uint32_t domain, uint32_t protocol);
/* SOL_SOCKET */
void write_sockopt_level(FrailText *t, uint32_t level);
/* SO_REUSEADDR; @set: of setsockopt(2), else of getsockopt(2). */
void write_sockopt_name(FrailText *t, uint32_t level, uint32_t name,
                        bool set);

/* --- Requests of ioctl(2) (xlat-ioctl.c) --------------------------------- */

/*
 * TCGETS; several names of one number with "or" between them; without a name
 * _IOC(_IOC_READ, 0x54, 0x1, 0x4).  Returns whether there is a name.
 */
extern const Xlat xlat_ioctl_requests;

bool print_ioctl_request(FrailText *t, uint32_t request);

#endif /* FRAIL_XLAT_PRINT_H */
