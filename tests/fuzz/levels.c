/* Fuzzing: any bytes as the storage of a machine in which monitors may have left
 * anchors and VM tables.  What is found is inside its host, stays what it is when it is
 * looked for again, and has a state.
 */

#include <stdlib.h>
#include <string.h>

#include "inspector/session_inside.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* As if each machine of found ran. */
static void expect_states(const struct machine *m, const struct level *found, unsigned n)
{
	struct level_state state;
	if (n > LEVELS_MOST)
		abort();
	for (unsigned i = 0; i < n; i++) {
		struct psw psw = { 0x200, STATUS_M, found[i].real, found[i].size, 7 };
		state_of(m, found, i, &psw, NULL, &state);
		if (state.running && (!state.exists || memcmp(&state.real, &psw, sizeof(psw)) != 0))
			abort();
		if (!levels_within(found, i, 0) || (i > 0 && levels_within(found, 0, i)))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct level found[LEVELS_MOST];
	struct machine *m = machine_new(&(struct machine_config){ .storage = 16384, .lines = 1 }, NULL);
	machine_write(m, 0, bytes, size < 16384 ? size : 16384);
	unsigned n = levels_find(m, found, LEVELS_MOST);
	for (unsigned i = 1; i < n; i++) {
		const struct level *host = &found[found[i].parent];
		if (found[i].parent >= (int)i || found[i].size >= host->size || found[i].real <= host->real ||
		    found[i].real - host->real + found[i].size > host->size)
			abort();
	}
	expect_states(m, found, n);
	machine_write(m, 0, bytes + size / 2, size / 2 < 16384 ? size / 2 : 16384);
	expect_states(m, found, levels_find_again(m, found, n));
	machine_free(m);
	return 0;
}
