// SPDX-License-Identifier: GPL-2.0
/* kbench config: the defaults that the user has set, and where. */
#include <jansson.h>
#include <stdio.h>

#include "cli.h"
#include "command.h"
#include "config.h"
#include "grid.h"
#include "paths.h"
#include "print_json.h"
#include "screen.h"

enum { OPT_JSON = 256 };

static const struct argp_option options[] = {
	{ "json", OPT_JSON, NULL, 0, "print JSON", 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	bool *json = state->input;

	(void)arg;
	if (key != OPT_JSON)
		return ARGP_ERR_UNKNOWN;
	*json = true;
	return 0;
}

const struct argp kb_config_argp = {
	.options = options, .parser = parse,
	.doc = "Print the defaults of options that the configuration file sets.\v"
	       "The file is $XDG_CONFIG_HOME/kbench/config, usually ~/.config/kbench/config. Lines "
	       "OPTION = VALUE hold for every command that has the option, below [COMMAND] for "
	       "that one; what is given on the command line wins. Options that take other values "
	       "in another command, such as output, suite or sort, stand below one. Options "
	       "without a value take yes or no:\n"
	       "  target = host\n"
	       "  [run]\n"
	       "  cpus = 1,2,4\n"
	       "  plot = no\n"
	       "A result's command line has the options that were set so.",
};

static int print_table(const struct kb_config *config)
{
	static const struct kb_grid_column columns[] = {
		{ "COMMAND", 0, 0 }, { "OPTION", 0, 0 }, { "VALUE", KB_GRID_WRAP, 0 },
		{ "LINE", KB_GRID_RIGHT, 0 },
	};
	struct kb_grid *grid = kb_grid_new(columns, 4);
	int bad = !grid;

	for (size_t i = 0; !bad && i < config->nr; i++) {
		const struct kb_setting *setting = &config->settings[i];
		char line[16];

		snprintf(line, sizeof(line), "%d", setting->line);
		bad = kb_grid_add(grid, (const char *[]){
			*setting->command ? setting->command : "all", setting->name,
			setting->value, line });
	}
	return kb_grid_end(grid, bad);
}

static int print_text(const struct kb_config *config)
{
	struct kb_screen screen;
	int bad = 0;

	kb_screen_begin(&screen);
	if (config->nr) {
		printf("%s\n\n", config->path);
		bad = print_table(config);
	} else if (!config->path) {
		puts("nothing is configured: neither HOME nor XDG_CONFIG_HOME says where");
	} else {
		printf("nothing is configured: %s %s\n", config->path,
		       kb_exists(config->path) ? "is empty" : "does not exist");
	}
	kb_screen_end(&screen);
	return bad;
}

static int print_json(const struct kb_config *config)
{
	json_t *settings = json_array(), *object;
	int bad;

	for (size_t i = 0; i < config->nr; i++) {
		const struct kb_setting *setting = &config->settings[i];

		json_array_append_new(settings, json_pack(
			"{s:s*, s:s, s:s, s:i}", "command",
			*setting->command ? setting->command : NULL, "option", setting->name,
			"value", setting->value, "line", setting->line));
	}
	object = json_pack("{s:s*, s:o}", "file", config->path, "settings", settings);
	bad = !object || kb_print_json(object);
	json_decref(object);
	return bad;
}

int kb_cmd_config(int argc, char **argv)
{
	struct kb_error err = { 0 };
	struct kb_config config = { 0 };
	bool json = false;
	int ret = kb_cli_parse(&kb_config_argp, argc, argv, &json, &err);

	if (!ret && !kb_config_read(&config, &err) &&
	    (json ? print_json(&config) : print_text(&config)))
		kb_fail(&err, KB_EXIT_ENVIRONMENT, "out of memory, or nowhere to print to");
	kb_config_free(&config);
	return kb_cli_report(&err);
}
