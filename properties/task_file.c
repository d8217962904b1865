/* Files of a submission: a folder that somebody else filled.  See task.h. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inspector/words.h"
#include "task.h"

static bool unfit(struct refusal *why, const char *name, const char *what) { return refuse(why, "%.60s %.120s", name, what); }

static bool suits(int file, const char *name, size_t most, struct stat *found, struct refusal *why)
{
	char much[60];
	if (fstat(file, found) != 0)
		return unfit(why, name, strerror(errno));
	if (!S_ISREG(found->st_mode))
		return unfit(why, name, _("is not a regular file"));
	if (found->st_size == 0)
		return unfit(why, name, _("is empty"));
	snprintf(much, sizeof(much), _("has more than %zu bytes"), most);
	return (uint64_t)found->st_size <= most || unfit(why, name, much);
}

static char *read_all(int file, const char *name, size_t size, size_t *n, struct refusal *why)
{
	char *text = malloc(size + 1);
	ssize_t got = 1;
	for (*n = 0; text && *n < size && got > 0; *n += got > 0 ? (size_t)got : 0)
		got = read(file, text + *n, size - *n);
	if (!text || got < 0) {
		unfit(why, name, text ? strerror(errno) : _("does not fit in memory"));
		free(text);
		return NULL;
	}
	text[*n] = '\0';
	return text;
}

/* Up to the ending, without the s of a plural. */
static size_t stem(const char *name)
{
	size_t n = strcspn(name, ".");
	return n > 1 && (name[n - 1] | 0x20) == 's' ? n - 1 : n;
}

/* The same but for capitals, a plural, or an ending that is left out or there twice. */
static bool is_like(const char *name, const char *wanted)
{
	size_t n = stem(wanted);
	const char *ending = wanted + strcspn(wanted, "."), *its = name + strcspn(name, ".");
	if (stem(name) != n || strncasecmp(name, wanted, n) != 0)
		return false;
	size_t once = strlen(ending);
	bool twice = once > 0 && strncasecmp(its, ending, once) == 0 && strcasecmp(its + once, ending) == 0;
	return !*its || strcasecmp(its, ending) == 0 || twice;
}

/* The file that may have been meant, the first by name; or "". */
static void find_like(int folder, const char *wanted, char like[61])
{
	struct stat found;
	int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = again >= 0 ? fdopendir(again) : NULL;
	like[0] = '\0';
	for (struct dirent *entry; entries && (entry = readdir(entries));)
		if (strlen(entry->d_name) <= 60 && is_like(entry->d_name, wanted) && (!*like || strcmp(entry->d_name, like) < 0) &&
		    fstatat(folder, entry->d_name, &found, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(found.st_mode))
			strcpy(like, entry->d_name);
	if (entries)
		closedir(entries);
	else if (again >= 0)
		close(again);
}

static void refuse_missing(int folder, const char *name, struct refusal *why)
{
	char like[61] = "", what[120];
	if (folder >= 0)
		find_like(folder, name, like);
	snprintf(what, sizeof(what), like[0] ? _("is not there; there is '%s': is it that?") : "%s", like[0] ? like : _("is not there"));
	unfit(why, name, what);
}

static int open_in(const char *folder, const char *name, struct refusal *why)
{
	int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), file = -1;
	if (at >= 0)
		file = openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (file < 0 && errno == ENOENT)
		refuse_missing(at, name, why);
	else if (file < 0)
		unfit(why, name, errno == ELOOP ? _("is a link: put the file itself there") : strerror(errno));
	if (at >= 0)
		close(at);
	return file;
}

char *task_read(const char *folder, const char *name, size_t most, size_t *n, struct refusal *why)
{
	struct stat found;
	char *text = NULL;
	int file = open_in(folder, name, why);
	if (file < 0)
		return NULL;
	if (suits(file, name, most, &found, why))
		text = read_all(file, name, (size_t)found.st_size, n, why);
	close(file);
	return text;
}
