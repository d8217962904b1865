/* Symbols, classes and their members: made, found by name, linked to one another.  Called by
 * classfile.c, library.c and verify.c while loading, and by interpret.c.
 */

#include <string.h>

#include "jvm.h"

/* ---- symbols --------------------------------------------------------------- */

struct symbol *symbols[SYMBOL_BUCKETS];

struct symbol *symbol(const char *text, size_t n)
{
	uint32_t hash = 0;
	for (size_t i = 0; i < n; i++)
		hash = 31 * hash + (uint8_t)text[i];
	struct symbol **bucket = &symbols[hash % SYMBOL_BUCKETS];
	for (struct symbol *s = *bucket; s; s = s->next)
		if (s->length == n && memcmp(s->text, text, n) == 0)
			return s;
	struct symbol *s = vm_take(sizeof(*s) + n + 1);
	memcpy(s->text, text, n);
	s->length = (uint32_t)n;
	s->next = *bucket;
	return *bucket = s;
}

struct symbol *name_of(const char *text) { return symbol(text, strlen(text)); }

/* ---- classes --------------------------------------------------------------- */

struct class *class_given(const struct symbol *name)
{
	for (struct class *c = vm.classes; c; c = c->next)
		if (c->name == name)
			return c;
	return NULL;
}

struct class *class_new(struct symbol *name)
{
	enum { CLASSES_MOST = 1024 };
	struct class *class = vm_take(sizeof(*class));
	if (vm.class_count == CLASSES_MOST)
		refuse("OutOfMemoryError", "more than %d classes", CLASSES_MOST);
	class->name = name;
	class->number = vm.class_count++;
	class->next = vm.classes;
	return vm.classes = class;
}

const char *type_after(const char *type)
{
	unsigned dimensions = 0;
	for (; *type == '['; type++)
		if (++dimensions > 255)
			return NULL;
	if (*type == 'L') {
		const char *end = strchr(type, ';');
		return end && end > type + 1 ? end + 1 : NULL;
	}
	return *type && strchr("ZBCSIJFD", *type) ? type + 1 : NULL;
}

static uint32_t bytes_each(char type)
{
	switch (type) {
	case 'Z': case 'B': return 1;
	case 'C': case 'S': return 2;
	case 'I': return 4;
	case 'J': return 8;
	default: refuse("NoClassDefFoundError", "arrays of float and double are not in the subset");
	}
}

/* [I, [[I, [Lpackage/Name; */
static struct class *array_new(struct symbol *name)
{
	const char *element = name->text + 1;
	struct class *of = NULL;
	const char *end = type_after(name->text);
	if (!end || *end)
		refuse("NoClassDefFoundError", "%s names no array", name->text);
	if (*element == '[')
		of = class_find(name_of(element));
	else if (*element == 'L')
		of = class_find(symbol(element + 1, name->length - 3));
	struct class *class = class_new(name);
	class->library = !of || of->library;
	class->super = class_named("java/lang/Object");
	class->interfaces = vm_take(2 * sizeof(*class->interfaces));
	class->interfaces[class->interface_count++] = class_named("java/lang/Cloneable");
	class->interfaces[class->interface_count++] = class_named("java/io/Serializable");
	class->state = CLASS_STARTED;
	class->flags = ACC_FINAL;
	class->element = of;
	class->holds = of ? 'A' : *element;
	class->unit = of ? sizeof(slot) : bytes_each(*element);
	return class;
}

struct class *class_find(struct symbol *name)
{
	struct class *class = class_given(name);
	if (class)
		return class;
	if (name->text[0] != '[')
		refuse("NoClassDefFoundError", "%s is neither on the input nor in the subset of the library", name->text);
	return array_new(name);
}

struct class *class_named(const char *name) { return class_find(name_of(name)); }

struct class *class_array_of(struct class *element)
{
	if (element->array)
		return element->array;
	const char *name = element->name->text;
	bool array = element->holds != 0;
	size_t before = vm.size, n = element->name->length;
	char *text = vm_borrow(n + 3);
	text[0] = '[';
	text[1] = 'L';
	memcpy(text + (array ? 1 : 2), name, n);
	text[n + 2] = ';';
	struct symbol *s = symbol(text, array ? n + 1 : n + 3);
	vm.size = before;
	return element->array = class_find(s);
}

static bool implements(const struct class *class, const struct class *interface)
{
	for (; class; class = class->super)
		for (unsigned i = 0; i < class->interface_count; i++)
			if (class->interfaces[i] == interface || implements(class->interfaces[i], interface))
				return true;
	return false;
}

bool class_is(const struct class *class, const struct class *of)
{
	if (of->flags & ACC_INTERFACE)
		return class == of || implements(class, of);
	if (class->holds == 'A' && of->holds == 'A')
		return class_is(class->element, of->element);
	while (class && class != of)
		class = class->super;
	return class != NULL;
}

/* ---- members --------------------------------------------------------------- */

static struct method *declared(const struct class *class, const struct symbol *name, const struct symbol *descriptor)
{
	for (unsigned i = 0; i < class->method_count; i++)
		if (class->methods[i].name == name && class->methods[i].descriptor == descriptor)
			return &class->methods[i];
	return NULL;
}

/* That of an interface that extends the other's; else one with code. */
static struct method *more_fitting(struct method *a, struct method *b)
{
	if (!a || !b)
		return a ? a : b;
	if (class_is(a->class, b->class) || class_is(b->class, a->class))
		return class_is(a->class, b->class) ? a : b;
	return a->flags & ACC_ABSTRACT ? b : a;
}

static struct method *of_interfaces(const struct class *class, const struct symbol *name, const struct symbol *descriptor)
{
	struct method *found = NULL;
	for (unsigned i = 0; i < class->interface_count; i++) {
		struct method *m = declared(class->interfaces[i], name, descriptor);
		if (!m)
			m = of_interfaces(class->interfaces[i], name, descriptor);
		found = more_fitting(found, m);
	}
	return found;
}

/* A class's own before any interface's; among the former those without the flags. */
static struct method *find_without(unsigned flags, const struct class *class, const struct symbol *name, const struct symbol *descriptor)
{
	struct method *found = NULL;
	for (const struct class *c = class; c && (!found || found->flags & flags); c = c->super)
		found = declared(c, name, descriptor);
	if (found && !(found->flags & flags))
		return found;
	found = NULL;
	for (const struct class *c = class; c; c = c->super)
		found = more_fitting(found, of_interfaces(c, name, descriptor));
	return found;
}

struct method *method_find(const struct class *class, const struct symbol *name, const struct symbol *descriptor)
{
	return find_without(0, class, name, descriptor);
}

struct method *method_select(const struct class *class, const struct method *named)
{
	return find_without(ACC_PRIVATE, class, named->name, named->descriptor);
}

struct field *field_find(const struct class *class, const struct symbol *name, const struct symbol *descriptor)
{
	for (; class; class = class->super) {
		for (unsigned i = 0; i < class->field_count; i++)
			if (class->fields[i].name == name && class->fields[i].descriptor == descriptor)
				return &class->fields[i];
		for (unsigned i = 0; i < class->interface_count; i++) {
			struct field *field = field_find(class->interfaces[i], name, descriptor);
			if (field)
				return field;
		}
	}
	return NULL;
}

const char *type_next(const char *type, char *kind)
{
	*kind = *type == 'J' || *type == 'V' ? *type : *type == 'L' || *type == '[' ? 'A' : 'I';
	if (*type == 'F' || *type == 'D')
		*kind = 'F'; /* which is nothing's kind: verify.c refuses it where it is used */
	while (*type == '[')
		type++;
	return *type == 'L' ? strchr(type, ';') + 1 : type + 1;
}

/* ---- constants -------------------------------------------------------------- */

struct constant *constant_at(const struct class *class, unsigned index, enum constant_tag tag)
{
	if (index == 0 || index >= class->constant_count || class->constants[index].tag != tag)
		refuse("ClassFormatError", "%s: constant %u is not what it is used as",
		       class->name ? class->name->text : "a class file", index);
	return &class->constants[index];
}

struct constant *constant_class(const struct class *class, unsigned index)
{
	struct constant *c = constant_at(class, index, TAG_CLASS);
	if (!c->class)
		c->class = class_find(constant_at(class, c->a, TAG_UTF8)->symbol);
	return c;
}

static _Noreturn void no_member(const struct class *class, const struct symbol *name, const struct symbol *type,
                                bool is_method)
{
	refuse(is_method ? "NoSuchMethodError" : "NoSuchFieldError", "%s.%s %s%s", class->name->text, name->text, type->text,
	       class->library ? " is not in the subset of the library" : "");
}

struct constant *constant_member(const struct class *class, unsigned index, bool is_method)
{
	enum constant_tag tag = is_method ? TAG_METHOD : TAG_FIELD;
	if (is_method && index < class->constant_count && class->constants[index].tag == TAG_INTERFACE_METHOD)
		tag = TAG_INTERFACE_METHOD;
	struct constant *c = constant_at(class, index, tag);
	if (c->class)
		return c;
	const struct constant *both = constant_at(class, c->b, TAG_NAME_AND_TYPE);
	const struct symbol *name = constant_at(class, both->a, TAG_UTF8)->symbol;
	const struct symbol *type = constant_at(class, both->b, TAG_UTF8)->symbol;
	c->class = constant_class(class, c->a)->class;
	if (is_method)
		c->method = method_find(c->class, name, type);
	else
		c->field = field_find(c->class, name, type);
	if (!c->method && !c->field && c->class->flags & ACC_INTERFACE)
		c->method = is_method ? method_find(class_named("java/lang/Object"), name, type) : NULL;
	if (!c->method && !c->field)
		no_member(c->class, name, type, is_method);
	return c;
}

/* ---- linking ----------------------------------------------------------------- */

static void link_to_others(struct class *class)
{
	class->interfaces = vm_take(class->interface_count * sizeof(struct class *));
	if (class->super_name) {
		class->super = class_find(class->super_name);
		class_link(class->super);
	}
	if (class->super && (class->super->flags & (ACC_INTERFACE | ACC_FINAL) || class->super->unit))
		refuse("IncompatibleClassChangeError", "%s cannot extend %s", class->name->text, class->super->name->text);
	for (unsigned i = 0; i < class->interface_count; i++) {
		class->interfaces[i] = class_find(class->interface_names[i]);
		class_link(class->interfaces[i]);
		if (!(class->interfaces[i]->flags & ACC_INTERFACE))
			refuse("IncompatibleClassChangeError", "%s is not an interface", class->interfaces[i]->name->text);
	}
}

/* A slot or two each; the objects' behind those of the superclass. */
static void place_fields(struct class *class)
{
	uint32_t statics = 0;
	class->slots = class->super ? class->super->slots : 0;
	for (unsigned i = 0; i < class->field_count; i++) {
		struct field *field = &class->fields[i];
		uint32_t *next = field->flags & ACC_STATIC ? &statics : &class->slots;
		field->at = *next;
		*next += field->descriptor->text[0] == 'J' ? 2 : 1;
	}
	class->statics = vm_take(statics * sizeof(slot));
}

static void measure(struct method *method)
{
	char kind;
	method->argument_slots = method->flags & ACC_STATIC ? 0 : 1;
	FOR_ARGUMENTS(type, kind, method->descriptor->text)
		method->argument_slots += kind == 'J' ? 2 : 1;
	type_next(strchr(method->descriptor->text, ')') + 1, &method->returns);
}

void class_link(struct class *class)
{
	if (class->state >= CLASS_LINKED)
		return;
	if (class->state == CLASS_LINKING)
		refuse("ClassCircularityError", "%s is its own superclass", class->name->text);
	class->state = CLASS_LINKING;
	link_to_others(class);
	place_fields(class);
	for (unsigned i = 0; i < class->method_count; i++)
		measure(&class->methods[i]);
	class->state = CLASS_LINKED;
}
