/* Tasks in a grade.  See grade_tasks.h. */

#include "grade_tasks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grade_text.h"

static const enum fault faults[] = {
	[TASK_RIGHT] = FAULT_NONE,
	[TASK_NO_FILE] = FAULT_NO_FILE,
	[TASK_NO_ANSWER] = FAULT_NO_ANSWER,
	[TASK_OPEN] = FAULT_OPEN,
	[TASK_UNREADABLE] = FAULT_UNREADABLE,
	[TASK_WRONG] = FAULT_WRONG_ANSWER,
	[TASK_VERDICT] = FAULT_OTHER_VERDICT,
	[TASK_COPY] = FAULT_SHIPPED_PROFILE,
	[TASK_RUN] = FAULT_NO_END,
	[TASK_COMPARE] = FAULT_RUNS_COMPARED,
	[TASK_LOCKED] = FAULT_LOCKED,
	[TASK_CUT] = FAULT_NONE,
};

/* Hundredths, to the nearest. */
static unsigned earned(const struct task *task, const struct task_verdict *v)
{
	return (unsigned)((UINT64_C(100) * task->points * v->share + TASK_WHOLE / 2) / TASK_WHOLE);
}

static void replace(char **text, const char *by)
{
	if (!*by)
		return;
	free(*text);
	*text = text_plain(by, 0);
}

static struct lesson *lesson_of_task(const struct task *task, const struct task_verdict *v)
{
	struct lesson *lesson = lesson_named(faults[v->fault], v->what);
	if (!lesson)
		return NULL;
	replace(&lesson->part, v->where);
	replace(&lesson->again, v->again);
	replace(&lesson->read, task->read);
	return lesson;
}

static bool publish(struct grade *grade, const struct task *task, const struct task_verdict *v)
{
	struct grade_test *test = grade_add_test(grade, PROPERTIES + task->part);
	if (!test)
		return false;
	snprintf(test->name, sizeof(test->name), "%s", task->name);
	test->weight = task->points;
	test->worth = 100 * task->points;
	test->earned = earned(task, v);
	test->state = v->fault == TASK_CUT ? TEST_CUT : v->share == TASK_WHOLE ? TEST_PASSED : v->share ? TEST_PARTLY : TEST_FAILED;
	test->hidden = task->hidden;
	if (v->fault == TASK_CUT)
		snprintf(test->note, sizeof(test->note), "%.150s", v->what);
	else if (v->fault != TASK_RIGHT)
		test->lesson = lesson_of_task(task, v);
	return true;
}

/* All hidden tasks of a part as one, without a word of what they ask. */
static bool publish_hidden(struct grade *grade, const struct tasks *tasks, const struct task_verdict *verdicts, unsigned part)
{
	struct grade_test *test = NULL;
	for (unsigned i = 0; i < tasks->n; i++) {
		const struct task *task = &tasks->task[i];
		if (task->part != part || !task->hidden)
			continue;
		if (!test && !(test = grade_add_test(grade, PROPERTIES + part)))
			return false;
		test->weight += task->points;
		test->worth += 100 * task->points;
		test->earned += earned(task, &verdicts[i]);
	}
	if (!test)
		return true;
	snprintf(test->name, sizeof(test->name), "hidden");
	test->hidden = true;
	test->state = test->earned == test->worth ? TEST_PASSED : test->earned ? TEST_PARTLY : grade->cut ? TEST_CUT : TEST_FAILED;
	return true;
}

static bool publish_part(struct grade *grade, const struct grade_case *c, const struct task_verdict *verdicts, unsigned part)
{
	const struct tasks *tasks = &c->rubric->tasks;
	unsigned section = PROPERTIES + part;
	for (unsigned i = 0; i < tasks->n; i++) {
		const struct task *task = &tasks->task[i];
		if (task->part != part)
			continue;
		grade->points[section] += 100 * task->points;
		grade->earned[section] += earned(task, &verdicts[i]);
		grade->cut |= verdicts[i].fault == TASK_CUT;
		if ((!task->hidden || c->reveal) && !publish(grade, task, &verdicts[i]))
			return false;
	}
	grade->total += grade->points[section];
	grade->total_earned += grade->earned[section];
	return c->reveal || publish_hidden(grade, tasks, verdicts, part);
}

bool grade_tasks(struct grade *grade, const struct grade_case *c)
{
	const struct tasks *tasks = &c->rubric->tasks;
	struct task_verdict *verdicts = tasks->n > 0 ? calloc(tasks->n, sizeof(*verdicts)) : NULL;
	if (tasks->n == 0)
		return true;
	bool good = verdicts && tasks_judge(&c->tasks, verdicts);
	for (unsigned part = 0; part < tasks->parts && good; part++)
		good = publish_part(grade, c, verdicts, part);
	free(verdicts);
	return good;
}
