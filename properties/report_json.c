/* A grade as JSON: Droste's own document, which --merge reads, and those of services that grade
 * or record.  See report.h; docs/grading.md says where each service's rules stand. */

#include "report.h"

#include <inttypes.h>
#include <stdlib.h>

/* ---- Droste's own ------------------------------------------------------- */

static json_t *hex(uint64_t value)
{
	char text[20];
	snprintf(text, sizeof(text), "%016" PRIx64, value);
	return json_string(text);
}

static json_t *maybe(const char *text) { return text ? json_string(text) : json_null(); }

static json_t *lesson_of_json(const struct grade *grade, unsigned section, const struct lesson *lesson)
{
	struct creed creed = grade_section_creed(grade, section);
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o}", "fault", lesson->fault->name, "property",
	                 creed.sentence, "paper", creed.source, "what", maybe(lesson->what), "part", maybe(lesson->part), "reference",
	                 maybe(lesson->ours), "guest_at", maybe(lesson->source), "correct", maybe(lesson->correct), "open",
	                 maybe(lesson->open), "again", maybe(lesson->again), "read", lesson_read(lesson),
	                 "detail", maybe(lesson->detail));
}

static json_t *test_json(const struct grade *grade, const struct grade_test *test)
{
	bool task = test->section >= PROPERTIES;
	json_t *object = json_pack("{s:s, s:s, s:s, s:i, s:o, s:o, s:b, s:b}", task ? "part" : "property", grade_section_name(grade, test->section),
	                           task ? "task" : "guest", test->name, "state", test_state_names[test->state], "weight", (int)test->weight, "points",
	                           report_points(test->earned), "of", report_points(test->worth), "hidden", test->hidden, "required",
	                           test->required);
	if (test->tried)
		json_object_set_new(object, "random_guests", json_pack("{s:i, s:i}", "tried", (int)test->tried, "passed", (int)test->passed));
	if (test->note[0])
		json_object_set_new(object, "note", json_string(test->note));
	if (test->lesson)
		json_object_set_new(object, "lesson", lesson_of_json(grade, test->section, test->lesson));
	return object;
}

static json_t *section_json(const struct grade *grade, unsigned section)
{
	return json_pack("{s:o, s:o, s:b}", "points", report_points(grade->earned[section]), "of",
	                 report_points(grade->points[section]), "capped", grade->capped[section]);
}

static json_t *efficiency_json(const struct efficiency *e)
{
	json_t *by_cause = json_object();
	for (int cause = 0; cause < CAUSES; cause++)
		json_object_set_new(by_cause, isa_cause_names[cause], json_integer((json_int_t)e->by_cause[cause]));
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:o}", "innocuous", (json_int_t)e->innocuous, "direct", (json_int_t)e->direct, "exits",
	                 (json_int_t)e->exits, "required", (json_int_t)e->required, "monitor_instructions",
	                 (json_int_t)e->monitor_instructions, "exits_by_cause", by_cause);
}

static json_t *nesting_json(const struct grade *grade)
{
	json_t *array = json_array();
	for (unsigned depth = 1; depth <= GRADE_DEPTHS && grade->nesting[depth - 1].instructions; depth++)
		json_array_append_new(array, json_pack("{s:i, s:I, s:I}", "depth", (int)depth, "instructions",
		                                       (json_int_t)grade->nesting[depth - 1].instructions, "exits",
		                                       (json_int_t)grade->nesting[depth - 1].exits));
	return array;
}

void report_json(const struct grade *grade, const char *when, FILE *to)
{
	json_t *tests = json_array(), *properties = json_object(), *parts = json_object();
	for (unsigned i = 0; i < grade->tests; i++)
		json_array_append_new(tests, test_json(grade, &grade->test[i]));
	for (unsigned section = 0; section < grade->sections; section++)
		json_object_set_new(section < PROPERTIES ? properties : parts, grade_section_name(grade, section), section_json(grade, section));
	json_t *document = json_pack("{s:s, s:s, s:s, s:o, s:o, s:I, s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:s}", "droste", DROSTE_VERSION,
	                             "title", grade->title, "name", grade->name, "rubric", hex(grade->rubric_hash), "submission",
	                             hex(grade->submission_hash), "seed", (json_int_t)grade->seed, "cut_off", grade->cut, "revealed",
	                             grade->revealed, "points", report_points(grade->total_earned), "of", report_points(grade->total),
	                             "properties", properties, "tests", tests, "efficiency", efficiency_json(&grade->efficiency),
	                             "nesting", nesting_json(grade), "work", (json_int_t)grade->work, "budget", (json_int_t)grade->budget,
	                             "graded_at", when);
	if (json_object_size(parts))
		json_object_set(document, "parts", parts);
	json_decref(parts);
	if (grade->refused)
		json_object_set_new(document, "refused", lesson_of_json(grade, PROPERTY_EQUIVALENCE, grade->refused));
	report_document(document, to);
}

/* ---- Gradescope --------------------------------------------------------- */

/* "status" and the output format are given, since markup in the output would be taken as such. */
static json_t *gradescope_test(const struct grade *grade, const struct grade_test *test)
{
	char name[96];
	char *text = report_lesson_text(grade, test);
	report_test_name(grade, test, name, sizeof(name));
	json_t *object = json_pack("{s:s, s:o, s:o, s:s, s:s, s:s, s:s}", "name", name, "score", report_points(test->earned), "max_score",
	                           report_points(test->worth), "status", test->state == TEST_PASSED ? "passed" : "failed", "output",
	                           text ? text : "", "output_format", "text", "visibility", "visible");
	free(text);
	return object;
}

static char *summary(const struct grade *grade)
{
	char *text = NULL;
	size_t n;
	FILE *to = open_memstream(&text, &n);
	if (!to)
		return NULL;
	fprintf(to, "%s: %.2f of %.2f points\n", grade->title, grade->total_earned / 100.0, grade->total / 100.0);
	fprintf(to, "droste %s, rubric %016" PRIx64 ", submission %016" PRIx64 ", seed %" PRIu64 "\n", DROSTE_VERSION, grade->rubric_hash,
	        grade->submission_hash, grade->seed);
	if (grade->cut)
		fputs("Grading was cut off: what had been decided by then counts.\n", to);
	if (grade->refused)
		report_lesson_parts(grade, PROPERTY_EQUIVALENCE, grade->refused, to);
	fclose(to);
	return text;
}

void report_gradescope(const struct grade *grade, const char *when, FILE *to)
{
	json_t *tests = json_array();
	char *text = summary(grade);
	(void)when;
	for (unsigned i = 0; i < grade->tests; i++)
		json_array_append_new(tests, gradescope_test(grade, &grade->test[i]));
	report_document(json_pack("{s:o, s:s, s:s, s:s, s:s, s:o}", "score", report_points(grade->total_earned), "output", text ? text : "",
	                          "output_format", "text", "visibility", "visible", "stdout_visibility", "hidden", "tests", tests), to);
	free(text);
}

/* ---- PrairieLearn ------------------------------------------------------- */

static json_t *prairielearn_test(const struct grade *grade, const struct grade_test *test)
{
	char name[96];
	char *text = report_lesson_text(grade, test);
	report_test_name(grade, test, name, sizeof(name));
	json_t *object = json_pack("{s:s, s:s, s:o, s:o, s:s, s:s}", "name", name, "description", grade_section_creed(grade, test->section).sentence,
	                           "points", report_points(test->earned), "max_points", report_points(test->worth), "message",
	                           test_state_names[test->state], "output", text ? text : "");
	free(text);
	return object;
}

/* What is no monitor is not gradable: the student loses no attempt. */
void report_prairielearn(const struct grade *grade, const char *when, FILE *to)
{
	json_t *tests = json_array();
	char *text = summary(grade);
	(void)when;
	for (unsigned i = 0; i < grade->tests && !grade->refused; i++)
		json_array_append_new(tests, prairielearn_test(grade, &grade->test[i]));
	json_t *document = json_pack("{s:b, s:o, s:s, s:o}", "gradable", grade->refused == NULL, "score",
	                             json_real(grade->total ? (double)grade->total_earned / grade->total : 0), "output",
	                             text ? text : "", "tests", tests);
	if (grade->refused)
		json_object_set_new(document, "format_errors", json_pack("[s]", grade->refused->what));
	report_document(document, to);
	free(text);
}

/* ---- Classroom 50 ------------------------------------------------------- */

static json_t *from_environment(const char *name, const char *instead)
{
	const char *value = getenv(name);
	json_t *text = value && *value ? json_string(value) : NULL;
	return text ? text : json_string(instead);
}

/* Its scores are whole numbers, the sum of its tests': each property's points, rounded down. */
void report_classroom50(const struct grade *grade, const char *when, FILE *to)
{
	json_t *tests = json_array();
	json_int_t score = 0, most = 0;
	for (unsigned section = 0; section < grade->sections; section++) {
		json_int_t earned = grade->earned[section] / 100, worth = grade->points[section] / 100;
		if (worth == 0)
			continue;
		score += earned;
		most += worth;
		json_array_append_new(tests, json_pack("{s:s, s:b, s:I, s:I}", "test-name", grade_section_name(grade, section), "passed",
		                                       grade->earned[section] == grade->points[section], "score", earned, "max-score",
		                                       worth));
	}
	json_t *commit = from_environment("COMMIT_URL", "none"), *review = from_environment("REVIEW_URL", json_string_value(commit));
	report_document(json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:I, s:I, s:o}", "schema", "classroom50/result/v1", "classroom",
	                          from_environment("CLASSROOM", "none"), "assignment", from_environment("ASSIGNMENT", "none"), "submission",
	                          from_environment("SUBMISSION_TAG", grade->name), "commit", commit, "release",
	                          from_environment("RELEASE_URL", "none"), "review", review, "datetime", when, "score", score, "max-score",
	                          most, "tests", tests), to);
}

/* ---- Autolab ------------------------------------------------------------ */

static void one_line(json_t *document, FILE *to)
{
	json_dumpf(document, to, JSON_COMPACT | JSON_REAL_PRECISION(10));
	fputc('\n', to);
	json_decref(document);
}

/* The line before the last has what its formatted feedback shows. */
static json_t *autolab_stages(const struct grade *grade)
{
	json_t *stages = json_array(), *document = json_pack("{s:s, s:o}", "_presentation", "semantic", "stages", stages);
	for (unsigned i = 0; i < grade->tests; i++) {
		const struct grade_test *test = &grade->test[i];
		const char *stage = grade_section_name(grade, test->section);
		if (!json_object_get(document, stage)) {
			json_object_set_new(document, stage, json_object());
			json_array_append_new(stages, json_string(stage));
		}
		json_t *row = json_pack("{s:b}", "passed", test->state == TEST_PASSED);
		if (test->state != TEST_PASSED && (test->lesson || test->note[0]))
			json_object_set_new(row, "hint", json_string(test->lesson ? test->lesson->what : test->note));
		json_object_set_new(json_object_get(document, stage), test->name, row);
	}
	return document;
}

void report_autolab(const struct grade *grade, const char *when, FILE *to)
{
	json_t *scores = json_object();
	report_text(grade, when, to);
	for (unsigned section = 0; section < grade->sections; section++)
		if (grade->points[section])
			json_object_set_new(scores, grade_section_name(grade, section), report_points(grade->earned[section]));
	one_line(autolab_stages(grade), to);
	one_line(json_pack("{s:o}", "scores", scores), to);
}
