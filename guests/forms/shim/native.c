/* The handle library itself: its calls done by the system's, which give an error as a number below 0.  A
 * handle is 4 * (descriptor + 1).
 */

#include <errno.h>

#include "library.h"
#include "program.h"

static enum handle_error last_error;

static uint32_t word(const void *p) { return (uint32_t)(uintptr_t)p; }
static uint32_t descriptor(handle file) { return file % 4 == 0 ? file / 4 - 1 : UINT32_MAX; }

/* What a call gives: 1, or 0 and the error; errors are told by the numbers of errno.h. */
static uint32_t done(int32_t result)
{
	last_error = result < 0 ? error_from(-result) : ERROR_NONE;
	return result >= 0;
}

static uint32_t with_name(const struct text *name, uint32_t argument, uint32_t number)
{
	char path[NAME_MOST];
	return done(name_path(name, path) ? os_call(word(path), argument, 0, number) : -ENAMETOOLONG);
}

uint32_t native_OpenFile(handle *file, const struct text *name, uint32_t access, uint32_t disposition)
{
	static const uint8_t flags[] = { [CREATE_NEW] = OPEN_CREATE, [CREATE_ALWAYS] = OPEN_CREATE | OPEN_TRUNCATE,
		[OPEN_EXISTING] = 0, [OPEN_ALWAYS] = OPEN_CREATE };
	char path[NAME_MOST];
	struct file_status status;
	if (!name_path(name, path))
		return done(-ENAMETOOLONG);
	if (disposition < CREATE_NEW || disposition > OPEN_ALWAYS)
		return done(-EINVAL);
	if (disposition == CREATE_NEW && os_call(word(path), word(&status), 0, CALL_stat) == 0)
		return done(-EEXIST);
	uint32_t how = (access & ACCESS_READ ? OPEN_READ : 0) | (access & (ACCESS_WRITE | ACCESS_APPEND) ? OPEN_WRITE : 0) |
	               (access & ACCESS_APPEND ? OPEN_APPEND : 0);
	int32_t fd = os_call(word(path), how | flags[disposition], 0, CALL_open);
	*file = fd < 0 ? 0 : 4 * ((uint32_t)fd + 1);
	return done(fd);
}

uint32_t native_CloseHandle(handle file) { return done(os_call(descriptor(file), 0, 0, CALL_close)); }

uint32_t native_ReadFile(handle file, uint32_t *got, void *to, uint32_t n)
{
	int32_t result = os_call(descriptor(file), word(to), n, CALL_read);
	*got = result < 0 ? 0 : (uint32_t)result;
	return done(result);
}

uint32_t native_WriteFile(handle file, uint32_t *put, const void *from, uint32_t n)
{
	int32_t result = 0;
	for (*put = 0; *put < n; *put += (uint32_t)result)
		if ((result = os_call(descriptor(file), word(from) + *put, n - *put, CALL_write)) < 0)
			break;
	return done(result);
}

uint32_t native_WriteText(handle file, const struct text *text)
{
	char bytes[256];
	uint32_t put, n = text_bytes(text, bytes, sizeof(bytes));
	return n > 0 || text->length == 0 ? native_WriteFile(file, &put, bytes, n) : done(-EINVAL);
}

uint32_t native_SetPosition(handle file, uint32_t from, int32_t distance, uint32_t *where)
{
	int32_t result = os_call(descriptor(file), (uint32_t)distance, from, CALL_seek);
	*where = result < 0 ? 0 : (uint32_t)result;
	return done(result);
}

uint32_t native_FileSize(handle file, uint32_t *size)
{
	struct file_status status = { 0 };
	int32_t result = os_call(descriptor(file), word(&status), 0, CALL_fstat);
	*size = status.size;
	return done(result);
}

uint32_t native_DeleteName(const struct text *name) { return with_name(name, 0, CALL_unlink); }
uint32_t native_MakeDirectory(const struct text *name) { return with_name(name, 0, CALL_mkdir); }

uint32_t native_RenameFile(const struct text *to, const struct text *from)
{
	char path[NAME_MOST];
	return name_path(to, path) ? with_name(from, word(path), CALL_rename) : done(-ENAMETOOLONG);
}

handle native_StandardHandle(uint32_t which)
{
	bool known = which >= STANDARD_INPUT && which <= STANDARD_ERROR;
	return done(known ? 0 : -EINVAL) ? 4 * (which - STANDARD_INPUT + 1) : 0;
}

uint32_t native_LastError(void) { return last_error; }

void *native_Allocate(uint32_t bytes)
{
	int32_t result = os_call((bytes + 15) & ~UINT32_C(15), 0, 0, CALL_sbrk);
	return done(result) ? memset((void *)(intptr_t)result, 0, bytes) : NULL;
}

uint32_t native_Ticks(uint32_t *high, uint32_t *low)
{
	uint32_t clock[2];
	int32_t result = os_call(word(clock), 0, 0, CALL_clock);
	*low = clock[0];
	*high = clock[1];
	return done(result);
}

uint32_t native_ProcessNumber(void) { return (uint32_t)os_call(0, 0, 0, CALL_getpid); }
void native_LeaveProgram(uint32_t code) { program_end(code); }

/* One program at a time opens a file for writing here, so a lock is always granted. */
uint32_t native_LockRange(handle file, uint32_t from, uint32_t n)
{
	struct file_status status;
	return done(n > 0 && from + n < from ? -EINVAL : os_call(descriptor(file), word(&status), 0, CALL_fstat));
}
