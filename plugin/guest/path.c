/*
 * Paths: from a directory entry up to the root, across mounts.
 *
 * As prepend_path() and d_path() in fs/d_path.c (6.12) do it for a reader
 * who sees the whole tree: a process's own root (chroot) does not end a path,
 * that of its mount namespace does.  The dcache is read without its locks: a
 * rename at that moment may show a mixture of two paths, never anything else.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "guest/internal.h"

#define MOUNTS_MAX      64
#define COMPONENTS_MAX  256
#define NAME_SIZE       256     /* NAME_MAX and a zero */

/* A path is put together from its end. */
typedef struct Backwards {
    char buf[GUEST_PATH_MAX];
    size_t at;
} Backwards;

static bool put_name(Backwards *b, const char *name, size_t len)
{
    if (len + 1 > b->at) {
        return false;
    }
    b->at -= len;
    memcpy(b->buf + b->at, name, len);
    b->buf[--b->at] = '/';
    return true;
}

/* A name's length is taken from the name: it may have changed meanwhile. */
static bool read_name(FrailGuestCpu *c, uint64_t dentry, char name[NAME_SIZE])
{
    uint64_t text;

    return kread_pointer(c, dentry, F_dentry_name, &text) &&
        kread_string(c, text, name, NAME_SIZE);
}

static uint64_t mount_of(const FrailGuestCpu *c, uint64_t vfsmount)
{
    return vfsmount - guest_field(c, F_mount_mnt)->offset;
}

/*
 * Up to the root.  What does not lead there (a detached mount, a bind mount's
 * source that was moved away) is shown as far as it goes, as d_path() does.
 */
static bool walk_up(FrailGuestCpu *c, uint64_t vfsmount, uint64_t dentry,
                    Backwards *b)
{
    uint64_t mount = mount_of(c, vfsmount);
    unsigned mounts = 0, components = 0;

    while (true) {
        char name[NAME_SIZE];
        uint64_t parent, root, up;

        if (!kread_pointer(c, mount + guest_field(c, F_mount_mnt)->offset,
                           F_vfsmount_root, &root)) {
            return false;
        }
        if (dentry == root) {
            if (!kread_pointer(c, mount, F_mount_parent, &up)) {
                return false;
            }
            if (up == mount) {
                return true;
            }
            if (++mounts > MOUNTS_MAX ||
                !kread_pointer(c, mount, F_mount_mountpoint, &dentry)) {
                return false;
            }
            mount = up;
            continue;
        }
        if (!kread_pointer(c, dentry, F_dentry_parent, &parent)) {
            return false;
        }
        if (parent == dentry) {
            return true;
        }
        if (++components > COMPONENTS_MAX || !read_name(c, dentry, name) ||
            !put_name(b, name, strlen(name))) {
            return false;
        }
        dentry = parent;
    }
}

static bool is_unlinked(FrailGuestCpu *c, uint64_t dentry)
{
    uint64_t hash, parent;

    return kread_field(c, dentry, F_dentry_hash, &hash) && !hash &&
        kread_field(c, dentry, F_dentry_parent, &parent) && parent != dentry;
}

static bool has_own_name(FrailGuestCpu *c, uint64_t vfsmount, uint64_t dentry)
{
    uint64_t op, dname, parent, root;

    return kread_pointer(c, dentry, F_dentry_op, &op) &&
        kread_pointer(c, op, F_dop_dname, &dname) &&
        !(kread_field(c, dentry, F_dentry_parent, &parent) &&
          parent == dentry &&
          kread_field(c, vfsmount, F_vfsmount_root, &root) &&
          root == dentry);
}

static bool fs_name(FrailGuestCpu *c, uint64_t dentry, char *buf, size_t size)
{
    uint64_t sb, type, name;

    return kread_pointer(c, dentry, F_dentry_sb, &sb) &&
        kread_pointer(c, sb, F_sb_type, &type) &&
        kread_pointer(c, type, F_fstype_name, &name) &&
        kread_string(c, name, buf, size);
}

static bool put_inode(FrailGuestCpu *c, uint64_t dentry, const char *kind,
                      FrailText *out)
{
    uint64_t inode, ino;

    if (!kread_pointer(c, dentry, F_dentry_inode, &inode) ||
        !kread_field(c, inode, F_inode_ino, &ino)) {
        return false;
    }
    text_str(out, kind);
    text_str(out, ":[");
    text_udec(out, ino);
    text_char(out, ']');
    return true;
}

/* ns_dname() in fs/nsfs.c; the inode's private data is the ns_common. */
static bool put_namespace(FrailGuestCpu *c, uint64_t dentry, FrailText *out)
{
    uint64_t at, name;
    char kind[32];

    return kread_pointer(c, dentry, F_dentry_inode, &at) &&
        kread_pointer(c, at, F_inode_private, &at) &&
        kread_pointer(c, at, F_ns_ops, &at) &&
        kread_pointer(c, at, F_nsops_name, &name) &&
        kread_string(c, name, kind, sizeof(kind)) && *kind &&
        !kind[strspn(kind, "abcdefghijklmnopqrstuvwxyz_")] &&
        put_inode(c, dentry, kind, out);
}

/* What the file system calls it: the d_dname() functions of Linux. */
static bool put_own_name(FrailGuestCpu *c, uint64_t dentry, FrailText *out,
                         bool *deleted)
{
    char fs[32], name[NAME_SIZE];

    if (!fs_name(c, dentry, fs, sizeof(fs))) {
        return false;
    }
    if (!strcmp(fs, "pipefs")) {
        return put_inode(c, dentry, "pipe", out);
    }
    if (!strcmp(fs, "sockfs")) {
        return put_inode(c, dentry, "socket", out);
    }
    if (!strcmp(fs, "nsfs")) {
        return put_namespace(c, dentry, out);
    }
    if (!strcmp(fs, "pidfs")) {
        text_str(out, "anon_inode:[pidfd]");
        return true;
    }
    if (!read_name(c, dentry, name)) {
        return false;
    }
    if (!strcmp(fs, "anon_inodefs")) {
        text_str(out, "anon_inode:");
        text_str(out, name);
        return true;
    }
    /* simple_dname() */
    text_char(out, '/');
    text_str(out, name);
    *deleted = true;
    return true;
}

bool guest_path_parts(FrailGuestCpu *c, uint64_t path, FrailText *out,
                      bool *deleted)
{
    Backwards b = { .at = sizeof(b.buf) };
    uint64_t vfsmount, dentry;

    *deleted = false;
    if (!kread_pointer(c, path, F_path_mnt, &vfsmount) ||
        !kread_pointer(c, path, F_path_dentry, &dentry) ||
        !guest_has(c, F_mount_mnt)) {
        return false;
    }
    if (has_own_name(c, vfsmount, dentry)) {
        return put_own_name(c, dentry, out, deleted);
    }
    if (!walk_up(c, vfsmount, dentry, &b)) {
        return false;
    }
    if (b.at == sizeof(b.buf)) {
        text_char(out, '/');
    }
    text_bytes(out, b.buf + b.at, sizeof(b.buf) - b.at);
    *deleted = is_unlinked(c, dentry);
    return true;
}

bool guest_path_text(FrailGuestCpu *c, uint64_t path, FrailText *out)
{
    bool deleted;

    if (!guest_path_parts(c, path, out, &deleted)) {
        return false;
    }
    if (deleted) {
        text_str(out, " (deleted)");
    }
    return true;
}

bool guest_file_parts(FrailGuestCpu *c, uint64_t file, FrailText *out,
                      bool *deleted)
{
    const GuestField *path = guest_field(c, F_file_path);

    return path->size && guest_is_kernel(file) &&
        guest_path_parts(c, file + path->offset, out, deleted);
}

bool guest_file_text(FrailGuestCpu *c, uint64_t file, FrailText *out)
{
    const GuestField *path = guest_field(c, F_file_path);

    return path->size && guest_is_kernel(file) &&
        guest_path_text(c, file + path->offset, out);
}

bool guest_file_dentry(FrailGuestCpu *c, uint64_t file, uint64_t *dentry)
{
    const GuestField *path = guest_field(c, F_file_path);

    return path->size && guest_is_kernel(file) &&
        kread_pointer(c, file + path->offset, F_path_dentry, dentry);
}

bool guest_dentry_name(FrailGuestCpu *c, uint64_t dentry, char *buf,
                       size_t size)
{
    uint64_t text;

    return kread_pointer(c, dentry, F_dentry_name, &text) &&
        kread_string(c, text, buf, size);
}
