/*
 * Arguments of calls that have to do with the system, and of those that
 * observe or confine a process.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <linux/fcntl.h>

#include "decode/kinds/kinds.h"
#include "decode/names/print.h"
#include "decode/pool.h"
#include "decode/print/bpf.h"
#include "decode/print/btf.h"
#include "decode/print/iouring.h"
#include "decode/print/quota.h"
#include "decode/print/signal.h"
#include "decode/print/thread.h"
#include "decode/result.h"

/* --- By the guest's own description -------------------------------------- */

void arg_btf(Arg *a)
{
    if (!print_btf_arg(a->p, pool_btf_args(a->p->call->pool, a->p->guest),
                       a->spec->reg, a->value)) {
        print_addr(a->p, a->value);
    }
}

void arg_btf_out(Arg *a)
{
    if (arg_written(a)) {
        arg_btf(a);
    }
}

/* --- syslog, reboot, quotactl -------------------------------------------- */

enum { SYSLOG_READ = 2, SYSLOG_READ_ALL, SYSLOG_READ_CLEAR, SYSLOG_LEVEL = 8 };

/* strace 6.1 shows this number with its name as a comment. */
void arg_syslog_type(Arg *a)
{
    const char *name = xlat_name(&xlat_syslog_actions, (uint32_t)a->value);

    text_udec(a->p->out, (uint32_t)a->value);
    text_str(a->p->out, " /* ");
    text_str(a->p->out, name ? name : "SYSLOG_ACTION_???");
    text_str(a->p->out, " */");
}

void arg_syslog_buf(Arg *a)
{
    switch ((uint32_t)arg_ref(a)) {
    case SYSLOG_READ:
    case SYSLOG_READ_ALL:
    case SYSLOG_READ_CLEAR:
        arg_outbuf(a);
        break;
    case SYSLOG_LEVEL:
        arg_addr(a);
        break;
    default:
        a->absent = true;
    }
}

void arg_syslog_len(Arg *a)
{
    switch ((uint32_t)arg_ref(a)) {
    case SYSLOG_READ:
    case SYSLOG_READ_ALL:
    case SYSLOG_READ_CLEAR:
    case SYSLOG_LEVEL:
        arg_int(a);
        break;
    default:
        a->absent = true;
    }
}

#define REBOOT_RESTART2 0xa1b2c3d4

void arg_reboot_arg(Arg *a)
{
    if ((uint32_t)arg_ref(a) == REBOOT_RESTART2) {
        arg_str(a);
    } else {
        a->absent = true;
    }
}

void arg_quotactl_cmd(Arg *a)
{
    write_quota_cmd(a->p->out, a->value);
}

/* linux/quota.h, linux/dqblk_xfs.h; sys/quota.h has some others. */
enum {
    QUOTA_SYNC = 0x800001, QUOTA_ON, QUOTA_OFF, QUOTA_GETFMT, QUOTA_GETINFO,
    QUOTA_SETINFO, QUOTA_GETQUOTA, QUOTA_SETQUOTA, QUOTA_GETNEXTQUOTA,
    QUOTA_XON = 0x5801, QUOTA_XOFF, QUOTA_XGETQUOTA, QUOTA_XSETQLIM,
    QUOTA_XGETQSTAT, QUOTA_XQUOTARM, QUOTA_XQUOTASYNC, QUOTA_XGETQSTATV,
    QUOTA_XGETNEXTQUOTA,
};

static void quota_format(Printer *p, uint64_t addr)
{
    uint32_t format;

    if (!addr || !printer_read(p, addr, &format, sizeof(format))) {
        print_addr(p, addr);
        return;
    }
    text_char(p->out, '[');
    print_enum(p->out, &xlat_quota_formats, format);
    text_char(p->out, ']');
}

void arg_quotactl(Arg *a)
{
    StructFn *out = NULL;

    switch ((uint32_t)arg_ref(a) >> 8) {
    case QUOTA_ON:
        arg_path(a);
        return;
    case QUOTA_SYNC:
    case QUOTA_OFF:
    case QUOTA_XQUOTASYNC:
        a->absent = true;
        return;
    case QUOTA_SETQUOTA:
        print_dqblk(a->p, a->value);
        return;
    case QUOTA_SETINFO:
        print_dqinfo(a->p, a->value);
        return;
    case QUOTA_XSETQLIM:
        print_xfs_dqblk(a->p, a->value);
        return;
    case QUOTA_GETFMT:
        out = quota_format;
        break;
    case QUOTA_GETINFO:
        out = print_dqinfo;
        break;
    case QUOTA_GETQUOTA:
        out = print_dqblk;
        break;
    case QUOTA_GETNEXTQUOTA:
        out = print_nextdqblk;
        break;
    case QUOTA_XGETQUOTA:
    case QUOTA_XGETNEXTQUOTA:
        out = print_xfs_dqblk;
        break;
    case QUOTA_XGETQSTAT:
        out = print_xfs_dqstat;
        break;
    case QUOTA_XGETQSTATV:
        out = print_xfs_dqstatv;
        break;
    default:
        arg_addr(a);
        return;
    }
    if (arg_written(a)) {
        out(a->p, a->value);
    }
}

/* What it goes on with is known only to the kernel. */
void arg_restart(Arg *a)
{
    text_str(a->p->out, "<... resuming interrupted system call ...>");
}

/* --- ptrace, kcmp -------------------------------------------------------- */

enum {
    TRACEME = 0, PEEKTEXT, PEEKDATA, PEEKUSER, POKETEXT, POKEDATA, POKEUSER,
    CONT, KILL, SINGLESTEP, ATTACH = 16, DETACH, SYSCALL = 24,
    SETOPTIONS = 0x4200, GETEVENTMSG, GETSIGINFO, SETSIGINFO, GETREGSET,
    SETREGSET, SEIZE, INTERRUPT, LISTEN,
};

void arg_ptrace_pid(Arg *a)
{
    if ((uint32_t)arg_ref(a) == TRACEME) {
        a->absent = true;
    } else {
        arg_int(a);
    }
}

/* Requests that have neither address nor data. */
static bool ptrace_is_bare(uint32_t request)
{
    return request == TRACEME || request == ATTACH || request == KILL ||
           request == INTERRUPT || request == LISTEN;
}

void arg_ptrace_addr(Arg *a)
{
    a->absent = ptrace_is_bare(arg_ref(a));
    if (a->absent) {
        return;
    }
    switch ((uint32_t)arg_ref(a)) {
    case GETREGSET:
    case SETREGSET:
        print_enum(a->p->out, &xlat_elf_notes, (uint32_t)a->value);
        break;
    default:
        arg_addr(a);
    }
}

void arg_ptrace_data(Arg *a)
{
    a->absent = ptrace_is_bare(arg_ref(a));
    if (a->absent) {
        return;
    }
    switch ((uint32_t)arg_ref(a)) {
    case CONT:
    case DETACH:
    case SINGLESTEP:
    case SYSCALL:
        if (a->value) {
            print_signal(a->p, a->value);
        } else {
            text_char(a->p->out, '0');
        }
        break;
    case SETOPTIONS:
    case SEIZE:
        print_flags(a->p->out, &xlat_ptrace_options, (uint32_t)a->value);
        break;
    case GETEVENTMSG:
        arg_ulong_out(a);
        break;
    case PEEKTEXT:
    case PEEKDATA:
    case PEEKUSER:
        arg_addr_out(a);
        break;
    case POKETEXT:
    case POKEDATA:
    case POKEUSER:
        arg_hex(a);
        break;
    default:
        arg_addr(a);
    }
}

enum { KCMP_FILE_ = 0, KCMP_EPOLL_TFD_ = 7 };

void arg_kcmp_idx(Arg *a)
{
    uint32_t type = arg_ref(a);

    if (type == KCMP_FILE_ || type == KCMP_EPOLL_TFD_) {
        arg_uint(a);
    } else {
        a->absent = true;
    }
}

void arg_kcmp_idx2(Arg *a)
{
    if ((uint32_t)arg_ref(a) == KCMP_EPOLL_TFD_) {
        print_kcmp_slot(a->p, a->value);
    } else {
        arg_kcmp_idx(a);
    }
}

/* --- seccomp, bpf -------------------------------------------------------- */

enum { SET_STRICT, SET_FILTER, ACTION_AVAIL, NOTIF_SIZES };

void arg_seccomp_flags(Arg *a)
{
    if ((uint32_t)arg_ref(a) == SET_FILTER) {
        print_flags(a->p->out, &xlat_seccomp_filter_flags,
                    (uint32_t)a->value);
    } else {
        arg_hex32(a);
    }
}

void arg_seccomp_arg(Arg *a)
{
    uint32_t op = arg_ref(a);

    if ((op != ACTION_AVAIL && op != NOTIF_SIZES) || arg_written(a)) {
        print_seccomp_args(a->p, op, a->value);
    }
}

void arg_bpf_attr(Arg *a)
{
    print_bpf_attr(a->p, arg_ref(a), a->value, a->p->call->args[2]);
}

/* --- io_uring ------------------------------------------------------------ */

void arg_uring_register(Arg *a)
{
    print_io_uring_register(a->p, arg_ref(a), a->value,
                            a->p->call->args[3]);
}

#define ENTER_EXT_ARG           8u
#define ENTER_REGISTERED_RING   16u

/*
 * The queue is read at entry, and not of a call that somebody decodes only when
 * it has returned: then it holds other entries.
 */
void arg_uring_submit(Arg *a)
{
    const FrailCall *call = a->p->call;

    arg_uint(a);
    a->once = true;
    if (a->p->opts->io_uring && !call->has_result && !call->restarts &&
        !call->refused) {
        print_io_uring_submitted(a->p, (int)call->args[0],
                                 arg_ref(a) & ENTER_REGISTERED_RING,
                                 a->value);
    }
}

void arg_uring_enter_arg(Arg *a)
{
    if (arg_ref(a) & ENTER_EXT_ARG) {
        arg_addr(a);
    } else {
        print_sigset(a->p, a->value, a->p->call->args[5]);
    }
}

/* --- landlock ------------------------------------------------------------ */

/* 64-bit flags of which a structure has as many as its size says. */
void arg_landlock_attr(Arg *a)
{
    static const char *const names[] = {
        "{handled_access_fs=", ", handled_access_net=", ", scoped=",
    };
    const Xlat *const tables[] = {
        &xlat_landlock_fs_access, &xlat_landlock_net_access,
        &xlat_landlock_scopes,
    };
    Printer *p = a->p;
    uint64_t value;
    unsigned i;

    for (i = 0; i < 3 && arg_ref(a) >= (i + 1) * 8; i++) {
        if (!a->value ||
            !printer_read(p, a->value + i * 8, &value, sizeof(value))) {
            break;
        }
        text_str(p->out, names[i]);
        print_flags(p->out, tables[i], value);
    }
    if (i) {
        text_char(p->out, '}');
    } else {
        print_addr(p, a->value);
    }
}

enum { PATH_BENEATH = 1, NET_PORT };

void arg_landlock_rule(Arg *a)
{
    Printer *p = a->p;
    uint64_t access, port;
    int32_t fd;
    uint32_t type = arg_ref(a);

    if ((type != PATH_BENEATH && type != NET_PORT) || !a->value ||
        !printer_read(p, a->value, &access, sizeof(access)) ||
        !(type == NET_PORT ?
          printer_read(p, a->value + 8, &port, sizeof(port)) :
          printer_read(p, a->value + 8, &fd, sizeof(fd)))) {
        print_addr(p, a->value);
        return;
    }
    text_str(p->out, "{allowed_access=");
    if (type == NET_PORT) {
        print_flags(p->out, &xlat_landlock_net_access, access);
        text_str(p->out, ", port=");
        text_udec(p->out, port);
    } else {
        print_flags(p->out, &xlat_landlock_fs_access, access);
        text_str(p->out, ", parent_fd=");
        print_fd(p, fd);
    }
    text_char(p->out, '}');
}

/* Asked for the ABI's version it returns that, else a descriptor. */
void res_landlock_create(Printer *p)
{
    if (p->call->args[2] & 1) {
        res_dec(p);
    } else {
        res_fd(p);
    }
}

/* --- fsconfig ------------------------------------------------------------ */

enum { SET_FLAG, SET_STRING, SET_BINARY, SET_PATH, SET_PATH_EMPTY, SET_FD };

void arg_fsconfig_key(Arg *a)
{
    if ((uint32_t)arg_ref(a) <= SET_FD) {
        arg_str(a);
    } else {
        arg_addr(a);
    }
}

void arg_fsconfig_value(Arg *a)
{
    switch ((uint32_t)arg_ref(a)) {
    case SET_STRING:
        arg_str(a);
        break;
    case SET_PATH:
    case SET_PATH_EMPTY:
        arg_path(a);
        break;
    case SET_BINARY:
        print_buffer(a->p, a->value, (uint32_t)a->p->call->args[4]);
        break;
    default:
        arg_addr(a);
    }
}

void arg_fsconfig_aux(Arg *a)
{
    switch ((uint32_t)arg_ref(a)) {
    case SET_PATH:
    case SET_PATH_EMPTY:
        arg_dirfd(a);
        break;
    case SET_FD:
        arg_fd(a);
        break;
    default:
        arg_int(a);
    }
}

void arg_kexec_flags(Arg *a)
{
    write_kexec_flags(a->p->out, a->value);
}
