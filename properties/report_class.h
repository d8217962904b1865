/* Grades of a class, merged: a table for a spreadsheet, a document for scripts, a page for the
 * lecturer.  Nothing is said of who resembles whom.  Made of the grade.json documents of single
 * submissions; called by `droste grade`.
 */
#ifndef DROSTE_REPORT_CLASS_H
#define DROSTE_REPORT_CLASS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* One submission. */
struct class_row {
	char *name;      /* from malloc */
	json_t *grade;   /* its grade.json, or NULL: */
	char *missing;   /* why there is none; from malloc */
};

struct class {
	struct class_row *row; /* from malloc; by name */
	unsigned rows, room;
};

/* Takes the document over.  False if out of memory. */
bool class_add(struct class *class, const char *name, json_t *grade, const char *missing);
void class_sort(struct class *class);
void class_free(struct class *class);

/* How many different rubrics it was graded by. */
unsigned class_rubrics(const struct class *class);

/* True iff the document has what the reports below read. */
bool class_is_grade(const json_t *grade);

struct class_format {
	const char *file;
	void (*write)(const struct class *class, FILE *to);
};

/* class.csv, class.json, class.html; ends with a file of NULL. */
extern const struct class_format class_formats[];

#endif
