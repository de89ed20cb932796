/*
 * Profiles as files: docs/ph.md describes them.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ANALYZER_PH_FILE_H
#define FRAIL_ANALYZER_PH_FILE_H

#include <glib.h>

#include "ph-profile.h"

#define PH_SUFFIX   ".ph"

extern const char *const ph_state_names[];

/*
 * @text in quotes, with \xHH for what is no printable ASCII: paths are the
 * guest's, and end up on a terminal.
 */
void ph_quote(GString *to, const char *text);

/* "x86-64:257 openat", "i386:1023 other": what call @id is. */
void ph_call_text(GString *to, unsigned id);

/* The name, without a directory, of the file of program @exe; to be freed. */
char *ph_file_name(const char *exe);

/*
 * Replace @path at once: whoever reads it, and whatever happens meanwhile,
 * finds the old file or the new one.  False and one sentence in *@err, to be
 * freed, when that fails.
 */
bool ph_file_save(const PhProfile *p, const char *path, char **err);
/* The same as text. */
GString *ph_file_text(const PhProfile *p);

/* NULL and one sentence that begins with "PATH:LINE: " when it is not one. */
PhProfile *ph_file_load(const char *path, char **err);
/* @text is changed; @name stands for the path. */
PhProfile *ph_file_parse(const char *name, char *text, size_t len,
                         char **err);

#endif /* FRAIL_ANALYZER_PH_FILE_H */
