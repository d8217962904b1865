/* Fuzzing: any bytes as the storage of a machine in which monitors may have left
 * anchors and VM tables.  What is found is inside its host.
 */

#include <stdlib.h>

#include "inspector/levels.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

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
	machine_free(m);
	return 0;
}
