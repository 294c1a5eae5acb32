/* SPDX-License-Identifier: GPL-2.0 */
/* How the machine that kbench runs on is set, judged. */
#ifndef KB_ENVIRONMENT_H
#define KB_ENVIRONMENT_H

#include "judge.h"

/**
 * struct kb_environment - what is to be said of this machine
 * @unknown: why nothing is known; empty when @list is what there is
 */
struct kb_environment {
	struct kb_judgement	list[KB_MAX_JUDGEMENTS];
	size_t			nr;
	char			unknown[256];
};

/** kb_environment_judge() - ask the agent and judge. @root: NULL, or what a test made */
void kb_environment_judge(struct kb_environment *environment, const char *root);

/** kb_environment_print() - each with its effect and its remedy, on stdout */
void kb_environment_print(const struct kb_environment *environment);

/**
 * kb_environment_warn() - a line for a guest's result for each that the guest feels, notes left out
 * Return: 0, or -1: no memory
 */
int kb_environment_warn(const struct kb_environment *environment, json_t *warnings);

/** kb_environment_json() - the same as an array */
json_t *kb_environment_json(const struct kb_environment *environment);

#endif
