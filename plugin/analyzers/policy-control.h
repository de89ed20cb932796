/*
 * A Unix socket on which the policy analyzer takes commands: one line for each
 * connection, an answer, and the connection is closed.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ANALYZER_POLICY_CONTROL_H
#define FRAIL_ANALYZER_POLICY_CONTROL_H

#include <stdbool.h>

#define POLICY_COMMAND_MAX  64      /* bytes, with its newline */
/* The first word of an answer. */
#define POLICY_GOOD         "ok"
#define POLICY_BAD          "error"

typedef struct PolicyControl PolicyControl;

/* On the socket's own thread: the answer to @command, to be freed. */
typedef char *PolicyCommandFn(const char *command, void *opaque);

/* NULL and one sentence in *@err, to be freed, when that is not possible. */
PolicyControl *policy_control_open(const char *path, PolicyCommandFn *fn,
                                   void *opaque, char **err);
/*
 * No command is being done any more when this returns, and the socket is
 * gone.  NULL is allowed.
 */
void policy_control_close(PolicyControl *c);

/*
 * The other side: say @command to the socket @path.  The whole answer, to be
 * freed; or NULL and one sentence in *@err, to be freed.
 */
char *policy_control_ask(const char *path, const char *command, char **err);

#endif /* FRAIL_ANALYZER_POLICY_CONTROL_H */
