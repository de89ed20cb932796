/*
 * Printers of the structures of terminals.
 *
 * All print NULL, or the bare pointer when nothing can be read there or, at
 * return, the call has failed.  On the vCPU's thread.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PRINT_TTY_H
#define FRAIL_PRINT_TTY_H

#include "decode/printer.h"

/* TCGETS, TCSETS...; TCGETS2...; TCGETA... */
void print_termios(Printer *p, uint64_t addr);
void print_termios2(Printer *p, uint64_t addr);
void print_termio(Printer *p, uint64_t addr);
void print_winsize(Printer *p, uint64_t addr);
/* TIOCMGET...: [TIOCM_DTR|TIOCM_RTS] */
void print_modem_lines(Printer *p, uint64_t addr);
/* TIOCSTI: one character. */
void print_one_char(Printer *p, uint64_t addr);

#endif /* FRAIL_PRINT_TTY_H */
