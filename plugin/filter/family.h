/*
 * Who has made whom: process trees that outlive their members.
 *
 * A guest's kernel forgets the parent of a process when the parent ends.  So
 * it is noted down when fork(), or what is like it, returns to the parent;
 * until then the parent is alive, and the child's line leads to it.  What is
 * missing: a child whose parent is killed between the making of it and its
 * own return, and processes whose parent had ended before anybody looked.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_FAMILY_H
#define FRAIL_FAMILY_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

#include "guest/guest.h"

/* Of one machine; 16384 processes, then the oldest are forgotten. */
typedef struct Family Family;

/* Any thread. */
Family *family_new(void);
/* NULL is allowed. */
void family_free(Family *f);

/*
 * fork(), vfork(), clone() or clone3() has returned @nr, a number above 0, to
 * @p.  On the vCPU's thread.
 */
void family_forked(Family *f, const FrailProcess *p, int32_t nr);

/*
 * Is @p process @pid, or has that one made it, or one of those it has made?
 * @f may be NULL: then only by its living parents.  1, 0, or -1: it is not
 * known.  On the vCPU's thread.
 */
int family_descends(Family *f, const FrailProcess *p, int32_t pid);

/*
 * What family_descends() has said of a process stays true for as long as this
 * is the same.
 */
uint32_t family_epoch(const Family *f);

#endif /* FRAIL_FAMILY_H */
