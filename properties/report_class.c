/* A class merged.  See report_class.h. */

#include "report_class.h"

#include <stdlib.h>
#include <string.h>

#include "grade_text.h"
#include "report.h"

static void class_csv(const struct class *class, FILE *to);
static void class_json(const struct class *class, FILE *to);
static void class_html(const struct class *class, FILE *to);

const struct class_format class_formats[] = {
	{ "class.csv", class_csv }, { "class.json", class_json }, { "class.html", class_html }, { 0 },
};

/* ---- the rows ----------------------------------------------------------- */

bool class_add(struct class *class, const char *name, json_t *grade, const char *missing)
{
	if (class->rows == class->room) {
		unsigned room = 2 * class->room + 16;
		struct class_row *row = realloc(class->row, room * sizeof(*row));
		if (!row)
			return false;
		class->row = row;
		class->room = room;
	}
	struct class_row *row = &class->row[class->rows++];
	*row = (struct class_row){ text_plain(name, 0), grade, missing ? text_plain(missing, 0) : NULL };
	return row->name && (!missing || row->missing);
}

unsigned class_rubrics(const struct class *class)
{
	json_t *rubrics = json_object();
	for (unsigned i = 0; i < class->rows; i++) {
		json_t *rubric = json_object_get(class->row[i].grade, "rubric");
		if (json_is_string(rubric))
			json_object_set_new(rubrics, json_string_value(rubric), json_true());
	}
	unsigned n = (unsigned)json_object_size(rubrics);
	json_decref(rubrics);
	return n;
}

static int by_name(const void *a, const void *b)
{
	const struct class_row *x = a, *y = b;
	return strcmp(x->name, y->name);
}

void class_sort(struct class *class)
{
	if (class->rows > 1)
		qsort(class->row, class->rows, sizeof(*class->row), by_name);
}

void class_free(struct class *class)
{
	for (unsigned i = 0; i < class->rows; i++) {
		free(class->row[i].name);
		free(class->row[i].missing);
		json_decref(class->row[i].grade);
	}
	free(class->row);
	*class = (struct class){ 0 };
}

bool class_is_grade(const json_t *grade)
{
	const json_t *properties = json_object_get(grade, "properties");
	bool good = json_is_number(json_object_get(grade, "points")) && json_is_number(json_object_get(grade, "of"));
	for (int property = 0; property < PROPERTIES && good; property++) {
		const json_t *one = json_object_get(properties, property_names[property]);
		good = json_is_number(json_object_get(one, "points")) && json_is_number(json_object_get(one, "of"));
	}
	return good && json_is_string(json_object_get(grade, "rubric")) && json_is_string(json_object_get(grade, "submission"));
}

/* ---- one row ------------------------------------------------------------ */

static double points_of(const json_t *object) { return json_number_value(json_object_get(object, "points")); }

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? text : "";
}

/* Properties and parts that some submission could earn points for. */
static json_t *find_sections(const struct class *class)
{
	static const char *const kinds[] = { "properties", "parts" };
	json_t *sections = json_object(), *one;
	const char *name;
	for (unsigned kind = 0; kind < 2; kind++)
		for (unsigned i = 0; i < class->rows; i++)
			json_object_foreach(json_object_get(class->row[i].grade, kinds[kind]), name, one) {
				if (json_number_value(json_object_get(one, "of")) > 0 && !json_object_get(sections, name))
					json_object_set_new(sections, name, json_string(kinds[kind]));
			}
	return sections;
}

static double section_points(const struct class_row *row, const char *name, const json_t *kind)
{
	return points_of(json_object_get(json_object_get(row->grade, json_string_value(kind)), name));
}

/* Missing, no monitor, cut off or graded. */
static const char *state_of(const struct class_row *row)
{
	return row->missing                                                ? row->missing
	       : json_object_get(row->grade, "refused")                    ? text_of(json_object_get(row->grade, "refused"), "what")
	       : json_is_true(json_object_get(row->grade, "cut_off")) ? "grading was cut off"
	                                                                   : "graded";
}

static double worth(const struct class *class)
{
	double most = 0;
	for (unsigned i = 0; i < class->rows; i++) {
		double of = json_number_value(json_object_get(class->row[i].grade, "of"));
		most = of > most ? of : most;
	}
	return most;
}

/* The fault shows in some lesson of the submission. */
static bool has_fault(const struct class_row *row, const char *fault)
{
	size_t i;
	json_t *test;
	json_array_foreach(json_object_get(row->grade, "tests"), i, test)
		if (strcmp(text_of(json_object_get(test, "lesson"), "fault"), fault) == 0)
			return true;
	return strcmp(text_of(json_object_get(row->grade, "refused"), "fault"), fault) == 0;
}

/* How many submissions show each fault: what the next lecture should be about. */
static json_t *count_faults(const struct class *class)
{
	json_t *counts = json_object(), *test;
	size_t i;
	for (unsigned r = 0; r < class->rows; r++)
		json_array_foreach(json_object_get(class->row[r].grade, "tests"), i, test) {
			const char *fault = text_of(json_object_get(test, "lesson"), "fault");
			if (!*fault || json_object_get(counts, fault))
				continue;
			json_int_t n = 0;
			for (unsigned other = 0; other < class->rows; other++)
				n += has_fault(&class->row[other], fault);
			json_object_set_new(counts, fault, json_integer(n));
		}
	return counts;
}

/* ---- CSV ---------------------------------------------------------------- */

/* By RFC 4180; and nothing that a spreadsheet would take for a formula. */
static void put_cell(const char *text, FILE *to)
{
	fputs(strchr("=+-@", *text) && *text ? "\"'" : "\"", to);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', to);
		fputc(*text, to);
	}
	fputc('"', to);
}

static void class_csv(const struct class *class, FILE *to)
{
	json_t *sections = find_sections(class), *kind;
	const char *name;
	fputs("name,points,of", to);
	json_object_foreach(sections, name, kind) {
		fprintf(to, ",%s", name);
	}
	fputs(",state,submission,rubric\r\n", to);
	for (unsigned i = 0; i < class->rows; i++) {
		const struct class_row *row = &class->row[i];
		put_cell(row->name, to);
		fprintf(to, ",%.2f,%.2f", points_of(row->grade), json_number_value(json_object_get(row->grade, "of")));
		json_object_foreach(sections, name, kind) {
			fprintf(to, ",%.2f", section_points(row, name, kind));
		}
		fputc(',', to);
		put_cell(state_of(row), to);
		fprintf(to, ",%.16s,%.16s\r\n", text_of(row->grade, "submission"), text_of(row->grade, "rubric"));
	}
	json_decref(sections);
}

/* ---- JSON --------------------------------------------------------------- */

static json_t *points_json(const struct class_row *row, const json_t *sections, const char *which)
{
	json_t *object = json_object(), *kind;
	const char *name;
	json_object_foreach((json_t *)sections, name, kind) {
		if (strcmp(json_string_value(kind), which) == 0)
			json_object_set_new(object, name, json_real(section_points(row, name, kind)));
	}
	return object;
}

static json_t *row_json(const struct class_row *row, const json_t *sections)
{
	return json_pack("{s:s, s:s, s:f, s:f, s:o, s:o, s:s, s:s}", "name", row->name, "state", state_of(row), "points", points_of(row->grade),
	                 "of", json_number_value(json_object_get(row->grade, "of")), "properties",
	                 points_json(row, sections, "properties"), "parts", points_json(row, sections, "parts"), "submission",
	                 text_of(row->grade, "submission"), "rubric", text_of(row->grade, "rubric"));
}

static void class_json(const struct class *class, FILE *to)
{
	json_t *rows = json_array(), *sections = find_sections(class);
	for (unsigned i = 0; i < class->rows; i++)
		json_array_append_new(rows, row_json(&class->row[i], sections));
	report_document(json_pack("{s:s, s:o, s:o}", "droste", DROSTE_VERSION, "faults", count_faults(class), "submissions", rows), to);
	json_decref(sections);
}

/* ---- HTML --------------------------------------------------------------- */

enum { BINS = 10, BIN_WIDTH = 54, PLOT = 160 };

static void count_bins(const struct class *class, double most, unsigned bins[BINS])
{
	for (unsigned i = 0; i < class->rows; i++) {
		double share = most > 0 && class->row[i].grade ? points_of(class->row[i].grade) / most : 0;
		unsigned bin = (unsigned)(share * BINS);
		bins[bin < BINS ? bin : BINS - 1] += class->row[i].grade != NULL;
	}
}

static void put_histogram(const struct class *class, FILE *to)
{
	unsigned bins[BINS] = { 0 }, highest = 1;
	double most = worth(class);
	count_bins(class, most, bins);
	for (int bin = 0; bin < BINS; bin++)
		highest = bins[bin] > highest ? bins[bin] : highest;
	fprintf(to, "<h2>How many have how many points</h2>\n<svg role=\"img\" aria-label=\"Histogram of points; the numbers are in the table below\" "
	        "width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n", BINS * BIN_WIDTH, PLOT + 44, BINS * BIN_WIDTH, PLOT + 44);
	for (int bin = 0; bin < BINS; bin++) {
		double height = (double)PLOT * bins[bin] / highest;
		fprintf(to, "<rect class=\"fill\" x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"middle\">%u</text>"
		        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%.0f&#8211;%.0f</text>\n", bin * BIN_WIDTH + 3, PLOT + 20 - height, BIN_WIDTH - 6,
		        height, bin * BIN_WIDTH + BIN_WIDTH / 2, PLOT + 15 - height, bins[bin], bin * BIN_WIDTH + BIN_WIDTH / 2, PLOT + 38,
		        most * bin / BINS, most * (bin + 1) / BINS);
	}
	fputs("</svg>\n", to);
}

/* The faults that so many submissions show. */
static void put_faults_of(json_t *counts, json_int_t submissions, FILE *to)
{
	const char *fault;
	json_t *n;
	json_object_foreach(counts, fault, n) {
		if (json_integer_value(n) != submissions)
			continue;
		fputs("<tr><th scope=\"row\">", to);
		text_markup(fault, to);
		fprintf(to, "</th><td class=\"n\">%" JSON_INTEGER_FORMAT "</td></tr>\n", submissions);
	}
}

/* The most frequent ones first. */
static void put_faults(const struct class *class, FILE *to)
{
	json_t *counts = count_faults(class);
	if (json_object_size(counts) > 0)
		fputs("<h2>What goes wrong</h2>\n<table>\n<thead><tr><th scope=\"col\">fault</th><th scope=\"col\" class=\"n\">submissions</th></tr></thead>\n<tbody>\n", to);
	for (json_int_t n = class->rows; n > 0; n--)
		put_faults_of(counts, n, to);
	if (json_object_size(counts) > 0)
		fputs("</tbody>\n</table>\n", to);
	json_decref(counts);
}

/* A name may hold what a link's path may not. */
static void put_link(const struct class_row *row, FILE *to)
{
	static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
	if (!row->grade || strchr(row->name, '?')) {
		text_markup(row->name, to);
		return;
	}
	fputs("<a href=\"./", to);
	for (const char *c = row->name; *c; c++)
		fprintf(to, strchr(unreserved, *c) ? "%c" : "%%%02X", (unsigned char)*c);
	fputs("/report.html\">", to);
	text_markup(row->name, to);
	fputs("</a>", to);
}

static void put_rows(const struct class *class, FILE *to)
{
	json_t *sections = find_sections(class), *kind;
	const char *name;
	fputs("<h2>Submissions</h2>\n<table>\n<thead><tr><th scope=\"col\">name</th><th scope=\"col\" class=\"n\">points</th>", to);
	json_object_foreach(sections, name, kind) {
		fputs("<th scope=\"col\" class=\"n\">", to);
		text_markup(name, to);
		fputs("</th>", to);
	}
	fputs("<th scope=\"col\">state</th></tr></thead>\n<tbody>\n", to);
	for (unsigned i = 0; i < class->rows; i++) {
		const struct class_row *row = &class->row[i];
		fputs("<tr><th scope=\"row\">", to);
		put_link(row, to);
		fprintf(to, "</th><td class=\"n\">%.2f</td>", points_of(row->grade));
		json_object_foreach(sections, name, kind) {
			fprintf(to, "<td class=\"n\">%.2f</td>", section_points(row, name, kind));
		}
		fputs("<td>", to);
		text_markup(state_of(row), to);
		fputs("</td></tr>\n", to);
	}
	fputs("</tbody>\n</table>\n", to);
	json_decref(sections);
}

static void class_html(const struct class *class, FILE *to)
{
	unsigned graded = 0;
	for (unsigned i = 0; i < class->rows; i++)
		graded += class->row[i].grade != NULL;
	report_page_begin("A class, graded", to);
	fprintf(to, "<p>%u submissions, %u of them graded; %.0f points at most. droste %s.</p>\n", class->rows, graded, worth(class), DROSTE_VERSION);
	if (class_rubrics(class) > 1)
		fprintf(to, "<p><strong>They were graded by %u different rubrics</strong>; class.csv has whose by which.</p>\n", class_rubrics(class));
	put_histogram(class, to);
	put_rows(class, to);
	put_faults(class, to);
	report_page_end(to);
}
