/* Grading graded: rubrics that are wrong are refused with their place; a right monitor has full marks;
 * one that does not work has none; for each class of faults a mutant gets the lesson that
 * names the right part of it; hidden guests leave no trace; what a monitor writes cannot
 * forge; the same files give the same reports.
 *
 *     grade MONITOR GUEST-FOLDER BAD-FOLDER MUTANT-FOLDER
 *
 * Called by `make check`.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "properties/grade_text.h"
#include "properties/report.h"
#include "tests/tally.h"

/* ---- rubrics ------------------------------------------------------------ */

static void check_rubric(const char *text, const char *says)
{
	struct rubric rubric;
	struct refusal why = { "" };
	bool good = rubric_parse(&rubric, text, strlen(text), &why);
	check(good == !says, "%s: %s", text, good ? "is taken" : why.text);
	if (says)
		check(strstr(why.text, says) != NULL, "%s: '%s' does not say '%s'", text, why.text, says);
	rubric_free(&rubric);
}

static void check_rubrics(void)
{
	check_rubric("{\"points\": {\"control\": 10}, \"guests\": [\"hello\"]}", NULL);
	check_rubric("{\"points\": {\"control\": 10}, \"guests\": [\"hello\"]", "line 1");
	check_rubric("{\"points\": {\"control\": 10}, \"guests\": [\"hello\", \"hello\"]}", "another guest of this name");
	check_rubric("{\"points\": {\"control\": 10}, \"gests\": [\"hello\"]}", "no key \"gests\"");
	check_rubric("{\"points\": {\"control\": 10}, \"points\": {}, \"guests\": [\"hello\"]}", "duplicate");
	check_rubric("{\"points\": {\"speed\": 10}, \"guests\": [\"hello\"]}", "no property \"speed\"");
	check_rubric("{\"points\": {\"isolation\": 10}, \"guests\": [\"hello\"]}", "no guest is for it");
	check_rubric("{\"points\": {\"control\": 0}, \"guests\": [\"hello\"]}", "worth any");
	check_rubric("{\"points\": {\"control\": -1}, \"guests\": [\"hello\"]}", "whole number");
	check_rubric("{\"points\": {\"control\": 1.5}, \"guests\": [\"hello\"]}", "whole number");
	check_rubric("{\"points\": {\"control\": 10}, \"guests\": []}", "1 to");
	check_rubric("{\"points\": {\"control\": 10}, \"guests\": [7]}", "object is wanted");
	check_rubric("{\"points\": {\"control\": 10}, \"guests\": [{\"weight\": 2}]}", "needs a \"name\"");
	check_rubric("{\"points\": {\"control\": 10}, \"guests\": [{\"name\": \"a\", \"hidden\": 1}]}", "true or false");
	check_rubric("{\"points\": {\"control\": 10}, \"guests\": [{\"name\": \"a\", \"random\": 5, \"file\": \"b\"}]}", "exclude");
	check_rubric("{\"points\": {\"isolation\": 10}, \"guests\": [{\"name\": \"a\", \"random\": 5, \"properties\": [\"isolation\"]}]}",
	             "random guests are for");
	check_rubric("{\"points\": {\"control\": 10}, \"guests\": [{\"name\": \"a\\u001b[2J\"}]}", "printable");
	check_rubric("{\"points\": {\"control\": 10}, \"profile\": \"pdp12\", \"guests\": [\"hello\"]}", "profile");
	check_rubric("{\"points\": {\"control\": 10}, \"budget\": 0, \"guests\": [\"hello\"]}", "whole number");
	check_rubric("[]", "object is wanted");
	check_rubric("", "line 1");
}

/* ---- grading ------------------------------------------------------------ */

/* What a test grades by. */
struct bench {
	const char *guests, *bad, *mutants;
	struct pack_monitor reference;
};

static bool stop_at_once(void *self)
{
	(void)self;
	return true;
}

/* Grades a monitor by a rubric's text. */
static void grade(struct grade *to, const struct bench *bench, const char *folder, const char *name, const char *text, bool stop)
{
	struct rubric rubric;
	struct refusal why = { "" };
	bool good = rubric_parse(&rubric, text, strlen(text), &why) && rubric_read_guests(&rubric, bench->guests, bench->guests, &why);
	check(good, "%s: %s", text, why.text);
	struct grade_case c = { .monitor = tally_read_monitor(folder, name), .reference = bench->reference, .name = name, .rubric = &rubric,
		                    .stopped = stop ? stop_at_once : NULL };
	c.monitor.path = name;
	check(good && grade_run(to, &c), "%s is not graded", name);
	free((void *)c.monitor.elf);
	rubric_free(&rubric);
}

static char *written(void (*write)(const struct grade *, const char *, FILE *), const struct grade *grade)
{
	char *text = NULL;
	size_t n;
	FILE *to = open_memstream(&text, &n);
	if (!to)
		exit(1);
	write(grade, "2001-01-01T00:00:00Z", to);
	fclose(to);
	return text;
}

static const char short_rubric[] =
	"{\"points\": {\"equivalence\": 40, \"control\": 30, \"efficiency\": 20, \"inspection\": 10}, \"guests\": [\"hello\", \"preempt\","
	" \"boot-bound\", \"boot-ecall\", \"boot-pending\", \"hostile-storm\", {\"name\": \"random\", \"random\": 5}]}";

static void check_full(const struct bench *bench, const char *path)
{
	struct grade g;
	grade(&g, bench, "", path, short_rubric, false);
	check(grade_full(&g) && g.total == 10000, "our own monitor has %u of %u hundredths", g.total_earned, g.total);
	check(g.efficiency.direct == g.efficiency.innocuous && g.efficiency.exits > 0, "efficiency is not counted");
	grade_free(&g);
}

static void check_none(const struct bench *bench, const char *folder, const char *name, const char *fault)
{
	struct grade g;
	grade(&g, bench, folder, name, short_rubric, false);
	const struct lesson *lesson = g.refused ? g.refused : g.tests ? g.test[0].lesson : NULL;
	check(g.total_earned == 0, "%s has %u points", name, g.total_earned);
	check(lesson && strcmp(lesson->fault->name, fault) == 0, "%s: the lesson is '%s', not '%s'", name,
	      lesson ? lesson->fault->name : "none", fault);
	grade_free(&g);
}

static void check_cut(const struct bench *bench)
{
	struct grade g;
	grade(&g, bench, bench->bad, "/hangs.elf", short_rubric, true);
	check(g.cut && g.tests > 0 && g.test[0].state == TEST_CUT && !grade_full(&g), "grading that is cut off is not marked so");
	char *text = written(report_text, &g), *tap = written(report_tap, &g);
	check(strstr(text, "CUT OFF") && !strstr(tap, "\nok "), "reports do not show that it was cut off");
	free(text);
	free(tap);
	grade_free(&g);
}

/* ---- lessons ------------------------------------------------------------ */

/* A mutant, who catches it, and the part of the monitor that its patch changes. */
static const struct {
	const char *mutant, *property, *guest, *fault, *part;
} mutants[] = {
	{ "x31-lost", "equivalence", "hello", "lost register", "world switch" },
	{ "old-psw-real-base", "equivalence", "hello", "wrong reset", "dispatcher" },
	{ "reset-real-size", "equivalence", "hello", "wrong reset", "IPL" },
	{ "check-stop-missed", "equivalence", "boot-bound", "missed check-stop", "dispatcher" },
	{ "timer-late", "equivalence", "preempt", "missed timer interrupt", "dispatcher" },
	{ "masked-delivered", "equivalence", "echo", "I/O interrupt that is not due", "dispatcher" },
	{ "user-emulated", "equivalence", "privileged-user", "user's privileged instruction", "dispatcher" },
	{ "operand-first-byte", "equivalence", "hostile-operand-end", "operand of an instruction", "storage check" },
	{ "emulated-not-counted", "equivalence", "boot-odd", "time of an emulated instruction", "charges emulated" },
	{ "lpsw-keeps-r", "equivalence", "hostile-bound", "virtual R", "interpreter routine of LPSW" },
	{ "result-missing", "equivalence", "clock", "virtual device", "SIO" },
	{ "wait-takes-no-time", "equivalence", "clock", "time that WAIT takes", "WAIT" },
	{ "lra-whole-word", "equivalence", "privileged-supervisor", "what LRA answers", "interpreter routine of LRA" },
	{ "old-pc-after-svc", "equivalence", "boot-ecall", "reflected trap", "dispatcher, where it reflects a trap (svc)" },
	{ "illegal-skipped", "equivalence", "hostile-overwrite", "reflected trap", "(illegal)" },
	{ "bound-not-clamped", "control", "boot-ecall", "beyond the region", "allocator" },
	{ "mask-made-real", "control", "boot-bound", "guest owns the processor", "scheduler" },
	{ "real-supervisor", "control", "hostile-psw-junk", "guest in supervisor mode", "resume a VM" },
	{ "dma-end-unchecked", "control", "hostile-dma", "transfer outside the VM", "SIO" },
	{ "emulated-cost-no-quantum", "isolation", "boot-bound", "starved VM", "scheduler" },
	{ "gp-leaks", "isolation", "boot-bound", "shared registers", "world switch" },
	{ "privileged-in-trip", "recursion", "clock", "costly recursion", "trip" },
	{ "exits-for-nothing", "efficiency", "clock", "exits for nothing", "quantum" },
	{ "exits-miscounted", "inspection", "boot-odd", "miscounted", "counters" },
	{ "timer-loaded-hidden", "inspection", "boot-bound", "untold time", "timer-as-loaded" },
	{ "running-not-shown", "inspection", "boot-bound", "untrue table", "anchor" },
};

static void check_lesson(const struct bench *bench, unsigned i)
{
	struct grade g;
	char rubric[256], name[64];
	snprintf(rubric, sizeof(rubric), "{\"points\": {\"%s\": 10}, \"guests\": [{\"name\": \"%s\", \"properties\": [\"%s\"]}]}",
	         mutants[i].property, mutants[i].guest, mutants[i].property);
	snprintf(name, sizeof(name), "/%s.elf", mutants[i].mutant);
	grade(&g, bench, bench->mutants, name, rubric, false);
	const struct lesson *lesson = g.tests ? g.test[0].lesson : NULL;
	check(g.total_earned < g.total, "%s has full marks", mutants[i].mutant);
	check(lesson && strcmp(lesson->fault->name, mutants[i].fault) == 0, "%s: the lesson is '%s', not '%s'", mutants[i].mutant,
	      lesson ? lesson->fault->name : "none", mutants[i].fault);
	check(lesson && strstr(lesson->part, mutants[i].part), "%s: '%s' does not name '%s'", mutants[i].mutant,
	      lesson ? lesson->part : "", mutants[i].part);
	grade_free(&g);
}

/* In the order that the reader needs it. */
static void check_order(const struct bench *bench)
{
	static const char *const heads[] = { "property ", "happened ", "in ", "correct ", "open ", "again ", "read " };
	struct grade g;
	grade(&g, bench, bench->mutants, "/x31-lost.elf", "{\"points\": {\"equivalence\": 10}, \"guests\": [\"hello\"]}", false);
	char *text = g.tests ? report_lesson_text(&g, &g.test[0]) : NULL, *at = text;
	for (unsigned i = 0; i < sizeof(heads) / sizeof(*heads) && at; i++) {
		at = strstr(at, heads[i]);
		check(at != NULL, "the lesson's '%s' is not in its place", heads[i]);
	}
	free(text);
	grade_free(&g);
}

/* ---- partial credit ------------------------------------------------------ */

/* A fault at a guest's first entry does not cost what the rest of its run shows; one that is there at each trap
 * costs equivalence, and half of what was seen only so far; a monitor that never goes on has nothing. */
static void check_share(const struct bench *bench, const char *name, const char *guest, unsigned equivalence, unsigned control)
{
	char both[160];
	snprintf(both, sizeof(both), "{\"points\": {\"equivalence\": 10, \"control\": 10}, \"guests\": [\"%s\"]}", guest);
	struct grade g;
	grade(&g, bench, bench->mutants, name, both, false);
	check(g.earned[PROPERTY_EQUIVALENCE] == equivalence && g.earned[PROPERTY_CONTROL] == control, "%s earns %u and %u, not %u and %u", name,
	      g.earned[PROPERTY_EQUIVALENCE], g.earned[PROPERTY_CONTROL], equivalence, control);
	grade_free(&g);
}

static void check_required(const struct bench *bench)
{
	struct grade g;
	grade(&g, bench, bench->mutants, "/reset-real-size.elf",
	      "{\"points\": {\"equivalence\": 10}, \"guests\": [{\"name\": \"hello\", \"required\": true}, \"boot-pending\"]}", false);
	check(g.test[0].earned > 0 && g.earned[PROPERTY_EQUIVALENCE] <= 500, "a required guest that fails in part costs nothing");
	grade_free(&g);
}

/* ---- budgets ------------------------------------------------------------- */

/* Whatever the monitor does, it ends; and what a budget ends has no points and says so. */
static void check_budget(const struct bench *bench, const char *name, const char *says)
{
	static const char small[] = "{\"points\": {\"equivalence\": 10}, \"budget\": 1000000, \"guests\": [\"sieve\", \"hello\"]}";
	struct grade g;
	grade(&g, bench, bench->mutants, name, small, false);
	char *text = written(report_text, &g);
	check(g.total_earned == 0 && strstr(text, says), "%s within a small budget: %s", name, text);
	check(g.work <= g.budget, "%s took more than its budget", name);
	free(text);
	grade_free(&g);
}

/* ---- monitors that do their worst ----------------------------------------- */

/* Each loses what it breaks, not everything; gets a message that says what; and is done with within the
 * budget.  Points in hundredths, of 10000. */
static const struct {
	const char *monitor;
	unsigned least, most;
	const char *fault;
} hostile[] = {
	{ "anchor-lies", 4000, 9999, "untrue table" },
	{ "anchor-moves", 4000, 9999, "untold end" },
	{ "never-ends", 4000, 9000, "interpreter routine" },
	{ "loops-in-sio", 500, 8000, "virtual device" },
	{ "prints-a-gigabyte", 500, 8000, "virtual device" },
	{ "overwrites-itself", 1000, 9500, "trap of its own" },
	{ "storms", 0, 5000, "virtual device" },
	{ "dawdles", 9000, 10000, NULL },
	{ "forges", 0, 0, "ends at once" },
	{ "forgets-pc", 1000, 5000, "pc that stays" },
	{ "forgets-to-schedule", 1000, 5000, "resumed elsewhere" },
	{ "traps-itself", 8000, 9999, "trap of its own" },
};

static const char few_guests[] = "{\"points\": {\"equivalence\": 40, \"control\": 30, \"efficiency\": 20, \"inspection\": 10},"
                                 " \"guests\": [\"hello\", \"clock\", \"boot-ecall\", {\"name\": \"random\", \"random\": 2, \"weight\": 3}]}";

static void check_hostile(const struct bench *bench)
{
	for (unsigned i = 0; i < sizeof(hostile) / sizeof(*hostile); i++) {
		struct grade g;
		char name[64];
		bool told = !hostile[i].fault;
		snprintf(name, sizeof(name), "/hostile/%s.elf", hostile[i].monitor);
		grade(&g, bench, bench->mutants, name, few_guests, false);
		for (unsigned t = 0; t < g.tests; t++)
			told |= g.test[t].lesson && hostile[i].fault && strcmp(g.test[t].lesson->fault->name, hostile[i].fault) == 0;
		check(g.total_earned >= hostile[i].least && g.total_earned <= hostile[i].most, "%s has %u points", hostile[i].monitor, g.total_earned);
		check(told, "%s is not told of '%s'", hostile[i].monitor, hostile[i].fault);
		check(g.work < RUBRIC_BUDGET, "%s is not done with within the budget", hostile[i].monitor);
		grade_free(&g);
	}
}

/* ---- hidden guests ------------------------------------------------------ */

/* No report but the lecturer's own has the name, and no other number depends on it. */
static void check_hidden(const struct bench *bench)
{
	static const char with[] = "{\"points\": {\"equivalence\": 10}, \"guests\": [\"hello\", {\"name\": \"sEcReT\", \"file\": \"sha256.elf\","
	                           " \"hidden\": true, \"weight\": 3}, {\"name\": \"sEcReT2\", \"random\": 3, \"seed\": 7071067811865475, \"hidden\": true}]}";
	struct grade g, without;
	grade(&g, bench, bench->mutants, "/drift.elf", with, false);
	grade(&without, bench, bench->mutants, "/drift.elf", "{\"points\": {\"equivalence\": 10}, \"guests\": [\"hello\"]}", false);
	for (const struct report_format *format = report_formats; format->name; format++) {
		char *text = written(format->write, &g);
		check(!strstr(text, "sEcReT") && !strstr(text, "sha256") && !strstr(text, "7071067811865475"), "%s tells of hidden guests", format->name);
		free(text);
	}
	check(g.work == without.work && g.efficiency.exits == without.efficiency.exits, "what hidden guests took is counted");
	check(g.tests == 2 && g.test[1].hidden && g.test[1].weight == 4 && !g.test[1].lesson, "hidden guests are not shown as one");
	grade_free(&g);
	grade_free(&without);
}

/* ---- text --------------------------------------------------------------- */

static void check_plain(const char *text, const char *wanted)
{
	char *plain = text_plain(text, 0);
	check(plain && strcmp(plain, wanted) == 0, "'%s' became '%s'", text, plain);
	free(plain);
}

static void check_text(void)
{
	check_plain("J\xc3\xbcrgen", "J\xc3\xbcrgen");
	check_plain("\033[2Jcleared\a", "?[2Jcleared?");
	check_plain("\xff\xc3.", "??.");
	check_plain("\xc0\x80", "??");
	check_plain((const char[]){ '\xe2', '\x80', '\xae', 'e', 'v', 'i', 'l', '\0' }, "?evil"); /* right to left */
	check_plain("line\nline", "line?line");
	char *text = NULL;
	size_t n;
	FILE *to = open_memstream(&text, &n);
	if (!to)
		exit(1);
	text_markup("<a b=\"'&", to);
	text_shell("it's; rm", to);
	fclose(to);
	check(strcmp(text, "&lt;a b=&quot;&#39;&amp;'it'\\''s; rm'") == 0, "markup and shell: %s", text);
	free(text);
}

/* A name that would close whatever it stands in. */
static void check_forgery(const struct bench *bench)
{
	struct grade g;
	grade(&g, bench, bench->bad, "/lies.elf", "{\"points\": {\"equivalence\": 10}, \"guests\": [\"hello\"]}", false);
	snprintf(g.name, sizeof(g.name), "</script><b>\"]]>{\"scores\":{\"equivalence\":10}}");
	check(g.total_earned == 0, "a monitor that prints its own marks has some");
	char *html = written(report_html, &g), *xml = written(report_junit, &g), *autolab = written(report_autolab, &g);
	check(!strstr(html, "<b>") && !strstr(xml, "]]>"), "markup is not escaped");
	const char *last = autolab + strlen(autolab) - 1;
	while (last > autolab && last[-1] != '\n')
		last--;
	check(strcmp(last, "{\"scores\":{\"equivalence\":0.0}}\n") == 0, "Autolab's last line is '%s'", last);
	free(html);
	free(xml);
	free(autolab);
	grade_free(&g);
}

/* ---- the same again ----------------------------------------------------- */

static void check_same(const struct bench *bench)
{
	struct grade a, b;
	grade(&a, bench, bench->mutants, "/bound-not-clamped.elf", short_rubric, false);
	grade(&b, bench, bench->mutants, "/bound-not-clamped.elf", short_rubric, false);
	check(a.total_earned > 0 && a.total_earned < a.total, "a mutant with one fault has %u of %u", a.total_earned, a.total);
	for (const struct report_format *format = report_formats; format->name; format++) {
		char *first = written(format->write, &a), *second = written(format->write, &b);
		check(strcmp(first, second) == 0, "%s is not the same twice", format->name);
		free(first);
		free(second);
	}
	grade_free(&a);
	grade_free(&b);
}

int main(int argc, char **argv)
{
	if (argc != 5) {
		fprintf(stderr, "usage: grade MONITOR GUEST-FOLDER BAD-FOLDER MUTANT-FOLDER\n");
		return 1;
	}
	struct bench bench = { argv[2], argv[3], argv[4], tally_read_monitor("", argv[1]) };
	check_rubrics();
	check_text();
	check_full(&bench, argv[1]);
	check_none(&bench, bench.guests, "/hello.elf", "not a monitor");
	check_none(&bench, bench.bad, "/hangs.elf", "never enters its guest");
	check_none(&bench, bench.bad, "/crashes.elf", "ends at once");
	check_none(&bench, bench.bad, "/babbles.elf", "never-ending output");
	check_cut(&bench);
	for (unsigned i = 0; i < sizeof(mutants) / sizeof(*mutants); i++)
		check_lesson(&bench, i);
	check_order(&bench);
	check_share(&bench, "/reset-real-size.elf", "hello", 500, 1000);
	check_share(&bench, "/old-psw-real-base.elf", "traps", 0, 500);
	check_share(&bench, "/hostile/storms.elf", "hello", 0, 0);
	check_required(&bench);
	check_budget(&bench, "/hostile/dawdles.elf", "budget of 1000000 steps for a submission");
	check_hostile(&bench);
	check_hidden(&bench);
	check_forgery(&bench);
	check_same(&bench);
	free((void *)bench.reference.elf);
	return tally_end();
}
