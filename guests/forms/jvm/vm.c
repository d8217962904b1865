/* The machine's memory while it loads, its refusals, and its life from the input to the end.  Called by
 * main.c, which says where the memory is.
 */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "jvm.h"

struct vm vm;

/* ---- memory -------------------------------------------------------------------- */

enum { ALIGNMENT = 16 };

static uint64_t rounded(uint64_t bytes) { return (bytes + ALIGNMENT - 1) & ~(uint64_t)(ALIGNMENT - 1); }

void vm_no_room(void) { refuse("OutOfMemoryError", "the classes do not fit; droste run --memory SIZE"); }

static void need(uint64_t bytes)
{
	if (vm.heap || bytes > vm.size - vm.taken)
		vm_no_room();
}

static void *take_as_it_is(size_t bytes)
{
	uint8_t *room = vm.memory + vm.taken;
	need(rounded(bytes));
	vm.taken += (size_t)rounded(bytes);
	return room;
}

void *vm_take(size_t bytes) { return memset(take_as_it_is(bytes), 0, bytes); }

void *vm_borrow(uint64_t bytes)
{
	need(rounded(bytes));
	vm.size -= (size_t)rounded(bytes);
	return memset(vm.memory + vm.size, 0, (size_t)bytes);
}

/* ---- refusals --------------------------------------------------------------------- */

static void put_text(const char *text) { vm_output(text, strlen(text)); }

void refuse(const char *error, const char *format, ...)
{
	char text[400];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	put_text("jvm: ");
	put_text(error);
	put_text(": ");
	put_text(text);
	put_text("\n");
	vm_end(EXIT_REFUSED);
}

/* ---- a life: classes loaded, linked, verified; main called ----------------------- */

static void link_all(void)
{
	for (struct class *c = vm.classes; c; c = c->next)
		class_link(c);
	for (struct class *c = vm.classes; c; c = c->next)
		for (unsigned i = 0; i < c->method_count; i++)
			if (c->methods[i].bytes)
				verify(&c->methods[i]);
}

/* As the jar says, or the first of the input that has one. */
static struct method *find_main(void)
{
	const struct symbol *name = name_of("main"), *descriptor = name_of("([Ljava/lang/String;)V");
	const char *wanted = main_class();
	struct method *found = NULL;
	for (struct class *c = vm.classes; c; c = c->next) {
		struct method *m = c->library || (wanted && strcmp(c->name->text, wanted) != 0) ? NULL : method_find(c, name, descriptor);
		found = m && m->flags & ACC_STATIC ? m : found; /* the last of the list is the first of the input */
	}
	if (!found)
		refuse("NoSuchMethodError", "%s%s has 'public static void main(String[])'", wanted ? "no class " : "nothing on the input",
		       wanted ? wanted : "");
	return found;
}

/* The stacks' shares of the memory: an eighth, and a frame for every so many bytes. */
static void make_stacks(void)
{
	enum { SHARE = 16, A_FRAME = 1024 };
	size_t slots = vm.size / SHARE / sizeof(slot), frames = vm.size / A_FRAME;
	vm.stack = vm.sp = take_as_it_is(slots * sizeof(slot));
	vm.stack_end = vm.stack + slots;
	vm.frames = vm.frame = take_as_it_is(frames * sizeof(struct frame));
	vm.frames_end = vm.frames + frames;
}

static bool run_main(struct method *main)
{
	if (!library_start())
		vm_no_room();
	if (!class_start(main->class))
		return false;
	ref arguments = heap_new(class_named("[Ljava/lang/String;"), 0);
	if (!arguments)
		return false;
	*vm.sp++ = (slot)arguments;
	return call(main);
}

void vm_run(void *memory, size_t size)
{
	memset(&vm, 0, sizeof(vm));
	memset(symbols, 0, sizeof(symbols));
	vm.memory = memory;
	vm.size = size & ~(size_t)(ALIGNMENT - 1);
	library_load();
	load_all();
	link_all();
	struct method *main = find_main();
	vm.size = size & ~(size_t)(ALIGNMENT - 1);
	make_stacks();
	heap_start();
	if (run_main(main))
		vm_end(0);
	put_text("Exception in thread \"main\" ");
	ref thrown = vm.thrown;
	vm.thrown = 0;
	vm.kept = thrown;
	trace_print(thrown);
	vm_end(EXIT_UNCAUGHT);
}
