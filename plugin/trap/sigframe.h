/*
 * The frames that Linux makes on the user's stack for the handlers of signals.
 *
 * A frame is the guest's own memory, and so is all that is said here of it.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_SIGFRAME_H
#define FRAIL_SIGFRAME_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

#include "trap/call.h"

#define SIGFRAMES_MAX   16      /* handlers of several pending signals */

typedef struct SigFrame {
    uint64_t at;            /* the handler's stack pointer */
    uint64_t handler;
    uint64_t info;          /* where its siginfo has its place; 0: none */
    uint64_t mark;          /* of what lies in it; never 0 */
    int32_t sig;
    uint8_t abi;            /* that of the siginfo */
    bool always_info;       /* it is there, whatever the handler asked for */
} SigFrame;

/*
 * Do these registers, as user mode will have them, look like the start of a
 * handler?  Reads no memory.
 */
bool sigframe_is_entry(const FrailRegs *user);

/*
 * The frames of the handlers that are about to start, the first to run first;
 * not that with the mark @known, nor those behind it.  Returns how many.
 */
unsigned sigframe_walk(FrailMem *mem, FrailSpace space, const FrailRegs *user,
                       uint64_t known, SigFrame list[SIGFRAMES_MAX]);

/*
 * (rt_)sigreturn @call goes back to the start of another handler, one whose
 * frame has been made before: the mark of that frame; else 0.
 */
uint64_t sigframe_returns_to(FrailMem *mem, FrailSpace space,
                             const FrailCall *call);

/*
 * A handler runs before the caller sees its call's result: that lies in the
 * frame at @rsp.  Fills in result or restarts of @call and returns true, or
 * false when no frame leads back to where the call was made.
 */
bool sigframe_ends_call(FrailMem *mem, FrailSpace space, FrailCall *call,
                        uint64_t rsp);

#endif /* FRAIL_SIGFRAME_H */
