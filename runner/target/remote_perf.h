/* SPDX-License-Identifier: GPL-2.0 */
/* Files of the perf tool on a remote machine: written in the private directory, brought here. */
#ifndef KB_REMOTE_PERF_H
#define KB_REMOTE_PERF_H

#include "remote.h"

/** KB_REMOTE_PERF_DIR - below the private directory there */
#define KB_REMOTE_PERF_DIR	"perf"

/** kb_remote_perf_check() - whether perf can do @kind there; 0, or -1 with @err */
int kb_remote_perf_check(const struct kb_remote *remote, const char *kind, struct kb_error *err);

/** kb_remote_perf_begin() - make the directory for them; 0 or -1 with @err */
int kb_remote_perf_begin(struct kb_remote *remote, struct kb_error *err);

/** kb_remote_perf_fetch() - bring them into @dir; 0 or -1 with @err */
int kb_remote_perf_fetch(struct kb_remote *remote, const char *dir, struct kb_error *err);

#endif
