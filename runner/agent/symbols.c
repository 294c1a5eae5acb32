// SPDX-License-Identifier: GPL-2.0
#include "symbols.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../kbench/mark.h"

/* A record is lost as a whole, so it is not too long. */
#define RECORD_BYTES	32768

/* The longest name of a symbol is 511 bytes. */
#define LINE_BYTES	1024

/**
 * struct symbols - what has been read
 * @last:  address of the entry before
 * @nr:    entries so far, @first: of these before the record at work
 * @text:  of the record at work, @length bytes of it
 */
struct symbols {
	struct emit	*emit;
	uint64_t	last;
	uint64_t	nr;
	uint64_t	first;
	size_t		length;
	char		text[RECORD_BYTES + LINE_BYTES];
};

static void send(struct symbols *symbols, bool all)
{
	emit_open(symbols->emit, "symbols");
	emit_u64(symbols->emit, "first", symbols->first);
	if (all)
		emit_u64(symbols->emit, "all", symbols->nr);
	emit_string(symbols->emit, "text", symbols->text);
	emit_close(symbols->emit);
	symbols->first = symbols->nr;
	symbols->last = 0;
	symbols->length = 0;
	symbols->text[0] = 0;
}

static char *put_hex(char *at, uint64_t value)
{
	int shift = 60;

	while (shift && !(value >> shift))
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		*at++ = "0123456789abcdef"[value >> shift & 15];
	return at;
}

/* By hand: there are a hundred thousand, and printf is slow where instructions are emulated. */
static void add(struct symbols *symbols, uint64_t address, char type, const char *name,
		size_t length)
{
	char *at = symbols->text + symbols->length;

	at = put_hex(at, address - symbols->last);
	*at++ = type;
	memcpy(at, name, length);
	at += length;
	*at++ = ' ';
	*at = 0;
	symbols->length = (size_t)(at - symbols->text);
	symbols->last = address;
	symbols->nr++;
	if (symbols->length >= RECORD_BYTES)
		send(symbols, false);
}

/* What is in front of a function and never runs has a name of its own. */
static bool is_padding(const char *name)
{
	return !strncmp(name, "__pfx_", 6) || !strncmp(name, "__cfi_", 6);
}

/* "ffffffff81000000 T name", and behind a tab the module. */
static void take_line(struct symbols *symbols, const char *line)
{
	char *at;
	uint64_t address = strtoull(line, &at, 16);
	char type;

	if (at[0] != ' ' || !at[1] || at[2] != ' ')
		return;
	type = at[1];
	at += 3;
	if (strchr("tTwW", type) && !is_padding(at))
		add(symbols, address, type, at, strcspn(at, " \t\n"));
}

int symbols_emit(struct emit *emit, const char *root)
{
	struct symbols *symbols = calloc(1, sizeof(*symbols));
	char path[256], line[LINE_BYTES];
	FILE *file;

	/* Now the emulator need not watch any more, which costs more than all else here. */
	kb_mark(KB_MARK_OVER);
	snprintf(path, sizeof(path), "%s/proc/kallsyms", root);
	file = symbols ? fopen(path, "re") : NULL;
	if (!file) {
		emit_error(emit, "other", "the kernel's symbols cannot be read (%s): %s", path,
			   strerror(errno));
		free(symbols);
		return -1;
	}
	symbols->emit = emit;
	while (fgets(line, sizeof(line), file))
		take_line(symbols, line);
	fclose(file);
	if (symbols->nr && !emit->broken)
		send(symbols, true);
	else
		emit_error(emit, "other", "%s names no function: the kernel was built without "
			   "CONFIG_KALLSYMS", path);
	free(symbols);
	return 0;
}
