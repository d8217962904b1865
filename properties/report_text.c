/* The report that a person reads in a terminal, and the words that all reports share.  See
 * report.h. */

#include "report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const struct report_format report_formats[] = {
	{ "text", "report.txt", "a person", report_text },
	{ "html", "report.html", "a browser", report_html },
	{ "json", "grade.json", "droste grade --merge, and scripts", report_json },
	{ "junit", "junit.xml", "Jenkins, GitLab and other CI", report_junit },
	{ "tap", "report.tap", "a TAP harness, such as prove", report_tap },
	{ "gradescope", "gradescope/results.json", "Gradescope", report_gradescope },
	{ "prairielearn", "prairielearn/results.json", "PrairieLearn", report_prairielearn },
	{ "classroom50", "classroom50/result.json", "Classroom 50", report_classroom50 },
	{ "autolab", "autolab.txt", "Autolab: the last line of the output", report_autolab },
	{ 0 },
};

/* ---- shared words ------------------------------------------------------- */

const char *report_hidden_name(const struct grade_test *test) { return test->section < PROPERTIES ? "hidden guests" : "hidden tasks"; }

void report_test_name(const struct grade *grade, const struct grade_test *test, char *to, size_t room)
{
	const char *what = test->hidden && !strcmp(test->name, "hidden") ? report_hidden_name(test) : test->name;
	snprintf(to, room, "%s: %s", grade_section_name(grade, test->section), what);
}

static void put(FILE *to, const char *head, const char *text)
{
	if (text && *text)
		fprintf(to, "%-12s%s\n", head, text);
}

void report_lesson_parts(const struct grade *grade, unsigned section, const struct lesson *lesson, FILE *to)
{
	struct creed creed = grade_section_creed(grade, section);
	fprintf(to, "%-12s%s: %s\n", section < PROPERTIES ? "property" : "part", grade_section_name(grade, section), creed.sentence);
	put(to, "happened", lesson->what);
	put(to, "in", lesson->part);
	put(to, "in monitor/", lesson->ours);
	put(to, "guest at", lesson->source);
	put(to, "correct", lesson->correct);
	put(to, "open", lesson->open);
	put(to, "again", lesson->again);
	bool more = *creed.source && strcmp(creed.source, lesson_read(lesson)) != 0;
	fprintf(to, "%-12s%s%s%s\n", "read", lesson_read(lesson), more ? "; " : "", more ? creed.source : "");
	if (lesson->detail && *lesson->detail)
		fprintf(to, "\n%s", lesson->detail);
}

const struct grade_test *report_told_before(const struct grade *grade, const struct grade_test *test)
{
	for (const struct grade_test *before = grade->test; lesson_is_of_file(test->lesson) && before < test; before++)
		if (lessons_agree(before->lesson, test->lesson))
			return before;
	return NULL;
}

void report_lesson(const struct grade *grade, const struct grade_test *test, FILE *to)
{
	const struct grade_test *before = report_told_before(grade, test);
	if (test->note[0])
		fprintf(to, "%s\n", test->note);
	if (before)
		fprintf(to, "%-12s%s, as for %s\n", "happened", test->lesson->what, before->name);
	else if (test->lesson)
		report_lesson_parts(grade, test->section, test->lesson, to);
	else if (test->hidden && test->state != TEST_PASSED)
		fprintf(to, "%s: %s\n", grade_section_name(grade, test->section), grade_section_creed(grade, test->section).sentence);
}

char *report_lesson_text(const struct grade *grade, const struct grade_test *test)
{
	char *text = NULL;
	size_t n;
	FILE *to = open_memstream(&text, &n);
	if (to) {
		report_lesson(grade, test, to);
		fclose(to);
	}
	return text;
}

json_t *report_points(unsigned hundredths) { return json_real(hundredths / 100.0); }

void report_document(json_t *document, FILE *to)
{
	json_dumpf(document, to, JSON_INDENT(1) | JSON_REAL_PRECISION(10));
	fputc('\n', to);
	json_decref(document);
}

/* ---- the report --------------------------------------------------------- */

static void print_summary(const struct grade *grade, FILE *to)
{
	for (unsigned section = 0; section < grade->sections; section++) {
		unsigned worth = grade->points[section], earned = grade->earned[section];
		unsigned bar = worth ? 20 * earned / worth : 0;
		if (worth == 0)
			continue;
		fprintf(to, "  %-12s %6.2f of %6.2f  [%.*s%.*s]%s\n", grade_section_name(grade, section), earned / 100.0, worth / 100.0, (int)bar,
		        "####################", (int)(20 - bar), "....................",
		        grade->capped[section] ? "  half at most: a required guest fails" : "");
	}
	fprintf(to, "  %-12s %6.2f of %6.2f\n", "in all", grade->total_earned / 100.0, grade->total / 100.0);
}

static void print_indented(const char *text, FILE *to)
{
	for (const char *end; *text; text = end + (*end == '\n')) {
		end = strchrnul(text, '\n');
		fprintf(to, "%s%.*s\n", end > text ? "    " : "", (int)(end - text), text);
	}
}

static void print_test(const struct grade *grade, const struct grade_test *test, FILE *to)
{
	char name[96];
	report_test_name(grade, test, name, sizeof(name));
	fprintf(to, "\n%s %s, %.2f of %.2f\n", name, test_state_names[test->state], test->earned / 100.0, test->worth / 100.0);
	char *text = report_lesson_text(grade, test);
	if (text)
		print_indented(text, to);
	free(text);
}

static void print_nesting(const struct grade *grade, FILE *to)
{
	if (grade->nesting[0].instructions == 0)
		return;
	fprintf(to, "\nExits of the real machine for a privileged instruction of %s, by depth (least):\n", grade->nesting_guest);
	for (unsigned depth = 1; depth <= GRADE_DEPTHS && grade->nesting[depth - 1].instructions; depth++)
		fprintf(to, "  %u: %.2f (%u)\n", depth,
		        (double)grade->nesting[depth - 1].exits / (double)grade->nesting[depth - 1].instructions, 1u << (depth - 1));
}

static void print_head(const struct grade *grade, FILE *to)
{
	fprintf(to, "%s: %s\n", grade->title, grade->name);
	fprintf(to, "droste %s, rubric %016" PRIx64 ", submission %016" PRIx64 ", seed %" PRIu64 "\n", DROSTE_VERSION, grade->rubric_hash,
	        grade->submission_hash, grade->seed);
	if (grade->revealed)
		fputs("hidden guests are shown: this report is not for students\n", to);
	if (grade->cut)
		fputs("GRADING WAS CUT OFF: what follows is what had been decided by then\n", to);
	fputc('\n', to);
}

void report_text(const struct grade *grade, const char *when, FILE *to)
{
	unsigned passed = 0;
	(void)when;
	print_head(grade, to);
	print_summary(grade, to);
	if (grade->refused) {
		fputc('\n', to);
		report_lesson_parts(grade, PROPERTY_EQUIVALENCE, grade->refused, to);
	}
	print_nesting(grade, to);
	for (unsigned i = 0; i < grade->tests; i++) {
		passed += grade->test[i].state == TEST_PASSED;
		if (grade->test[i].state != TEST_PASSED && (!grade->refused || grade->test[i].section >= PROPERTIES))
			print_test(grade, &grade->test[i], to);
	}
	fprintf(to, "\n%u of %u tests passed\n", passed, grade->tests);
}
