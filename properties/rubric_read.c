/* Values of a rubric.  See rubric_read.h. */

#include "rubric_read.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool reading_refuse(const struct reading *r, const char *format, ...)
{
	char text[160];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	snprintf(r->why->text, sizeof(r->why->text), "%.90s: %.150s", r->at, text);
	for (char *c = r->why->text; *c; c++)
		*c = iscntrl((unsigned char)*c) ? '?' : *c; /* it quotes what it refuses, on one line */
	return false;
}

bool take_number(const struct reading *r, const char *key, const json_t *value, uint64_t least, uint64_t most, uint64_t *to)
{
	json_int_t n = json_integer_value(value);
	if (!json_is_integer(value) || n < 0 || (uint64_t)n < least || (uint64_t)n > most)
		return reading_refuse(r, "\"%s\" wants a whole number from %" PRIu64 " to %" PRIu64, key, least, most);
	*to = (uint64_t)n;
	return true;
}

bool take_unsigned(const struct reading *r, const char *key, const json_t *value, uint64_t least, uint64_t most, unsigned *to)
{
	uint64_t n = 0;
	if (!take_number(r, key, value, least, most, &n))
		return false;
	*to = (unsigned)n;
	return true;
}

bool take_bool(const struct reading *r, const char *key, const json_t *value, bool *to)
{
	*to = json_is_true(value);
	return json_is_boolean(value) || reading_refuse(r, "\"%s\" wants true or false", key);
}

bool take_text(const struct reading *r, const char *key, const json_t *value, char *to, size_t room)
{
	const char *text = json_string_value(value);
	if (!text || !*text || strlen(text) >= room)
		return reading_refuse(r, "\"%s\" wants a text of 1 to %zu bytes", key, room - 1);
	for (const char *c = text; *c; c++)
		if (*c < ' ' || *c > '~')
			return reading_refuse(r, "\"%s\" wants printable ASCII only", key);
	strcpy(to, text);
	return true;
}

bool take_path(const struct reading *r, const char *key, const json_t *value, char **to)
{
	if (!json_is_string(value) || json_string_length(value) == 0)
		return reading_refuse(r, "\"%s\" wants a path", key);
	free(*to);
	*to = strdup(json_string_value(value));
	return *to || reading_refuse(r, "no memory");
}

bool take_object(struct reading *r, const json_t *object, const struct key *keys)
{
	const char *name;
	json_t *value;
	if (!json_is_object(object))
		return reading_refuse(r, "an object is wanted here");
	json_object_foreach((json_t *)object, name, value) {
		const struct key *key = keys;
		while (key->name && strcmp(key->name, name) != 0)
			key++;
		if (!key->name)
			return reading_refuse(r, "there is no key \"%.40s\": see docs/rubric.schema.json", name);
		if (!key->take(r, name, value))
			return false;
	}
	return true;
}
