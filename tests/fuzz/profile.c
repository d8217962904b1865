/* Fuzzing: any text as a profile file.  What is accepted is a machine that can be built;
 * what is not is refused with a place inside the text.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "properties/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_profile(const struct profile *profile)
{
	if (profile->name[0] == '\0' || profile->after[0] == '\0' || profile_find(profile->name))
		abort();
	for (int i = 0; i < SYSTEM_INSNS; i++)
		if (profile->user[i] >= USER_ACTIONS)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct own_profile own;
	struct refusal why;
	unsigned line, column;
	char *text = malloc(size ? size : 1); /* exactly as large, so that reading on is noticed */
	if (size > 0)
		memcpy(text, bytes, size);
	if (profile_parse(&own, text, size, &why))
		check_profile(&own.profile);
	else if (sscanf(why.text, "%u:%u: ", &line, &column) != 2 || line < 1 || line > size + 1 || column > size + 1)
		abort();
	free(text);
	return 0;
}
