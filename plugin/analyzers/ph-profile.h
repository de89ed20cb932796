/*
 * What is normal for a program: which system calls follow which.
 *
 * A profile holds two views of the sequences of calls that a program's
 * threads have made: every window of some length, and for every pair of calls
 * the distances at which the second has followed the first (the look-ahead
 * pairs of pH).  Nothing here knows of a guest, and nothing takes a lock: see
 * docs/ph.md for the method, ph-store.h for who may touch a profile when.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ANALYZER_PH_PROFILE_H
#define FRAIL_ANALYZER_PH_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many calls a window has. */
#define PH_WINDOW_MIN   2
#define PH_WINDOW_MAX   16

/* --- Calls ---------------------------------------------------------------- */

#define PH_ABIS         3       /* as FrailAbi has */
#define PH_NUMBERS      1024    /* the last stands for all beyond */
#define PH_IDS          (PH_ABIS * PH_NUMBERS)

/* A call as one small number, below PH_IDS. */
static inline unsigned ph_id(unsigned abi, int64_t nr)
{
    unsigned n = nr < 0 || nr >= PH_NUMBERS ? PH_NUMBERS - 1 : (unsigned)nr;

    return (abi < PH_ABIS ? abi : 0) * PH_NUMBERS + n;
}

/*
 * A profile numbers the calls it knows, in the order in which it met them, so
 * that eight bits are enough for one.
 */
enum {
    PH_BEGIN = 0,           /* stands before a program's first call */
    PH_FIRST = 1,
    PH_LAST = 253,          /* more kinds of calls share the next one: */
    PH_OTHER = 254,
    PH_ALIEN = 255,         /* while testing: the profile has no such call */
    PH_INDICES = 256,
};

/* --- Profiles ------------------------------------------------------------- */

/* The latest call is the lowest byte of lo. */
typedef struct PhWindow {
    uint64_t lo, hi;
} PhWindow;

/* The call that was made @distance calls before the latest one. */
static inline unsigned ph_window_at(PhWindow w, unsigned distance)
{
    return (distance < 8 ? w.lo >> 8 * distance :
            w.hi >> 8 * (distance - 8)) & 0xff;
}

/* Another call is the latest one; the oldest of PH_WINDOW_MAX falls out. */
static inline PhWindow ph_window_push(PhWindow w, unsigned call)
{
    return (PhWindow) { .lo = w.lo << 8 | call, .hi = w.hi << 8 | w.lo >> 56 };
}

typedef enum PhState {
    PH_TRAINING,            /* learns */
    PH_FROZEN,              /* nothing new for long; learns, if there were */
    PH_TESTING,             /* does not change any more */
} PhState;

/* As many windows as a profile holds, and slots for them. */
#define PH_SLOTS_MIN    256u
#define PH_SLOTS_MAX    32768u
#define PH_WINDOWS_MAX  (PH_SLOTS_MAX / 4 * 3)

/* Numbers of a file are below; sums and products of them cannot overflow. */
#define PH_COUNT_MAX    (UINT64_C(1) << 48)

typedef struct PhProfile {
    char *exe;              /* the program's path */
    unsigned window;
    PhState state;
    uint64_t calls;         /* learned from */
    uint64_t changed;       /* of them, up to the last one that was new */
    uint64_t runs;          /* programs started, while learning */
    int64_t frozen_ns;      /* since 1970 */
    bool full_calls;        /* some calls share PH_OTHER */
    bool full_windows;      /* some windows had no room */
    unsigned n_calls;       /* PH_FIRST... */
    unsigned n_pairs;       /* bits set in pair[][] */
    unsigned n_windows;
    uint16_t id[PH_INDICES];
    uint8_t index[PH_IDS];  /* 0: the profile has no such call */
    /* Bit d of pair[c][p]: p was d calls before c. */
    uint16_t pair[PH_INDICES][PH_INDICES];
    /*
     * An open hash table.  Its larger successors lie behind it in one piece of
     * memory that is reserved when the profile is made, so that a call that is
     * learned from never allocates.  What is not used costs nothing.
     */
    unsigned slots;
    PhWindow *slot;
    PhWindow *reserved;
} PhProfile;

/* Allocates; @exe is copied.  @window is within bounds. */
PhProfile *ph_profile_new(const char *exe, unsigned window);
/* NULL is allowed. */
void ph_profile_free(PhProfile *p);
/* One that can be written to a file, while @p is changed: learns no more. */
PhProfile *ph_profile_copy(const PhProfile *p);

/* The index of call @id, a new one if need be. */
unsigned ph_profile_index(PhProfile *p, unsigned id);
/* Distances, 1 to window - 1, as bits; true if one of them is new. */
bool ph_profile_add_pair(PhProfile *p, unsigned call, unsigned before,
                         unsigned distances);
/* True if it is new and there was room.  Its last call is not PH_BEGIN. */
bool ph_profile_add_window(PhProfile *p, PhWindow w);
bool ph_profile_has_window(const PhProfile *p, PhWindow w);
/*
 * All that @from knows, @into knows as well.  What is in training makes the
 * sum be in training.  The windows must be of one length, or false.
 */
bool ph_profile_merge(PhProfile *into, const PhProfile *from);

/* When training ends by itself. */
typedef struct PhFreeze {
    /* Nothing new for so many calls, and ... */
    uint64_t calls;
    /* ... for so many times as many as it took to learn all that is known. */
    uint64_t ratio;
    /* From then on nothing new for so long. */
    int64_t time_ns;
} PhFreeze;

/*
 * After calls were learned, or time has passed: @now_ns, since 1970.  Returns
 * true if the state is another one now.
 */
bool ph_profile_advance(PhProfile *p, const PhFreeze *f, int64_t now_ns);

/* --- Sequences ------------------------------------------------------------ */

/* The last calls of a thread, as its program's profile numbers them. */
typedef struct PhSequence {
    PhWindow last;
    unsigned known;         /* of them, PH_WINDOW_MAX at most */
} PhSequence;

/* What a call looks like beside the profile. */
typedef struct PhStep {
    unsigned pairs;         /* that could be compared, */
    unsigned pairs_new;     /* and those of them that the profile has not */
    bool whole;             /* there was a whole window, */
    bool window_new;        /* and the profile has it not */
    bool alien;             /* the call itself is not in the profile */
} PhStep;

/* The program begins: what comes before its first call is known, nothing. */
static inline void ph_sequence_begin(PhSequence *s)
{
    *s = (PhSequence) { .known = PH_WINDOW_MAX };
}

/* Somewhere on its way: a child of fork, a thread, or Frail came late. */
static inline void ph_sequence_join(PhSequence *s)
{
    *s = (PhSequence) { .known = 0 };
}

/* A call was made, and is normal. */
void ph_learn(PhProfile *p, PhSequence *s, unsigned id, PhStep *step);
/* A call was made: is it? */
void ph_test(const PhProfile *p, PhSequence *s, unsigned id, PhStep *step);

/* --- Locality frames ------------------------------------------------------ */

#define PH_FRAME        128

/* Which of a thread's last PH_FRAME calls were anomalies. */
typedef struct PhFrame {
    uint64_t bits[PH_FRAME / 64];
    unsigned at;
    unsigned count;
} PhFrame;

/* Returns how many there are now. */
unsigned ph_frame_add(PhFrame *f, bool anomaly);

#endif /* FRAIL_ANALYZER_PH_PROFILE_H */
