/*
 * The tasks that have made calls, until they end.
 *
 * A task that a signal kills makes no last call.  What is left of it is its
 * task_struct, which says how it ended as long as nobody has used its memory
 * again: so it is looked at when its parent is told, and it is believed only
 * as long as it names the same task.
 *
 * Fixed in size; when a bucket is full, the task whose call is the oldest is
 * forgotten, and its end goes unseen.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "guest/internal.h"

#define BUCKETS         1024u   /* a power of two */
#define WAYS            8u
/* So many children are looked at when one of them, nobody says which, ended */
#define CHILDREN_MAX    256u

#define EXIT_DEAD       0x10
#define EXIT_ZOMBIE     0x20

typedef struct Seen {
    uint64_t stack;         /* top of its kernel stack; 0: free */
    uint64_t task;          /* address of its task_struct */
    uint64_t seq;           /* of its last call */
    uint64_t leader_start;  /* with the tgid: its process */
    TaskKey key;
    int32_t ppid, ns_tid;
    uint32_t marks;
    bool ended;
} Seen;

typedef struct Bucket {
    int lock;                   /* bit 0, of g_bit_lock() */
    Seen seen[WAYS];
} Bucket;

/* For whoever looks through all of them, without a lock; 0: nobody alive. */
typedef struct Hint {
    int32_t tgid, ppid;     /* atomic */
} Hint;

struct GuestTasks {
    Bucket bucket[BUCKETS];
    Hint hint[BUCKETS][WAYS];
    unsigned first;         /* where the next search begins; atomic */
};

/* Who is told. */
typedef struct Teller {
    FrailGuestCpu *c;
    GuestEndFn *fn;
    void *opaque;
} Teller;

void guest_watch_tasks(FrailGuest *g)
{
    if (!g->tasks) {
        g->tasks = g_new0(GuestTasks, 1);
    }
}

void guest_tasks_clear(GuestTasks *t)
{
    if (t) {
        memset(t, 0, sizeof(*t));
    }
}

void guest_tasks_free(GuestTasks *t)
{
    g_free(t);
}

/* Kernel stacks are 16 KiB apart: mix before taking the upper bits. */
static unsigned bucket_of(uint64_t stack)
{
    return (stack * UINT64_C(0x9e3779b97f4a7c15)) >> 54;
}

G_STATIC_ASSERT(BUCKETS == 1 << (64 - 54));

static void set_hint(GuestTasks *t, unsigned b, unsigned way)
{
    const Seen *s = &t->bucket[b].seen[way];
    bool alive = s->stack && !s->ended;

    __atomic_store_n(&t->hint[b][way].tgid, alive ? s->key.tgid : 0,
                     __ATOMIC_RELAXED);
    __atomic_store_n(&t->hint[b][way].ppid, alive ? s->ppid : 0,
                     __ATOMIC_RELAXED);
}

static bool same_task(const Seen *a, const Seen *b)
{
    return a->stack == b->stack && a->task == b->task &&
           a->key.pid == b->key.pid && a->key.start == b->key.start;
}

static void copy_seen(GuestTasks *t, unsigned b, unsigned way, Seen *copy)
{
    g_bit_lock(&t->bucket[b].lock, 0);
    *copy = t->bucket[b].seen[way];
    g_bit_unlock(&t->bucket[b].lock, 0);
}

/* The living task with @stack; false: none. */
static bool find(GuestTasks *t, uint64_t stack, unsigned *way, Seen *copy)
{
    unsigned b = bucket_of(stack);

    for (*way = 0; *way < WAYS; ++*way) {
        copy_seen(t, b, *way, copy);
        if (copy->stack == stack) {
            return !copy->ended;
        }
    }
    return false;
}

/* --- What is left of a task ---------------------------------------------- */

typedef enum Look {
    LOOK_UNKNOWN,           /* it cannot be read */
    LOOK_ALIVE,
    LOOK_DEAD,              /* *@code says how */
    LOOK_GONE,              /* another one is there, or nothing */
} Look;

static Look look(FrailGuestCpu *c, const Seen *s, uint64_t *code)
{
    uint64_t pid, start, state;

    if (!guest_has(c, F_task_exit_state) ||
        !kread_field(c, s->task, F_task_exit_state, &state) ||
        !kread_field(c, s->task, F_task_exit_code, code) ||
        !kread_field(c, s->task, F_task_pid, &pid) ||
        !kread_field(c, s->task, F_task_start, &start)) {
        return LOOK_UNKNOWN;
    }
    if ((int32_t)pid != s->key.pid || start != s->key.start) {
        return LOOK_GONE;
    }
    return state & (EXIT_ZOMBIE | EXIT_DEAD) ? LOOK_DEAD : LOOK_ALIVE;
}

/* As wait(2) has it, and do_exit() in kernel/exit.c (5.10 to 7.x) before it */
static void set_how(GuestEnd *end, uint64_t code)
{
    if (code & 0x7f) {
        end->how = GUEST_END_KILLED;
        end->value = code & 0x7f;
        end->core = code & 0x80;
    } else {
        end->how = GUEST_END_EXITED;
        end->value = code >> 8 & 0xff;
    }
}

/* --- Telling ------------------------------------------------------------- */

static void tell(const Teller *to, const Seen *s, GuestEnd end)
{
    FrailProcess p = {
        .cpu = to->c,
        .task = s->task,
        .key = s->key,
        .ppid = s->ppid,
        .ns_tid = s->ns_tid,
        .gone = true,
        .leader_start = s->leader_start,
    };

    end.process = &p;
    end.stack = s->stack;
    end.seq = s->seq;
    end.marks = s->marks;
    to->fn(&end, to->opaque);
}

/*
 * The task that @copy is of, at its place, has ended: of all who find that out
 * at once one tells.
 */
static bool end_task(const Teller *to, unsigned b, unsigned way,
                     const Seen *copy, GuestEnd end)
{
    GuestTasks *t = to->c->guest->tasks;
    Seen *s = &t->bucket[b].seen[way], now;
    bool first;

    g_bit_lock(&t->bucket[b].lock, 0);
    first = same_task(s, copy) && !s->ended;
    if (first) {
        s->ended = true;
        set_hint(t, b, way);
        now = *s;
    }
    g_bit_unlock(&t->bucket[b].lock, 0);
    if (first) {
        tell(to, &now, end);
    }
    return first;
}

/* --- Calls --------------------------------------------------------------- */

static void fill(Seen *s, const FrailProcess *p, uint64_t stack, uint64_t seq)
{
    *s = (Seen) {
        .stack = stack,
        .task = p->task,
        .seq = seq,
        .leader_start = frail_process_start_ns(p),
        .key = p->key,
        .ppid = p->ppid,
        .ns_tid = p->ns_tid,
    };
}

/* Where @stack is noted, or can be. */
static Seen *place_for(Bucket *b, uint64_t stack)
{
    Seen *best = &b->seen[0];

    for (unsigned i = 0; i < WAYS; i++) {
        Seen *s = &b->seen[i];
        bool free_now = !s->stack || s->ended;
        bool best_free = !best->stack || best->ended;

        if (s->stack == stack) {
            return s;
        }
        if (free_now != best_free ? free_now : s->seq < best->seq) {
            best = s;
        }
    }
    return best;
}

/* The task that had a stack which is used again. */
static void end_former(const Teller *to, const Seen *old)
{
    GuestEnd end = { .how = GUEST_END_UNKNOWN };
    uint64_t code;

    switch (look(to->c, old, &code)) {
    case LOOK_DEAD:
        set_how(&end, code);
        tell(to, old, end);
        break;
    case LOOK_GONE:
        tell(to, old, end);
        break;
    default:
        break;          /* contradictions are nobody's end */
    }
}

uint32_t guest_note_call(FrailGuestCpu *c, uint64_t stack, uint64_t seq,
                         GuestEndFn *fn, void *opaque)
{
    const Teller to = { c, fn, opaque };
    const FrailProcess *p = guest_process(c);
    GuestTasks *t = c->guest->tasks;
    unsigned n = bucket_of(stack);
    Bucket *b = &t->bucket[n];
    Seen old = { 0 }, new;
    uint32_t marks;
    bool same;
    Seen *s;

    if (!p || !stack) {
        return 0;
    }
    g_bit_lock(&b->lock, 0);
    s = place_for(b, stack);
    same = s->stack == stack && s->task == p->task &&
           s->key.pid == p->key.pid && s->key.start == p->key.start;
    if (same && s->ppid == p->ppid &&
        !memcmp(&s->key, &p->key, sizeof(s->key))) {
        s->seq = seq;
        marks = s->marks;
        g_bit_unlock(&b->lock, 0);
        return marks;
    }
    g_bit_unlock(&b->lock, 0);

    /* Seldom: reads the guest's memory, so not with the lock held. */
    fill(&new, p, stack, seq);
    g_bit_lock(&b->lock, 0);
    s = place_for(b, stack);
    if (s->stack == stack && s->task == new.task &&
        s->key.tgid == new.key.tgid) {
        /* An execve changes a task's own names. */
        new.marks = s->marks;
        new.ended = same && s->ended;
    } else if (s->stack == stack && !s->ended) {
        old = *s;
    }
    *s = new;
    set_hint(t, n, s - b->seen);
    g_bit_unlock(&b->lock, 0);
    if (old.stack) {
        end_former(&to, &old);
    }
    return new.marks;
}

void guest_mark_task(FrailGuestCpu *c, uint64_t stack, uint32_t marks)
{
    Bucket *b = &c->guest->tasks->bucket[bucket_of(stack)];

    g_bit_lock(&b->lock, 0);
    for (unsigned i = 0; i < WAYS; i++) {
        if (stack && b->seen[i].stack == stack) {
            b->seen[i].marks |= marks;
        }
    }
    g_bit_unlock(&b->lock, 0);
}

bool guest_task_marks(FrailGuestCpu *c, uint64_t stack, uint32_t *marks)
{
    const FrailProcess *p = guest_process(c);
    unsigned way;
    Seen s;

    *marks = 0;
    if (!p || !stack) {
        return false;
    }
    if (find(c->guest->tasks, stack, &way, &s) && s.task == p->task &&
        s.key.tgid == p->key.tgid) {
        *marks = s.marks;
    }
    return true;
}

/* --- Groups -------------------------------------------------------------- */

/* The next place, from *@at on, where there is hope; false: none. */
static bool next_hint(GuestTasks *t, unsigned *at, int32_t tgid, int32_t ppid)
{
    for (; *at < BUCKETS * WAYS; ++*at) {
        const Hint *h = &t->hint[*at / WAYS][*at % WAYS];

        if (tgid ? __atomic_load_n(&h->tgid, __ATOMIC_RELAXED) == tgid :
                   __atomic_load_n(&h->ppid, __ATOMIC_RELAXED) == ppid) {
            return true;
        }
    }
    return false;
}

/*
 * The others of the process @p, for the reason @why; its first thread comes
 * last.
 */
static void end_others(const Teller *to, const FrailProcess *p,
                       uint64_t stack, const GuestEnd *why, int32_t old_tid)
{
    GuestTasks *t = to->c->guest->tasks;
    uint64_t start = frail_process_start_ns(p);

    for (unsigned round = 0; round < 2; round++) {
        for (unsigned at = 0; next_hint(t, &at, p->key.tgid, 0); at++) {
            GuestEnd end = *why;
            Seen s;

            copy_seen(t, at / WAYS, at % WAYS, &s);
            if (s.stack == stack || s.key.tgid != p->key.tgid ||
                s.leader_start != start ||
                (s.key.pid == s.key.tgid) != round) {
                continue;
            }
            if (old_tid && round) {
                end = (GuestEnd) {
                    .how = GUEST_END_SUPERSEDED, .value = old_tid,
                };
            }
            end_task(to, at / WAYS, at % WAYS, &s, end);
        }
    }
}

bool guest_note_exit(FrailGuestCpu *c, uint64_t stack, bool group, int code,
                     GuestEndFn *fn, void *opaque)
{
    const GuestEnd end = { .how = GUEST_END_EXITED, .value = code & 0xff };
    const Teller to = { c, fn, opaque };
    const FrailProcess *p = guest_process(c);
    GuestTasks *t = c->guest->tasks;
    unsigned way;
    Seen own;

    if (!p || !stack) {
        return false;
    }
    if (group) {
        end_others(&to, p, stack, &end, 0);
    }
    if (find(t, stack, &way, &own)) {
        end_task(&to, bucket_of(stack), way, &own, end);
    }
    return true;
}

void guest_note_exec(FrailGuestCpu *c, uint64_t stack, GuestEndFn *fn,
                     void *opaque)
{
    /* do_group_exit() in kernel/exit.c: 0 for who makes room for an execve */
    const GuestEnd end = { .how = GUEST_END_EXITED, .value = 0 };
    const Teller to = { c, fn, opaque };
    const FrailProcess *p = guest_process(c);
    GuestTasks *t = c->guest->tasks;
    int32_t old_tid = 0;
    unsigned way;
    Seen own;

    if (!p || !stack) {
        return;
    }
    if (find(t, stack, &way, &own) && own.task == p->task &&
        own.key.tgid == p->key.tgid && own.key.pid != p->key.pid) {
        old_tid = own.key.pid;
    }
    end_others(&to, p, stack, &end, old_tid);
}

/*
 * Has the process @tgid ended?  Its first thread has left word of it; as long as
 * another one lives, that was only the thread's own end, or makes room for an
 * execve of the other's.  The memory of other threads may be in use again by
 * now: then they ended as the first one did.
 */
static bool end_process(const Teller *to, int32_t tgid)
{
    GuestTasks *t = to->c->guest->tasks;
    GuestEnd why = { .how = GUEST_END_UNKNOWN };
    unsigned leader = BUCKETS * WAYS;
    Seen first = { 0 }, s;
    uint64_t code;

    for (unsigned at = 0; next_hint(t, &at, tgid, 0); at++) {
        Look left;

        copy_seen(t, at / WAYS, at % WAYS, &s);
        if (s.ended || s.key.tgid != tgid) {
            continue;
        }
        left = look(to->c, &s, &code);
        if (left == LOOK_ALIVE) {
            return false;
        }
        if (s.key.pid == tgid && left == LOOK_DEAD) {
            leader = at;
            first = s;
            set_how(&why, code);
        }
    }
    if (leader == BUCKETS * WAYS) {
        return false;
    }
    for (unsigned at = 0; next_hint(t, &at, tgid, 0); at++) {
        GuestEnd end = why;
        Look left;

        copy_seen(t, at / WAYS, at % WAYS, &s);
        if (at == leader || s.key.tgid != tgid ||
            s.leader_start != first.leader_start) {
            continue;
        }
        left = look(to->c, &s, &code);
        if (left == LOOK_DEAD) {
            set_how(&end, code);
        }
        if (left == LOOK_DEAD || left == LOOK_GONE) {
            end_task(to, at / WAYS, at % WAYS, &s, end);
        }
    }
    return end_task(to, leader / WAYS, leader % WAYS, &first, why);
}

void guest_note_child(FrailGuestCpu *c, int32_t pid, GuestEndFn *fn,
                      void *opaque)
{
    const Teller to = { c, fn, opaque };
    const FrailProcess *p = guest_process(c);
    GuestTasks *t = c->guest->tasks;
    unsigned left = CHILDREN_MAX, from;

    /* A child's number in its parent's namespace may be another's in ours. */
    if (!p || (pid > 0 && end_process(&to, pid))) {
        return;
    }
    from = __atomic_fetch_add(&t->first, 1, __ATOMIC_RELAXED) % BUCKETS * WAYS;
    for (unsigned round = 0; round < 2; round++) {
        unsigned at = round ? 0 : from;
        unsigned end = round ? from : BUCKETS * WAYS;

        for (; next_hint(t, &at, 0, p->key.tgid) && at < end && left; at++) {
            Seen s;

            copy_seen(t, at / WAYS, at % WAYS, &s);
            if (!s.ended && s.key.pid == s.key.tgid &&
                s.ppid == p->key.tgid) {
                left--;
                end_process(&to, s.key.tgid);
            }
        }
    }
}
