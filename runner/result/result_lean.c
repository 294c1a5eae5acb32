// SPDX-License-Identifier: GPL-2.0
/*
 * yajl tells of one token after the other; a tree is made of those that are wanted. The type of an
 * entry's members is checked as they come, by the tables of the full reader, and an entry that is
 * complete by its code. What has members that are checked, and is left out, is made with stand-ins
 * for values, checked, and taken out again.
 */
#include "result_lean.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "lean_values.h"
#include "result_check.h"

/* Results are 6 deep. */
#define MAX_DEPTH	24
#define MAX_NAME	64
#define CHUNK		(64 << 10)

/**
 * struct shape - what is wanted of a member
 * @members: of an object: what of it; NULL: everything
 * @each:    of an array or object: that holds for all elements
 * @checked: the member is left out, but not before it has been checked
 * @leaves:  members are checked as they come, by what is known of @object, and those that are not
 *           wanted are not made
 */
struct shape {
	const char		*name;
	const struct shape	*members;
	const struct shape	*each;
	bool			checked;
	bool			leaves;
	enum kb_checked		object;
};

static const struct shape per_op_members[] = {
	{ .name = "median" }, { .name = "mean" }, { .name = "min" },
	{ .name = "ci95", .checked = true }, { 0 },
};

/* Of times only that is compared. */
static const struct shape per_op_of_times[] = {
	{ .name = "median" }, { .name = "ci95", .checked = true }, { 0 },
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
	{ .name = "per_op", .members = per_op_members, .leaves = true,
	  .object = KB_CHECKED_PER_OP },
	{ .name = "counters", .each = &a_counter },
	{ .name = "histogram", .members = nothing, .checked = true },
	{ .name = "perf", .members = nothing, .checked = true }, { 0 },
};

static const struct shape an_entry = {
	.members = entry_members, .leaves = true, .object = KB_CHECKED_ENTRY,
};
static const struct shape a_time = {
	.members = per_op_of_times, .leaves = true, .object = KB_CHECKED_PER_OP,
};
static const struct shape all = { 0 };
static const struct shape the_cases = { .name = "cases", .each = &an_entry };

/**
 * struct frame - a container that is being read
 * @name:   of the member that comes next
 * @wanted: its shape; NULL: it is left out
 * @place:  where @shape leaves: the member's among those that are checked; -1: it is none
 */
struct frame {
	json_t			*container;
	const struct shape	*shape;
	const struct shape	*wanted;
	int			place;
	char			name[MAX_NAME];
};

/**
 * struct lean - the state of a parse
 * @depth:   of frames in use; frames[0] is the result
 * @skipped: containers open of a member that is left out, and
 * @names:   those seen in each
 * @others:  members that nobody knows, of the entry that is being read and of its per_op
 * @seen:    the others, by their places in the tables of the check
 * @cases:   number of entries so far
 * @last:    the entry before
 * @per_boot: how many entries the boot before had, which were most often of the same cases
 * @in_boot: how many this boot has so far
 * @values:  those that may come again
 * @stand_in: for what is left out
 */
struct lean {
	struct frame		frames[MAX_DEPTH];
	size_t			depth;
	size_t			skipped;
	struct kb_lean_names	names[MAX_DEPTH];
	struct kb_lean_names	others[KB_NR_CHECKED];
	struct kb_seen		seen;
	json_t			*result;
	size_t			cases;
	json_t			*last;
	size_t			per_boot;
	size_t			in_boot;
	struct kb_lean_values	values;
	struct {
		json_t	*string;
		json_t	*integer;
		json_t	*real;
		json_t	*array;
		json_t	*object;
	} stand_in;
};

static const struct shape *find(const struct shape *members, const char *name)
{
	for (; members->name; members++)
		if (members->name[0] == name[0] && !strcmp(members->name, name))
			return members;
	return NULL;
}

static bool is_time(const json_t *entry)
{
	const char *unit = json_string_value(json_object_get(entry, "unit"));

	return unit && !strcmp(unit, "ns");
}

/* The shape of the member that comes next in @frame; NULL: it is left out. */
static const struct shape *shape_of(const struct lean *lean, const struct frame *frame)
{
	const struct shape *shape;

	if (frame->shape->each)
		return frame->shape->each;
	if (frame->shape->members) {
		shape = find(frame->shape->members, frame->name);
		return shape && shape->members == per_op_members && is_time(frame->container) ?
			       &a_time : shape;
	}
	return lean->depth == 1 && !strcmp(frame->name, the_cases.name) ? &the_cases : &all;
}

static const struct shape *next_shape(const struct lean *lean)
{
	const struct frame *frame = &lean->frames[lean->depth - 1];

	return json_is_array(frame->container) ? shape_of(lean, frame) : frame->wanted;
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

/*
 * The next value is of @type. False: a member that is known is of another type, or comes twice, or
 * an entry of cases[] is no object.
 */
static bool see(struct lean *lean, json_type type)
{
	const struct frame *frame = &lean->frames[lean->depth - 1];

	if (frame->shape == &the_cases)
		return type == JSON_OBJECT;
	return !frame->shape->leaves || frame->place < 0 ||
	       kb_result_see(&lean->seen, frame->shape->object, frame->place, type);
}

/* The next value is not wanted: it is not made, or something of its type takes its place. */
static int leave(struct lean *lean, json_t *stand_in)
{
	return lean->frames[lean->depth - 1].shape->leaves || put(lean, json_incref(stand_in));
}

static int put_constant(struct lean *lean, json_t *value)
{
	if (lean->skipped)
		return 1;
	return lean->depth && see(lean, json_typeof(value)) &&
	       (next_shape(lean) ? put(lean, value) : leave(lean, value));
}

static int on_null(void *ctx)
{
	return put_constant(ctx, json_null());
}

static int on_boolean(void *ctx, int value)
{
	return put_constant(ctx, json_boolean(value));
}

static int on_number(void *ctx, const char *text, size_t length)
{
	struct lean *lean = ctx;
	bool whole;

	if (!kb_lean_is_plain(text, length, &whole))
		return 0;
	if (lean->skipped)
		return 1;
	if (!lean->depth || !see(lean, whole ? JSON_INTEGER : JSON_REAL))
		return 0;
	if (!next_shape(lean))
		return leave(lean, whole ? lean->stand_in.integer : lean->stand_in.real);
	return put(lean, kb_lean_number(&lean->values, text, length, whole));
}

static int on_string(void *ctx, const unsigned char *bytes, size_t length)
{
	struct lean *lean = ctx;
	const char *text = (const char *)bytes;

	if (lean->skipped)
		return kb_lean_is_ascii(text, length);
	if (!lean->depth || !see(lean, JSON_STRING))
		return 0;
	if (!next_shape(lean))
		return kb_lean_is_ascii(text, length) && leave(lean, lean->stand_in.string);
	return put(lean, kb_lean_string(&lean->values, text, length));
}

/* What is known of the member that comes next. Those that are known are told apart by see(). */
static bool find_member(struct lean *lean, struct frame *frame, size_t length)
{
	enum kb_checked object = frame->shape->object;

	frame->wanted = shape_of(lean, frame);
	if (!frame->shape->leaves)
		return true;
	frame->place = kb_result_member(object, frame->name, frame->place);
	return frame->place >= 0 || kb_lean_add_name(&lean->others[object], frame->name, length);
}

static int on_name(void *ctx, const unsigned char *bytes, size_t length)
{
	struct lean *lean = ctx;
	struct frame *frame;

	if (length >= MAX_NAME || !kb_lean_is_ascii((const char *)bytes, length))
		return 0;
	if (lean->skipped)
		return kb_lean_add_name(&lean->names[lean->skipped], (const char *)bytes, length);
	frame = &lean->frames[lean->depth - 1];
	memcpy(frame->name, bytes, length);
	frame->name[length] = '\0';
	return find_member(lean, frame, length);
}

static int skip(struct lean *lean)
{
	if (++lean->skipped == MAX_DEPTH)
		return 0;
	lean->names[lean->skipped].nr = 0;
	return 1;
}

static void start_entry(struct lean *lean)
{
	lean->seen = (struct kb_seen){ 0 };
	for (size_t i = 0; i < KB_NR_CHECKED; i++)
		lean->others[i].nr = 0;
}

/* @container is taken. */
static int open_container(struct lean *lean, json_t *container, const struct shape *shape)
{
	struct frame *frame;

	if (!container || lean->depth == MAX_DEPTH) {
		json_decref(container);
		return 0;
	}
	frame = &lean->frames[lean->depth++];
	frame->container = container;
	frame->shape = shape;
	frame->place = -1;
	if (shape == &an_entry)
		start_entry(lean);
	return 1;
}

static int on_open(struct lean *lean, bool array)
{
	const struct shape *shape;

	if (lean->skipped)
		return skip(lean);
	if (!lean->depth)
		return !array && open_container(lean, json_object(), &all);
	if (!see(lean, array ? JSON_ARRAY : JSON_OBJECT))
		return 0;
	shape = next_shape(lean);
	if (shape)
		return open_container(lean, array ? json_array() : json_object(), shape);
	return leave(lean, array ? lean->stand_in.array : lean->stand_in.object) && skip(lean);
}

static int on_open_object(void *ctx)
{
	return on_open(ctx, false);
}

static int on_open_array(void *ctx)
{
	return on_open(ctx, true);
}

static bool same_boot(const json_t *a, const json_t *b)
{
	return json_equal(json_object_get(a, "boot"), json_object_get(b, "boot"));
}

/* An entry that is likely of the same case as the next one: a boot before, or the last. */
static const json_t *find_like(struct lean *lean, const json_t *entry)
{
	const json_t *cases = lean->frames[lean->depth - 1].container;

	if (lean->last && !same_boot(lean->last, entry)) {
		lean->per_boot = lean->in_boot;
		lean->in_boot = 0;
	}
	lean->in_boot++;
	if (!lean->per_boot || lean->per_boot >= lean->cases)
		return lean->last;
	return json_array_get(cases, lean->cases - 1 - lean->per_boot);
}

/* A member that equals that of @like becomes that one. */
static int share(json_t *entry, const json_t *like, const char *name)
{
	json_t *value = json_object_get(entry, name), *same = json_object_get(like, name);

	if (!same || same == value || !json_equal(same, value))
		return 0;
	return json_object_set_nocheck(entry, name, same);
}

/* What is not among @members goes: it was a stand-in. */
static void prune(json_t *object, const struct shape *members)
{
	const char *name;
	json_t *value;
	void *next;

	json_object_foreach_safe(object, next, name, value)
		if (!find(members, name))
			json_object_del(object, name);
}

static int prune_entry(struct lean *lean, json_t *entry)
{
	const json_t *like = find_like(lean, entry);
	json_t *counters = json_object_get(entry, "counters"), *counter;
	const char *name;

	json_object_foreach(counters, name, counter)
		prune(counter, counter_members);
	json_object_del(json_object_get(entry, "per_op"), "ci95");
	json_object_del(entry, "histogram");
	json_object_del(entry, "perf");
	return share(entry, like, "params") || share(entry, like, "cpu_list") ||
	       share(entry, like, "flags");
}

/* An entry of cases[] is complete: it is checked, and what was made for that alone goes. */
static int finish_entry(struct lean *lean, json_t *entry)
{
	if (kb_result_check_case(entry, lean->cases++, &lean->seen, "", &(struct kb_error){ 0 }) ||
	    prune_entry(lean, entry))
		return 0;
	lean->last = entry;
	return 1;
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
	if (frame->shape == &an_entry && !finish_entry(lean, container)) {
		json_decref(container);
		return 0;
	}
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
	kb_lean_values_free(&lean->values);
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
