// SPDX-License-Identifier: GPL-2.0
/* Judgements of the machine: frequency, clocks, power and heat, and what else runs on it. */
#include <stdbool.h>
#include <string.h>

#include "judge.h"

/* Less than this of other work is what every machine does. */
#define BUSY_CPUS	0.25
#define STEAL_PERCENT	0.5

/* So near to its limit, or so hot where none is known, a CPU is about to be slowed down. */
#define NEAR_LIMIT_C	5
#define HOT_C		80

/* What a Raspberry Pi's firmware says: what is so now, and 16 bits further what was since boot. */
#define FW_UNDER_VOLTAGE	(1U << 0)
#define FW_SLOWED		((1U << 1) | (1U << 2) | (1U << 3))
#define FW_WAS			16

static json_int_t number(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

static bool is_true(const struct kb_facts *facts, const char *name)
{
	return json_is_true(json_object_get(facts->environment, name));
}

/*
 * Whether the frequency stays where it is: at its highest, where the user put it, or at the only
 * one that is allowed.
 */
static bool is_steady(const json_t *cpus)
{
	const char *governor = kb_fact(cpus, "governor");
	json_int_t max = number(cpus, "max_khz");

	return !strcmp(governor, "performance") || !strcmp(governor, "userspace") ||
	       (max && max == number(cpus, "min_khz"));
}

int kb_judge_governor(const struct kb_facts *facts, struct kb_judgement *judgement)
{
	const json_t *cpus;
	size_t i;

	json_array_foreach(json_object_get(facts->environment, "frequency"), i, cpus)
		if (*kb_fact(cpus, "governor") && !is_steady(cpus))
			return kb_found(judgement, "governor %s on CPUs %.60s",
					kb_fact(cpus, "governor"), kb_fact(cpus, "cpus"));
	return 0;
}

int kb_judge_frequency_limit(const struct kb_facts *facts, struct kb_judgement *judgement)
{
	const json_t *cpus;
	size_t i;

	/* Without turbo, some drivers go on counting it to what the hardware can do. */
	if (!strcmp(kb_fact(facts->environment, "turbo"), "off"))
		return 0;
	json_array_foreach(json_object_get(facts->environment, "frequency"), i, cpus) {
		double max = (double)number(cpus, "max_khz");
		double possible = (double)number(cpus, "hardware_max_khz");

		if (max > 0 && max < possible)
			return kb_found(judgement, "CPUs %.60s are held at %.2f of %.2f GHz",
					kb_fact(cpus, "cpus"), max / 1e6, possible / 1e6);
	}
	return 0;
}

int kb_judge_turbo(const struct kb_facts *facts, struct kb_judgement *judgement)
{
	if (strcmp(kb_fact(facts->environment, "turbo"), "on"))
		return 0;
	return kb_found(judgement, "turbo is on");
}

int kb_judge_smt(const struct kb_facts *facts, struct kb_judgement *judgement)
{
	return is_true(facts, "smt_active") ? kb_found(judgement, "SMT is on") : 0;
}

int kb_judge_clock(const struct kb_facts *facts, struct kb_judgement *judgement)
{
	if (!is_true(facts, "clock_unstable"))
		return 0;
	return kb_found(judgement, "the kernel distrusts the counter that times batches");
}

static bool has_word(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = list; (at = strstr(at, word)); at += length)
		if ((at == list || at[-1] == ' ') && (!at[length] || at[length] == ' '))
			return true;
	return false;
}

int kb_judge_clocksource(const struct kb_facts *facts, struct kb_judgement *judgement)
{
	static const char *const slow[] = {
		"hpet", "acpi_pm", "pit", "jiffies", "refined-jiffies",
	};
	const char *source = kb_fact(facts->environment, "clocksource");

	if (has_word(kb_fact(facts->environment, "clocksources"), "tsc"))
		judgement->remedy = "echo tsc | sudo tee /sys/devices/system/clocksource/"
				    "clocksource0/current_clocksource";
	for (size_t i = 0; i < sizeof(slow) / sizeof(slow[0]); i++)
		if (!strcmp(source, slow[i]))
			return kb_found(judgement, "clock source %s", source);
	return 0;
}

int kb_judge_steal(const struct kb_facts *facts, struct kb_judgement *judgement)
{
	double percent = json_number_value(json_object_get(facts->during, "steal_percent"));

	if (percent < STEAL_PERCENT)
		return 0;
	return kb_found(judgement, "the hypervisor took %.1f %% of the CPUs' time", percent);
}

int kb_judge_load(const struct kb_facts *facts, struct kb_judgement *judgement)
{
	const json_t *load = json_object_get(facts->environment, "load");
	double busy = json_number_value(json_object_get(load, "busy_cpus"));

	if (busy < BUSY_CPUS)
		return 0;
	return kb_found(judgement, "other programs keep %.1f CPUs busy", busy);
}

int kb_judge_throttling(const struct kb_facts *facts, struct kb_judgement *judgement)
{
	json_int_t times = number(facts->during, "throttles");

	if (times < 1)
		return 0;
	return kb_found(judgement, "the CPUs were throttled %lld time%s during the run",
			(long long)times, times == 1 ? "" : "s");
}

/* What the firmware says at the end, or at the begin where nothing was run. */
static unsigned int firmware_bits(const struct kb_facts *facts)
{
	const json_t *bits = json_object_get(facts->during, "firmware_throttled");

	if (!bits)
		bits = json_object_get(facts->environment, "firmware_throttled");
	return (unsigned int)json_integer_value(bits);
}

int kb_judge_firmware(const struct kb_facts *facts, struct kb_judgement *judgement)
{
	unsigned int bits = firmware_bits(facts);

	if (bits & FW_SLOWED)
		return kb_found(judgement, "the board is throttled");
	if (bits >> FW_WAS & FW_SLOWED)
		return kb_found(judgement, "the board has been throttled since it started");
	return 0;
}

int kb_judge_voltage(const struct kb_facts *facts, struct kb_judgement *judgement)
{
	unsigned int bits = firmware_bits(facts);

	if (bits & FW_UNDER_VOLTAGE || is_true(facts, "under_voltage") ||
	    json_is_true(json_object_get(facts->during, "under_voltage")))
		return kb_found(judgement, "the board gets too little voltage");
	if (bits >> FW_WAS & FW_UNDER_VOLTAGE)
		return kb_found(judgement, "the board has got too little voltage since it started");
	return 0;
}

static int judge_hottest(const json_t *hottest, struct kb_judgement *judgement)
{
	double celsius = json_number_value(json_object_get(hottest, "celsius"));
	double limit = json_number_value(json_object_get(hottest, "limit_celsius"));

	if (celsius < (limit > 0 ? limit - NEAR_LIMIT_C : HOT_C))
		return 0;
	if (limit > 0)
		return kb_found(judgement, "%s has %.0f of at most %.0f degrees Celsius",
				kb_fact(hottest, "zone"), celsius, limit);
	return kb_found(judgement, "%s has %.0f degrees Celsius", kb_fact(hottest, "zone"),
			celsius);
}

int kb_judge_heat(const struct kb_facts *facts, struct kb_judgement *judgement)
{
	return judge_hottest(json_object_get(facts->during, "hottest"), judgement) ||
	       judge_hottest(json_object_get(facts->environment, "hottest"), judgement);
}

int kb_judge_nmi_watchdog(const struct kb_facts *facts, struct kb_judgement *judgement)
{
	return is_true(facts, "nmi_watchdog") ? kb_found(judgement, "the NMI watchdog is on") : 0;
}

int kb_judge_irqbalance(const struct kb_facts *facts, struct kb_judgement *judgement)
{
	return is_true(facts, "irqbalance") ? kb_found(judgement, "irqbalance runs") : 0;
}
