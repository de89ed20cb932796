/*
 * Of use to the files xlat-*.c only.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_XLAT_FIELDS_H
#define FRAIL_XLAT_FIELDS_H

#include "decode/names/xlat.h"

/*
 * A word whose one part is a number out of a list and whose rest are flags:
 * FIELD|FLAG|0x40; the number joins the rest when it has no name.
 */
void write_field_and_flags(FrailText *t, const Xlat *fields, uint64_t field,
                           const Xlat *flags, uint64_t rest);

#endif /* FRAIL_XLAT_FIELDS_H */
