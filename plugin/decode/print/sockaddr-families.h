/*
 * Socket addresses of the rarer families: their members behind sa_family.
 *
 * Each takes a copy of @len bytes, as many at least as print-sockaddr.c's
 * table says, and prints what lies within them.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_SOCKADDR_FAMILIES_H
#define FRAIL_SOCKADDR_FAMILIES_H

#include "decode/printer.h"

void sockaddr_ax25(Printer *p, const uint8_t *data, size_t len);
void sockaddr_ipx(Printer *p, const uint8_t *data, size_t len);
void sockaddr_x25(Printer *p, const uint8_t *data, size_t len);
void sockaddr_packet(Printer *p, const uint8_t *data, size_t len);
void sockaddr_bluetooth(Printer *p, const uint8_t *data, size_t len);
/* Is there a kind of Bluetooth socket whose addresses have this length? */
bool sockaddr_bluetooth_known(size_t len);
void sockaddr_ieee802154(Printer *p, const uint8_t *data, size_t len);
void sockaddr_alg(Printer *p, const uint8_t *data, size_t len);
void sockaddr_nfc(Printer *p, const uint8_t *data, size_t len);
void sockaddr_vsock(Printer *p, const uint8_t *data, size_t len);
void sockaddr_qrtr(Printer *p, const uint8_t *data, size_t len);
void sockaddr_xdp(Printer *p, const uint8_t *data, size_t len);
void sockaddr_mctp(Printer *p, const uint8_t *data, size_t len);

#endif /* FRAIL_SOCKADDR_FAMILIES_H */
