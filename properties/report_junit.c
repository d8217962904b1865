/* A grade as JUnit XML and as TAP 14.  See report.h. */

#include "report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "grade_text.h"

/* ---- JUnit -------------------------------------------------------------- */

/* By the schema of Jenkins' own plug-in: testsuites, testsuite, properties, testcase, error
 * (not run) or failure.  No times: they would differ from machine to machine. */

static void put_attribute(FILE *to, const char *name, const char *value)
{
	fprintf(to, " %s=\"", name);
	text_markup(value, to);
	fputc('"', to);
}

static void put_case(const struct grade *grade, const struct grade_test *test, FILE *to)
{
	char *text = report_lesson_text(grade, test);
	fputs("    <testcase", to);
	put_attribute(to, "classname", grade_section_name(grade, test->section));
	put_attribute(to, "name", test->name);
	if (test->state == TEST_PASSED) {
		fputs("/>\n", to);
	} else {
		const char *element = test->state == TEST_CUT ? "error" : "failure";
		const char *message = test->lesson ? test->lesson->what : test->note;
		fprintf(to, ">\n      <%s", element);
		put_attribute(to, "message", *message ? message : test_state_names[test->state]);
		put_attribute(to, "type", test->lesson ? test->lesson->fault->name : test_state_names[test->state]);
		fputc('>', to);
		text_markup(text ? text : "", to);
		fprintf(to, "</%s>\n    </testcase>\n", element);
	}
	free(text);
}

static void count(const struct grade *grade, int section, unsigned *tests, unsigned *failures, unsigned *errors)
{
	for (unsigned i = 0; i < grade->tests; i++) {
		const struct grade_test *test = &grade->test[i];
		if (section >= 0 && test->section != (unsigned)section)
			continue;
		++*tests;
		*failures += test->state == TEST_FAILED || test->state == TEST_PARTLY;
		*errors += test->state == TEST_CUT;
	}
}

static void put_counts(const struct grade *grade, int section, FILE *to)
{
	unsigned tests = 0, failures = 0, errors = 0;
	count(grade, section, &tests, &failures, &errors);
	fprintf(to, " tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"0\"", tests, failures, errors);
}

static void put_property(FILE *to, const char *name, const char *value)
{
	fputs("      <property", to);
	put_attribute(to, "name", name);
	put_attribute(to, "value", value);
	fputs("/>\n", to);
}

static void put_properties(const struct grade *grade, unsigned section, FILE *to)
{
	char text[32];
	fputs("    <properties>\n", to);
	put_property(to, "droste", DROSTE_VERSION);
	snprintf(text, sizeof(text), "%016" PRIx64, grade->rubric_hash);
	put_property(to, "rubric", text);
	snprintf(text, sizeof(text), "%016" PRIx64, grade->submission_hash);
	put_property(to, "submission", text);
	snprintf(text, sizeof(text), "%" PRIu64, grade->seed);
	put_property(to, "seed", text);
	snprintf(text, sizeof(text), "%.2f of %.2f", grade->earned[section] / 100.0, grade->points[section] / 100.0);
	put_property(to, "points", text);
	fputs("    </properties>\n", to);
}

static void put_suite(const struct grade *grade, unsigned section, FILE *to)
{
	fputs("  <testsuite", to);
	put_attribute(to, "name", grade_section_name(grade, section));
	put_counts(grade, (int)section, to);
	fputs(">\n", to);
	put_properties(grade, section, to);
	for (unsigned i = 0; i < grade->tests; i++)
		if (grade->test[i].section == section)
			put_case(grade, &grade->test[i], to);
	fputs("  </testsuite>\n", to);
}

void report_junit(const struct grade *grade, const char *when, FILE *to)
{
	(void)when;
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites", to);
	put_attribute(to, "name", grade->title);
	put_counts(grade, -1, to);
	fputs(">\n", to);
	for (unsigned section = 0; section < grade->sections; section++)
		put_suite(grade, section, to);
	fputs("</testsuites>\n", to);
}

/* ---- TAP ---------------------------------------------------------------- */

/* In a description, # would begin a directive and \ an escape. */
static void put_description(const char *text, FILE *to)
{
	for (; *text; text++) {
		if (*text == '#' || *text == '\\')
			fputc('\\', to);
		fputc(*text, to);
	}
}

/* A YAML scalar in double quotes, which JSON's strings are. */
static void put_scalar(const char *name, const char *text, FILE *to)
{
	json_t *string = json_string(text);
	fprintf(to, "  %s: ", name);
	json_dumpf(string, to, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
	fputc('\n', to);
	json_decref(string);
}

static void put_point(const struct grade *grade, const struct grade_test *test, unsigned number, FILE *to)
{
	char name[96];
	report_test_name(grade, test, name, sizeof(name));
	fprintf(to, "%s %u - ", test->state == TEST_PASSED ? "ok" : "not ok", number);
	put_description(name, to);
	fputc('\n', to);
	if (test->state == TEST_PASSED)
		return;
	char *text = report_lesson_text(grade, test);
	fputs("  ---\n", to);
	put_scalar("message", test->lesson ? test->lesson->what : test->note, to);
	fprintf(to, "  severity: fail\n  points: %.2f\n  of: %.2f\n", test->earned / 100.0, test->worth / 100.0);
	put_scalar("lesson", text ? text : "", to);
	fputs("  ...\n", to);
	free(text);
}

void report_tap(const struct grade *grade, const char *when, FILE *to)
{
	(void)when;
	fprintf(to, "TAP version 14\n1..%u\n", grade->tests);
	fprintf(to, "# droste %s, rubric %016" PRIx64 ", submission %016" PRIx64 ", seed %" PRIu64 "\n", DROSTE_VERSION, grade->rubric_hash,
	        grade->submission_hash, grade->seed);
	for (unsigned i = 0; i < grade->tests; i++)
		put_point(grade, &grade->test[i], i + 1, to);
	fprintf(to, "# %.2f of %.2f points\n", grade->total_earned / 100.0, grade->total / 100.0);
}
