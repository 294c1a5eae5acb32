// SPDX-License-Identifier: GPL-2.0
#include "script.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support.h"

#include "agent/crc32.h"

static int script_start(struct kb_target *target, const char *plan_text, size_t length,
			struct kb_error *err)
{
	struct script *script = (struct script *)target;

	(void)err;
	script->plan = strndup(plan_text, length);
	fflush(script->file);
	lseek(fileno(script->file), 0, SEEK_SET);
	return fileno(script->file);
}

static int script_finish(struct kb_target *target, bool kill, struct kb_error *err)
{
	struct script *script = (struct script *)target;

	(void)err;
	script->finished++;
	script->killed |= kill;
	return 0;
}

static const struct kb_target_ops script_ops = {
	.name = "script", .start = script_start, .finish = script_finish,
};

static char spec[] = "6.12";

void script_begin(struct script *script)
{
	*script = (struct script){ .target = { .ops = &script_ops, .kernel_spec = spec } };
	script->file = tmpfile();
	assert_non_null(script->file);
}

/* The line of a record, with the next number. */
static void line(struct script *script, const char *json, char *text, size_t size)
{
	snprintf(text, size, "KB1 %u %08x %s\n", script->records++,
		 kb_crc32(json, strlen(json)), json);
}

void say(struct script *script, const char *json)
{
	char text[1024];

	line(script, json, text, sizeof(text));
	fputs(text, script->file);
}

/* A record whose byte @at is another one than was sent. */
void say_damaged(struct script *script, const char *json, size_t at)
{
	char text[1024];

	line(script, json, text, sizeof(text));
	text[strlen(text) - 2 - at] ^= 0x04;
	fputs(text, script->file);
}

/* A record with a kernel message in its midst. */
void say_interleaved(struct script *script, const char *json)
{
	char text[1024];

	line(script, json, text, sizeof(text));
	fprintf(script->file, "%.*s[    5.123456] a kernel message\n%s", (int)strlen(text) / 2,
		text, text + strlen(text) / 2);
}

void lose(struct script *script)
{
	script->records++;
}

void say_begin(struct script *script, unsigned int id)
{
	char json[128];

	snprintf(json, sizeof(json), "{\"rec\":\"begin\",\"id\":%u}", id);
	say(script, json);
}

const char *samples(unsigned int id, unsigned int worker)
{
	static char json[512];

	snprintf(json, sizeof(json),
		 "{\"rec\":\"samples\",\"id\":%u,\"worker\":%u,\"cpu\":%u,\"phase\":0,"
		 "\"total_ops\":900,\"ops\":[100,200,100,200],\"value\":[1000,2000,1001,2002],"
		 "\"flags\":[0,16,0,17],\"moved\":[[3,%u,5]]}", id, worker, worker, worker);
	return json;
}

const char *kase(unsigned int id, unsigned int nr_series, const char *status)
{
	static char json[512];

	snprintf(json, sizeof(json),
		 "{\"rec\":\"case\",\"id\":%u,\"status\":\"%s\",\"reason\":\"because\","
		 "\"run_flags\":0,\"batch_ops\":100,\"ticks\":1000,\"ns\":500,\"window_ns\":400,"
		 "\"worker_bytes\":4096,"
		 "\"nr_series\":%u,\"nr_latencies\":0,\"duration_s\":0.1}", id, status,
		 nr_series);
	return json;
}

/* All that a good case has to say; two workers. */
void say_case(struct script *script, unsigned int id)
{
	say_begin(script, id);
	say(script, samples(id, 0));
	say(script, samples(id, 1));
	say(script, kase(id, 2, "ok"));
}

void say_bye(struct script *script)
{
	char json[64];

	snprintf(json, sizeof(json), "{\"rec\":\"bye\",\"records\":%u}", script->records);
	say(script, json);
}
