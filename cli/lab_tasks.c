/* What `droste lab check` says of tasks: each in a few lines, the place first.  See lab.h. */

#include "lab.h"

#include <stdio.h>

#include "inspector/words.h"

static bool is_failed(const struct grade_test *test)
{
	return test->section >= PROPERTIES && test->state != TEST_PASSED;
}

/* Nobody has answered it yet, so nothing is wrong with it. */
static bool is_open(const struct grade_test *test)
{
	return is_failed(test) && test->lesson && test->lesson->fault == &fault_classes[FAULT_OPEN];
}

static void put_line(const char *head, const char *text)
{
	if (text && *text)
		printf("    %-6s %s\n", _(head), text);
}

/* The same is to be said of both. */
static bool are_alike(const struct grade_test *a, const struct grade_test *b)
{
	return is_failed(a) && is_failed(b) && (a->section == b->section || lesson_is_of_file(a->lesson)) &&
	       lessons_agree(a->lesson, b->lesson);
}

static bool is_said(const struct grade *grade, unsigned i)
{
	for (unsigned before = 0; before < i; before++)
		if (are_alike(&grade->test[before], &grade->test[i]))
			return true;
	return false;
}

#define NAMED_MOST 5

/* "trap: first, second and 3 more"; a missing file is of no part. */
static void put_names(const struct grade *grade, const struct grade_test *test)
{
	unsigned more = 0;
	putchar('\n');
	if (!lesson_is_of_file(test->lesson))
		printf("%s: ", grade_section_name(grade, test->section));
	fputs(test->name, stdout);
	for (const struct grade_test *other = test + 1; other < grade->test + grade->tests; other++)
		if (are_alike(test, other) && more++ < NAMED_MOST - 1)
			printf(", %s", other->name);
	if (more >= NAMED_MOST)
		printf(_(" and %u more"), more - NAMED_MOST + 1);
	puts(test->state == TEST_PARTLY ? _(", right in part") : "");
}

static void put_task(const struct lab *lab, const struct grade *grade, const struct grade_test *test)
{
	const struct lab_hint *hint = lab_find_hint(lab, test);
	const struct lesson *lesson = test->lesson;
	put_names(grade, test);
	if (!lesson) {
		put_line("", test->note);
		return;
	}
	printf("    %s\n", lesson->what);
	put_line(N_("hint"), hint ? _(hint->say) : NULL);
	put_line(N_("in"), lesson->part);
	put_line(N_("again"), lesson->again);
	if (!lesson_is_of_file(test->lesson))
		put_line(N_("read"), _(lesson_read(lesson)));
}

static void put_open(const struct grade *grade, unsigned open)
{
	const char *between = "";
	printf(words_n("\n%u question without an answer yet: ", "\n%u questions without an answer yet: ", open), open);
	for (unsigned i = 0; i < grade->tests; i++)
		if (is_open(&grade->test[i])) {
			printf("%s%s", between, grade->test[i].name);
			between = ", ";
		}
	putchar('\n');
}

void lab_put_tasks(const struct lab *lab, const struct grade *grade)
{
	unsigned open = 0;
	for (unsigned i = 0; i < grade->tests; i++) {
		const struct grade_test *test = &grade->test[i];
		open += is_open(test);
		if (is_failed(test) && !is_open(test) && !is_said(grade, i))
			put_task(lab, grade, test);
	}
	if (open)
		put_open(grade, open);
}
