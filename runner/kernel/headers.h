/* SPDX-License-Identifier: GPL-2.0 */
/* Trees of kernel headers that modules are built against. */
#ifndef KB_HEADERS_H
#define KB_HEADERS_H

#include "arch.h"
#include "error.h"

/**
 * kb_headers_settle() - make a packaged tree usable where it is
 * @root: the directory that the packages were unpacked in, with usr/src/ below
 * @dir:  the headers, below @root
 *
 * Debian's headers name /usr/src/ in their Makefile and .kernelvariables; that is rewritten to
 * @root's. Does nothing when it has been done.
 */
int kb_headers_settle(const char *root, const char *dir, struct kb_error *err);

/**
 * kb_headers_compiler() - the compiler that the kernel was built with, by its configuration
 *
 * Where that names none by its number ("gcc", "clang") it is the one that still says the same of
 * itself, or one with the number that it had then ("gcc-12").
 * Return: malloc()ed name such as "gcc-12"; -1 with @err when this machine does not have it
 */
int kb_headers_compiler(char **compiler, const char *dir, const struct kb_arch *arch,
			struct kb_error *err);

/**
 * kb_headers_series() - gcc's series by the same configuration: "gcc-14"
 * Return: malloc()ed; NULL where it names no series, or another compiler
 */
char *kb_headers_series(const char *dir);

/**
 * kb_headers_tools() - what make has to be told to use @compiler, where @dir does not say so
 * Return: malloc()ed argument of make: "CC=gcc-12", or "LLVM=1" where clang came with its linker
 */
char *kb_headers_tools(const char *dir, const char *compiler);

/**
 * kb_headers_key() - what tells the kernel that headers are of from others of the same release
 * From the checksums of its configuration and of the symbols that modules use; malloc()ed
 */
char *kb_headers_key(const char *dir);

#endif
