/*
 * The programs of a guest, their profiles, and the directory that keeps them.
 *
 * Profiles are written by a thread of the store's own, never by a vCPU's.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ANALYZER_PH_STORE_H
#define FRAIL_ANALYZER_PH_STORE_H

#include <glib.h>
#include <stdatomic.h>

#include "ph-profile.h"

/* A hostile guest can start programs without end. */
#define PH_PROGRAMS_MAX     1024

typedef struct PhProgram {
    char *exe;
    char *quoted;           /* for messages */
    char *path;             /* of its file, or NULL */
    /*
     * NULL: none is known and none is made.  In the state PH_TESTING, which
     * never ends, nobody changes it and nobody needs the lock.
     */
    PhProfile *profile;
    GMutex lock;
    atomic_bool tests;      /* the profile's state is PH_TESTING */
    bool unsaved;           /* under the lock */
    /* Since QEMU began. */
    _Atomic uint64_t runs, calls, anomalies;
    _Atomic uint64_t by_pairs, by_windows;  /* those that either would find */
    atomic_uint worst;      /* most anomalies in a frame */
} PhProgram;

typedef enum PhMode {
    PH_MODE_AUTO,           /* learn until nothing is new, then test */
    PH_MODE_TRAIN,          /* learn only */
    PH_MODE_TEST,           /* test only; programs without a profile are not */
} PhMode;

typedef struct PhStoreOptions {
    const char *dir;        /* or NULL: nothing is kept */
    PhMode mode;
    unsigned window;
    uint64_t save_calls;    /* write profiles when so many calls are learned */
} PhStoreOptions;

typedef struct PhStore PhStore;

/*
 * Read the directory's profiles, and keep other QEMUs from writing there.
 * NULL and one sentence in *@err, to be freed, when that cannot be done.
 */
PhStore *ph_store_open(const PhStoreOptions *opts, char **err);
/*
 * Write what is not written, and free; no vCPU is inside any more.  NULL is
 * allowed.  Returns one sentence, to be freed, if that failed.
 */
char *ph_store_close(PhStore *s);

/*
 * The program of that path; one that is new gets an empty profile, unless
 * profiles are only tested.  *@fresh: it was not known.  NULL when there is no
 * room for one more.  Any thread; allocates if it is new.
 */
PhProgram *ph_store_program(PhStore *s, const char *exe, bool *fresh);
/*
 * A call was learned, @changed: the profile's state is another.  Any thread,
 * with the program's lock.
 */
void ph_store_learned(PhStore *s, PhProgram *p, bool changed);
/* All of them, in the order in which they were met; not while vCPUs run. */
const GPtrArray *ph_store_programs(const PhStore *s);

#endif /* FRAIL_ANALYZER_PH_STORE_H */
