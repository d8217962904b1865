/* A grade as one page of HTML: no script, no network, pictures inline.  Everything that a colour
 * says is said in words as well; whatever opens is a <details>, so a keyboard opens it.  See
 * report.h. */

#include "report.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "explain.h"
#include "grade_text.h"

/* ---- the page ----------------------------------------------------------- */

static const char style[] =
	":root{color-scheme:light dark;--bar:#3b6ea5;--less:#b3541e;--line:#8888}"
	"*{box-sizing:border-box}"
	"body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:0 auto;padding:1rem}"
	"h1{line-height:1.2}h2{margin-top:2rem;border-bottom:1px solid var(--line)}"
	"table{border-collapse:collapse;margin:.5rem 0}th,td{padding:.15rem .6rem;text-align:left;vertical-align:top}"
	"td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}thead th,tfoot th,tfoot td{border-block:1px solid var(--line)}"
	"pre,code,.states{font:.85rem/1.45 ui-monospace,monospace}pre{overflow-x:auto;padding:.5rem;border:1px solid var(--line)}"
	"details{border:1px solid var(--line);border-radius:.3rem;margin:.4rem 0;padding:.3rem .7rem}"
	"summary{cursor:pointer}summary:focus-visible,a:focus-visible{outline:3px solid var(--bar);outline-offset:2px}"
	"dt{font-weight:600;margin-top:.4rem}dd{margin-left:1.2rem}"
	"svg{max-width:100%;height:auto;display:block}svg text{font:12px system-ui,sans-serif;fill:currentColor}"
	".fill{fill:var(--bar)}.less{fill:var(--less)}.rim{fill:none;stroke:currentColor}"
	".differs{font-weight:700;text-decoration:underline}.warn{border:2px solid currentColor;padding:.5rem;font-weight:600}"
	"@media print{details{break-inside:avoid}}";

void report_page_begin(const char *title, FILE *to)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>", to);
	text_markup(title, to);
	fprintf(to, "</title>\n<style>%s</style>\n</head>\n<body>\n<main>\n<h1>", style);
	text_markup(title, to);
	fputs("</h1>\n", to);
}

void report_page_end(FILE *to) { fputs("</main>\n</body>\n</html>\n", to); }

/* ---- points ------------------------------------------------------------- */

enum { BAR = 240, BAR_HEIGHT = 14 };

static void put_bar(double share, const char *what, FILE *to)
{
	fprintf(to, "<svg role=\"img\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" aria-label=\"%s: %.0f of 100\">"
	        "<rect class=\"fill\" width=\"%.1f\" height=\"%d\"/><rect class=\"rim\" x=\".5\" y=\".5\" width=\"%d\" height=\"%d\"/></svg>",
	        BAR, BAR_HEIGHT, BAR, BAR_HEIGHT, what, 100 * share, BAR * share, BAR_HEIGHT, BAR - 1, BAR_HEIGHT - 1);
}

/* What is no monitor has no tests of properties to show. */
static bool is_shown(const struct grade *grade, unsigned section) { return grade->points[section] && (section >= PROPERTIES || !grade->refused); }

static void put_points(const struct grade *grade, FILE *to)
{
	fputs("<h2>Points</h2>\n<table>\n<thead><tr><th scope=\"col\">property</th><th scope=\"col\" class=\"n\">points</th>"
	      "<th scope=\"col\" class=\"n\">of</th><th scope=\"col\">share</th><th scope=\"col\">what it asks for</th></tr></thead>\n<tbody>\n", to);
	for (unsigned section = 0; section < grade->sections; section++) {
		unsigned worth = grade->points[section], earned = grade->earned[section];
		const char *name = grade_section_name(grade, section);
		if (worth == 0)
			continue;
		fputs("<tr><th scope=\"row\">", to);
		if (is_shown(grade, section))
			fprintf(to, "<a href=\"#%s\">%s</a>", name, name);
		else
			fputs(name, to);
		fprintf(to, "</th><td class=\"n\">%.2f</td><td class=\"n\">%.2f</td><td>", earned / 100.0, worth / 100.0);
		put_bar((double)earned / worth, name, to);
		fputs("</td><td>", to);
		text_markup(grade_section_creed(grade, section).sentence, to);
		fputs(grade->capped[section] ? " <strong>Half at most: a required guest fails.</strong></td></tr>\n" : "</td></tr>\n", to);
	}
	fprintf(to, "</tbody>\n<tfoot><tr><th scope=\"row\">in all</th><td class=\"n\"><strong>%.2f</strong></td><td class=\"n\">%.2f</td>"
	        "<td></td><td></td></tr></tfoot>\n</table>\n", grade->total_earned / 100.0, grade->total / 100.0);
}

/* ---- pictures ----------------------------------------------------------- */

static void put_exits(const struct efficiency *e, FILE *to)
{
	uint64_t most = 1;
	int row = 0;
	for (int cause = 0; cause < CAUSES; cause++)
		most = e->by_cause[cause] > most ? e->by_cause[cause] : most;
	fprintf(to, "<h2>Exits by cause</h2>\n<p>Over all guests shown here: %" PRIu64 " of %" PRIu64 " innocuous instructions were executed "
	        "directly; the guests were left %" PRIu64 " times, of which their own traps and privileged instructions require %" PRIu64
	        "; the monitor took %.1f instructions for each.</p>\n", e->direct, e->innocuous, e->exits, e->required,
	        e->exits ? (double)e->monitor_instructions / (double)e->exits : 0.0);
	fprintf(to, "<svg role=\"img\" aria-label=\"Exits of the guests by cause of the trap\" width=\"600\" height=\"%d\" viewBox=\"0 0 600 %d\">\n",
	        CAUSES * 22, CAUSES * 22);
	for (int cause = 0; cause < CAUSES; cause++, row++)
		fprintf(to, "<text x=\"90\" y=\"%d\" text-anchor=\"end\">%s</text><rect class=\"fill\" x=\"100\" y=\"%d\" width=\"%.1f\" height=\"16\"/>"
		        "<text x=\"%.1f\" y=\"%d\">%" PRIu64 "</text>\n", row * 22 + 15, isa_cause_names[cause], row * 22 + 2,
		        400.0 * (double)e->by_cause[cause] / (double)most, 106 + 400.0 * (double)e->by_cause[cause] / (double)most, row * 22 + 15,
		        e->by_cause[cause]);
	fputs("</svg>\n", to);
}

/* Depth to the right, exits upwards by powers of two. */
static double nesting_x(unsigned depth) { return 60 + 110.0 * (depth - 1); }
static double nesting_y(double exits) { return 180 - 32 * log2(exits > 1 ? exits : 1); }

static void put_curve(const struct grade *grade, bool least, FILE *to)
{
	fprintf(to, "<polyline class=\"rim\" %s points=\"", least ? "stroke-dasharray=\"5 4\"" : "stroke-width=\"2.5\"");
	for (unsigned depth = 1; depth <= GRADE_DEPTHS && grade->nesting[depth - 1].instructions; depth++) {
		const struct level_trips *trips = &grade->nesting[depth - 1];
		fprintf(to, "%.1f,%.1f ", nesting_x(depth),
		        nesting_y(least ? 1u << (depth - 1) : (double)trips->exits / (double)trips->instructions));
	}
	fputs("\"/>\n", to);
}

static void put_nesting(const struct grade *grade, FILE *to)
{
	fputs("<h2>What nesting costs</h2>\n<p>Exits of the real machine for each privileged instruction of ", to);
	text_markup(grade->nesting_guest, to);
	fputs(", under the monitor, under the monitor under itself, and so on. Dashed: the least there can be, 2 to the depth less 1.</p>\n"
	      "<svg role=\"img\" aria-label=\"Exits for each privileged instruction by depth\" width=\"600\" height=\"220\" viewBox=\"0 0 600 220\">\n"
	      "<path class=\"rim\" d=\"M40 20V190H560\"/>\n", to);
	put_curve(grade, true, to);
	put_curve(grade, false, to);
	for (unsigned depth = 1; depth <= GRADE_DEPTHS && grade->nesting[depth - 1].instructions; depth++) {
		const struct level_trips *trips = &grade->nesting[depth - 1];
		double exits = (double)trips->exits / (double)trips->instructions;
		fprintf(to, "<circle class=\"fill\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/><text x=\"%.1f\" y=\"%.1f\">%.2f</text>"
		        "<text x=\"%.1f\" y=\"208\" text-anchor=\"middle\">depth %u</text>\n", nesting_x(depth), nesting_y(exits),
		        nesting_x(depth) + 8, nesting_y(exits) - 6, exits, nesting_x(depth), depth);
	}
	fputs("</svg>\n", to);
}

/* ---- both states -------------------------------------------------------- */

static void put_row(FILE *to, const char *name, uint64_t before, uint64_t bare, uint64_t virtual, bool always)
{
	bool differs = bare != virtual;
	if (!always && !differs && before == bare)
		return;
	fprintf(to, "<tr><th scope=\"row\">%s</th><td>%08" PRIx64 "</td><td>%08" PRIx64 "</td><td%s>%08" PRIx64 "%s</td></tr>\n", name, before,
	        bare, differs ? " class=\"differs\"" : "", virtual, differs ? " differs" : "");
}

static void put_traps(const struct moment *bare, const struct moment *virtual, FILE *to)
{
	const char *a = explain_trap(bare), *b = explain_trap(virtual);
	bool differs = strcmp(a, b) != 0;
	if (bare->trapped || virtual->trapped)
		fprintf(to, "<tr><th scope=\"row\">trap taken</th><td></td><td>%s</td><td%s>%s%s</td></tr>\n", a, differs ? " class=\"differs\"" : "", b,
		        differs ? " differs" : "");
}

static void put_states(const struct divergence *d, FILE *to)
{
	char text[96] = "which cannot be fetched", name[8];
	if (d->has_word)
		disassemble(d->word, d->before.psw.pc, text, sizeof(text));
	fprintf(to, "<table class=\"states\">\n<caption>%s %08" PRIx32 ": ", d->interrupt ? "An interrupt before" : "At", d->before.psw.pc);
	text_markup(text, to);
	fputs("</caption>\n<thead><tr><th></th><th scope=\"col\">before</th><th scope=\"col\">bare machine, after</th>"
	      "<th scope=\"col\">under the monitor, after</th></tr></thead>\n<tbody>\n", to);
	const struct psw *a = &d->before.psw, *b = &d->bare.psw, *v = &d->virtual.psw;
	put_row(to, "pc", a->pc, b->pc, v->pc, true);
	put_row(to, "status", a->status, b->status, v->status, true);
	put_row(to, "base", a->base, b->base, v->base, true);
	put_row(to, "bound", a->bound, b->bound, v->bound, true);
	put_row(to, "timer", a->timer, b->timer, v->timer, true);
	put_row(to, "clock", d->before.clock, d->bare.clock, d->virtual.clock, true);
	put_traps(&d->bare, &d->virtual, to);
	for (unsigned x = 1; x < 32; x++) {
		snprintf(name, sizeof(name), "x%u", x);
		put_row(to, name, d->before.x[x], d->bare.x[x], d->virtual.x[x], false);
	}
	fputs("</tbody>\n</table>\n", to);
}

/* ---- tests -------------------------------------------------------------- */

static void put_entry(FILE *to, const char *head, const char *text, bool code)
{
	if (!text || !*text)
		return;
	fprintf(to, "<dt>%s</dt><dd>%s", head, code ? "<code>" : "");
	text_markup(text, to);
	fputs(code ? "</code></dd>\n" : "</dd>\n", to);
}

static void put_lesson(const struct grade *grade, unsigned section, const struct lesson *lesson, FILE *to)
{
	struct creed creed = grade_section_creed(grade, section);
	bool task = section >= PROPERTIES;
	fputs("<dl>\n", to);
	put_entry(to, task ? "What is asked for" : "The property", creed.sentence, false);
	put_entry(to, "What happened", lesson->what, false);
	put_entry(to, task ? "Where" : "In which part of the monitor", lesson->part, false);
	put_entry(to, "Where that is in the reference monitor (monitor/)", lesson->ours, true);
	put_entry(to, "Where the guest was", lesson->source, true);
	put_entry(to, task ? "What is right" : "What a correct monitor does", lesson->correct, false);
	put_entry(to, "To open that moment", lesson->open, true);
	put_entry(to, "To see it again", lesson->again, true);
	fputs("<dt>To read</dt><dd>", to);
	text_markup(lesson_read(lesson), to);
	if (*creed.source && strcmp(creed.source, lesson_read(lesson)) != 0) {
		fputs("; ", to);
		text_markup(creed.source, to);
	}
	fputs("</dd>\n</dl>\n", to);
	if (lesson->where.found && (!lesson->where.at_start || lesson->where.came_back))
		put_states(&lesson->where, to);
	if (lesson->detail && *lesson->detail) {
		fputs("<details><summary>All of it, as text</summary>\n<pre>", to);
		text_markup(lesson->detail, to);
		fputs("</pre></details>\n", to);
	}
}

/* Word and sign, for those who see no colour. */
static const char *const signs[] = { "&#10003;", "&#9684;", "&#10007;", "&#8230;" };

static void put_test(const struct grade *grade, const struct grade_test *test, bool open, FILE *to)
{
	bool says = test->lesson || test->note[0];
	fprintf(to, says ? "<details%s><summary>" : "<p>%s", says && open ? " open" : "");
	fprintf(to, "%s <strong>", signs[test->state]);
	text_markup(test->hidden && !strcmp(test->name, "hidden") ? report_hidden_name(test) : test->name, to);
	fprintf(to, "</strong> %s, %.2f of %.2f%s", test_state_names[test->state], test->earned / 100.0, test->worth / 100.0,
	        test->required ? ", required" : "");
	fputs(says ? "</summary>\n" : "</p>\n", to);
	if (test->note[0]) {
		fputs("<p>", to);
		text_markup(test->note, to);
		fputs("</p>\n", to);
	}
	const struct grade_test *before = report_told_before(grade, test);
	if (before) {
		fputs("<p>", to);
		text_markup(test->lesson->what, to);
		fputs(", as for ", to);
		text_markup(before->name, to);
		fputs("</p>\n", to);
	} else if (test->lesson) {
		put_lesson(grade, test->section, test->lesson, to);
	}
	if (says)
		fputs("</details>\n", to);
}

/* The first that fails is open. */
static void put_tests(const struct grade *grade, unsigned section, FILE *to)
{
	bool open = true;
	fprintf(to, "<section id=\"%s\">\n<h2>%s</h2>\n<p>", grade_section_name(grade, section), grade_section_name(grade, section));
	text_markup(grade_section_creed(grade, section).sentence, to);
	fputs("</p>\n", to);
	for (unsigned i = 0; i < grade->tests; i++) {
		const struct grade_test *test = &grade->test[i];
		if (test->section != section)
			continue;
		put_test(grade, test, open, to);
		open &= !test->lesson;
	}
	fputs("</section>\n", to);
}

/* ---- all of it ---------------------------------------------------------- */

static void put_marks(const struct grade *grade, FILE *to)
{
	fprintf(to, "<p>droste %s &middot; rubric <code>%016" PRIx64 "</code> &middot; submission <code>%016" PRIx64 "</code> &middot; seed %" PRIu64
	        "</p>\n", DROSTE_VERSION, grade->rubric_hash, grade->submission_hash, grade->seed);
	if (grade->revealed)
		fputs("<p class=\"warn\">Hidden guests are shown: this report is not for students.</p>\n", to);
	if (grade->cut)
		fputs("<p class=\"warn\">Grading was cut off. What follows is what had been decided by then.</p>\n", to);
}

void report_html(const struct grade *grade, const char *when, FILE *to)
{
	char title[240];
	(void)when;
	snprintf(title, sizeof(title), "%.95s: %.95s, %.2f of %.2f points", grade->title, grade->name, grade->total_earned / 100.0,
	         grade->total / 100.0);
	report_page_begin(title, to);
	put_marks(grade, to);
	put_points(grade, to);
	if (grade->refused) {
		fputs("<h2>Why</h2>\n", to);
		put_lesson(grade, PROPERTY_EQUIVALENCE, grade->refused, to);
	}
	for (unsigned section = 0; section < grade->sections; section++)
		if (is_shown(grade, section))
			put_tests(grade, section, to);
	if (grade->efficiency.exits)
		put_exits(&grade->efficiency, to);
	if (grade->nesting[0].instructions)
		put_nesting(grade, to);
	report_page_end(to);
}
