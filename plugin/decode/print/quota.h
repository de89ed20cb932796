/*
 * Printers of quotactl's structures.
 *
 * All print NULL, or the bare pointer when nothing can be read there or, at
 * return, the call has failed.  On the vCPU's thread.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PRINT_QUOTA_H
#define FRAIL_PRINT_QUOTA_H

#include "decode/printer.h"

/* Q_GETQUOTA at return, Q_SETQUOTA at entry; Q_GETNEXTQUOTA at return. */
void print_dqblk(Printer *p, uint64_t addr);
void print_nextdqblk(Printer *p, uint64_t addr);
/* Q_GETINFO at return, Q_SETINFO at entry. */
void print_dqinfo(Printer *p, uint64_t addr);
/* Q_XGETQUOTA, Q_XGETNEXTQUOTA at return, Q_XSETQLIM at entry. */
void print_xfs_dqblk(Printer *p, uint64_t addr);
/* Q_XGETQSTAT, Q_XGETQSTATV at return. */
void print_xfs_dqstat(Printer *p, uint64_t addr);
void print_xfs_dqstatv(Printer *p, uint64_t addr);

#endif /* FRAIL_PRINT_QUOTA_H */
