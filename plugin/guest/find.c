/*
 * Finding the kernel's own description in its image.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE     /* memmem */
#include <bpf/btf.h>
#include <string.h>
#include <wchar.h>

#include "guest/internal.h"

/*
 * The entry code lies anywhere from the image's start (6.18) to 14 MiB into
 * it (6.12); the image takes less than 64 MiB (KERNEL_IMAGE_SIZE is 1 GiB,
 * but no distribution's comes near).
 */
#define WINDOW      (64ull << 20)
#define LARGE_PAGE  (2ull << 20)
#define HEADER      64u             /* more than any struct btf_header */
/* How many that look like one are looked at: a guest may have any number. */
#define TRIES       64u

static const char banner_start[] = "Linux version ";
static const uint8_t btf_start[] = { 0x9f, 0xeb, 0x01, 0x00 };

bool kread_string(FrailGuestCpu *c, uint64_t va, char *buf, size_t size)
{
    size_t done = 0;

    while (done < size && guest_is_kernel(va + done)) {
        size_t room = FRAIL_PAGE_SIZE - ((va + done) & ~FRAIL_PAGE_MASK);
        size_t n = MIN(size - done, room);
        const char *end;

        if (!kread(c, va + done, buf + done, n)) {
            break;
        }
        end = memchr(buf + done, '\0', n);
        if (end) {
            return true;
        }
        done += n;
    }
    buf[done < size ? done : size - 1] = '\0';
    return false;
}

static void take_banner(FrailMem *mem, FrailSpace space, uint64_t va,
                        GuestImage *image)
{
    char *text = image->banner;
    size_t len;

    len = frail_mem_read(mem, space, va, text, sizeof(image->banner) - 1);
    text[len] = '\0';
    if (!g_str_has_prefix(text, banner_start) ||
        image->banner_tries++ == TRIES) {
        *text = '\0';
        return;
    }
    text[strcspn(text, "\n")] = '\0';
    for (const char *p = text; *p; p++) {
        if (*p < ' ' || *p > '~') {
            *text = '\0';
        }
    }
    /* The format of /proc/version begins alike: "Linux version %s". */
    if (*text && !g_ascii_isdigit(text[sizeof(banner_start) - 1])) {
        *text = '\0';
    }
}

/* Has it a task_struct?  A module's own BTF has none. */
static bool is_of_kernel(const uint8_t *btf, size_t len)
{
    struct btf_header h;

    memcpy(&h, btf, sizeof(h));
    return memmem(btf + h.hdr_len + h.str_off, len - h.hdr_len - h.str_off,
                  "\0task_struct", sizeof("\0task_struct"));
}

/* Copy the BTF that begins at @va, if one does. */
static void take_btf(FrailMem *mem, FrailSpace space, uint64_t va,
                     GuestImage *image)
{
    uint8_t header[HEADER];
    uint8_t *copy;
    size_t len;

    if (frail_mem_read(mem, space, va, header, HEADER) != HEADER) {
        return;
    }
    len = guest_btf_length(header);
    copy = len && image->btf_tries++ < TRIES ? g_try_malloc(len) : NULL;
    if (!copy) {
        return;
    }
    if (frail_mem_read(mem, space, va, copy, len) == len &&
        guest_btf_length(copy) == len && is_of_kernel(copy, len)) {
        image->btf = copy;
        image->btf_len = len;
        image->btf_va = va;
    } else {
        g_free(copy);
    }
}

/*
 * Look through one page at multiples of 4, where both are in every kernel
 * that has been seen; wmemchr() is some ten times as fast as memmem().
 */
static void look_at_words(FrailMem *mem, FrailSpace space, uint64_t va,
                          const uint8_t *page, GuestImage *image)
{
    const wchar_t *words = (const wchar_t *)page, *p;
    const wchar_t *end = words + FRAIL_PAGE_SIZE / sizeof(*words);
    wchar_t btf_word, banner_word;

    G_STATIC_ASSERT(sizeof(wchar_t) == 4);
    memcpy(&btf_word, btf_start, sizeof(btf_word));
    memcpy(&banner_word, banner_start, sizeof(banner_word));
    for (p = words; !image->btf && p < end &&
         (p = wmemchr(p, btf_word, end - p)); p++) {
        take_btf(mem, space, va + (p - words) * sizeof(*p), image);
    }
    for (p = words; !*image->banner && image->banner_tries <= TRIES &&
         p < end && (p = wmemchr(p, banner_word, end - p)); p++) {
        take_banner(mem, space, va + (p - words) * sizeof(*p), image);
    }
}

/* The same at any address. */
static void look_at_page(FrailMem *mem, FrailSpace space, uint64_t va,
                         const uint8_t *page, GuestImage *image)
{
    const uint8_t *end = page + FRAIL_PAGE_SIZE, *p = page;

    while (!image->btf &&
           (p = memmem(p, end - p, btf_start, sizeof(btf_start)))) {
        take_btf(mem, space, va + (p - page), image);
        p++;
    }
    p = page;
    while (!*image->banner && image->banner_tries <= TRIES &&
           (p = memmem(p, end - p, banner_start,
                       sizeof(banner_start) - 1))) {
        take_banner(mem, space, va + (p - page), image);
        p++;
    }
}

/* A start that lies across two pages. */
static void look_at_border(FrailMem *mem, FrailSpace space, uint64_t border,
                           GuestImage *image)
{
    uint8_t around[2 * sizeof(banner_start)];
    const size_t before = sizeof(banner_start);
    const uint8_t *p;

    if (frail_mem_read(mem, space, border - before, around,
                       sizeof(around)) != sizeof(around)) {
        return;
    }
    p = memmem(around, sizeof(around), btf_start, sizeof(btf_start));
    if (p && !image->btf) {
        take_btf(mem, space, border - before + (p - around), image);
    }
    p = memmem(around, sizeof(around), banner_start,
               sizeof(banner_start) - 1);
    if (p && !*image->banner) {
        take_banner(mem, space, border - before + (p - around), image);
    }
}

static bool complete(const GuestImage *image)
{
    return image->btf && *image->banner;
}

static void look_at(FrailMem *mem, FrailSpace space, uint64_t from,
                    uint64_t to, bool words, GuestImage *image)
{
    uint64_t va = from;

    while (va < to && va >= from && !complete(image)) {
        const uint8_t *page = frail_mem_pointer(mem, space, va);

        if (!page) {
            va += FRAIL_PAGE_SIZE;
            continue;
        }
        va += FRAIL_PAGE_SIZE;
        if (words) {
            look_at_words(mem, space, va - FRAIL_PAGE_SIZE, page, image);
            continue;
        }
        look_at_page(mem, space, va - FRAIL_PAGE_SIZE, page, image);
        if (!complete(image)) {
            look_at_border(mem, space, va, image);
        }
    }
}

bool guest_find_image(FrailMem *mem, FrailSpace space, uint64_t lstar,
                      GuestImage *image)
{
    uint64_t middle = lstar & ~(LARGE_PAGE - 1);

    memset(image, 0, sizeof(*image));
    if (!guest_is_kernel(middle)) {
        return false;
    }
    for (int words = 1; words >= 0 && !complete(image); words--) {
        /* Read-only data comes after the text: forward first. */
        look_at(mem, space, middle, MAX(middle + WINDOW, middle), words,
                image);
        if (!complete(image) && middle - WINDOW < middle) {
            look_at(mem, space, middle - WINDOW, middle, words, image);
        }
    }
    return image->btf;
}
