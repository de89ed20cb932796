/*
 * What the texts of arguments hold.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include "tools/trace/strings.h"

/* One character of C text, behind the backslash; NULL: it is none. */
static const char *escape(const char *s, char *c)
{
    static const char names[] = "t\tn\nv\vf\fr\r\"\"\\\\";
    unsigned value = 0;
    int i;

    if (*s >= '0' && *s <= '7') {
        for (i = 0; i < 3 && s[i] >= '0' && s[i] <= '7'; i++) {
            value = value * 8 + (s[i] - '0');
        }
        *c = (char)value;
        return s + i;
    }
    if (*s == 'x' && g_ascii_isxdigit(s[1]) && g_ascii_isxdigit(s[2])) {
        *c = (char)(g_ascii_xdigit_value(s[1]) * 16 +
                    g_ascii_xdigit_value(s[2]));
        return s + 3;
    }
    for (i = 0; names[i]; i += 2) {
        if (*s == names[i]) {
            *c = names[i + 1];
            return s + 1;
        }
    }
    return NULL;
}

/* Up to one of @ends, which is returned; NULL: it does not come. */
static const char *unescape(const char *s, const char *ends, GString *out)
{
    while (*s && !strchr(ends, *s)) {
        char c = *s++;

        if (c == '\\') {
            s = escape(s, &c);
            if (!s) {
                return NULL;
            }
        }
        g_string_append_c(out, c);
    }
    return *s ? s : NULL;
}

bool trace_unquote(const char *text, GString *out, bool *cut)
{
    g_string_truncate(out, 0);
    if (!text || *text != '"') {
        return false;
    }
    text = unescape(text + 1, "\"", out);
    if (text && cut) {
        *cut = !strncmp(text + 1, "...", 3);
    }
    return text;
}

GPtrArray *trace_strings(const char *text)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);

    if (!text || *text++ != '[') {
        return NULL;
    }
    while (*text == '"') {
        GString *s = g_string_new(NULL);

        text = unescape(text + 1, "\"", s);
        g_ptr_array_add(list, g_string_free(s, false));
        if (!text) {
            return NULL;
        }
        text++;
        if (g_str_has_prefix(text, "...")) {
            text += strlen("...");
        }
        if (*text != ',') {
            break;
        }
        text += strlen(", ");
    }
    return g_steal_pointer(&list);
}

bool trace_fd(const char *text, int64_t *fd, GString *what)
{
    char *end;

    g_string_truncate(what, 0);
    if (!text) {
        return false;
    }
    if (g_str_has_prefix(text, "AT_FDCWD")) {
        *fd = -100;
        end = (char *)text + strlen("AT_FDCWD");
    } else {
        *fd = g_ascii_strtoll(text, &end, 10);
        if (end == text || *fd < INT32_MIN || *fd > INT32_MAX) {
            return false;
        }
    }
    if (*end != '<') {
        return !*end;
    }
    end++;
    if (*end != '/') {
        /* As it is: the arrow of "TCP:[A->B]" must not end it. */
        const char *last = strrchr(end, '>');

        g_string_append_len(what, end, last ? last - end : 0);
        return last;
    }
    /* Behind a device's path is another pair: </dev/null<char 1:3>>. */
    return unescape(end, "<>", what);
}

static bool parse_port(const char *text, const char *name, uint16_t *port)
{
    const char *s = strstr(text, name);
    uint64_t value;

    if (!s) {
        return false;
    }
    value = g_ascii_strtoull(s + strlen(name), NULL, 10);
    *port = (uint16_t)value;
    return value <= UINT16_MAX;
}

/* The quoted word behind @name, into @word. */
static bool quoted(const char *text, const char *name, char *word, size_t size)
{
    g_autoptr(GString) s = g_string_new(NULL);
    const char *at = strstr(text, name);

    if (!at || !trace_unquote(at + strlen(name), s, NULL) || s->len >= size) {
        return false;
    }
    memcpy(word, s->str, s->len + 1);
    return true;
}

bool trace_sockaddr(const char *text, TraceAddress *a)
{
    char word[INET6_ADDRSTRLEN];

    memset(a, 0, sizeof(*a));
    if (!text) {
        return false;
    }
    if (g_str_has_prefix(text, "{sa_family=AF_INET, ")) {
        a->family = AF_INET;
        return parse_port(text, "sin_port=htons(", &a->port) &&
               quoted(text, "inet_addr(", word, sizeof(word)) &&
               inet_pton(AF_INET, word, &a->in) == 1;
    }
    if (g_str_has_prefix(text, "{sa_family=AF_INET6, ")) {
        a->family = AF_INET6;
        return parse_port(text, "sin6_port=htons(", &a->port) &&
               quoted(text, "inet_pton(AF_INET6, ", word, sizeof(word)) &&
               inet_pton(AF_INET6, word, &a->in6) == 1;
    }
    if (g_str_has_prefix(text, "{sa_family=AF_UNIX, ")) {
        a->family = AF_UNIX;
        if (quoted(text, "sun_path=@", a->path + 1, sizeof(a->path) - 1)) {
            a->path[0] = '@';
            return true;
        }
        return quoted(text, "sun_path=", a->path, sizeof(a->path));
    }
    return false;
}

/* "1.2.3.4:80" or "[::1]:80", @len bytes. */
static bool parse_end(const char *s, size_t len, TraceAddress *a)
{
    char word[INET6_ADDRSTRLEN + 2], *colon, *end;
    uint64_t port;

    if (len >= sizeof(word) + 6) {
        return false;
    }
    colon = memrchr(s, ':', len);
    if (!colon || (size_t)(colon - s) >= sizeof(word)) {
        return false;
    }
    memcpy(word, s, colon - s);
    word[colon - s] = 0;
    port = g_ascii_strtoull(colon + 1, &end, 10);
    if (port > UINT16_MAX || end != s + len) {
        return false;
    }
    a->port = (uint16_t)port;
    if (word[0] == '[') {
        a->family = AF_INET6;
        word[strlen(word) - 1] = 0;
        return inet_pton(AF_INET6, word + 1, &a->in6) == 1;
    }
    a->family = AF_INET;
    return inet_pton(AF_INET, word, &a->in) == 1;
}

bool trace_socket(const char *what, TraceAddress *own, TraceAddress *peer)
{
    const char *open = strstr(what, ":["), *arrow, *close;

    memset(own, 0, sizeof(*own));
    memset(peer, 0, sizeof(*peer));
    if (!open || (strncmp(what, "TCP", 3) && strncmp(what, "UDP", 3))) {
        return false;
    }
    open += 2;
    close = strrchr(open, ']');
    if (!close) {
        return false;
    }
    arrow = strstr(open, "->");
    if (!arrow) {
        return parse_end(open, close - open, own);
    }
    return parse_end(open, arrow - open, own) &&
           parse_end(arrow + 2, close - arrow - 2, peer);
}

void trace_address_text(const TraceAddress *a, GString *out)
{
    char word[INET6_ADDRSTRLEN];

    g_string_truncate(out, 0);
    switch (a->family) {
    case AF_INET:
        g_string_append_printf(out, "%s:%u",
            inet_ntop(AF_INET, &a->in, word, sizeof(word)), a->port);
        break;
    case AF_INET6:
        g_string_append_printf(out, "[%s]:%u",
            inet_ntop(AF_INET6, &a->in6, word, sizeof(word)), a->port);
        break;
    case AF_UNIX:
        trace_display(out, a->path, strlen(a->path));
        break;
    }
}

/* Not to be seen as it is: it would hide or move what is beside it. */
static bool misleads(gunichar c)
{
    return g_unichar_iscntrl(c) || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
           c == 0xfeff || (c >= 0xe0000 && c <= 0xe007f) ||
           (c >= 0xfff9 && c <= 0xfffb) || c == 0x061c || c == 0xad;
}

void trace_display(GString *out, const char *s, size_t len)
{
    const char *end = s + len;

    while (s < end) {
        gunichar c = g_utf8_get_char_validated(s, end - s);

        if (c == (gunichar)-1 || c == (gunichar)-2 || !c) {
            g_string_append_printf(out, "\\x%02x", (unsigned char)*s++);
        } else if (misleads(c)) {
            g_string_append_printf(out, c < 0x80 ? "\\x%02x" : "\\u%04x", c);
            s = g_utf8_next_char(s);
        } else {
            g_string_append_unichar(out, c);
            s = g_utf8_next_char(s);
        }
    }
}

void trace_json_string(GString *out, const char *s)
{
    g_string_append_c(out, '"');
    for (; *s; s = g_utf8_next_char(s)) {
        gunichar c = g_utf8_get_char(s);

        switch (c) {
        case '"':
        case '\\':
            g_string_append_c(out, '\\');
            g_string_append_c(out, (char)c);
            break;
        case '<':
        case '>':
        case '&':
        case 0x2028:
        case 0x2029:
        case 0x7f:
            g_string_append_printf(out, "\\u%04x", c);
            break;
        default:
            if (c < 0x20) {
                g_string_append_printf(out, "\\u%04x", c);
            } else {
                g_string_append_unichar(out, c);
            }
        }
    }
    g_string_append_c(out, '"');
}
