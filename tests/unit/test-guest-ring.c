/*
 * Rings of io_uring in the made-up guest: which entries the kernel would take
 * next, and what a hostile guest may have there.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <fcntl.h>
#include <linux/io_uring.h>

#include "fake-guest.h"

#include "decode/pool.h"
#include "trap/call.h"

#define SQE128      (1u << 10)
#define NO_SQARRAY  (1u << 16)
#define SQE_MIXED   (1u << 19)
#define SQ_REWIND   (1u << 20)

#define ENTRIES     4
#define RING_FD     5
#define INDEX       3       /* among those that are registered */

typedef struct Fixture {
    FakeGuest *g;
    uint8_t *slots;         /* ENTRIES of 128 bytes, each full of its number */
    uint32_t *order;
    FgFile *file;
    FgRingCtx *ctx;
    FgRings *rings;
} Fixture;

static Fixture fixture(unsigned flags, FgOptions opts)
{
    Fixture f = { .g = fg_new(opts) };
    unsigned size = flags & SQE128 ? 128 : 64;

    f.slots = fg_alloc(f.g, ENTRIES * 128);
    for (unsigned i = 0; i < ENTRIES; i++) {
        memset(f.slots + i * size, i + 1, size);
    }
    f.order = fg_alloc(f.g, ENTRIES * 4);
    for (unsigned i = 0; i < ENTRIES; i++) {
        f.order[i] = i;
    }
    f.file = fg_ring(f.g, flags, ENTRIES, f.slots,
                     flags & NO_SQARRAY ? NULL : f.order, &f.ctx, &f.rings);
    fg_set_fd(f.g, RING_FD, f.file);
    fg_register_ring(f.g, INDEX, f.file);
    return f;
}

/* The first byte of each entry, '!' for an invalid one; NULL: no ring. */
static char *entries_of(Fixture *f, int fd, bool registered)
{
    const FrailProcess *p = fg_ask(f->g);
    GString *s = g_string_new("");
    GuestRingEntry e;
    GuestRing ring;

    g_assert_nonnull(p);
    if (!guest_ring(f->g->cpu, p, fd, registered, &ring)) {
        g_string_free(s, TRUE);
        return NULL;
    }
    while (guest_ring_next(f->g->cpu, &ring, &e)) {
        g_assert_cmpuint(s->len, <, 2 * ENTRIES);
        if (e.invalid) {
            g_string_append_c(s, '!');
        } else {
            g_string_append_c(s, e.data[0] > 9 ? 'x' : '0' + e.data[0]);
            g_string_append(s, e.len == 128 ? "+" : "");
            g_assert_cmpuint(e.data[e.len - 1], <=, ENTRIES);
        }
    }
    return g_string_free(s, FALSE);
}

static void expect(Fixture *f, const char *entries)
{
    g_autofree char *by_fd = entries_of(f, RING_FD, false);
    g_autofree char *by_index = entries_of(f, INDEX, true);

    g_assert_cmpstr(by_fd, ==, entries);
    g_assert_cmpstr(by_index, ==, entries);
}

static void queue(Fixture *f, uint32_t head, uint32_t tail)
{
    f->ctx->cached_sq_head = head;
    f->rings->tail = tail;
}

static void test_order(void)
{
    Fixture f = fixture(0, (FgOptions) { 0 });

    expect(&f, "");
    queue(&f, 0, 2);
    expect(&f, "12");
    queue(&f, 3, 5);
    expect(&f, "41");
    f.order[3] = 1;
    f.order[0] = 2;
    expect(&f, "23");
    /* Numbers count on past 2^32. */
    queue(&f, UINT32_MAX, 1);
    expect(&f, "23");
    /* What process and kernel disagree about is no more than there is. */
    queue(&f, 1, 0);
    expect(&f, "2323");
    /* The kernel gives up at a slot that is none. */
    queue(&f, 1, 5);
    f.order[2] = ENTRIES;
    expect(&f, "2!");
    f.order[2] = UINT32_MAX;
    expect(&f, "2!");
    fg_free(f.g);
}

static void test_no_array(void)
{
    Fixture f = fixture(NO_SQARRAY, (FgOptions) { .layout = FG_PCPU_HOT });

    queue(&f, 2, 5);
    expect(&f, "341");
    fg_free(f.g);

    /* Where they always begin at the first slot nobody looks at the tail. */
    f = fixture(NO_SQARRAY | SQ_REWIND, (FgOptions) { 0 });
    queue(&f, 2, 3);
    expect(&f, "1234");
    fg_free(f.g);
}

static void test_sizes(void)
{
    Fixture f = fixture(SQE128, (FgOptions) { .kpti = true });

    queue(&f, 1, 3);
    expect(&f, "2+3+");
    fg_free(f.g);

    /* NOP128 takes two slots, not over the end and not the last that waits. */
    f = fixture(SQE_MIXED, (FgOptions) { 0 });
    f.slots[64] = 63;
    queue(&f, 0, 4);
    expect(&f, "1x+4");
    queue(&f, 0, 2);
    expect(&f, "1x");
    f.slots[3 * 64] = 64;
    queue(&f, 2, 6);
    expect(&f, "3x1x");
    fg_free(f.g);

    f = fixture(0, (FgOptions) { 0 });
    f.slots[0] = 64;
    queue(&f, 0, 2);
    expect(&f, "x2");
    fg_free(f.g);
}

static void test_no_ring(void)
{
    Fixture f = fixture(0, (FgOptions) { 0 });
    int fds[] = { -1, 0, RING_FD + 1, 64, INT_MAX, INT_MIN };
    int indices[] = { -1, INDEX + 1, 15, 16, INT_MAX, INT_MIN };

    queue(&f, 0, 2);
    for (unsigned i = 0; i < G_N_ELEMENTS(fds); i++) {
        g_assert_null(entries_of(&f, fds[i], false));
        g_assert_null(entries_of(&f, indices[i], true));
    }
    /* Another kind of file, whose data is something else. */
    fg_set_fd(f.g, 7, fg_pseudo(f.g, "anon_inodefs", "[eventfd]", 1));
    g_assert_null(entries_of(&f, 7, false));
    f.file = fg_pseudo(f.g, "tmpfs", "anon_inode:[io_uring]", 1);
    fg_point(f.g, &f.file->private_data, f.ctx);
    fg_set_fd(f.g, 7, f.file);
    g_assert_null(entries_of(&f, 7, false));
    expect(&f, "12");
    fg_free(f.g);
}

/* A count that no ring has: no power of two, none, too many. */
static void test_counts(void)
{
    static const uint32_t bad[] = { 0, 3, 65536, 0x80000000, UINT32_MAX };
    Fixture f = fixture(0, (FgOptions) { 0 });

    queue(&f, 0, 2);
    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++) {
        f.ctx->sq_entries = bad[i];
        expect(&f, NULL);
    }
    f.ctx->sq_entries = ENTRIES;
    expect(&f, "12");
    fg_free(f.g);
}

/* Entries and the order of them that cannot be read, or are the user's. */
static void test_unreadable(void)
{
    static const uint64_t bad[] = {
        0, FG_USER, 0x7fffffffffffffff, 0x8000000000000000, ~0ull,
        0xfffffffffffffffc,
    };
    Fixture f = fixture(0, (FgOptions) { 0 });
    uint64_t order = f.ctx->sq_array, slots = f.ctx->sq_sqes;
    uint64_t rings = f.ctx->rings;

    queue(&f, 3, 5);
    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++) {
        const char *nothing = bad[i] >> 63 ? "" : NULL;

        f.ctx->sq_array = bad[i];
        expect(&f, nothing);
        f.ctx->sq_array = order;
        f.ctx->sq_sqes = bad[i];
        expect(&f, nothing);
        f.ctx->sq_sqes = slots;
        f.ctx->rings = bad[i];
        expect(&f, NULL);
        f.ctx->rings = rings;
    }
    expect(&f, "41");
    fg_free(f.g);
}

/* Of a kernel before 5.18 all but the registered ones is known. */
static void test_without(void)
{
    static const char *const members[] = {
        "io_ring_ctx.flags", "io_ring_ctx.rings", "io_ring_ctx.sq_array",
        "io_ring_ctx.sq_sqes", "io_ring_ctx.sq_entries",
        "io_ring_ctx.cached_sq_head", "io_rings.sq",
    };
    Fixture f = fixture(0, (FgOptions) {
        .without = "io_uring_task.registered_rings" });
    g_autofree char *by_fd = NULL;

    queue(&f, 0, 2);
    by_fd = entries_of(&f, RING_FD, false);
    g_assert_cmpstr(by_fd, ==, "12");
    g_assert_null(entries_of(&f, INDEX, true));
    fg_free(f.g);
    for (unsigned i = 0; i < G_N_ELEMENTS(members); i++) {
        f = fixture(0, (FgOptions) { .without = members[i] });
        queue(&f, 0, 2);
        expect(&f, NULL);
        fg_free(f.g);
    }
}

/* --- The call ------------------------------------------------------------ */

typedef struct Submit {
    FrailCall call;
    FrailDecodeOptions opts;
    DecodePool *pool;
} Submit;

static void submit(Submit *s, Fixture *f, unsigned fd, unsigned count,
                   unsigned flags)
{
    *s = (Submit) {
        .call = {
            .abi = CALL_ABI_X86_64, .nr = 426 /* io_uring_enter */,
            .args = { fd, count, 0, flags, 0, 8 }, .guest = f->g->cpu,
            .mem = &f->g->mem,
            .space = { .cr3 = f->g->state.cr3, .user = true },
        },
        .opts = { .sz = sizeof(s->opts), .string_limit = 32,
                  .fd_style = FRAIL_FD_NUMBER, .io_uring = true },
        .pool = pool_new(),
    };
    s->call.pool = s->pool;
    fg_ask(f->g);
}

static void expect_call(Submit *s, const char *entered, const char *returned,
                        unsigned flags)
{
    FrailDecoded *d = frail_call_decode(&s->call, &s->opts);

    g_assert_nonnull(d);
    g_assert_cmpstr(frail_decoded_arg_name(d, 1), ==, "to_submit");
    g_assert_cmpstr(frail_decoded_arg_text(d, 1), ==, entered);
    g_assert_cmpuint(frail_decoded_arg_flags(d, 1), ==, flags);
    s->call.has_result = true;
    s->call.result = 1;
    frail_decoded_finish(d, &s->call);
    g_assert_cmpstr(frail_decoded_arg_text(d, 1), ==, returned);
    frail_decoded_free(d);
    s->call.has_result = false;
}

static void free_submit(Submit *s)
{
    pool_free(s->pool);
}

#define OPENAT "{opcode=IORING_OP_OPENAT, flags=0, fd=AT_FDCWD, " \
    "addr=\"/etc/passwd\", len=000, open_flags=O_RDONLY, user_data=0x7}"
#define READ "{opcode=IORING_OP_READ, flags=0, fd=3, addr=0x10, len=9, " \
    "off=0, user_data=0x8}"

static void test_call(void)
{
    Fixture f = fixture(0, (FgOptions) { 0 });
    struct io_uring_sqe *sqe = (struct io_uring_sqe *)f.slots;
    Submit s;

    strcpy((char *)fg_user(f.g), "/etc/passwd");
    sqe[1] = (struct io_uring_sqe) {
        .opcode = IORING_OP_OPENAT, .fd = AT_FDCWD, .addr = FG_USER,
        .user_data = 7 };
    sqe[2] = (struct io_uring_sqe) {
        .opcode = IORING_OP_READ, .fd = 3, .addr = 0x10, .len = 9,
        .user_data = 8 };
    queue(&f, 1, 3);
    submit(&s, &f, RING_FD, 2, 0);
    expect_call(&s, "2 /* [" OPENAT ", " READ "] */",
                "2 /* [" OPENAT ", " READ "] */", 0);
    /* As many as the call says; as many as there are; none. */
    s.call.args[1] = 1;
    expect_call(&s, "1 /* [" OPENAT "] */", "1 /* [" OPENAT "] */", 0);
    s.call.args[1] = UINT32_MAX;
    expect_call(&s, "4294967295 /* [" OPENAT ", " READ "] */",
                "4294967295 /* [" OPENAT ", " READ "] */", 0);
    s.call.args[1] = 0;
    expect_call(&s, "0", "0", 0);
    /* By its number, not by the descriptor. */
    s.call.args[1] = 1;
    s.call.args[3] = 16;
    expect_call(&s, "1", "1", 0);
    s.call.args[0] = INDEX;
    expect_call(&s, "1 /* [" OPENAT "] */", "1 /* [" OPENAT "] */", 0);
    /* As strace, and as many elements as of any array. */
    s.opts.io_uring = false;
    expect_call(&s, "1", "1", 0);
    s.opts.io_uring = true;
    /* Decoded only when it has returned. */
    s.call.has_result = true;
    expect_call(&s, "1", "1", 0);
    s.opts.string_limit = 1;
    s.call.args[1] = 2;
    expect_call(&s, "2 /* [" OPENAT ", ...] */", "2 /* [" OPENAT ", ...] */",
                0);
    free_submit(&s);
    fg_free(f.g);
}

/*
 * A path that is not there is marked; by the return the queue has moved on, and
 * what stands there then is not what was submitted.
 */
static void test_call_unreadable(void)
{
    static const char bare[] = "1 /* [{opcode=IORING_OP_UNLINKAT, flags=0, "
        "fd=3, addr=0x4000, user_data=0}] */";
    Fixture f = fixture(0, (FgOptions) { 0 });
    struct io_uring_sqe *sqe = (struct io_uring_sqe *)f.slots;
    FrailDecoded *d;
    Submit s;

    sqe[0] = (struct io_uring_sqe) {
        .opcode = IORING_OP_UNLINKAT, .fd = 3, .addr = 0x4000 };
    sqe[1] = (struct io_uring_sqe) { .opcode = IORING_OP_NOP };
    queue(&f, 0, 1);
    submit(&s, &f, RING_FD, 1, 0);
    d = frail_call_decode(&s.call, &s.opts);
    g_assert_cmpstr(frail_decoded_arg_text(d, 1), ==, bare);
    g_assert_cmpuint(frail_decoded_arg_flags(d, 1), ==,
                     FRAIL_ARG_UNREADABLE);
    queue(&f, 1, 2);
    s.call.has_result = true;
    s.call.result = 1;
    frail_decoded_finish(d, &s.call);
    g_assert_cmpstr(frail_decoded_arg_text(d, 1), ==, bare);
    frail_decoded_free(d);
    free_submit(&s);
    fg_free(f.g);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/guest/ring/order", test_order);
    g_test_add_func("/guest/ring/no-array", test_no_array);
    g_test_add_func("/guest/ring/sizes", test_sizes);
    g_test_add_func("/guest/ring/no-ring", test_no_ring);
    g_test_add_func("/guest/ring/counts", test_counts);
    g_test_add_func("/guest/ring/unreadable", test_unreadable);
    g_test_add_func("/guest/ring/without", test_without);
    g_test_add_func("/guest/ring/call", test_call);
    g_test_add_func("/guest/ring/call-unreadable", test_call_unreadable);
    return g_test_run();
}
