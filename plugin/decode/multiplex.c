/*
 * Calls that stand for another one.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <linux/ipc.h>
#include <linux/net.h>

#include "decode/kinds/kinds.h"
#include "decode/multiplex.h"
#include "decode/result.h"

static const char *const socket_names[] = {
    [SYS_SOCKET] = "socket",
    [SYS_BIND] = "bind",
    [SYS_CONNECT] = "connect",
    [SYS_LISTEN] = "listen",
    [SYS_ACCEPT] = "accept",
    [SYS_GETSOCKNAME] = "getsockname",
    [SYS_GETPEERNAME] = "getpeername",
    [SYS_SOCKETPAIR] = "socketpair",
    [SYS_SEND] = "send",
    [SYS_RECV] = "recv",
    [SYS_SENDTO] = "sendto",
    [SYS_RECVFROM] = "recvfrom",
    [SYS_SHUTDOWN] = "shutdown",
    [SYS_SETSOCKOPT] = "setsockopt",
    [SYS_GETSOCKOPT] = "getsockopt",
    [SYS_SENDMSG] = "sendmsg",
    [SYS_RECVMSG] = "recvmsg",
    [SYS_ACCEPT4] = "accept4",
    [SYS_RECVMMSG] = "recvmmsg",
    [SYS_SENDMMSG] = "sendmmsg",
};

static const char *const ipc_names[] = {
    [SEMOP] = "semop",
    [SEMGET] = "semget",
    [SEMCTL] = "semctl",
    [SEMTIMEDOP] = "semtimedop",
    [MSGSND] = "msgsnd",
    [MSGRCV] = "msgrcv",
    [MSGGET] = "msgget",
    [MSGCTL] = "msgctl",
    [SHMAT] = "shmat",
    [SHMDT] = "shmdt",
    [SHMGET] = "shmget",
    [SHMCTL] = "shmctl",
};

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const ArgSpec raw_args[] = {
    { .name = "call", .kind = "int", .print = arg_int, .reg = 0 },
    { .name = "args", .kind = "addr", .print = arg_addr, .reg = 1 },
};
static const ArgSpec ipc_args[] = {
    { .name = "call", .kind = "hex32", .print = arg_hex32, .reg = 0 },
    { .name = "first", .kind = "int", .print = arg_int, .reg = 1 },
    { .name = "second", .kind = "int", .print = arg_int, .reg = 2 },
    { .name = "third", .kind = "int", .print = arg_int, .reg = 3 },
    { .name = "ptr", .kind = "addr", .print = arg_addr, .reg = 4 },
    { .name = "fifth", .kind = "hex", .print = arg_hex, .reg = 5 },
};
static const ArgSpec memory_args[] = {
    { .name = "arg", .kind = "addr", .print = arg_addr, .reg = 0 },
};

static const CallSpec bare_memory = { memory_args, 1, 0, res_dec, NULL };
static const CallSpec bare_socketcall = { raw_args, 2, 0, res_dec, NULL };
static const CallSpec bare_ipc = { ipc_args, 6, 0, res_dec, NULL };

/* The @n words at @addr, as arguments. */
static bool read_args(FrailCall *call, uint64_t addr, unsigned n)
{
    uint32_t words[6];

    if (call_read_user(call, addr, words, n * 4) != n * 4) {
        return false;
    }
    for (unsigned i = 0; i < n; i++) {
        call->args[i] = words[i];
    }
    return true;
}

static const CallSpec *of_socketcall(FrailCall *call, const char **name)
{
    uint32_t which = call->args[0];
    const char *own = NULL;
    const CallSpec *spec = which < ARRAY_SIZE(socket_names) ?
        call_spec_named(socket_names[which], &own) : NULL;

    if (!spec || !read_args(call, call->args[1], spec->n)) {
        return &bare_socketcall;
    }
    *name = own;
    return spec;
}

static const CallSpec *of_ipc(FrailCall *call, const char **name)
{
    uint64_t *a = call->args;
    uint32_t which = a[0] & 0xffff, version = (uint32_t)a[0] >> 16;
    const CallSpec *spec = which < ARRAY_SIZE(ipc_names) ?
        call_spec_named(ipc_names[which], name) : NULL;
    uint64_t first = a[1], second = a[2], third = a[3], ptr = a[4],
             fifth = a[5];
    uint32_t word;

    if (!spec) {
        return &bare_ipc;
    }
    memcpy(a, (uint64_t[6]) { first, second, third }, sizeof(call->args));
    switch (which) {
    case SEMOP:
    case SEMTIMEDOP:
        a[1] = ptr;
        a[2] = second;
        a[3] = fifth;
        break;
    case SEMCTL:
        /* The fourth argument lies where @ptr points to. */
        a[3] = call_read_user(call, ptr, &word, 4) == 4 ? word : 0;
        break;
    case MSGSND:
        memcpy(a, (uint64_t[]) { first, ptr, second, third }, 4 * 8);
        break;
    case MSGRCV:
        memcpy(a, (uint64_t[]) { first, ptr, second, fifth, third }, 5 * 8);
        if (!version) {
            uint32_t kludge[2];

            /* Pointer and type behind one more pointer. */
            if (call_read_user(call, ptr, kludge, 8) == 8) {
                a[1] = kludge[0];
                a[3] = kludge[1];
            }
        }
        break;
    case MSGCTL:
        a[2] = ptr;
        break;
    case SHMAT:
        memcpy(a, (uint64_t[]) { first, ptr, second }, 3 * 8);
        break;
    case SHMDT:
        a[0] = ptr;
        break;
    case SHMCTL:
        a[2] = ptr;
        break;
    }
    return spec;
}

/* Whoever asks for the number means the call, where it has one of its own. */
static void take_number(FrailCall *call, const char *name)
{
    int64_t nr = frail_syscall_number((FrailAbi)call->abi, name);

    if (nr >= 0) {
        call->nr = nr;
    }
}

const CallSpec *multiplex(FrailCall *call, const CallSpec *spec,
                          const char **name)
{
    switch (spec->via) {
    case VIA_SOCKETCALL:
        spec = of_socketcall(call, name);
        take_number(call, *name);
        return spec;
    case VIA_IPC:
        spec = of_ipc(call, name);
        take_number(call, *name);
        return spec;
    default:
        return read_args(call, call->args[0], spec->target->n) ?
            spec->target : &bare_memory;
    }
}
