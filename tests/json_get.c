/* Prints one value of a JSON document on standard input, for cli.sh: json_get
 * KEY... goes down by key or, in arrays, by number; without keys it only reads
 * the document.  Exits with 1 if it is no document or has no such value.
 */

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

static const json_t *inside(const json_t *value, const char *key)
{
	return json_is_array(value) ? json_array_get(value, strtoul(key, NULL, 10)) : json_object_get(value, key);
}

int main(int argc, char **argv)
{
	json_t *document = json_loadf(stdin, JSON_REJECT_DUPLICATES, NULL);
	const json_t *value = document;
	for (int i = 1; i < argc && value; i++)
		value = inside(value, argv[i]);
	if (!value)
		return 1;
	if (json_is_string(value))
		puts(json_string_value(value));
	else
		json_dumpf(value, stdout, JSON_ENCODE_ANY | JSON_COMPACT);
	json_decref(document);
	return 0;
}
