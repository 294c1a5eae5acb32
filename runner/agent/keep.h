/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A directory on a machine that is measured over a connection: it is there as long as somebody at
 * the other end wants it. The agent that runs a plan is another process, as root; this one is not.
 */
#ifndef KB_AGENT_KEEP_H
#define KB_AGENT_KEEP_H

/**
 * keep_run() - say "kbench-keep DIR", wait for the end of standard input, remove the directory
 * @beat_s: silence for so long is its end, too; 0: it may be silent
 * The process groups whose leaders stand in DIR/NAME.pid (a build) are ended first. SIGTERM, SIGINT
 * and SIGHUP are as good as the end. Return: 0, or -1 after a line on standard error
 */
int keep_run(const char *dir, unsigned int beat_s);

#endif
