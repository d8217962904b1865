/* Values taken out of a rubric's JSON, each refused at its place if it is not what is wanted there.
 * Called by rubric.c and task_parse.c.
 */
#ifndef DROSTE_RUBRIC_READ_H
#define DROSTE_RUBRIC_READ_H

#include <jansson.h>

#include "properties/rubric.h"

/* Where the reading stands; at names the place for whoever is told what is wrong. */
struct reading {
	struct rubric *rubric;
	struct rubric_guest *guest; /* being read, or NULL */
	struct task *task;          /* likewise */
	struct truth *truth;        /* of the task, or of one of its known mistakes */
	struct task_run *run;       /* likewise */
	char at[96];
	struct refusal *why;
};

/* Says what is wrong, and returns false. */
bool reading_refuse(const struct reading *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

bool take_number(const struct reading *r, const char *key, const json_t *value, uint64_t least, uint64_t most, uint64_t *to);
bool take_unsigned(const struct reading *r, const char *key, const json_t *value, uint64_t least, uint64_t most, unsigned *to);
bool take_bool(const struct reading *r, const char *key, const json_t *value, bool *to);

/* Text as reports show it: printable ASCII. */
bool take_text(const struct reading *r, const char *key, const json_t *value, char *to, size_t room);

/* A path, from strdup. */
bool take_path(const struct reading *r, const char *key, const json_t *value, char **to);

/* A table of keys for each kind of object. */
struct key {
	const char *name;
	bool (*take)(struct reading *r, const char *key, const json_t *value);
};

bool take_object(struct reading *r, const json_t *object, const struct key *keys);

#endif
