/* SPDX-License-Identifier: GPL-2.0 */
/* What to tell a user who lacks a package. */
#ifndef KB_ADVICE_H
#define KB_ADVICE_H

#include <stddef.h>

/**
 * kb_headers_advice() - the command that installs the headers of a kernel
 * @os_release: text of /etc/os-release, or NULL when there is none
 * @release:    as uname -r says
 * @advice:     "sudo apt install linux-headers-6.12.9-amd64", or words where no command is known
 */
void kb_headers_advice(const char *os_release, const char *release, char *advice, size_t size);

/** kb_packages_advice() - the command that installs @packages, which are named alike everywhere */
void kb_packages_advice(const char *os_release, const char *packages, char *advice, size_t size);

/** kb_perf_advice() - the command that installs the perf tool; Ubuntu has one for each @release */
void kb_perf_advice(const char *os_release, const char *release, char *advice, size_t size);

#endif
