/*
 * Classes of system calls: %file, %process and the like, as strace has them.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_CLASSES_H
#define FRAIL_CLASSES_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

#include <stdbool.h>
#include <stdint.h>

#include "frail-plugin.h"

/* Is there a class of that name, without "%"?  Which, in *@which. */
bool frail_class_find(const char *name, unsigned *which);
/* Does call @nr of @abi belong to it? */
bool frail_class_has(unsigned which, FrailAbi abi, int64_t nr);
/* All names, "%clock %creds ...", for messages. */
const char *frail_class_names(void);

#endif /* FRAIL_CLASSES_H */
