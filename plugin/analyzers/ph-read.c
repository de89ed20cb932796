/*
 * Profiles as files, read: strictly, for a profile decides what is normal.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib/gstdio.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include "calls.h"
#include "ph-file.h"

/* Far more than the largest profile needs. */
#define FILE_SIZE_MAX   (32 << 20)
#define EXE_MAX         4096

typedef struct Reader {
    const char *name;
    char *next, *end;       /* what comes after this line */
    char *line;             /* what is left of this one */
    unsigned number;
    char *err;
} Reader;

static bool fail(Reader *r, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The first thing that is wrong is the one to be told. */
static bool fail(Reader *r, const char *format, ...)
{
    g_autofree char *what = NULL;
    va_list ap;

    if (!r->err) {
        va_start(ap, format);
        what = g_strdup_vprintf(format, ap);
        va_end(ap);
        r->err = g_strdup_printf("%s:%u: %s", r->name, r->number, what);
    }
    return false;
}

static bool next_line(Reader *r)
{
    char *newline = memchr(r->next, '\n', r->end - r->next);

    r->number++;
    if (!newline) {
        return fail(r, "the file ends too early: its last line is 'end ...'");
    }
    *newline = 0;
    if (memchr(r->next, 0, newline - r->next)) {
        return fail(r, "a zero byte in a text");
    }
    r->line = r->next;
    r->next = newline + 1;
    return true;
}

/* Take @word off the line. */
static bool take(Reader *r, const char *word)
{
    size_t len = strlen(word);

    if (strncmp(r->line, word, len) ||
        (r->line[len] && r->line[len] != ' ')) {
        return false;
    }
    r->line += len + (r->line[len] == ' ');
    return true;
}

static bool expect(Reader *r, const char *word)
{
    return next_line(r) && (take(r, word) ||
                            fail(r, "'%s ...' must stand here", word));
}

static bool take_number(Reader *r, unsigned base, uint64_t min, uint64_t max,
                        uint64_t *value)
{
    size_t len = strcspn(r->line, " ");
    g_autofree char *word = g_strndup(r->line, len);
    const char *digits = word;
    guint64 n;

    if (base == 16 && g_str_has_prefix(digits, "0x")) {
        digits += 2;
    }
    if (!g_ascii_string_to_unsigned(digits, base, min, max, &n, NULL)) {
        return fail(r, "'%.20s' must be a number from %" PRIu64 " to %" PRIu64,
                    word, min, max);
    }
    *value = n;
    r->line += len + (r->line[len] == ' ');
    return true;
}

static bool line_is_over(Reader *r)
{
    return !*r->line || fail(r, "'%.20s' is too much", r->line);
}

static bool number_line(Reader *r, const char *word, uint64_t min,
                        uint64_t max, uint64_t *value)
{
    return expect(r, word) && take_number(r, 10, min, max, value) &&
           line_is_over(r);
}

/* What ph_quote() has written. */
static char *take_quoted(Reader *r)
{
    GString *text = g_string_new(NULL);
    const char *at = r->line;

    if (*at++ != '"') {
        goto bad;
    }
    while (*at != '"') {
        int c = *at++;

        if (c == '\\' && *at == 'x' && g_ascii_isxdigit(at[1]) &&
            g_ascii_isxdigit(at[2])) {
            c = g_ascii_xdigit_value(at[1]) << 4 | g_ascii_xdigit_value(at[2]);
            at += 3;
        } else if (c < 0x20 || c > 0x7e || c == '\\') {
            goto bad;
        }
        if (!c || text->len == EXE_MAX) {
            goto bad;
        }
        g_string_append_c(text, c);
    }
    r->line += at + 1 - r->line;
    return g_string_free(text, FALSE);

bad:
    fail(r, "a path in quotes must stand here, with \\xHH for bytes that "
         "are not printable");
    g_string_free(text, TRUE);
    return NULL;
}

static PhProfile *read_head(Reader *r)
{
    g_autofree char *exe = NULL;
    uint64_t window, calls, changed, runs, frozen;
    PhProfile *p;
    int state = -1;

    if (!next_line(r)) {
        return NULL;
    }
    if (strcmp(r->line, "frail-ph 1")) {
        fail(r, "this is no profile: its first line must be 'frail-ph 1'");
        return NULL;
    }
    if (!expect(r, "exe") || !(exe = take_quoted(r)) || !line_is_over(r) ||
        !number_line(r, "window", PH_WINDOW_MIN, PH_WINDOW_MAX, &window) ||
        !expect(r, "state")) {
        return NULL;
    }
    for (int i = 0; i < 3; i++) {
        state = strcmp(r->line, ph_state_names[i]) ? state : i;
    }
    if (state < 0) {
        fail(r, "the state must be training, frozen or testing");
        return NULL;
    }
    if (!number_line(r, "calls", 0, PH_COUNT_MAX, &calls) ||
        !number_line(r, "changed", 0, calls, &changed) ||
        !number_line(r, "runs", 0, PH_COUNT_MAX, &runs) ||
        !number_line(r, "frozen", 0, INT64_MAX, &frozen) ||
        !expect(r, "full")) {
        return NULL;
    }
    p = ph_profile_new(exe, window);
    p->state = state;
    p->calls = calls;
    p->changed = changed;
    p->runs = runs;
    p->frozen_ns = frozen;
    p->full_calls = take(r, "calls");
    p->full_windows = take(r, "windows");
    if (!line_is_over(r)) {
        g_clear_pointer(&p, ph_profile_free);
    }
    return p;
}

static bool read_call(Reader *r, PhProfile *p)
{
    uint64_t index, nr;
    unsigned abi = PH_ABIS;

    if (!take_number(r, 10, PH_FIRST, PH_LAST, &index)) {
        return false;
    }
    for (unsigned i = 0; i < PH_ABIS; i++) {
        const char *name = call_abi_name(i);

        if (g_str_has_prefix(r->line, name) && r->line[strlen(name)] == ':') {
            abi = i;
        }
    }
    if (abi == PH_ABIS) {
        return fail(r, "'%.20s' must be x86-64:NUMBER, x32:NUMBER or "
                    "i386:NUMBER", r->line);
    }
    r->line += strlen(call_abi_name(abi)) + 1;
    if (!take_number(r, 10, 0, PH_NUMBERS - 1, &nr)) {
        return false;
    }
    /* The name is for people. */
    if (index != PH_FIRST + p->n_calls || p->index[ph_id(abi, nr)]) {
        return fail(r, "calls are numbered from 1 on, and each has one line");
    }
    ph_profile_index(p, ph_id(abi, nr));
    return true;
}

/* An index that a line before has defined. */
static bool take_index(Reader *r, const PhProfile *p, bool begin,
                       uint64_t *index)
{
    if (!take_number(r, 10, begin ? 0 : PH_FIRST, PH_OTHER, index)) {
        return false;
    }
    return *index < PH_FIRST + p->n_calls ||
           (*index == PH_OTHER && p->full_calls) ||
           fail(r, "no line before this one says which call %" PRIu64 " is",
                *index);
}

static bool read_pair(Reader *r, PhProfile *p)
{
    uint64_t call, before, distances;

    if (!take_index(r, p, false, &call) ||
        !take_index(r, p, true, &before) ||
        !take_number(r, 16, 2, (1u << p->window) - 1, &distances) ||
        !line_is_over(r)) {
        return false;
    }
    if (distances & 1 || p->pair[call][before]) {
        return fail(r, distances & 1 ? "no call stands at distance 0" :
                    "this pair had a line before");
    }
    return ph_profile_add_pair(p, call, before, distances);
}

static bool read_window(Reader *r, PhProfile *p)
{
    PhWindow w = { 0 };
    uint64_t index = PH_BEGIN;

    for (unsigned i = 0; i < p->window; i++) {
        bool begin = index == PH_BEGIN && i + 1 < p->window;

        if (!take_index(r, p, begin, &index)) {
            return false;
        }
        w = ph_window_push(w, index);
    }
    if (!line_is_over(r)) {
        return false;
    }
    return ph_profile_add_window(p, w) ||
           fail(r, p->n_windows == PH_WINDOWS_MAX ?
                "there are too many sequences" :
                "this sequence had a line before");
}

static bool read_end(Reader *r, unsigned lines)
{
    uint64_t told;

    if (!take(r, "end")) {
        return fail(r, "'call', 'pair', 'seq' or 'end' must stand here");
    }
    if (!take_number(r, 10, 0, UINT32_MAX, &told) || !line_is_over(r)) {
        return false;
    }
    if (told != lines) {
        return fail(r, "%" PRIu64 " lines are missing or too many",
                    told > lines ? told - lines : lines - told);
    }
    return r->next == r->end || fail(r, "there is more behind the last line");
}

PhProfile *ph_file_parse(const char *name, char *text, size_t len,
                         char **err)
{
    Reader r = { .name = name, .next = text, .end = text + len };
    PhProfile *p = read_head(&r);
    bool good = p, more = p;

    for (unsigned lines = 0; more; lines++) {
        if (!next_line(&r)) {
            good = more = false;
        } else if (take(&r, "call")) {
            good = more = read_call(&r, p);
        } else if (take(&r, "pair")) {
            good = more = read_pair(&r, p);
        } else if (take(&r, "seq")) {
            good = more = read_window(&r, p);
        } else {
            good = read_end(&r, lines);
            more = false;
        }
    }
    *err = r.err;
    if (!good) {
        g_clear_pointer(&p, ph_profile_free);
    }
    return p;
}

PhProfile *ph_file_load(const char *path, char **err)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    GStatBuf st;
    gsize len;

    /* Before it is read: a device has no end. */
    if (g_stat(path, &st) == 0 &&
        (!S_ISREG(st.st_mode) || st.st_size > FILE_SIZE_MAX)) {
        *err = g_strdup_printf("%s: this is no profile: no file of at most "
                               "32 MiB", path);
        return NULL;
    }
    if (!g_file_get_contents(path, &text, &len, &error)) {
        *err = g_strdup(error->message);
        return NULL;
    }
    return ph_file_parse(path, text, len, err);
}
