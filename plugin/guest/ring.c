/*
 * The rings by which a process gives work to the kernel: io_uring.
 *
 * A ring's file has its struct io_ring_ctx; that has the kernel's own way to
 * the queue, so nothing depends on what the process has mapped where.  The
 * queue itself is memory that the process may write to at any moment.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "guest/internal.h"

#define ENTRIES_MAX     32768u      /* IORING_MAX_ENTRIES */

/* IORING_SETUP_*, of which the installed headers may lack the newer ones */
#define SETUP_SQE128    (1u << 10)
/* Since Linux commit 2af89abda7d9 (in v6.6) */
#define SETUP_NO_SQARRAY    (1u << 16)
/* Since v6.19: 64 bytes an entry, and twice as many for some operations */
#define SETUP_SQE_MIXED (1u << 19)
/* Since v7.0: the queue always begins at its first slot */
#define SETUP_SQ_REWIND (1u << 20)

#define OP_NOP128       63
#define OP_URING_CMD128 64

#define ENTRY_SIZE      64u         /* of a slot */

/* The struct file of a ring that the process has registered with itself. */
static bool registered_file(FrailGuestCpu *c, uint64_t task, int index,
                            uint64_t *file)
{
    const GuestField *rings = guest_field(c, F_uring_task_rings);
    uint64_t its;

    return index >= 0 && (unsigned)index < rings->size / 8 &&
        kread_pointer(c, task, F_task_io_uring, &its) &&
        kread(c, its + rings->offset + (unsigned)index * 8, file,
              sizeof(*file)) &&
        guest_is_kernel(*file);
}

static bool is_ring(FrailGuestCpu *c, uint64_t file)
{
    char buf[GUEST_PATH_MAX + 32];
    FrailText path;
    bool deleted;

    text_init(&path, buf, sizeof(buf));
    return guest_file_parts(c, file, &path, &deleted) &&
        !strcmp(text_terminate(&path), "anon_inode:[io_uring]");
}

bool guest_ring(FrailGuestCpu *c, const FrailProcess *p, int fd,
                bool registered, GuestRing *ring)
{
    uint64_t file, ctx, shared, flags, entries, head, tail;

    memset(ring, 0, sizeof(*ring));
    if (!(registered ? registered_file(c, p->task, fd, &file) :
                       guest_file_at(c, p->task, fd, &file)) ||
        !is_ring(c, file) ||
        !kread_pointer(c, file, F_file_private, &ctx) ||
        !kread_field(c, ctx, F_ring_flags, &flags) ||
        !kread_field(c, ctx, F_ring_entries, &entries) ||
        !kread_field(c, ctx, F_ring_head, &head) ||
        !kread_pointer(c, ctx, F_ring_sqes, &ring->slots) ||
        !kread_pointer(c, ctx, F_ring_rings, &shared) ||
        !kread_field(c, shared, F_rings_tail, &tail) ||
        !entries || entries > ENTRIES_MAX || entries & (entries - 1)) {
        return false;
    }
    if (!(flags & SETUP_NO_SQARRAY) &&
        !kread_pointer(c, ctx, F_ring_array, &ring->order)) {
        return false;
    }
    ring->flags = flags;
    ring->entries = entries;
    if (flags & SETUP_SQ_REWIND) {
        ring->ready = entries;
    } else {
        ring->head = head;
        ring->ready = (uint32_t)tail - ring->head;
        /* As the kernel does with a tail that cannot be. */
        ring->ready = MIN(ring->ready, ring->entries);
    }
    return true;
}

/* As io_get_sqe() of Linux 5.10 to 7.3. */
bool guest_ring_next(FrailGuestCpu *c, GuestRing *ring, GuestRingEntry *entry)
{
    uint32_t slot = ring->head & (ring->entries - 1);
    uint64_t at;

    memset(entry, 0, sizeof(*entry));
    if (!ring->ready) {
        return false;
    }
    ring->head++;
    ring->ready--;
    if (ring->order) {
        at = ring->order + (uint64_t)slot * sizeof(slot);
        if (!kread(c, at, &slot, sizeof(slot))) {
            return false;
        }
    }
    entry->slot = slot;
    if (slot >= ring->entries) {
        /* The kernel drops it, and takes no more of this call's. */
        ring->ready = 0;
        entry->invalid = true;
        return true;
    }
    entry->len = ring->flags & SETUP_SQE128 ? 2 * ENTRY_SIZE : ENTRY_SIZE;
    at = ring->slots + (uint64_t)slot * entry->len;
    if (!kread(c, at, entry->data, entry->len)) {
        return false;
    }
    /* An operation of two slots, which must not be cut by the queue's end. */
    if ((ring->flags & SETUP_SQE_MIXED) && entry->len == ENTRY_SIZE &&
        (entry->data[0] == OP_NOP128 || entry->data[0] == OP_URING_CMD128) &&
        ring->ready && slot + 1 < ring->entries &&
        kread(c, at + ENTRY_SIZE, entry->data + ENTRY_SIZE, ENTRY_SIZE)) {
        ring->head++;
        ring->ready--;
        entry->len = 2 * ENTRY_SIZE;
    }
    return true;
}
