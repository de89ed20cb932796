/*
 * A process's open files, and where it stands in the tree.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>
#include <sys/stat.h>

#include "guest/internal.h"

#define ESCAPE      "\"<>"          /* of a path within < and > */
#define FDS_MAX     (1u << 30)      /* NR_OPEN_MAX is less */

bool guest_file_at(FrailGuestCpu *c, uint64_t task, int fd, uint64_t *file)
{
    uint64_t files, table, count, array;

    return fd >= 0 && kread_pointer(c, task, F_task_files, &files) &&
        kread_pointer(c, files, F_files_fdt, &table) &&
        kread_field(c, table, F_fdt_max_fds, &count) && count <= FDS_MAX &&
        (unsigned)fd < count &&
        kread_pointer(c, table, F_fdt_fd, &array) &&
        kread(c, array + (uint64_t)fd * 8, file, sizeof(*file)) &&
        guest_is_kernel(*file);
}

static void put_device(uint64_t mode, uint64_t rdev, FrailText *out)
{
    /* The kernel's own dev_t: 20 bits of minor. */
    text_str(out, S_ISCHR(mode) ? "<char " : "<block ");
    text_udec(out, rdev >> 20 & 0xfff);
    text_char(out, ':');
    text_udec(out, rdev & 0xfffff);
    text_char(out, '>');
}

/* The process that a pidfd stands for, by its number in the first namespace. */
static bool put_pidfd(FrailGuestCpu *c, uint64_t file, uint64_t dentry,
                      FrailText *out)
{
    const GuestField *numbers = guest_field(c, F_pid_numbers);
    uint64_t pid, inode, nr;

    /* Since Linux commit cb12fd8e0dab (in v6.9) in the inode of pidfs */
    if (!kread_pointer(c, file, F_file_private, &pid) &&
        !(kread_pointer(c, dentry, F_dentry_inode, &inode) &&
          kread_pointer(c, inode, F_inode_private, &pid))) {
        return false;
    }
    if (!numbers->size ||
        !kread_field(c, pid + numbers->offset, F_upid_nr, &nr)) {
        return false;
    }
    text_str(out, "<pid:");
    text_dec(out, (int32_t)nr);
    text_char(out, '>');
    return true;
}

static bool put_details(FrailGuestCpu *c, uint64_t file, const char *path,
                        FrailText *out)
{
    uint64_t dentry, inode, mode, rdev;

    if (!guest_file_dentry(c, file, &dentry)) {
        return false;
    }
    if (g_str_has_prefix(path, "socket:[")) {
        return guest_socket_text(c, file, dentry, out);
    }
    if (!strcmp(path, "anon_inode:[pidfd]")) {
        return put_pidfd(c, file, dentry, out);
    }
    if (*path == '/' && kread_pointer(c, dentry, F_dentry_inode, &inode) &&
        kread_field(c, inode, F_inode_mode, &mode) &&
        (S_ISCHR(mode) || S_ISBLK(mode)) &&
        kread_field(c, inode, F_inode_rdev, &rdev)) {
        text_char(out, '<');
        text_escaped(out, path, strlen(path), ESCAPE);
        put_device(mode, rdev, out);
        text_char(out, '>');
        return true;
    }
    return false;
}

bool guest_fd_text(FrailGuestCpu *c, const FrailProcess *p, int fd,
                   bool details, FrailText *out)
{
    char buf[GUEST_PATH_MAX + 32];
    uint64_t file;
    FrailText path;
    const char *text;
    bool deleted;

    text_init(&path, buf, sizeof(buf));
    if (!guest_file_at(c, p->task, fd, &file) ||
        !guest_file_parts(c, file, &path, &deleted)) {
        return false;
    }
    text = text_terminate(&path);
    if (details && put_details(c, file, text, out)) {
        return true;
    }
    text_char(out, '<');
    text_escaped(out, text, strlen(text), ESCAPE);
    text_str(out, deleted ? ">(deleted)" : ">");
    return true;
}

bool guest_fd_path(FrailGuestCpu *c, const FrailProcess *p, int fd,
                   FrailText *out)
{
    uint64_t file;

    return guest_file_at(c, p->task, fd, &file) &&
        guest_file_text(c, file, out);
}

static bool fs_text(FrailGuestCpu *c, const FrailProcess *p, GuestFieldId id,
                    FrailText *out)
{
    const GuestField *f = guest_field(c, id);
    uint64_t fs;

    return f->size && kread_pointer(c, p->task, F_task_fs, &fs) &&
        guest_path_text(c, fs + f->offset, out);
}

bool guest_cwd_text(FrailGuestCpu *c, const FrailProcess *p, FrailText *out)
{
    return fs_text(c, p, F_fs_pwd, out);
}

bool guest_root_text(FrailGuestCpu *c, const FrailProcess *p, FrailText *out)
{
    return fs_text(c, p, F_fs_root, out);
}
