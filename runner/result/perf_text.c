// SPDX-License-Identifier: GPL-2.0
#include "perf_text.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "result_parts.h"

/* Enough of any list; the rest stands in perf's own file. */
#define MAX_ITEMS	30

/* Functions that are told apart; the last of thousands have one sample each. */
#define MAX_KNOWN	1000

/* Functions that are named at one line of memory. */
#define MAX_FUNCTIONS	8

#define BLANKS		" \t\r"

/* The next word of a line, 0-terminated in place; NULL: there is none. */
static char *next_word(char **rest)
{
	char *word;

	do {
		word = strsep(rest, BLANKS);
	} while (word && !*word);
	return word;
}

/* What is left, without blanks around it; "" when there is nothing. */
static char *trim(char *text)
{
	size_t length;

	if (!text)
		return "";
	text += strspn(text, BLANKS);
	length = strlen(text);
	while (length && strchr(BLANKS, text[length - 1]))
		text[--length] = 0;
	return text;
}

/* "12.34%" as a part of 1. Return: false: it is none */
static bool parse_share(const char *word, double *share)
{
	char *end;

	if (!word)
		return false;
	*share = strtod(word, &end) / 100;
	return end != word && !strcmp(end, "%") && *share >= 0 && *share <= 1;
}

static bool parse_count(const char *word, json_int_t *count)
{
	char *end;

	if (!word || *word < '0' || *word > '9')
		return false;
	*count = strtoll(word, &end, 10);
	return !*end;
}

/* Appends @item, which is taken. Return: 0, or -1: out of memory */
static int append(json_t *list, json_t *item)
{
	return json_array_append_new(list, item);
}

/* Member @name of each is what they are ordered by. */
static void sort(json_t *list, const char *name)
{
	for (size_t i = 1; i < json_array_size(list); i++) {
		json_t *item = json_incref(json_array_get(list, i));
		double value = json_number_value(json_object_get(item, name));
		size_t to = i;

		while (to && json_number_value(json_object_get(json_array_get(list, to - 1),
							       name)) < value)
			to--;
		json_array_remove(list, i);
		json_array_insert_new(list, to, item);
	}
	while (json_array_size(list) > MAX_ITEMS)
		json_array_remove(list, MAX_ITEMS);
}

/* "# Samples: 2K of event 'cycles'" */
static int take_event(json_t *perf, const char *line)
{
	static const char mark[] = " of event '";
	const char *at = strstr(line, mark);

	if (!at || json_object_get(perf, "event"))
		return 0;
	at += strlen(mark);
	return json_object_set_new(perf, "event", json_stringn(at, strcspn(at, "'")));
}

/* Addresses of programs without symbols are told apart by the program alone. */
static const char *function_name(char *symbol)
{
	char *name = trim(symbol);

	if (name[0] == '[' && name[1] && name[2] == ']')
		name = trim(name + 3);
	return strncmp(name, "0x", 2) ? name : "?";
}

static json_t *find_function(const json_t *list, const char *name, const char *object)
{
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
		if (!strcmp(json_string_value(json_object_get(item, "name")), name) &&
		    !strcmp(json_string_value(json_object_get(item, "object")), object))
			return item;
	return NULL;
}

static int add_function(json_t *list, double share, const char *name, const char *object)
{
	json_t *known = find_function(list, name, object);

	if (known) {
		share += json_real_value(json_object_get(known, "share"));
		/* perf has two decimals of a percentage, and no more are made of several. */
		return json_object_set_new(known, "share", json_real(round(share * 1e6) / 1e6));
	}
	if (json_array_size(list) == MAX_KNOWN)
		return 0;
	return append(list, json_pack("{s:o, s:o, s:f}", "name", kb_result_string(name), "object",
				      kb_result_string(object), "share", share));
}

/* "16.04% \t[k] try_to_wake_up \t[kernel.kallsyms]" */
static int take_function(json_t *list, char *line)
{
	const char *overhead = strsep(&line, "\t");
	char *symbol = strsep(&line, "\t");
	const char *name = function_name(symbol);
	double share;

	if (!parse_share(trim((char *)overhead), &share) || !*name)
		return 0;
	return add_function(list, share, name, trim(line));
}

static int parse_record(json_t *perf, char *text)
{
	json_t *list = json_array();
	int bad = json_object_set_new(perf, "functions", list);
	char *line;

	while (!bad && (line = strsep(&text, "\n")))
		bad = line[0] == '#' ? take_event(perf, line) : take_function(list, line);
	if (!bad)
		sort(list, "share");
	return bad;
}

/* "12345,,cycles,1000000,100.00,1.2,GHz": value, unit, event, and the part of time it counted. */
static int take_counter(json_t *list, char *line)
{
	char *value = trim(strsep(&line, ",")), *unit = trim(strsep(&line, ","));
	char *event = trim(strsep(&line, ","));
	const char *running;
	json_t *item;
	char *end;
	double number, part;
	int bad;

	strsep(&line, ",");
	running = trim(strsep(&line, ","));
	if (!*event || !*value)
		return 0;
	item = json_pack("{s:o}", "name", kb_result_string(event));
	number = strtod(value, &end);
	if (value[0] == '<') {
		value[strcspn(value, ">")] = 0;
		bad = json_object_set_new(item, "reason", kb_result_string(value + 1));
	} else {
		bad = *end ? 0 : kb_result_set_real(item, "value", number);
		if (*unit)
			bad |= json_object_set_new(item, "unit", kb_result_string(unit));
		part = strtod(running, &end) / 100;
		if (end != running && part >= 0 && part <= 1)
			bad |= kb_result_set_real(item, "running", part);
	}
	if (!bad)
		return append(list, item);
	json_decref(item);
	return -1;
}

static int parse_stat(json_t *perf, char *text)
{
	json_t *list = json_array();
	int bad = json_object_set_new(perf, "events", list);
	char *line;

	while (!bad && (line = strsep(&text, "\n")) && json_array_size(list) < MAX_ITEMS)
		if (line[0] != '#')
			bad = take_counter(list, line);
	return bad;
}

/* "0 0xffff9a4c0f9ec0c0 0 12345 66.14% 252 252 0 ...": the first part is of all such loads. */
static int take_line(json_t *list, char *line)
{
	const char *index = next_word(&line), *address = next_word(&line), *word = NULL;
	json_int_t number, count;
	double share;

	if (!parse_count(index, &number) || !address || strncmp(address, "0x", 2))
		return 0;
	do {
		word = next_word(&line);
	} while (word && !parse_share(word, &share));
	if (!word || !parse_count(next_word(&line), &count))
		return 0;
	return append(list, json_pack("{s:o, s:f, s:I, s:[]}", "address",
				      kb_result_string(address), "share", share, "loads", count,
				      "functions"));
}

/* "0 0 17 62 0 0 0x55e8f4bf6100" is about that line; NULL: it is no such headline. */
static json_t *headline(const json_t *list, const char *line)
{
	const char *last = line + strlen(line), *address;
	json_t *item;
	size_t i;

	while (last > line && strchr(BLANKS, last[-1]))
		last--;
	json_array_foreach(list, i, item) {
		const char *wanted = json_string_value(json_object_get(item, "address"));
		size_t length = strlen(wanted);

		address = last - length;
		if (address >= line && !strncmp(address, wanted, length) &&
		    (address == line || strchr(BLANKS, address[-1])))
			return item;
	}
	return NULL;
}

/* "0.00% 58.82% ... [k] function object ..." */
static int take_accessor(json_t *item, char *line)
{
	json_t *functions = json_object_get(item, "functions"), *known;
	char *mark = strstr(line, "[k] ");
	const char *name;
	size_t i;

	if (!mark)
		mark = strstr(line, "[.] ");
	if (!mark || json_array_size(functions) == MAX_FUNCTIONS)
		return 0;
	mark += 4;
	name = next_word(&mark);
	if (!name)
		return 0;
	json_array_foreach(functions, i, known)
		if (!strcmp(json_string_value(known), name))
			return 0;
	return append(functions, kb_result_string(name));
}

static int parse_c2c(json_t *perf, char *text)
{
	json_t *list = json_array(), *item = NULL, *found;
	int bad = json_object_set_new(perf, "lines", list);
	enum { BEFORE, TABLE, PARETO } place = BEFORE;
	char *line;

	while (!bad && (line = strsep(&text, "\n"))) {
		if (strstr(line, "Shared Data Cache Line Table"))
			place = TABLE;
		else if (strstr(line, "Shared Cache Line Distribution Pareto"))
			place = PARETO;
		else if (place == TABLE && json_array_size(list) < MAX_ITEMS)
			bad = take_line(list, line);
		if (place != PARETO)
			continue;
		found = strchr(line, '%') ? NULL : headline(list, line);
		if (found)
			item = found;
		else if (item)
			bad = take_accessor(item, line);
	}
	if (!bad)
		sort(list, "share");
	return bad;
}

/* "231.15 us", or ns where there is no unit. Return: false: no time stands there */
static bool take_time(char **rest, double *ns)
{
	static const struct {
		const char	*unit;
		double		ns;
	} units[] = { { "ns", 1 }, { "us", 1e3 }, { "ms", 1e6 }, { "s", 1e9 }, { "m", 60e9 } };
	const char *word = next_word(rest);
	char *end;

	if (!word)
		return false;
	*ns = strtod(word, &end);
	if (end == word || *end || !isfinite(*ns) || *ns < 0)
		return false;
	for (size_t i = 0; *rest && i < sizeof(units) / sizeof(units[0]); i++) {
		size_t length = strlen(units[i].unit);

		*rest += strspn(*rest, BLANKS);
		if (strncmp(*rest, units[i].unit, length) || !strchr(BLANKS, (*rest)[length]))
			continue;
		*ns *= units[i].ns;
		*rest += length;
		break;
	}
	return true;
}

static int add_lock(json_t *list, const char *name, const char *type, json_int_t contended,
		    double wait_ns, double max_ns)
{
	json_t *item = json_pack("{s:o, s:I, s:f, s:f}", "name", kb_result_string(name),
				 "contended", contended, "wait_ns", wait_ns, "max_wait_ns", max_ns);
	int bad = *type ? json_object_set_new(item, "type", kb_result_string(type)) : 0;

	if (!bad)
		return append(list, item);
	json_decref(item);
	return -1;
}

/* perf lock contention: "19 231.15 us 38.84 us 12.17 us spinlock wake_up_q+0x33" */
static int take_contention(json_t *list, char *line)
{
	json_int_t contended;
	double wait, max, mean;
	const char *type;

	if (!parse_count(next_word(&line), &contended) || !take_time(&line, &wait) ||
	    !take_time(&line, &max) || !take_time(&line, &mean))
		return 0;
	type = next_word(&line);
	return type ? add_lock(list, trim(line), type, contended, wait, max) : 0;
}

/* perf lock report: "rcu_state 38 38 20.11 us 764.10 us 76.54 us 3.66 us" */
static int take_lock(json_t *list, char *line)
{
	const char *name = next_word(&line);
	json_int_t acquired, contended;
	double mean, wait, max;

	if (!name || !parse_count(next_word(&line), &acquired) ||
	    !parse_count(next_word(&line), &contended) || !take_time(&line, &mean) ||
	    !take_time(&line, &wait) || !take_time(&line, &max))
		return 0;
	return add_lock(list, name, "", contended, wait, max);
}

static int parse_lock(json_t *perf, char *text)
{
	json_t *list = json_array();
	int bad = json_object_set_new(perf, "locks", list);
	bool report = strstr(text, "acquired") != NULL;
	char *line;

	while (!bad && (line = strsep(&text, "\n")))
		bad = report ? take_lock(list, line) : take_contention(list, line);
	if (!bad)
		sort(list, "wait_ns");
	return bad;
}

json_t *kb_perf_parse_text(const char *kind, const char *text)
{
	static const struct {
		const char	*kind;
		int		(*parse)(json_t *perf, char *text);
	} parsers[] = {
		{ "record", parse_record }, { "stat", parse_stat }, { "c2c", parse_c2c },
		{ "lock", parse_lock },
	};
	json_t *perf = json_pack("{s:s}", "kind", kind);
	char *copy = text ? strdup(text) : NULL;
	int bad = !perf || (text && !copy);

	for (size_t i = 0; !bad && copy && i < sizeof(parsers) / sizeof(parsers[0]); i++)
		if (!strcmp(parsers[i].kind, kind))
			bad = parsers[i].parse(perf, copy);
	free(copy);
	if (!bad)
		return perf;
	json_decref(perf);
	return NULL;
}
