/* Files of a submission: a folder that somebody else filled.  See task.h. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inspector/words.h"
#include "task.h"

static bool refuse(struct refusal *why, const char *name, const char *what)
{
	snprintf(why->text, sizeof(why->text), "%.60s %.120s", name, what);
	return false;
}

static bool suits(int file, const char *name, size_t most, struct stat *found, struct refusal *why)
{
	char much[60];
	if (fstat(file, found) != 0)
		return refuse(why, name, strerror(errno));
	if (!S_ISREG(found->st_mode))
		return refuse(why, name, _("is not a regular file"));
	if (found->st_size == 0)
		return refuse(why, name, _("is empty"));
	snprintf(much, sizeof(much), _("has more than %zu bytes"), most);
	return (uint64_t)found->st_size <= most || refuse(why, name, much);
}

static char *read_all(int file, const char *name, size_t size, size_t *n, struct refusal *why)
{
	char *text = malloc(size + 1);
	ssize_t got = 1;
	for (*n = 0; text && *n < size && got > 0; *n += got > 0 ? (size_t)got : 0)
		got = read(file, text + *n, size - *n);
	if (!text || got < 0) {
		refuse(why, name, text ? strerror(errno) : _("does not fit in memory"));
		free(text);
		return NULL;
	}
	text[*n] = '\0';
	return text;
}

static int open_in(const char *folder, const char *name, struct refusal *why)
{
	int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), file = -1;
	if (at >= 0)
		file = openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (file < 0)
		refuse(why, name, errno == ENOENT ? _("is not there") : errno == ELOOP ? _("is a link: put the file itself there") : strerror(errno));
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
