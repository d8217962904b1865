/* The keys of a rubric that are about tasks (task.h).  Called by rubric.c. */
#ifndef DROSTE_TASK_PARSE_H
#define DROSTE_TASK_PARSE_H

#include "properties/rubric_read.h"

bool tasks_parse_parts(struct reading *r, const char *key, const json_t *value);
bool tasks_parse(struct reading *r, const char *key, const json_t *value);
bool tasks_parse_answers(struct reading *r, const char *key, const json_t *value);

#endif
