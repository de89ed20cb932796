/*
 * What calls return, in the words of strace.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_RESULT_H
#define FRAIL_RESULT_H

#include "decode/args.h"

static inline bool call_failed(int64_t result)
{
    return result < 0 && result >= -4095;
}

/*
 * The result of p->call, by @print if it is no error: "3", "-1 ENOENT (...)",
 * "? ERESTARTSYS (...)", "?".
 */
void print_result(Printer *p, ResultFn *print);

/* --- For calls.in -------------------------------------------------------- */

ResultFn res_dec;
ResultFn res_udec;
ResultFn res_hex;
ResultFn res_oct;
ResultFn res_fd;
ResultFn res_none;
ResultFn res_signal;
ResultFn res_ioctl;
ResultFn res_sighandler;
ResultFn res_old_sigmask;
ResultFn res_sigreturn;
ResultFn res_fcntl;
ResultFn res_prctl;
ResultFn res_personality;
ResultFn res_ioprio;
ResultFn res_sched_policy;
ResultFn res_landlock_create;
ResultFn res_poll;
ResultFn res_ppoll;
ResultFn res_select;
ResultFn res_pselect;
ResultFn res_timex;
ResultFn res_time;

#endif /* FRAIL_RESULT_H */
