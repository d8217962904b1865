/* Exceptions: made by the machine itself, brought to their handlers, and told.  Called by
 * interpret.c, by the library, and by vm.c when nobody has caught one.
 */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "jvm.h"

/* ---- traces ------------------------------------------------------------------ */

enum { TRACE_MOST = 1024, TRACE_WORDS = 2 /* class's number and method's index; pc */ };

/* The constructors of the exception itself are left out. */
static const struct frame *where_made(ref exception)
{
	const struct frame *f = vm.frame;
	while (f > vm.frames && strcmp(f->method->name->text, "<init>") == 0 && (ref)f->locals[0] == exception)
		f--;
	return f;
}

static void trace_write(struct object *trace, const struct frame *f)
{
	slot *to = trace->data, *end = to + trace->length;
	for (; f > vm.frames && to < end; f--) {
		const struct class *class = f->method->class;
		*to++ = (slot)(class->number << 16 | (unsigned)(f->method - class->methods));
		*to++ = (slot)f->at->pc;
	}
	memset(to, 0, (size_t)((char *)end - (char *)to));
}

/* What there is no room for is left out. */
void trace_fill(ref exception)
{
	const struct frame *f = where_made(exception);
	size_t n = (size_t)(f - vm.frames);
	vm.frame->at = vm.at;
	ref trace = (ref)at(exception)->data[THROWABLE_TRACE], kept = vm.kept;
	if (exception != vm.out_of_memory || !trace) {
		vm.kept = exception;
		n = n < TRACE_MOST && exception != vm.out_of_memory ? n : TRACE_MOST;
		trace = heap_new(class_named("[I"), (uint32_t)n * TRACE_WORDS);
		vm.kept = kept;
		at(exception)->data[THROWABLE_TRACE] = (slot)trace;
		vm.thrown = trace ? vm.thrown : 0;
	}
	if (trace)
		trace_write(at(trace), f);
}

static const struct class *class_numbered(unsigned number)
{
	const struct class *c = vm.classes;
	while (c->number != number)
		c = c->next;
	return c;
}

static unsigned line_of(const struct method *method, unsigned pc)
{
	unsigned line = 0;
	for (unsigned i = 0; i < method->line_count && method->lines[i].pc <= pc; i++)
		line = method->lines[i].number;
	return line;
}

static void put_text(const char *text) { vm_output(text, strlen(text)); }

const char *dotted(const struct symbol *name)
{
	enum { AT_ONCE = 4, LENGTH_MOST = 200 };
	static char texts[AT_ONCE][LENGTH_MOST];
	static unsigned next;
	char *text = texts[next++ % AT_ONCE];
	snprintf(text, LENGTH_MOST, "%s", name->text);
	for (char *c = text; *c; c++)
		*c = *c == '/' ? '.' : *c;
	return text;
}

static const struct method *method_at(const slot *words)
{
	return &class_numbered((uint32_t)words[0] >> 16)->methods[words[0] & 0xFFFF];
}

static bool same_call(const slot *a, const slot *b)
{
	return a[0] == b[0] && line_of(method_at(a), (unsigned)a[1]) == line_of(method_at(b), (unsigned)b[1]);
}

static void put_call(const slot *words)
{
	char line[16];
	const struct method *method = method_at(words);
	const struct class *class = method->class;
	snprintf(line, sizeof(line), ":%u)\n", line_of(method, (unsigned)words[1]));
	put_text("\tat ");
	put_text(dotted(class->name));
	put_text(".");
	put_text(method->name->text);
	put_text("(");
	put_text(class->source ? class->source->text : "Unknown Source");
	put_text(class->source && method->line_count > 0 ? line : ")\n");
}

/* The calls that the exception it was caused by (of n words) has in common with it are told once. */
static uint32_t in_common(const struct object *trace, const struct object *with)
{
	const slot *a = trace->data + trace->length, *b = with->data + with->length;
	uint32_t common = 0;
	while (a > trace->data && b > with->data && same_call(a -= TRACE_WORDS, b -= TRACE_WORDS))
		common++;
	return common;
}

static void put_trace(const struct object *trace, uint32_t left_out)
{
	char more[32];
	for (uint32_t i = 0; i + left_out * TRACE_WORDS < trace->length && trace->data[i]; i += TRACE_WORDS)
		put_call(&trace->data[i]);
	snprintf(more, sizeof(more), "\t... %lu more\n", (unsigned long)left_out);
	if (left_out > 0)
		put_text(more);
}

/* Class and message, without making anything. */
static void put_briefly(ref exception)
{
	ref message = (ref)at(exception)->data[THROWABLE_MESSAGE];
	put_text(dotted(at(exception)->class->name));
	if (message) {
		put_text(": ");
		string_print(message);
	}
}

/* What toString() of it says, if that has room and does not throw. */
static void put_itself(ref exception)
{
	slot *before = vm.sp;
	*vm.sp++ = (slot)exception;
	if (exception != vm.out_of_memory && string_of(before))
		string_print((ref)*before);
	else
		put_briefly(exception);
	vm.thrown = 0;
	vm.sp = before;
}

void trace_print(ref exception)
{
	enum { CAUSES_MOST = 100 };
	const struct object *outer = at(0);
	for (unsigned n = 0; exception && n < CAUSES_MOST; n++) {
		const struct object *trace = at((ref)at(exception)->data[THROWABLE_TRACE]);
		put_text(n > 0 ? "Caused by: " : "");
		put_itself(exception);
		put_text("\n");
		put_trace(trace, in_common(trace, outer));
		outer = trace;
		exception = (ref)at(exception)->data[THROWABLE_CAUSE];
	}
}

/* ---- throwing ---------------------------------------------------------------- */

bool throw_new(const char *class, const char *format, ...)
{
	char text[400];
	va_list arguments;
	va_start(arguments, format);
	if (format)
		vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	ref exception = heap_new(class_named(class), 0);
	if (!exception)
		return false;
	vm.thrown = exception;
	ref message = format ? string_from(text) : 0;
	if (format && !message)
		return false;
	at(exception)->data[THROWABLE_MESSAGE] = (slot)message;
	trace_fill(exception);
	vm.thrown = exception;
	return false;
}

bool throw_null(void) { return throw_new("java/lang/NullPointerException", NULL); }

/* ---- catching ---------------------------------------------------------------- */

static const struct instruction *handler_in(const struct frame *f)
{
	const struct method *m = f->method;
	uint32_t n = (uint32_t)(vm.at - m->code);
	for (unsigned i = 0; i < m->handler_count; i++) {
		const struct handler *h = &m->handlers[i];
		if (h->from <= n && n < h->to && (!h->class || class_is(at(vm.thrown)->class, h->class)))
			return &m->code[h->at];
	}
	return NULL;
}

const struct instruction *unwind(const struct frame *floor)
{
	for (; vm.frame > floor; vm.at = (--vm.frame)->at) {
		const struct instruction *handler = handler_in(vm.frame);
		if (handler) {
			vm.sp = vm.frame->locals + vm.frame->method->max_locals;
			*vm.sp++ = (slot)vm.thrown;
			vm.thrown = 0;
			return handler;
		}
	}
	return NULL;
}
