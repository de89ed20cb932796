/*
 * Calls whose structures are printed: by us, and by strace.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "structs-cases.h"

#define X64     CALL_ABI_X86_64
#define X32     CALL_ABI_X32
#define I386    CALL_ABI_I386

/* The same call in the three ABIs, in two of them. */
#define ALL(...) \
    { X64, __VA_ARGS__ }, { X32, __VA_ARGS__ }, { I386, __VA_ARGS__ }
#define BOTH64(...) \
    { X64, __VA_ARGS__ }, { X32, __VA_ARGS__ }

#include "decode/print/aio.h"
#include "decode/print/file.h"
#include "decode/print/ioctl.h"
#include "decode/print/kexec.h"
#include "decode/print/poll.h"
#include "decode/print/proc.h"
#include "decode/print/quota.h"
#include "decode/print/sched.h"
#include "decode/print/signal.h"
#include "decode/print/stat.h"
#include "decode/print/thread.h"
#include "decode/print/time.h"

static void do_statfs64(Printer *p, const uint64_t *a)
{
    print_statfs64(p, a[2], a[1]);
}

static void do_time_result(Printer *p, const uint64_t *a G_GNUC_UNUSED)
{
    print_time_result(p, p->result);
}

/* With TIMER_ABSTIME nothing is left. */
static void do_clock_left(Printer *p, const uint64_t *a)
{
    if (a[1]) {
        print_addr(p, a[3]);
    } else {
        print_timespec_left(p, a[3]);
    }
}

static void do_wait_status(Printer *p, const uint64_t *a)
{
    if (p->result > 0) {
        print_wait_status(p, a[1]);
    } else {
        print_addr(p, a[1]);
    }
}

static void do_wait_rusage(Printer *p, const uint64_t *a)
{
    if (p->result > 0) {
        print_rusage(p, a[3]);
    } else {
        print_addr(p, a[3]);
    }
}

static void do_sched_attr(Printer *p, const uint64_t *a)
{
    if (p->at_return) {
        print_sched_attr_size(p, a[1]);
    } else {
        print_sched_attr(p, a[1]);
    }
}

static void do_sched_attr_of(Printer *p, const uint64_t *a)
{
    print_sched_attr_of(p, a[1], a[2]);
}

static void do_cpu_mask(Printer *p, const uint64_t *a)
{
    print_cpu_mask(p, a[2], a[1]);
}

static void do_cpu_mask_out(Printer *p, const uint64_t *a)
{
    print_cpu_mask(p, a[2], p->result);
}

static void do_cap_data(Printer *p, const uint64_t *a)
{
    print_cap_data(p, a[1], a[0]);
}

static void do_getgroups(Printer *p, const uint64_t *a)
{
    print_id_list(p, a[1], p->result, print_id_size(p, false));
}

static void do_setgroups(Printer *p, const uint64_t *a)
{
    print_id_list(p, a[1], (uint32_t)a[0], print_id_size(p, false));
}

static void do_setgroups32(Printer *p, const uint64_t *a)
{
    print_id_list(p, a[1], (uint32_t)a[0], print_id_size(p, true));
}

static void do_id0(Printer *p, const uint64_t *a)
{
    print_id_pointer(p, a[0], print_id_size(p, false));
}

static void do_id1(Printer *p, const uint64_t *a)
{
    print_id_pointer(p, a[1], print_id_size(p, false));
}

static void do_id2(Printer *p, const uint64_t *a)
{
    print_id_pointer(p, a[2], print_id_size(p, false));
}

static void do_mincore(Printer *p, const uint64_t *a)
{
    print_mincore(p, a[2], a[1]);
}

static void do_node_mask(Printer *p, const uint64_t *a)
{
    print_node_mask(p, a[1], a[2]);
}

static void do_node_mask_out(Printer *p, const uint64_t *a)
{
    print_node_mask(p, a[1], a[2]);
}

static void do_node_mask3(Printer *p, const uint64_t *a)
{
    print_node_mask(p, a[3], a[4]);
}

static void do_migrate2(Printer *p, const uint64_t *a)
{
    print_node_mask(p, a[2], a[1]);
}

static void do_migrate3(Printer *p, const uint64_t *a)
{
    print_node_mask(p, a[3], a[1]);
}

static void do_move2(Printer *p, const uint64_t *a)
{
    print_move_pages(p, a[2], a[1]);
}

static void do_move3(Printer *p, const uint64_t *a)
{
    print_move_nodes(p, a[3], a[1]);
}

static void do_move4(Printer *p, const uint64_t *a)
{
    print_move_status(p, a[4], a[1]);
}

static void do_user_desc_result(Printer *p, const uint64_t *a)
{
    print_user_desc_result(p, a[0]);
}

static void do_clone3(Printer *p, const uint64_t *a)
{
    if (p->at_return) {
        print_clone_args_result(p, a[0], a[1]);
    } else {
        print_clone_args(p, a[0], a[1]);
    }
}

static void do_sigset0(Printer *p, const uint64_t *a)
{
    print_sigset(p, a[0], a[1]);
}

static void do_sigset0of3(Printer *p, const uint64_t *a)
{
    print_sigset(p, a[0], a[3]);
}

static void do_sigset1(Printer *p, const uint64_t *a)
{
    print_sigset(p, a[1], a[3]);
}

static void do_sigset2(Printer *p, const uint64_t *a)
{
    print_sigset(p, a[2], a[3]);
}

static void do_sigset1of2(Printer *p, const uint64_t *a)
{
    print_sigset(p, a[1], a[2]);
}

static void do_sigaction1(Printer *p, const uint64_t *a)
{
    if (a[3] == 8) {
        print_sigaction(p, a[1]);
    } else {
        print_addr(p, a[1]);
    }
}

static void do_sigaction2(Printer *p, const uint64_t *a)
{
    print_sigaction(p, a[2]);
}

static void do_ioctl(Printer *p, const uint64_t *a)
{
    switch (ioctl_arg_when(a[1])) {
    case IOCTL_IN:
        if (!p->at_return) {
            print_ioctl_arg(p, a[1], a[2]);
        }
        break;
    case IOCTL_OUT:
        if (p->at_return) {
            print_ioctl_arg(p, a[1], a[2]);
        }
        break;
    case IOCTL_INOUT:
        print_ioctl_arg(p, a[1], a[2]);
        break;
    case IOCTL_NO_ARG:
        break;
    case IOCTL_UNKNOWN:
        if (!p->at_return) {
            print_addr(p, a[2]);
        }
        break;
    }
}

static void do_pollfds(Printer *p, const uint64_t *a)
{
    print_pollfds(p, a[0], a[1]);
}

static void do_poll_result(Printer *p, const uint64_t *a)
{
    print_poll_result(p, a[0], a[1], 0, WAIT_NO_TIME);
}

static void do_ppoll_result(Printer *p, const uint64_t *a)
{
    print_poll_result(p, a[0], a[1], a[2], WAIT_TIMESPEC);
}

static void do_ppoll64_result(Printer *p, const uint64_t *a)
{
    print_poll_result(p, a[0], a[1], a[2], WAIT_TIMESPEC64);
}

static void do_fd_set1(Printer *p, const uint64_t *a)
{
    print_fd_set(p, a[1], a[0]);
}

static void do_fd_set2(Printer *p, const uint64_t *a)
{
    print_fd_set(p, a[2], a[0]);
}

static void do_fd_set3(Printer *p, const uint64_t *a)
{
    print_fd_set(p, a[3], a[0]);
}

static void do_select_result(Printer *p, const uint64_t *a)
{
    print_select_result(p, a[0], a + 1, a[4], WAIT_TIMEVAL);
}

static void do_pselect_result(Printer *p, const uint64_t *a)
{
    print_select_result(p, a[0], a + 1, a[4], WAIT_TIMESPEC);
}

static void do_pselect64_result(Printer *p, const uint64_t *a)
{
    print_select_result(p, a[0], a + 1, a[4], WAIT_TIMESPEC64);
}

static void do_epoll_ctl(Printer *p, const uint64_t *a)
{
    if (a[1] == 2) {
        print_addr(p, a[3]);
    } else {
        print_epoll_event(p, a[3]);
    }
}

static void do_epoll_wait(Printer *p, const uint64_t *a)
{
    print_epoll_events(p, a[1], p->result);
}

static void do_sigset3of4(Printer *p, const uint64_t *a)
{
    print_sigset(p, a[3], a[4]);
}

static void do_sigset4of5(Printer *p, const uint64_t *a)
{
    print_sigset(p, a[4], a[5]);
}

static void do_mount_attr(Printer *p, const uint64_t *a)
{
    print_mount_attr(p, a[3], a[4]);
}

static void do_iocbs(Printer *p, const uint64_t *a)
{
    print_iocbs(p, a[2], a[1]);
}

static void do_io_events(Printer *p, const uint64_t *a)
{
    print_io_events(p, a[3], p->result);
}

static void do_waitv(Printer *p, const uint64_t *a)
{
    print_futex_waiters(p, a[0], a[1]);
}

static void do_kexec(Printer *p, const uint64_t *a)
{
    print_kexec_segments(p, a[2], a[1]);
}

static const struct {
    uint32_t cmd;
    bool out;
    void (*print)(Printer *p, uint64_t addr);
} quota_printers[] = {
    { 0x800005, true, print_dqinfo },
    { 0x800006, false, print_dqinfo },
    { 0x800007, true, print_dqblk },
    { 0x800008, false, print_dqblk },
    { 0x800009, true, print_nextdqblk },
    { 0x5803, true, print_xfs_dqblk },
    { 0x5804, false, print_xfs_dqblk },
    { 0x5805, true, print_xfs_dqstat },
    { 0x5808, true, print_xfs_dqstatv },
};

static void do_quotactl(Printer *p, const uint64_t *a)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(quota_printers); i++) {
        if (quota_printers[i].cmd == (uint32_t)a[0] >> 8 &&
            quota_printers[i].out == p->at_return) {
            quota_printers[i].print(p, a[3]);
        }
    }
}

const StructsPrinter structs_printers[] = {
    { "stat", 1, 'o', print_stat, NULL },
    { "fstat", 1, 'o', print_stat, NULL },
    { "lstat", 1, 'o', print_stat, NULL },
    { "newfstatat", 2, 'o', print_stat, NULL },
    { "stat64", 1, 'o', print_stat64, NULL },
    { "fstat64", 1, 'o', print_stat64, NULL },
    { "fstatat64", 2, 'o', print_stat64, NULL },
    { "oldstat", 1, 'o', print_oldstat, NULL },
    { "statx", 4, 'o', print_statx, NULL },
    { "statfs", 1, 'o', print_statfs, NULL },
    { "fstatfs", 1, 'o', print_statfs, NULL },
    { "statfs64", 2, 'o', NULL, do_statfs64 },
    { "fstatfs64", 2, 'o', NULL, do_statfs64 },
    { "nanosleep", 0, 'i', print_timespec, NULL },
    { "nanosleep", 1, 'o', print_timespec_left, NULL },
    { "clock_nanosleep", 2, 'i', print_timespec, NULL },
    { "clock_nanosleep", 3, 'o', NULL, do_clock_left },
    { "clock_nanosleep_time64", 2, 'i', print_timespec64, NULL },
    { "clock_nanosleep_time64", 3, 'o', print_timespec64_left, NULL },
    { "clock_gettime", 1, 'o', print_timespec, NULL },
    { "clock_gettime64", 1, 'o', print_timespec64, NULL },
    { "gettimeofday", 0, 'o', print_timeval, NULL },
    { "gettimeofday", 1, 'o', print_timezone, NULL },
    { "settimeofday", 0, 'i', print_timeval, NULL },
    { "settimeofday", 1, 'i', print_timezone, NULL },
    { "time", 0, 'o', print_time_pointer, NULL },
    { "time", -1, 'o', NULL, do_time_result },
    { "stime", 0, 'i', print_time_pointer, NULL },
    { "utime", 1, 'i', print_utimbuf, NULL },
    { "utimes", 1, 'i', print_timeval_pair, NULL },
    { "futimesat", 2, 'i', print_timeval_pair, NULL },
    { "utimensat", 2, 'i', print_timespec_pair, NULL },
    { "utimensat_time64", 2, 'i', print_timespec64_pair, NULL },
    { "getitimer", 1, 'o', print_itimerval, NULL },
    { "setitimer", 1, 'i', print_itimerval, NULL },
    { "setitimer", 2, 'o', print_itimerval, NULL },
    { "timer_settime", 2, 'i', print_itimerspec, NULL },
    { "timer_settime", 3, 'o', print_itimerspec, NULL },
    { "timer_settime64", 2, 'i', print_itimerspec64, NULL },
    { "timer_settime64", 3, 'o', print_itimerspec64, NULL },
    { "timer_gettime", 1, 'o', print_itimerspec, NULL },
    { "timerfd_settime", 2, 'i', print_itimerspec, NULL },
    { "timerfd_settime", 3, 'o', print_itimerspec, NULL },
    { "timerfd_gettime", 1, 'o', print_itimerspec, NULL },
    { "timerfd_gettime64", 1, 'o', print_itimerspec64, NULL },
    { "adjtimex", 0, 'o', print_timex, NULL },
    { "clock_adjtime64", 1, 'o', print_timex64, NULL },
    { "times", 0, 'o', print_tms, NULL },
    { "sched_rr_get_interval", 1, 'o', print_timespec, NULL },
    { "getrlimit", 1, 'o', print_rlimit, NULL },
    { "ugetrlimit", 1, 'o', print_rlimit, NULL },
    { "setrlimit", 1, 'i', print_rlimit, NULL },
    { "prlimit64", 2, 'i', print_rlimit64, NULL },
    { "prlimit64", 3, 'o', print_rlimit64, NULL },
    { "getrusage", 1, 'o', print_rusage, NULL },
    { "wait4", 1, 'o', NULL, do_wait_status },
    { "waitpid", 1, 'o', NULL, do_wait_status },
    { "wait4", 3, 'o', NULL, do_wait_rusage },
    { "waitid", 2, 'o', print_siginfo, NULL },
    { "waitid", 4, 'o', print_rusage, NULL },
    { "uname", 0, 'o', print_utsname, NULL },
    { "sysinfo", 0, 'o', print_sysinfo, NULL },
    { "sched_setparam", 1, 'i', print_sched_param, NULL },
    { "sched_getparam", 1, 'o', print_sched_param, NULL },
    { "sched_setscheduler", 2, 'i', print_sched_param, NULL },
    { "sched_setattr", 1, 'b', NULL, do_sched_attr },
    { "sched_getattr", 1, 'o', NULL, do_sched_attr_of },
    { "sched_setaffinity", 2, 'i', NULL, do_cpu_mask },
    { "sched_getaffinity", 2, 'o', NULL, do_cpu_mask_out },
    { "capget", 0, 'i', print_cap_header, NULL },
    { "capset", 0, 'i', print_cap_header, NULL },
    { "capget", 1, 'o', NULL, do_cap_data },
    { "capset", 1, 'i', NULL, do_cap_data },
    { "getgroups", 1, 'o', NULL, do_getgroups },
    { "setgroups", 1, 'i', NULL, do_setgroups },
    { "setgroups32", 1, 'i', NULL, do_setgroups32 },
    { "getresuid", 0, 'o', NULL, do_id0 },
    { "getresuid", 1, 'o', NULL, do_id1 },
    { "getresuid", 2, 'o', NULL, do_id2 },
    { "getcpu", 0, 'o', print_uint_pointer, NULL },
    { "getcpu", 1, 'o', print_uint_pointer, NULL },
    { "pipe", 0, 'o', print_fd_pair, NULL },
    { "kcmp", 4, 'i', print_kcmp_slot, NULL },
    { "mincore", 2, 'o', NULL, do_mincore },
    { "get_mempolicy", 0, 'o', print_mempolicy_pointer, NULL },
    { "get_mempolicy", 1, 'o', NULL, do_node_mask_out },
    { "set_mempolicy", 1, 'i', NULL, do_node_mask },
    { "mbind", 3, 'i', NULL, do_node_mask3 },
    { "migrate_pages", 2, 'i', NULL, do_migrate2 },
    { "migrate_pages", 3, 'i', NULL, do_migrate3 },
    { "move_pages", 2, 'i', NULL, do_move2 },
    { "move_pages", 3, 'i', NULL, do_move3 },
    { "move_pages", 4, 'o', NULL, do_move4 },
    { "set_thread_area", 0, 'i', print_user_desc, NULL },
    { "set_thread_area", -1, 'o', NULL, do_user_desc_result },
    { "get_thread_area", 0, 'o', print_user_desc, NULL },
    { "modify_ldt", 1, 'i', print_user_desc, NULL },
    { "get_robust_list", 1, 'o', print_pointer_pointer, NULL },
    { "get_robust_list", 2, 'o', print_size_pointer, NULL },
    { "arch_prctl", 1, 'o', print_pointer_pointer, NULL },
    { "clone3", 0, 'b', NULL, do_clone3 },
    { "rt_sigprocmask", 1, 'i', NULL, do_sigset1 },
    { "rt_sigprocmask", 2, 'o', NULL, do_sigset2 },
    { "rt_sigpending", 0, 'o', NULL, do_sigset0 },
    { "rt_sigsuspend", 0, 'i', NULL, do_sigset0 },
    { "rt_sigaction", 1, 'i', NULL, do_sigaction1 },
    { "rt_sigaction", 2, 'o', NULL, do_sigaction2 },
    { "sigaction", 1, 'i', print_old_sigaction, NULL },
    { "sigaction", 2, 'o', print_old_sigaction, NULL },
    { "sigprocmask", 1, 'i', print_old_sigset, NULL },
    { "sigprocmask", 2, 'o', print_old_sigset, NULL },
    { "sigpending", 0, 'o', print_old_sigset, NULL },
    { "sigaltstack", 0, 'i', print_stack_t, NULL },
    { "sigaltstack", 1, 'o', print_stack_t, NULL },
    { "signalfd4", 1, 'i', NULL, do_sigset1of2 },
    { "rt_sigtimedwait", 0, 'i', NULL, do_sigset0of3 },
    { "rt_sigtimedwait", 1, 'o', print_siginfo, NULL },
    { "rt_sigtimedwait", 2, 'i', print_timespec, NULL },
    { "rt_sigtimedwait_time64", 1, 'o', print_siginfo, NULL },
    { "rt_sigtimedwait_time64", 2, 'i', print_timespec64, NULL },
    { "rt_sigqueueinfo", 2, 'i', print_siginfo, NULL },
    { "rt_tgsigqueueinfo", 3, 'i', print_siginfo, NULL },
    { "pidfd_send_signal", 2, 'i', print_siginfo, NULL },
    { "timer_create", 1, 'i', print_sigevent, NULL },
    { "timer_create", 2, 'o', print_int_pointer, NULL },
    { "mq_notify", 1, 'i', print_sigevent, NULL },
    { "ptrace", 3, 'o', print_siginfo, NULL },
    { "ioctl", 2, 'b', NULL, do_ioctl },
    { "poll", 0, 'i', NULL, do_pollfds },
    { "poll", -1, 'o', NULL, do_poll_result },
    { "ppoll", 0, 'i', NULL, do_pollfds },
    { "ppoll", 2, 'i', print_timespec, NULL },
    { "ppoll", 3, 'i', NULL, do_sigset3of4 },
    { "ppoll", -1, 'o', NULL, do_ppoll_result },
    { "ppoll_time64", 0, 'i', NULL, do_pollfds },
    { "ppoll_time64", 2, 'i', print_timespec64, NULL },
    { "ppoll_time64", 3, 'i', NULL, do_sigset3of4 },
    { "ppoll_time64", -1, 'o', NULL, do_ppoll64_result },
    { "select", 1, 'i', NULL, do_fd_set1 },
    { "select", 2, 'i', NULL, do_fd_set2 },
    { "select", 3, 'i', NULL, do_fd_set3 },
    { "select", 4, 'i', print_timeval, NULL },
    { "select", -1, 'o', NULL, do_select_result },
    { "_newselect", 1, 'i', NULL, do_fd_set1 },
    { "_newselect", 2, 'i', NULL, do_fd_set2 },
    { "_newselect", 3, 'i', NULL, do_fd_set3 },
    { "_newselect", 4, 'i', print_timeval, NULL },
    { "_newselect", -1, 'o', NULL, do_select_result },
    { "pselect6", 1, 'i', NULL, do_fd_set1 },
    { "pselect6", 2, 'i', NULL, do_fd_set2 },
    { "pselect6", 3, 'i', NULL, do_fd_set3 },
    { "pselect6", 4, 'i', print_timespec, NULL },
    { "pselect6", -1, 'o', NULL, do_pselect_result },
    { "pselect6", 5, 'i', print_pselect_sigset, NULL },
    { "pselect6_time64", 1, 'i', NULL, do_fd_set1 },
    { "pselect6_time64", 2, 'i', NULL, do_fd_set2 },
    { "pselect6_time64", 3, 'i', NULL, do_fd_set3 },
    { "pselect6_time64", 4, 'i', print_timespec64, NULL },
    { "pselect6_time64", -1, 'o', NULL, do_pselect64_result },
    { "pselect6_time64", 5, 'i', print_pselect_sigset, NULL },
    { "epoll_ctl", 3, 'i', NULL, do_epoll_ctl },
    { "epoll_wait", 1, 'o', NULL, do_epoll_wait },
    { "epoll_pwait", 1, 'o', NULL, do_epoll_wait },
    { "epoll_pwait2", 1, 'o', NULL, do_epoll_wait },
    { "epoll_pwait", 4, 'i', NULL, do_sigset4of5 },
    { "epoll_pwait2", 3, 'i', print_timespec64, NULL },
    { "name_to_handle_at", 2, 'b', print_file_handle_out, NULL },
    { "name_to_handle_at", 3, 'o', print_int_pointer, NULL },
    { "open_by_handle_at", 1, 'i', print_file_handle, NULL },
    { "mount_setattr", 3, 'i', NULL, do_mount_attr },
    { "futex_waitv", 0, 'i', NULL, do_waitv },
    { "futex_waitv", 3, 'i', print_timespec64, NULL },
    { "kexec_load", 2, 'i', NULL, do_kexec },
    { "quotactl", -2, 'b', NULL, do_quotactl },
    { "io_submit", 2, 'i', NULL, do_iocbs },
    { "io_getevents", 3, 'o', NULL, do_io_events },
    { "io_pgetevents", 3, 'o', NULL, do_io_events },
    { "io_pgetevents", 5, 'i', print_aio_sigset, NULL },
    { "io_cancel", 1, 'i', print_iocb, NULL },
    { "io_cancel", 2, 'o', print_io_event, NULL },
    { "readdir", 1, 'o', print_old_dirent, NULL },
};
const unsigned structs_printers_count = G_N_ELEMENTS(structs_printers);

const StructsCase structs_cases[] = {
    /* --- stat --- */
    BOTH64("stat", "A,B", 0, "A= s:/etc; B= 8:0x801 8:77 8:2 4:0100644 4:1000 "
           "4:100 4:0 8:0 8:4242 8:4096 8:16 8:1 8:2 8:3 8:4 8:5 8:6 z:24"),
    BOTH64("fstat", "-1,B", 0, "B= 8:5 8:77 8:2 4:0020620 4:1000 "
           "4:100 4:0 8:0x8803 8:4242 8:4096 8:16 8:1 8:2 8:3 8:4 8:5 8:6 "
           "z:24"),
    { X64, "lstat", "A,B", 0, "A= s:x; B= r:144" },
    { X64, "lstat", "A,B", -2, "A= s:x; B= r:144" },
    { X64, "newfstatat", "-100,A,B,0x100", 0, "A= s:x; B= 8:0x801 8:77 8:2 "
      "4:0047777 4:1000 4:100 4:0 8:0 8:4242 8:4096 8:16 8:1 8:2 8:3 8:4 8:5 "
      "8:6 z:24" },
    { X64, "fstat", "-1,B", 0, "B= 8:5 8:77 8:2 4:0170000 4:1000 "
      "4:100 4:0 8:0x8803 8:-1 8:4096 8:16 8:1 8:2 8:3 8:4 8:5 8:6 z:24" },
    { X64, "fstat", "-1,B", 0, "B= 8:5 8:77 8:2 4:0050000 4:1000 "
      "4:100 4:0 8:0x8803 8:-1 8:4096 8:16 8:1 8:2 8:3 8:4 8:5 8:6 z:24" },
    { I386, "stat64", "A,B", 0, "A= s:/etc; B= 8:0x801 4:0 4:77 4:0100600 4:2 "
      "4:1000 4:100 8:0 4:0 8:4242 4:4096 8:16 4:1 4:2 4:3 4:4 4:5 4:6 8:77" },
    { I386, "fstat64", "-1,B", 0, "B= r:96" },
    { I386, "fstatat64", "-100,A,B,0", 0, "A= s:x; B= 8:0x801 4:0 4:77 "
      "4:0060660 4:2 4:1000 4:100 8:0x801 4:0 8:4242 4:4096 8:16 4:1 4:2 4:3 "
      "4:4 4:5 4:6 8:77" },
    { I386, "stat", "A,B", 0, "A= s:x; B= 4:0x801 4:77 2:0100600 2:2 2:1000 "
      "2:100 4:0 4:4242 4:4096 4:16 4:1 4:2 4:3 4:4 4:5 4:6 8:0" },
    { I386, "oldstat", "A,B", 0, "A= s:x; B= r:32" },
    ALL("statx", "-1,A,0,0xfff,B", 0, "A= s:x; B= 4:0x1fff 4:4096 8:4 4:1 4:0 "
        "4:0 2:0100644 2:0 8:99 8:1234 8:8 8:0x74 8:1 4:2 4:0 8:1 4:2 4:0 8:1 "
        "4:2 4:0 8:1 4:2 4:0 4:0 4:0 4:8 4:1 8:5 z:104"),
    { X64, "statx", "-1,A,0,0xfff,B", 0, "A= s:x; B= 4:0x10000fff "
      "4:1 8:0x74 r:240" },
    { X64, "statx", "-1,A,0,0xfff,B", 0, "A= s:x; B= 4:0 4:4096 8:0x300874 "
      "4:1 4:0 4:0 2:0020644 2:0 8:99 8:1234 8:8 8:0x74 8:1 4:2 4:0 8:1 4:2 "
      "4:0 8:1 4:2 4:0 8:1 4:2 4:0 4:5 4:6 4:8 4:1 8:5 z:104" },
    BOTH64("statfs", "A,B", 0, "A= s:/; B= w:0xef53 w:4096 w:100 w:50 w:40 "
           "w:1000 w:900 4:1 4:2 w:255 w:4096 w:0x1020 z:32"),
    { I386, "statfs", "A,B", 0, "A= s:/; B= w:0x01021994 w:4096 w:100 w:50 "
      "w:40 w:1000 w:900 4:1 4:2 w:255 w:4096 w:0x1026 z:16" },
    { X64, "fstatfs", "-1,B", 0, "B= r:120" },
    { I386, "statfs64", "A,84,B", 0, "A= s:/; B= 4:0x9fa0 4:4096 8:100 8:50 "
      "8:40 8:1000 8:900 4:1 4:2 4:255 4:4096 4:0x1020 z:16" },
    { I386, "fstatfs64", "-1,88,B", 0, "B= 4:0x12345 4:4096 8:100 8:50 "
      "8:40 8:1000 8:900 4:0 4:0 4:255 4:4096 4:0 z:16" },
    { I386, "statfs64", "A,80,B", 0, "A= s:/; B= 4:0x9fa0 4:4096 8:100 8:50 "
      "8:40 8:1000 8:900 4:1 4:2 4:255 4:4096 4:0x1020 z:16" },
    /* --- time --- */
    BOTH64("nanosleep", "A,B", 0, "A= 8:1 8:500; B= 8:2 8:3"),
    BOTH64("nanosleep", "A,B", -4, "A= 8:1 8:1000000000; B= 8:2 8:3"),
    BOTH64("nanosleep", "A,B", -516, "A= 8:1 8:1000000000; B= 8:2 8:3"),
    BOTH64("nanosleep", "A,B", -516, "A= 8:-1 8:-1; B= 8:2 8:3"),
    { I386, "nanosleep", "A,B", 0, "A= 4:1 4:500; B= 4:2 4:3" },
    { I386, "nanosleep", "A,B", -516, "A= 4:-1 4:-500; B= 4:2 4:3" },
    BOTH64("clock_nanosleep", "1,1,A,B", 0, "A= 8:1 8:500; B= 8:2 8:3"),
    BOTH64("clock_nanosleep", "1,0,A,B", -516, "A= 8:1 8:500; B= 8:2 8:3"),
    BOTH64("clock_nanosleep", "1,1,A,B", -516, "A= 8:1 8:500; B= 8:2 8:3"),
    { I386, "clock_nanosleep_time64", "1,0,A,B", -516, "A= 8:1 4:500 4:7; "
      "B= 8:2 8:3" },
    { I386, "clock_gettime64", "1,A", 0, "A= 8:1 4:500 4:7" },
    { I386, "clock_gettime", "1,A", 0, "A= 4:1 4:500" },
    BOTH64("clock_gettime", "0,A", 0, "A= 8:1700000000 8:500"),
    BOTH64("clock_gettime", "0,A", -22, "A= 8:1700000000 8:500"),
    BOTH64("gettimeofday", "A,B", 0, "A= 8:1700000000 8:500; B= 4:-60 4:1"),
    BOTH64("gettimeofday", "A,B", 0, "A= 8:1700000000 8:500; B= 4:-60 4:1"),
    { I386, "gettimeofday", "A,B", 0, "A= 4:1700000000 4:500; B= 4:60 4:1" },
    { I386, "gettimeofday", "A,B", 0, "A= 4:1700000000 4:500; B= 4:60 4:1" },
    BOTH64("settimeofday", "A,B", 0, "A= 8:-1 8:500; B= 4:60 4:1"),
    BOTH64("time", "A", 1700000000, "A= 8:1700000000"),
    { I386, "time", "A", 1700000000, "A= 4:1700000000" },
    { I386, "stime", "A", 0, "A= 4:1700000000" },
    BOTH64("utime", "A,B", 0, "A= s:x; B= 8:1700000000 8:-5"),
    { I386, "utime", "A,B", 0, "A= s:x; B= 4:1700000000 4:-5" },
    BOTH64("utimes", "A,B", 0, "A= s:x; B= 8:1700000000 8:5 8:0 8:999999"),
    { I386, "utimes", "A,B", 0, "A= s:x; B= 4:1700000000 4:5 4:0 4:999999" },
    BOTH64("futimesat", "-100,A,B", 0, "A= s:x; B= 8:-1 8:5 8:0 8:999999"),
    BOTH64("utimensat", "-100,A,B,0", 0, "A= s:x; B= 8:1700000000 8:5 8:0 "
           "8:999999999"),
    BOTH64("utimensat", "-100,A,B,0", 0, "A= s:x; B= 8:1 8:0x3fffffff 8:0 "
           "8:0x3ffffffe"),
    BOTH64("utimensat", "-100,A,B,0", 0, "A= s:x; B= 8:1 8:0x3fffffff 8:0 "
           "8:0x3fffffff"),
    { X64, "utimensat", "-100,A,B,0", 0, "A= s:x; B= 8:-1 8:5 8:0x7fffffffffff"
      " 8:-1" },
    { X64, "utimensat", "-100,A,B,0", 0, "A= s:x; B= 8:0 8:5 8:1 8:0" },
    { X64, "utimensat", "-100,A,0,0", 0, "A= s:x" },
    { I386, "utimensat", "-100,A,B,0", 0, "A= s:x; B= 4:1 4:0x3fffffff 4:0 "
      "4:5" },
    { I386, "utimensat_time64", "-100,A,B,0", 0, "A= s:x; B= 8:1 4:0x3ffffffe "
      "4:7 8:1700000000 4:5 4:8" },
    BOTH64("getitimer", "0,A", 0, "A= 8:1 8:2 8:3 8:4"),
    { I386, "getitimer", "0,A", 0, "A= 4:1 4:2 4:3 4:4" },
    BOTH64("setitimer", "1,A,B", 0, "A= 8:1 8:2 8:3 8:4; B= 8:5 8:-6 8:7 8:8"),
    BOTH64("setitimer", "1,A,B", 0, "A= 8:1 8:2 8:3 8:4; B= 8:5 8:-6 8:7 8:8"),
    BOTH64("timer_settime", "7,1,A,B", 0, "A= 8:1 8:2 8:3 8:4; B= 8:5 8:-6 "
           "8:7 8:8"),
    BOTH64("timer_gettime", "7,A", 0, "A= 8:1 8:2 8:3 8:4"),
    { I386, "timer_settime", "7,1,A,B", 0, "A= 4:1 4:2 4:3 4:4; B= 4:5 4:-6 "
      "4:7 4:8" },
    { I386, "timer_settime64", "7,1,A,B", 0, "A= 8:1 8:2 8:3 8:4; B= 8:5 8:-6 "
      "8:7 8:8" },
    BOTH64("timerfd_settime", "-1,1,A,B", 0, "A= 8:1 8:2 8:3 8:4; B= 8:5 8:-6 "
           "8:7 8:8"),
    BOTH64("timerfd_gettime", "-1,A", 0, "A= 8:1 8:2 8:3 8:4"),
    { I386, "timerfd_gettime64", "-1,A", 0, "A= 8:1 8:2 8:3 8:4" },
    BOTH64("adjtimex", "A", 0, "A= 4:0x8001 4:0 8:5 8:6 8:7 8:8 4:0x41 4:0 8:9 "
           "8:10 8:11 8:1700000000 8:12 8:13 8:14 8:15 4:16 4:0 8:17 8:18 8:19 "
           "8:20 8:-1 4:37 z:44"),
    { I386, "adjtimex", "A", 5, "A= 4:0x3fff 4:5 4:6 4:7 4:8 4:0x41 4:9 "
      "4:10 4:11 4:1700000000 4:12 4:13 4:14 4:15 4:16 4:17 4:18 4:19 "
      "4:20 4:37 z:48" },
    { I386, "clock_adjtime64", "0,A", 0, "A= 4:0x2002 4:0 8:5 8:6 8:7 8:8 "
      "4:0x41 4:0 8:9 8:10 8:11 8:1700000000 8:12 8:13 8:14 8:15 4:16 4:0 8:17 "
      "8:18 8:19 8:20 8:-1 4:37 z:44" },
    { X64, "times", "A", 1234, "A= 8:1 8:2 8:3 8:-4" },
    { I386, "times", "A", 1234, "A= 4:0 4:250 4:3 4:-4" },
    { X32, "times", "A", 1234, "A= 8:1 8:2 8:3 8:-4" },
    ALL("ioctl", "-1,0x80247009,A", 0, "A= 4:1 4:2 4:3 4:4 4:5 4:105 4:7 4:8 "
        "4:9"),
    ALL("ioctl", "-1,0x4024700a,A", 0, "A= 4:1 4:2 4:3 4:4 4:5 4:105 4:7 4:8 "
        "4:9"),
    ALL("ioctl", "-1,0x80287010,A", 0, "A= 1:1 1:0 2:0 4:1 4:2 4:3 4:4 4:5 "
        "4:105 4:7 4:8 4:9"),
    /* --- limits, usage, status --- */
    { X64, "getrlimit", "3,A", 0, "A= 8:8388608 8:-1" },
    { X64, "setrlimit", "7,A", 0, "A= 8:1000 8:1025024" },
    { I386, "setrlimit", "7,A", 0, "A= 4:1000 4:1025024" },
    { X32, "getrlimit", "7,A", 0, "A= 8:1000 8:1025024" },
    { X32, "getrlimit", "7,A", 0, "A= 8:-1 8:0x7fffffffffffffff" },
    { X32, "getrlimit", "3,A", 0, "A= 8:8388608 8:-1" },
    { X64, "getrlimit", "7,A", 0, "A= 8:1024 8:1048577" },
    { X64, "getrlimit", "7,A", 0, "A= 8:0 8:2048" },
    { I386, "ugetrlimit", "7,A", 0, "A= 4:0x7fffffff 4:2048" },
    { I386, "getrlimit", "7,A", 0, "A= 4:0x7fffffff 4:-1" },
    ALL("prlimit64", "0,7,A,B", 0, "A= 8:1024 8:-1; B= 8:8388608 8:5"),
    ALL("prlimit64", "0,7,A,B", 0, "A= 8:1024 8:-1; B= 8:8388608 8:5"),
    { I386, "getrusage", "0,A", 0, "A= w:1 w:2 w:3 w:4 w:5 w:6 w:7 w:8 w:9 "
      "w:10 "
        "w:11 w:12 w:13 w:14 w:15 w:16 w:17 w:18" },
    { X64, "getrusage", "0,A", 0, "A= 8:1 8:2 8:3 8:4 8:5 8:6 8:7 8:8 8:9 8:10 "
      "8:11 8:12 8:13 8:14 8:15 8:16 8:17 8:18" },
    { I386, "wait4", "-1,A,0,B", 77, "A= 4:0x100; B= 4:1 4:2 4:3 4:4 z:56" },
    BOTH64("wait4", "-1,A,0,B", 77, "A= 4:0x100; B= 8:1 8:2 8:3 8:4 z:112"),
    ALL("wait4", "-1,A,0,0", 0, "A= 4:0x100"),
    ALL("wait4", "-1,A,0,B", 0, "A= 4:0x100; B= z:144"),
    ALL("wait4", "-1,A,0,0", 77, "A= 4:0"),
    { X64, "wait4", "-1,A,0,0", 77, "A= 4:9" },
    { X64, "wait4", "-1,A,0,0", 77, "A= 4:0x8b" },
    { X64, "wait4", "-1,A,0,0", 77, "A= 4:0x137f" },
    { X64, "wait4", "-1,A,0,0", 77, "A= 4:0x857f" },
    { X64, "wait4", "-1,A,0,0", 77, "A= 4:0x3057f" },
    { X64, "wait4", "-1,A,0,0", 77, "A= 4:0x80057f" },
    { X64, "wait4", "-1,A,0,0", 77, "A= 4:0x90057f" },
    { X64, "wait4", "-1,A,0,0", 77, "A= 4:0xffff" },
    { X64, "wait4", "-1,A,0,0", 77, "A= 4:0x12340100" },
    { X64, "wait4", "-1,A,0,0", 77, "A= 4:0x3ff" },
    { X64, "wait4", "-1,A,0,0", 77, "A= 4:0x44" },
    { X64, "wait4", "-1,A,0,0", 77, "A= 4:0x50009" },
    { X64, "wait4", "-1,A,0,0", -10, "A= 4:0x44" },
    { I386, "waitpid", "-1,A,0", 77, "A= 4:0x200" },
    ALL("waitid", "0,5,A,4,B", 0, "A= 4:17 4:0 4:1 4:0 4:77 4:1000 4:5 z:100; "
        "B= z:144"),
    /* --- sched, uname, sysinfo, ... --- */
    ALL("uname", "A", 0, "A= s:Linux z:59 s:host z:60 s:6.1.0-1 z:57 s:#1 z:62 "
        "s:x86_64 z:58 s:dom z:61"),
    { X64, "uname", "A", 0, "A= r:390" },
    { I386, "oldolduname", "A", 0, "A= s:Linux z:3 s:host z:4 s:6.1 z:5 s:#1 "
      "z:6 s:i686 z:4" },
    { I386, "olduname", "A", 0, "A= s:Linux z:59 s:host z:60 s:6.1.0-1 z:57 "
      "s:#1 z:62 s:x86_64 z:58" },
    { X64, "sysinfo", "A", 0, "A= 8:1 8:2 8:3 8:4 8:5 8:6 8:7 8:8 8:9 8:10 "
      "2:11 2:0 4:0 8:12 8:13 4:14 4:0" },
    { X32, "sysinfo", "A", 0, "A= 8:1 8:2 8:3 8:4 8:5 8:6 8:7 8:8 8:9 8:10 "
      "2:11 2:0 4:0 8:12 8:13 4:14 4:0" },
    { I386, "sysinfo", "A", 0, "A= 4:1 4:2 4:3 4:4 4:5 4:6 4:7 4:8 4:9 4:10 "
      "2:11 2:0 4:12 4:13 4:14 z:8" },
    ALL("sched_setparam", "0,A", 0, "A= 4:5"),
    ALL("sched_getparam", "0,A", 0, "A= 4:5"),
    ALL("sched_setscheduler", "0,1,A", 0, "A= 4:5"),
    ALL("sched_rr_get_interval", "0,A", 0, "A= w:5 w:6"),
    { X32, "sched_rr_get_interval", "0,A", 0, "A= 8:5 8:6" },
    ALL("sched_setattr", "0,A,0", 0, "A= 4:48 4:6 8:1 4:0 4:0 8:10 8:20 8:30"),
    ALL("sched_setattr", "0,A,0", 0, "A= 4:48 4:0 8:0 4:-5 4:0 8:10 8:20 8:30"),
    ALL("sched_setattr", "0,A,0", 0, "A= 4:48 4:1 8:0 4:-5 4:10 8:10 8:20 "
        "8:30"),
    ALL("sched_setattr", "0,A,0", 0, "A= 4:0 4:1 8:0 4:-5 4:10 8:10 8:20 8:30"),
    ALL("sched_setattr", "0,A,0", 0, "A= 4:47 4:1 8:0 4:-5 4:10 8:10 8:20 "
        "8:30"),
    ALL("sched_setattr", "0,A,0", -7, "A= 4:47 4:1 8:0 4:-5 4:10 8:10 8:20 "
        "8:30"),
    ALL("sched_setattr", "0,A,0", 0, "A= 4:56 4:0 8:0x60 4:-5 4:10 8:10 8:20 "
        "8:30 4:1 4:1024"),
    ALL("sched_setattr", "0,A,0", 0, "A= 4:64 4:0 8:0x60 4:-5 4:10 8:10 8:20 "
        "8:30 4:1 4:1024 8:0"),
    ALL("sched_getattr", "0,A,48,0", 0, "A= 4:48 4:0 8:1 4:5 4:0 8:10 8:20 "
        "8:30"),
    ALL("sched_getattr", "0,A,56,0", 0, "A= 4:56 4:0 8:1 4:5 4:0 8:10 8:20 "
        "8:30 4:1 4:2"),
    ALL("sched_getattr", "0,A,20,0", 0, "A= 4:48 4:0 8:1 4:5 4:0"),
    ALL("sched_getattr", "0,A,64,0", 0, "A= 4:48 4:0 8:1 4:5 4:0 8:10 8:20 "
        "8:30 4:1 4:2 z:8"),
    ALL("sched_getattr", "0,A,64,0", 0, "A= 4:64 4:0 8:1 4:5 4:0 8:10 8:20 "
        "8:30 4:1 4:2 z:8"),
    ALL("sched_getattr", "0,A,64,0", 0, "A= 4:56 4:0 8:1 4:5 4:0 8:10 8:20 "
        "8:30 4:1 4:2"),
    ALL("sched_getattr", "0,A,48,0", 0, "A= 4:16 4:0 8:1 4:5 4:0 8:10 8:20 "
        "8:30 4:1 4:2"),
    ALL("sched_setaffinity", "0,8,A", 0, "A= 8:0x8000000000000005"),
    ALL("sched_setaffinity", "0,4,A", 0, "A= 4:0"),
    ALL("sched_setaffinity", "0,128,A", 0, "A= r:128"),
    ALL("sched_setaffinity", "0,0,A", 0, "A= r:128"),
    ALL("sched_setaffinity", "0,5,A", 0, "A= r:8"),
    ALL("sched_getaffinity", "0,128,A", 8, "A= 8:3 r:120"),
    ALL("capget", "A,B", 0, "A= 4:0x20080522 4:0; B= 4:1 4:2 4:3 4:4 4:5 4:6"),
    ALL("capget", "A,B", 0, "A= 4:0x20080522 4:0; B= 4:0x80000001 4:2 4:3 "
        "4:0x100 4:5 4:0"),
    ALL("capset", "A,B", 0, "A= 4:0x19980330 4:12; B= 4:1 4:2 4:-1 4:4 4:5 "
        "4:6"),
    ALL("capset", "A,B", 0, "A= 4:0x19980330 4:12; B= 4:1 4:2 4:0 4:4 4:5 4:6"),
    ALL("capset", "A,B", 0, "A= 4:0x19980331 4:12; B= 4:1 4:2 4:0 4:4 4:5 4:6"),
    ALL("capset", "A,B", 0, "A= 4:0x20071026 4:12; B= 4:-1 4:0 4:0 4:-1 4:0 "
        "4:0x6"),
    ALL("getgroups", "5,A", 3, "A= 4:1 4:-1 4:100"),
    ALL("getgroups", "5,A", 0, "A= 4:1 4:-1 4:100"),
    ALL("getgroups", "0,A", 3, "A= 4:1 4:-1 4:100"),
    ALL("setgroups", "3,A", 0, "A= 4:1 4:-1 4:100"),
    ALL("setgroups", "0,A", 0, "A= 4:1 4:-1 4:100"),
    ALL("setgroups", "0,0", 0, ""),
    ALL("setgroups", "64,A", 0, "A= r:256"),
    ALL("setgroups", "-1,A", 0, "A= r:256"),
    ALL("setgroups", "100000,A", 0, "A= r:8"),
    { I386, "setgroups32", "3,A", 0, "A= 4:1 4:-1 4:100" },
    ALL("getresuid", "A,B,C", 0, "A= 4:1; B= 4:-1; C= 4:3"),
    ALL("getcpu", "A,B,C", 0, "A= 4:1; B= 4:2; C= r:128"),
    ALL("pipe", "A", 0, "A= 4:-1 4:-2"),
    ALL("kcmp", "1,2,7,0,A", 0, "A= 4:1 4:2 4:3"),
    ALL("mincore", "0x10000000,16384,A", 0, "A= 1:1 1:0 1:1 1:0x81"),
    ALL("mincore", "0x10000000,0x40000,A", 0, "A= r:64"),
    ALL("get_mempolicy", "A,B,64,0,0", 0, "A= 4:2; B= 8:5"),
    ALL("get_mempolicy", "A,B,64,0,0", 0, "A= 4:2; B= 8:5"),
    ALL("get_mempolicy", "A,B,1024,0,0", 0, "A= 4:2; B= r:128"),
    ALL("set_mempolicy", "2,A,64", 0, "A= 8:5"),
    ALL("set_mempolicy", "2,A,3", 0, "A= 8:5"),
    ALL("set_mempolicy", "2,A,0", 0, "A= 8:5"),
    ALL("set_mempolicy", "2,A,-1", 0, "A= 8:5"),
    ALL("mbind", "0,4096,2,A,65,1", 0, "A= 8:5 8:1"),
    ALL("migrate_pages", "0,65,A,B", 0, "A= 8:5 8:1; B= 8:0 8:3"),
    ALL("move_pages", "0,2,A,B,C,0", 0, "A= w:0x1000 w:0; B= 4:0 4:1; C= 4:1 "
        "4:-2"),
    ALL("move_pages", "0,2,A,B,C,0", 0, "A= w:0x1000 w:0; B= 4:0 4:1; C= 4:1 "
        "4:-2"),
    ALL("move_pages", "0,2,A,B,C,0", 0, "A= w:0x1000 w:0; B= 4:0 4:1; C= 4:1 "
        "4:-2"),
    { I386, "set_thread_area", "A", 0, "A= 4:-1 4:0x1000 4:0xfffff 4:0x51" },
    { I386, "set_thread_area", "A", 0, "A= 4:6 4:0x1000 4:0xfffff 4:0x51" },
    { I386, "get_thread_area", "A", 0, "A= 4:6 4:0x1000 4:0xfffff 4:0x51" },
    { I386, "modify_ldt", "1,A,16", 16, "A= 4:0 4:0x1000 4:0xfffff 4:0x71" },
    { X64, "modify_ldt", "17,A,16", 16, "A= 4:0 4:0x1000 4:0xfffff 4:0xd1" },
    ALL("get_robust_list", "0,A,B", 0, "A= w:0x1000; B= w:24"),
    ALL("get_robust_list", "0,A,B", 0, "A= w:0x1000; B= w:24"),
    ALL("set_robust_list", "A,24", 0, "A= w:0x1000 w:1 w:2"),
    ALL("rseq", "A,32,0,0x53053053", 0, "A= 4:0 4:0 8:0 4:0 z:12"),
    { X64, "arch_prctl", "0x1003,A", 0, "A= w:0x1000" },
    { I386, "arch_prctl", "0x1003,A", 0, "A= w:0x1000" },
    /* --- clone3 --- */
    ALL("clone3", "A,88", 77, "A= 8:0x3d0f00 8:0 8:0x1000 8:0x2000 8:0 "
        "8:0x3000 "
        "8:0x800000 8:0x4000 z:24"),
    ALL("clone3", "A,88", 77, "A= 8:0x200001100 &B z:56 8:0 8:0 8:5; B= 4:7"),
    { X64, "clone3", "A,88", 77, "A= 8:0x300101100 8:0 8:0x1000 &B 8:17 8:0 "
      "8:0 "
      "8:0 &C 8:2 8:5; B= 4:7; C= 4:100 4:101" },
    { X64, "clone3", "A,64", 77, "A= 8:0x101100 &D 8:0x1000 &B 8:17 8:0 8:0 "
      "8:5; B= 4:7; D= 4:-1" },
    { X64, "clone3", "A,64", -11, "A= 8:0x101100 &D 8:0x1000 &B 8:17 8:0 8:0 "
      "8:5; B= 4:7; D= 4:-1" },
    ALL("clone3", "A,60", -22, "A= z:64"),
    ALL("clone3", "A,96", 0, "A= z:96"),
    ALL("clone3", "A,96", 0, "A= z:88 8:1"),
    ALL("clone3", "A,80", 0, "A= z:64 8:0x1000 8:0"),
    ALL("clone3", "A,80", 0, "A= z:64 8:0 8:5"),
    ALL("clone3", "A,5000", -7, "A= z:88"),
    ALL("clone3", "A,0", -22, "A= z:88"),
    /* --- signals --- */
    ALL("rt_sigprocmask", "0,A,B,8", 0, "A= 8:0x10004; B= 8:0"),
    ALL("rt_sigprocmask", "0,A,B,8", 0, "A= 8:-1; B= 8:0xfffffffe7ffbfeff"),
    ALL("rt_sigprocmask", "0,A,B,8", 0, "A= 8:0x380000000; B= "
        "8:0x8000000000000000"),
    ALL("rt_sigprocmask", "0,A,B,8", 0, "A= 8:0xffff; B= 8:0x7ffff"),
    ALL("rt_sigprocmask", "0,A,B,8", 0, "A= 8:0xffffffff; B= 8:0x3ffffffff"),
    ALL("rt_sigprocmask", "0,A,B,8", 0, "A= 8:0x7fffffff; B= 8:0xfffffffff"),
    ALL("rt_sigprocmask", "0,A,B,8", 0, "A= 8:0x7fffffff00000000; B= "
        "8:0xffffffff00000000"),
    ALL("rt_sigprocmask", "0,A,B,8", 0, "A= 8:0xfffffffeffffffff; B= "
        "8:0xfffffffcffffffff"),
    ALL("rt_sigprocmask", "0,A,B,8", 0, "A= 8:0x0fffffffffffffff; B= "
        "8:0xffffffff80000000"),
    ALL("rt_sigprocmask", "0,A,B,8", 0, "A= 8:0xefffffff7fffffff; B= "
        "8:0x5555555555555555"),
    ALL("rt_sigprocmask", "0,A,B,8", -22, "A= 8:1; B= 8:0"),
    ALL("rt_sigprocmask", "0,A,B,4", 0, "A= 8:1; B= 8:0"),
    ALL("rt_sigprocmask", "0,A,B,16", -22, "A= 8:1; B= 8:0"),
    ALL("rt_sigprocmask", "0,0,B,8", 0, "B= 8:1"),
    ALL("rt_sigpending", "A,8", 0, "A= 8:0x10004"),
    ALL("rt_sigsuspend", "A,8", -514, "A= 8:0x10004"),
    ALL("rt_sigaction", "17,A,B,8", 0, "A= w:0x1000 w:0x14000000 w:0x2000 "
        "8:0x10000 z:64; B= w:0 w:0 w:0 8:0 z:64"),
    ALL("rt_sigaction", "17,A,B,8", 0, "A= w:1 w:0x84000004 w:0x2000 "
        "8:0x10000 z:64; B= w:-1 w:0x10000000 w:5 8:4 z:64"),
    ALL("rt_sigaction", "17,A,B,8", -22, "A= w:1 w:0x84000004 w:0x2000 "
        "8:0x10000 z:64; B= w:-1 w:0x10000000 w:5 8:4 z:64"),
    ALL("rt_sigaction", "17,A,0,4", -22, "A= w:1 w:0x84000004 w:0x2000 "
        "8:0x10000"),
    { X64, "rt_sigaction", "17,A,0,8", 0, "A= w:1 w:0xfc000007 w:0x2000 8:0 "
      "z:64" },
    { I386, "sigaction", "17,A,B", 0, "A= 4:0x1000 4:0x4 4:0x14000000 "
      "4:0x2000; B= 4:0 4:0 4:0 4:0" },
    { I386, "sigprocmask", "0,A,B", 0, "A= 4:4; B= 4:0x10000" },
    { I386, "sigpending", "B", 0, "B= 4:0x10000" },
    { I386, "sigsuspend", "0,0,5", -514, "" },
    { I386, "sgetmask", "", 5, "" },
    { I386, "ssetmask", "4", 5, "" },
    ALL("sigaltstack", "A,B", 0, "A= w:0x1000 4:0 w:8192; B= w:0 4:2 w:0"),
    { X64, "sigaltstack", "A,B", 0, "A= 8:0x1000 4:0x80000000 4:0 8:8192; B= "
      "8:0 4:1 4:7 8:0" },
    ALL("signalfd4", "-1,A,8,0", -22, "A= 8:5"),
    ALL("rt_sigtimedwait", "A,B,C,8", 17, "A= 8:5; B= 4:17 4:0 4:1 w:77 "
        "4:1000 4:5 z:104; C= 8:1 8:2"),
    { X64, "rt_sigtimedwait", "A,B,C,8", 17, "A= 8:5; B= 4:17 4:0 4:1 4:0 "
      "4:77 4:1000 4:5 4:0 8:7 8:8 z:80; C= 8:1 8:2" },
    { X64, "rt_sigtimedwait", "A,B,C,8", 11, "A= 8:5; B= 4:11 4:0 4:1 4:0 "
      "8:0x1234 z:104; C= 8:1 8:2" },
    { X64, "rt_sigtimedwait", "A,B,C,8", 11, "A= 8:5; B= 4:11 4:0 4:3 4:0 "
      "8:0x1234 8:0 8:0x5000 8:0x6000 z:80; C= 8:1 8:2" },
    { X64, "rt_sigtimedwait", "A,B,C,8", 11, "A= 8:5; B= 4:11 4:0 4:4 4:0 "
      "8:0x1234 8:0 4:5 z:92; C= 8:1 8:2" },
    { X64, "rt_sigtimedwait", "A,B,C,8", 7, "A= 8:5; B= 4:7 4:0 4:4 4:0 "
      "8:0x1234 2:12 z:102; C= 8:1 8:2" },
    { X64, "rt_sigtimedwait", "A,B,C,8", 8, "A= 8:5; B= 4:8 4:0 4:1 4:0 "
      "8:0x1234 z:104; C= 8:1 8:2" },
    { X64, "rt_sigtimedwait", "A,B,C,8", 5, "A= 8:5; B= 4:5 4:0 4:2 4:0 "
      "8:0x1234 z:104; C= 8:1 8:2" },
    { X64, "rt_sigtimedwait", "A,B,C,8", 4, "A= 8:5; B= 4:4 4:0 4:2 4:0 "
      "8:0x1234 z:104; C= 8:1 8:2" },
    { X64, "rt_sigtimedwait", "A,B,C,8", 29, "A= 8:5; B= 4:29 4:0 4:1 4:0 "
      "8:0x41 4:5 z:100; C= 8:1 8:2" },
    { X64, "rt_sigtimedwait", "A,B,C,8", 29, "A= 8:5; B= 4:29 4:0 "
      "4:0xfffffffb 4:0 8:0x41 4:5 z:100; C= 8:1 8:2" },
    { X64, "rt_sigtimedwait", "A,B,C,8", 31, "A= 8:5; B= 4:31 4:3 4:1 4:0 "
      "8:0x1234 4:257 4:0xc000003e z:96; C= 8:1 8:2" },
    { X64, "rt_sigtimedwait", "A,B,C,8", 31, "A= 8:5; B= 4:31 4:3 4:1 4:0 "
      "8:0x1234 4:5 4:0x40000003 z:96; C= 8:1 8:2" },
    { X64, "rt_sigtimedwait", "A,B,C,8", 10, "A= 8:5; B= 4:10 4:0 4:0 4:0 "
      "4:77 4:1000 z:104; C= 8:1 8:2" },
    { X64, "rt_sigtimedwait", "A,B,C,8", 10, "A= 8:5; B= 4:10 4:0 4:-1 4:0 "
      "4:77 4:1000 8:0x1234 z:96; C= 8:1 8:2" },
    { X64, "rt_sigtimedwait", "A,B,C,8", 10, "A= 8:5; B= 4:10 4:0 4:-2 4:0 "
      "4:7 4:2 8:0x1234 z:96; C= 8:1 8:2" },
    { X64, "rt_sigtimedwait", "A,B,C,8", 10, "A= 8:5; B= 4:10 4:0 4:-3 4:0 "
      "4:7 4:2 8:0 z:96; C= 8:1 8:2" },
    { X64, "rt_sigtimedwait", "A,B,C,8", 10, "A= 8:5; B= 4:10 4:0 4:-6 4:0 "
      "4:7 4:2 8:0 z:96; C= 8:1 8:2" },
    { X64, "rt_sigtimedwait", "A,B,C,8", 10, "A= 8:5; B= 4:10 4:0 4:-4 4:0 "
      "4:7 4:2 8:0x5 z:96; C= 8:1 8:2" },
    { X64, "rt_sigtimedwait", "A,B,C,8", 10, "A= 8:5; B= 4:10 4:0 4:0x80 4:0 "
      "z:112; C= 8:1 8:2" },
    { X64, "rt_sigtimedwait", "A,B,C,8", 10, "A= 8:5; B= 4:10 4:5 4:0x80 4:0 "
      "4:0 4:1 z:104; C= 8:1 8:2" },
    { X64, "rt_sigtimedwait", "A,B,C,8", 10, "A= 8:5; B= 4:10 4:0 4:-77 4:0 "
      "4:5 4:6 8:9 z:96; C= 8:1 8:2" },
    { X64, "rt_sigtimedwait", "A,B,C,8", 40, "A= 8:5; B= 4:40 4:0 4:-1 4:0 "
      "4:77 4:1000 8:0x1234 z:96; C= 8:1 8:2" },
    { X64, "rt_sigtimedwait", "A,B,C,8", 40, "A= 8:5; B= 4:40 4:0 4:99 4:0 "
      "4:77 4:1000 8:0x1234 z:96; C= 8:1 8:2" },
    { X64, "rt_sigtimedwait", "A,B,C,8", 17, "A= 8:5; B= 4:17 4:0 4:2 4:0 "
      "4:77 4:1000 4:9 4:0 8:7 8:8 z:80; C= 8:1 8:2" },
    { X64, "rt_sigtimedwait", "A,B,C,8", 17, "A= 8:5; B= 4:17 4:0 4:4 4:0 "
      "4:77 4:1000 4:0x85 4:0 8:7 8:8 z:80; C= 8:1 8:2" },
    { X64, "rt_sigtimedwait", "A,B,C,8", 17, "A= 8:5; B= 4:17 4:0 4:9 4:0 "
      "4:77 4:1000 4:5 4:0 8:7 8:8 z:80; C= 8:1 8:2" },
    { X64, "rt_sigtimedwait", "A,B,C,8", 0, "A= 8:5; B= z:128; C= 8:1 8:2" },
    { X64, "rt_sigtimedwait", "A,B,C,8", -11, "A= 8:5; B= z:128; C= 8:1 8:2" },
    { I386, "rt_sigtimedwait", "A,B,C,8", 10, "A= 8:5; B= 4:10 4:0 4:-1 4:77 "
      "4:1000 4:0x1234 z:104; C= 4:1 4:2" },
    { I386, "rt_sigtimedwait", "A,B,C,8", 31, "A= 8:5; B= 4:31 4:3 4:1 "
      "4:0x1234 4:5 4:0x40000003 z:104; C= 4:1 4:2" },
    { I386, "rt_sigtimedwait", "A,B,C,8", 17, "A= 8:5; B= 4:17 4:0 4:1 4:77 "
      "4:1000 4:9 4:7 4:8 z:96; C= 4:1 4:2" },
    { X32, "rt_sigtimedwait", "A,B,C,8", 17, "A= 8:5; B= 4:17 4:0 4:1 4:77 "
      "4:1000 4:9 8:7 8:8 z:88; C= 8:1 8:2" },
    { X32, "rt_sigtimedwait", "A,B,C,8", 10, "A= 8:5; B= 4:10 4:0 4:-1 4:77 "
      "4:1000 4:0x1234 z:104; C= 8:1 8:2" },
    { I386, "rt_sigtimedwait_time64", "A,B,C,8", 17, "A= 8:5; B= 4:17 4:0 4:1 "
      "4:77 4:1000 4:9 4:7 4:8 z:96; C= 8:1 8:2" },
    ALL("rt_sigqueueinfo", "77,10,A", 0, "A= 4:10 4:0 4:-1 4:0 4:77 4:1000 "
        "8:0x1234 z:96"),
    ALL("rt_tgsigqueueinfo", "77,78,10,A", 0, "A= 4:10 4:0 4:-1 4:0 4:77 "
        "4:1000 8:0x1234 z:96"),
    ALL("pidfd_send_signal", "-1,10,A,0", 0, "A= 4:10 4:0 4:-1 4:0 4:77 "
        "4:1000 8:0x1234 z:96"),
    { X64, "timer_create", "0,A,B", 0, "A= 8:0x1234 4:10 4:0 4:0 z:44; B= "
      "4:7" },
    { X64, "timer_create", "0,A,B", 0, "A= 8:0x1234 4:0 4:1 4:0 z:44; B= 4:7" },
    { X64, "timer_create", "0,A,B", 0, "A= 8:0x1234 4:34 4:4 4:77 z:44; B= "
      "4:7" },
    { X64, "timer_create", "0,A,B", 0, "A= 8:0x1234 4:10 4:2 8:0x5000 "
      "8:0x6000 z:32; B= 4:7" },
    { X64, "timer_create", "0,A,B", 0, "A= 8:0 4:10 4:9 8:0x5000 8:0x6000 "
      "z:32; B= 4:7" },
    { X32, "timer_create", "0,A,B", 0, "A= 4:0x1234 4:10 4:4 4:77 z:48; B= "
      "4:7" },
    { I386, "timer_create", "0,A,B", 0, "A= 4:0x1234 4:10 4:2 4:0x5000 "
      "4:0x6000 z:44; B= 4:7" },
    ALL("timer_create", "0,0,B", 0, "B= 4:7"),
    { X64, "timer_create", "0,A,B", 0, "A= 8:0x1234 4:10 4:1 4:0 z:44; B= "
      "4:7" },
    { X64, "mq_notify", "-1,A", 0, "A= 8:0x1234 4:10 4:0 4:0 z:44" },
    ALL("ptrace", "0x4202,77,0,A", 0, "A= 4:17 4:0 4:1 4:0 4:77 4:1000 4:9 "
        "4:0 8:7 8:8 z:80"),
    /* --- poll --- */
    ALL("poll", "A,2,1000", 1, "A= 4:-1 2:1 2:0 4:-2 2:0x25 2:5"),
    ALL("poll", "A,2,1000", 2, "A= 4:-1 2:1 2:0x19 4:-2 2:0x7fff 2:0x8020"),
    ALL("poll", "A,2,1000", 0, "A= 4:-1 2:1 2:0 4:-2 2:5 2:0"),
    ALL("poll", "A,2,-1", -4, "A= 4:-1 2:1 2:0 4:-2 2:5 2:0"),
    ALL("poll", "A,0,-1", 0, "A= 4:-1 2:1 2:0"),
    ALL("poll", "0,0,-1", 0, ""),
    ALL("poll", "0,5,-1", 0, ""),
    ALL("poll", "A,3,-1", 1, "A= 4:-1 2:1 2:1"),
    ALL("poll", "A,35,-1", 2, "A= r:280"),
    ALL("poll", "A,35,-1", 33, "A= r:280"),
    ALL("poll", "A,0x80000000,-1", 1, "A= 4:-1 2:1 2:1"),
    BOTH64("ppoll", "A,2,B,C,8", 1, "A= 4:-1 2:1 2:0 4:-2 2:0x25 2:5; B= 8:1 "
           "8:2; C= 8:5"),
    BOTH64("ppoll", "A,2,B,C,8", 0, "A= 4:-1 2:1 2:0 4:-2 2:0x25 2:5; B= 8:1 "
           "8:2; C= 8:5"),
    BOTH64("ppoll", "A,2,0,0,8", 1, "A= 4:-1 2:1 2:0 4:-2 2:0x25 2:5"),
    BOTH64("ppoll", "A,2,B,C,8", -514, "A= 4:-1 2:1 2:0 4:-2 2:0x25 2:5; B= "
           "8:1 8:2; C= 8:5"),
    { I386, "ppoll", "A,2,B,C,8", 1, "A= 4:-1 2:1 2:0 4:-2 2:0x25 2:5; B= 4:1 "
      "4:2; C= 8:5" },
    { I386, "ppoll_time64", "A,2,B,C,8", 1, "A= 4:-1 2:1 2:0 4:-2 2:0x25 2:5; "
      "B= 8:1 8:2; C= 8:5" },
    BOTH64("select", "46,A,B,C,D", 2, "A= 8:0x280000000000 z:120; B= 8:0 "
           "z:120; C= 8:0x80000000000 z:120; D= 8:1 8:2"),
    BOTH64("select", "46,A,B,C,D", 0, "A= 8:0x280000000000 z:120; B= 8:0 "
           "z:120; C= 8:0x80000000000 z:120; D= 8:0 8:0"),
    BOTH64("select", "46,A,B,C,D", -514, "A= 8:0x280000000000 z:120; B= 8:0 "
           "z:120; C= 8:0x80000000000 z:120; D= 8:1 8:2"),
    BOTH64("select", "46,A,0,0,0", 1, "A= 8:0x280000000000 z:120"),
    BOTH64("select", "100,A,B,0,0", 3, "A= 8:0x8000000000000000 8:1 z:112; B= "
           "8:0x4000000000 z:120"),
    BOTH64("select", "0,A,B,0,D", 0, "A= 8:1 z:120; B= 8:0 z:120; D= 8:1 8:2"),
    BOTH64("select", "-1,A,B,0,D", -22, "A= 8:1 z:120; B= 8:0 z:120; D= 8:1 "
           "8:2"),
    BOTH64("select", "5000,A,0,0,D", 1, "A= 8:0x8000000000 z:1016; D= 8:1 8:2"),
    BOTH64("select", "65,A,0,0,D", 1, "A= 8:0x8000000000 8:0xff; D= 8:1 8:2"),
    { I386, "_newselect", "46,A,B,C,D", 2, "A= 8:0x280000000000 z:120; B= 8:0 "
      "z:120; C= 8:0x80000000000 z:120; D= 4:1 4:2" },
    { X64, "pselect6", "46,A,B,C,D,E", 2, "A= 8:0x280000000000 z:120; B= 8:0 "
      "z:120; C= 8:0x80000000000 z:120; D= 8:1 8:2; E= &F 8:8; F= 8:5" },
    { X32, "pselect6", "46,A,B,C,D,E", 2, "A= 8:0x280000000000 z:120; B= 8:0 "
      "z:120; C= 8:0x80000000000 z:120; D= 8:1 8:2; E= &F 4:8; F= 8:5" },
    { X64, "pselect6", "46,A,0,0,D,E", 0, "A= 8:0x280000000000 z:120; D= 8:1 "
      "8:2; E= 8:0 8:8" },
    { X64, "pselect6", "46,A,0,0,0,0", 1, "A= 8:0x280000000000 z:120" },
    { I386, "pselect6", "46,A,B,C,D,E", 2, "A= 8:0x280000000000 z:120; B= 8:0 "
      "z:120; C= 8:0x80000000000 z:120; D= 4:1 4:2; E= &F 4:8; F= 8:5" },
    { I386, "pselect6_time64", "46,A,B,C,D,E", 2, "A= 8:0x280000000000 z:120; "
      "B= 8:0 z:120; C= 8:0x80000000000 z:120; D= 8:1 8:2; E= &F 4:8; F= 8:5" },
    ALL("epoll_ctl", "-1,1,-2,A", 0, "A= 4:0x80000001 8:0x500000007"),
    ALL("epoll_ctl", "-1,3,-2,A", 0, "A= 4:0xffffffff 8:7"),
    ALL("epoll_ctl", "-1,2,-2,A", 0, "A= 4:1 8:7"),
    ALL("epoll_wait", "-1,A,10,-1", 2, "A= 4:1 8:7 4:0x2019 8:0x500000008"),
    ALL("epoll_wait", "-1,A,10,-1", 0, "A= 4:1 8:7 4:0x2019 8:0x500000008"),
    ALL("epoll_wait", "-1,A,10,-1", -4, "A= 4:1 8:7 4:0x2019 8:0x500000008"),
    ALL("epoll_wait", "-1,A,50,-1", 40, "A= r:480"),
    ALL("epoll_pwait", "-1,A,10,-1,B,8", 1, "A= 4:1 8:7; B= 8:5"),
    ALL("epoll_pwait2", "-1,A,10,C,B,8", 1, "A= 4:1 8:7; B= 8:5; C= 8:1 8:2"),
    /* --- terminals --- */
    ALL("ioctl", "-1,0x5401,A", 0, "A= 4:0x4500 4:5 4:0xbf 4:0x8a3b 1:0 "
        "1:0x03 1:0x1c 1:0x7f 1:0x15 1:0x04 1:0 1:1 1:0 1:0x11 1:0x13 1:0x1a "
        "1:0xff 1:0x12 1:0x0f 1:0x17 1:0x16 1:0xff 1:0 1:0"),
    ALL("ioctl", "-1,0x5402,A", 0, "A= 4:0x4500 4:5 4:0xf00bf 4:0x8a3b 1:0 "
        "1:0x03 1:0x1c 1:0x7f 1:0x15 1:0x04 1:0 1:1 1:0 1:0x11 1:0x13 1:0x1a "
        "1:0xff 1:0x12 1:0x0f 1:0x17 1:0x16 1:0xff 1:0 1:0"),
    ALL("ioctl", "-1,0x5403,A", 0, "A= 4:0 4:0 4:0x1cb2 4:0 1:2 r:19"),
    ALL("ioctl", "-1,0x5404,A", 0, "A= 4:-1 4:-1 4:-1 4:-1 1:2 r:19"),
    ALL("ioctl", "-1,0x5404,A", 0, "A= 4:0 4:0xff84 4:0xffff 4:0xffff8 1:99 "
        "r:19"),
    ALL("ioctl", "-1,0x5401,A", -25, "A= z:36"),
    ALL("ioctl", "-1,0x802c542a,A", 0, "A= 4:0x4500 4:5 4:0xbf 4:0x8a3b 1:0 "
        "r:19 4:9600 4:9600"),
    ALL("ioctl", "-1,0x402c542b,A", 0, "A= 4:0x4500 4:5 4:0x1000 4:0x8a3b 1:0 "
        "r:19 4:9600 4:9601"),
    ALL("ioctl", "-1,0x5405,A", 0, "A= 2:0x4500 2:5 2:0xbf 2:0x8a3b 1:0 r:8 "
        "1:0"),
    ALL("ioctl", "-1,0x5406,A", 0, "A= 2:0x4500 2:5 2:0xbf 2:0x8a39 1:0 r:8 "
        "1:0"),
    ALL("ioctl", "-1,0x5413,A", 0, "A= 2:24 2:80 2:0 2:7"),
    ALL("ioctl", "-1,0x5414,A", 0, "A= 2:24 2:80 2:0 2:7"),
    ALL("ioctl", "-1,0x540f,A", 0, "A= 4:77"),
    ALL("ioctl", "-1,0x5410,A", 0, "A= 4:77"),
    ALL("ioctl", "-1,0x541b,A", 0, "A= 4:77"),
    ALL("ioctl", "-1,0x5421,A", 0, "A= 4:1"),
    ALL("ioctl", "-1,0x5415,A", 0, "A= 4:0x166"),
    ALL("ioctl", "-1,0x5418,A", 0, "A= 4:0x166"),
    ALL("ioctl", "-1,0x5411,A", 0, "A= 4:77"),
    ALL("ioctl", "-1,0x5423,A", 0, "A= 4:0"),
    ALL("ioctl", "-1,0x5424,A", 0, "A= 4:1"),
    ALL("ioctl", "-1,0x5429,A", 0, "A= 4:77"),
    ALL("ioctl", "-1,0x80045430,A", 0, "A= 4:5"),
    ALL("ioctl", "-1,0x40045431,A", 0, "A= 4:1"),
    ALL("ioctl", "-1,0x5409,1", 0, ""),
    ALL("ioctl", "-1,0x540b,2", 0, ""),
    ALL("ioctl", "-1,0x540e,5", 0, ""),
    ALL("ioctl", "-1,0x5412,A", 0, "A= 1:65"),
    ALL("ioctl", "-1,0x541a,A", 0, "A= 4:1"),
    ALL("ioctl", "-1,0x5422,0", 0, ""),
    ALL("ioctl", "-1,0x541e,A", 0, "A= r:72"),
    /* --- files and block devices --- */
    { X64, "ioctl", "-1,0x80086601,A", 0, "A= 4:0x80010 4:0" },
    { X64, "ioctl", "-1,0x40086602,A", 0, "A= 4:0x80010 4:0" },
    { I386, "ioctl", "-1,0x80046601,A", 0, "A= 4:0x80010 4:0" },
    { X64, "ioctl", "-1,0x80087601,A", 0, "A= 4:7 4:0" },
    ALL("ioctl", "-1,0x40049409,5", 0, ""),
    ALL("ioctl", "-1,0x4020940d,A", 0, "A= 8:-1 8:1 8:2 8:3"),
    ALL("ioctl", "-1,0xc0189436,A", 0, "A= 8:1 8:2 2:1 2:0 4:0 8:-1 8:3 8:0 "
        "4:0 4:0"),
    ALL("ioctl", "-1,0xc020660b,A", 0, "A= 8:0 8:-1 4:1 4:1 4:2 4:0 8:1 8:2 "
        "8:3 8:0 8:0 4:0x1 4:0 4:0 4:0"),
    ALL("ioctl", "-1,0xc020660b,A", 0, "A= 8:0 8:-1 4:1 4:0 4:0 4:0 8:1 8:2 "
        "8:3 8:0 8:0 4:0x1 4:0 4:0 4:0"),
    ALL("ioctl", "-1,0xc0045877,A", 0, "A= 4:5"),
    ALL("ioctl", "-1,0xc0045878,A", 0, "A= 4:5"),
    ALL("ioctl", "-1,0x801c581f,A", 0, "A= 4:0x10 4:1 4:2 4:3 4:4 z:8"),
    ALL("ioctl", "-1,0x401c5820,A", 0, "A= 4:0x10 4:1 4:2 4:3 4:4 z:8"),
    { X64, "ioctl", "-1,0x80081272,A", 0, "A= 8:1073741824" },
    { I386, "ioctl", "-1,0x80041272,A", 0, "A= 8:1073741824" },
    ALL("ioctl", "-1,0x1260,A", 0, "A= w:2048"),
    ALL("ioctl", "-1,0x1268,A", 0, "A= 4:512"),
    ALL("ioctl", "-1,0x127a,A", 0, "A= 4:512"),
    ALL("ioctl", "-1,0x127b,A", 0, "A= 4:512"),
    ALL("ioctl", "-1,0x1278,A", 0, "A= 4:512"),
    ALL("ioctl", "-1,0x1279,A", 0, "A= 4:512"),
    ALL("ioctl", "-1,0x125d,A", 0, "A= 4:1"),
    ALL("ioctl", "-1,0x125e,A", 0, "A= 4:1"),
    ALL("ioctl", "-1,0x1262,5", 0, ""),
    ALL("ioctl", "-1,0x1263,A", 0, "A= w:256"),
    ALL("ioctl", "-1,0x1277,A", 0, "A= 8:4096 8:8192"),
    ALL("ioctl", "-1,0x127d,A", 0, "A= 8:4096 8:8192"),
    ALL("ioctl", "-1,0x127c,A", 0, "A= 4:1"),
    ALL("ioctl", "-1,0x127e,A", 0, "A= 2:1"),
    { X64, "ioctl", "-1,0x80081270,A", 0, "A= 8:4096" },
    ALL("ioctl", "-1,0x125f,0", 0, ""),
    ALL("ioctl", "-1,0x1261,0", 0, ""),
    { X64, "ioctl", "-1,0x1269,A", 0, "A= 4:1 4:0 4:152 4:0 &B; B= 8:0 "
      "8:1048576 4:1 s:dev z:60 s:vol z:60 z:4" },
    ALL("ioctl", "-1,0x301,A", 0, "A= 1:255 1:63 2:1024 4:0 w:2048 z:8"),
    ALL("ioctl", "-1,0xc0045877,0", 0, ""),
    ALL("ioctl", "-1,0x4c05,A", 0, "A= 8:0x801 8:77 8:0x700 8:0x100 8:0 4:2 "
        "4:0 4:0 4:5 s:/disk z:58 z:64 z:32 z:16"),
    ALL("ioctl", "-1,0x4c04,A", 0, "A= 8:0x801 8:77 8:0x700 8:0x100 8:0 4:2 "
        "4:0 4:0 4:12 s:/disk z:58 z:64 z:32 z:16"),
    { X64, "ioctl", "-1,0x4c03,A", 0, "A= 4:3 4:0 8:0x801 8:77 8:0x700 4:1 "
      "4:0 4:0 4:5 s:/disk z:58 z:32 z:24" },
    { I386, "ioctl", "-1,0x4c03,A", 0, "A= 4:3 2:0x801 2:0 4:77 2:0x700 2:0 "
      "4:16 4:0 4:0 4:5 s:/disk z:58 z:32 z:12" },
    ALL("ioctl", "-1,0x4c00,5", 0, ""),
    ALL("ioctl", "-1,0x4c82,0", 0, ""),
    ALL("ioctl", "-1,0x4c09,512", 0, ""),
    ALL("ioctl", "-1,0x4c0a,A", 0, "A= 4:-1 4:512 8:0x801 8:77 8:0x700 "
        "8:0x100 8:0 4:2 4:0 4:0 4:12 s:/disk z:58 z:64 z:32 z:16 z:64"),
    { X64, "ioctl", "-1,0x5452,A", 0, "A= 4:1" },
    { X64, "ioctl", "-1,0x5450,0", 0, "" },
    /* --- file handles, quotas, asynchronous I/O --- */
    ALL("name_to_handle_at", "-100,A,B,C,0", 0, "A= s:x; B= 4:8 4:1 1:1 1:2 "
        "1:3 1:4 1:0x41 1:0xff 1:0 1:9; C= 4:77"),
    ALL("name_to_handle_at", "-100,A,B,C,0", -75, "A= s:x; B= 4:12 4:1 r:12; "
        "C= 4:77"),
    ALL("name_to_handle_at", "-100,A,B,C,0", -22, "A= s:x; B= 4:0 4:1; C= "
        "4:77"),
    ALL("open_by_handle_at", "-1,A,0", -2, "A= 4:8 4:0x81 1:1 1:2 1:3 1:4 1:5 "
        "1:6 1:7 1:8"),
    ALL("open_by_handle_at", "-1,A,0", -2, "A= 4:200 4:0x81 r:200"),
    ALL("open_by_handle_at", "-1,A,0", -2, "A= 4:128 4:0x81 r:128"),
    ALL("mount_setattr", "-1,A,0,B,32", -22, "A= s:x; B= 8:0x2f 8:0x10 "
        "8:0x40000 8:-1"),
    ALL("mount_setattr", "-1,A,0,B,32", -22, "A= s:x; B= 8:0 8:0x70 8:0 8:5"),
    ALL("mount_setattr", "-1,A,0,B,40", -22, "A= s:x; B= 8:1 8:0 8:0 8:0 8:0"),
    ALL("mount_setattr", "-1,A,0,B,40", -22, "A= s:x; B= 8:1 8:0 8:0 8:0 8:7"),
    ALL("mount_setattr", "-1,A,0,B,24", -22, "A= s:x; B= 8:1 8:0 8:0 8:0"),
    ALL("quotactl", "0x80000700,A,1000,B", 0, "A= s:/dev/sda; B= 8:1 8:2 8:3 "
        "8:4 8:5 8:6 8:7 8:8 4:0x3f 4:0"),
    ALL("quotactl", "0x80000800,A,1000,B", 0, "A= s:/dev/sda; B= 8:1 8:2 8:3 "
        "8:4 8:5 8:6 8:7 8:8 4:0x3f 4:0"),
    ALL("quotactl", "0x80000900,A,1000,B", 0, "A= s:/dev/sda; B= 8:1 8:2 8:3 "
        "8:4 8:5 8:6 8:7 8:8 4:0x3f 4:1000"),
    ALL("quotactl", "0x80000501,A,0,B", 0, "A= s:/dev/sda; B= 8:1 8:2 4:1 4:3"),
    ALL("quotactl", "0x80000601,A,0,B", 0, "A= s:/dev/sda; B= 8:1 8:2 4:0 4:7"),
    ALL("quotactl", "0x580300,A,0,B", 0, "A= s:/dev/sda; B= 1:1 1:1 2:3 4:5 "
        "r:104"),
    ALL("quotactl", "0x580400,A,0,B", 0, "A= s:/dev/sda; B= 1:1 1:1 2:3 4:5 "
        "r:104"),
    ALL("quotactl", "0x580500,A,0,B", 0, "A= s:/dev/sda; B= r:80"),
    ALL("quotactl", "0x580800,A,0,B", 0, "A= s:/dev/sda; B= r:160"),
    { X64, "io_submit", "0x1000,2,A", 2, "A= &B &C; B= 8:1 4:0 4:0 2:0 2:1 "
      "4:-1 &D 8:5 8:7 8:0 4:0 4:0; C= 8:2 4:0 4:0 2:1 2:0 4:-2 &D 8:5 8:7 "
      "8:0 4:1 4:-3; D= s:hello z:10" },
    { I386, "io_submit", "0x1000,2,A", 2, "A= &B &C; B= 8:1 4:0 4:0 2:0 2:1 "
      "4:-1 8:0x5000 8:5 8:7 8:0 4:0 4:0; C= 8:2 4:0 4:0 2:2 2:0 4:-2 8:0 8:5 "
      "8:7 8:0 4:1 4:-3" },
    { X32, "io_submit", "0x1000,1,A", 1, "A= &B; B= 8:1 4:0 4:0 2:5 2:1 4:-1 "
      "8:0x5000 8:5 8:7 8:0 4:0 4:0" },
    { X64, "io_submit", "0x1000,4,A", 2, "A= &B &C 8:0 8:1; B= 8:1 4:0 4:0 "
      "2:7 2:1 4:-1 &D 8:1 8:7 8:0 4:0 4:0; C= 8:2 4:0 4:0 2:8 2:0 4:-2 &D "
      "8:1 8:7 8:0 4:0 4:0; D= &E 8:5; E= s:hello" },
    { X64, "io_submit", "0x1000,1,A", -22, "A= &B; B= 8:0 4:5 4:0 2:99 2:1 "
      "4:-1 8:0x5000 8:5 8:7 8:0 4:0 4:0" },
    { X64, "io_submit", "0x1000,1,A", 1, "A= &B; B= 8:0 4:5 4:3 2:6 2:1 4:-1 "
      "8:0x5000 8:5 8:7 8:0 4:0 4:0" },
    { X64, "io_submit", "0x1000,0,A", 0, "A= 8:0" },
    { X64, "io_submit", "0x1000,1,A", -14, "" },
    ALL("io_getevents", "0x1000,1,5,A,0", 2, "A= 8:1 8:0x5000 8:5 8:0 8:2 "
        "8:0x6000 8:-22 8:0"),
    ALL("io_getevents", "0x1000,1,5,A,0", 0, "A= 8:1 8:0x5000 8:5 8:0 8:2 "
        "8:0x6000 8:-22 8:0"),
    { X64, "io_pgetevents", "0x1000,1,5,A,0,B", 1, "A= 8:1 8:0x5000 8:5 8:0; "
      "B= &C 8:8; C= 8:5" },
    { X64, "io_cancel", "0x1000,B,A", 0, "A= 8:1 8:0x5000 8:5 8:0; B= 8:1 4:0 "
      "4:0 2:0 2:1 4:-1 8:0x6000 8:5 8:7 8:0 4:0 4:0" },
    { I386, "readdir", "-1,A,1", 1, "A= 4:77 4:10 2:4 s:abcd z:255" },
    ALL("name_to_handle_at", "-100,A,0,C,0", -14, "A= s:x; C= 4:77"),
    /* --- futex_waitv, kexec_load --- */
    ALL("futex_waitv", "A,2,0,B,1", 0, "A= 8:7 8:0x1000 4:0x82 4:0 "
        "8:0x1ffffffff 8:0x2000 4:2 4:5; B= 8:1 8:2"),
    ALL("futex_waitv", "A,0,0,0,1", -22, "A= 8:7 8:0x1000 4:0x82 4:0"),
    ALL("futex_waitv", "A,129,0,0,1", -22, "A= 8:7 8:0x1000 4:0xfc 4:0"),
    ALL("kexec_load", "0x1000,2,A,0", -1, "A= w:0x1000 w:100 w:0x2000 "
        "w:4096 w:0 w:0 w:0 w:0"),
    ALL("kexec_load", "0x1000,17,A,0", -1, "A= w:0x1000 w:100 w:0x2000 "
        "w:4096"),
    ALL("kexec_load", "0x1000,16,A,0", -1, "A= w:0x1000 w:100 w:0x2000 "
        "w:4096"),
    ALL("sched_setaffinity", "0,2000,A", 0, "A= z:1100 4:1 z:896"),
    ALL("sched_setaffinity", "0,2000,A", 0, "A= 4:5 z:124 4:1 z:252 4:1 "
        "z:1612"),
    ALL("sched_setaffinity", "0,132,A", 0, "A= 4:5 z:124 4:1"),
    ALL("sched_setaffinity", "0,1032,A", 0, "A= 4:5 z:1020 8:1"),
    ALL("sched_getaffinity", "0,2000,A", 136, "A= 4:5 z:124 4:1 z:1868"),
};
const unsigned structs_cases_count = G_N_ELEMENTS(structs_cases);
