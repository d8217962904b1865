/* Library-call translation: every call of the handle library, done by calls of another, POSIX's, with
 * its names, orders of arguments, flags and errors.  The idea of Wine (1993).  The program jumps here
 * instead of to its own library, and cannot tell; nothing of it is changed, and its instructions are
 * executed directly.
 *
 * calls.def says in a line what each call becomes.
 */

#include <errno.h>

#include "library.h"
#include "program.h"

/* ---- handles ------------------------------------------------------------------ */

/* What the program has open, by its handles 4, 8, 12, ...: a descriptor + 1, or 0. */
enum { HANDLES = 16 };

static int descriptors[HANDLES] = { STDIN_FILENO + 1, STDOUT_FILENO + 1, STDERR_FILENO + 1 };

static int *place(handle file)
{
	return file % 4 == 0 && file > 0 && file / 4 <= HANDLES ? &descriptors[file / 4 - 1] : NULL;
}

/* -1, which no descriptor is, for what is no handle: then the call itself fails with EBADF. */
static int descriptor(handle file) { return place(file) ? *place(file) - 1 : -1; }

static handle handle_for(int fd)
{
	for (handle file = 4; place(file); file += 4)
		if (*place(file) == 0) {
			*place(file) = fd + 1;
			return file;
		}
	close(fd);
	errno = EMFILE;
	return 0;
}

/* ---- results -------------------------------------------------------------------- */

static int kept_errno; /* LastError tells of the last call, whatever came since */

static uint32_t done(bool well)
{
	kept_errno = well ? 0 : errno;
	return well;
}

static uint32_t refuse(int why)
{
	errno = why;
	return done(false);
}

/* -1 is a failure; else the result goes where it is asked for. */
static uint32_t result(int32_t value, uint32_t *to)
{
	*to = value < 0 ? 0 : (uint32_t)value;
	return done(value >= 0);
}

/* ---- files ---------------------------------------------------------------------- */

static int open_flags(uint32_t access, uint32_t disposition)
{
	bool reads = access & ACCESS_READ, writes = access & (ACCESS_WRITE | ACCESS_APPEND);
	int flags = reads && writes ? O_RDWR : writes ? O_WRONLY : O_RDONLY;
	flags |= access & ACCESS_APPEND ? O_APPEND : 0;
	flags |= disposition == OPEN_EXISTING ? 0 : O_CREAT;
	return flags | (disposition == CREATE_ALWAYS ? O_TRUNC : 0);
}

uint32_t shim_OpenFile(handle *file, const struct text *name, uint32_t access, uint32_t disposition)
{
	char path[NAME_MOST];
	struct stat status;
	*file = 0;
	if (!name_path(name, path))
		return refuse(ENAMETOOLONG);
	if (disposition < CREATE_NEW || disposition > OPEN_ALWAYS)
		return refuse(EINVAL);
	if (disposition == CREATE_NEW && stat(path, &status) == 0)
		return refuse(EEXIST);
	int fd = open(path, open_flags(access, disposition), 0666);
	*file = fd < 0 ? 0 : handle_for(fd);
	return done(*file != 0);
}

uint32_t shim_CloseHandle(handle file)
{
	bool well = close(descriptor(file)) == 0;
	if (well)
		*place(file) = 0;
	return done(well);
}

uint32_t shim_ReadFile(handle file, uint32_t *got, void *to, uint32_t n)
{
	return result(read(descriptor(file), to, n), got);
}

uint32_t shim_WriteFile(handle file, uint32_t *put, const void *from, uint32_t n)
{
	const char *bytes = from;
	ssize_t part = 0;
	for (*put = 0; *put < n; *put += (uint32_t)part)
		if ((part = write(descriptor(file), bytes + *put, n - *put)) < 0)
			break;
	return done(part >= 0);
}

uint32_t shim_WriteText(handle file, const struct text *text)
{
	char bytes[256];
	uint32_t put, n = text_bytes(text, bytes, sizeof(bytes));
	return n > 0 || text->length == 0 ? shim_WriteFile(file, &put, bytes, n) : refuse(EINVAL);
}

uint32_t shim_SetPosition(handle file, uint32_t from, int32_t distance, uint32_t *where)
{
	static const int whence[] = { [FROM_BEGINNING] = SEEK_SET, [FROM_HERE] = SEEK_CUR, [FROM_END] = SEEK_END };
	if (from > FROM_END)
		return refuse(EINVAL);
	return result((int32_t)lseek(descriptor(file), distance, whence[from]), where);
}

uint32_t shim_FileSize(handle file, uint32_t *size)
{
	struct stat status = { 0 };
	bool well = fstat(descriptor(file), &status) == 0;
	*size = (uint32_t)status.st_size;
	return done(well);
}

uint32_t shim_DeleteName(const struct text *name)
{
	char path[NAME_MOST];
	return name_path(name, path) ? done(unlink(path) == 0) : refuse(ENAMETOOLONG);
}

uint32_t shim_RenameFile(const struct text *to, const struct text *from)
{
	char new[NAME_MOST], old[NAME_MOST];
	return name_path(to, new) && name_path(from, old) ? done(rename(old, new) == 0) : refuse(ENAMETOOLONG);
}

uint32_t shim_MakeDirectory(const struct text *name)
{
	char path[NAME_MOST];
	return name_path(name, path) ? done(mkdir(path, 0777) == 0) : refuse(ENAMETOOLONG);
}

/* ---- the rest --------------------------------------------------------------------- */

handle shim_StandardHandle(uint32_t which)
{
	bool known = which >= STANDARD_INPUT && which <= STANDARD_ERROR;
	if (!known)
		refuse(EINVAL);
	return known && done(true) ? 4 * (which - STANDARD_INPUT + 1) : 0;
}

uint32_t shim_LastError(void) { return kept_errno ? error_from(kept_errno) : ERROR_NONE; }

void *shim_Allocate(uint32_t bytes)
{
	void *room = calloc(1, bytes);
	done(room != NULL);
	return room;
}

uint32_t shim_Ticks(uint32_t *high, uint32_t *low)
{
	uint64_t clock = os_clock();
	*high = (uint32_t)(clock >> 32);
	*low = (uint32_t)clock;
	return done(true);
}

uint32_t shim_ProcessNumber(void) { return (uint32_t)getpid(); }
void shim_LeaveProgram(uint32_t code) { program_end(code); }
