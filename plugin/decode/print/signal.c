/*
 * Printers of signals, their sets, handlers and what comes with them.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/print/members.h"
#include "decode/print/signal.h"

#define SET_SIZE        8       /* of the kernel's sigset_t */

/* Without "SIG", as sets have it. */
static void signal_short(Printer *p, unsigned sig)
{
    const char *name = frail_signal_name(sig);

    if (name) {
        text_str(p->out, name + strlen("SIG"));
    }
}

void print_signal_name(Printer *p, unsigned sig)
{
    const char *name = frail_signal_name(sig);

    if (name) {
        text_str(p->out, name);
    } else {
        text_dec(p->out, (int)sig);
    }
}

void print_sigset_value(Printer *p, uint64_t set, unsigned size)
{
    unsigned signals = size * 8;
    bool first = true;

    /* A set of nearly all shows those that are missing. */
    if ((unsigned)__builtin_popcountll(set) >= signals * 2 / 3) {
        text_char(p->out, '~');
        set = ~set;
    }
    text_char(p->out, '[');
    for (unsigned i = 0; i < signals; i++) {
        if (!(set >> i & 1)) {
            continue;
        }
        if (!first) {
            text_char(p->out, ' ');
        }
        first = false;
        signal_short(p, i + 1);
    }
    text_char(p->out, ']');
}

void print_sigset(Printer *p, uint64_t addr, uint64_t size)
{
    uint64_t set = 0;

    if (!printer_fetch(p, addr)) {
        return;
    }
    if ((size != SET_SIZE && size != printer_word(p)) ||
        !printer_read(p, addr, &set, size)) {
        print_addr(p, addr);
        return;
    }
    print_sigset_value(p, set, size);
}

void print_old_sigset(Printer *p, uint64_t addr)
{
    print_sigset(p, addr, 4);
}

/* --- Handlers and stacks ------------------------------------------------ */

static void print_handler(Members *m)
{
    static const char name[3][8] = { "SIG_DFL", "SIG_IGN", "SIG_ERR" };
    uint64_t handler = take(m, SIZE_WORD);

    if (handler == UINT64_MAX) {
        text_str(m->p->out, name[2]);
    } else if (handler < 2) {
        text_str(m->p->out, name[handler]);
    } else {
        print_addr(m->p, handler);
    }
}

static void action_flags(Members *m, uint64_t flags, uint64_t restorer)
{
    member_name(m, "sa_flags");
    print_flags(m->p->out, &xlat_sigaction_flags, flags);
    if (flags & 0x04000000) {           /* SA_RESTORER */
        member_name(m, "sa_restorer");
        print_addr(m->p, restorer);
    }
    text_char(m->p->out, '}');
}

static void action_mask(Members *m, uint64_t set, unsigned size)
{
    member_name(m, "sa_mask");
    print_sigset_value(m->p, set, size);
}

void print_sigaction(Printer *p, uint64_t addr)
{
    uint64_t flags, restorer;
    uint8_t buf[32];
    Members m;

    if (!members_read(&m, p, addr, buf,
                      abi_size(p, (AbiSize) { 32, 20, 20 }))) {
        return;
    }
    member_name(&m, "sa_handler");
    print_handler(&m);
    flags = take(&m, SIZE_WORD);
    restorer = take(&m, SIZE_WORD);
    /* The only 64-bit member, and not aligned for x32. */
    m.align64 = m.word;
    action_mask(&m, take(&m, SIZE_64), SET_SIZE);
    action_flags(&m, flags, restorer);
}

void print_old_sigaction(Printer *p, uint64_t addr)
{
    uint64_t flags;
    uint8_t buf[16];
    Members m;

    if (!members_read(&m, p, addr, buf, sizeof(buf))) {
        return;
    }
    member_name(&m, "sa_handler");
    print_handler(&m);
    action_mask(&m, take(&m, SIZE_32), 4);
    flags = take(&m, SIZE_32);
    action_flags(&m, flags, take(&m, SIZE_32));
}

void print_stack_t(Printer *p, uint64_t addr)
{
    static const Member list[] = {
        MEMBER("ss_sp", WORD, ADDR),
        MEMBER_FLAGS("ss_flags", 32, sigaltstack_flags),
        MEMBER("ss_size", WORD, UINT),
    };

    PRINT_MEMBERS(p, addr, ((AbiSize) { 24, 12, 12 }), list);
}

/* --- sigevent ----------------------------------------------------------- */

static void print_sigval(Members *m, const char *int_name,
                         const char *ptr_name, uint64_t value)
{
    text_str(m->p->out, int_name);
    text_dec(m->p->out, (int32_t)value);
    text_str(m->p->out, ptr_name);
    print_addr(m->p, value);
}

void print_sigevent(Printer *p, uint64_t addr)
{
    enum { NOTIFY_SIGNAL = 0, NOTIFY_THREAD = 2, NOTIFY_TID = 4 };
    uint64_t value;
    uint32_t sig, notify;
    uint8_t buf[32];
    Members m;

    if (!members_read(&m, p, addr, buf,
                      abi_size(p, (AbiSize) { 32, 20, 20 }))) {
        return;
    }
    value = take(&m, SIZE_WORD);
    sig = take(&m, SIZE_32);
    notify = take(&m, SIZE_32);
    if (value) {
        member_name(&m, "sigev_value");
        print_sigval(&m, "{sival_int=", ", sival_ptr=", value);
        text_char(p->out, '}');
    }
    member_name(&m, "sigev_signo");
    if (notify == NOTIFY_SIGNAL || notify == NOTIFY_THREAD ||
        notify == NOTIFY_TID) {
        print_signal_name(p, sig);
    } else {
        text_udec(p->out, sig);
    }
    member_name(&m, "sigev_notify");
    print_enum(p->out, &xlat_sigev_types, notify);
    if (notify == NOTIFY_TID) {
        member_name(&m, "sigev_notify_thread_id");
        text_dec(p->out, take_signed(&m, SIZE_32));
    } else if (notify == NOTIFY_THREAD) {
        member_name(&m, "sigev_notify_function");
        print_addr(p, take(&m, SIZE_WORD));
        member_name(&m, "sigev_notify_attributes");
        print_addr(p, take(&m, SIZE_WORD));
    }
    text_char(p->out, '}');
}
