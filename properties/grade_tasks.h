/* The tasks of a rubric in a grade: each judged (task.h), made a test with its points and, if it is not passed, a
 * lesson.  Called by grade.c.
 */
#ifndef DROSTE_GRADE_TASKS_H
#define DROSTE_GRADE_TASKS_H

#include "properties/grade.h"

/* Adds the tests of all tasks, and their points.  False if out of memory. */
bool grade_tasks(struct grade *grade, const struct grade_case *c);

#endif
