/*
 * The printer of a message queue's attributes.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PRINT_MQ_H
#define FRAIL_PRINT_MQ_H

#include "decode/printer.h"

/* mq_open, mq_getsetattr; in kinds-ipc.c. */
void print_mq_attr(Printer *p, uint64_t addr);

#endif /* FRAIL_PRINT_MQ_H */
