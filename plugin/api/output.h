/*
 * Where a writer's bytes go: a file, with rotation; a pipe or a terminal; a
 * Unix or TCP socket, with reconnection.
 *
 * One thread uses an Output, after it was opened.  Nothing here waits for
 * longer than it is told to, but for disks and for making a connection
 * (CONNECT_MS).
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_OUTPUT_H
#define FRAIL_OUTPUT_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "frail-plugin.h"

typedef struct Output Output;

/*
 * Open what @opts->out names.  NULL and a sentence in *@err, valid until this
 * thread's next call, when that is not possible.
 */
Output *output_open(const FrailWriterOptions *opts, const char **err);
/* Close and free; NULL is allowed. */
void output_close(Output *o);

/* For messages: what was opened. */
const char *output_name(const Output *o);
/* Somebody is watching: write at once. */
bool output_is_terminal(const Output *o);
/* The consumer is another program, which can die and come back. */
bool output_is_socket(const Output *o);
/* The disk has no room at the moment. */
bool output_is_full(const Output *o);

typedef enum OutputState {
    OUTPUT_NOT_YET,         /* ask again */
    OUTPUT_READY,           /* some bytes can be written */
    OUTPUT_ANEW,            /* as READY, to a new consumer: whole lines */
} OutputState;

/* Wait at most @ms until it is ready.  A negative errno: it never will be. */
int output_wait(Output *o, int ms);
/*
 * Write some of @len bytes.  Returns how many; 0: none now, wait again; a
 * negative errno: it will never be possible.
 */
ssize_t output_write(Output *o, const char *text, size_t len);

/*
 * Before the first byte of a line of @line bytes, of which @text has the
 * first @len, maybe with more lines behind it: begin a new file if the line
 * does not fit into this one.  Returns how many bytes of @text may be written,
 * whole lines unless the first is longer.
 */
size_t output_fit(Output *o, const char *text, size_t len, size_t line);
/* Take the last @len bytes back, if they are in a file. */
void output_take_back(Output *o, size_t len);

#endif /* FRAIL_OUTPUT_H */
