/*
 * Printers of times.
 *
 * All print NULL, or the bare pointer when nothing can be read there or, at
 * return, the call has failed.  On the vCPU's thread.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PRINT_TIME_H
#define FRAIL_PRINT_TIME_H

#include "decode/printer.h"

struct Members;

/*
 * Seconds are of 64 bits for x86-64 and x32, of 32 for i386; the functions
 * that end in 64 are for i386's calls *_time64 and *64, which have 64.
 */
void print_timespec(Printer *p, uint64_t addr);
void print_timespec64(Printer *p, uint64_t addr);
void print_timeval(Printer *p, uint64_t addr);
/* What is left of a nanosleep: shown only when that was interrupted. */
void print_timespec_left(Printer *p, uint64_t addr);
void print_timespec64_left(Printer *p, uint64_t addr);
/* Two of them: utimensat; utimes, futimesat. */
void print_timespec_pair(Printer *p, uint64_t addr);
void print_timespec64_pair(Printer *p, uint64_t addr);
void print_timeval_pair(Printer *p, uint64_t addr);
void print_utimbuf(Printer *p, uint64_t addr);
void print_timezone(Printer *p, uint64_t addr);
/* The argument of time and stime: [1700000000 with its date as a comment] */
void print_time_pointer(Printer *p, uint64_t addr);
/* What time returns: its date, in parentheses. */
void print_time_result(Printer *p, int64_t result);

void print_itimerval(Printer *p, uint64_t addr);
void print_itimerspec(Printer *p, uint64_t addr);
void print_itimerspec64(Printer *p, uint64_t addr);
/* adjtimex, clock_adjtime; clock_adjtime64 of i386. */
void print_timex(Printer *p, uint64_t addr);
void print_timex64(Printer *p, uint64_t addr);
/* i386: ftime; strace 6.1 shows nothing of it. */
void print_timeb(Printer *p, uint64_t addr);
void print_tms(Printer *p, uint64_t addr);
/* struct rtc_time, struct rtc_wkalrm of ioctl RTC_*. */
void print_rtc_time(Printer *p, uint64_t addr);
void print_rtc_wkalrm(Printer *p, uint64_t addr);

/*
 * A comment, 2023-11-14T22:13:20.000000005+0000, in UTC: the guest's time zone
 * is not known.  @digits of @fraction, none when that is 0; nothing at all for
 * the year 0 and before and for a @fraction that has more digits.
 */
void print_date_comment(Printer *p, int64_t sec, uint64_t fraction,
                        unsigned digits);

/* Ticks of 1/100 s, and that many seconds as a comment. */
void print_clock_t(Printer *p, uint64_t ticks);
/* As a member of a structure: {tv_sec=1, tv_usec=2} */
void member_timeval(struct Members *m);

#endif /* FRAIL_PRINT_TIME_H */
