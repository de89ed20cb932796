/*
 * What an analyzer may ask of a call.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <string.h>

#include "frail-plugin.h"

#include "decode/decode.h"
#include "trap/call.h"

FrailAbi frail_call_abi(const FrailCall *call)
{
    return (FrailAbi)call->abi;
}

int64_t frail_call_number(const FrailCall *call)
{
    return call->nr;
}

const char *frail_call_name(const FrailCall *call)
{
    return frail_syscall_name((FrailAbi)call->abi, call->nr);
}

uint64_t frail_call_arg(const FrailCall *call, unsigned i)
{
    return i < 6 ? call->args[i] : 0;
}

unsigned frail_call_arg_count(const FrailCall *call)
{
    return frail_syscall_arg_count((FrailAbi)call->abi, call->nr);
}

unsigned frail_call_vcpu(const FrailCall *call)
{
    return call->vcpu;
}

uint64_t frail_call_sequence(const FrailCall *call)
{
    return call->seq;
}

int64_t frail_call_time_ns(const FrailCall *call)
{
    return call->entered_ns;
}

int64_t frail_call_duration_ns(const FrailCall *call)
{
    return call->duration_ns;
}

uint64_t frail_call_user_rip(const FrailCall *call)
{
    return call->user_rip;
}

uint64_t frail_call_user_rsp(const FrailCall *call)
{
    return call->user_rsp;
}

uint64_t frail_call_cr3(const FrailCall *call)
{
    return call->space.cr3;
}

uint64_t frail_call_task(const FrailCall *call)
{
    return call->task;
}

int frail_call_refused(const FrailCall *call)
{
    return call->refused;
}

int frail_call_result(const FrailCall *call, int64_t *result)
{
    if (!call->has_result) {
        return -ENODATA;
    }
    *result = call->result;
    return 0;
}

bool frail_call_restarts(const FrailCall *call)
{
    return call->restarts;
}

FrailMatch frail_call_match(const FrailCall *call)
{
    return (FrailMatch)call->match;
}

const FrailProcess *frail_call_process(const FrailCall *call)
{
    return call->guest ? guest_process(call->guest) : NULL;
}

int frail_call_read(const FrailCall *call, uint64_t addr, void *buf,
                    size_t len)
{
    return call_read_user(call, addr, buf, len) == len ? 0 : -EFAULT;
}

ssize_t frail_call_read_string(const FrailCall *call, uint64_t addr,
                               char *buf, size_t size)
{
    size_t done = 0;

    if (!size) {
        return -E2BIG;
    }
    while (done < size) {
        size_t room = FRAIL_PAGE_SIZE - ((addr + done) & ~FRAIL_PAGE_MASK);
        size_t n = size - done < room ? size - done : room;
        const char *end;

        /* Not round to the user's address 0 behind the last one. */
        if (addr + done < addr ||
            call_read_user(call, addr + done, buf + done, n) != n) {
            buf[done] = '\0';
            return -EFAULT;
        }
        end = memchr(buf + done, '\0', n);
        if (end) {
            return end - buf;
        }
        done += n;
    }
    buf[size - 1] = '\0';
    return -E2BIG;
}
