/*
 * The page that a report is.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include <gio/gio.h>

#include "tools/report/data.h"
#include "tools/report/html.h"

#define PAGE "/frail/report/"

/* In this order they are one script. */
static const char *const scripts[] = {
    "start.js", "timeline.js", "tables.js", "processes.js",
};

/* A part of the page; it is in the program, so it is there. */
static GBytes *part(const char *name)
{
    g_autofree char *path = g_strconcat(PAGE, name, NULL);
    GBytes *bytes = g_resources_lookup_data(path, 0, NULL);

    g_assert(bytes);
    return bytes;
}

static void append_part(GString *s, const char *name)
{
    g_autoptr(GBytes) bytes = part(name);
    size_t len;
    const char *data = g_bytes_get_data(bytes, &len);

    g_string_append_len(s, data, (gssize)len);
}

/* As a content security policy names a script or a style. */
static char *hash_of(const GString *s)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    uint8_t digest[32];
    size_t len = sizeof(digest);
    g_autofree char *text = NULL;

    g_checksum_update(sum, (const uint8_t *)s->str, (gssize)s->len);
    g_checksum_get_digest(sum, digest, &len);
    text = g_base64_encode(digest, len);
    return g_strconcat("'sha256-", text, "'", NULL);
}

bool html_write(FILE *to, Model *m, const TraceInputStats *stats,
                const char *title)
{
    g_autoptr(GString) style = g_string_new(NULL);
    g_autoptr(GString) script = g_string_new(NULL);
    g_autoptr(GString) body = g_string_new(NULL);
    g_autofree char *style_hash = NULL, *script_hash = NULL, *escaped = NULL;

    append_part(style, "page.css");
    append_part(body, "body.html");
    for (unsigned i = 0; i < G_N_ELEMENTS(scripts); i++) {
        append_part(script, scripts[i]);
    }
    style_hash = hash_of(style);
    script_hash = hash_of(script);
    escaped = g_markup_escape_text(title, -1);
    fprintf(to,
        "<!DOCTYPE html>\n"
        "<html lang=\"en\">\n"
        "<head>\n"
        "<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\""
        "default-src 'none'; style-src %s; script-src %s; "
        "base-uri 'none'; form-action 'none'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, "
        "initial-scale=1\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n"
        "<title>%s - Frail report</title>\n"
        "<style>%s</style>\n"
        "</head>\n"
        "<body>\n"
        "%s"
        "<script type=\"application/json\" id=\"data\">\n",
        style_hash, script_hash, escaped, style->str, body->str);
    if (!data_write(to, m, stats, title)) {
        return false;
    }
    fprintf(to, "\n</script>\n<script>%s</script>\n</body>\n</html>\n",
            script->str);
    return !ferror(to);
}
