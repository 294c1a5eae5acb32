// SPDX-License-Identifier: GPL-2.0
#include "number.h"
#include "plan.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MAX_COUNT	65536U

/* A growing list of numbers below 2^16 + 1, each at most once. */
struct numbers {
	unsigned int	*items;
	size_t		nr;
	unsigned char	seen[MAX_COUNT / 8 + 1];
};

static bool numbers_has(const struct numbers *numbers, unsigned int item)
{
	return numbers->seen[item / 8] >> item % 8 & 1;
}

static void numbers_add(struct numbers *numbers, unsigned int item)
{
	numbers->items[numbers->nr++] = item;
	numbers->seen[item / 8] |= (unsigned char)(1U << item % 8);
}

/* Return: 0 with @first and @last of "3" or "3-5", both between @min and @max; else -1. */
static int parse_range(const char *text, unsigned int min, unsigned int max, unsigned int *first,
		       unsigned int *last)
{
	char copy[32];
	uint64_t a, b;
	char *dash;

	if (strlen(text) >= sizeof(copy))
		return -1;
	strcpy(copy, text);
	dash = strchr(copy, '-');
	if (dash)
		*dash++ = '\0';
	if (kb_number_unsigned(copy, max, &a) || kb_number_unsigned(dash ? dash : copy, max, &b))
		return -1;
	if (a < min || b < a)
		return -1;
	*first = (unsigned int)a;
	*last = (unsigned int)b;
	return 0;
}

/*
 * Parse "1,2,4-6" into @numbers. Return: NULL, or the part of @copy that is wrong; @repeat is set
 * to a number that came twice where @unique forbids it.
 */
static const char *parse_numbers(struct numbers *numbers, char *copy, unsigned int min,
				 unsigned int max, bool unique, int *repeat)
{
	char *part, *rest = copy;
	unsigned int first, last;

	while ((part = strsep(&rest, ","))) {
		if (parse_range(part, min, max, &first, &last))
			return part;
		for (unsigned int i = first; i <= last; i++) {
			if (!numbers_has(numbers, i)) {
				numbers_add(numbers, i);
			} else if (unique) {
				*repeat = (int)i;
				return part;
			}
		}
	}
	return NULL;
}

static struct numbers *numbers_new(void)
{
	struct numbers *numbers = calloc(1, sizeof(*numbers));

	if (numbers)
		numbers->items = calloc(MAX_COUNT + 1, sizeof(*numbers->items));
	if (numbers && numbers->items)
		return numbers;
	free(numbers);
	return NULL;
}

/* Parse @text; the numbers go to @items, which the caller frees. Return: 0 or -1 with @err. */
static int parse_option(const char *option, const char *text, unsigned int min, unsigned int max,
			bool unique, const char *wants, unsigned int **items, size_t *nr,
			struct kb_error *err)
{
	struct numbers *numbers = numbers_new();
	char *copy = strdup(text);
	int repeat = -1, ret = -1;
	const char *wrong;

	if (!numbers || !copy) {
		kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
		goto out;
	}
	wrong = parse_numbers(numbers, copy, min, max, unique, &repeat);
	if (repeat >= 0) {
		kb_fail(err, KB_EXIT_USAGE, "%s %s: %d is named twice; name each once", option,
			text, repeat);
		goto out;
	}
	if (wrong) {
		kb_fail(err, KB_EXIT_USAGE, "%s %s: '%s' is not %s", option, text, wrong, wants);
		goto out;
	}
	*nr = numbers->nr;
	*items = reallocarray(numbers->items, numbers->nr, sizeof(**items));
	if (*items)
		numbers->items = NULL;
	else
		kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	ret = *items ? 0 : -1;
out:
	if (numbers)
		free(numbers->items);
	free(numbers);
	free(copy);
	return ret;
}

int kb_cpus_parse_counts(struct kb_cpus *cpus, const char *text, struct kb_error *err)
{
	memset(cpus, 0, sizeof(*cpus));
	return parse_option("--cpus", text, 1, MAX_COUNT, false,
			    "a CPU count of 1 to 65536; write 8, or a sweep such as 1,2,4,8 or 1-8",
			    &cpus->counts, &cpus->nr_counts, err);
}

int kb_cpus_parse_list(struct kb_cpus *cpus, const char *text, struct kb_error *err)
{
	memset(cpus, 0, sizeof(*cpus));
	if (parse_option("--cpu-list", text, 0, MAX_COUNT - 1, true,
			 "a CPU number of 0 to 65535; write CPU numbers such as 0,2 or 0-3",
			 &cpus->list, &cpus->nr_list, err))
		return -1;
	cpus->counts = malloc(sizeof(*cpus->counts));
	if (!cpus->counts) {
		kb_cpus_free(cpus);
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	}
	cpus->counts[0] = (unsigned int)cpus->nr_list;
	cpus->nr_counts = 1;
	return 0;
}

int kb_seeds_parse(struct kb_seeds *seeds, const char *text, struct kb_error *err)
{
	memset(seeds, 0, sizeof(*seeds));
	return parse_option("--seed", text, 0, MAX_COUNT - 1, true,
			    "a seed of 0 to 65535; write 1, or 1-5 for five boots",
			    &seeds->items, &seeds->nr, err);
}

unsigned int kb_cpus_needed(const struct kb_cpus *cpus)
{
	unsigned int needed = 0;

	if (cpus->list) {
		for (size_t i = 0; i < cpus->nr_list; i++)
			if (cpus->list[i] + 1 > needed)
				needed = cpus->list[i] + 1;
		return needed;
	}
	for (size_t i = 0; i < cpus->nr_counts; i++)
		if (cpus->counts[i] > needed)
			needed = cpus->counts[i];
	return needed;
}

void kb_cpus_free(struct kb_cpus *cpus)
{
	free(cpus->counts);
	free(cpus->list);
	memset(cpus, 0, sizeof(*cpus));
}
