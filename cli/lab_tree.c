/* Students' folders: made from the lab that comes with droste, whole or not at all, and built.
 * See lab.h.
 */

#include "lab.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inspector/words.h"

static char *join(const char *folder, const char *name)
{
	char *path = NULL;
	return asprintf(&path, "%s/%s", folder, name) < 0 ? NULL : path;
}

/* Puts the place before what was said. */
static bool deny_of(const char *path, struct refusal *why)
{
	struct refusal said = *why;
	return refuse(why, "%.150s: %.100s", path, said.text);
}

static bool read_named(struct file *file, const char *path, struct refusal *why) { return file_read(file, path, why) || deny_of(path, why); }

static bool write_named(const char *path, const void *bytes, size_t n, struct refusal *why)
{
	return file_write(path, bytes, n, why) || deny_of(path, why);
}

/* ---- labs --------------------------------------------------------------- */

static bool read_lab(struct lab *lab, const char *folder, struct refusal *why)
{
	struct file file = { 0 };
	char *path = join(folder, "lab.json");
	bool good = path && read_named(&file, path, why) && (lab_parse(lab, file.bytes, file.size, why) || deny_of(path, why));
	file_free(&file);
	free(path);
	return good;
}

/* The folder "N-..." below labs. */
static char *find_lab(const char *labs, unsigned number)
{
	char *found = NULL, *end;
	DIR *folder = opendir(labs);
	for (struct dirent *entry; folder && !found && (entry = readdir(folder));)
		if (strtoul(entry->d_name, &end, 10) == number && *end == '-')
			found = join(labs, entry->d_name);
	if (folder)
		closedir(folder);
	return found;
}

bool lab_open(struct installed_lab *lab, unsigned number, struct refusal *why)
{
	*lab = (struct installed_lab){ 0 };
	char *labs = file_find_installed("labs", why);
	if (!labs)
		return false;
	lab->folder = find_lab(labs, number);
	free(labs);
	if (!lab->folder)
		return refuse(why, _("there is no lab %u: 'droste lab list' lists them"), number);
	return read_lab(&lab->lab, lab->folder, why);
}

void lab_close(struct installed_lab *lab)
{
	lab_free(&lab->lab);
	free(lab->folder);
	*lab = (struct installed_lab){ 0 };
}

/* The student's copy says which lab it is, and nothing else is taken from it. */
bool lab_open_of(struct installed_lab *lab, const char *folder, struct refusal *why)
{
	struct lab own = { 0 };
	*lab = (struct installed_lab){ 0 };
	bool good = read_lab(&own, folder, why) ||
	            refuse(why, _("%s is no lab's folder, or its lab.json is damaged: 'droste lab new N DIR' makes one"), folder);
	unsigned number = own.number;
	lab_free(&own);
	return good && lab_open(lab, number, why);
}

/* ---- copying ------------------------------------------------------------ */

/* Files over 1 MiB are no student's source; a symbolic link might lead to what is not his. */
#define FILE_MOST (1 << 20)

static bool copy_file(const char *from, const char *to, struct refusal *why)
{
	struct file file = { 0 };
	struct stat found;
	if (lstat(from, &found) != 0)
		return refuse(why, _("%s: cannot open: %s"), from, strerror(errno));
	if (!S_ISREG(found.st_mode) || found.st_size > FILE_MOST)
		return refuse(why, _("%s: is no regular file, or has more than %d MiB"), from, FILE_MOST >> 20);
	bool good = read_named(&file, from, why) && write_named(to, file.bytes, file.size, why) &&
	            (!(found.st_mode & S_IXUSR) || chmod(to, 0755) == 0 || refuse(why, "%s: %s", to, strerror(errno)));
	file_free(&file);
	return good;
}

static bool copy_tree(const char *from, const char *to, struct refusal *why);

static bool copy_entry(const char *from, const char *to, struct refusal *why)
{
	struct stat found;
	if (stat(from, &found) == 0 && S_ISDIR(found.st_mode))
		return mkdir(to, 0777) == 0 ? copy_tree(from, to, why) : refuse(why, _("%s: cannot make it: %s"), to, strerror(errno));
	return copy_file(from, to, why);
}

static bool copy_tree(const char *from, const char *to, struct refusal *why)
{
	DIR *folder = opendir(from);
	bool good = folder || refuse(why, _("%s: cannot open: %s"), from, strerror(errno));
	for (struct dirent *entry; good && (entry = readdir(folder));) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		char *source = join(from, entry->d_name), *target = join(to, entry->d_name);
		good = source && target && copy_entry(source, target, why);
		free(source);
		free(target);
	}
	if (folder)
		closedir(folder);
	return good;
}

static bool copy_named(const char *name, const char *from, const char *to, struct refusal *why)
{
	char *source = join(from, name), *target = join(to, name);
	bool good = source && target && copy_file(source, target, why);
	free(source);
	free(target);
	return good;
}

bool lab_hand_in(const struct lab *lab, const char *from, const char *to, unsigned *taken, struct refusal *why)
{
	*taken = 0;
	for (const char *const *name = lab->hand_in; *name; name++) {
		char *path = join(from, *name);
		bool there = path && access(path, F_OK) == 0;
		free(path);
		if (there && !copy_named(*name, from, to, why))
			return false;
		*taken += there;
	}
	return true;
}

bool lab_collect_files(const struct lab *lab, const char *tree, const char *to, struct refusal *why)
{
	unsigned taken;
	bool good = lab_hand_in(lab, tree, to, &taken, why);
	for (const char *const *name = lab->made; *name && good; name++)
		good = copy_named(*name, tree, to, why);
	return good;
}

static int remove_entry(const char *path, const struct stat *found, int type, struct FTW *where)
{
	(void)found;
	(void)type;
	(void)where;
	return remove(path);
}

void lab_remove(const char *folder) { nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS); }

/* ---- a student's tree --------------------------------------------------- */

#define PLACE "@DROSTE@"

/* The Makefile falls back on the droste that made it. */
static bool name_droste(const char *folder, struct refusal *why)
{
	struct file file = { 0 };
	char program[PATH_MAX], *path = join(folder, "Makefile"), *text = NULL;
	ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);
	bool good = path && access(path, F_OK) == 0 && n > 0 && read_named(&file, path, why);
	const char *at = good ? memmem(file.bytes, file.size, PLACE, strlen(PLACE)) : NULL;
	int before = at ? (int)(at - (char *)file.bytes) : 0, rest = (int)(file.size - strlen(PLACE)) - before;
	int length = at ? asprintf(&text, "%.*s%.*s%.*s", before, file.bytes, (int)n, program, rest, at + strlen(PLACE)) : 0;
	good = length <= 0 || write_named(path, text, (size_t)length, why);
	file_free(&file);
	free(text);
	free(path);
	return good;
}

/* In each of its languages. */
static bool copy_handouts(const char *from, const char *to, struct refusal *why)
{
	DIR *folder = opendir(from);
	bool good = folder || refuse(why, _("%s: cannot open: %s"), from, strerror(errno));
	for (struct dirent *entry; good && (entry = readdir(folder));)
		if (strncmp(entry->d_name, "README.", 7) == 0)
			good = copy_named(entry->d_name, from, to, why);
	if (folder)
		closedir(folder);
	return good;
}

static bool fill(const struct installed_lab *lab, const char *folder, const char *from, unsigned *taken, struct refusal *why)
{
	char *tree = join(lab->folder, "tree");
	bool good = tree && copy_tree(tree, folder, why) && copy_handouts(lab->folder, folder, why) &&
	            copy_named("lab.json", lab->folder, folder, why) && name_droste(folder, why) &&
	            (!from || lab_hand_in(&lab->lab, from, folder, taken, why));
	free(tree);
	return good;
}

static bool is_free(const char *folder, struct refusal *why)
{
	struct stat found;
	if (stat(folder, &found) != 0)
		return errno == ENOENT || refuse(why, "%s: %s", folder, strerror(errno));
	if (!S_ISDIR(found.st_mode))
		return refuse(why, _("%s is a file: name a folder that is not there yet"), folder);
	DIR *there = opendir(folder);
	unsigned entries = 0;
	while (there && readdir(there))
		entries++;
	if (there)
		closedir(there);
	return entries == 2 || refuse(why, _("%s is not empty: name a folder that is not there yet"), folder);
}

static bool is_folder(const char *path, struct refusal *why)
{
	DIR *folder = opendir(path);
	if (!folder)
		return refuse(why, _("%s: cannot open: %s"), path, strerror(errno));
	closedir(folder);
	return true;
}

bool lab_new(const struct installed_lab *lab, const char *folder, const char *from, unsigned *taken, struct refusal *why)
{
	*taken = 0;
	if (!is_free(folder, why) || (from && !is_folder(from, why)))
		return false;
	if (mkdir(folder, 0777) != 0 && errno != EEXIST)
		return refuse(why, _("%s: cannot make it: %s"), folder, strerror(errno));
	bool good = fill(lab, folder, from, taken, why);
	if (!good)
		lab_remove(folder);
	return good;
}

/* ---- building ----------------------------------------------------------- */

static void execute_make(const char *folder, const char *log)
{
	int fd = log ? open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666) : STDERR_FILENO;
	if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0 || dup2(fd, STDERR_FILENO) < 0)
		_exit(127);
	unsetenv("MAKEFLAGS"); /* of a make that called us */
	unsetenv("MAKELEVEL");
	execlp("make", "make", "--no-print-directory", "-s", "-k", "-C", folder, (char *)NULL);
	_exit(127);
}

bool lab_make(const char *folder, const char *log, struct refusal *why)
{
	int status = 0;
	fflush(stdout);
	pid_t child = fork();
	if (child == 0)
		execute_make(folder, log);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (child < 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 127))
		return refuse(why, _("cannot run make: is it installed?"));
	return (WIFEXITED(status) && WEXITSTATUS(status) == 0) || refuse(why, _("it does not build: mend the first error that the compiler names"));
}
