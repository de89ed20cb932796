/*
 * The CGI program of a guest book, as one wrote them in 1999, with two real
 * holes: a name can be longer than its buffer, and a word goes to a shell.
 * Built without what makes the first one harmless today.
 *
 *     GET  ?do=list         all entries
 *     GET  ?do=find&word=W  those with W
 *     GET  ?do=count&word=W how many lines have W, by grep
 *     POST name=N&text=T    a new entry
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#define BOOK    "/srv/book"

static int hex(char c)
{
    return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

/* The value of @field in @form, decoded; how long @to is nobody asks. */
static int get_field(const char *form, const char *field, char *to)
{
    const char *from = strstr(form, field);

    if (!from) {
        *to = 0;
        return 0;
    }
    for (from += strlen(field); *from && *from != '&'; from++) {
        if (*from == '%' && from[1] && from[2]) {
            *to++ = hex(from[1]) << 4 | hex(from[2]);
            from += 2;
        } else {
            *to++ = *from == '+' ? ' ' : *from;
        }
    }
    *to = 0;
    return 1;
}

static void print_entries(const char *word)
{
    FILE *book = fopen(BOOK, "r");
    char line[8192 + 256];
    unsigned n = 0;

    while (book && fgets(line, sizeof(line), book)) {
        if (strstr(line, word)) {
            printf("%u: %s", ++n, line);
        }
    }
    if (book) {
        fclose(book);
    }
    printf("%u entries\n", n);
}

static void count_lines(const char *form)
{
    char word[512], command[1024];

    get_field(form, "word=", word);
    snprintf(command, sizeof(command), "grep -c -- '%s' " BOOK, word);
    fflush(stdout);
    if (system(command) < 0) {
        puts("no shell");
    }
}

/* The first hole: @name has room for those of polite guests. */
static __attribute__((noinline)) void add_entry(const char *form)
{
    char name[64];
    FILE *book;
    time_t now = time(NULL);

    get_field(form, "name=", name);
    book = fopen(BOOK, "a");
    if (!book) {
        puts("no book");
        return;
    }
    flock(fileno(book), LOCK_EX);
    fprintf(book, "%ld %s: %s\n", (long)now, name,
            strstr(form, "text=") ? strstr(form, "text=") + 5 : "");
    fclose(book);
    printf("thank you, %s\n", name);
}

int main(void)
{
    const char *query = getenv("QUERY_STRING");
    const char *method = getenv("REQUEST_METHOD");
    char form[8192], word[512];
    ssize_t n = 0, got;

    printf("Content-Type: text/plain\r\n\r\n");
    if (method && !strcmp(method, "POST")) {
        while (n < (ssize_t)sizeof(form) - 1 &&
               (got = read(0, form + n, sizeof(form) - 1 - n)) > 0) {
            n += got;
        }
        form[n] = 0;
        add_entry(form);
    } else if (query && strstr(query, "do=count")) {
        count_lines(query);
    } else if (query && strstr(query, "do=find")) {
        get_field(query, "word=", word);
        print_entries(word);
    } else {
        print_entries("");
    }
    return 0;
}
