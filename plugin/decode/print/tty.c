/*
 * Printers of the structures of terminals.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <asm/termbits.h>

#include "decode/print/members.h"
#include "decode/print/tty.h"

/* Names, each behind a "|" unless it is the first; a rest as a number. */
static void print_bits(FrailText *t, const Xlat *x, uint64_t value)
{
    bool first = true;
    uint64_t rest = print_flags_known(t, x, value, &first);

    if (rest) {
        if (!first) {
            text_char(t, '|');
        }
        text_hex(t, rest);
    }
}

/* A field of several bits, which always has a name. */
static void print_delay(FrailText *t, uint32_t flags, uint32_t mask,
                        const char *const *names)
{
    unsigned shift = __builtin_ctz(mask);

    text_str(t, names[(flags & mask) >> shift]);
    text_char(t, '|');
}

static void print_oflag(FrailText *t, uint32_t flags)
{
    static const char *const nl[] = { "NL0", "NL1" };
    static const char *const cr[] = { "CR0", "CR1", "CR2", "CR3" };
    static const char *const tab[] = { "TAB0", "TAB1", "TAB2", "XTABS" };
    static const char *const bs[] = { "BS0", "BS1" };
    static const char *const vt[] = { "VT0", "VT1" };
    static const char *const ff[] = { "FF0", "FF1" };

    print_delay(t, flags, NLDLY, nl);
    print_delay(t, flags, CRDLY, cr);
    print_delay(t, flags, TABDLY, tab);
    print_delay(t, flags, BSDLY, bs);
    print_delay(t, flags, VTDLY, vt);
    print_delay(t, flags, FFDLY, ff);
    print_bits(t, &xlat_term_oflags,
               flags & ~(NLDLY | CRDLY | TABDLY | BSDLY | VTDLY | FFDLY));
}

static void print_cflag(FrailText *t, uint32_t flags)
{
    uint32_t input = (flags & CIBAUD) >> IBSHIFT;

    print_enum(t, &xlat_term_speeds, flags & CBAUD);
    text_char(t, '|');
    if (input) {
        print_enum(t, &xlat_term_speeds, input);
        text_str(t, "<<IBSHIFT|");
    }
    print_enum(t, &xlat_term_sizes, flags & CSIZE);
    text_char(t, '|');
    print_bits(t, &xlat_term_cflags, flags & ~(CBAUD | CIBAUD | CSIZE));
}

static void print_control_chars(Members *m, unsigned count)
{
    static const char *const names[] = {
        "VINTR", "VQUIT", "VERASE", "VKILL", "VEOF", "VTIME", "VMIN", "VSWTC",
        "VSTART", "VSTOP", "VSUSP", "VEOL", "VREPRINT", "VDISCARD", "VWERASE",
        "VLNEXT", "VEOL2",
    };
    const uint8_t *c = take_bytes(m, count);
    FrailText *t = m->p->out;

    member_name(m, "c_cc");
    text_char(t, '[');
    for (unsigned i = 0; c && i < count; i++) {
        print_comma(m->p, i);
        text_char(t, '[');
        if (i < sizeof(names) / sizeof(names[0])) {
            text_str(t, names[i]);
        } else {
            text_udec(t, i);
        }
        text_str(t, "]=");
        text_hex(t, c[i]);
    }
    text_char(t, ']');
}

static void print_any_termios(Printer *p, uint64_t addr, unsigned len,
                              MemberSize size, unsigned chars, bool speeds)
{
    uint8_t buf[44];
    uint32_t line;
    Members m;

    if (!members_read(&m, p, addr, buf, len)) {
        return;
    }
    member_name(&m, "c_iflag");
    print_bits(p->out, &xlat_term_iflags, take(&m, size));
    member_name(&m, "c_oflag");
    print_oflag(p->out, take(&m, size));
    member_name(&m, "c_cflag");
    print_cflag(p->out, take(&m, size));
    member_name(&m, "c_lflag");
    print_bits(p->out, &xlat_term_lflags, take(&m, size));
    line = take(&m, SIZE_8);
    if (!p->opts->verbose) {
        text_str(p->out, ", ...}");
        return;
    }
    member_name(&m, "c_line");
    print_enum(p->out, &xlat_term_line_disciplines, line);
    print_control_chars(&m, chars);
    if (speeds) {
        member_name(&m, "c_ispeed");
        text_udec(p->out, take(&m, SIZE_32));
        member_name(&m, "c_ospeed");
        text_udec(p->out, take(&m, SIZE_32));
    }
    text_char(p->out, '}');
}

void print_termios(Printer *p, uint64_t addr)
{
    print_any_termios(p, addr, 36, SIZE_32, 19, false);
}

void print_termios2(Printer *p, uint64_t addr)
{
    print_any_termios(p, addr, 44, SIZE_32, 19, true);
}

void print_termio(Printer *p, uint64_t addr)
{
    print_any_termios(p, addr, 18, SIZE_16, 8, false);
}

void print_winsize(Printer *p, uint64_t addr)
{
    static const Member list[] = {
        MEMBER("ws_row", 16, UINT),
        MEMBER("ws_col", 16, UINT),
        MEMBER("ws_xpixel", 16, UINT),
        MEMBER("ws_ypixel", 16, UINT),
    };

    PRINT_MEMBERS(p, addr, ((AbiSize) { 8, 8, 8 }), list);
}

void print_modem_lines(Printer *p, uint64_t addr)
{
    uint8_t buf[4];
    Members m;

    if (members_read(&m, p, addr, buf, sizeof(buf))) {
        text_char(p->out, '[');
        print_flags(p->out, &xlat_tiocm_flags, take(&m, SIZE_32));
        text_char(p->out, ']');
    }
}

void print_one_char(Printer *p, uint64_t addr)
{
    char c;

    if (!printer_fetch(p, addr)) {
        return;
    }
    if (!printer_read(p, addr, &c, 1)) {
        print_addr(p, addr);
        return;
    }
    text_quoted(p->out, &c, 1);
}
