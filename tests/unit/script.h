/* SPDX-License-Identifier: GPL-2.0 */
/* A target that says what a test wrote down: records, whole, damaged or not at all. */
#ifndef KB_TEST_SCRIPT_H
#define KB_TEST_SCRIPT_H

#include <stdbool.h>
#include <stdio.h>

#include "target.h"

#define TEXT_(x)	#x
#define TEXT(x)	TEXT_(x)
#define HELLO	"{\"rec\":\"hello\",\"agent\":\"" KBENCH_VERSION "\",\"abi\":" \
		TEXT(KBENCH_ABI) ",\"uptime_s\":1.0}"
#define FACTS	"{\"rec\":\"facts\",\"machine\":{\"arch\":\"x86_64\"},\"kernel\":{}," \
		"\"environment\":{}}"
#define DURING	"{\"rec\":\"during\",\"seconds\":1.5,\"throttles\":3}"

/**
 * struct script - the target and its lines
 * @file:    what it says
 * @records: how many records it has said
 * @killed:  it was ended by force
 */
struct script {
	struct kb_target	target;
	FILE			*file;
	unsigned int		records;
	unsigned int		finished;
	bool			killed;
	char			*plan;
};

void script_begin(struct script *script);

/** say() - the line of a record, with the next number */
void say(struct script *script, const char *json);
/** say_damaged() - the same, with byte @at from its end another one than was sent */
void say_damaged(struct script *script, const char *json, size_t at);
/** say_interleaved() - the same, with a kernel message in its midst */
void say_interleaved(struct script *script, const char *json);
/** lose() - a record that does not arrive */
void lose(struct script *script);
void say_begin(struct script *script, unsigned int id);

/** samples(), kase() - records of a case, valid until the next call */
const char *samples(unsigned int id, unsigned int worker);
const char *kase(unsigned int id, unsigned int nr_series, const char *status);

/** say_case() - all that a good case of two workers has to say */
void say_case(struct script *script, unsigned int id);
void say_bye(struct script *script);

#endif
