// SPDX-License-Identifier: GPL-2.0
#include "config_line.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "backend_choice.h"
#include "help.h"
#include "paths.h"

const struct kb_config_line *kb_config_in_force;

/** struct given - an option with its value, from the command line or the configuration */
struct given {
	const char	*name;
	const char	*value;
};

/**
 * struct list - @argp: whose options they are, while a command line is read
 * @bpf_only: suites are named that have nothing but BPF programs
 * @on_host:  nothing is booted: what cannot be there together excludes each other, too
 */
struct list {
	struct given		*items;
	size_t			nr;
	const struct argp	*argp;
	bool			bpf_only;
	bool			on_host;
};

/*
 * Options of which only one can be in force: NAME, NAME=VALUE, or NAME=BEGIN*; "*" is any. What
 * the parsers refuse together stands here once more, since only here the later one wins.
 */
static const char *const excludes[][2] = {
	{ "resume", "*" },
	{ "cpus", "cpu-list" }, { "placement", "cpu-list" }, { "plot", "no-plot" },
	{ "term", "output" },
	{ "kernels", "target=host" }, { "kernels", "target=ssh:*" },
	{ "accel", "target=host" }, { "accel", "target=ssh:*" },
	{ "machine", "target=host" }, { "machine", "target=ssh:*" },
	{ "machine", "accel=kvm" }, { "machine", "backend=bpf" },
	{ "boots", "target=ssh:*" }, { "until", "target=ssh:*" }, { "until", "accel=icount" },
	{ "seed", "boots" }, { "latency", "backend=bpf" }, { "suite", "backend=bpf" },
	{ "context=bh-off", "backend=bpf" }, { "context=irq-off", "backend=bpf" },
	{ "json", "markdown" }, { "json", "step" }, { "json", "git" },
	{ "output", "step" }, { "output", "git" }, { "cached", "step" }, { "cached", "git" },
	{ "undo", "dry-run" }, { "undo", "status" }, { "undo", "smt-off" },
	{ "status", "dry-run" }, { "status", "smt-off" },
};

#define NR_EXCLUDES	(sizeof(excludes) / sizeof(excludes[0]))

static bool matches(const char *pattern, const struct given *given)
{
	size_t length = strcspn(pattern, "=");
	const char *value = given->value ? given->value : "";

	if (!strcmp(pattern, "*"))
		return true;
	if (strlen(given->name) != length || strncmp(pattern, given->name, length) != 0)
		return false;
	if (!pattern[length])
		return true;
	pattern += length + 1;
	length = strcspn(pattern, "*");
	return !strncmp(pattern, value, length) && (pattern[length] || !value[length]);
}

/* The parts of one option that are set by themselves: --param cs=1 and --param think=2. */
static bool same_part(const struct argp_option *option, const char *a, const char *b)
{
	size_t length;

	if (!option->arg || strncmp(option->arg, "NAME=", strlen("NAME=")) != 0)
		return true;
	length = strcspn(a, "=");
	return length == strcspn(b ? b : "", "=") && !strncmp(a, b, length);
}

/* perf looks at one boot of this machine; in guests counters stand in for it, in each boot. */
static bool is_perf_over_boots(const struct given *perf, const struct given *boots)
{
	return matches("perf", perf) &&
	       (matches("until", boots) || (matches("boots", boots) && !matches("boots=1", boots)));
}

static bool exclude(const struct given *a, const struct given *b, bool on_host)
{
	for (size_t k = 0; k < NR_EXCLUDES; k++)
		if ((matches(excludes[k][0], a) && matches(excludes[k][1], b)) ||
		    (matches(excludes[k][1], a) && matches(excludes[k][0], b)))
			return true;
	return on_host && (is_perf_over_boots(a, b) || is_perf_over_boots(b, a));
}

/* Whether what was given takes the place of @setting. */
static bool yields(const struct argp_option *option, const struct given *setting,
		   const struct list *list)
{
	for (size_t i = 0; i < list->nr; i++) {
		const struct given *given = &list->items[i];

		if (!strcmp(setting->name, given->name) &&
		    same_part(option, setting->value, given->value))
			return true;
		if (exclude(given, setting, list->on_host))
			return true;
	}
	return false;
}

static bool has(const struct list *list, const char *pattern)
{
	for (size_t i = 0; i < list->nr; i++)
		if (matches(pattern, &list->items[i]))
			return true;
	return false;
}

/* As the run itself chooses where it is: BPF programs need no guest. */
static bool is_on_host(const struct list *list)
{
	bool guest = has(list, "target=vm") || has(list, "target=ssh:*") || has(list, "kernels") ||
		     has(list, "machine") || (has(list, "accel") && !has(list, "accel=auto"));

	return has(list, "target=host") || (!guest && (list->bpf_only || has(list, "backend=bpf")));
}

static int add(struct list *list, const char *name, const char *value)
{
	struct given *more = reallocarray(list->items, list->nr + 1, sizeof(*more));

	if (!more)
		return -1;
	list->items = more;
	more[list->nr++] = (struct given){ name, value };
	return 0;
}

/* A command line is parsed for the names in it alone; whatever is wrong with it shows later. */
static error_t collect(int key, char *arg, struct argp_state *state)
{
	struct list *list = state->input;

	if (key == ARGP_KEY_ARG)
		list->bpf_only |= kb_are_bpf_only(&arg, 1);
	for (const struct argp_option *option = list->argp->options;
	     option && !kb_option_is_end(option); option++)
		if (option->name && option->key == key)
			return add(list, option->name, arg) ? ENOMEM : 0;
	return 0;
}

static error_t collect_help(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	if (key == ARGP_KEY_INIT)
		state->child_inputs[0] = state->input;
	if (key != 'h')
		return ARGP_ERR_UNKNOWN;
	return add(state->input, "help", NULL) ? ENOMEM : 0;
}

/* argp sorts the words while it parses. */
static void read_given(struct list *list, int argc, char **argv)
{
	static const struct argp_option help[] = { { "help", 'h', NULL, 0, NULL, 0 }, { 0 } };
	const struct argp options = { .options = list->argp->options, .parser = collect };
	const struct argp_child children[] = { { &options, 0, NULL, 0 }, { 0 } };
	const struct argp root = {
		.options = help, .parser = collect_help, .children = children,
	};
	char **copy = calloc((size_t)argc + 1, sizeof(*copy));

	if (!copy)
		return;
	memcpy(copy, argv, (size_t)argc * sizeof(*copy));
	argp_parse(&root, argc, copy, ARGP_NO_ERRS | ARGP_NO_HELP, NULL, list);
	free(copy);
}

/* What stands on the line for @setting: "--cpus=8"; NULL: nothing. */
static char *word_of(const struct argp *argp, const struct argp_option *option,
		     const struct kb_setting *setting)
{
	char *opposite, *word = NULL;

	if (option->arg)
		return kb_path("--%s=%s", option->name, setting->value);
	if (!strcmp(setting->value, "yes"))
		return kb_path("--%s", option->name);
	opposite = kb_path("no-%s", option->name);
	if (kb_config_option(argp, opposite))
		word = kb_path("--%s", opposite);
	free(opposite);
	return word;
}

/* The settings of one section that nothing in @list takes the place of. @section joins @list. */
static int apply_section(struct kb_config_line *line, const struct kb_config *config,
			 const struct argp *argp, const char *section, struct list *list)
{
	size_t nr = list->nr;
	int bad = 0;

	for (size_t i = 0; i < config->nr; i++) {
		const struct kb_setting *setting = &config->settings[i];
		const struct argp_option *option = kb_config_option(argp, setting->name);
		struct given given = {
			setting->name, option && option->arg ? setting->value : NULL,
		};
		struct list before = {
			.items = list->items, .nr = nr, .on_host = list->on_host,
		};
		char *word;

		if (!option || strcmp(setting->command, section) != 0 ||
		    yields(option, &given, &before))
			continue;
		bad |= add(list, given.name, given.value);
		word = word_of(argp, option, setting);
		if (!word)
			continue;
		line->settings[line->nr] = setting;
		line->words[line->nr++] = word;
	}
	return bad;
}

static void forget_words(struct kb_config_line *line)
{
	for (size_t i = 0; i < line->nr; i++)
		free(line->words[i]);
	line->nr = 0;
}

/* Where the run is depends on the settings, and some of these on where it is. */
static int apply_sections(struct kb_config_line *line, const struct kb_config *config,
			  const struct kb_command *command, struct list *list)
{
	size_t nr = list->nr;
	int bad = apply_section(line, config, list->argp, command->name, list) ||
		  apply_section(line, config, list->argp, "", list);

	list->on_host = is_on_host(list);
	if (bad || !list->on_host)
		return bad;
	forget_words(line);
	list->nr = nr;
	return apply_section(line, config, list->argp, command->name, list) ||
	       apply_section(line, config, list->argp, "", list);
}

static const struct argp *argp_of(const struct kb_command *command, int argc, char **argv)
{
	return command->argp_for ? command->argp_for(argc, argv) : command->argp;
}

bool kb_config_asks_for_help(const struct kb_command *command, int argc, char **argv)
{
	struct list list = { .argp = argp_of(command, argc, argv) };
	bool helps;

	read_given(&list, argc, argv);
	helps = has(&list, "help");
	free(list.items);
	return helps;
}

int kb_config_apply(struct kb_config_line *line, const struct kb_config *config,
		    const struct kb_command *command, int argc, char **argv,
		    struct kb_error *err)
{
	const struct argp *argp = argp_of(command, argc, argv);
	struct list list = { .argp = argp };
	int bad = 0;

	*line = (struct kb_config_line){ .path = config->path, .argp = argp };
	line->words = calloc(config->nr + 1, sizeof(*line->words));
	line->settings = calloc(config->nr + 1, sizeof(*line->settings));
	line->argv = calloc((size_t)argc + config->nr + 1, sizeof(*line->argv));
	if (!line->words || !line->settings || !line->argv)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	if (argp && config->nr)
		read_given(&list, argc, argv);
	if (argp && !has(&list, "help"))
		bad = apply_sections(line, config, command, &list);
	line->argv[line->argc++] = argv[0];
	for (size_t i = 0; i < line->nr; i++)
		line->argv[line->argc++] = line->words[i];
	for (int i = 1; i < argc; i++)
		line->argv[line->argc++] = argv[i];
	free(list.items);
	return bad ? kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory") : 0;
}

void kb_config_line_free(struct kb_config_line *line)
{
	forget_words(line);
	free(line->words);
	free(line->settings);
	free(line->argv);
	*line = (struct kb_config_line){ 0 };
}

/* Whether @at is "--cpus" or "-c", and no longer name, where @word is "--cpus=8". */
static bool names(const char *at, const struct argp *argp, const char *word)
{
	size_t length = strcspn(word, "=");

	if (strncmp(at, word, length) != 0) {
		char *name = strndup(word + 2, length - 2);
		const struct argp_option *option = name ? kb_config_option(argp, name) : NULL;

		free(name);
		if (!option || !isascii(option->key) || at[1] != option->key)
			return false;
		length = 2;
	}
	return at[length] != '-' && !isalnum((unsigned char)at[length]);
}

const struct kb_setting *kb_config_line_origin(const struct kb_config_line *line,
					       const char *text)
{
	for (const char *at = text; (at = strchr(at, '-')); at += strspn(at, "-")) {
		if (at > text && isalnum((unsigned char)at[-1]))
			continue;
		for (size_t i = 0; i < line->nr; i++)
			if (names(at, line->argp, line->words[i]))
				return line->settings[i];
	}
	return NULL;
}
