/*
 * What calls return.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <linux/nsfs.h>
#include <string.h>

#include "decode/decode.h"
#include "decode/kinds/kinds.h"
#include "decode/print/time.h"
#include "decode/result.h"
#include "decode/names/print.h"

/* The kernel's own codes for a call that is made again. */
enum {
    RESTART_SYS = 512,
    RESTART_NOINTR,
    RESTART_NOHAND,
    RESTART_BLOCK = 516,
};

static bool is_one_of(const char *name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!strcmp(name, list[i])) {
            return true;
        }
    }
    return false;
}

#define IS_ONE_OF(name, list) \
    is_one_of(name, list, sizeof(list) / sizeof((list)[0]))

/*
 * The code that the kernel has replaced when it goes back to the instruction.
 * A call has one of the three, always the same; ERESTART_RESTARTBLOCK does not
 * come back to the same call.
 */
static unsigned restart_code(const FrailCall *call)
{
    static const char *const nohand[] = {
        "_newselect", "io_pgetevents", "io_pgetevents_time64", "msgrcv",
        "msgsnd", "pause", "ppoll", "ppoll_time64", "pselect6",
        "pselect6_time64", "rt_sigsuspend", "select", "sigsuspend",
    };
    static const char *const nointr[] = {
        "clone", "clone3", "fork", "vfork",
    };
    const char *name = frail_syscall_name((FrailAbi)call->abi, call->nr);

    if (name && IS_ONE_OF(name, nohand)) {
        return RESTART_NOHAND;
    }
    return name && IS_ONE_OF(name, nointr) ? RESTART_NOINTR : RESTART_SYS;
}

static void print_restart(FrailText *t, unsigned code)
{
    text_str(t, "? ");
    text_str(t, frail_errno_name(code));
    text_str(t, code == RESTART_SYS ?
             " (To be restarted if SA_RESTART is set)" :
             code == RESTART_NOINTR ? " (To be restarted)" :
             code == RESTART_NOHAND ? " (To be restarted if no handler)" :
             " (Interrupted by signal)");
}

static bool is_restart(unsigned code)
{
    return (code >= RESTART_SYS && code <= RESTART_NOHAND) ||
           code == RESTART_BLOCK;
}

static void print_error(FrailText *t, unsigned err)
{
    const char *name = frail_errno_name(err), *words = frail_errno_text(err);

    text_str(t, "-1 ");
    if (name) {
        text_str(t, name);
    } else {
        text_str(t, "ERRNO_");
        text_udec(t, err);
    }
    text_str(t, " (");
    if (words) {
        text_str(t, words);
    } else {
        text_str(t, "Unknown error ");
        text_udec(t, err);
    }
    text_char(t, ')');
}

void print_result(Printer *p, ResultFn *print)
{
    const FrailCall *call = p->call;

    if (!call->has_result) {
        if (call->restarts) {
            print_restart(p->out, restart_code(call));
        } else {
            text_char(p->out, '?');
        }
    } else if (!call_failed(call->result)) {
        print(p);
    } else if (is_restart(-call->result)) {
        print_restart(p->out, -call->result);
    } else {
        print_error(p->out, -call->result);
    }
}

/* --- For calls.in -------------------------------------------------------- */

void res_dec(Printer *p)
{
    text_dec(p->out, p->result);
}

void res_udec(Printer *p)
{
    text_udec(p->out, printer_word(p) == 8 ? (uint64_t)p->result :
              (uint32_t)p->result);
}

void res_hex(Printer *p)
{
    text_hex(p->out, p->call->abi == CALL_ABI_I386 ? (uint32_t)p->result :
             (uint64_t)p->result);
}

void res_oct(Printer *p)
{
    text_mode(p->out, p->result);
}

void res_fd(Printer *p)
{
    print_fd(p, p->result);
}

void res_none(Printer *p)
{
    text_char(p->out, '?');
}

/* " (NAMES)" behind a number. */
static void in_brackets(Printer *p, const Xlat *x, uint64_t value)
{
    text_str(p->out, " (");
    print_enum(p->out, x, value);
    text_char(p->out, ')');
}

/* The namespaces of a file in /proc/PID/ns: ioctl_ns(2). */
void res_ioctl(Printer *p)
{
    switch ((uint32_t)p->call->args[1]) {
    case NS_GET_USERNS:
    case NS_GET_PARENT:
        print_fd(p, p->result);
        break;
    case NS_GET_NSTYPE:
        text_dec(p->out, p->result);
        text_str(p->out, " (");
        print_flags(p->out, &xlat_setns_types, p->result);
        text_char(p->out, ')');
        break;
    default:
        text_dec(p->out, p->result);
    }
}

void res_signal(Printer *p)
{
    text_dec(p->out, p->result);
    if (p->result > 0) {
        text_str(p->out, " (");
        print_signal(p, p->result);
        text_char(p->out, ')');
    }
}

void res_sighandler(Printer *p)
{
    text_hex(p->out, (uint32_t)p->result);
    text_str(p->out, " (");
    print_sighandler(p, (uint32_t)p->result);
    text_char(p->out, ')');
}

/* sgetmask, ssetmask */
void res_old_sigmask(Printer *p)
{
    text_hex(p->out, (uint32_t)p->result);
}

void res_sigreturn(Printer *p)
{
    text_dec(p->out, p->result);
}

void res_personality(Printer *p)
{
    text_hex(p->out, (uint32_t)p->result);
    text_str(p->out, " (");
    print_personality(p, p->result);
    text_char(p->out, ')');
}

void res_ioprio(Printer *p)
{
    text_hex(p->out, p->result);
    text_str(p->out, " (");
    print_ioprio(p, p->result);
    text_char(p->out, ')');
}

void res_sched_policy(Printer *p)
{
    text_dec(p->out, p->result);
    in_brackets(p, &xlat_sched_policies, p->result);
}

void res_timex(Printer *p)
{
    text_dec(p->out, p->result);
    in_brackets(p, &xlat_adjtimex_states, p->result);
}

void res_time(Printer *p)
{
    size_t start;

    text_dec(p->out, p->result);
    start = p->out->len;
    text_char(p->out, ' ');
    print_time_result(p, p->result);
    if (p->out->len == start + 1) {
        p->out->len = start;
    }
}
