/* From the input to the end: classes loaded, linked, verified, main called; and what the
 * machine asks of PG-32.  See jvm.h.
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "droste.h"
#include "jvm.h"

void vm_end(int code) { exit(code); }
void vm_output(const void *from, size_t n) { fwrite(from, 1, n, stdout); }
uint64_t vm_clock(void) { return stck(); }

size_t vm_input(void *to, size_t n, bool wait)
{
	fflush(stdout);
	return wait ? console_read(0, to, n) : console_poll(0, to, n);
}

int main(void)
{
	size_t size = storage_size;
	void *memory;
	while ((memory = sbrk((ptrdiff_t)size)) == (void *)-1)
		size -= size / 16;
	vm_run(memory, size);
}
