/*
 * A caller whose memory is the test's own: pointers are the test's pointers,
 * and what the test has not mapped cannot be read.  Included once, by a test
 * program; it takes the place of trap/call.c.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FAKE_USER_H
#define FAKE_USER_H

#include <glib.h>
#include <limits.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "decode/printer.h"

/* Whose memory it is; 0: the test's own. */
static pid_t fake_user_pid;

size_t call_read_user(const FrailCall *call G_GNUC_UNUSED, uint64_t addr,
                      void *buf, size_t len)
{
    struct iovec local = { buf, len };
    struct iovec remote = { (void *)(uintptr_t)addr, len };
    ssize_t n;

    /* The kernel's half of the address space is not the user's. */
    if (addr >> 47 || (addr + len) >> 47) {
        return 0;
    }
    n = process_vm_readv(fake_user_pid ?: getpid(), &local, 1, &remote, 1, 0);
    return n < 0 ? 0 : n;
}

/*
 * @len bytes of @bytes flush against a page that is not there; never freed.
 */
static inline uint64_t fake_user_flush(const void *bytes, size_t len)
{
    size_t page = getpagesize();
    size_t size = ((len + page - 1) & ~(page - 1)) + page;
    char *map = mmap(NULL, size, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    g_assert_true(map != MAP_FAILED);
    g_assert_cmpint(munmap(map + size - page, page), ==, 0);
    memcpy(map + size - page - len, bytes, len);
    return (uintptr_t)(map + size - page - len);
}

#endif /* FAKE_USER_H */
