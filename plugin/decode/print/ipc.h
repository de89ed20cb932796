/*
 * System V message queues, semaphores and shared memory.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PRINT_IPC_H
#define FRAIL_PRINT_IPC_H

#include "decode/printer.h"

/*
 * The last argument of msgctl, shmctl and semctl by command: what IPC_SET
 * gives (at entry or at return), what the others return (at return).  @cmd is
 * without IPC_64.
 */
void print_msgctl(Printer *p, int cmd, uint64_t addr);
void print_shmctl(Printer *p, int cmd, uint64_t addr);
void print_semctl(Printer *p, int cmd, uint64_t addr);

/* The operations of semop and semtimedop. */
void print_sembufs(Printer *p, uint64_t addr, uint64_t count);

/*
 * struct msgbuf of msgsnd, and at return of msgrcv: a type and @len bytes,
 * which for msgrcv are the result.
 */
void print_msgbuf(Printer *p, uint64_t addr, uint64_t len);

#endif /* FRAIL_PRINT_IPC_H */
