/*
 * Printers of what is told about processes and the machine.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <sys/wait.h>

#include "decode/print/members.h"
#include "decode/print/proc.h"
#include "decode/print/signal.h"
#include "decode/print/time.h"

#define GROUPS_MAX  65536       /* NGROUPS_MAX of the kernel */

static void print_limit(Printer *p, uint64_t limit, uint64_t infinity,
                        const char *name)
{
    if (limit == infinity) {
        text_str(p->out, name);
    } else if (limit > 1024 && limit % 1024 == 0) {
        text_udec(p->out, limit / 1024);
        text_str(p->out, "*1024");
    } else {
        text_udec(p->out, limit);
    }
}

static void print_any_rlimit(Printer *p, uint64_t addr, MemberSize size)
{
    uint64_t infinity = size == SIZE_32 ? UINT32_MAX : UINT64_MAX;
    const char *name = size == SIZE_32 ? "RLIM_INFINITY" : "RLIM64_INFINITY";
    uint8_t buf[16];
    Members m;

    if (members_read(&m, p, addr, buf, 2 * size)) {
        member_name(&m, "rlim_cur");
        print_limit(p, take(&m, size), infinity, name);
        member_name(&m, "rlim_max");
        print_limit(p, take(&m, size), infinity, name);
        text_char(p->out, '}');
    }
}

void print_rlimit(Printer *p, uint64_t addr)
{
    print_any_rlimit(p, addr, p->call->abi == CALL_ABI_I386 ? SIZE_32 :
                     SIZE_64);
}

void print_rlimit64(Printer *p, uint64_t addr)
{
    print_any_rlimit(p, addr, SIZE_64);
}

void print_rusage(Printer *p, uint64_t addr)
{
    static const Member times[] = {
        MEMBER_CALL("ru_utime", member_timeval),
        MEMBER_CALL("ru_stime", member_timeval),
    };
    static const Member more[] = {
        MEMBER("ru_maxrss", KLONG, UINT),
        MEMBER("ru_ixrss", KLONG, UINT),
        MEMBER("ru_idrss", KLONG, UINT),
        MEMBER("ru_isrss", KLONG, UINT),
        MEMBER("ru_minflt", KLONG, UINT),
        MEMBER("ru_majflt", KLONG, UINT),
        MEMBER("ru_nswap", KLONG, UINT),
        MEMBER("ru_inblock", KLONG, UINT),
        MEMBER("ru_oublock", KLONG, UINT),
        MEMBER("ru_msgsnd", KLONG, UINT),
        MEMBER("ru_msgrcv", KLONG, UINT),
        MEMBER("ru_nsignals", KLONG, UINT),
        MEMBER("ru_nvcsw", KLONG, UINT),
        MEMBER("ru_nivcsw", KLONG, UINT),
    };
    uint8_t buf[144];
    Members m;

    if (!members_read(&m, p, addr, buf,
                      abi_size(p, (AbiSize) { 144, 144, 72 }))) {
        return;
    }
    MEMBERS_PRINT(&m, times);
    if (p->opts->verbose) {
        MEMBERS_PRINT(&m, more);
    } else {
        text_str(p->out, ", ...");
    }
    text_char(p->out, '}');
}

/* The low 16 bits of a status; a bare number when they mean nothing. */
static bool print_low_status(Printer *p, unsigned status)
{
    FrailText *t = p->out;

    if (WIFSTOPPED(status)) {
        unsigned sig = WSTOPSIG(status);

        text_str(t, "{WIFSTOPPED(s) && WSTOPSIG(s) == ");
        print_signal_name(p, sig & 0x7f);
        text_str(t, sig & 0x80 ? " | 0x80}" : "}");
    } else if (WIFSIGNALED(status)) {
        text_str(t, "{WIFSIGNALED(s) && WTERMSIG(s) == ");
        print_signal_name(p, WTERMSIG(status));
        text_str(t, WCOREDUMP(status) ? " && WCOREDUMP(s)}" : "}");
    } else if (WIFEXITED(status)) {
        text_str(t, "{WIFEXITED(s) && WEXITSTATUS(s) == ");
        text_udec(t, WEXITSTATUS(status));
        text_char(t, '}');
    } else if (WIFCONTINUED(status)) {
        text_str(t, "{WIFCONTINUED(s)}");
    } else {
        return false;
    }
    return true;
}

void print_wait_status(Printer *p, uint64_t addr)
{
    uint32_t status;

    if (!printer_fetch(p, addr)) {
        return;
    }
    if (!printer_read(p, addr, &status, sizeof(status))) {
        print_addr(p, addr);
        return;
    }
    text_char(p->out, '[');
    if (!print_low_status(p, status & 0xffff)) {
        text_hex(p->out, status);
    } else if (status >> 16) {
        text_char(p->out, '|');
        print_enum(p->out, &xlat_ptrace_events, status >> 16);
        text_str(p->out, "<<16");
    }
    text_char(p->out, ']');
}

/* Names of @size bytes each; the oldest calls have no domain name. */
static void print_any_utsname(Printer *p, uint64_t addr, unsigned names,
                              unsigned size)
{
    static const char name[6][12] = {
        "sysname", "nodename", "release", "version", "machine", "domainname",
    };
    uint8_t buf[6 * 65];
    Members m;

    if (!members_read(&m, p, addr, buf, names * size)) {
        return;
    }
    for (unsigned i = 0; i < (p->opts->verbose ? names : 2); i++) {
        member_name(&m, name[i]);
        print_text(p, take_bytes(&m, size), size);
    }
    text_str(p->out, p->opts->verbose ? "}" : ", ...}");
}

void print_utsname(Printer *p, uint64_t addr)
{
    print_any_utsname(p, addr, 6, 65);
}

void print_old_utsname(Printer *p, uint64_t addr)
{
    print_any_utsname(p, addr, 5, 65);
}

void print_oldold_utsname(Printer *p, uint64_t addr)
{
    print_any_utsname(p, addr, 5, 9);
}

static void sysinfo_loads(Members *m)
{
    text_char(m->p->out, '[');
    for (unsigned i = 0; i < 3; i++) {
        print_comma(m->p, i);
        text_udec(m->p->out, take(m, SIZE_KLONG));
    }
    text_char(m->p->out, ']');
}

void print_sysinfo(Printer *p, uint64_t addr)
{
    static const Member list[] = {
        MEMBER("uptime", KLONG, UINT),
        MEMBER_CALL("loads", sysinfo_loads),
        MEMBER("totalram", KLONG, UINT),
        MEMBER("freeram", KLONG, UINT),
        MEMBER("sharedram", KLONG, UINT),
        MEMBER("bufferram", KLONG, UINT),
        MEMBER("totalswap", KLONG, UINT),
        MEMBER("freeswap", KLONG, UINT),
        MEMBER("procs", 16, UINT),
        MEMBER_GAP(2),
        MEMBER("totalhigh", KLONG, UINT),
        MEMBER("freehigh", KLONG, UINT),
        MEMBER("mem_unit", 32, UINT),
    };

    PRINT_MEMBERS(p, addr, ((AbiSize) { 112, 112, 64 }), list);
}

/* --- Single numbers ----------------------------------------------------- */

/* The value of @size bytes at @addr; the bare pointer if there is none. */
static bool pointed(Printer *p, uint64_t addr, unsigned size, uint64_t *value)
{
    *value = 0;
    if (!printer_fetch(p, addr)) {
        return false;
    }
    if (!printer_read(p, addr, value, size)) {
        print_addr(p, addr);
        return false;
    }
    text_char(p->out, '[');
    return true;
}

void print_int_pointer(Printer *p, uint64_t addr)
{
    uint64_t value;

    if (pointed(p, addr, 4, &value)) {
        text_dec(p->out, (int32_t)value);
        text_char(p->out, ']');
    }
}

void print_fd_pointer(Printer *p, uint64_t addr)
{
    uint64_t value;

    if (pointed(p, addr, 4, &value)) {
        print_fd(p, value);
        text_char(p->out, ']');
    }
}

void print_uint_pointer(Printer *p, uint64_t addr)
{
    uint64_t value;

    if (pointed(p, addr, 4, &value)) {
        text_udec(p->out, value);
        text_char(p->out, ']');
    }
}

void print_pointer_pointer(Printer *p, uint64_t addr)
{
    uint64_t value;

    if (pointed(p, addr, printer_word(p), &value)) {
        print_addr(p, value);
        text_char(p->out, ']');
    }
}

void print_size_pointer(Printer *p, uint64_t addr)
{
    uint64_t value;

    if (pointed(p, addr, printer_word(p), &value)) {
        text_udec(p->out, value);
        text_char(p->out, ']');
    }
}

void print_enum_pointer(Printer *p, uint64_t addr, const Xlat *x)
{
    uint64_t value;

    if (pointed(p, addr, 4, &value)) {
        print_enum(p->out, x, value);
        text_char(p->out, ']');
    }
}

/* --- Ids and descriptors ------------------------------------------------ */

unsigned print_id_size(const Printer *p, bool is_32)
{
    return p->call->abi == CALL_ABI_I386 && !is_32 ? 2 : 4;
}

static void print_any_id(Printer *p, uint32_t id, unsigned size)
{
    print_id(p, size == 2 && id == UINT16_MAX ? UINT32_MAX : id);
}

void print_id_pointer(Printer *p, uint64_t addr, unsigned size)
{
    uint64_t value;

    if (pointed(p, addr, size, &value)) {
        print_any_id(p, value, size);
        text_char(p->out, ']');
    }
}

static void print_id_element(Printer *p, const uint8_t *elem, void *opaque)
{
    unsigned size = *(unsigned *)opaque;
    uint32_t id = 0;

    memcpy(&id, elem, size);
    print_any_id(p, id, size);
}

void print_id_list(Printer *p, uint64_t addr, uint64_t count, unsigned size)
{
    if (addr && count > GROUPS_MAX) {
        print_addr(p, addr);
    } else {
        print_array(p, addr, count, size, print_id_element, &size);
    }
}

void print_fd_pair(Printer *p, uint64_t addr)
{
    int32_t fd[2];

    if (!printer_fetch(p, addr)) {
        return;
    }
    if (!printer_read(p, addr, fd, sizeof(fd))) {
        print_addr(p, addr);
        return;
    }
    text_char(p->out, '[');
    print_fd(p, fd[0]);
    text_str(p->out, ", ");
    print_fd(p, fd[1]);
    text_char(p->out, ']');
}
