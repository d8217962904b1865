/* Files, read whole and written whole or not at all; and where the files are that
 * come with droste.  Called by every command.
 */

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
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
		return refuse(why, "is longer than %zu bytes", FILE_MOST);
	*room = *room ? 2 * *room : 1 << 16;
	uint8_t *bytes = realloc(file->bytes, *room);
	if (!bytes)
		return refuse(why, "no memory for %zu bytes", *room);
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
			refuse(why, "cannot read: %s", strerror(errno));
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
		return refuse(why, "cannot open: %s", strerror(errno));
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

bool file_write(const char *path, const void *bytes, size_t size, struct refusal *why)
{
	struct file_out out;
	if (!file_out_open(&out, path, why))
		return false;
	fwrite(bytes, 1, size, out.to);
	return file_out_close(&out, true, why);
}

bool file_write_json(const char *path, json_t *document, struct refusal *why)
{
	char *text = json_dumps(document, JSON_INDENT(1));
	json_decref(document);
	if (!text)
		return refuse(why, "no memory for the document");
	size_t length = strlen(text);
	text[length] = '\n'; /* instead of the 0 */
	bool written = file_write(path, text, length + 1, why);
	free(text);
	return written;
}

bool file_is_stdout(const char *path) { return path && strcmp(path, "-") == 0; }

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
			refuse(why, "there is no %s in DROSTE_LIB, %s", name, chosen);
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
	refuse(why, "cannot find %s, which comes with droste: build or install it, or name its directory in DROSTE_LIB",
	       name);
	return NULL;
}

char *file_find_guest(const char *name)
{
	char installed[80], *path = NULL;
	if (access(name, F_OK) != 0 && !strchr(name, '/') && strlen(name) < 64) {
		snprintf(installed, sizeof(installed), "guests/%s.elf", name);
		path = file_find_installed(installed, NULL);
	}
	return path ? path : strdup(name);
}

bool file_read_guest(struct file *file, const char *name, struct refusal *why)
{
	char *path = file_find_guest(name);
	bool read = path ? file_read(file, path, why) : refuse(why, "no memory");
	free(path);
	return read;
}
