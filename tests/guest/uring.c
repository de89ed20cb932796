/*
 * uring LIST: submit entries to rings of io_uring of every kind.  LIST gets a
 * line for each io_uring_enter() that is made: the kind of the ring, a tab, and
 * what Frail should say of its second argument.  What the kernel made of the
 * entries is checked here.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Newer than the headers of Debian 12 */
#define SETUP_NO_MMAP       (1u << 14)
#define SETUP_FD_ONLY       (1u << 15)
#define SETUP_NO_SQARRAY    (1u << 16)
#define SETUP_SQE_MIXED     (1u << 19)
#define SETUP_SQ_REWIND     (1u << 20)
#define OP_NOP128           63

#define ENTRIES     4
#define MAX         8

typedef struct Ring {
    const char *kind;
    int fd;                     /* or its number among the registered */
    unsigned setup, enter;      /* flags of both calls */
    unsigned *sq_tail, *cq_head, *cq_tail, *array;
    struct io_uring_cqe *cqes;
    uint8_t *slots;
    unsigned slot_size;
    unsigned queued;            /* entries in text[] */
    char text[MAX][400];
    uint64_t data[MAX];         /* user_data; 0: the kernel drops it */
} Ring;

static FILE *list;
static uint64_t next_data = 0x1000;

static void die(const char *what, const char *kind)
{
    fprintf(stderr, "uring: %s: %s: %s\n", kind, what, strerror(errno));
    exit(1);
}

static void *map(int fd, size_t size, off_t offset)
{
    void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, fd < 0 ?
                    MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED | MAP_POPULATE,
                    fd, offset);

    if (at == MAP_FAILED) {
        die("mmap", "ring");
    }
    return at;
}

/* False when this kernel does not have such rings. */
static bool open_ring(Ring *r, const char *kind, unsigned setup)
{
    struct io_uring_params p = { .flags = setup };
    uint8_t *rings = NULL;

    memset(r, 0, sizeof(*r));
    r->kind = kind;
    r->setup = setup;
    if (setup & SETUP_NO_MMAP) {
        rings = map(-1, 4096, 0);
        r->slots = map(-1, 4096, 0);
        /* "user_addr" of newer headers */
        p.cq_off.resv2 = (uintptr_t)rings;
        p.sq_off.resv2 = (uintptr_t)r->slots;
    }
    r->fd = syscall(SYS_io_uring_setup, ENTRIES, &p);
    if (r->fd < 0 && errno == EINVAL) {
        fprintf(list, "%s\tskip\n", kind);
        return false;
    } else if (r->fd < 0) {
        die("io_uring_setup", kind);
    }
    r->slot_size = setup & IORING_SETUP_SQE128 ? 128 : 64;
    if (!rings) {
        rings = map(r->fd, p.cq_off.cqes + p.cq_entries * 16,
                    IORING_OFF_SQ_RING);
        r->slots = map(r->fd, ENTRIES * r->slot_size, IORING_OFF_SQES);
    }
    r->sq_tail = (unsigned *)(rings + p.sq_off.tail);
    r->cq_head = (unsigned *)(rings + p.cq_off.head);
    r->cq_tail = (unsigned *)(rings + p.cq_off.tail);
    r->cqes = (struct io_uring_cqe *)(rings + p.cq_off.cqes);
    r->array = setup & SETUP_NO_SQARRAY ? NULL :
        (unsigned *)(rings + p.sq_off.array);
    r->enter = setup & SETUP_FD_ONLY ? IORING_ENTER_REGISTERED_RING : 0;
    return true;
}

/* An entry, in the next slot or, with an array, in @slot; and its text. */
static struct io_uring_sqe *queue_at(Ring *r, unsigned slot,
                                     const char *format, ...)
{
    bool rewind = r->setup & SETUP_SQ_REWIND;
    unsigned tail = rewind ? r->queued : *r->sq_tail;
    uint64_t data = next_data++;
    struct io_uring_sqe *sqe;
    char *text = r->text[r->queued];
    va_list args;

    if (r->array) {
        r->array[tail % ENTRIES] = slot;
    } else {
        slot = tail % ENTRIES;
    }
    if (!rewind) {
        __atomic_store_n(r->sq_tail, tail + 1, __ATOMIC_RELEASE);
    }
    if (slot >= ENTRIES) {
        sprintf(text, "{slot=%u}", slot);
        r->data[r->queued++] = 0;
        return NULL;
    }
    va_start(args, format);
    text += sprintf(text, "{opcode=IORING_OP_");
    text += vsprintf(text, format, args);
    sprintf(text, ", user_data=%#lx}", (long)data);
    va_end(args);
    r->data[r->queued++] = data;
    sqe = (struct io_uring_sqe *)(r->slots + slot * r->slot_size);
    memset(sqe, 0, r->slot_size);
    sqe->user_data = data;
    sqe->fd = -1;
    return sqe;
}

#define queue(r, ...) \
    queue_at(r, *(r)->sq_tail % ENTRIES, __VA_ARGS__)

static void queue_nop(Ring *r)
{
    queue(r, "NOP, flags=0");
}

static struct io_uring_sqe *queue_open(Ring *r, const char *path)
{
    struct io_uring_sqe *sqe = queue(r, "OPENAT, flags=0, fd=AT_FDCWD, "
        "addr=\"%s\", len=000, open_flags=O_RDONLY", path);

    sqe->opcode = IORING_OP_OPENAT;
    sqe->fd = AT_FDCWD;
    sqe->addr = (uintptr_t)path;
    return sqe;
}

/*
 * Make the call for @count of the entries, of which the kernel takes @taken;
 * the result of the last of them, if any.
 */
static int enter(Ring *r, unsigned count, unsigned taken)
{
    unsigned done = 0, shown = count < r->queued ? count : r->queued;
    int result = 0;

    fprintf(list, "%s\t%u", r->kind, count);
    for (unsigned i = 0; i < shown; i++) {
        fprintf(list, "%s%s", i ? ", " : " /* [", r->text[i]);
    }
    fprintf(list, "%s\n", shown ? "] */" : "");
    if (syscall(SYS_io_uring_enter, r->fd, count, taken, r->enter |
                IORING_ENTER_GETEVENTS, NULL, 8) != (int)taken) {
        die("io_uring_enter", r->kind);
    }
    while (done < taken) {
        unsigned head = *r->cq_head;
        struct io_uring_cqe *cqe = &r->cqes[head % (2 * ENTRIES)];
        bool known = false;

        if (head == __atomic_load_n(r->cq_tail, __ATOMIC_ACQUIRE)) {
            die("a completion is missing", r->kind);
        }
        for (unsigned i = 0; i < shown; i++) {
            known = known || (r->data[i] && r->data[i] == cqe->user_data);
        }
        if (!known) {
            die("a completion of what was not submitted", r->kind);
        }
        result = cqe->user_data == r->data[shown - 1] ? cqe->res : result;
        __atomic_store_n(r->cq_head, head + 1, __ATOMIC_RELEASE);
        done++;
    }
    memmove(r->text, r->text[shown], sizeof(r->text[0]) * (MAX - shown));
    memmove(r->data, r->data + shown, sizeof(r->data[0]) * (MAX - shown));
    r->queued -= shown;
    return result;
}

static void open_and_read(Ring *r)
{
    static char buf[64];
    struct io_uring_sqe *sqe;
    int fd;

    queue_nop(r);
    queue_open(r, "/etc/debian_version");
    fd = enter(r, 2, 2);
    if (fd < 0) {
        errno = -fd;
        die("openat", r->kind);
    }
    sqe = queue(r, "READ, flags=0, fd=%d, addr=%#lx, len=64, off=0", fd,
                (long)buf);
    sqe->opcode = IORING_OP_READ;
    sqe->fd = fd;
    sqe->addr = (uintptr_t)buf;
    sqe->len = sizeof(buf);
    memset(buf, 0, sizeof(buf));
    if (enter(r, 1, 1) <= 0 || !*buf) {
        die("read", r->kind);
    }
    sqe = queue(r, "WRITE, flags=0, fd=%d, addr=\"%.3s\", len=3, off=-1", fd,
                buf);
    sqe->opcode = IORING_OP_WRITE;
    sqe->fd = fd;
    sqe->addr = (uintptr_t)buf;
    sqe->len = 3;
    sqe->off = -1;
    if (enter(r, 1, 1) != -EBADF) {
        die("a file that cannot be written was", r->kind);
    }
    close(fd);
    if (queue_open(r, "/nowhere"), enter(r, 1, 1) != -ENOENT) {
        die("there is a /nowhere", r->kind);
    }
}

/* More and fewer than there are, past the end of the queue. */
static void counts(Ring *r)
{
    enter(r, 0, 0);
    for (unsigned i = 0; i < 3; i++) {
        queue_nop(r);
        queue_nop(r);
        queue_nop(r);
        enter(r, 1, 1);
        enter(r, 100, 2);
        enter(r, 1, 0);
    }
}

static void order(Ring *r)
{
    queue_at(r, 3, "NOP, flags=0");
    queue_at(r, 1, "NOP, flags=0");
    queue_at(r, 2, "NOP, flags=0");
    enter(r, 3, 3);
    queue_at(r, 2, "NOP, flags=0");
    queue_at(r, 77, "");
    enter(r, 2, 1);
}

static void plain(const char *kind, unsigned setup)
{
    Ring r;

    if (!open_ring(&r, kind, setup)) {
        return;
    }
    open_and_read(&r);
    if (!(setup & SETUP_SQ_REWIND)) {
        counts(&r);
    }
    if (r.array) {
        order(&r);
    }
}

static void registered(void)
{
    struct io_uring_rsrc_update update = { .offset = -1u };
    Ring r;

    if (!open_ring(&r, "registered", 0)) {
        return;
    }
    update.data = r.fd;
    if (syscall(SYS_io_uring_register, r.fd, IORING_REGISTER_RING_FDS,
                &update, 1) != 1) {
        if (errno != EINVAL) {
            die("io_uring_register", r.kind);
        }
        fprintf(list, "%s\tskip\n", r.kind);
        return;
    }
    close(r.fd);
    r.fd = update.offset;
    r.enter = IORING_ENTER_REGISTERED_RING;
    open_and_read(&r);
}

static void mixed(void)
{
    struct io_uring_sqe *sqe;
    Ring r;

    if (!open_ring(&r, "mixed", SETUP_SQE_MIXED)) {
        return;
    }
    queue_nop(&r);
    sqe = queue(&r, "NOP128, flags=0");
    sqe->opcode = OP_NOP128;
    /* Its second slot */
    r.array[*r.sq_tail % ENTRIES] = *r.sq_tail % ENTRIES;
    __atomic_store_n(r.sq_tail, *r.sq_tail + 1, __ATOMIC_RELEASE);
    queue_nop(&r);
    /* The call speaks of slots. */
    fprintf(list, "mixed\t4 /* [%s, %s, %s] */\n", r.text[0], r.text[1],
            r.text[2]);
    if (syscall(SYS_io_uring_enter, r.fd, 4, 0, 0, NULL, 8) != 4 ||
        __atomic_load_n(r.cq_tail, __ATOMIC_ACQUIRE) != 3) {
        die("io_uring_enter", r.kind);
    }
}

int main(int argc, char **argv)
{
    list = argc == 2 ? fopen(argv[1], "w") : NULL;
    if (!list) {
        fprintf(stderr, "usage: uring LIST\n");
        return 2;
    }
    plain("plain", 0);
    plain("128-bytes", IORING_SETUP_SQE128);
    plain("no-array", SETUP_NO_SQARRAY);
    plain("rewind", SETUP_NO_SQARRAY | SETUP_SQ_REWIND);
    plain("no-mmap", SETUP_NO_MMAP);
    plain("no-fd", SETUP_NO_MMAP | SETUP_FD_ONLY | SETUP_NO_SQARRAY);
    registered();
    mixed();
    return fclose(list) ? 1 : 0;
}
