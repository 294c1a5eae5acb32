/* SPDX-License-Identifier: GPL-2.0 */
/* The commands of kbench, one function each. */
#ifndef KB_COMMAND_H
#define KB_COMMAND_H

/*
 * Each gets its own arguments, with argv[0] as "kbench run" and so on, does all its output, and
 * returns an exit code of enum kb_exit.
 */
int kb_cmd_run(int argc, char **argv);
int kb_cmd_agent_step(int argc, char **argv);
int kb_cmd_list(int argc, char **argv);
int kb_cmd_show(int argc, char **argv);
int kb_cmd_plot(int argc, char **argv);
int kb_cmd_export(int argc, char **argv);
int kb_cmd_report(int argc, char **argv);
int kb_cmd_compare(int argc, char **argv);
int kb_cmd_history(int argc, char **argv);
int kb_cmd_explain(int argc, char **argv);
int kb_cmd_bisect(int argc, char **argv);
int kb_cmd_aa(int argc, char **argv);
int kb_cmd_plan(int argc, char **argv);
int kb_cmd_kernels(int argc, char **argv);
int kb_cmd_doctor(int argc, char **argv);
int kb_cmd_selfcheck(int argc, char **argv);
int kb_cmd_tune(int argc, char **argv);

#endif
