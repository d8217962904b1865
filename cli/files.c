/* Files, read whole and written whole or not at all; and where the files are that
 * come with droste.  Called by every command.
 */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

#define FILE_MOST ((size_t)2 << 30)

/* ---- reading ------------------------------------------------------------ */

/* At least one byte more of room. */
static bool make_room(struct file *file, size_t *room, struct refusal *why)
{
	if (file->size < *room)
		return true;
	if (*room >= FILE_MOST)
		return deny(why, "is longer than %zu bytes", FILE_MOST);
	*room = *room ? 2 * *room : 1 << 16;
	uint8_t *bytes = realloc(file->bytes, *room);
	if (!bytes)
		return deny(why, "no memory for %zu bytes", *room);
	file->bytes = bytes;
	return true;
}

bool file_read_from(struct file *file, int fd, struct refusal *why)
{
	size_t room = 0;
	*file = (struct file){ 0 };
	while (make_room(file, &room, why)) {
		ssize_t n = read(fd, file->bytes + file->size, room - file->size);
		if (n == 0)
			return true;
		if (n > 0)
			file->size += (size_t)n;
		else if (errno != EINTR || terminal_signal() != 0) {
			deny(why, "cannot read: %s", strerror(errno));
			break;
		}
	}
	file_free(file);
	return false;
}

bool file_read(struct file *file, const char *path, struct refusal *why)
{
	*file = (struct file){ 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return deny(why, "cannot open: %s", strerror(errno));
	bool read = file_read_from(file, fd, why);
	close(fd);
	return read;
}

void file_free(struct file *file)
{
	free(file->bytes);
	*file = (struct file){ 0 };
}

/* ---- writing ------------------------------------------------------------ */

static bool write_all(int fd, const uint8_t *bytes, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, bytes, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes += n;
		size -= (size_t)n;
	}
	return true;
}

/* The permissions that the file has, or that a new one would get. */
static mode_t mode_of(const char *path)
{
	struct stat found;
	if (stat(path, &found) == 0)
		return found.st_mode & 07777;
	mode_t mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

static bool write_beside(const char *path, char *beside, const void *bytes, size_t size, struct refusal *why)
{
	int fd = mkostemp(beside, O_CLOEXEC);
	if (fd < 0)
		return deny(why, "cannot write: %s", strerror(errno));
	bool written = write_all(fd, bytes, size) && fchmod(fd, mode_of(path)) == 0 && fsync(fd) == 0;
	int error = errno;
	if (close(fd) != 0 && written) {
		written = false;
		error = errno;
	}
	if (written && rename(beside, path) == 0)
		return true;
	if (written)
		error = errno;
	unlink(beside);
	return deny(why, "cannot write: %s; nothing was changed", strerror(error));
}

static bool write_in_place(const char *path, const void *bytes, size_t size, struct refusal *why)
{
	int fd = strcmp(path, "-") == 0 ? dup(STDOUT_FILENO) : open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return deny(why, "cannot write: %s", strerror(errno));
	bool written = write_all(fd, bytes, size);
	int error = errno;
	close(fd);
	return written || deny(why, "cannot write: %s", strerror(error));
}

bool file_write(const char *path, const void *bytes, size_t size, struct refusal *why)
{
	struct stat found;
	if (strcmp(path, "-") == 0 || (stat(path, &found) == 0 && !S_ISREG(found.st_mode)))
		return write_in_place(path, bytes, size, why);
	/* A symbolic link stays one: the file that it names is replaced. */
	char *real = realpath(path, NULL);
	const char *name = real ? real : path;
	char *beside = malloc(strlen(name) + sizeof(".XXXXXX"));
	if (beside)
		sprintf(beside, "%s.XXXXXX", name);
	bool written = beside ? write_beside(name, beside, bytes, size, why) : deny(why, "no memory");
	free(beside);
	free(real);
	return written;
}

/* ---- what comes with droste --------------------------------------------- */

static char *existing(const char *directory, const char *between, const char *name)
{
	char *path;
	if (asprintf(&path, "%s%s/%s", directory, between, name) < 0)
		return NULL;
	if (access(path, R_OK) == 0)
		return path;
	free(path);
	return NULL;
}

char *file_find_installed(const char *name, struct refusal *why)
{
	char program[PATH_MAX];
	const char *chosen = getenv("DROSTE_LIB");
	if (chosen && *chosen) {
		char *path = existing(chosen, "", name);
		if (!path)
			deny(why, "there is no %s in DROSTE_LIB, %s", name, chosen);
		return path;
	}
	ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);
	if (n > 0) {
		program[n] = '\0';
		*strrchr(program, '/') = '\0';
		char *path = existing(program, "", name);
		if (!path)
			path = existing(program, "/../lib/droste", name);
		if (path)
			return path;
	}
	deny(why, "cannot find %s, which comes with droste: build or install it, or name its directory in DROSTE_LIB",
	       name);
	return NULL;
}
