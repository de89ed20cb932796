/*
 * Arguments of sockets, and of calls that take vectors of buffers.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "decode/kinds/kinds.h"
#include "decode/print/iovec.h"
#include "decode/print/msghdr.h"
#include "decode/print/netlink.h"
#include "decode/print/sockaddr.h"
#include "decode/print/sockopt.h"
#include "decode/names/print.h"

void arg_socket_type(Arg *a)
{
    write_socket_type(a->p->out, a->value);
}

void arg_socket_protocol(Arg *a)
{
    write_socket_protocol(a->p->out, arg_ref(a), a->value);
}

/* --- Addresses: their length at entry is kept until the return ----------- */

void arg_sockaddr_in(Arg *a)
{
    print_sockaddr(a->p, a->value, (int32_t)arg_ref(a));
}

void arg_sockaddr_out(Arg *a)
{
    if (!a->p->at_return) {
        a->later = true;
        a->saved[0] = printer_socklen(a->p, arg_ref(a));
    } else {
        print_sockaddr_out(a->p, a->value, arg_ref(a), a->saved[0]);
    }
}

/* (the address): behind it, so that @saved is that of arg_sockaddr_out(). */
void arg_addrlen(Arg *a)
{
    if (!a->p->at_return) {
        a->later = true;
    } else {
        print_socklen(a->p, arg_ref(a), a->value, a->saved[0]);
    }
}

/* --- Buffers ------------------------------------------------------------- */

/* Argument 0 is the socket. */
static bool is_netlink(const Arg *a, int *family)
{
    return fd_is_netlink(a->p, (int32_t)a->p->call->args[0], family);
}

void arg_sock_inbuf(Arg *a)
{
    int family;

    if (is_netlink(a, &family)) {
        print_netlink(a->p, a->value, arg_ref(a), family);
    } else {
        arg_inbuf(a);
    }
}

void arg_sock_outbuf(Arg *a)
{
    int family;

    if (!arg_written(a)) {
        return;
    }
    if (is_netlink(a, &family)) {
        print_netlink(a->p, a->value, a->p->result, family);
    } else {
        print_buffer(a->p, a->value, a->p->result);
    }
}

void arg_iovec_in(Arg *a)
{
    print_iovec(a->p, a->value, arg_ref(a), IOVEC_STRING, UINT64_MAX, 0);
}

void arg_iovec_out(Arg *a)
{
    if (!a->p->at_return) {
        a->later = true;
    } else if (a->p->failed) {
        print_iovec(a->p, a->value, arg_ref(a), IOVEC_ADDR, 0, 0);
    } else {
        print_iovec(a->p, a->value, arg_ref(a), IOVEC_STRING, a->p->result,
                    0);
    }
}

void arg_iovec_addr(Arg *a)
{
    print_iovec(a->p, a->value, arg_ref(a), IOVEC_ADDR, 0, 0);
}

/* --- Messages ------------------------------------------------------------ */

static int socket_of(const Arg *a)
{
    return (int32_t)a->p->call->args[0];
}

void arg_msghdr_in(Arg *a)
{
    print_msghdr_send(a->p, socket_of(a), a->value);
}

void arg_msghdr_out(Arg *a)
{
    if (!a->p->at_return) {
        a->later = true;
        a->saved[0] = msghdr_namelen(a->p, a->value);
    } else {
        print_msghdr_recv(a->p, socket_of(a), a->value, a->saved[0]);
    }
}

void arg_mmsghdr_in(Arg *a)
{
    if (!a->p->at_return) {
        a->later = true;
    } else {
        print_mmsghdr_send(a->p, socket_of(a), a->value,
                           (uint32_t)arg_ref(a));
    }
}

/* In the last of what is saved: how many lengths there are. */
void arg_mmsghdr_out(Arg *a)
{
    if (!a->p->at_return) {
        a->later = true;
        a->saved[ARG_SAVED - 1] = mmsghdr_namelens(
            a->p, a->value, (uint32_t)arg_ref(a), a->saved, ARG_SAVED - 1);
    } else {
        print_mmsghdr_recv(a->p, socket_of(a), a->value, a->saved,
                           a->saved[ARG_SAVED - 1]);
    }
}

/* --- Options ------------------------------------------------------------- */

/* In setsockopt, not in getsockopt; both are behind socketcall(), too. */
static bool is_set(const Printer *p)
{
    uint64_t nr = p->call->nr;

    return p->call->abi == CALL_ABI_X86_64 ? nr == 54 :
           p->call->abi == CALL_ABI_X32 ? nr == 541 : nr == 366;
}

void arg_sock_level(Arg *a)
{
    print_sockopt_level(a->p, a->value);
}

void arg_sockopt_name(Arg *a)
{
    print_sockopt_name(a->p, arg_ref(a), a->value, is_set(a->p));
}

void arg_sockopt_in(Arg *a)
{
    const uint64_t *args = a->p->call->args;

    print_sockopt_set(a->p, args[1], args[2], a->value, arg_ref(a));
}

void arg_sockopt_out(Arg *a)
{
    const uint64_t *args = a->p->call->args;

    if (!a->p->at_return) {
        a->later = true;
        a->saved[0] = printer_socklen(a->p, arg_ref(a));
    } else {
        print_sockopt_get(a->p, args[1], args[2], a->value, arg_ref(a),
                          a->saved[0]);
    }
}

/* Behind the value, whose kind has kept the length at entry. */
void arg_sockopt_len(Arg *a)
{
    if (!a->p->at_return) {
        a->later = true;
    } else {
        print_sockopt_len(a->p, a->value, a->saved[0]);
    }
}
