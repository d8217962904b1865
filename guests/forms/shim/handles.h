/* The handle library, as a program sees it: an interface of another school than POSIX's.  Files are
 * handles; names are counted UTF-16 with \ between their parts; results go through pointers; a call
 * gives 1 or, if it fails, 0, and LastError tells why.
 *
 * A program is a file of its own kind (program.ld), which can be loaded anywhere and names the calls
 * that it imports.  Whose they are, the loader decides: load.c.
 */
#ifndef HANDLES_H
#define HANDLES_H

#include <stdint.h>

typedef uint32_t handle;

struct text {
	uint32_t length; /* in characters of 16 bits */
	const uint16_t *characters;
};

/* Of a literal: TEXT("\\tmp\\file"). */
#define TEXT(literal) (&(const struct text){ sizeof(u"" literal) / sizeof(uint16_t) - 1, (const uint16_t *)(u"" literal) })

enum file_access { ACCESS_READ = 1, ACCESS_WRITE = 2, ACCESS_APPEND = 4 };
enum disposition { CREATE_NEW = 1, CREATE_ALWAYS, OPEN_EXISTING, OPEN_ALWAYS };
enum origin { FROM_BEGINNING, FROM_HERE, FROM_END };
enum standard { STANDARD_INPUT = 10, STANDARD_OUTPUT, STANDARD_ERROR };

enum handle_error {
	ERROR_NONE,
#define ERROR(name, number, errno) ERROR_##name = (number),
#include "errors.def"
	ERROR_OTHER = 1000,
};

#define CALL(result, name, arguments, does) result name arguments;
#define OWN(result, name, arguments, does)  result name arguments;
#include "calls.def"

#endif
