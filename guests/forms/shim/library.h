/* What the loader and the two libraries share.  A program's file begins with a struct header; all
 * addresses in it count from its beginning.
 *
 *   load.c     the loader: `shim [-n] [-c] PROGRAM`
 *   native.c   the handle library itself, above the system's calls
 *   shim.c     the same calls, each translated to calls of the POSIX library
 *   names.c    what both need: names and errors from one form to the other
 *   count.S    calls counted on their way
 */
#ifndef LIBRARY_H
#define LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

#include "handles.h"

#define PROGRAM_MAGIC UINT32_C(0x31475250) /* PRG1 */

struct header {
	uint32_t magic, file_bytes, bytes; /* bytes: with what is zero at the beginning */
	uint32_t entry, imports, imports_end;
};

struct import {
	uint32_t name;    /* where its text is */
	uint32_t address; /* of the call: the loader's to fill in */
};

#define CALL(result, name, arguments, does) result native_##name arguments; result shim_##name arguments;
#define OWN(result, name, arguments, does)  result native_##name arguments;
#include "calls.def"

/* ---- load.c -------------------------------------------------------------- */

/* The program ends. */
_Noreturn void program_end(uint32_t code);

/* ---- names.c ------------------------------------------------------------- */

enum { NAME_MOST = 128 };

/* UTF-16 to UTF-8; how many bytes, 0 if there are more than most. */
uint32_t text_bytes(const struct text *text, char *to, uint32_t most);

/* A name to a path: / for \.  False: too long. */
bool name_path(const struct text *name, char path[NAME_MOST]);

enum handle_error error_from(int errno_value);

#endif
