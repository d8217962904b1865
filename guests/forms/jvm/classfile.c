/* A class file (The Java Virtual Machine Specification, chapter 4) to a struct class.  Called by
 * input.c; get_bytes gives the bytes.  Whatever the format says is checked, but names: that
 * they mean something, class.c and verify.c find out.
 */

#include <string.h>

#include "jvm.h"

/* The class being read, for messages. */
static struct class *reading;

static _Noreturn void malformed(const char *what)
{
	refuse("ClassFormatError", "%s: %s", reading && reading->name ? reading->name->text : "a class file", what);
}

static unsigned u1(void)
{
	uint8_t b;
	get_bytes(&b, 1);
	return b;
}

static uint16_t u2(void)
{
	unsigned high = u1();
	return (uint16_t)(high << 8 | u1());
}

static uint32_t u4(void)
{
	uint32_t high = u2();
	return high << 16 | u2();
}

static void skip(uint32_t n)
{
	while (n-- > 0)
		u1();
}

/* ---- constants ------------------------------------------------------------ */

/* Bytes 1 to 0x7F; two or three bytes for the rest, 0 and halves of pairs included. */
static bool is_utf8(const uint8_t *s, size_t n)
{
	for (size_t i = 0; i < n;) {
		unsigned more = s[i] >= 0xE0 ? 2 : s[i] >= 0xC0 ? 1 : 0;
		if (s[i] == 0 || s[i] >= 0xF0 || (s[i] >= 0x80 && more == 0) || i + more >= n)
			return false;
		for (i++; more > 0; more--, i++)
			if ((s[i] & 0xC0) != 0x80)
				return false;
	}
	return true;
}

static struct symbol *read_utf8(void)
{
	size_t before = vm.size, n = u2();
	uint8_t *bytes = vm_borrow(n);
	get_bytes(bytes, n);
	if (!is_utf8(bytes, n))
		malformed("a text is not in UTF-8 as Java has it");
	struct symbol *found = symbol((const char *)bytes, n);
	vm.size = before;
	return found;
}

static void read_constant(struct constant *c)
{
	c->tag = (uint8_t)u1();
	switch ((enum constant_tag)c->tag) {
	case TAG_UTF8: c->symbol = read_utf8(); break;
	case TAG_INTEGER: case TAG_FLOAT: c->value[0] = (slot)u4(); break;
	case TAG_LONG: case TAG_DOUBLE: c->value[1] = (slot)u4(); c->value[0] = (slot)u4(); break;
	case TAG_CLASS: case TAG_STRING: case TAG_METHOD_TYPE: case TAG_MODULE: case TAG_PACKAGE: c->a = u2(); break;
	case TAG_FIELD: case TAG_METHOD: case TAG_INTERFACE_METHOD: case TAG_NAME_AND_TYPE: case TAG_DYNAMIC:
	case TAG_INVOKE_DYNAMIC: c->a = u2(); c->b = u2(); break;
	case TAG_HANDLE: c->a = (uint16_t)u1(); c->b = u2(); break;
	default: malformed("a constant of a kind that there is not");
	}
}

/* Longs and doubles take two places. */
static void read_constants(struct class *class)
{
	class->constant_count = u2();
	class->constants = vm_take(class->constant_count * sizeof(struct constant));
	for (unsigned i = 1; i < class->constant_count; i++) {
		read_constant(&class->constants[i]);
		i += class->constants[i].tag == TAG_LONG || class->constants[i].tag == TAG_DOUBLE;
	}
}

static struct symbol *text_at(unsigned index) { return constant_at(reading, index, TAG_UTF8)->symbol; }
static struct symbol *name_at(unsigned index) { return text_at(constant_at(reading, index, TAG_CLASS)->a); }

/* ---- descriptors ----------------------------------------------------------- */

static void check_method_type(const char *type)
{
	enum { MOST = 255 };
	unsigned n = 0;
	const char *next = *type == '(' ? type + 1 : NULL;
	for (; next && *next != ')'; next = type_after(next))
		if (++n > MOST)
			malformed("a method of more than 255 arguments");
	if (next && strcmp(next, ")V") == 0)
		return;
	next = next ? type_after(next + 1) : NULL;
	if (!next || *next)
		malformed("a method without a method's descriptor");
}

static void check_field_type(const char *type)
{
	const char *end = type_after(type);
	if (!end || *end)
		malformed("a field without a field's descriptor");
}

/* Those that code refers to, as well. */
static void check_constants(void)
{
	for (unsigned i = 1; i < reading->constant_count; i++) {
		const struct constant *c = &reading->constants[i];
		if (c->tag < TAG_FIELD || c->tag > TAG_INTERFACE_METHOD)
			continue;
		name_at(c->a);
		const char *type = text_at(constant_at(reading, constant_at(reading, i, c->tag)->b, TAG_NAME_AND_TYPE)->b)->text;
		if (c->tag == TAG_FIELD)
			check_field_type(type);
		else
			check_method_type(type);
	}
}

/* ---- members --------------------------------------------------------------- */

static void read_field(struct field *field)
{
	field->class = reading;
	field->flags = u2();
	field->name = text_at(u2());
	field->descriptor = text_at(u2());
	check_field_type(field->descriptor->text);
	for (unsigned n = u2(); n > 0; n--) {
		const struct symbol *name = text_at(u2());
		uint32_t length = u4();
		if (strcmp(name->text, "ConstantValue") == 0 && length == 2)
			field->constant = u2();
		else
			skip(length);
	}
}

static void read_lines(struct method *method)
{
	method->line_count = u2();
	method->lines = vm_take(method->line_count * sizeof(struct line));
	for (unsigned i = 0; i < method->line_count; i++)
		method->lines[i] = (struct line){ u2(), u2() };
}

static void read_code(struct method *method)
{
	enum { CODE_MOST = 65535 };
	method->max_stack = u2();
	method->max_locals = u2();
	method->byte_count = u4();
	if (method->byte_count == 0 || method->byte_count > CODE_MOST || method->bytes)
		malformed("code of no or too many bytes");
	method->bytes = vm_borrow(method->byte_count);
	get_bytes(method->bytes, method->byte_count);
	method->handler_count = u2();
	method->handlers = vm_take(method->handler_count * sizeof(struct handler));
	for (unsigned i = 0; i < method->handler_count; i++)
		method->handlers[i] = (struct handler){ .from = u2(), .to = u2(), .at = u2(), .type = u2() };
	for (unsigned n = u2(); n > 0; n--) {
		const struct symbol *name = text_at(u2());
		uint32_t length = u4();
		if (strcmp(name->text, "LineNumberTable") == 0 && method->line_count == 0)
			read_lines(method);
		else
			skip(length);
	}
}

static void read_method(struct method *method)
{
	method->class = reading;
	method->flags = u2();
	method->name = text_at(u2());
	method->descriptor = text_at(u2());
	check_method_type(method->descriptor->text);
	for (unsigned n = u2(); n > 0; n--) {
		const struct symbol *name = text_at(u2());
		uint32_t length = u4();
		if (strcmp(name->text, "Code") == 0)
			read_code(method);
		else
			skip(length);
	}
	if (method->flags & ACC_NATIVE)
		refuse("UnsatisfiedLinkError", "%s.%s is native", reading->name->text, method->name->text);
	if (method->flags & ACC_ABSTRACT && method->flags & (ACC_STATIC | ACC_PRIVATE))
		malformed("an abstract method that is static or private");
	if (!method->bytes == !(method->flags & ACC_ABSTRACT))
		malformed("a method with code that is abstract, or without that is not");
}

/* ---- the class ------------------------------------------------------------- */

static void read_bootstrap_methods(void)
{
	reading->recipe_count = u2();
	reading->recipes = vm_take(2 * sizeof(uint16_t) * reading->recipe_count);
	for (unsigned i = 0; i < reading->recipe_count; i++) {
		reading->recipes[2 * i] = u2();
		unsigned n = u2();
		reading->recipes[2 * i + 1] = n > 0 ? u2() : 0;
		skip(n > 0 ? 2 * (n - 1) : 0);
	}
}

static void read_attributes(void)
{
	for (unsigned n = u2(); n > 0; n--) {
		const struct symbol *name = text_at(u2());
		uint32_t length = u4();
		if (strcmp(name->text, "SourceFile") == 0 && length == 2)
			reading->source = text_at(u2());
		else if (strcmp(name->text, "BootstrapMethods") == 0 && !reading->recipes)
			read_bootstrap_methods();
		else
			skip(length);
	}
}

static void read_members(void)
{
	reading->interface_count = u2();
	reading->interface_names = vm_take(reading->interface_count * sizeof(struct symbol *));
	for (unsigned i = 0; i < reading->interface_count; i++)
		reading->interface_names[i] = name_at(u2());
	reading->field_count = u2();
	reading->fields = vm_take(reading->field_count * sizeof(struct field));
	for (unsigned i = 0; i < reading->field_count; i++)
		read_field(&reading->fields[i]);
	reading->method_count = u2();
	reading->methods = vm_take(reading->method_count * sizeof(struct method));
	for (unsigned i = 0; i < reading->method_count; i++)
		read_method(&reading->methods[i]);
}

void class_read(void)
{
	static const uint32_t magic = 0xCAFEBABE;
	enum { OLDEST = 45, NEWEST = 69 };
	struct class class = { 0 };
	reading = &class;
	if (u4() != magic)
		malformed("it does not begin as one");
	u2();
	unsigned version = u2();
	if (version < OLDEST || version > NEWEST)
		refuse("UnsupportedClassVersionError", "a class file of version %u; use javac --release 8", version);
	read_constants(&class);
	class.flags = u2();
	struct symbol *name = name_at(u2());
	if (name->text[0] == '[')
		malformed("a class with an array's name");
	if (class_given(name))
		refuse("LinkageError", "%s is there twice", name->text);
	reading = class_new(name);
	reading->flags = class.flags;
	reading->constants = class.constants;
	reading->constant_count = class.constant_count;
	check_constants();
	unsigned super = u2();
	if (super == 0)
		malformed("a class without a superclass");
	reading->super_name = name_at(super);
	read_members();
	read_attributes();
}
