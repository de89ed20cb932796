/*
 * A process's control group, and the container that it stands for.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "guest/internal.h"

#define DEPTH_MAX   64
#define NAME_SIZE   256     /* NAME_MAX and a zero */
#define ID_LEN      64      /* hexadecimal digits of a container's id */

/*
 * Names from the leaf to the root are put into @buf from its end; returns
 * where the path begins, or NULL.  As kernfs_path_from_node() shows it.
 */
static const char *kernfs_path(FrailGuestCpu *c, uint64_t kn, char *buf,
                               size_t size)
{
    char *at = buf + size - 1;

    *at = '\0';
    for (unsigned depth = 0; depth < DEPTH_MAX; depth++) {
        char name[NAME_SIZE];
        uint64_t parent, text;
        size_t len;

        if (!kread_field(c, kn, F_kn_parent, &parent)) {
            return NULL;
        }
        if (!parent) {
            if (!*at) {
                *--at = '/';
            }
            return at;
        }
        if (!kread_pointer(c, kn, F_kn_name, &text) ||
            !kread_string(c, text, name, sizeof(name))) {
            return NULL;
        }
        len = strlen(name);
        if (len + 1 > (size_t)(at - buf)) {
            return NULL;
        }
        at -= len;
        memcpy(at, name, len);
        *--at = '/';
        kn = parent;
        if (!guest_is_kernel(kn)) {
            return NULL;
        }
    }
    return NULL;
}

bool guest_cgroup_text(FrailGuestCpu *c, uint64_t task, FrailText *out)
{
    char buf[GUEST_PATH_MAX];
    uint64_t set, cgroup, kn;
    const char *path;

    if (!kread_pointer(c, task, F_task_cgroups, &set) ||
        !kread_pointer(c, set, F_css_set_dfl, &cgroup) ||
        !kread_pointer(c, cgroup, F_cgroup_kn, &kn)) {
        return false;
    }
    path = kernfs_path(c, kn, buf, sizeof(buf));
    if (!path) {
        return false;
    }
    text_str(out, path);
    return true;
}

static size_t hex_digits(const char *s)
{
    return strspn(s, "0123456789abcdef");
}

/*
 * The engines name a container's group after its id, 64 hexadecimal digits:
 * docker-ID.scope, cri-containerd-ID.scope, crio-ID.scope, libpod-ID.scope
 * with systemd, /docker/ID, /kubepods/.../ID and libpod_parent/libpod-ID
 * without; processes may be in groups below.  The innermost one counts.
 */
bool guest_container_id(const char *cgroup, char *id, size_t size)
{
    static const char *const engines[] = {
        "docker-", "cri-containerd-", "crio-", "libpod-", "nerdctl-",
    };
    bool found = false;

    while (*cgroup == '/') {
        const char *part = cgroup + 1, *rest = part;
        size_t len = strcspn(part, "/");

        for (unsigned i = 0; i < G_N_ELEMENTS(engines); i++) {
            if (g_str_has_prefix(part, engines[i])) {
                rest = part + strlen(engines[i]);
                break;
            }
        }
        if (hex_digits(rest) == ID_LEN && size > ID_LEN &&
            (rest + ID_LEN == part + len ||
             (part + len - rest == ID_LEN + 6 &&
              !strncmp(rest + ID_LEN, ".scope", 6)))) {
            memcpy(id, rest, ID_LEN);
            id[ID_LEN] = '\0';
            found = true;
        }
        cgroup = part + len;
    }
    return found;
}
