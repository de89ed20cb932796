/*
 * System V message queues, semaphores and shared memory.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include "decode/print/members.h"
#include "decode/print/ipc.h"

/*
 * Where a member is: with words of 8 bytes (x86-64 and x32, whose kernel's
 * long is as wide) and as struct compat_*_ds of i386 has it.
 */
typedef struct DsMember {
    const char *name;
    uint8_t at, size;           /* 64 bits */
    uint8_t at32, size32;
    uint8_t kind;
    uint8_t high32;             /* upper half of a time, i386; or 0 */
} DsMember;

#define U AS_UINT
#define I AS_INT

static const DsMember msg_members[] = {
    { "msg_stime", 48, 8, 36, 4, U, 40 },
    { "msg_rtime", 56, 8, 44, 4, U, 48 },
    { "msg_ctime", 64, 8, 52, 4, U, 56 },
    { "msg_qnum", 80, 8, 64, 4, U, 0 },
    { "msg_qbytes", 88, 8, 68, 4, U, 0 },
    { "msg_lspid", 96, 4, 72, 4, U, 0 },
    { "msg_lrpid", 100, 4, 76, 4, U, 0 },
};
static const DsMember shm_members[] = {
    { "shm_segsz", 48, 8, 36, 4, U, 0 },
    { "shm_cpid", 80, 4, 64, 4, I, 0 },
    { "shm_lpid", 84, 4, 68, 4, I, 0 },
    { "shm_nattch", 88, 8, 72, 4, U, 0 },
    { "shm_atime", 56, 8, 40, 4, U, 44 },
    { "shm_dtime", 64, 8, 48, 4, U, 52 },
    { "shm_ctime", 72, 8, 56, 4, U, 60 },
};
static const DsMember sem_members[] = {
    { "sem_otime", 48, 8, 36, 4, U, 40 },
    { "sem_ctime", 64, 8, 44, 4, U, 48 },
    { "sem_nsems", 80, 8, 52, 4, U, 0 },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Big enough for each of them. */
#define DS_MAX  128

typedef struct Kind {
    const char *perm;
    const DsMember *members;
    unsigned count;
    unsigned size, size32;
} Kind;

static const Kind msg_kind = {
    "msg_perm", msg_members, COUNT(msg_members), 120, 88
};
static const Kind shm_kind = {
    "shm_perm", shm_members, COUNT(shm_members), 112, 84
};
static const Kind sem_kind = {
    "sem_perm", sem_members, COUNT(sem_members), 104, 64
};

/* The words of the structures are the kernel's own but for i386. */
static bool narrow(const Printer *p)
{
    return p->call->abi == CALL_ABI_I386;
}

static void print_ds_members(Printer *p, const uint8_t *data,
                             const DsMember *members, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        const DsMember *m = &members[i];
        Member f = { .kind = m->kind, .size = m->size, .name = m->name };
        uint64_t value;

        f.size = narrow(p) ? m->size32 : m->size;
        value = load_uint(data + (narrow(p) ? m->at32 : m->at), f.size);
        if (narrow(p) && m->high32) {
            value |= load_uint(data + m->high32, 4) << 32;
            f.size = 8;
        }
        print_member(p, m->name);
        print_field(p, &value, &f);
    }
}

/* struct ipc64_perm: key, uid, gid, cuid, cgid, mode; the same in all. */
static void print_perm(Printer *p, const uint8_t *data, bool all)
{
    static const Member ids[] = {
        { .name = "uid", .offset = 4, .size = 4, .kind = AS_ID },
        { .name = "gid", .offset = 8, .size = 4, .kind = AS_ID },
        MEMBER_END
    };
    static const Member creator[] = {
        { .name = "key", .offset = 0, .size = 4, .kind = AS_UINT },
        { .name = "cuid", .offset = 12, .size = 4, .kind = AS_ID },
        { .name = "cgid", .offset = 16, .size = 4, .kind = AS_ID },
        MEMBER_END
    };

    text_char(p->out, '{');
    print_fields(p, data, 36, ids);
    print_member(p, "mode");
    text_mode(p->out, load_uint(data + 20, narrow(p) ? 2 : 4));
    if (all) {
        print_fields(p, data, 36, creator);
    }
    text_char(p->out, '}');
}

static void print_ds(Printer *p, uint64_t addr, const Kind *k, bool set)
{
    uint8_t data[DS_MAX] = { 0 };

    if (!addr || (!set && (!p->at_return || p->failed)) ||
        !printer_read(p, addr, data, narrow(p) ? k->size32 : k->size)) {
        print_addr(p, addr);
        return;
    }
    text_char(p->out, '{');
    print_member(p, k->perm);
    print_perm(p, data, !set);
    if (!set) {
        print_ds_members(p, data, k->members, k->count);
    } else if (k == &msg_kind) {
        print_ds_members(p, data, &msg_members[4], 1);
    }
    text_char(p->out, '}');
}

/* What IPC_INFO and its like return. */
static void print_info(Printer *p, uint64_t addr, size_t size,
                       const Member *fields)
{
    if (!p->at_return || p->failed) {
        print_addr(p, addr);
    } else {
        print_fields_at(p, addr, size, fields);
    }
}

void print_msgctl(Printer *p, int cmd, uint64_t addr)
{
    static const Member info[] = {
        { .name = "msgpool", .offset = 0, .size = 4, .kind = AS_INT },
        { .name = "msgmap", .offset = 4, .size = 4, .kind = AS_INT },
        { .name = "msgmax", .offset = 8, .size = 4, .kind = AS_INT },
        { .name = "msgmnb", .offset = 12, .size = 4, .kind = AS_INT },
        { .name = "msgmni", .offset = 16, .size = 4, .kind = AS_INT },
        { .name = "msgssz", .offset = 20, .size = 4, .kind = AS_INT },
        { .name = "msgtql", .offset = 24, .size = 4, .kind = AS_INT },
        { .name = "msgseg", .offset = 28, .size = 2, .kind = AS_UINT },
        MEMBER_END
    };

    switch (cmd) {
    case IPC_SET:
    case IPC_STAT:
    case 11: /* MSG_STAT */
    case 13: /* MSG_STAT_ANY */
        print_ds(p, addr, &msg_kind, cmd == IPC_SET);
        break;
    case 3: /* IPC_INFO */
    case 12: /* MSG_INFO */
        print_info(p, addr, 32, info);
        break;
    default:
        print_addr(p, addr);
    }
}

#define WORD(i, name_) \
    { .name = name_, .offset = 8 * (i), .size = 8, .kind = AS_UINT }
#define WORD32(i, name_) \
    { .name = name_, .offset = 4 * (i), .size = 4, .kind = AS_UINT }

void print_shmctl(Printer *p, int cmd, uint64_t addr)
{
    static const Member limits[] = {
        WORD(0, "shmmax"), WORD(1, "shmmin"), WORD(2, "shmmni"),
        WORD(3, "shmseg"), WORD(4, "shmall"), MEMBER_END
    };
    static const Member limits32[] = {
        WORD32(0, "shmmax"), WORD32(1, "shmmin"), WORD32(2, "shmmni"),
        WORD32(3, "shmseg"), WORD32(4, "shmall"), MEMBER_END
    };
    static const Member used[] = {
        { .name = "used_ids", .offset = 0, .size = 4, .kind = AS_INT },
        WORD(1, "shm_tot"), WORD(2, "shm_rss"), WORD(3, "shm_swp"),
        WORD(4, "swap_attempts"), WORD(5, "swap_successes"), MEMBER_END
    };
    static const Member used32[] = {
        { .name = "used_ids", .offset = 0, .size = 4, .kind = AS_INT },
        WORD32(1, "shm_tot"), WORD32(2, "shm_rss"), WORD32(3, "shm_swp"),
        WORD32(4, "swap_attempts"), WORD32(5, "swap_successes"), MEMBER_END
    };

    switch (cmd) {
    case IPC_SET:
    case IPC_STAT:
    case 13: /* SHM_STAT */
    case 15: /* SHM_STAT_ANY */
        print_ds(p, addr, &shm_kind, cmd == IPC_SET);
        break;
    case 3: /* IPC_INFO */
        print_info(p, addr, narrow(p) ? 20 : 40, narrow(p) ? limits32 :
                                                            limits);
        break;
    case 14: /* SHM_INFO */
        print_info(p, addr, narrow(p) ? 24 : 48, narrow(p) ? used32 : used);
        break;
    default:
        print_addr(p, addr);
    }
}

void print_semctl(Printer *p, int cmd, uint64_t addr)
{
    static const char *const names[] = {
        "semmap", "semmni", "semmns", "semmnu", "semmsl", "semopm", "semume",
        "semusz", "semvmx", "semaem"
    };
    int32_t info[COUNT(names)];

    switch (cmd) {
    case IPC_SET:
    case IPC_STAT:
    case 18: /* SEM_STAT */
    case 20: /* SEM_STAT_ANY */
        print_ds(p, addr, &sem_kind, cmd == IPC_SET);
        break;
    case 3: /* IPC_INFO */
    case 19: /* SEM_INFO */
        if (!p->at_return || p->failed || !addr ||
            !printer_read(p, addr, info, sizeof(info))) {
            print_addr(p, addr);
            break;
        }
        text_char(p->out, '{');
        for (unsigned i = 0; i < COUNT(names); i++) {
            print_member(p, names[i]);
            text_dec(p->out, info[i]);
        }
        text_char(p->out, '}');
        break;
    default:
        print_addr(p, addr);
    }
}

static void element_sembuf(Printer *p, const uint8_t *data, void *opaque)
{
    static const Member fields[] = {
        FIELD(struct sembuf, sem_num, UINT),
        FIELD(struct sembuf, sem_op, INT),
        FIELD_X(struct sembuf, sem_flg, FLAGS, semop_flags),
        MEMBER_END
    };

    (void)opaque;
    text_char(p->out, '{');
    print_fields(p, data, sizeof(struct sembuf), fields);
    text_char(p->out, '}');
}

void print_sembufs(Printer *p, uint64_t addr, uint64_t count)
{
    print_elements(p, addr, count, sizeof(struct sembuf), element_sembuf, NULL);
}

void print_msgbuf(Printer *p, uint64_t addr, uint64_t len)
{
    unsigned word = printer_word(p);
    uint64_t type;

    if (!addr || !printer_read_word(p, addr, &type)) {
        print_addr(p, addr);
        return;
    }
    text_str(p->out, "{mtype=");
    text_dec(p->out, word == 8 ? (int64_t)type : (int32_t)type);
    print_member(p, "mtext");
    print_buffer(p, addr + word, len);
    text_char(p->out, '}');
}
