/* Files written whole or not at all.  See file_out.h; called by everything that writes one. */

#include "file_out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* A symbolic link stays one: the file that it names is replaced. */
static bool open_beside(struct file_out *out, const char *path, struct refusal *why)
{
	char *real = realpath(path, NULL);
	out->name = real ? real : strdup(path);
	if (!out->name || asprintf(&out->beside, "%s.XXXXXX", out->name) < 0)
		return refuse(why, "no memory");
	int fd = mkostemp(out->beside, O_CLOEXEC);
	if (fd < 0)
		return refuse(why, "cannot write: %s", strerror(errno));
	if (fchmod(fd, mode_of(out->name)) == 0 && (out->to = fdopen(fd, "wb")))
		return true;
	refuse(why, "cannot write: %s", strerror(errno));
	close(fd);
	unlink(out->beside);
	return false;
}

static bool open_in_place(struct file_out *out, const char *path, struct refusal *why)
{
	int fd = strcmp(path, "-") == 0 ? dup(STDOUT_FILENO) : open(path, O_WRONLY | O_CLOEXEC);
	out->to = fd < 0 ? NULL : fdopen(fd, "wb");
	if (!out->to && fd >= 0)
		close(fd);
	return out->to || refuse(why, "cannot write: %s", strerror(errno));
}

static void forget_out(struct file_out *out)
{
	free(out->name);
	free(out->beside);
	*out = (struct file_out){ 0 };
}

bool file_out_open(struct file_out *out, const char *path, struct refusal *why)
{
	struct stat found;
	*out = (struct file_out){ 0 };
	bool in_place = strcmp(path, "-") == 0 || (stat(path, &found) == 0 && !S_ISREG(found.st_mode));
	if (in_place ? open_in_place(out, path, why) : open_beside(out, path, why))
		return true;
	forget_out(out);
	return false;
}

bool file_out_close(struct file_out *out, bool keep, struct refusal *why)
{
	bool written = !ferror(out->to) && fflush(out->to) == 0 && (!keep || !out->beside || fsync(fileno(out->to)) == 0);
	int error = errno ? errno : EIO;
	if (fclose(out->to) != 0 && written) {
		written = false;
		error = errno;
	}
	if (written && keep && out->beside && rename(out->beside, out->name) != 0) {
		written = false;
		error = errno;
	}
	if (out->beside && (!written || !keep))
		unlink(out->beside);
	if (!written && error == EPIPE) /* who closes a pipe, as head does, has seen enough */
		refuse(why, "%s", "");
	else if (!written)
		refuse(why, "cannot write: %s%s", strerror(error), out->beside ? "; nothing was changed" : "");
	forget_out(out);
	return written;
}
