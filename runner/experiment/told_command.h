/* SPDX-License-Identifier: GPL-2.0 */
/* The command line as a result tells it. */
#ifndef KB_TOLD_COMMAND_H
#define KB_TOLD_COMMAND_H

#include <stddef.h>

/**
 * kb_told_command() - a copy of @argv in which absolute paths of kernel trees are their names
 * @kernels: the specs that --kernels was given
 * Where the user keeps trees is nobody's business, and differs between equal setups.
 * Return: array of @argc strings, for kb_told_command_free(); NULL: no memory
 */
char **kb_told_command(int argc, char **argv, char *const *kernels, size_t nr_kernels);

/**
 * kb_told_machines() - of the machines of --target ssh: their names stay, users and ports go, and
 * so do addresses
 * @told, @argc: of kb_told_command()
 */
void kb_told_machines(char **told, int argc, char *const *machines, size_t nr_machines);
void kb_told_command_free(char **command, int argc);

#endif
