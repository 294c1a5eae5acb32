// SPDX-License-Identifier: GPL-2.0
#include "losses.h"

#include <stdio.h>
#include <string.h>

#include "entry_name.h"

int kb_losses_add(struct kb_losses *losses, const json_t *entry, size_t result)
{
	json_int_t number = json_integer_value(json_object_get(entry, "boot"));
	char name[KB_ENTRY_NAME_LEN], boot[64];

	if (!losses->cases)
		losses->cases = json_object();
	if (!losses->boots)
		losses->boots = json_object();
	kb_entry_name(name, entry, true);
	snprintf(boot, sizeof(boot), "%zu %" JSON_INTEGER_FORMAT, result, number);
	return json_object_set_new_nocheck(losses->cases, name, json_true()) ||
	       json_object_set_new_nocheck(losses->boots, boot, json_true()) ? -1 : 0;
}

size_t kb_losses_cases(const struct kb_losses *losses)
{
	return json_object_size(losses->cases);
}

size_t kb_losses_boots(const struct kb_losses *losses)
{
	return json_object_size(losses->boots);
}

void kb_losses_free(struct kb_losses *losses)
{
	json_decref(losses->cases);
	json_decref(losses->boots);
	memset(losses, 0, sizeof(*losses));
}
