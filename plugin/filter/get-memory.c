/*
 * Values that the caller's memory holds: paths, addresses, arguments of a
 * program.  The caller can change them before its kernel reads them, and what
 * is not paged in cannot be read until the call returns.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "filter/expr.h"

#define PATH_SIZE       4096u       /* PATH_MAX, with its zero */
#define ARGV_MAX        256u        /* arguments that are looked at */
#define MESSAGES_MAX    1024u       /* UIO_MAXIOV: of sendmmsg(2) */
#define ADDRESS_MAX     128u        /* of struct sockaddr_storage */

/* All of it. */
static bool read_user(Eval *e, uint64_t addr, void *buf, size_t len)
{
    return eval_has_memory(e) && !frail_call_read(e->call, addr, buf, len);
}

static ssize_t read_string(Eval *e, uint64_t addr, char *buf, size_t size)
{
    return eval_has_memory(e) ?
        frail_call_read_string(e->call, addr, buf, size) : -EFAULT;
}

/* --- Paths --------------------------------------------------------------- */

static const char *const path_kinds[] = { "path", NULL };
static const char *const dirfd_kinds[] = { "dirfd", NULL };

bool can_path(const Leaf *leaf G_GNUC_UNUSED, FrailAbi abi, int64_t nr)
{
    return can_kind(abi, nr, path_kinds);
}

/*
 * Append the parts of @path without ".", ".." and empty ones.  False: it is
 * longer than a path may be.
 */
static bool append_parts(FrailText *out, const char *path)
{
    while (*path) {
        size_t len = strcspn(path, "/");

        if (len == 2 && !memcmp(path, "..", 2)) {
            while (out->len && out->buf[--out->len] != '/') {
            }
        } else if (len && !(len == 1 && *path == '.')) {
            text_char(out, '/');
            text_bytes(out, path, len);
        }
        path += len + (path[len] == '/');
    }
    return !out->cut;
}

/* The directory that a relative path begins at: see openat(2). */
static ExprGot base_of(Eval *e, const ArgSpec *arg, ExprItem *item)
{
    const ArgSpec *dirfd = NULL, *other;

    for (unsigned i = 0; (other = eval_arg(e, dirfd_kinds, i)); i++) {
        if (other < arg) {
            dirfd = other;      /* the nearest one before it */
        }
    }
    return eval_fd_path(e, dirfd ? (int32_t)e->args.args[dirfd->reg] :
                        EVAL_FDCWD, item);
}

ExprGot get_path(Eval *e, const Leaf *leaf G_GNUC_UNUSED, unsigned i,
                 ExprItem *item)
{
    const ArgSpec *arg = eval_arg(e, path_kinds, i);
    char *path = e->scratch;
    FrailText out;
    ssize_t len;

    if (!arg) {
        return GOT_NONE;
    }
    len = read_string(e, e->args.args[arg->reg], path, PATH_SIZE);
    if (len < 0) {
        return len == -EFAULT ? eval_unreadable(e, item) : GOT_SKIP;
    }
    text_init(&out, path + PATH_SIZE, PATH_SIZE);
    if (*path != '/') {
        ExprGot got = base_of(e, arg, item);

        if (got != GOT_ONE || *item->text != '/' ||
            !append_parts(&out, item->text)) {
            return GOT_SKIP;
        }
    }
    if (!append_parts(&out, path)) {
        return GOT_SKIP;
    }
    if (!out.len) {
        text_char(&out, '/');
    }
    item->text = out.buf;
    item->len = out.len;
    return GOT_ONE;
}

/* --- Addresses of sockets ------------------------------------------------ */

static const char *const address_kinds[] = {
    "sockaddr_in", "msghdr_in", "mmsghdr_in", NULL
};

bool can_address(const Leaf *leaf G_GNUC_UNUSED, FrailAbi abi, int64_t nr)
{
    return can_kind(abi, nr, address_kinds);
}

/* What the @i-th of the messages at @addr is sent to: struct mmsghdr. */
static bool read_header(Eval *e, uint64_t addr, unsigned i, uint64_t *name,
                        int32_t *len)
{
    unsigned word = e->call->abi == CALL_ABI_X86_64 ? 8 : 4;
    uint8_t head[12];

    addr += (uint64_t)i * 8 * word;
    if (!read_user(e, addr, head, word + 4)) {
        return false;
    }
    *name = 0;
    memcpy(name, head, word);
    memcpy(len, head + word, 4);
    return true;
}

/* Address number @i; *@len of it are there, at least two. */
static ExprGot read_address(Eval *e, unsigned i, ExprItem *item, uint8_t *buf,
                            unsigned *len)
{
    const ArgSpec *arg = eval_arg(e, address_kinds, 0);
    unsigned n = 1;
    uint64_t addr;
    int32_t size;

    if (arg && !strcmp(arg->kind, "mmsghdr_in")) {
        n = MIN((uint32_t)e->args.args[arg->ref], MESSAGES_MAX);
    }
    if (!arg || i >= n) {
        return GOT_NONE;
    }
    addr = e->args.args[arg->reg];
    size = e->args.args[arg->ref];
    if (strcmp(arg->kind, "sockaddr_in") &&
        !read_header(e, addr, i, &addr, &size)) {
        return eval_unreadable(e, item);
    }
    if (!addr || size < 2) {
        return n > 1 ? GOT_SKIP : GOT_NONE;
    }
    *len = MIN((unsigned)size, ADDRESS_MAX);
    return read_user(e, addr, buf, *len) ? GOT_ONE : eval_unreadable(e, item);
}

static uint16_t family_of(const uint8_t *buf)
{
    uint16_t family;

    memcpy(&family, buf, sizeof(family));
    return family;
}

/*
 * Is it one of IPv4's?  Without a family it is sent to all the same
 * (udp_sendmsg() in net/ipv4/udp.c, 6.12).
 */
static bool is_inet(const uint8_t *buf, unsigned len)
{
    return family_of(buf) == AF_INET ||
           (family_of(buf) == AF_UNSPEC && len >= 16);
}

ExprGot get_family(Eval *e, const Leaf *leaf G_GNUC_UNUSED, unsigned i,
                   ExprItem *item)
{
    uint8_t buf[ADDRESS_MAX];
    unsigned len;
    ExprGot got = read_address(e, i, item, buf, &len);

    if (got == GOT_ONE) {
        item->number = family_of(buf);
    }
    return got;
}

ExprGot get_port(Eval *e, const Leaf *leaf G_GNUC_UNUSED, unsigned i,
                 ExprItem *item)
{
    uint8_t buf[ADDRESS_MAX];
    unsigned len;
    ExprGot got = read_address(e, i, item, buf, &len);

    if (got != GOT_ONE) {
        return got;
    }
    if (len < 4 || !(is_inet(buf, len) || family_of(buf) == AF_INET6)) {
        return GOT_SKIP;
    }
    item->number = buf[2] << 8 | buf[3];
    return GOT_ONE;
}

ExprGot get_address(Eval *e, const Leaf *leaf G_GNUC_UNUSED, unsigned i,
                    ExprItem *item)
{
    uint8_t buf[ADDRESS_MAX];
    unsigned len;
    ExprGot got = read_address(e, i, item, buf, &len);

    if (got != GOT_ONE) {
        return got;
    }
    if (is_inet(buf, len) && len >= 8) {
        memcpy(item->address, buf + 4, 4);
        item->bits = 32;
    } else if (family_of(buf) == AF_INET6 && len >= 24) {
        memcpy(item->address, buf + 8, 16);
        item->bits = 128;
    } else {
        return GOT_SKIP;
    }
    return GOT_ONE;
}

/* A name in the file system, or "@" and an abstract one. */
ExprGot get_unix(Eval *e, const Leaf *leaf G_GNUC_UNUSED, unsigned i,
                 ExprItem *item)
{
    uint8_t *buf = (uint8_t *)e->scratch;
    unsigned len;
    ExprGot got = read_address(e, i, item, buf, &len);

    if (got != GOT_ONE) {
        return got;
    }
    if (family_of(buf) != AF_UNIX || len <= 2) {
        return GOT_SKIP;
    }
    item->text = e->scratch + 2;
    item->len = len - 2;
    if (!buf[2]) {
        buf[2] = '@';
    } else {
        item->len = strnlen(item->text, item->len);
    }
    return GOT_ONE;
}

/* --- Arguments of a program ---------------------------------------------- */

static const char *const argv_kinds[] = { "argv", NULL };

bool can_argv(const Leaf *leaf G_GNUC_UNUSED, FrailAbi abi, int64_t nr)
{
    return can_kind(abi, nr, argv_kinds);
}

/* All of them, with spaces between; what is longer is cut. */
ExprGot get_argv(Eval *e, const Leaf *leaf G_GNUC_UNUSED, unsigned i,
                 ExprItem *item)
{
    const ArgSpec *arg = eval_arg(e, argv_kinds, i);
    unsigned word = e->call->abi == CALL_ABI_X86_64 ? 8 : 4;
    size_t len = 0, size = sizeof(e->scratch);

    if (!arg) {
        return GOT_NONE;
    }
    for (unsigned k = 0; k < ARGV_MAX && len < size - 1; k++) {
        uint64_t at = e->args.args[arg->reg] + k * word, string = 0;
        ssize_t n;

        if (!read_user(e, at, &string, word)) {
            return eval_unreadable(e, item);
        }
        if (!string) {
            break;
        }
        if (k) {
            e->scratch[len++] = ' ';
        }
        n = read_string(e, string, e->scratch + len, size - len);
        if (n == -E2BIG) {
            len = size - 1;
        } else if (n < 0) {
            return eval_unreadable(e, item);
        } else {
            len += n;
        }
    }
    item->text = e->scratch;
    item->len = len;
    return GOT_ONE;
}
