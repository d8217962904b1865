/* What `droste check --out FOLDER` leaves there: see check_out.c. */
#ifndef DROSTE_CHECK_OUT_H
#define DROSTE_CHECK_OUT_H

#include "properties/check.h"

struct check_out {
	const char *folder;  /* NULL: nothing is to be written */
	const char *monitor; /* as given; NULL: droste's own */
	const char *profile; /* as given; NULL: strict */
};

/* Makes the folder, if it is not there.  Complains and returns false if it cannot be. */
bool check_out_start(const struct check_out *out);

/* Writes what the finding has: the run that shows it, the smallest program's, and that program
 * as a guest.  Complains and returns false if it cannot be written. */
bool check_out_write(const struct check_out *out, const struct finding *f);

/* The commands that open what has been written: the finding's own run, the small one's. */
void check_out_print(const struct check_out *out, const struct finding *f);
void check_out_print_small(const struct check_out *out, const struct finding *f);

/* Text as one word of a shell's command line, after a space. */
void print_word(const char *text);

#endif
