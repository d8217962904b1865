/* Text: String, StringBuilder, what is printed, numbers written and read.  Called by the interpreter
 * through library.def, and by whoever makes or prints a string.
 *
 * A String is an object with a char[] that nobody changes; a StringBuilder one with a char[] that is
 * larger than the text.
 */

#include <inttypes.h>
#include <string.h>

#include "jvm.h"

#define NATIVE(name) bool name(const struct method *method, slot *a)
#define UNUSED       (void)method, (void)a

static bool give(slot *a, ref result) { return (*a = (slot)result) != 0; }

/* ---- strings made ------------------------------------------------------------------- */

static ref chars_new(uint32_t n) { return heap_new(class_named("[C"), n); }

/* A String around a char[]. */
static ref string_around(ref array)
{
	ref kept = vm.kept, string = 0;
	vm.kept = array;
	if (array && (string = heap_new(class_named("java/lang/String"), 0)))
		at(string)->data[STRING_CHARS] = (slot)array;
	vm.kept = kept;
	return string;
}

/* from may be in an object, if that is reached otherwise. */
ref string_new(const uint16_t *from, uint32_t n)
{
	ref array = chars_new(n);
	if (array && n > 0)
		memcpy(at(array)->data, from, n * sizeof(*from));
	return string_around(array);
}

/* One char of a text in the class file's UTF-8; what follows it. */
static const char *next_char(const char *text, uint16_t *c)
{
	const uint8_t *s = (const uint8_t *)text;
	if (s[0] < 0x80) {
		*c = s[0];
		return text + 1;
	}
	*c = (uint16_t)(s[0] < 0xE0 ? (s[0] & 0x1F) << 6 | (s[1] & 0x3F) : (s[0] & 0xF) << 12 | (s[1] & 0x3F) << 6 | (s[2] & 0x3F));
	return text + (s[0] < 0xE0 ? 2 : 3);
}

ref string_from(const char *text)
{
	uint16_t c;
	uint32_t n = 0;
	for (const char *t = text; *t; t = next_char(t, &c))
		n++;
	ref array = chars_new(n);
	if (array)
		for (uint32_t i = 0; i < n; i++)
			text = next_char(text, &chars(at(array))[i]);
	return string_around(array);
}

ref string_literal(struct symbol *symbol)
{
	if (!symbol->string)
		symbol->string = string_from(symbol->text);
	return symbol->string;
}

/* ---- values as text ------------------------------------------------------------------- */

struct text {
	const uint16_t *chars;
	uint32_t n;
	uint16_t room[36];
};

static void text_ascii(struct text *t, const char *from)
{
	for (t->n = 0; from[t->n]; t->n++)
		t->room[t->n] = (uint16_t)from[t->n];
	t->chars = t->room;
}

static void text_number(struct text *t, uint64_t value, unsigned base, bool negative)
{
	char digits[sizeof(t->room) / sizeof(t->room[0])], *d = digits + sizeof(digits) - 1;
	*d = '\0';
	do
		*--d = "0123456789abcdef"[value % base];
	while ((value /= base) != 0);
	if (negative)
		*--d = '-';
	text_ascii(t, d);
}

static void text_decimal(struct text *t, int64_t value)
{
	text_number(t, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10, value < 0);
}

static void text_array(struct text *t, struct object *array)
{
	t->chars = chars(array);
	t->n = array->length;
}

static bool is_string(slot value) { return value && at((ref)value)->class == class_named("java/lang/String"); }

bool string_asked(ref object, const char *name, slot *result)
{
	if (!call_virtual(object, name, "()Ljava/lang/String;", result))
		return false;
	if (*result && !is_string(*result))
		refuse("VerifyError", "%s() gives something else than a String", name);
	return true;
}

bool string_of(slot *value)
{
	if (*value && !is_string(*value) && !string_asked((ref)*value, "toString", value))
		return false;
	return *value || (*value = (slot)string_from("null"));
}

/* A value of the type that a descriptor has there; an object is replaced by its string. */
static bool text_of(struct text *t, const char *type, slot *value)
{
	int64_t wide = *value;
	switch (*type) {
	case 'Z': text_ascii(t, *value ? "true" : "false"); return true;
	case 'C': t->room[0] = (uint16_t)*value; t->chars = t->room; t->n = 1; return true;
	case 'J': memcpy(&wide, value, sizeof(wide)); text_decimal(t, wide); return true;
	case '[':
		if (type[1] != 'C' || !*value)
			break;
		text_array(t, at((ref)*value));
		return true;
	case 'L': break;
	default: text_decimal(t, wide); return true;
	}
	if (*type == '[' && type[1] == 'C')
		return throw_null();
	if (!string_of(value))
		return false;
	text_array(t, chars_of((ref)*value));
	return true;
}

NATIVE(value_of)
{
	struct text t;
	const char *type = method->descriptor->text + 1;
	if (!text_of(&t, type, a))
		return false;
	return *type == 'L' || give(a, string_new(t.chars, t.n));
}

static bool give_number(slot *a, unsigned base)
{
	struct text t;
	text_number(&t, (uint32_t)a[0], base, false);
	return give(a, string_new(t.chars, t.n));
}

NATIVE(to_hex) { UNUSED; return give_number(a, 16); }
NATIVE(to_binary) { UNUSED; return give_number(a, 2); }

NATIVE(box_to_string)
{
	struct text t;
	return text_of(&t, method->class->fields[0].descriptor->text, at((ref)a[0])->data) && give(a, string_new(t.chars, t.n));
}

/* ---- printing ------------------------------------------------------------------------- */

/* UTF-8, of pairs, too; half a pair by itself is '?'. */
static size_t encode(const struct text *t, uint32_t *i, char *to)
{
	uint32_t c = t->chars[(*i)++];
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c >> 10 == 0x36 && *i < t->n && t->chars[*i] >> 10 == 0x37)
		c = 0x10000 + ((c & 0x3FF) << 10) + (t->chars[(*i)++] & 0x3FFu);
	size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	if (n == 3 && c >> 11 == 0x1B) {
		to[0] = '?';
		return 1;
	}
	for (size_t k = n - 1; k > 0; k--, c >>= 6)
		to[k] = (char)(0x80 | (c & 0x3F));
	to[0] = (char)((0xF00 >> n & 0xFF) | c);
	return n;
}

static void put(const struct text *t)
{
	char bytes[128];
	size_t n = 0;
	for (uint32_t i = 0; i < t->n;) {
		n += encode(t, &i, bytes + n);
		if (n > sizeof(bytes) - 4) {
			vm_output(bytes, n);
			n = 0;
		}
	}
	vm_output(bytes, n);
}

void string_print(ref string)
{
	struct text t;
	if (string)
		text_array(&t, chars_of(string));
	else
		text_ascii(&t, "null");
	put(&t);
}

NATIVE(stream_print)
{
	struct text t;
	if (!text_of(&t, method->descriptor->text + 1, &a[1]))
		return false;
	put(&t);
	return true;
}

NATIVE(stream_println)
{
	if (method->descriptor->text[1] != ')' && !stream_print(method, a))
		return false;
	vm_output("\n", 1);
	return true;
}

NATIVE(stream_write)
{
	char byte = (char)a[1];
	UNUSED;
	vm_output(&byte, 1);
	return true;
}

/* ---- String -------------------------------------------------------------------------------- */

static const char outside[] = "java/lang/StringIndexOutOfBoundsException";

static bool index_error(slot index) { return throw_new(outside, "String index out of range: %" PRId32, index); }

NATIVE(string_init)
{
	UNUSED;
	if (!a[1])
		return throw_null();
	at((ref)a[0])->data[STRING_CHARS] = at((ref)a[1])->data[STRING_CHARS];
	return true;
}

/* String, char[], offset, count. */
NATIVE(string_init_part)
{
	UNUSED;
	if (!a[1])
		return throw_null();
	uint32_t length = at((ref)a[1])->length, offset = (uint32_t)a[2], n = (uint32_t)a[3];
	if (a[2] < 0 || a[3] < 0 || offset > length || n > length - offset)
		return throw_new(outside, "offset %" PRId32 ", count %" PRId32 ", length %" PRIu32, a[2], a[3], length);
	ref array = chars_new(n);
	if (array)
		memcpy(at(array)->data, chars(at((ref)a[1])) + offset, n * sizeof(uint16_t));
	return give(&at((ref)a[0])->data[STRING_CHARS], array);
}

NATIVE(string_init_chars)
{
	slot all[] = { a[0], a[1], 0, a[1] ? (slot)at((ref)a[1])->length : 0 };
	return string_init_part(method, all);
}

NATIVE(string_length) { UNUSED; a[0] = (slot)chars_of((ref)a[0])->length; return true; }
NATIVE(string_is_empty) { UNUSED; a[0] = chars_of((ref)a[0])->length == 0; return true; }

NATIVE(string_char_at)
{
	struct object *text = chars_of((ref)a[0]);
	UNUSED;
	if ((uint32_t)a[1] >= text->length)
		return index_error(a[1]);
	a[0] = chars(text)[a[1]];
	return true;
}

static uint16_t lower(uint16_t c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }
static uint16_t upper(uint16_t c) { return c >= 'a' && c <= 'z' ? c - 32 : c; }

static bool begins(struct object *text, uint32_t from, struct object *with)
{
	return with->length <= text->length - from && memcmp(chars(text) + from, with->data, with->length * sizeof(uint16_t)) == 0;
}

NATIVE(string_equals)
{
	UNUSED;
	bool equal = is_string(a[1]);
	if (equal) {
		struct object *x = chars_of((ref)a[0]), *y = chars_of((ref)a[1]);
		equal = x->length == y->length && begins(x, 0, y);
	}
	a[0] = equal;
	return true;
}

NATIVE(string_equals_any_case)
{
	struct object *x = chars_of((ref)a[0]), *y = a[1] ? chars_of((ref)a[1]) : NULL;
	bool equal = y && x->length == y->length;
	UNUSED;
	for (uint32_t i = 0; equal && i < x->length; i++)
		equal = lower(chars(x)[i]) == lower(chars(y)[i]);
	a[0] = equal;
	return true;
}

NATIVE(string_hash)
{
	struct object *text = chars_of((ref)a[0]);
	uint32_t hash = 0;
	UNUSED;
	for (uint32_t i = 0; i < text->length; i++)
		hash = 31 * hash + chars(text)[i];
	a[0] = (slot)hash;
	return true;
}

NATIVE(string_compare)
{
	UNUSED;
	if (!a[1])
		return throw_null();
	struct object *x = chars_of((ref)a[0]), *y = chars_of((ref)a[1]);
	uint32_t n = x->length < y->length ? x->length : y->length, i = 0;
	while (i < n && chars(x)[i] == chars(y)[i])
		i++;
	a[0] = i < n ? chars(x)[i] - chars(y)[i] : (slot)(x->length - y->length);
	return true;
}

/* String, from, to. */
NATIVE(string_part)
{
	struct object *text = chars_of((ref)a[0]);
	UNUSED;
	if (a[1] < 0 || a[1] > a[2] || (uint32_t)a[2] > text->length)
		return throw_new(outside, "begin %" PRId32 ", end %" PRId32 ", length %" PRIu32, a[1], a[2], text->length);
	return give(a, string_new(chars(text) + a[1], (uint32_t)(a[2] - a[1])));
}

NATIVE(string_from_index)
{
	slot all[] = { a[0], a[1], (slot)chars_of((ref)a[0])->length };
	return string_part(method, all) && give(a, (ref)all[0]);
}

NATIVE(string_index_of_char)
{
	struct object *text = chars_of((ref)a[0]);
	slot found = -1;
	UNUSED;
	for (uint32_t i = 0; i < text->length && found < 0; i++)
		if (chars(text)[i] == a[1])
			found = (slot)i;
	a[0] = found;
	return true;
}

static slot index_of(struct object *text, struct object *what)
{
	for (uint32_t i = 0; i + what->length <= text->length; i++)
		if (begins(text, i, what))
			return (slot)i;
	return -1;
}

NATIVE(string_index_of)
{
	UNUSED;
	if (!a[1])
		return throw_null();
	a[0] = index_of(chars_of((ref)a[0]), chars_of((ref)a[1]));
	return true;
}

NATIVE(string_contains)
{
	UNUSED;
	if (!a[1])
		return throw_null();
	if (!string_of(&a[1]))
		return false;
	a[0] = index_of(chars_of((ref)a[0]), chars_of((ref)a[1])) >= 0;
	return true;
}

NATIVE(string_starts)
{
	UNUSED;
	if (!a[1])
		return throw_null();
	a[0] = begins(chars_of((ref)a[0]), 0, chars_of((ref)a[1]));
	return true;
}

NATIVE(string_ends)
{
	UNUSED;
	if (!a[1])
		return throw_null();
	struct object *text = chars_of((ref)a[0]), *end = chars_of((ref)a[1]);
	a[0] = end->length <= text->length && begins(text, text->length - end->length, end);
	return true;
}

NATIVE(string_concat)
{
	UNUSED;
	if (!a[1])
		return throw_null();
	uint32_t n = chars_of((ref)a[0])->length, k = chars_of((ref)a[1])->length;
	ref array = chars_new(n + k);
	if (!array)
		return false;
	memcpy(chars(at(array)), chars_of((ref)a[0])->data, n * sizeof(uint16_t));
	memcpy(chars(at(array)) + n, chars_of((ref)a[1])->data, k * sizeof(uint16_t));
	return give(a, string_around(array));
}

NATIVE(string_trim)
{
	struct object *text = chars_of((ref)a[0]);
	uint32_t from = 0, to = text->length;
	UNUSED;
	while (from < to && chars(text)[from] <= ' ')
		from++;
	while (from < to && chars(text)[to - 1] <= ' ')
		to--;
	return give(a, string_new(chars(text) + from, to - from));
}

static bool each_char(slot *a, uint16_t (*change)(uint16_t))
{
	uint32_t n = chars_of((ref)a[0])->length;
	ref string = string_new(chars(chars_of((ref)a[0])), n);
	for (uint32_t i = 0; string && i < n; i++)
		chars(chars_of(string))[i] = change(chars(chars_of(string))[i]);
	return give(a, string);
}

NATIVE(string_upper) { UNUSED; return each_char(a, upper); }
NATIVE(string_lower) { UNUSED; return each_char(a, lower); }

NATIVE(string_to_chars)
{
	uint32_t n = chars_of((ref)a[0])->length;
	ref array = chars_new(n);
	UNUSED;
	if (array)
		memcpy(at(array)->data, chars_of((ref)a[0])->data, n * sizeof(uint16_t));
	return give(a, array);
}

/* ---- numbers read ------------------------------------------------------------------------- */

static bool not_a_number(struct object *text)
{
	char shown[128];
	uint32_t n = 0;
	for (; n < text->length && n < sizeof(shown) - 1; n++)
		shown[n] = (char)(chars(text)[n] < 0x80 ? chars(text)[n] : '?');
	shown[n] = '\0';
	return throw_new("java/lang/NumberFormatException", "For input string: \"%s\"", shown);
}

/* A sign or none, digits; at most most, or one more if negative. */
static bool parse(ref string, uint64_t most, int64_t *value)
{
	if (!string)
		return throw_new("java/lang/NumberFormatException", "Cannot parse null string");
	struct object *text = chars_of(string);
	const uint16_t *c = chars(text), *end = c + text->length;
	bool negative = c < end && *c == '-';
	uint64_t all = 0, limit = most + negative;
	c += c < end && (*c == '-' || *c == '+');
	if (c == end)
		return not_a_number(text);
	for (; c < end; c++) {
		uint64_t digit = *c - (uint64_t)'0';
		if (digit > 9 || all > (limit - digit) / 10)
			return not_a_number(text);
		all = 10 * all + digit;
	}
	*value = (int64_t)(negative ? 0 - all : all);
	return true;
}

NATIVE(parse_int)
{
	int64_t value;
	UNUSED;
	if (!parse((ref)a[0], INT32_MAX, &value))
		return false;
	a[0] = (slot)value;
	return true;
}

NATIVE(parse_long)
{
	int64_t value;
	UNUSED;
	if (!parse((ref)a[0], INT64_MAX, &value))
		return false;
	memcpy(a, &value, sizeof(value));
	return true;
}

/* ---- StringBuilder --------------------------------------------------------------------------- */

static struct object *builder(const slot *a) { return at((ref)a[0]); }
static uint32_t length_of(const slot *a) { return (uint32_t)builder(a)->data[BUILDER_LENGTH]; }

/* Room for more; what has been there stays. */
static bool reserve(const slot *a, uint32_t more)
{
	uint32_t length = length_of(a), room = chars_of((ref)a[0])->length;
	if (more <= room - length)
		return true;
	uint64_t wanted = (uint64_t)length + more > 2 * (uint64_t)room + 16 ? (uint64_t)length + more : 2 * (uint64_t)room + 16;
	ref array = wanted <= INT32_MAX ? chars_new((uint32_t)wanted) : chars_new(INT32_MAX);
	if (!array)
		return false;
	memcpy(at(array)->data, chars_of((ref)a[0])->data, length * sizeof(uint16_t));
	builder(a)->data[BUILDER_CHARS] = (slot)array;
	return true;
}

/* The text is not in an object, or in one that is reached otherwise. */
static bool insert(const slot *a, uint32_t where, const struct text *t)
{
	if (!reserve(a, t->n))
		return false;
	uint16_t *to = chars(chars_of((ref)a[0]));
	memmove(to + where + t->n, to + where, (length_of(a) - where) * sizeof(*to));
	memcpy(to + where, t->chars, t->n * sizeof(*to));
	builder(a)->data[BUILDER_LENGTH] += (slot)t->n;
	return true;
}

NATIVE(builder_append)
{
	struct text t;
	return text_of(&t, method->descriptor->text + 1, &a[1]) && insert(a, length_of(a), &t);
}

NATIVE(builder_insert)
{
	struct text t;
	if ((uint32_t)a[1] > length_of(a))
		return throw_new(outside, "offset %" PRId32 ", length %" PRIu32, a[1], length_of(a));
	return text_of(&t, method->descriptor->text + 2, &a[2]) && insert(a, (uint32_t)a[1], &t);
}

NATIVE(builder_to_string) { UNUSED; return give(a, string_new(chars(chars_of((ref)a[0])), length_of(a))); }
NATIVE(builder_length) { UNUSED; a[0] = (slot)length_of(a); return true; }

/* Where a char is; NULL: thrown. */
static uint16_t *char_in(const slot *a)
{
	if ((uint32_t)a[1] < length_of(a))
		return &chars(chars_of((ref)a[0]))[a[1]];
	throw_new(outside, "index %" PRId32 ", length %" PRIu32, a[1], length_of(a));
	return NULL;
}

NATIVE(builder_char_at)
{
	const uint16_t *c = char_in(a);
	UNUSED;
	if (c)
		a[0] = *c;
	return c != NULL;
}

NATIVE(builder_set_char)
{
	uint16_t *c = char_in(a);
	UNUSED;
	if (c)
		*c = (uint16_t)a[2];
	return c != NULL;
}

NATIVE(builder_delete_char)
{
	uint16_t *c = char_in(a);
	UNUSED;
	if (!c)
		return false;
	memmove(c, c + 1, (length_of(a) - (uint32_t)a[1] - 1) * sizeof(*c));
	builder(a)->data[BUILDER_LENGTH]--;
	return true;
}

NATIVE(builder_set_length)
{
	uint32_t length = length_of(a);
	UNUSED;
	if (a[1] < 0)
		return index_error(a[1]);
	if ((uint32_t)a[1] > length && !reserve(a, (uint32_t)a[1] - length))
		return false;
	if ((uint32_t)a[1] > length)
		memset(chars(chars_of((ref)a[0])) + length, 0, ((uint32_t)a[1] - length) * sizeof(uint16_t));
	builder(a)->data[BUILDER_LENGTH] = a[1];
	return true;
}

/* Pairs stay as they were. */
NATIVE(builder_reverse)
{
	uint16_t *c = chars(chars_of((ref)a[0]));
	UNUSED;
	for (uint32_t i = 0, n = length_of(a); i < n / 2; i++) {
		uint16_t other = c[i];
		c[i] = c[n - 1 - i];
		c[n - 1 - i] = other;
	}
	for (uint32_t i = 0; i + 1 < length_of(a); i++)
		if (c[i] >> 10 == 0x37 && c[i + 1] >> 10 == 0x36) {
			uint16_t second = c[i];
			c[i] = c[i + 1];
			c[++i] = second;
		}
	return true;
}

/* ---- strings joined -------------------------------------------------------------------------- */

/* The recipe is text; where it has char 1, the next argument goes.  A StringBuilder on the stack keeps what
 * there is so far. */
bool string_join(const struct constant *dynamic, slot *a)
{
	slot *made = vm.sp;
	const char *type = dynamic->descriptor->text + 1;
	char kind;
	struct text t;
	*made = (slot)heap_new(class_named("java/lang/StringBuilder"), 0);
	if (!*made)
		return false;
	vm.sp++;
	slot *next = a;
	for (const char *c = dynamic->symbol->text; *c;) {
		c = next_char(c, &t.room[0]);
		if (t.room[0] == 1) {
			if (!text_of(&t, *type == '[' ? "L" : type, next))
				return false;
			type = type_next(type, &kind);
			next += kind == 'J' ? 2 : 1;
		} else {
			t.chars = t.room;
			t.n = 1;
		}
		if (!insert(made, length_of(made), &t))
			return false;
	}
	return builder_to_string(NULL, made) && give(a, (ref)*made);
}
