/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cache: entries are directories that appear whole or not at all. Several kbench processes may
 * use it at once; an entry is filled under its lock, into a directory of another name.
 */
#ifndef KB_CACHE_H
#define KB_CACHE_H

#include "error.h"

/**
 * kb_cache_path() - a path below the cache, by format; its directory is created
 * Return: malloc()ed, or NULL with @err
 */
char *kb_cache_path(struct kb_error *err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * kb_cache_lock() - lock @entry against other kbench processes; waits, and says for what
 * @what: what the holder does, for the user: "is fetching 6.12.113+deb12-amd64"
 * Return: a descriptor for kb_cache_unlock(), or -1 with @err
 */
int kb_cache_lock(const char *entry, const char *what, struct kb_error *err);
void kb_cache_unlock(int lock);

/**
 * kb_cache_begin() - an empty directory to fill @entry in; the caller holds the entry's lock
 * Removes what earlier attempts that were killed left. Return: malloc()ed, or NULL with @err
 */
char *kb_cache_begin(const char *entry, struct kb_error *err);

/**
 * kb_cache_commit() - make the filled @temp the @entry
 * An older @entry is replaced. Return: 0, or -1 with @err; @temp is gone in both cases.
 */
int kb_cache_commit(const char *temp, const char *entry, struct kb_error *err);

/** kb_cache_prune() - remove the entries that @pattern (glob(3)) names, unused for @days */
void kb_cache_prune(const char *pattern, unsigned int days);

#endif
