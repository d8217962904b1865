/* What the machine asks of PG-32: storage, input, output, time; and what it shows of itself. */

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "droste.h"
#include "form.h"
#include "jvm.h"

/* For those who look on: the method that runs, and where in it. */
static const struct form_field fields[] = {
	FORM_BEHIND("class", vm.frame, 40, TEXT, 4, offsetof(struct frame, method), offsetof(struct method, class),
	            offsetof(struct class, name), offsetof(struct symbol, text)),
	FORM_BEHIND("method", vm.frame, 40, TEXT, 3, offsetof(struct frame, method), offsetof(struct method, name),
	            offsetof(struct symbol, text)),
	FORM_BEHIND("pc", vm.at, 4, SIGNED, 1, offsetof(struct instruction, pc)),
	FORM_BEHIND("opcode", vm.at, 1, SIGNED, 1, offsetof(struct instruction, op)),
	FORM_FIELD("frame", vm.frame, HEX), FORM_FIELD("sp", vm.sp, HEX), FORM_FIELD("thrown", vm.thrown, HEX),
	{ .name = "locals", .at = FORM_ADDRESS(vm.frame), .count = 4, .style = FORM_SIGNED, .hops = 2,
	  .hop = { offsetof(struct frame, locals) } },
};

static const struct form_description description = {
	.name = "Java virtual machine", .rows = 1, .steps = FORM_ADDRESS(vm.at),
	.fields = FORM_ADDRESS(fields), .n = sizeof(fields) / sizeof(*fields),
};

FORM_ANCHOR(description);

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
