/* SPDX-License-Identifier: GPL-2.0 */
/* The BPF objects of suites, linked into agent and runner: one runs them, one describes them. */
#ifndef KB_AGENT_BPF_SUITES_H
#define KB_AGENT_BPF_SUITES_H

/** struct bpf_suite - the object of a suite: see kbench/uapi/bpf.h for what is in it */
struct bpf_suite {
	const char		*name;
	const unsigned char	*begin;
	const unsigned char	*end;
};

/** All of them; the last has no name. Made by the Makefile: build/bpf/objects.S */
extern const struct bpf_suite bpf_suites[];

#endif
