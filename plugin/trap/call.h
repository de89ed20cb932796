/*
 * One system call on its way from the engine to the analyzers.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_CALL_H
#define FRAIL_CALL_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

#include "frail-host.h"
#include "guest/guest.h"
#include "mem/mem.h"

/* As FrailAbi in frail-plugin.h; plugin/api/ asserts that they agree. */
enum {
    CALL_ABI_X86_64,
    CALL_ABI_X32,
    CALL_ABI_I386,
    CALL_ABI_MAX,
};

#define CALL_X32_BIT    0x40000000

struct DecodePool;
struct Family;

/* How many consumers a call can be judged for; a bit for each. */
#define CALL_JUDGES     16

struct FrailCall {
    FrailMem *mem;          /* of the vCPU the callback runs on; or NULL */
    FrailGuestCpu *guest;   /* likewise */
    FrailSpace space;
    int64_t nr;
    uint64_t args[6];
    uint64_t seq;
    uint64_t task;          /* top of the task's kernel stack, or 0 */
    uint64_t user_rip;      /* behind the instruction */
    uint64_t user_rsp;
    int64_t entered_ns;     /* wall clock */
    int64_t steady_ns;      /* monotonic; with a return to come */
    int64_t duration_ns;
    int64_t result;
    uint16_t vcpu;
    uint16_t refused;       /* errno */
    struct DecodePool *pool;    /* of the machine; set by the sink */
    struct Family *family;      /* likewise; or NULL */
    void *host;             /* the monitor's vCPU that the callback is of */
    uint8_t abi;
    bool entering;          /* this is its on_call */
    bool has_result;
    bool restarts;
    bool killed;            /* its caller ends in place of it */
    bool wants_return;      /* somebody waits for its return; set by the sink */
    bool over;              /* it has returned, or is given up */
    uint8_t match;          /* FrailMatch, for the present callback */
    /* The sink's own, from entry to return: whose filter has said what. */
    uint16_t matched, undecided;
    uint16_t told;          /* who has been given the call; for the engine */
    uint16_t noted;         /* and who one of its task's before */
    uint32_t judge[CALL_JUDGES];    /* by which filter, of those undecided */
    uint64_t judged[CALL_JUDGES];   /* and what it knew */
};

typedef struct FrailCall FrailCall;

/* Consumers that have been given a call of a task; or nobody knows. */
#define TOLD_UNKNOWN    (1u << CALL_JUDGES)

/* A handler is about to run. */
struct FrailSignal {
    FrailCall call;         /* whose memory, where; abi, RIP, RSP: handler's */
    uint64_t info;          /* where its siginfo is; 0: there is none */
    int32_t number;
    uint32_t told;
};

typedef struct FrailSignal FrailSignal;

/* A task has ended. */
struct FrailExit {
    const FrailProcess *process;    /* or NULL */
    uint64_t task;          /* as in FrailCall */
    uint64_t cr3;           /* of who has shown it */
    uint32_t told;
    int64_t time_ns;
    uint16_t vcpu;
    bool core;
    GuestEndHow how;
    int value;
};

typedef struct FrailExit FrailExit;

/*
 * Read the caller's memory, what user mode may read of it.  How many of @len
 * bytes at @addr were copied: fewer when a page is not present.  On the
 * vCPU's thread.
 */
size_t call_read_user(const FrailCall *call, uint64_t addr, void *buf,
                      size_t len);

/*
 * Where the engine delivers to.  plugin/api/ implements it; the engine does
 * not know who listens.
 */
typedef struct FrailSink {
    /* Might somebody ask for such a call, or for its return? */
    bool (*wants)(void *opaque, unsigned abi, int64_t nr);
    bool (*wants_returns)(void *opaque);
    /* Returns the verdict; call->wants_return says if ret() is to come. */
    int (*call)(void *opaque, void *vcpu, FrailCall *call);
    void (*ret)(void *opaque, void *vcpu, FrailCall *call);
    /* Only when wants_signals, wants_tasks of the machine are set. */
    void (*signal)(void *opaque, void *vcpu, FrailSignal *signal);
    void (*exit)(void *opaque, void *vcpu, const FrailExit *exit);
    void (*free)(void *opaque);
} FrailSink;

#endif /* FRAIL_CALL_H */
