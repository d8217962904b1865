/* A grade written down, in every form that somebody reads: one table of formats, a file for each
 * that is longer than a few lines.  The forms that programs read keep to their consumers' own
 * rules (docs/grading.md names them).  Called by `droste grade`.
 */
#ifndef DROSTE_REPORT_H
#define DROSTE_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "properties/grade.h"

struct report_format {
	const char *name;   /* for --format */
	const char *file;   /* below the folder that --out names */
	const char *reader; /* who reads it */
	void (*write)(const struct grade *grade, const char *when, FILE *to);
};

/* Ends with a name of NULL. */
extern const struct report_format report_formats[];

/* when is the date of grading, the only thing in a report that is not decided by what was
 * graded: it stands in one field of grade.json and of Classroom 50's result.json. */
void report_text(const struct grade *grade, const char *when, FILE *to);
void report_json(const struct grade *grade, const char *when, FILE *to);
void report_html(const struct grade *grade, const char *when, FILE *to);
void report_junit(const struct grade *grade, const char *when, FILE *to);
void report_tap(const struct grade *grade, const char *when, FILE *to);
void report_gradescope(const struct grade *grade, const char *when, FILE *to);
void report_prairielearn(const struct grade *grade, const char *when, FILE *to);
void report_classroom50(const struct grade *grade, const char *when, FILE *to);
void report_autolab(const struct grade *grade, const char *when, FILE *to);

/* ---- shared by them ------------------------------------------------------ */

/* "control: hostile-dma" */
void report_test_name(const struct grade *grade, const struct grade_test *test, char *to, size_t room);

/* What stands for the names of all that is hidden. */
const char *report_hidden_name(const struct grade_test *test);

/* The test before this one of which the same is told, if both want a file that is missing: that is explained once,
 * however many tasks ask for it.  Or NULL. */
const struct grade_test *report_told_before(const struct grade *grade, const struct grade_test *test);

/* What there is to say of a test that is not passed: lines of plain text in the order property,
 * what happened, what is right, command, section.  Nothing for a test that says nothing. */
void report_lesson(const struct grade *grade, const struct grade_test *test, FILE *to);
void report_lesson_parts(const struct grade *grade, unsigned section, const struct lesson *lesson, FILE *to);

/* The same as text from malloc. */
char *report_lesson_text(const struct grade *grade, const struct grade_test *test);

/* Points of so many hundredths, as a number for JSON. */
json_t *report_points(unsigned hundredths);

/* The beginning and the end of a page of HTML: one file that needs no other, no script and no
 * network, in the reader's own colours. */
void report_page_begin(const char *title, FILE *to);
void report_page_end(FILE *to);

/* Writes and frees a document. */
void report_document(json_t *document, FILE *to);

#endif
