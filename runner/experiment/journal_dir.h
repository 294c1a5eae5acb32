/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The directory that a run of several boots leaves beside its results until it has them: what was
 * asked for, and a file for each round that is behind. From it a run that was cut short goes on,
 * and so does one whose boots somebody else makes, at each of them.
 *
 *   state.json      schema, kbench, command[], started, experiment { id, seed },
 *                   jobs[] { release, plan, result, done, boots[] }: plan is a checksum, result a
 *                   file name in the parent directory, boots the machine's boot ids
 *   JOB.ROUND       the journal of a round, by numbers from 0 and from 1
 *   lock            held by the kbench that is at it
 */
#ifndef KB_JOURNAL_DIR_H
#define KB_JOURNAL_DIR_H

#include <jansson.h>

#include "job.h"

/**
 * struct kb_journal_dir
 * @state: what state.json says; NULL: there is no journal
 * @lock:  a descriptor
 */
struct kb_journal_dir {
	char	*path;
	json_t	*state;
	int	lock;
};

/**
 * kb_journal_dir_create() - begin one beside the first job's result
 * @argc, @argv: the command line, "kbench" and "run" first
 * Return: 0, or -1 with KB_EXIT_ENVIRONMENT, or KB_EXIT_USAGE: there is one already, of a run that
 * is not finished; kb_journal_dir_free() in any case
 */
int kb_journal_dir_create(struct kb_journal_dir *journal, struct kb_jobs *jobs,
			  const struct kb_experiment *experiment, int argc, char **argv,
			  struct kb_error *err);

/**
 * kb_journal_dir_open() - read one
 * @path: the directory, or one that has just one in it
 * Return: 0, or -1 with KB_EXIT_USAGE: there is none, or several, or it is damaged, or another
 * kbench is at it
 */
int kb_journal_dir_open(struct kb_journal_dir *journal, const char *path, struct kb_error *err);

/** kb_journal_dir_command() - command line that began it, as an array of strings; borrowed */
const json_t *kb_journal_dir_command(const struct kb_journal_dir *journal);

/** kb_journal_dir_experiment() - whose boots these are */
void kb_journal_dir_experiment(const struct kb_journal_dir *journal,
			       struct kb_experiment *experiment);

/**
 * kb_journal_dir_adopt() - a prepared job goes on where it was: its result's path, its rounds
 * @job:   begun (kb_job_begin()); its number says which it is
 * Return: 0, or -1 with KB_EXIT_USAGE: another kernel, plan or kbench than at the begin
 */
int kb_journal_dir_adopt(const struct kb_journal_dir *journal, struct kb_job *job,
			 struct kb_error *err);

/**
 * kb_journal_dir_find() - the number of the job of @job's kernel, which is added if there is none
 * Sets job->number. Return: 0 or -1 with @err
 */
int kb_journal_dir_find(struct kb_journal_dir *journal, struct kb_job *job, struct kb_error *err);

/** kb_journal_dir_round() - where round @round, from 1, of @job is kept; malloc()ed */
char *kb_journal_dir_round(const struct kb_journal_dir *journal, const struct kb_job *job,
			   size_t round);

/**
 * kb_journal_dir_waits() - releases that the experiment waits for when @job is done; malloc()ed,
 * or NULL: @job is not done
 */
char *kb_journal_dir_waits(const struct kb_journal_dir *journal, const struct kb_job *job);

/** kb_journal_dir_is_new_boot() - @job was not measured since this machine booted */
bool kb_journal_dir_is_new_boot(const struct kb_journal_dir *journal, const struct kb_job *job);

/** kb_journal_dir_add_boot() - this boot of the machine was measured; 0 or -1 with @err */
int kb_journal_dir_add_boot(struct kb_journal_dir *journal, const struct kb_job *job,
			    struct kb_error *err);

/**
 * kb_journal_dir_done() - @job has its result; when all have, the directory is removed
 * Return: 0 or -1 with @err
 */
int kb_journal_dir_done(struct kb_journal_dir *journal, const struct kb_job *job,
			struct kb_error *err);
void kb_journal_dir_free(struct kb_journal_dir *journal);

#endif
