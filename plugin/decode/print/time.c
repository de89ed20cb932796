/*
 * Printers of times.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <time.h>

#include "decode/print/members.h"
#include "decode/print/time.h"

#define NSEC_NOW    0x3fffffffull       /* UTIME_NOW, UTIME_OMIT */
#define NSEC_OMIT   0x3ffffffeull
#define HZ          100                 /* of user mode: USER_HZ */

static bool narrow_time(const Printer *p)
{
    return p->call->abi == CALL_ABI_I386;
}

static MemberSize time_size(const Printer *p, bool wide)
{
    return narrow_time(p) && !wide ? SIZE_32 : SIZE_64;
}

/* Not localtime(): it would lock, and read files. */
static void print_date(Printer *p, int64_t sec, uint64_t fraction,
                       unsigned digits)
{
    time_t t = sec;
    struct tm tm;
    FrailText *o = p->out;

    if (!gmtime_r(&t, &tm)) {
        return;
    }
    text_padded(o, tm.tm_year + 1900, 4);
    text_char(o, '-');
    text_padded(o, tm.tm_mon + 1, 2);
    text_char(o, '-');
    text_padded(o, tm.tm_mday, 2);
    text_char(o, 'T');
    text_padded(o, tm.tm_hour, 2);
    text_char(o, ':');
    text_padded(o, tm.tm_min, 2);
    text_char(o, ':');
    text_padded(o, tm.tm_sec, 2);
    if (fraction) {
        text_char(o, '.');
        text_padded(o, fraction, digits);
    }
    text_str(o, "+0000");
}

/* Years of four digits and positive; a fraction below one second. */
static bool date_is_shown(int64_t sec, uint64_t fraction, unsigned digits)
{
    uint64_t second = digits == 9 ? 1000000000 : 1000000;

    /* The epoch itself stands for no time. */
    return (sec || fraction) && sec > -62135596800 && sec < 253402300800 &&
           fraction < second;
}

void print_date_comment(Printer *p, int64_t sec, uint64_t fraction,
                        unsigned digits)
{
    if (date_is_shown(sec, fraction, digits)) {
        text_str(p->out, " /* ");
        print_date(p, sec, fraction, digits);
        text_str(p->out, " */");
    }
}

static void print_pair(Printer *p, int64_t sec, const char *name,
                       uint64_t fraction)
{
    text_str(p->out, "{tv_sec=");
    text_dec(p->out, sec);
    text_str(p->out, name);
    text_udec(p->out, fraction);
    text_char(p->out, '}');
}

static void take_pair(Members *m, MemberSize size, const char *name)
{
    int64_t sec = take_signed(m, size);

    print_pair(m->p, sec, name, take(m, size));
}

static void print_one(Printer *p, uint64_t addr, MemberSize size,
                      const char *name)
{
    uint8_t buf[16];
    Members m;

    if (members_read(&m, p, addr, buf, 2 * size)) {
        take_pair(&m, size, name);
    }
}

void print_timespec(Printer *p, uint64_t addr)
{
    print_one(p, addr, time_size(p, false), ", tv_nsec=");
}

void print_timespec64(Printer *p, uint64_t addr)
{
    print_one(p, addr, SIZE_64, ", tv_nsec=");
}

void print_timeval(Printer *p, uint64_t addr)
{
    print_one(p, addr, time_size(p, false), ", tv_usec=");
}

void member_timeval(Members *m)
{
    take_pair(m, time_size(m->p, false), ", tv_usec=");
}

/*
 * The kernel writes it when a signal comes; the call then returns one of its
 * restart codes, or EINTR if the signal has a handler.
 */
static void print_left(Printer *p, uint64_t addr, MemberSize size)
{
    uint8_t buf[16];

    if (addr && p->at_return && p->call->restarts &&
        printer_read(p, addr, buf, 2 * size)) {
        Members m;

        members_init(&m, p, buf, 2 * size);
        take_pair(&m, size, ", tv_nsec=");
    } else {
        print_addr(p, addr);
    }
}

void print_timespec_left(Printer *p, uint64_t addr)
{
    print_left(p, addr, time_size(p, false));
}

void print_timespec64_left(Printer *p, uint64_t addr)
{
    print_left(p, addr, SIZE_64);
}

static void print_two(Printer *p, uint64_t addr, MemberSize size,
                      bool nanoseconds)
{
    uint8_t buf[32];
    Members m;

    if (!members_read(&m, p, addr, buf, 4 * size)) {
        return;
    }
    for (unsigned i = 0; i < 2; i++) {
        int64_t sec = take_signed(&m, size);
        uint64_t part = take(&m, size);

        text_str(p->out, i ? ", " : "[");
        if (nanoseconds && part == NSEC_NOW) {
            text_str(p->out, "UTIME_NOW");
        } else if (nanoseconds && part == NSEC_OMIT) {
            text_str(p->out, "UTIME_OMIT");
        } else {
            print_pair(p, sec, nanoseconds ? ", tv_nsec=" : ", tv_usec=",
                       part);
            print_date_comment(p, sec, part, nanoseconds ? 9 : 6);
        }
    }
    text_char(p->out, ']');
}

void print_timespec_pair(Printer *p, uint64_t addr)
{
    print_two(p, addr, time_size(p, false), true);
}

void print_timespec64_pair(Printer *p, uint64_t addr)
{
    print_two(p, addr, SIZE_64, true);
}

void print_timeval_pair(Printer *p, uint64_t addr)
{
    print_two(p, addr, time_size(p, false), false);
}

static void print_dated(Printer *p, int64_t sec)
{
    text_dec(p->out, sec);
    print_date_comment(p, sec, 0, 9);
}

void print_utimbuf(Printer *p, uint64_t addr)
{
    MemberSize size = time_size(p, false);
    uint8_t buf[16];
    Members m;

    if (members_read(&m, p, addr, buf, 2 * size)) {
        member_name(&m, "actime");
        print_dated(p, take_signed(&m, size));
        member_name(&m, "modtime");
        print_dated(p, take_signed(&m, size));
        text_char(p->out, '}');
    }
}

void print_timezone(Printer *p, uint64_t addr)
{
    static const Member list[] = {
        MEMBER("tz_minuteswest", 32, INT),
        MEMBER("tz_dsttime", 32, INT),
    };

    PRINT_MEMBERS(p, addr, ((AbiSize) { 8, 8, 8 }), list);
}

void print_time_pointer(Printer *p, uint64_t addr)
{
    MemberSize size = time_size(p, false);
    uint8_t buf[8];
    Members m;

    if (members_read(&m, p, addr, buf, size)) {
        text_char(p->out, '[');
        print_dated(p, take_signed(&m, size));
        text_char(p->out, ']');
    }
}

void print_time_result(Printer *p, int64_t result)
{
    if (date_is_shown(result, 0, 9)) {
        text_char(p->out, '(');
        print_date(p, result, 0, 0);
        text_char(p->out, ')');
    }
}

static void print_interval(Printer *p, uint64_t addr, MemberSize size,
                           const char *name)
{
    uint8_t buf[32];
    Members m;

    if (members_read(&m, p, addr, buf, 4 * size)) {
        member_name(&m, "it_interval");
        take_pair(&m, size, name);
        member_name(&m, "it_value");
        take_pair(&m, size, name);
        text_char(p->out, '}');
    }
}

void print_itimerval(Printer *p, uint64_t addr)
{
    print_interval(p, addr, time_size(p, false), ", tv_usec=");
}

void print_itimerspec(Printer *p, uint64_t addr)
{
    print_interval(p, addr, time_size(p, false), ", tv_nsec=");
}

void print_itimerspec64(Printer *p, uint64_t addr)
{
    print_interval(p, addr, SIZE_64, ", tv_nsec=");
}

static void timex_number(Members *m, const char *name, MemberSize size)
{
    member_name(m, name);
    text_dec(m->p->out, take_signed(m, size));
}

static void print_any_timex(Printer *p, uint64_t addr, MemberSize n,
                            unsigned len)
{
    uint8_t buf[208];
    Members m;

    if (!members_read(&m, p, addr, buf, len)) {
        return;
    }
    member_name(&m, "modes");
    print_flags(p->out, &xlat_adjtimex_modes, take(&m, SIZE_32));
    take_align(&m, n);
    timex_number(&m, "offset", n);
    timex_number(&m, "freq", n);
    member_name(&m, "maxerror");
    text_udec(p->out, take(&m, n));
    member_name(&m, "esterror");
    text_udec(p->out, take(&m, n));
    member_name(&m, "status");
    print_flags(p->out, &xlat_adjtimex_status, take(&m, SIZE_32));
    take_align(&m, n);
    timex_number(&m, "constant", n);
    member_name(&m, "precision");
    text_udec(p->out, take(&m, n));
    timex_number(&m, "tolerance", n);
    member_name(&m, "time");
    take_pair(&m, n, ", tv_usec=");
    timex_number(&m, "tick", n);
    timex_number(&m, "ppsfreq", n);
    timex_number(&m, "jitter", n);
    timex_number(&m, "shift", SIZE_32);
    take_align(&m, n);
    timex_number(&m, "stabil", n);
    timex_number(&m, "jitcnt", n);
    timex_number(&m, "calcnt", n);
    timex_number(&m, "errcnt", n);
    timex_number(&m, "stbcnt", n);
    timex_number(&m, "tai", SIZE_32);
    text_char(p->out, '}');
}

void print_timex(Printer *p, uint64_t addr)
{
    print_any_timex(p, addr, time_size(p, false), narrow_time(p) ? 128 : 208);
}

void print_timex64(Printer *p, uint64_t addr)
{
    print_any_timex(p, addr, SIZE_64, 208);
}

void print_clock_t(Printer *p, uint64_t ticks)
{
    text_udec(p->out, ticks);
    if (ticks) {
        text_str(p->out, " /* ");
        text_udec(p->out, ticks / HZ);
        text_char(p->out, '.');
        text_padded(p->out, ticks % HZ, 2);
        text_str(p->out, " s */");
    }
}

void print_tms(Printer *p, uint64_t addr)
{
    static const char name[4][12] = {
        "tms_utime", "tms_stime", "tms_cutime", "tms_cstime",
    };
    MemberSize size = time_size(p, false);
    uint8_t buf[32];
    Members m;

    if (!members_read(&m, p, addr, buf, 4 * size)) {
        return;
    }
    for (unsigned i = 0; i < 4; i++) {
        member_name(&m, name[i]);
        /* clock_t is signed: of 32 bits it is extended. */
        print_clock_t(p, take_signed(&m, size));
    }
    text_char(p->out, '}');
}

void print_timeb(Printer *p, uint64_t addr)
{
    static const Member list[] = {
        MEMBER("time", KLONG, INT),
        MEMBER("millitm", 16, UINT),
        MEMBER("timezone", 16, INT),
        MEMBER("dstflag", 16, INT),
    };

    PRINT_MEMBERS(p, addr, ((AbiSize) { 16, 16, 12 }), list);
}

static void member_rtc_time(Members *m)
{
    static const Member list[] = {
        MEMBER("tm_sec", 32, INT),
        MEMBER("tm_min", 32, INT),
        MEMBER("tm_hour", 32, INT),
        MEMBER("tm_mday", 32, INT),
        MEMBER("tm_mon", 32, INT),
        MEMBER("tm_year", 32, INT),
    };
    static const Member more[] = {
        MEMBER("tm_wday", 32, INT),
        MEMBER("tm_yday", 32, INT),
        MEMBER("tm_isdst", 32, INT),
    };

    m->begun = false;
    MEMBERS_PRINT(m, list);
    if (m->p->opts->verbose) {
        MEMBERS_PRINT(m, more);
    } else {
        take_bytes(m, 12);
        text_str(m->p->out, ", ...");
    }
    text_char(m->p->out, '}');
    m->begun = true;
}

void print_rtc_time(Printer *p, uint64_t addr)
{
    uint8_t buf[36];
    Members m;

    if (members_read(&m, p, addr, buf, sizeof(buf))) {
        member_rtc_time(&m);
    }
}

void print_rtc_wkalrm(Printer *p, uint64_t addr)
{
    static const Member list[] = {
        MEMBER("enabled", 8, UINT),
        MEMBER("pending", 8, UINT),
        MEMBER_CALL("time", member_rtc_time),
    };
    uint8_t buf[40];
    Members m;

    if (members_read(&m, p, addr, buf, sizeof(buf))) {
        members_print(&m, list, 2);
        take_align(&m, 4);
        members_print(&m, list + 2, 1);
        text_char(p->out, '}');
    }
}
