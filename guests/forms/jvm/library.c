/* The library: its classes made from library.def, and the functions behind those of its methods that
 * are not about text.  Called by vm.c to begin with, then by the interpreter.
 *
 * A function finds its arguments, this first, from a[0], where they stay while it makes objects,
 * so that the collector sees them; its result goes to a[0].
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "jvm.h"

/* ---- classes made ------------------------------------------------------------- */

enum row_kind { ROW_CLASS, ROW_INTERFACE, ROW_IMPLEMENTS, ROW_FIELD, ROW_METHOD };

static const struct row {
	enum row_kind kind;
	const char *name, *type; /* type: the super's name, or a descriptor */
	native *native;
	uint16_t flags;
} rows[] = {
#define CLASS(name, super)                 { ROW_CLASS, name, super, NULL, 0 },
#define INTERFACE(name)                    { ROW_INTERFACE, name, "java/lang/Object", NULL, ACC_INTERFACE | ACC_ABSTRACT },
#define IMPLEMENTS(name)                   { ROW_IMPLEMENTS, name, NULL, NULL, 0 },
#define FIELD(name, type)                  { ROW_FIELD, name, type, NULL, 0 },
#define STATIC_FIELD(name, type)           { ROW_FIELD, name, type, NULL, ACC_STATIC },
#define METHOD(name, descriptor, function) { ROW_METHOD, name, descriptor, function, 0 },
#define STATIC(name, descriptor, function) { ROW_METHOD, name, descriptor, function, ACC_STATIC },
#define ABSTRACT(name, descriptor)         { ROW_METHOD, name, descriptor, NULL, ACC_ABSTRACT },
#include "library.def"
};

static const struct row *const rows_end = rows + sizeof(rows) / sizeof(rows[0]);

static bool begins_class(const struct row *row) { return row->kind == ROW_CLASS || row->kind == ROW_INTERFACE; }

static void add_member(struct class *class, const struct row *row)
{
	if (row->kind == ROW_IMPLEMENTS)
		class->interface_names[class->interface_count++] = name_of(row->name);
	else if (row->kind == ROW_FIELD)
		class->fields[class->field_count++] = (struct field){ class, name_of(row->name), name_of(row->type), row->flags, 0, 0 };
	else
		class->methods[class->method_count++] = (struct method){ .class = class, .name = name_of(row->name),
			.descriptor = name_of(row->type), .flags = row->flags, .native = row->native };
}

/* One class, of as many rows as there are before the next. */
static const struct row *add_class(const struct row *row)
{
	const struct row *end = row + 1;
	while (end < rows_end && !begins_class(end))
		end++;
	struct class *class = class_new(name_of(row->name));
	class->library = true;
	class->flags = row->flags;
	class->super_name = row->type ? name_of(row->type) : NULL;
	size_t n = (size_t)(end - row);
	class->interface_names = vm_take(n * sizeof(*class->interface_names));
	class->fields = vm_take(n * sizeof(*class->fields));
	class->methods = vm_take(n * sizeof(*class->methods));
	while (++row < end)
		add_member(class, row);
	return end;
}

/* What call_native checks: NULL for words that are no objects, and where anything will do. */
static void set_arguments(struct method *m)
{
	uint32_t n = m->flags & ACC_STATIC ? 0 : 1;
	char kind;
	m->arguments = vm_take(m->argument_slots * sizeof(struct class *));
	FOR_ARGUMENTS(type, kind, m->descriptor->text) {
		if (*type == '[')
			m->arguments[n] = class_find(symbol(type, (size_t)(next_ - type)));
		else if (*type == 'L')
			m->arguments[n] = class_find(symbol(type + 1, (size_t)(next_ - type) - 2));
		if (m->arguments[n] && m->arguments[n]->flags & ACC_INTERFACE)
			m->arguments[n] = NULL;
		n += kind == 'J' ? 2 : 1;
	}
}

void library_load(void)
{
	static const char *const wanted[] = { "[I", "[C", "[Ljava/lang/String;", "[Ljava/lang/Object;" };
	for (const struct row *row = rows; row < rows_end;)
		row = add_class(row);
	for (struct class *c = vm.classes; c; c = c->next)
		class_link(c);
	for (unsigned i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		class_named(wanted[i]);
	for (struct class *c = vm.classes; c; c = c->next)
		for (unsigned i = 0; i < c->method_count; i++)
			set_arguments(&c->methods[i]);
	name_of("<clinit>");
}

static slot *static_slot(const char *class, unsigned field)
{
	struct class *c = class_named(class);
	return &c->statics[c->fields[field].at];
}

/* No method of Throwable's is called on the error for want of storage before it is thrown. */
bool library_start(void)
{
	enum { OUT, ERR, IN };
	for (struct class *c = vm.classes; c; c = c->next)
		c->state = c->library ? CLASS_STARTED : c->state;
	*static_slot("java/lang/System", OUT) = (slot)heap_new(class_named("java/io/PrintStream"), 0);
	*static_slot("java/lang/System", ERR) = *static_slot("java/lang/System", OUT);
	*static_slot("java/lang/System", IN) = (slot)heap_new(class_named("java/io/InputStream"), 0);
	ref error = heap_new(class_named("java/lang/OutOfMemoryError"), 0);
	if (!error)
		return false;
	vm.out_of_memory = error;
	at(error)->data[THROWABLE_MESSAGE] = (slot)string_from("Java heap space");
	trace_fill(error);
	return at(error)->data[THROWABLE_MESSAGE] && at(error)->data[THROWABLE_TRACE];
}

/* ---- Object, Class --------------------------------------------------------------- */

#define NATIVE(name) bool name(const struct method *method, slot *a)
#define UNUSED       (void)method, (void)a

static bool give(slot *a, ref result) { return (*a = (slot)result) != 0; }

NATIVE(nothing) { UNUSED; return true; }
NATIVE(same) { UNUSED; return true; }
NATIVE(zero) { UNUSED; a[0] = 0; return true; }
NATIVE(first_field) { UNUSED; a[0] = at((ref)a[0])->data[0]; return true; }

NATIVE(object_equals) { UNUSED; a[0] = a[0] == a[1]; return true; }
NATIVE(object_hash) { UNUSED; a[0] = a[0] / 8; return true; }

NATIVE(object_to_string)
{
	char text[256];
	slot hash;
	UNUSED;
	if (!call_virtual((ref)a[0], "hashCode", "()I", &hash))
		return false;
	snprintf(text, sizeof(text), "%s@%" PRIx32, dotted(at((ref)a[0])->class->name), (uint32_t)hash);
	return give(a, string_from(text));
}

ref class_mirror(struct class *class)
{
	if (!class->mirror && (class->mirror = heap_new(class_named("java/lang/Class"), 0)))
		at(class->mirror)->data[0] = (slot)class->number;
	return class->mirror;
}

NATIVE(object_class) { UNUSED; return give(a, class_mirror(at((ref)a[0])->class)); }

/* An array, or what says that it may be. */
NATIVE(object_clone)
{
	UNUSED;
	struct class *class = at((ref)a[0])->class;
	uint32_t length = at((ref)a[0])->length;
	if (!class->holds && !class_is(class, class_named("java/lang/Cloneable")))
		return throw_new("java/lang/CloneNotSupportedException", "%s", dotted(class->name));
	ref copy = heap_new(class, length);
	if (copy)
		memcpy(at(copy)->data, at((ref)a[0])->data, class->unit ? (size_t)class->unit * length : class->slots * sizeof(slot));
	return give(a, copy);
}

static const struct class *class_meant(ref mirror)
{
	const struct class *c = vm.classes;
	while (c->number != (unsigned)at(mirror)->data[0])
		c = c->next;
	return c;
}

NATIVE(class_name) { UNUSED; return give(a, string_from(dotted(class_meant((ref)a[0])->name))); }

NATIVE(class_to_string)
{
	char text[256];
	const struct class *class = class_meant((ref)a[0]);
	UNUSED;
	snprintf(text, sizeof(text), "%s %s", class->flags & ACC_INTERFACE ? "interface" : "class", dotted(class->name));
	return give(a, string_from(text));
}

/* Without package, surrounding classes and the number of a local one; of an array, that of its elements, and [] for
 * each dimension. */
NATIVE(class_simple_name)
{
	static const char codes[] = "ZBCSIJ";
	static const char *const numbers[] = { "boolean", "byte", "char", "short", "int", "long" };
	char text[256];
	const struct class *class = class_meant((ref)a[0]);
	unsigned dimensions = 0;
	UNUSED;
	for (; class->element; class = class->element)
		dimensions++;
	const char *name = class->name->text;
	for (const char *c = name; *c; c++)
		if ((*c == '/' || *c == '$') && c[1])
			name = c + 1;
	name += strspn(name, "0123456789");
	if (class->holds) {
		name = numbers[strchr(codes, class->holds) - codes];
		dimensions++;
	}
	size_t n = (size_t)snprintf(text, sizeof(text) / 2, "%s", name);
	for (n = n < sizeof(text) / 2 ? n : sizeof(text) / 2 - 1; dimensions > 0 && n + 3 < sizeof(text); dimensions--, n += 2)
		memcpy(text + n, "[]", 3);
	return give(a, string_from(text));
}

/* ---- System ------------------------------------------------------------------------ */

NATIVE(system_exit) { UNUSED; vm_end((int)(a[0] & 0xFF)); }

static bool give_long(slot *a, int64_t value)
{
	memcpy(a, &value, sizeof(value));
	return true;
}

static int64_t long_from(const slot *a)
{
	int64_t value;
	memcpy(&value, a, sizeof(value));
	return value;
}

/* An instruction is a microsecond. */
NATIVE(system_millis) { UNUSED; return give_long(a, (int64_t)(vm_clock() / 1000)); }
NATIVE(system_nanos) { UNUSED; return give_long(a, (int64_t)(vm_clock() * 1000)); }

static bool outside(const char *what, slot index, const struct object *array)
{
	static const char codes[] = "ZBCSIJA";
	static const char *const numbers[] = { "boolean", "byte", "char", "short", "int", "long", "object array" };
	return throw_new("java/lang/ArrayIndexOutOfBoundsException",
	                 "arraycopy: %s index %" PRId32 " out of bounds for %s[%" PRIu32 "]", what, index, numbers[strchr(codes, array->class->holds) - codes], array->length);
}

static bool arrays_match(const struct object *from, const struct object *to)
{
	if (!from->class->holds || !to->class->holds)
		return throw_new("java/lang/ArrayStoreException", "arraycopy: %s type %s is not an array",
		                 from->class->holds ? "destination" : "source", dotted((from->class->holds ? to : from)->class->name));
	if (from->class->holds != to->class->holds)
		return throw_new("java/lang/ArrayStoreException", "arraycopy: type mismatch: can not copy %s into %s",
		                 dotted(from->class->name), dotted(to->class->name));
	return true;
}

/* One after the other, as each must be of the class that the array holds. */
static bool copy_references(const struct object *from, slot at_from, struct object *to, slot at_to, slot n)
{
	for (slot k = 0; k < n; k++) {
		ref r = (ref)from->data[at_from + k];
		if (r && !class_is(at(r)->class, to->class->element))
			return throw_new("java/lang/ArrayStoreException", "arraycopy: element type mismatch: can not cast one of the "
			                 "elements of %s[] to the type of the destination array, %s",
			                 dotted(from->class->element->name), dotted(to->class->element->name));
		to->data[at_to + k] = (slot)r;
	}
	return true;
}

/* from, index, to, index, how many. */
NATIVE(system_arraycopy)
{
	UNUSED;
	if (!a[0] || !a[2])
		return throw_null();
	struct object *from = at((ref)a[0]), *to = at((ref)a[2]);
	if (!arrays_match(from, to))
		return false;
	if (a[1] < 0 || a[3] < 0)
		return a[1] < 0 ? outside("source", a[1], from) : outside("destination", a[3], to);
	if (a[4] < 0)
		return throw_new("java/lang/ArrayIndexOutOfBoundsException", "arraycopy: length %" PRId32 " is negative", a[4]);
	if ((uint32_t)a[1] + (uint32_t)a[4] > from->length)
		return outside("last source", a[1] + a[4], from);
	if ((uint32_t)a[3] + (uint32_t)a[4] > to->length)
		return outside("last destination", a[3] + a[4], to);
	if (from->class->holds == 'A' && !class_is(from->class, to->class))
		return copy_references(from, a[1], to, a[3], a[4]);
	size_t unit = from->class->unit;
	memmove((char *)to->data + unit * (size_t)a[3], (char *)from->data + unit * (size_t)a[1], unit * (size_t)a[4]);
	return true;
}

NATIVE(stream_read) { UNUSED; a[0] = next_input(); return true; }

/* ---- Math, Objects -------------------------------------------------------------------- */

NATIVE(math_abs) { UNUSED; a[0] = a[0] < 0 ? -a[0] : a[0]; return true; }
NATIVE(math_max) { UNUSED; a[0] = a[0] > a[1] ? a[0] : a[1]; return true; }
NATIVE(math_min) { UNUSED; a[0] = a[0] < a[1] ? a[0] : a[1]; return true; }
NATIVE(math_abs_long) { UNUSED; return give_long(a, long_from(a) < 0 ? -long_from(a) : long_from(a)); }
NATIVE(math_max_long) { UNUSED; return give_long(a, long_from(a) > long_from(a + 2) ? long_from(a) : long_from(a + 2)); }
NATIVE(math_min_long) { UNUSED; return give_long(a, long_from(a) < long_from(a + 2) ? long_from(a) : long_from(a + 2)); }

/* Toward minus infinity; a[1] is not 0. */
static slot floor_quotient(const slot *a)
{
	slot quotient = a[1] == -1 ? -a[0] : a[0] / a[1];
	return quotient - (quotient * a[1] != a[0] && (a[0] < 0) != (a[1] < 0));
}

NATIVE(math_floor_div)
{
	UNUSED;
	if (a[1] == 0)
		return throw_new("java/lang/ArithmeticException", "/ by zero");
	a[0] = floor_quotient(a);
	return true;
}

NATIVE(math_floor_mod)
{
	UNUSED;
	if (a[1] == 0)
		return throw_new("java/lang/ArithmeticException", "/ by zero");
	a[0] -= a[1] * floor_quotient(a);
	return true;
}

NATIVE(require) { UNUSED; return a[0] || throw_null(); }

/* ---- numbers as objects ------------------------------------------------------------------ */

/* Integer, Long, Character and Boolean: one field, value, of the type that the descriptor or the class says. */
static char box_type(const struct method *method) { return method->class->fields[0].descriptor->text[0]; }

static int64_t box_value(const struct method *method, slot box)
{
	const slot *value = at((ref)box)->data;
	return box_type(method) == 'J' ? long_from(value) : *value;
}

/* Boxes of small numbers are kept, in a static array, so that == of two is true as in Java. */
NATIVE(box)
{
	enum { LEAST = -128, MOST = 127 };
	int64_t value = box_type(method) == 'J' ? long_from(a) : *a;
	bool small = value >= LEAST && value <= MOST;
	slot *all = &method->class->statics[0];
	if (small && !*all && !give(all, heap_new(class_named("[Ljava/lang/Object;"), MOST - LEAST + 1)))
		return false;
	slot *kept = small ? &at((ref)*all)->data[value - LEAST] : NULL;
	if (kept && *kept)
		return give(a, (ref)*kept);
	ref made = heap_new(method->class, 0);
	if (made)
		memcpy(at(made)->data, a, method->argument_slots * sizeof(slot));
	if (kept)
		*kept = (slot)made;
	return give(a, made);
}

NATIVE(unbox)
{
	const slot *value = at((ref)a[0])->data;
	if (method->returns == 'J')
		a[1] = value[1];
	a[0] = value[0];
	return true;
}

NATIVE(unbox_to_long) { UNUSED; return give_long(a, at((ref)a[0])->data[0]); }
NATIVE(unbox_to_int) { UNUSED; a[0] = at((ref)a[0])->data[0]; return true; }
NATIVE(long_hash) { UNUSED; a[0] = at((ref)a[0])->data[0] ^ at((ref)a[0])->data[1]; return true; }

NATIVE(box_equals)
{
	a[0] = a[1] && at((ref)a[0])->class == at((ref)a[1])->class && box_value(method, a[0]) == box_value(method, a[1]);
	return true;
}

/* Characters by their difference, as in Java. */
NATIVE(box_compare)
{
	if (!a[1])
		return throw_null();
	int64_t x = box_value(method, a[0]), y = box_value(method, a[1]);
	a[0] = box_type(method) == 'C' ? (slot)(x - y) : (x > y) - (x < y);
	return true;
}

/* What compareTo(Object) has before the one for the class itself: a cast. */
static bool cast_to(const struct class *class, ref object)
{
	if (!object || class_is(at(object)->class, class))
		return true;
	return throw_new("java/lang/ClassCastException", "class %s cannot be cast to class %s",
	                 dotted(at(object)->class->name), dotted(class->name));
}

NATIVE(box_compare_object) { return cast_to(method->class, (ref)a[1]) && box_compare(method, a); }
NATIVE(string_compare_object) { return cast_to(method->class, (ref)a[1]) && string_compare(method, a); }
NATIVE(enum_compare_object) { return cast_to(method->class, (ref)a[1]) && enum_compare(method, a); }

NATIVE(compare_ints) { UNUSED; a[0] = (a[0] > a[1]) - (a[0] < a[1]); return true; }
NATIVE(compare_longs) { UNUSED; a[0] = (long_from(a) > long_from(a + 2)) - (long_from(a) < long_from(a + 2)); return true; }

/* ASCII's. */
static bool between(slot c, slot low, slot high) { return c >= low && c <= high; }
static bool letter(slot c) { return between(c | 32, 'a', 'z'); }
NATIVE(is_digit) { UNUSED; a[0] = between(a[0], '0', '9'); return true; }
NATIVE(is_letter) { UNUSED; a[0] = letter(a[0]); return true; }
NATIVE(is_letter_or_digit) { UNUSED; a[0] = letter(a[0]) || between(a[0], '0', '9'); return true; }
NATIVE(is_upper) { UNUSED; a[0] = between(a[0], 'A', 'Z'); return true; }
NATIVE(is_lower) { UNUSED; a[0] = between(a[0], 'a', 'z'); return true; }
NATIVE(is_white) { UNUSED; a[0] = a[0] == ' ' || between(a[0], '\t', '\r') || between(a[0], 28, 31); return true; }
NATIVE(to_upper) { UNUSED; a[0] -= between(a[0], 'a', 'z') ? 32 : 0; return true; }
NATIVE(to_lower) { UNUSED; a[0] += between(a[0], 'A', 'Z') ? 32 : 0; return true; }

/* ---- Enum --------------------------------------------------------------------------------- */

enum { ENUM_NAME, ENUM_ORDINAL };

NATIVE(enum_init)
{
	UNUSED;
	at((ref)a[0])->data[ENUM_NAME] = a[1];
	at((ref)a[0])->data[ENUM_ORDINAL] = a[2];
	return true;
}

/* A constant with a body is of a class of its own, below the enum's. */
NATIVE(enum_class)
{
	struct class *class = at((ref)a[0])->class;
	UNUSED;
	while (class->super && strcmp(class->super->name->text, "java/lang/Enum") != 0)
		class = class->super;
	return give(a, class_mirror(class));
}

NATIVE(enum_ordinal) { UNUSED; a[0] = at((ref)a[0])->data[ENUM_ORDINAL]; return true; }

NATIVE(enum_compare)
{
	UNUSED;
	if (!a[1])
		return throw_null();
	a[0] = at((ref)a[0])->data[ENUM_ORDINAL] - at((ref)a[1])->data[ENUM_ORDINAL];
	return true;
}

static struct method *enum_values(const struct class *class)
{
	for (unsigned i = 0; i < class->method_count; i++)
		if (strcmp(class->methods[i].name->text, "values") == 0 && strncmp(class->methods[i].descriptor->text, "()[L", 4) == 0 &&
		    class->methods[i].flags & ACC_STATIC)
			return &class->methods[i];
	return NULL;
}

static bool same_text(const struct object *x, struct object *y)
{
	return x->length == y->length && memcmp(x->data, y->data, x->length * sizeof(uint16_t)) == 0;
}

/* Class, name: found among what the class's own values() gives. */
NATIVE(enum_value_of)
{
	UNUSED;
	if (!a[0] || !a[1])
		return throw_null();
	const struct class *class = class_meant((ref)a[0]);
	struct method *values = enum_values(class);
	if (!values || !class_is(class, class_named("java/lang/Enum")))
		return throw_new("java/lang/IllegalArgumentException", "%s is not an enum class", dotted(class->name));
	if (!call(values))
		return false;
	const struct object *all = at((ref)*--vm.sp);
	if (all->class && all->class->holds != 'A')
		refuse("VerifyError", "values() of %s gives something else than an array of references", class->name->text);
	for (uint32_t i = 0; i < all->length; i++)
		if (all->data[i] && class_is(at((ref)all->data[i])->class, class) &&
		    same_text(chars_of((ref)at((ref)all->data[i])->data[ENUM_NAME]), chars_of((ref)a[1])))
			return give(a, (ref)all->data[i]);
	char text[128];
	struct object *name = chars_of((ref)a[1]);
	uint32_t n = 0;
	for (; n < name->length && n < sizeof(text) - 1; n++)
		text[n] = (char)chars(name)[n];
	text[n] = '\0';
	char *type = strcpy((char[256]){ 0 }, dotted(class->name));
	for (char *c = type; *c; c++)
		*c = *c == '$' ? '.' : *c;
	return throw_new("java/lang/IllegalArgumentException", "No enum constant %s.%s", type, text);
}

/* ---- Throwable ------------------------------------------------------------------------------ */

static bool make_throwable(ref exception, ref message, ref cause)
{
	at(exception)->data[THROWABLE_MESSAGE] = (slot)message;
	at(exception)->data[THROWABLE_CAUSE] = (slot)cause;
	trace_fill(exception);
	return true;
}

NATIVE(throwable_init) { UNUSED; return make_throwable((ref)a[0], 0, 0); }
NATIVE(throwable_init_message) { UNUSED; return make_throwable((ref)a[0], (ref)a[1], 0); }
NATIVE(throwable_init_both) { UNUSED; return make_throwable((ref)a[0], (ref)a[1], (ref)a[2]); }

/* The message is what the cause says. */
NATIVE(throwable_init_cause)
{
	UNUSED;
	slot cause = a[1];
	make_throwable((ref)a[0], 0, (ref)cause);
	return !cause || string_asked((ref)cause, "toString", &at((ref)a[0])->data[THROWABLE_MESSAGE]);
}

NATIVE(assertion_init)
{
	slot *message = vm.sp - 1;
	if (method->descriptor->text[1] != 'I' && !string_of(message))
		return false;
	if (method->descriptor->text[1] == 'I' && !value_of(method, message))
		return false;
	return make_throwable((ref)a[0], (ref)*message, 0);
}

NATIVE(throwable_message) { UNUSED; return string_asked((ref)a[0], "getMessage", &a[0]); }
NATIVE(throwable_cause) { UNUSED; a[0] = at((ref)a[0])->data[THROWABLE_CAUSE]; return true; }
NATIVE(throwable_set_cause) { UNUSED; at((ref)a[0])->data[THROWABLE_CAUSE] = a[1]; return true; }
NATIVE(throwable_print) { UNUSED; trace_print((ref)a[0]); return true; }

/* Its class's name; then, if it has one, ": " and the message. */
NATIVE(throwable_to_string)
{
	slot *parts = vm.sp;
	UNUSED;
	parts[0] = (slot)string_from(dotted(at((ref)a[0])->class->name));
	if (!parts[0])
		return false;
	vm.sp++;
	if (!string_asked((ref)a[0], "getLocalizedMessage", &parts[2]))
		return false;
	if (!parts[2])
		return give(a, (ref)parts[0]);
	vm.sp = parts + 3;
	parts[1] = (slot)string_from(": ");
	if (!parts[1] || !string_concat(method, parts))
		return false;
	parts[1] = parts[2];
	return string_concat(method, parts) && give(a, (ref)parts[0]);
}
