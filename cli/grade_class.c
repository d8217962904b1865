/* A class graded: a process for each submission, so many at a time, each of which
 * leaves a folder of reports; then all merged.  A submission that cannot be read, and a
 * process that dies, cost nobody else anything.  Called by grade.c.
 */

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grade.h"
#include "properties/grade_text.h"
#include "properties/report_class.h"

#define LOG_MOST   (16 << 20) /* bytes of what a compiler said */
#define NAME_SHOWN 48         /* bytes, so that it fits in a line */
#define BLANKS     " \t"
#define MARK       "\xEF\xBB\xBF" /* some editors begin a file with it */

/* ---- who has submitted -------------------------------------------------- */

struct submission {
	char *entry; /* in the class's folder; NULL: nothing */
	char *name;
	pid_t pid;   /* being graded; 0: not */
	int status;  /* of waitpid */
	bool done;
};

struct submissions {
	struct submission *at; /* by name */
	unsigned n;
};

static void submissions_free(struct submissions *all)
{
	for (unsigned i = 0; i < all->n; i++) {
		free(all->at[i].entry);
		free(all->at[i].name);
	}
	free(all->at);
	*all = (struct submissions){ 0 };
}

/* The entry without ".elf". */
static char *name_of(const char *entry)
{
	size_t n = strlen(entry);
	return strndup(entry, n > 4 && strcmp(entry + n - 4, ".elf") == 0 ? n - 4 : n);
}

static bool add(struct submissions *all, const char *entry, const char *name)
{
	struct submission *at = realloc(all->at, (all->n + 1) * sizeof(*at));
	if (!at)
		return false;
	all->at = at;
	at[all->n] = (struct submission){ .entry = entry ? strdup(entry) : NULL, .name = name ? strdup(name) : name_of(entry) };
	return at[all->n++].name != NULL;
}

static int by_name(const void *a, const void *b)
{
	const struct submission *x = a, *y = b;
	return strcmp(x->name, y->name);
}

static struct submission *find(const struct submissions *all, const char *name)
{
	for (unsigned i = 0; i < all->n; i++)
		if (strcmp(all->at[i].name, name) == 0)
			return &all->at[i];
	return NULL;
}

/* Where the grades go is no submission, even if it lies among them. */
static bool is_out(DIR *class, const char *entry, const char *out)
{
	struct stat a, b;
	return fstatat(dirfd(class), entry, &a, 0) == 0 && stat(out, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static bool read_folder(struct submissions *all, const char *path, const char *out)
{
	DIR *folder = opendir(path);
	if (!folder)
		return complain("grade: %s: cannot open: %s", path, strerror(errno)) == 0;
	bool good = !is_out(folder, ".", out) || complain("grade: --out %s is the class's own folder: name another", out) == 0;
	for (struct dirent *entry; good && (entry = readdir(folder));)
		if (entry->d_name[0] != '.' && !is_out(folder, entry->d_name, out))
			good = add(all, entry->d_name, NULL);
	closedir(folder);
	if (all->n > 1)
		qsort(all->at, all->n, sizeof(*all->at), by_name);
	for (unsigned i = 1; i < all->n; i++)
		if (strcmp(all->at[i - 1].name, all->at[i].name) == 0)
			return complain("grade: '%s' and '%s' would both be '%s': rename one", all->at[i - 1].entry, all->at[i].entry,
			                all->at[i].name) == 0;
	return good;
}

/* Blanks at a name's ends are nobody's. */
static bool expect(struct submissions *all, char *name)
{
	name += strspn(name, BLANKS);
	for (size_t n = strlen(name); n > 0 && strchr(BLANKS, name[n - 1]); n--)
		name[n - 1] = '\0';
	return !*name || find(all, name) || add(all, NULL, name);
}

/* Those who are expected, and have not submitted anything. */
static bool read_roster(struct submissions *all, const char *path)
{
	struct refusal why;
	struct file file;
	char *state;
	if (!file_read(&file, path, &why))
		return complain("grade: %s: %s", path, why.text) == 0;
	char *text = strndup((const char *)file.bytes, file.size);
	bool good = text != NULL, marked = good && strncmp(text, MARK, strlen(MARK)) == 0;
	char *names = marked ? text + strlen(MARK) : text;
	for (char *name = text ? strtok_r(names, "\r\n", &state) : NULL; good && name; name = strtok_r(NULL, "\r\n", &state))
		good = find(all, name) || expect(all, name);
	free(text);
	file_free(&file);
	return good;
}

static bool read_class(struct submissions *all, const struct grade_options *o)
{
	*all = (struct submissions){ 0 };
	if (!read_folder(all, o->class, o->out) || (o->roster && !read_roster(all, o->roster)))
		return false;
	if (all->n > 1)
		qsort(all->at, all->n, sizeof(*all->at), by_name);
	return all->n > 0 || complain("grade: %s: there are no submissions in it", o->class) == 0;
}

/* Its folder would be where a file of the class goes. */
static bool is_barred(const struct submission *one)
{
	const struct class_format *format = class_formats;
	while (format->file && strcmp(format->file, one->name) != 0)
		format++;
	return format->file != NULL;
}

static bool is_gradable(const struct submission *one) { return one->entry && !is_barred(one); }

/* ---- one of them -------------------------------------------------------- */

static bool ends_in_elf(const char *name) { return strlen(name) > 4 && strcmp(name + strlen(name) - 4, ".elf") == 0; }

/* What droste lab collect has left where it could not build: the compiler's first error. */
static bool deny_build(const char *path, struct refusal *why)
{
	struct refusal other;
	size_t n;
	char *text = task_read(path, "build.log", LOG_MOST, &n, &other), *state;
	const char *first = text ? strtok_r(text, "\n", &state) : NULL, *line = first;
	while (line && !strstr(line, "error: ") && !strstr(line, "undefined reference"))
		line = strtok_r(NULL, "\n", &state);
	if (first)
		refuse(why, "it was not built: %.200s", line ? line : first);
	bool denied = first != NULL;
	free(text);
	return denied;
}

char *grade_find_monitor(const char *path, struct refusal *why)
{
	DIR *folder = opendir(path);
	char *found = NULL;
	unsigned n = 0;
	bool chosen = false;
	if (!folder) {
		refuse(why, "cannot be opened: %s", strerror(errno));
		return NULL;
	}
	for (struct dirent *entry; !chosen && (entry = readdir(folder));) {
		if (!ends_in_elf(entry->d_name))
			continue;
		free(found);
		found = NULL;
		if (asprintf(&found, "%s/%s", path, entry->d_name) < 0)
			found = NULL;
		chosen = strcmp(entry->d_name, "monitor.elf") == 0;
		n++;
	}
	closedir(folder);
	if (chosen || (n == 1 && !deny_build(path, why)))
		return found;
	free(found);
	if (deny_build(path, why))
		return NULL;
	refuse(why, n ? "there are several ELF files in the folder, and none is monitor.elf" : "there is no monitor.elf in the folder");
	return NULL;
}

static bool is_folder(const char *path)
{
	struct stat found;
	return stat(path, &found) == 0 && S_ISDIR(found.st_mode);
}

static int grade_entry(const struct grade_options *o, const struct submission *one, const char *out)
{
	struct refusal why = { "no memory" };
	struct grade_options own = *o;
	char *path = NULL, *monitor = NULL;
	int status = GRADE_INFRASTRUCTURE;
	own.out = out;
	grade_catch_signals();
	if (asprintf(&path, "%s/%s", o->class, one->entry) >= 0) {
		bool folder = is_folder(path);
		monitor = folder ? grade_find_monitor(path, &why) : strdup(path);
		status = grade_one(&own, &(struct handed_in){ one->name, monitor ? monitor : "monitor.elf", monitor ? NULL : why.text, path, folder });
	}
	free(path);
	free(monitor);
	return status;
}

/* A name that is none of the class's is a mistake of whoever calls. */
int grade_class_one(const struct grade_options *o)
{
	struct submissions all = { 0 };
	char *out = NULL;
	int status = GRADE_USAGE;
	if (!read_class(&all, o)) {
		submissions_free(&all);
		return status;
	}
	const struct submission *one = find(&all, o->one);
	if (!one || !one->entry) {
		complain("grade: there is no submission '%s' in %s", o->one, o->class);
	} else if (is_barred(one)) {
		complain("grade: '%s': the name is that of a file of the class: rename the submission", o->one);
	} else if (asprintf(&out, "%s/%s", o->out, one->name) >= 0) {
		status = grade_entry(o, one, out);
		free(out);
	}
	submissions_free(&all);
	return status;
}

/* ---- all of them -------------------------------------------------------- */

/* The same command again, for one. */
static void run_child(const struct grade_options *o, const struct submission *one)
{
	const char *argv[16] = { "droste", "grade", "--class", o->class, "--out", o->out, "--one", one->name };
	int n = 8;
	if (o->rubric) {
		argv[n++] = "--rubric";
		argv[n++] = o->rubric;
	}
	if (o->reveal)
		argv[n++] = "--reveal";
	if (o->again)
		argv[n++] = "--again";
	execv("/proc/self/exe", (char **)argv);
	complain("grade: cannot start droste again: %s", strerror(errno));
	_exit(GRADE_INFRASTRUCTURE);
}

/* In one line, over and over; where a terminal cannot, in a line each. */
static void show_progress(const struct submissions *all, const char *name)
{
	const char *term = getenv("TERM");
	bool over = term && strcmp(term, "dumb") != 0;
	unsigned done = 0, expected = 0;
	for (unsigned i = 0; i < all->n; i++) {
		done += all->at[i].done;
		expected += is_gradable(&all->at[i]);
	}
	char *plain = isatty(STDERR_FILENO) ? text_plain(name, 0) : NULL;
	if (!plain)
		return;
	text_cut(plain, NAME_SHOWN);
	fprintf(stderr, "%s%u of %u graded%s%s%s", over ? "\r\033[K" : "", done, expected, *plain ? ", last " : "", plain,
	        over && done < expected ? "" : "\n");
	free(plain);
}

static void tell_children(const struct submissions *all, int signal)
{
	for (unsigned i = 0; i < all->n; i++)
		if (all->at[i].pid > 0)
			kill(all->at[i].pid, signal);
}

/* False if there is none to wait for. */
static bool wait_for_one(struct submissions *all, bool *told)
{
	int status;
	pid_t pid = waitpid(-1, &status, 0);
	if (pid < 0 && errno == EINTR) {
		if (grade_signal() && !*told)
			tell_children(all, grade_signal());
		*told = grade_signal() != 0;
		return true;
	}
	for (unsigned i = 0; pid > 0 && i < all->n; i++) {
		struct submission *one = &all->at[i];
		if (one->pid != pid)
			continue;
		one->pid = 0;
		one->status = status;
		one->done = true;
		show_progress(all, one->name);
	}
	return pid > 0;
}

static unsigned count_running(const struct submissions *all)
{
	unsigned n = 0;
	for (unsigned i = 0; i < all->n; i++)
		n += all->at[i].pid > 0;
	return n;
}

/* If there is no room for a process, once there is. */
static void start(struct submissions *all, struct submission *one, const struct grade_options *o, bool *told)
{
	int failure = 0;
	while ((one->pid = fork()) < 0 && (failure = errno) && wait_for_one(all, told))
		;
	if (one->pid == 0)
		run_child(o, one);
	if (one->pid > 0)
		return;
	complain("grade: %s: cannot start a process: %s", one->name, strerror(failure));
	one->pid = 0;
	one->status = W_EXITCODE(GRADE_INFRASTRUCTURE, 0);
	one->done = true;
}

static void run_all(struct submissions *all, const struct grade_options *o)
{
	bool told = false;
	grade_catch_signals();
	show_progress(all, "");
	for (unsigned i = 0; i < all->n && !grade_signal(); i++) {
		struct submission *one = &all->at[i];
		if (!is_gradable(one))
			continue;
		start(all, one, o, &told);
		while (count_running(all) >= o->jobs && wait_for_one(all, &told))
			;
	}
	while (wait_for_one(all, &told))
		;
}

/* ---- merging ------------------------------------------------------------ */

static bool write_merged(const struct class *class, const struct class_format *format, const char *out)
{
	struct refusal why = { "no memory" };
	char *text = NULL, *path = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);
	if (to)
		format->write(class, to);
	bool good = to && fclose(to) == 0 && asprintf(&path, "%s/%s", out, format->file) >= 0 && file_write(path, text, n, &why);
	if (!good)
		complain("grade: %s/%s: %s", out, format->file, why.text);
	free(path);
	free(text);
	return good;
}

/* Why there is no grade of it. */
static void describe_missing(const struct submission *one, char *to, size_t room)
{
	if (!one->entry)
		snprintf(to, room, "missing: nothing was submitted");
	else if (is_barred(one))
		snprintf(to, room, "not graded: the name is that of a file of the class: rename the submission");
	else if (one->done && WIFSIGNALED(one->status))
		snprintf(to, room, "not graded: grading was ended by signal %d", WTERMSIG(one->status));
	else if (one->done)
		snprintf(to, room, "not graded: grading ended with code %d; its message stands above", WEXITSTATUS(one->status));
	else
		snprintf(to, room, "not graded yet");
}

static bool merge_one(struct class *class, const struct grade_options *o, const struct submission *one)
{
	char *path = NULL, missing[120];
	if (asprintf(&path, "%s/%s/grade.json", o->out, one->name) < 0)
		return false;
	json_t *grade = json_load_file(path, 0, NULL);
	free(path);
	if (grade && class_is_grade(grade))
		return class_add(class, one->name, grade, NULL);
	json_decref(grade);
	describe_missing(one, missing, sizeof(missing));
	return class_add(class, one->name, NULL, missing);
}

/* Without --class, all that there are grades of. */
static bool read_graded(struct submissions *all, const char *out)
{
	DIR *folder = opendir(out);
	bool good = folder != NULL;
	if (!folder)
		return complain("grade: %s: cannot open: %s", out, strerror(errno)) == 0;
	for (struct dirent *entry; good && (entry = readdir(folder));) {
		char *path = NULL;
		if (asprintf(&path, "%s/%s/grade.json", out, entry->d_name) >= 0 && access(path, F_OK) == 0)
			good = add(all, entry->d_name, entry->d_name);
		free(path);
	}
	closedir(folder);
	return good && (all->n > 0 || complain("grade: %s: there are no grades in it", out) == 0);
}

static void list_absent(const struct class *class)
{
	for (unsigned i = 0; i < class->rows; i++)
		if (class->row[i].missing)
			printf("%s: %s\n", class->row[i].name, class->row[i].missing);
}

static int status_of(const struct class *class, const struct submissions *all, const struct grade_options *o)
{
	bool full = true;
	for (unsigned i = 0; i < all->n; i++)
		if (all->at[i].done && (WIFSIGNALED(all->at[i].status) || WEXITSTATUS(all->at[i].status) >= GRADE_USAGE))
			return GRADE_INFRASTRUCTURE;
	for (unsigned i = 0; i < class->rows; i++)
		full &= class->row[i].grade && json_number_value(json_object_get(class->row[i].grade, "points")) ==
		                                       json_number_value(json_object_get(class->row[i].grade, "of"));
	return full || o->exit_zero ? GRADE_FULL : GRADE_LESS;
}

static int merge(const struct submissions *all, const struct grade_options *o)
{
	struct class class = { 0 };
	bool good = true;
	for (unsigned i = 0; i < all->n && good; i++)
		good = merge_one(&class, o, &all->at[i]);
	class_sort(&class);
	for (const struct class_format *format = class_formats; format->file && good; format++)
		good = write_merged(&class, format, o->out);
	list_absent(&class);
	if (class_rubrics(&class) > 1)
		complain("grade: %s: graded by %u different rubrics: class.csv has whose by which; grade all of them with --rubric again",
		         o->out, class_rubrics(&class));
	if (good)
		printf("%u submissions: %s/class.csv, class.json and class.html\n", class.rows, o->out);
	int status = good ? status_of(&class, all, o) : GRADE_INFRASTRUCTURE;
	class_free(&class);
	return grade_signal() ? GRADE_INFRASTRUCTURE : status;
}

int grade_merge(const struct grade_options *o)
{
	struct submissions all = { 0 };
	bool read = o->class ? read_class(&all, o) : read_graded(&all, o->out);
	int status = read ? merge(&all, o) : GRADE_USAGE;
	submissions_free(&all);
	return status;
}

int grade_class(const struct grade_options *o)
{
	struct refusal why;
	struct submissions all = { 0 };
	int status = GRADE_USAGE;
	if (!grade_make_folder(o->out, &why)) {
		complain("grade: %s: %s", o->out, why.text);
		return GRADE_INFRASTRUCTURE;
	}
	if (read_class(&all, o) && (status = grade_try_rubric(o)) == 0) {
		run_all(&all, o);
		status = merge(&all, o);
	}
	submissions_free(&all);
	return status;
}
