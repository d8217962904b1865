/* `droste lab`: the labs of a course.  Makes students' folders, builds what stands in them,
 * judges it by the lab's rubric, and says what fails in the lab's own words.
 */

#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inspector/words.h"
#include "lab.h"
#include "properties/explain.h"

#define LABS_MOST 16
#define EXPLAINED_MOST 3 /* failures; a student mends one at a time */

struct lab_options {
	const char *from, *rubric, *out, *name;
	bool json, exit_zero;
	char **argument;
	int arguments;
};

static int usage_error(const char *text)
{
	complain(_("lab: %s: see 'droste help lab'"), _(text));
	return GRADE_USAGE;
}

static int refused(const struct refusal *why)
{
	complain("lab: %s", why->text);
	return GRADE_USAGE;
}

static bool take_number(const char *text, unsigned *number)
{
	uint64_t value = 0;
	if (!option_number(text, LABS_MOST, &value) || value == 0)
		return usage_error(N_("the number of a lab is wanted")) == 0;
	*number = (unsigned)value;
	return true;
}

static char *join(const char *folder, const char *name)
{
	char *path = NULL;
	return asprintf(&path, "%s/%s", folder, name) < 0 ? NULL : path;
}

/* ---- text --------------------------------------------------------------- */

/* Columns that n bytes of UTF-8 take, all of it letters of the West. */
static int columns(const char *text, size_t n)
{
	int columns = 0;
	for (size_t i = 0; i < n; i++)
		columns += (text[i] & 0xC0) != 0x80;
	return columns;
}

/* ---- list --------------------------------------------------------------- */

static void put_row(const struct installed_lab *lab)
{
	printf("%u  ", lab->lab.number);
	const char *title = _(lab->lab.title);
	printf("%s%*s", title, 44 - columns(title, strlen(title)), "");
	for (const char *const *name = lab->lab.hand_in; *name; name++)
		printf(" %s", *name);
	putchar('\n');
}

static json_t *row_of(const struct installed_lab *lab)
{
	json_t *files = json_array();
	for (const char *const *name = lab->lab.hand_in; *name; name++)
		json_array_append_new(files, json_string(*name));
	return json_pack("{s:i, s:s, s:o, s:s}", "lab", (int)lab->lab.number, "title", lab->lab.title, "hand_in", files, "folder",
	                 lab->folder);
}

static int list(const struct lab_options *o)
{
	struct refusal why = { "" };
	json_t *rows = json_array();
	for (unsigned number = 1; number <= LABS_MOST; number++) {
		struct installed_lab lab;
		if (lab_open(&lab, number, &why)) {
			if (o->json)
				json_array_append_new(rows, row_of(&lab));
			else
				put_row(&lab);
		} else if (lab.folder) {
			refused(&why);
		}
		lab_close(&lab);
	}
	if (o->json) {
		json_dumpf(rows, stdout, JSON_INDENT(2));
		putchar('\n');
	}
	json_decref(rows);
	return 0;
}

/* ---- new ---------------------------------------------------------------- */

static int new(const struct lab_options *o)
{
	struct refusal why = { "no memory" };
	struct installed_lab lab = { 0 };
	unsigned number, taken;
	if (o->arguments != 2)
		return usage_error(N_("new wants the number of a lab and a folder"));
	if (!take_number(o->argument[0], &number))
		return GRADE_USAGE;
	bool good = lab_open(&lab, number, &why) && lab_new(&lab, o->argument[1], o->from, &taken, &why);
	if (good && o->from)
		printf(_("%s: lab %u, %s, with %u of your files from %s\n"), o->argument[1], number, _(lab.lab.title), taken, o->from);
	else if (good)
		printf(_("%s: lab %u, %s; the handout is README.md there\n"), o->argument[1], number, _(lab.lab.title));
	lab_close(&lab);
	return good ? 0 : refused(&why);
}

/* ---- check -------------------------------------------------------------- */

/* Students' guests only: weights are as if there were no others. */
static void drop_hidden(struct rubric *rubric)
{
	unsigned kept = 0;
	for (unsigned i = 0; i < rubric->guests; i++) {
		struct rubric_guest guest = rubric->guest[i];
		if (guest.hidden) {
			free(guest.file);
			guest_free(&guest.guest);
		} else {
			rubric->guest[kept++] = guest;
		}
	}
	rubric->guests = kept;
	tasks_drop_hidden(&rubric->tasks);
}

#define MISSING "monitor: missing: " /* what a starter writes: labs/given/lab.c */

/* The routine that the monitor came to and that is yet to be written, or NULL. */
static const char *missing_routine(const struct grade_test *test)
{
	const char *wrote = test->lesson ? test->lesson->wrote : NULL;
	return wrote && strncmp(wrote, MISSING, strlen(MISSING)) == 0 ? wrote + strlen(MISSING) : NULL;
}

static bool trapped_itself(const struct grade_test *test) { return test->lesson && test->lesson->stray.is && test->lesson->stray.trapped; }
static bool goes_round(const struct grade_test *test) { return test->lesson && test->lesson->stray.is && !test->lesson->stray.trapped; }

/* Where the monitor itself is to blame, not what it does for its guest. */
static const char *own_fault(const struct grade_test *test)
{
	if (trapped_itself(test))
		return _("Your monitor has trapped in its own code, at the line named below. A memory trap there is a pointer that leads "
		         "nowhere, a guest's address that was not checked, or an index beyond a table; an illegal instruction is code that was "
		         "overwritten, as by a stack that is full.");
	return goes_round(test) ? _("Your monitor does not come back to its guest: it is in a loop, or calls itself without an end, at the line named below.") : NULL;
}

/* What a failed test is explained by: tests of the same words are explained together. */
static const char *explanation(const struct lab *lab, const struct grade_test *test)
{
	const struct lab_hint *hint = lab_find_hint(lab, test);
	const char *missing = missing_routine(test);
	if (missing)
		return missing;
	if (own_fault(test))
		return own_fault(test);
	return hint ? _(hint->say) : test->lesson ? test->lesson->correct : test->note;
}

static bool failed(const struct grade_test *test) { return test->state != TEST_PASSED && test->worth > 0; }

/* What happened is known of it; others only follow from such. */
static bool telling(const struct grade_test *test) { return failed(test) && test->lesson; }

/* One paragraph, filled. */
static void put_paragraph(const char *indent, const char *text)
{
	const int width = 92;
	int at = 0;
	while (*text) {
		int word = (int)strcspn(text, " "), wide = columns(text, (size_t)word);
		bool fits = at > 0 && at + 1 + wide <= width;
		if (at > 0)
			putchar(fits ? ' ' : '\n');
		if (!fits)
			at = printf("%s", indent) - 1;
		printf("%.*s", word, text);
		at += 1 + wide;
		text += word;
		text += strspn(text, " ");
	}
	putchar('\n');
}

#define NAMED_MOST 5

/* The tests from the first one on that these words explain: "control: hello, disk". */
static void put_names(const struct lab *lab, const struct grade *grade, const char *words, unsigned first)
{
	unsigned named = 0, more = 0;
	int section = -1;
	for (unsigned i = first; i < grade->tests; i++) {
		const struct grade_test *test = &grade->test[i];
		if (!telling(test) || strcmp(explanation(lab, test), words) != 0)
			continue;
		if (named++ >= NAMED_MOST)
			more++;
		else if (section == (int)test->section)
			printf(", %s", test->name);
		else
			printf("%s%s: %s", section < 0 ? "\n" : "; ", grade_section_name(grade, test->section), test->name);
		section = (int)test->section;
	}
	if (more)
		printf(_(" and %u more"), more);
	putchar('\n');
}

static void put_line(const char *head, const char *text)
{
	if (text)
		printf("    %-6s %s\n", _(head), text);
}

/* Where the monitor itself came to. */
static void put_stray(const struct pack_monitor *monitor, const struct stray *stray)
{
	char *place = stray->is ? explain_place(monitor->elf, monitor->size, monitor->path, stray->pc) : NULL;
	if (place && stray->trapped)
		printf(_("    %-6s %s: %s, tval 0x%08x\n"), _("at"), place, isa_cause_names[stray->cause], stray->tval);
	else if (place)
		put_line(N_("at"), place);
	else if (stray->is)
		printf(_("    %-6s pc 0x%08x, which is no line of yours: a jump that went astray?\n"), _("at"), stray->pc);
	free(place);
}

#define VALUES_MOST 4

static void put_value(unsigned *n, const char *name, uint32_t is, uint32_t bare)
{
	if (is == bare || ++*n > VALUES_MOST)
		return;
	if (*n == 1)
		printf("    %-6s ", _("values"));
	printf(_("%s%s is 0x%x, bare 0x%x"), *n == 1 ? "" : "; ", name, is, bare);
}

static void put_cells(unsigned *n, const struct divergence *d)
{
	if (d->virtual.trapped || d->bare.trapped) {
		put_value(n, "cause", d->virtual.cause, d->bare.cause);
		put_value(n, "tval", d->virtual.tval, d->bare.tval);
	}
	if (*n > 0 || d->different == 0)
		return;
	char name[24];
	uint32_t is, bare;
	memcpy(&is, d->virtual_bytes, sizeof(is));
	memcpy(&bare, d->bare_bytes, sizeof(bare));
	snprintf(name, sizeof(name), "M[0x%x]", d->address);
	put_value(n, name, is, bare);
}

/* The first few words that differ: as they are under the monitor, and on the bare machine. */
static void put_values(const struct divergence *d)
{
	const struct psw *is = &d->virtual.psw, *bare = &d->bare.psw;
	unsigned n = 0;
	if (!d->found || !(d->came_back || d->direct))
		return;
	put_value(&n, "pc", is->pc, bare->pc);
	put_value(&n, "status", is->status, bare->status);
	put_value(&n, "base", is->base, bare->base);
	put_value(&n, "bound", is->bound, bare->bound);
	put_value(&n, "timer", is->timer, bare->timer);
	put_value(&n, "clock", (uint32_t)d->virtual.clock, (uint32_t)d->bare.clock);
	for (unsigned x = 0; x < 32; x++) {
		char name[4];
		snprintf(name, sizeof(name), "x%u", x);
		put_value(&n, name, d->virtual.x[x], d->bare.x[x]);
	}
	put_cells(&n, d);
	if (n > 0)
		puts(n > VALUES_MOST ? " ..." : "");
}

static void put_failure(const struct lab *lab, const struct grade *grade, const struct pack_monitor *monitor, unsigned i)
{
	const struct grade_test *test = &grade->test[i];
	const struct lesson *lesson = test->lesson;
	const char *words = explanation(lab, test);
	put_names(lab, grade, words, i);
	if (words == missing_routine(test)) {
		printf(_("    is yet to be written: %s\n"), words);
		return;
	}
	put_paragraph("    ", words);
	if (!lesson)
		return;
	put_line(N_("seen"), lesson->what);
	put_stray(monitor, &lesson->stray);
	put_values(&lesson->where);
	put_line(N_("yours"), lesson->stray.is ? NULL : lesson->ours);
	put_line(N_("guest"), lesson->source);
	put_line(N_("wrote"), lesson->wrote);
	put_line(N_("look"), lesson->open);
	put_line(N_("again"), lesson->again);
}

static bool explained_before(const struct lab *lab, const struct grade *grade, unsigned i)
{
	const char *words = explanation(lab, &grade->test[i]);
	for (unsigned j = 0; j < i; j++)
		if (telling(&grade->test[j]) && strcmp(explanation(lab, &grade->test[j]), words) == 0)
			return true;
	return false;
}

/* Properties of which nothing is known, but that they were not shown to hold. */
static void put_untold(const struct grade *grade)
{
	for (unsigned i = 0; i < grade->tests; i++) {
		const struct grade_test *test = &grade->test[i];
		if (test->section >= PROPERTIES || !failed(test) || test->lesson || (i > 0 && failed(test - 1) && test[-1].section == test->section))
			continue;
		printf("\n%s: %s", grade_section_name(grade, test->section), test->name);
		for (const struct grade_test *other = test + 1; other < grade->test + grade->tests && other->section == test->section && failed(other); other++)
			printf(", %s", other->name);
		printf("\n    %s\n", test->note);
	}
}

static int put_check(const struct lab *lab, const struct grade *grade, const struct pack_monitor *monitor)
{
	unsigned passed = 0, explained = 0, others = 0;
	for (unsigned i = 0; i < grade->tests; i++) {
		passed += !failed(&grade->test[i]);
		if (!telling(&grade->test[i]) || grade->test[i].section >= PROPERTIES || explained_before(lab, grade, i))
			continue;
		if (explained++ < EXPLAINED_MOST)
			put_failure(lab, grade, monitor, i);
		else
			others++;
	}
	if (explained == 0)
		put_untold(grade);
	lab_put_tasks(lab, grade);
	if (others)
		printf(words_n("\nMore fails, in %u other way. Mend these first, the uppermost first of all.\n",
		               "\nMore fails, in %u other ways. Mend these first, the uppermost first of all.\n", others), others);
	fputs(passed < grade->tests ? "\n" : "", stdout);
	printf(_("Lab %u: %u of %u tests pass.\n"), lab->number, passed, grade->tests);
	return passed == grade->tests ? GRADE_FULL : GRADE_LESS;
}

/* What a student has made: the monitor, and the files that the rubric's tasks ask for. */
static int check_work(const struct installed_lab *lab, const struct lab_options *o, const char *folder)
{
	struct grade_work work;
	struct grade grade = { 0 };
	struct grade_options options = { .rubric = o->rubric };
	char *path = lab->lab.monitor ? join(folder, lab->lab.monitor) : NULL;
	const char *name = !path ? folder : strcmp(folder, ".") == 0 ? lab->lab.monitor : path;
	int status = grade_open(&work, &options, &(struct handed_in){ name, path ? path : "", NULL, folder, true });
	if (status == 0) {
		work.c.monitor.path = name;
		drop_hidden(&work.rubric);
		grade_catch_signals();
		status = grade_run(&grade, &work.c) && !grade.cut ? put_check(&lab->lab, &grade, &work.c.monitor) : GRADE_INFRASTRUCTURE;
		grade_free(&grade);
	}
	grade_close(&work);
	free(path);
	return status;
}

/* ---- check and grade ---------------------------------------------------- */

static int grade_folder(const struct installed_lab *lab, const struct lab_options *o, const char *folder, const char *refused)
{
	char *path = lab->lab.monitor ? join(folder, lab->lab.monitor) : strdup(""), *out = o->out ? strdup(o->out) : join(folder, "report");
	struct grade_options grade = { .rubric = o->rubric, .out = out, .exit_zero = o->exit_zero };
	grade_catch_signals();
	int status = path && out ? grade_one(&grade, &(struct handed_in){ o->name ? o->name : lab->lab.title, path, refused, folder, true }) : GRADE_INFRASTRUCTURE;
	free(path);
	free(out);
	return status;
}

/* The folder is built first.  The rubric is the lab's, not one that a student has. */
static int judge(const struct lab_options *given, bool grades)
{
	struct refusal why = { "no memory" };
	struct installed_lab lab = { 0 };
	struct lab_options o = *given;
	const char *folder = o.arguments ? o.argument[0] : ".";
	if (o.arguments > 1)
		return usage_error(N_("one folder at a time"));
	if (!lab_open_of(&lab, folder, &why)) {
		lab_close(&lab);
		return refused(&why);
	}
	char *rubric = o.rubric ? NULL : join(lab.folder, "rubric.json");
	int status = GRADE_LESS;
	if (rubric)
		o.rubric = rubric;
	bool built = lab_make(folder, NULL, &why);
	if (grades)
		status = grade_folder(&lab, &o, folder, built ? NULL : why.text);
	else if (built)
		status = check_work(&lab, &o, folder);
	else
		complain("lab: %s: %s", folder, why.text);
	free(rubric);
	lab_close(&lab);
	return status;
}

static int check(const struct lab_options *o) { return judge(o, false); }
static int grade(const struct lab_options *o) { return judge(o, true); }

/* ---- collect ------------------------------------------------------------ */

static bool collect_monitor(const char *tree, const char *monitor, const char *to, struct refusal *why)
{
	struct file file = { 0 };
	char *made = join(tree, monitor);
	bool good = made && file_read(&file, made, why) && file_write(to, file.bytes, file.size, why);
	file_free(&file);
	free(made);
	return good;
}

/* All that could be built, even if not all could: the rest is graded. */
static bool collect_built(const struct lab *lab, const char *tree, const char *out, struct refusal *why)
{
	char *log = join(out, "build.log"), *to = join(out, "monitor.elf");
	struct refusal other;
	bool built = log && to && lab_make(tree, log, why);
	if (log && !built && access(log, F_OK) == 0)
		refuse(why, "it does not build: %.200s says why", log);
	bool copied = to && (!lab->monitor || collect_monitor(tree, lab->monitor, to, built ? why : &other));
	copied &= lab_collect_files(lab, tree, out, built ? why : &other);
	free(log);
	free(to);
	return built && copied;
}

static void remove_named(const char *folder, const char *name)
{
	char *path = join(folder, name);
	if (path)
		unlink(path);
	free(path);
}

/* What an earlier call has left of the submission goes.  A reason stands where else the compiler's words do. */
static void clear_collected(const struct lab *lab, const char *out, const char *reason)
{
	char *log = join(out, "build.log");
	struct refusal why;
	remove_named(out, "monitor.elf");
	for (const char *const *name = lab->made; *name; name++)
		remove_named(out, *name);
	if (log && reason && !file_write(log, reason, strlen(reason), &why))
		complain("lab: %s: %s", log, why.text);
	free(log);
}

/* One submission in a fresh tree, so that nothing but the files to hand in is the student's; what
 * grading needs of it, and what the compiler says, goes to out. */
static bool collect_one(const struct installed_lab *lab, const char *from, const char *out, struct refusal *why)
{
	char tree[] = "/tmp/droste-lab-XXXXXX";
	unsigned taken = 0;
	if (!grade_make_folder(out, why) || (!mkdtemp(tree) && !refuse(why, "%s: %s", tree, strerror(errno))))
		return false;
	bool whole = lab_new(lab, tree, from, &taken, why) &&
	             (taken > 0 || refuse(why, "%.200s: there is none of the files to hand in", from));
	clear_collected(&lab->lab, out, whole ? NULL : why->text);
	bool good = whole && collect_built(&lab->lab, tree, out, why);
	lab_remove(tree);
	return good;
}

/* The files that are not there, if others are: what is graded then has the starter's. */
static void say_missing(const struct lab *lab, const char *from, const char *name)
{
	unsigned there = 0;
	for (int tell = 0; tell < 2; tell++)
		for (const char *const *file = lab->hand_in; *file; file++) {
			char *path = join(from, *file);
			bool is = path && access(path, F_OK) == 0;
			there += is;
			if (tell && !is && there > 0)
				printf("%s: %s is missing: the starter's stands in its place\n", name, *file);
			free(path);
		}
}

/* Each submission is a folder. */
static bool is_folder(const char *path, const char *name)
{
	struct stat found;
	if (stat(path, &found) != 0 || S_ISDIR(found.st_mode))
		return true;
	printf("%s: left out, it is a file: a submission is a folder, so an archive must be unpacked\n", name);
	return false;
}

static bool same_folder(const char *a, const char *b)
{
	struct stat x, y;
	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static int collect(const struct lab_options *o)
{
	struct refusal why = { "no memory" };
	struct installed_lab lab = { 0 };
	unsigned number, n = 0, bad = 0;
	if (o->arguments != 3)
		return usage_error(N_("collect wants the number of a lab, the folder of submissions and one for what is built"));
	if (!take_number(o->argument[0], &number))
		return GRADE_USAGE;
	if (same_folder(o->argument[1], o->argument[2]))
		return usage_error(N_("what is built goes to another folder than the submissions'"));
	if (!lab_open(&lab, number, &why)) {
		lab_close(&lab);
		return refused(&why);
	}
	struct dirent **entries = NULL;
	int count = scandir(o->argument[1], &entries, NULL, alphasort);
	if (count < 0)
		complain("lab: %s: cannot open: %s", o->argument[1], strerror(errno));
	for (int i = 0; i < count; i++) {
		char *from = join(o->argument[1], entries[i]->d_name), *out = join(o->argument[2], entries[i]->d_name);
		if (from && out && entries[i]->d_name[0] != '.' && is_folder(from, entries[i]->d_name)) {
			n++;
			say_missing(&lab.lab, from, entries[i]->d_name);
			if (!collect_one(&lab, from, out, &why) && ++bad)
				printf("%s: %s\n", entries[i]->d_name, why.text);
		}
		free(from);
		free(out);
		free(entries[i]);
	}
	free(entries);
	if (count >= 0)
		printf("%u submissions, %u of them built: droste grade --class %s --out OUT --rubric %s/rubric.json\n", n, n - bad, o->argument[2], lab.folder);
	lab_close(&lab);
	if (count < 0)
		return GRADE_USAGE;
	return bad && !o->exit_zero ? GRADE_LESS : GRADE_FULL;
}

/* ---- options ------------------------------------------------------------ */

enum { OPTION_FROM = 256, OPTION_JSON, OPTION_NAME, OPTION_EXIT_ZERO };

static const struct option long_options[] = {
	{ "from", required_argument, NULL, OPTION_FROM },
	{ "rubric", required_argument, NULL, 'r' },
	{ "out", required_argument, NULL, 'o' },
	{ "name", required_argument, NULL, OPTION_NAME },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "exit-zero", no_argument, NULL, OPTION_EXIT_ZERO },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

/* What each takes of the options, and whether it speaks the student's language: reports are the same for all. */
static const struct verb {
	const char *name, *options;
	int (*run)(const struct lab_options *o);
	bool speaks;
} verbs[] = {
	{ "list", "j", list, true },
	{ "new", "f", new, true },
	{ "check", "r", check, true },
	{ "grade", "ronx", grade, false },
	{ "collect", "x", collect, false },
	{ 0 },
};

static bool take_option(struct lab_options *o, int option, const char *value, char *letter)
{
	switch (option) {
	case OPTION_FROM: o->from = value; *letter = 'f'; break;
	case OPTION_NAME: o->name = value; *letter = 'n'; break;
	case OPTION_JSON: o->json = true; *letter = 'j'; break;
	case OPTION_EXIT_ZERO: o->exit_zero = true; *letter = 'x'; break;
	case 'r': o->rubric = value; *letter = 'r'; break;
	case 'o': o->out = value; *letter = 'o'; break;
	default: return false;
	}
	return true;
}

static const struct verb *find_verb(const char *name)
{
	const struct verb *verb = verbs;
	while (verb->name && strcmp(verb->name, name) != 0)
		verb++;
	return verb->name ? verb : NULL;
}

static int parse_and_run(const struct command *self, int argc, char **argv)
{
	struct lab_options o = { 0 };
	char used[16] = "", letter = 0;
	for (int option; (option = getopt_long(argc, argv, "hr:o:", long_options, NULL)) != -1;) {
		if (option == 'h')
			return print_usage(self);
		if (!take_option(&o, option, optarg, &letter)) {
			complain_of_option(self, argv);
			return GRADE_USAGE;
		}
		if (!strchr(used, letter))
			used[strlen(used)] = letter;
	}
	const struct verb *verb = optind < argc ? find_verb(argv[optind]) : NULL;
	if (!verb || verb->speaks)
		speak();
	if (optind == argc)
		return usage_error(N_("say what to do: list, new, check, grade or collect"));
	if (!verb)
		return usage_error(N_("there are list, new, check, grade and collect"));
	if (strspn(used, verb->options) != strlen(used))
		return usage_error(N_("an option that this does not take"));
	o.argument = argv + optind + 1;
	o.arguments = argc - optind - 1;
	return verb->run(&o);
}

const struct command lab_command = {
	.name = "lab",
	.summary = "make, check and grade a lab of the course",
	.usage = N_(
		"Usage: droste lab list [--json]\n"
		"       droste lab new N DIR [--from DIR]\n"
		"       droste lab check [DIR] [--rubric FILE]\n"
		"       droste lab grade [DIR] [--rubric FILE] [--out DIR] [--name NAME] [--exit-zero]\n"
		"       droste lab collect N SUBMISSIONS OUT [--exit-zero]\n"
		"\n"
		"  list      the labs, and the files that are handed in\n"
		"  new       make a folder for lab N, with its handout and a starter that builds; --from\n"
		"            takes your own files from the folder of the lab before, where it has them\n"
		"  check     build what is in the folder (default: this one), run the public part of the\n"
		"            grading, and explain what fails\n"
		"  grade     build and grade it; the reports go to DIR/report, or below --out\n"
		"  collect   for lecturers: build each submission in a fresh folder, for droste grade\n"
		"            --class\n"
		"\n"
		"  -r, --rubric FILE   instead of the lab's own\n"
		"  -o, --out DIR       where the reports go\n"
		"      --name NAME     the submission's name in reports\n"
		"      --exit-zero     exit with 0 whatever the points\n"
		"      --json          as JSON\n"
		"\n"
		"Exits with 0: all tests pass or all points; 1: less; 2: used wrongly; 3: could not be decided.\n"),
	.run = parse_and_run,
};
