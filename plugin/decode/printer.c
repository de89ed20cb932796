/*
 * The basic printers: addresses, strings, buffers, file descriptors.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <linux/fcntl.h>
#include <linux/limits.h>

#include "decode/printer.h"

/* More is not shown of a string or a buffer, whatever the options say. */
#define STRING_MAX  8192u

size_t printer_read_some(Printer *p, uint64_t addr, void *buf, size_t len)
{
    size_t done = call_read_user(p->call, addr, buf, len);

    if (done < len) {
        p->unreadable = true;
    }
    return done;
}

bool printer_read(Printer *p, uint64_t addr, void *buf, size_t len)
{
    return printer_read_some(p, addr, buf, len) == len;
}

bool printer_read_word(Printer *p, uint64_t addr, uint64_t *value)
{
    uint32_t narrow;

    if (printer_word(p) == 8) {
        return printer_read(p, addr, value, sizeof(*value));
    }
    if (!printer_read(p, addr, &narrow, sizeof(narrow))) {
        return false;
    }
    *value = narrow;
    return true;
}

void print_addr(Printer *p, uint64_t addr)
{
    if (addr) {
        text_hex(p->out, addr);
    } else {
        text_str(p->out, "NULL");
    }
}

/*
 * The string at @addr without its zero, at most @limit bytes of it, in
 * @buf of @limit + 1.  Page by page: what follows the zero need not be there.
 * -1 when it cannot be read; *@whole: its end was seen.
 */
static ssize_t read_string(Printer *p, uint64_t addr, char *buf, size_t limit,
                           bool *whole)
{
    size_t size = limit + 1, done = 0;

    while (done < size) {
        size_t room = FRAIL_PAGE_SIZE - ((addr + done) & ~FRAIL_PAGE_MASK);
        size_t n = size - done < room ? size - done : room;
        const char *end;

        /* Not round to the user's address 0 behind the last one. */
        if (addr + done < addr ||
            call_read_user(p->call, addr + done, buf + done, n) != n) {
            p->unreadable = true;
            return -1;
        }
        end = memchr(buf + done, '\0', n);
        if (end) {
            *whole = true;
            return end - buf;
        }
        done += n;
    }
    *whole = false;
    return limit;
}

static void print_string_of(Printer *p, uint64_t addr, char *buf,
                            size_t limit)
{
    bool whole;
    ssize_t len = addr ? read_string(p, addr, buf, limit, &whole) : -1;

    if (len < 0) {
        print_addr(p, addr);
        return;
    }
    text_quoted(p->out, buf, len);
    if (!whole) {
        text_str(p->out, "...");
    }
}

void print_string(Printer *p, uint64_t addr, size_t limit)
{
    char buf[STRING_MAX + 1];

    print_string_of(p, addr, buf, limit < STRING_MAX ? limit : STRING_MAX);
}

void print_path(Printer *p, uint64_t addr)
{
    char buf[PATH_MAX];

    print_string_of(p, addr, buf, sizeof(buf) - 1);
}

void print_buffer(Printer *p, uint64_t addr, uint64_t len)
{
    char buf[STRING_MAX];
    unsigned limit = p->opts->string_limit;
    size_t n;

    if (limit > sizeof(buf)) {
        limit = sizeof(buf);
    }
    n = len < limit ? len : limit;
    if (!addr || !printer_read(p, addr, buf, n)) {
        print_addr(p, addr);
        return;
    }
    text_quoted(p->out, buf, n);
    if (n < len) {
        text_str(p->out, "...");
    }
}

static bool know_process(const Printer *p)
{
    return p->opts->fd_style != FRAIL_FD_NUMBER && p->guest && p->process;
}

void print_fd(Printer *p, int fd)
{
    text_dec(p->out, fd);
    if (fd >= 0 && know_process(p)) {
        guest_fd_text(p->guest, p->process, fd,
                      p->opts->fd_style == FRAIL_FD_DETAILS, p->out);
    }
}

void print_dirfd(Printer *p, int fd)
{
    size_t start;

    if (fd != AT_FDCWD) {
        print_fd(p, fd);
        return;
    }
    text_str(p->out, "AT_FDCWD");
    if (!know_process(p)) {
        return;
    }
    start = p->out->len;
    text_char(p->out, '<');
    if (guest_cwd_text(p->guest, p->process, p->out)) {
        text_char(p->out, '>');
    } else {
        p->out->len = start;
    }
}
