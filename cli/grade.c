/* `droste grade`: a student's monitor in, points and reports that teach out.  Parses,
 * reads the rubric, grades one submission and writes its reports; a class is
 * grade_class.c's.
 */

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "grade.h"
#include "properties/grade_text.h"
#include "properties/report.h"

#define MONITOR_MOST (16 << 20) /* bytes */

/* ---- being stopped ------------------------------------------------------ */

/* The one thing that a handler can reach. */
static volatile sig_atomic_t caught;

/* The second one ends droste. */
static void catch(int signal)
{
	caught = signal;
}

void grade_catch_signals(void)
{
	struct sigaction action = { .sa_handler = catch, .sa_flags = (int)SA_RESETHAND };
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	for (unsigned i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		sigaction(signals[i], &action, NULL);
}

int grade_signal(void) { return caught; }

bool grade_is_stopped(void *self)
{
	(void)self;
	return caught != 0;
}

/* ---- the rubric --------------------------------------------------------- */

static char *rubric_path(const struct grade_options *o, struct refusal *why)
{
	return o->rubric ? strdup(o->rubric) : file_find_installed("rubric.json", why);
}

static char *folder_of(const char *path)
{
	char *copy = path ? strdup(path) : NULL, *folder = copy ? strdup(dirname(copy)) : NULL;
	free(copy);
	return folder;
}

/* Says what is wrong and returns an exit code, or 0. */
static int read_rubric(struct grade_work *work, const struct grade_options *o)
{
	struct refusal why = { "no memory" };
	struct file file = { 0 };
	struct rubric *rubric = &work->rubric;
	char *path = rubric_path(o, &why);
	int status = 0;
	work->standard = file_find_installed("guests", &why);
	work->folder = folder_of(path);
	if (!path || !work->standard || !work->folder)
		status = complain("grade: %s", why.text) ? GRADE_INFRASTRUCTURE : 0;
	else if (!file_read(&file, path, &why) || !rubric_parse(rubric, file.bytes, file.size, &why) ||
	         !rubric_read_guests(rubric, work->standard, work->folder, &why))
		status = complain("grade: rubric %s: %s", path, why.text) ? GRADE_USAGE : 0;
	file_free(&file);
	free(path);
	return status;
}

static int print_rubric(const struct grade_options *o)
{
	struct refusal why;
	struct file file;
	char *path = rubric_path(o, &why);
	if (!path || !file_read(&file, path, &why)) {
		free(path);
		return complain("grade: %s", why.text) ? GRADE_INFRASTRUCTURE : 0;
	}
	fwrite(file.bytes, 1, file.size, stdout);
	file_free(&file);
	free(path);
	return 0;
}

/* ---- the submission ----------------------------------------------------- */

static bool read_opened(struct file *file, int fd, struct refusal *why)
{
	struct stat found;
	if (fstat(fd, &found) != 0)
		return refuse(why, "cannot be opened: %s", strerror(errno));
	if (!S_ISREG(found.st_mode))
		return refuse(why, "is not a regular file");
	if (found.st_size == 0)
		return refuse(why, "is empty");
	if (found.st_size > MONITOR_MOST)
		return refuse(why, "has more than %d MiB: a monitor has some kilobytes", MONITOR_MOST >> 20);
	return file_read_from(file, fd, why);
}

/* False, and why, if there is nothing to grade.  No pipe is waited for. */
static bool read_submission(struct file *file, const struct handed_in *in, struct refusal *why)
{
	int fd = open(in->monitor, O_RDONLY | O_NONBLOCK | O_CLOEXEC | (in->found ? O_NOFOLLOW : 0));
	*file = (struct file){ 0 };
	if (fd < 0 && errno == ELOOP && in->found)
		return refuse(why, "is a link: the file itself is wanted");
	if (fd < 0)
		return refuse(why, "cannot be opened: %s", strerror(errno));
	bool good = read_opened(file, fd, why);
	close(fd);
	return good;
}

/* ---- writing ------------------------------------------------------------ */

bool grade_make_folder(const char *path, struct refusal *why)
{
	char *copy = strdup(path);
	bool good = copy != NULL;
	for (char *at = copy; good && at; ) {
		at = strchr(at + 1, '/');
		if (at)
			*at = '\0';
		good = mkdir(copy, 0777) == 0 || errno == EEXIST;
		if (at)
			*at = '/';
	}
	if (!good)
		refuse(why, "cannot make the folder: %s", strerror(errno));
	free(copy);
	return good;
}

/* The date of grading, or the one that SOURCE_DATE_EPOCH sets. */
static void date_of(char when[32])
{
	uint64_t epoch;
	const char *given = getenv("SOURCE_DATE_EPOCH");
	time_t now = given && option_number(given, INT32_MAX, &epoch) ? (time_t)epoch : time(NULL);
	struct tm utc;
	strftime(when, 32, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
}

/* What was printed is out, or it is said why not, here and not again at droste's end; who closes a pipe has seen enough. */
static bool flush_output(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return true;
	if (errno != EPIPE)
		complain("grade: cannot write to standard output: %s", strerror(errno));
	__fpurge(stdout);
	clearerr(stdout);
	return false;
}

/* Without a path, to standard output. */
static bool write_report(const struct grade *grade, const struct report_format *format, const char *path)
{
	struct refusal why = { "no memory" };
	char *text = NULL, when[32];
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);
	date_of(when);
	if (to)
		format->write(grade, when, to);
	bool made = to && fclose(to) == 0, good = made && (path ? file_write(path, text, n, &why) : fwrite(text, 1, n, stdout) == n);
	free(text);
	if (made && !path)
		return flush_output();
	return good || complain("grade: %s: %s", path ? path : "the report", why.text) == 0;
}

static const struct report_format *find_format(const char *name)
{
	const struct report_format *format = report_formats;
	while (format->name && strcmp(format->name, name) != 0)
		format++;
	return format->name ? format : NULL;
}

static bool write_below(const struct grade *grade, const struct report_format *format, const char *out)
{
	struct refusal why;
	char *path = NULL;
	if (asprintf(&path, "%s/%s", out, format->file) < 0)
		return complain("grade: no memory") == 0;
	*strrchr(path, '/') = '\0';
	bool good = grade_make_folder(path, &why) || complain("grade: %s: %s", path, why.text) == 0;
	path[strlen(path)] = '/';
	good = good && write_report(grade, format, path);
	free(path);
	return good;
}

/* grade.json comes last: where it stands, all of the others do. */
static bool write_folder(const struct grade *grade, const char *out)
{
	const struct report_format *json = find_format("json");
	for (const struct report_format *format = report_formats; format->name; format++)
		if (format != json && !write_below(grade, format, out))
			return false;
	return write_below(grade, json, out);
}

/* With --out alone nothing but a line is said, and beside a document on standard output nothing. */
static bool write_all(const struct grade *grade, const struct grade_options *o)
{
	bool good = (!o->out || write_folder(grade, o->out)) && (!o->json || write_report(grade, find_format("json"), o->json));
	if (o->one || (file_is_stdout(o->json) && !o->format))
		return good;
	if (!o->out || o->format)
		return write_report(grade, find_format(o->format ? o->format : "text"), NULL) && good;
	if (good)
		printf("%s: %.2f of %.2f points%s; reports in %s\n", grade->name, grade->total_earned / 100.0, grade->total / 100.0,
		       grade->cut ? ", cut off" : "", o->out);
	return good;
}

/* ---- grading ------------------------------------------------------------ */

/* What could not be read has no hash, but a reason. */
static bool is_refused_alike(const json_t *grade, const struct grade_case *c)
{
	const char *was = json_string_value(json_object_get(json_object_get(grade, "refused"), "what"));
	char *now = c->refused ? text_plain(c->refused, 0) : NULL;
	bool alike = !c->refused || (was && now && strcmp(was, now) == 0);
	free(now);
	return alike;
}

/* What stands in the folder is this grade already. */
static bool is_done(const struct grade_options *o, const struct grade_case *c)
{
	char *path = NULL, rubric_hash[20], monitor_hash[20];
	const char *was_rubric = "", *was_monitor = "", *was_droste = "";
	int cut = 1, revealed = 0;
	if (!o->one || o->again || asprintf(&path, "%s/grade.json", o->out) < 0)
		return false;
	json_t *grade = json_load_file(path, 0, NULL);
	free(path);
	snprintf(rubric_hash, sizeof(rubric_hash), "%016" PRIx64, c->rubric->hash);
	snprintf(monitor_hash, sizeof(monitor_hash), "%016" PRIx64, grade_hash(c));
	bool done = grade && json_unpack(grade, "{s:s, s:s, s:s, s:b, s:b}", "rubric", &was_rubric, "submission", &was_monitor, "droste",
	                                 &was_droste, "cut_off", &cut, "revealed", &revealed) == 0 &&
	            strcmp(was_rubric, rubric_hash) == 0 && strcmp(was_monitor, monitor_hash) == 0 &&
	            strcmp(was_droste, DROSTE_VERSION) == 0 && !cut && revealed == o->reveal && is_refused_alike(grade, c);
	json_decref(grade);
	return done;
}

static int status_of(const struct grade *grade, const struct grade_options *o)
{
	if (grade->cut)
		return GRADE_INFRASTRUCTURE;
	return grade_full(grade) || o->exit_zero ? GRADE_FULL : GRADE_LESS;
}

static int grade_and_write(const struct grade_options *o, const struct grade_case *c)
{
	struct grade grade;
	if (is_done(o, c))
		return GRADE_FULL;
	int status = GRADE_INFRASTRUCTURE;
	if (!grade_run(&grade, c))
		complain("grade: no memory");
	else if (write_all(&grade, o))
		status = status_of(&grade, o);
	if (grade.cut)
		complain("grade: %s: cut off by a signal; what was decided by then is written", c->name);
	grade_free(&grade);
	return status;
}

int grade_try_rubric(const struct grade_options *o)
{
	struct grade_work work = { 0 };
	int status = read_rubric(&work, o);
	grade_close(&work);
	return status;
}

/* The monitor, if the rubric wants one. */
static void take_monitor(struct grade_work *work, const struct handed_in *in)
{
	const char *slash = strrchr(in->monitor, '/'); /* where it lies is no matter of the report's */
	struct grade_case *c = &work->c;
	if (grade_wants_monitor(&work->rubric)) {
		c->refused = in->refused;
		if (!c->refused && !read_submission(&work->monitor, in, &work->why))
			c->refused = work->why.text;
	}
	c->monitor = (struct pack_monitor){ work->monitor.bytes ? (const void *)work->monitor.bytes : "", work->monitor.size,
		                                slash ? slash + 1 : in->monitor };
}

int grade_open(struct grade_work *work, const struct grade_options *o, const struct handed_in *in)
{
	*work = (struct grade_work){ 0 };
	int status = read_rubric(work, o);
	if (status != 0)
		return status;
	work->reference_path = file_find_installed("monitor.elf", &work->why);
	if (!work->reference_path || !file_read(&work->reference, work->reference_path, &work->why))
		return complain("grade: %s", work->why.text) ? GRADE_INFRASTRUCTURE : 0;
	work->c = (struct grade_case){ .reference = { work->reference.bytes, work->reference.size, work->reference_path }, .name = in->name,
		                           .rubric = &work->rubric, .reveal = o->reveal, .stopped = grade_is_stopped };
	work->c.tasks = (struct task_case){ .tasks = &work->rubric.tasks, .submission = in->folder, .folder = work->folder,
		                                .standard = work->standard, .monitor = work->c.reference, .stopped = grade_is_stopped };
	take_monitor(work, in);
	return 0;
}

void grade_close(struct grade_work *work)
{
	rubric_free(&work->rubric);
	file_free(&work->monitor);
	file_free(&work->reference);
	free(work->reference_path);
	free(work->standard);
	free(work->folder);
}

int grade_one(const struct grade_options *o, const struct handed_in *in)
{
	struct grade_work work;
	int status = grade_open(&work, o, in);
	if (status == 0)
		status = grade_and_write(o, &work.c);
	grade_close(&work);
	return status;
}

/* ---- options ------------------------------------------------------------ */

enum {
	OPTION_CLASS = 256, OPTION_ONE, OPTION_MERGE, OPTION_ROSTER, OPTION_REVEAL, OPTION_EXIT_ZERO, OPTION_PRINT_RUBRIC, OPTION_JSON,
	OPTION_NAME, OPTION_AGAIN, OPTION_SEAL
};

static const struct option long_options[] = {
	{ "monitor", required_argument, NULL, 'm' },
	{ "submission", required_argument, NULL, 's' },
	{ "rubric", required_argument, NULL, 'r' },
	{ "out", required_argument, NULL, 'o' },
	{ "format", required_argument, NULL, 'f' },
	{ "jobs", required_argument, NULL, 'j' },
	{ "json", required_argument, NULL, OPTION_JSON },
	{ "name", required_argument, NULL, OPTION_NAME },
	{ "class", required_argument, NULL, OPTION_CLASS },
	{ "one", required_argument, NULL, OPTION_ONE },
	{ "merge", no_argument, NULL, OPTION_MERGE },
	{ "roster", required_argument, NULL, OPTION_ROSTER },
	{ "reveal", no_argument, NULL, OPTION_REVEAL },
	{ "again", no_argument, NULL, OPTION_AGAIN },
	{ "exit-zero", no_argument, NULL, OPTION_EXIT_ZERO },
	{ "seal", required_argument, NULL, OPTION_SEAL },
	{ "print-rubric", no_argument, NULL, OPTION_PRINT_RUBRIC },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static bool take_format(struct grade_options *o, const char *name)
{
	char known[200] = "";
	o->format = name;
	if (find_format(name))
		return true;
	for (const struct report_format *format = report_formats; format->name; format++)
		snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s%s", *known ? ", " : "", format->name);
	return complain("grade: no format '%s': there are %s", name, known) == 0;
}

static bool take_jobs(struct grade_options *o, const char *value)
{
	return (option_number(value, 1024, &o->jobs) && o->jobs > 0) || complain("grade: --jobs '%s': give a number from 1 to 1024", value) == 0;
}

static bool take_option(struct grade_options *o, int option, const char *value)
{
	switch (option) {
	case 'm': o->monitor = value; break;
	case 's': o->submission = value; break;
	case 'r': o->rubric = value; break;
	case 'o': o->out = value; break;
	case 'f': return take_format(o, value);
	case 'j': return take_jobs(o, value);
	case OPTION_JSON: o->json = value; break;
	case OPTION_NAME: o->name = value; break;
	case OPTION_CLASS: o->class = value; break;
	case OPTION_ONE: o->one = value; break;
	case OPTION_MERGE: o->merge = true; break;
	case OPTION_ROSTER: o->roster = value; break;
	case OPTION_REVEAL: o->reveal = true; break;
	case OPTION_SEAL: o->seal = value; break;
	case OPTION_AGAIN: o->again = true; break;
	case OPTION_EXIT_ZERO: o->exit_zero = true; break;
	case OPTION_PRINT_RUBRIC: o->print_rubric = true; break;
	default: break;
	}
	return true;
}

static int usage_error(const char *text)
{
	complain("grade: %s: see 'droste help grade'", text);
	return GRADE_USAGE;
}

static int grade_file(const struct grade_options *o)
{
	char *copy = strdup(o->monitor), *folder = folder_of(o->monitor);
	int status = GRADE_INFRASTRUCTURE;
	if (access(o->monitor, F_OK) != 0)
		status = complain("grade: %s: cannot open: %s", o->monitor, strerror(errno)) ? GRADE_USAGE : 0;
	else if (copy && folder)
		status = grade_one(o, &(struct handed_in){ o->name ? o->name : basename(copy), o->monitor, NULL, folder, false });
	free(folder);
	free(copy);
	return status;
}

/* A folder as a student hands it in. */
static int grade_folder(const struct grade_options *o)
{
	struct refusal why = { "no memory" };
	char *real = realpath(o->submission, NULL), *monitor = NULL;
	int status;
	if (!real)
		return complain("grade: %s: cannot open: %s", o->submission, strerror(errno)) ? GRADE_USAGE : 0;
	monitor = o->monitor ? strdup(o->monitor) : grade_find_monitor(real, &why);
	status = grade_one(o, &(struct handed_in){ o->name ? o->name : basename(real), monitor ? monitor : "monitor.elf",
	                                           monitor ? NULL : why.text, o->submission, !o->monitor });
	free(monitor);
	free(real);
	return status;
}

/* What a rubric holds of an answer that no run can tell: one salt, a hash for each answer that is right. */
static int seal(const char *text)
{
	uint64_t random = 0;
	char salt[20], *state = NULL, *name = strdup(text), *value = name ? strchr(name, '=') : NULL;
	bool good = value && value > name && value[1] && getrandom(&random, sizeof(random), 0) == sizeof(random);
	if (good) {
		*value++ = '\0';
		snprintf(salt, sizeof(salt), "%016" PRIx64, random);
		printf("\"sealed\": { \"salt\": \"%s\", \"hash\": [", salt);
		for (char *one = strtok_r(value, "|", &state), *between = ""; one; one = strtok_r(NULL, "|", &state), between = ", ")
			printf("%s\"%016" PRIx64 "\"", between, task_seal(salt, name, one));
		puts("] }");
	}
	free(name);
	return good ? 0 : usage_error("--seal wants NAME=ANSWER: the task's name, and what is right");
}

static int dispatch(const struct grade_options *o)
{
	bool class = o->class && !o->one && !o->merge;
	if (o->print_rubric)
		return print_rubric(o);
	if (o->seal)
		return seal(o->seal);
	if ((o->class || o->merge || o->one) && (o->monitor || o->submission || !o->out))
		return usage_error("a class needs --out DIR, and neither --monitor nor --submission");
	if (o->one && !o->class)
		return usage_error("--one needs the --class that it is of");
	if ((o->class || o->merge) && (o->json || o->format || o->name))
		return usage_error("a class's reports are below --out, all of them: --json, --format and --name are for one submission");
	if (class)
		return grade_class(o);
	if (o->merge)
		return grade_merge(o);
	if (o->one)
		return grade_class_one(o);
	grade_catch_signals();
	if (o->submission)
		return grade_folder(o);
	return o->monitor ? grade_file(o) : usage_error("give --monitor FILE, --submission DIR or --class DIR");
}

static int parse_and_grade(const struct command *self, int argc, char **argv)
{
	struct grade_options o = { .jobs = (uint64_t)sysconf(_SC_NPROCESSORS_ONLN) };
	for (int option; (option = getopt_long(argc, argv, "+hm:s:r:o:f:j:", long_options, NULL)) != -1;) {
		if (option == 'h')
			return print_usage(self);
		if (option == '?')
			return complain_of_option(self, argv) ? GRADE_USAGE : 0;
		if (!take_option(&o, option, optarg))
			return GRADE_USAGE;
	}
	if (optind < argc)
		return usage_error("every argument belongs to an option");
	int status = dispatch(&o);
	return flush_output() ? status : GRADE_INFRASTRUCTURE;
}

const struct command grade_command = {
	.name = "grade",
	.summary = "grade a monitor, or a class of them, by a rubric",
	.usage =
		"Usage: droste grade --monitor FILE [OPTION]...\n"
		"       droste grade --submission DIR --rubric FILE [OPTION]...\n"
		"       droste grade --class DIR --out DIR [OPTION]...\n"
		"       droste grade --merge --out DIR [--class DIR]\n"
		"\n"
		"Judges a monitor by all properties, guest by guest, and gives points as the rubric says.\n"
		"Everything runs inside the simulated machine; limits are steps, so that the same files\n"
		"give the same grade everywhere.\n"
		"\n"
		"  -m, --monitor FILE   the monitor to grade\n"
		"  -s, --submission DIR the folder that is handed in: its monitor.elf, and the files\n"
		"                       that the rubric's tasks ask for\n"
		"  -r, --rubric FILE    the rubric (default: droste's own; see --print-rubric)\n"
		"  -o, --out DIR        write the reports in all formats below DIR\n"
		"  -f, --format NAME    print this one: text, html, json, junit, tap, gradescope,\n"
		"                       prairielearn, classroom50, autolab (default text)\n"
		"      --json FILE      write the grade as one JSON document\n"
		"      --name NAME      the submission's name in reports (default: the file's)\n"
		"      --reveal         show hidden guests: for the lecturer's eyes\n"
		"      --exit-zero      exit with 0 whatever the points\n"
		"      --seal NAME=ANSWER\n"
		"                       print an answer as a rubric hides it; A|B for either\n"
		"      --print-rubric   print the rubric, to start one's own from\n"
		"\n"
		"  --class DIR          grade every file of DIR, or folder with a monitor.elf in it;\n"
		"                       what is graded already is not graded again\n"
		"  -j, --jobs N         so many at a time (default: as many as processors)\n"
		"      --roster FILE    names, one a line, of whom a submission is expected\n"
		"      --one NAME       grade only this one of the class, for batch engines\n"
		"      --again          grade again what is graded already\n"
		"      --merge          make class.csv, class.json and class.html of what is graded\n"
		"\n"
		"Exits with 0 for full marks, 1 for less, 2 if used wrongly, 3 if grading could not be\n"
		"carried out or written, or was cut off by a signal.\n",
	.run = parse_and_grade,
};
