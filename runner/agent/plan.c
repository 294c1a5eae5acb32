// SPDX-License-Identifier: GPL-2.0
#include "plan.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PLAN_HEAD	"kbench-plan 1"

/* A line names at most all CPUs of a machine; a plan has some hundred cases. */
#define MAX_LINE	(1024 * 1024)
#define MAX_CASES	1000000
#define MAX_CPUS	65536
#define PATIENCE_MS	60000

/* The text as it comes, and where a complaint goes. */
struct source {
	int		fd;
	char		*bytes;
	size_t		begin;		/* of what has not been given out yet */
	size_t		length;
	size_t		room;
	unsigned long	line;
	bool		in_case;
	char		*error;
	size_t		error_size;
};

static int complain(struct source *source, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int complain(struct source *source, const char *format, ...)
{
	char what[256];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	snprintf(source->error, source->error_size, "line %lu of the plan: %s", source->line, what);
	return -1;
}

/* Reads more bytes. Return: 0 or -1. */
static int fill(struct source *source)
{
	struct pollfd poll_fd = { .fd = source->fd, .events = POLLIN };
	ssize_t n;
	int ready;

	if (source->begin) {
		source->length -= source->begin;
		memmove(source->bytes, source->bytes + source->begin, source->length);
		source->begin = 0;
	}
	if (source->length == source->room) {
		size_t room = source->room ? source->room * 2 : 4096;
		char *bytes;

		if (room > MAX_LINE)
			return complain(source, "longer than %d bytes", MAX_LINE);
		bytes = realloc(source->bytes, room);
		if (!bytes)
			return complain(source, "no memory");
		source->bytes = bytes;
		source->room = room;
	}
	do {
		ready = poll(&poll_fd, 1, PATIENCE_MS);
	} while (ready < 0 && errno == EINTR);
	if (!ready)
		return complain(source, "nothing came for %d s", PATIENCE_MS / 1000);
	do {
		n = read(source->fd, source->bytes + source->length, source->room - source->length);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return complain(source, "cannot be read: %s", strerror(errno));
	if (!n)
		return complain(source, "the plan ends without \"go\"");
	source->length += (size_t)n;
	return 0;
}

/* Return: the next line, 0-terminated in place and valid until the next call, or NULL. */
static char *next_line(struct source *source)
{
	source->line++;
	for (;;) {
		char *begin = source->bytes + source->begin;
		size_t left = source->length - source->begin;
		char *end = left ? memchr(begin, '\n', left) : NULL;

		if (end) {
			*end = 0;
			source->begin += (size_t)(end - begin) + 1;
			return begin;
		}
		if (fill(source))
			return NULL;
	}
}

static int parse_u64(struct source *source, const char *text, uint64_t max, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || *value > max)
		return complain(source, "\"%.40s\" is no number up to %llu", text,
				(unsigned long long)max);
	return 0;
}

static int parse_u32(struct source *source, const char *text, uint32_t *value)
{
	uint64_t wide;

	if (parse_u64(source, text, UINT32_MAX, &wide))
		return -1;
	*value = (uint32_t)wide;
	return 0;
}

static int parse_name(struct source *source, const char *text, char name[KBENCH_NAME_LEN])
{
	size_t length = strlen(text);

	if (!length || length >= KBENCH_NAME_LEN)
		return complain(source, "\"%.40s\" is no name of 1 to %d bytes", text,
				KBENCH_NAME_LEN - 1);
	memcpy(name, text, length + 1);
	return 0;
}

static int parse_cpus(struct source *source, char *text, struct plan_case *kase)
{
	size_t count = 1;
	char *word;

	for (const char *at = text; *at; at++)
		count += *at == ',';
	if (kase->cpus || count > MAX_CPUS)
		return complain(source, "too many CPUs");
	kase->cpus = calloc(count, sizeof(*kase->cpus));
	if (!kase->cpus)
		return complain(source, "no memory");
	while ((word = strsep(&text, ","))) {
		if (parse_u32(source, word, &kase->cpus[kase->nr_cpus]))
			return -1;
		kase->nr_cpus++;
	}
	return 0;
}

static int parse_param(struct source *source, char *text, struct plan_case *kase)
{
	struct kbench_param_value *param = &kase->params[kase->nr_params];
	char *name = strsep(&text, " ");
	char *end;

	if (kase->nr_params == KBENCH_MAX_PARAMS)
		return complain(source, "more than %d parameters", KBENCH_MAX_PARAMS);
	if (!text || parse_name(source, name, param->name))
		return complain(source, "\"param\" wants a name and a value");
	errno = 0;
	param->value = strtoll(text, &end, 10);
	if (end == text || *end || errno)
		return complain(source, "\"%.40s\" is no value of a parameter", text);
	kase->nr_params++;
	return 0;
}

static int parse_counter(struct source *source, char *text, struct plan_case *kase)
{
	struct kbench_counter *counter = &kase->counters[kase->nr_counters];
	uint64_t config;
	char *type;

	if (kase->nr_counters == KBENCH_MAX_COUNTERS)
		return complain(source, "more than %d counters", KBENCH_MAX_COUNTERS);
	type = strsep(&text, " ");
	if (!text)
		return complain(source, "\"counter\" wants a type and a config");
	if (parse_u32(source, type, &counter->type) ||
	    parse_u64(source, text, UINT64_MAX, &config))
		return -1;
	counter->config = config;
	kase->nr_counters++;
	return 0;
}

static int parse_bool(struct source *source, const char *text, bool *value)
{
	uint64_t wide;

	if (parse_u64(source, text, 1, &wide))
		return -1;
	*value = wide;
	return 0;
}

static int end_case(struct source *source, const struct plan_case *kase)
{
	if (!kase->suite[0] || !kase->bench[0] || !kase->nr_cpus || !kase->deadline_ns)
		return complain(source, "case %u lacks its suite, bench, cpus or deadline_ns",
				kase->id);
	source->in_case = false;
	return 0;
}

/* A line between "case" and "end". */
static int parse_case_line(struct source *source, struct plan_case *kase, const char *key,
			   char *rest)
{
	if (!strcmp(key, "end") && !*rest)
		return end_case(source, kase);
	if (!strcmp(key, "suite"))
		return parse_name(source, rest, kase->suite);
	if (!strcmp(key, "bench"))
		return parse_name(source, rest, kase->bench);
	if (!strcmp(key, "context"))
		return parse_u32(source, rest, &kase->context);
	if (!strcmp(key, "cpus"))
		return parse_cpus(source, rest, kase);
	if (!strcmp(key, "param"))
		return parse_param(source, rest, kase);
	if (!strcmp(key, "counter"))
		return parse_counter(source, rest, kase);
	if (!strcmp(key, "duration_ns"))
		return parse_u64(source, rest, INT64_MAX, &kase->duration_ns);
	if (!strcmp(key, "deadline_ns"))
		return parse_u64(source, rest, INT64_MAX, &kase->deadline_ns);
	if (!strcmp(key, "batch_ns"))
		return parse_u64(source, rest, INT64_MAX, &kase->batch_ns);
	if (!strcmp(key, "samples"))
		return parse_u32(source, rest, &kase->samples);
	if (!strcmp(key, "min_samples"))
		return parse_u32(source, rest, &kase->min_samples);
	if (!strcmp(key, "latency"))
		return parse_bool(source, rest, &kase->latency);
	return complain(source, "unknown line \"%.40s\" in a case", key);
}

static int begin_case(struct source *source, struct plan *plan, const char *rest)
{
	struct plan_case *cases;
	struct plan_case *kase;

	if (plan->nr_cases == MAX_CASES)
		return complain(source, "more than %d cases", MAX_CASES);
	cases = reallocarray(plan->cases, plan->nr_cases + 1, sizeof(*cases));
	if (!cases)
		return complain(source, "no memory");
	plan->cases = cases;
	kase = &cases[plan->nr_cases++];
	memset(kase, 0, sizeof(*kase));
	kase->samples = 32;
	kase->min_samples = 4;
	source->in_case = true;
	return parse_u32(source, rest, &kase->id);
}

static int choose_backend(struct source *source, struct plan *plan, const char *name)
{
	plan->bpf = !strcmp(name, "bpf");
	return plan->bpf || !strcmp(name, "lkm") ? 0 :
		complain(source, "\"%.80s\" is no backend", name);
}

static int add_module(struct source *source, struct plan *plan, const char *file)
{
	char **modules;

	if (!*file || strchr(file, '/') || file[0] == '.')
		return complain(source, "\"%.80s\" is no file name of a module", file);
	modules = reallocarray(plan->modules, plan->nr_modules + 1, sizeof(*modules));
	if (!modules)
		return complain(source, "no memory");
	plan->modules = modules;
	modules[plan->nr_modules] = strdup(file);
	if (!modules[plan->nr_modules])
		return complain(source, "no memory");
	plan->nr_modules++;
	return 0;
}

static int choose_perf(struct source *source, struct plan *plan, const char *name)
{
	plan->perf = perf_kind_find(name);
	return plan->perf ? 0 : complain(source, "\"%.80s\" is no use of perf", name);
}

/* Return: 1 to go on, 0 after "go", -1. */
static int parse_line(struct source *source, struct plan *plan, char *line)
{
	char *key = line;
	char *rest = strchr(line, ' ');

	if (rest)
		*rest++ = 0;
	else
		rest = line + strlen(line);
	if (source->in_case)
		return parse_case_line(source, &plan->cases[plan->nr_cases - 1], key,
				       rest) ? -1 : 1;
	if (!strcmp(key, "backend"))
		return choose_backend(source, plan, rest) ? -1 : 1;
	if (!strcmp(key, "module"))
		return add_module(source, plan, rest) ? -1 : 1;
	if (!strcmp(key, "case"))
		return begin_case(source, plan, rest) ? -1 : 1;
	if (!strcmp(key, "perf"))
		return choose_perf(source, plan, rest) ? -1 : 1;
	if (!strcmp(key, "symbols") && !*rest) {
		plan->symbols = true;
		return 1;
	}
	if (!strcmp(key, "go") && !*rest)
		return 0;
	return complain(source, "unknown line \"%.40s\"", key);
}

int plan_read(struct plan *plan, int fd, char *error, size_t size)
{
	struct source source = { .fd = fd, .error = error, .error_size = size };
	char *line;
	int more = 1;

	memset(plan, 0, sizeof(*plan));
	line = next_line(&source);
	if (!line)
		more = -1;
	else if (strcmp(line, PLAN_HEAD) != 0)
		more = complain(&source, "is not \"" PLAN_HEAD
				"\": agent and runner are not of one version");
	while (more > 0) {
		line = next_line(&source);
		more = line ? parse_line(&source, plan, line) : -1;
	}
	free(source.bytes);
	return more;
}

void plan_free(struct plan *plan)
{
	for (size_t i = 0; i < plan->nr_modules; i++)
		free(plan->modules[i]);
	for (size_t i = 0; i < plan->nr_cases; i++)
		free(plan->cases[i].cpus);
	free(plan->modules);
	free(plan->cases);
	memset(plan, 0, sizeof(*plan));
}
