// SPDX-License-Identifier: GPL-2.0
/*
 * yajl tells of one token after the other; a tree is made of those that are wanted. An entry of
 * cases[] is first made with all its members, so that the check is that of the full reader, but
 * for values that will be left out something of the same type stands that costs nothing.
 */
#include "result_lean.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "result_check.h"

/* Results are 6 deep. */
#define MAX_DEPTH	24
#define MAX_NAME	64
/* Names in an object that is left out; results have a dozen. */
#define MAX_SKIPPED	32
#define NR_SHARED	256
#define CHUNK		(64 << 10)

/**
 * struct shape - what is wanted of a member
 * @members: of an object: what of it; NULL: everything
 * @each:    of an array or object: that holds for all elements
 * @checked: the member is left out, but not before it has been checked
 */
struct shape {
	const char		*name;
	const struct shape	*members;
	const struct shape	*each;
	bool			checked;
};

static const struct shape per_op_members[] = {
	{ .name = "median" }, { .name = "mean" }, { .name = "min" },
	{ .name = "ci95", .checked = true }, { 0 },
};

static const struct shape counter_members[] = {
	{ .name = "status" }, { .name = "per_op" }, { 0 },
};

static const struct shape nothing[] = { { 0 } };

static const struct shape a_counter = { .members = counter_members };

static const struct shape entry_members[] = {
	{ .name = "suite" }, { .name = "bench" }, { .name = "params" }, { .name = "phase" },
	{ .name = "cpus" }, { .name = "cpu_list" }, { .name = "context" }, { .name = "unit" },
	{ .name = "boot" }, { .name = "status" }, { .name = "flags" },
	{ .name = "per_op", .members = per_op_members },
	{ .name = "counters", .each = &a_counter },
	{ .name = "histogram", .members = nothing, .checked = true }, { 0 },
};

static const struct shape an_entry = { .members = entry_members };
static const struct shape all = { 0 };
static const struct shape the_cases = { .name = "cases", .each = &an_entry };

/** struct frame - a container that is being read; @name: of the member that comes next */
struct frame {
	json_t			*container;
	const struct shape	*shape;
	char			name[MAX_NAME];
};

/**
 * struct lean - the state of a parse
 * @depth:   of frames in use; frames[0] is the result
 * @skipped: containers open of a member that is left out, and
 * @names:   hashes of the names seen in each, @nr_names of them
 * @cases:   number of entries so far
 * @last:    the entry before, which often has the same lists
 * @strings: values that may come again
 * @stand_in: for what is left out
 */
struct lean {
	struct frame	frames[MAX_DEPTH];
	size_t		depth;
	size_t		skipped;
	size_t		names[MAX_DEPTH][MAX_SKIPPED];
	size_t		nr_names[MAX_DEPTH];
	json_t		*result;
	size_t		cases;
	json_t		*last;
	json_t		*strings[NR_SHARED];
	json_t		*integers[NR_SHARED];
	struct {
		json_t	*string;
		json_t	*integer;
		json_t	*real;
		json_t	*array;
		json_t	*object;
	} stand_in;
};

static size_t hash(const char *text, size_t length)
{
	size_t value = 14695981039346656037UL;

	for (size_t i = 0; i < length; i++)
		value = (value ^ (unsigned char)text[i]) * 1099511628211UL;
	return value;
}

static const struct shape *find(const struct shape *members, const char *name)
{
	for (; members->name; members++)
		if (!strcmp(members->name, name))
			return members;
	return NULL;
}

/* The shape of the value that comes next in @frame; NULL: it is left out. */
static const struct shape *next_shape(const struct lean *lean, const struct frame *frame)
{
	if (frame->shape->each)
		return frame->shape->each;
	if (frame->shape->members)
		return find(frame->shape->members, frame->name);
	return lean->depth == 1 && !strcmp(frame->name, the_cases.name) ? &the_cases : &all;
}

/* Takes @value, which may be NULL: no memory. A name may come once. */
static int put(struct lean *lean, json_t *value)
{
	struct frame *frame = &lean->frames[lean->depth - 1];
	size_t before;

	if (!value)
		return 0;
	if (json_is_array(frame->container))
		return !json_array_append_new(frame->container, value);
	before = json_object_size(frame->container);
	return !json_object_set_new_nocheck(frame->container, frame->name, value) &&
	       json_object_size(frame->container) > before;
}

/* Whether the next scalar is wanted; else a stand-in takes its place. */
static bool wanted(const struct lean *lean)
{
	const struct shape *shape = next_shape(lean, &lean->frames[lean->depth - 1]);

	return shape && !(shape->checked && shape->members);
}

static int on_null(void *ctx)
{
	struct lean *lean = ctx;

	if (lean->skipped)
		return 1;
	return lean->depth && put(lean, json_null());
}

static int on_boolean(void *ctx, int value)
{
	struct lean *lean = ctx;

	if (lean->skipped)
		return 1;
	return lean->depth && put(lean, json_boolean(value));
}

static json_t *new_integer(struct lean *lean, const char *copy)
{
	long long value = strtoll(copy, NULL, 10);

	if (value < 0 || value >= NR_SHARED)
		return json_integer(value);
	if (!lean->integers[value])
		lean->integers[value] = json_integer(value);
	return json_incref(lean->integers[value]);
}

/* So short, and with so small an exponent, it overflows nothing. */
static bool is_plain_number(const char *text, size_t length)
{
	const char *e = memchr(text, 'e', length);

	if (!e)
		e = memchr(text, 'E', length);
	return length <= 30 &&
	       (!e || text + length - e <= (e[1] == '-' || e[1] == '+' ? 4 : 3));
}

static int on_number(void *ctx, const char *text, size_t length)
{
	struct lean *lean = ctx;
	bool whole = !memchr(text, '.', length) && !memchr(text, 'e', length) &&
		     !memchr(text, 'E', length);
	char copy[32];

	if (!is_plain_number(text, length) || (whole && length > 18))
		return 0;
	if (lean->skipped)
		return 1;
	if (!lean->depth)
		return 0;
	if (!wanted(lean))
		return put(lean, json_incref(whole ? lean->stand_in.integer : lean->stand_in.real));
	memcpy(copy, text, length);
	copy[length] = '\0';
	return put(lean, whole ? new_integer(lean, copy) : json_real(strtod(copy, NULL)));
}

/* Values are few: suites, contexts, names of benches. */
static json_t *new_string(struct lean *lean, const char *text, size_t length)
{
	json_t **shared = &lean->strings[hash(text, length) % NR_SHARED];

	if (!*shared || json_string_length(*shared) != length ||
	    memcmp(json_string_value(*shared), text, length) != 0) {
		json_decref(*shared);
		*shared = json_stringn(text, length);
	}
	return json_incref(*shared);
}

static bool is_ascii(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] <= 0)
			return false;
	return true;
}

static int on_string(void *ctx, const unsigned char *bytes, size_t length)
{
	struct lean *lean = ctx;
	const char *text = (const char *)bytes;

	if (lean->skipped)
		return is_ascii(text, length);
	if (!lean->depth)
		return 0;
	if (!wanted(lean))
		return is_ascii(text, length) && put(lean, json_incref(lean->stand_in.string));
	return put(lean, new_string(lean, text, length));
}

static int skip_name(struct lean *lean, const char *text, size_t length)
{
	size_t *names = lean->names[lean->skipped], *nr = &lean->nr_names[lean->skipped];
	size_t name = hash(text, length);

	for (size_t i = 0; i < *nr; i++)
		if (names[i] == name)
			return 0;
	if (*nr == MAX_SKIPPED)
		return 0;
	names[(*nr)++] = name;
	return 1;
}

static int on_name(void *ctx, const unsigned char *bytes, size_t length)
{
	struct lean *lean = ctx;
	struct frame *frame;

	if (length >= MAX_NAME || !is_ascii((const char *)bytes, length))
		return 0;
	if (lean->skipped)
		return skip_name(lean, (const char *)bytes, length);
	frame = &lean->frames[lean->depth - 1];
	memcpy(frame->name, bytes, length);
	frame->name[length] = '\0';
	return 1;
}

static int skip(struct lean *lean)
{
	if (++lean->skipped == MAX_DEPTH)
		return 0;
	lean->nr_names[lean->skipped] = 0;
	return 1;
}

/* @container is taken. */
static int open_container(struct lean *lean, json_t *container, const struct shape *shape)
{
	if (!container || lean->depth == MAX_DEPTH) {
		json_decref(container);
		return 0;
	}
	lean->frames[lean->depth++] = (struct frame){ .container = container, .shape = shape };
	return 1;
}

static int on_open(struct lean *lean, bool array)
{
	const struct shape *shape;

	if (lean->skipped)
		return skip(lean);
	if (!lean->depth)
		return !array && open_container(lean, json_object(), &all);
	shape = next_shape(lean, &lean->frames[lean->depth - 1]);
	if (shape)
		return open_container(lean, array ? json_array() : json_object(), shape);
	return put(lean, json_incref(array ? lean->stand_in.array : lean->stand_in.object)) &&
	       skip(lean);
}

static int on_open_object(void *ctx)
{
	return on_open(ctx, false);
}

static int on_open_array(void *ctx)
{
	return on_open(ctx, true);
}

/* The value of @name, or that of the entry before when it is equal. Borrowed. */
static json_t *same_as_last(const struct lean *lean, const char *name, json_t *value)
{
	json_t *last = json_object_get(lean->last, name);

	return last && json_is_array(value) && json_equal(last, value) ? last : value;
}

/* Of @object what is wanted, in a new one: its table is smaller, too. */
static json_t *pruned(const struct lean *lean, json_t *object, const struct shape *members)
{
	json_t *copy = json_object(), *value;
	int bad = !copy;

	for (; !bad && members->name; members++) {
		value = members->checked ? NULL : json_object_get(object, members->name);
		if (value)
			bad = json_object_set_nocheck(copy, members->name,
						      same_as_last(lean, members->name, value));
	}
	if (!bad)
		return copy;
	json_decref(copy);
	return NULL;
}

static json_t *prune_entry(struct lean *lean, json_t *entry)
{
	json_t *per_op = json_object_get(entry, "per_op"), *counters, *counter;
	const char *name;
	int bad = 0;

	if (per_op)
		bad |= json_object_set_new(entry, "per_op", pruned(lean, per_op, per_op_members));
	counters = json_object_get(entry, "counters");
	json_object_foreach(counters, name, counter)
		bad |= json_object_set_new(counters, name,
					   pruned(lean, counter, counter_members));
	return bad ? NULL : pruned(lean, entry, entry_members);
}

/* An entry of cases[] is complete: it is checked, and the rest goes. Takes @entry. */
static json_t *finish_entry(struct lean *lean, json_t *entry)
{
	struct kb_error err = { 0 };
	json_t *lean_entry = NULL;

	if (!kb_result_check_case(entry, lean->cases++, "", &err))
		lean_entry = prune_entry(lean, entry);
	json_decref(entry);
	lean->last = lean_entry;
	return lean_entry;
}

static int on_close(void *ctx)
{
	struct lean *lean = ctx;
	struct frame *frame;
	json_t *container;

	if (lean->skipped) {
		lean->skipped--;
		return 1;
	}
	frame = &lean->frames[--lean->depth];
	container = frame->container;
	if (!lean->depth) {
		lean->result = container;
		return 1;
	}
	if (frame->shape == &an_entry)
		container = json_is_object(container) ? finish_entry(lean, container) : NULL;
	return put(lean, container);
}

static const yajl_callbacks callbacks = {
	.yajl_null = on_null,
	.yajl_boolean = on_boolean,
	.yajl_number = on_number,
	.yajl_string = on_string,
	.yajl_start_map = on_open_object,
	.yajl_map_key = on_name,
	.yajl_end_map = on_close,
	.yajl_start_array = on_open_array,
	.yajl_end_array = on_close,
};

static bool begin(struct lean *lean)
{
	lean->stand_in.string = json_string("");
	lean->stand_in.integer = json_integer(0);
	lean->stand_in.real = json_real(0);
	lean->stand_in.array = json_array();
	lean->stand_in.object = json_object();
	return lean->stand_in.string && lean->stand_in.integer && lean->stand_in.real &&
	       lean->stand_in.array && lean->stand_in.object;
}

static void end(struct lean *lean)
{
	json_decref(lean->result);
	while (lean->depth)
		json_decref(lean->frames[--lean->depth].container);
	for (size_t i = 0; i < NR_SHARED; i++) {
		json_decref(lean->strings[i]);
		json_decref(lean->integers[i]);
	}
	json_decref(lean->stand_in.string);
	json_decref(lean->stand_in.integer);
	json_decref(lean->stand_in.real);
	json_decref(lean->stand_in.array);
	json_decref(lean->stand_in.object);
	free(lean);
}

/*
 * Escapes \uXXXX are what the two libraries do not take alike (halves of surrogate pairs, zeros);
 * kbench writes them only for control characters. @before: the text before ended in a backslash
 */
static bool has_code_points(const char *text, size_t size, bool *before)
{
	const char *end = text + size, *at = text;

	if (*before && *text == 'u')
		return true;
	while ((at = memchr(at, '\\', (size_t)(end - at))) && ++at < end)
		if (*at == 'u')
			return true;
	*before = end[-1] == '\\';
	return false;
}

static bool parse(yajl_handle parser, FILE *file)
{
	char text[CHUNK];
	bool before = false;
	size_t size;

	while ((size = fread(text, 1, sizeof(text), file)))
		if (has_code_points(text, size, &before) ||
		    yajl_parse(parser, (const unsigned char *)text, size) != yajl_status_ok)
			return false;
	return !ferror(file) && yajl_complete_parse(parser) == yajl_status_ok;
}

json_t *kb_result_parse_lean(FILE *file)
{
	struct lean *lean = calloc(1, sizeof(*lean));
	yajl_handle parser = lean ? yajl_alloc(&callbacks, NULL, lean) : NULL;
	json_t *result = NULL;

	if (parser && begin(lean) && parse(parser, file) && lean->result &&
	    !kb_result_check_head(lean->result, "", &(struct kb_error){ 0 }))
		result = json_incref(lean->result);
	if (parser)
		yajl_free(parser);
	if (lean)
		end(lean);
	return result;
}
