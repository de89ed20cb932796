/*
 * The caller's memory, for analyzers and decoders alike.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "trap/call.h"

size_t call_read_user(const FrailCall *call, uint64_t addr, void *buf,
                      size_t len)
{
    FrailSpace space = call->space;

    /*
     * As the kernel itself reads for the caller: a kernel's address is no
     * better than one that is not mapped (access_ok(), and SMAP's reason to
     * be).
     */
    space.user = true;
    return call->mem ? frail_mem_read(call->mem, space, addr, buf, len) : 0;
}
