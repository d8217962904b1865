/* Objects, and the collector: when there is no room, whatever can be reached is marked, and the
 * rest becomes free blocks.  Nothing is moved.  Called by whoever makes objects.
 *
 * What is reached: from the stack, every word that could be a reference (it is not known which
 * are); from classes and objects, the fields that are; literals; and what C holds (vm.thrown, kept).
 */

#include <string.h>

#include "jvm.h"

enum { BLOCK = 16 }; /* objects begin and end at multiples of it */

static struct {
	ref end;
	ref free;        /* the first free block that has not been passed over */
	uint8_t *starts; /* a bit a BLOCK: an object begins here */
	ref grey;        /* marked, but not looked into; linked by next */
} heap;

enum { LAST = 1 }; /* in next of a marked object, so that it is never 0 */

static uint64_t bytes_of(const struct class *class, uint32_t length)
{
	uint64_t data = class->unit ? (uint64_t)class->unit * length : sizeof(slot) * (uint64_t)class->slots;
	return (sizeof(struct object) + data + BLOCK - 1) & ~(uint64_t)(BLOCK - 1);
}

static ref bytes_at(ref r) { return at(r)->class ? (ref)bytes_of(at(r)->class, at(r)->length) : at(r)->length; }

static void set_start(ref r, bool starts)
{
	uint8_t bit = (uint8_t)(1 << r / BLOCK % 8);
	heap.starts[r / BLOCK / 8] = (uint8_t)(starts ? heap.starts[r / BLOCK / 8] | bit : heap.starts[r / BLOCK / 8] & ~bit);
}

static bool is_object(ref r)
{
	return r % BLOCK == 0 && r > 0 && r < heap.end && heap.starts[r / BLOCK / 8] >> r / BLOCK % 8 & 1;
}

void heap_start(void)
{
	vm.taken = (vm.taken + BLOCK - 1) & ~(size_t)(BLOCK - 1);
	size_t room = vm.size - vm.taken;
	heap.end = (ref)(room / (BLOCK + 1) * BLOCK); /* leaves more for the bits than they need */
	heap.end = heap.end < INT32_MAX ? heap.end & ~(ref)(BLOCK - 1) : INT32_MAX / BLOCK * BLOCK;
	if (heap.end < 64 * BLOCK)
		vm_no_room();
	vm.heap = vm.memory + vm.taken;
	heap.starts = vm.heap + heap.end;
	memset(heap.starts, 0, heap.end / BLOCK / 8 + 1);
	heap.free = BLOCK;
	*at(0) = (struct object){ .length = 0 };
	*at(BLOCK) = (struct object){ .length = heap.end - BLOCK };
}

/* ---- marking --------------------------------------------------------------- */

static void mark(ref r)
{
	if (r == 0 || at(r)->next)
		return;
	at(r)->next = heap.grey;
	heap.grey = r;
}

static void mark_words(const slot *from, const slot *to)
{
	for (; from < to; from++)
		if (is_object((ref)*from))
			mark((ref)*from);
}

static void mark_fields(const struct class *class, unsigned statics, const slot *slots)
{
	for (unsigned i = 0; i < class->field_count; i++) {
		const struct field *field = &class->fields[i];
		if ((field->flags & ACC_STATIC) == statics && (*field->descriptor->text == 'L' || *field->descriptor->text == '['))
			mark((ref)slots[field->at]);
	}
}

static void mark_object(const struct object *o)
{
	if (o->class->holds == 'A')
		for (uint32_t i = 0; i < o->length; i++)
			mark((ref)o->data[i]);
	else if (!o->class->unit)
		for (const struct class *c = o->class; c; c = c->super)
			mark_fields(c, 0, o->data);
}

static void mark_roots(void)
{
	mark(vm.thrown);
	mark(vm.out_of_memory);
	mark(vm.kept);
	mark_words(vm.stack, vm.sp);
	for (unsigned i = 0; i < SYMBOL_BUCKETS; i++)
		for (const struct symbol *s = symbols[i]; s; s = s->next)
			mark(s->string);
	for (const struct class *c = vm.classes; c; c = c->next) {
		mark(c->mirror);
		mark_fields(c, ACC_STATIC, c->statics);
	}
}

/* ---- sweeping --------------------------------------------------------------- */

/* Neighbours that are free become one block. */
static void sweep(void)
{
	ref *link = &heap.free, before = 0;
	for (ref r = BLOCK, bytes; r < heap.end; r += bytes) {
		struct object *o = at(r);
		bytes = bytes_at(r);
		if (o->class && o->next) {
			o->next = before = 0;
			continue;
		}
		set_start(r, false);
		if (before) {
			at(before)->length += bytes;
			continue;
		}
		before = *link = r;
		*o = (struct object){ .length = bytes };
		link = &o->next;
	}
	*link = 0;
}

static void collect(void)
{
	heap.grey = LAST;
	mark_roots();
	while (heap.grey != LAST) {
		const struct object *o = at(heap.grey);
		heap.grey = o->next;
		mark_object(o);
	}
	sweep();
}

/* ---- making ------------------------------------------------------------------ */

/* From the first block that is large enough; those before it are passed over until the next
 * collection.  0: there is none. */
static ref take(ref bytes)
{
	while (heap.free && at(heap.free)->length < bytes)
		heap.free = at(heap.free)->next;
	ref r = heap.free;
	if (r == 0)
		return 0;
	struct object block = *at(r);
	heap.free = block.next;
	if (block.length > bytes) {
		heap.free = r + bytes;
		*at(heap.free) = (struct object){ .length = block.length - bytes, .next = block.next };
	}
	return r;
}

ref heap_new(struct class *class, uint32_t length)
{
	uint64_t bytes = bytes_of(class, length);
	ref r = 0;
	if (bytes < heap.end && (r = take((ref)bytes)) == 0) {
		collect();
		r = take((ref)bytes);
	}
	if (r == 0) {
		vm.thrown = vm.out_of_memory;
		if (vm.thrown && at(vm.thrown)->data[THROWABLE_TRACE]) /* else it is being made ready */
			trace_fill(vm.thrown);
		return 0;
	}
	memset(at(r), 0, bytes);
	at(r)->class = class;
	at(r)->length = length;
	set_start(r, true);
	return r;
}
